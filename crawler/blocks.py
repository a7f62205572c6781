"""The posts of a page whose software nobody knows, found by the page's structure alone.

What a board prints for each post it prints alike: an id that ends in the post's number, a time, an author, and one part
that differs in length where all others do not. Those are looked for, in this order; nothing here knows a software.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import takewhile
from statistics import pstdev
from urllib.parse import SplitResult, urlsplit

from lxml.html import HtmlElement

from crawler.dates import EPOCH_ATTRIBUTES, LONGEST_TIME, MONTHS, NAMED, NUMERIC, own_time, written_time
from crawler.markup import join

Signature = tuple[str, ...]
"""A tag and its classes, digits left out; a tag without classes stands with its parent's."""

NUMBERED = re.compile(
    r"(?:id|name|pid|cid|data-(?:id|pid|cid|key|uid|number|post|content|fullname|reply|comment|message))|"
    r"(?:.*-)?(?:post|comment|message|msg|reply|status|note|entry|thing|item|answer|short)[-_]?(?:id\d*|no|num|number)"
)
"""Attributes in which boards give a post's number, often after a word: `post_17`, `p17`, `msg17`."""
UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
NUMBER = re.compile(
    rf"(?P<word>(?:.*[^0-9a-f])?)(?P<uuid>{UUID})|"
    r"(?P<words>(?:.*[^\d_]_*)?)(?P<number>\d{1,20}(?:_\d{1,4})?)|"
    r"(?P<before>(?:.*[-_])?)(?P<code>(?=[a-z]*\d)[0-9a-z]{4,14})"
)
"""A number, a UUID, or a short code of digits and small letters, with what stands before it."""
SAYS_POST = re.compile(r"(?i)post|reply|msg|message|comment|submission|status|tweet|thing|pid|^p$|^pc$|^$|no_?$")
SAYS_LIST = re.compile(
    r"(?i)thread|topic|tid|forum|board|cat|user|menu|nav|poll|attach|file|sig|vote|like|quick|edit|rank"
)
AUTHORS = re.compile(
    r"(?i)^(?:user[-_]?name|author(?:[-_]?name)?|poster(?:[-_]?name)?|post[-_]?(?:author|name)|name|nick(?:name)?|"
    r"(?:display|member|full|screen)[-_]?name|by[-_]?user)$"
)
NAMES = re.compile(
    r"(?i)(?:author|user|poster|nick|member|creator|owner|link)(?:[-_]*(?:name|link))+$|(?:author|user|poster)$"
)
"""Classes of names, the plain ones and those with more before them."""
PROFILE = re.compile(r"(?i)(?:\b|_|view)(?:members?|profile|users?|u|by|people)\b|/[~@]\w")
LONGEST_NAME = 60
COUNT = re.compile(r"\s*(?:(?:No\.?|#|№|Nr\.?)\s*)?(\d{1,20})\.?\s*")
COUNTED = re.compile(r"\s*(\d{1,20})\s*[:：]")
QUOTE = re.compile(r"(?i)quot")
QUOTED_BY = re.compile(
    r"(?i)(?:quote:? )?(?:originally posted by |quote from:? |"
    r".{1,40} (?:wrote|said|schrieb|a écrit|escribió|писала?)(?: on .{1,40})?:)"
)
"""How tables that hold a quote begin."""
QUOTE_TAGS = frozenset({"blockquote", "div", "table", "fieldset", "details", "aside", "section"})
NO_WORDS = re.compile(
    r"(?i)signature|\b(?:sig|sign|post-?sig)\b|(?:post|last|message)[-_]?edit|\bedit(?:ed)?[-_]?(?:note|by|date|info)?\b|"
    r"\bedited|\battach\w*|\breplies\b|\bback-?links?\b|\bfile(?:s|[-_]?(?:size|info|name|text|header))?\b|"
    r"(?:\b|_)ban(?:ned|[-_]?message)?\b"
)
"""Classes and ids of what software puts into a body."""
LABEL = re.compile(
    r"(?i)(?:php |html )?code:?\s*(?:\[?select(?: all)?\]?)?|quote:|spoiler:?(?: show| \[?\+\]?)?|"
    r"zitat:|citation:|цитата:|код:|quote|reply|report|select(?: expand)?|"
    r"expand|shrink|(?:last )?edited? .{0,90}|(?:zuletzt )?bearbeitet .{0,90}|posted .{0,40}|joined:? .{0,40}"
)
"""What software writes over code and quotes, and beside what was posted."""
OTHER_TIME = re.compile(
    r"(?i)\b(?:joined|registered|member since|join date|registriert|beigetreten|inscri|miembro|регистра|"
    r"(?:last )?(?:edit|modif|updat)\w*|bearbeitet|editado|modifié|измен|отредактир|"
    r"last (?:visit|seen|activ|online|login|post|reply|message|comment)\w*|time is|time now|it is (?:currently|now)|"
    r"current time|online)"
)
"""Before a time that is its author's, a later hand's, a list's or the page's own, not the post's."""
HINT = re.compile(r"\d:\d\d|\b\d{4}\b|\d/\d|\d\s?[a-zа-я]{1,12}\b|\d\s?[秒分時日ヶ月年]|(?i:ago|now|today|yesterday)")
TIME_ATTRIBUTES = frozenset({"datetime", "title", *EPOCH_ATTRIBUTES})
AGE = re.compile(
    r"(?i)(?:\b(?:\d+|an?|one|about an?)\s?(?:sec|min|hour|hr|day|week|month|mon|year|yr|[smhdwy]\b)\w*\s+ago\b|"
    r"^\d+\s?(?:s|m|h|d|w|mo|y)$|just now|"
    r"\bvor \d+ \w+|\bil y a \d+|\bhace \d+|\d+ \S+ назад|\d+\s?(?:秒|分|時間|日|ヶ月|年)前)"
)
"""Ages from which no moment can be told, only that something was said then."""
LONGEST_AGE = 40
MONTH = re.compile(
    r"(?i)\b(\d{1,2})\.? (?:de )?(?:(jan\w*|gennaio|enero|янв\w*)|(f[eé][bv]\w*|фев\w*)|(m[aä]r\w*|мар\w*)|"
    r"(a[pvb]r\w*|апр\w*)|"
    r"(ma[igy]\w*|мая|май)|(jun\w*|juin|giugno|июн\w*)|(juil\w*|jul\w*|luglio|июл\w*)|(ao[uû]t|ago\w*|aug\w*|авг\w*)|"
    r"(set\w*|sep\w*|сен\w*)|(o[kct]t\w*|окт\w*)|(nov\w*|ноя\w*)|(d[eéi][czs]\w*|дек\w*))\.?,? (?=(?:de )?\d{4})"
)
"""Days and months as Germans, French, Spaniards, Italians and Russians write them."""
DAY = re.compile(r"\b\d{1,2}\b")
LONGEST_PREFIX = 6
"""Letters beside a date that is all that an element says: "on", "am"."""
MUCH = 4
"""How many times more a list says than the one post that it shows."""
CTIME = re.compile(
    r"\b[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (?:(UTC|GMT|[+-]\d{4}) )?(\d{4})\b"
)
"""Times as C writes them, the year last."""
TITLE = re.compile(r"(?i)title|subject|headline")
PERMANENT = re.compile(r"(?i)\W*(?:perma(?:nent )?-?link)\W*")
ANSWER = re.compile(r"(?i)^\s*(?:re|aw|sv|odp|ответ)\s*:\s*")
BODY = re.compile(
    r"(?i)(?:^|[-_])(?:content|message|msg|body|text|comment|said|inner|entry)|(?:content|message|body|text)$"
)
ABOUT = re.compile(
    r"(?i)profile|author|user|poster|member|avatar|meta|info|head|title|tool|button|control|action|menu|foot|nav|"
    r"option|share|react|like|stats|rank|details|file|thumb|image"
)
"""Words of classes and ids that boards give to a post's text, and to what stands around it."""
LIKELY, UNLIKELY = 3.0, 0.2
"""What such a name counts for, in letters that an element has."""
INLINE = frozenset(
    "a abbr b br center code em font h1 h2 h3 h4 i img label li p pre q s small span strike strong sub sup tr u".split()
)
"""Elements that, without a class, are parts of a body and never one themselves."""
UNSEEN = frozenset({"script", "style", "noscript", "template", "select", "textarea"})
HIDDEN = re.compile(r"(?i)display\s*:\s*none")
FURNITURE = frozenset({"nav", "header", "footer", "form", "select", "script", "style", "noscript", "template"})
DEEPEST, MOST_NODES = 5_000, 150_000
"""Levels and elements that are looked at; pages of boards have a fraction of both."""
MOST_LINKS = 0.6
"""Share of a block's letters inside links, beyond which it is a row of a list rather than a post."""
LISTED = 0.01
"""How much such a group looks like posts: enough to be looked at as rows."""
TIMED = 0.5
"""Share of blocks that must show a time."""
MOST = 0.6
"""Share of blocks that must have what makes them posts, or rows of a list."""
BOLD = frozenset({"b", "cite", "dt", "strong"})
"""In which names stand on a page with too few posts to compare."""
HEADS = frozenset("a b dt em font h1 h2 h3 h4 h5 h6 header i label p small span strong time".split())
"""Elements that only begin a post where they stand beside what it says."""
SIDE = re.compile(r"(?i)side-?bar|related|recent|widget|latest")
MANY = 3
"""Blocks from which what they have in common says something."""
BODY_SHARE = 0.85
"""A part that holds so much of a body's letters is the body, and what is around it is not."""
MOST_TRIES = 8
"""Groups of a page that are looked into."""
REMOVED = re.compile(
    r"(?i)\W*(?:this |the )?(?:post|comment|message|reply|user)?\s*(?:(?:is|was|has been|been) )?"
    r"(?:deleted|removed|gelöscht|удален[оа]?)"
    r"(?: by [\w ]{1,30})?\W*"
)
POINTS = re.compile(r"\n|\b\d+ points?\b")
"""What stands in place of a post that was taken away."""


@dataclass(frozen=True)
class Block:
    """One post's part of a page."""

    element: HtmlElement
    number: str | None
    time: HtmlElement | None
    author: HtmlElement | None
    body: HtmlElement | None
    heads: Sequence[HtmlElement] = ()
    """Elements in its body that are none of its words: its time, its author."""


@dataclass(frozen=True)
class Found:
    """What a page shows: posts, or a list's rows, each by the link that leads on."""

    blocks: Sequence[Block] = ()
    rows: Sequence[HtmlElement] = ()


def find_blocks(tree: HtmlElement, url: str | None) -> Found:
    """The posts of a page in its order; none where nothing is repeated or shows a time, or the page is too large.

    Parts of a post that stand side by side with no element around them are put into one.
    """
    page = _measure(tree)
    if len(page.nodes) > MOST_NODES:
        return Found()
    levelled = list(_levelled(page))  # before what is gathered stands on levels of its own
    _gather(page)
    rows: list[HtmlElement] = []
    listed: set[HtmlElement] = set()
    groups = sorted((*_numbered(page), *_timed(page), *levelled), key=lambda group: -group.score)
    for group in groups[:MOST_TRIES]:
        if group.score <= 0:
            break
        elements = [element for element, _ in group.blocks]
        around = {above for row in listed for above in row.iterancestors()}
        if any(above in listed for element in elements for above in (element, *element.iterancestors())):
            continue
        if 2 * sum(element in around for element in elements) >= len(elements):
            continue
        parts = _parts(group.blocks, page)
        if leading := _leading(parts, page, url):
            rows = rows or leading
            listed.update(elements)
            continue
        if rows and not (group.says_post and len(parts) > 1):
            continue
        if group.score <= LISTED or 2 * sum(part.times > 1 for part in parts) > len(parts):
            continue
        if len(parts) == 1 and _is_shown_by_list(group, groups[:MOST_TRIES], page, url):
            continue
        blocks = _blocks(parts, page)
        if _are_posts(blocks, page, sure=group.says_post):
            return Found([*_opening(blocks, page), *blocks], rows)
    return Found(rows=rows)


def time_of(node: HtmlElement) -> str | None:
    """The time that an element gives, as written, be it a day or an age alone; years last and foreign months moved."""
    if written := written_time(node):
        return written
    given = node.get("datetime")
    said = " ".join(node.text_content().split())
    if found := CTIME.search(given or node.get("title") or said):
        return f"{found[2]} {found[1]} {found[5]} {found[3]} {found[4] or ''}".strip()
    if len(said) > LONGEST_AGE:
        return given or None
    if found := MONTH.search(said):
        month = list(MONTHS)[(found.lastindex or 2) - 2]
        return f"{found[1]} {month} {said[found.end() :].removeprefix('de ')}"
    if AGE.search(said) or _is_day(said):
        return said
    return given or (said if node.tag == "time" else None) or None


def _is_day(said: str) -> bool:
    """Whether words are a date and hardly more."""
    dates = filter(None, (NUMERIC.search(said), NAMED.search(said)))
    return any(len(found[0]) + LONGEST_PREFIX > len(said) and DAY.search(found[0]) for found in dates)


def is_quote(node: HtmlElement) -> bool:
    """Whether an element repeats another post's words. A greentext line (`>` and a word) is its author's own."""
    if node.text_content().lstrip().startswith(">"):
        return False
    if node.tag == "blockquote":
        return not any(BODY.search(name) for name in (node.get("class") or "").split())
    if node.tag == "table" and QUOTED_BY.match(" ".join(node.text_content().split())):
        return True
    return node.tag in QUOTE_TAGS and QUOTE.search(node.get("class") or "") is not None


def is_note(node: HtmlElement) -> bool:
    """Whether an element inside a body is none of its words: a signature, a note of an edit, the software's label."""
    if NO_WORDS.search(f"{node.get('class') or ''} {node.get('id') or ''}"):
        return not node.text_content().startswith(">>")  # of a number that the author cites some say the same
    few = len(node) <= 2  # noqa: PLR2004 - a label, its button
    return few and LABEL.fullmatch(" ".join(node.text_content().split())) is not None


def is_removed(text: str) -> bool:
    """Whether a text says that a post was taken away, and no more."""
    said = [" ".join(line.split()) for line in POINTS.split(text)]
    return any(said) and all(REMOVED.fullmatch(line) for line in said if line)


def _is_hidden(node: HtmlElement) -> bool:
    return node.get("hidden") is not None or HIDDEN.search(node.get("style") or "") is not None


@dataclass(frozen=True)
class _Page:
    """A page's elements that are seen, no deeper than DEEPEST, with what is counted of each once for all."""

    nodes: list[HtmlElement]
    """In the page's order, but for those that `_gather` made."""
    text: dict[HtmlElement, int]
    """Letters in and below each."""
    links: dict[HtmlElement, int]
    """Those of them that stand in links."""
    times: Sequence[HtmlElement]
    """Elements that give a time, in the page's order."""
    timed: Counter[HtmlElement]
    """How many times are given in and below each."""
    kinds: dict[HtmlElement, Signature] = field(default_factory=dict)

    @property
    def letters(self) -> int:
        return max(1, self.text[self.nodes[0]])

    def kind(self, node: HtmlElement) -> Signature:
        if node not in self.kinds:
            self.kinds[node] = _signature(node)
        return self.kinds[node]

    def alone(self, time: HtmlElement) -> HtmlElement:
        """The largest element around a time that holds no other."""
        block = time
        for above in time.iterancestors():
            if self.timed[above] > 1 or above.tag in {"body", "html"}:
                break
            block = above
        return block


@dataclass(frozen=True)
class _Group:
    blocks: Sequence[tuple[HtmlElement, str | None]]
    score: float
    says_post: bool = False
    """Whether the word before their numbers is one for posts."""


@dataclass(frozen=True)
class _Parts:
    element: HtmlElement
    number: str | None
    time: HtmlElement | None
    author: HtmlElement | None
    nodes: Sequence[HtmlElement]
    """The elements in it that are its own, those of answers within it left out."""
    times: int
    """How many of its times are printed as this one is: of several it is no post, but holds them."""

    @property
    def heads(self) -> set[HtmlElement]:
        """Its time and author, and what is around them."""
        known = [node for node in (self.time, self.author) if node is not None]
        return {above for node in known for above in (node, *node.iterancestors())}


def _is_shown_by_list(group: _Group, groups: Sequence[_Group], page: _Page, url: str | None) -> bool:
    """Whether a lone post is what a list, which says far more, shows of its latest."""
    most = MUCH * _covered(group, page)
    return any(_covered(other, page) > most and _leading(_parts(other.blocks, page), page, url) for other in groups)


def _covered(group: _Group, page: _Page) -> int:
    return sum(page.text.get(element, 0) for element, _ in group.blocks)


def _parts(blocks: Sequence[tuple[HtmlElement, str | None]], page: _Page) -> list[_Parts]:
    elements = [element for element, _ in blocks]
    posted, own = _posted(elements, page), _own(elements)
    parts = [
        _Parts(element, number, time, _author(own[element], page), own[element], times)
        for element, number in blocks
        for time, times in [posted.get(element, (None, 0))]
    ]
    if sum(part.author is not None for part in parts) < len(parts) / 2:
        names = _names(parts, page)
        if any(name is not None for name in names):
            parts = [replace(part, author=name) for part, name in zip(parts, names, strict=True)]
    said = [_permanent(part) for part in parts]
    if len(set(said) - {None}) == sum(number is not None for number in said):
        parts = [replace(part, number=number or part.number) for part, number in zip(parts, said, strict=True)]
    if any(part.number is None for part in parts):
        numbers = _counted(parts)
        parts = [replace(part, number=number) for part, number in zip(parts, numbers, strict=True)]
    return parts


def _blocks(parts: Sequence[_Parts], page: _Page) -> list[Block]:
    bodies = _bodies(parts, page)
    return [
        Block(part.element, part.number, part.time, part.author, body, _heads_in(part, body))
        for part, body in zip(parts, bodies, strict=True)
    ]


def _heads_in(part: _Parts, body: HtmlElement | None) -> list[HtmlElement]:
    known = [node for node in (part.time, part.author) if node is not None]
    return [node for node in known if body is not None and node is not body and body in node.iterancestors()]


def _are_posts(blocks: Sequence[Block], page: _Page, *, sure: bool) -> bool:
    """Whether blocks have what posts have: words, and authors; where none is named, numbers after a word for posts."""
    named = sum(block.author is not None for block in blocks)
    spoken = sum(block.body is not None and page.text[block.body] > 0 for block in blocks)
    if len(blocks) == 1:
        body = blocks[0].body
        likely = sure and body is not None and _likelihood_of(body) == LIKELY
        return blocks[0].time is not None and (likely or bool(named and (spoken or sure)))
    if named >= MOST * len(blocks):
        return sure or 2 * spoken >= len(blocks)
    return sure and 2 * spoken >= len(blocks)


def _own(blocks: Sequence[HtmlElement]) -> dict[HtmlElement, list[HtmlElement]]:
    """The elements of each block, without those of blocks inside it and without what holds those."""
    chosen = set(blocks)
    holders = {above for block in blocks for above in block.iterancestors()}
    own: dict[HtmlElement, list[HtmlElement]] = {block: [] for block in blocks}
    within: dict[HtmlElement, HtmlElement] = {}
    for block in blocks:
        if block in within:
            continue  # walked through with the one around it
        within[block] = block
        for node in block.iterdescendants():
            if node in within:
                continue  # of a block inside this one that came first
            around = within[node.getparent()]
            within[node] = node if node in chosen else around
            if isinstance(node.tag, str) and node not in chosen and node not in holders:
                own[around].append(node)
    return own


def _measure(tree: HtmlElement) -> _Page:
    depth: dict[HtmlElement, int] = {}
    nodes: list[HtmlElement] = []
    for node in tree.iter():
        above = depth.get(node.getparent(), DEEPEST) if node is not tree else -1
        # Neither what is hidden nor what is in it is looked at.
        if above >= DEEPEST or not isinstance(node.tag, str) or node.tag in UNSEEN or _is_hidden(node):
            continue
        depth[node] = above + 1
        nodes.append(node)
    text: dict[HtmlElement, int] = {}
    links: dict[HtmlElement, int] = {}
    times: list[HtmlElement] = []
    timed: Counter[HtmlElement] = Counter()
    told: Counter[HtmlElement] = Counter()  # as `timed`, with times that are no post's
    said: dict[HtmlElement, str] = {}  # by those who say little
    for node in reversed(nodes):
        first = node.text or ""
        own, linked, pieces = len(first.strip()), 0, [first]
        for child in node:
            tail = child.tail or ""
            own += text.get(child, 0) + len(tail.strip())
            linked += links.get(child, 0)
            pieces += (said.get(child, ""), tail)
        text[node] = own
        if own < LONGEST_TIME:
            said[node] = "".join(pieces)
        links[node] = own if node.tag == "a" else linked
        # The innermost that gives a time, and those around it whose own words give another.
        given = own_time(node) if told[node] else own < LONGEST_TIME and _may_tell(node, said[node]) and time_of(node)
        if given and ":" not in given and (above := node.getparent()) is not None and written_time(above):
            continue  # what is around it says more
        if given:
            around = [node, *node.iterancestors()]
            label = _label(node) if told[node] else f"{_label(node)} {node.text_content()}"
            told.update(around)
            if not OTHER_TIME.search(label):
                times.append(node)
                timed.update(around)
    return _Page(nodes, text, links, times[::-1], timed)


def _may_tell(node: HtmlElement, said: str) -> bool:
    """Whether it is worth to look at an element for a time."""
    return node.tag == "time" or not TIME_ATTRIBUTES.isdisjoint(node.keys()) or HINT.search(said) is not None


def _label(time: HtmlElement) -> str:
    """What stands before a time and in it."""
    before, above = time.getprevious(), time.getparent()
    if before is None:
        label = "" if above is None else above.text or ""
    else:  # a comment says nothing, what follows it may
        said = before.text_content() if isinstance(before.tag, str) else ""
        label = f"{said} {before.tail or ''}"
    return " ".join([label[-LONGEST_TIME:], time.text or "", *(child.tail or "" for child in time)])


def _gather(page: _Page) -> None:
    """Puts what stands side by side with a post's time, and says what the post says, into an element of its own."""
    beside: defaultdict[HtmlElement, dict[HtmlElement, None]] = defaultdict(dict)
    for time in page.times:
        block = page.alone(time)
        if (above := block.getparent()) is not None:
            beside[above][block] = None
    for blocks in map(list, beside.values()):
        alike = len(blocks) > 1 and len({page.kind(block) for block in blocks}) == 1
        if alike and blocks[0].tag not in HEADS:
            _gather_rows(blocks, page)
            continue
        for block in blocks:
            if block.tag in HEADS and _text_of(after := _after(block, page), page):
                _wrap([*_before(block, page, rule=True), block, *after], page)


def _gather_rows(blocks: Sequence[HtmlElement], page: _Page) -> None:
    """The same of like elements, where what stands between them says more: a post's head or foot, each time."""
    after = [_after(block, page) for block in blocks]
    if _text_of(blocks, page) >= sum(_text_of(some, page) for some in after):
        return
    is_foot = not _text_of(after[-1], page)
    if is_foot and blocks[0].tag not in {"dd", "tr"}:
        return
    for block, some in zip(blocks, after, strict=True):
        _wrap([*_before(block, page), block] if is_foot else [block, *some], page)


def _text_of(nodes: Iterable[HtmlElement], page: _Page) -> int:
    return sum(page.text.get(node, 0) for node in nodes)


def _after(block: HtmlElement, page: _Page) -> list[HtmlElement]:
    """What follows an element, until a rule or another time."""
    found = []
    for node in block.itersiblings():
        if node.tag == "hr" or page.timed[node] or node.tag in FURNITURE:
            break
        found.append(node)
    return found


def _before(block: HtmlElement, page: _Page, *, rule: bool = False) -> list[HtmlElement]:
    """What precedes an element until another time; with `rule`, words only where a rule stands before them."""
    found: list[HtmlElement] = []
    silent = said = 0  # how many of them say nothing, and what all say
    for node in block.itersiblings(preceding=True):
        if node.tag == "hr" or page.timed[node] or node.tag in FURNITURE:
            return found[: silent if rule and node.tag != "hr" else None][::-1]
        found.append(node)
        said += page.text.get(node, 0) + len((node.tail or "").strip())
        silent = silent if said else len(found)
    return found[: silent if rule and said > 2 * LONGEST_TIME else None][::-1]


def _wrap(nodes: Sequence[HtmlElement], page: _Page) -> HtmlElement:
    """Puts siblings into a new element, and measures it."""
    above = nodes[0].getparent()
    assert above is not None
    around = above.makeelement("tbody" if nodes[0].tag == "tr" else "div")
    above.insert(above.index(nodes[0]), around)
    tails = sum(len((node.tail or "").strip()) for node in nodes)
    around.extend(nodes)
    page.nodes.append(around)
    page.text[around] = _text_of(nodes, page) + tails
    page.links[around] = sum(page.links.get(node, 0) for node in nodes)
    page.timed[around] = sum(page.timed[node] for node in nodes)
    return around


@lru_cache(maxsize=500)
def _numbers(attribute: str) -> bool:
    return NUMBERED.fullmatch(attribute) is not None


def _numbered(page: _Page) -> Iterator[_Group]:
    """Groups of elements of which an attribute ends in a number of their own after the same word."""
    members: defaultdict[tuple[str, str], dict[str, HtmlElement]] = defaultdict(dict)
    again: Counter[tuple[str, str]] = Counter()
    for node in page.nodes:
        for attribute, value in node.items():
            if attribute == "class":
                names = value.split() if any(map(str.isdigit, value)) else ()
            else:
                names = (value,) if _numbers(attribute) and (attribute != "name" or node.tag in {"a", "input"}) else ()
            for name in names:
                if found := NUMBER.fullmatch(name):
                    word = found["word"] or found["words"] or found["before"] or ""
                    number = found["uuid"] or found["number"] or found["code"]
                    again[attribute, word] += number in members[attribute, word]
                    members[attribute, word].setdefault(number, node)
    for (attribute, word), numbered in members.items():
        if again[attribute, word] > (0 if attribute == "class" else 4 * len(numbered)):
            continue  # it counts something else: columns, depths, states
        says_post, says_list = SAYS_POST.search(word), SAYS_LIST.search(word)
        if len(numbered) == 1 and (not says_post or says_list or attribute == "class"):
            continue  # a lone number says nothing unless its word does
        blocks = _containers(numbered, page)
        score = _score([element for element, _ in blocks], page, says_post=bool(says_post))
        if score <= LISTED:
            yield _Group(blocks, score)
            continue
        if says_list:
            score -= 0.5 if says_post else 1
        elif says_post:
            score += 0.5
        if attribute == "class":
            score -= 0.6
        yield _Group(blocks, score, bool(says_post))


def _containers(numbered: Mapping[str, HtmlElement], page: _Page) -> list[tuple[HtmlElement, str | None]]:
    """For each numbered element the largest around it that holds no other; for a lone one, the least with a time."""
    inside: Counter[HtmlElement] = Counter()
    for node in numbered.values():
        inside[node] += 1
        inside.update(node.iterancestors())
    blocks: list[tuple[HtmlElement, str | None]] = []
    for number, node in numbered.items():
        block = node
        for above in node.iterancestors():
            if inside[above] > 1 or above.tag in {"body", "html"} or (len(numbered) == 1 and page.timed[block]):
                break
            block = above
        if not page.text.get(block) and (behind := block.getnext()) is not None and not inside[behind]:
            block = behind  # a mark before the post
        blocks.append((block, number))
    return blocks


def _timed(page: _Page) -> Iterator[_Group]:
    """Groups of like elements that hold one time each, for pages whose posts have no numbers."""
    groups: defaultdict[Signature, dict[HtmlElement, str | None]] = defaultdict(dict)
    for time in page.times:
        block = page.alone(time)
        groups[page.kind(block)][block] = _link_number(block, time)
    for found in groups.values():
        if len(found) > 1:
            numbers = [number for number in found.values() if number]
            unsure = len(set(numbers)) < len(found)
            blocks = [(block, None if unsure else number) for block, number in found.items()]
            score = _score(list(found), page)
            yield _Group(blocks, score if score <= LISTED else max(LISTED, score - 0.5))


def _levelled(page: _Page) -> Iterator[_Group]:
    """Groups of like elements around like times, for answers that lie within each other."""
    alike: defaultdict[Signature, list[HtmlElement]] = defaultdict(list)
    for time in page.times:
        alike[page.kind(time)].append(time)
    for times in alike.values():
        found = _level(times, page)
        if len(found) > 1 and any(page.timed[block] > 1 for block in found):
            yield _Group([(block, None) for block in found], max(0.0, _score(found, page) - 0.7))


def _level(times: Sequence[HtmlElement], page: _Page) -> list[HtmlElement]:
    """The highest elements around like times that are alike, and each another's: of answers within answers, each."""
    level = list(times)
    while True:
        above = [node.getparent() for node in level]
        known = {node for node in above if node is not None and node.tag not in {"body", "html"}}
        if len(known) < len(level) or len(set(map(page.kind, known))) > 1:
            return level
        level = [node for node in above if node is not None]


def _link_number(block: HtmlElement, time: HtmlElement) -> str | None:
    """A number that a link inside the block gives as its own place: `#p17`, `#comment-17`; or the one at its time."""
    for link in block.iter("a"):
        if found := re.search(r"#\D*(\d+)$", link.get("href") or ""):
            return found[1]
    for node in (time, *time.iterancestors("a"), *time.iter("a")):
        if found := re.search(r"[/=_-](\d+)/?(?:#\D*)?$", node.get("href") or ""):
            return found[1]
    return None


def _permanent(part: _Parts) -> str | None:
    """The number that a block's own address ends in, where a link says that it is that."""
    for link in part.nodes:
        if link.tag == "a" and PERMANENT.fullmatch(link.text_content()):
            found = re.search(rf"({UUID}|\d+|[0-9A-Za-z]{{4,14}})/?$", link.get("href") or "")
            return found[1] if found else None
    return None


def _counted(parts: Sequence[_Parts]) -> list[str | None]:
    """Numbers that every block shows by themselves, each its own: "17", "No.17", "#17", or first of all, "17 :"."""
    shown = [
        [found[1] for node in part.nodes if len(node) == 0 and (found := COUNT.fullmatch(node.text or ""))]
        for part in parts
    ]
    for choice in (
        [numbers[0] if numbers else None for numbers in shown],
        [(found := COUNTED.match(part.element.text_content())) and found[1] for part in parts],
    ):
        if None not in choice and len(set(choice)) == len(choice) and len(choice) >= MANY:
            return list(choice)
    return [part.number for part in parts]


def _score(blocks: Sequence[HtmlElement], page: _Page, *, says_post: bool = False) -> float:
    """How much a group looks like a page's posts; 0 or less: it does not."""
    chosen = set(blocks)
    share = sum(page.timed[block] > 0 for block in chosen) / len(chosen)
    covered = sum(page.text.get(block, 0) for block in chosen)
    if share < TIMED or not covered or any(block.tag in FURNITURE and block.tag != "form" for block in chosen):
        return 0
    linked = sum(page.links.get(block, 0) for block in chosen) / covered
    if linked > MOST_LINKS and not says_post:
        return LISTED
    return share + covered / page.letters + min(1.0, 0.15 * (len(chosen) - 1)) - linked / 2


def _posted(blocks: Sequence[HtmlElement], page: _Page) -> dict[HtmlElement, tuple[HtmlElement, int]]:
    """Of each block's times the one that is printed as most blocks' are, the first of those; and how many are."""
    chosen = set(blocks)
    inside: defaultdict[HtmlElement, list[HtmlElement]] = defaultdict(list)
    for time in page.times:
        for above in (time, *time.iterancestors()):
            if above in chosen:
                inside[above].append(time)
                break
    common = Counter(kind for some in inside.values() for kind in {page.kind(time) for time in some})

    likely = {
        block: max(some, key=lambda time: (not _is_quoted(time, block), common[page.kind(time)]))
        if len(some) > 1
        else some[0]
        for block, some in inside.items()
    }
    return {
        block: (time, len({time_of(other) for other in inside[block] if page.kind(other) == page.kind(time)}))
        for block, time in likely.items()
    }


def _is_quoted(node: HtmlElement, block: HtmlElement) -> bool:
    """Whether an element stands in what a block repeats of another."""
    around = takewhile(lambda above: above is not block, node.iterancestors())
    return any(QUOTE.search(above.get("class") or "") or above.tag == "cite" for above in (node, *around))


def _leading(parts: Sequence[_Parts], page: _Page, url: str | None) -> list[HtmlElement]:
    """The links of a list's rows: in most blocks one of a kind, in words of its own, to a page of its own."""
    if len(parts) == 1:
        return []
    kinds: defaultdict[Signature, dict[int, HtmlElement]] = defaultdict(dict)
    for place, part in enumerate(parts):
        for link in _links(part, url):
            if _own_name(link) and not page.timed[link]:
                kinds[page.kind(link)].setdefault(place, link)
    for found in kinds.values():
        names = Counter(map(_own_name, found.values()))
        own = [place for place, link in found.items() if names[_own_name(link)] == 1]
        places = {_place(found[place], url) for place in own}
        authors = sum(
            author is not None and (author in found[place].iter() or found[place] in author.iter())
            for place in own
            for author in [parts[place].author]
        )
        if 2 * authors > len(own) and sum(len(found[place].text_content().split()) for place in own) < MANY * len(own):
            continue  # names of people, not of threads
        if min(len(own), len(places)) >= MOST * len(parts):
            inside = [link for place in own for link in (found[place], *_links(parts[place], url, outside=False))]
            here = urlsplit(url or "").netloc
            return [link for link in inside if urlsplit(_place(link, url)).netloc == here]
    return []


def _own_name(link: HtmlElement) -> str:
    return re.sub(r"\W|\d", "", ANSWER.sub("", link.text_content()))


def _place(link: HtmlElement, url: str | None) -> str:
    return _target(url, link.get("href")).geturl().partition("#")[0]


@lru_cache(maxsize=2000)
def _target(url: str | None, href: str | None) -> SplitResult:
    return urlsplit(join(url, href) or "")


def _links(part: _Parts, url: str | None, *, outside: bool = True) -> Iterator[HtmlElement]:
    """Links of a block to other pages of the site, but those to people and to posts of a page; titles lead anywhere."""
    here = urlsplit(url or "")
    for link in part.nodes:
        if (
            link.tag != "a"
            or not (href := link.get("href"))
            or href.startswith(("#", "javascript:"))
            or PROFILE.search(href)
        ):
            continue
        there, above = _target(url, href), link.getparent()
        if (there.path, there.query) == (here.path, here.query) or re.search(r"\d$", there.fragment):
            continue
        names = f"{link.get('class') or ''} {'' if above is None else above.get('class') or ''}"
        if there.netloc == here.netloc or (outside and TITLE.search(names)):
            yield link


def _opening(blocks: Sequence[Block], page: _Page) -> Iterator[Block]:
    """What is answered, where it is made differently: it stands before the others, and has a time and an author."""
    answers = {block.element for block in blocks}
    holders = {above for element in answers for above in element.iterancestors()}
    seen: set[HtmlElement] = set()
    for time in page.times:
        if not answers.isdisjoint((time, *time.iterancestors())):
            return
        element = time
        for above in time.iterancestors():
            if above in holders or above.tag in {"body", "html"}:
                break
            element = above
        around = [element, *element.iterancestors()]
        if element in seen or any(
            node.tag in FURNITURE - {"form"} | {"aside"} or SIDE.search(node.get("class") or "") for node in around
        ):
            continue
        seen.add(element)
        number, word = _number_in(element)
        [opening] = _blocks(_parts([(element, number)], page), page)
        if opening.author is not None and (opening.body is None or _likelihood_of(opening.body) < LIKELY):
            beside = []
            for node in _after(element, page):
                if node in holders or node in answers:
                    break
                beside.append(node)
            if _text_of(beside, page):
                element = _wrap([element, *beside], page)
                [opening] = _blocks(_parts([(element, number)], page), page)
            like = {page.kind(block.body) for block in blocks if block.body is not None}
            if (
                opening.body is not None
                and _likelihood_of(opening.body) < LIKELY
                and page.kind(opening.body) not in like
            ):
                opening = replace(opening, body=None)
        says = number is not None and SAYS_POST.search(word)
        likely = opening.body is not None and _likelihood_of(opening.body) == LIKELY
        if (
            opening.author is not None
            and opening.time is not None
            and (says or (likely and (number or element.tag == "article")))
        ):
            yield opening
            return


def _number_in(element: HtmlElement) -> tuple[str | None, str]:
    """The first number of an element or of those in it, and the word before it."""
    for node in element.iter():
        for attribute, value in node.items() if isinstance(node.tag, str) else ():
            if _numbers(attribute) and attribute != "name" and (found := NUMBER.fullmatch(value)):
                word = found["word"] or found["words"] or found["before"] or ""
                if not SAYS_LIST.search(word):
                    return found["uuid"] or found["number"] or found["code"], word
    return None, ""


def _author(nodes: Sequence[HtmlElement], page: _Page) -> HtmlElement | None:
    """Whose post it is: by a class for names, by a mark, or by a link to a person's page."""
    named = [node for node in nodes if 0 < page.text.get(node, 0) <= LONGEST_NAME and not page.timed[node]]
    for node in named:
        marked = "author" in (node.get("rel") or "").split() or node.get("itemprop") == "author"
        if (marked or any(AUTHORS.match(name) for name in (node.get("class") or "").split())) and _is_one(node, page):
            return node
    for node in named:
        if any(NAMES.search(name) for name in (node.get("class") or "").split()) and _is_one(node, page):
            return node
    return next(
        (node for node in named if node.tag == "a" and PROFILE.search(node.get("href") or "") and _is_one(node, page)),
        None,
    )


def _names(parts: Sequence[_Parts], page: _Page) -> list[HtmlElement | None]:
    """Where nothing says whose posts they are: the first words that every block has in one place, and not all alike."""
    found: list[dict[Signature, list[HtmlElement]]] = []
    for part in parts:
        kinds: dict[Signature, list[HtmlElement]] = defaultdict(list)
        for node in part.nodes:
            if 0 < page.text.get(node, 0) <= LONGEST_NAME and not page.timed[node] and _is_one(node, page):
                kinds[page.kind(node)].append(node)
        found.append(kinds)
    for kind in found[0]:
        if not all(len(kinds.get(kind, ())) == 1 for kinds in found):
            continue
        said = {kinds[kind][0].text_content().strip() for kinds in found}
        differ = (len(said) > 1 and len(parts) >= MANY) or kind[0] in BOLD
        if differ and all(re.search(r"[^\W\d_]", name) for name in said):
            return [kinds[kind][0] for kinds in found]
    return [None] * len(parts)


def _is_one(node: HtmlElement, page: _Page) -> bool:
    """Whether an element's words stand together rather than in several elements inside it."""
    inside = [child for child in node if page.text.get(child, 0)]
    return not inside or (len(inside) == 1 and page.text[inside[0]] == page.text[node] and _is_one(inside[0], page))


def _bodies(parts: Sequence[_Parts], page: _Page) -> list[HtmlElement | None]:
    """The part of each block that is like its counterparts in the others and says most, but neither time nor author."""
    candidates: list[dict[Signature, list[HtmlElement]]] = []
    holders = {above for part in parts for above in part.element.iterancestors()}
    for part in parts:
        heads = part.heads
        found: dict[Signature, list[HtmlElement]] = defaultdict(list)
        for node in part.nodes:
            if node not in heads and page.text.get(node, 0) and not is_note(node) and not _is_number(node, part, page):
                like = found[page.kind(node)]
                if not like or not (part.element in holders or like[-1] in node.iterancestors()):
                    like.append(node)
        candidates.append(found)
    bodies = _common(candidates, page)
    rest = [place for place, body in enumerate(bodies) if body is None]
    if len(rest) < len(parts):  # opening posts and answers may be made differently
        least = 1.0 if len(rest) >= MANY else LIKELY
        tags = {body.tag for body in bodies if body is not None} - {"div", "span"}
        for place, body in zip(rest, _common([candidates[place] for place in rest], page), strict=True):
            bodies[place] = body if body is not None and (_likelihood_of(body) >= least or body.tag in tags) else None
    if len(parts) == 1:
        return bodies
    around = [_around(part) for part in parts]
    said = [_own_words(node) for node in around]
    if len(set(said)) > len(said) / 2 and sum(map(len, said)) > sum(
        page.text[body] for body in bodies if body is not None
    ):
        return list(around)
    return bodies


def _is_number(node: HtmlElement, part: _Parts, page: _Page) -> bool:
    if page.text[node] >= LONGEST_AGE or not (found := COUNT.fullmatch(node.text_content())):
        return False
    return found[1] == part.number


def _around(part: _Parts) -> HtmlElement:
    """Of a block and what is around its time the one with most words of its own."""
    holders = [part.element]
    if part.time is not None and part.time is not part.element:
        holders += takewhile(lambda above: above is not part.element, part.time.iterancestors())
    return max(holders, key=lambda node: len(_own_words(node)))


def _own_words(node: HtmlElement) -> str:
    """What an element says outside of those within it, digits left out."""
    return re.sub(r"\d+", "", "".join([node.text or "", *(child.tail or "" for child in node)])).strip()


def _common(candidates: Sequence[Mapping[Signature, Sequence[HtmlElement]]], page: _Page) -> list[HtmlElement | None]:
    once = _once(candidates)
    if not once:
        return [None] * len(candidates)
    totals = {kind: sum(_letters(found[kind][0], page) for found in candidates if kind in found) for kind in once}
    share = {kind: sum(kind in found for found in candidates) / len(candidates) for kind in once}
    kind = max(once, key=lambda kind: (totals[kind] * share[kind] * _likelihood(kind, candidates), len(kind)))
    while inner := _inner(kind, once, totals, candidates, page):
        kind = inner
    return [found[kind][0] if kind in found else None for found in candidates]


def _letters(node: HtmlElement, page: _Page) -> int:
    """What an element's words weigh: of a few, digits and signs weigh nothing, as sizes and counts are made of them."""
    count = page.text[node]
    return count if count > LONGEST_AGE else 1 + sum(map(str.isalpha, node.text_content()))


def _likelihood(kind: Signature, candidates: Sequence[Mapping[Signature, Sequence[HtmlElement]]]) -> float:
    """What an element's names say of it: far more or less than its letters where posts are short."""
    return _likelihood_of(next(found[kind][0] for found in candidates if kind in found))


def _likelihood_of(node: HtmlElement) -> float:
    names = [*(node.get("class") or "").split(), node.get("id") or "", node.get("itemprop") or ""]
    if any(BODY.search(name) and not ABOUT.search(name) for name in names if name):
        return LIKELY
    return UNLIKELY if any(ABOUT.search(name) for name in names if name) else 1.0


def _once(candidates: Sequence[Mapping[Signature, Sequence[HtmlElement]]]) -> list[Signature]:
    """Kinds of element that hardly any block has twice (one within another counts once)."""
    twice: Counter[Signature] = Counter()
    for found in candidates:
        for kind, nodes in found.items():
            twice[kind] += len(nodes) > 1
    return [
        kind
        for kind, count in twice.items()
        if 10 * count <= len(candidates) and kind[0] not in {"a", "time", "form", "input", "label"}
    ]


def _inner(
    kind: Signature,
    once: Sequence[Signature],
    totals: Mapping[Signature, int],
    candidates: Sequence[Mapping[Signature, Sequence[HtmlElement]]],
    page: _Page,
) -> Signature | None:
    """The kind inside this one that holds nearly all of its words, or all that differ from post to post."""
    outer = [found for found in candidates if kind in found]
    for other in sorted(once, key=lambda other: -totals[other]):
        both = [found for found in outer if other in found]
        if other == kind or (other[0] in INLINE and "<" in other) or not both:
            continue
        if not all(found[kind][0] in found[other][0].iterancestors() for found in both):
            continue
        if totals[other] >= BODY_SHARE * totals[kind]:
            return other
        inside = [page.text[found[other][0]] for found in both]
        around = [page.text[found[kind][0]] - size for found, size in zip(both, inside, strict=True)]
        if len(both) >= MANY and len(both) > len(outer) / 2 and 2 * pstdev(around) < pstdev(inside):
            return other
    return None


def _signature(node: HtmlElement) -> Signature:
    classes = sorted(re.sub(r"\d+", "", name) for name in (node.get("class") or "").split())
    if classes or node.getparent() is None:
        return (node.tag, *classes)
    above = node.getparent()
    assert above is not None
    return (
        node.tag,
        "<",
        str(above.tag),
        *sorted(re.sub(r"\d+", "", name) for name in (above.get("class") or "").split()),
    )

"""The posts of a page whose software nobody knows, found by the page's structure alone.

What a board prints for each post it prints alike: an id that ends in the post's number, a time, an author, and one part
that differs in length where all others do not. Those are looked for, in this order; nothing here knows a software.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import pstdev

from lxml.html import HtmlElement

from crawler.dates import LONGEST_TIME, own_time, written_time

Signature = tuple[str, ...]
"""A tag and its classes, digits left out; a tag without classes stands with its parent's."""

NUMBERED = ("id", "name", "data-post-id", "data-postid", "data-pid", "data-id", "data-post", "data-message-id",
            "data-comment-id", "data-content", "data-number", "data-post-no")  # fmt: skip
"""Attributes in which boards give a post's number, often after a word: `post_17`, `p17`, `msg17`."""
NUMBER = re.compile(r"(?P<word>(?:.*\D)?)(?P<number>\d{1,20})")
SAYS_POST = re.compile(r"(?i)post|reply|msg|message|comment|pid|^p$|^pc$|^$|no_?$")
SAYS_LIST = re.compile(r"(?i)thread|topic|tid|forum|board|cat|user|menu|nav|poll|attach|file|sig|vote|like|quick|edit")
AUTHORS = re.compile(
    r"(?i)^(?:user-?name|author(?:-?name)?|poster(?:-?name)?|post-?(?:author|name)|name|nick(?:name)?|display-?name|member-?name|by-?user)$"
)
PROFILE = re.compile(r"(?i)\b(?:members?|profile|users?|u)\b")
LONGEST_NAME = 60
QUOTE = re.compile(r"(?i)quot")
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
    r"(?:last )?edited? .{0,90}|(?:zuletzt )?bearbeitet .{0,90}|posted .{0,40}|joined:? .{0,40}"
)
"""What software writes over code and quotes, and beside what was posted."""
JOINED = re.compile(
    r"(?i)\b(?:joined|registered|member since|join date|registriert|beigetreten|inscri|miembro|регистра)"
)
"""Before a time that is its author's, not the post's."""
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
TIMED = 0.5
"""Share of blocks that must show a time."""
BOLD = frozenset({"b", "cite", "dt", "strong"})
"""In which names stand on a page with too few posts to compare."""
MANY = 3
"""Blocks from which what they have in common says something."""
BODY_SHARE = 0.85
"""A part that holds so much of a body's letters is the body, and what is around it is not."""


@dataclass(frozen=True)
class Block:
    """One post's part of a page."""

    element: HtmlElement
    number: str | None
    time: HtmlElement | None
    author: HtmlElement | None
    body: HtmlElement | None


def find_blocks(page: HtmlElement) -> list[Block]:
    """The posts of a page in its order; none where nothing is repeated or shows a time, or the page is too large."""
    measured = _measure(page)
    if len(measured.nodes) > MOST_NODES:
        return []
    groups = (*_numbered(measured), *_timed(measured))
    best = max(groups, key=lambda group: group.score, default=None)
    if best is None or best.score <= 0:
        return []
    posted = _posted([element for element, _ in best.blocks], measured)
    own = _own([element for element, _ in best.blocks])
    parts = [
        _Parts(element, number, posted.get(element), _author(own[element]), own[element])
        for element, number in best.blocks
    ]
    if not any(part.author is not None for part in parts):
        names = _names(parts, measured)
        parts = [replace(part, author=name) for part, name in zip(parts, names, strict=True)]
    bodies = _bodies(parts, measured)
    return [
        Block(part.element, part.number, part.time, part.author, body) for part, body in zip(parts, bodies, strict=True)
    ]


def is_quote(node: HtmlElement) -> bool:
    """Whether an element repeats another post's words. A greentext line (`>` and a word) is its author's own."""
    if node.text_content().lstrip().startswith(">"):
        return False
    if node.tag == "blockquote":
        return not any(BODY.search(name) for name in (node.get("class") or "").split())
    return node.tag in QUOTE_TAGS and QUOTE.search(node.get("class") or "") is not None


def is_note(node: HtmlElement) -> bool:
    """Whether an element inside a body is none of its words: a signature, a note of an edit, the software's label."""
    if len(node) <= 2 and LABEL.fullmatch(" ".join(node.text_content().split())):  # noqa: PLR2004 - a label, its button
        return True
    return NO_WORDS.search(f"{node.get('class') or ''} {node.get('id') or ''}") is not None


@dataclass(frozen=True)
class _Page:
    """A page's elements, no deeper than DEEPEST, with what is counted of each once for all."""

    nodes: Sequence[HtmlElement]
    """In the page's order."""
    text: Mapping[HtmlElement, int]
    """Letters in and below each."""
    links: Mapping[HtmlElement, int]
    """Those of them that stand in links."""
    times: Sequence[HtmlElement]
    """Elements that give a time, in the page's order."""
    timed: Mapping[HtmlElement, int]
    """How many times are given in and below each."""

    @property
    def letters(self) -> int:
        return max(1, self.text[self.nodes[0]])


@dataclass(frozen=True)
class _Group:
    blocks: Sequence[tuple[HtmlElement, str | None]]
    score: float


@dataclass(frozen=True)
class _Parts:
    element: HtmlElement
    number: str | None
    time: HtmlElement | None
    author: HtmlElement | None
    nodes: Sequence[HtmlElement]
    """The elements in it that are its own, those of answers within it left out."""


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


def _measure(page: HtmlElement) -> _Page:
    depth: dict[HtmlElement, int] = {}
    nodes: list[HtmlElement] = []
    for node in page.iter():
        above = node.getparent()
        depth[node] = depth.get(above, DEEPEST) + 1 if node is not page else 0
        if isinstance(node.tag, str) and depth[node] <= DEEPEST:
            nodes.append(node)
    text: dict[HtmlElement, int] = {}
    links: dict[HtmlElement, int] = {}
    times: list[HtmlElement] = []
    timed: Counter[HtmlElement] = Counter()
    for node in reversed(nodes):
        if node.tag in UNSEEN or HIDDEN.search(node.get("style") or ""):
            text[node] = links[node] = 0
            continue
        own = len((node.text or "").strip())
        for child in node:
            own += text.get(child, 0) + len((child.tail or "").strip())
        text[node] = own
        links[node] = own if node.tag == "a" else sum(links.get(child, 0) for child in node)
        # The innermost that gives a time, and those around it whose own words give another.
        if own_time(node) if timed[node] else own < LONGEST_TIME and written_time(node):
            times.append(node)
            timed[node] += 1
            timed.update(node.iterancestors())
    return _Page(nodes, text, links, times[::-1], timed)


def _numbered(page: _Page) -> Iterator[_Group]:
    """Groups of elements whose attribute ends in a number of their own after the same word."""
    members: defaultdict[tuple[str, str], dict[str, HtmlElement]] = defaultdict(dict)
    for node in page.nodes:
        for attribute in NUMBERED:
            found = NUMBER.fullmatch(node.get(attribute) or "")
            if found and (attribute != "name" or node.tag in {"a", "input"}):
                members[attribute, found["word"]].setdefault(found["number"], node)
    for (_, word), numbered in members.items():
        if len(numbered) == 1 and not SAYS_POST.search(word):
            continue  # a lone number says nothing unless its word does
        blocks = _containers(numbered, page)
        score = _score([element for element, _ in blocks], page)
        if SAYS_LIST.search(word):
            score -= 1
        elif SAYS_POST.search(word):
            score += 0.5
        yield _Group(blocks, score)


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
        blocks.append((block, number))
    return blocks


def _timed(page: _Page) -> Iterator[_Group]:
    """Groups of like elements that hold one time each, for pages whose posts have no numbers."""
    groups: defaultdict[Signature, list[tuple[HtmlElement, str | None]]] = defaultdict(list)
    for time in page.times:
        block = time
        for above in time.iterancestors():
            if page.timed[above] > 1 or above.tag in {"body", "html"}:
                break
            block = above
        groups[_signature(block)].append((block, _link_number(block)))
    for blocks in groups.values():
        if len(blocks) > 1:
            yield _Group(blocks, _score([element for element, _ in blocks], page) - 0.5)


def _link_number(block: HtmlElement) -> str | None:
    """A number that a link inside the block gives as its own place: `#p17`, `#comment-17`."""
    for link in block.iter("a"):
        found = re.search(r"#\D*(\d+)$", link.get("href") or "")
        if found:
            return found[1]
    return None


def _score(blocks: Sequence[HtmlElement], page: _Page) -> float:
    """How much a group looks like a page's posts; 0 or less: it does not."""
    chosen = set(blocks)
    share = sum(page.timed[block] > 0 for block in chosen) / len(chosen)
    covered = sum(page.text.get(block, 0) for block in chosen)
    if share < TIMED or not covered or any(block.tag in FURNITURE and block.tag != "form" for block in chosen):
        return 0
    linked = sum(page.links.get(block, 0) for block in chosen) / covered
    if linked > MOST_LINKS:
        return 0
    return share + covered / page.letters + (0.3 if len(chosen) > 1 else 0) - linked / 2


def _posted(blocks: Sequence[HtmlElement], page: _Page) -> dict[HtmlElement, HtmlElement]:
    """Of each block's times the one that is printed as most blocks' are; the first of those."""
    chosen = set(blocks)
    inside: defaultdict[HtmlElement, list[HtmlElement]] = defaultdict(list)
    for time in page.times:
        for above in (time, *time.iterancestors()):
            if above in chosen:
                inside[above].append(time)
                break
    common = Counter(kind for some in inside.values() for kind in {_signature(time) for time in some})

    def likely(time: HtmlElement) -> tuple[bool, int]:
        before, above = time.getprevious(), time.getparent()
        if before is None:
            label = "" if above is None else above.text or ""
        else:  # a comment says nothing, what follows it may
            label = before.tail or "" if not isinstance(before.tag, str) else before.text_content()
        return not JOINED.search(f"{label[-LONGEST_TIME:]} {time.text_content()}"), common[_signature(time)]

    return {block: max(some, key=likely) for block, some in inside.items()}


def _author(nodes: Sequence[HtmlElement]) -> HtmlElement | None:
    for node in nodes:
        named = any(AUTHORS.match(name) for name in (node.get("class") or "").split())
        marked = "author" in (node.get("rel") or "").split() or node.get("itemprop") == "author"
        if (named or marked) and node.text_content().strip():
            return node
    for link in nodes:
        if (
            link.tag == "a"
            and PROFILE.search(link.get("href") or "")
            and 0 < len(link.text_content().strip()) <= LONGEST_NAME
        ):
            return link
    return None


def _names(parts: Sequence[_Parts], page: _Page) -> list[HtmlElement | None]:
    """Where nothing says whose posts they are: the first words that every block has in one place, and not all alike."""
    found: list[dict[Signature, list[HtmlElement]]] = []
    for part in parts:
        kinds: dict[Signature, list[HtmlElement]] = defaultdict(list)
        for node in part.nodes:
            if 0 < page.text.get(node, 0) <= LONGEST_NAME and node is not part.time and _is_one(node, page):
                kinds[_signature(node)].append(node)
        found.append(kinds)
    for kind in found[0]:
        if not all(len(kinds.get(kind, ())) == 1 for kinds in found):
            continue
        said = {kinds[kind][0].text_content().strip() for kinds in found}
        differ = len(said) > 1 if len(parts) >= MANY else kind[0] in BOLD
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
    for part in parts:
        heads = {
            above for node in (part.time, part.author) if node is not None for above in (node, *node.iterancestors())
        }
        found: dict[Signature, list[HtmlElement]] = defaultdict(list)
        for node in part.nodes:
            if node not in heads and page.text.get(node, 0) and not is_note(node):
                found[_signature(node)].append(node)
        candidates.append(found)
    once = _once(candidates)
    if not once:
        return [None] * len(parts)
    totals = {kind: sum(page.text[found[kind][0]] for found in candidates if kind in found) for kind in once}
    share = {kind: sum(kind in found for found in candidates) / len(candidates) for kind in once}
    kind = max(once, key=lambda kind: (totals[kind] * share[kind] * _likelihood(kind, candidates), len(kind)))
    while inner := _inner(kind, once, totals, candidates, page):
        kind = inner
    return [found[kind][0] if kind in found else None for found in candidates]


def _likelihood(kind: Signature, candidates: Sequence[Mapping[Signature, Sequence[HtmlElement]]]) -> float:
    """What an element's names say of it: far more or less than its letters where posts are short."""
    node = next(found[kind][0] for found in candidates if kind in found)
    names = [*(node.get("class") or "").split(), node.get("id") or "", node.get("itemprop") or ""]
    if any(BODY.search(name) and not ABOUT.search(name) for name in names if name):
        return LIKELY
    return UNLIKELY if any(ABOUT.search(name) for name in names if name) else 1.0


def _once(candidates: Sequence[Mapping[Signature, Sequence[HtmlElement]]]) -> list[Signature]:
    """Kinds of element that no block has twice (quotes within it left out)."""
    most: Counter[Signature] = Counter()
    for found in candidates:
        for kind, nodes in found.items():
            most[kind] = max(most[kind], len(nodes))
    return [
        kind for kind, count in most.items() if count == 1 and kind[0] not in {"a", "time", "form", "input", "label"}
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

"""Forums made of HTML: one reader for all of them, each software a table of where it puts what.

A forum has lists of topics; a topic has posts over one page or several. What differs is names: of addresses, classes
and ids. A software's file holds those, and whatever is really its own.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from core.records import Attachment, PageRef, PublishedPost
from crawler.dates import BoardClock, marked_time, moment_of, named_zone
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.layout import Layout
from crawler.links import links_in
from crawler.markup import cut_out, drop, first, is_whole, join, plain_text, preformat_code, select, words
from crawler.page import Document, Engine, Parsed

STICKY, LOCKED = "sticky", "locked"
DIGITS = re.compile(r"(\d+)")
PAGE_NUMBER = re.compile(r"(?<!\d)(?:\d{1,3}[,.\xa0\u202f]\d{3}|\d{1,6})(?!\d)")
"""With or without a sign between its thousands. What has more digits numbers no page."""
NOTHING = re.compile("(?!)")
PARTS = ("body", "time", "edited", "author", "capcode", "subject", "signature")
"""What a post consists of, by the fields of `Forum` that say where it stands."""
HAS_MARKUP = XPath("boolean(descendant::*[@* or not(self::br or self::p)]) or contains(., '\u00a0')")
"""Whether a body is more than lines and paragraphs of what was typed."""
ITSELF = 'link[rel=canonical], meta[property="og:url"]'
"""What any page may say of its own address."""


@dataclass(frozen=True)
class Address:
    """How a software writes the addresses of one kind of page, and which one of several is kept.

    `pattern` is searched in path and query, and begins where the software's folder ends; its groups are `number` (of
    the forum or topic), `part` or `offset` (which page of several), and whatever `first` needs. `first` and `further`
    are formats over these: the first page's address, and that of page {part}, which begins with the {offset}th post
    or topic from 0; {first} in `further` is the first page's.
    """

    pattern: re.Pattern[str]
    first: str
    further: str


class Place(NamedTuple):
    """A forum or topic, as an address names it."""

    folder: str
    """Where the software lies, from the site's root."""
    address: Address
    groups: Mapping[str, str | None]

    @property
    def number(self) -> int | None:
        """The forum's or topic's number; None where addresses go by its name."""
        number = self.groups.get("number")
        return int(number) if number else None

    def url(self, base: str, part: int = 1, size: int = 0) -> str:
        """The one address of a page of it on the site at `base`, whatever host and keys the link to it had.

        A board links with the address it was installed at, which need not be the one it is read at (a mirror, an
        onion). `size` is how many topics or posts a page holds.
        """
        page = self.address.first.format_map(self.groups)
        if part > 1:
            further = {**self.groups, "first": page, "part": part, "offset": (part - 1) * size}
            page = self.address.further.format_map(further)
        return join(base, self.folder + page) or base


@dataclass(frozen=True, kw_only=True)
class Forum:
    """A forum software: its addresses, and CSS selectors of what its pages show. An empty selector: it shows none.

    Where one thing is asked for, alternatives stand in the order in which they are preferred.
    """

    name: str
    signs: Mapping[str, float]
    """Markup that gives the software away, each with how far it does."""
    forums: tuple[Address, ...]
    topics: tuple[Address, ...]
    copies: re.Pattern[str] = NOTHING
    """Addresses of print views and the like, which show a topic's posts a second time; a group is its number."""

    boards: str
    """Links to forums, on the index and within a forum."""
    crumbs: str
    """Links of the breadcrumb; the last that leads to a forum names the one that a page belongs to."""
    title: str
    """What a topic's page calls the topic."""
    labels: str = ""
    """What within that is none of its name: prefixes, how many pages."""
    telling: str = ""
    """Links and fields of a topic's page that name it, for pages whose address does not."""
    here: str = ""
    """What a list calls its forum, where its breadcrumb does not."""
    pager: str
    """Links to further pages, with their numbers as text."""
    current: str
    """The mark of the present page, its number as text."""
    total: str = ""
    """What says how many pages there are: by its `data-pages`, or the last number of its text."""

    row: str
    """A topic in a list, with all that is said of it."""
    topic: str
    """The link to it within its row."""
    says: str
    """What a row says that changes when the topic does: its replies, its last post."""
    sticky: str = ""
    locked: str = ""
    """Marks within a row, or on a topic's page."""
    moved: str = ""
    """Mark of a row that stands for a topic in another forum, where it is listed too."""
    empty: str = ""
    """What a list without topics still shows."""
    partly: str = ""
    """What a list shows that leaves older topics out."""

    post: str
    number: re.Pattern[str]
    """Over a post's id, or an anchor's name."""
    numbered: str = ""
    """What within a post has that id, where the post itself has none."""
    anchor: str
    """A post's place on its page, as a format over its number."""
    body: str
    author: str
    time: str
    capcode: str = ""
    subject: str = ""
    """Its `title`, or what it says."""
    edited: str = ""
    signature: str = ""
    quote: str = "blockquote"
    cite: str = ""
    """What in a quote names the post it is from, by any of its attributes."""
    cited: re.Pattern[str] = DIGITS
    """Over those attributes; its group is the number."""
    notes: str = ""
    """What the software puts into a body: labels of code and spoilers, notes of edits."""
    leads: str = "a[href], iframe[src]"
    """What in a body leads somewhere."""
    files: str = ""
    """A post's attachments, each by the element that names it."""
    beside: str = ""
    """What stands with a time and is none of it: a name may hold a date."""
    now: str = ""
    """What a page says of its present time."""
    zone: str = ""
    """Where a page says in which zone it writes times."""
    seasonal: bool = False
    """Whether it writes times as clocks stood on their day, without a word of its zone."""
    dates: str = ""
    """Where dates stand beside those of posts: how they are written says whether months come first."""
    message: str = ""
    """What the software says in place of what was asked for."""
    gone: re.Pattern[str] = NOTHING
    """How it says that a topic or forum does not exist. Any other message is taken as a closed door."""

    prepare: Callable[[HtmlElement], None] | None = None
    """Mends a copy of a body before it is read, where that has any markup."""
    attachments: Callable[[Sequence[HtmlElement]], Iterable[Attachment]] | None = None
    """What those that `files` names in one post are, where they do not say it themselves."""


def engine(forum: Forum) -> Engine:
    """The software as an engine."""
    return Engine(
        name=forum.name,
        recognise=partial(recognise, forum),
        entry=partial(entry, forum),
        kind_of=partial(kind_of, forum),
        pages={
            "entry": partial(parse_entry, forum),
            "index": partial(parse_list, forum),
            "thread": partial(parse_topic, forum),
        },
        site_numbers=True,
    )


def recognise(forum: Forum, document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    if not document.has_html_tag:
        return 0.0
    layout = Layout(document.html)
    return min(1.0, sum(weight for css, weight in forum.signs.items() if layout.first(css) is not None))


def entry(forum: Forum, url: str) -> Sequence[PageRef]:
    """Where a crawl begins: the index, or one forum or topic where the source's address names it."""
    if place := _place(forum.topics, url):
        return [PageRef(place.url(url), "thread", thread=place.number)]
    if place := _place(forum.forums, url):
        return [PageRef(place.url(url), "index")]
    return [PageRef(url, "entry")]


def kind_of(forum: Forum, document: Document) -> PageRef | None:
    """What a document is, by its markup; `copy` is a print view or lite page that shows a topic a second time."""
    url = document.url or ""
    if found := forum.copies.search(url):
        return PageRef(url, "copy", thread=next(int(number) for number in found.groups() if number))
    if not document.has_html_tag:
        return None
    layout = Layout(document.html)
    if layout.first(forum.post) is not None:
        topic = _topic_of(forum, document, layout)
        number = topic.number if topic else None
        return PageRef(url, "thread", _board(forum, layout), number, part=_pages(forum, document, layout).shown)
    if _place(forum.topics, url):
        return PageRef(url, "thread")  # it should hold posts, or say why it does not
    if layout.first(forum.row) is not None or _place(forum.forums, url):
        return PageRef(url, "index", _listed(forum, layout), part=_pages(forum, document, layout).shown)
    return PageRef(url, "entry") if any(_boards(forum, document, layout)) else None


def parse_entry(forum: Forum, document: Document, ref: PageRef) -> Parsed:
    """The forums that an index names, those within forums too."""
    _require_whole(document)
    layout = Layout(document.html)
    boards = list(_boards(forum, document, layout))
    if not boards:
        raise _instead(forum, document, layout, "an index with forums")
    del ref
    return Parsed(pages=boards)


def parse_list(forum: Forum, document: Document, ref: PageRef) -> Parsed:
    """The topics of one page of a forum, its further pages and the forums within it.

    A topic's hint is what the list says of it: replies, last post, and whether it is sticky or locked.
    """
    _require_whole(document)
    layout = Layout(document.html)
    board = _listed(forum, layout) or ref.board
    rows, boards = layout.select(forum.row), list(_boards(forum, document, layout))
    if not rows and not boards and layout.first(forum.empty) is None:
        raise _instead(forum, document, layout, "a forum's list of topics")
    url, base, pages = document.url or ref.url, _links_from(document), _pages(forum, document, layout)
    topics = [topic for row in rows if (topic := _row(forum, row, base, board))]
    place = _place(forum.forums, url)
    parts = pages.others if place else []
    further = [PageRef(pages.url(place, url, part), "index", board, part=part) for part in parts if place]
    complete = pages.last == 1 and bool(topics) and layout.first(forum.partly) is None
    return Parsed(pages=[*topics, *further, *boards], parts=pages.last, lists_board=board if complete else None)


def parse_topic(forum: Forum, document: Document, ref: PageRef) -> Parsed:
    """Every post on one page of a topic, and the topic's other pages.

    Raises GonePage where the board says that there is no such topic, ClosedPage where it says anything else instead,
    and UnexpectedPage where the page is another topic's or was cut short.
    """
    _require_whole(document)
    layout = Layout(document.html)
    numbers = _numbers(forum, layout)
    if not numbers:
        raise _instead(forum, document, layout, "a topic with posts")
    place, pages = _topic_of(forum, document, layout), _pages(forum, document, layout)
    if place is None or place.number is None or not ref.asks_for(place.number):
        raise UnexpectedPage(document.url, f"topic {ref.thread}" if ref.thread else "a topic that tells its number")
    url, board = document.url or ref.url, _board(forum, layout) or ref.board
    shown = PageRef(pages.url(place, url, pages.shown), "thread", board, place.number, pages.shown, ref.hint)
    further = [replace(shown, url=pages.url(place, url, part), part=part) for part in pages.others]
    if ref.part > pages.last:
        # Asked for a page that it no longer has, such software shows the first or last: not what was asked for.
        return Parsed(pages=further, parts=pages.last)
    said = (ref.hint or "").split(", ")
    beside = ", ".join(filter(None, (forum.edited, forum.beside)))
    stamps = {node: _written(node, beside) for node in layout.select(forum.time)}
    stamps |= {node: _written(node, forum.beside) for node in layout.select(forum.edited)}
    topic = Topic(
        shown, _title(forum, layout), _clock(forum, document, layout, stamps.values()), stamps,
        sticky=STICKY in said or (ref.hint is None and layout.first(forum.sticky) is not None),
        locked=LOCKED in said or (ref.hint is None and layout.first(forum.locked) is not None),
    )  # fmt: skip
    parts = {name: layout.firsts(numbers, getattr(forum, name)) for name in PARTS}
    files = layout.within(numbers, forum.files)
    posts = [
        _post(
            forum, number, {name: parts[name].get(post) for name in PARTS}, files[post], topic,
            op=pages.shown == 1 and not nth,
        )
        for nth, (post, number) in enumerate(numbers.items())
    ]  # fmt: skip
    return Parsed(posts=posts, pages=further, parts=pages.last)


class Topic(NamedTuple):
    """What all posts of a page share."""

    ref: PageRef
    title: str | None
    clock: BoardClock
    stamps: Mapping[HtmlElement | None, str]
    """What each element says that gives the time of a post or of its last change."""
    sticky: bool
    locked: bool


class Pages(NamedTuple):
    """Which page of a list or topic is shown, of how many, and how many topics or posts one holds (0: unknown)."""

    shown: int
    last: int
    size: int
    linked: Address | None
    """How the page writes addresses of its further pages, where it links to one."""

    @property
    def others(self) -> list[int]:
        """The numbers of the pages that are not shown."""
        return [part for part in range(1, self.last + 1) if part != self.shown]

    def url(self, place: Place, base: str, part: int) -> str:
        """The address of one page, written as the shown page writes them."""
        if self.linked and self.linked.first == place.address.first:
            place = place._replace(address=self.linked)
        return place.url(base, part, self.size)


def _post(
    forum: Forum, number: int, parts: Mapping[str, HtmlElement | None], files: Sequence[HtmlElement], topic: Topic,
    *, op: bool,
) -> PublishedPost:  # fmt: skip
    body, subject, signature = parts["body"], parts["subject"], parts["signature"]
    if body is None:
        raise UnexpectedPage(topic.ref.url, f"post {number} with its text")
    written, edited = topic.stamps.get(parts["time"], ""), topic.stamps.get(parts["edited"], "")
    posted_at = moment_of(written, topic.clock)
    text, quotes, hrefs = _read_body(forum, deepcopy(body)) if HAS_MARKUP(body) else (plain_text(body), (), [])
    signed = () if signature is None else links_in(plain_text(signature), _hrefs(signature, "a[href]"))
    return PublishedPost(
        board=topic.ref.board, thread=topic.ref.thread, number=number,
        url=f"{topic.ref.url}#{forum.anchor.format(number)}",
        posted_at=posted_at, posted_at_raw=written if posted_at is None else None,
        name=words(parts["author"]), capcode=words(parts["capcode"]),
        subject=(subject.get("title") or words(subject)) if subject is not None else topic.title if op else None,
        text=text, quotes=quotes, attachments=tuple(_files(forum, files)), links=links_in(text, hrefs, signed), op=op,
        sticky=topic.sticky, locked=topic.locked, edited_at=moment_of(edited, topic.clock) if edited else None,
    )  # fmt: skip


def _numbers(forum: Forum, layout: Layout) -> dict[HtmlElement, int]:
    """The posts of a page with their numbers, by their ids or those of the parts that have one; the rest is no post."""
    found: dict[HtmlElement, int] = {}
    for post, numbered in layout.within(layout.select(forum.post), forum.numbered).items():
        names = [node.get("id") or node.get("name") or "" for node in (post, *numbered)]
        if number := next(filter(None, map(forum.number.fullmatch, names)), None):
            found[post] = int(number[1])
    return found


def _read_body(forum: Forum, body: HtmlElement) -> tuple[str, tuple[int, ...], list[str]]:
    """Text, numbers of the posts quoted, and hrefs of a body. Changes the element it is given."""
    body.tail = None
    if forum.prepare:
        forum.prepare(body)
    quotes = {node for node in select(body, forum.quote) if node is not body}
    quoted: dict[int, None] = {}
    for name in select(body, forum.cite) if quotes else ():
        if sum(node in quotes for node in (name, *name.iterancestors())) == 1:  # not in a quote within a quote
            numbers = [forum.cited.search(str(value)) for value in name.values()]
            quoted |= dict.fromkeys(int(number[1]) for number in numbers if number)
    cut_out(body, *(quote for quote in quotes if quotes.isdisjoint(quote.iterancestors())))
    cut_out(body, *select(body, forum.notes))
    preformat_code(body)
    return plain_text(body), tuple(quoted), _hrefs(body, forum.leads)


def _hrefs(element: HtmlElement, css: str) -> list[str]:
    return [node.get("href") or node.get("src") or "" for node in select(element, css)]


def _files(forum: Forum, nodes: Sequence[HtmlElement]) -> Iterable[Attachment]:
    """The files of a post: their names, without sizes, which such pages round."""
    if forum.attachments:
        return forum.attachments(nodes)
    return [Attachment(filename=words(node) or node.get("title") or node.get("alt")) for node in nodes]


def _boards(forum: Forum, document: Document, layout: Layout) -> Iterator[PageRef]:
    """The forums that a page lists, itself left out."""
    url, base = document.url or "", _links_from(document)
    here = _place(forum.forums, url)
    seen = {here.url(url) if here else url}
    for link in layout.select(forum.boards):
        place = _place(forum.forums, join(base, link.get("href")) or "")
        name = words(link)
        if place and name and place.url(url) not in seen:
            seen.add(place.url(url))
            yield PageRef(place.url(url), "index", unescape(name))


def _row(forum: Forum, row: HtmlElement, base: str, board: str | None) -> PageRef | None:
    """The topic that a row of a list names; None for one that was moved to another forum, where it is listed too."""
    link = first(row, forum.topic)
    place = _place(forum.topics, join(base, link.get("href")) or "") if link is not None else None
    if place is None or first(row, forum.moved) is not None:
        return None
    said = [_said(node) for node in select(row, forum.says)]
    said += [flag for flag, css in ((STICKY, forum.sticky), (LOCKED, forum.locked)) if first(row, css) is not None]
    return PageRef(place.url(base), "thread", board, place.number, hint=", ".join(said))


def _said(node: HtmlElement) -> str:
    """What a part of a row says, the same on every day: the post that it leads to, rather than "today"."""
    to = node.get("href", "").rpartition("#")[2] if "#" in node.get("href", "") else ""
    return to if DIGITS.search(to) else _written(node)


def _require_whole(document: Document) -> None:
    if not is_whole(document.text):
        raise UnexpectedPage(document.url, "a whole page")


def _instead(forum: Forum, document: Document, layout: Layout, expected: str) -> Exception:
    """What a page is that does not hold what it should: the board's own message, or nothing known."""
    message = " ".join((words(layout.first(forum.message)) or "").split())
    if forum.gone.search(message):
        return GonePage(document.url, message)
    if message:
        return ClosedPage(document.url, f"the board says: {message[:200]}")
    return UnexpectedPage(document.url, expected)


def _place(addresses: Sequence[Address], url: str) -> Place | None:
    """The forum or topic that an address names, whichever page or post of it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    for address in addresses:
        if found := address.pattern.search(path):
            return Place(path[: found.start()], address, found.groupdict())
    return None


def _topic_of(forum: Forum, document: Document, layout: Layout) -> Place | None:
    """The topic that a page is of, by its address, or where that does not tell by the page's own links and fields."""
    url = document.url or ""
    place = _place(forum.topics, url)
    if place and place.number is not None:
        return place
    base = _links_from(document)
    for node in layout.select(", ".join(filter(None, (ITSELF, forum.telling)))):
        value = node.get("href") or node.get("content") or node.get("value") or ""
        told = _place(forum.topics, join(base, value) or "")
        digits = DIGITS.fullmatch(value) or forum.copies.search(value)
        number = told.groups.get("number") if told else next(filter(None, digits.groups())) if digits else None
        if number:
            folder = urlsplit(base).path.rpartition("/")[0]
            known = told or place or Place(f"{folder}/", forum.topics[0], {})
            folder = place.folder if place else known.folder
            return known._replace(folder=folder, groups={**known.groups, "number": number})
    return place


def _links_from(document: Document) -> str:
    """What the links of a page are relative to: its own address, in the folder that its `base` names.

    Of that the host is left out: a mirror's pages name the host that they were copied from.
    """
    node, url = first(document.html, "base[href]"), document.url or ""
    named = join(url, node.get("href")) if node is not None else None
    return join(url, urlsplit(named).path or "/") or url if named else url


def _board(forum: Forum, layout: Layout) -> str | None:
    """The forum that a topic's breadcrumb ends in."""
    crumbs = reversed(layout.select(forum.crumbs))
    last = next((link for link in crumbs if _place(forum.forums, link.get("href", ""))), None)
    return unescape(words(last) or "") or None


def _title(forum: Forum, layout: Layout) -> str | None:
    """The topic's name, as its page gives it."""
    title = deepcopy(layout.first(forum.title))
    if title is not None:
        title.tail = None
        drop(title, *select(title, forum.labels))
    return words(title)


def _listed(forum: Forum, layout: Layout) -> str | None:
    """The forum that a list is of."""
    return unescape(words(layout.first(forum.here)) or "") or _board(forum, layout)


def _pages(forum: Forum, document: Document, layout: Layout) -> Pages:
    """By the numbers that the page's own bar of pages shows, or else its address."""
    addresses, links = (*forum.topics, *forum.forums), layout.select(forum.pager)
    numbers, size, linked = [1], 0, None
    base = _links_from(document) if links else ""
    for link in links:
        said = words(link) or ""
        if PAGE_NUMBER.fullmatch(said):
            [number] = _page_numbers(said)
            numbers.append(number)
            to = _place(addresses, join(base, link.get("href")) or "")
            if to and number > 1:
                linked = to.address
                if offset := to.groups.get("offset"):
                    size = int(offset) // (number - 1)
    for node in layout.select(forum.total):
        numbers += _page_numbers(node.get("data-pages") or words(node) or "")[-1:]
    here, marked = _place(addresses, document.url or ""), layout.first(forum.current)
    groups = here.groups if here else {}
    if mark := _page_numbers(words(marked) or ""):
        shown = mark[0]
        if shown > 1 and not size:  # the last of two pages links only to the first
            size = _offset(addresses, document) // (shown - 1)
    elif numbers == [1]:
        shown = 1  # whatever the address says: asked for a page that is no more, such software shows the first
    elif size and (offset := groups.get("offset")):
        shown = int(offset) // size + 1
    else:
        shown = int(groups.get("part") or 1)
    return Pages(shown, max(shown, *numbers), size, linked)


def _page_numbers(text: str) -> list[int]:
    return [int(re.sub(r"\D", "", number)) for number in PAGE_NUMBER.findall(text)]


def _offset(addresses: Sequence[Address], document: Document) -> int:
    """Where a page begins, by its address or by what it says that is; 0 where neither tells."""
    said = [node.get("href") or node.get("content") or "" for node in select(document.html, ITSELF)]
    places = [_place(addresses, url) for url in (document.url or "", *said)]
    return next((int(offset) for place in places if place and (offset := place.groups.get("offset"))), 0)


def _clock(forum: Forum, document: Document, layout: Layout, written: Iterable[str]) -> BoardClock:
    """How this page writes times, by those of its posts, all its other dates and its own present time."""
    dates = [_written(node) for node in layout.select(forum.dates)]
    now, told = layout.first(forum.now), layout.select(forum.zone)
    zone = named_zone(" ".join(words(node) or "" for node in told), [
        node.get("title", "") for within in told for node in select(within, "[title]")
    ])  # fmt: skip
    at = moment_of(marked_time(now) or "", BoardClock(None, None, None)) if now is not None else None
    present = (words(now) if at else None) or _written(now)
    clock = BoardClock.of([*written, *dates], present, at or document.fetched_at, zone)
    return replace(clock, seasonal=forum.seasonal)


def _written(node: HtmlElement | None, without: str = "") -> str:
    """The time that an element gives: by attribute, or its first line, what "yesterday" has as its title filled in."""
    if node is None:
        return ""
    if marked := marked_time(node):
        return marked
    if not len(node):
        return (node.text or "").strip().partition("\n")[0].strip()
    if select(node, without) or select(node, "span[title]"):
        node = deepcopy(node)
        drop(node, *select(node, without))
        for shortened in select(node, "span[title]"):
            shortened.text = shortened.get("title")
    return plain_text(node).strip().partition("\n")[0].strip()

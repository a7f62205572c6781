"""vichan and its family (Tinyboard, infinity, OpenIB): threads and catalogs, JSON first, HTML where JSON is off."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

import lxml.html
from lxml.html import HtmlElement

from core.records import Attachment, PageRef, PublishedPost
from crawler.engines.jsonboards import unescaped
from crawler.errors import UnexpectedPage
from crawler.links import links_in
from crawler.markup import Parts, by_name, drop, first, is_whole, join, parse_fragment, plain_text, select, words
from crawler.page import Document, Engine, Parsed

BOARD_PAGE = re.compile(r"(?P<root>.*/)(?P<board>(?!res/)[^/.]+)/(?:(?:index|catalog|\d+)\.(?:html|json)|res/[^/]*)?")
THREAD_PAGE = re.compile(r"(?P<root>.*/)(?P<board>[^/]+)/res/(?P<thread>\d+)(?:-[^/+]*)?(?P<last>\+50)?\.(?:html|json)")
BOARD_LIST = re.compile(r"/boards\.(?:html|json)")
NO_BOARDS = frozenset({
    "*", "banners", "cache", "cdn", "css", "images", "img", "inc", "js", "overboard", "player", "recent", "static",
    "stylesheets", "templates", "themes", "tmp", "ukko",
})  # fmt: skip
"""First folders of such a site's addresses that are no boards (`overboard` and `ukko` show posts of all boards)."""

CONTAINER = re.compile(r"thread_(\d+)")
POST_ID = re.compile(r"(?:(?:op|reply)_)?(\d+)")
CITE = re.compile(r"\s*>>(\d+)\s*(?:\([^)]*\)\s*)?")
EXACT_SIZE = re.compile(r"\((?:[^(),]*,\s*)?(\d+) B[,)]")
FLAG = re.compile(r"\bflag-([a-z]{2})\b|/([a-z]{2})\.(?:png|gif|svg)$")
STICKY = frozenset({"Sticky", "sticky.gif"})
LOCKED = frozenset({"Locked", "locked.gif"})
NOT_THE_AUTHORS = frozenset({"public_ban", "public_warning", "post_modified"})
"""Classes of what stands in a body and was put there by moderators or the software."""
SIGNS = {
    "body.vichan": 1.0,
    ", ".join(
        f'{place} a[href*="{vendor}"]'
        for place in ("footer", ".unimportant")  # a post that names one of them proves nothing
        for vendor in ("vichan-devel/vichan", "tinyboard.org", "vichan.net")
    ): 0.6,
    'form[name="postcontrols"]': 0.4,
    ".post.op > p.intro, .post.reply > p.intro": 0.4,
    ".theme-catalog #Grid .mix": 0.6,
    ".board-uri > .board-cell": 0.6,  # infinity's list of boards
}
"""Markup that gives the software away, each with how far it does."""


def entry(url: str) -> Sequence[PageRef]:
    """Where a crawl begins: the front page, or one board or thread where the source's address names it."""
    path = urlsplit(url).path
    if found := THREAD_PAGE.fullmatch(path):
        return [_thread_ref(url, found["root"], unquote(found["board"]), int(found["thread"]))]
    folder = path if path.endswith("/") or "." in path.rpartition("/")[2] else f"{path}/"
    found = BOARD_PAGE.fullmatch(folder)
    if found and found["board"] not in NO_BOARDS:
        return [_catalog_ref(url, found["root"], unquote(found["board"]))]
    return [PageRef(url, "entry")]


def kind_of(document: Document) -> PageRef | None:
    """What a document is; `preview` is a page that shows parts of threads (a board's index, the last 50 posts)."""
    url = document.url or ""
    if found := THREAD_PAGE.fullmatch(urlsplit(url).path):
        kind = "preview" if found["last"] else "thread"
        return PageRef(url, kind, unquote(found["board"]), int(found["thread"]))
    what = _kind_of_json(document) if _is_json(document) else _kind_of_html(document)
    return PageRef(url, what, _board(document)) if what else None


def _kind_of_json(document: Document) -> str | None:
    match document.json:
        case {"posts": [{"no": int()}, *_]}:
            return "thread"
        case {"threads": [{"posts": list()}, *_]}:
            return "preview"
        case [{"threads": [{"no": int(), "time": int()}, *_]}, *_]:
            return "index"
        case [{"uri": str()}, *_] | {"boards": [{"board": str()}, *_]}:
            return "entry"
        case _:
            return None


def _kind_of_html(document: Document) -> str | None:
    page = document.html
    threads = _containers(page)
    if threads:
        answers_one = len(threads) == 1 and first(page, 'form[name="post"] input[name="thread"]') is not None
        return "thread" if answers_one and not _is_cut(document) else "preview"
    return "index" if first(page, "#Grid .mix") is not None else None


def _is_cut(document: Document) -> bool:
    """Whether a page leaves out posts of its threads and says so; most hold no word of that, which is seen sooner."""
    says_so = "omitted" in document.text or "+50" in document.text
    return says_so and first(document.html, '.omitted, a.post_no[href*="+50"]') is not None


def recognise(document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    if _is_json(document):
        match document.json:
            case {"posts": [{"no": int(), "resto": 0, **opening}, *_]}:
                return 0.9 if "last_modified" in opening or "omitted_posts" in opening else 0.6
            case [{"threads": [{"no": int(), **opening}, *_], "page": int()}, *_]:
                return 0.8 if "last_modified" in opening else 0.5
            case {"threads": [{"posts": [{"no": int(), "resto": 0, **opening}, *_]}, *_]}:
                return 0.8 if "last_modified" in opening and "now" not in opening else 0.4
            case _:
                return 0.0
    found = sum(weight for css, weight in SIGNS.items() if first(document.html, css) is not None)
    scripts = " ".join(script.text or "" for script in select(document.html, "script"))
    return min(1.0, found + (0.4 if "active_page" in scripts or "configRoot" in scripts else 0.0))


def parse_entry(document: Document, ref: PageRef) -> Parsed:
    """The boards that a front page or a list of boards names.

    Raises UnexpectedPage where it names none and points to no list of them.
    """
    base = document.url or ref.url
    root = urlsplit(base).path.rpartition("/")[0] + "/"
    if _is_json(document):
        match document.json:
            case [{"uri": str()}, *_] as boards:
                names = [board["uri"] for board in boards]
            case {"boards": [{"board": str()}, *_] as boards}:
                names = [board["board"] for board in boards]
            case _:
                raise UnexpectedPage(base, "a list of boards")
        return Parsed(pages=[_catalog_ref(base, root, name) for name in names])
    pages = {page.url: page for page in _named_by(document.html, base, root)}
    if not pages:
        raise UnexpectedPage(base, "a front page that names boards")
    return Parsed(pages=list(pages.values()))


def _named_by(page: HtmlElement, base: str, root: str) -> Iterator[PageRef]:
    """Catalogs of the boards that links lead to, and the site's list of boards; of a frameset, its list's frame."""
    here = urlsplit(base)
    for node in select(page, 'a[href], frame[src*="sidebar"], iframe[src*="sidebar"]'):
        url = join(base, node.get("href") or node.get("src")) or ""
        there = urlsplit(url)
        board = BOARD_PAGE.fullmatch(there.path)
        if there.netloc != here.netloc or there.path == here.path:
            continue
        if node.tag != "a":
            yield PageRef(url, "entry")
        elif BOARD_LIST.fullmatch(there.path, len(root) - 1) and not BOARD_LIST.search(here.path):
            lists = [join(base, f"{root}boards.{form}") for form in ("json", "html")]
            yield PageRef(lists[0] or url, "entry", alternate=lists[1])
        elif board and board["root"] == root and board["board"] not in NO_BOARDS:
            yield _catalog_ref(base, root, unquote(board["board"]))


def parse_catalog(document: Document, ref: PageRef) -> Parsed:
    """Every living thread of a board, with what changes when the thread does.

    Threads of an HTML catalog are asked for as HTML: where a board has no JSON catalog it has no JSON threads.
    """
    base = document.url or ref.url
    board = ref.board or _board(document)
    threads = _catalog_json(document, base) if _is_json(document) else _catalog_html(document, base)
    return Parsed(
        pages=[
            PageRef(url, "thread", board, number, hint=hint, alternate=other) for url, number, hint, other in threads
        ],
        lists_board=board,
    )


def _catalog_json(document: Document, base: str) -> Iterator[tuple[str, int, str, str | None]]:
    match document.json:
        case [*pages] if all(isinstance(page, dict) and isinstance(page.get("threads", []), list) for page in pages):
            threads = [thread for page in pages for thread in page.get("threads", [])]
        case _:
            raise UnexpectedPage(base, "a catalog")
    for thread in threads:
        number, slug = thread["no"], thread.get("semantic_url")
        hint = " ".join(str(thread.get(key)) for key in ("replies", "images", "last_modified", "sticky", "locked"))
        page = f"res/{number}-{slug}.html" if slug else f"res/{number}.html"
        yield join(base, f"res/{number}.json") or "", number, hint, join(base, page)


def _catalog_html(document: Document, base: str) -> Iterator[tuple[str, int, str, str | None]]:
    grid = first(document.html, "#Grid")
    if grid is None or not is_whole(document.text):
        raise UnexpectedPage(base, "a whole catalog")
    for thread in select(grid, ".mix"):
        link = first(thread, 'a[href*="/res/"]')
        number = thread.get("data-id") or ""
        url = join(base, link.get("href") if link is not None else f"res/{number}.html")
        if url is None or not number.isdigit():
            raise UnexpectedPage(base, "a catalog of threads with numbers")
        hint = " ".join(thread.get(f"data-{key}", "") for key in ("reply", "bump", "sticky", "locked"))
        yield url, int(number), hint, None


def parse_thread(document: Document, ref: PageRef) -> Parsed:
    """Every post of one thread, opening post first.

    Raises UnexpectedPage where the page is not that thread or not all of it; never returns a shortened one.
    """
    posts = _thread_json(document, ref) if _is_json(document) else _thread_html(document, ref)
    return Parsed(posts=posts)


def _thread_json(document: Document, ref: PageRef) -> list[PublishedPost]:
    match document.json:
        case {"posts": [{"no": int() as number}, *_] as posts} if ref.asks_for(number):
            pass
        case _:
            raise UnexpectedPage(document.url, "a thread with posts")
    opening, *answers = posts
    if opening.get("resto", 0) != 0 or any(post.get("resto", number) != number for post in answers):
        raise UnexpectedPage(document.url, "an opening post and the answers to it")
    page = _thread_page(document, ref, number, opening.get("semantic_url"))
    board = ref.board or _board(document)
    return [_post_json(post, board, number, page) for post in posts]


def _post_json(raw: Mapping[str, Any], board: str | None, thread: int, page: str | None) -> PublishedPost:
    text, quotes, hrefs = _read_body(parse_fragment(raw.get("com") or "", page))
    hrefs += _read_body(parse_fragment(raw.get("embed") or "", page))[2]
    number = raw["no"]
    return PublishedPost(
        board=board, thread=thread, number=number, url=page and f"{page}#{number}",
        posted_at=datetime.fromtimestamp(raw["time"], UTC),
        name=unescaped(raw.get("name")), tripcode=unescaped(raw.get("trip")), capcode=unescaped(raw.get("capcode")),
        country=raw.get("country") or None, poster_id=unescaped(raw.get("id")), subject=unescaped(raw.get("sub")),
        text=text, quotes=quotes, attachments=tuple(_attachments_json(raw)), links=links_in(text, hrefs),
        op=number == thread, sticky=bool(raw.get("sticky")), locked=bool(raw.get("locked") or raw.get("closed")),
    )  # fmt: skip


def _attachments_json(raw: Mapping[str, Any]) -> Iterator[Attachment]:
    for file in (raw, *raw.get("extra_files", ())):
        ending = file.get("ext") or ""
        if ending.startswith("."):  # a file that moderators took away has the ending "deleted"
            name = file.get("filename") or file.get("tim")
            yield Attachment(filename=name and f"{name}{ending}", size=file.get("fsize"), md5=file.get("md5"))


def _thread_html(document: Document, ref: PageRef) -> list[PublishedPost]:
    threads = _containers(document.html)
    if len(threads) != 1 or not ref.asks_for(threads[0].number):
        raise UnexpectedPage(document.url, "one thread, the one asked for")
    if not is_whole(document.text) or _is_cut(document):
        raise UnexpectedPage(document.url, "a whole thread")
    page = _thread_page(document, ref, threads[0].number)
    return list(_posts_html(threads[0], ref.board or _board(document), page))


def parse_preview(document: Document, ref: PageRef) -> Parsed:
    """The posts that a board's index shows of its threads: never all of them, and without those it cut short."""
    if _is_json(document):
        parts = [
            (thread["posts"], thread["posts"][0]["no"]) for thread in document.json["threads"] if thread.get("posts")
        ]
        board = ref.board or _board(document)
        return Parsed(posts=[_post_json(raw, board, number, None) for posts, number in parts for raw in posts])
    posts: list[PublishedPost] = []
    for thread in _containers(document.html):
        board = thread.element.get("data-board") or ref.board or _board(document)
        page = join(document.url, f"/{quote(board or '')}/res/{thread.number}.html") if document.url and board else None
        posts += _posts_html(thread, board, page)
    return Parsed(posts=posts)


class Container(NamedTuple):
    """The element that holds one thread."""

    number: int
    element: HtmlElement


def _containers(page: HtmlElement) -> list[Container]:
    found = [(CONTAINER.fullmatch(node.get("id", "")), node) for node in select(page, '[id^="thread_"]')]
    return [Container(int(name[1]), node) for name, node in found if name]


def _posts_html(thread: Container, board: str | None, page: str | None) -> Iterator[PublishedPost]:
    posts = [(post, post.get("class", "").split()) for post in select(thread.element, ".post")]
    opening = next((post for post, names in posts if "op" in names), None)
    if opening is None:
        raise UnexpectedPage(page, "a thread with an opening post")
    # An opening post's files stand before it, in the thread.
    before = takewhile(lambda node: node is not opening, thread.element.iterchildren())
    replies = [(post, by_name(post)) for post, names in posts if "reply" in names]
    for post, parts in [(opening, by_name(*before, opening)), *replies]:
        if ".toolong" not in parts:
            yield _post_html(post, parts, board, thread.number, page)


def _post_html(post: HtmlElement, parts: Parts, board: str | None, thread: int, page: str | None) -> PublishedPost:
    intro, body = parts.first(".intro"), parts.first(".body")
    number = None if intro is None else _number(post, intro)
    if intro is None or body is None or number is None:
        raise UnexpectedPage(page, "posts with a number, a head and a body")
    text, quotes, hrefs = _read_body(deepcopy(body))
    hrefs += [node.get("src", "") for node in parts["iframe"] if node.getparent() is not body]
    hrefs += [node.get("href", "") for video in parts[".video-container"] for node in video.iter("a")]
    files = [info for info in parts[".fileinfo"] if _is_file(info)]
    hrefs += [node.get("href", "") for info in parts[".fileinfo"] if info not in files for node in info.iter("a")]
    said = by_name(intro)
    posted_at, raw_time = _time(said.first("time"))
    edited_at, _ = _time(next((time for note in parts[".post_modified"] for time in note.iter("time")), None))
    marks = {_mark(node) for node in said["i"] + said["img"]}
    return PublishedPost(
        board=board, thread=thread, number=number, url=page and f"{page}#{number}",
        posted_at=posted_at, posted_at_raw=None if posted_at else raw_time,
        name=words(said.first(".name")), tripcode=words(said.first(".trip")), capcode=_capcode(said.first(".capcode")),
        country=_country(said.first(".flag")), poster_id=words(said.first(".poster_id")),
        subject=words(said.first(".subject")), text=text, quotes=quotes, links=links_in(text, hrefs),
        attachments=tuple(_attachment_html(info) for info in files),
        op=number == thread, edited_at=edited_at,
        sticky=".fa-thumb-tack" in said or not STICKY.isdisjoint(marks),
        locked=".fa-lock" in said or not LOCKED.isdisjoint(marks),
    )  # fmt: skip


def _mark(icon: HtmlElement) -> str:
    """What an icon says of a thread: its title, or a picture's name; infinity shows cyclical threads by another's."""
    title: str = icon.get("title", "")
    return title if icon.tag == "i" or title.startswith("Cyclical") else str(icon.get("src", "")).rpartition("/")[2]


def _number(post: HtmlElement, intro: HtmlElement) -> int | None:
    """A post's number, by its own id or (an opening post in Tinyboard) by its links."""
    if own := POST_ID.fullmatch(post.get("id", "")):
        return int(own[1])
    found = [POST_ID.fullmatch(words(link) or "") for link in select(intro, "a.post_no")]
    return next((int(number[1]) for number in found if number), None)


def _is_file(info: HtmlElement) -> bool:
    """Whether a post's file line describes a file, rather than a film that is shown from elsewhere."""
    return not info.text_content().lstrip().startswith("Embed")


def _attachment_html(info: HtmlElement) -> Attachment:
    link, shown = first(info, "a[download]"), first(info, ".postfilename")
    name = link.get("download") if link is not None else None
    if name is None and shown is not None:
        name = shown.get("title") or words(shown)
    size = EXACT_SIZE.search(info.text_content())
    return Attachment(filename=name, size=int(size[1]) if size else None)


def _time(node: HtmlElement | None) -> tuple[datetime | None, str | None]:
    """A moment, or None, and how the page writes it."""
    if node is None:
        return None, None
    written = node.get("datetime") or ""
    if (seconds := node.get("unixtime", "")).isdigit():
        return datetime.fromtimestamp(int(seconds), UTC), written
    try:
        moment = datetime.fromisoformat(written)
        return moment.astimezone(UTC) if moment.tzinfo else None, written or words(node)
    except ValueError:
        pass
    # The template's "Z" comes out as PHP's: the zone's offset in seconds, glued to the seconds of the time.
    clock, offset = written[:19], written[19:]
    try:
        return datetime.fromisoformat(clock).replace(tzinfo=UTC) - timedelta(seconds=int(offset)), written
    except ValueError:
        return None, written or words(node)


def _capcode(node: HtmlElement | None) -> str | None:
    written = words(node)
    return written.lstrip("# ") or None if written else None


def _country(flag: HtmlElement | None) -> str | None:
    """The country's code as the board's JSON gives it; the flag's name where it is no country's."""
    if flag is None:
        return None
    code = FLAG.search(flag.get("class", "")) or FLAG.search(flag.get("src", ""))
    return (code[1] or code[2]).upper() if code else flag.get("alt") or flag.get("title")


def _read_body(body: HtmlElement) -> tuple[str, tuple[int, ...], list[str]]:
    """Text, numbers of the posts answered, and hrefs of a body. Changes the element it is given."""
    parts = by_name(body)
    drop(body, *(node for name in NOT_THE_AUTHORS for node in parts[f".{name}"]))
    for line in parts[".body-line"]:  # infinity: a line a paragraph, empty lines too
        if "empty" in line.get("class", ""):
            line.append(lxml.html.Element("br"))
    quotes: dict[int, None] = {}
    hrefs: list[str] = []
    for link in body.iter("a"):
        said = link.text_content()
        if cite := CITE.fullmatch(said):
            quotes[int(cite[1])] = None
        elif not said.lstrip().startswith(">>") and link.get("href"):
            hrefs.append(link.get("href", ""))
    hrefs += [node.get("src", "") for node in body.iter("iframe")]
    return plain_text(body), tuple(quotes), hrefs


def _is_json(document: Document) -> bool:
    return urlsplit(document.url or "").path.endswith(".json") or document.is_json


def _board(document: Document) -> str | None:
    """The board a page belongs to, by its address or its markup."""
    path = urlsplit(document.url or "").path
    found = THREAD_PAGE.fullmatch(path) or BOARD_PAGE.fullmatch(path)
    if found:
        return unquote(found["board"])
    if _is_json(document):
        return None
    form = first(document.html, 'form[name="post"] input[name="board"], form[name="postcontrols"] input[name="board"]')
    return form.get("value") if form is not None else None


def _catalog_ref(base: str, root: str, board: str) -> PageRef:
    at = join(base, f"{root}{quote(board)}/") or base
    return PageRef(f"{at}catalog.json", "index", board, alternate=f"{at}catalog.html")


def _thread_ref(base: str, root: str, board: str, number: int) -> PageRef:
    at = join(base, f"{root}{quote(board)}/") or base
    return PageRef(f"{at}res/{number}.json", "thread", board, number, alternate=f"{at}res/{number}.html")


def _thread_page(document: Document, ref: PageRef, number: int, slug: str | None = None) -> str | None:
    """The address people give of a thread; None where nothing says on which site it is."""
    base = document.url or ref.url
    name = f"{number}-{slug}" if slug else f"{number}"
    path = urlsplit(base).path
    if path.endswith(".html"):
        return base
    return join(base, f"{name}.html") if base else None


ENGINE = Engine(
    name="vichan",
    recognise=recognise,
    entry=entry,
    kind_of=kind_of,
    pages={"entry": parse_entry, "index": parse_catalog, "thread": parse_thread, "preview": parse_preview},
)

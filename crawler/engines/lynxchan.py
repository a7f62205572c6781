"""LynxChan: boards, catalogs and threads by its JSON interface, or by its pages where JSON is off."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from lxml.html import HtmlElement

from core.records import Attachment, PageRef, PublishedPost
from crawler.dates import BoardClock, moment
from crawler.engines import webring
from crawler.engines.jsonboards import (
    Layout,
    hint,
    json_posts,
    only_thread,
    read_element,
    read_message,
    shown_file,
    unescaped,
)
from crawler.errors import UnexpectedPage
from crawler.links import links_in
from crawler.markup import Parts, by_name, drop, first, is_whole, join, select, words
from crawler.page import Document, Engine, Parsed

LAYOUT = Layout(boards="/boards.js?json=1", folder="res", boards_page="/boards.js")
RINGS = ("/addon.js/webring", "/webring.json")
LAST = re.compile(r"/last/(?:\d+/)?(\d+\.html)")
"""A page of a thread's last answers alone."""
MD5 = re.compile(r"/\.media/([0-9a-f]{32})\b(?![0-9a-f])")
SIGNS = (
    'a#linkEngine, footer a[href*="/LynxChan"], .opCell .divMessage, .postCell .divMessage, .catalogCell .linkThumb, '
    '.boardsCell .linkBoard, .latestPostCell .linkPost, form[action="/newThread.js"], form[action="/replyThread.js"]'
)
HINTS = ("postCount", "ommitedPosts", "lastBump", "locked", "pinned", "page")
CHANGES = ".threadStats span"
WRITTEN = re.compile(r"\d+/\d+/\d+ \(\w+\) \d+:\d+:\d+")
ORDERS = ("%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d")
"""Of a date: the site's language chooses."""
CITED = re.compile(r"(?<![>\w])>>(\d+)")
FLAG = re.compile(r"\bflag-(\w\w)\b")


def entry(url: str) -> list[PageRef]:
    """Where a crawl begins; at the whole thread where the address is that of its last answers."""
    return LAYOUT.entry(LAST.sub(r"/res/\1", url))


def kind_of(document: Document) -> PageRef | None:
    """A thread, a catalog or page of a board, or the list of boards."""
    url = document.url or ""
    if thread := LAYOUT.thread_in(url):
        return PageRef(url, "thread", *thread)
    board = LAYOUT.board_in(url)
    if not document.is_json:
        return PageRef(url, "index", board) if board and first(document.html, SIGNS) is not None else None
    if webring.is_ring(document):
        return PageRef(url, webring.KIND)
    match _unwrapped(document.json):
        case {"threadId": int() as number, "boardUri": str() as board, "posts": list()}:
            return PageRef(url, "thread", board, number)
        case [{"threadId": int()}, *_] | {"threads": [{"threadId": int()}, *_]}:
            return PageRef(url, "index", board)
        case {"boards": [{"boardUri": str()}, *_]}:
            return PageRef(url, "entry")
    return None


def recognise(document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    if document.is_json:
        match _unwrapped(document.json):
            case {"threadId": int(), "boardUri": str()} | {"boards": [{"boardUri": str()}, *_]}:
                return 1.0
            case [{"threadId": int(), "message": str()}, *_] | {"threads": [{"threadId": int()}, *_]}:
                return 0.9
            case {"topBoards": list(), "latestPosts": list()}:
                return 0.9
        return 0.0
    return 0.9 if first(document.html, SIGNS) is not None else 0.0


def parse_boards(document: Document, ref: PageRef) -> Parsed:
    """The boards of one page of their list, and the following page; of a front page, that list."""
    url = document.url or ref.url
    if not document.is_json and first(document.html, SIGNS) is not None:
        named = list(_boards_of_page(document, ref, url)) or [LAYOUT.list_of_boards(url)]
        rings = webring.rings_linked(document.html, url)
        others = select(document.html, ".boardsCell .linkBoard[href]")
        if not rings and any(webring.is_elsewhere(link.get("href"), url) for link in others):
            rings = [webring.ring(url, *RINGS)]
        return Parsed(pages=[*named, *rings])
    match _unwrapped(document.json) if document.is_json else None:
        case {"boards": [*boards], **rest} if all("boardUri" in board for board in boards):
            pages = [LAYOUT.catalog(url, board["boardUri"]) for board in boards if not _is_elsewhere(board)]
        case _:
            raise UnexpectedPage(url, "a list of boards")
    count = rest.get("pageCount")
    if isinstance(count, int) and ref.part < count:
        more, page = (join(url, f"{LAYOUT.boards_page}{query}page={ref.part + 1}") for query in ("?json=1&", "?"))
        pages.append(PageRef(more or url, "entry", part=ref.part + 1, alternate=page))
    if any(_is_elsewhere(board) for board in boards):
        pages.append(webring.ring(url, *RINGS))
    return Parsed(pages=pages)


def _is_elsewhere(board: Mapping[str, Any]) -> bool:
    """Whether a board in the list is another site's, of the webring that an add-on brings in."""
    return bool(board.get("ibName") or board.get("absPath"))


def parse_catalog(document: Document, ref: PageRef) -> Parsed:
    """Every living thread of a board; of one page of a board, the threads on it."""
    url = document.url or ref.url
    if not document.is_json:
        return _threads_of_page(document, ref, url)
    match _unwrapped(document.json):
        case [*threads] if all(isinstance(thread, dict) and "threadId" in thread for thread in threads):
            return Parsed(pages=[_thread(url, ref, thread) for thread in threads], lists_board=ref.board)
        case {"threads": [*threads]} if all(isinstance(thread, dict) and "threadId" in thread for thread in threads):
            return Parsed(pages=[_thread(url, ref, thread) for thread in threads])
    raise UnexpectedPage(url, "a catalog of threads")


def _thread(url: str, ref: PageRef, thread: Mapping[str, Any]) -> PageRef:
    return LAYOUT.thread(url, ref.board or "", thread["threadId"], hint(thread, HINTS))


def parse_thread(document: Document, ref: PageRef) -> Parsed:
    """Every post of one thread, opening post first; UnexpectedPage where the page is not that thread."""
    if not document.is_json:
        return Parsed(posts=_posts_of_page(document, ref))
    match _unwrapped(json_posts(document, "a thread with posts")):
        case {"threadId": int() as thread, "posts": [*answers]} as opening if ref.asks_for(thread):
            if opening.get("omittedPosts") or opening.get("ommitedPosts"):
                raise UnexpectedPage(document.url, "a thread without omissions")
            board = opening.get("boardUri") or ref.board
            page = join(document.url, f"/{board}/res/{thread}.html")
            state = {"sticky": bool(opening.get("pinned")), "locked": bool(opening.get("locked"))}
            posts = [_post(opening, thread, board, thread, page).model_copy(update=state)]
            return Parsed(posts=[*posts, *(_post(raw, raw["postId"], board, thread, page) for raw in answers)])
    raise UnexpectedPage(document.url, "the thread that was asked for, with its posts")


def _post(raw: Mapping[str, Any], number: int, board: str | None, thread: int, page: str | None) -> PublishedPost:
    if raw.get("markdown") is None and raw.get("message"):  # older versions publish only what was typed
        text, quotes, hrefs = _typed(raw["message"])
    else:
        text, quotes, hrefs = read_message(raw.get("markdown"), page, verbatim=True)
    flag = FLAG.fullmatch(f"flag{raw.get('flagCode')}")
    return PublishedPost(
        board=board,
        thread=thread,
        number=number,
        url=page and f"{page}#{number}",
        posted_at=moment(raw.get("creation")),
        capcode=unescaped(raw.get("signedRole")),
        country=flag[1].upper() if flag else unescaped(raw.get("flagName")),
        poster_id=raw.get("id") or None,
        subject=unescaped(raw.get("subject")),
        text=text,
        quotes=quotes,
        attachments=tuple(_files(raw)),
        links=links_in(text, hrefs),
        op=number == thread,
        edited_at=moment(raw.get("lastEditTime")),
        **_signed(unescaped(raw.get("name"))),
    )


def _typed(message: str) -> tuple[str, tuple[int, ...], list[str]]:
    text = message.replace("\r\n", "\n")
    return text, tuple(dict.fromkeys(int(number) for number in CITED.findall(text))), []


def _signed(written: str | None) -> dict[str, str | None]:
    """Name and tripcode (`#` before one that is the same everywhere, `##` before one of this site) of what is shown."""
    name, mark, code = (written or "").partition("#")
    return {"name": name or None, "tripcode": f"{mark}{code}" or None}


def _boards_of_page(document: Document, ref: PageRef, url: str) -> Iterator[PageRef]:
    """Catalogs of the boards in a page's list of them, and the list's next page."""
    for link in select(document.html, ".boardsCell .linkBoard[href]"):
        board = LAYOUT.board_in(join(url, link.get("href")) or "")
        if board and not webring.is_elsewhere(link.get("href"), url):
            yield LAYOUT.catalog(url, board)
    for link in select(document.html, "#divPages a[href]"):
        if words(link) == str(ref.part + 1):
            yield PageRef(join(url, link.get("href")) or url, "entry", part=ref.part + 1)


def _threads_of_page(document: Document, ref: PageRef, url: str) -> Parsed:
    """Every thread of a catalog's page, to be read as pages too; of a board's page those on it, which are not all."""
    threads = select(document.html, "#divThreads")
    if not is_whole(document.text) or len(threads) != 1:
        raise UnexpectedPage(url, "a whole catalog")
    pages = []
    for cell in select(threads[0], ".catalogCell"):
        links = select(cell, "a.linkThumb[href]")
        thread = LAYOUT.thread_in(join(url, links[0].get("href")) or "") if links else None
        if thread is None:
            raise UnexpectedPage(url, "threads with their addresses")
        changes = " ".join(words(mark) or mark.get("class", "") for mark in select(cell, CHANGES))
        pages.append(PageRef(LAYOUT.thread(url, *thread).alternate or url, "thread", *thread, hint=changes))
    openings = select(threads[0], ".opCell")
    for opening in openings:
        board = opening.get("data-boarduri") or ref.board or ""
        address = LAYOUT.thread(url, board, int(opening.get("id") or ""))
        pages.append(PageRef(address.alternate or url, "thread", board, address.thread))
    return Parsed(pages=pages, lists_board=None if openings else ref.board)


def _posts_of_page(document: Document, ref: PageRef) -> list[PublishedPost]:
    thread = only_thread(document, ref, ".opCell", (".opCell", "id"), ".labelOmission, .contentOmissionIndicator")
    number = int(thread.get("id") or "")
    board = thread.get("data-boarduri") or ref.board
    page = join(document.url, f"/{board}/res/{number}.html")
    shown = [(number, by_name(_opening(thread)))]
    shown += [(int(cell.get("id") or ""), by_name(cell)) for cell in select(thread, ".postCell")]
    if any(".divMessage" not in parts for _, parts in shown):
        raise UnexpectedPage(document.url, "posts with their content")
    times = [words(parts.first(".labelCreated")) or "" for _, parts in shown]
    clock = BoardClock.of(times, None, document.fetched_at)
    return [_post_of_page(parts, one, number, board, page, clock) for one, parts in shown]


def _opening(thread: HtmlElement) -> HtmlElement:
    """The opening post without the answers, which stand in the same element in front ends that do not wrap it."""
    wrapped = first(thread, ".innerOP")
    if wrapped is None:
        wrapped = deepcopy(thread)
        drop(wrapped, *select(wrapped, ".divPosts"))
    return wrapped


def _post_of_page(
    parts: Parts, number: int, thread: int, board: str | None, page: str | None, clock: BoardClock
) -> PublishedPost:
    text, quotes, hrefs = read_element(parts.first(".divMessage"), page)
    posted, edited = words(parts.first(".labelCreated")), WRITTEN.search(words(parts.first(".labelLastEdit")) or "")
    posted_at, flag = _placed(posted, clock), parts.first(".imgFlag")
    country = FLAG.search(flag.get("class", "")) if flag is not None else None
    return PublishedPost(
        board=board,
        thread=thread,
        number=number,
        url=page and f"{page}#{number}",
        posted_at=posted_at,
        posted_at_raw=posted if posted_at is None else None,
        capcode=words(parts.first(".labelRole")),
        country=country[1].upper() if country else flag.get("title") if flag is not None else None,
        poster_id=words(parts.first(".labelId")),
        subject=words(parts.first(".labelSubject")),
        text=text,
        quotes=quotes,
        attachments=tuple(_file_of_page(file) for file in parts[".uploadCell"]),
        links=links_in(text, hrefs),
        op=number == thread,
        edited_at=_placed(edited[0], clock) if edited else None,
        sticky=".pinIndicator" in parts,
        locked=".lockIndicator" in parts,
        **_signed(words(parts.first(".linkName"))),
    )


def _placed(written: str | None, clock: BoardClock) -> datetime | None:
    """A page's time, which is UTC; its day of the week tells which of its numbers is the month."""
    for order in ORDERS:
        try:
            read = datetime.strptime(written or "", f"{order} (%a) %H:%M:%S").replace(tzinfo=UTC)
        except ValueError:
            continue
        if f"({read:%a})" in (written or ""):
            return read
    return clock.place(written or "")


def _file_of_page(cell: HtmlElement) -> Attachment:
    link = first(cell, "a.originalNameLink")
    md5 = MD5.search(link.get("href") or "") if link is not None else None
    shown = shown_file(link, words(first(cell, ".sizeLabel")) or "")
    return shown.model_copy(update={"md5": md5[1] if md5 else None})


def _files(raw: Mapping[str, Any]) -> Iterator[Attachment]:
    for file in raw.get("files") or ():
        md5 = MD5.search(file.get("path") or "")  # later versions name files by their SHA-256
        yield Attachment(
            filename=unescaped(file.get("originalName")), size=file.get("size"), md5=md5[1] if md5 else None
        )


def _unwrapped(document: Any) -> Any:
    """Some versions wrap an answer: {"status": "ok", "data": …}."""
    return document["data"] if isinstance(document, dict) and document.keys() >= {"status", "data"} else document


ENGINE = Engine(
    name="lynxchan", recognise=recognise, entry=entry, kind_of=kind_of,
    pages={"entry": parse_boards, "index": parse_catalog, "thread": parse_thread, webring.KIND: webring.parse_ring},
)  # fmt: skip

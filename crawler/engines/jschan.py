"""jschan: boards, catalogs and threads by its JSON interface, or by its pages where JSON is off."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml.html import HtmlElement

from core.records import Attachment, PageRef, PublishedPost
from crawler.dates import moment
from crawler.engines import webring
from crawler.engines.jsonboards import Layout, hint, json_posts, only_thread, read_element, read_message, shown_file
from crawler.errors import UnexpectedPage
from crawler.links import links_in
from crawler.markup import by_name, first, is_whole, join, select, words
from crawler.page import Document, Engine, Parsed

LAYOUT = Layout(boards="/boards.json?local_first=true&sites=", folder="thread", boards_page="/boards.html")
RING = "/webring.json"
SIGNS = (
    'footer a[href*="fatchan/jschan"], .footer a[href*="fatchan/jschan"], .post-container[data-post-id], '
    '.catalog-tile[data-board], .table-container .boardtable, form.form-post[action^="/forms/"]'
)
SIZE = re.compile(r"\((\d+B)[,)\s]")
HINTS = ("replyposts", "replyfiles", "bumped", "sticky", "locked", "cyclic", "edited")


def kind_of(document: Document) -> PageRef | None:
    """A thread, a catalog or the list of boards."""
    url = document.url or ""
    if thread := LAYOUT.thread_in(url):
        return PageRef(url, "thread", *thread)
    if not document.is_json:
        return None
    if webring.is_ring(document):
        return PageRef(url, webring.KIND)
    match document.json:
        case {"postId": int() as number, "board": str() as board, "replies": list()}:
            return PageRef(url, "thread", board, number)
        case [{"postId": int(), "board": str() as board}, *_]:
            return PageRef(url, "index", board)
        case {"boards": [{"_id": str()}, *_]}:
            return PageRef(url, "entry")
    return None


def recognise(document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    if document.is_json:
        match document.json:
            case {"postId": int(), "board": str(), "nomarkup": _}:
                return 1.0
            case [{"postId": int(), "board": str(), "nomarkup": _}, *_]:
                return 1.0
            case {"boards": [{"_id": str(), "settings": dict()}, *_]}:
                return 0.9
        return 0.0
    return 0.9 if first(document.html, SIGNS) is not None else 0.0


def parse_boards(document: Document, ref: PageRef) -> Parsed:
    """The site's own boards of one page of their list (those of its webring are other sites'), and the next page.

    Of a front page, that list.
    """
    url = document.url or ref.url
    if not document.is_json and first(document.html, SIGNS) is not None:
        rings = webring.rings_linked(document.html, url)
        if not rings and first(document.html, '.boardtable .help[title="Webring"]') is not None:
            rings = [webring.ring(url, RING)]
        return Parsed(pages=[*(list(_boards_of_page(document, url)) or [LAYOUT.list_of_boards(url)]), *rings])
    listed = document.json if document.is_json else None
    boards = listed.get("boards") if isinstance(listed, dict) else None
    if not isinstance(boards, list) or not all(isinstance(board, dict) and _name(board) for board in boards):
        raise UnexpectedPage(url, "a list of boards")
    pages = [LAYOUT.catalog(url, _name(board)) for board in boards if not board.get("webring")]
    assert isinstance(listed, dict)
    if pages and ref.part < (listed.get("maxPage") or 1):  # the site's own stand before those of its webring
        more = join(url, f"{LAYOUT.boards}&page={ref.part + 1}") or url
        pages.append(PageRef(more, "entry", part=ref.part + 1))
    if any(board.get("webring") for board in boards):
        pages.append(webring.ring(url, RING))
    return Parsed(pages=pages)


def _name(board: Mapping[str, Any]) -> str:
    return str(board.get("_id") or board.get("uri") or "")


def parse_catalog(document: Document, ref: PageRef) -> Parsed:
    """Every living thread of a board."""
    url = document.url or ref.url
    if not document.is_json:
        return Parsed(pages=list(_threads_of_page(document, url)), lists_board=ref.board)
    threads = document.json
    if not isinstance(threads, list) or not all(isinstance(one, dict) and "postId" in one for one in threads):
        raise UnexpectedPage(url, "a catalog of threads")
    pages = [LAYOUT.thread(url, ref.board or one["board"], one["postId"], hint(one, HINTS)) for one in threads]
    return Parsed(pages=pages, lists_board=ref.board)


def parse_thread(document: Document, ref: PageRef) -> Parsed:
    """Every post of one thread, opening post first; UnexpectedPage where the page is not that thread."""
    if not document.is_json:
        return Parsed(posts=_posts_of_page(document, ref))
    match json_posts(document, "a thread with its replies"):
        case {"postId": int() as thread, "replies": [*answers]} as opening if ref.asks_for(thread):
            board = opening.get("board") or ref.board
            page = join(document.url, f"/{board}/thread/{thread}.html")
            state = {"sticky": bool(opening.get("sticky")), "locked": bool(opening.get("locked"))}
            posts = [_post(opening, board, thread, page).model_copy(update=state)]
            return Parsed(posts=[*posts, *(_post(raw, board, thread, page) for raw in answers)])
    raise UnexpectedPage(document.url, "the thread that was asked for, with its replies")


def _post(raw: Mapping[str, Any], board: str | None, thread: int, page: str | None) -> PublishedPost:
    text, quotes, hrefs = read_message(raw.get("message"), page, verbatim=True)
    number = raw["postId"]
    country, edited = raw.get("country"), raw.get("edited")
    return PublishedPost(
        board=board,
        thread=thread,
        number=number,
        url=page and f"{page}#{number}",
        posted_at=moment(raw.get("date")),
        name=raw.get("name") or None,
        tripcode=raw.get("tripcode") or None,
        capcode=(raw.get("capcode") or "").strip("# ") or None,
        country=_country(country.get("code")) if isinstance(country, dict) else None,
        poster_id=raw.get("userId") or None,
        subject=raw.get("subject") or None,
        text=text,
        quotes=quotes,
        attachments=tuple(_files(raw)),
        links=links_in(text, hrefs),
        op=number == thread,
        edited_at=moment(edited.get("date")) if isinstance(edited, dict) else None,
    )


def _country(code: str | None) -> str | None:
    """A flag's code; `XX` is what it writes where it does not know one."""
    return code if code and code != "XX" else None


def _boards_of_page(document: Document, url: str) -> Iterator[PageRef]:
    """Catalogs of this site's boards in a page's table of them, and the table's next page; a front page has no `?`."""
    if "/boards." not in url:
        return
    for link in select(document.html, ".boardtable td > a[href]"):
        address = link.get("href") or ""
        if address.startswith("/") and (board := LAYOUT.board_in(address)):
            yield LAYOUT.catalog(url, board)
    current = first(document.html, '.pages a.bold[href*="page="]')
    following = current.getnext() if current is not None else None
    if following is not None and following.tag == "a":
        number = int((following.get("href") or "").rpartition("page=")[2])
        yield PageRef(join(url, following.get("href")) or url, "entry", part=number)


def _threads_of_page(document: Document, url: str) -> Iterator[PageRef]:
    """Every thread of a catalog's page, to be read as pages too."""
    if not is_whole(document.text) or first(document.html, ".catalog, form[action$='actions']") is None:
        raise UnexpectedPage(url, "a whole catalog")
    for tile in select(document.html, ".catalog .catalog-tile[data-post-id]"):
        board, number = tile.get("data-board") or "", int(tile.get("data-post-id") or "")
        marks = [image.get("src") for image in select(tile, ".post-icons img")]
        changes = " ".join(map(str, (tile.get("data-replies"), tile.get("data-bump"), *marks)))
        yield PageRef(LAYOUT.thread(url, board, number).alternate or url, "thread", board, number, hint=changes)


def _posts_of_page(document: Document, ref: PageRef) -> list[PublishedPost]:
    """Every post of a thread's page; UnexpectedPage where it is not that thread, cut short, or several."""
    opening = (".post-container.op", "data-post-id")
    thread = only_thread(document, ref, "div.thread", opening, ".expand-omitted, .viewfulltext")
    posts = select(thread, ".post-container[data-post-id]")
    number = next(int(post.get("data-post-id") or "") for post in posts if "op" in post.classes)
    return [_post_of_page(node, number, document) for node in posts]


def _post_of_page(node: HtmlElement, thread: int, document: Document) -> PublishedPost:
    board, number = node.get("data-board"), int(node.get("data-post-id") or "")
    page = join(document.url, f"/{board}/thread/{thread}.html")
    parts = by_name(node)
    text, quotes, hrefs = read_element(parts.first(".post-message"), page)
    posted, note = parts.first(".post-date"), parts.first(".edited")
    edited = None if note is None else first(note, "time")
    capcode = words(parts.first(".post-capcode"))
    icons = {icon.get("src", "").rpartition("/")[2] for box in parts[".post-icons"] for icon in box.iter("img")}
    return PublishedPost(
        board=board,
        thread=thread,
        number=number,
        url=page and f"{page}#{number}",
        posted_at=moment(posted.get("datetime")) if posted is not None else None,
        name=node.get("data-name") or None,
        tripcode=node.get("data-tripcode") or None,
        capcode=capcode.strip("# ") or None if capcode else None,
        country=_country(node.get("data-flag")),
        poster_id=node.get("data-user-id") or None,
        subject=node.get("data-subject") or None,
        text=text,
        quotes=quotes,
        attachments=tuple(_file_of_page(file) for file in parts[".post-file-info"]),
        links=links_in(text, hrefs),
        op=number == thread,
        edited_at=moment(edited.get("datetime")) if edited is not None else None,
        sticky="sticky.png" in icons,
        locked="lock.png" in icons,
    )


def _file_of_page(info: HtmlElement) -> Attachment:
    size = SIZE.search(info.text_content())
    return shown_file(first(info, "a.filename"), size[1] if size else "")


def _files(raw: Mapping[str, Any]) -> Iterator[Attachment]:
    for file in raw.get("files") or ():  # it publishes SHA-256 only
        yield Attachment(filename=file.get("originalFilename") or file.get("filename"), size=file.get("size"))


ENGINE = Engine(
    name="jschan", recognise=recognise, entry=LAYOUT.entry, kind_of=kind_of,
    pages={"entry": parse_boards, "index": parse_catalog, "thread": parse_thread, webring.KIND: webring.parse_ring},
)  # fmt: skip

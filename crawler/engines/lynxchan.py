"""LynxChan: boards, catalogs and threads by its JSON interface; its pages, where JSON is off, by their structure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.records import Attachment, PageRef, PublishedPost
from crawler.dates import moment
from crawler.engines.generic import parse_numbered
from crawler.engines.jsonboards import Layout, hint, json_posts, read_message
from crawler.errors import UnexpectedPage
from crawler.links import links_in
from crawler.markup import first, join
from crawler.page import Document, Engine, Parsed

LAYOUT = Layout(boards="/boards.js?json=1", folder="res")
MD5 = re.compile(r"/\.media/([0-9a-f]{32})\b(?![0-9a-f])")
SIGNS = 'a[href*="LynxChan"], #divThreads .opCell, #divPosts .postCell, .innerOP, .innerPost .labelCreated'
HINTS = ("postCount", "ommitedPosts", "lastBump", "locked", "pinned", "page")


def kind_of(document: Document) -> PageRef | None:
    """A thread, a catalog or the list of boards."""
    url = document.url or ""
    if thread := LAYOUT.thread_in(url):
        return PageRef(url, "thread", *thread)
    if not document.is_json:
        return None
    match _unwrapped(document.json):
        case {"threadId": int() as number, "boardUri": str() as board, "posts": list()}:
            return PageRef(url, "thread", board, number)
        case [{"threadId": int()}, *_]:
            return PageRef(url, "index", LAYOUT.board_in(url))
        case {"boards": [{"boardUri": str()}, *_]}:
            return PageRef(url, "entry")
    return None


def recognise(document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    if document.is_json:
        match _unwrapped(document.json):
            case {"threadId": int(), "boardUri": str()} | {"boards": [{"boardUri": str()}, *_]}:
                return 1.0
            case [{"threadId": int(), "message": str()}, *_]:
                return 0.9
        return 0.0
    return 0.9 if first(document.html, SIGNS) is not None else 0.0


def parse_boards(document: Document, ref: PageRef) -> Parsed:
    """The boards of one page of their list, and the following page; of a front page, that list."""
    url = document.url or ref.url
    if not document.is_json and first(document.html, SIGNS) is not None:
        return Parsed(pages=[LAYOUT.list_of_boards(url)])
    match _unwrapped(document.json) if document.is_json else None:
        case {"boards": [*boards], **rest} if all("boardUri" in board for board in boards):
            pages = [LAYOUT.catalog(url, board["boardUri"]) for board in boards]
        case _:
            raise UnexpectedPage(url, "a list of boards")
    count = rest.get("pageCount")
    if isinstance(count, int) and ref.part < count:
        more = join(url, f"{LAYOUT.boards}&page={ref.part + 1}") or url
        pages.append(PageRef(more, "entry", part=ref.part + 1))
    return Parsed(pages=pages)


def parse_catalog(document: Document, ref: PageRef) -> Parsed:
    """Every living thread of a board."""
    url = document.url or ref.url
    match _unwrapped(document.json) if document.is_json else None:
        case [*threads] if all(isinstance(thread, dict) and "threadId" in thread for thread in threads):
            pages = [LAYOUT.thread(url, ref.board or "", thread["threadId"], hint(thread, HINTS)) for thread in threads]
        case _:
            raise UnexpectedPage(url, "a catalog of threads")
    return Parsed(pages=pages, lists_board=ref.board)


def parse_thread(document: Document, ref: PageRef) -> Parsed:
    """Every post of one thread, opening post first; UnexpectedPage where the page is not that thread."""
    if not document.is_json:
        return parse_numbered(document, ref)
    match _unwrapped(json_posts(document, "a thread with posts")):
        case {"threadId": int() as thread, "posts": [*answers]} as opening if ref.asks_for(thread):
            board = opening.get("boardUri") or ref.board
            page = join(document.url, f"/{board}/res/{thread}.html")
            state = {"sticky": bool(opening.get("pinned")), "locked": bool(opening.get("locked"))}
            posts = [_post(opening, thread, board, thread, page).model_copy(update=state)]
            return Parsed(posts=[*posts, *(_post(raw, raw["postId"], board, thread, page) for raw in answers)])
    raise UnexpectedPage(document.url, "the thread that was asked for, with its posts")


def _post(raw: Mapping[str, Any], number: int, board: str | None, thread: int, page: str | None) -> PublishedPost:
    text, quotes, hrefs = read_message(raw.get("markdown"), page, verbatim=True)
    name, mark, tripcode = (raw.get("name") or "").partition("#")
    return PublishedPost(
        board=board,
        thread=thread,
        number=number,
        url=page and f"{page}#{number}",
        posted_at=moment(raw.get("creation")),
        name=name or None,
        tripcode=f"{mark}{tripcode}" or None,
        capcode=raw.get("signedRole") or None,
        country=raw.get("flagName") or None,
        poster_id=raw.get("id") or None,
        subject=raw.get("subject") or None,
        text=text,
        quotes=quotes,
        attachments=tuple(_files(raw)),
        links=links_in(text, hrefs),
        op=number == thread,
        edited_at=moment(raw.get("lastEditTime")),
    )


def _files(raw: Mapping[str, Any]) -> Iterator[Attachment]:
    for file in raw.get("files") or ():
        md5 = MD5.search(file.get("path") or "")  # later versions name files by their SHA-256
        yield Attachment(filename=file.get("originalName"), size=file.get("size"), md5=md5[1] if md5 else None)


def _unwrapped(document: Any) -> Any:
    """Some versions wrap an answer: {"status": "ok", "data": …}."""
    return document["data"] if isinstance(document, dict) and document.keys() >= {"status", "data"} else document


ENGINE = Engine(
    name="lynxchan", recognise=recognise, entry=LAYOUT.entry, kind_of=kind_of,
    pages={"entry": parse_boards, "index": parse_catalog, "thread": parse_thread},
)  # fmt: skip

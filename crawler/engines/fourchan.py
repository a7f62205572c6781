"""4chan's read-only JSON interface (a.4cdn.org): boards, catalogs, threads."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from core.records import Attachment, PageRef, PublishedPost
from crawler.engines.jsonboards import Layout, hint, json_posts, read_message, unescaped
from crawler.errors import UnexpectedPage
from crawler.links import links_in
from crawler.page import Document, Engine, Parsed

LAYOUT = Layout(boards="/boards.json", folder="thread", pages=False)
HINTS = ("replies", "images", "last_modified", "sticky", "closed")


def kind_of(document: Document) -> PageRef | None:
    """A thread, a catalog or the list of boards, by address and shape."""
    url = document.url or ""
    if not document.is_json:
        return None
    thread, board = LAYOUT.thread_in(url), LAYOUT.board_in(url)
    match document.json:
        case {"posts": [{"no": int()}, *_]} if thread:
            return PageRef(url, "thread", *thread)
        case [{"page": int(), "threads": list()}, *_] if board:
            return PageRef(url, "index", board)
        case {"boards": [{"board": str()}, *_]}:
            return PageRef(url, "entry")
    return None


def recognise(document: Document) -> float:
    """How surely a document comes from this interface, 0 to 1: its kin write threads alike, but no `now`."""
    if not document.is_json:
        return 0.0
    match document.json:
        case {"posts": [{"no": int(), "resto": 0, "now": str(), "semantic_url": str()}, *_]}:
            return 1.0
        case [{"page": int(), "threads": [{"no": int(), "now": str(), "semantic_url": str()}, *_]}, *_]:
            return 1.0
        case {"boards": [{"board": str(), "ws_board": int()}, *_]}:
            return 1.0
    return 0.0


def parse_boards(document: Document, ref: PageRef) -> Parsed:
    """Every board."""
    url = document.url or ref.url
    match document.json if document.is_json else None:
        case {"boards": [*boards]} if all(isinstance(board, dict) and "board" in board for board in boards):
            return Parsed(pages=[LAYOUT.catalog(url, board["board"]) for board in boards])
    raise UnexpectedPage(url, "a list of boards")


def parse_catalog(document: Document, ref: PageRef) -> Parsed:
    """Every living thread of a board."""
    url = document.url or ref.url
    match document.json if document.is_json else None:
        case [*parts] if all(isinstance(part, dict) and isinstance(part.get("threads"), list) for part in parts):
            threads = [thread for part in parts for thread in part["threads"]]
        case _:
            raise UnexpectedPage(url, "a catalog of threads")
    pages = [LAYOUT.thread(url, ref.board or "", thread["no"], hint(thread, HINTS)) for thread in threads]
    return Parsed(pages=pages, lists_board=ref.board)


def parse_thread(document: Document, ref: PageRef) -> Parsed:
    """Every post of one thread, opening post first; UnexpectedPage where the page is not that thread."""
    match json_posts(document, "a thread with posts"):
        case {"posts": [{"no": int() as thread, "resto": 0}, *_] as posts} if ref.asks_for(thread):
            page = f"https://boards.4chan.org/{ref.board}/thread/{thread}"
            return Parsed(posts=[_post(raw, ref.board, thread, page) for raw in posts])
    raise UnexpectedPage(document.url, "the thread that was asked for, with its posts")


def _post(raw: Mapping[str, Any], board: str | None, thread: int, page: str) -> PublishedPost:
    text, quotes, hrefs = read_message(raw.get("com"), page)
    number = raw["no"]
    return PublishedPost(
        board=board,
        thread=thread,
        number=number,
        url=f"{page}#p{number}",
        posted_at=datetime.fromtimestamp(raw["time"], UTC),
        name=unescaped(raw.get("name")),
        tripcode=unescaped(raw.get("trip")),
        capcode=unescaped(raw.get("capcode")),
        country=raw.get("country") or raw.get("board_flag"),
        poster_id=raw.get("id"),
        subject=unescaped(raw.get("sub")),
        text=text,
        quotes=quotes,
        attachments=tuple(_files(raw)),
        links=links_in(text, hrefs),
        op=number == thread,
        sticky=bool(raw.get("sticky")),
        locked=bool(raw.get("closed")),
    )


def _files(raw: Mapping[str, Any]) -> Iterator[Attachment]:
    if raw.get("ext") and not raw.get("filedeleted"):
        yield Attachment(
            filename=f"{unescaped(raw.get('filename'))}{raw['ext']}", size=raw.get("fsize"), md5=raw.get("md5")
        )


ENGINE = Engine(
    name="fourchan", recognise=recognise, entry=LAYOUT.entry, kind_of=kind_of,
    pages={"entry": parse_boards, "index": parse_catalog, "thread": parse_thread},
)  # fmt: skip

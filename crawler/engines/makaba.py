"""makaba, the software of 2ch.hk: boards, catalogs and threads by its JSON interface, as of 2022 and before."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import unescape
from typing import Any

from core.records import Attachment, PageRef, PublishedPost
from crawler.engines.generic import parse_numbered
from crawler.engines.jsonboards import Layout, hint, json_posts, read_body
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.links import links_in
from crawler.markup import drop, first, join, parse_fragment, plain_text, select
from crawler.page import Document, Engine, Parsed

LAYOUT = Layout(boards="/api/mobile/v2/boards", folder="res")
SIGNS = '.post_type_oppost [id^="m"].post__message, .post_type_reply .post__details, .thread__oppost .post__images'
HINTS = ("posts_count", "files_count", "lasthit", "closed", "sticky")
CAPCODE = re.compile(r"!!%(\w+)%!!")
POSTER_ID = re.compile(r"(?s)(.*?)\s*ID:\s*(.+?)\s*")
NOT_THE_AUTHORS = ".pomyanem"
"""What moderators put into a message: that its author was banned or warned."""
GONE, CLOSED = frozenset({-404, -31, -3, -2}), frozenset({-42, -41, -4, 403})
"""Codes of the interface's errors."""


def kind_of(document: Document) -> PageRef | None:
    """A thread, a catalog, a page of a board's list, or the list of boards."""
    url = document.url or ""
    thread = LAYOUT.thread_in(url)
    if not document.is_json:
        return PageRef(url, "thread", *thread) if thread else None
    match document.json:
        case {"threads": [{"posts": [{"num": _, "parent": _} as opening, *_]}]} as page if not page.get("pages"):
            return PageRef(url, "thread", thread[0] if thread else _board(page), int(opening["num"]))
        case {"threads": list(), "board": _} | {"threads": list(), "Board": _} as page:
            return PageRef(url, "index", _board(page), part=_part(page))
    if thread:
        return PageRef(url, "thread", *thread)
    return PageRef(url, "entry") if _boards(document.json) else None


def recognise(document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    if not document.is_json:
        return 0.9 if "<" in document.text[:1000] and first(document.html, SIGNS) is not None else 0.0
    match document.json:
        case {"threads": [{"posts": [{"num": _, "lasthit": _, "comment": str()}, *_]}, *_]}:
            return 1.0
        case {"threads": [{"num": _, "lasthit": _, "comment": str()}, *_]}:
            return 1.0
    return 0.8 if _boards(document.json) else 0.0


def parse_boards(document: Document, ref: PageRef) -> Parsed:
    """Every board; of a front page in HTML, the list of them."""
    url = document.url or ref.url
    if not document.is_json and first(document.html, SIGNS) is not None:
        return Parsed(pages=[LAYOUT.list_of_boards(url)])
    boards = _boards(document.json) if document.is_json else []
    if not boards:
        raise UnexpectedPage(url, "a list of boards")
    return Parsed(pages=[LAYOUT.catalog(url, board["id"]) for board in boards])


def parse_index(document: Document, ref: PageRef) -> Parsed:
    """The threads of a catalog, or of one page of a board and its further pages.

    A catalog leaves out threads without a picture, so it never names every living one; where it has none at all (a
    board that takes no pictures), the board's pages are asked for.
    """
    url = document.url or ref.url
    match _answer(document):
        case {"threads": [*threads]} as page if all(isinstance(thread, dict) for thread in threads):
            board = ref.board or _board(page) or ""
        case _:
            raise UnexpectedPage(url, "a catalog of threads")
    if not threads and "pages" not in page:
        return Parsed(pages=[PageRef(join(url, "index.json") or url, "index", board)])
    openings = [thread["posts"][0] | thread if "posts" in thread else thread for thread in threads]
    pages = [LAYOUT.thread(url, board, int(opening["num"]), hint(opening, HINTS)) for opening in openings]
    shown = _part(page)
    parts = [
        PageRef(join(url, f"{number}.json") or url, "index", board, part=number + 1)
        for number in page.get("pages") or ()
        if number + 1 != shown and number
    ]
    return Parsed(pages=[*pages, *parts], parts=len(page.get("pages") or ()) or 1)


def parse_thread(document: Document, ref: PageRef) -> Parsed:
    """Every post of one thread, opening post first; UnexpectedPage where the page is not that thread."""
    if not document.is_json:
        return parse_numbered(document, ref)
    match _answer(document):
        case {"threads": [{"posts": [{"num": _, "parent": 0 | "0"} as opening, *answers]}]} as page:
            thread = int(opening["num"])
        case _:
            raise UnexpectedPage(document.url, "a thread with posts")
    if not ref.asks_for(thread) or any(int(raw["parent"]) != thread for raw in answers):
        raise UnexpectedPage(document.url, "the thread that was asked for, with its posts")
    board = ref.board or _board(page)
    address = join(document.url, f"/{board}/res/{thread}.html")
    return Parsed(posts=[_post(raw, board, thread, address) for raw in (opening, *answers)])


def _answer(document: Document) -> dict[str, Any]:
    """What the interface answers; GonePage or ClosedPage where it says that there is nothing, or nothing for us."""
    answer = json_posts(document, "an answer of the interface")
    error = answer.get("error")
    code, said = (error.get("code"), error.get("message")) if isinstance(error, dict) else (answer.get("Code"), error)
    if code in GONE:
        raise GonePage(document.url, str(said))
    if code in CLOSED:
        raise ClosedPage(document.url, str(said))
    return answer


def _post(raw: Mapping[str, Any], board: str | None, thread: int, page: str | None) -> PublishedPost:
    number = int(raw["num"])
    body = parse_fragment(raw.get("comment") or "", page)
    drop(body, *select(body, NOT_THE_AUTHORS))
    for link in select(body, "a[data-num]"):
        link.text = f">>{link.get('data-num')}"  # without "(OP)" or an arrow, which nobody typed
        drop(link, *link)
    text, quotes, hrefs = read_body(body, page)
    name, poster = _named(raw.get("name") or "")
    trip = unescape(raw.get("trip") or "")
    capcode = CAPCODE.fullmatch(trip)
    opening = number == thread
    return PublishedPost(
        board=board,
        thread=thread,
        number=number,
        url=page and f"{page}#{number}",
        posted_at=datetime.fromtimestamp(raw["timestamp"], UTC),
        name=name,
        tripcode=None if capcode else trip or None,
        capcode=capcode[1] if capcode else None,
        poster_id=poster,
        subject=unescape(raw.get("subject") or "") or None,
        text=text,
        quotes=quotes,
        attachments=tuple(_files(raw)),
        links=links_in(text, hrefs),
        op=opening,
        sticky=opening and bool(raw.get("sticky")),
        locked=opening and bool(raw.get("closed")),
    )


def _named(markup: str) -> tuple[str | None, str | None]:
    """A poster's name, and the name that the board gives each poster of a thread, where it does."""
    if not markup.strip():
        return None, None
    said = plain_text(parse_fragment(markup, None)).replace("\xa0", " ").strip()
    found = POSTER_ID.fullmatch(said)
    return (found[1] or None, found[2]) if found else (said or None, None)


def _files(raw: Mapping[str, Any]) -> Iterator[Attachment]:
    """The files of a post by the names they were sent under, a sticker by its own. Sizes are whole kilobytes: null."""
    for file in raw.get("files") or ():
        name = file.get("fullname") or file.get("name")
        yield Attachment(filename=unescape(name) if name else None, md5=file.get("md5") or None)


def _boards(answer: Any) -> Sequence[Mapping[str, Any]]:
    """The boards of a list of them, of which there are three forms: flat, under `boards`, by category."""
    match answer:
        case {"boards": [*boards]} | [*boards]:
            pass
        case dict() if answer and all(isinstance(value, list) for value in answer.values()):
            boards = [board for category in answer.values() for board in category]
        case _:
            return ()
    whole = boards and all(isinstance(board, dict) and board.keys() >= {"id", "name", "bump_limit"} for board in boards)
    return boards if whole else ()


def _board(page: Mapping[str, Any]) -> str | None:
    board = page.get("board") or page.get("Board")
    return board.get("id") if isinstance(board, dict) else board


def _part(page: Mapping[str, Any]) -> int:
    """Which page of a board's list this is, from 1."""
    current = page.get("current_page")
    return current + 1 if isinstance(current, int) else 1


ENGINE = Engine(
    name="makaba", recognise=recognise, entry=LAYOUT.entry, kind_of=kind_of,
    pages={"entry": parse_boards, "index": parse_index, "thread": parse_thread},
)  # fmt: skip

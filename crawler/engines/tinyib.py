"""TinyIB: a board's catalog and threads, JSON first, HTML where JSON is off or the version has none."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from core.records import Attachment, PageRef, PublishedPost
from crawler.engines import futaba
from crawler.engines.jsonboards import hint, json_posts, read_body, unescaped
from crawler.errors import UnexpectedPage
from crawler.links import links_in
from crawler.markup import first, join, parse_fragment, select
from crawler.page import Document, Engine, Parsed

THREAD_JSON = re.compile(r"/res/(\d+)\.json$")
MD5 = re.compile(r"[0-9a-f]{32}")
HINTS = ("replies", "images", "bumped", "stickied", "locked")
SIGNS = {
    '#delform[action*="imgboard.php?delete"]': 0.5,
    'input[name="delete[]"], .catalogpost': 0.3,
    "div.op > .message, td.reply > .message": 0.3,
    'script[src$="js/tinyib.js"]': 0.3,
}
"""Markup that gives the software away, each with how far it does."""


def entry(url: str) -> Sequence[PageRef]:
    """Where a crawl begins: the front page, or one board or thread where the source's address names it."""
    address = THREAD_JSON.sub(r"/res/\1.html", url.partition("#")[0])
    [ref] = futaba.entry(address)
    if ref.thread is not None:
        return [_thread(address, ref.board, int(ref.thread))]
    return [_catalog(ref.url, ref.board)] if ref.board else [ref]


def _catalog(url: str, board: str | None) -> PageRef:
    return PageRef(join(url, "catalog.json") or url, "index", board, alternate=join(url, "."))


def _thread(page: str, board: str | None, number: int, said: str | None = None) -> PageRef:
    data = page.removesuffix(".html") + ".json"
    return PageRef(data, "thread", board, number, hint=said, alternate=page)


def kind_of(document: Document) -> PageRef | None:
    """What a document is: a thread, or a board's list of threads."""
    url = document.url or ""
    if not document.is_json:
        return futaba.kind_of(document)
    found = THREAD_JSON.search(url)
    match document.json:
        case {"posts": [{"id": int() as number, "parent": 0}, *_]}:
            return PageRef(url, "thread", _board(url), number)
        case {"threads": [{"id": int(), "replies": int()}, *_]}:
            return PageRef(url, "index", _board(url))
    return PageRef(url, "thread", _board(url), int(found[1])) if found else None


def recognise(document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    if document.is_json:
        match document.json:
            case {"posts": [{"id": int(), "parent": int(), "file_hex": str()}, *_]}:
                return 1.0
            case {"threads": [{"id": int(), "parent": int(), "file_hex": str()}, *_]}:
                return 1.0
            case {"threads": [{"id": int(), "subject": str(), "bumped": int(), **others}, *_]} if not others:
                return 0.7
        return 0.0
    if "<" not in document.text[:1000]:
        return 0.0
    return min(1.0, sum(weight for css, weight in SIGNS.items() if first(document.html, css) is not None))


def parse_entry(document: Document, ref: PageRef) -> Parsed:
    """The boards that a front page names; its threads where the site is a single board."""
    if document.is_json or recognise(document):
        return parse_catalog(document, ref)
    named = futaba.parse_entry(document, ref).pages
    return Parsed(pages=[_catalog(page.url, page.board) if page.kind == "index" else page for page in named])


def parse_catalog(document: Document, ref: PageRef) -> Parsed:
    """Every living thread of a board; of a list in HTML, those of one page and its further pages.

    Threads of a list in HTML are asked for as HTML: where a board has no JSON catalog it has no JSON threads.
    """
    if not document.is_json:
        return futaba.parse_index(document, ref)
    base = document.url or ref.url
    match document.json:
        case {"threads": [*threads]} if all(isinstance(thread, dict) and "id" in thread for thread in threads):
            board = ref.board or _board(base)
        case _:
            raise UnexpectedPage(base, "a catalog of threads")
    pages = [
        _thread(join(base, f"res/{thread['id']}.html") or base, board, thread["id"], hint(thread, HINTS))
        for thread in threads
    ]
    return Parsed(pages=pages, lists_board=board)


def parse_thread(document: Document, ref: PageRef) -> Parsed:
    """Every post of one thread, opening post first; UnexpectedPage where the page is not that thread."""
    if not document.is_json:
        return futaba.parse_thread(document, ref)
    match json_posts(document, "a thread with posts"):
        case {"posts": [{"id": int() as thread, "parent": 0} as opening, *answers]} if ref.asks_for(thread):
            pass
        case _:
            raise UnexpectedPage(document.url, "the thread that was asked for, with its posts")
    if any(raw["parent"] != thread for raw in answers):
        raise UnexpectedPage(document.url, "an opening post and the answers to it")
    base = document.url or ref.url
    page, board = THREAD_JSON.sub(r"/res/\1.html", base), ref.board or _board(base)
    return Parsed(posts=[_post(raw, board, thread, page) for raw in (opening, *answers)])


def _post(raw: Mapping[str, Any], board: str | None, thread: int, page: str) -> PublishedPost:
    body = parse_fragment(raw.get("message") or "", page)
    futaba.mend_links(body)
    text, quotes, hrefs = read_body(body, page)
    number = raw["id"]
    return PublishedPost(
        board=board,
        thread=thread,
        number=number,
        url=page and f"{page}#{number}",
        posted_at=datetime.fromtimestamp(raw["timestamp"], UTC),
        name=unescaped(raw.get("name")),
        tripcode=f"!{raw['tripcode']}" if raw.get("tripcode") else None,
        subject=unescaped(raw.get("subject")),
        text=text,
        quotes=quotes,
        attachments=tuple(_files(raw)),
        links=links_in(text, [*hrefs, *_embedded(raw, page)]),
        op=number == thread,
        sticky=bool(raw.get("stickied")),
        locked=bool(raw.get("locked")),
    )


def _files(raw: Mapping[str, Any]) -> Iterator[Attachment]:
    if raw.get("file") and MD5.fullmatch(raw.get("file_hex") or ""):
        name = unescaped(raw.get("file_original")) or raw["file"]
        yield Attachment(filename=name, size=raw.get("file_size"), md5=raw["file_hex"])


def _embedded(raw: Mapping[str, Any], page: str) -> list[str]:
    """Where a film comes from that a post shows: its player stands in place of the file."""
    player = raw.get("file") or ""
    if "<" not in player:
        return []
    return [node.get("src", "") for node in select(parse_fragment(player, page), "iframe[src]")]


def _board(url: str) -> str | None:
    return futaba.board_of(THREAD_JSON.sub(r"/res/\1.html", url).replace("catalog.json", ""))


ENGINE = Engine(
    name="tinyib",
    recognise=recognise,
    entry=entry,
    kind_of=kind_of,
    pages={
        "entry": parse_entry, "index": parse_catalog, "thread": parse_thread, "preview": futaba.parse_preview,
    },
)  # fmt: skip

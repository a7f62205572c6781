"""FoolFuuka, which archives of imageboards run: threads by its JSON interface, lists and pages by its default theme."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

from lxml.html import HtmlElement

from core.records import Attachment, Number, PageRef, PublishedPost
from crawler.dates import moment
from crawler.engines.jsonboards import json_posts, read_body
from crawler.errors import GonePage, UnexpectedPage
from crawler.links import links_in
from crawler.markup import by_name, first, is_whole, join, parse_fragment, select, words
from crawler.page import Document, Engine, Parsed

THREAD = re.compile(r"(?P<root>.*/)(?P<board>[^/_][^/]*)/(?P<view>thread|last/\d+)/(?P<number>\d+)/?")
BOARD = re.compile(r"(?P<root>.*?/)(?P<board>[^/_.][^/.]*)/(?:page/(?P<part>\d+)/?)?")
API = re.compile(r"(?P<root>.*/)_/api/chan/thread/?")
NUMBER = re.compile(r"(\d+)(?:[_,](\d+))?")
CAPCODES = {"M": "Mod", "A": "Admin", "D": "Developer", "V": "Verified", "F": "Founder", "G": "Manager"}
EXACT_SIZE = re.compile(r"(?<![\d.])(\d+)\s?B\b")
FLAG = re.compile(r"\bflag-([a-z]{2})\b")
NOT_FOUND = re.compile(r"(?i)not found|does not exist|cannot be found")
SIGNS = {
    "article.thread[data-thread-num] > header .post_poster_data": 0.7,
    "article.post .post_wrapper > header .post_poster_data": 0.7,
    'a[data-function="highlight"][data-post]': 0.2,
    "nav.index_nav": 0.5,
}
"""Markup that gives the software away, each with how far it does."""


def entry(url: str) -> Sequence[PageRef]:
    """Where a crawl begins: the front page, or one board or thread where the source's address names it."""
    path = urlsplit(url).path
    path = path if path.endswith("/") else f"{path}/"
    if found := THREAD.fullmatch(path):
        return [_thread(url, found["root"], unquote(found["board"]), int(found["number"]))]
    if found := BOARD.fullmatch(path):
        board = f"{found['root']}{found['board']}/"
        return [PageRef(join(url, board) or url, "index", unquote(found["board"]))]
    return [PageRef(url, "entry")]


def _thread(url: str, root: str, board: str, number: int, hint: str | None = None) -> PageRef:
    """A thread's JSON, which lies at one address for all boards, and its page."""
    asked = urlencode({"board": board, "num": number})
    address = join(url, f"{root}_/api/chan/thread/?{asked}") or url
    page = join(url, f"{root}{quote(board)}/thread/{number}/")
    return PageRef(address, "thread", board, number, hint=hint, alternate=page)


def kind_of(document: Document) -> PageRef | None:
    """A thread, the last posts of one (`preview`), a page of a board's list, or the front page."""
    url = document.url or ""
    if document.is_json:
        match _threads(document.json):
            case [(number, thread)] if "omitted" not in thread and (raws := list(_raws(thread))):
                return PageRef(url, "thread", _board_of(raws[0]), number)
        return None
    path, page = urlsplit(url).path, document.html
    if found := THREAD.fullmatch(path):
        kind = "thread" if found["view"] == "thread" else "preview"
        return PageRef(url, kind, unquote(found["board"]), int(found["number"]))
    threads = select(page, "article.thread[data-thread-num]")
    if not threads:
        return PageRef(url, "entry") if first(page, "nav.index_nav") is not None else None
    board = _named(threads[0])
    if first(page, ".js_hook_realtimethread") is not None:
        return PageRef(url, "thread", board, int(threads[0].get("data-thread-num", "")))
    listed = BOARD.fullmatch(path)
    return PageRef(url, "index", board, part=int(listed["part"] or 1)) if listed else None


def recognise(document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    if document.is_json:
        for _, thread in _threads(document.json)[:1]:
            raw = next(_raws(thread), {})
            return 1.0 if raw.keys() >= {"doc_id", "num", "subnum", "thread_num"} else 0.0
        return 0.0
    if "<" not in document.text[:1000]:
        return 0.0
    return min(1.0, sum(weight for css, weight in SIGNS.items() if first(document.html, css) is not None))


def parse_entry(document: Document, ref: PageRef) -> Parsed:
    """The boards and archives that a front page names."""
    base = document.url or ref.url
    boards: dict[str, PageRef] = {}
    for link in select(document.html, "nav.index_nav a[href], .letters a[href]"):
        url = join(base, link.get("href")) or ""
        url = url if url.endswith("/") else f"{url}/"
        if (found := BOARD.fullmatch(urlsplit(url).path)) and urlsplit(url).netloc == urlsplit(base).netloc:
            boards[url] = PageRef(url, "index", unquote(found["board"]))
    if not boards:
        raise UnexpectedPage(base, "a front page that names boards")
    return Parsed(pages=list(boards.values()))


def parse_index(document: Document, ref: PageRef) -> Parsed:
    """The threads of one page of a board, latest answer first, and the page that follows: an archive has no end.

    A thread's hint is what the page shows of it: how many posts it leaves out and the last ones' numbers.
    """
    page, base = document.html, document.url or ref.url
    threads = select(page, "article.thread[data-thread-num]")
    if not is_whole(document.text) or (not threads and first(page, "#main, .letters") is None):
        raise _instead(document, "a whole list of threads")
    found = BOARD.fullmatch(urlsplit(base).path)
    root = found["root"] if found else "/"
    pages = []
    for thread in threads:
        board = ref.board or _named(thread) or ""
        left_out = " ".join(filter(None, [words(node) for node in select(thread, ".omitted_posts, .omitted_images")]))
        shown = [post.get("id", "") for post in select(thread, "article.post")]
        signs = [node.get("class", "") for node in select(_part(thread, "header"), ".icon-pushpin, .icon-lock")]
        hint = " ".join([left_out, *shown, *signs]).strip()
        pages.append(_thread(base, root, board, int(thread.get("data-thread-num", "")), hint))
    following = first(page, ".paginate .next:not(.disabled) a[href]")
    if threads and following is not None and (url := join(base, following.get("href"))):
        pages.append(PageRef(url, "index", ref.board, part=ref.part + 1))
    return Parsed(pages=pages, parts=ref.part + (following is not None))


def parse_thread(document: Document, ref: PageRef) -> Parsed:
    """Every post of one thread that the archive has: now and then it came too late for the opening post.

    Raises GonePage where the archive says that there is no such thread, UnexpectedPage where the page is another's.
    """
    if document.is_json:
        return _from_json(document, ref)
    threads = select(document.html, "article.thread[data-thread-num]")
    if len(threads) != 1 or first(document.html, ".js_hook_realtimethread") is None:
        raise _instead(document, "one thread")
    if not ref.asks_for(int(threads[0].get("data-thread-num", ""))):
        raise UnexpectedPage(document.url, "the thread that was asked for")
    if not is_whole(document.text) or first(threads[0], ".omitted") is not None:
        raise UnexpectedPage(document.url, "a whole thread")
    return parse_preview(document, ref)


def parse_preview(document: Document, ref: PageRef) -> Parsed:
    """The posts of one thread that a page shows."""
    posts = []
    for thread in select(document.html, "article.thread[data-thread-num]"):
        number, board = int(thread.get("data-thread-num", "")), ref.board or _named(thread)
        opening = _from_article(thread, thread, board, number, document.url)
        answers = [(post, first(post, ".post_wrapper")) for post in select(thread, "article.post")]
        posts += [
            opening,
            *(_from_article(post, part, board, number, document.url) for post, part in answers if part is not None),
        ]
    return Parsed(posts=posts)


def _from_json(document: Document, ref: PageRef) -> Parsed:
    answer = json_posts(document, "a thread with posts")
    if isinstance(answer.get("error"), str):
        raise _instead(document, "a thread with posts")
    match _threads(answer):
        case [(thread, found)] if ref.asks_for(thread):
            raws = list(_raws(found))
        case _:
            raise UnexpectedPage(document.url, "the thread that was asked for, with its posts")
    if not raws or any(int(raw["thread_num"]) != thread for raw in raws):
        raise UnexpectedPage(document.url, "posts of the thread that was asked for")
    base = document.url or ref.url
    root = API.match(urlsplit(base).path)
    board = ref.board or _board_of(raws[0])
    page = join(base, f"{root['root'] if root else '/'}{quote(board or '')}/thread/{thread}/")
    return Parsed(posts=[_from_raw(raw, board, thread, page) for raw in raws])


def _threads(answer: Any) -> list[tuple[int, Mapping[str, Any]]]:
    """The threads of an answer, by their numbers; none where it is anything else."""
    if not isinstance(answer, dict):
        return []
    found = [(name, thread) for name, thread in answer.items() if name.isdigit() and isinstance(thread, dict)]
    whole = len(found) == len(answer) and all(thread.keys() & {"op", "posts"} for _, thread in found)
    return [(int(name), thread) for name, thread in found] if whole else []


def _raws(thread: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The posts of a thread, opening post first: answers come as a list, or by their numbers."""
    if thread.get("op"):
        yield thread["op"]
    answers = thread.get("posts") or []
    yield from answers.values() if isinstance(answers, dict) else answers


def _board_of(raw: Mapping[str, Any]) -> str | None:
    board = raw.get("board")
    return board.get("shortname") if isinstance(board, dict) else None


def _from_raw(raw: Mapping[str, Any], board: str | None, thread: int, page: str | None) -> PublishedPost:
    number = _number(str(raw["num"]), str(raw.get("subnum") or 0))
    text, quotes, hrefs = _message(raw.get("comment_processed") or "", board, page)
    capcode = raw.get("capcode") or "N"
    file = raw.get("media") or {}
    named = file.get("media_filename") or file.get("media_orig")
    return PublishedPost(
        board=board,
        thread=thread,
        number=number,
        url=page and f"{page}#{number}",
        posted_at=datetime.fromtimestamp(int(raw["timestamp"]), UTC),
        name=raw.get("name") or None,
        tripcode=raw.get("trip") or None,
        capcode=None if capcode == "N" else CAPCODES.get(capcode, capcode),
        country=raw.get("poster_country") or None,
        poster_id=raw.get("poster_hash") or None,
        subject=raw.get("title") or None,
        text=text,
        quotes=quotes,
        attachments=(Attachment(filename=named, size=int(file["media_size"]), md5=file.get("media_hash")),)
        if named
        else (),
        links=links_in(text, hrefs),
        op=number == thread,
        sticky=number == thread and _is_set(raw.get("sticky")),
        locked=number == thread and _is_set(raw.get("locked")),
    )


def _from_article(
    article: HtmlElement, holder: HtmlElement, board: str | None, thread: int, url: str | None
) -> PublishedPost:
    head, body = _part(holder, "header"), _part(holder, "text")
    written = NUMBER.fullmatch(article.get("id", ""))
    if written is None:
        raise UnexpectedPage(url, "posts with numbers")
    number = _number(written[1], written[2] or "0")
    text, quotes, hrefs = _read(body, board, url)
    said = by_name(head)
    time, flag = said.first("time"), said.first(".flag")
    country = FLAG.search(flag.get("class", "")) if flag is not None else None
    poster, capcode = words(said.first(".poster_hash")), words(said.first(".post_level"))
    page = url and f"{url.partition('#')[0]}#{number}"
    return PublishedPost(
        board=board,
        thread=thread,
        number=number,
        url=page,
        posted_at=moment(time.get("datetime") if time is not None else None),
        name=words(said.first(".post_author")),
        tripcode=words(said.first(".post_tripcode")),
        capcode=capcode.lstrip("# ") if capcode else None,
        country=country[1].upper() if country else None,
        poster_id=poster.removeprefix("ID:") if poster else None,
        subject=words(said.first(".post_title")),
        text=text,
        quotes=quotes,
        attachments=tuple(_files(holder)),
        links=links_in(text, hrefs),
        op=number == thread,
        sticky=number == thread and ".icon-pushpin" in said,
        locked=number == thread and ".icon-lock" in said,
    )


def _files(holder: HtmlElement) -> Iterator[Attachment]:
    """The file of a post. A long name is shown cut short, whole in its title; sizes from 1 KiB on are rounded: null."""
    parts = [part for part in holder if {"post_file", "thread_image_box"} & set(part.classes)]
    link = next((found for part in parts for found in select(part, "a.post_file_filename")), None)
    if link is None:
        return
    picture = next((found for part in parts for found in select(part, "img[data-md5]")), None)
    md5 = picture.get("data-md5") if picture is not None else None
    about = "".join(part.text_content() for part in parts).replace(link.text_content(), "")
    size = EXACT_SIZE.search(about)
    yield Attachment(filename=link.get("title") or words(link), size=int(size[1]) if size else None, md5=md5)


def _message(markup: str, board: str | None, page: str | None) -> tuple[str, tuple[Number, ...], list[str]]:
    if not markup.strip():
        return "", (), []
    return _read(parse_fragment(markup, page), board, page)


def _read(body: HtmlElement, board: str | None, page: str | None) -> tuple[str, tuple[Number, ...], list[str]]:
    """Text, numbers of the posts it answers, and where its links lead. Changes the body."""
    for formula in select(body, 'script[type^="math/tex"]'):
        formula.tag = "span"
    cited = [link.get("data-post", "") for link in select(body, "a[data-post]") if link.get("data-board") == board]
    numbers = [_number(found[1], found[2] or "0") for cite in cited if (found := NUMBER.fullmatch(cite))]
    text, _, hrefs = read_body(body, page)
    return text, tuple(dict.fromkeys(numbers)), hrefs


def _part(holder: HtmlElement, name: str) -> HtmlElement:
    """A post's own head or text, never that of an answer within it."""
    found = next((part for part in holder if part.tag == name or name in part.classes), None)
    if found is None:
        raise UnexpectedPage(None, f"posts with their {name}")
    return found


def _named(article: HtmlElement) -> str | None:
    """The board that a thread's element names."""
    return next((name.removeprefix("board_") for name in article.classes if name.startswith("board_")), None)


def _number(number: str, below: str) -> Number:
    """A post's number; of one written in the archive itself, the number of the post it follows and its own below it."""
    return int(number) if below == "0" else f"{number}_{below}"


def _is_set(flag: Any) -> bool:
    return str(flag) in ("1", "True")


def _instead(document: Document, expected: str) -> Exception:
    """What a page is that does not hold what it should."""
    said = document.json.get("error") if document.is_json else words(first(document.html, ".alert"))
    if said and NOT_FOUND.search(said):
        return GonePage(document.url, " ".join(said.split()))
    return UnexpectedPage(document.url, expected)


ENGINE = Engine(
    name="foolfuuka",
    recognise=recognise,
    entry=entry,
    kind_of=kind_of,
    pages={"entry": parse_entry, "index": parse_index, "thread": parse_thread, "preview": parse_preview},
)

"""Voat and Throat (Phuks), aggregators after Reddit's manner: lists, submissions, their comments, by their pages."""

import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from core.records import PageRef, PublishedPost
from crawler.dates import BoardClock, moment_of
from crawler.engines.timelines import PARTS, Read, links_of, read_tree
from crawler.errors import GonePage, UnexpectedPage
from crawler.layout import Layout
from crawler.markup import first, join, select, unnested, words
from crawler.page import Document, Engine, Parsed

BOARD = re.compile(r"/(?P<prefix>v|s|o|r)/(?P<name>[^/]+)(?:/(?:new|hot|top|rising)?)?/?")
THREAD = re.compile(r"/(?:v|s|o|r)/(?P<board>[^/]+)/(?:comments/)?(?P<number>\d+)(?:/.*)?")
USER = re.compile(r"/(?:u|user)/(?P<name>[^/?#]+)")
NUMBER = re.compile(r"(?:id|thing-id)-(?:t[13]_)?(\d+)")
PAGE = re.compile(r"(?:[?&]page=|/(?:new|hot|top|all|rising)/)(\d+)$")
SEGMENT = re.compile(
    r"loadMoreComments2?\(.*?,\s*(?P<thread>\d+)\s*,\s*(?P<above>\d+|null)\s*,\s*'(?P<command>\w+)'\s*,\s*(?P<start>\d+)\s*,"
    r"\s*'(?P<sort>\w+)'"
)
SEGMENT_PATH = re.compile(r"/comments/(?P<thread>\d+)/(?P<above>\d+|null)/\w+/(?P<start>\d+)/\w+")
COUNT = re.compile(r"\d+")
UNCOUNTED = 10_000
"""Parts of a thread that gives more comments as it is scrolled: so many are never seen, so none is taken for gone."""
VOAT_CLOCK = BoardClock(month_first=True, offset=timedelta(), now=None)
"""Voat writes UTC in the American order."""


@dataclass(frozen=True)
class Making:
    """Where one of the two softwares has what, as selectors; `number_of` reads a post's or comment's own number."""

    rows: str
    opening: str
    title: str
    author: str
    time: str
    text: str
    staff: str
    comments: str
    commenter: str
    comment_time: str
    comment_edited: str
    comment_text: str
    comment_staff: str
    newest: str
    """The list of newest submissions of the whole site."""
    number_of: Callable[[HtmlElement], str]


def _voat_number(node: HtmlElement) -> str:
    return next(found[1] for name in node.classes if (found := NUMBER.fullmatch(name)))


VOAT = Making(
    rows=".submission.link:not([id^='submissionid-'])", opening=".submission.link[id^='submissionid-']",
    title="p.title a.title", author=".tagline a.author", time=".tagline time", text=".expando .usertext-body .md",
    staff=".tagline a.author.moderator", comments=".comment[class*='id-']", commenter=".noncollapsed .tagline a.author",
    comment_time=".noncollapsed .tagline > time", comment_edited=".noncollapsed .tagline span time",
    comment_text=".usertext-body .md", comment_staff=".noncollapsed .tagline a.moderator", newest="/v/all/new",
    number_of=_voat_number,
)  # fmt: skip
THROAT = Making(
    rows="div.post[pid]:not(.postbar)", opening=".wholepost .postbar[pid]", title=".post-heading a.title",
    author=".author a.authorlink[href]", time=".author time-ago", text="#postcontent", staff="", newest="/all/new",
    comments="article.commentrow[data-cid]", commenter=".commenthead a.poster[href]",
    comment_time=".commenthead .time:not(.edited) time-ago", comment_edited=".commenthead .time.edited time-ago",
    comment_text=".content .current.history", comment_staff="",
    number_of=lambda node: node.get("pid") or node.get("data-cid") or "",
)  # fmt: skip


def entry(url: str) -> Sequence[PageRef]:
    """The site's front page, which leads to its newest; one board's newest, or one submission, by its address."""
    path = urlsplit(url).path
    if found := THREAD.fullmatch(path):
        return [PageRef(url, "thread", unquote(found["board"]), int(found["number"]))]
    if board := BOARD.fullmatch(path):
        address = join(url, f"/{board['prefix']}/{board['name']}/new") or url
        return [PageRef(address, "entry", unquote(board["name"]))]
    return [PageRef(url, "entry")]


def kind_of(document: Document) -> PageRef | None:
    """A submission with its comments, more of its comments, or a list of submissions."""
    url = document.url or ""
    path = urlsplit(url).path
    if segment := SEGMENT_PATH.fullmatch(path):
        return PageRef(url, "more", thread=int(segment["thread"]), part=2 + int(segment["start"]))
    if document.is_json:
        return None
    layout = Layout(document.html)
    making = _making(layout)
    if making is None:
        return None
    opening = layout.first(making.opening)
    if opening is not None:
        found = THREAD.fullmatch(path)
        return PageRef(url, "thread", unquote(found["board"]) if found else None, int(making.number_of(opening)))
    board = BOARD.match(path)
    return PageRef(url, "index", unquote(board["name"]) if board else None)


def recognise(document: Document) -> float:
    """How surely a page comes from either software, 0 to 1."""
    return 0.9 if not document.is_json and _making(Layout(document.html)) is not None else 0.0


def _making(layout: Layout) -> Making | None:
    for css, making in (
        (f".submission.link[class*='id-'] {VOAT.title}, .noncollapsed[id] > p.tagline", VOAT),
        (f"{THROAT.rows} .pbody time-ago, {THROAT.opening}, .commblock > .commenthead time-ago", THROAT),
    ):
        if layout.first(css) is not None:
            return making
    return None


def parse_list(document: Document, ref: PageRef) -> Parsed:
    """The threads of one page of a list and its next page; of the front page, also the list of newest."""
    url = document.url or ref.url
    making = None if document.is_json else _making(Layout(document.html))
    rows = select(document.html, making.rows) if making else []
    if making is None or not rows:
        raise UnexpectedPage(url, "a list of submissions")
    newest = [PageRef(join(url, making.newest) or url, "index")] if urlsplit(url).path in ("", "/") else []
    further = [] if newest else list(_next(document.html, url, ref))
    return Parsed(pages=[*(_thread(row, making, url) for row in rows), *newest, *further])


def parse_thread(document: Document, ref: PageRef) -> Parsed:
    """A submission and the comments that its page shows, and where Voat has more of them.

    GonePage for a submission of which only the place is left and that nobody answered. A thread that shows not all
    of its comments says that it has more parts than are ever seen.
    """
    url = document.url or ref.url
    layout = Layout(document.html)
    making = _making(layout)
    opening = layout.first(making.opening) if making else None
    if making is None or opening is None or not ref.asks_for(number := int(making.number_of(opening))):
        raise UnexpectedPage(url, "a submission with its comments")
    found = THREAD.fullmatch(urlsplit(url).path)
    board = ref.board or (unquote(found["board"]) if found else None)
    posts = [] if _is_stub(opening, making) else [_post(opening, layout, making, board, ref, url)]
    posts += _comments(document.html, making, board, number, number, url)
    if not posts:
        raise GonePage(url, "the submission was deleted")
    more = list(_more(document.html, number, board, ref, url))
    is_cut = bool(more) or layout.first(".loadsibling") is not None
    return Parsed(posts=posts, pages=more, parts=UNCOUNTED if is_cut else 1)


def parse_more(document: Document, ref: PageRef) -> Parsed:
    """More comments of a thread, as Voat gives them while it is scrolled."""
    url = document.url or ref.url
    found = SEGMENT_PATH.fullmatch(urlsplit(url).path)
    if found is None or not ref.asks_for(number := int(found["thread"])):
        raise UnexpectedPage(url, f"comments of {ref.thread}")
    above = number if found["above"] == "null" else _name(found["above"])
    posts = _comments(document.html, VOAT, ref.board, number, above, url)
    if not posts and _making(Layout(document.html)) is None:
        raise UnexpectedPage(url, "comments")
    return Parsed(posts=posts, pages=list(_more(document.html, number, ref.board, ref, url)), parts=UNCOUNTED)


def _next(page: HtmlElement, url: str, ref: PageRef) -> Iterator[PageRef]:
    """The page whose number is one higher, Voat's counting from 0."""
    here = PAGE.search(url)
    following = int(here[1]) + 1 if here else None
    for link in select(page, ".pagination-container a[href], a.pure-button[href]"):
        address = join(url, link.get("href")) or ""
        found = PAGE.search(address)
        wanted = (following,) if following is not None else (1, 2)
        if found and int(found[1]) in wanted and ref.part < PARTS:
            yield PageRef(address, "index", ref.board, part=ref.part + 1)
            return


def _thread(row: HtmlElement, making: Making, url: str) -> PageRef:
    link = first(row, "a.comments[href]")
    address = join(url, link.get("href")) if link is not None else None
    found = THREAD.fullmatch(urlsplit(address or "").path)
    if found is None or address is None:
        raise UnexpectedPage(url, "submissions that lead to their comments")
    count = COUNT.search(words(link) or "")
    sticky = "sticky, " if "stickied" in row.classes or first(row, ".author .stick") is not None else ""
    hint = f"{sticky}{count[0] if count else 0} comments"
    return PageRef(address, "thread", unquote(found["board"]), int(making.number_of(row)), hint=hint)


def _more(page: HtmlElement, number: int, board: str | None, ref: PageRef, url: str) -> Iterator[PageRef]:
    for link in select(page, "a[onclick]"):
        if found := SEGMENT.search(link.get("onclick") or ""):
            path = f"/comments/{number}/{found['above']}/{found['command']}/{found['start']}/{found['sort']}"
            address = join(url, path) or url
            yield PageRef(address, "more", board, number, part=2 + int(found["start"]), hint=ref.hint)


def _is_stub(opening: HtmlElement, making: Making) -> bool:
    """Whether only the place of a submission is left: Voat names no author, Throat no title of its own."""
    if making is VOAT:
        return first(opening, f"{making.author}, .tagline .author") is None
    return first(opening, ".current.history a.title span") is None


def _author(node: HtmlElement | None) -> str | None:
    """The account that a name leads to; None where nobody is named, as on Voat's anonymous boards."""
    found = USER.search(node.get("href") or "") if node is not None else None
    return unquote(found["name"]) if found else None


def _staff(item: Layout, css: str) -> str | None:
    if css:
        return "mod" if item.first(css) is not None else None
    classes = item.page.classes
    return "admin" if "admin" in classes else "mod" if "mod" in classes else None


def _time(node: HtmlElement | None) -> tuple[datetime | None, str | None]:
    """When, and as written."""
    written = (node.get("datetime") or node.get("title")) if node is not None else None
    return (moment_of(written, VOAT_CLOCK) if written else None), written


def _common(item: Layout, time: str, board: str | None, thread: int) -> dict[str, Any]:
    placed, written = _time(item.first(time))
    return {
        "board": board, "thread": thread, "posted_at": placed, "posted_at_raw": written if placed is None else None,
    }  # fmt: skip


def _read(body: HtmlElement | None, url: str) -> Read:
    return read_tree(deepcopy(body), url) if body is not None else ("", [])


def _post(
    opening: HtmlElement, page: Layout, making: Making, board: str | None, ref: PageRef, url: str
) -> PublishedPost:
    item = Layout(opening)
    title = item.first(".current.history a.title" if making is THROAT else making.title)
    target = join(url, title.get("href")) if title is not None else None
    leads_away = target and urlsplit(target).netloc != urlsplit(url).netloc
    text, hrefs = _read((page if making is THROAT else item).first(making.text), url)
    number, subject = int(making.number_of(opening)), words(title)
    return PublishedPost(
        **_common(item, making.time, board, number), number=number, url=url, subject=subject, text=text, op=True,
        name=_author(item.first(making.author)), capcode=_staff(item, making.staff),
        links=links_of(text, [*hrefs, target if leads_away and target else ""], subject),
        sticky=(ref.hint or "").startswith("sticky"), edited_at=_edited(page.page) if making is THROAT else None,
    )  # fmt: skip


def _edited(page: HtmlElement) -> datetime | None:
    """When Throat's sidebar says that the submission was edited: its second time."""
    for about in select(page, "div.author"):
        times = select(about, "time-ago")
        if len(times) > 1:
            return _time(times[1])[0]
    return None


def _name(number: str) -> str:
    """Voat numbers comments apart from submissions, so that a bare number would stand for two."""
    return f"comment/{number}" if number.isdigit() else number


def _comments(
    page: HtmlElement, making: Making, board: str | None, thread: int, above: int | str, url: str
) -> list[PublishedPost]:
    """The comments of a page, those left out of which only the place is left; `above` is what its outermost answer."""
    found = []
    for one, parent in unnested(page, making.comments):
        item = Layout(one)
        body, author = item.first(making.comment_text), item.first(making.commenter)
        if body is None or _is_gone(item, author, making):
            continue
        text, hrefs = read_tree(body, url)
        number = _name(making.number_of(one))
        found.append(PublishedPost(
            **_common(item, making.comment_time, board, thread), number=number, url=_permalink(item, url, number),
            name=_author(author), capcode=_staff(item, making.comment_staff), text=text,
            quotes=(above if parent is None else _name(making.number_of(parent)),), links=links_of(text, hrefs),
            edited_at=_time(item.first(making.comment_edited))[0],
        ))  # fmt: skip
    return found


def _is_gone(comment: Layout, author: HtmlElement | None, making: Making) -> bool:
    if making is VOAT:
        return author is None
    content = comment.first(".content")
    return comment.first("a.poster.deleted") is not None or content is None or "hidden" in content.classes


def _permalink(comment: Layout, url: str, number: str) -> str | None:
    link = comment.first(".bottombar a[href*='#comment-'], .flat-list a.bylink[href]")
    return join(url, link.get("href")) if link is not None else f"{url}#{number.rpartition('/')[2]}"


ENGINE = Engine(
    name="voat", recognise=recognise, entry=entry, kind_of=kind_of,
    pages={"entry": parse_list, "index": parse_list, "thread": parse_thread, "more": parse_more}, site_numbers=True,
)  # fmt: skip

"""The aggregator that communities.win, scored.co and their kin run: posts and comments, by their pages or by JSON."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from lxml.html import HtmlElement

from core.records import PageRef, PublishedPost
from crawler.dates import marked_time, moment
from crawler.engines.timelines import (
    PARTS,
    Read,
    file_at,
    json_object,
    links_of,
    next_page,
    query_of,
    read_html,
    read_markdown,
    read_tree,
)
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.layout import Layout
from crawler.markup import first, join, select, unnested, words
from crawler.page import Document, Engine, Parsed

LIST = "/api/v2/post/newv2.json"
THREAD = "/api/v2/post/post.json"
BOARD = re.compile(r"/c/(?P<name>[^/]+)(?:/(?:new|hot|top|rising|active))?/?")
POST = re.compile(r"(?:/c/[^/]+)?/p/(?P<uuid>\w+)(?:/.*)?")
COMMENT = re.compile(r"/p/\w+/[^/]+/c/(?P<uuid>\w+)")
POSTS = ".post[data-id][data-author]"
COMMENTS = ".comment-list .comment"
COUNT = re.compile(r"\d+")
GONE = re.compile(r"(?i)not found|does not exist|deleted|removed")
JAVA = "%a %b %d %H:%M:%S %Y"
"""A time as its pages give it in titles, the zone's name taken out: "Tue Nov 24 12:00:00 UTC 2026"."""


def entry(url: str) -> Sequence[PageRef]:
    """A site's newest posts, one community's, or one post; by JSON where the address is the interface's."""
    parts = urlsplit(url)
    if parts.path.startswith("/api/"):
        return [PageRef(url, "entry", query_of(url).get("community"))]
    if POST.fullmatch(parts.path):
        return [PageRef(url, "thread")]
    board = BOARD.fullmatch(parts.path)
    path = f"/c/{board['name']}/new" if board else "/new"
    return [PageRef(join(url, path) or url, "entry", unquote(board["name"]) if board else None)]


def kind_of(document: Document) -> PageRef | None:
    """A list of posts, or a post with its comments."""
    url = document.url or ""
    if not recognise(document):
        return None
    if document.is_json:
        post = document.json["posts"][0]
        return PageRef(url, "thread" if "comments" in document.json else "index", post["community"], post["id"])
    found, board = select(document.html, POSTS), BOARD.match(urlsplit(url).path)
    name = unquote(board["name"]) if board else None
    if POST.fullmatch(urlsplit(url).path) or first(document.html, ".comment-list") is not None:
        return PageRef(url, "thread", name, int(found[0].get("data-id", "")))
    return PageRef(url, "index", name)


def recognise(document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    match json_object(document):
        case {"posts": [{"uuid": str(), "community": str(), "is_stickied": bool()}, *_]}:
            return 1.0
    if document.is_json:
        return 0.0
    return 0.9 if first(document.html, f"{POSTS} .timeago") is not None else 0.0


def parse_list(document: Document, ref: PageRef) -> Parsed:
    """The threads of one page of a list, and its next page; where scripts make the page, its list in JSON.

    UnexpectedPage for any other document.
    """
    url = document.url or ref.url
    match _answer(document):
        case {"posts": [*posts]} if all("uuid" in post and "community" in post for post in posts):
            more = bool(posts) and document.json.get("has_more_entries") is True
            further = next_page(ref, url, kind="index", **{"from": posts[-1]["uuid"]}) if more else []
            return Parsed(pages=[*(_json_thread(post, url) for post in posts if not _is_stub(post)), *further])
    if document.is_json:
        raise UnexpectedPage(url, "a list of posts")
    page = document.html
    threads = [_thread(post, url, ref.board) for post in select(page, POSTS)]
    if threads:
        return Parsed(pages=[*threads, *_next(page, url, ref)])
    if ref.board and first(page, "#app, #root") is not None:
        listed = join(url, f"{LIST}?community={quote(ref.board)}") or url
        return Parsed(pages=[PageRef(listed, "index", ref.board)])
    raise UnexpectedPage(url, "a list of posts")


def parse_thread(document: Document, ref: PageRef) -> Parsed:
    """A post and its comments. Where its page shows not all of them, a second page does, by JSON.

    GonePage for a post of which only the place is left and that nobody answered.
    """
    url = document.url or ref.url
    match _answer(document):
        case {"posts": [{"id": int() as number} as post], "comments": [*comments]} if ref.asks_for(number):
            posts = [_json_post(post, url)] if not _is_stub(post) else []
            uuids = {comment["id"]: comment["uuid"] for comment in comments}
            posts += [_json_comment(one, post, uuids, url) for one in comments if not _is_stub(one)]
            if not posts:
                raise GonePage(url, "the post was deleted or removed")
            return Parsed(posts=posts, parts=ref.part)
    if document.is_json:
        raise UnexpectedPage(url, "a post with its comments")
    layout = Layout(document.html)
    opening = layout.first(POSTS)
    if opening is None or not ref.asks_for(int(opening.get("data-id", ""))):
        failed = words(layout.first(".main-content .error, main .error"))
        if failed and GONE.search(failed):
            raise GonePage(url, failed[:200])
        raise UnexpectedPage(url, "a post with its comments")
    number, board = int(opening.get("data-id", "")), ref.board or _board(url)
    comments = unnested(document.html, COMMENTS)
    rest = join(url, f"{THREAD}?id={number}&comments=true") or url
    missing = len(comments) < _count(opening) or layout.first(".comment-list .more") is not None
    more = [PageRef(rest, "thread", ref.board, ref.thread, part=2, hint=ref.hint)] if missing else []
    items = {one: Layout(one) for one, _ in comments}
    told = [
        _comment(items[one], None if above is None else items[above], number, board, url)
        for one, above in comments
        if _author(items[one])
    ]
    return Parsed(posts=[_post(Layout(opening), board, url), *told], pages=more, parts=1 + len(more))


def _answer(document: Document) -> Mapping[str, Any]:
    """An answer in JSON that is no refusal; empty for a page."""
    match json_object(document):
        case {"status": False, "error": str() as error} if GONE.search(error):
            raise GonePage(document.url, error[:200])
        case {"status": False, **said}:
            raise ClosedPage(document.url, f"the site says: {str(said.get('error'))[:200]}")
        case answer:
            return answer


def _is_stub(item: Mapping[str, Any]) -> bool:
    """Whether only the place of a post is left."""
    return bool(item.get("is_deleted") or item.get("is_removed"))


def _board(url: str) -> str | None:
    found = BOARD.match(urlsplit(url).path)
    return unquote(found["name"]) if found else None


def _json_thread(post: Mapping[str, Any], url: str) -> PageRef:
    flags = [bool(post.get(flag)) for flag in ("is_edited", "is_locked", "is_stickied")]
    hint = f"{post.get('comments')} comments, last {post.get('last_comment_created')} {flags}"
    return PageRef(
        join(url, f"{THREAD}?id={post['id']}&comments=true") or url, "thread", post["community"], post["id"],
        hint=hint, alternate=join(url, f"/c/{quote(post['community'])}/p/{post['uuid']}/x/c/"),
    )  # fmt: skip


def _json_common(item: Mapping[str, Any], post: Mapping[str, Any]) -> dict[str, Any]:
    staff = "admin" if item.get("is_admin") else "mod" if item.get("is_moderator") else None
    return {
        "board": post.get("community"), "thread": post["id"], "name": item.get("author"), "capcode": staff,
        "posted_at": datetime.fromtimestamp(item["created"] / 1000, UTC), "sticky": bool(item.get("is_stickied")),
    }  # fmt: skip


def _json_text(item: Mapping[str, Any], url: str) -> Read:
    """As the page shows it where that is given, else what was typed, which is Markdown."""
    content = item.get("content") or ""
    return read_html(content, url) if "</" in content else read_markdown(item.get("raw_content") or content, url)


def _json_post(post: Mapping[str, Any], url: str) -> PublishedPost:
    text, hrefs = _json_text(post, url)
    target = post.get("link") or post.get("video_link") or ""
    return PublishedPost(
        **_json_common(post, post), number=post["id"], url=join(url, f"/c/{post['community']}/p/{post['uuid']}/x/c/"),
        subject=post["title"], text=text, links=links_of(text, [*hrefs, target], post["title"]), op=True,
        locked=bool(post.get("is_locked")), attachments=(file_at(target),) if post.get("is_image") else (),
    )  # fmt: skip


def _json_comment(
    comment: Mapping[str, Any], post: Mapping[str, Any], uuids: Mapping[int, str], url: str
) -> PublishedPost:
    text, hrefs = _json_text(comment, url)
    above = uuids.get(comment.get("comment_parent_id") or 0, post["id"])
    return PublishedPost(
        **_json_common(comment, post), number=comment["uuid"], text=text, quotes=(above,), links=links_of(text, hrefs),
        url=join(url, f"/c/{post['community']}/p/{post['uuid']}/x/c/{comment['uuid']}"),
    )  # fmt: skip


def _thread(post: HtmlElement, url: str, board: str | None) -> PageRef:
    link = first(post, "a.comments[href], .actions a[href*='/p/']")
    href = link.get("href") if link is not None else None
    if href is None:
        raise UnexpectedPage(url, "posts that lead to their comments")
    hint = f"{_count(post)} comments{', sticky' if _is_sticky(post) else ''}"
    return PageRef(join(url, href) or url, "thread", board, int(post.get("data-id", "")), hint=hint)


def _next(page: HtmlElement, url: str, ref: PageRef) -> Iterator[PageRef]:
    """The next page: the last of the links below a list, of which all but the first page have two."""
    links = select(page, ".more a[href]")
    address = join(url, links[-1].get("href")) if len(links) > (ref.part > 1) else None
    if address and ref.part < PARTS:
        yield PageRef(address, "index", ref.board, part=ref.part + 1)


def _count(post: HtmlElement) -> int:
    found = COUNT.search(words(first(post, "a.comments")) or "")
    return int(found[0]) if found else 0


def _is_sticky(post: HtmlElement) -> bool:
    return not {"sticky", "stickied"}.isdisjoint(post.classes) or first(post, ".top .stickied") is not None


def _author(item: Layout) -> str | None:
    """Who wrote it; None where only the place of a comment is left."""
    return words(item.first(".author"))


def _html_common(item: Layout, thread: int, board: str | None) -> dict[str, Any]:
    node = item.first(".timeago")
    written = None if node is None else marked_time(node) or node.get("title") or node.get("datetime")
    placed = _moment(written)
    return {
        "board": board, "thread": thread, "name": _author(item), "posted_at": placed,
        "posted_at_raw": written if placed is None else None,
    }  # fmt: skip


def _moment(written: str | None) -> datetime | None:
    """A time in ISO 8601, or in UTC as Java writes it."""
    if placed := moment(written):
        return placed
    try:
        return datetime.strptime(re.sub(r" (?:UTC|GMT) ", " ", written or "", count=1), JAVA).replace(tzinfo=UTC)
    except ValueError:
        return None


def _post(item: Layout, board: str | None, url: str) -> PublishedPost:
    number, title = int(item.page.get("data-id", "")), item.first("a.title, .title a")
    body = item.first(".content .inner")
    text, hrefs = read_tree(deepcopy(body), url) if body is not None else ("", [])
    target = join(url, title.get("href")) if title is not None else None
    leads_away = target and not POST.fullmatch(urlsplit(target).path)
    subject = words(title)
    return PublishedPost(
        **_html_common(item, number, board), number=number, url=url, subject=subject, text=text, op=True,
        links=links_of(text, [*hrefs, target if leads_away and target else ""], subject), sticky=_is_sticky(item.page),
    )  # fmt: skip


def _comment(comment: Layout, above: Layout | None, thread: int, board: str | None, url: str) -> PublishedPost:
    permalink = _permalink(comment)
    number = _uuid(permalink)
    if number is None:
        raise UnexpectedPage(url, "comments with permalinks")
    answered = thread if above is None else _uuid(_permalink(above))
    body = comment.first(".content")
    text, hrefs = read_tree(body, url) if body is not None else ("", [])
    return PublishedPost(
        **_html_common(comment, thread, board), number=number, url=join(url, permalink), text=text,
        quotes=() if answered is None else (answered,), links=links_of(text, hrefs),
    )  # fmt: skip


def _permalink(comment: Layout) -> str | None:
    link = comment.first(".actions a[href*='/c/']")
    return link.get("href") if link is not None else None


def _uuid(permalink: str | None) -> str | None:
    """A comment's number in letters, by its permalink; a deleted one may have none."""
    found = COMMENT.search(permalink or "")
    return found["uuid"] if found else None


ENGINE = Engine(
    name="communities", recognise=recognise, entry=entry, kind_of=kind_of,
    pages={"entry": parse_list, "index": parse_list, "thread": parse_thread}, site_numbers=True,
)  # fmt: skip

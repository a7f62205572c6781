"""Lemmy by its JSON interface (version 3, servers 0.19): communities, posts with their comments, accounts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from core.records import Attachment, PageRef, PublishedPost
from crawler.dates import moment
from crawler.engines.timelines import (
    ABOUT,
    account,
    file_at,
    json_object,
    links_of,
    next_page,
    query_of,
    read_markdown,
    with_query,
)
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.markup import first, join
from crawler.page import Document, Engine, Parsed

API = "/api/v3"
PAGE = 50
"""Entries of a page, the most that a server gives."""
MOST_COMMENTS = 40
"""Pages of one post's comments, at most: 2,000 comments."""
ADDRESS = re.compile(r"/(?P<kind>c|u|post)/(?P<name>[^/]+)/?")
GONE = re.compile(r"couldnt_find_(?:post|community|person|that_username_or_email)|not_found")
PATHS = {"post": "thread", "comment/list": "thread", "post/list": "index", "user": "account", "site": "about"}


def entry(url: str) -> Sequence[PageRef]:
    """The site's own posts, those last commented first; one community, account or post where the address names it."""
    found = ADDRESS.fullmatch(urlsplit(url).path)
    name = unquote(found["name"]) if found else ""
    match found and found["kind"]:
        case "c":
            return [_list(url, name)]
        case "u":
            return [PageRef(_api(url, f"user?username={quote(name)}&sort=New&limit={PAGE}&page=1"), "account")]
        case "post" if name.isdigit():
            return [_thread(url, int(name), None)]
    return [PageRef(_api(url, "site"), "entry")]


def kind_of(document: Document) -> PageRef | None:
    """What an answer is, by its shape and address."""
    url = document.url or ""
    kind = PATHS.get(urlsplit(url).path.removeprefix(f"{API}/")) or _shape(document)
    if not document.is_json or kind is None:
        return None
    asked = query_of(url)
    if kind == "thread":
        number = asked.get("post_id") or asked.get("id") or ""
        part = int(asked.get("page", "1")) + 1 if "post_id" in asked else 1
        return PageRef(url, kind, _board_in(document), int(number) if number.isdigit() else None, part=part)
    return PageRef(url, kind, asked.get("community_name"), part=int(asked.get("page", "1")))


def recognise(document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    if document.is_json:
        return float(_shape(document) is not None)
    is_page = first(document.html, "#root .lemmy-site, #app.lemmy-site") is not None
    return 0.9 if is_page or "window.isoData" in document.text[:5000] else 0.0


def _shape(document: Document) -> str | None:
    match json_object(document):
        case {"post_view": {"post": {"ap_id": str()}}} | {"comments": [{"comment": {"path": str()}}, *_]}:
            kind = "thread"
        case {"person_view": {"person": {"actor_id": str()}}}:
            kind = "account"
        case {"posts": [{"post": {"ap_id": str()}, "community": dict()}, *_]}:
            kind = "index"
        case {"site_view": {"site": {"actor_id": str()}}}:
            kind = "about"
        case _:
            return None
    return "account" if "person_view" in document.json else kind


def parse_site(document: Document, ref: PageRef) -> Parsed:
    """What the site says of itself, and the list of its posts; of a page for people, where these are."""
    url = document.url or ref.url
    if not document.is_json and recognise(document):
        return Parsed(pages=list(entry(url)))
    match _answer(document):
        case {"site_view": {"site": {"name": str() as name} as site}}:
            said = [read_markdown(site.get(part), url) for part in ("description", "sidebar")]
            about = account(name, number=ABOUT, url=site.get("actor_id"), title=name, said=said)
            return Parsed(posts=[about.model_copy(update={"name": None})], pages=[_list(url, None)])
    raise UnexpectedPage(url, "a site's description by Lemmy's interface")


def parse_list(document: Document, ref: PageRef) -> Parsed:
    """The threads of one page of a list, and its next page."""
    url = document.url or ref.url
    match _answer(document):
        case {"posts": [*views], **rest} if all("post" in view and "community" in view for view in views):
            threads = [_thread(url, view["post"]["id"], view) for view in views if not _is_stub(view["post"])]
        case _:
            raise UnexpectedPage(url, "a list of posts by Lemmy's interface")
    cursor = rest.get("next_page")
    further = {"page_cursor": cursor, "page": None} if cursor else {"page": ref.part + 1}
    more = next_page(ref, url, **further) if len(views) >= PAGE else []
    whole = ref.board is not None and ref.part == 1 and not more
    return Parsed(pages=[*threads, *more], lists_board=ref.board if whole else None)


def parse_thread(document: Document, ref: PageRef) -> Parsed:
    """The post alone, which is a thread's first page, or a page of its comments; and the pages of its comments.

    GonePage for a post that was deleted or removed: only its place is left.
    """
    url = document.url or ref.url
    match _answer(document):
        case {"post_view": {"post": {"id": int() as number} as post} as view} if ref.asks_for(number):
            if _is_stub(post):
                raise GonePage(url, "the post was deleted or removed")
            parts = 1 + ceil(int(view.get("counts", {}).get("comments") or 0) / PAGE)
            first_page = [_comments(url, number, ref, _community(view), 2)] if parts > 1 else []
            return Parsed(posts=[_post(view, url)], pages=first_page, parts=parts)
        case {"comments": [*views]} if all("comment" in view for view in views):
            if not all(ref.asks_for(view["post"]["id"]) for view in views):
                raise UnexpectedPage(url, f"comments of post {ref.thread}")
            posts = [_comment(view, url) for view in views if not _is_stub(view["comment"])]
            is_last = len(views) < PAGE or ref.part >= MOST_COMMENTS
            number = views[0]["post"]["id"] if views else 0
            more = [] if is_last else [_comments(url, number, ref, _community(views[0]), ref.part + 1)]
            return Parsed(posts=posts, pages=more, parts=ref.part + len(more))
    raise UnexpectedPage(url, "a post or its comments by Lemmy's interface")


def parse_account(document: Document, ref: PageRef) -> Parsed:
    """What an account says of itself, its posts and comments, and the page of older ones."""
    url = document.url or ref.url
    match _answer(document):
        case {"person_view": {"person": person}, "posts": [*posts], "comments": [*comments]}:
            told = [_post(view, url) for view in posts if not _is_stub(view["post"])]
            told += [_comment(view, url) for view in comments if not _is_stub(view["comment"])]
        case _:
            raise UnexpectedPage(url, "an account by Lemmy's interface")
    is_full = max(len(posts), len(comments)) >= PAGE
    more = next_page(ref, url, page=ref.part + 1) if is_full else []
    return Parsed(posts=[*_profile(person), *told] if ref.part == 1 else told, pages=more)


def _answer(document: Document) -> Mapping[str, Any]:
    """An answer that is none of the interface's refusals."""
    match json_object(document):
        case {"error": str() as error} if GONE.fullmatch(error):
            raise GonePage(document.url, error)
        case {"error": str() as error}:
            raise ClosedPage(document.url, f"the site says: {error[:200]}")
        case answer:
            return answer


def _api(url: str, path: str) -> str:
    return join(url, f"{API}/{path}") or url


def _list(url: str, community: str | None) -> PageRef:
    """The first page of a list of posts, those last commented first."""
    address = with_query(
        _api(url, "post/list"), community_name=community, type_="All" if community else "Local",
        sort="NewComments", limit=PAGE, page=1,
    )  # fmt: skip
    return PageRef(address, "index", community)


def _thread(url: str, number: int, view: Mapping[str, Any] | None) -> PageRef:
    hint = None
    if view:
        post, counts = view["post"], view.get("counts") or {}
        flags = [bool(post.get(flag)) for flag in ("locked", "featured_community", "featured_local")]
        last = counts.get("newest_comment_time")
        hint = f"{counts.get('comments')} comments, last {last}, {post.get('updated')} {flags}"
    return PageRef(_api(url, f"post?id={number}"), "thread", _community(view) if view else None, number, hint=hint)


def _comments(url: str, number: int, ref: PageRef, board: str | None, part: int) -> PageRef:
    """A page of comments, the oldest first: the thread's second page is the first of them."""
    address = with_query(_api(url, "comment/list"), post_id=number, type_="All", sort="Old", limit=PAGE, page=part - 1)
    return PageRef(address, "thread", board or ref.board, number, part=part, hint=ref.hint)


def _board_in(document: Document) -> str | None:
    match json_object(document):
        case {"post_view": view} | {"comments": [view, *_]}:
            return _community(view)
    return None


def _community(view: Mapping[str, Any]) -> str | None:
    return _handle(view.get("community") or {})


def _handle(actor: Mapping[str, Any]) -> str | None:
    """A name, with its server where that is another one."""
    name, host = actor.get("name"), urlsplit(actor.get("actor_id") or "").netloc
    return f"{name}@{host}" if name and host and actor.get("local") is False else name


def _is_stub(item: Mapping[str, Any]) -> bool:
    """Whether only the place of a post is left."""
    return bool(item.get("deleted") or item.get("removed"))


def _post(view: Mapping[str, Any], url: str) -> PublishedPost:
    post = view["post"]
    text, hrefs = read_markdown(post.get("body"), url)
    target = post.get("url") or ""
    return PublishedPost(
        **_common(view, post, post["id"]),
        number=post["id"],
        url=post.get("ap_id") or join(url, f"/post/{post['id']}"),
        subject=post["name"],
        text=text,
        attachments=tuple(_files(post)),
        links=links_of(text, [*hrefs, target], post["name"], post.get("alt_text")),
        op=True,
        sticky=bool(post.get("featured_community") or post.get("featured_local") or post.get("stickied")),
        locked=bool(post.get("locked")),
    )


def _comment(view: Mapping[str, Any], url: str) -> PublishedPost:
    comment = view["comment"]
    text, hrefs = read_markdown(comment["content"], url)
    above = str(comment.get("path") or "").split(".")[1:-1]
    post = comment.get("post_id") or view["post"]["id"]
    return PublishedPost(
        **_common(view, comment, post),
        number=_number(comment["id"]),
        url=comment.get("ap_id") or join(url, f"/comment/{comment['id']}"),
        text=text,
        quotes=(_number(above[-1]) if above else post,),
        links=links_of(text, hrefs),
    )


def _number(comment: object) -> str:
    """Comments are numbered apart from posts, so that a bare number would stand for two."""
    return f"comment/{comment}"


def _common(view: Mapping[str, Any], item: Mapping[str, Any], thread: int) -> dict[str, Any]:
    staff = "admin" if view.get("creator_is_admin") or (view.get("creator") or {}).get("admin") else None
    return {
        "board": _community(view), "thread": thread, "posted_at": _moment(item.get("published")),
        "name": _handle(view.get("creator") or {}), "edited_at": _moment(item.get("updated")),
        "capcode": staff or ("mod" if view.get("creator_is_moderator") or item.get("distinguished") else None),
    }  # fmt: skip


def _files(post: Mapping[str, Any]) -> Iterator[Attachment]:
    """A picture that was posted to the server."""
    if "/pictrs/image/" in (post.get("url") or ""):
        yield file_at(post["url"])


def _moment(written: str | None) -> datetime | None:
    """A time; those of servers before 0.19 are in UTC and do not say so."""
    return moment(written) or moment(f"{written}Z")


def _profile(person: Mapping[str, Any]) -> Iterator[PublishedPost]:
    handle = _handle(person)
    if handle and not _is_stub(person):
        matrix = person.get("matrix_user_id")
        contact = (f"Matrix: {matrix}", [f"https://matrix.to/#/{matrix}"]) if matrix else None
        said = [read_markdown(person.get("bio")), contact]
        yield account(handle, url=person.get("actor_id"), title=person.get("display_name"), said=said)


ENGINE = Engine(
    name="lemmy", recognise=recognise, entry=entry, kind_of=kind_of,
    pages={
        "entry": parse_site, "about": parse_site, "index": parse_list, "thread": parse_thread, "account": parse_account,
    }, site_numbers=True,
)  # fmt: skip

"""PeerTube by its JSON interface (version 1): titles, texts, comments, channels. Videos are not fetched."""

import re
from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from markdown_it import MarkdownIt

from core.records import PageRef, PublishedPost
from crawler.dates import moment
from crawler.engines.timelines import (
    ABOUT,
    account,
    json_object,
    links_of,
    next_page,
    query_of,
    read_markdown,
    with_query,
)
from crawler.errors import ClosedPage, UnexpectedPage
from crawler.markup import first, join
from crawler.page import Document, Engine, Parsed

API = "/api/v1"
PAGE = 100
"""Entries of a page, the most that a server gives."""
MOST_COMMENTS = 20
"""Pages of one video's comments, at most."""
ADDRESS = re.compile(
    r"/(?:(?:w|videos/watch)/(?P<video>[^/;]+)|(?:c|video-channels)/(?P<channel>[^/]+)|(?:a|accounts)/(?P<account>[^/]+))"
    r"(?:/(?:videos|video-channels|about))?/?"
)
PATH = re.compile(r"/api/v1/videos/(?P<video>[^/]+)(?:/comment-threads(?:/(?P<thread>\d+))?)?")
OF_CHANNEL = re.compile(r"/api/v1/video-channels/(?P<channel>[^/]+)/videos")
DIALECT = MarkdownIt("zero", {"html": True, "breaks": True}).enable(
    ["autolink", "emphasis", "link", "image", "newline", "list", "html_inline", "html_block"]
)
"""What its pages show of Markdown (core-utils, renderer/markdown.ts); comments of other software are HTML."""
COMMENTS_DISABLED = 2
"""`commentsPolicy` (models, video-comment-policy.enum.ts)."""


def entry(url: str) -> Sequence[PageRef]:
    """The server's own videos and what it says of itself; one channel, account or video where the address names it."""
    found = ADDRESS.fullmatch(urlsplit(url).path)
    match found and found.lastgroup:
        case "video":
            return [_video(url, found["video"])]  # type: ignore[index]
        case "channel" | "account" as kind:
            name = unquote(found[kind])  # type: ignore[index]
            path = f"video-channels/{quote(name)}" if kind == "channel" else f"accounts/{quote(name)}"
            return [PageRef(_api(url, path), "entry", name if kind == "channel" else None)]
    videos = with_query(_api(url, "videos"), start=0, count=PAGE, sort="-publishedAt", isLocal="true", nsfw="both")
    return [PageRef(videos, "entry"), PageRef(_api(url, "config/about"), "about")]


def kind_of(document: Document) -> PageRef | None:
    """What an answer is, by its shape and address."""
    url = document.url or ""
    kind, found = _shape(document), PATH.fullmatch(urlsplit(url).path)
    match kind:
        case None:
            return None
        case "thread":
            return PageRef(url, kind, _channel(document.json, url), document.json["uuid"])
        case "comments":
            return PageRef(url, kind, thread=found["video"] if found else None, part=_part(url) + 1)
        case "replies":
            return PageRef(url, kind, thread=document.json["comment"]["threadId"])
    channel = OF_CHANNEL.fullmatch(urlsplit(url).path)
    return PageRef(url, kind, unquote(channel["channel"]) if channel else None, part=_part(url))


def recognise(document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    if document.is_json:
        return float(_shape(document) is not None)
    return 0.9 if "PeerTubeServerConfig" in document.text and first(document.html, "my-app") is not None else 0.0


def _shape(document: Document) -> str | None:
    match json_object(document):
        case {"uuid": str(), "name": str(), "channel": dict(), "account": dict()}:
            return "thread"
        case {"total": int(), "data": list(), "totalNotDeletedComments": int()}:
            return "comments"
        case {"total": int(), "data": [{"threadId": int(), "inReplyToCommentId": _}, *_]}:
            return "comments"
        case {"total": int(), "data": [{"uuid": str(), "channel": dict(), "publishedAt": str()}, *_]}:
            return "index"
        case {"comment": {"threadId": int()}, "children": list()}:
            return "replies"
        case {"instance": {"name": str(), "shortDescription": _}}:
            return "about"
        case {"name": str(), "host": str(), "displayName": str(), "description": _, "followersCount": int()}:
            return "account"
    return None


def parse_entry(document: Document, ref: PageRef) -> Parsed:
    """A list of videos, a channel, an account; of a page for people, where these are. UnexpectedPage for the rest."""
    if not document.is_json and recognise(document):
        return Parsed(pages=list(entry(document.url or ref.url)))
    return (parse_account if _shape(document) == "account" else parse_list)(document, ref)


def parse_list(document: Document, ref: PageRef) -> Parsed:
    """The videos of one page of a list, and its next page."""
    url = document.url or ref.url
    match _answer(document):
        case {"total": int() as total, "data": [*videos]} if all("uuid" in video for video in videos):
            more = next_page(ref, url, kind="index", start=ref.part * PAGE) if total > ref.part * PAGE else []
            whole = ref.board is not None and ref.part == 1 and len(videos) == total
            threads = [_video(url, video["uuid"], video) for video in videos]
            return Parsed(pages=[*threads, *more], lists_board=ref.board if whole else None)
    raise UnexpectedPage(url, "a list of videos by PeerTube's interface")


def parse_video(document: Document, ref: PageRef) -> Parsed:
    """A video's title and text, which is a thread's first page, and the first page of its comments."""
    url = document.url or ref.url
    match _answer(document):
        case {"uuid": str() as uuid, "shortUUID": short} as video if ref.thread is None or ref.thread in (uuid, short):
            policy = (video.get("commentsPolicy") or {}).get("id")
            silent = policy == COMMENTS_DISABLED or video.get("commentsEnabled") is False or video.get("comments") == 0
            more = [] if silent else [_comments(url, uuid, ref, _channel(video, url), 2)]
            return Parsed(posts=[_post(video, url)], pages=more, parts=1 + len(more))
    raise UnexpectedPage(url, "a video by PeerTube's interface")


def parse_comments(document: Document, ref: PageRef) -> Parsed:
    """Comments that answer the video itself, the page of older ones, and where the answers to each are.

    Those answers are threads of their own, as PeerTube has them. Places of deleted comments are left out.
    """
    url = document.url or ref.url
    match _answer(document):
        case {"total": int() as total, "data": [*comments]} if all("threadId" in comment for comment in comments):
            uuid = str(ref.thread)
            parts = 1 + min(max(1, ceil(total / PAGE)), MOST_COMMENTS)
            more = [_comments(url, uuid, ref, ref.board, ref.part + 1)] if ref.part < parts else []
            answered = [comment for comment in comments if comment.get("totalReplies")]
            return Parsed(
                posts=[_comment(comment, uuid, ref, url) for comment in comments if not _is_stub(comment)],
                pages=[*more, *(_replies(url, uuid, ref, comment) for comment in answered)],
                parts=parts,
            )
    raise UnexpectedPage(url, "comments by PeerTube's interface")


def parse_replies(document: Document, ref: PageRef) -> Parsed:
    """Every answer below one comment, and to answers; the comment itself stands among those of the video."""
    url = document.url or ref.url
    match _answer(document):
        case {"comment": {"threadId": int() as thread}, "children": [*children]} if ref.asks_for(thread):
            answers = list(_below(children))
            return Parsed(posts=[_comment(one, thread, ref, url) for one in answers if not _is_stub(one)])
    raise UnexpectedPage(url, "answers to a comment by PeerTube's interface")


def parse_account(document: Document, ref: PageRef) -> Parsed:
    """What a channel or account says of itself, and the list of its videos."""
    url = document.url or ref.url
    match _answer(document):
        case {"name": str(), "host": str(), "displayName": title} as shown:
            said = [_read(shown.get("description"), url), _read(shown.get("support"), url)]
            told = account(_handle(shown, url) or "", url=shown.get("url"), title=title, said=said)
            videos = with_query(
                f"{url.partition('?')[0]}/videos", start=0, count=PAGE, sort="-publishedAt", nsfw="both"
            )
            return Parsed(posts=[told], pages=[PageRef(videos, "index", ref.board)])
    raise UnexpectedPage(url, "a channel or account by PeerTube's interface")


def parse_about(document: Document, ref: PageRef) -> Parsed:
    """What the server says of itself."""
    url = document.url or ref.url
    match _answer(document):
        case {"instance": {"name": str() as name} as instance}:
            said = [_read(instance.get(part), url) for part in ("shortDescription", "description", "terms")]
            about = account(name, number=ABOUT, url=join(url, "/"), title=name, said=said)
            return Parsed(posts=[about.model_copy(update={"name": None})])
    raise UnexpectedPage(url, "what a server says of itself by PeerTube's interface")


def _answer(document: Document) -> Mapping[str, Any]:
    """An answer that is none of the interface's refusals (RFC 7807)."""
    match json_object(document):
        case {"status": 401 | 403, "detail": str() as detail}:
            raise ClosedPage(document.url, f"the site says: {detail[:200]}")
        case answer:
            return answer


def _api(url: str, path: str) -> str:
    return join(url, f"{API}/{path}") or url


def _part(url: str) -> int:
    return int(query_of(url).get("start", "0")) // PAGE + 1


def _video(url: str, video: str, listed: Mapping[str, Any] | None = None) -> PageRef:
    """A video's page. Old servers do not list how many comments it has: there it is read again when it was seen."""
    hint = None
    if listed:
        count = listed.get("comments")
        hint = f"{listed.get('views')} views" if count is None else f"{count} comments"
        hint += f", {listed.get('updatedAt')}"
    board = _channel(listed, url) if listed else None
    return PageRef(_api(url, f"videos/{quote(video)}"), "thread", board, video, hint=hint)


def _comments(url: str, video: str, ref: PageRef, board: str | None, part: int) -> PageRef:
    """A page of comments: the thread's second page is the first of them."""
    start = (part - 2) * PAGE
    address = with_query(_api(url, f"videos/{video}/comment-threads"), start=start, count=PAGE, sort="-createdAt")
    return PageRef(address, "comments", board, video, part=part, hint=ref.hint)


def _replies(url: str, video: str, ref: PageRef, comment: Mapping[str, Any]) -> PageRef:
    hint = f"{comment['totalReplies']} replies, {comment.get('updatedAt')}"
    address = _api(url, f"videos/{video}/comment-threads/{comment['id']}")
    return PageRef(address, "replies", ref.board, comment["id"], hint=hint)


def _below(trees: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for tree in trees:
        yield tree["comment"]
        yield from _below(tree.get("children") or ())


def _is_stub(comment: Mapping[str, Any]) -> bool:
    """Whether only the place of a comment is left."""
    return bool(comment.get("isDeleted") or comment.get("deletedAt"))


def _handle(actor: Mapping[str, Any] | None, url: str) -> str | None:
    """A name, with its server where that is another one."""
    name, host = (actor or {}).get("name"), (actor or {}).get("host")
    return f"{name}@{host}" if name and host and host != urlsplit(url).netloc else name


def _channel(video: Mapping[str, Any], url: str) -> str | None:
    return _handle(video.get("channel"), url)


def _read(source: str | None, url: str) -> tuple[str, list[str]]:
    return read_markdown(source, url, DIALECT)


def _post(video: Mapping[str, Any], url: str) -> PublishedPost:
    text, hrefs = _read(video.get("description"), url)
    support, more = _read(video.get("support"), url)
    return PublishedPost(
        board=_channel(video, url), thread=video["uuid"], number=video["uuid"], url=video.get("url"),
        posted_at=moment(video.get("publishedAt")), name=_handle(video.get("account"), url), subject=video["name"],
        text=text, links=links_of(text, [*hrefs, *more], video["name"], support), op=True, views=video.get("views"),
    )  # fmt: skip


def _comment(comment: Mapping[str, Any], thread: object, ref: PageRef, url: str) -> PublishedPost:
    text, hrefs = _read(comment.get("text"), url)
    answered = comment.get("inReplyToCommentId") or thread
    return PublishedPost(
        board=ref.board, thread=thread, number=comment["id"], url=comment.get("url"),
        posted_at=moment(comment.get("createdAt")), name=_handle(comment.get("account"), url),
        text=text, quotes=(answered,), links=links_of(text, hrefs),
    )  # fmt: skip


ENGINE = Engine(
    name="peertube", recognise=recognise, entry=entry, kind_of=kind_of,
    pages={
        "entry": parse_entry, "index": parse_list, "thread": parse_video, "comments": parse_comments,
        "replies": parse_replies, "account": parse_account, "about": parse_about,
    }, site_numbers=True,
)  # fmt: skip

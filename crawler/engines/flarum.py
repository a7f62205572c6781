"""Flarum: discussions and their posts as JSON:API, which its pages carry for their scripts and its interface gives."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote, unquote, urlsplit

from lxml.html import HtmlElement

from core.records import Attachment, PageRef, PublishedPost
from crawler.dates import moment
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.links import links_in
from crawler.markup import (
    by_name,
    drop,
    first,
    is_whole,
    join,
    parse_fragment,
    plain_text,
    preformat_code,
    select,
    words,
)
from crawler.page import Document, Engine, Parsed

Data = Mapping[str, Any]
Resources = Mapping[tuple[str, str], Data]

DISCUSSION = re.compile(r"(?P<folder>.*?)/(?:d|api/discussions)/(?P<slug>(?P<number>\d+)[^/]*)(?:/(?P<near>\d+))?/?")
TAG = re.compile(r"(?P<folder>.*?)/t/(?P<tag>[^/]+)/?")
FRONT = re.compile(r"(?P<folder>.*?)/?(?:(?:all|tags|d|t|u|p|api)(?:/.*)?)?")
PAYLOAD = "script#flarum-json-payload"
SIGNS = {PAYLOAD: 0.7, "noscript#flarum-content": 0.3, "#flarum-loading": 0.3}
CHANGES = ("commentCount", "lastPostedAt", "lastPostNumber")
FLAGS = {"isSticky": "sticky", "isLocked": "locked"}
STAFF = frozenset({"1", "4"})
"""Ids of the groups that a fresh forum has for its administrators and moderators."""
A_PAGE = 20
"""Posts on one page of a discussion, discussions on one page of a list."""
PARTS = 50
"""Pages of the list that are followed, at most."""
MENTIONS = frozenset({"PostMention", "UserMention", "TagMention", "GroupMention"})
UPLOADED = "[data-fof-upload-download-uuid]"
"""A file as the usual extension for uploads shows it: buttons of an icon, the name and the size."""

UPLOADED_IMAGE = re.compile(r"/assets/files/\d{4}-\d\d-\d\d/(?:\d+-)*([^/?#]+)")


def recognise(document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    if document.is_json:
        return 1.0 if _kind(_data(document)) else 0.0
    return min(1.0, sum(weight for css, weight in SIGNS.items() if first(document.html, css) is not None))


def entry(url: str) -> Sequence[PageRef]:
    """Where a crawl begins: the latest discussions, of one tag where the address names it; or one discussion."""
    path = unquote(urlsplit(url).path)
    if found := DISCUSSION.fullmatch(path):
        asked = PageRef("", "thread", thread=int(found["number"]))
        return [_discussion(url, found["slug"], asked)]
    found = TAG.fullmatch(path)
    return [_list(url, found["tag"] if found else None)]


def kind_of(document: Document) -> PageRef | None:
    """A page of a discussion or a list of discussions; of the interface also a page of a discussion's posts."""
    url, data = document.url or "", _data(document)
    match _kind(data):
        case "thread":
            about = _about(data)
            return PageRef(url, "thread", _board(data, about), _number(about), part=_part(url, data))
        case "index":
            return PageRef(url, "index", _tag_of(document), part=_part(url, data))
    path = unquote(urlsplit(url).path)
    if document.is_json or not recognise(document):
        return None
    if found := DISCUSSION.fullmatch(path):
        return PageRef(url, "thread", thread=int(found["number"]))  # it should hold posts, or say why it does not
    return PageRef(url, "entry")


def parse_entry(document: Document, ref: PageRef) -> Parsed:
    """Of any page of a site, the list of its latest discussions."""
    url = document.url or ref.url
    if not recognise(document):
        raise UnexpectedPage(url, "a page of the forum")
    return Parsed(pages=list(entry(url)))


def parse_list(document: Document, ref: PageRef) -> Parsed:
    """The discussions of one page of a list, and the following page.

    A discussion's hint is how many posts it has, its last post, and whether it is sticky or locked.
    """
    data, url = _data(document), document.url or ref.url
    if _kind(data) != "index":
        raise _instead(data, url, "a list of discussions")
    pages = []
    for one in data["data"]:
        about = one["attributes"]
        hint = " ".join(str(about.get(name)) for name in CHANGES)
        hint = ", ".join([hint, *(said for name, said in FLAGS.items() if about.get(name))])
        if not about.get("isHidden"):
            asked = PageRef("", "thread", _board(data, one) or ref.board, _number(one), hint=hint)
            pages.append(_discussion(url, about.get("slug") or one["id"], asked))
    part = max(ref.part, _part(url, data))
    if (data.get("links") or {}).get("next") and part < PARTS:
        pages.append(_list(url, _tag_in(url), part + 1, ref.board))
    return Parsed(pages=pages)


def parse_discussion(document: Document, ref: PageRef) -> Parsed:
    """The comments on one page of a discussion, and its other pages; what happened to it in between is no post.

    Raises GonePage and ClosedPage as the interface says it, and UnexpectedPage where the page is another discussion's,
    was cut short, or lacks posts that it should hold.
    """
    data, url = _data(document), document.url or ref.url
    if _kind(data) != "thread":
        raise _instead(data, url, "a discussion with its posts")
    about, part = _about(data), _part(url, data)
    if not ref.asks_for(_number(about)):
        raise UnexpectedPage(url, f"discussion {ref.thread}")
    said, shown = (ref.hint or "").split(", "), about["attributes"]
    discussion = Discussion(
        _number(about), str(shown.get("slug") or about["id"]), _board(data, about) or ref.board, shown.get("title"),
        _id(about, "firstPost"),
        *(bool(shown.get(name, flag in said)) for name, flag in FLAGS.items()),
    )  # fmt: skip
    address = join(url, f"{_folder(url)}/d/{quote(discussion.slug)}/") or url
    last, resources = _last(data, about, part), _resources(data)
    asked = PageRef("", "thread", discussion.board, discussion.number, hint=ref.hint)
    others = [replace(asked, part=other) for other in range(1, last + 1) if other != part]
    posts = [_post(one, discussion, resources, address) for one in _posts(data, about, part, url)]
    return Parsed(posts=posts, pages=[_discussion(url, discussion.slug, other) for other in others], parts=last)


class Discussion(NamedTuple):
    """What all posts of a discussion share."""

    number: int
    slug: str
    board: str | None
    title: str | None
    opening: str | None
    sticky: bool
    locked: bool


def _post(raw: Data, discussion: Discussion, resources: Resources, url: str) -> PublishedPost:
    """One comment; `url` is the discussion's, to which a comment's number is added."""
    shown, user = raw["attributes"], resources.get(("users", _id(raw, "user") or ""), {})
    text, quotes, files, hrefs = _read(shown["contentHtml"] or "", url)
    signature = user.get("attributes", {}).get("signature")
    signed, _, _, leads = _read(signature if isinstance(signature, str) else "", url)
    op = discussion.opening == raw["id"] if discussion.opening else shown["number"] == 1
    return PublishedPost(
        board=discussion.board, thread=discussion.number, number=raw["id"],
        url=f"{url}{shown['number']}",
        posted_at=moment(shown.get("createdAt")), name=_name(user), capcode=_capcode(resources, user),
        subject=discussion.title if op else None, text=text, quotes=tuple(quotes), attachments=tuple(files),
        links=links_in(text, hrefs, links_in(signed, leads) if signed or leads else ()), op=op,
        sticky=discussion.sticky, locked=discussion.locked,
        edited_at=moment(shown["editedAt"]) if shown.get("editedAt") else None,
    )  # fmt: skip


def _name(user: Data) -> str | None:
    about = user.get("attributes", {})
    return about.get("username") or about.get("displayName") or None


def _capcode(resources: Resources, user: Data) -> str | None:
    """What a member of the forum's staff is called; other groups are none."""
    groups = user.get("relationships", {}).get("groups") or {}
    for group in groups.get("data") or ():
        if str(group["id"]) in STAFF:
            named = resources.get(("groups", str(group["id"])), {})
            return named.get("attributes", {}).get("nameSingular") or None
    return None


def _read(content: str, url: str) -> tuple[str, list[str], list[Attachment], list[str]]:
    """Text, ids of the posts answered, files and hrefs of a post's HTML; quoted words are not its author's."""
    if not content.strip():
        return "", [], [], []
    body = parse_fragment(content, url)
    shown = by_name(body)
    answered: dict[str, None] = {}
    for mention in shown[".PostMention"]:
        if mention.get("data-id") and sum(above.tag == "blockquote" for above in mention.iterancestors()) <= 1:
            answered[mention.get("data-id", "")] = None
    drop(body, *(quote for quote in shown["blockquote"] if not list(quote.iterancestors("blockquote"))))
    files = list(_files(body))
    if shown["code"]:
        preformat_code(body)
    links = select(body, "a[href]") if shown["a"] else []
    links = [link for link in links if MENTIONS.isdisjoint(link.classes)]
    # What was typed without a scheme is a link by http, whatever its host: the text says it better.
    hrefs = [href for link in links if (href := link.get("href", "")) != f"http://{link.text_content()}"]
    return plain_text(body), list(answered), files, hrefs


def _files(body: HtmlElement) -> Iterator[Attachment]:
    """The uploaded files of a post, taken out of its text."""
    for node in select(body, f"{UPLOADED}, img[src]"):
        if node.tag == "img":
            name = UPLOADED_IMAGE.search(unquote(node.get("src", "")))
            if name is None:
                continue
            yield Attachment(filename=name[1])
        else:
            said = [words(button) for button in select(node, ".Button") if words(button)]
            yield Attachment(filename=said[0] if said else None)
        drop(body, node)


def _kind(data: Data) -> str | None:
    """What a document is of: a discussion with posts, posts of one discussion, a list of discussions, or none."""
    match data.get("data"):
        case {"type": "discussions", "id": str() as number, "attributes": {}}:
            return "thread" if any(_own(one, number) for one in _included(data, "posts")) else None
        case [{"type": "posts"}, *_] as posts:
            of = {_of(one) for one in posts}
            return "thread" if len(of) == 1 and None not in of else None
        case [*found] if "posts" not in {one.get("type") for one in found if isinstance(one, dict)}:
            lists = all(
                isinstance(one, dict) and one.get("type") == "discussions" and "attributes" in one for one in found
            )
            return "index" if lists and (found or "links" in data) else None
    return None


def _data(document: Document) -> Data:
    """A page's data: the document itself, or what a page carries for its scripts."""
    if document.is_json:
        return document.json if isinstance(document.json, dict) else {}
    if not is_whole(document.text):
        raise UnexpectedPage(document.url, "a whole page")
    script = first(document.html, PAYLOAD)
    if script is None:
        return {}
    payload = Document(document.url, (script.text or "").strip().encode()).json
    return payload.get("apiDocument") or {} if isinstance(payload, dict) else {}


def _about(data: Data) -> Data:
    """The discussion of a page of posts, as far as it tells of it."""
    found: Data = data["data"] if isinstance(data["data"], dict) else {}
    if found:
        return found
    number = str(_of(data["data"][0]))
    return _resources(data).get(("discussions", number), {"type": "discussions", "id": number, "attributes": {}})


def _posts(data: Data, about: Data, part: int, url: str) -> Iterator[Data]:
    """The comments of the page that is shown, in their order."""
    if isinstance(data["data"], list):
        found = list(data["data"])
    else:
        found = [one for one in _included(data, "posts") if _own(one, about["id"])]
        ids, near = _ids(about), DISCUSSION.fullmatch(urlsplit(url).path)
        if ids and not (near and near["near"]):
            # Answers to a post are given with it, those on other pages too.
            window = set(ids[(part - 1) * A_PAGE : part * A_PAGE])
            if window - {str(one["id"]) for one in found}:
                raise UnexpectedPage(url, f"every post of page {part} of the discussion")
            found = [one for one in found if one["id"] in window]
    for one in sorted(found, key=lambda one: int(one["attributes"].get("number") or 0)):
        shown = one["attributes"]
        if shown.get("contentType") == "comment" and not shown.get("isHidden") and "contentHtml" in shown:
            yield one


def _own(post: Data, discussion: str) -> bool:
    return _of(post) == discussion and "contentType" in post.get("attributes", {})


def _of(post: Data) -> str | None:
    """The id of the discussion that a post is of."""
    return _id(post, "discussion")


def _id(resource: Data, name: str) -> str | None:
    """The id of the one resource that this one has such a relationship with."""
    data = (resource.get("relationships", {}).get(name) or {}).get("data")
    return str(data["id"]) if isinstance(data, dict) else None


def _ids(about: Data) -> list[str]:
    """The ids of all posts of a discussion in their order; empty where the document does not tell."""
    linked = (about.get("relationships", {}).get("posts") or {}).get("data") or []
    return [str(one["id"]) for one in linked]


def _included(data: Data, kind: str) -> list[Data]:
    return [one for one in data.get("included") or () if one.get("type") == kind]


def _resources(data: Data) -> Resources:
    """What a document includes, by kind and id."""
    return {(one["type"], str(one["id"])): one for one in data.get("included") or ()}


def _board(data: Data, about: Data) -> str | None:
    """The tag that a discussion stands under, the innermost of those that order the forum; None without any."""
    linked = (about.get("relationships", {}).get("tags") or {}).get("data") or ()
    resources = _resources(data)
    tags = [found["attributes"] for one in linked if (found := resources.get(("tags", str(one["id"]))))]
    # Children first, then the others that have a place in the order of tags, then those that have none.
    tags.sort(key=lambda tag: (not tag.get("isChild"), tag.get("position") is None, tag.get("position") or 0))
    return (tags[0].get("name") or None) if tags else None


def _number(about: Data) -> int:
    return int(about["id"])


def _part(url: str, data: Data) -> int:
    """Which page is shown: by its address, or by which of the discussion's posts stand first on it."""
    asked = parse_qs(urlsplit(url).query)
    if offset := (asked.get("page[offset]") or [""])[0]:
        return int(offset) // A_PAGE + 1 if offset.isdecimal() else 1
    if number := (asked.get("page") or asked.get("page[number]") or [""])[0]:
        return max(1, int(number)) if number.isdecimal() else 1
    near = DISCUSSION.fullmatch(urlsplit(url).path)
    if near and near["near"] and isinstance(data["data"], dict):
        ids = _ids(data["data"])
        shown = {one["id"] for one in _included(data, "posts")}
        return next((place // A_PAGE + 1 for place, one in enumerate(ids) if one in shown), 1)
    return 1


def _last(data: Data, about: Data, part: int) -> int:
    """How many pages a discussion has, as far as one of them tells."""
    if (data.get("links") or {}).get("next"):
        return part + 1
    count = len(_ids(about)) or int(about["attributes"].get("commentCount") or 0)
    return max(part, -(-count // A_PAGE))


def _instead(data: Data, url: str, expected: str) -> Exception:
    """What a document is that does not hold what it should: the interface's own error, or nothing known."""
    errors = data.get("errors")
    status = str(errors[0].get("status")) if isinstance(errors, list) and errors else ""
    if status in ("404", "410"):
        return GonePage(url, "the forum says that there is no such discussion")
    return (
        ClosedPage(url, f"the forum answers {status}")
        if status in ("401", "403", "503")
        else UnexpectedPage(url, expected)
    )


def _tag_of(document: Document) -> str | None:
    """The name of the tag that a list is of; None for lists over all."""
    tag = _tag_in(document.url or "")
    for one in _included(_data(document), "tags") if tag else ():
        if one["attributes"].get("slug") == tag:
            return one["attributes"].get("name") or None
    return None


def _tag_in(url: str) -> str | None:
    """The tag that a list's address names."""
    parts = urlsplit(url)
    found = TAG.fullmatch(unquote(parts.path))
    return found["tag"] if found else next(iter(parse_qs(parts.query).get("filter[tag]", ())), None)


def _folder(url: str) -> str:
    """The software's folder, without a slash at its end."""
    path = unquote(urlsplit(url).path)
    found = DISCUSSION.fullmatch(path) or TAG.fullmatch(path) or FRONT.fullmatch(path)
    return found["folder"].rstrip("/") if found else ""


def _discussion(url: str, slug: str, ref: PageRef) -> PageRef:
    """One page of a discussion; its posts by the interface are what is asked for where pages are closed."""
    page = f"?page={ref.part}" if ref.part > 1 else ""
    offset = f"&page[offset]={(ref.part - 1) * A_PAGE}" if ref.part > 1 else ""
    address = join(url, f"{_folder(url)}/d/{quote(slug)}{page}")
    posts = join(url, f"{_folder(url)}/api/posts?filter[discussion]={ref.thread}{offset}")
    return replace(ref, url=address or url, alternate=posts)


def _list(url: str, tag: str | None, part: int = 1, board: str | None = None) -> PageRef:
    """One page of the latest discussions by the interface; the page itself where that is closed."""
    only = f"&filter[tag]={quote(tag)}" if tag else ""
    offset = f"&page[offset]={(part - 1) * A_PAGE}" if part > 1 else ""
    address = join(url, f"{_folder(url)}/api/discussions?sort=-lastPostedAt{only}{offset}")
    path = (f"/t/{quote(tag)}" if tag else "/all") + (f"?page={part}" if part > 1 else "")
    return PageRef(address or url, "index", board, part=part, alternate=join(url, _folder(url) + path))


ENGINE = Engine(
    name="flarum", recognise=recognise, entry=entry, kind_of=kind_of,
    pages={"entry": parse_entry, "index": parse_list, "thread": parse_discussion}, site_numbers=True,
)  # fmt: skip

"""Discourse, by its JSON: its categories, the latest topics of each, and every post of a topic."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from lxml.html import HtmlElement

from core.records import Attachment, PageRef, PublishedPost
from crawler.dates import moment
from crawler.engines.jsonboards import hint
from crawler.errors import UnexpectedPage
from crawler.links import links_in
from crawler.markup import drop, first, join, parse_fragment, plain_text, select, words
from crawler.page import Document, Engine, Parsed

CATEGORY = re.compile(r"/c/(?P<path>(?:[^/]+/)*?(?P<slug>[^/]+)/(?P<number>\d+))(?:\.json|/.*)?")
TOPIC = re.compile(r"/t/(?:[^/]+/)?(?P<topic>\d+)(?:\.json|/.*)?")
SIGNS = 'meta[name="generator"][content^="Discourse"], meta[name="discourse_theme_id"], #data-discourse-setup'
HINTS = ("posts_count", "highest_post_number", "last_posted_at", "pinned", "closed", "archived")
NAMES = frozenset({"mention", "mention-group", "hashtag", "hashtag-cooked"})
SIZE = re.compile(r"^ \([\d.,]+ [KMG]?B\)")
A_PAGE = 20
"""Posts on one page of a topic."""
NO_POST = ("action_code", "user_deleted", "deleted_at", "cooked_hidden")
"""Marks of what happened to a topic, and of posts in whose place the site says that they are gone or hidden."""
DEEPEST = 3
"""Categories within each other, at most."""
PARTS = 50
"""Pages of the list that are followed, at most: 30 topics each."""


def entry(url: str) -> Sequence[PageRef]:
    """The categories; one topic or category where the source's address names it.

    A site that does not list its categories still has a list of its latest topics.
    """
    if found := TOPIC.fullmatch(urlsplit(url).path):
        return [_topic(url, int(found["topic"]))]
    if found := CATEGORY.fullmatch(urlsplit(url).path):
        return [_category(url, found["path"], unquote(found["slug"]))]
    return [PageRef(join(url, "/site.json") or url, "entry", alternate=join(url, "/latest.json"))]


def kind_of(document: Document) -> PageRef | None:
    """A topic, a list of topics or of categories; copies of single posts hold nothing of their own."""
    url = document.url or ""
    if not document.is_json:
        return None
    match document.json:
        case {"id": int() as topic, "post_stream": {"posts": list()}}:
            part = re.search(r"[?&]page=(\d+)", url)
            return PageRef(url, "thread", thread=topic, part=int(part[1]) if part else 1)
        case {"topic_list": {"topics": list()}}:
            found = CATEGORY.fullmatch(urlsplit(url).path)
            return PageRef(url, "index", unquote(found["slug"]) if found else None)
    return PageRef(url, "entry") if _categories(document.json) else None


def recognise(document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    if not document.is_json:
        return 1.0 if first(document.html, SIGNS) is not None else 0.0
    return 1.0 if kind_of(document) is not None else 0.0


def parse_list(document: Document, ref: PageRef) -> Parsed:
    """The topics of one page of a list, and the following page; of a front page or the site's data, its lists.

    A category's list names the topics of those within it too, which have lists of their own: there they have their
    board's name.
    """
    url = document.url or ref.url
    if not document.is_json:
        if recognise(document):
            return Parsed(pages=list(entry(url)))
        raise UnexpectedPage(url, "a list of topics")
    category = CATEGORY.fullmatch(urlsplit(url).path)
    board = ref.board or (unquote(category["slug"]) if category else None)
    match document.json:
        case {"topic_list": {"topics": [*topics], **rest}} if all("id" in topic for topic in topics):
            here = [
                one for one in topics if not category or str(one.get("category_id")) in (category["number"], "None")
            ]
            pages = [_topic(url, one["id"], hint=hint(one, HINTS), board=board) for one in here]
        case data if categories := _categories(data):
            return Parsed(pages=[_category(url, path, name) for path, name in categories])
        case _:
            raise UnexpectedPage(url, "a list of topics or of categories")
    if rest.get("more_topics_url") and ref.part < PARTS:
        if category:
            following = _category(url, category["path"], board, ref.part + 1)
        else:
            following = PageRef(join(url, f"/latest.json?page={ref.part}") or url, "index", part=ref.part + 1)
        pages.append(following)
    return Parsed(pages=pages)


def parse_topic(document: Document, ref: PageRef) -> Parsed:
    """The posts of one page of a topic, and its further pages; UnexpectedPage where it is not that topic."""
    about: dict[str, Any] = document.json if document.is_json and isinstance(document.json, dict) else {}
    stream = about.get("post_stream")
    raw = stream.get("posts") if isinstance(stream, dict) else None
    if not isinstance(raw, list) or not isinstance(about.get("id"), int) or not ref.asks_for(about["id"]):
        raise UnexpectedPage(document.url, "the topic that was asked for, with its posts")
    ids = (stream or {}).get("stream")
    # What happened to a topic stands among its posts on its pages, and is not counted.
    topic, count = about["id"], len(ids) if isinstance(ids, list) and ids else about.get("posts_count") or 0
    parts = max(1, -(-count // A_PAGE))
    page = join(document.url, f"/t/{quote(about.get('slug') or '-')}/{topic}")
    places = {(str(topic), number): post for number, post in _numbered(raw, ids)}
    category = about.get("category_id")
    board = ref.board or (None if category is None else str(category))
    posts = [_post(one, about, page, board, places) for one in raw if not any(one.get(mark) for mark in NO_POST)]
    others = range(2, parts + 1) if ref.part == 1 else ()
    further = [_topic(document.url or ref.url, topic, part, ref.hint, ref.board) for part in others]
    return Parsed(posts=posts, pages=further, parts=parts)


def _numbered(posts: Sequence[Mapping[str, Any]], stream: Any) -> Iterator[tuple[str, int]]:
    """The ids of a topic's posts by their numbers in it, as far as one page tells.

    It tells of its own posts, and the ids of all others in their order. Numbers are left out where a post was taken
    away; where the page's first post has the number of its place, none is left out before it.
    """
    for one in posts:
        yield str(one["post_number"]), int(one["id"])
    ids = stream if isinstance(stream, list) else []
    if posts and posts[0]["id"] in ids and ids.index(posts[0]["id"]) == posts[0]["post_number"] - 1:
        for number, post in enumerate(ids[: posts[0]["post_number"] - 1], 1):
            yield str(number), int(post)


def _categories(data: Any) -> list[tuple[str, str]]:
    """Path and name of each category that a site's data or its list of categories names, those within others too."""
    match data:
        case {"categories": [{"id": int(), "slug": str(), "name": str(), "topic_count": int()}, *_] as found}:
            pass
        case {
            "category_list": {
                "categories": [{"id": int(), "slug": str(), "name": str(), "topic_count": int()}, *_] as found
            }
        }:
            pass
        case _:
            return []
    within = [inner for one in found for inner in one.get("subcategory_list") or ()]
    every = {one["id"]: one for one in (*found, *within)}
    return [("/".join([*_slugs(every, one), str(number)]), one["name"]) for number, one in every.items()]


def _slugs(every: Mapping[int, Mapping[str, Any]], category: Mapping[str, Any]) -> list[str]:
    """What a category's address is made of: the slugs of those it is within, and its own."""
    path: list[str] = []
    above: Mapping[str, Any] | None = category
    while above and len(path) < DEEPEST:
        path.insert(0, quote(unquote(above["slug"] or "-")))
        above = every.get(above.get("parent_category_id") or 0)
    return path


def _post(
    raw: Mapping[str, Any], about: Mapping[str, Any], page: str | None, board: str | None,
    places: Mapping[tuple[str, str], int],
) -> PublishedPost:  # fmt: skip
    text, quoted, files, hrefs = _read(raw.get("cooked") or "", page)
    answered = [*quoted, (str(about["id"]), str(raw.get("reply_to_post_number")))]
    opening = raw["post_number"] == 1
    return PublishedPost(
        board=board,
        thread=about["id"],
        number=raw["id"],
        url=page and f"{page}/{raw['post_number']}",
        posted_at=moment(raw.get("created_at")),
        name=raw.get("username"),
        capcode="staff" if raw.get("staff") else None,
        subject=about.get("title") if opening else None,
        text=text,
        quotes=tuple(dict.fromkeys(places[place] for place in answered if place in places)),
        attachments=tuple(files),
        links=links_in(text, hrefs),
        op=opening,
        sticky=bool(about.get("pinned")),
        locked=bool(about.get("closed") or about.get("archived")),
        edited_at=moment(raw.get("updated_at")) if (raw.get("version") or 1) > 1 else None,
    )


def _read(cooked: str, page: str | None) -> tuple[str, list[tuple[str, str]], list[Attachment], list[str]]:
    """Text, (topic, post) quoted, files and links of a post's HTML.

    Quoted words and a link's preview are not its author's.
    """
    if not cooked.strip():
        return "", [], [], []
    body = parse_fragment(cooked, page)
    quoted = [quote for quote in select(body, "aside.quote[data-post]") if _outermost(quote)]
    places = [(quote.get("data-topic") or "", quote.get("data-post") or "") for quote in quoted]
    shown = select(body, "aside.onebox")
    hrefs = [node.get("data-onebox-src") or "" for node in shown]
    quotes = [quote for quote in select(body, "blockquote") if not list(quote.iterancestors("blockquote", "aside"))]
    drop(body, *quoted, *shown, *quotes)
    files = list(_files(body))
    drop(body, *select(body, "aside.quote, a.anchor"))
    links = [link for link in select(body, "a[href]") if NAMES.isdisjoint(link.classes)]
    # What was typed without a scheme is a link by http, whatever its host: the text says it better.
    typed = [link for link in links if link.get("href") != f"http://{link.text_content()}"]
    hrefs += [join(page, link.get("href")) or "" for link in typed]
    return plain_text(body).strip(), places, files, hrefs


def _files(body: HtmlElement) -> Iterator[Attachment]:
    """The uploaded files of a post, taken out of its text with the sizes that stand after their names."""
    for node in select(body, "a.attachment, .lightbox-wrapper, img[src*='/uploads/']"):
        if node.tag == "img" and any("lightbox-wrapper" in above.classes for above in node.iterancestors()):
            continue
        named = first(node, ".meta .filename")
        yield Attachment(filename=words(named if named is not None else node) or node.get("alt") or None)
        node.tail = SIZE.sub("", node.tail or "")
        drop(body, node)


def _outermost(quote: Any) -> bool:
    return not any(above.tag == "aside" for above in quote.iterancestors())


def _topic(url: str, topic: int, part: int = 1, hint: str | None = None, board: str | None = None) -> PageRef:
    address = join(url, f"/t/{topic}.json" + (f"?page={part}" if part > 1 else "")) or url
    return PageRef(address, "thread", board, topic, part, hint)


def _category(url: str, path: str, board: str | None, part: int = 1) -> PageRef:
    """One page of a category's latest topics; numbers of pages begin at 0 in addresses."""
    address = join(url, f"/c/{path}/l/latest.json" + (f"?page={part - 1}" if part > 1 else "")) or url
    return PageRef(address, "index", board, part=part)


ENGINE = Engine(
    name="discourse", recognise=recognise, entry=entry, kind_of=kind_of,
    pages={"entry": parse_list, "index": parse_list, "thread": parse_topic}, site_numbers=True,
)  # fmt: skip

"""Discourse, by its JSON: the latest topics, and every post of a topic."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from core.records import PageRef, PublishedPost
from crawler.dates import moment
from crawler.engines.jsonboards import hint
from crawler.errors import UnexpectedPage
from crawler.links import links_in
from crawler.markup import drop, first, join, parse_html, plain_text, select
from crawler.page import Document, Engine, Parsed

TOPIC = re.compile(r"/t/(?:[^/]+/)?(?P<topic>\d+)(?:\.json|/.*)?")
SIGNS = 'meta[name="generator"][content^="Discourse"], meta[name="discourse_theme_id"], #data-discourse-setup'
HINTS = ("posts_count", "highest_post_number", "last_posted_at", "pinned", "closed", "archived")
A_PAGE = 20
"""Posts on one page of a topic."""
PARTS = 50
"""Pages of the list that are followed, at most: 30 topics each."""


def entry(url: str) -> Sequence[PageRef]:
    """The latest topics; one topic where the source's address names it."""
    if found := TOPIC.fullmatch(urlsplit(url).path):
        return [_topic(url, int(found["topic"]))]
    return [PageRef(join(url, "/latest.json") or url, "entry")]


def kind_of(document: Document) -> PageRef | None:
    """A topic or a list of topics; copies of single posts hold nothing of their own."""
    url = document.url or ""
    if not document.is_json:
        return None
    match document.json:
        case {"id": int() as topic, "post_stream": {"posts": list()}}:
            part = re.search(r"[?&]page=(\d+)", url)
            return PageRef(url, "thread", thread=topic, part=int(part[1]) if part else 1)
        case {"topic_list": {"topics": list()}}:
            return PageRef(url, "index")
    return None


def recognise(document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    if not document.is_json:
        return 1.0 if first(document.html, SIGNS) is not None else 0.0
    return 1.0 if kind_of(document) is not None else 0.0


def parse_list(document: Document, ref: PageRef) -> Parsed:
    """The topics of one page of a list, and the following page; of a front page, that list."""
    url = document.url or ref.url
    if not document.is_json:
        if recognise(document):
            return Parsed(pages=list(entry(url)))
        raise UnexpectedPage(url, "a list of topics")
    match document.json:
        case {"topic_list": {"topics": [*topics], **rest}} if all("id" in topic for topic in topics):
            pages = [_topic(url, topic["id"], hint=hint(topic, HINTS)) for topic in topics]
        case _:
            raise UnexpectedPage(url, "a list of topics")
    if rest.get("more_topics_url") and ref.part < PARTS:
        more = join(url, f"/latest.json?page={ref.part}") or url
        pages.append(PageRef(more, "index", part=ref.part + 1))
    return Parsed(pages=pages)


def parse_topic(document: Document, ref: PageRef) -> Parsed:
    """The posts of one page of a topic, and its further pages; UnexpectedPage where it is not that topic."""
    about: dict[str, Any] = document.json if document.is_json and isinstance(document.json, dict) else {}
    stream = about.get("post_stream")
    raw = stream.get("posts") if isinstance(stream, dict) else None
    if not isinstance(raw, list) or not isinstance(about.get("id"), int) or not ref.asks_for(about["id"]):
        raise UnexpectedPage(document.url, "the topic that was asked for, with its posts")
    topic, parts = about["id"], max(1, -(-(about.get("posts_count") or 0) // A_PAGE))
    page = join(document.url, f"/t/{about.get('slug') or '-'}/{topic}")
    places = {(str(topic), str(one["post_number"])): int(one["id"]) for one in raw}
    posts = [_post(one, about, page, places) for one in raw if not one.get("action_code")]
    further = [_topic(document.url or ref.url, topic, part) for part in range(2, parts + 1)] if ref.part == 1 else []
    return Parsed(posts=posts, pages=further, parts=parts)


def _post(
    raw: Mapping[str, Any], about: Mapping[str, Any], page: str | None, places: Mapping[tuple[str, str], int]
) -> PublishedPost:
    text, quoted, hrefs = _read(raw.get("cooked") or "", page)
    answered = [*quoted, (str(about["id"]), str(raw.get("reply_to_post_number")))]
    category, opening = about.get("category_id"), raw["post_number"] == 1
    return PublishedPost(
        board=None if category is None else str(category),
        thread=about["id"],
        number=raw["id"],
        url=page and f"{page}/{raw['post_number']}",
        posted_at=moment(raw.get("created_at")),
        name=raw.get("username"),
        capcode="staff" if raw.get("staff") else None,
        subject=about.get("title") if opening else None,
        text=text,
        quotes=tuple(dict.fromkeys(places[place] for place in answered if place in places)),
        links=links_in(text, hrefs),
        op=opening,
        sticky=opening and bool(about.get("pinned")),
        locked=opening and bool(about.get("closed") or about.get("archived")),
        edited_at=moment(raw.get("updated_at")) if (raw.get("version") or 1) > 1 else None,
    )


def _read(cooked: str, page: str | None) -> tuple[str, list[tuple[str, str]], list[str]]:
    """Text, (topic, post) quoted and links of a post's HTML; quoted words and a link's preview are not its author's."""
    if not cooked.strip():
        return "", [], []
    body = parse_html(f"<html><body>{cooked}</body></html>", page)
    quoted = [quote for quote in select(body, "aside.quote[data-post]") if _outermost(quote)]
    places = [(quote.get("data-topic") or "", quote.get("data-post") or "") for quote in quoted]
    shown = select(body, "aside.onebox")
    hrefs = [node.get("data-onebox-src") or "" for node in shown]
    drop(body, *quoted, *shown, *select(body, "aside.quote, .lightbox-wrapper .meta, a.anchor"))
    links = [
        link for link in select(body, "a[href]") if not {"mention", "hashtag", "mention-group"} & set(link.classes)
    ]
    hrefs += [join(page, link.get("href")) or "" for link in links]
    return plain_text(body).strip(), places, hrefs


def _outermost(quote: Any) -> bool:
    return not any(above.tag == "aside" for above in quote.iterancestors())


def _topic(url: str, topic: int, part: int = 1, hint: str | None = None) -> PageRef:
    address = join(url, f"/t/{topic}.json" + (f"?page={part}" if part > 1 else "")) or url
    return PageRef(address, "thread", thread=topic, part=part, hint=hint)


ENGINE = Engine(
    name="discourse", recognise=recognise, entry=entry, kind_of=kind_of,
    pages={"entry": parse_list, "index": parse_list, "thread": parse_topic}, site_numbers=True,
)  # fmt: skip

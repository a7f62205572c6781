"""What networks that answer in JSON share: texts in HTML or Markdown, pages of older posts, records of accounts."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml.html import HtmlElement
from markdown_it import MarkdownIt

from core.records import Attachment, PageRef, PublishedPost
from crawler.links import links_in
from crawler.markup import drop, join, parse_fragment, plain_text, select
from crawler.page import Document

PARTS = 10
"""Pages of older posts that a crawl goes back, at most."""
ABOUT = "about"
"""Number of the record that holds what a site says of itself: each change of it is a revision."""
SPOILER = re.compile(r"(?m)^[ ]{0,3}:{3,}[ ]*spoiler[ ]*(.*)$")
SPOILER_END = re.compile(r"(?m)^[ ]{0,3}:{3,}[ ]*$")
NOT_LEADING = frozenset({"mention", "hashtag"})
"""Classes of links that are words of a network's own: `@wren`, `#tea`."""

Read = tuple[str, list[str]]
"""A text, and where its links lead."""


def read_html(markup: str | None, base: str | None = None) -> Read:
    """Text of a post in HTML, and its links as they lead rather than as they are shortened; quoted blocks left out.

    Mentions and hashtags are words, not links.
    """
    if not markup or not markup.strip():
        return "", []
    return read_tree(parse_fragment(markup, base), base)


def read_markdown(source: str | None, base: str | None = None, dialect: MarkdownIt | None = None) -> Read:
    """The same of a post in Markdown: a dialect, or CommonMark, tables, `~~`, `::: spoiler`, HTML as letters."""
    if not source or not source.strip():
        return "", []
    blocks = SPOILER_END.sub("\n", SPOILER.sub(r"\n\1\n", source))
    return read_html((dialect or _markdown()).render(blocks), base)


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["strikethrough", "table"])


def read_tree(tree: HtmlElement, base: str | None) -> Read:
    """The same of a part of a page, which is changed by it."""
    drop(tree, *select(tree, "blockquote, .quote-inline"))
    for wrapped in select(tree, "li > p:first-child"):
        wrapped.drop_tag()
    links = [link for link in select(tree, "a[href]") if NOT_LEADING.isdisjoint(link.classes)]
    return plain_text(tree).strip(), [join(base, link.get("href")) or "" for link in links]


def account(
    handle: str,
    *,
    url: str | None,
    title: str | None,
    said: Iterable[Read | None],
    more: Iterable[str | None] = (),
    number: str | None = None,
) -> PublishedPost:
    """What an account, or a site, says of itself, as a record: each change of it is a revision.

    `said` holds its texts in their order, `more` addresses that it gives besides.
    """
    told = [one for one in said if one and (one[0] or one[1])]
    text = "\n".join(words for words, _ in told if words)
    hrefs = [href for _, found in told for href in found] + [address for address in more if address]
    return PublishedPost(
        board=None, thread=None, number=number or f"profile {handle}", url=url, posted_at=None, name=handle,
        subject=title or None, text=text, links=links_in(_with(text, title), hrefs),
    )  # fmt: skip


def field(name: Any, value: Read) -> Read:
    """A line of a profile: what it is, and its value."""
    return f"{name}: {value[0]}", value[1]


def links_of(text: str, hrefs: Iterable[str], *beside: str | None) -> Any:
    """The links of a post: of its text, of what stands beside it (title, picture's description), and its hrefs."""
    return links_in(_with(text, *beside), hrefs)


def _with(text: str, *beside: str | None) -> str:
    return "\n".join([text, *(words for words in beside if words)])


def file_at(address: str | None, name: str | None = None, size: Any = None, md5: str | None = None) -> Attachment:
    """A file by its name, or by the end of its address."""
    end = urlsplit(address or "").path.rpartition("/")[2]
    return Attachment(filename=name or end or None, size=size if isinstance(size, int) else None, md5=md5 or None)


def query_of(url: str) -> dict[str, str]:
    """The parameters of an address."""
    return dict(parse_qsl(urlsplit(url).query))


def with_query(url: str, **given: object) -> str:
    """The address with these parameters set; those given as None left out."""
    parts = urlsplit(url)
    kept = query_of(url) | given
    query = urlencode({name: value for name, value in kept.items() if value is not None})
    return urlunsplit(parts._replace(query=query, fragment=""))


def next_page(ref: PageRef, url: str, most: int = PARTS, kind: str | None = None, **given: object) -> list[PageRef]:
    """The following page of a list, which differs from this one by these parameters; none beyond the `most`."""
    if ref.part >= most:
        return []
    return [PageRef(with_query(url, **given), kind or ref.kind, ref.board, ref.thread, part=ref.part + 1)]


def json_object(document: Document) -> Mapping[str, Any]:
    """The document's object; empty for anything else, so that no shape matches it."""
    found = document.json if document.is_json else None
    return found if isinstance(found, dict) else {}

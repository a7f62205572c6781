"""What a parser gets and what it returns: documents, page references, parsed pages, engines as values."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import lxml.html

from core.records import PageRef, PublishedPost
from crawler.decode import LOST, decode
from crawler.errors import UnexpectedPage
from crawler.markup import parse_html

SURROGATE = re.compile("[\ud800-\udfff]")
ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
"""A NUL or half of a surrogate pair, as JSON writes them; the other half may follow."""


@dataclass(frozen=True)
class Document:
    """A response as it came, with its readings made once and on demand."""

    url: str | None
    body: bytes
    content_type: str | None = None
    """The Content-Type header's value."""
    status: int = 200
    fetched_at: datetime | None = None
    """When it was fetched, for pages that tell times by it ("5 minutes ago")."""

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return Document, (self.url, self.body, self.content_type, self.status, self.fetched_at)  # a tree cannot travel

    @cached_property
    def text(self) -> str:
        """The body as text: by header, byte-order mark, declaration, or guess; NUL becomes U+FFFD."""
        return decode(self.body, self.content_type)

    @property
    def is_json(self) -> bool:
        """Whether the body is an object or a list in JSON rather than a page, by its first character."""
        return self.text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}

    @property
    def has_html_tag(self) -> bool:
        """Whether the body begins as HTML, by the tag itself, whatever its type is declared as."""
        return "<html" in self.text[:5000].lower()

    @cached_property
    def json(self) -> Any:
        """The body as JSON, half surrogate pairs and NULs in it as U+FFFD; UnexpectedPage where it is none."""
        has_halves = not self.text.isascii() and SURROGATE.search(self.text)
        try:
            told = json.loads(self.text.removeprefix("\ufeff"))
            return _readable(told) if has_halves or ESCAPED.search(self.text) else told
        except (ValueError, RecursionError):
            raise UnexpectedPage(self.url, "JSON") from None

    @cached_property
    def html(self) -> lxml.html.HtmlElement:
        """The body as a tree; UnexpectedPage where nothing can be read from it or it was made to hang a parser."""
        return parse_html(self.text, self.url)

    @property
    def path(self) -> str:
        """Path and query of the address, `/` without one."""
        parts = urlsplit(self.url or "")
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _readable(value: Any) -> Any:
    """A JSON value with escapes that are no text (NUL, half a surrogate pair) replaced."""
    match value:
        case str():
            return SURROGATE.sub(LOST, value).replace("\0", LOST)
        case list():
            return [_readable(item) for item in value]
        case dict():
            return {key: _readable(item) for key, item in value.items()}
        case _:
            return value


@dataclass(frozen=True)
class Parsed:
    """What one page gave."""

    posts: Sequence[PublishedPost] = ()
    pages: Sequence[PageRef] = ()
    """Further pages it points to."""
    parts: int = 1
    """How many pages this list or thread has, as the page says."""
    lists_board: str | None = None
    """Set where `pages` names every living thread of that board: one that is missing is gone or archived."""
    confidence: float = 1.0
    """Below 1 where the page was read without knowing its engine."""


@dataclass(frozen=True)
class Engine:
    """A board software: what gives it away, where a crawl begins, how each kind of page is read.

    `recognise` returns 0–1 for one document of a site. `kind_of` says what a document is (by markup, and address
    where there is one), or None where it holds nothing of its own; `pages` holds the parser of each kind.
    """

    name: str
    recognise: Callable[[Document], float]
    entry: Callable[[str], Sequence[PageRef]]
    kind_of: Callable[[Document], PageRef | None]
    pages: Mapping[str, Callable[[Document, PageRef], Parsed]]
    site_numbers: bool = False
    """Whether post numbers count over the whole site rather than per board."""

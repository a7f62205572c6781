"""What imageboards with a JSON interface have in common: messages as HTML, numbers behind `>>`, times."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from crawler.errors import UnexpectedPage
from crawler.markup import join, parse_html, plain_text, select
from crawler.page import Document

CITE = re.compile(r"\s*>>(\d+)\s*(?:\(OP\)|→)?\s*")
"""A link to another post of the same board, as it is shown."""


def read_message(markup: str | None, page: str | None) -> tuple[str, tuple[int, ...], list[str]]:
    """Text, numbers of the posts it answers, and where its links lead, those to other posts left out."""
    if not markup or not markup.strip():
        return "", (), []
    body = parse_html(f"<html><body>{markup}</body></html>", page)
    quotes: dict[int, None] = {}
    hrefs: list[str] = []
    for link in select(body, "a[href]"):
        cited = CITE.fullmatch(link.text_content())
        if cited:
            quotes[int(cited[1])] = None
        elif not link.text_content().lstrip().startswith(">>"):  # `>>>/tea/17` is another board of this site
            hrefs.append(join(page, link.get("href")) or "")
    return plain_text(body), tuple(quotes), hrefs


def json_posts(document: Document, what: str) -> dict[str, Any]:
    """The document as a JSON object; UnexpectedPage, naming what was expected, for anything else."""
    if document.text.lstrip("\ufeff \t\r\n")[:1] != "{" or not isinstance(document.json, dict):
        raise UnexpectedPage(document.url, what)
    found: dict[str, Any] = document.json
    return found


def is_json(document: Document) -> bool:
    """Whether a document is JSON rather than a page."""
    return document.text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}


def moment(written: Any) -> datetime | None:
    """A time in ISO 8601 with its zone; None for anything else."""
    try:
        read = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else None


def hint(thread: dict[str, Any], names: Sequence[str]) -> str:
    """What a list says of a thread that changes when the thread does."""
    return " ".join(str(thread.get(name)) for name in names)

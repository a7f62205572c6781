"""What of a post is indexed: one document for both indexes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from core.records import Post, TaggedPost
from search.analysis import LONGEST_VALUE, terms, whole
from search.query import microseconds

FACETS = ("platform", "source", "board", "thread", "author", "tag", "severity", "domain", "lang", "deleted")
INTERVALS = ("hour", "day", "week", "month", "year")


@dataclass(frozen=True)
class Indexed:
    """A post as it is indexed."""

    id: str
    words: Mapping[str, str]
    """`text`, `subject`: analysed words parted by spaces."""
    keywords: Mapping[str, list[str]]
    """Folded values, compared whole."""
    shown: Mapping[str, list[str]]
    """Facets' values as they are shown, and the beginning of the hour, day … that a post falls into."""
    severity: list[int]
    flags: Mapping[str, bool]
    posted: int
    """In microseconds (search.query.microseconds); when it was first seen where the page does not tell."""
    sort: str
    """Orders by time, then by id."""
    stored: Mapping[str, Any]
    """The post as a hit prints it."""


def document_of(tagged: TaggedPost) -> Indexed:
    """The indexed form of a post."""
    post = tagged.post
    moment = post.posted_at or post.first_seen_at
    given = {"link": post.links, "attachment": post.attachments, "tag": tagged.tags, "subject": post.subject}
    keywords: dict[str, list[str | None]] = {
        "id": [post.id],
        "platform": [post.platform],
        "source": [post.source],
        "board": [post.board],
        "thread": [None if post.thread is None else str(post.thread)],
        "author": [post.author],
        "tag": [name for tag in tagged.tags for name in (tag.label, tag.rule)],
        "link": _spellings(post),
        "domain": [link.domain for link in post.links],
        "lang": [post.language or "und"],
        "has": [name for name, value in given.items() if value],
    }
    severity = sorted({tag.severity for tag in tagged.tags})
    shown: dict[str, list[str | None]] = {
        **{name: keywords[name] for name in ("platform", "source", "board", "thread", "author", "domain", "lang")},
        "tag": [tag.label for tag in tagged.tags],
        "severity": [str(number) for number in severity],
        "deleted": ["true" if post.deleted_seen_at else "false"],
        "hour": [f"{moment:%Y-%m-%dT%H:00:00Z}"],
        "day": [f"{moment:%Y-%m-%d}"],
        "week": [f"{moment - timedelta(days=moment.weekday()):%Y-%m-%d}"],
        "month": [f"{moment:%Y-%m}-01"],
        "year": [f"{moment:%Y}-01-01"],
    }
    return Indexed(
        id=post.id,
        words={"text": " ".join(terms(post.text)), "subject": " ".join(terms(post.subject or ""))},
        keywords={name: _distinct(values, folded=True) for name, values in keywords.items()},
        shown={name: _distinct(values) for name, values in shown.items()},
        severity=severity,
        flags={"deleted": post.deleted_seen_at is not None, "op": post.op},
        posted=microseconds(moment),
        sort=f"{microseconds(moment):020d}|{post.id}",
        stored=post.public() | {"tags": [tag.model_dump(mode="json") for tag in tagged.tags]},
    )


def _spellings(post: Post) -> list[str | None]:
    """Every way somebody may ask for a link: whole, without scheme, without www, host, as written."""
    found: list[str | None] = []
    for link in post.links:
        for url in (link.url, link.target) if link.target else (link.url,):
            rest = url.partition("://")[2]
            found += [url, url.rstrip("/"), rest, rest.rstrip("/"), rest.removeprefix("www.")]
            found += [rest.removeprefix("www.").rstrip("/"), urlsplit(url).hostname]
        found += [link.raw, link.host, link.domain]
        if link.handle:
            found.append(f"{link.service}/{link.handle}")
    return found


def _distinct(values: list[str | None], *, folded: bool = False) -> list[str]:
    given = [value for value in values if value]
    return list(dict.fromkeys(whole(value) if folded else value[:LONGEST_VALUE] for value in given))

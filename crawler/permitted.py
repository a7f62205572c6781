"""What may be fetched: which types of content are read, and what a robots.txt allows."""

from protego import Protego

ROBOTS_BYTES = 500 * 1024
"""RFC 9309, 2.5: at least this much of a robots.txt has to be read."""
TEXT_TYPES = (
    "text/", "application/json", "application/xml", "application/xhtml", "application/rss", "application/atom",
    "application/ld+json", "application/activity+json", "application/feed+json", "application/vnd.api+json",
)  # fmt: skip
ICON_TYPES = ("image/", "application/octet-stream", "binary/octet-stream")
"""What icons are served as; asked for as such alone, see docs/decisions/0014-favicons.md."""
ICON_BYTES = 32 * 1024
"""The largest icon that is fetched."""


def is_text(content_type: str) -> bool:
    """Whether a Content-Type is one that is read; an absent one may be text. Media never are."""
    return not content_type or content_type.strip().lower().startswith(TEXT_TYPES)


def is_icon(content_type: str) -> bool:
    """Whether a Content-Type may be that of an icon."""
    return not content_type or content_type.strip().lower().startswith(ICON_TYPES)


def robots_rules(status: int, body: bytes) -> bytes | None:
    """The rules that an answer for robots.txt lays down (RFC 9309, 2.3.1); None where everything is forbidden."""
    if status >= 500 or status == 429:  # noqa: PLR2004
        return None
    return body[:ROBOTS_BYTES] if status < 400 else b""  # noqa: PLR2004


def allows(rules: bytes, agent: str, url: str) -> bool:
    """Whether the rules of a robots.txt allow an address."""
    return bool(Protego.parse(rules.decode("utf-8", "replace")).can_fetch(url, agent))

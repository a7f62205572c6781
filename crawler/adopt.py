"""From what a page shows to what is kept: ids, pseudonyms, and only what the source's policy allows."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.records import EvidenceRef, Post, PublishedPost, post_id
from core.settings import SourceConfig

PSEUDONYM_LENGTH = 12
"""Hex digits: 48 bits, enough to tell millions of authors of one platform apart."""

NOBODY = frozenset({"anonymous", "anon", "anonym", "anonymus", "аноним", "anónimo", "anonyme", "anonimo", "anônimo",
                    "nameless", "guest", "名無しさん", "風吹けば名無し", "unknown"})  # fmt: skip
"""Names that boards give to whoever gives none."""


@dataclass(frozen=True)
class Adopter:
    """Everything about a source that its posts take on."""

    source: str
    config: SourceConfig
    site_numbers: bool
    """Whether the engine numbers posts over the whole site (see crawler.page.Engine)."""
    key: bytes
    """Of the pseudonyms; whoever has it can confirm a guessed name."""

    def post(self, published: PublishedPost, evidence: EvidenceRef | None, now: datetime) -> Post:
        """The post as it is kept, seen at `now`."""
        policy, platform = self.config.author_policy, self.config.platform
        told = published.model_dump()
        if policy != "published":
            told |= {"name": None, "tripcode": None, "capcode": None, "country": None, "poster_id": None}
        return Post(
            **told,
            id=post_id(platform, None if self.site_numbers else published.board, published.number),
            platform=platform,
            source=self.source,
            author=None if policy == "none" else self.author(published),
            staff=published.capcode is not None,
            mark=None if policy == "none" else mark_of(published, self.key),
            first_seen_at=now,
            language=self.config.language,
            evidence=evidence,
        )

    def author(self, published: PublishedPost) -> str | None:
        """Who wrote it, as far as the board shows: a name under `published`, else a pseudonym; None for nobody.

        A board's word for "no name" is nobody: two such posts need not have one author.
        """
        name = published.name if published.name and published.name.strip().casefold() not in NOBODY else None
        if self.config.author_policy == "published":
            return (name or "") + (published.tripcode or "") or published.poster_id
        # A poster id stands for one person within one thread only.
        scope = str(published.thread) if published.poster_id else ""
        parts = [name, published.tripcode, published.poster_id]
        if not any(parts):
            return None
        return "~" + _hidden([self.config.platform, scope, *(part or "" for part in parts)], self.key)


def mark_of(published: PublishedPost, key: bytes) -> str | None:
    """Who wrote it, told apart on all platforms alike: by tripcode, else by name; None for nobody.

    A tripcode's begins with "!": nobody else can write it, as long as its password is kept.
    """
    if published.tripcode:
        return "!" + _hidden(["mark", published.tripcode], key)
    name = (published.name or "").strip().casefold()
    return _hidden(["mark", name], key) if name not in NOBODY | {""} else None


def _hidden(parts: Sequence[str], key: bytes) -> str:
    shown = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hmac.new(key, shown, hashlib.sha256).hexdigest()[:PSEUDONYM_LENGTH]

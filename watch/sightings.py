"""Sightings: a post that points at a place which is no known platform's, with what stands around the pointer."""

import hashlib
import re
from collections.abc import Iterator

from core.records import Context, Moment, Record, Tag, TaggedPost
from watch.known import KnownPlaces, plain

MIGRATION = "migration-call"
REACH = 240
"""Characters between a call to move and the link it is about, at most."""
SPEAKS = {Context.ASSERTED, Context.REPORTED, Context.QUESTION}
"""Contexts in which somebody passes the call on in their own words; quoted and negated ones do not count."""
LINKS_OUT = re.compile(r"\S*[./:]\S*|\d+")


class Sighting(Record):
    """One post's pointer at one place."""

    candidate: str
    """The place: see KnownPlaces.key."""
    post: str
    platform: str
    source: str
    board: str | None
    thread: str | None
    author: str | None
    staff: bool
    official: bool
    """In a platform's own account or channel."""
    at: Moment
    """When it was posted, or first seen where the page does not tell."""
    url: str
    raw: str
    disguised: bool
    calls: tuple[str, ...]
    """Rules of the calls to move that stand near it, spoken by the author."""
    names: tuple[str, ...]
    """Known platforms that the post names."""
    template: str
    """Hash of the post's words without links and numbers: equal for copies of one text."""
    deleted: bool


def sightings(tagged: TaggedPost, known: KnownPlaces) -> Iterator[Sighting]:
    """One sighting for each place a post points at: of its links to one place the one with most said about it."""
    post = tagged.post
    calls = [tag for tag in tagged.tags if tag.label == MIGRATION and tag.context in SPEAKS]
    best: dict[str, Sighting] = {}
    for link in post.links:
        key = known.candidate_key(link)
        if key is None:
            continue
        near = _near(calls, post.text, link.raw)
        if key in best and len(best[key].calls) >= len(near):
            continue
        best[key] = Sighting(
            candidate=key,
            post=post.id,
            platform=post.platform,
            source=post.source,
            board=post.board,
            thread=None if post.thread is None else str(post.thread),
            author=post.author,
            staff=post.staff,
            official=post.source in known.official,
            at=post.posted_at or post.first_seen_at,
            url=link.url,
            raw=link.raw,
            disguised=link.disguised,
            calls=near,
            names=tuple(sorted(known.named_in(f"{post.subject or ''}\n{post.text}"))),
            template=template(post.text),
            deleted=post.deleted_seen_at is not None,
        )
    yield from best.values()


def template(text: str) -> str:
    """A hash that copies of one text share although each names another address or number."""
    return hashlib.sha256(plain(LINKS_OUT.sub(" ", text)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _near(calls: list[Tag], text: str, raw: str) -> tuple[str, ...]:
    at = text.find(raw)
    if at < 0:  # an address behind other words: what the whole post says is about it
        return tuple(sorted({tag.rule for tag in calls}))
    return tuple(sorted({tag.rule for tag in calls if tag.start - (at + len(raw)) <= REACH and at - tag.end <= REACH}))

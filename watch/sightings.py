"""Sightings: whatever points at a place that is no known platform's, with what stands around the pointer.

Posts do, and known platforms' own pages (a redirect, an Onion-Location, a list of mirrors, a webring).
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.probes import PointerKind, Probe
from core.records import Context, Link, Post, Tag, TaggedPost
from watch.known import KnownPlaces, plain

MIGRATION = "migration-call"
APPEAL = "migration"
"""The score that says whether readers are asked to move."""
REACH = 240
"""Characters between a call to move and the link it is about, at most."""
SPEAKS = {Context.ASSERTED, Context.REPORTED, Context.QUESTION}
"""Contexts in which somebody passes the call on in their own words; quoted and negated ones do not count."""
PLACED = "\0"
"""Stands for the link where the words around it are read."""
FALSE = (
    r"fakes?|scams?|phishing|impost[eo]rs?|impersonat\w+|fraud\w*|malware|cop(?:y|ies)|steals?|run by others|"
    r"unofficial|not (?:us|ours|affiliated|run by us|our \w+)|n.t (?:us|ours)|(?:uses?|using) our name|"
    r"fälschung|betrug|gefälscht|nicht (?:von )?uns\w*|faux|arnaque|pas (?:à nous|nous|le nôtre)|fals[oa]|estafa|"
    r"no es nuestr[oa]|golpe|não é noss[oa]|truffa|non è nostr[oa]|nep|oplichting|niet van ons|falsk\w*|bluff|"
    r"inte vår\w*|fałszyw\w+|oszust\w+|nie nasz\w*|фейк\w*|поддел\w+|мошен\w+|не наш\w*|шахра\w+|підроб\w+|podvod\w*|"
    r"huijaus|sahte"
)
WARNS = re.compile(
    rf"(?i){PLACED}[^.!?,;\n]{{0,30}}\b(?:{FALSE})\b|"
    r"\b(?:(?:do not|don.t|never) \w+|beware of|avoid|stay (?:away from|off)|nothing to do with|fake|"
    r"niemals \w+|vorsicht vor|nichts zu tun mit|n.entrez rien sur|méfiez-vous de|no (?:entréis|entren|uséis|usen)|"
    rf"cuidado con|cuidado com|attenti a|не (?:вводите|заходите|ходите)|остерегайтесь)(?: \w+){{0,3}} {PLACED}"
)
"""How somebody with a say warns of a place, or disowns it, beside the link: that is no pointer of theirs."""
OF_LINKS = re.compile(r"[./:]")
"""What a word of a text has that may be an address."""
POST = "post"
"""The kind of a sighting in a post; every other kind is one of PointerKind."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One pointer at one place."""

    candidate: str
    """The place: see KnownPlaces.key."""
    post: str
    """The post's id; of a site's own pointer, an id made from platform, kind and address."""
    template: str
    """Hash of the post's words without links and numbers: equal for copies of one text."""
    kind: str
    platform: str
    source: str
    board: str | None
    thread: str | None
    author: str | None
    mark: str | None
    """The author's, the same on every platform."""
    staff: bool
    official: bool
    """By a platform's own account, channel or page; neither where it warns of the place."""
    at: datetime
    """When it was posted, or first seen where the page does not tell."""
    url: str
    disguised: bool
    signed: bool
    """With a signature by a key that the platform was known to have."""
    calls: tuple[str, ...]
    """Rules of the calls to move that stand near it, spoken by the author."""
    appeal: float
    """The classifiers' probability that the post asks its readers to move."""
    names: tuple[str, ...]
    """Known platforms that the post names."""
    deleted: bool


def sightings(
    tagged: TaggedPost, known: KnownPlaces, revisions: Sequence[tuple[datetime, Post]] = ()
) -> Iterator[Sighting]:
    """One sighting for each place a post points at: of its links to one place the one with most said about it.

    `revisions` of a post without a date, by time, with when each was first seen: they tell since when it names a place.
    """
    post = tagged.post
    calls = [tag for tag in tagged.tags if tag.label == MIGRATION and tag.context in SPEAKS]
    best: dict[str, tuple[Link, tuple[str, ...]]] = {}
    for link in post.links:
        key = known.candidate_key(link)
        if key is None:
            continue
        near = _near(calls, post.text, link.raw)
        if key not in best or len(best[key][1]) < len(near):
            best[key] = (link, near)
    if not best:
        return
    names = tuple(sorted(known.named_in(f"{post.subject or ''}\n{post.text}")))
    for key, (link, near) in best.items():
        yield Sighting(
            candidate=key,
            post=post.id,
            template=template(post.text),
            kind=POST,
            platform=post.platform,
            source=post.source,
            board=post.board,
            thread=None if post.thread is None else str(post.thread),
            author=post.author,
            mark=post.mark,
            staff=post.staff and not _warned(post.text, link.raw),
            official=post.source in known.official and not _warned(post.text, link.raw),
            at=post.posted_at or _first_told(key, revisions, known) or post.first_seen_at,
            url=link.url,
            disguised=link.disguised,
            signed=False,
            calls=near,
            appeal=tagged.scores.get(APPEAL, 0.0),
            names=names,
            deleted=post.deleted_seen_at is not None,
        )


def site_sightings(platform: str, probe: Probe, known: KnownPlaces) -> Iterator[Sighting]:
    """One sighting for each kind of pointer and place that a known platform's own pages gave in one look."""
    done: set[tuple[PointerKind, str]] = set()
    for pointer in probe.facts.pointers if probe.facts else ():
        key = known.candidate_of(pointer.url)
        if key is None or (pointer.kind, key) in done:
            continue
        done.add((pointer.kind, key))
        yield Sighting(
            candidate=key,
            post=hashlib.sha256(f"{platform}/{pointer.kind}/{key}".encode()).hexdigest(),
            template="",
            kind=pointer.kind,
            platform=platform,
            source=probe.place,
            board=None,
            thread=None,
            author=None,
            mark=None,
            staff=False,
            official=pointer.kind not in {PointerKind.WEBRING, PointerKind.PEER},
            at=probe.at,
            url=pointer.url,
            disguised=False,
            signed=pointer.signed_by is not None,
            calls=(),
            appeal=0.0,
            names=(platform,),
            deleted=False,
        )


def template(text: str) -> str:
    """A hash that copies of one text share although each names another address or number; empty for no words."""
    words = plain(re.sub(r"\d+", " ", " ".join(word for word in text.split() if not OF_LINKS.search(word))))
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16] if words else ""


def _first_told(key: str, revisions: Sequence[tuple[datetime, Post]], known: KnownPlaces) -> datetime | None:
    """When a place was first seen among the links of a post that changes."""
    return next((at for at, post in revisions if any(known.candidate_key(link) == key for link in post.links)), None)


def _warned(text: str, raw: str) -> bool:
    """Whether a text says of a link that it is false, or not to be followed."""
    return WARNS.search(text.replace(raw, PLACED)) is not None


def _near(calls: list[Tag], text: str, raw: str) -> tuple[str, ...]:
    at = text.find(raw)
    if at < 0:  # an address behind other words: what the whole post says is about it
        return tuple(sorted({tag.rule for tag in calls}))
    return tuple(sorted({tag.rule for tag in calls if tag.start - (at + len(raw)) <= REACH and at - tag.end <= REACH}))

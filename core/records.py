"""What is collected and what is said of it: posts, links, tags, candidates, evidence, alerts.

Records are frozen values. Times are aware UTC datetimes; a value the page did not give is None, never invented.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

LARGEST_EXACT_INTEGER = 2**53 - 1  # beyond it a JSON reader that uses doubles (JavaScript) rounds


def number(value: Any) -> Any:
    """A post's or thread's number: digits become an int, unless too many for JSON or with leading zeros; else text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and str(int(value)) == value:
        value = int(value)
    return str(value) if isinstance(value, int) and value > LARGEST_EXACT_INTEGER else value


Number = Annotated[int | str, BeforeValidator(number)]
"""A post's or thread's number as its board gives it: an int where it is one."""

Moment = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
"""An aware datetime in UTC."""


class Record(BaseModel):
    """A frozen value that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LinkKind(StrEnum):
    """What stands behind a link."""

    WEB = "web"
    ONION = "onion"
    ACCOUNT = "account"
    INVITE = "invite"
    ARCHIVE = "archive"
    SHORTENER = "shortener"
    MEDIA = "media"


class Link(Record):
    """Something in a post that can lead somewhere."""

    raw: str
    """As written in the post."""
    url: str
    """Normalised and refanged: with a scheme, host in lower case and punycode."""
    host: str
    domain: str
    """The registrable domain, or the whole host where it has none (onion, IP address)."""
    kind: LinkKind = LinkKind.WEB
    service: str | None = None
    """For accounts and invites: the service's name, e.g. `telegram`."""
    handle: str | None = None
    disguised: bool = False
    """Defanged or spelled out ("newboard dot example", hxxp), so that no machine follows it."""
    signature: bool = False
    """In the author's signature, under every post, rather than in this one."""
    target: str | None = None
    """For archives: the address of what was copied, where theirs says so."""


class Attachment(Record):
    """A file as the board describes it; its bytes are never fetched."""

    filename: str | None
    size: int | None = None
    """In bytes, where the board says so exactly."""
    md5: str | None = None
    """As the board publishes it (base64 on the vichan family)."""


class PublishedPost(Record):
    """A post as one page shows it: what an engine returns."""

    board: str | None
    thread: Number | None
    number: Number
    url: str | None
    posted_at: Moment | None
    posted_at_raw: str | None = None
    """The time as written, where it could not be placed in UTC."""
    name: str | None = None
    tripcode: str | None = None
    capcode: str | None = None
    country: str | None = None
    poster_id: str | None = None
    """What the board shows in place of a name, the same for one poster within one thread."""
    subject: str | None = None
    text: str = ""
    """Plain and lossless: the author's own words, quoted blocks and signature left out."""
    quotes: tuple[Number, ...] = ()
    """Numbers of the posts it answers."""
    attachments: tuple[Attachment, ...] = ()
    links: tuple[Link, ...] = ()
    op: bool = False
    sticky: bool = False
    locked: bool = False
    edited_at: Moment | None = None
    forwarded_from: str | None = None
    """Whose message this is a copy of, as the page names it."""
    views: int | None = None
    """How often it was seen, as the page says when it is read; no part of the content."""


@dataclass(frozen=True)
class PageRef:
    """A page worth asking for, and what it is to its engine."""

    url: str
    kind: str
    """A key of the engine's `pages`: `entry`, `index`, `thread`."""
    board: str | None = None
    thread: Number | None = None
    part: int = 1
    """Which page of a list or thread that runs over several, from 1."""
    hint: str | None = None
    """Whatever the list says that changes when the thread does (reply count, last change): equal means unchanged."""
    alternate: str | None = None
    """The same content at another address, asked for where this one does not exist (HTML where JSON is off)."""

    def asks_for(self, thread: Number) -> bool:
        """Whether this thread is the one asked for, or none was named. The store gives numbers back as text."""
        return self.thread is None or str(self.thread) == str(thread)


class EvidenceRef(Record):
    """Where the bytes are that a post was read from."""

    file: str
    """WARC file, relative to the evidence folder."""
    offset: int
    """Of the gzip member in that file, in bytes."""
    sha256: str
    """Of the response's payload, its transfer and content encodings removed."""


class Post(PublishedPost):
    """A post in the store."""

    id: str
    platform: str
    source: str
    author: str | None = None
    """A pseudonym (keyed HMAC of name, tripcode and poster id) unless the source's policy says otherwise."""
    staff: bool = False
    """Published with a staff mark (capcode)."""
    mark: str | None = None
    """A pseudonym of the tripcode (then it begins with "!"), or of the name without one, the same on every platform."""
    first_seen_at: Moment
    language: str | None = None
    revision: int = 1
    deleted_seen_at: Moment | None = None
    evidence: EvidenceRef | None = None

    def public(self) -> dict[str, Any]:
        """The post as the command line's contract prints it."""
        unsaid = {"__all__": {"disguised", "target"}}
        told = self.model_dump(mode="json", exclude={"evidence": True, "mark": True, "links": unsaid})
        return told | {"deleted": self.deleted_seen_at is not None}


def post_id(platform: str, board: str | None, number: int | str) -> str:
    """sha256 of platform/board/number, in hex: the same for every crawl and every mirror of a platform.

    `board` is None where numbers count over the whole site, so that a moved topic keeps its posts' ids.
    """
    return hashlib.sha256(f"{platform}/{board or ''}/{number}".encode()).hexdigest()


class Context(StrEnum):
    """How an indicator is used."""

    ASSERTED = "asserted"
    QUOTED = "quoted"
    REPORTED = "reported"
    COUNTER_SPEECH = "counter-speech"
    NEGATED = "negated"
    RECLAIMED = "reclaimed"
    QUESTION = "question"


class Tag(Record):
    """An indicator found in a post."""

    label: str
    """From the lexicon, e.g. `migration-call`."""
    start: int
    end: int
    """Character offsets into the text as published: `text[start:end] == matched`."""
    matched: str
    rule: str
    """The lexicon entry that matched, e.g. `migration/new-board-at`."""
    severity: int = Field(ge=1, le=5)
    """As it is used here: an indicator that is only quoted or reported weighs less than one that is asserted."""
    context: Context = Context.ASSERTED
    disguise: tuple[str, ...] = ()
    """How its words were hidden (`leet`, `separated`, `censored` and others); empty where they were written openly."""
    source: str
    """Public reference for the indicator."""


class TaggedPost(Record):
    """A post with its tags: what is indexed, and what the watch reads."""

    post: Post
    tags: tuple[Tag, ...] = ()
    scores: Mapping[str, float] = {}
    """Probabilities of the classifiers (hate, violence, migration …), by name."""


class CandidateState(StrEnum):
    """How far a candidate has come."""

    SEEN = "seen"
    UNREACHABLE = "announced-unreachable"
    PROBED = "probed"
    FINGERPRINTED = "fingerprinted"
    SCORED = "scored"
    ALERTED = "alerted"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    DORMANT = "dormant"


class Relation(StrEnum):
    """What a candidate is to a known platform."""

    MIRROR = "mirror"
    SUCCESSOR = "successor"
    BUNKER = "bunker"
    CHANNEL = "channel"
    IMPERSONATION = "impersonation"
    UNRELATED = "unrelated"


class AlertKind(StrEnum):
    """What an alert reports."""

    NEW_PLATFORM = "new-platform"
    MIRROR = "mirror"
    IMPERSONATION = "impersonation"
    SAVED_SEARCH = "saved-search"
    SOURCE_DOWN = "source-down"
    SOURCE_MOVED = "source-moved"
    INCIDENT = "incident"


class AlertStatus(StrEnum):
    """Where an alert stands in its triage."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class Evidence(Record):
    """One weighted reason, readable by itself."""

    signal: str
    weight: float
    """Log-odds this signal adds (negative: speaks against), after its family's cap."""
    detail: str
    posts: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


class HistoryEntry(Record):
    """Who moved an alert to which status, when and why."""

    at: Moment
    who: str
    status: str
    note: str | None = None


class Candidate(Record):
    """A place that posts point at and that no known platform owns."""

    host: str
    """Its key: a registrable domain, an onion, or host/path where a host has many tenants."""
    state: CandidateState = CandidateState.SEEN
    relation: Relation = Relation.UNRELATED
    platform: str | None = None
    """The known platform it relates to."""
    probability: float
    """That the community is going there, 0 to 1."""
    same_operator: float
    """That the same people run it, 0 to 1."""
    first_mention_at: Moment
    first_reachable_at: Moment | None = None
    mentions: int
    evidence: tuple[Evidence, ...] = ()


class Alert(Record):
    """What an analyst is told, once."""

    id: str
    kind: AlertKind
    status: AlertStatus = AlertStatus.NEW
    created_at: Moment
    host: str
    domain: str
    platform: str | None
    relation: Relation
    probability: float
    same_operator: float
    first_mention_at: Moment
    mentions: int
    evidence: tuple[Evidence, ...]
    history: tuple[HistoryEntry, ...] = ()

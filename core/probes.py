"""What a place shows of itself when it is looked at: reachable or not, and the facts that fingerprints are made of.

A place is what `watch.known.KnownPlaces.key` names: a registrable domain, an onion, or host/path where a host has many
tenants. Known platforms are looked at in the same way as candidates, and both are kept over time.
"""

from enum import StrEnum
from typing import NamedTuple

from core.records import EvidenceRef, Moment, Record


class ProbeState(StrEnum):
    """What became of a look at a place."""

    UP = "up"
    UNREACHABLE = "unreachable"
    """No answer, or no such name."""
    FAILING = "failing"
    """It answers with an error of its own (5xx)."""
    BLOCKED = "blocked"
    """It answers, but not us: 401, 403, 429, 451."""
    CHALLENGED = "challenged"
    """A challenge for browsers, a CAPTCHA or a login stands before it."""
    PARKED = "parked"
    SEIZED = "seized"
    MOVED = "moved"
    """Its front page leads to another place."""
    FORBIDDEN = "forbidden"
    """Its robots.txt forbids the front page: nothing else was asked for."""


class PointerKind(StrEnum):
    """How a site itself points at another place."""

    REDIRECT = "redirect"
    ONION_LOCATION = "onion-location"
    WEBRING = "webring"
    PEER = "peer"
    """Listed by a fediverse server as one that it talks to."""
    MIRRORS = "mirrors"
    """In its list of mirrors (`/mirrors.txt`)."""
    NOTICE = "notice"
    """On its front page, in words of its own: where nothing else is left, a farewell."""
    BIO = "bio"
    """In the description of an account or channel."""


class Pointer(Record):
    """One place that a site itself points at."""

    kind: PointerKind
    url: str
    text: str = ""
    """What stands around it, as far as there is any; at most 500 characters."""
    signed_by: str | None = None
    """Fingerprint of the OpenPGP key whose signature over the list was checked."""


class Favicon(Record):
    """Hashes of a site's icon; the icon itself is never kept."""

    sha256: str
    mmh3: int
    """MurmurHash3 (32 bits, signed) of its base64 text in lines of 76, as Shodan and others count it."""
    looks: str | None = None
    """Difference hash of 8 × 8 grey steps, in 16 hex digits; None where it could not be read."""


class Facts(Record):
    """What the pages of one look show. Sketches are the 256 smallest hashes of a set (bottom-k, Broder 1997)."""

    engine: str | None = None
    title: str | None = None
    boards: tuple[str, ...] = ()
    structure: tuple[int, ...] = ()
    """Sketch of the template: tag paths with classes and ids, posts taken out."""
    passages: tuple[int, ...] = ()
    """Sketch of its own words (title, motto, rules, notices), in runs of four words."""
    posts: tuple[int, ...] = ()
    """One hash a post, see `core.sketch.text_hash`: equal for copies of one text."""
    authors: tuple[tuple[str, int | None], ...] = ()
    """Marks of tripcodes and handles, see `Post.mark`, each with the hash of what was written (as in `posts`)."""
    newest_post_at: Moment | None = None
    threads: int = 0
    """Threads that were seen on any page of the look."""
    favicon: Favicon | None = None
    identifiers: tuple[str, ...] = ()
    """Ids of analytics and verification, as `kind:id`."""
    keys: tuple[str, ...] = ()
    """Fingerprints of OpenPGP keys."""
    public_keys: tuple[str, ...] = ()
    """The same keys, armoured: what it takes to check a signature once the site is gone."""
    contacts: tuple[str, ...] = ()
    """E-mail, XMPP, Matrix, Session, Tox addresses of the site's own pages (none from posts), as `kind:address`."""
    wallets: tuple[str, ...] = ()
    """Donation addresses whose checksum is right, as `coin:address`."""
    certificate_names: tuple[str, ...] = ()
    outlinks: tuple[str, ...] = ()
    """Places that its own pages and posts link to, at most 500."""
    asks_for: tuple[str, ...] = ()
    """`password`, `payment`, `wallet`, `download`: what its front page asks of a visitor who has not asked for it."""
    pointers: tuple[Pointer, ...] = ()


class Due(NamedTuple):
    """A place that is to be looked at."""

    place: str
    url: str
    """Where to begin."""
    glance: bool = False
    """Whether its front page and its lists of other places are enough: boards and threads are known already."""
    keys: tuple[str, ...] = ()
    """Armoured OpenPGP keys that the platform was first seen with: only their signatures count."""


class Looked(NamedTuple):
    """When a place was looked at, and what state it was found in."""

    at: Moment
    state: ProbeState


class Probe(Record):
    """One look at a place."""

    place: str
    url: str
    """Where it began."""
    at: Moment
    state: ProbeState
    why: str | None = None
    """In words, where it is not up."""
    facts: Facts | None = None
    pages: tuple[str, ...] = ()
    """Every address that was asked for, in order."""
    evidence: tuple[EvidenceRef, ...] = ()
    """Of the pages that answered, in the same order as far as they did."""
    answered: tuple[str, ...] = ()
    """Addresses of the pages that `evidence` is of, in its order."""

    @property
    def front(self) -> str:
        """Where it is seen: the first page that answered; where it began, if none did."""
        return next((page for page in self.answered if not page.endswith("/robots.txt")), self.url)

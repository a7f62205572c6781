"""What a world consists of: posts in threads on boards, how a site looks, and where it can be reached when."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

MINUTE, HOUR, DAY = 60, 3600, 86_400
FIRST_DAY = 1_672_531_200
"""Worlds begin on it (2023-01-01) or within 900 days after."""
LINKED = re.compile(r"https?://[^\s<>\"]+")
"""What every software of the worlds makes a hyperlink of."""
UP, SLOW = "up", "slow"
"""Of a host whose pages are shown, at once or only now and then."""
UNREACHABLE = {
    "refused": "connection refused",
    "timeout": "timed out",
    "no name": "name not found",
    "reset": "connection reset",
}


def hyperlinks(text: str) -> list[str]:
    """The addresses of a text that board software makes links of, as they stand."""
    return [found.rstrip(".,;:!?)") for found in LINKED.findall(text)] if "://" in text else []


@dataclass(slots=True)
class Person:
    """Somebody who posts: a name on forums; on imageboards perhaps a tripcode, else nothing that shows."""

    key: int
    name: str
    trip: str | None = None
    capcode: str | None = None


@dataclass(slots=True, eq=False)
class Post:
    """One post; numbers are given when its board is put together."""

    at: float
    person: Person
    text: str
    thread: "Thread | None" = None
    number: int = 0
    subject: str | None = None
    quoted: tuple["Post", ...] = ()
    files: tuple[tuple[str, int, str], ...] = ()
    """Name, size, MD5 in base64."""
    signed: bool = False
    """Whether an imageboard shows the person's name and tripcode."""
    staff: bool = False
    deleted: float | None = None
    edits: tuple[tuple[float, str], ...] = ()
    forwarded: "tuple[Account, Post] | None" = None
    """Whose message it passes on."""

    def text_at(self, now: float) -> str:
        """What it says at a time."""
        text = self.text
        for at, changed in self.edits:
            if at <= now:
                text = changed
        return text


@dataclass(slots=True, eq=False)
class Thread:
    """A thread of a board."""

    board: "Board"
    subject: str
    posts: list[Post] = field(default_factory=list)
    fresh: bool = False
    """Whether it was begun on a copy, after that was taken."""

    @property
    def number(self) -> int:
        """That of its opening post; of a forum's topic its own."""
        return self.posts[0].number

    def visible(self, now: float, until: float | None = None) -> list[Post]:
        """Its posts at a time, of a copy those made before it was taken."""
        if until is not None and until < now and not self.fresh:
            return [post for post in self.posts if post.at <= until]
        return [post for post in self.posts if post.at <= now and (post.deleted is None or post.deleted > now)]


@dataclass(slots=True, eq=False)
class Board:
    """A board or forum."""

    uri: str
    title: str
    language: str = "en"
    threads: list[Thread] = field(default_factory=list)
    place: int = 1

    def living(self, now: float, until: float | None = None) -> list[tuple[Thread, list[Post]]]:
        """Its threads with what shows of them, last answered first."""
        latest = now if until is None else min(now, until)
        begun = [thread for thread in self.threads if thread.posts[0].at <= (now if thread.fresh else latest)]
        found = [(thread, thread.visible(now, until)) for thread in begun]
        shown = [pair for pair in found if pair[1]]
        return sorted(shown, key=lambda pair: -pair[1][-1].at)


@dataclass(eq=False)
class Stream:
    """What a community writes, wherever it is shown."""

    boards: dict[str, Board]
    forum: bool
    """Names and topics rather than anonymous threads."""
    ids: bool = False
    people: list[Person] = field(default_factory=list)
    slang: list[str] = field(default_factory=list)
    language: str = "en"
    ring: list[tuple[float, tuple[str, ...]]] = field(default_factory=list)
    """The sites its webring names, by when."""
    mirrors: list[tuple[float, tuple[str, ...]]] = field(default_factory=list)
    """The hosts that its operators sign as theirs, by when."""
    index: dict[tuple[str, int], Thread] = field(default_factory=dict)
    """Threads by board and number; by number alone, with an empty board, where numbers count over the site."""


@dataclass(frozen=True)
class Skin:
    """How a site looks and what it gives away."""

    software: str
    title: str
    motto: str = ""
    rules: tuple[str, ...] = ()
    icon: int = 0
    variant: int = 0
    """Which template: 0 is the software's own, others an operator's."""
    analytics: str | None = None
    verification: str | None = None
    contact: str | None = None
    key: int | None = None
    """Seed of the operator's signing key."""
    wallets: tuple[str, ...] = ()
    signed_mirrors: bool = False
    form: str | None = None
    """A `login` or `payment` form on every page."""
    generator: bool = True
    interface: bool = True
    """Whether its boards can be had as JSON, where the software has that."""
    hidden: bool = False
    """Whether threads are kept from visitors."""
    links: tuple[str, ...] = ()
    """Friends named in the footer."""

    def but(self, **changed: Any) -> "Skin":
        """The same with changes."""
        return replace(self, **changed)


@dataclass(eq=False)
class Site:
    """What is served at a host: a community's boards, or plain pages of some kind."""

    kind: str
    skin: Skin
    stream: Stream | None = None
    until: float | None = None
    """A copy shows nothing later than this."""
    since: float = float("-inf")
    """A new home without the old threads shows nothing earlier."""
    seed: int = 0
    language: str = "en"
    about: dict[str, str] = field(default_factory=dict)
    onions: list[tuple[float, str]] = field(default_factory=list)
    """From when its headers tell which onion."""


@dataclass(eq=False)
class Account:
    """A channel or account: messages, and what it says of itself by when."""

    service: str
    host: str
    handle: str
    title: str
    messages: list[Post] = field(default_factory=list)
    bios: list[tuple[float, str]] = field(default_factory=list)
    official: bool = True

    @property
    def url(self) -> str:
        """Where a crawl of it begins."""
        return f"http://{self.host}/{'s/' if self.service == 'telegram' else '@'}{self.handle}"

    def bio(self, now: float) -> tuple[float, str]:
        """The present description and when it was written."""
        return [bio for bio in self.bios if bio[0] <= now][-1]


class Place:
    """A host over time: reachable, refused, seized …; each state holds until the next."""

    def __init__(self, host: str, site: Site | None = None) -> None:
        self.host = host
        self.site = site
        self.accounts: dict[str, Account] = {}
        self._since: list[float] = [float("-inf")]
        self._states: list[tuple[str, str]] = [("no name", "")]

    def set(self, at: float, state: str, detail: str = "") -> None:
        """From `at` on it is in this state, whatever was planned for later."""
        cut = bisect_right(self._since, at)
        self._since[cut:], self._states[cut:] = [at], [(state, detail)]

    def insert(self, begin: float, end: float, state: str, detail: str = "") -> None:
        """Between two times it is in this state, before and after as planned."""
        after = self.at(end)
        low, high = bisect_right(self._since, begin), bisect_right(self._since, end)
        self._since[low:high] = [begin, end]
        self._states[low:high] = [(state, detail), after]

    def at(self, now: float) -> tuple[str, str]:
        """Its state at a time, with what belongs to it."""
        return self._states[bisect_right(self._since, now) - 1]

    def up(self, now: float) -> bool:
        """Whether its own pages are shown."""
        return self.at(now)[0] in (UP, SLOW)

    def first_up(self, now: float) -> float | None:
        """The earliest time from `now` on when its pages are shown."""
        at = bisect_right(self._since, now) - 1
        for index in range(at, len(self._since)):
            if self._states[index][0] in (UP, SLOW):
                return max(now, self._since[index])
        return None

    def times_up(self, end: float) -> list[tuple[float, float]]:
        """When its pages are shown, up to the world's end."""
        edges = [*self._since[1:], end]
        spans = [
            (begin, min(until, end))
            for (state, _), begin, until in zip(self._states[1:], self._since[1:], edges[1:], strict=False)
            if state in (UP, SLOW) and begin < end
        ]
        joined: list[tuple[float, float]] = []
        for begin, until in spans:
            if joined and joined[-1][1] == begin:
                joined[-1] = (joined[-1][0], until)
            else:
                joined.append((begin, until))
        return joined


@dataclass(eq=False)
class Platform:
    """A community that is known, with where it lives and who speaks for it."""

    id: str
    host: str
    title: str
    nick: str
    site: Site
    stream: Stream
    staff: list[Person]
    born: float
    past: str | None = None
    """A former host, known to be."""
    onion: str | None = None
    """Its onion, known as well."""
    accounts: list[Account] = field(default_factory=list)
    kin: list["Platform"] = field(default_factory=list)
    down: float | None = None
    again: float | None = None
    """When those who run it are back, elsewhere or here."""
    weight: float = 1.0
    crawled: bool = True
    """Whether its boards are a source; of the others it is only known that they are there."""
    moved: bool = False

    @property
    def skin(self) -> Skin:
        """How its own site looks."""
        return self.site.skin


@dataclass(eq=False)
class Event:
    """A move that is to be found."""

    id: str
    platform: Platform
    relation: str
    lag: str
    pointer: str
    language: str
    place: str
    also: str | None
    """A second address of the same place, told beside the first."""
    same_operator: bool
    begins: float
    """When the old home goes, or when somebody moves though it does not."""
    live: float
    told: float
    old_home: str
    """What becomes of the old one."""
    tellings: list[tuple[str, Any]] = field(default_factory=list)
    """What carries the address: ("post", Post), ("bio", (Account, time)), ("ring", (host, time)), ("redirect", (host, time))."""

    def address(self, rng: Random) -> str:
        """What somebody gives who tells of it: once it is told, sometimes the second one."""
        return self.also if self.also and self.tellings and rng.random() < 0.4 else self.place


@dataclass(eq=False)
class Decoy:
    """A place that is no move of anybody's."""

    place: str
    kind: str
    hard: bool
    platform: Platform

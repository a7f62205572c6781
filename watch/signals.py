"""Everything that speaks for or against a place, as named signals: from posts, from sites' own pointers, from looks.

A signal's value is 0 or more (mostly 1 or a logarithm of a count); what it is worth is `config/watch.yml`'s business.
No signal depends on the order of sightings or looks.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from core.probes import Looked, PointerKind, Probe, ProbeState
from core.records import Record
from watch.known import KnownPlaces
from watch.prints import Likeness, Print, Trait, changed_wallets, likenesses, traits_of
from watch.probing import EVER
from watch.sightings import POST, Sighting

MANY = 4
"""Mentions from which repetition by one voice is a campaign, not a coincidence."""
COPIES = 0.8
"""Share of mentions that are one text, from which they count as copies."""
RARELY, OFTEN = 0.2, 8
"""Share of mentions with a call below which a place, if so often linked, is linked for other reasons."""
APPEALING = 0.5
WINDOW = timedelta(days=1)
MOST = 6.0
"""No surprise counts more: one in a million."""
REGULARS, COPIED = 4.0, 0.5
NAMED = 0.5
"""What an author who is known by name counts beside one with a tripcode."""
RECENT = timedelta(days=3)


@dataclass(frozen=True)
class Found:
    """One signal of one candidate."""

    name: str
    value: float
    detail: str
    sightings: Sequence[Sighting] = ()
    urls: Sequence[str] = ()


class Background(Record):
    """How often a place that is nobody's new home is mentioned: Gamma-Poisson, over independent mentions a day."""

    shape: float = Field(gt=0)
    rate: float = Field(gt=0)


@dataclass(frozen=True)
class Surroundings:
    """What candidates are compared with; made once for a batch of them."""

    known: KnownPlaces
    prints: Mapping[str, Print] = field(default_factory=dict)
    down: Mapping[str, datetime] = field(default_factory=dict)
    """Platforms that are down, with the moment since when; those that the configuration calls so since ever."""
    copies: Mapping[str, int] = field(default_factory=dict)
    """Of a text's template, at how many places its copies point."""
    sharers: Mapping[Trait, frozenset[str]] = field(default_factory=dict)
    """Places that show a trait."""
    texts: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Platforms on which a post's text stands (`core.sketch.text_hash`)."""
    marks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Platforms on which an author writes (`Post.mark`)."""
    staff: frozenset[tuple[str, str]] = frozenset()
    """Marks that had a staff mark, each with the platform."""


@dataclass(frozen=True)
class Case:
    """Everything known of one candidate."""

    place: str
    sightings: Sequence[Sighting]
    """By time."""
    probes: Sequence[Probe] = ()
    """The last few, by time."""
    looks: Sequence[Looked] = ()
    """All, by time."""
    mentions: int = 0
    """Of all time: of a place that is mentioned very often, only the last sightings are at hand."""
    first_mention_at: datetime = EVER
    last_mention_at: datetime = EVER

    @property
    def last_facts(self) -> Probe | None:
        """The latest look that found it up; where none did, the latest that saw anything of it."""
        seen = [probe for probe in reversed(self.probes) if probe.facts is not None]
        return next((probe for probe in seen if probe.state is ProbeState.UP), seen[0] if seen else None)


def signals(case: Case, platform: str | None, around: Surroundings, background: Background) -> list[Found]:
    """All signals of a candidate, taken as the new home of this platform (None: of none in particular)."""
    posts = [sighting for sighting in case.sightings if sighting.kind == POST]
    found = [
        *_authority(case, platform, around),
        *_community(posts, platform, around, background),
        *_likeness(case, platform, around),
        *_behaviour(case, platform, around),
        *_spam(posts, around),
        *_against(case, platform, around),
    ]
    return [signal for signal in found if signal.value > 0]


# --- A: who has the say ---


POINTERS = {
    PointerKind.REDIRECT: "the platform's own address leads there",
    PointerKind.ONION_LOCATION: "the platform's own site names it as its onion address",
    PointerKind.MIRRORS: "it is in the platform's own list of mirrors",
    PointerKind.NOTICE: "the platform's front page points at it",
    PointerKind.BIO: "the description of the platform's own account points at it",
    PointerKind.WEBRING: "a known board's webring lists it",
    PointerKind.PEER: "a known server talks to it",
}


def _authority(case: Case, platform: str | None, around: Surroundings) -> Iterator[Found]:
    concerned = [one for one in case.sightings if platform is None or _concerns(one, platform)]
    staff = [one for one in case.sightings if one.kind == POST and _is_staff(one, platform, around)]
    official = [one for one in concerned if one.kind == POST and one.official]
    for name, some, words in (("staff", staff, "staff"), ("official", official, "the platform's own account")):
        if calling := [one for one in some if one.calls]:
            yield Found(f"{name}_call", 1, f"{words} call to move there ({_posts(calling)})", calling)
        elif some:
            yield Found(name, 1, f"{words} point there ({_posts(some)})", some)
    if signed := [one for one in concerned if one.signed]:
        yield Found("signed", 1, "signed with a key that the platform had before", signed)
    for kind, words in POINTERS.items():
        if some := [one for one in concerned if one.kind == kind]:
            yield Found(kind.replace("-", "_"), 1, words, some)


def _is_staff(sighting: Sighting, platform: str | None, around: Surroundings) -> bool:
    """Whether a post is by the platform's staff: by its mark there, or elsewhere by a tripcode that had one there."""
    if sighting.staff:
        return platform is None or _concerns(sighting, platform)
    mark = sighting.mark or ""
    known = (mark, platform) in around.staff
    return known and (mark.startswith("!") or sighting.platform == platform)


def _concerns(sighting: Sighting, platform: str) -> bool:
    """Whether somebody with a say on one platform speaks of this one."""
    return sighting.platform == platform or platform in sighting.names


# --- B: who goes ---


def _community(
    posts: Sequence[Sighting], platform: str | None, around: Surroundings, background: Background
) -> Iterator[Found]:
    if not posts:
        return
    calling = [one for one in posts if one.calls]
    voices, threads = voices_of(posts), threads_of(posts)
    yield Found("voices", math.log2(voices), f"{voices} independent voices", posts)
    yield Found("threads", math.log2(threads), f"mentioned in {threads} threads", posts)
    platforms = sorted({one.platform for one in posts})
    yield Found("platforms", min(len(platforms) - 1, 3), f"mentioned on {', '.join(platforms)}", posts)
    if calling:
        rules = ", ".join(sorted({rule.partition("/")[2] for one in calling for rule in one.calls})[:5])
        yield Found("call", 1, f"calls to move beside the address ({rules})", calling)
        many = min(voices_of(calling), threads_of(calling))
        yield Found("more_calls", math.log2(many), f"{many} independent calls", calling)
    if asking := [one for one in posts if one.appeal >= APPEALING]:
        value = max(one.appeal for one in asking)
        yield Found("appeal", value, f"readers seem to be asked to move ({_posts(asking)}, {value:.0%})", asking)
    if naming := [one for one in posts if platform in one.names]:
        yield Found("named", 1, f"{platform} is named beside it", naming)
    fell = around.down.get(platform or "")
    if fell is not None and (since := [one for one in posts if one.at >= fell - WINDOW]):
        yield Found("down", 1, f"{platform} is down", since)
    surprise, window = surprise_of(posts, background)
    yield Found("surprise", surprise, f"{len(window)} mentions within a day, far more than usual", window)


def voices_of(seen: Sequence[Sighting]) -> int:
    """How many people at least are likely to have spoken: named ones each once.

    Nameless posts are as many voices as they have distinct texts and stand in distinct threads: one person writes
    the same in many threads, or many things in one.
    """
    named = {one.mark for one in seen if one.mark}
    nameless = [one for one in seen if not one.mark]  # a poster's id is another in each thread
    texts = {one.template for one in nameless}
    threads = {(one.source, one.thread) for one in nameless}
    return max(1, len(named) + min(len(texts), len(threads)))


def threads_of(seen: Sequence[Sighting]) -> int:
    """In how many threads they stand; 1 for none, whose logarithm adds nothing."""
    return max(1, len({(one.source, one.thread) for one in seen}))


def surprise_of(posts: Sequence[Sighting], background: Background) -> tuple[float, Sequence[Sighting]]:
    """How surprising the busiest day is, in powers of ten, and its posts.

    Independent mentions (distinct voices and threads) are Poisson, their rate Gamma: prior `background`, updated by
    the place's own days before. Surprise is -log10 of the negative binomial tail (Gelman et al. 2013, section 2.6).
    """
    best, found, first, day = 0.0, (0, 0), 0, _Day()
    for last, sighting in enumerate(posts):
        while sighting.at - posts[first].at > WINDOW:
            day.drop(posts[first])
            first += 1
        day.add(sighting)
        if last + 1 < len(posts) and posts[last + 1].at - posts[first].at <= WINDOW:
            continue  # the day goes on
        days = max(0.0, (posts[first].at - posts[0].at) / WINDOW)
        shape, rate = background.shape + first, background.rate + days
        if day.count > max(1.0, shape / rate):  # below the expectation nothing surprises
            value = min(MOST, _tail(day.count, shape, rate))
            best, found = max((best, found), (value, (first, last + 1)), key=lambda one: one[0])
    return best, posts[slice(*found)]


class _Day:
    """The mentions of a moving day: how many are independent."""

    def __init__(self) -> None:
        self.named: Counter[str] = Counter()
        self.texts: Counter[str] = Counter()
        self.places: Counter[tuple[str, str | None]] = Counter()
        self.threads: Counter[tuple[str, str | None]] = Counter()

    def _counters(self, one: Sighting) -> Iterator[tuple[Counter[Any], object]]:
        thread = (one.source, one.thread)
        yield self.threads, thread
        if one.mark:
            yield self.named, one.mark
        else:
            yield self.texts, one.template
            yield self.places, thread

    def add(self, one: Sighting) -> None:
        for counter, key in self._counters(one):
            counter[key] += 1

    def drop(self, one: Sighting) -> None:
        for counter, key in self._counters(one):
            counter[key] -= 1
            if not counter[key]:
                del counter[key]

    @property
    def count(self) -> int:
        """As `voices_of` and `threads_of` count them, the lesser."""
        return min(len(self.named) + min(len(self.texts), len(self.places)), len(self.threads))


def _tail(count: int, shape: float, rate: float) -> float:
    """-log10 P(N >= count) of a negative binomial: Poisson for one day, its rate Gamma(shape, rate)."""
    success = rate / (rate + 1)
    logs = (math.lgamma(n + shape) - math.lgamma(shape) - math.lgamma(n + 1) + shape * math.log(success)
            + n * math.log1p(-success) for n in range(min(count, 400)))  # fmt: skip
    return -math.log10(max(1e-12, 1 - sum(map(math.exp, logs))))


# --- C, D: what it looks like, what it runs on ---


def _likeness(case: Case, platform: str | None, around: Surroundings) -> Iterator[Found]:
    look = case.last_facts
    if platform is None or platform not in around.prints:
        return
    own = {place for place, (name, _) in around.known.sites.items() if name == platform} | {case.place}
    facts = look.facts if look is not None else None
    shared = ((trait, around.sharers.get(trait, frozenset())) for trait in (traits_of(facts) if facts else ()))
    sharers = {trait: len(places) - len(places & own) for trait, places in shared}
    likeness: Likeness
    for likeness in likenesses(around.prints[platform], case.place, facts, sharers):
        if likeness.signal == "name" or look is None:
            yield Found(likeness.signal, likeness.value, likeness.detail, case.sightings)
        else:
            yield Found(likeness.signal, likeness.value, likeness.detail, urls=(look.front,))


# --- E: what happens there ---


def _behaviour(case: Case, platform: str | None, around: Surroundings) -> Iterator[Found]:
    looks = [(probe, probe.facts) for probe in case.probes if probe.facts is not None]
    if not looks:
        return
    urls = (looks[-1][0].front,)
    posts = {text for _, facts in looks for text in facts.posts}
    copied = {text for text in posts if platform in around.texts.get(text, ())}
    if copied:
        share = sum(1 / len(around.texts[text]) for text in copied) / len(posts)
        value = min(1.0, share / COPIED)
        yield Found("copied", value, f"{len(copied)} of {len(posts)} posts there were {platform}'s", urls=urls)
    written = {(mark, text) for _, facts in looks for mark, text in facts.authors if text is not None}
    shared = {mark for mark, text in written if text not in copied and platform in around.marks.get(mark, ())}
    if shared:
        weight = sum((1.0 if mark.startswith("!") else NAMED) / len(around.marks[mark]) for mark in shared)
        value = min(REGULARS, math.log2(1 + weight))
        yield Found("regulars", value, f"{len(shared)} authors of {platform} write there", urls=urls)
    own = len(posts) - len(copied)
    newest = [facts.newest_post_at for _, facts in looks if facts.newest_post_at]
    if own and newest and looks[-1][0].at - max(newest) <= RECENT:
        value = min(1.0, math.log2(1 + own) / 4)
        yield Found("alive", value, f"{own} posts of its own, the last of {max(newest):%d %B}", urls=urls)
    if len(newest) > 1 and max(newest) > min(newest):
        yield Found("growing", 1, "people went on writing there between looks", urls=urls)


# --- F: what speaks against ---


def _spam(posts: Sequence[Sighting], around: Surroundings) -> Iterator[Found]:
    if not posts:
        return
    texts = Counter(one.template for one in posts)
    template, count = min(texts.items(), key=lambda item: (-item[1], item[0]))
    calling = sum(bool(one.calls) for one in posts)
    if len(posts) >= MANY and voices_of(posts) == 1:
        yield Found("one_voice", 1, f"all {len(posts)} mentions come from one voice", posts)
    if len(posts) >= MANY and count >= COPIES * len(posts):
        yield Found("one_text", 1, f"{count} of {len(posts)} mentions are copies of one text", posts)
    if around.copies.get(template, 1) >= MANY and 2 * count > len(posts):
        yield Found("many_places", 1, f"the same text points at {around.copies[template]} places", posts)
    if len(posts) >= OFTEN and calling < RARELY * len(posts):
        yield Found("other_reasons", 1, f"only {calling} of {len(posts)} mentions call to move there", posts)


POSING, LIKE = frozenset({"favicon", "structure", "passages", "boards"}), 0.5
"""What a copy looks like, and from how much likeness its own donation addresses are somebody else's."""
ASKED = {"password": "a password", "payment": "a payment", "wallet": "a wallet's secret", "download": "a download"}
NOTHING_THERE = {ProbeState.PARKED: "the domain is parked", ProbeState.SEIZED: "the domain was seized"}


def _against(case: Case, platform: str | None, around: Surroundings) -> Iterator[Found]:
    if case.probes and (why := NOTHING_THERE.get(case.probes[-1].state)):
        yield Found("nothing_there", 1, why, urls=(case.probes[-1].url,))
    look = case.last_facts
    if look is None or look.facts is None:
        return
    facts, known = look.facts, around.prints.get(platform or "")
    shows = look.state is ProbeState.UP and "/" not in case.place  # a wall says nothing of what is behind it
    if shows and facts.engine in {None, "generic"} and not facts.boards and not facts.threads:
        yield Found("no_board", 1, "its pages are no board's or forum's", urls=(look.front,))
    posing = any(signal.name in POSING and signal.value >= LIKE for signal in _likeness(case, platform, around))
    if posing and known is not None and (wallets := changed_wallets(known, facts)):
        yield Found(
            "other_wallet", 1, f"donations go to other addresses ({', '.join(wallets[:2])})", urls=(look.front,)
        )
    if asked := set(facts.asks_for) - (known.asks_for if known is not None else set()):
        yield Found("asks_for", 1, f"it asks visitors for {' and '.join(ASKED.get(one, one) for one in sorted(asked))}",
                    urls=(look.front,))  # fmt: skip


def _posts(some: Sequence[Sighting]) -> str:
    return "1 post" if len(some) == 1 else f"{len(some)} posts"

"""Two verdicts on a candidate from what posts say of it: is the community going there, and is it the same operator?

Additive log-odds: a prior, plus named signals in families, each family capped; the logistic function makes the sum a
probability. Every signal is an Evidence line that can be read by itself. The outcome depends on the set of
sightings only, never on their order.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from pathlib import Path
from typing import Self

from core.hosts import skeleton
from core.records import AlertKind, Evidence, Record, Relation
from core.yamlfile import load_model
from watch.known import KnownPlaces, plain
from watch.sightings import Sighting

MANY = 4
"""Mentions from which repetition by one voice is a campaign, not a coincidence."""
COPIES = 0.8
"""Share of mentions that are one text, from which they count as copies."""
RARELY = 0.2
"""Share of mentions with a call, below which a much-linked place is linked for other reasons."""
OFTEN = 8
BURST_THREADS, BURST_TIME = 5, timedelta(hours=6)
ALIKE = 0.8
"""Similarity of names (Ratcliff-Obershelp, as difflib computes it) from which they count as alike."""
SHOWN = 20
"""Posts named under one line of evidence, at most."""


class Weights(Record):
    """`config/watch.yml`: log-odds in nats."""

    prior: float
    caps: Mapping[str, float]
    signals: Mapping[str, float]
    same_operator: Mapping[str, float]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """From a configuration folder; ConfigError where it does not fit."""
        return load_model(folder / "watch.yml", cls)


FAMILIES = {
    "staff_call": "authority", "staff": "authority", "official": "authority", "name": "likeness",
    "one_voice": "spam", "one_text": "spam", "many_places": "spam", "other_reasons": "spam",
}  # fmt: skip
"""A signal's family; `community` where none is named."""


@dataclass(frozen=True)
class Verdict:
    """What is thought of a candidate, and why."""

    probability: float
    same_operator: float
    relation: Relation
    platform: str | None
    evidence: tuple[Evidence, ...]
    has_pointer: bool
    """Whether authority, or several threads, speak for it: without either nothing is alerted."""

    @property
    def kind(self) -> AlertKind:
        """The lane its alert belongs to."""
        match self.relation:
            case Relation.MIRROR:
                return AlertKind.MIRROR
            case Relation.IMPERSONATION:
                return AlertKind.IMPERSONATION
            case _:
                return AlertKind.NEW_PLATFORM

    def alerts(self, threshold: float) -> bool:
        """Whether an analyst is to be told."""
        speaking = [line for line in self.evidence if line.weight > 0]
        related = self.relation != Relation.UNRELATED
        return related and self.probability >= threshold and self.has_pointer and len(speaking) > 1


def family(signal: str) -> str:
    """The family a signal belongs to."""
    return FAMILIES.get(signal, "community")


def judge(seen: Sequence[Sighting], known: KnownPlaces, weights: Weights, copies: Mapping[str, int]) -> Verdict:
    """The verdict on one candidate from all of its sightings (at least one).

    `copies` says of a text's template at how many places its copies point.
    """
    seen = sorted(seen, key=lambda sighting: (sighting.at, sighting.post))
    platform = _platform(seen, known)
    alike = _alike(seen[0].candidate, known)
    found = _signals(seen, platform, alike, copies, weights)
    caps = dict(weights.caps)
    if not any(sighting.calls for sighting in seen):  # links are passed on for every reason
        caps["community"] = caps["community_without_call"]
    total, evidence = _capped(found, caps)
    own = weights.same_operator
    operator = own["prior"] + sum(own.get(signal, 0.0) for signal in {signal for signal, *_ in found})
    authority = any(family(line.signal) == "authority" for line in evidence)
    threads = _threads(seen)
    return Verdict(
        probability=_logistic(weights.prior + total),
        same_operator=_logistic(operator),
        relation=_relation(seen, platform, alike, known, authority=authority, threads=threads),
        platform=alike if alike and not authority and threads == 1 else platform,
        evidence=evidence,
        has_pointer=authority or threads > 1,
    )


Found = tuple[str, float, str, Sequence[Sighting]]
"""A signal, its weight, what it says, and the sightings it rests on."""


def _signals(
    seen: Sequence[Sighting], platform: str | None, alike: str | None, copies: Mapping[str, int], weights: Weights
) -> list[Found]:
    given = weights.signals
    found = [*_authority(seen, given), *_community(seen, platform, given), *_spam(seen, copies, given)]
    if alike:
        found.append(("name", given["name"], f"its name resembles {alike}'s", seen))
    return [signal for signal in found if signal[1]]


def _authority(seen: Sequence[Sighting], given: Mapping[str, float]) -> Iterator[Found]:
    place = defang(seen[0].candidate)
    staff = [sighting for sighting in seen if sighting.staff]
    if calling := [sighting for sighting in staff if sighting.calls]:
        yield "staff_call", given["staff_call"], f"staff call to move to {place} ({_posts(calling)})", calling
    elif staff:
        yield "staff", given["staff"], f"staff point at {place} ({_posts(staff)})", staff
    if official := [sighting for sighting in seen if sighting.official]:
        yield "official", given["official"], f"the platform's own account points at {place}", official


def _community(seen: Sequence[Sighting], platform: str | None, given: Mapping[str, float]) -> Iterator[Found]:
    calling = [sighting for sighting in seen if sighting.calls]
    voices, threads, call_threads = _voices(seen), _threads(seen), _threads(calling)
    yield "voice", given["voice"] * math.log2(voices), f"{voices} independent voices", seen
    yield "thread", given["thread"] * math.log2(threads), f"mentioned in {threads} threads", seen
    platforms = sorted({sighting.platform for sighting in seen})
    yield "platform", given["platform"] * (len(platforms) - 1), f"mentioned on {', '.join(platforms)}", seen
    if calling:
        rules = ", ".join(sorted({rule for sighting in calling for rule in sighting.calls}))
        yield "call", given["call"], f"calls to move beside the address ({rules})", calling
        yield "more_calls", given["more_calls"] * math.log2(call_threads), f"calls in {call_threads} threads", calling
    if naming := [sighting for sighting in seen if platform in sighting.names]:
        yield "named", given["named"], f"{platform} is named beside it", naming
    if burst := _burst(seen):
        yield "burst", given["burst"], f"{BURST_THREADS} threads or more within six hours", burst


def _spam(seen: Sequence[Sighting], copies: Mapping[str, int], given: Mapping[str, float]) -> Iterator[Found]:
    template, count = min(Counter(sighting.template for sighting in seen).items(), key=lambda item: (-item[1], item[0]))
    calling = sum(bool(sighting.calls) for sighting in seen)
    if len(seen) >= MANY and _voices(seen) == 1:
        yield "one_voice", given["one_voice"], f"all {len(seen)} mentions come from one voice", seen
    if len(seen) >= MANY and count >= COPIES * len(seen):
        yield "one_text", given["one_text"], f"{count} of {len(seen)} mentions are copies of one text", seen
    if copies.get(template, 1) >= MANY and 2 * count > len(seen):
        yield "many_places", given["many_places"], f"the same text points at {copies[template]} places", seen
    if len(seen) >= OFTEN and calling < RARELY * len(seen):
        yield (
            "other_reasons",
            given["other_reasons"],
            f"only {calling} of {len(seen)} mentions call to move there",
            seen,
        )


def _capped(found: Sequence[Found], caps: Mapping[str, float]) -> tuple[float, tuple[Evidence, ...]]:
    """The sum of all signals and their evidence, each family's weights scaled down to its cap."""
    sums: dict[str, float] = defaultdict(float)
    for signal, weight, *_ in found:
        sums[family(signal)] += weight
    lines = []
    for signal, weight, detail, some in found:
        whole, cap = sums[family(signal)], caps[family(signal)]
        share = cap / whole if abs(whole) > abs(cap) else 1.0
        lines.append(
            Evidence(
                signal=signal,
                weight=round(weight * share, 3),
                detail=detail,
                posts=tuple(dict.fromkeys(sighting.post for sighting in some))[:SHOWN],
                urls=tuple(sorted({sighting.url for sighting in some}))[:SHOWN],
            )
        )
    lines.sort(key=lambda line: (-abs(line.weight), line.signal))
    return sum(line.weight for line in lines), tuple(lines)


def _voices(seen: Sequence[Sighting]) -> int:
    """How many people at least are likely to have spoken: named ones each once.

    Nameless posts are as many voices as they have distinct texts and stand in distinct threads: one person writes
    the same in many threads, or many things in one.
    """
    named = {sighting.author for sighting in seen if sighting.author}
    nameless = [sighting for sighting in seen if not sighting.author]
    texts = {sighting.template for sighting in nameless}
    threads = {(sighting.source, sighting.thread) for sighting in nameless}
    return max(1, len(named) + min(len(texts), len(threads)))


def _threads(seen: Sequence[Sighting]) -> int:
    """In how many threads they stand; 1 for none, whose logarithm adds nothing."""
    return max(1, len({(sighting.source, sighting.thread) for sighting in seen}))


def _burst(seen: Sequence[Sighting]) -> Sequence[Sighting]:
    """The first sightings, within BURST_TIME of each other, that stand in BURST_THREADS threads; none otherwise."""
    first = 0
    for last in range(len(seen)):
        while seen[last].at - seen[first].at > BURST_TIME:
            first += 1
        window = seen[first : last + 1]
        if len({(sighting.source, sighting.thread) for sighting in window}) >= BURST_THREADS:
            return window
    return ()


def _platform(seen: Sequence[Sighting], known: KnownPlaces) -> str | None:
    """Whose community is concerned: the platform most named beside it, a fallen one first; else where it was said."""
    named = Counter(name for sighting in seen for name in sighting.names)
    if named:
        return min(named, key=lambda name: (not known.is_down(name), -named[name], name))
    said = Counter(sighting.platform for sighting in seen)
    return min(said, key=lambda name: (-said[name], name))


def _alike(candidate: str, known: KnownPlaces) -> str | None:
    """The platform that a candidate's name resembles most, if any does, to the eye: letters of other scripts too."""
    host, _, path = candidate.partition("/")
    label = plain(skeleton(path or host.rpartition(".")[0] or host)).replace(" ", "")
    scored = sorted(
        (-SequenceMatcher(None, label, name.replace(" ", "")).ratio(), platform) for name, platform in _labels(known)
    )
    return scored[0][1] if scored and -scored[0][0] >= ALIKE else None


def _labels(known: KnownPlaces) -> list[tuple[str, str]]:
    labels = [(name, platform) for platform, config in known.platforms.items() for name in config.names]
    for platform, config in known.platforms.items():
        labels += [(item.domain.rpartition(".")[0], platform) for item in config.domains]
    return [(plain(skeleton(label)), platform) for label, platform in labels]


def _relation(
    seen: Sequence[Sighting],
    platform: str | None,
    alike: str | None,
    known: KnownPlaces,
    *,
    authority: bool,
    threads: int,
) -> Relation:
    rules = Counter(rule for sighting in seen for rule in sighting.calls)
    if "/" in seen[0].candidate:
        return Relation.CHANNEL if rules else Relation.UNRELATED
    if not rules and not authority:
        return Relation.IMPERSONATION if alike and threads == 1 else Relation.UNRELATED
    mirrors = sum(count for rule, count in rules.items() if "mirror" in rule or "backup" in rule)
    if 2 * mirrors >= sum(rules.values()) and not known.is_down(platform):
        return Relation.MIRROR
    if authority or known.is_down(platform) or any(platform in sighting.names for sighting in seen):
        return Relation.SUCCESSOR
    return Relation.BUNKER


def defang(address: str) -> str:
    """An address that no program makes a link of: its dots before the path in brackets."""
    scheme, mark, rest = address.rpartition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.replace('http', 'hxxp')}{mark}{host.replace('.', '[.]')}{slash}{path}"


def _posts(some: Sequence[Sighting]) -> str:
    return "1 post" if len(some) == 1 else f"{len(some)} posts"


def _logistic(log_odds: float) -> float:
    return round(1 / (1 + math.exp(-log_odds)), 4)

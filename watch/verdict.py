"""Two verdicts on a candidate: is the community going there, and is it the same operator?

Additive log-odds: a prior, plus named signals in families, each family capped; the logistic function makes the sum a
probability. Every signal is an Evidence line that can be read by itself.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Self, get_args

from pydantic import model_validator

from core.records import AlertKind, Evidence, Record, Relation
from core.yamlfile import load_model
from watch.prints import name_likeness, plain_board
from watch.sightings import POST
from watch.signals import Background, Case, Found, Surroundings, signals, threads_of

SHOWN = 20
"""Posts named under one line of evidence, at most."""
CANDIDATES = 6
"""Platforms that a candidate is compared with, at most."""
OF_ANY = frozenset({"voices", "threads", "platforms", "surprise", "call", "more_calls", "appeal", "alive", "growing"})
"""Signals that say nothing of which platform's new home a place is."""
LIKE_ENOUGH = 0.5
"""Share of the likeness family's cap from which a place counts as looking like the platform."""

Family = Literal["authority", "migration", "community", "likeness", "infrastructure", "behaviour", "against"]

Question = Literal["going", "operator"]


class Signal(Record):
    """What one signal is worth."""

    family: Family
    going: float = 0.0
    """Log-odds (nats) for "is the community going there?", for each unit of the signal's value."""
    operator: float = 0.0
    """The same for "is it the same operator?"."""


class Caps(Record):
    """What a family's signals together count at most, for each of the two questions."""

    going: float
    operator: float


class Weights(Record):
    """`config/watch.yml`: log-odds in nats."""

    prior: Caps
    caps: Mapping[Family, Caps]
    background: Background
    signals: Mapping[str, Signal]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """From a configuration folder; ConfigError where it does not fit."""
        return load_model(folder / "watch.yml", cls)

    def save(self, folder: Path) -> None:
        """Into a configuration folder, each signal's reason kept from the file that is there."""
        path = folder / "watch.yml"
        lines = []
        for line in path.read_text(encoding="utf-8").splitlines():
            found = re.match(r"( *)(\w+): \{(.*?)\}( *#.*)?$", line)
            value = self._value(found[2]) if found else None
            lines.append(line if found is None or value is None else f"{found[1]}{found[2]}: {value}{found[4] or ''}")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _value(self, name: str) -> str | None:
        """What stands behind a name in the file."""
        if name in self.signals:
            signal = self.signals[name]
            return f"{{family: {signal.family}, going: {signal.going}, operator: {signal.operator}}}"
        caps = self.prior if name == "prior" else next((cap for key, cap in self.caps.items() if key == name), None)
        return None if caps is None else f"{{going: {caps.going}, operator: {caps.operator}}}"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if missing := set(get_args(Family)) - self.caps.keys():
            raise ValueError(f"caps: none for {', '.join(sorted(missing))}")
        for name, signal in self.signals.items():
            if (max if signal.family == "against" else min)(signal.going, signal.operator, 0.0) != 0:
                raise ValueError(f"{name}: a signal against never adds, every other never takes away")
        return self

    def family(self, signal: str) -> Family:
        """The family a signal belongs to."""
        return self.signals[signal].family


@dataclass(frozen=True)
class Verdict:
    """What is thought of a candidate, and why."""

    probability: float
    same_operator: float
    relation: Relation
    platform: str | None
    evidence: tuple[Evidence, ...]
    values: Mapping[str, float]
    """Every signal's value, before weights."""
    families: frozenset[Family]
    """Families of which something speaks for it."""
    has_pointer: bool
    """Whether authority, behaviour after launch, or several threads speak for it: without, nothing is alerted."""
    poses: bool
    """Whether its pages were seen to look like the platform's without anybody's word for it."""

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
        if self.relation == Relation.IMPERSONATION:
            return self.poses
        related = self.relation != Relation.UNRELATED
        return related and self.probability >= threshold and self.has_pointer and len(self.families) > 1


def judge(case: Case, around: Surroundings, weights: Weights) -> Verdict:
    """The verdict on one candidate; it depends on what is known, never on the order in which it came."""
    case = replace(
        case,
        sightings=sorted(case.sightings, key=lambda one: (one.at, one.post)),
        probes=sorted(case.probes, key=lambda one: one.at),
    )
    tried = [(signals(case, name, around, weights.background), name) for name in _platforms(case, around)]
    found, platform = max(
        tried, key=lambda one: (_sum([signal for signal in one[0] if signal.name not in OF_ANY], weights, "going"),
                                _sum(one[0], weights, "operator"), one[1] or "")
    )  # fmt: skip
    evidence = _evidence(found, weights)
    families = frozenset(weights.family(line.signal) for line in evidence if line.weight > 0)
    threads = threads_of([one for one in case.sightings if one.kind == POST])
    pointer = bool(families & {"authority", "behaviour"}) or threads > 1
    poses = _poses(found, weights, pointer=pointer)
    going = weights.prior.going + _sum(found, weights, "going")
    operator = weights.prior.operator + _sum(found, weights, "operator")
    return Verdict(
        probability=_logistic(going),
        same_operator=_logistic(operator),
        relation=Relation.IMPERSONATION if poses else _relation(case, found, platform, around, weights),
        platform=platform,
        evidence=evidence,
        values={signal.name: round(signal.value, 4) for signal in found},
        families=families,
        has_pointer=pointer,
        poses=poses,
    )


def _platforms(case: Case, around: Surroundings) -> list[str | None]:
    """Platforms whose new home it may be: those that point at it, are named beside it, look like it, or lie down."""
    score: Counter[str] = Counter()
    for one in case.sightings:
        score.update(dict.fromkeys(one.names, 2))
        score[one.platform] += 3 if one.kind != POST or one.staff or one.official else 1
    score.update({name: 2 for name, known in around.prints.items() if name_likeness(known, case.place) > 0})
    look = case.last_facts
    if look is not None and look.facts is not None:
        for text in look.facts.posts:
            score.update(around.texts.get(text, ()))
        for mark, _ in look.facts.authors:
            score.update(around.marks.get(mark, ()))
        boards = {plain_board(board) for board in look.facts.boards}
        score.update({name: len(boards & known.boards) for name, known in around.prints.items()})
    score.update({name: 1 for name in score if name in around.down})
    ordered = sorted((name for name in score if score[name] > 0), key=lambda name: (-score[name], name))
    return list(ordered[:CANDIDATES]) or [None]


def _shares(found: Sequence[Found], weights: Weights, question: Question) -> list[float]:
    """What each signal counts for a question, every family's together scaled down to its cap."""
    raw = [signal.value * getattr(weights.signals[signal.name], question) for signal in found]
    sums: dict[Family, float] = defaultdict(float)
    for signal, weight in zip(found, raw, strict=True):
        sums[weights.family(signal.name)] += weight
    out = []
    for signal, weight in zip(found, raw, strict=True):
        whole = sums[weights.family(signal.name)]
        cap = getattr(weights.caps[weights.family(signal.name)], question)
        out.append(weight * cap / whole if abs(whole) > abs(cap) else weight)
    return out


def _sum(found: Sequence[Found], weights: Weights, question: Question) -> float:
    return round(sum(_shares(found, weights, question)), 6)


def _evidence(found: Sequence[Found], weights: Weights) -> tuple[Evidence, ...]:
    lines = [
        Evidence(
            signal=signal.name,
            weight=round(weight, 3),
            detail=signal.detail,
            posts=tuple(dict.fromkeys(one.post for one in signal.sightings if one.kind == POST))[:SHOWN],
            urls=tuple(sorted({*(one.url for one in signal.sightings), *signal.urls}))[:SHOWN],
        )
        for signal, weight in zip(found, _shares(found, weights, "going"), strict=True)
    ]
    return tuple(sorted(lines, key=lambda line: (-abs(line.weight), line.signal)))


def _relation(
    case: Case, found: Sequence[Found], platform: str | None, around: Surroundings, weights: Weights
) -> Relation:
    names = {signal.name for signal in found}
    calls = Counter(rule for one in case.sightings for rule in one.calls)
    authority = any(weights.family(name) == "authority" for name in names)
    threads = threads_of([one for one in case.sightings if one.kind == POST])
    goes_there = authority or names & {"regulars", "alive", "appeal"} or ("named" in names and threads > 1)
    if "name" in names and threads == 1 and not (calls or authority or names & {"regulars", "alive"}):
        return Relation.IMPERSONATION
    if "/" in case.place:
        return Relation.CHANNEL if calls or authority else Relation.UNRELATED
    if not calls and not goes_there:
        return Relation.UNRELATED
    down = platform in around.down
    mirrors = sum(count for rule, count in calls.items() if "mirror" in rule or "backup" in rule)
    own_list = {"mirrors", "onion_location"} & names
    if not down and (own_list or (calls and 2 * mirrors >= calls.total())):
        return Relation.MIRROR
    operator = _logistic(weights.prior.operator + _sum(found, weights, "operator"))
    if operator >= 0.5 or down or (authority and "webring" not in names):  # noqa: PLR2004
        return Relation.SUCCESSOR
    return Relation.SUCCESSOR if "named" in names else Relation.BUNKER


def _poses(found: Sequence[Found], weights: Weights, *, pointer: bool) -> bool:
    """Whether it looks like the platform and nobody with a say, nor the community, is there; or takes its money."""
    shares = zip(found, _shares(found, weights, "going"), strict=True)
    like = sum(share for signal, share in shares if weights.family(signal.name) == "likeness")
    names = {signal.name for signal in found}
    seen = names & {"boards", "structure", "favicon", "passages"}
    looks = bool(seen) and like >= LIKE_ENOUGH * weights.caps["likeness"].going
    authority = any(weights.family(name) == "authority" for name in names)
    trap = bool(names & {"other_wallet", "asks_for"})
    return looks and not authority and (trap or not pointer)


def defang(address: str) -> str:
    """An address that no program makes a link of: its dots before the path in brackets."""
    scheme, mark, rest = address.rpartition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.replace('http', 'hxxp')}{mark}{host.replace('.', '[.]')}{slash}{path}"


def _logistic(log_odds: float) -> float:
    return round(1 / (1 + math.exp(-log_odds)), 4)

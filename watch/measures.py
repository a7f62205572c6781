"""How good the watch is, on worlds whose truth is known: recall in time, precision, delay, calibration; and baselines.

Every figure comes with an interval by bootstrap over worlds. Baselines get as many alerts as the watch raised.
"""

import random
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any

import numpy as np

from core.clock import parse_moment
from watch.fit import Labelled, logistic

CYCLE = timedelta(hours=1)
BINS = 10
DRAWS = 1000
"""Of the bootstrap."""
MOMENTS = (timedelta(0), timedelta(hours=6), timedelta(days=1), timedelta(days=7), timedelta(days=400))
"""After its first verdict, when a candidate is taken as an example to learn from."""


@dataclass(frozen=True)
class Seen:
    """One verdict on one candidate at one moment."""

    at: datetime
    place: str
    platform: str | None
    probability: float
    same_operator: float
    relation: str
    alerts: bool
    rank: int
    """Among the candidates of its platform, by probability, when it was judged; 1 is the first."""
    mentions: int
    values: Mapping[str, float]


@dataclass(frozen=True)
class Event:
    """One move that happened."""

    id: str
    platform: str
    places: frozenset[str]
    same_operator: bool
    mentioned: datetime | None
    """First mention that a crawl can see."""
    due: datetime | None
    """From when anybody could know: mentioned and reachable. None for never."""
    file_name_only: bool
    kind: str
    """Relation and pointer, for the table's parts."""


@dataclass(frozen=True)
class Outcome:
    """What the watch made of one world, and what was true."""

    seed: int
    seen: Sequence[Seen]
    truth: Mapping[str, Any]
    days: float
    complete: float
    """Share of alerts whose every line of evidence names posts or pages, with what was seen of them."""

    @cached_property
    def events(self) -> list[Event]:
        """What happened."""
        return [_event(number, told) for number, told in enumerate(self.truth["events"])]

    @cached_property
    def true_places(self) -> frozenset[str]:
        """Every place that somebody moved to."""
        return frozenset(place for event in self.events for place in event.places)

    @cached_property
    def by_place(self) -> dict[str, list[Seen]]:
        """Verdicts by place, in time."""
        found: dict[str, list[Seen]] = {}
        for one in self.seen:
            found.setdefault(one.place, []).append(one)
        return found


def _event(number: int, told: Mapping[str, Any]) -> Event:
    mentions = sorted(map(parse_moment, told["mentions"]))
    reachable = sorted((parse_moment(start), parse_moment(end)) for start, end in told["reachable"])
    due = next((max(mentions[0], start) for start, end in reachable if end > mentions[0]), None) if mentions else None
    return Event(
        id=str(told.get("id", number)), platform=told["platform"], places=frozenset(told["places"]),
        same_operator=bool(told["same_operator"]), mentioned=mentions[0] if mentions else None, due=due,
        file_name_only=bool(told["file_name_only"]), kind=f"{told['relation']} by {told['pointer']}",
    )  # fmt: skip


Alerting = Callable[[Outcome], Mapping[str, datetime]]
"""Of one world: the places that are alerted, with the first moment."""


def watch_alerts(outcome: Outcome) -> dict[str, datetime]:
    """What the watch alerted as a new platform or mirror."""
    return {
        place: min(moments)
        for place, some in outcome.by_place.items()
        if (moments := [one.at for one in some if one.alerts and one.relation != "impersonation"])
    }


@dataclass(frozen=True)
class Figures:
    """Counts of one world, to be added up."""

    events: int
    found: int
    """Within one cycle of being due."""
    found_late: int
    """Later, but found."""
    alerts: int
    right: int
    delays: tuple[float, ...]
    """Hours from due to the alert, of events that were found."""
    missed: tuple[str, ...]


def figures(outcome: Outcome, alerts: Mapping[str, datetime], *, file_names: bool = False) -> Figures:
    """What these alerts are worth in one world; events told by a file's name alone are counted apart."""
    events = [one for one in outcome.events if one.due is not None and one.file_name_only == file_names]
    found, late, delays, missed = 0, 0, [], []
    for event in events:
        assert event.due is not None
        at = min((alerts[place] for place in event.places if place in alerts), default=None)
        if at is None:
            missed.append(f"{outcome.seed}/{event.id} {event.kind}")
            continue
        delay = max(0.0, (at - event.due) / CYCLE)
        delays.append(delay)
        if at <= _crawled(event.due) + CYCLE:
            found += 1
        else:
            late += 1
            missed.append(f"{outcome.seed}/{event.id} {event.kind}, {delay:.0f} h late")
    right = sum(place in outcome.true_places for place in alerts)
    return Figures(len(events), found, late, len(alerts), right, tuple(delays), tuple(missed))


def _crawled(moment: datetime) -> datetime:
    """The first hourly crawl that sees what is there at a moment."""
    whole = moment.replace(minute=0, second=0, microsecond=0)
    return whole if whole == moment else whole + CYCLE


@dataclass(frozen=True)
class Estimate:
    """A figure and its 95 % interval by bootstrap over worlds."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def estimate(worlds: Sequence[Any], of: Callable[[Sequence[Any]], float]) -> Estimate:
    """A figure over worlds, with its interval."""
    chance = random.Random(0)  # noqa: S311 - a bootstrap, not a secret
    drawn = sorted(of([chance.choice(worlds) for _ in worlds]) for _ in range(DRAWS)) if len(worlds) > 1 else []
    if not drawn:
        return Estimate(of(worlds), 0.0, 1.0)
    return Estimate(of(worlds), drawn[int(0.025 * DRAWS)], drawn[int(0.975 * DRAWS) - 1])


def recall(some: Sequence[Figures]) -> float:
    """Events found within one cycle, of all; 0 where there are none."""
    return sum(one.found for one in some) / max(1, sum(one.events for one in some))


def recall_ever(some: Sequence[Figures]) -> float:
    """Events found at all."""
    return sum(one.found + one.found_late for one in some) / max(1, sum(one.events for one in some))


def precision(some: Sequence[Figures]) -> float:
    """Alerts that were right, of all; 1 without alerts."""
    alerts = sum(one.alerts for one in some)
    return sum(one.right for one in some) / alerts if alerts else 1.0


def delay(some: Sequence[Figures], share: float) -> float:
    """Hours within which this share of the events that were found was found."""
    delays = sorted(hours for one in some for hours in one.delays)
    return delays[min(len(delays) - 1, int(share * len(delays)))] if delays else float("nan")


def ranks(outcomes: Iterable[Outcome], most: int) -> float:
    """Share of alerted events whose place was among the first `most` of its platform when it was alerted."""
    tried, reached = 0, 0
    for outcome in outcomes:
        for event in outcome.events:
            firsts = [
                next((one for one in outcome.by_place.get(place, ()) if one.alerts), None) for place in event.places
            ]
            told = [one for one in firsts if one is not None]
            if told:
                tried += 1
                reached += min(told, key=lambda one: one.at).rank <= most
    return reached / max(1, tried)


def calibration_error(pairs: Iterable[tuple[float, bool]]) -> float:
    """Expected calibration error over ten bins of equal width (Naeini et al. 2015)."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for probability, truth in pairs:
        bins.setdefault(min(BINS - 1, int(probability * BINS)), []).append((probability, truth))
    total = sum(map(len, bins.values()))
    return sum(abs(sum(p for p, _ in some) - sum(t for _, t in some)) for some in bins.values()) / max(1, total)


def last_verdicts(outcomes: Iterable[Outcome]) -> Iterator[tuple[float, bool]]:
    """Of every candidate, the last probability and whether somebody moved there."""
    for outcome in outcomes:
        for place, some in outcome.by_place.items():
            yield some[-1].probability, place in outcome.true_places


def operator_verdicts(outcomes: Iterable[Outcome]) -> Iterator[tuple[float, bool]]:
    """Of every place that somebody moved to, or that was built to look like it: the last probability and the truth."""
    for outcome in outcomes:
        truth = {place: event.same_operator for event in outcome.events for place in event.places}
        truth |= {told["place"]: False for told in outcome.truth["decoys"] if told.get("hard")}
        for place, operator in truth.items():
            if place in outcome.by_place:
                yield outcome.by_place[place][-1].same_operator, operator


def taken_for_operator(outcomes: Iterable[Outcome]) -> float:
    """Share of impostors that were said to be the same operator."""
    tried, fooled = 0, 0
    for outcome in outcomes:
        for told in outcome.truth["decoys"]:
            if told["kind"] in {"phishing", "clone", "impostor", "copycat"} and told["place"] in outcome.by_place:
                tried += 1
                fooled += outcome.by_place[told["place"]][-1].same_operator >= 0.5  # noqa: PLR2004
    return fooled / max(1, tried)


# --- baselines ---


Score = Callable[[Seen], float]
BASELINES: Mapping[str, Score] = {
    "mention count": lambda one: one.mentions,
    "burst": lambda one: one.values.get("surprise", 0.0),
    "name (all endings)": lambda one: one.values.get("name", 0.0),
    "favicon or DOM": lambda one: max(one.values.get("favicon", 0.0), one.values.get("structure", 0.0)),
    "phrase and URL": lambda one: one.values.get("call", 0.0) + one.values.get("more_calls", 0.0),
}
LOGISTIC = "logistic over these five"


def by_score(
    outcomes: Sequence[Outcome], score: Callable[[Outcome, Seen], float]
) -> list[list[tuple[float, str, datetime]]]:
    """Of each world: every place's growing scores (score, place, moment first reached), the highest first."""
    out = []
    for outcome in outcomes:
        rising = []
        for place, some in outcome.by_place.items():
            best = float("-inf")
            for one in some:
                value = score(outcome, one)
                if value > best:
                    best = value
                    rising.append((value, place, one.at))
        out.append(sorted(rising, key=lambda item: -item[0]))
    return out


def alerts_above(rising: Sequence[tuple[float, str, datetime]], threshold: float) -> dict[str, datetime]:
    """Places whose score reached a threshold, with the first moment."""
    found: dict[str, datetime] = {}
    for value, place, at in rising:
        if value < threshold:
            break
        found[place] = min(at, found.get(place, at))
    return found


def at_budget(rising: Sequence[Sequence[tuple[float, str, datetime]]], budget: int) -> float:
    """The least threshold with which at most `budget` places are alerted in all worlds together."""
    best: list[float] = []
    for world in rising:
        highest: dict[str, float] = {}
        for value, place, _ in world:
            highest[place] = max(value, highest.get(place, value))
        best += highest.values()
    best.sort()
    for value in sorted(set(best)):
        if len(best) - bisect_right(best, value - 1e-12) <= budget:
            return value
    return float("inf")


def cross_fitted(outcomes: Sequence[Outcome]) -> Callable[[Outcome, Seen], float]:
    """The plain logistic over the five: each half of the worlds scored by what was fitted on the other."""
    half = {id(outcome): number % 2 for number, outcome in enumerate(outcomes)}
    learnt = []
    for side in (0, 1):
        rows, truth = [], []
        for outcome in outcomes:
            if half[id(outcome)] != side:
                for place, some in outcome.by_place.items():
                    rows.append([score(some[-1]) for score in BASELINES.values()])
                    truth.append(place in outcome.true_places)
        learnt.append(logistic(np.array(rows, float).reshape(-1, len(BASELINES)), np.array(truth, float)))

    def score(outcome: Outcome, one: Seen) -> float:
        weights = learnt[half[id(outcome)]]
        values = [of(one) for of in BASELINES.values()]
        return float(np.dot(weights[:-1], values) + weights[-1])

    return score


def examples(outcomes: Iterable[Outcome]) -> Iterator[Labelled]:
    """What can be learnt from worlds: each candidate at a few moments, together as heavy as one."""
    for outcome in outcomes:
        operators = {place: event.same_operator for event in outcome.events for place in event.places}
        decoys = {told["place"] for told in outcome.truth["decoys"] if told.get("hard")}
        for place, some in outcome.by_place.items():
            times = [one.at for one in some]
            rows = sorted({bisect_right(times, times[0] + after) - 1 for after in MOMENTS})
            told = operators.get(place, False if place in decoys else None)
            for row in rows:
                yield Labelled(some[row].values, place in outcome.true_places, told, 1 / len(rows))


# --- the table ---

FOOLED, ERROR = 0.02, 0.05
HEADINGS = ("measure", "value [95 %]", "goal", "")


def table(outcomes: Sequence[Outcome]) -> list[tuple[str, str, str, str]]:
    """Every figure in words, with its goal and whether it is met."""
    ours = [figures(outcome, watch_alerts(outcome)) for outcome in outcomes]
    events, alerts = sum(one.events for one in ours), sum(one.alerts for one in ours)
    rows = [("worlds, events, alerts", f"{len(outcomes)}, {events}, {alerts}", "", "")]
    _add(rows, "recall within one cycle", estimate(ours, recall), 0.95)
    _add(rows, "recall ever", estimate(ours, recall_ever), None)
    _add(rows, "precision", estimate(ours, precision), 0.90)
    files = [figures(outcome, watch_alerts(outcome), file_names=True) for outcome in outcomes]
    if sum(one.events for one in files):
        _add(rows, "told by a file's name only: recall ever", estimate(files, recall_ever), None)
    everything = sum(len(outcome.events) for outcome in outcomes)
    rows.append(
        (
            "could be known at all (oracle)",
            f"{(events + sum(f.events for f in files)) / max(1, everything):.3f}",
            "",
            "",
        )
    )
    for share, goal in ((0.5, 1.0), (0.9, 6.0)):
        hours = delay(ours, share)
        rows.append((f"delay, hours, {share:.0%} within", f"{hours:.1f}", f"<= {goal:g}", _met(hours <= goal)))
    for most, goal in ((1, 0.90), (3, 0.98)):
        share = ranks(outcomes, most)
        rows.append((f"among the first {most} of its platform", f"{share:.3f}", f">= {goal:.2f}", _met(share >= goal)))
    fooled = taken_for_operator(outcomes)
    rows.append(("impostors called the same operator", f"{fooled:.3f}", f"<= {FOOLED:g}", _met(fooled <= FOOLED)))
    for name, pairs in (("going", last_verdicts(outcomes)), ("same operator", operator_verdicts(outcomes))):
        error = calibration_error(pairs)
        rows.append((f"calibration error, {name}", f"{error:.3f}", f"<= {ERROR:g}", _met(error <= ERROR)))
    wrong = sum(one.alerts - one.right for one in ours) / sum(outcome.days for outcome in outcomes) * 30
    rows.append(("false alerts in 30 days", f"{wrong:.2f}", "", ""))
    complete = sum(outcome.complete for outcome in outcomes) / len(outcomes)
    rows.append(("alerts with complete evidence", f"{complete:.3f}", "1.000", _met(complete >= 1)))
    rows += baselines(outcomes, alerts)
    return rows


def baselines(outcomes: Sequence[Outcome], budget: int) -> Iterator[tuple[str, str, str, str]]:
    """Each baseline's recall within one cycle and precision with as many alerts as the watch raised."""
    scores: dict[str, Callable[[Outcome, Seen], float]] = {name: partial(_alone, of) for name, of in BASELINES.items()}
    scores[LOGISTIC] = cross_fitted(outcomes)
    for name, score in scores.items():
        rising = by_score(outcomes, score)
        threshold = at_budget(rising, budget)
        found = [
            figures(outcome, alerts_above(world, threshold)) for outcome, world in zip(outcomes, rising, strict=True)
        ]
        yield f"baseline {name}: recall, precision", f"{recall(found):.3f}, {precision(found):.3f}", "", ""


def _alone(of: Score, _: Outcome, one: Seen) -> float:
    return of(one)


def missed(outcomes: Iterable[Outcome]) -> list[str]:
    """Events that were not found in time, a line each."""
    return [line for outcome in outcomes for line in figures(outcome, watch_alerts(outcome)).missed]


def false_alerts(outcomes: Iterable[Outcome]) -> list[str]:
    """Places that were alerted and are nobody's new home, with what the world says they are."""
    lines = []
    for outcome in outcomes:
        kinds = {told["place"]: told["kind"] for told in outcome.truth["decoys"]}
        wrong = (place for place in watch_alerts(outcome) if place not in outcome.true_places)
        lines += [f"{outcome.seed} {place} {kinds.get(place, 'everyday')}" for place in wrong]
    return lines


def _add(rows: list[tuple[str, str, str, str]], name: str, found: Estimate, goal: float | None) -> None:
    told = "" if goal is None else f">= {goal:.2f}"
    rows.append((name, str(found), told, "" if goal is None else _met(found.value >= goal)))


def _met(met: bool) -> str:  # noqa: FBT001
    return "met" if met else "missed"

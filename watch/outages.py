"""Known platforms' own places that are down or lead elsewhere: `source-down` and `source-moved` alerts.

What looks see is joined with what other paths say: crawls, the platform's other places and accounts, users elsewhere,
and whether anything else answers us. Log-odds that it is so are added up, one readable line each.
"""

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Self

from sqlalchemy import Connection

from core.clock import Clock
from core.hosts import registrable_domain
from core.probes import Looked, Pointer, PointerKind, Probe, ProbeState
from core.records import Alert, AlertKind, AlertStatus, Evidence, HistoryEntry, Post, Record, Relation
from core.store import Store, frontier, places, watchlist
from core.store.tagged import read_posts_between
from core.yamlfile import load_model
from watch.known import KnownPlaces, plain
from watch.prints import name_likeness, print_of
from watch.probing import DAY, HOUR
from watch.stage import alert_id

ANSWERS = frozenset({ProbeState.UP, ProbeState.MOVED, ProbeState.FORBIDDEN})
"""States of a place that is there: a robots.txt that forbids, or a redirect, is an answer of its own."""
TAKEN = frozenset({ProbeState.PARKED, ProbeState.SEIZED})
"""States that no short outage has."""
CLOSED = frozenset({ProbeState.BLOCKED, ProbeState.CHALLENGED})
"""States of a place that answers, but not us."""
LEAST_LOOKS, LEAST_TIME = 2, 3 * HOUR
"""Looks in a row, and time between the first and the last of them, from which on an outage is no short one."""
AGAIN = DAY
"""So long a place has to answer before the next outage is a new one and not the same going on."""
BEFORE, AFTER = 6 * HOUR, 3 * DAY
"""Around the beginning of an outage: when what users say elsewhere is about it."""
LIKELY = 0.5
"""Probability from which there is an alert: it is likelier than not."""
OTHERS = 2
"""Places of other platforms that all keep silent, from which on the fault may be ours."""
LAST = 4
"""Looks at a place that are read whole, the last."""
SHOWN = 20
"""Posts or pages named under one line of evidence, at most."""
WHO = "fringewatch"
SLOW = re.compile(r"(?i)time.?out|timed out|took longer|in time")
"""What the reason of a look says that ended because nothing came in time."""

PRIOR = -0.5
STATES: Mapping[ProbeState, tuple[str, float, str]] = {
    ProbeState.UNREACHABLE: ("down", 1.5, "nothing answers"),
    ProbeState.FAILING: ("down", 1.5, "it answers with errors of its own"),
    ProbeState.PARKED: ("parked", 2.5, "a registrar's page stands in its place"),
    ProbeState.SEIZED: ("seized", 4.0, "a banner of authorities stands in its place"),
    ProbeState.BLOCKED: ("closed", -1.5, "it answers, but is closed to us: it may be up for others"),
    ProbeState.CHALLENGED: ("closed", -1.5, "it answers programs with a challenge: it may be up for people"),
}
"""What looks say: signal, log-odds that the place is down, words."""
SLOWLY = ("slow", 0.5, "nothing comes in time: it is overloaded, or down")
ANSWERS_AGAIN = ("answers", -7.0)


class OutageWords(Record):
    """`config/outages.yml`: how people say that a site is down, by language."""

    words: Mapping[str, tuple[str, ...]] = {}

    @classmethod
    def load(cls, folder: Path) -> Self:
        """From a configuration folder, where there is such a file; ConfigError where it does not fit."""
        path = folder / "outages.yml"
        return load_model(path, cls) if path.exists() else cls()

    def said_in(self, text: str) -> list[str]:
        """Those that a text has, in order."""
        spelled = f" {plain(text)} "
        return sorted({word for some in self.words.values() for word in some if f" {plain(word)} " in spelled})


@dataclass(frozen=True)
class Outage:
    """The latest outage of a place that was no short one."""

    since: datetime
    looks: Sequence[Looked]
    """The looks in a row that failed, of its last stretch."""
    back: datetime | None = None
    """First answer after it."""
    interrupted: int = 0
    """How often the place answered in between, for less than AGAIN."""
    from_the_first: bool = False
    """Whether it began with the first look: what was before nobody saw."""


@dataclass(frozen=True)
class _Reading:
    """What is known at the moment of telling."""

    view: Connection
    known: KnownPlaces
    words: OutageWords
    runs: Mapping[str, Sequence[Looked]]
    """Looks at every known place since it was last up."""
    now: datetime


def tell_outages(store: Store, known: KnownPlaces, words: OutageWords, looked_at: Iterable[str], clock: Clock) -> int:
    """Raises or updates the alerts of known platforms' places among those just looked at; how many are new.

    All is read from the store, so that what a crash left untold is told after the place's next look.
    """
    own = sorted(known.sites.keys() & set(looked_at))
    if not own:
        return 0
    with store.read() as view:
        reading = _Reading(view, known, words, places.read_looks(view, known.sites, run=True), clock())
        probes = places.read_probes(view, own, LAST)
        before = _alerts_of(view, (alert_id(AlertKind.SOURCE_DOWN, place) for place in own))
        told = [change for place in own if (change := _outage(reading, place, probes.get(place, ()), before))]
        moves = [move for place in own for move in _moves(reading, place, probes.get(place, ()))]
        before |= _alerts_of(view, (move.id for move in moves))
    told += [(_as_before(move, before.get(move.id)), None) for move in moves]
    if not told:
        return 0
    with store.write() as tx:
        new = 0
        for alert, note in told:
            new += watchlist.save_alert(tx, alert)
            if note is not None:
                entry = HistoryEntry(at=clock(), who=WHO, status=alert.status, note=note)
                watchlist.add_history(tx, alert.id, entry)
    return new


def _alerts_of(view: Connection, ids: Iterable[str]) -> dict[str, Alert]:
    return {alert.id: alert for alert in watchlist.read_alerts(view, ids=ids)}


def _as_before(alert: Alert, known: Alert | None) -> Alert:
    """An alert as it is now, with what stays of it: when it was raised, what a person decided."""
    if known is None:
        return alert
    kept = {"created_at": known.created_at, "status": known.status}
    return alert.model_copy(update=kept | {"first_mention_at": min(alert.first_mention_at, known.first_mention_at)})


# --- when a place is down ---


def outage_of(looks: Sequence[Looked]) -> Outage | None:
    """The latest outage that these looks (by time) saw, over or not; None where there was none but short ones."""
    last: Outage | None = None
    for answers, run in groupby(looks, key=lambda look: look.state in ANSWERS):
        some = list(run)
        if answers:
            if last is not None and last.back is None:
                last = replace(last, back=some[0].at)
        elif is_outage(some):
            if last is not None and last.back is not None and some[0].at - last.back < AGAIN:
                last = replace(last, looks=some, back=None, interrupted=last.interrupted + 1)
            else:
                last = Outage(some[0].at, some, from_the_first=some[0] is looks[0])
    return last


def is_outage(failed: Sequence[Looked]) -> bool:
    """Whether looks in a row that failed are more than a short outage."""
    if len(failed) < LEAST_LOOKS:
        return False
    return failed[-1].state in TAKEN or failed[-1].at - failed[0].at >= LEAST_TIME


def _outage(
    reading: _Reading, place: str, probes: Sequence[Probe], before: Mapping[str, Alert]
) -> tuple[Alert, str | None] | None:
    """What is to be told of a place's outage, with a note for its history; None where nothing is."""
    known = before.get(alert_id(AlertKind.SOURCE_DOWN, place))
    failing = [look for look in reading.runs.get(place, ()) if look.state not in ANSWERS]
    if not probes or (known is None and not is_outage(failing)):
        return None
    outage = outage_of(places.read_looks(reading.view, [place])[place])
    if outage is None or (outage.from_the_first and not _is_expected_up(reading.known, place)):
        return None
    if outage.back is not None:
        return None if known is None or known.first_mention_at != outage.since else _back(known, outage, outage.back)
    alert = _down(reading, place, outage, probes)
    if known is not None and known.first_mention_at == outage.since:
        return _further(alert, known)
    if alert.probability < LIKELY:
        return None
    return (alert, None) if known is None else _again(alert, known)


def _is_expected_up(known: KnownPlaces, place: str) -> bool:
    """Whether a place that never answered us is one that should: it is crawled, and nobody has put it down as gone."""
    return place in known.crawled and not known.is_down(known.crawled[place][0])


def _back(known: Alert, outage: Outage, back: datetime) -> tuple[Alert, str] | None:
    """The alert of an outage that is over; None where it says so already."""
    signal, weight = ANSWERS_AGAIN
    if any(line.signal == signal for line in known.evidence):
        return None
    note = f"answers again since {_when(back)}, after {_long((back - outage.since) / HOUR)}"
    evidence = (Evidence(signal=signal, weight=weight, detail=f"it {note}"), *known.evidence)
    return known.model_copy(update={"evidence": evidence, "probability": _probability(evidence)}), note


def _again(alert: Alert, known: Alert) -> tuple[Alert, str]:
    """A known alert for a new outage: what was decided of the last one does not hold for this."""
    status = known.status if known.status == AlertStatus.ESCALATED else AlertStatus.NEW
    note = f"down again since {_when(alert.first_mention_at)}; the outage before began {_when(known.first_mention_at)}"
    return alert.model_copy(update={"created_at": known.created_at, "status": status}), note


def _further(alert: Alert, known: Alert) -> tuple[Alert, str | None]:
    """A known alert whose outage goes on: as things are now, open again where it is worse than what was dismissed."""
    alert = alert.model_copy(update={"created_at": known.created_at, "status": known.status})
    signals = {line.signal for line in known.evidence}
    worse = {line.signal for line in alert.evidence} & {"parked", "seized"} - signals
    if worse:
        status = AlertStatus.NEW if known.status == AlertStatus.DISMISSED else known.status
        return alert.model_copy(update={"status": status}), f"is {', '.join(worse)} now"
    return alert, "down again, less than a day after it was back" if ANSWERS_AGAIN[0] in signals else None


def _down(reading: _Reading, place: str, outage: Outage, probes: Sequence[Probe]) -> Alert:
    platform, _ = reading.known.sites[place]
    said = _said(reading, platform, outage)
    other = [
        *_by_crawl(reading, place, outage),
        *_by_other_places(reading, place, platform, outage),
        *_by_words(said, platform, reading.known),
    ]
    alone = not any(line.weight > 0 for line in other)
    evidence = [_by_looks(outage, probes, alone=alone), *_by_our_line(reading, platform, outage), *other]
    return Alert(
        id=alert_id(AlertKind.SOURCE_DOWN, place),
        kind=AlertKind.SOURCE_DOWN,
        created_at=reading.now,
        host=place,
        domain=registrable_domain(place.partition("/")[0]),
        platform=platform,
        relation=Relation.UNRELATED,
        probability=_probability(evidence),
        same_operator=0.0 if outage.looks[-1].state in TAKEN else 1.0,
        first_mention_at=outage.since,
        mentions=len(said),
        evidence=tuple(sorted(evidence, key=lambda line: -abs(line.weight))),
    )


# --- what each path says ---


def _by_looks(outage: Outage, probes: Sequence[Probe], *, alone: bool) -> Evidence:
    last = probes[-1]
    failed = [probe for probe in probes if probe.at >= outage.looks[0].at]
    slow = last.state is ProbeState.UNREACHABLE and all(SLOW.search(probe.why or "") for probe in failed)
    signal, weight, words = SLOWLY if slow else STATES[last.state]
    detail = f"{words}, in {len(outage.looks)} looks since {_when(outage.since)}, the last {_when(last.at)}"
    if outage.from_the_first:
        detail += "; it has never answered us"
    if outage.interrupted:
        detail += f", with {_many(outage.interrupted, 'answer')} in between"
    if last.why:
        detail += f" ({last.why})"
    return Evidence(
        signal=signal, weight=weight, detail=f"{detail}; nothing but our own looks says so" if alone else detail,
        urls=tuple(dict.fromkeys((last.url, *last.pages)))[:SHOWN],
    )  # fmt: skip


def _by_our_line(reading: _Reading, platform: str, outage: Outage) -> Iterator[Evidence]:
    """Whether anything else answered us meanwhile: where nothing did, the fault may be ours."""
    answered: list[str] = []
    silent: list[str] = []
    for place, looks in reading.runs.items():
        meanwhile = [look.state for look in looks if look.at >= outage.looks[0].at]
        if meanwhile and reading.known.sites[place][0] != platform:
            (silent if set(meanwhile) == {ProbeState.UNREACHABLE} else answered).append(place)
    if answered:
        yield Evidence(
            signal="line",
            weight=1.0,
            detail=f"{_many(len(answered), 'place')} of other platforms answered us meanwhile",
        )
    elif len(silent) >= OTHERS:
        yield Evidence(
            signal="line", weight=-3.0, detail=f"none of {len(silent)} other places answered us: the fault may be ours"
        )


def _by_crawl(reading: _Reading, place: str, outage: Outage) -> Iterator[Evidence]:
    """What the latest crawl of a place met; a banner is no page, and closed doors are the same for looks and crawls."""
    state = outage.looks[-1].state
    for source in (name for name, site in reading.known.site_of.items() if site == place):
        crawl = frontier.last_crawl(reading.view, source)
        if crawl is None or crawl.started_at < outage.looks[0].at or state in TAKEN:
            continue
        if (read := crawl.pages - len(crawl.errors)) > 0:
            detail = f"its crawl of {_when(crawl.started_at)} read {_many(read, 'page')} all the same"
            yield Evidence(signal="crawl", weight=-2.5, detail=detail)
        elif crawl.errors and state not in CLOSED:
            detail = f"its crawl of {_when(crawl.started_at)} failed, too ({crawl.errors[0]['why']})"
            yield Evidence(signal="crawl", weight=1.0, detail=detail)


def _by_other_places(reading: _Reading, place: str, platform: str, outage: Outage) -> Iterator[Evidence]:
    """Mirrors and onions of the same platform."""
    last = {
        other: looks[-1]
        for other, looks in reading.runs.items()
        if other != place and reading.known.sites[other][0] == platform and looks[-1].at >= outage.looks[0].at
    }
    if answering := sorted(other for other, look in last.items() if look.state in ANSWERS):
        yield Evidence(signal="mirrors", weight=0.0, detail=f"its other place answers: {', '.join(answering)}")
    elif last:
        detail = f"its other places do not answer either: {', '.join(sorted(last))}"
        yield Evidence(signal="mirrors", weight=1.0, detail=detail)


def _said(reading: _Reading, platform: str, outage: Outage) -> list[tuple[Post, list[str]]]:
    """Posts around the beginning of an outage that name the platform, or are its own account's, with words for it."""
    end = min(reading.now, outage.since + AFTER)
    found = []
    for post in read_posts_between(reading.view, outage.since - BEFORE, end):
        text = f"{post.subject or ''}\n{post.text}"
        own = post.platform == platform
        if post.source in reading.known.official if own else platform in reading.known.named_in(text):
            found.append((post, reading.words.said_in(text)))
    return found


def _by_words(said: Sequence[tuple[Post, list[str]]], platform: str, known: KnownPlaces) -> Iterator[Evidence]:
    telling = [(post, words) for post, words in said if words]
    official = [post for post, _ in telling if post.platform == platform]
    users = [(post, words) for post, words in telling if post.platform != platform]
    if official:
        detail = f"its own account says so ({_many(len(official), 'post')})"
        yield Evidence(signal="account", weight=2.0, detail=detail, posts=_ids(official))
    if users:
        voices = len({post.author or post.text for post, _ in users})
        words = sorted({word for _, some in users for word in some})
        where = ", ".join(sorted({post.platform for post, _ in users}))
        detail = f"{_many(voices, 'voice')} on {where}: it is down ({', '.join(words[:5])})"
        weight = round(min(2.5, 1.0 + 0.5 * math.log2(voices)), 3)
        yield Evidence(signal="users", weight=weight, detail=detail, posts=_ids(post for post, _ in users))
    named = [post for post, words in said if not words and post.source not in known.official]
    if named:
        detail = f"named elsewhere in these days ({_many(len(named), 'post')})"
        yield Evidence(signal="named", weight=0.0, detail=detail, posts=_ids(named))


def _ids(posts: Iterable[Post]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(post.id for post in posts))[:SHOWN]


# --- where a place leads ---


@dataclass(frozen=True)
class _Move:
    """A place that another one sends its visitors to, or names in its lists."""

    url: str
    probes: Sequence[Probe]
    """The looks that saw it, by time."""
    listed: bool = False
    signed: bool = False


def _moves(reading: _Reading, place: str, probes: Sequence[Probe]) -> Iterator[Alert]:
    """Where a place has begun to lead, or what is new in its lists of mirrors, one alert a target."""
    platform, _ = reading.known.sites[place]
    found: dict[str, _Move] = _redirects(reading.known, probes) | _new_mirrors(reading.known, probes)
    for target, move in sorted(found.items()):
        if target == place or reading.known.places.get(target) == platform:
            continue
        is_news = reading.known.candidate_of(move.url) is not None
        if is_news or not move.listed:
            yield _moved(reading, place, target, move, is_news=is_news)


def _redirects(known: KnownPlaces, probes: Sequence[Probe]) -> dict[str, _Move]:
    if not probes or probes[-1].state is not ProbeState.MOVED:
        return {}
    leads = {probe.at: pointer.url for probe in probes for pointer in _pointers(probe, {PointerKind.REDIRECT})}
    url = leads.get(probes[-1].at)
    if url is None:
        return {}
    target = known.key(url)
    return {target: _Move(url, [one for one in probes if one.at in leads and known.key(leads[one.at]) == target])}


def _new_mirrors(known: KnownPlaces, probes: Sequence[Probe]) -> dict[str, _Move]:
    """Entries of a place's lists that an earlier look at it did not see."""
    kinds = {PointerKind.MIRRORS, PointerKind.ONION_LOCATION}
    seen: set[str] | None = None
    found: dict[str, _Move] = {}
    for probe in (one for one in probes if one.state is ProbeState.UP):
        listed = {known.key(pointer.url): pointer for pointer in _pointers(probe, kinds)}
        for target in listed.keys() - (listed.keys() if seen is None else seen):
            pointer = listed[target]
            found[target] = _Move(pointer.url, [probe], listed=True, signed=pointer.signed_by is not None)
        seen = (seen or set()) | listed.keys()
    return found


def _pointers(probe: Probe, kinds: Collection[PointerKind]) -> Iterator[Pointer]:
    return (pointer for pointer in (probe.facts.pointers if probe.facts else ()) if pointer.kind in kinds)


def _moved(reading: _Reading, place: str, target: str, move: _Move, *, is_news: bool) -> Alert:
    platform, _ = reading.known.sites[place]
    evidence = list(_by_target(reading, platform, target, move, is_news=is_news))
    mentions = watchlist.count_sightings(reading.view, [target]).get(target, (1,))[0]
    probability = _probability(evidence)
    return Alert(
        id=alert_id(AlertKind.SOURCE_MOVED, f"{place}>{target}"),
        kind=AlertKind.SOURCE_MOVED,
        created_at=reading.now,
        host=place,
        domain=registrable_domain(place.partition("/")[0]),
        platform=platform,
        relation=Relation.MIRROR if move.listed else Relation.SUCCESSOR if is_news else Relation.UNRELATED,
        probability=probability,
        same_operator=probability,
        first_mention_at=move.probes[0].at,
        mentions=mentions,
        evidence=tuple(evidence),
    )


def _by_target(reading: _Reading, platform: str, target: str, move: _Move, *, is_news: bool) -> Iterator[Evidence]:
    first, last = move.probes[0], move.probes[-1]
    urls = tuple(dict.fromkeys((move.url, *last.pages)))[:SHOWN]
    if move.listed:
        words = f"its own list of mirrors names {target} since {_when(first.at)}"
        detail = f"{words}, signed with its key" if move.signed else words
        yield Evidence(signal="listed", weight=3.5 if move.signed else 2.0, detail=detail, urls=urls)
        return
    detail = f"it sends its visitors to {target} since {_when(first.at)}"
    yield Evidence(signal="leads", weight=1.5, detail=detail, urls=urls)
    if len(move.probes) > 1:
        yield Evidence(signal="still", weight=1.0, detail=f"{len(move.probes)} looks in a row saw it", urls=urls[:1])
    if name_likeness(print_of(reading.known.platforms.get(platform)), target) > 0:
        yield Evidence(signal="name", weight=1.0, detail=f"{target} is named like {platform}", urls=urls[:1])
    if not is_news:
        owner = reading.known.places.get(target, "everybody")
        yield Evidence(signal="elsewhere", weight=-2.5, detail=f"{target} is {owner}'s", urls=urls[:1])


def _probability(evidence: Iterable[Evidence]) -> float:
    return round(1 / (1 + math.exp(-PRIOR - sum(line.weight for line in evidence))), 4)


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _long(hours: float) -> str:
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"  # noqa: PLR2004

"""The watch as consumers of the store: sightings from what was tagged, then verdicts on the candidates they touch."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from core.clock import Clock
from core.hosts import registrable_domain
from core.probes import Due, Looked, Probe, ProbeState
from core.records import Alert, AlertStatus, Candidate, CandidateState, HistoryEntry, TaggedPost
from core.sketch import text_hash
from core.store import Store, places, watchlist
from core.store.log import TAGGED, consume
from core.store.tagged import read_revisions, read_tagged
from watch.known import KnownPlaces
from watch.prints import Print, print_of, traits_of
from watch.probing import EVER, down_since, is_down, next_look, next_look_at_platform, wants_whole_look
from watch.sightings import Sighting, sightings, site_sightings
from watch.signals import Case, Surroundings
from watch.verdict import Family, Verdict, Weights, judge

PROGRAM = "fringewatch"
"""Who puts candidates and alerts into states where no person does."""
LAST = 4
"""Looks at a candidate that its verdict rests on, the last: what went on between them is seen, too."""
MOST = 1_000
"""Sightings that a verdict rests on, the last, beside those by somebody with a say."""
TOGETHER = 2_000
"""Candidates that are judged at a time: what is known of them has to fit into memory."""
COLUMNS = tuple(field.name for field in fields(Sighting))


def take_sightings(store: Store, known: KnownPlaces, clock: Clock, batch: int) -> int:
    """Sightings of the next `batch` entries of the log, saved with the cursor; how many entries were read.

    A post that changed or was deleted has its sightings replaced. Texts and authors' marks are noted beside.
    """
    with consume(store, "watch", TAGGED, batch, clock) as entries:
        with store.read() as view:
            tagged = read_tagged(view, entries.subjects)
        entries.save(keep_seen, known, tagged)
    return entries.end - entries.start


def keep_seen(tx: Connection, known: KnownPlaces, tagged: Sequence[TaggedPost]) -> None:
    """Writes what these posts point at, and notes their texts and authors' marks."""
    posts = [item.post for item in tagged]
    # What an account says of itself has no date: an address in it was told when it was first seen there.
    changed = read_revisions(tx, [post.id for post in posts if post.posted_at is None and post.revision > 1])
    rows = [asdict(seen) for item in tagged for seen in sightings(item, known, changed.get(item.post.id, ()))]
    watchlist.replace_sightings(tx, [post.id for post in posts], rows)
    places.keep_texts(tx, ((value, post.platform) for post in posts if (value := text_hash(post.text)) is not None))
    places.keep_marks(tx, ((post.mark, post.platform, post.staff) for post in posts if post.mark))


def due_places(store: Store, known: KnownPlaces, clock: Clock, many: int, failing: Collection[str] = ()) -> list[Due]:
    """Places to be looked at now: known platforms' own, and the likeliest candidates, at most so many.

    `failing` names sources whose crawl went wrong just now: their sites are looked at without waiting.
    """
    now, lost = clock(), {known.site_of[name] for name in failing if name in known.site_of}
    with store.read() as view:
        looks = places.read_looks(view, known.sites, run=True)
        candidates = watchlist.due_for_probe(view, now, many, known.places)
        due = [Due(*one) for one in watchlist.addresses_of(view, candidates).items()]
        keys = _keys(view, known)
    own = []
    for place, (platform, url) in sorted(known.sites.items()):
        before = looks.get(place, ())
        at = next_look_at_platform(before, failing=place in lost, crawled=place in known.crawled)
        if at is None or at <= now:
            own.append(Due(place, url, glance=not wants_whole_look(before, now), keys=keys.get(platform, ())))
    return own + due


def _keys(view: Connection, known: KnownPlaces) -> dict[str, tuple[str, ...]]:
    """Of each platform: the OpenPGP keys that its places have shown."""
    found: dict[str, tuple[str, ...]] = {}
    for place, record in sorted(places.read_prints(view, known.sites).items()):
        platform, _ = known.sites[place]
        found[platform] = (*found.get(platform, ()), *record.get("public_keys", ()))
    return {platform: tuple(dict.fromkeys(some)) for platform, some in found.items()}


def take_probes(store: Store, known: KnownPlaces, made: Iterable[Probe]) -> None:
    """Keeps looks at places: their traits, and of known platforms' places what they show and point at."""
    made = [_without_authors(probe) if _platform(known, probe) in known.nameless else probe for probe in made]
    with store.write() as tx:
        places.save_probes(tx, made)
        prints = places.read_prints(tx, {probe.place for probe in made} & known.sites.keys())
        for probe in made:
            if probe.facts is not None:
                places.keep_traits(tx, probe.place, traits_of(probe.facts))
            if probe.place not in known.sites:
                watchlist.touch(tx, [probe.place])
                continue
            platform, _ = known.sites[probe.place]
            watchlist.keep_site_sightings(tx, [asdict(seen) for seen in site_sightings(platform, probe, known)])
            if probe.facts is not None and probe.state is ProbeState.UP:  # else what is shown may be a registrar's
                before = Print.model_validate(prints.get(probe.place, {}))
                if (shown := before.with_facts(probe.facts)) != before:
                    places.save_print(tx, probe.place, shown.model_dump(mode="json"))


def _platform(known: KnownPlaces, probe: Probe) -> str | None:
    return known.sites[probe.place][0] if probe.place in known.sites else None


def _without_authors(probe: Probe) -> Probe:
    facts = probe.facts and probe.facts.model_copy(update={"authors": ()})
    return probe.model_copy(update={"facts": facts})


def judge_touched(
    store: Store,
    known: KnownPlaces,
    weights: Weights,
    threshold: float,
    clock: Clock,
    told: Callable[[Case, Verdict], None] = lambda *_: None,
    *,
    looks_follow: bool = False,
) -> int:
    """Judges every touched candidate from all that is known of it, raises or updates alerts; how many alerts are new.

    `told` of each verdict. Where `looks_follow`, a place that was never looked at stays touched and is not alerted yet.
    To be called when the log was read to its end: then the outcome depends on what was said, not on the batches or
    crashes on the way.
    """
    with store.read() as view:
        touched = iter(watchlist.touched_candidates(view))
        around = _surroundings(view, known)
    new = 0
    while some := list(islice(touched, TOGETHER)):
        new += _judge(store, some, around, weights, threshold, clock, told, looks_follow)
    return new


def _judge(  # noqa: PLR0913, PLR0917  one batch of judge_touched
    store: Store,
    hosts: Sequence[str],
    around: Surroundings,
    weights: Weights,
    threshold: float,
    clock: Clock,
    told: Callable[[Case, Verdict], None],
    looks_follow: bool,  # noqa: FBT001
) -> int:
    with store.read() as view:
        rows, counted = watchlist.read_sightings(view, hosts, MOST), watchlist.count_sightings(view, hosts)
        probes, looks = places.read_probes(view, hosts, LAST), places.read_looks(view, hosts)
        around = _compared(view, around, probes, {row.mark for some in rows.values() for row in some if row.mark})
    cases = {
        host: Case(host, list(map(_sighting, some)), probes.get(host, ()), looks.get(host, ()), *counted[host])
        for host, some in rows.items()
        if some
    }
    verdicts = {host: judge(case, around, weights) for host, case in cases.items()}
    for host, verdict in verdicts.items():
        told(cases[host], verdict)
    waiting = {host for host, case in cases.items() if looks_follow and not case.looks}
    with store.write() as tx:
        watchlist.drop_candidates(tx, rows.keys() - verdicts.keys())
        before = {candidate.host: candidate for candidate in watchlist.read_candidates(tx, verdicts)}
        fresh = _fresh_reasons(tx, before, verdicts, weights)
        left = {host for host, reasons in fresh.items() if not reasons}
        quiet = waiting | left
        alerting = [host for host, one in sorted(verdicts.items()) if one.alerts(threshold) and host not in quiet]
        raised = [_alert(cases[host], verdicts[host], clock()) for host in alerting]
        known_alerts = {alert.id: alert for alert in watchlist.read_alerts(tx, ids=[alert.id for alert in raised])}
        confirmed = {host for host, one in before.items() if one.state == CandidateState.CONFIRMED}
        ruled_out = {id_ for id_, one in known_alerts.items()
                     if one.status == AlertStatus.DISMISSED and one.host in confirmed}  # fmt: skip
        raised = [alert for alert in raised if alert.id not in ruled_out]
        new = sum(_keep(tx, alert, known_alerts.get(alert.id), fresh.get(alert.host), clock()) for alert in raised)
        open_again = {host: before[host].model_copy(update={"state": CandidateState.SEEN})
                      for host in fresh.keys() - left}  # fmt: skip
        standing = {**before, **open_again}
        candidates = [_candidate(case, verdicts[host], standing.get(host), alerted=host in alerting)
                      for host, case in cases.items()]  # fmt: skip
        judged = [(one, verdicts[one.host].values, _next_look(cases[one.host], one)) for one in candidates]
        watchlist.save_candidates(tx, judged)
        watchlist.add_states(
            tx,
            [{"host": one.host, "at": clock(), "who": PROGRAM, "state": one.state, "note": _why(fresh.get(one.host))}
             for one in candidates if one.host not in before or one.state != before[one.host].state],
        )  # fmt: skip
        watchlist.touch(tx, waiting - {one.host for one, _, look_at in judged if look_at is None})
    return new


def _fresh_reasons(
    view: Connection, before: Mapping[str, Candidate], verdicts: Mapping[str, Verdict], weights: Weights
) -> dict[str, set[Family]]:
    """Of each dismissed candidate: families of which something speaks for it now and nothing did then."""
    dismissed = {host: one for host, one in before.items() if one.state == CandidateState.DISMISSED}
    decisions = watchlist.last_decisions(view, dismissed)
    fresh = {}
    for host, one in dismissed.items():
        rested = decisions[host].signals if host in decisions else [line.signal for line in one.evidence]
        known = {weights.family(name) for name in rested if name in weights.signals and weights.signals[name].going > 0}
        fresh[host] = set(verdicts[host].families - known)
    return fresh


def _why(fresh: Collection[Family] | None) -> str | None:
    return f"new kind of evidence since it was dismissed: {', '.join(sorted(fresh))}" if fresh else None


def _next_look(case: Case, candidate: Candidate) -> datetime | None:
    if candidate.state in watchlist.DECIDED:
        return None
    return next_look(case.looks, candidate.probability, case.last_mention_at)


def _sighting(row: Any) -> Sighting:
    given = {name: getattr(row, name) for name in COLUMNS}
    return Sighting(**given | {"calls": tuple(row.calls), "names": tuple(row.names)})


def _surroundings(view: Connection, known: KnownPlaces) -> Surroundings:
    """What all candidates are compared with."""
    prints = {name: print_of(config) for name, config in known.platforms.items()}
    down = {name: EVER for name in known.platforms if known.is_down(name)}
    looks = places.read_looks(view, known.sites, run=True)
    by_platform: dict[str, list[list[Looked]]] = {}
    for place, record in places.read_prints(view, known.sites).items():
        platform, _ = known.sites[place]
        prints[platform] = prints.get(platform, Print()).joined(Print.model_validate(record))
    for place, some in looks.items():
        by_platform.setdefault(known.sites[place][0], []).append(some)
    for name, looked in by_platform.items():
        if all(map(is_down, looked)):
            down[name] = max(map(down_since, looked))
        elif any(some[-1].state == ProbeState.UP for some in looked):
            down.pop(name, None)
    return Surroundings(known=known, prints=prints, down=down, copies=watchlist.copied_templates(view))


def _compared(
    view: Connection, around: Surroundings, probes: Mapping[str, Sequence[Probe]], marks: Collection[str]
) -> Surroundings:
    """The surroundings with what these candidates' looks have in common with others; which of these marks are staff."""
    facts = [probe.facts for looks in probes.values() for probe in looks if probe.facts is not None]
    return replace(
        around,
        sharers=places.places_with_traits(view, (trait for one in facts for trait in traits_of(one))),
        texts=places.platforms_of_texts(view, (text for one in facts for text in one.posts)),
        marks=places.platforms_of_marks(view, (mark for one in facts for mark, _ in one.authors)),
        staff=frozenset(places.staff_marks(view, marks)),
    )


def alert_id(kind: str, host: str) -> str:
    """Short hash of an alert's lane and candidate: the same alert has the same id, whenever it is raised."""
    return hashlib.sha256(f"{kind}/{host}".encode()).hexdigest()[:12]


def _alert(case: Case, verdict: Verdict, now: datetime) -> Alert:
    return Alert(
        id=alert_id(verdict.kind, case.place),
        kind=verdict.kind,
        created_at=now,
        host=case.place,
        domain=registrable_domain(case.place.partition("/")[0]),
        platform=verdict.platform,
        relation=verdict.relation,
        probability=verdict.probability,
        same_operator=verdict.same_operator,
        first_mention_at=case.first_mention_at,
        mentions=case.mentions,
        evidence=verdict.evidence,
    )


def _keep(tx: Connection, alert: Alert, known: Alert | None, fresh: Collection[Family] | None, now: datetime) -> bool:
    """Writes a new alert, or what is new about a known one; one dismissed before speaks up again for a fresh family."""
    if known is None:
        return watchlist.save_alert(tx, alert)
    watchlist.save_alert(tx, alert.model_copy(update={"created_at": known.created_at, "status": known.status}))
    if known.status == AlertStatus.DISMISSED:
        note = _why(fresh) or "its candidate was reopened before"
        entry = HistoryEntry(at=now, who=PROGRAM, status=AlertStatus.NEW, note=note)
        watchlist.add_history(tx, alert.id, entry)
    return False


def _candidate(case: Case, verdict: Verdict, before: Candidate | None, *, alerted: bool) -> Candidate:
    reachable = [look.at for look in case.looks if look.state == ProbeState.UP]
    return Candidate(
        host=case.place,
        state=_state(case, before, alerted=alerted),
        relation=verdict.relation,
        platform=verdict.platform,
        probability=verdict.probability,
        same_operator=verdict.same_operator,
        first_mention_at=case.first_mention_at,
        first_reachable_at=min(reachable, default=None),
        mentions=case.mentions,
        evidence=verdict.evidence,
    )


def _state(case: Case, before: Candidate | None, *, alerted: bool) -> CandidateState:
    if before is not None and before.state in watchlist.DECIDED:
        return before.state
    if alerted or (before is not None and before.state == CandidateState.ALERTED):
        return CandidateState.ALERTED
    if not case.looks:
        return CandidateState.SEEN
    if all(look.state == ProbeState.UNREACHABLE for look in case.looks):
        return CandidateState.UNREACHABLE
    if case.last_facts is None:
        return CandidateState.PROBED
    return CandidateState.DORMANT if case.looks[-1].state == ProbeState.UNREACHABLE else CandidateState.SCORED

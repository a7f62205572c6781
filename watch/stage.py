"""The watch as consumers of the store: sightings from what was tagged, then verdicts on the candidates they touch."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from core.clock import Clock
from core.hosts import registrable_domain
from core.records import Alert, AlertStatus, Candidate, CandidateState, HistoryEntry
from core.store import Store, watchlist
from core.store.log import TAGGED, consume
from core.store.tagged import read_tagged
from watch.known import KnownPlaces
from watch.sightings import Sighting, sightings
from watch.verdict import Verdict, Weights, family, judge

DECIDED = {CandidateState.CONFIRMED, CandidateState.DISMISSED}


def take_sightings(store: Store, known: KnownPlaces, clock: Clock, batch: int) -> int:
    """Sightings of the next `batch` entries of the log, saved with the cursor; how many entries were read.

    A post that changed or was deleted has its sightings replaced.
    """
    with consume(store, "watch", TAGGED, batch, clock) as entries:
        with store.read() as view:
            tagged = read_tagged(view, entries.subjects)
        rows = [
            seen.model_dump(mode="json", include={"candidate", "post", "template"})
            | {"record": seen.model_dump(mode="json")}
            for item in tagged
            for seen in sightings(item, known)
        ]
        entries.save(watchlist.replace_sightings, entries.subjects, rows)
    return entries.end - entries.start


def judge_touched(store: Store, known: KnownPlaces, weights: Weights, threshold: float, clock: Clock) -> int:
    """Judges every touched candidate from all its sightings, raises or updates alerts; how many alerts are new.

    To be called when the log was read to its end: then the outcome depends on what was said, not on the batches or
    crashes on the way.
    """
    with store.read() as view:
        touched = watchlist.touched_sightings(view)
        copies = watchlist.copied_templates(view)
        before = {candidate.host: candidate for candidate in watchlist.read_candidates(view, touched)}
    verdicts = {
        host: judge(seen, known, weights, copies)
        for host, records in touched.items()
        if (seen := [Sighting.model_validate(record) for record in records])
    }
    if not touched:
        return 0
    with store.write() as tx:
        watchlist.drop_candidates(tx, touched.keys() - verdicts.keys())
        raised = list(_alerts(verdicts, touched, threshold, clock()))
        known_alerts = {alert.id: alert for alert in watchlist.read_alerts(tx, ids=[alert.id for alert in raised])}
        new = sum(_keep(tx, alert, known_alerts.get(alert.id), clock()) for alert in raised)
        alerted = {alert.host for alert in raised}
        watchlist.save_candidates(
            tx,
            (
                _candidate(host, verdict, touched[host], before.get(host), alerted=host in alerted)
                for host, verdict in verdicts.items()
            ),
        )
    return new


def alert_id(kind: str, host: str) -> str:
    """Short hash of an alert's lane and candidate: the same alert has the same id, whenever it is raised."""
    return hashlib.sha256(f"{kind}/{host}".encode()).hexdigest()[:12]


def _alerts(
    verdicts: Mapping[str, Verdict],
    touched: Mapping[str, Sequence[Mapping[str, object]]],
    threshold: float,
    now: datetime,
) -> Iterator[Alert]:
    for host, verdict in sorted(verdicts.items()):
        if verdict.alerts(threshold):
            yield Alert(
                id=alert_id(verdict.kind, host),
                kind=verdict.kind,
                created_at=now,
                host=host,
                domain=registrable_domain(host.partition("/")[0]),
                platform=verdict.platform,
                relation=verdict.relation,
                probability=verdict.probability,
                same_operator=verdict.same_operator,
                first_mention_at=_first(touched[host]),
                mentions=len(touched[host]),
                evidence=verdict.evidence,
            )


def _keep(tx: Connection, alert: Alert, known: Alert | None, now: datetime) -> bool:
    """Writes a new alert, or what is new about a known one; a dismissed one speaks up only for a new kind of reason."""
    if known is None:
        return watchlist.save_alert(tx, alert)
    if known.status == AlertStatus.DISMISSED:
        fresh = {family(line.signal) for line in alert.evidence if line.weight > 0}
        fresh -= {family(line.signal) for line in known.evidence if line.weight > 0}
        if not fresh:
            return False
        note = f"new kind of evidence since it was dismissed: {', '.join(sorted(fresh))}"
        watchlist.save_alert(tx, alert.model_copy(update={"created_at": known.created_at}))
        watchlist.add_history(tx, alert.id, HistoryEntry(at=now, who="fringewatch", status=AlertStatus.NEW, note=note))
        return False
    kept = {"created_at": known.created_at, "status": known.status}
    watchlist.save_alert(tx, alert.model_copy(update=kept))
    return False


def _candidate(
    host: str, verdict: Verdict, records: Sequence[Mapping[str, object]], before: Candidate | None, *, alerted: bool
) -> Candidate:
    if before is not None and before.state in DECIDED:
        state = before.state
    elif alerted or (before is not None and before.state == CandidateState.ALERTED):
        state = CandidateState.ALERTED
    else:
        state = CandidateState.SCORED
    return Candidate(
        host=host,
        state=state,
        relation=verdict.relation,
        platform=verdict.platform,
        probability=verdict.probability,
        same_operator=verdict.same_operator,
        first_mention_at=_first(records),
        mentions=len(records),
        evidence=verdict.evidence,
    )


def _first(records: Sequence[Mapping[str, object]]) -> datetime:
    return min(Sighting.model_validate(record).at for record in records)

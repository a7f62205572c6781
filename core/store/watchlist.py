"""The watch's part of the store: sightings, candidates, alerts and their history."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from core.records import Alert, AlertStatus, Candidate, CandidateState, HistoryEntry
from core.store.tables import alert_history, alerts, candidate_history, candidates, sightings

BATCH = 500
DECIDED = frozenset({CandidateState.CONFIRMED, CandidateState.DISMISSED})
"""States that a person has put a candidate in."""


def _batches(keys: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted(set(keys))
    return (ordered[first : first + BATCH] for first in range(0, len(ordered), BATCH))


def replace_sightings(tx: Connection, posts: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Has these posts' sightings be exactly `rows` (the table's columns); touches all candidates concerned."""
    touched = {row["candidate"] for row in rows}
    for some in _batches(posts):
        touched |= set(tx.execute(select(sightings.c.candidate).where(sightings.c.post.in_(some))).scalars())
        tx.execute(delete(sightings).where(sightings.c.post.in_(some)))
    if rows:
        tx.execute(insert(sightings), list(rows))
    touch(tx, touched)


def touch(tx: Connection, hosts: Iterable[str]) -> None:
    """Has these candidates judged anew; new ones are begun."""
    for some in _batches(hosts):
        known = set(tx.execute(select(candidates.c.host).where(candidates.c.host.in_(some))).scalars())
        tx.execute(update(candidates).where(candidates.c.host.in_(known)).values(touched=True))
        if new := [host for host in some if host not in known]:
            tx.execute(
                insert(candidates),
                [{"host": host, "touched": True, "state": CandidateState.SEEN, "probability": 0.0} for host in new],
            )


def touched_candidates(view: Connection) -> list[str]:
    """Candidates that something new is known of, in order."""
    return list(
        view.execute(select(candidates.c.host).where(candidates.c.touched).order_by(candidates.c.host)).scalars()
    )


def read_sightings(view: Connection, hosts: Iterable[str], last: int) -> dict[str, list[Any]]:
    """The rows of these candidates' sightings: the last so many, and all by somebody with a say; [] where none is."""
    found: dict[str, list[Any]] = {host: [] for host in hosts}
    for some in _batches(found):
        number = func.row_number().over(
            partition_by=sightings.c.candidate, order_by=[sightings.c.at.desc(), sightings.c.post]
        )
        inner = select(sightings, number.label("number")).where(sightings.c.candidate.in_(some)).subquery()
        telling = inner.c.staff | inner.c.official | (inner.c.kind != "post")
        for row in view.execute(select(inner).where((inner.c.number <= last) | telling)):
            found[row.candidate].append(row)
    return found


def count_sightings(view: Connection, hosts: Iterable[str]) -> dict[str, tuple[int, datetime, datetime]]:
    """Of these candidates: how often they were mentioned, first and last."""
    found: dict[str, tuple[int, datetime, datetime]] = {}
    for some in _batches(hosts):
        query = select(sightings.c.candidate, func.count(), func.min(sightings.c.at), func.max(sightings.c.at))
        for row in view.execute(query.where(sightings.c.candidate.in_(some)).group_by(sightings.c.candidate)):
            found[row[0]] = (row[1], row[2], row[3])
    return found


def copied_templates(view: Connection) -> dict[str, int]:
    """Templates whose copies point at more than one place, with the number of places; addresses alone are none."""
    places = func.count(sightings.c.candidate.distinct())
    query = select(sightings.c.template, places).where(sightings.c.template != "")
    rows = view.execute(query.group_by(sightings.c.template).having(places > 1))
    return {row[0]: row[1] for row in rows}


def save_candidates(tx: Connection, judged: Iterable[tuple[Candidate, Mapping[str, float], datetime | None]]) -> None:
    """Writes what is thought of candidates now, their signals' values, and when each is to be looked at.

    They are no longer touched.
    """
    for candidate, signals, probe_at in judged:
        tx.execute(
            update(candidates)
            .where(candidates.c.host == candidate.host)
            .values(
                touched=False,
                state=candidate.state,
                probability=candidate.probability,
                probe_at=probe_at,
                signals=dict(signals),
                record=candidate.model_dump(mode="json"),
            )
        )


def set_state(tx: Connection, candidate: Candidate, state: CandidateState) -> None:
    """What a person has decided about a candidate; it is judged anew, which says when it is looked at again."""
    record = candidate.model_copy(update={"state": state}).model_dump(mode="json")
    values = {"state": state, "record": record, "touched": True}
    tx.execute(update(candidates).where(candidates.c.host == candidate.host).values(values))


def add_states(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds to candidates' histories (rows of the table, all with the same keys)."""
    if rows:
        tx.execute(insert(candidate_history), list(rows))


def read_states(view: Connection, host: str) -> Sequence[Row[Any]]:
    """A candidate's states and decisions, the oldest first."""
    query = select(candidate_history).where(candidate_history.c.host == host)
    return view.execute(query.order_by(candidate_history.c.id)).all()


def last_decisions(view: Connection, hosts: Iterable[str] | None = None) -> dict[str, Row[Any]]:
    """The last time that a person decided about each candidate: all of them, or these; those never decided left out.

    Of candidates that nothing points at any more, too.
    """
    query = select(candidate_history).where(candidate_history.c.signals.is_not(None)).order_by(candidate_history.c.id)
    some = [query] if hosts is None else [query.where(candidate_history.c.host.in_(part)) for part in _batches(hosts)]
    return {row.host: row for one in some for row in view.execute(one)}


def read_signals(view: Connection, host: str) -> dict[str, float]:
    """The values of a candidate's signals when it was last judged."""
    found = view.execute(select(candidates.c.signals).where(candidates.c.host == host)).scalar()
    return dict(found or {})


def alerts_of(view: Connection, host: str) -> list[str]:
    """Ids of the alerts about a host."""
    return list(view.execute(select(alerts.c.id).where(alerts.c.host == host).order_by(alerts.c.id)).scalars())


def due_for_probe(view: Connection, now: datetime, many: int, but: Iterable[str] = ()) -> list[str]:
    """Candidates to be looked at now `but` these: the likeliest, at most so many."""
    rows = view.execute(
        select(candidates.c.host)
        .where(candidates.c.probe_at <= now, candidates.c.host.not_in(sorted(but)))
        .order_by(candidates.c.probability.desc(), candidates.c.probe_at, candidates.c.host)
        .limit(many)
    )
    return list(rows.scalars())


def address_of(place: str) -> str:
    """Where a look at a place begins."""
    host = place.partition("/")[0]
    scheme = "http" if host.endswith((".onion", ".i2p")) else "https"
    if host.count(":") > 1:  # an IPv6 address
        return f"{scheme}://[{host}]/"
    return f"{scheme}://{place}" if "/" in place else f"{scheme}://{host}/"


def addresses_of(view: Connection, places: Sequence[str]) -> dict[str, str]:
    """Where a look at each place begins: a domain's at the host, with its port, that most sightings of it name."""
    told: dict[str, Counter[tuple[str, str]]] = {}
    for some in _batches(place for place in places if "/" not in place):
        rows = view.execute(select(sightings.c.candidate, sightings.c.url).where(sightings.c.candidate.in_(some)))
        for place, url in rows:
            parts = urlsplit(url)
            scheme = parts.scheme if ":" in parts.netloc else urlsplit(address_of(place)).scheme
            told.setdefault(place, Counter())[scheme, parts.netloc.lower()] += 1
    begin = {place: max(counts, key=lambda one: (counts[one], -len(one[1]), one)) for place, counts in told.items()}
    return {place: "{}://{}/".format(*begin[place]) if place in begin else address_of(place) for place in places}


def keep_site_sightings(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds what sites' own pages point at (rows of the table); what was known already stays as first seen."""
    for some in _batches(row["post"] for row in rows):
        known = set(tx.execute(select(sightings.c.post).where(sightings.c.post.in_(some))).scalars())
        if new := [row for row in rows if row["post"] in some and row["post"] not in known]:
            tx.execute(insert(sightings), new)
            touch(tx, {row["candidate"] for row in new})


def drop_candidates(tx: Connection, hosts: Iterable[str]) -> None:
    """Forgets candidates that nothing points at any more; those decided about stay decided."""
    for some in _batches(hosts):
        here = candidates.c.host.in_(some)
        tx.execute(delete(candidates).where(here, candidates.c.state.not_in(DECIDED)))
        tx.execute(update(candidates).where(here).values(touched=False, probe_at=None))


def read_candidates(view: Connection, hosts: Iterable[str] | None = None) -> list[Candidate]:
    """Judged candidates, the likeliest first; all of them, or these."""
    query = select(candidates.c.record).where(candidates.c.record.is_not(None))
    query = query.order_by(candidates.c.probability.desc(), candidates.c.host)
    if hosts is None:
        return [Candidate.model_validate(record) for record in view.execute(query).scalars()]
    return [
        Candidate.model_validate(record)
        for some in _batches(hosts)
        for record in view.execute(query.where(candidates.c.host.in_(some))).scalars()
    ]


def save_alert(tx: Connection, alert: Alert) -> bool:
    """Writes an alert; whether it is new. One that is there keeps its creation and its history."""
    values = {"kind": alert.kind, "host": alert.host, "status": alert.status, "record": alert.model_dump(mode="json")}
    known = tx.execute(select(alerts).where(alerts.c.id == alert.id)).first()
    if known is None:
        tx.execute(insert(alerts).values(id=alert.id, created_at=alert.created_at, **values))
    elif (known.status, known.record) != (alert.status, values["record"]):
        changed = values | {"revision": alerts.c.revision + 1}
        tx.execute(update(alerts).where(alerts.c.id == alert.id).values(changed))
    return known is None


def add_history(tx: Connection, alert: str, entry: HistoryEntry) -> None:
    """Adds who did what to an alert, and sets its status accordingly."""
    tx.execute(insert(alert_history).values(alert=alert, **entry.model_dump()))
    changed = {"status": entry.status, "revision": alerts.c.revision + 1}
    tx.execute(update(alerts).where(alerts.c.id == alert).values(changed))


def read_alerts(
    view: Connection, *, status: AlertStatus | None = None, ids: Iterable[str] | None = None
) -> list[Alert]:
    """Alerts with their history, the newest first; of one status, or these ids."""
    query = select(alerts).order_by(alerts.c.created_at.desc(), alerts.c.id)
    if status is not None:
        query = query.where(alerts.c.status == status)
    rows = [
        row
        for some in ([None] if ids is None else _batches(ids))
        for row in view.execute(query if some is None else query.where(alerts.c.id.in_(some)))
    ]
    history: dict[str, list[HistoryEntry]] = defaultdict(list)
    for some in _batches(row.id for row in rows):
        entries = select(alert_history).where(alert_history.c.alert.in_(some)).order_by(alert_history.c.id)
        for row in view.execute(entries):
            history[row.alert].append(HistoryEntry(at=row.at, who=row.who, status=row.status, note=row.note))
    return [
        Alert.model_validate(row.record).model_copy(
            update={"status": AlertStatus(row.status), "history": tuple(history[row.id])}
        )
        for row in rows
    ]


def alert_ids(view: Connection, prefix: str) -> list[str]:
    """The ids that begin with a prefix, at most two of them."""
    return list(
        view.execute(select(alerts.c.id).where(alerts.c.id.startswith(prefix, autoescape=True)).limit(2)).scalars()
    )

"""What people decide about alerts and candidates, and what is kept of it."""

from sqlalchemy import Connection

from core.clock import Clock
from core.records import Alert, AlertStatus, Candidate, CandidateState, HistoryEntry
from core.store import Store, watchlist

ACTIONS = {
    "ack": AlertStatus.ACKNOWLEDGED,
    "escalate": AlertStatus.ESCALATED,
    "confirm": AlertStatus.CONFIRMED,
    "dismiss": AlertStatus.DISMISSED,
}
CLOSED = {AlertStatus.CONFIRMED, AlertStatus.DISMISSED}
DECISIONS = {AlertStatus.CONFIRMED: CandidateState.CONFIRMED, AlertStatus.DISMISSED: CandidateState.DISMISSED}


class TriageError(Exception):
    """What was asked for does not go: says why, and what does."""


def triage(store: Store, prefix: str, action: str, *, who: str, note: str | None, clock: Clock) -> Alert:
    """Does `action` (a key of ACTIONS) to the alert whose id begins with `prefix`; the alert afterwards.

    Raises TriageError for an unknown or ambiguous id and for a step that has no meaning.
    """
    status = ACTIONS[action]
    with store.write() as tx:
        alert = _named(tx, prefix)
        if alert.status == status:
            raise TriageError(f"alert {alert.id} is {status} already")
        if alert.status in CLOSED and status == AlertStatus.ACKNOWLEDGED:
            raise TriageError(f"alert {alert.id} is {alert.status}; confirm, dismiss or escalate changes that")
        watchlist.add_history(tx, alert.id, HistoryEntry(at=clock(), who=who, status=status, note=note))
        if status in DECISIONS:
            _decide(tx, alert.host, DECISIONS[status])
        elif alert.status in CLOSED:
            _decide(tx, alert.host, CandidateState.ALERTED)
        (changed,) = watchlist.read_alerts(tx, ids=[alert.id])
    return changed


def find_alert(store: Store, prefix: str) -> Alert:
    """The alert whose id begins with `prefix`; TriageError where there is none or more than one."""
    with store.read() as view:
        return _named(view, prefix)


def _named(view: Connection, prefix: str) -> Alert:
    found = watchlist.alert_ids(view, prefix) if prefix else []
    if not found:
        raise TriageError(f"no alert has the id {prefix!r}; `fringewatch alerts` lists them")
    if len(found) > 1:
        raise TriageError(f"several alerts have ids that begin with {prefix!r}; give more of it")
    return watchlist.read_alerts(view, ids=found)[0]


def find_candidate(store: Store, host: str) -> Candidate:
    """The candidate of that name; TriageError where there is none."""
    with store.read() as view:
        found = watchlist.read_candidates(view, [host.lower()])
    if not found:
        raise TriageError(f"{host} is no candidate; `fringewatch candidates` lists them")
    return found[0]


def decide(store: Store, host: str, state: CandidateState) -> Candidate:
    """Confirms or dismisses a candidate; TriageError where there is none of that name."""
    candidate = find_candidate(store, host)
    with store.write() as tx:
        _decide(tx, candidate.host, state)
    return find_candidate(store, host)


def _decide(tx: Connection, host: str, state: CandidateState) -> None:
    for candidate in watchlist.read_candidates(tx, [host]):
        watchlist.set_state(tx, candidate, state)

"""What people decide about alerts and candidates, and what is kept of it: who, when, why, and what it rested on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from core.records import Alert, AlertKind, AlertStatus, Candidate, CandidateState, HistoryEntry, Relation
from core.store import Store, watchlist

if TYPE_CHECKING:
    from watch.fit import Labelled

ACTIONS = {
    "ack": AlertStatus.ACKNOWLEDGED,
    "escalate": AlertStatus.ESCALATED,
    "confirm": AlertStatus.CONFIRMED,
    "dismiss": AlertStatus.DISMISSED,
    "reopen": AlertStatus.NEW,
}
DECISIONS = ("confirm", "dismiss", "reopen")
"""Those that can be done to a candidate, too."""
CLOSED = {AlertStatus.CONFIRMED, AlertStatus.DISMISSED}
OF_CANDIDATES = {AlertKind.NEW_PLATFORM, AlertKind.MIRROR, AlertKind.IMPERSONATION}
"""Kinds of alerts whose host is a candidate: what is decided about one is decided about the other."""


class Reason(StrEnum):
    """Why a candidate is dismissed."""

    JOKE = "joke"
    SPAM = "spam"
    NEWS = "news"
    RIVAL = "rival"
    CLONE = "clone"
    LIE = "lie"
    OLD = "old"
    """True, but known long since: that says nothing against the evidence."""
    OTHER = "other"


class TriageError(Exception):
    """What was asked for does not go: says why, and what does."""


@dataclass(frozen=True)
class Said:
    """Who decides, when, and what is said about it."""

    who: str
    at: datetime
    note: str | None = None
    reason: Reason | None = None
    """Of a dismissal."""
    same_operator: bool | None = None
    """Of a confirmation, where the person knows."""
    files: Sequence[Mapping[str, str | None]] = ()
    """Written with a confirmation: `path` in the configuration folder, `before` (None: there was none), `after`."""

    @property
    def told(self) -> str | None:
        """Reason and note in one line."""
        return ": ".join(part for part in (self.reason, self.note) if part) or None


def triage(store: Store, prefix: str, action: str, said: Said) -> Alert:
    """Does `action` (a key of ACTIONS) to the alert whose id begins with `prefix`; the alert afterwards.

    A decision is one about the alert's candidate, too. Raises TriageError for an unknown or ambiguous id and for a step
    that has no meaning.
    """
    _meaningful(action, said)
    with store.write() as tx:
        alert = _named(tx, prefix)
        _goes(alert, action)
        watchlist.add_history(tx, alert.id, _entry(ACTIONS[action], said))
        if alert.kind in OF_CANDIDATES and (action in DECISIONS or alert.status in CLOSED):
            poses = alert.kind == AlertKind.IMPERSONATION
            _decide(tx, alert.host, action if action in DECISIONS else "reopen", said, poses=poses, but=alert.id)
        (changed,) = watchlist.read_alerts(tx, ids=[alert.id])
    return changed


def decide(store: Store, host: str, action: str, said: Said) -> Candidate:
    """Confirms, dismisses or reopens (DECISIONS) a candidate with its alerts; the candidate afterwards.

    Raises TriageError where there is none of that name, and for a step that has no meaning.
    """
    _meaningful(action, said)
    candidate = find_candidate(store, host)
    decided = candidate.state in watchlist.DECIDED
    if action == "reopen" and not decided:
        raise TriageError(f"{candidate.host} is {candidate.state}: there is no decision to take back")
    if action == "dismiss" and candidate.state == CandidateState.DISMISSED:
        raise TriageError(f"{candidate.host} is dismissed already; reopen takes that back")
    with store.write() as tx:
        _decide(tx, candidate.host, action, said, poses=candidate.relation == Relation.IMPERSONATION)
    return find_candidate(store, host)


def find_alert(store: Store, prefix: str) -> Alert:
    """The alert whose id begins with `prefix`; TriageError where there is none or more than one."""
    with store.read() as view:
        return _named(view, prefix)


def check_alert(store: Store, prefix: str, action: str) -> Alert:
    """The alert as `find_alert` gives it, where `action` has a meaning for it; TriageError otherwise."""
    alert = find_alert(store, prefix)
    _goes(alert, action)
    return alert


def find_candidate(store: Store, host: str) -> Candidate:
    """The candidate of that name; TriageError where there is none."""
    with store.read() as view:
        found = watchlist.read_candidates(view, [host.lower()])
    if not found:
        raise TriageError(f"{host} is no candidate; `fringewatch candidates` lists them")
    return found[0]


def is_candidate(store: Store, host: str) -> bool:
    """Whether a place of that name is watched."""
    with store.read() as view:
        return bool(watchlist.read_candidates(view, [host.lower()]))


def written_files(store: Store, host: str) -> Sequence[Mapping[str, str | None]]:
    """What was written when this candidate was confirmed, as in `Said.files`; nothing where it is not confirmed."""
    with store.read() as view:
        rows = watchlist.read_states(view, host.lower())
    for row in reversed(rows):
        if row.signals is not None and row.state != CandidateState.CONFIRMED:
            return ()
        if row.files:
            return list(row.files)
    return ()


def labelled_decisions(store: Store) -> Iterator["Labelled"]:
    """The last decision about each candidate as an example to fit weights on: the signals then, and what was true.

    Taken back ones, and dismissals of what is merely old, are none.
    """
    from watch.fit import Labelled  # noqa: PLC0415 - numpy takes its time, and every command reads this module

    with store.read() as view:
        rows = watchlist.last_decisions(view).values()
    for row in rows:
        if row.going is not None and row.signals:
            yield Labelled(values=row.signals, going=row.going, operator=row.operator)


def _named(view: Connection, prefix: str) -> Alert:
    found = watchlist.alert_ids(view, prefix) if prefix else []
    if not found:
        raise TriageError(f"no alert has the id {prefix!r}; `fringewatch alerts` lists them")
    if len(found) > 1:
        raise TriageError(f"several alerts have ids that begin with {prefix!r}; give more of it")
    return watchlist.read_alerts(view, ids=found)[0]


def _meaningful(action: str, said: Said) -> None:
    if said.reason is not None and action != "dismiss":
        raise TriageError(f"--reason says why something is dismissed; {action} takes --note")
    if said.same_operator is not None and action != "confirm":
        raise TriageError("--same-operator says more about what is confirmed; here it has no meaning")


def _goes(alert: Alert, action: str) -> None:
    status = ACTIONS[action]
    if alert.status == status:
        raise TriageError(f"alert {alert.id} is {status} already")
    if alert.status in CLOSED and status == AlertStatus.ACKNOWLEDGED:
        raise TriageError(f"alert {alert.id} is {alert.status}; confirm, dismiss or escalate changes that")
    if alert.status not in CLOSED and action == "reopen":
        raise TriageError(f"alert {alert.id} is {alert.status}: there is no decision to take back")


def _entry(status: AlertStatus, said: Said) -> HistoryEntry:
    return HistoryEntry(at=said.at, who=said.who, status=status, note=said.told)


def _decide(tx: Connection, host: str, action: str, said: Said, *, poses: bool, but: str | None = None) -> None:
    """Notes a decision about a candidate and all its alerts but one. `poses`: what is decided about is an impostor."""
    alerts = [
        alert for alert in watchlist.read_alerts(tx, ids=watchlist.alerts_of(tx, host)) if alert.kind in OF_CANDIDATES
    ]
    for alert in alerts:
        if alert.id != but and (alert.status in CLOSED) == (action == "reopen"):
            # Who confirms that it is an impostor says that it is no mirror, and the other way about.
            other_lane = action == "confirm" and (alert.kind == AlertKind.IMPERSONATION) != poses
            watchlist.add_history(tx, alert.id, _entry(ACTIONS["dismiss" if other_lane else action], said))
    states = {
        "confirm": CandidateState.CONFIRMED,
        "dismiss": CandidateState.DISMISSED,
        "reopen": CandidateState.ALERTED if alerts else CandidateState.SEEN,
    }
    truth = {"confirm": not poses, "dismiss": None if said.reason == Reason.OLD else False, "reopen": None}
    for candidate in watchlist.read_candidates(tx, [host]):
        watchlist.set_state(tx, candidate, states[action])
        watchlist.add_states(
            tx,
            [
                {
                    "host": host, "at": said.at, "who": said.who, "state": states[action], "reason": said.reason,
                    "note": said.note, "going": truth[action], "signals": watchlist.read_signals(tx, host),
                    "operator": said.same_operator if truth[action] else None, "files": list(said.files) or None,
                }
            ],
        )  # fmt: skip

"""What is told when: looks at what has changed, makes messages of what may be told now, sends them, tries again.

Each channel goes by itself. It has at most one message on its way, which is written down before it is sent and noted
after: a crash between sends the same again, and a channel that is down makes everything after it wait, nothing of it
lost, while what waits is brought up to date rather than repeated.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.engine import Row

from core.clock import Clock
from core.home import claimed
from core.records import Alert, AlertKind, AlertStatus
from core.store import Store, deliveries, watchlist
from core.store.tagged import read_tagged
from watch.delivery.channels import Channel
from watch.delivery.senders import FEED_ENTRIES, Means, NotSent, send
from watch.delivery.wording import Message, Telling, question, quote
from watch.triage import CLOSED

logger = logging.getLogger(__name__)

STEPS = (0.5, 0.7, 0.8, 0.9, 0.95)
"""A probability that has crossed one of these since it was told is news,"""
MOVED = 0.03
"""if it has moved by at least this much: one that trembles about a step is not."""
MOST = 500
"""Alerts in one message: more go into the next."""
QUOTES = 2
"""Posts quoted of an alert."""
HOUR = timedelta(hours=1)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
"""Before a message is tried again: doubled from the first to the longest."""
LONGEST_ASKED = timedelta(days=1)
"""What a channel may ask for with Retry-After at most."""
TRIES = 6
"""After how many attempts a message that its channel calls wrong is given up; others never are."""
PATIENCE = 20.0
"""Seconds (physical ones) that all channels together are waited for; one that takes longer goes on by itself."""


@dataclass
class Deliverer:
    """Tells every channel what is to be told."""

    store: Store
    channels: Mapping[str, Channel]
    families: Mapping[str, str]
    """The family of each signal: a new one is news; a signal that is not in it is a family of its own."""
    clock: Clock
    means: Means
    _running: dict[str, threading.Thread] = field(default_factory=dict)

    def run(self) -> list[str]:
        """Tells each channel all that may be told now, all of them side by side; what did not go out, and why."""
        failures: list[str] = []

        def work(name: str, channel: Channel) -> None:
            try:
                with claimed(self.means.home, f"channel-{name}") as mine:  # another process may be at it
                    failure = mine and deliver(self.store, name, channel, self.families, self.means, self.clock)
            except Exception as error:  # one channel's trouble is not the others'
                logger.exception("channel %s", name)
                failure = type(error).__name__
            if failure:
                failures.append(f"channel {name}: {failure}")

        until = time.monotonic() + PATIENCE
        for name, channel in self.channels.items():
            if channel.target.scheme == "screen" and self.means.show is None:
                continue
            if name not in self._running or not self._running[name].is_alive():
                self._running[name] = threading.Thread(target=work, args=(name, channel), daemon=True)
                self._running[name].start()
        for name, thread in self._running.items():
            thread.join(max(0.0, until - time.monotonic()))
            if thread.is_alive():
                failures.append(f"channel {name}: still busy after {PATIENCE:g} s")
        return failures


def deliver(
    store: Store, name: str, channel: Channel, families: Mapping[str, str], means: Means, clock: Clock
) -> str | None:
    """Tells one channel all that may be told now; why it did not take a message, if it did not."""
    look(store, name, channel, families, clock)
    waiting = _waiting(store, name)
    while begun := _begin(store, name, channel, families, waiting, clock()):
        row, message = begun
        try:
            send(message, channel.target, means)
        except NotSent as error:
            return _failed(store, row, error, clock())
        with store.write() as tx:
            deliveries.sent(tx, row, clock())
    return None


def look(store: Store, name: str, channel: Channel, families: Mapping[str, str], clock: Clock) -> None:
    """Notes for every alert that is new or has changed whether the channel is to be told.

    The rules choose which alerts a channel is told of; of one that it was told of it is told every change.
    """
    with store.read() as view:
        if not deliveries.unseen(view, name):
            return
    with store.write() as tx:
        rows = deliveries.unseen(tx, name)
        alerts = _alerts(tx, (row.id for row in rows))
        for row in rows:
            alert, now_told, changes = alerts[row.id], row.told, None
            if alert.status in CLOSED:
                waits = False
            elif not row.tellings:
                waits = channel.wants(alert, _languages(tx, alert, channel))
            elif row.told is None:  # told before anything was noted of what
                now_told, waits = gist(alert, families), False
            else:
                changes = changed(row.told, gist(alert, families), alert)
                waits = bool(changes)
            since = (row.waiting_since or clock()) if waits else None
            deliveries.save_look(
                tx, name, row, tellings=row.tellings or 0, told=now_told, changes=changes or None, waiting_since=since
            )  # fmt: skip


def gist(alert: Alert, families: Mapping[str, str]) -> dict[str, Any]:
    """What of an alert is told, as far as a change of it is news."""
    return {
        "kind": alert.kind,
        "relation": alert.relation,
        "platform": alert.platform,
        "probability": alert.probability,
        "families": sorted({families.get(line.signal, line.signal) for line in alert.evidence if line.weight > 0}),
        "escalated": alert.status == AlertStatus.ESCALATED,
        "down_since": alert.first_mention_at.isoformat() if alert.kind == AlertKind.SOURCE_DOWN else None,
    }


def changed(told: Mapping[str, Any], now: Mapping[str, Any], alert: Alert) -> list[str]:
    """What is news about an alert whose gist was `told` and is another `now`, a line each; none where it only grew."""
    news = [
        f"{key}: {told[key] or 'none'} → {now[key] or 'none'}"
        for key in ("kind", "relation", "platform")
        if told[key] != now[key]
    ]
    if (since := now["down_since"]) != told.get("down_since", since):
        news.append(f"down again since {alert.first_mention_at:%Y-%m-%d %H:%M}")
    if fresh := sorted(set(now["families"]) - set(told["families"])):
        news.append(f"new kind of evidence: {', '.join(fresh)}")
    before, after = told["probability"], now["probability"]
    if abs(after - before) >= MOVED and any(min(before, after) < step <= max(before, after) for step in STEPS):
        news.append(f"{question(alert)}: {before:.0%} → {after:.0%}")
    if now["escalated"] and not told["escalated"]:
        last = alert.history[-1] if alert.history else None
        news.append(f"escalated by {last.who}{f': {last.note}' if last.note else ''}" if last else "escalated")
    return news


class Waiting(NamedTuple):
    """An alert that a channel is to be told, and since when it waits."""

    alert: Alert
    since: datetime


def choose(channel: Channel, waiting: Sequence[Waiting], free: int | None, now: datetime) -> Sequence[Waiting]:
    """What the next message tells: one alert, several as a digest, or nothing for now.

    `waiting` is in the order of waiting; `free` is how many messages are left of this hour, None for any number.
    """
    if free is not None and free <= 0:
        return ()
    if channel.is_quiet(now):
        waiting = [one for one in waiting if channel.urgent(one.alert)]
    due = channel.last_digest(now)
    strong = [one for one in waiting if not channel.weak(one.alert)]
    weak = [one for one in waiting if channel.weak(one.alert) and one.since <= due]
    if free == 1:
        return (strong + weak)[:MOST]
    return sorted(strong, key=lambda one: not channel.urgent(one.alert))[:1] or weak[:MOST]


def _waiting(store: Store, name: str) -> dict[str, Waiting]:
    """What a channel waits to be told, by the alerts' ids, the longest first."""
    with store.read() as view:
        rows = deliveries.waiting(view, name)
        alerts = _alerts(view, (row.alert for row in rows))
    return {row.alert: Waiting(alerts[row.alert], row.waiting_since) for row in rows}


def _begin(
    store: Store,
    name: str,
    channel: Channel,
    families: Mapping[str, str],
    waiting: dict[str, Waiting],
    now: datetime,
) -> tuple[Row[Any], Message] | None:
    """The message to send now, an attempt at it noted; None where nothing may be sent now.

    What a new one tells is taken out of `waiting`.
    """
    with store.read() as view:
        row = deliveries.on_its_way(view, name)
        chosen = () if row else choose(channel, list(waiting.values()), _free(view, name, channel, now), now)
    if not chosen and (row is None or (row.next_at and row.next_at > now)):
        return None
    with store.write() as tx:
        if chosen:
            row = _make(tx, name, families, [waiting.pop(one.alert.id).alert.id for one in chosen], now)
        assert row is not None
        deliveries.begin_attempt(tx, row)
        return row, _message(tx, row, with_recent=channel.target.scheme == "feed")


def _free(view: Connection, name: str, channel: Channel, now: datetime) -> int | None:
    """How many messages may be sent now; None for any number. Files take all that waits at once."""
    if channel.per_hour is not None:
        return channel.per_hour - deliveries.sent_since(view, name, now - HOUR)
    return 1 if channel.target.scheme in {"file", "feed"} else None


def _make(tx: Connection, name: str, families: Mapping[str, str], ids: Sequence[str], now: datetime) -> Row[Any]:
    """A new message that tells these alerts as they are now."""
    alerts = _alerts(tx, ids)
    rows = deliveries.standing(tx, name, ids)
    parts = [f"{row.alert}-{row.tellings}" for row in rows]
    key = parts[0] if len(parts) == 1 else "digest-" + hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]
    told = {alert.id: gist(alert, families) for alert in alerts.values()}
    return deliveries.write_down(tx, name, key, rows, told, now)


def _message(view: Connection, row: Row[Any], *, with_recent: bool) -> Message:
    """A message as it is sent: of its alerts as they are at this moment."""
    alerts = _alerts(view, (part["alert"] for part in row.parts))
    tellings = [
        _telling(view, alerts[part["alert"]], part["number"], part["changes"], row.made_at) for part in row.parts
    ]
    recent = deliveries.told(view, row.channel, FEED_ENTRIES) if with_recent else ()
    known = _alerts(view, (one.alert for one in recent))
    entries = [_telling(view, known[one.alert], one.tellings - 1, (), one.told_at) for one in recent]
    return Message(row.id, tellings, row.made_at, repeated=row.attempts > 0, recent=entries)


def _telling(view: Connection, alert: Alert, number: int, changes: Sequence[str] | None, at: datetime) -> Telling:
    told = [one for one in read_tagged(view, _posts(alert)[:QUOTES]) if one.post.deleted_seen_at is None]
    return Telling(alert, number, tuple(changes or ()), [quote(one) for one in told], at)


def _failed(store: Store, row: Row[Any], error: NotSent, now: datetime) -> str:
    """Notes a failure; what it is and what comes of it, in words."""
    attempts = row.attempts + 1
    wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
    wait = max(wait, min(timedelta(seconds=min(error.wait, 1e8)), LONGEST_ASKED))
    again = None if error.final and attempts >= TRIES else now + wait
    with store.write() as tx:
        deliveries.failed(tx, row, str(error), again)
    return f"{error}; {f'tried again at {again:%Y-%m-%d %H:%M:%S}' if again else f'message {row.id} is given up'}"


def _alerts(view: Connection, ids: Iterable[str]) -> dict[str, Alert]:
    return {alert.id: alert for alert in watchlist.read_alerts(view, ids=ids)}


def _posts(alert: Alert) -> list[str]:
    """The posts that an alert rests on, those of its weightiest reasons first."""
    return list(dict.fromkeys(post for line in alert.evidence if line.weight > 0 for post in line.posts))


def _languages(view: Connection, alert: Alert, channel: Channel) -> set[str]:
    """Languages of the posts that an alert rests on, where the channel asks for them."""
    told = read_tagged(view, _posts(alert)) if channel.languages else ()
    return {one.post.language for one in told if one.post.language}

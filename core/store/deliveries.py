"""What each channel was told of each alert, what it waits to be told, and the messages on their way.

A message is written down before it is sent and noted after: whatever crashes between, it goes out again as the same.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update
from sqlalchemy.engine import Row

from core.store.tables import alerts, deliveries, messages

BATCH = 500

WAITING, SENT, REFUSED = "waiting", "sent", "refused"
"""A message's states: to be sent (again), accepted by its channel, given up because the channel will never take it."""


def unseen(view: Connection, channel: str) -> Sequence[Any]:
    """Alerts that are new or changed since they were last looked at for a channel, with what it was told of each."""
    here = (deliveries.c.alert == alerts.c.id) & (deliveries.c.channel == channel)
    return view.execute(
        select(alerts.c.id, alerts.c.revision, deliveries)
        .join_from(alerts, deliveries, here, isouter=True)
        .where(or_(deliveries.c.seen.is_(None), deliveries.c.seen < alerts.c.revision))
        .order_by(alerts.c.created_at, alerts.c.id)
    ).all()


def save_look(tx: Connection, channel: str, row: Row[Any], **values: Any) -> None:
    """Notes that a row of `unseen` was looked at, and what came of it."""
    values["seen"] = row.revision
    if row.seen is None:
        tx.execute(insert(deliveries).values(alert=row.id, channel=channel, **values))
    else:
        here = (deliveries.c.alert == row.id) & (deliveries.c.channel == channel)
        tx.execute(update(deliveries).where(here).values(**values))


def waiting(view: Connection, channel: str) -> Sequence[Row[Any]]:
    """What a channel waits to be told, the longest first."""
    return view.execute(
        select(deliveries)
        .where(deliveries.c.channel == channel, deliveries.c.waiting_since.is_not(None))
        .order_by(deliveries.c.waiting_since, deliveries.c.alert)
    ).all()


def standing(view: Connection, channel: str, ids: Sequence[str]) -> Sequence[Row[Any]]:
    """What a channel was told of these alerts and waits to be told, in their order."""
    rows = {
        row.alert: row
        for first in range(0, len(ids), BATCH)
        for row in view.execute(
            select(deliveries).where(
                deliveries.c.channel == channel, deliveries.c.alert.in_(ids[first : first + BATCH])
            )
        )
    }
    return [rows[alert] for alert in ids]


def told(view: Connection, channel: str, limit: int) -> Sequence[Row[Any]]:
    """The alerts that a channel was told last, the newest first."""
    return view.execute(
        select(deliveries)
        .where(deliveries.c.channel == channel, deliveries.c.told_at.is_not(None))
        .order_by(deliveries.c.told_at.desc(), deliveries.c.alert)
        .limit(limit)
    ).all()


def write_down(
    tx: Connection, channel: str, message: str, rows: Sequence[Row[Any]], told: Mapping[str, Any], now: datetime
) -> Row[Any]:
    """Makes what waited in these rows one message; `told` is the gist of each alert as it is told now."""
    parts = [{"alert": row.alert, "number": row.tellings, "changes": row.changes} for row in rows]
    made = tx.execute(
        insert(messages)
        .values(channel=channel, id=message, parts=parts, state=WAITING, made_at=now)
        .returning(messages)
    ).one()
    for row in rows:
        tx.execute(
            update(deliveries)
            .where(deliveries.c.alert == row.alert, deliveries.c.channel == channel)
            .values(tellings=row.tellings + 1, told=told[row.alert], told_at=now, changes=None, waiting_since=None)
        )
    return made


def on_its_way(view: Connection, channel: str) -> Row[Any] | None:
    """The message of a channel that is not sent yet; there is one at most."""
    return view.execute(
        select(messages).where(messages.c.channel == channel, messages.c.state == WAITING).limit(1)
    ).first()


def begin_attempt(tx: Connection, message: Row[Any]) -> None:
    """Notes, before a message is sent, that it may be sent from now on."""
    _change(tx, message, attempts=message.attempts + 1)


def sent(tx: Connection, message: Row[Any], now: datetime) -> None:
    """Notes that a channel has accepted a message."""
    _change(tx, message, state=SENT, sent_at=now, error=None, next_at=None)


def failed(tx: Connection, message: Row[Any], why: str, next_at: datetime | None) -> None:
    """Notes why a message was not accepted and when it is tried again; None for never."""
    _change(tx, message, error=why, next_at=next_at, state=WAITING if next_at else REFUSED)


def sent_since(view: Connection, channel: str, since: datetime) -> int:
    """How many messages a channel has accepted after a moment."""
    return view.execute(
        select(func.count()).select_from(messages).where(messages.c.channel == channel, messages.c.sent_at > since)
    ).scalar_one()


def _change(tx: Connection, message: Row[Any], **values: Any) -> None:
    here = (messages.c.channel == message.channel) & (messages.c.id == message.id)
    tx.execute(update(messages).where(here).values(**values))

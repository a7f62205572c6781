"""A store with alerts in it, a clock that is set by hand, and receivers on loopback."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.records import Alert, AlertKind, AlertStatus, Evidence, HistoryEntry, Relation
from core.store import Store, watchlist
from tests.watch.delivery.receivers import MailBox, Receiver, http_receiver, mail_server
from watch.delivery.channels import Channel
from watch.delivery.outbox import deliver
from watch.delivery.senders import Means

FAMILIES = {"thread": "community", "voice": "community", "call": "migration", "official": "authority"}
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def alert(name: str, probability: float = 0.9, *signals: str, **given: Any) -> Alert:
    """An alert about NAME.example that rests on these signals."""
    reasons = [Evidence(signal=signal, weight=1.0, detail=f"because of {signal}") for signal in signals or ("thread",)]
    return Alert.model_validate(
        {
            "id": name, "kind": AlertKind.NEW_PLATFORM, "created_at": NOON, "host": f"{name}.example",
            "domain": f"{name}.example", "platform": "harbor", "relation": Relation.SUCCESSOR, "mentions": 3,
            "probability": probability, "same_operator": 0.4, "first_mention_at": NOON, "evidence": reasons,
        }
        | given
    )  # fmt: skip


def channel(url: str, **given: Any) -> Channel:
    return Channel.model_validate({"url": url, "allow_private": True} | given)


@dataclass
class Desk:
    """One channel named `desk`, and the time that passes for it."""

    store: Store
    means: Means
    now: datetime = NOON
    shown: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def save(self, *some: Alert) -> None:
        with self.store.write() as tx:
            for one in some:
                watchlist.save_alert(tx, one)

    def decide(self, name: str, status: AlertStatus, note: str | None = None) -> None:
        with self.store.write() as tx:
            watchlist.add_history(tx, name, HistoryEntry(at=self.now, who="ana", status=status, note=note))

    def tell(self, to: Channel, **later: float) -> str | None:
        """Lets time pass (timedelta's parts), then delivers; why not, if not."""
        self.now += timedelta(**later)
        return deliver(self.store, "desk", to, FAMILIES, self.means, lambda: self.now)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = Store.open(tmp_path / "home")
    shown: list[tuple[str, tuple[str, ...]]] = []

    def show(told: Alert, changes: Any) -> None:
        shown.append((told.id, tuple(changes)))

    yield Desk(store, Means(tmp_path / "home", is_public=lambda _: False, show=show), shown=shown)
    store.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with http_receiver() as one:
        yield one


@pytest.fixture
def mailbox() -> Iterator[MailBox]:
    with mail_server() as one:
        yield one

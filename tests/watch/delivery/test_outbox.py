"""What is told when: once, updated when it changed, held back, gathered, tried again, whatever crashes or is down."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.records import Alert, AlertStatus, Relation
from core.store import Store, deliveries, watchlist
from core.store.tables import deliveries as deliveries_table
from core.store.tables import messages
from tests.watch.conftest import NOW, WEIGHTS, World
from tests.watch.delivery.conftest import FAMILIES, NOON, Desk, alert, channel
from tests.watch.delivery.receivers import Receiver
from tests.watch.test_verdict import ANNOUNCEMENTS, STAFF
from watch.delivery import outbox
from watch.delivery.outbox import Deliverer, Waiting, changed, choose, deliver, gist
from watch.delivery.senders import Means

SCREEN = channel("screen:")


def test_an_alert_is_told_once_and_its_growth_is_no_news(desk: Desk) -> None:
    desk.save(alert("a"))
    assert desk.tell(SCREEN) is None
    desk.save(alert("a", mentions=40, probability=0.92))
    desk.tell(SCREEN)
    assert desk.shown == [("a", ())]


@pytest.mark.parametrize(
    ("now", "news"),
    [
        (alert("a", 0.9, "thread", "voice"), []),
        (alert("a", 0.9, "thread", "official"), ["new kind of evidence: authority"]),
        (alert("a", relation=Relation.MIRROR), ["relation: successor → mirror"]),
        (alert("a", platform=None), ["platform: harbor → none"]),
        (alert("a", 0.93), []),
        (alert("a", 0.96), ["going there: 90% → 96%"]),
        (alert("a", 0.65), ["going there: 90% → 65%"]),
        (alert("a", 0.89), []),  # below a step, but it only trembles
        (alert("a", status=AlertStatus.ESCALATED), ["escalated"]),
    ],
)
def test_what_is_news_about_an_alert(now: Any, news: list[str]) -> None:
    assert changed(gist(alert("a", 0.9), FAMILIES), gist(now, FAMILIES), now) == news


def test_an_outage_that_ends_and_one_that_begins_anew_are_news() -> None:
    def down(probability: float, hours: int = 0) -> Alert:
        return alert("a", probability, "down", kind="source-down", first_mention_at=NOON + timedelta(hours=hours))

    def news(before: Alert, now: Alert) -> list[str]:
        return changed(gist(before, FAMILIES), gist(now, FAMILIES), now)

    assert news(down(0.9), down(0.01)) == ["down: 90% → 1%"]
    assert news(down(0.9), down(0.9, 72)) == ["down again since 2026-11-27 12:00"]
    assert news(down(0.9), down(0.91)) == []
    assert changed({key: value for key, value in gist(down(0.9), FAMILIES).items() if key != "down_since"},
                   gist(down(0.9), FAMILIES), down(0.9)) == []  # fmt: skip


def test_a_change_is_told_once_as_an_update_with_who_and_why(desk: Desk) -> None:
    desk.save(alert("a"))
    desk.tell(SCREEN)
    desk.save(alert("a", 0.9, "thread", "official"))
    desk.tell(SCREEN)
    desk.tell(SCREEN)
    desk.decide("a", AlertStatus.ESCALATED, "call the lead")
    desk.tell(SCREEN)
    assert desk.shown[1:] == [
        ("a", ("new kind of evidence: authority",)), ("a", ("escalated by ana: call the lead",)),
    ]  # fmt: skip


def test_what_went_back_before_it_was_told_is_not_told(desk: Desk) -> None:
    quiet = channel("screen:", quiet={"from": "11:00", "to": "13:00", "unless": 1})
    desk.save(alert("a"))
    desk.tell(SCREEN)
    for probability in (0.6, 0.9):
        desk.save(alert("a", probability))
        desk.tell(quiet)
    desk.tell(quiet, hours=2)
    assert desk.shown == [("a", ())]


@pytest.mark.parametrize("status", [AlertStatus.DISMISSED, AlertStatus.CONFIRMED])
def test_what_was_decided_before_it_was_told_is_not_told(status: AlertStatus, desk: Desk) -> None:
    desk.save(alert("a"))
    desk.tell(channel("screen:", quiet={"from": "11:00", "to": "13:00", "unless": 1}))
    desk.decide("a", status)
    desk.tell(SCREEN, hours=2)
    assert desk.shown == []


def test_rules_choose_what_is_told_first_and_every_change_of_it_follows(desk: Desk) -> None:
    likely = channel("screen:", min_probability=0.8)
    desk.save(alert("a", 0.75), alert("b", 0.85))
    desk.tell(likely)
    desk.save(alert("a", 0.81), alert("b", 0.6))
    desk.tell(likely)
    assert desk.shown == [("b", ()), ("a", ()), ("b", ("going there: 85% → 60%",))]


def test_a_rule_about_languages_reads_the_posts_an_alert_rests_on(world: World, tmp_path: Path) -> None:
    world.publish(*(post.model_copy(update={"language": "en"}) for post in ANNOUNCEMENTS))
    world.run()
    means = Means(tmp_path, is_public=lambda _: False)
    for language, count in (("de", 0), ("en", 1)):
        to = channel(f"file:{language}.ndjson", languages=[language])
        deliver(world.store, language, to, FAMILIES, means, lambda: NOW)
        path = tmp_path / f"{language}.ndjson"
        assert (len(path.read_text().splitlines()) if path.exists() else 0) == count


def test_an_alert_of_the_watch_is_told_and_updated_when_staff_speak(world: World, tmp_path: Path) -> None:
    path, means = tmp_path / "told.ndjson", Means(tmp_path, is_public=lambda _: False)
    families = {name: signal.family for name, signal in WEIGHTS.signals.items()}
    for posts in (ANNOUNCEMENTS, [STAFF]):
        world.publish(*posts)
        world.run()
        deliver(world.store, "desk", channel("file:told.ndjson"), families, means, lambda: NOW)
    first, update = path.read_text().splitlines()
    assert '"update": 1' in update
    assert "new kind of evidence: authority" in update
    assert '"update"' not in first


def since(name: str, hours: float, probability: float = 0.9, **given: Any) -> Waiting:
    return Waiting(alert(name, probability, **given), NOON - timedelta(hours=hours))


def chosen(waiting: list[Waiting], free: int | None = None, **rules: Any) -> list[str]:
    return [one.alert.id for one in choose(channel("screen:", **rules), waiting, free, NOON)]


def test_alerts_go_one_by_one_the_urgent_first_then_the_oldest() -> None:
    quiet = {"from": "22:00", "to": "07:00"}
    some = [since("old", 3), since("new", 1), since("sure", 0, 0.99)]
    assert chosen(some) == ["old"]
    assert chosen(some, quiet=quiet) == ["sure"]


def test_quiet_hours_hold_back_what_can_wait() -> None:
    quiet = {"from": "11:00", "to": "13:00", "unless": 0.95}
    some = [since("a", 3), since("b", 1, 0.96), since("c", 1, 0.5, status=AlertStatus.ESCALATED)]
    assert chosen(some, quiet=quiet) == ["b"]
    assert chosen([some[0], some[2]], quiet=quiet) == ["c"]
    assert chosen(some[:1], quiet=quiet) == []


def test_the_last_message_of_an_hour_tells_all_that_wait() -> None:
    some = [since("a", 3), since("b", 2), since("c", 1)]
    assert chosen(some, free=2) == ["a"]
    assert chosen(some, free=1) == ["a", "b", "c"]
    assert chosen(some, free=0) == []
    assert chosen(some[:1], free=1) == ["a"]


def test_a_message_does_not_grow_without_bound_and_nothing_is_left_out(desk: Desk) -> None:
    desk.save(*(alert(f"n{number:03}") for number in range(outbox.MOST + 1)))
    desk.tell(channel("file:told.ndjson"))
    assert len((desk.means.home / "told.ndjson").read_text().splitlines()) == outbox.MOST + 1
    with desk.store.read() as view:
        assert sorted(len(parts) for parts in view.execute(select(messages.c.parts)).scalars()) == [1, outbox.MOST]


def test_the_weak_wait_for_their_digest() -> None:
    digest = {"below": 0.8, "at": "11:00"}
    weak = [since("a", 3, 0.75), since("b", 2, 0.75), since("late", 0.5, 0.75)]
    assert chosen(weak, digest=digest) == ["a", "b"]
    assert chosen([*weak, since("strong", 0)], digest=digest) == ["strong"]
    assert chosen(weak[2:], digest=digest) == []


def test_a_flood_costs_as_many_messages_as_the_limit_says(desk: Desk, receiver: Receiver) -> None:
    to = channel(f"http://127.0.0.1:{receiver.port}/x", secret="s", per_hour=5)
    desk.save(*(alert(f"n{number:02}") for number in range(50)))
    desk.tell(to)
    desk.save(alert("later"))
    desk.tell(to, minutes=30)
    assert [len(body["alerts"]) for body in receiver.bodies] == [1, 1, 1, 1, 46]
    desk.tell(to, minutes=31)
    assert [one["id"] for one in receiver.bodies[-1]["alerts"]] == ["later"]
    assert len({one["id"] for body in receiver.bodies for one in body["alerts"]}) == 51


def test_a_channel_that_is_down_for_a_day_loses_nothing_and_is_left_alone_meanwhile(
    desk: Desk, receiver: Receiver
) -> None:
    to = channel(f"http://127.0.0.1:{receiver.port}/x", secret="s")
    receiver.answers = [(503, {})] * 30
    for hour in range(24):
        desk.save(alert(f"n{hour:02}"))
        for _ in range(12):
            desk.tell(to, minutes=5)
    assert len(receiver.requests) <= 30
    assert len(set(receiver.ids)) == 1
    receiver.answers.clear()
    receiver.requests.clear()
    assert desk.tell(to, hours=1) is None
    assert [body["alerts"][0]["id"] for body in receiver.bodies] == [f"n{hour:02}" for hour in range(24)]


def test_waits_double_up_to_an_hour_and_the_channels_own_wish_goes_before(desk: Desk, receiver: Receiver) -> None:
    to = channel(f"http://127.0.0.1:{receiver.port}/x", secret="s")
    receiver.answers = [(500, {}), (500, {}), (429, {"Retry-After": "7200"}), (0, {})]
    desk.save(alert("a"))
    said = desk.tell(to)
    assert said == "answers 500; tried again at 2026-11-24 12:01:00"
    assert desk.tell(to, seconds=59) is None
    assert desk.tell(to, seconds=1) == "answers 500; tried again at 2026-11-24 12:03:00"
    assert desk.tell(to, minutes=2) == "answers 429; tried again at 2026-11-24 14:03:00"
    desk.tell(to, hours=1)
    assert len(receiver.requests) == 3
    failed = desk.tell(to, hours=1)
    assert failed is not None
    assert failed.endswith("tried again at 2026-11-24 14:11:00")
    assert desk.tell(to, minutes=8) is None
    assert len(set(receiver.ids)) == 1
    assert len(receiver.ids) == 5


def test_what_a_channel_calls_wrong_again_and_again_is_given_up_and_the_rest_goes_on(
    desk: Desk, receiver: Receiver
) -> None:
    to = channel(f"http://127.0.0.1:{receiver.port}/x", secret="s")
    receiver.answers = [(413, {})] * outbox.TRIES
    desk.save(alert("a"), alert("b"))
    said = [desk.tell(to, hours=1) for _ in range(outbox.TRIES)]
    assert said[-1] == "answers 413; message a-0 is given up"
    assert desk.tell(to, hours=1) is None
    assert receiver.ids[-1] == "b-0"
    with desk.store.read() as view:
        states = dict(view.execute(messages.select().with_only_columns(messages.c.id, messages.c.state)).all())
    assert states == {"a-0": deliveries.REFUSED, "b-0": deliveries.SENT}


def test_a_crash_between_sending_and_noting_sends_the_same_message_again(
    desk: Desk, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = channel(f"http://127.0.0.1:{receiver.port}/x", secret="s")
    desk.save(alert("a"))
    with monkeypatch.context() as crash:
        crash.setattr(deliveries, "sent", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            desk.tell(to)
    desk.tell(to)
    desk.tell(to)
    assert receiver.ids == ["a-0", "a-0"]
    assert receiver.bodies[0] == receiver.bodies[1]


@pytest.mark.parametrize("scheme", ["file", "feed"])
def test_a_crash_before_noting_repeats_nothing_in_file_and_feed(
    scheme: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    to, path = channel(f"{scheme}:told"), desk.means.home / "told"
    desk.save(alert("a"))
    with monkeypatch.context() as crash:
        crash.setattr(deliveries, "sent", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            desk.tell(to)
    once = path.read_text()
    assert once.count("a[.]example" if scheme == "feed" else '"id": "a"') > 0
    desk.tell(to)
    assert path.read_text() == once


def test_one_channel_that_fails_does_not_stop_the_others(desk: Desk, receiver: Receiver) -> None:
    receiver.answers = [(500, {})]
    broken = channel(f"http://127.0.0.1:{receiver.port}/x", secret="s")
    channels = {"broken": broken, "file": channel("file:told.ndjson"), "screen": SCREEN}
    desk.save(alert("a"))
    said = Deliverer(desk.store, channels, FAMILIES, lambda: NOON, desk.means).run()
    assert said == ["channel broken: answers 500; tried again at 2026-11-24 12:01:00"]
    assert desk.shown == [("a", ())]
    assert len((desk.means.home / "told.ndjson").read_text().splitlines()) == 1


def test_without_a_screen_its_alerts_wait_for_one(desk: Desk) -> None:
    desk.save(alert("a"))
    blind = Means(desk.means.home, desk.means.is_public, show=None)
    assert Deliverer(desk.store, {"screen": SCREEN}, FAMILIES, lambda: NOON, blind).run() == []
    Deliverer(desk.store, {"screen": SCREEN}, FAMILIES, lambda: NOON, desk.means).run()
    assert desk.shown == [("a", ())]


def test_what_was_told_before_changes_were_noted_is_not_told_again(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with store.write() as tx:
        watchlist.save_alert(tx, alert("a"))
        tx.execute(
            deliveries_table.insert().values(
                alert="a", channel="desk", seen=0, tellings=1, told_at=datetime(2026, 11, 1, tzinfo=UTC)
            )
        )
    shown: list[Any] = []
    means = Means(tmp_path, is_public=lambda _: False, show=lambda *told: shown.append(told))
    deliver(store, "desk", SCREEN, FAMILIES, means, lambda: NOON)
    assert shown == []
    with store.write() as tx:
        watchlist.save_alert(tx, alert("a", 0.5))
    deliver(store, "desk", SCREEN, FAMILIES, means, lambda: NOON)
    assert [changes for _, changes in shown] == [("going there: 90% → 50%",)]
    store.close()

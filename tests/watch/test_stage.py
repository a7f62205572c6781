"""From committed posts to alerts: once each, the same however they came in, withdrawn with what they rested on."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import fixed_clock
from core.records import Alert, AlertStatus, CandidateState, Post
from core.store import Store, watchlist
from tests.watch.conftest import KNOWN, NOW, World, said
from tests.watch.test_verdict import ANNOUNCEMENTS, PLACE, STAFF
from watch.triage import TriageError, decide, find_alert, find_candidate, triage

CLOCK = fixed_clock(NOW)


def test_an_announced_place_is_alerted_once_and_its_alert_grows(world: World) -> None:
    world.publish(*ANNOUNCEMENTS)
    assert world.run() == 1
    (alert,) = world.alerts()
    assert (alert.host, alert.domain, alert.platform, alert.mentions) == (PLACE, PLACE, "harbor", 5)
    assert alert.first_mention_at == NOW
    assert world.candidates()[PLACE].state == CandidateState.ALERTED
    world.publish(STAFF)
    assert world.run() == 0
    (grown,) = world.alerts()
    assert (grown.id, grown.created_at, grown.mentions) == (alert.id, alert.created_at, 6)
    assert "staff_call" in {line.signal for line in grown.evidence}


def test_nothing_said_is_nothing_watched(world: World) -> None:
    world.publish(said(1, "The kettle is broken, see https://en.wikipedia.org/wiki/Kettle"))
    assert world.run() == 0
    assert (world.alerts(), world.candidates()) == ([], {})


def test_what_a_deleted_or_edited_post_said_is_withdrawn(world: World) -> None:
    world.publish(said(1, f"our new board is {PLACE}", thread=1), said(2, "tea", thread=1))
    world.run()
    assert world.candidates()[PLACE].mentions == 1
    world.publish(said(1, "I was wrong, sorry", thread=1), said(2, "tea", thread=1))
    world.run()
    assert world.candidates() == {}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(order=st.permutations([*ANNOUNCEMENTS, STAFF]), batch=st.integers(1, 4), stops=st.sets(st.integers(1, 5)))
def test_orders_batches_and_pauses_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, order: list[Post], batch: int, stops: set[int]
) -> None:
    def outcome(posts: list[Post], size: int, pauses: set[int]) -> tuple[object, ...]:
        store = Store.open(tmp_path_factory.mktemp("world"))
        world = World(store, KNOWN)
        for number, post in enumerate(posts):
            world.page(post.source, int(str(post.thread)), post)
            if number in pauses:
                world.run(size)
        world.run(size)
        alerts = [alert.model_dump(exclude={"created_at"}) for alert in world.alerts()]
        candidates = world.candidates()
        store.close()
        return alerts, candidates

    assert outcome(order, batch, stops) == outcome([*ANNOUNCEMENTS, STAFF], 500, set())


@pytest.fixture
def alert(world: World) -> Alert:
    world.publish(*ANNOUNCEMENTS)
    world.run()
    return world.alerts()[0]


def test_who_decided_what_when_and_why_is_kept(world: World, alert: Alert) -> None:
    triage(world.store, alert.id, "ack", who="ana", note=None, clock=CLOCK)
    triage(world.store, alert.id[:4], "escalate", who="ana", note="call the lead", clock=CLOCK)
    done = triage(world.store, alert.id, "confirm", who="bo", note="it is", clock=CLOCK)
    assert done.status == AlertStatus.CONFIRMED
    assert [(entry.who, entry.status, entry.note) for entry in done.history] == [
        ("ana", "acknowledged", None), ("ana", "escalated", "call the lead"), ("bo", "confirmed", "it is"),
    ]  # fmt: skip
    assert world.candidates()[PLACE].state == CandidateState.CONFIRMED


def test_a_step_without_meaning_says_what_goes(world: World, alert: Alert) -> None:
    with pytest.raises(TriageError, match="no alert"):
        find_alert(world.store, "ffff")
    triage(world.store, alert.id, "dismiss", who="ana", note="joke", clock=CLOCK)
    with pytest.raises(TriageError, match="is dismissed already"):
        triage(world.store, alert.id, "dismiss", who="ana", note=None, clock=CLOCK)
    with pytest.raises(TriageError, match="confirm, dismiss or escalate changes that"):
        triage(world.store, alert.id, "ack", who="ana", note=None, clock=CLOCK)
    with pytest.raises(TriageError, match="no candidate"):
        find_candidate(world.store, "nowhere.example")


def test_an_ambiguous_beginning_is_no_id(world: World, alert: Alert) -> None:
    with world.store.write() as tx:
        watchlist.save_alert(tx, alert.model_copy(update={"id": alert.id[:6] + "x"}))
    with pytest.raises(TriageError, match="several alerts have ids that begin with"):
        find_alert(world.store, alert.id[:4])


def test_a_dismissed_alert_speaks_up_again_only_for_a_new_kind_of_reason(world: World, alert: Alert) -> None:
    triage(world.store, alert.id, "dismiss", who="ana", note="joke", clock=CLOCK)
    world.publish(said(20, f"harbor chan: the new board is {PLACE} really", author="~z"))
    world.run()
    assert world.alerts()[0].status == AlertStatus.DISMISSED
    world.publish(STAFF)
    world.run()
    (again,) = world.alerts()
    assert again.status == AlertStatus.NEW
    assert "new kind of evidence since it was dismissed: authority" in (again.history[-1].note or "")


def test_a_candidate_can_be_decided_without_an_alert(world: World) -> None:
    world.publish(said(1, f"our new board is {PLACE}"))
    world.run()
    assert decide(world.store, PLACE, CandidateState.DISMISSED).state == CandidateState.DISMISSED
    world.publish(said(2, f"{PLACE} again"))
    world.run()
    assert world.candidates()[PLACE].state == CandidateState.DISMISSED

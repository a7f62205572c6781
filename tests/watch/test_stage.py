"""From committed posts to alerts: once each, the same however they came in, withdrawn with what they rested on."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import fixed_clock
from core.probes import Facts, Probe, ProbeState
from core.records import Alert, AlertKind, AlertStatus, CandidateState, Post
from core.store import Store, places, watchlist
from tests.watch.conftest import KNOWN, NOW, World, said
from tests.watch.test_verdict import ANNOUNCEMENTS, PLACE, STAFF
from watch.fit import Labelled
from watch.stage import due_places, take_probes
from watch.triage import (
    Reason,
    Said,
    TriageError,
    decide,
    find_alert,
    find_candidate,
    is_candidate,
    labelled_decisions,
    triage,
)


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
    triage(world.store, alert.id, "ack", Said("ana", NOW))
    triage(world.store, alert.id[:4], "escalate", Said("ana", NOW, "call the lead"))
    done = triage(world.store, alert.id, "confirm", Said("bo", NOW, "it is"))
    assert done.status == AlertStatus.CONFIRMED
    assert [(entry.who, entry.status, entry.note) for entry in done.history] == [
        ("ana", "acknowledged", None), ("ana", "escalated", "call the lead"), ("bo", "confirmed", "it is"),
    ]  # fmt: skip
    assert world.candidates()[PLACE].state == CandidateState.CONFIRMED


def test_a_step_without_meaning_says_what_goes(world: World, alert: Alert) -> None:
    with pytest.raises(TriageError, match="no alert"):
        find_alert(world.store, "ffff")
    triage(world.store, alert.id, "dismiss", Said("ana", NOW, "joke"))
    with pytest.raises(TriageError, match="is dismissed already"):
        triage(world.store, alert.id, "dismiss", Said("ana", NOW))
    with pytest.raises(TriageError, match="confirm, dismiss or escalate changes that"):
        triage(world.store, alert.id, "ack", Said("ana", NOW))
    with pytest.raises(TriageError, match="no candidate"):
        find_candidate(world.store, "nowhere.example")


def test_an_ambiguous_beginning_is_no_id(world: World, alert: Alert) -> None:
    with world.store.write() as tx:
        watchlist.save_alert(tx, alert.model_copy(update={"id": alert.id[:6] + "x"}))
    with pytest.raises(TriageError, match="several alerts have ids that begin with"):
        find_alert(world.store, alert.id[:4])


def test_a_dismissed_alert_speaks_up_again_only_for_a_new_kind_of_reason(world: World, alert: Alert) -> None:
    triage(world.store, alert.id, "dismiss", Said("ana", NOW, "joke"))
    world.publish(said(20, f"harbor chan: the new board is {PLACE} really", author="~z"))
    world.run()
    assert world.alerts()[0].status == AlertStatus.DISMISSED
    world.publish(STAFF)
    world.run()
    (again,) = world.alerts()
    assert again.status == AlertStatus.NEW
    assert "new kind of evidence since it was dismissed: authority" in (again.history[-1].note or "")


def test_a_candidate_can_be_decided_without_an_alert(world: World) -> None:
    world.publish(said(1, f"our new board is {PLACE}"), said(2, f"{PLACE} is it"))
    world.run()
    assert decide(world.store, PLACE, "dismiss", Said("ana", NOW)).state == CandidateState.DISMISSED
    world.publish(said(3, f"{PLACE} again"))
    world.run()
    assert world.candidates()[PLACE].state == CandidateState.DISMISSED
    assert world.alerts() == []


def due(world: World) -> list[str]:
    with world.store.read() as view:
        return watchlist.due_for_probe(view, NOW + timedelta(days=1), 10)


def test_a_candidate_that_somebody_made_known_by_hand_takes_no_turn_of_others(world: World) -> None:
    world.publish(said(1, f"our new board is {PLACE}"), said(2, "go to otherharbor.example"))
    world.run()
    known = replace(world.known, own={**world.known.own, PLACE: "harbor"})
    looked = [due.place for due in due_places(world.store, known, lambda: world.now, 1)]
    assert "otherharbor.example" in looked
    assert PLACE not in looked


def states(world: World, host: str = PLACE) -> list[tuple[str, str, str | None, str | None]]:
    with world.store.read() as view:
        return [(row.who, row.state, row.reason, row.note) for row in watchlist.read_states(view, host)]


def test_a_dismissed_candidate_and_looks_at_it_begin_again_only_for_a_new_kind_of_evidence(world: World) -> None:
    world.publish(said(1, f"our new board is {PLACE}"), said(2, f"{PLACE} is it"))
    world.run()
    assert due(world) == [PLACE]
    decide(world.store, PLACE, "dismiss", Said("ana", NOW, "seen that", Reason.JOKE))
    world.publish(said(3, f"{PLACE} again"))
    world.run()
    assert due(world) == []
    world.publish(STAFF)
    assert world.run() == 1
    assert due(world) == [PLACE]
    assert states(world) == [
        ("fringewatch", "seen", None, None),
        ("ana", "dismissed", "joke", "seen that"),
        ("fringewatch", "alerted", None, "new kind of evidence since it was dismissed: authority"),
    ]


def test_evidence_that_went_and_came_back_is_no_new_kind(world: World, alert: Alert) -> None:
    world.publish(STAFF)
    world.run()
    triage(world.store, alert.id, "dismiss", Said("ana", NOW, reason=Reason.LIE))
    for post in (STAFF.model_copy(update={"text": "I was wrong", "links": ()}), STAFF):
        world.publish(post)
        world.run()
    assert world.alerts()[0].status == AlertStatus.DISMISSED
    assert world.candidates()[PLACE].state == CandidateState.DISMISSED


def test_a_decision_outlasts_the_posts_it_rested_on(world: World) -> None:
    world.publish(said(1, f"our new board is {PLACE}", thread=1), said(2, f"go to {PLACE}", thread=1))
    world.run()
    decide(world.store, PLACE, "dismiss", Said("ana", NOW, reason=Reason.SPAM))
    world.publish(said(9, "tea", thread=1))
    world.run()
    assert world.candidates()[PLACE].state == CandidateState.DISMISSED


def test_a_decision_about_a_candidate_is_one_about_its_alerts_and_is_taken_back_with_them(
    world: World, alert: Alert
) -> None:
    decide(world.store, PLACE, "dismiss", Said("ana", NOW, reason=Reason.RIVAL))
    assert [(entry.status, entry.note) for entry in world.alerts()[0].history] == [("dismissed", "rival")]
    assert is_candidate(world.store, PLACE.upper())
    decide(world.store, PLACE, "reopen", Said("bo", NOW))
    assert world.alerts()[0].status == AlertStatus.NEW
    assert world.candidates()[PLACE].state == CandidateState.ALERTED
    world.run()
    assert due(world) == [PLACE]
    with pytest.raises(TriageError, match="no decision to take back"):
        decide(world.store, PLACE, "reopen", Said("bo", NOW))
    with pytest.raises(TriageError, match="is new already"):
        triage(world.store, alert.id, "reopen", Said("bo", NOW))


def test_decisions_are_examples_of_what_was_seen_when_they_were_made(world: World, alert: Alert) -> None:
    with world.store.read() as view:
        then = watchlist.read_signals(view, PLACE)
    assert then.keys() >= {line.signal for line in alert.evidence}
    triage(world.store, alert.id, "confirm", Said("ana", NOW, same_operator=True))
    world.publish(STAFF)
    world.run()
    assert list(labelled_decisions(world.store)) == [Labelled(values=then, going=True, operator=True)]
    decide(world.store, PLACE, "reopen", Said("ana", NOW))
    assert list(labelled_decisions(world.store)) == []
    decide(world.store, PLACE, "dismiss", Said("ana", NOW, reason=Reason.OLD))
    assert list(labelled_decisions(world.store)) == []  # it was true: nothing against the evidence
    decide(world.store, PLACE, "reopen", Said("ana", NOW))
    decide(world.store, PLACE, "dismiss", Said("ana", NOW, reason=Reason.CLONE))
    (example,) = labelled_decisions(world.store)
    assert (example.going, example.operator) == (False, None)
    assert "staff_call" in example.values


def test_a_confirmed_impersonation_is_nobodys_new_home(world: World, alert: Alert) -> None:
    impostor = alert.model_copy(update={"id": "f" * 12, "kind": AlertKind.IMPERSONATION})
    with world.store.write() as tx:
        watchlist.save_alert(tx, impostor)
    triage(world.store, impostor.id, "confirm", Said("ana", NOW))
    assert {one.id: one.status for one in world.alerts()} == {impostor.id: "confirmed", alert.id: "dismissed"}
    (example,) = labelled_decisions(world.store)
    assert example.going is False


def test_what_is_decided_about_an_outage_is_nothing_about_a_candidate(world: World, alert: Alert) -> None:
    outage = alert.model_copy(update={"id": "d" * 12, "kind": AlertKind.SOURCE_DOWN})
    with world.store.write() as tx:
        watchlist.save_alert(tx, outage)
    triage(world.store, outage.id, "dismiss", Said("ana", NOW, reason=Reason.OTHER))
    assert {one.id: one.status for one in world.alerts()} == {outage.id: "dismissed", alert.id: "new"}
    assert world.candidates()[PLACE].state == CandidateState.ALERTED


def test_reasons_belong_to_dismissals_and_operators_to_confirmations(world: World, alert: Alert) -> None:
    with pytest.raises(TriageError, match="--reason"):
        triage(world.store, alert.id, "confirm", Said("ana", NOW, reason=Reason.JOKE))
    with pytest.raises(TriageError, match="--same-operator"):
        decide(world.store, PLACE, "dismiss", Said("ana", NOW, same_operator=False))
    assert world.alerts()[0].history == ()


def test_an_address_in_a_changed_description_was_told_when_it_was_put_there(world: World) -> None:
    def described(text: str) -> Post:
        return said(1, text, on="harbor", source="desk").model_copy(
            update={"posted_at": None, "first_seen_at": world.now}
        )

    def told() -> dict[str, datetime]:
        world.run()
        return {host: candidate.first_mention_at for host, candidate in world.candidates().items()}

    first, later, last = (world.now + timedelta(days=days) for days in (0, 30, 40))
    world.publish(described("We write on friends.example too."))
    assert told() == {"friends.example": first}
    world.now = later
    world.publish(described("Harbor Chan moved to newharbor.example. We write on friends.example too."))
    assert told() == {"friends.example": first, "newharbor.example": later}
    assert world.candidates()["newharbor.example"].evidence[0].signal in {"official_call", "official"}
    world.now = last
    world.publish(described("Now at newharbor.example"))
    assert told() == {"newharbor.example": later}


@pytest.mark.parametrize(
    ("told", "begin"),
    [
        (["https://newharbor.example/b/", "newharbor.example"], "https://newharbor.example/"),
        (
            ["http://boards.newharbor.example/b/", "http://boards.newharbor.example/"],
            "https://boards.newharbor.example/",
        ),
        (["https://NewHarbor.example", "https://boards.newharbor.example/"], "https://newharbor.example/"),
        (["http://newharbor.example:8080/b/"], "http://newharbor.example:8080/"),
        (["https://t.me/newharbor/7"], "https://t.me/newharbor"),
    ],
)
def test_a_look_begins_where_most_say_that_it_is(world: World, told: list[str], begin: str) -> None:
    world.publish(*(said(number, f"our new board is {address}") for number, address in enumerate(told, 1)))
    world.run()
    due = due_places(world.store, replace(world.known, crawled={}, watched=frozenset()), fixed_clock(world.now), 5)
    assert [one.url for one in due] == [begin]


def test_what_stands_in_a_lost_places_stead_is_no_print_of_its_platform(world: World) -> None:
    def shown(state: ProbeState, identifier: str) -> Probe:
        url = "https://harborchan.example/"
        return Probe(
            place="harborchan.example", url=url, at=world.now, state=state, facts=Facts(identifiers=(identifier,))
        )

    own = {"harborchan.example": ("harbor", "https://harborchan.example/")}
    known = replace(world.known, crawled=own)
    take_probes(world.store, known, [shown(ProbeState.UP, "matomo:harbor")])
    take_probes(world.store, known, [shown(ProbeState.PARKED, "adsense:registrar")])
    with world.store.read() as view:
        (record,) = places.read_prints(view, own).values()
    assert record["traits"] == [["identifier", "matomo:harbor"]]


def test_of_a_platform_whose_authors_are_nobodys_business_looks_keep_none(world: World) -> None:
    url = "https://harborchan.example/"
    facts = Facts(boards=("tea",), authors=(("!abc", None),))
    look = Probe(place="harborchan.example", url=url, at=world.now, state=ProbeState.UP, facts=facts)
    known = replace(world.known, crawled={"harborchan.example": ("harbor", url)}, nameless=frozenset({"harbor"}))
    take_probes(world.store, known, [look])
    with world.store.read() as view:
        (kept,) = places.read_probes(view, [look.place], 1)[look.place]
    assert kept.facts == facts.model_copy(update={"authors": ()})


def test_what_a_confirmation_ruled_out_stays_so(world: World, alert: Alert) -> None:
    impostor = alert.model_copy(update={"id": "f" * 12, "kind": AlertKind.IMPERSONATION})
    with world.store.write() as tx:
        watchlist.save_alert(tx, impostor)
    triage(world.store, impostor.id, "confirm", Said("ana", NOW))
    world.publish(STAFF)
    world.run()
    assert {one.id: one.status for one in world.alerts()} == {impostor.id: "confirmed", alert.id: "dismissed"}


def test_addresses_without_words_are_no_copies_of_one_text(world: World) -> None:
    world.publish(*(said(number, f"https://home{number}.example/") for number in range(1, 7)))
    world.publish(*(said(number, f"cheap lamps at https://shop{number}.example/") for number in range(11, 17)))
    world.run()
    signals = {host: {line.signal for line in one.evidence} for host, one in world.candidates().items()}
    assert "many_places" not in signals["home1.example"]
    assert "many_places" in signals["shop11.example"]


def test_a_look_begins_at_an_address_of_the_place() -> None:
    places_and_urls = {"newharbor.example": "https://newharbor.example/", "2a00::1": "https://[2a00::1]/",
                       "t.me/harbor_new": "https://t.me/harbor_new", "abc.onion": "http://abc.onion/"}  # fmt: skip
    assert {place: watchlist.address_of(place) for place in places_and_urls} == places_and_urls


def test_lists_of_a_platform_are_checked_with_the_keys_that_its_places_have_shown(world: World) -> None:
    own = {"harborchan.example": ("harbor", "https://harborchan.example/"),
           "lantern.example": ("lantern", "https://lantern.example/")}  # fmt: skip
    known = replace(world.known, crawled=own)

    def keys() -> dict[str, tuple[str, ...]]:
        later = world.now + timedelta(days=1)
        return {due.place: due.keys for due in due_places(world.store, known, lambda: later, 0)}

    assert set(keys().values()) == {()}
    for number, armoured in enumerate(("old key", "another")):
        look = Probe(place="harborchan.example", url="https://harborchan.example/", state=ProbeState.UP,
                     at=world.now + timedelta(minutes=number), facts=Facts(public_keys=(armoured,)))  # fmt: skip
        take_probes(world.store, known, [look])
    assert keys()["harborchan.example"] == ("old key",)  # another may be whoever took the site over
    assert keys()["lantern.example"] == ()

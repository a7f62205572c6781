"""The verdict: announcements are told from decoys, reasons add up, no family decides alone, order does not matter."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.records import AlertKind, Post, Relation
from tests.watch.conftest import KNOWN, WEIGHTS, said, verdict
from watch.known import KnownPlaces
from watch.sightings import template
from watch.verdict import Family

PLACE = "newharbor.example"
ANNOUNCEMENTS = [
    said(1, f"harbor chan is dead, our new board is {PLACE}", author="~a"),
    said(2, f"update your bookmarks: {PLACE}", author="~b", hours=1),
    said(3, f"if you came from harborchan: the new board is {PLACE}", author="~c", hours=2),
    said(1, f"harbor chan moved, new board at {PLACE}", on="quayside", author="~d", hours=3),
    said(2, f"everyone go to {PLACE}, the old site is down", on="quayside", author="~e", hours=4),
]
STAFF = said(9, f"We moved to {PLACE}, all boards are there", author="~s", staff=True)


def alerts(known: KnownPlaces, *posts: Post) -> bool:
    copies = {template(post.text): len(posts) for post in posts}
    return verdict(known, *posts, copies=copies if len({post.text for post in posts}) > 1 else {}).alerts(0.5)


def test_what_many_independent_voices_announce_is_alerted(known: KnownPlaces) -> None:
    found = verdict(known, *ANNOUNCEMENTS)
    assert found.alerts(0.5)
    assert (found.relation, found.platform, found.kind) == (Relation.SUCCESSOR, "harbor", AlertKind.NEW_PLATFORM)


def test_what_staff_announce_with_somebody_repeating_it_is_alerted(known: KnownPlaces) -> None:
    found = verdict(known, STAFF, ANNOUNCEMENTS[0])
    assert found.alerts(0.5)
    assert found.same_operator > 0.3
    assert found.same_operator > verdict(known, *ANNOUNCEMENTS).same_operator


def test_one_call_by_one_voice_is_not_enough(known: KnownPlaces) -> None:
    assert not verdict(known, ANNOUNCEMENTS[0]).alerts(0.5)


def test_one_voice_in_many_threads_is_not_many(known: KnownPlaces) -> None:
    flood = [said(n, f"our new board is {PLACE}", author="~spam") for n in range(1, 30)]
    assert not verdict(known, *flood).alerts(0.5)


def test_nameless_copies_of_one_text_are_not_many(known: KnownPlaces) -> None:
    flood = [said(n, f"our new board is {PLACE} number {n}") for n in range(1, 30)]
    assert not verdict(known, *flood).alerts(0.5)


def test_a_text_that_points_at_many_places_counts_against_each(known: KnownPlaces) -> None:
    some = [said(n, f"join the new board at {PLACE}", author=f"~{n}") for n in range(1, 6)]
    plain = verdict(known, *some)
    spam = verdict(known, *some, copies={template(some[0].text): 12})
    assert spam.probability < plain.probability
    assert not spam.alerts(0.5)


def test_a_news_link_that_everybody_passes_on_is_no_new_home(known: KnownPlaces) -> None:
    links = [
        said(n, f"the paper writes about it: https://courier.example/{n} have you read?", author=f"~{n}")
        for n in range(1, 25)
    ]
    assert not verdict(known, *links).alerts(0.5)


def test_a_joke_without_a_call_is_none(known: KnownPlaces) -> None:
    jokes = [said(n, f"lol imagine {PLACE} number {n} haha", author=f"~{n}", thread=1) for n in range(1, 5)]
    assert not verdict(known, *jokes).alerts(0.5)


def test_a_mirror_of_a_living_platform_is_a_mirror(known: KnownPlaces) -> None:
    posts = [
        said(n, f"lantern board: the mirror is up at lanternmirror.example, working mirror {word}", author=f"~{n}")
        for n, word in enumerate(["today", "again", "for all", "since noon"], 1)
    ]
    found = verdict(known, *posts)
    assert (found.relation, found.kind, found.platform) == (Relation.MIRROR, AlertKind.MIRROR, "lantern")


@pytest.mark.parametrize("host", ["harbor-chan.example", "hаrborchan.example", "harb0rchan.example"])
def test_a_look_alike_that_nobody_calls_to_is_at_most_an_impersonation(host: str, known: KnownPlaces) -> None:
    found = verdict(known, said(1, f"log in again at http://{host}/ please", author="~x"))
    assert (found.relation, found.kind) == (Relation.IMPERSONATION, AlertKind.IMPERSONATION)
    assert not found.alerts(0.5)


def test_the_reasons_add_up_to_the_probability(known: KnownPlaces) -> None:
    for posts in (ANNOUNCEMENTS, [*ANNOUNCEMENTS, STAFF], ANNOUNCEMENTS[:1]):
        found = verdict(known, *posts)
        log_odds = WEIGHTS.prior.going + sum(line.weight for line in found.evidence)
        assert math.isclose(found.probability, 1 / (1 + math.exp(-log_odds)), abs_tol=1e-3)


def test_no_family_counts_more_than_its_cap(known: KnownPlaces) -> None:
    crowd = [
        said(n, f"harbor chan: our new board is {PLACE}, friend {n * 'x'}", author=f"~{n}", hours=n / 50)
        for n in range(1, 200)
    ]
    found = verdict(known, *crowd, STAFF)
    sums: dict[Family, float] = {}
    for line in found.evidence:
        sums[WEIGHTS.family(line.signal)] = sums.get(WEIGHTS.family(line.signal), 0) + line.weight
    for name, total in sums.items():
        assert abs(total) <= abs(WEIGHTS.caps[name].going) + 0.01


def test_each_reason_names_posts_it_rests_on_and_the_weightiest_comes_first(known: KnownPlaces) -> None:
    found = verdict(known, *ANNOUNCEMENTS, STAFF)
    ids = {post.id for post in [*ANNOUNCEMENTS, STAFF]}
    assert all(line.posts and set(line.posts) <= ids for line in found.evidence)
    assert all(abs(first.weight) >= abs(second.weight) for first, second in pairwise(found.evidence))
    assert PLACE not in "".join(line.detail for line in found.evidence)  # defanged


POSTS = [*ANNOUNCEMENTS, STAFF, said(7, f"is {PLACE} a joke?"), said(8, f"{PLACE}", author="~a")]


@settings(max_examples=50, deadline=None)
@given(order=st.permutations(POSTS))
def test_the_order_of_posts_changes_nothing(order: list[Post]) -> None:
    assert verdict(KNOWN, *order) == verdict(KNOWN, *POSTS)

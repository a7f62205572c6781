"""A sighting: one post's pointer at one place, with the call that stands near it."""

import pytest

from tests.watch.conftest import said, seen
from watch.known import KnownPlaces
from watch.sightings import Sighting, template

CALL = "our new board is"
PLACE = "newharbor.example"


def test_a_call_near_a_link_is_the_links(known: KnownPlaces) -> None:
    (sighting,) = seen(known, said(1, f"{CALL} {PLACE}"))
    assert (sighting.candidate, sighting.calls, sighting.at) == (PLACE, ("migration/new-board",), sighting.at)


def test_a_call_far_from_a_link_is_not(known: KnownPlaces) -> None:
    far = "tea and cake. " * 30
    (sighting,) = seen(known, said(1, f"{CALL} there. {far} {PLACE}"))
    assert sighting.calls == ()


@pytest.mark.parametrize("text", [f">{CALL} {PLACE}", f'"{CALL} {PLACE}" lol', f"no new board at {PLACE}"])
def test_quoted_and_negated_calls_do_not_count(text: str, known: KnownPlaces) -> None:
    assert {sighting.calls for sighting in seen(known, said(1, text))} == {()}


def test_a_place_named_twice_in_a_post_is_seen_once_with_most_said_about_it(known: KnownPlaces) -> None:
    (sighting,) = seen(known, said(1, f"{PLACE} {'tea. ' * 100} {CALL} {PLACE}/b/"))
    assert sighting.calls == ("migration/new-board",)


def test_two_places_are_two_sightings(known: KnownPlaces) -> None:
    found = seen(known, said(1, f"{CALL} {PLACE} or oldharbor.example"))
    assert {sighting.candidate for sighting in found} == {PLACE, "oldharbor.example"}


def test_copies_of_one_text_share_a_template_whatever_address_they_name() -> None:
    assert template("BUY pills at http://a1.example/ now 7") == template("buy pills at https://b2.example/x now 99")
    assert template("buy pills at a1.example now") != template("buy tea at a1.example now")


def test_who_speaks_is_noted(known: KnownPlaces) -> None:
    staff, official = seen(
        known, said(1, f"{CALL} {PLACE}", staff=True), said(2, f"{CALL} {PLACE}", on="harbor", source="desk")
    )
    assert (staff.staff, staff.official, official.official) == (True, False, True)


@pytest.mark.parametrize(
    "text",
    [
        f"Warning: {PLACE} is a fake.",
        f"{PLACE} is not ours",
        f"Do not enter anything on {PLACE}, we are not there",
        f"We have nothing to do with {PLACE}",
        f"Achtung, {PLACE} ist eine Fälschung",
        f"Внимание, {PLACE} это фейк",
    ],
)
def test_who_warns_of_a_place_does_not_point_at_it(known: KnownPlaces, text: str) -> None:
    for sighting in said_by_those_with_a_say(known, text):
        assert (sighting.staff, sighting.official, sighting.candidate) == (False, False, PLACE)


@pytest.mark.parametrize(
    "text",
    [
        f"The site continues at {PLACE}. Do not trust copies.",
        f"Beware of fakes, the only address is {PLACE}",
        f"Warning! We move tonight: {PLACE}",
        f"{PLACE} is real, everything else is fake",
    ],
)
def test_who_warns_of_others_points_at_the_place(known: KnownPlaces, text: str) -> None:
    staff, official = said_by_those_with_a_say(known, text)
    assert (staff.staff, official.official) == (True, True)


def said_by_those_with_a_say(known: KnownPlaces, text: str) -> list[Sighting]:
    return seen(known, said(1, text, staff=True), said(2, text, on="harbor", source="desk"))


def test_a_text_without_a_space_is_read_as_fast_as_any() -> None:
    long = "a" * 300_000
    assert template(f"{long} https://a1.example/x") == template(long)

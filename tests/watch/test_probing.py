"""When to look at whom: soon, then seldom; close while something happens; never forgotten while it is likely."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from core.probes import Looked, ProbeState
from tests.watch.conftest import NOW
from watch.probing import DAY, HOUR, down_since, is_down, next_look, next_look_at_platform, wants_whole_look

UP, AWAY = ProbeState.UP, ProbeState.UNREACHABLE


def look(state: ProbeState = UP, hours: float = 0) -> Looked:
    return Looked(NOW + timedelta(hours=hours), state)


def looked(times: int, state: ProbeState, probability: float, hours: float) -> list[datetime]:
    """The moments of all looks within so many hours of a first mention."""
    probes: list[Looked] = []
    moments: list[datetime] = []
    while (at := next_look(probes, probability, NOW)) is not None and at <= NOW + timedelta(hours=hours):
        probes.append(Looked(at, state))
        moments.append(at)
        if len(moments) == times:
            break
    return moments


def test_a_new_place_is_looked_at_at_once() -> None:
    assert next_look([], 0.01, NOW) == NOW


@pytest.mark.parametrize("state", [UP, AWAY])
def test_a_likely_place_is_looked_at_every_day_for_months(state: ProbeState) -> None:
    moments = looked(1000, state, 0.5, 24 * 100)
    assert len(moments) > 100
    assert max(after - before for before, after in pairwise(moments)) <= DAY


def test_the_first_day_is_watched_closely() -> None:
    assert len(looked(1000, AWAY, 0.5, 24)) >= 5


def test_an_unlikely_place_that_answers_is_left_alone_after_a_second_look() -> None:
    assert len(looked(1000, UP, 0.01, 24 * 100)) == 2


def test_an_unlikely_place_that_never_answered_is_given_up_in_the_end() -> None:
    assert len(looked(1000, AWAY, 0.01, 24 * 400)) < 130


def test_a_mention_brings_an_unlikely_place_back_once_a_week() -> None:
    probes = [look(), look(hours=24)]
    assert next_look(probes, 0.01, NOW) is None
    assert next_look(probes, 0.01, NOW + 2 * DAY) == NOW + 8 * DAY
    assert next_look(probes, 0.5, NOW + 2 * DAY) == NOW + DAY + HOUR


def test_a_failing_platform_is_looked_at_again_within_hours() -> None:
    assert next_look_at_platform([], failing=False) is None
    assert next_look_at_platform([look()], failing=False) == NOW + 6 * HOUR
    assert next_look_at_platform([look()], failing=True) == NOW + HOUR
    assert next_look_at_platform([look(), look(AWAY, 1)], failing=True) == NOW + 2 * HOUR


def test_one_look_that_fails_is_no_outage_and_a_closed_door_is_none_at_all() -> None:
    up, away = look(), [look(AWAY, hour) for hour in (1, 2)]
    assert not is_down([up, away[0]])
    assert is_down([up, *away])
    assert down_since([up, *away]) == away[0].at
    assert not is_down([up, *(look(ProbeState.CHALLENGED, hour) for hour in (1, 2))])
    assert is_down([up, look(ProbeState.SEIZED, 1)])


def test_a_platform_is_looked_at_wholly_once_a_week() -> None:
    assert wants_whole_look([], NOW)
    assert wants_whole_look([look(AWAY)], NOW + HOUR)
    assert not wants_whole_look([look()], NOW + 6 * HOUR)
    assert wants_whole_look([look(), look(hours=24)], NOW + 7 * DAY)
    assert not wants_whole_look([look(), look(hours=24 * 7)], NOW + 8 * DAY)

"""Signals: each says what it should and nothing else, and nothing that can be copied counts as people being there."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from core.probes import Facts, Favicon, Looked, Pointer, PointerKind, Probe, ProbeState
from core.records import Post
from core.sketch import text_hash
from tests.watch.conftest import KNOWN, NOW, WEIGHTS, around, said, seen
from tests.watch.test_prints import FACTS
from watch.prints import print_of
from watch.sightings import Sighting, site_sightings
from watch.signals import Background, Case, Found, Surroundings, signals, surprise_of

PLACE = "newharbor.example"
HARBOR = "harbor"
OLD = text_hash("the old kettle on the third floor whistles every single morning at six") or 0
NEW = text_hash("somebody painted the stairs of the lighthouse yellow and nobody will say who it was") or 0
BACKGROUND = Background(shape=0.5, rate=1.0)


def look(facts: Facts | None, *, hours: float = 0, state: ProbeState = ProbeState.UP) -> Probe:
    url = f"https://{PLACE}/"
    return Probe(place=PLACE, url=url, at=NOW + timedelta(hours=hours), state=state, facts=facts, pages=(url,))


def found(
    *posts: Post, looks: tuple[Probe, ...] = (), within: Surroundings | None = None, **given: Any
) -> dict[str, Found]:
    """Signals by name, of a candidate that these posts and looks tell of, as harbor's new home."""
    sighted = given.pop("sighted", None) or seen(KNOWN, *(posts or [said(1, f"see {PLACE}")]))
    case = Case(PLACE, sighted, looks, [Looked(one.at, one.state) for one in looks])
    return {one.name: one for one in signals(case, HARBOR, within or around(KNOWN), BACKGROUND)}


def with_print(**given: Any) -> Surroundings:
    base = around(KNOWN)
    prints = {
        **base.prints,
        HARBOR: print_of(KNOWN.platforms[HARBOR]).with_facts(FACTS),
    }
    return replace(base, prints=prints, **given)


def test_authors_of_copied_posts_are_no_regulars() -> None:
    within = replace(around(KNOWN), marks={"!a": frozenset({HARBOR})}, texts={OLD: frozenset({HARBOR})})
    copy = look(Facts(posts=(OLD,), authors=(("!a", OLD),)))
    alive = look(Facts(posts=(OLD, NEW), authors=(("!a", OLD), ("!a", NEW))))
    assert "regulars" not in found(looks=(copy,), within=within)
    assert found(looks=(copy,), within=within)["copied"].value == 1
    assert found(looks=(alive,), within=within)["regulars"].value == 1


def test_staff_are_known_elsewhere_by_a_tripcode_never_by_a_name() -> None:
    within = replace(around(KNOWN), staff=frozenset({("!boss", HARBOR), ("boss", HARBOR)}))
    assert "staff_call" in found(said(1, f"our new board is {PLACE}", mark="!boss"), within=within)
    assert "staff_call" not in found(said(1, f"our new board is {PLACE}", mark="boss"), within=within)
    assert "staff_call" in found(said(1, f"our new board is {PLACE}", on=HARBOR, mark="boss"), within=within)


def test_staff_of_another_platform_that_is_not_named_have_no_say() -> None:
    assert "staff" not in found(said(1, f"look at {PLACE}", staff=True))
    assert "staff" in found(said(1, f"harborchan people: look at {PLACE}", staff=True))


def test_a_known_sites_own_pointers_are_authority_and_a_webring_is_a_weak_one() -> None:
    pointers = tuple(
        Pointer(kind=kind, url=f"https://{PLACE}/") for kind in (PointerKind.REDIRECT, PointerKind.WEBRING)
    )
    probe = Probe(place="harborchan.example", url="https://harborchan.example/", at=NOW, state=ProbeState.MOVED,
                  facts=Facts(pointers=pointers))  # fmt: skip
    sighted: list[Sighting] = list(site_sightings(HARBOR, probe, KNOWN))
    assert {one.kind for one in sighted} == {"redirect", "webring"}
    told = found(sighted=sighted)
    assert WEIGHTS.family("redirect") == WEIGHTS.family("webring") == "authority"
    assert told.keys() >= {"redirect", "webring"}
    assert WEIGHTS.signals["redirect"].going > 2 * WEIGHTS.signals["webring"].going


def test_other_donation_addresses_count_against_what_looks_like_a_copy_only() -> None:
    own = Facts(wallets=("bitcoin:bc1mine",), threads=2, boards=("x",))
    copy = FACTS.model_copy(update={"wallets": ("bitcoin:bc1mine",), "threads": 2})
    assert "other_wallet" not in found(looks=(look(own),), within=with_print())
    assert "other_wallet" in found(looks=(look(copy),), within=with_print())


def test_what_is_no_board_is_said_to_be_none() -> None:
    assert "no_board" in found(looks=(look(Facts(title="A shop")),))
    assert "no_board" not in found(looks=(look(Facts(engine="vichan", boards=("b",), threads=3)),))
    assert "nothing_there" in found(looks=(look(None, state=ProbeState.PARKED),))


def test_people_writing_on_are_seen_between_looks() -> None:
    first, second = (Facts(posts=(NEW,), newest_post_at=NOW + timedelta(hours=hour)) for hour in (0, 3))
    told = found(looks=(look(first), look(second, hours=3)))
    assert told.keys() >= {"alive", "growing"}
    assert "growing" not in found(looks=(look(first), look(first, hours=3)))


def crowd(days: list[int], each: int) -> list[Sighting]:
    """So many independent mentions on each of these days."""
    posts = [said(100 * day + n, f"{PLACE} is talked of {'x' * n}", author=f"~{day}-{n}", hours=24 * day + n / 60)
             for day in days for n in range(each)]  # fmt: skip
    return sorted(seen(KNOWN, *posts), key=lambda one: one.at)


def test_a_burst_surprises_and_an_old_acquaintance_does_not() -> None:
    burst, window = surprise_of(crowd([0], 8), BACKGROUND)
    steady, _ = surprise_of(crowd(list(range(60)), 8), BACKGROUND)
    assert len(window) == 8
    assert burst > 2.5
    assert steady < burst + 1  # its first days were one
    surge, _ = surprise_of(crowd([*range(60)], 2) + crowd([70], 30), BACKGROUND)
    usual, _ = surprise_of(crowd([*range(60)], 2) + crowd([70], 2), BACKGROUND)
    assert surge > usual + 2


def test_one_voice_or_one_thread_is_no_burst() -> None:
    posts = [said(n, f"{PLACE} again {'x' * n}", author="~same", hours=n / 60) for n in range(1, 9)]
    assert surprise_of(seen(KNOWN, *posts), BACKGROUND)[0] == 0


def test_a_posters_id_is_another_in_each_thread_and_no_further_voice() -> None:
    posts = [said(n, f"{PLACE} again", author=f"~{n}", mark=None) for n in range(1, 9)]
    assert found(*posts).keys().isdisjoint({"voices"})
    assert found(*(one.model_copy(update={"mark": one.author}) for one in posts))["voices"].value == 3


def test_an_icon_that_everybody_has_counts_little() -> None:
    icon = Facts(favicon=Favicon(sha256="0" * 64, mmh3=77))
    rare = found(looks=(look(icon),), within=with_print())["favicon"].value
    stock = found(looks=(look(icon),), within=with_print(sharers={("favicon", "77"): frozenset(map(str, range(99)))}))
    assert rare == 1
    assert stock["favicon"].value <= 0.01


class OnlyAsked(dict[Any, Any]):
    """Sharers of very many traits, that nobody may go through."""

    def __iter__(self) -> Any:
        raise AssertionError("went through what other places show")

    keys = values = items = __iter__


def test_of_what_others_show_only_a_places_own_traits_are_looked_up() -> None:
    sharers = OnlyAsked({("favicon", "77"): frozenset({"one.example", PLACE, "harbor.example"})})
    icon = Facts(favicon=Favicon(sha256="0" * 64, mmh3=77))
    assert found(looks=(look(icon),), within=with_print(sharers=sharers))["favicon"].value == 1 / 2


def test_a_wall_before_a_place_says_nothing_of_what_is_behind() -> None:
    board = look(Facts(engine="vichan", boards=("tea", "harbor", "rope", "maps"), threads=3))
    for state in (ProbeState.BLOCKED, ProbeState.CHALLENGED, ProbeState.FAILING):
        wall = look(Facts(), hours=1, state=state)
        assert "no_board" not in found(looks=(wall,))
        assert found(looks=(board, wall), within=with_print()).keys() >= {"boards", "engine"}

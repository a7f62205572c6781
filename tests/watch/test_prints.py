"""Fingerprints: what two places have in common, and that what many places share says little."""

import pytest

from core.probes import Facts, Favicon
from core.sketch import SHORTEST, resemblance, runs, sketch, text_hash
from tests.watch.conftest import platform
from watch.prints import Likeness, Print, changed_wallets, likenesses, name_likeness, print_of, traits_of

HARBOR = platform("Harbor Chan", "harborchan", domain="harborchan.example", boards=("tea", "/harbor/"))
FACTS = Facts(
    engine="vichan", threads=9, boards=("tea", "harbor", "rope", "maps"), structure=sketch(f"div/{n}" for n in range(400)),
    passages=sketch(runs("no talk of the weather before noon and no ropes on the stairs at any time of the day")),
    favicon=Favicon(sha256="0" * 64, mmh3=77, looks="00ff00ff00ff00ff"), identifiers=("matomo:harbor",),
    wallets=("bitcoin:bc1old",), outlinks=("one.example", "two.example", "three.example", "four.example"),
)  # fmt: skip


def alike(
    facts: Facts, *, place: str = "elsewhere.example", sharers: dict[tuple[str, str], int] | None = None
) -> dict[str, float]:
    found: list[Likeness] = list(likenesses(print_of(HARBOR).with_facts(FACTS), place, facts, sharers or {}))
    return {one.signal: one.value for one in found}


def test_a_copy_is_like_in_everything() -> None:
    found = alike(FACTS)
    assert {"engine", "boards", "favicon", "structure", "passages", "identifier", "wallet", "outlinks"} <= found.keys()
    assert all(value == pytest.approx(1) for value in found.values())


def test_another_place_is_like_in_nothing() -> None:
    other = Facts(engine="mybb", boards=("b", "news"), structure=sketch(f"table/{n}" for n in range(400)))
    assert alike(other) == {}


def test_what_many_others_share_counts_little() -> None:
    assert alike(FACTS, sharers={("favicon", "77"): 99})["favicon"] == pytest.approx(0.01)


def test_two_boards_in_common_count_less_than_four() -> None:
    few, many = alike(Facts(boards=("tea", "harbor"))), alike(Facts(boards=("tea", "harbor", "rope", "maps")))
    assert few["boards"] < many["boards"] / 3


def test_a_print_is_what_was_shown_at_any_time() -> None:
    known = print_of(HARBOR).with_facts(FACTS).with_facts(Facts(boards=("later",)))
    assert {"tea", "harbor", "maps", "later"} <= known.boards
    assert set(traits_of(FACTS)) <= known.traits


@pytest.mark.parametrize("place", ["harborchan.test", "harbor-chan.example", "hаrborchan.example", "t.me/harborchan"])
def test_a_name_that_looks_like_the_platforms_is_told(place: str) -> None:
    assert name_likeness(print_of(HARBOR), place) > 0


@pytest.mark.parametrize("place", ["lantern.example", "bunker.example", "chan.example", "t.me/desk"])
def test_a_name_that_shares_a_word_with_everybody_is_none(place: str) -> None:
    assert name_likeness(print_of(HARBOR), place) == 0


def test_changed_wallets_are_those_of_the_same_coin() -> None:
    known = print_of(HARBOR).with_facts(FACTS)
    assert changed_wallets(known, Facts(wallets=("bitcoin:bc1new",))) == ["bitcoin:bc1new"]
    assert not changed_wallets(known, FACTS)
    assert not changed_wallets(known, Facts(wallets=("monero:4new",)))
    assert not changed_wallets(Print(), Facts(wallets=("bitcoin:bc1new",)))


def test_a_sketch_tells_how_much_two_sets_share() -> None:
    one, other = sketch(str(n) for n in range(2000)), sketch(str(n) for n in range(1000, 3000))
    assert resemblance(one, other) == pytest.approx(1 / 3, abs=0.1)
    assert resemblance(one, one) == 1
    assert resemblance(one, ()) == 0


def test_copies_of_a_text_have_one_hash_and_short_texts_none() -> None:
    text = "the tea kettle on the third floor whistles every morning at six and nobody knows why"
    assert text_hash(text) == text_hash(f"  {text.upper()}!! ")
    assert text_hash(" ".join(["tea"] * (SHORTEST - 1))) is None

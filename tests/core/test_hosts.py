"""Hosts that look alike have one skeleton."""

import pytest

from core.hosts import skeleton


@pytest.mark.parametrize(
    "lookalike",
    [
        "newboard.example", "NewBoard.example.", "nеwboard.example", "newbοard.example", "ոewboard.example", "newb0ard.example",
        "nevvboard.example", "néwboard.example", "ｎｅｗboard.example", "xn--nwboard-7gg.example",
    ],
)  # fmt: skip
def test_a_host_that_looks_like_another_has_its_skeleton(lookalike: str) -> None:
    assert skeleton(lookalike) == skeleton("newboard.example")


@pytest.mark.parametrize(("one", "other"), [("lamp1", "lampl"), ("rnoss", "moss"), ("рауѕ", "pays"), ("wren", "vvren")])
def test_letters_that_are_taken_for_each_other(one: str, other: str) -> None:
    assert skeleton(f"{one}.example") == skeleton(f"{other}.example")


@pytest.mark.parametrize(
    "other", ["newboards.example", "oldboard.example", "newboard.test", "new-board.example", "доска.example"]
)
def test_a_host_that_looks_different_has_another_skeleton(other: str) -> None:
    assert skeleton(other) != skeleton("newboard.example")


@pytest.mark.parametrize(
    "host", ["", ".", "xn--", "xn--\ud800", "a" * 300, "203.0.113.9", "2001:db8::1", "xn--a-.example"]
)
def test_no_host_makes_it_raise(host: str) -> None:
    assert isinstance(skeleton(host), str)

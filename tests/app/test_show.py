"""What is printed for people: hostile text stays text, addresses stay dead."""

import io
from typing import Any

import pytest
from rich.console import Console

from app import show

ESCAPES = "\x1b[31mred\x1b[0m \x1b]8;;http://evil.example/\x07click\x1b]8;;\x07 \x9b31m \r\x08"


@pytest.mark.parametrize("text", [ESCAPES, "\u202efdp.exe", "\u2066x\u2069", "\x00\x07\x7f"])
def test_no_control_reaches_the_terminal(text: str) -> None:
    shown = show.safe(text)
    assert not any(ord(letter) < 32 and letter not in "\t\n" for letter in shown)
    assert not any("\x7f" <= letter <= "\x9f" or letter in "\u202e\u2066\u2069" for letter in shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see https://newharbor.example/b/?x=1.2", "see hxxps://newharbor[.]example/b/?x=1.2"),
        ("HTTP://NEWHARBOR.EXAMPLE", "hxxp://NEWHARBOR[.]EXAMPLE"),
        ("no address", "no address"),
    ],
)
def test_addresses_are_defanged(text: str, shown: str) -> None:
    assert show.safe(text) == shown


def test_markup_in_a_post_is_text() -> None:
    hit: dict[str, Any] = {
        "platform": "harbor", "board": "b", "number": 1, "tags": [], "deleted": False, "posted_at": None,
        "highlights": [], "text": "[bold]shout[/bold] [link=http://evil.example]x[/link] [/]",
    }  # fmt: skip
    written = io.StringIO()
    found = {
        "total": 1,
        "hits": [hit],
        "facets": {"author": [{"value": "[red]x", "count": 1}]},
        "histogram": [],
        "next": None,
    }
    show.results(Console(file=written, width=200), found)
    assert "[bold]shout[/bold]" in written.getvalue()
    assert "[red]x 1" in written.getvalue()

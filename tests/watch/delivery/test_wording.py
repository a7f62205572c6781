"""What people read: defanged, escaped, cut, masked, in every format."""

import json
from datetime import UTC, datetime

import pytest

from core.records import Evidence, Post, Tag, TaggedPost, post_id
from tests.watch.delivery.conftest import NOON, alert
from watch.delivery.wording import (
    LISTED,
    QUOTED,
    Message,
    Quote,
    Telling,
    as_document,
    as_html,
    for_chat,
    inert,
    plain,
    quote,
    share,
    title,
)

HOSTILE = "see <b>http://evil.example/x?a=1</b> and [tea](https://1.2.3.4/) @everyone <!channel> *now*\x1b[2J\u202e"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("http://newharbor.example/b/1.html", "hxxp://newharbor[.]example/b/1[.]html"),
        ("HTTPS://Boards.8chan.moe", "HxxPS://Boards[.]8chan[.]moe"),
        ("ftp://a.example tg://x", "ftp[:]//a[.]example tg[:]//x"),
        ("mail me@lab.example", "mail me@lab[.]example"),
        ("10.0.0.1:80", "10[.]0[.]0[.]1:80"),
        ("newharbor。example", "newharbor[.]example"),
        ("newharbor[.]example", "newharbor[.]example"),
        ("weighs 1.5 kg. Then tea.", "weighs 1.5 kg. Then tea."),
        ("two\nlines\x1b[2J\u202e", "two lines [2J"),
    ],
)
def test_no_program_makes_a_link_of_what_is_told(text: str, told: str) -> None:
    assert inert(text) == told


def message(*tellings: Telling) -> Message:
    return Message("m-0", tellings, NOON)


def told(number: int = 0, *changes: str, text: str = HOSTILE, name: str = "new") -> Telling:
    one = alert(name, 0.9, evidence=(Evidence(signal="call", weight=1.6, detail=text, urls=(text,)),))
    return Telling(one, number, changes, [Quote(post="f" * 64, platform="lantern", text=text)], NOON)


def test_words_of_an_alert_are_defanged_in_every_format() -> None:
    one = message(told(1, "new kind of evidence: authority"))
    for text in (plain(one), as_html(plain(one)), for_chat(plain(one)), title(one), json.dumps(as_document(one))):
        assert "://evil.example" not in text
        assert "new.example" not in text
        assert "1.2.3.4" not in text
        assert "\x1b" not in text
    assert title(one) == "update: new-platform: new[.]example, successor of harbor, 90%"
    assert plain(one).startswith("Changed: new kind of evidence: authority\nPlace: new[.]example (successor of harbor)")


def test_html_shows_tags_instead_of_being_them() -> None:
    assert "<b>" not in as_html(plain(message(told())))
    assert "&lt;b&gt;hxxp://evil[.]example" in as_html(plain(message(told())))


def test_a_chat_finds_no_mention_link_or_markup() -> None:
    text = for_chat(plain(message(told())))
    assert not set("@<>*`|~\\") & set(text)
    assert "](" not in text
    assert "t.me/a_name".replace(".", "[.]") in for_chat(inert("t.me/a_name"))


def test_of_a_post_little_is_told_and_nothing_personal() -> None:
    text = "call 555 0100 now " + "tea " * 100
    post = Post(
        id=post_id("lantern", "b", 1), platform="lantern", source="lantern", board="b", thread=1, number=1, url=None,
        posted_at=None, first_seen_at=datetime(2026, 11, 24, tzinfo=UTC), text=text,
    )  # fmt: skip
    phone = Tag(
        label="personal", start=5, end=13, matched="555 0100", rule="personal/phone", severity=1, source="shape"
    )  # fmt: skip
    said = quote(TaggedPost(post=post, tags=(phone,)))
    assert said.text.startswith("call ••• •••• now tea")
    assert len(said.text) <= QUOTED
    assert said.text.endswith("…")


def test_a_digest_is_one_line_an_alert_and_counts_what_is_too_much() -> None:
    many = message(*(told(name=f"n{number}") for number in range(LISTED + 2)))
    assert many.kind == "digest"
    assert title(many) == f"{LISTED + 2} alerts: {LISTED + 2} new-platform"
    lines = plain(many).split("\n")
    assert lines[0] == "- new-platform: n0[.]example, successor of harbor, 90% · fringewatch alert n0"
    assert lines[-1] == "and 2 more: fringewatch alerts"
    assert len(as_document(many)["alerts"]) == LISTED + 2


def test_a_document_keeps_ids_numbers_and_times() -> None:
    (only,) = as_document(message(told(2, "x")))["alerts"]
    assert (only["id"], only["update"], only["changes"], only["probability"]) == ("new", 2, ["x"], 0.9)
    assert only["created_at"] == "2026-11-24T12:00:00Z"
    assert only["host"] == "new[.]example"


@pytest.mark.parametrize(
    ("probability", "shown"), [(0, "<1%"), (0.004, "<1%"), (0.5, "50%"), (0.994, "99%"), (0.9999, ">99%"), (1, ">99%")]
)
def test_nothing_is_certain(probability: float, shown: str) -> None:
    assert share(probability) == shown


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("new-platform", "Going there: 90%; same operator: 40%"), ("source-down", "Down: 90%"),
        ("source-moved", "Moved: 90%; same operator: 40%"),
    ],
)  # fmt: skip
def test_a_probability_is_told_with_what_it_answers(kind: str, says: str) -> None:
    one = Telling(alert("a", kind=kind), 0, (), (), NOON)
    assert says in plain(message(one)).split("\n")

"""Misskey: featured notes, an account's feed, forwarded notes. Shapes as its source has them, contents invented."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core.records import PageRef
from crawler.detect import detect
from crawler.engines import misskey
from crawler.errors import UnexpectedPage
from crawler.page import Document, Parsed
from crawler.reading import read

BASE = "https://misskey.example"
FEED = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><id>https://misskey.example/@wren</id>
<title>Wren (@wren@misskey.example)</title><updated>2026-11-24T12:00:00.000Z</updated><author><name>Wren</name></author>
<subtitle>12 Notes, ? Following, 4 Followers · Keeper of kettles. newharbor[.]example</subtitle>
<entry><title type="html"><![CDATA[Reply by Wren: we move]]></title><id>https://misskey.example/notes/9x3</id><link href="https://misskey.example/notes/9x3"/>
<updated>2026-11-24T12:00:00.000Z</updated><summary type="html"><![CDATA[news]]></summary><content type="html"><![CDATA[news<br><p>we move to <a href="https://newharbor.example/b">newharbor.example/b</a><br>today</p> <br><img src="https://misskey.example/files/kettle.png"> <span class="reply_note with_img"></span><hr>Mole(@mole@otter.test) says: <br><p>where to? <a href="https://old.example/">old</a></p>]]></content></entry>
<entry><title type="html"><![CDATA[Boost by Wren]]></title><id>https://misskey.example/notes/9x2</id><link href="https://misskey.example/notes/9x2"/>
<updated>2026-11-24T11:00:00.000Z</updated><content type="html"><![CDATA[ <span class="renote_note without_img"></span><hr>Mole(@mole@otter.test) says: <br><p>tea at <a href="https://tea.example/">tea.example</a></p>]]></content></entry></feed>"""


def note(number: str, **given: Any) -> dict[str, Any]:
    return {
        "id": number, "createdAt": "2026-11-24T12:00:00.000Z", "userId": "u1", "text": "The **kettle**\nsecond", "cw": None, "replyId": None, "renoteId": None, "files": [],
        "user": {"username": "wren", "host": None, "name": "Wren"},
    } | given  # fmt: skip


def parsed(body: Any, ref: PageRef) -> Parsed:
    text = body if isinstance(body, str) else json.dumps(body)
    return read(misskey.ENGINE, ref, Document(ref.url, text.encode()))


(FRONT,) = misskey.entry(f"{BASE}/")
(WREN,) = misskey.entry(f"{BASE}/@wren")


def test_a_note_as_it_was_published() -> None:
    file = {"name": "kettle.png", "size": 1234, "url": f"{BASE}/files/x.png", "comment": "see lid.example/a"}
    poll = {"choices": [{"text": "tea", "votes": 1}, {"text": "coffee", "votes": 0}]}
    (post,) = parsed([note("9x1", cw="news", replyId="9x0", renoteId="9w7", files=[file], poll=poll)], FRONT).posts
    assert (post.number, post.subject, post.text) == ("9x1", "news", "The kettle\nsecond\n- tea\n- coffee")
    assert (post.quotes, post.name, post.url) == (("9x0", "9w7"), "wren", f"{BASE}/notes/9x1")
    assert [(one.filename, one.size) for one in post.attachments] == [("kettle.png", 1234)]
    assert [link.host for link in post.links] == ["lid.example"]
    assert post.posted_at == datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_note_that_only_forwards_another_says_whose_words_it_holds() -> None:
    other = note("9w7", text="tea", user={"username": "mole", "host": "otter.test"})
    (post,) = parsed([note("9x1", text=None, renoteId="9w7", renote=other)], FRONT).posts
    assert (post.name, post.text, post.forwarded_from, post.quotes) == ("wren", "tea", "mole@otter.test", ())


def test_an_accounts_feed_is_its_notes_without_those_they_answer() -> None:
    assert WREN.url == f"{BASE}/@wren.atom"
    profile, answer, forwarded = parsed(FEED, WREN).posts
    assert (profile.number, profile.subject, profile.text) == (
        "profile wren",
        "Wren",
        "Keeper of kettles. newharbor[.]example",
    )
    assert (answer.number, answer.subject, answer.text) == ("9x3", "news", "we move to newharbor.example/b\ntoday")
    assert [link.host for link in answer.links] == ["newharbor.example"]
    assert [one.filename for one in answer.attachments] == ["kettle.png"]
    assert (forwarded.text, forwarded.forwarded_from) == ("tea at tea.example", "mole@otter.test")
    assert (answer.posted_at, answer.forwarded_from) == (datetime(2026, 11, 24, 12, tzinfo=UTC), None)


def test_featured_notes_are_followed_while_pages_are_full() -> None:
    (more,) = parsed([note(f"9x{number}") for number in range(100)], FRONT).pages
    assert (more.part, "offset=100" in more.url) == (2, True)
    assert parsed([note("9x1")], more).pages == []


def test_a_server_is_known_by_its_front_page_or_its_notes() -> None:
    page = Document(f"{BASE}/", b'<!doctype html><html><body><div id="misskey_app"></div></body></html>', "text/html")
    assert detect([page]) is misskey.ENGINE
    assert read(misskey.ENGINE, PageRef(f"{BASE}/", "entry"), page).pages == [FRONT]
    assert detect([Document(f"{BASE}/x", json.dumps([note("9x1")]).encode())]) is misskey.ENGINE


@pytest.mark.parametrize(
    "body", [{"error": {"code": "CREDENTIAL_REQUIRED"}}, [1], "<rss><channel/></rss>", "", "<html></html>"]
)
def test_anything_else_is_named(body: Any) -> None:
    with pytest.raises(UnexpectedPage):
        parsed(body, FRONT)

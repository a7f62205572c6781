"""The Mastodon interface: public timelines, accounts and what they say of themselves. Shapes as documented, contents invented."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.records import PageRef
from crawler.detect import detect
from crawler.engines import mastodon, timelines
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.evaluate import evaluate
from crawler.page import Document, Parsed
from crawler.reading import read

BASE = "https://social.example"
RECORDING = Path(__file__).parents[1] / "recordings" / "mastodon"
ACCOUNT = {
    "id": "9", "username": "wren", "acct": "wren", "display_name": "Wren", "url": f"{BASE}/@wren", "note": "<p>Keeper of kettles.<br>Mirror: newharbor[.]example</p>",
    "fields": [{"name": "Website", "value": '<a href="https://wren.example/" rel="me"><span class="invisible">https://</span><span>wren.example</span></a>'}],
    "moved": {"acct": "wren@other.example", "url": "https://other.example/@wren"},
}  # fmt: skip


def status(number: str, **given: Any) -> dict[str, Any]:
    return {
        "id": number, "created_at": "2026-11-24T12:00:00.000Z", "edited_at": None, "in_reply_to_id": None, "spoiler_text": "", "language": "en", "reblog": None,
        "url": f"{BASE}/@wren/{number}", "uri": f"{BASE}/users/wren/statuses/{number}", "content": "<p>The kettle</p>", "account": ACCOUNT, "media_attachments": [], "card": None,
    } | given  # fmt: skip


def parsed(data: Any, ref: PageRef | None = None) -> Parsed:
    ref = ref or mastodon.entry(f"{BASE}/")[0]
    return read(mastodon.ENGINE, ref, Document(ref.url, json.dumps(data).encode(), "application/json"))


def test_every_post_of_the_recording_is_read_exactly() -> None:
    (done,) = evaluate(RECORDING)
    assert done.engines == ("mastodon",)
    assert {name: counts for name, counts in done.fields.items() if counts[0] != counts[1]} == {}


def test_a_post_as_it_was_published() -> None:
    content = (
        '<p><span class="h-card"><a href="https://social.example/@mole" class="u-url mention">@<span>mole</span></a></span> we move to '
        '<a href="https://newharbor.example/b/?x=1" rel="nofollow noopener"><span class="invisible">https://</span><span class="ellipsis">newharbor.example/b</span>'
        '<span class="invisible">/?x=1</span></a></p><p>second <a href="https://social.example/tags/tea" class="mention hashtag">#<span>tea</span></a></p>'
    )
    (post,) = parsed([status("113500000000000001", content=content, in_reply_to_id="113499999999999999", spoiler_text="news", edited_at="2026-11-24T13:00:00.000Z",
                             media_attachments=[{"url": f"{BASE}/media/kettle.png"}])]).posts  # fmt: skip
    assert post.text == "@mole we move to https://newharbor.example/b/?x=1\nsecond #tea"
    assert (post.number, post.quotes, post.subject, post.name) == (
        "113500000000000001",
        ("113499999999999999",),
        "news",
        "wren",
    )
    assert (post.posted_at, post.edited_at) == (
        datetime(2026, 11, 24, 12, tzinfo=UTC),
        datetime(2026, 11, 24, 13, tzinfo=UTC),
    )
    assert [link.url for link in post.links] == ["https://newharbor.example/b/?x=1"]
    assert [file.filename for file in post.attachments] == ["kettle.png"]


def test_what_others_wrote_says_whose_words_it_holds() -> None:
    other = status("1", account=ACCOUNT | {"acct": "mole@otter.test"}, content="<p>tea</p>", in_reply_to_id="0")
    own, forwarded = parsed([status("3"), status("2", reblog=other, content="<p>tea</p>", url=None)]).posts
    assert (own.number, own.forwarded_from) == (3, None)
    assert (forwarded.number, forwarded.name, forwarded.text, forwarded.forwarded_from, forwarded.quotes) == (
        2, "wren", "tea", "mole@otter.test", (),
    )  # fmt: skip


@pytest.mark.parametrize(
    "given",
    [
        {"quote": {"state": "accepted", "quoted_status": {"id": "7"}}},
        {"quote": {"state": "pending", "quoted_status_id": "7"}},
        {"quote": {"id": "7"}, "quote_id": "7"},
        {"quote_id": "7"},
        {"pleroma": {"quote": {"id": "7"}, "quote_id": "7"}},
    ],
)
def test_what_is_quoted_is_no_text_of_the_author(given: dict[str, Any]) -> None:
    content = (
        '<p class="quote-inline">RE: <a href="https://otter.test/@mole/7">https://otter.test/@mole/7</a></p><p>Yes</p>'
    )
    (post,) = parsed([status("8", content=content, in_reply_to_id="6", **given)]).posts
    assert (post.text, post.quotes, post.links) == ("Yes", (6, 7), ())


def test_a_poll_is_part_of_its_post() -> None:
    poll = {"options": [{"title": "tea", "votes_count": 1}, {"title": "see kettle.example/a", "votes_count": None}]}
    (post,) = parsed([status("8", poll=poll)]).posts
    assert post.text == "The kettle\n- tea\n- see kettle.example/a"
    assert [link.host for link in post.links] == ["kettle.example"]


def test_pinned_posts_are_read_and_known_as_such_on_the_timeline() -> None:
    (pinned,) = parsed(ACCOUNT, mastodon.entry(f"{BASE}/@wren")[0]).pages
    assert (pinned.kind, mastodon.entry(f"{BASE}/users/wren")) == ("pinned", mastodon.entry(f"{BASE}/@wren"))
    found = parsed([status("5")], pinned)
    assert [post.sticky for post in found.posts] == [True]
    (timeline,) = found.pages
    assert timeline.url == f"{BASE}/api/v1/accounts/9/statuses?limit=40"
    assert [post.sticky for post in parsed([status("6"), status("5")], timeline).posts] == [False, True]
    assert parsed([], pinned).pages[0].hint != timeline.hint


def test_an_account_is_a_record_of_what_it_says_of_itself() -> None:
    ref = mastodon.entry(f"{BASE}/@wren")[0]
    assert ref.url == f"{BASE}/api/v1/accounts/lookup?acct=wren"
    found = parsed(ACCOUNT, ref)
    (profile,) = found.posts
    assert (profile.number, profile.subject, profile.name) == ("profile wren", "Wren", "wren")
    assert profile.text == "Keeper of kettles.\nMirror: newharbor[.]example\nWebsite: https://wren.example"
    assert {link.host for link in profile.links} == {"newharbor.example", "wren.example", "other.example"}
    assert [page.url for page in found.pages] == [f"{BASE}/api/v1/accounts/9/statuses?pinned=true&limit=40"]


def test_older_posts_are_followed_so_far_and_no_further() -> None:
    ref, seen = mastodon.entry(f"{BASE}/")[0], 0
    while ref:
        pages = parsed([status(str(1000 - seen))], ref).pages
        ref, seen = (pages[0] if pages else None), seen + 1  # type: ignore[assignment]
    assert seen == timelines.PARTS
    assert parsed([]).pages == []
    (older,) = parsed(
        [status("7")], PageRef(f"{BASE}/api/v1/timelines/public?local=true&limit=40&max_id=9", "timeline")
    ).pages
    assert older.url.count("max_id") == 1
    assert older.url.endswith("max_id=7")


@pytest.mark.parametrize(
    "front", ['<div id="mastodon"></div>', '<script id="initial-state" type="application/json">{}</script>']
)
def test_a_server_is_known_by_its_front_page_or_its_posts(front: str) -> None:
    document = Document(f"{BASE}/", f"<!doctype html><html><body>{front}</body></html>".encode(), "text/html")
    assert detect([document]) is mastodon.ENGINE
    assert [page.url for page in read(mastodon.ENGINE, PageRef(f"{BASE}/", "entry"), document).pages] == [
        f"{BASE}{mastodon.TIMELINE}"
    ]
    assert detect([Document(f"{BASE}/x", json.dumps([status("1")]).encode())]) is mastodon.ENGINE


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({}, UnexpectedPage),
        ([1], UnexpectedPage),
        ([{"id": "1"}], UnexpectedPage),
        ({"error": "This method requires an authenticated user"}, ClosedPage),
        ({"error": "Record not found"}, GonePage),
        (ACCOUNT | {"suspended": True}, ClosedPage),
    ],
)
def test_a_server_that_shows_nothing_without_a_login_is_named(data: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        parsed(data)

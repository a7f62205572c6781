"""Lemmy by its interface: threads over several answers, places of deleted posts, accounts, refusals."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.records import PageRef
from crawler.detect import detect
from crawler.engines import lemmy
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.evaluate import evaluate
from crawler.page import Document, Parsed
from crawler.reading import read

BASE = "https://lemmy.example"
RECORDING = Path(__file__).parents[1] / "recordings" / "lemmy"
PERSON = {"id": 1, "name": "wren", "local": True, "actor_id": f"{BASE}/u/wren"}
COMMUNITY = {"id": 2, "name": "tea", "local": True, "actor_id": f"{BASE}/c/tea"}


def view(number: int = 17, comments: int = 0, **given: Any) -> dict[str, Any]:
    post = {
        "id": number, "name": "Kettles", "published": "2026-11-24T12:00:00.123456Z", "ap_id": f"{BASE}/post/{number}",
        "deleted": False, "removed": False, "locked": False, "featured_community": False, "featured_local": False,
    } | given  # fmt: skip
    counts = {"comments": comments, "newest_comment_time": "2026-11-24T13:00:00Z"}
    return {"post": post, "creator": PERSON, "community": COMMUNITY, "counts": counts}


def comment(number: int, **given: Any) -> dict[str, Any]:
    said = {
        "id": number, "post_id": 17, "content": "The kettle", "path": f"0.{number}", "deleted": False, "removed": False,
        "published": "2026-11-24T12:30:00.123456Z", "ap_id": f"{BASE}/comment/{number}",
    } | given  # fmt: skip
    return view() | {"comment": said}


def parsed(data: Any, ref: PageRef) -> Parsed:
    return read(lemmy.ENGINE, ref, Document(ref.url, json.dumps(data).encode(), "application/json"))


THREAD = PageRef(f"{BASE}/api/v3/post?id=17", "thread", "tea", 17)


def test_every_post_of_the_recording_is_read_exactly() -> None:
    (done,) = evaluate(RECORDING)
    assert done.engines == ("lemmy",)
    assert {name: counts for name, counts in done.fields.items() if counts[0] != counts[1]} == {}


def test_a_thread_is_its_post_and_pages_of_comments() -> None:
    found = parsed({"post_view": view(comments=51)}, THREAD)
    assert (found.parts, [(page.thread, page.part) for page in found.pages]) == (3, [(17, 2)])
    second = parsed({"comments": [comment(number) for number in range(1, 51)]}, found.pages[0])
    assert (second.parts, [page.part for page in second.pages]) == (3, [3])
    third = parsed({"comments": [comment(51, path="0.3.51")]}, second.pages[0])
    assert (third.parts, third.pages, third.posts[0].quotes) == (3, [], ("comment/3",))


def test_only_the_place_is_left_of_what_was_deleted() -> None:
    with pytest.raises(GonePage):
        parsed({"post_view": view(removed=True)}, THREAD)
    assert [post.number for post in parsed({"comments": [comment(1, deleted=True), comment(2)]}, THREAD).posts] == [
        "comment/2"
    ]


def test_a_list_of_one_community_names_all_its_threads_where_it_is_not_full() -> None:
    (ref,) = lemmy.entry(f"{BASE}/c/tea")
    found = parsed({"posts": [view(17), view(18, comments=2)], "next_page": "P12"}, ref)
    assert (found.lists_board, [page.thread for page in found.pages]) == ("tea", [17, 18])
    changed = parsed({"posts": [view(17, comments=1), view(18, locked=True, comments=2)]}, ref)
    assert all(before.hint != after.hint for before, after in zip(found.pages, changed.pages, strict=True))
    full = parsed({"posts": [view(number) for number in range(1, 51)], "next_page": "P12"}, ref)
    assert full.lists_board is None
    assert "page_cursor=P12" in full.pages[-1].url


def test_a_source_may_be_a_site_a_community_an_account_or_a_post() -> None:
    assert [lemmy.entry(f"{BASE}{path}")[0].kind for path in ("/", "/c/tea", "/u/wren", "/post/17")] == [
        "entry", "index", "account", "thread",
    ]  # fmt: skip
    front = Document(f"{BASE}/", b"<!doctype html><html><body><div id=root><div id=app class=lemmy-site></div></div></body></html>")  # fmt: skip
    assert detect([front]) is lemmy.ENGINE


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"error": "instance_is_private"}, ClosedPage),
        ({"error": "couldnt_find_post"}, GonePage),
        ({"post_view": view(18)}, UnexpectedPage),
        ([], UnexpectedPage),
    ],
)
def test_refusals_and_other_threads_are_named(data: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        parsed(data, THREAD)

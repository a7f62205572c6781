"""The software of communities.win: its pages and its JSON, comments that a page leaves out, refusals."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.records import PageRef
from crawler.detect import detect
from crawler.engines import communities
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.evaluate import evaluate
from crawler.page import Document, Parsed
from crawler.reading import read

BASE = "https://win.example"
RECORDING = Path(__file__).parents[1] / "recordings" / "communities"
TIME = '<time class="timeago" title="Tue Nov 24 12:00:00 UTC 2026">an hour ago</time>'


def post(comments: int, number: int = 17) -> str:
    return (
        f'<div class="post" data-id="{number}" data-author="wren"><a class="title" href="/p/16aX/kettles/c/">Kettles</a>'
        f'<span class="since">{TIME}<a class="author" href="/u/wren/">wren</a></span><div class="actions">'
        f'<a class="comments" href="/p/16aX/kettles/c/">{comments} comments</a></div></div>'
    )


def comment(uuid: str, below: str = "") -> str:
    return (
        f'<div class="comment"><div class="body"><div class="details"><a class="author">mole</a>{TIME}</div><div class="content"><p>To {uuid}</p></div>'
        f'<div class="actions"><a href="/p/16aX/x/c/{uuid}">permalink</a></div></div><div class="child">{below}</div></div>'
    )


def parsed(body: Any, ref: PageRef) -> Parsed:
    is_page = isinstance(body, str)
    text = f"<!doctype html><html><body><main>{body}</main></body></html>" if is_page else json.dumps(body)
    return read(
        communities.ENGINE, ref, Document(ref.url, text.encode(), "text/html" if is_page else "application/json")
    )


def raw(number: int = 17, **given: Any) -> dict[str, Any]:
    return {
        "id": number, "uuid": f"16a{number}", "title": "Kettles", "raw_content": "The *kettle*", "author": "wren", "community": "tea", "created": 1795521600123,
        "comments": 2, "is_stickied": False, "is_removed": False, "is_deleted": False, "is_locked": True,
    } | given  # fmt: skip


(THREAD,) = communities.entry(f"{BASE}/p/16aX/kettles/c/")


def test_every_post_of_the_recording_is_read_exactly() -> None:
    (done,) = evaluate(RECORDING)
    assert done.engines == ("communities",)
    assert {name: counts for name, counts in done.fields.items() if counts[0] != counts[1]} == {}


def test_answers_below_answers_quote_what_they_answer() -> None:
    listed = post(2) + f'<div class="comment-list">{comment("4A", comment("4B"))}</div>'
    found = parsed(listed, THREAD)
    assert [(one.number, one.quotes, one.text) for one in found.posts] == [
        (17, (), ""),
        ("4A", (17,), "To 4A"),
        ("4B", ("4A",), "To 4B"),
    ]
    assert (found.parts, found.pages) == (1, [])
    assert found.posts[1].posted_at == datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize("left_out", ['<a class="more">Load more</a>', ""])
def test_comments_that_a_page_leaves_out_are_asked_for(left_out: str) -> None:
    found = parsed(
        post(3 if not left_out else 1) + f'<div class="comment-list">{comment("4A")}{left_out}</div>', THREAD
    )
    assert (found.parts, [(page.part, page.url) for page in found.pages]) == (
        2,
        [(2, f"{BASE}/api/v2/post/post.json?id=17&comments=true")],
    )
    answers = [
        {"id": 5, "uuid": "4A", "comment_parent_id": 0, "author": "mole", "created": 1795521600123, "raw_content": "> who\n\nMe"},
        {"id": 6, "uuid": "4B", "comment_parent_id": 5, "author": "", "created": 1795521600123, "is_deleted": True},
        {"id": 7, "uuid": "4C", "comment_parent_id": 5, "author": "mole", "created": 1795521600123, "content": "<p>x</p>"},
    ]  # fmt: skip
    rest = parsed({"status": True, "posts": [raw()], "comments": answers}, found.pages[0])
    assert [(one.number, one.quotes, one.text) for one in rest.posts] == [
        (17, (), "The kettle"),
        ("4A", (17,), "Me"),
        ("4C", ("4A",), "x"),
    ]
    assert (rest.parts, rest.posts[0].locked, rest.posts[0].board) == (2, True, "tea")


def test_a_list_is_followed_by_its_last_link_and_by_the_last_post_in_json() -> None:
    (front,) = communities.entry(f"{BASE}/")
    first = parsed(post(2) + '<div class="more"><a href="/new?from=b">next</a></div>', front)
    assert [(page.kind, page.thread, page.part, page.url) for page in first.pages] == [
        ("thread", 17, 1, f"{BASE}/p/16aX/kettles/c/"),
        ("index", None, 2, f"{BASE}/new?from=b"),
    ]
    last = parsed(post(3) + '<div class="more"><a href="/new">prev</a></div>', first.pages[1])
    assert [page.kind for page in last.pages] == ["thread"]
    assert last.pages[0].hint != first.pages[0].hint
    (listed,) = communities.entry(f"{BASE}/api/v2/post/newv2.json?community=tea")
    found = parsed({"status": True, "has_more_entries": True, "posts": [raw(18), raw(17)]}, listed)
    assert [(page.kind, page.thread) for page in found.pages] == [("thread", 18), ("thread", 17), ("index", None)]
    assert found.pages[0].alternate == f"{BASE}/c/tea/p/16a18/x/c/"
    assert "from=16a17" in found.pages[-1].url


def test_a_community_whose_pages_scripts_make_is_read_by_json() -> None:
    (ref,) = communities.entry(f"{BASE}/c/tea")
    (listed,) = parsed('<div id="app"></div>', ref).pages
    assert (listed.url, listed.board) == (f"{BASE}/api/v2/post/newv2.json?community=tea", "tea")


def test_its_pages_and_answers_are_known() -> None:
    page = Document(f"{BASE}/new", f"<!doctype html><html><body>{post(2)}</body></html>".encode(), "text/html")
    assert detect([page]) is communities.ENGINE
    assert detect([Document(f"{BASE}/x", json.dumps({"posts": [raw()]}).encode())]) is communities.ENGINE


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"status": False, "error": "post not found"}, GonePage),
        ({"status": False, "error": "login required"}, ClosedPage),
        ({"status": True, "posts": [raw(is_deleted=True)], "comments": []}, GonePage),
        ({"status": True, "posts": [raw(18)], "comments": []}, UnexpectedPage),
        ('<div class="error"><div>Post not found.</div></div>', GonePage),
        (post(0, number=18), UnexpectedPage),
        ("<p>words</p>", UnexpectedPage),
    ],
)
def test_gone_posts_refusals_and_other_posts_are_named(body: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        parsed(body, PageRef(THREAD.url, "thread", thread=17))

"""PeerTube by its interface: videos, comments over several answers, answers to them, channels, refusals."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.records import PageRef
from crawler.detect import detect
from crawler.engines import peertube
from crawler.errors import ClosedPage, UnexpectedPage
from crawler.evaluate import evaluate
from crawler.page import Document, Parsed
from crawler.reading import read

BASE = "https://tube.example"
RECORDING = Path(__file__).parents[1] / "recordings" / "peertube"
CHANNEL = {"name": "tea", "displayName": "Tea", "host": "tube.example", "url": f"{BASE}/video-channels/tea"}


def video(uuid: str = "a-b", **given: Any) -> dict[str, Any]:
    return {
        "uuid": uuid, "shortUUID": f"s{uuid}", "name": "Kettles", "description": "On lids", "url": f"{BASE}/videos/watch/{uuid}",
        "publishedAt": "2026-11-24T12:00:00.000Z", "updatedAt": "2026-11-24T12:30:00.000Z", "views": 17, "comments": 3,
        "account": {"name": "wren", "host": "otter.test"}, "channel": CHANNEL,
    } | given  # fmt: skip


def comment(number: int, **given: Any) -> dict[str, Any]:
    return {
        "id": number, "threadId": number, "inReplyToCommentId": None, "text": "The kettle", "createdAt": "2026-11-24T12:30:00.000Z",
        "isDeleted": False, "deletedAt": None, "totalReplies": 0, "account": {"name": "mole", "host": "tube.example"},
    } | given  # fmt: skip


def parsed(data: Any, ref: PageRef) -> Parsed:
    return read(peertube.ENGINE, ref, Document(ref.url, json.dumps(data).encode(), "application/json"))


(THREAD,) = peertube.entry(f"{BASE}/w/a-b")


def test_every_text_of_the_recording_is_read_exactly() -> None:
    (done,) = evaluate(RECORDING)
    assert done.engines == ("peertube",)
    assert {name: counts for name, counts in done.fields.items() if counts[0] != counts[1]} == {}


def test_a_thread_is_its_video_and_pages_of_comments_and_answers_are_threads_of_their_own() -> None:
    found = parsed(video(), THREAD)
    assert [(page.kind, page.thread, page.part) for page in found.pages] == [("comments", "a-b", 2)]
    assert (found.posts[0].board, found.posts[0].name, found.posts[0].op) == ("tea", "wren@otter.test", True)
    some = [comment(number, totalReplies=number % 2) for number in range(2, 102)]
    second = parsed({"total": 101, "totalNotDeletedComments": 120, "data": some}, found.pages[0])
    assert (second.parts, second.pages[0].part, len(second.pages)) == (3, 3, 51)
    tree = {"comment": some[1], "children": [
        {"comment": comment(300, threadId=3, inReplyToCommentId=3), "children": [
            {"comment": comment(301, threadId=3, inReplyToCommentId=300), "children": []},
        ]},
        {"comment": comment(302, threadId=3, inReplyToCommentId=3, isDeleted=True), "children": []},
    ]}  # fmt: skip
    answers = parsed(tree, second.pages[1]).posts
    assert [(post.number, post.thread, post.quotes, post.board) for post in answers] == [
        (300, 3, (3,), "tea"),
        (301, 3, (300,), "tea"),
    ]


@pytest.mark.parametrize(
    "given", [{"comments": 0}, {"commentsPolicy": {"id": 2, "label": "Disabled"}}, {"commentsEnabled": False}]
)
def test_a_video_that_nobody_may_or_did_answer_has_no_further_pages(given: dict[str, Any]) -> None:
    assert (parsed(video(**given), THREAD).parts, parsed(video(**given), THREAD).pages) == (1, [])


def test_a_list_of_one_channel_names_all_its_videos_where_it_is_not_full() -> None:
    (channel,) = peertube.entry(f"{BASE}/c/tea/videos")
    told = parsed(CHANNEL | {"description": "Now at tea[.]example", "support": None, "followersCount": 1}, channel)
    assert (told.posts[0].number, [link.host for link in told.posts[0].links]) == ("profile tea", ["tea.example"])
    found = parsed({"total": 2, "data": [video("a"), video("b")]}, told.pages[0])
    assert (found.lists_board, [page.thread for page in found.pages]) == ("tea", ["a", "b"])
    changed = parsed({"total": 200, "data": [video("a", comments=4), video("b", name="Lids")]}, told.pages[0])
    assert [page.hint == before.hint for page, before in zip(changed.pages, found.pages, strict=False)] == [False, True]
    assert (changed.lists_board, changed.pages[-1].part, "start=100" in changed.pages[-1].url) == (None, 2, True)
    (old, *_) = parsed({"total": 1, "data": [video("a", comments=None)]}, told.pages[0]).pages
    assert (old.hint or "").startswith("17 views")


def test_a_source_may_be_a_server_a_channel_an_account_or_a_video() -> None:
    assert [(page.kind, page.url.partition("?")[0]) for page in peertube.entry(f"{BASE}/")] == [
        ("entry", f"{BASE}/api/v1/videos"),
        ("about", f"{BASE}/api/v1/config/about"),
    ]
    assert [peertube.entry(f"{BASE}{path}")[0].url for path in ("/a/wren@otter.test", "/videos/watch/a-b")] == [
        f"{BASE}/api/v1/accounts/wren%40otter.test",
        f"{BASE}/api/v1/videos/a-b",
    ]
    script = b"<script>window.PeerTubeServerConfig = {}</script>"
    front = Document(
        f"{BASE}/", b"<!doctype html><html><head>" + script + b"</head><body><my-app></my-app></body></html>"
    )
    assert detect([front]) is peertube.ENGINE


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"type": "about:blank", "status": 403, "detail": "This video is private"}, ClosedPage),
        (video("c"), UnexpectedPage),
        ({"total": 0, "data": []}, UnexpectedPage),
        ([], UnexpectedPage),
    ],
)
def test_refusals_and_other_videos_are_named(data: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        parsed(data, THREAD)

"""Discourse by its JSON: lists, topics over several pages, quotes and previews apart from the author's words."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.records import PageRef
from crawler.detect import detect
from crawler.engines import discourse
from crawler.errors import UnexpectedPage
from crawler.evaluate import compare
from crawler.page import Document, Parsed
from crawler.reading import read
from crawler.recorded import Found, read_files

BASE = "http://forum.example"


def post(number: int, cooked: str = "<p>The kettle</p>", **given: Any) -> dict[str, Any]:
    return {
        "id": 500 + number, "post_number": number, "username": "wren", "created_at": "2026-11-24T12:00:00.000Z", "updated_at": "2026-11-24T13:00:00.000Z",
        "version": 1, "cooked": cooked, "reply_to_post_number": None, "staff": False, "action_code": None,
    } | given  # fmt: skip


def topic(*posts: dict[str, Any], count: int | None = None) -> dict[str, Any]:
    return {
        "id": 7, "slug": "kettles", "title": "Kettles", "category_id": 3, "pinned": True, "closed": True, "archived": False,
        "posts_count": count or len(posts), "post_stream": {"posts": list(posts), "stream": []},
    }  # fmt: skip


def parsed(data: Any, kind: str = "thread", part: int = 1) -> Parsed:
    url = f"{BASE}/t/7.json" if kind == "thread" else f"{BASE}/latest.json"
    return read(
        discourse.ENGINE,
        PageRef(url, kind, thread=7 if kind == "thread" else None, part=part),
        Document(url, json.dumps(data).encode()),
    )


RECORDING = Path(__file__).parents[1] / "recordings" / "discourse" / "snapshot-1.warc.gz"


def test_topics_are_of_the_boards_that_lists_and_the_sites_data_name() -> None:
    found = [item for item in read_files([RECORDING]) if isinstance(item, Found)]
    boards = {"Front Room", "Kettles & Tea", "Bicycles", "Sprachen / Языки / لغات"}
    assert {item.post.board for item in found} == boards, (
        "as a crawl has them, though no topic tells its category's name"
    )
    lines = [json.loads(line) for line in RECORDING.with_name("truth-1.jsonl").read_text("utf-8").splitlines()]
    fields = compare((item.post for item in found), lines)
    assert {name: counts for name, counts in fields.items() if counts[0] != counts[1]} == {}


def test_marks_of_posts_that_are_gone_are_no_posts_and_files_are_no_words() -> None:
    body = (
        '<p>The manual: <a class="attachment" href="/uploads/short-url/x.pdf">kettle.pdf</a> (117.6 KB)</p><blockquote><p>said</p></blockquote>'
        '<div class="lightbox-wrapper"><a class="lightbox" href="/uploads/a.png"><img src="/uploads/a.png" alt="lid">'
        '<div class="meta"><span class="filename">lid.png</span></div></a></div>'
    )
    gone = post(2, "<p>(post deleted by author)</p>", user_deleted=True), post(3, "<p>hidden</p>", cooked_hidden=True)
    (only,) = parsed(topic(post(1, body), *gone)).posts
    assert (only.text, [file.filename for file in only.attachments]) == ("The manual:", ["kettle.pdf", "lid.png"])


def test_a_topic_gives_each_post_with_its_own_words() -> None:
    quote = (
        '<aside class="quote" data-username="wren" data-post="1" data-topic="7"><div class="title">wren:</div><blockquote><p>The kettle</p></blockquote></aside>'
        '<p>Mine, <a class="mention" href="/u/mole">@mole</a>, see <a href="https://newharbor.example/b/">here</a></p>'
        '<aside class="onebox" data-onebox-src="https://press.example/a"><article><p>Somebody else wrote this</p></article></aside>'
    )
    first, second, third = parsed(
        topic(
            post(1),
            post(2, quote, version=2, staff=True),
            post(3, reply_to_post_number=2),
            post(4, action_code="closed"),
        )
    ).posts
    assert (first.number, first.thread, first.board, first.subject, first.op, first.sticky, first.locked) == (
        501,
        7,
        "3",
        "Kettles",
        True,
        True,
        True,
    )
    assert (first.url, first.posted_at, first.edited_at) == (
        f"{BASE}/t/kettles/7/1",
        datetime(2026, 11, 24, 12, tzinfo=UTC),
        None,
    )
    assert (second.text, second.quotes, second.capcode) == ("Mine, @mole, see here", (501,), "staff")
    assert {link.host for link in second.links} == {"newharbor.example", "press.example"}
    assert second.edited_at == datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert (third.quotes, third.op, third.subject) == ((502,), False, None)


def test_a_long_topic_is_followed_to_its_last_page() -> None:
    found = parsed(topic(*(post(n) for n in range(1, 21)), count=45))
    assert (found.parts, [page.url for page in found.pages]) == (
        3,
        [f"{BASE}/t/7.json?page=2", f"{BASE}/t/7.json?page=3"],
    )
    assert parsed(topic(post(21), count=45), part=2).pages == []


def test_a_list_names_topics_with_what_changes_with_them() -> None:
    data = {
        "topic_list": {
            "topics": [{"id": 7, "posts_count": 3}, {"id": 8, "posts_count": 1}],
            "more_topics_url": "/latest?page=1",
        }
    }
    pages = parsed(data, "entry").pages
    assert [page.url for page in pages] == [f"{BASE}/t/7.json", f"{BASE}/t/8.json", f"{BASE}/latest.json?page=1"]
    assert pages[0].hint != pages[1].hint
    assert (pages[2].kind, pages[2].part) == ("index", 2)


def test_a_site_is_known_by_its_front_page_and_a_source_may_be_one_topic() -> None:
    front = Document(
        f"{BASE}/",
        b'<!doctype html><html><head><meta name="generator" content="Discourse 3.4.0"></head><body></body></html>',
        "text/html",
    )
    assert detect([front]) is discourse.ENGINE
    led = read(discourse.ENGINE, PageRef(f"{BASE}/", "entry"), front).pages
    assert [(page.url, page.alternate) for page in led] == [(f"{BASE}/site.json", f"{BASE}/latest.json")]
    assert detect([Document(f"{BASE}/t/7.json", json.dumps(topic(post(1))).encode())]) is discourse.ENGINE
    assert discourse.entry(f"{BASE}/t/kettles/7")[0].url == f"{BASE}/t/7.json"
    assert discourse.entry(f"{BASE}/c/tea/green/5")[0].url == f"{BASE}/c/tea/green/5/l/latest.json"
    assert detect([Document(f"{BASE}/site.json", json.dumps({"categories": CATEGORIES}).encode())]) is discourse.ENGINE


CATEGORIES = [
    {"id": 3, "topic_count": 9, "slug": "tea", "name": "Tea & pots"},
    {"id": 5, "topic_count": 9, "slug": "green", "name": "Green", "parent_category_id": 3},
    {"id": 6, "topic_count": 9, "slug": "", "name": "Чай"},
]


def test_the_sites_data_names_its_categories_and_their_lists_the_board_of_each_topic() -> None:
    within = [CATEGORIES[0] | {"subcategory_list": [CATEGORIES[1]]}, CATEGORIES[2]]
    for data in ({"categories": CATEGORIES}, {"category_list": {"categories": within}}):
        pages = parsed(data, "entry").pages
        assert {(page.url, page.board) for page in pages} == {
            (f"{BASE}/c/tea/3/l/latest.json", "Tea & pots"),
            (f"{BASE}/c/tea/green/5/l/latest.json", "Green"),
            (f"{BASE}/c/-/6/l/latest.json", "Чай"),
        }
    url = f"{BASE}/c/tea/3/l/latest.json"
    topics = [{"id": 7, "category_id": 3}, {"id": 8, "category_id": 5}]
    listed = Document(url, json.dumps({"topic_list": {"topics": topics, "more_topics_url": "/x"}}).encode())
    found, more = read(discourse.ENGINE, PageRef(url, "index", "Tea & pots"), listed).pages
    assert (found.thread, found.board) == (7, "Tea & pots"), "a category within it lists its own topics"
    assert (more.url, more.board, more.part) == (f"{url}?page=1", "Tea & pots", 2)
    document = Document(found.url, json.dumps(topic(post(1), count=25)).encode())
    read_topic = read(discourse.ENGINE, found, document)
    assert (read_topic.posts[0].board, read_topic.pages[0].board) == ("Tea & pots", "Tea & pots")
    named = discourse.ENGINE.kind_of(listed)
    assert named is not None
    assert named.board == "tea", "the address has the slug where nothing tells the name"


def test_posts_of_earlier_pages_are_named_where_none_was_taken_away_before() -> None:
    quote = '<aside class="quote" data-post="3" data-topic="7"><blockquote><p>x</p></blockquote></aside><p>Mine</p>'
    whole = topic(post(21, quote, reply_to_post_number=20), count=25)
    whole["post_stream"]["stream"] = [500 + number for number in range(1, 26)]
    assert parsed(whole, part=2).posts[0].quotes == (503, 520)
    del whole["post_stream"]["stream"][1]
    assert parsed(whole, part=2).posts[0].quotes == ()


@pytest.mark.parametrize("data", [{}, [], {"errors": ["not found"]}, {"id": 8, "post_stream": {"posts": []}}])
def test_another_topic_or_shape_is_named(data: Any) -> None:
    with pytest.raises(UnexpectedPage):
        parsed(data)

"""vichan and its family: what differs from site to site and from version to version."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core.records import PageRef
from crawler.engines import vichan
from crawler.errors import ClosedPage, UnexpectedPage
from crawler.page import Document
from crawler.reading import read

BASE = "http://quiet-chan.example/pier/"
THREAD = PageRef(f"{BASE}res/7.json", "thread", "pier", 7)
HTML = PageRef(f"{BASE}res/7.html", "thread", "pier", 7)


def page(body: str, url: str = HTML.url, head: str = "") -> Document:
    return Document(url, f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode())


def thread_json(*posts: dict[str, Any], url: str = THREAD.url) -> Document:
    return Document(url, json.dumps({"posts": posts}).encode(), "application/json")


def post(inner: str, *, number: int = 7, kind: str = "op") -> str:
    return (
        f'<div class="post {kind}" id="{kind}_{number}"><p class="intro"><label><span class="name">Keeper</span>'
        f'<time datetime="2026-11-05T14:00:00Z">x</time></label></p>{inner}</div>'
    )


OPENING = post('<div class="body">Hello</div>')


def test_infinity_writes_a_paragraph_a_line_and_empty_ones_too() -> None:
    com = (
        '<p class="body-line ltr ">First</p><p class="body-line empty "></p><p class="body-line ltr quote">&gt;said</p>'
        '<p class="body-line ltr "><a onclick="highlightReply(7);" href="/pier/res/7.html#7">&gt;&gt;7</a></p>'
    )
    [only] = read(vichan.ENGINE, THREAD, thread_json({"no": 7, "resto": 0, "time": 1, "com": com})).posts
    assert only.text == "First\n\n>said\n>>7"
    assert only.quotes == (7,)
    assert only.links == ()


def test_old_answers_that_name_no_thread_and_posts_without_name_or_text_are_read() -> None:
    answer = {"no": 9, "time": 1700000060, "name": "&lt;b&gt;", "sub": "A &amp; B"}
    one, two = read(vichan.ENGINE, THREAD, thread_json({"no": 7, "time": 1700000000}, answer)).posts
    assert (one.op, one.text, one.name) == (True, "", None)
    assert one.posted_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert (two.op, two.name, two.subject, two.url) == (False, "<b>", "A & B", f"{BASE}res/7.html#9")


def test_every_file_of_a_post_by_the_name_it_was_sent_under_but_none_that_was_taken_away() -> None:
    files = [{"filename": "two", "ext": ".webm", "fsize": 2, "md5": "b=="}, {"filename": "x", "ext": "deleted"}]
    raw = {"no": 7, "resto": 0, "time": 1, "filename": "one", "ext": ".png", "fsize": 1, "md5": "a=="}
    [only] = read(vichan.ENGINE, THREAD, thread_json(raw | {"extra_files": files})).posts
    assert [(file.filename, file.size, file.md5) for file in only.attachments] == [
        ("one.png", 1, "a=="), ("two.webm", 2, "b=="),
    ]  # fmt: skip


def test_an_embedded_film_is_a_link() -> None:
    embed = '<iframe src="https://www.youtube.com/embed/abcDEF_1234"></iframe>'
    [only] = read(vichan.ENGINE, THREAD, thread_json({"no": 7, "resto": 0, "time": 1, "embed": embed})).posts
    assert [link.url for link in only.links] == ["https://www.youtube.com/embed/abcDEF_1234"]


@pytest.mark.parametrize(
    ("attributes", "hour"),
    [
        ('datetime="2026-11-05T14:00:00Z"', 14),
        ('datetime="2026-11-05T14:00:000"', 14),
        ('datetime="2026-11-05T15:00:003600"', 14),
        ('datetime="2026-11-05T09:00:00-18000"', 14),
        ('datetime="2026-11-05T16:00:00+02:00"', 14),
        ('unixtime="1793887200" datetime="2026-11-05T09:00:00"', 14),
    ],
)
def test_the_zone_of_a_time_however_the_template_writes_it(attributes: str, hour: int) -> None:
    opening = OPENING.replace('datetime="2026-11-05T14:00:00Z"', attributes)
    thread = f'<div class="thread" id="thread_7">{opening}</div>'
    [only] = read(vichan.ENGINE, HTML, page(thread)).posts
    assert only.posted_at == datetime(2026, 11, 5, hour, tzinfo=UTC)


def test_a_time_without_a_zone_is_kept_as_written() -> None:
    thread = f'<div class="thread" id="thread_7">{OPENING.replace("14:00:00Z", "14:00:00")}</div>'
    [only] = read(vichan.ENGINE, HTML, page(thread)).posts
    assert (only.posted_at, only.posted_at_raw) == (None, "2026-11-05T14:00:00")


def test_a_moderators_note_in_a_post_is_not_its_authors() -> None:
    body = '<div class="body">Hello<span class="public_ban">(USER WAS BANNED FOR THIS POST)</span></div>'
    [only] = read(vichan.ENGINE, HTML, page(f'<div class="thread" id="thread_7">{post(body)}</div>')).posts
    assert only.text == "Hello"


def test_a_front_page_names_the_boards_by_any_link_to_them() -> None:
    links = (
        '<a href="/pier/">p</a><a href="b/index.html">b</a><a href="/tech/res/5.html#6">n</a><a href="/a.html">r</a>'
        '<a href="/overboard/">all</a><a href="https://else.example/x/">x</a><a href="http://abc[.]example/">y</a>'
        '<a href="/boards.html">all boards</a>'
    )
    front = PageRef("http://quiet-chan.example/", "entry")
    found = read(vichan.ENGINE, front, page(links, front.url)).pages
    assert [(ref.url, ref.kind, ref.alternate) for ref in found] == [
        (f"http://quiet-chan.example/{board}/catalog.json", "index", f"http://quiet-chan.example/{board}/catalog.html")
        for board in ("pier", "b", "tech")
    ] + [("http://quiet-chan.example/boards.json", "entry", "http://quiet-chan.example/boards.html")]


def test_a_list_of_boards_as_infinity_has_it() -> None:
    ref = PageRef("http://quiet-chan.example/boards.json", "entry")
    document = Document(ref.url, b'[{"uri": "pier", "title": "The pier"}, {"uri": "b"}]')
    assert [found.board for found in read(vichan.ENGINE, ref, document).pages] == ["pier", "b"]


@pytest.mark.parametrize(
    ("url", "kind", "first"),
    [
        ("http://quiet-chan.example/", "entry", "http://quiet-chan.example/"),
        ("http://quiet-chan.example/index.html", "entry", "http://quiet-chan.example/index.html"),
        ("http://quiet-chan.example/pier/", "index", f"{BASE}catalog.json"),
        ("http://quiet-chan.example/pier", "index", f"{BASE}catalog.json"),
        ("http://quiet-chan.example/pier/catalog.html", "index", f"{BASE}catalog.json"),
        ("http://quiet-chan.example/pier/res/7+50.html", "thread", f"{BASE}res/7.json"),
    ],
)
def test_a_source_may_be_a_site_a_board_or_a_thread(url: str, kind: str, first: str) -> None:
    [ref] = vichan.ENGINE.entry(url)
    assert (ref.kind, ref.url) == (kind, first)


def test_the_opening_post_of_a_tinyboard_has_its_number_in_its_links() -> None:
    opening = OPENING.replace(' id="op_7"', "").replace("</label>", '</label><a class="post_no">7</a>')
    [only] = read(vichan.ENGINE, HTML, page(f'<div id="thread_7">{opening}</div>')).posts
    assert (only.number, only.op) == (7, True)


def test_an_empty_board_is_an_empty_list_and_not_an_error() -> None:
    ref = PageRef(f"{BASE}catalog.json", "index", "pier")
    parsed = read(vichan.ENGINE, ref, Document(ref.url, b"[]"))
    assert (list(parsed.pages), parsed.lists_board) == ([], "pier")


def test_a_thread_number_given_back_by_the_store_as_text_is_the_same_thread() -> None:
    ref = PageRef(THREAD.url, "thread", "pier", "7")
    assert read(vichan.ENGINE, ref, thread_json({"no": 7, "resto": 0, "time": 1})).posts[0].thread == 7


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (thread_json({"no": 8, "resto": 0, "time": 1}), "a thread with posts"),
        (thread_json({"no": 7, "resto": 5, "time": 1}), "an opening post"),
        (thread_json({"no": 7, "resto": 0, "time": 1}, {"no": 9, "resto": 8, "time": 1}), "an opening post"),
        (thread_json({"no": 7, "resto": 0}), "KeyError: 'time'"),
        (thread_json({"no": 7, "resto": 0, "time": 1}, {"time": 1}), "KeyError: 'no'"),
        (Document(THREAD.url, b'{"posts": []}'), "a thread with posts"),
        (Document(THREAD.url, b'{"posts": [{"no": 7, "resto": 0, "ti'), "JSON"),
        (Document(THREAD.url, b"<html><body>Welcome to the pier</body></html>"), "JSON"),
        (Document(HTML.url, b'<html><body><div class="thread" id="thread_7">'), "opening post|whole thread"),
        (Document(HTML.url, f'<html><body><div class="thread" id="thread_7">{OPENING}'.encode()), "a whole thread"),
        (page(f'<div class="thread" id="thread_8">{OPENING}</div>'), "one thread, the one asked for"),
        (page(f'<div class="thread" id="thread_7">{OPENING}<p class="omitted">5 posts omitted.</p></div>'), "whole"),
        (page("<p>Nothing here</p>"), "one thread"),
        (Document(HTML.url, b""), "HTML"),
    ],
)
def test_what_is_not_the_whole_thread_asked_for_is_refused(document: Document, expected: str) -> None:
    ref = THREAD if (document.url or "").endswith("json") else HTML
    with pytest.raises(UnexpectedPage, match=expected) as refusal:
        read(vichan.ENGINE, ref, document)
    assert refusal.value.url == document.url


def test_a_login_that_answers_for_json_is_a_closed_door() -> None:
    login = b"<html><body><form action='/login'><input name=user><input type=password name=pass></form></body></html>"
    with pytest.raises(ClosedPage, match="login"):
        read(vichan.ENGINE, THREAD, Document(THREAD.url, login, "text/html"))


def test_openib_says_below_a_post_when_it_was_edited() -> None:
    note = (
        '<div class="post_modified"><div class="content-status edited">Post last edited at <em class="edited-time">'
        '<time datetime="2026-11-06T09:30:00+00:00">x</time></em></div></div>'
    )
    thread = f'<div class="thread" id="thread_7">{post(f"<div class=body>Hello</div>{note}")}</div>'
    [only] = read(vichan.ENGINE, HTML, page(thread)).posts
    assert (only.text, only.edited_at) == ("Hello", datetime(2026, 11, 6, 9, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("icon", "sticky"),
    [('title="Sticky" src="/static/sticky.gif"', True), ('title="Cyclical (250)" src="/static/sticky.gif"', False)],
)
def test_a_cyclical_thread_is_not_pinned_for_showing_the_same_icon(icon: str, *, sticky: bool) -> None:
    opening = OPENING.replace("</label>", f'</label><img class="icon" {icon}>')
    [only] = read(vichan.ENGINE, HTML, page(f'<div class="thread" id="thread_7">{opening}</div>')).posts
    assert only.sticky is sticky


def test_openib_publishes_more_of_a_post_than_its_kin() -> None:
    raw: dict[str, Any] = {
        "no": 7, "resto": 0, "time": 1, "com": '<p class="body-line ltr ">Hello</p>', "email": "sage", "cyclical": "0", "last_modified": 5,
        "id": "000000", "filename": "kettle", "ext": ".png", "tim": "0f0f", "fsize": 3, "md5": "a==", "spoiler": 1, "country": "DE", "country_name": "Germany",
        "embed": '<div class="video-container" data-video="abc"><a href="https://youtu.be/abcDEF_1234" class="file"><img src="//img.example/0.jpg"></a></div>',
        "embed_thumb": "//img.example/0.jpg", "extra_files": [{"filename": "", "ext": ".webm", "fsize": 4, "tim": "0e0e", "md5": "b=="}],
    }  # fmt: skip
    [only] = read(vichan.ENGINE, THREAD, thread_json(raw)).posts
    assert (only.text, only.poster_id, only.country) == ("Hello", "000000", "DE")
    assert [(file.filename, file.md5) for file in only.attachments] == [("kettle.png", "a=="), ("0e0e.webm", "b==")]
    assert [link.url for link in only.links] == ["https://youtu.be/abcDEF_1234"]


def test_the_list_of_boards_tells_infinity_and_leads_to_them() -> None:
    rows = (
        '<tr><td class="board-uri"><p class="board-cell"><a href="/pier/">/pier/</a></p></td>'
        '<td class="board-tags"><p class="board-cell"><a class="tag-link" href="/boards.php?tags=tea">tea</a></p></td></tr>'
    )
    ref = PageRef("http://quiet-chan.example/boards.html", "entry")
    document = page(f'<table class="board-list-table"><tbody>{rows}</tbody></table>', ref.url)
    assert vichan.ENGINE.recognise(document) > 0.5
    assert [found.board for found in read(vichan.ENGINE, ref, document).pages] == ["pier"]

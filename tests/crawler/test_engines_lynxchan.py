"""LynxChan's pages where its JSON is off, and what versions and languages of it do differently."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.records import PageRef
from crawler.engines import lynxchan
from crawler.errors import UnexpectedPage
from crawler.page import Document, Parsed
from crawler.reading import kind_of, read

THREAD = (
    '<div class="opCell" id="17"><div class="innerOP"><a class="linkName noEmailName">Wren</a><span class="labelCreated">{day} 12:00:00</span>'
    '<div class="divMessage">One\n\n  two</div>{note}</div><div class="divPosts"><div class="postCell" id="18"><div class="innerPost">'
    '<a class="linkName" href="mailto:sage">Wren##aB3</a><div class="divMessage"><a class="quoteLink" href="/tea/res/17.html#17">&gt;&gt;17</a>\n'
    "<code>a\n  b</code></div></div></div></div></div>"
)
CELL = '<div class="catalogCell"><a class="linkThumb" href="/tea/res/{0}.html"></a><p class="threadStats"><span class="labelReplies">{1}</span></p></div>'
REF = PageRef("http://chan.example/tea/res/17.html", "thread", "tea", 17)


def page(body: str, path: str = "/tea/res/17.html", end: str = "</body></html>") -> Document:
    return Document(f"http://chan.example{path}", f"<html><body>{body}{end}".encode(), "text/html")


def thread(note: str = "", day: str = "11/24/2026 (Tue)") -> str:
    return f'<div id="divThreads">{THREAD.format(note=note, day=day)}</div>'


def listed(body: str, path: str = "/tea/catalog.html") -> Parsed:
    found = page(f'<div id="divThreads">{body}</div>', path)
    return read(lynxchan.ENGINE, PageRef(found.url or "", "index", "tea"), found)


def test_a_thread_is_read_by_its_page_where_json_is_off() -> None:
    opening, answer = read(lynxchan.ENGINE, REF, page(thread())).posts
    assert (opening.text, opening.board, opening.op) == ("One\n\n  two", "tea", True)
    assert (answer.text, answer.quotes) == (">>17\na\n  b", (17,))
    assert (answer.name, answer.tripcode, answer.posted_at) == ("Wren", "##aB3", None)


@pytest.mark.parametrize("day", ["03/02/2026 (Mon)", "02/03/2026 (Mon)", "2026/03/02 (Mon)"])
def test_the_day_of_the_week_tells_which_number_is_the_month(day: str) -> None:
    assert read(lynxchan.ENGINE, REF, page(thread(day=day))).posts[0].posted_at == datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_time_in_another_language_is_kept_as_written_where_its_order_cannot_be_told() -> None:
    first, _ = read(lynxchan.ENGINE, REF, page(thread(day="02/03/2026 (lun)"))).posts
    assert (first.posted_at, first.posted_at_raw) == (None, "02/03/2026 (lun) 12:00:00")
    first, _ = read(lynxchan.ENGINE, REF, page(thread(day="13/03/2026 (ven)"))).posts
    assert first.posted_at == datetime(2026, 3, 13, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "document",
    [
        page(thread('<div class="labelOmission">9 posts omitted.</div>')),
        page(thread('<div class="contentOmissionIndicator"><p>Message too long.</p></div>')),
        page(thread() + thread()),
        page(thread(), end=""),
        page(thread().replace('id="17"', 'id="19"')),
        page(thread().replace('<div class="divMessage"><a', "<div><a")),
    ],
    ids=["answers omitted", "text cut", "two threads", "page cut", "another thread", "a post without content"],
)
def test_a_part_of_a_thread_is_never_taken_for_it(document: Document) -> None:
    with pytest.raises(UnexpectedPage):
        read(lynxchan.ENGINE, REF, document)


def test_a_thread_whose_json_leaves_posts_out_is_not_that_thread() -> None:
    body = b'{"threadId": 17, "boardUri": "tea", "markdown": "One", "omittedPosts": 3, "posts": []}'
    with pytest.raises(UnexpectedPage):
        read(lynxchan.ENGINE, REF, Document("http://chan.example/tea/res/17.json", body, "application/json"))


def test_a_front_end_may_wrap_nothing_but_what_the_engine_does_itself() -> None:
    body = thread().replace('<div class="innerOP">', "<div>").replace('<div class="innerPost">', "<div>")
    body = body.replace('<a class="linkName" href', '<span class="labelSubject">Answer</span><a class="linkName" href')
    assert lynxchan.ENGINE.recognise(page(body)) >= 0.5
    opening, answer = read(lynxchan.ENGINE, REF, page(body)).posts
    assert (opening.subject, opening.text, answer.subject) == (None, "One\n\n  two", "Answer")


def test_what_was_typed_stands_in_where_an_older_version_publishes_no_markup() -> None:
    body = b'{"threadId": 17, "boardUri": "tea", "message": ">>17\\n>>>/pot/3 see newboard.example/b", "posts": []}'
    document = Document("http://chan.example/tea/res/17.json", body, "application/json")
    [post] = read(lynxchan.ENGINE, REF, document).posts
    assert (post.text, post.quotes) == (">>17\n>>>/pot/3 see newboard.example/b", (17,))
    assert [link.url for link in post.links] == ["https://newboard.example/b"]


def test_only_a_catalog_lists_every_living_thread() -> None:
    catalog, changed = listed(CELL.format(17, 3) + CELL.format(19, 0)), listed(CELL.format(17, 4))
    assert [(one.thread, one.url) for one in catalog.pages] == [
        (17, "http://chan.example/tea/res/17.html"),
        (19, "http://chan.example/tea/res/19.html"),
    ]
    assert catalog.lists_board == "tea"
    assert catalog.pages[0].hint != changed.pages[0].hint
    assert listed("").lists_board == "tea", "an empty board"
    of_page = listed(THREAD.format(note="", day=""), "/tea/")
    assert [one.thread for one in of_page.pages] == [17]
    assert of_page.lists_board is None


@pytest.mark.parametrize("path", ["/tea/last/17.html", "/tea/last/50/17.html"])
def test_a_threads_last_answers_lead_to_the_whole_of_it(path: str) -> None:
    [ref] = lynxchan.ENGINE.entry(f"http://chan.example{path}")
    assert (ref.kind, ref.board, ref.thread) == ("thread", "tea", 17)
    assert kind_of(lynxchan.ENGINE, page(thread(), path)) is None


def test_the_list_of_boards_is_followed_over_its_pages_where_json_is_off() -> None:
    body = (
        '<div class="boardsCell"><a class="linkBoard" href="/tea/">/tea/ - Tea</a></div><div id="divPages">'
        '<a href="/boards.js?page=1">1</a><a href="/boards.js?page=2">2</a><a href="/boards.js?page=3">3</a></div>'
    )
    found: dict[str, Any] = {
        one.kind: one.url
        for one in read(
            lynxchan.ENGINE, PageRef("http://chan.example/boards.js", "entry"), page(body, "/boards.js")
        ).pages
    }
    assert found == {
        "index": "http://chan.example/tea/catalog.json",
        "entry": "http://chan.example/boards.js?page=2",
    }

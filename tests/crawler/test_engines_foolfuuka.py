"""FoolFuuka: its pages and what its recording cannot show. Shapes from its templates and controller, contents invented."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core.records import PageRef
from crawler.detect import detect
from crawler.engines import foolfuuka
from crawler.errors import GonePage, PageError, UnexpectedPage
from crawler.page import Document
from crawler.reading import kind_of, read

BASE = "http://attic.example/"
API = f"{BASE}_/api/chan/thread/?board=tea&num=7"
THREAD = PageRef(API, "thread", "tea", 7, alternate=f"{BASE}tea/thread/7/")
HTML = PageRef(f"{BASE}tea/thread/7/", "thread", "tea", 7)
OPENING: dict[str, Any] = {
    "doc_id": "1", "num": "7", "subnum": "0", "thread_num": "7", "op": "1", "timestamp": 1795086725, "capcode": "N",
    "name": "Anonymous", "trip": None, "title": None, "comment_processed": "Tea", "sticky": "0", "locked": "0",
    "deleted": "0", "poster_hash": None, "poster_country": None, "media": None,
    "board": {"name": "Tea", "shortname": "tea"},
}  # fmt: skip


def answer(data: Any) -> Document:
    return Document(API, json.dumps(data).encode(), "application/json")


def head(number: str) -> str:
    return (
        '<header><div class="post_data"><h2 class="post_title"></h2><span class="post_poster_data"><span class="post_author">'
        'Keeper</span><span class="post_tripcode"></span></span><time datetime="2026-11-19T11:12:05+00:00">x</time>'
        f'<a data-post="{number}" data-function="highlight">No.</a></div></header>'
    )


def page(answers: str = "", url: str = HTML.url, end: str = "</body></html>") -> Document:
    return Document(
        url,
        f"""<html><body><div id="main"><article id="7" class="clearfix thread doc_id_1 board_tea" data-thread-num="7">
        {head("7")}<div class="text">Hello</div><aside class="posts">{answers}</aside>
        <div class="js_hook_realtimethread"></div></article></div>{end}""".encode(),
    )


def post(number: str, inner: str, text: str = "yes") -> str:
    wrapped = f'<div class="post_wrapper">{inner}{head(number)}<div class="text">{text}</div></div>'
    return f'<article class="post doc_id_2" id="{number}">{wrapped}</article>'


def test_an_answer_written_in_the_archive_has_a_number_of_its_own() -> None:
    quote = '<a class="backlink" data-board="tea" data-post="7_1" href="/x">&gt;&gt;7,1</a>'
    elsewhere = '<a class="backlink" data-board="pot" data-post="7" href="/x">&gt;&gt;&gt;/pot/7</a>'
    ghost = OPENING | {"subnum": "1", "op": "0"}
    second = ghost | {"subnum": "2", "comment_processed": f"{quote}<br />\n{elsewhere} too"}
    posts = read(foolfuuka.ENGINE, THREAD, answer({"7": {"op": OPENING, "posts": {"7_1": ghost, "7_2": second}}})).posts
    assert [(one.number, one.op) for one in posts] == [(7, True), ("7_1", False), ("7_2", False)]
    assert (posts[2].text, posts[2].quotes, posts[2].links) == (">>7,1\n>>>/pot/7 too", ("7_1",), ())
    assert posts[2].url == f"{BASE}tea/thread/7/#7_2"


def test_a_thread_whose_opening_post_the_archive_never_saw_is_read_all_the_same() -> None:
    only = OPENING | {"num": "9", "op": "0"}
    [found] = read(foolfuuka.ENGINE, THREAD, answer({"7": {"posts": [only]}})).posts
    assert (found.number, found.thread, found.op) == (9, 7, False)


def test_a_formula_is_text_and_a_capcode_is_written_out() -> None:
    formula = OPENING | {"comment_processed": 'So <script type="math/tex">a+b</script>', "capcode": "A", "locked": "1"}
    [found] = read(foolfuuka.ENGINE, THREAD, answer({"7": {"op": formula}})).posts
    assert (found.text, found.capcode, found.locked, found.sticky) == ("So a+b", "Admin", True, False)


def test_a_page_where_json_is_off() -> None:
    file = (
        '<div class="post_file"><a class="post_file_filename" title="a long name.png" href="/f">a lo (...).png</a>,'
        '<span class="post_file_metadata">512B, 20x20</span></div>'
        '<div class="thread_image_box"><a href="/f"><img data-md5="q1w2=="></a></div>'
    )
    one, two = read(foolfuuka.ENGINE, HTML, page(post("9", file))).posts
    assert (one.number, one.text, one.subject, one.op, one.name) == (7, "Hello", None, True, "Keeper")
    assert one.attachments == ()
    assert (two.number, two.text, two.thread) == (9, "yes", 7)
    assert two.posted_at == datetime(2026, 11, 19, 11, 12, 5, tzinfo=UTC)
    assert [(one.filename, one.size, one.md5) for one in two.attachments] == [("a long name.png", 512, "q1w2==")]
    assert detect([page()]) == foolfuuka.ENGINE


def test_the_last_posts_of_a_thread_are_no_whole_thread() -> None:
    found = kind_of(foolfuuka.ENGINE, page(url=f"{BASE}tea/last/50/7/"))
    assert found is not None
    assert (found.kind, found.board, found.thread) == ("preview", "tea", 7)


def test_a_list_leads_to_its_threads_and_to_the_page_that_follows() -> None:
    body = (
        '<html><body><div id="main"><article class="clearfix thread board_tea" data-thread-num="7">'
        f'{head("7")}<div class="text">x</div><span class="omitted_posts">3</span><aside>{post("11", "")}</aside></article>'
        '<div class="paginate"><ul><li class="next"><a href="/tea/page/2/">Next</a></li></ul></div></div></body></html>'
    )
    ref = PageRef(f"{BASE}tea/", "index", "tea")
    parsed = read(foolfuuka.ENGINE, ref, Document(ref.url, body.encode()))
    assert [(page.url, page.kind, page.part, page.hint) for page in parsed.pages] == [
        (API, "thread", 1, "3 11"), (f"{BASE}tea/page/2/", "index", 2, None),
    ]  # fmt: skip
    assert (parsed.pages[0].alternate, parsed.lists_board) == (HTML.url, None)
    with pytest.raises(UnexpectedPage, match="whole list"):
        read(foolfuuka.ENGINE, ref, Document(ref.url, body.removesuffix("</body></html>").encode()))


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (answer({"error": "Thread not found."}), GonePage),
        (answer({"error": "Encountered an unknown error."}), UnexpectedPage),
        (answer({"8": {"op": OPENING | {"num": "8", "thread_num": "8"}}}), UnexpectedPage),
        (answer({"7": {"op": OPENING, "posts": [OPENING | {"num": "9", "thread_num": "5"}]}}), UnexpectedPage),
        (answer([]), UnexpectedPage),
        (page(end=""), UnexpectedPage),
        (page('<span class="omitted">3 posts omitted</span>'), UnexpectedPage),
        (
            Document(HTML.url, b'<html><body><div class="alert"><h4>Error!</h4>Thread not found.</div></body></html>'),
            GonePage,
        ),
    ],
)
def test_what_is_not_the_whole_thread_asked_for_says_what_it_is(document: Document, error: type[PageError]) -> None:
    with pytest.raises(error):
        read(foolfuuka.ENGINE, THREAD, document)


@pytest.mark.parametrize(
    ("url", "kind", "first"),
    [
        (BASE, "entry", BASE),
        (f"{BASE}tea", "index", f"{BASE}tea/"),
        (f"{BASE}tea/page/4/", "index", f"{BASE}tea/"),
        (f"{BASE}tea/thread/7/#9", "thread", API),
        (f"{BASE}old/tea/thread/7/", "thread", f"{BASE}old/_/api/chan/thread/?board=tea&num=7"),
    ],
)
def test_a_source_may_be_a_site_a_board_or_a_thread(url: str, kind: str, first: str) -> None:
    [ref] = foolfuuka.ENGINE.entry(url)
    assert (ref.kind, ref.url) == (kind, first)

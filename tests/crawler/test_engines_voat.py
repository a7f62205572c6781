"""Voat and Throat: what their pages leave out, lists of both, submissions that are gone."""

from pathlib import Path
from time import monotonic

import pytest

from core.records import PageRef
from crawler.detect import detect
from crawler.engines import voat
from crawler.errors import GonePage, UnexpectedPage
from crawler.evaluate import evaluate
from crawler.page import Document, Parsed
from crawler.reading import read

BASE = "https://aggregator.example"
RECORDING = Path(__file__).parents[1] / "recordings" / "voat"
VOAT = (
    '<div id="submissionid-17" class="submission odd link self id-17"><p class="title"><a class="title" href="/v/tea/17">Kettles</a></p>'
    '<p class="tagline">submitted <time datetime="6/30/2015 1:05:00 PM">x</time> by {author}</p></div>'
)
THROAT = (
    '<div class="wholepost"><div class="postbar post mod" pid="17"><div id="postinfo"><div class="post-heading"><div class="current history"><h1>'
    '<a class="title" href="#">{title}</a></h1></div></div><div class="author">posted <time-ago datetime="2026-11-24T12:00:00Z"></time-ago> by '
    '<a class="authorlink" href="/u/wren">wren [speaking as mod]</a></div></div></div></div>'
)
WREN = '<a class="author userinfo" href="/user/wren">wren</a>'


def parsed(body: str, ref: PageRef) -> Parsed:
    document = Document(ref.url, f"<!doctype html><html><body>{body}</body></html>".encode(), "text/html")
    return read(voat.ENGINE, ref, document)


def test_every_post_of_both_recordings_is_read_exactly() -> None:
    for done in evaluate(RECORDING):
        assert done.engines == ("voat",)
        assert {name: counts for name, counts in done.fields.items() if counts[0] != counts[1]} == {}


def test_comments_that_voat_gives_while_scrolling_are_asked_for() -> None:
    (ref,) = voat.entry(f"{BASE}/v/tea/17")
    more = "<a onclick=\"javascript:loadMoreComments2($('#a'),$('.id-5'),17,5,'children',2,'Top')\">3 replies</a>"
    found = parsed(VOAT.format(author=WREN) + more, ref)
    (page,) = found.pages
    assert (page.url, page.kind, page.thread, page.board) == (f"{BASE}/comments/17/5/children/2/Top", "more", 17, "tea")
    assert found.parts > 1000, "what is missing on it is not taken for gone"
    comment = (
        '<div class="child id-9 comment"><div class="noncollapsed" id="9"><p class="tagline"><a class="author moderator" href="/user/mole">mole</a>'
        '<time datetime="6/30/2015 1:06:07 PM">x</time></p><div class="usertext-body"><div class="md"><p>Me</p></div></div></div></div>'
    )
    (post,) = parsed(comment, page).posts
    assert (post.number, post.quotes, post.board, post.name, post.capcode) == (
        "comment/9",
        ("comment/5",),
        "tea",
        "mole",
        "mod",
    )
    assert post.posted_at is not None
    assert post.posted_at.isoformat() == "2015-06-30T13:06:07+00:00"


def test_answers_below_answers_below_answers_cost_no_more_than_side_by_side() -> None:
    page = ""
    for number in range(600, 0, -1):
        page = (
            f'<article class="commentrow" data-cid="c{number}"><div><div class="commblock"><div class="commenthead"><a class="poster" href="/u/mole">mole'
            '</a><span class="time"><time-ago datetime="2026-11-24T12:00:00Z"></time-ago></span></div><div class="content"><span class="current history">'
            f"<p>Me</p></span></div></div></div><div>{page}</div></article>"
        )
    begun = monotonic()
    posts = parsed(THROAT.format(title="<span>Kettles</span>") + page, voat.entry(f"{BASE}/s/tea/17/kettles")[0]).posts
    assert [post.quotes for post in posts] == [(), (17,), *((f"c{number}",) for number in range(1, 600))]
    assert {post.text for post in posts[1:]} == {"Me"}
    assert monotonic() - begun < 2


def test_throat_has_comments_that_no_page_shows() -> None:
    page = (
        THROAT.format(title="<span>Kettles</span>") + '<a class="loadsibling" data-pid="17">Load more (3 comments)</a>'
    )
    found = parsed(page, voat.entry(f"{BASE}/s/tea/17/kettles")[0])
    assert found.parts > 1000
    assert (found.posts[0].subject, found.posts[0].name, found.posts[0].capcode) == ("Kettles", "wren", "mod")


def test_a_board_is_read_from_its_newest_and_the_site_from_its_front_page() -> None:
    assert [voat.entry(f"{BASE}{path}")[0].url for path in ("/v/tea", "/s/tea/hot", "/")] == [
        f"{BASE}/v/tea/new", f"{BASE}/s/tea/new", f"{BASE}/",
    ]  # fmt: skip
    row = (
        '<div class="submission id-t3_17 link stickied"><p class="title"><a class="title" href="https://new.example/">x</a></p>'
        '<ul><li><a class="comments" href="/v/tea/comments/17">{} comments</a></li></ul></div>'
    )
    before, after = (parsed(row.format(count), voat.entry(f"{BASE}/v/tea")[0]).pages for count in (3, 4))
    assert [(page.kind, page.thread, page.board) for page in before] == [("thread", 17, "tea")]
    assert before[0].hint != after[0].hint


@pytest.mark.parametrize("page", [VOAT.format(author=WREN), THROAT.format(title="<span>Kettles</span>")])
def test_both_are_known_by_a_thread_alone(page: str) -> None:
    document = Document(None, f"<!doctype html><html><body>{page}</body></html>".encode(), "text/html")
    assert detect([document]) is voat.ENGINE


@pytest.mark.parametrize(
    ("page", "error"),
    [
        (VOAT.format(author="[deleted]"), GonePage),
        (THROAT.format(title="[Deleted]"), GonePage),
        (VOAT.format(author=WREN).replace("17", "18"), UnexpectedPage),
        ("<p>words</p>", UnexpectedPage),
    ],
)
def test_gone_submissions_and_other_pages_are_named(page: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        parsed(page, PageRef(f"{BASE}/v/tea/17", "thread", "tea", 17))

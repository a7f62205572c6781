"""Posts found by structure alone, on pages of many makings that no parser here knows."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

from core.records import PublishedPost
from crawler.engines import generic
from crawler.errors import UnexpectedPage
from crawler.evaluate import Evaluated, evaluate
from crawler.page import Document
from crawler.reading import read

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
SAID = [
    (101, "Wren", datetime(2026, 11, 20, 9, 15, tzinfo=UTC), "The kettle in the break room is broken again."),
    (102, "Mole", datetime(2026, 11, 20, 10, 2, tzinfo=UTC), "Who fixes it? I asked at https://newboard.example/b/ and nobody knew."),
    (107, "Wren", datetime(2026, 11, 21, 23, 59, tzinfo=UTC), "Nobody.\nIt is always the same with the old one, and I have no tools left."),
    (110, "Heron", datetime(2026, 11, 22, 0, 5, tzinfo=UTC), "ok"),
    (111, "Old Crow", datetime(2026, 11, 22, 17, 40, tzinfo=UTC), "Bring it on Tuesday, I have a soldering iron; Straße, 湯, чайник."),
]  # fmt: skip


def lines(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")


def page(url: str, posts: Iterator[str], around: str = "") -> Document:
    body = (
        '<div id="top"><h1><a href="/">Harbour</a></h1><ul class="menu"><li><a href="/faq">FAQ</a><li><a href="/search">Search</a></ul></div>'
        f'<div class="crumbs"><a href="/">Home</a> &gt; <a href="/f/3">Tea</a></div>{around}<div id="content">{"".join(posts)}</div>'
        '<div id="foot">Powered by nothing you know. <a href="/imprint">Imprint</a>. Page made in 0.02 s. It is currently Nov 24, 2026, 12:30 pm</div>'
    )
    text = f"<!doctype html><html><head><title>Kettles</title></head><body>{body}</body></html>"
    return Document(url, text.encode(), "text/html; charset=utf-8", 200, NOW)


def table_forum() -> Document:
    """Rows of a table, the author in one cell, the message in the next; a signature and a note of an edit below."""

    def posts() -> Iterator[str]:
        for number, name, at, text in SAID:
            yield (
                f'<table class="tablebg"><tr><td class="gensmall"><a name="p{number}"></a>Posted: {at:%b %d, %Y %I:%M %p}</td>'
                f'<td><b class="postauthor">{name}</b></td></tr><tr><td class="profile"><img src="a.png" alt=""> Joined: 2019<br>Posts: 88</td>'
                f'<td><div class="postbody">{lines(text)}</div><div class="signature">__<br>my lighthouse</div>'
                f'<span class="editedmessage">Last edited by {name} on Nov 23, 2026 8:00 am</span></td></tr></table>'
            )

    return page("http://forum.example/viewtopic.php?f=3&t=7", posts())


def div_forum() -> Document:
    """Nested boxes and machine-readable times; quotes of the post before, and an attachment list."""

    def posts() -> Iterator[str]:
        before = None
        for number, name, at, text in SAID:
            quote = (
                f'<blockquote class="bbCodeBlock"><a href="#post-{before}">Somebody said:</a><p>The words of another.</p></blockquote>'
                if before
                else ""
            )
            yield (
                f'<article class="message js-post" id="js-post-{number}" data-content="post-{number}"><div class="inner">'
                f'<div class="user"><h4><a class="username" href="/members/{name}.{number}/">{name}</a></h4><em>Member</em></div>'
                f'<div class="main"><header class="attribution"><a href="/threads/kettle.7/post-{number}"><time datetime="{at.isoformat()}" '
                f'title="{at:%b %d, %Y}">{at:%b %d, %Y}</time></a></header><div class="content"><div class="wrap"><div class="bbWrapper">'
                f'{quote}{lines(text)}</div></div><aside class="signature">Sent by pigeon</aside></div></div></div></article>'
            )
            before = number

    return page("http://forum.example/threads/kettle.7/", posts())


def imageboard() -> Document:
    """An opening post beside its replies, numbers in ids with changing words, bodies in block quotes, epoch times."""

    def posts() -> Iterator[str]:
        opening = SAID[0][0]
        yield f'<div class="thread" id="t{opening}">'
        for number, name, at, text in SAID:
            kind = "op" if number == opening else "reply"
            cited = f'<a href="#p{opening}" class="quotelink">&gt;&gt;{opening}</a><br>' if kind == "reply" else ""
            yield (
                f'<div class="postContainer {kind}Container" id="pc{number}"><div id="p{number}" class="post {kind}">'
                f'<div class="postInfo" id="pi{number}"><input type="checkbox" name="{number}" value="delete"><span class="name">{name}</span> '
                f'<span class="dateTime" data-utc="{int(at.timestamp())}">{at:%m/%d/%y(%a)%H:%M:%S}</span> <a href="#p{number}">No.{number}</a></div>'
                f'<blockquote class="postMessage" id="m{number}">{cited}{lines(text)}</blockquote></div></div>'
            )
        yield "</div>"

    return page("http://chan.example/tea/thread/101", posts())


def old_imageboard() -> Document:
    """Replies in tables, a bare number as anchor, a year of two digits first; nothing named for what it is."""

    def posts() -> Iterator[str]:
        yield '<form action="/del" method="post">'
        for number, name, at, text in SAID:
            yield (
                f'<table><tbody><tr><td class="doubledash">&gt;&gt;</td><td class="reply" id="reply{number}"><a name="{number}"></a>'
                f'<label><span class="postername">{name}</span> {at:%Y/%m/%d(%a)%H:%M}</label> <span class="reflink">'
                f'<a href="/tea/res/101.html#{number}">No.{number}</a></span><blockquote><p>{lines(text)}</p></blockquote></td></tr></tbody></table>'
            )
        yield "</form>"

    return page("http://chan.example/tea/res/101.html", posts())


def comments() -> Document:
    """A list of comments as items, ages in words with the date as title."""

    def posts() -> Iterator[str]:
        yield '<ol class="commentlist">'
        for number, name, at, text in SAID:
            days = (NOW - at).days
            yield (
                f'<li class="comment depth-1" id="comment-{number}"><div class="vcard"><cite class="fn"><a rel="author" href="/u/{name}">{name}</a></cite>'
                f'</div><a class="ago" title="{at:%Y-%m-%d %H:%M:%S +00:00}" href="#comment-{number}">{days} days ago</a>'
                f'<div class="text"><p>{lines(text)}</p></div><div class="actions"><a href="#">reply</a> <a href="#">report</a></div></li>'
            )
        yield "</ol>"

    return page("http://blog.example/2026/kettles", posts())


def unnumbered() -> Document:
    """Nothing but like boxes with a time, a name and some words."""

    def posts() -> Iterator[str]:
        for _, name, at, text in SAID:
            yield (
                f'<section class="entry"><p class="by"><span class="nick">{name}</span> <time datetime="{at.isoformat()}">{at:%d %B %Y}</time></p>'
                f'<div class="said">{lines(text)}</div></section>'
            )

    return page("http://guestbook.example/", posts())


NUMBERED = [table_forum, div_forum, imageboard, old_imageboard, comments]


def parsed(document: Document) -> Sequence[PublishedPost]:
    return read(generic.ENGINE, generic.entry(document.url or "")[0], document).posts


@pytest.mark.parametrize("make", NUMBERED, ids=lambda make: make.__name__)
def test_every_post_once_with_its_number_time_author_and_words(make: Callable[[], Document]) -> None:
    posts = parsed(make())
    assert [str(post.number) for post in posts] == [str(number) for number, *_ in SAID]
    assert [post.posted_at for post in posts] == [at for _, _, at, _ in SAID]
    assert [post.name for post in posts] == [name for _, name, *_ in SAID]
    cite = ">>101\n" if make is imageboard else ""
    assert [post.text.removeprefix(cite) for post in posts] == [text for *_, text in SAID]
    assert [link.host for post in posts for link in post.links] == ["newboard.example"]


def test_posts_without_numbers_are_told_apart_by_what_they_say() -> None:
    posts = parsed(unnumbered())
    assert [post.text for post in posts] == [text for *_, text in SAID]
    assert [post.posted_at for post in posts] == [at for _, _, at, _ in SAID]
    assert [post.name for post in posts] == [name for _, name, *_ in SAID]
    assert len({post.number for post in posts}) == len(SAID)
    assert [post.number for post in posts] == [post.number for post in parsed(unnumbered())]


@pytest.mark.parametrize("between", ["</div><font>", ""], ids=["a-tag-left-open", "answers-in-answers"])
def test_posts_are_found_however_deep_they_stand(between: str) -> None:
    posts = (
        f'<div class="msg" id="msg{number}"><b class="author">Wren</b> <span class="when">2026-11-20 10:{number % 60:02}</span>'
        f'<div class="said">{"Tea and cake. " * (number % 3)}Message {number}.</div>{between}'
        for number in range(1, 401)
    )
    found = parsed(Document("http://deep.example/topic/1", "".join(("<html><body>", *posts)).encode()))
    assert [post.text.splitlines()[-1].rpartition("Message ")[2] for post in found] == [f"{n}." for n in range(1, 401)]


def test_a_quote_says_whom_it_answers_and_is_not_the_authors_text() -> None:
    assert [post.quotes for post in parsed(div_forum())] == [(), (101,), (102,), (107,), (110,)]
    assert [post.quotes for post in parsed(imageboard())] == [(), *[(101,)] * 4]


def test_a_thread_of_one_post_is_read_too() -> None:
    document = imageboard()
    first, *others = SAID
    del SAID[1:]
    try:
        (post,) = parsed(imageboard())
    finally:
        SAID[:] = [first, *others]
    assert (post.number, post.text) == (101, first[3])
    assert len(parsed(document)) == len(SAID)


def test_rows_of_a_list_are_no_posts_but_lead_to_them() -> None:
    rows = (
        f'<tr class="row"><td><a href="/viewtopic.php?t={number}">All about kettles, part {number}</a></td><td>{name}</td>'
        f"<td>{at:%b %d, %Y %I:%M %p} by {name}</td></tr>"
        for number, name, at, _ in SAID
    )
    document = page("http://forum.example/viewforum.php?f=3", iter(["<table>", *rows, "</table>"]))
    found = read(generic.ENGINE, generic.entry(document.url or "")[0], document)
    assert list(found.posts) == []
    assert {ref.url for ref in found.pages} >= {f"http://forum.example/viewtopic.php?t={number}" for number, *_ in SAID}


def test_the_next_page_comes_first_and_traps_are_left_alone() -> None:
    traps = [
        "/calendar?day=1",
        "/login",
        "/viewtopic.php?t=7&sort=asc",
        "/memberlist.php",
        "/viewtopic.php?t=7&view=print",
        "/t/5.png",
        "/search?q=x",
    ]
    around = "".join(f'<a href="{trap}">x</a>' for trap in traps)
    document = page(
        "http://forum.example/viewtopic.php?t=7",
        iter(
            ['<a href="/viewtopic.php?t=8">Other thread</a>', '<a rel="next" href="/viewtopic.php?t=7&start=20">2</a>']
        ),
        around + '<a href="http://elsewhere.example/viewtopic.php?t=9">elsewhere</a>',
    )
    urls = [ref.url for ref in read(generic.ENGINE, generic.entry(document.url or "")[0], document).pages]
    assert urls[0] == "http://forum.example/viewtopic.php?t=7&start=20"
    assert "http://forum.example/viewtopic.php?t=8" in urls
    assert not [url for url in urls if "elsewhere" in url or any(trap in url for trap in traps)]


def test_a_slug_is_no_trap_and_a_visitors_session_no_other_page() -> None:
    links = [
        "/topic/3-search-for-members",
        "/t/printing-press-report/9",
        "/viewtopic.php?t=5&sid=0123456789abcdef0123456789abcdef",
        "/viewtopic.php?t=5",
    ]
    document = page("http://forum.example/", iter(f'<a href="{link}">x</a>' for link in links))
    urls = [ref.url for ref in read(generic.ENGINE, generic.entry(document.url or "")[0], document).pages]
    assert urls == [
        "http://forum.example/f/3",
        *(f"http://forum.example{link}" for link in (links[0], links[1], links[3])),
    ]


@pytest.fixture(scope="module")
def unknown(shared: Path) -> list[Evaluated]:
    return evaluate(shared / "recordings", "generic")


def test_recordings_are_read_as_if_their_engine_did_not_exist(
    unknown: list[Evaluated], capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(unknown) == 4
    with capsys.disabled():
        for one in unknown:
            print(
                f"\n{one.name} by structure alone: "
                + ", ".join(
                    f"{name} {one.fields[name][0]}/{one.fields[name][1]}" for name in ("posts", "text", "time", "links")
                )
            )
    for one in unknown:
        exact, known = one.fields["posts"]
        living = one.fields["text"][1]
        assert exact / living >= 0.95, "recall"
        assert exact / known >= 0.95, "precision"
        assert one.fields["text"][0] / living >= 0.9
        assert one.fields["time"][0] / living >= 0.9


@pytest.mark.parametrize(
    "body",
    [
        "".join(f'<p id="w{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}x{n // 676}-{m}">2026-11-20 10:00</p>' for n in range(9000) for m in (1, 2)),
        "<div>" * 1900 + "".join(f'<b id="p{n}">2026-11-20 10:00</b>' for n in range(9000)),
        "".join(f'<div id="p{n}">' for n in range(1900)) + "2026-11-20 10:00",
        "".join(f'<div id="p{n}"><i>2026-11-20 10:00</i> x</div>' for n in range(60_000)),
        "<i>2026-11-20 10:00 </i>" * 60_000,
        '<a href="/t/1">x</a>' * 100_000,
    ],
    ids=["many words", "deep", "nested", "many posts", "many times", "many links"],
)  # fmt: skip
def test_a_page_made_to_stall_the_search_for_posts_is_done_in_time(body: str) -> None:
    document = Document("http://hostile.example/", f"<!doctype html><html><body>{body}".encode(), "text/html", 200, NOW)
    began = time.process_time()
    with suppress(UnexpectedPage):
        read(generic.ENGINE, generic.entry("http://hostile.example/")[0], document)
    assert time.process_time() - began < 20

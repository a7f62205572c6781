"""Invision Community: older versions, addresses, quotes of other things than posts, closed doors."""

from datetime import UTC, datetime

import pytest

from core.records import PageRef
from crawler.engines import invision
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.page import Document
from crawler.reading import kind_of, read

URL = "http://old-pier.example/topic/4-kettles/"
TOPIC = PageRef(URL, "thread", "Tea & talk", 4)


def page(content: str, url: str = URL) -> Document:
    html = (
        '<html><body class="ipsApp"><ul data-role="breadcrumbList"><li><a href="/"><span>Home</span></a></li>'
        '<li><a href="/forum/5-tea/"><span>Tea &amp; talk <i></i></span></a></li><li>Kettles</li></ul>'
        '<div class="ipsPageHeader"><h1 class="ipsType_pageTitle"><a class="ipsTag_prefix">News</a>'
        f'<span class="ipsType_break">Kettles</span></h1></div>{content}</body></html>'
    )
    return Document(url, html.encode(), "text/html;charset=UTF-8")


def post(message: str = "<p>\n\tHello\n</p>") -> str:
    return (
        '<article id="elComment_9" class="cPost ipsComment"><aside class="ipsComment_author cAuthorPane">'
        '<h3 class="ipsType_sectionHead cAuthorPane_author"><strong><a href="/profile/2-keeper/">Keeper</a></strong>'
        '<a href="/profile/2-keeper/reputation/" class="ipsRepBadge"><i></i> 1,234</a></h3></aside>'
        '<div id="comment-9_wrap"><div class="ipsComment_meta ipsType_light"><p><a href="?do=findComment&amp;comment=9">'
        "Posted <time datetime='2026-11-22T08:05:09Z' title='11/22/26 08:05  AM'>3 hours ago</time></a></p></div>"
        f'<div data-role="commentContent" class="ipsType_richText">\n{message}\n</div></div></article>'
    )


def test_a_post_and_where_it_stands() -> None:
    [only] = read(invision.ENGINE, TOPIC, page(post())).posts
    assert (only.board, only.thread, only.number, only.op) == ("Tea & talk", 4, 9, True)
    assert (only.name, only.text, only.subject) == ("Keeper", "Hello", "Kettles")
    assert (only.url, only.posted_at) == (f"{URL}#comment-9", datetime(2026, 11, 22, 8, 5, 9, tzinfo=UTC))


def test_a_guest_has_a_name_and_no_page() -> None:
    named = post().replace('<a href="/profile/2-keeper/">Keeper</a>', "Guest 77")
    alone = named.replace('<a href="/profile/2-keeper/reputation/" class="ipsRepBadge"><i></i> 1,234</a>', "")
    [only] = read(invision.ENGINE, TOPIC, page(alone)).posts
    assert only.name == "Guest 77"


def test_quotes_of_posts_count_and_quotes_of_other_things_do_not() -> None:
    message = (
        '<blockquote class="ipsQuote" data-ipsquote data-ipsquote-contentapp="forums" data-ipsquote-contentcommentid="3"'
        ' data-ipsquote-timestamp="1700000000" data-ipsquote-username="Wren 12"><div class="ipsQuote_citation">'
        '<a href="/topic/4-kettles/?do=findComment&comment=3">On 11/21/2026 Wren 12 said:</a></div><div>theirs'
        '<blockquote class="ipsQuote" data-ipsquote data-ipsquote-contentcommentid="1">inner</blockquote></div>'
        '</blockquote><p>Mine</p><blockquote class="ipsQuote" data-ipsquote data-ipsquote-contentapp="downloads"'
        ' data-ipsquote-contentcommentid="8"><p>a file</p></blockquote><p>more</p>'
    )
    [only] = read(invision.ENGINE, TOPIC, page(post(message))).posts
    assert (only.text, only.quotes, only.links) == ("Mine\nmore", (3,), ())


def test_quotes_and_spoilers_that_older_boards_left() -> None:
    message = (
        '<blockquote class="ipsBlockquote" data-author="Wren" data-cid="3" data-time="1700000000"><p>theirs</p></blockquote>'
        '<blockquote class="ipsStyle_spoiler" data-ipsspoiler=""><p>The kettle did it</p></blockquote><p>Mine</p>'
    )
    [only] = read(invision.ENGINE, TOPIC, page(post(message))).posts
    assert (only.text, only.quotes) == ("The kettle did it\nMine", (3,))


def test_a_note_of_an_edit_is_no_text_and_spaces_are_spaces() -> None:
    message = (
        "<p>\n\ttwo \xa0spaces\n</p>\n<p>\n\t\xa0\n</p>\n<p>\n\tmore\n</p>"
        "<span class='ipsType_light' data-excludequote><strong>Edited <time datetime='2026-11-23T10:00:00Z'>Monday</time>"
        " by Keeper</strong><br>typo</span>"
    )
    [only] = read(invision.ENGINE, TOPIC, page(post(message))).posts
    assert [line for line in only.text.splitlines() if line] == ["two  spaces", "more"]
    assert only.edited_at == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def test_files_are_named_and_no_text() -> None:
    message = (
        '<p>See <a class="ipsAttachLink" href="/attachment.php?id=7" data-fileid="7">plan.txt</a></p><p>'
        '<a class="ipsAttachLink ipsAttachLink_image" href="/uploads/a.png"><img alt="a b.png" data-fileid="8"></a>'
        '<img class="ipsImage" alt="c.png" data-fileid="9" src="/uploads/c.png"></p>'
        '<blockquote class="ipsQuote" data-ipsquote><a class="ipsAttachLink" href="/x">theirs.txt</a></blockquote>'
    )
    [only] = read(invision.ENGINE, TOPIC, page(post(message))).posts
    assert [file.filename for file in only.attachments] == ["plan.txt", "a b.png", "c.png"]
    assert (only.text, only.links) == ("See ", ())


@pytest.mark.parametrize(
    ("address", "linked", "second"),
    [
        ("topic/4-kettles/", "topic/4-kettles/page/2/", "topic/4-kettles/page/2/"),
        ("topic/4-kettles/", "topic/4-kettles/?page=2", "topic/4-kettles/?page=2"),
        ("forums/topic/4-kettles/?do=findComment&comment=9", "forums/topic/4-kettles/?page=2", "forums/topic/4-kettles/?page=2"),
        ("index.php?/topic/4-kettles/", "index.php?/topic/4-kettles/&page=2", "index.php?/topic/4-kettles/&page=2"),
        ("topic/4-kettles/page/2/#comments", "topic/4-kettles/page/2/#comments", "topic/4-kettles/page/2/"),
    ],
)  # fmt: skip
def test_further_pages_are_asked_for_as_the_board_links_to_them(address: str, linked: str, second: str) -> None:
    root = "http://old-pier.example/"
    [start] = invision.ENGINE.entry(root + address)
    assert (start.kind, start.thread) == ("thread", 4)
    assert start.url.endswith("topic/4-kettles/")
    bar = (
        '<ul class="ipsPagination" data-pages="30"><li class="ipsPagination_page ipsPagination_active"><a>1</a></li>'
        f'<li class="ipsPagination_page"><a href="{root}{linked}">2</a></li></ul>'
    )
    parsed = read(invision.ENGINE, start, page(bar + post(), start.url))
    assert parsed.parts == 30
    assert parsed.pages[0].url == root + second


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ('<div id="elErrorMessage">We could not locate the item you are trying to view.</div>', GonePage),
        ('<div id="elErrorMessage">You do not have permission to view this content.</div>', ClosedPage),
        ("", UnexpectedPage),
    ],
)
def test_a_page_without_posts_says_why(message: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(invision.ENGINE, TOPIC, page(message))


def test_an_embedded_view_is_a_copy() -> None:
    ref = kind_of(invision.ENGINE, page(post(), f"{URL}?do=embed"))
    assert ref is not None
    assert (ref.kind, ref.thread) == ("copy", 4)

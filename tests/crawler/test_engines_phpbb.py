"""phpBB: what differs from board to board: zones, versions, addresses, labels, closed doors."""

from datetime import UTC, datetime

import pytest

from core.records import PageRef
from crawler.engines import phpbb
from crawler.errors import ClosedPage, GonePage
from crawler.page import Document
from crawler.reading import kind_of, read

URL = "http://pier.example/viewtopic.php?t=25"
TOPIC = PageRef(URL, "thread", "Tea", 25)


def page(content: str, url: str = URL, *, head: str = "", zone: str = "UTC") -> Document:
    html = (
        f'<html><head>{head}</head><body id="phpbb" class="section-viewtopic"><ul class="linklist navlinks"><li>'
        '<a href="./index.php">Pier</a> <a href="./viewforum.php?f=1">All</a> <a href="./viewforum.php?f=2">Tea</a>'
        f'</li></ul><div id="page-body"><h2><a href="./viewtopic.php?f=2&amp;t=25&amp;sid=0a">Kettles</a></h2>{content}'
        f'</div><div id="page-footer"><li class="rightside">All times are {zone}</li></div></body></html>'
    )
    at = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    return Document(url, html.encode(), "text/html; charset=utf-8", fetched_at=at)


def post(message: str = "Hello", time: str = "Mon Nov 16, 2026 3:02 pm", after: str = "") -> str:
    return (
        '<div id="p75" class="post bg2"><div class="inner"><div class="postbody">'
        '<h3 class="first"><a href="#p75">Kettles</a></h3><p class="author"><a href="./viewtopic.php?p=75#p75">'
        f'<img alt="Post" /></a>by <strong><a href="u">May 5, 2020</a></strong> &raquo; {time} </p>'
        f'<div class="content">{message}</div>{after}</div>'
        '<dl class="postprofile" id="profile75"><dt><a href="u">May 5, 2020</a></dt></dl></div></div>'
    )


@pytest.mark.parametrize(
    ("zone", "summer", "winter"),
    [
        ('<span title="Europe/Berlin">UTC+01:00</span>', 13, 14),
        ('<span title="No/Such_Zone">UTC+01:00</span>', 14, 14),
        ("UTC + 1 hour", 14, 14),
        ("UTC + 1 hour [ <abbr>DST</abbr> ]", 13, 13),
        ("UTC - 5 hours", 20, 20),
        ("UTC", 15, 15),
    ],
)
def test_times_are_placed_by_the_zone_that_the_page_names(zone: str, summer: int, winter: int) -> None:
    for written, hour in (("Thu Jul 16, 2026 3:02 pm", summer), ("Mon Nov 16, 2026 3:02 pm", winter)):
        [only] = read(phpbb.ENGINE, TOPIC, page(post(time=written), zone=zone)).posts
        assert only.posted_at is not None
        assert (only.posted_at.hour, only.posted_at.minute, only.posted_at_raw) == (hour, 2, None)


def test_yesterday_is_the_boards_yesterday() -> None:
    [only] = read(phpbb.ENGINE, TOPIC, page(post(time="Yesterday, 11:34 pm"), zone="UTC + 13 hours")).posts
    assert only.posted_at == datetime(2026, 11, 25, 10, 34, tzinfo=UTC)


def test_a_post_of_phpbb_3_0() -> None:
    edited = (
        '<div class="notice">Last edited by <a href="u">May 5, 2020</a> on Tue Nov 17, 2026 10:30 am, '
        'edited 2 times in total.<br /><strong>Reason:</strong> <em>lid</em></div><div class="signature">tea</div>'
    )
    [only] = read(phpbb.ENGINE, TOPIC, page(post(after=edited))).posts
    assert (only.name, only.number, only.subject, only.text) == ("May 5, 2020", 75, "Kettles", "Hello")
    assert (only.board, only.thread, only.url, only.op) == ("Tea", 25, f"{URL}#p75", True)
    assert only.posted_at == datetime(2026, 11, 16, 15, 2, tzinfo=UTC)
    assert only.edited_at == datetime(2026, 11, 17, 10, 30, tzinfo=UTC)


def test_a_bumped_post_was_not_edited() -> None:
    bumped = '<div class="notice"><br /><br />Last bumped by <a href="u">A</a> on Tue Nov 17, 2026 10:30 am.</div>'
    [only] = read(phpbb.ENGINE, TOPIC, page(post(after=bumped))).posts
    assert only.edited_at is None


def test_labels_are_left_out_and_words_that_were_typed_stay() -> None:
    quoted = "<blockquote><div><cite>A wrote:</cite>not mine</div></blockquote>"
    code = '<dl class="codebox"><dt>Code: <a href="#">Select all</a></dt><dd><code>if a:<br />&nbsp; b</code></dd></dl>'
    spoilers = "<details><summary>Spoiler</summary>lid</details><details><summary>The end</summary>cup</details>"
    [only] = read(phpbb.ENGINE, TOPIC, page(post(f"one\n{quoted}\ntwo{code}{spoilers}"))).posts
    assert only.text == "one\ntwo\nif a:\n  b\nlid\nThe end\ncup"


def test_a_link_that_the_page_cut_short_is_written_out() -> None:
    href = "https://newboard.example/a/very/long/way/to/the/last/of/all/pages/index.html"
    link = f'<a class="postlink" href="{href}">https://newboard.example/a/very/long/wa ... index.html</a>'
    [only] = read(phpbb.ENGINE, TOPIC, page(post(link))).posts
    assert (only.text, [link.url for link in only.links]) == (href, [href])


def test_pictures_lead_somewhere_and_smilies_do_not() -> None:
    pictures = (
        '<img src="http://pictures.example/a.png" alt="Image" /><img src="./images/smilies/s.gif" alt=":)" />'
        '<img class="emoji smilies" src="//cdn.example/1.svg" alt="&#x1F375;" />'
    )
    [only] = read(phpbb.ENGINE, TOPIC, page(post(pictures))).posts
    assert (only.text, [link.url for link in only.links]) == (":)\U0001f375", ["http://pictures.example/a.png"])


BAR = (
    '<div class="pagination">27 posts <a href="#">Page <strong>2</strong> of <strong>3</strong></a> <span>'
    '<a href="./viewtopic.php?f=2&amp;t=25">1</a><strong>2</strong>'
    '<a href="./viewtopic.php?f=2&amp;t=25&amp;start=20">3</a></span></div>'
)


def test_a_topic_found_by_one_of_its_posts_is_named_as_a_topic() -> None:
    document = page(BAR + post(), "http://pier.example/viewtopic.php?p=75&sid=0a#p75")
    ref = kind_of(phpbb.ENGINE, document)
    assert ref is not None
    assert (ref.kind, ref.thread, ref.part) == ("thread", 25, 2)
    parsed = read(phpbb.ENGINE, ref, document)
    assert [page.url for page in parsed.pages] == [URL, f"{URL}&start=20"]
    assert (parsed.posts[0].url, parsed.posts[0].op) == (f"{URL}&start=10#p75", False)


def test_one_topic_one_forum_or_the_index_as_a_source() -> None:
    entries = [
        f"{URL}&f=2&start=20", "http://pier.example/b/viewforum.php?f=2&sid=0a", "http://pier.example/kettles-t25-10.html",
        "http://pier.example/viewtopic.php?p=75#p75", "http://pier.example/",
    ]  # fmt: skip
    refs = [ref for url in entries for ref in phpbb.ENGINE.entry(url)]
    assert [(ref.kind, ref.url, ref.thread) for ref in refs] == [
        ("thread", URL, 25), ("index", "http://pier.example/b/viewforum.php?f=2", None),
        ("thread", "http://pier.example/kettles-t25.html", 25),
        ("thread", "http://pier.example/viewtopic.php?p=75", None), ("entry", "http://pier.example/", None),
    ]  # fmt: skip


def row(number: int, kind: str = "", icon: str = "topic_read", style: str = "") -> str:
    return (
        f'<li class="row bg1 {kind}"><dl class="icon {icon}" style="{style}"><dt>'
        f'<a href="./viewtopic.php?f=2&amp;t={number}&amp;sid=0a" class="topictitle">T</a>'
        f'<strong class="pagination"><span><a href="./viewtopic.php?f=2&amp;t={number}&amp;start=40">5</a></span></strong>'
        '</dt><dd class="posts">41 <dfn>Replies</dfn></dd><dd class="lastpost"><span>'
        '<a href="u">A</a> <a href="./viewtopic.php?f=2&amp;p=9#p9"><img /></a><br />Today, 3:02 pm</span></dd></dl></li>'
    )


def test_a_list_tells_what_is_sticky_locked_or_moved_in_old_versions_too() -> None:
    locked = "background-image: url(./styles/prosilver/imageset/topic_read_locked.gif)"
    rows = (
        row(4, "sticky", "sticky_read_locked") + row(5, "announce") + row(6, style=locked) + row(7, icon="topic_moved")
    )
    url = "http://pier.example/viewforum.php?f=2"
    parsed = read(phpbb.ENGINE, PageRef(url, "index"), page(f'<ul class="topiclist topics">{rows}</ul>', url))
    assert [(ref.thread, ref.hint) for ref in parsed.pages] == [
        (4, "41 Replies, p9, sticky, locked"), (5, "41 Replies, p9, sticky"), (6, "41 Replies, p9, locked"),
    ]  # fmt: skip
    assert (parsed.parts, parsed.lists_board) == (1, "Tea")


SUBSILVER = (
    '<html><body class="ltr"><p class="breadcrumbs"><a href="./viewforum.php?f=2">Tea</a></p>'
    '<p class="datetime">All times are UTC + 2 hours</p>{}</body></html>'
)


def test_a_topic_in_subsilver2() -> None:
    bar = (
        '<td class="nav">Page <strong>1</strong> of <strong>2</strong></td><td class="gensmall"><b><strong>1</strong>'
        '<a href="./viewtopic.php?f=2&amp;t=25&amp;start=10">2</a></b></td>'
    )
    post = (
        '<table class="tablebg"><tr><td><a name="p75"></a><b class="postauthor">Keeper</b></td><td><table><tr><td '
        'class="gensmall"><div>&nbsp;<b>Subject:</b> <a href="#p75">Kettles</a></div><div><b>Posted:</b> Mon Nov 16, '
        '2026 3:02 pm&nbsp;</div></td></tr></table></td></tr><tr><td class="profile"></td><td><table><tr><td><div '
        'class="postbody">one<div class="quotetitle">A wrote:</div><div class="quotecontent">not mine</div>two<div '
        'class="codetitle"><b>Code:</b></div><div class="codecontent">if a:<br />&nbsp; b</div></div><div '
        'class="postbody"><br />_________________<br />at <a href="https://two.example/">mine</a></div><br /><span '
        'class="gensmall">Last edited by A on Tue Nov 17, 2026 10:30 am</span></td></tr></table></td></tr></table>'
    )
    html = SUBSILVER.format(f"<table><tr>{bar}</tr></table>{post}")
    parsed = read(phpbb.ENGINE, TOPIC, Document(URL, html.encode(), "text/html"))
    [only] = parsed.posts
    assert (only.name, only.number, only.subject, only.board) == ("Keeper", 75, "Kettles", "Tea")
    assert only.text == "one\ntwo\nif a:\n  b"
    assert [(link.host, link.signature) for link in only.links] == [("two.example", True)]
    assert only.posted_at == datetime(2026, 11, 16, 13, 2, tzinfo=UTC)
    assert only.edited_at == datetime(2026, 11, 17, 8, 30, tzinfo=UTC)
    assert [page.url for page in parsed.pages] == [f"{URL}&start=10"]


def test_a_list_in_subsilver2() -> None:
    def row(number: int, icon: str) -> str:
        return (
            f'<tr><td><img src="./styles/subsilver2/imageset/{icon}.gif" /></td><td class="row1"><a class="topictitle" '
            f'href="./viewtopic.php?f=2&amp;t={number}">T</a></td><td><p class="topicdetails">5</p></td><td><p '
            'class="topicdetails">Today</p><p class="topicdetails"><a href="./viewtopic.php?p=9#p9"></a></p></td></tr>'
        )

    rows = row(4, "sticky_read_locked") + row(5, "announce_read") + row(6, "topic_read") + row(7, "topic_moved")
    html = SUBSILVER.format(f'<table class="tablebg">{rows}</table>')
    ref = PageRef("http://pier.example/viewforum.php?f=2", "index")
    parsed = read(phpbb.ENGINE, ref, Document(ref.url, html.encode(), "text/html"))
    hints = [(page.thread, page.hint) for page in parsed.pages]
    assert hints == [(4, "p9, sticky, locked"), (5, "p9, sticky"), (6, "p9")]
    assert parsed.lists_board == "Tea"


def test_a_print_view_is_a_copy() -> None:
    ref = kind_of(phpbb.ENGINE, page("", f"{URL}&view=print"))
    assert ref is not None
    assert (ref.kind, ref.thread) == ("copy", 25)


def test_a_topic_that_does_not_exist_is_gone() -> None:
    said = '<div class="panel" id="message"><h2>Information</h2><p>The requested topic does not exist.</p></div>'
    with pytest.raises(GonePage, match="does not exist"):
        read(phpbb.ENGINE, TOPIC, page(said))


@pytest.mark.parametrize(
    "said",
    [
        '<form id="login"><p>You are not authorised to read this forum.</p><input type="password" /></form>',
        '<form id="login_forum"><p>To view this forum you must enter its password.</p></form>',
        '<div id="message"><p>Sorry but this board is currently unavailable.</p></div>',
    ],
)
def test_any_other_message_is_a_closed_door_and_deletes_nothing(said: str) -> None:
    for ref in (TOPIC, PageRef("http://pier.example/viewforum.php?f=2", "index")):
        with pytest.raises(ClosedPage, match="the board says"):
            read(phpbb.ENGINE, ref, page(said, ref.url))

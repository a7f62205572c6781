"""SMF: what differs from board to board: clocks and seasons, versions, addresses, closed doors."""

from datetime import UTC, datetime

import pytest

from core.records import PageRef
from crawler.engines import smf
from crawler.errors import ClosedPage
from crawler.page import Document
from crawler.reading import kind_of, read

BOARD = "http://wheel.example/forum/index.php"
URL = f"{BOARD}?topic=40.0"
TOPIC = PageRef(URL, "thread", "Tea", 40)
CLOCK = '<div class="user"><time datetime="2026-11-25T12:50:45Z">Nov 25, 2026, 07:50 AM</time></div>'


def page(content: str, url: str = URL, *, clock: str = CLOCK, head: str = "") -> Document:
    html = (
        f'<html><head>{head}</head><body>{clock}<div class="navigate_section"><ul><li><a href="{BOARD}">Wheel</a></li>'
        f'<li><a href="{BOARD}#c1">All</a></li><li><a href="{BOARD}?PHPSESSID=a;board=12.0">Tea</a></li>'
        f'<li class="last"><a href="{BOARD}?topic=40.0"><span>Kettles</span></a></li></ul></div>{content}</body></html>'
    )
    at = datetime(2026, 11, 25, 12, 51, tzinfo=UTC)
    return Document(url, html.encode(), "text/html; charset=utf-8", fetched_at=at)


def post(message: str = "Hello", time: str = "Nov 16, 2026, 09:02 AM", edited: str = "", after: str = "") -> str:
    return (
        '<div class="windowbg" id="msg132"><div class="post_wrapper"><div class="poster"><h4><a href="u">Keeper</a></h4>'
        f'</div><div class="postarea"><div class="keyinfo"><div id="subject_132"><a href="{BOARD}?msg=132">Kettles</a>'
        f'</div><div class="postinfo"><a class="smalltext" href="{BOARD}?msg=132">{time}</a><span id="modified_132">'
        f'{edited}</span></div></div><div class="post"><div class="inner" id="msg_132">{message}</div></div>{after}</div>'
        '</div></div>'
    )  # fmt: skip


def at(day: int, hour: int, minute: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("time", "moment"),
    [
        ("Nov 16, 2026, 09:02 AM", at(16, 14, 2)),
        ("<strong>Today</strong> at 06:27 AM", at(25, 11, 27)),
        ("<strong>Yesterday</strong> at 09:15 PM", at(25, 2, 15)),
        ("Nov 01, 2026, 09:02 AM", at(1, 14, 2)),
        ("Oct 31, 2026, 09:02 AM", None),
    ],
)
def test_times_are_placed_by_the_boards_clock_as_far_back_as_clocks_were_not_changed(
    time: str, moment: datetime | None
) -> None:
    [only] = read(smf.ENGINE, TOPIC, page(post(time=time))).posts
    assert (only.posted_at, only.posted_at_raw) == (moment, None if moment else time)


@pytest.mark.parametrize(("clock", "hour"), [("12:50 PM", 9), ("03:50 PM", 6)])
def test_where_no_clocks_are_changed_no_season_is_in_doubt(clock: str, hour: int) -> None:
    shown = CLOCK.replace("07:50 AM", clock)
    [only] = read(smf.ENGINE, TOPIC, page(post(time="Jul 16, 2026, 09:02 AM"), clock=shown)).posts
    assert only.posted_at == at(16, hour, 2, month=7)


def test_a_post_its_edit_and_its_signature() -> None:
    edited = (
        '<span class="lastedit">Last Edit</span>: Nov 17, 2026, 04:30 AM by May 5, 2020&nbsp;<span>Reason</span>: lid'
    )
    signature = '<div class="signature" id="msg_132_signature">at <a href="https://two.example/">mine</a></div>'
    [only] = read(smf.ENGINE, TOPIC, page(post(edited=edited, after=signature))).posts
    assert (only.name, only.number, only.subject, only.text) == ("Keeper", 132, "Kettles", "Hello")
    assert (only.board, only.thread, only.url, only.op) == ("Tea", 40, f"{URL}#msg132", True)
    assert (only.posted_at, only.edited_at) == (at(16, 14, 2), at(17, 9, 30))
    assert [(link.url, link.signature) for link in only.links] == [("https://two.example/", True)]


def test_what_was_made_a_link_only_in_part_leads_where_the_text_does() -> None:
    half = '<a href="hxxps://mirror" class="bbc_link">hxxps://mirror</a>[.]test/tea, <a href="//two.example">two.example</a>'
    [only] = read(smf.ENGINE, TOPIC, page(post(half))).posts
    assert only.text == "hxxps://mirror[.]test/tea, two.example"
    assert [link.url for link in only.links] == ["https://mirror.test/tea", "https://two.example/"]


def test_code_and_doubled_spaces_are_as_typed() -> None:
    code = '<div class="codeheader">Code <a>Select</a></div><code class="bbc_code">if a:<br>&nbsp; &nbsp; b<br></code>'
    [only] = read(smf.ENGINE, TOPIC, page(post(f"two&nbsp; spaces{code}end"))).posts
    assert only.text == "two  spaces\nif a:\n    b\nend"


def test_a_post_of_smf_2_0() -> None:
    inner = '<a href="topic=40.msg7#msg7">Quote from: B on Today at 01:00:00 AM</a>'
    quoted = (
        f'<div class="quoteheader"><div class="topslice_quote"><a href="{BOARD}?topic=40.msg9#msg9">Quote from: A</a></div>'
        f'</div><blockquote class="bbc_standard_quote"><div class="quoteheader">{inner}</div><blockquote>in</blockquote>out'
        '</blockquote><div class="quotefooter"><div class="botslice_quote"></div></div>'
    )
    html = (
        '<a id="msg132"></a><div class="windowbg"><div class="post_wrapper"><div class="poster"><h4><a href="pm"><img '
        'alt="Offline" /></a> <a href="u">Keeper</a></h4></div><div class="postarea"><div class="keyinfo"><h5 '
        f'id="subject_132"><a href="{URL}">Re: Kettles</a></h5><div class="smalltext">&#171; <strong>Reply #1 on:</strong> '
        f'November 16, 2026, 02:02:09 PM &#187;</div></div><div class="post"><div class="inner" id="msg_132">one<br />{quoted}'
        '<br />two</div></div></div><div class="attachments smalltext" id="msg_132_footer"><a href="?action=dlattach;'
        'attach=1;image" id="link_1"><img /></a><br /><a href="?action=dlattach;attach=1"><img />&nbsp;a b.png</a> (1 kB)'
        '</div><div class="smalltext modified" id="modified_132">&#171; <em>Last Edit: November 17, 2026, 09:30:00 AM by '
        'Keeper</em> &#187;</div></div></div>'
    )  # fmt: skip
    [only] = read(smf.ENGINE, TOPIC, page(html, clock="")).posts
    assert (only.name, only.number, only.subject, only.text) == ("Keeper", 132, "Re: Kettles", "one\n\ntwo")
    assert (only.quotes, [file.filename for file in only.attachments]) == ((9,), ["a b.png"])
    assert (only.posted_at, only.edited_at) == (datetime(2026, 11, 16, 14, 2, 9, tzinfo=UTC), at(17, 9, 30))


def test_a_list_of_smf_2_0() -> None:
    def row(number: int, shade: str, icon: str = "xx") -> str:
        return (
            f'<tr><td class="icon1 {shade}"></td><td class="icon2"><img src="i/post/{icon}.gif" /></td><td class="subject '
            f'{shade}2"><span id="msg_{number}"><a href="{BOARD}?topic={number}.0">T</a></span><small id="pages{number}">'
            f'<a class="navPages" href="{BOARD}?topic={number}.15">2</a></small></td><td class="stats">5 Replies<br />90 '
            f'Views</td><td class="lastpost"><a href="{BOARD}?topic={number}.msg9#new"><img /></a> Today</td></tr>'
        )

    rows = row(4, "stickybg locked_sticky") + row(5, "lockedbg") + row(6, "windowbg") + row(7, "windowbg", "moved")
    bar = '<div class="pagelinks">Pages: [<strong>1</strong>] <a href="#bot"><strong>Go Down</strong></a></div>'
    url = f"{BOARD}?board=12.0"
    table = f'{bar}<div id="messageindex"><table><tr class="catbg"><th>Subject</th></tr>{rows}</table></div>'
    parsed = read(smf.ENGINE, PageRef(url, "index"), page(table, url))
    assert [(ref.thread, ref.hint) for ref in parsed.pages] == [
        (4, "5 Replies, sticky, locked"), (5, "5 Replies, locked"), (6, "5 Replies"),
    ]  # fmt: skip
    assert (parsed.parts, parsed.lists_board) == (1, "Tea")


BAR = (
    '<div class="pagelinks"><a href="#bot">Go Down</a> <span class="pages">Pages</span>'
    f'<a class="nav_page" href="{URL}">1</a> <span class="current_page">2</span></div>'
)


def test_a_topic_found_by_one_of_its_posts_is_named_as_a_topic() -> None:
    head = f'<link rel="canonical" href="{BOARD}?topic=40.15">'
    for url in (f"{BOARD}?topic=40.msg132#msg132", f"{BOARD}?msg=132", f"{BOARD}?PHPSESSID=a;topic=40.15"):
        document = page(BAR + post(), url, head=head)
        ref = kind_of(smf.ENGINE, document)
        assert ref is not None
        assert (ref.kind, ref.thread, ref.part) == ("thread", 40, 2)
        parsed = read(smf.ENGINE, ref, document)
        assert [page.url for page in parsed.pages] == [URL]
        assert (parsed.posts[0].url, parsed.posts[0].op) == (f"{BOARD}?topic=40.15#msg132", False)


def test_one_topic_one_board_or_the_index_as_a_source() -> None:
    urls = (
        f"{URL[:-2]}.new#new",
        f"{BOARD}?board=12.20",
        f"{BOARD}/topic,40.15.html",
        f"{BOARD}/board,12.0.html",
        BOARD,
    )
    refs = [ref for url in urls for ref in smf.ENGINE.entry(url)]
    assert [(ref.kind, ref.url, ref.thread) for ref in refs] == [
        ("thread", URL, 40), ("index", f"{BOARD}?board=12.0", None), ("thread", f"{BOARD}/topic,40.0.html", 40),
        ("index", f"{BOARD}/board,12.0.html", None), ("entry", BOARD, None),
    ]  # fmt: skip


def test_print_and_lite_views_are_copies() -> None:
    for query in ("action=printpage;topic=40.0", "topic=40.0;action=printpage", "topic=40.0;wap2"):
        ref = kind_of(smf.ENGINE, page("", f"{BOARD}?{query}"))
        assert ref is not None
        assert (ref.kind, ref.thread) == ("copy", 40)


@pytest.mark.parametrize(
    "said",
    [
        '<form id="frmLogin"><p class="information">The topic appears to be either missing or off limits.</p></form>',
        '<div id="fatal_error"><h3>An Error Has Occurred!</h3><div class="padding">Something else.</div></div>',
    ],
)
def test_any_message_is_a_closed_door_and_deletes_nothing(said: str) -> None:
    for ref in (TOPIC, PageRef(f"{BOARD}?board=12.0", "index")):
        with pytest.raises(ClosedPage, match="the board says"):
            read(smf.ENGINE, ref, page(said, ref.url))

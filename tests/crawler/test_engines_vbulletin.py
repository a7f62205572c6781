"""vBulletin: pages of version 3.8, addresses, zones, closed doors."""

from datetime import UTC, datetime

import pytest

from core.records import PageRef
from crawler.engines import vbulletin
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.page import Document
from crawler.reading import kind_of, read

URL = "http://old-pier.example/showthread.php?t=4"
THREAD = PageRef(URL, "thread", "Tea & talk", 4)
FETCHED = datetime(2026, 11, 24, 2, 6, 30, tzinfo=UTC)
FOOTER = "All times are GMT -5. The time now is <span class='time'>09:06 PM</span>."


def page(content: str, url: str = URL, *, footer: str = FOOTER, at: datetime | None = FETCHED) -> Document:
    html = (
        '<html><head></head><body><ul id="breadcrumb"><li class="navbit"><a href="forumdisplay.php?5-Tea">Tea &amp; talk</a></li></ul>'
        '<div id="pagetitle"><h1><span class="threadtitle"><a href="showthread.php?4-Kettles">Kettles</a></span></h1></div>'
        f'{content}<div id="footer_time">{footer}</div></body></html>'
    )
    return Document(url, html.encode(), "text/html; charset=utf-8", fetched_at=at)


def post(message: str = "Hello", *, date: str = "11-22-2026,&nbsp;<span class='time'>08:05 AM</span>") -> str:
    return (
        f'<li class="postbit postcontainer" id="post_9"><div class="posthead"><span class="date">{date}</span></div>'
        '<div class="username_container"><a class="username" href="member.php?2"><strong>Keeper</strong></a></div>'
        f'<div id="post_message_9"><blockquote class="postcontent restore">\n\t{message}\n</blockquote></div></li>'
    )


def old_page(content: str) -> Document:
    html = (
        '<html><body><span class="navbar">&gt; <a href="forumdisplay.php?f=5">Tea &amp; talk</a></span>'
        '<td class="navbar"><strong> Kettles </strong></td>'
        f'{content}<div class="smallfont" align="center">{FOOTER}</div></body></html>'
    )
    return Document(URL, html.encode(), "text/html; charset=utf-8", fetched_at=FETCHED)


OLD_POST = """<table class="tborder" id="post9"><tr>
<td class="thead">
  <!-- status icon and date -->
  <a name="post9"><img class="inlineimg" src="images/statusicon/post_old.gif" alt="" /></a>
  Yesterday, 08:05 AM
</td><td class="thead">#<a href="showpost.php?p=9">1</a></td></tr>
<tr><td class="alt2"><div id="postmenu_9"><a class="bigusername" href="member.php?u=2">Keeper</a></div></td>
<td class="alt1" id="td_post_9"><div class="smallfont"><strong>Kettles</strong></div>
<div id="post_message_9"><div style="margin:20px; margin-top:5px; "><div class="smallfont">Quote:</div>
<table><tr><td class="alt2"><div>Originally Posted by <strong>Wren</strong>
<a href="showthread.php?p=3#post3"><img class="inlineimg" alt="View Post" /></a></div><div>theirs</div></td></tr></table>
</div>Mine<br />
<div style="margin:20px; margin-top:5px"><div class="smallfont">Code:</div><pre class="alt2">a
  b</pre></div></div>
<div>__________________<br />at https://two.example/</div>
<div class="smallfont"><hr /><em>Last edited by Keeper; Today at <span class="time">01:02 PM</span>..</em></div>
</td></tr></table>"""


def test_a_post_of_version_3_8() -> None:
    document = old_page(OLD_POST)
    assert vbulletin.ENGINE.recognise(document) >= 0.5
    [only] = read(vbulletin.ENGINE, THREAD, document).posts
    assert (only.board, only.thread, only.number, only.name) == ("Tea & talk", 4, 9, "Keeper")
    assert (only.text, only.quotes, only.subject) == ("Mine\na\n  b", (3,), "Kettles")
    assert only.posted_at == datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
    assert only.edited_at == datetime(2026, 11, 23, 18, 2, tzinfo=UTC)
    assert [(link.url, link.signature) for link in only.links] == [("https://two.example/", True)]


def test_a_list_of_version_3_8() -> None:
    row = (
        '<tr><td class="alt1" id="td_threadtitle_4"><img src="images/misc/sticky.gif" alt="Sticky Thread" />'
        '<a href="showthread.php?t=4" id="thread_title_4">Kettles</a></td><td><div class="smallfont">Today '
        '<a href="showthread.php?p=12#post12">go</a></div></td><td><a href="#" onclick="who(4)">7</a></td></tr>'
    )
    url = "http://old-pier.example/forumdisplay.php?f=5"
    document = Document(url, old_page(f"<table id='threadslist'>{row}</table>").body, "text/html")
    assert vbulletin.ENGINE.recognise(document) >= 0.5
    parsed = read(vbulletin.ENGINE, PageRef(url, "index"), document)
    assert [(topic.url, topic.thread, topic.hint) for topic in parsed.pages] == [(URL, 4, "post12, 7, sticky")]


@pytest.mark.parametrize(("days", "board"), [("-1", "Tea & talk"), ("30", None)])
def test_a_list_of_the_last_days_does_not_name_every_thread(days: str, board: str | None) -> None:
    content = (
        '<ol id="threads"><li class="threadbit" id="thread_4"><a id="thread_title_4" href="showthread.php?4-K">K</a></li></ol>'
        f'<select name="daysprune"><option value="1">Day</option><option value="{days}" selected="selected">D</option></select>'
    )
    url = "http://old-pier.example/forumdisplay.php?5-Tea"
    assert read(vbulletin.ENGINE, PageRef(url, "index"), page(content, url)).lists_board == board


@pytest.mark.parametrize(
    ("footer", "written", "hour"),
    [
        (FOOTER, "Today, 08:05 AM", datetime(2026, 11, 23, 13, 5, tzinfo=UTC)),
        ("All times are GMT. The time now is 02:06 AM.", "Today, 01:05 AM", datetime(2026, 11, 24, 1, 5, tzinfo=UTC)),
        ("All times are GMT +5.5. The time now is 07:36 AM.", "Today, 01:05 AM", datetime(2026, 11, 23, 19, 35, tzinfo=UTC)),
        ("All times are GMT+5:30. The time now is 07:36 AM.", "Today, 01:05 AM", datetime(2026, 11, 23, 19, 35, tzinfo=UTC)),
        ("Alle Zeitangaben in WEZ +1. Es ist jetzt 03:06 Uhr.", "02.11.2026, 08:05", datetime(2026, 11, 2, 7, 5, tzinfo=UTC)),
        ("All times are GMT. The time now is 11:58 PM.", "Today, 11:05 PM", datetime(2026, 11, 23, 23, 5, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_times_are_placed_by_the_zone_that_the_page_names(footer: str, written: str, hour: datetime) -> None:
    [only] = read(vbulletin.ENGINE, THREAD, page(post(date=written), footer=footer)).posts
    assert only.posted_at == hour


def test_without_the_time_of_fetching_today_stays_as_written() -> None:
    [only] = read(vbulletin.ENGINE, THREAD, page(post(date="Today, 08:05 AM"), at=None)).posts
    assert (only.posted_at, only.posted_at_raw) == (None, "Today, 08:05 AM")


def test_files_and_smilies_put_into_a_text() -> None:
    message = (
        'See <a href="attachment.php?attachmentid=1&amp;d=2">plan.txt</a> (812 Bytes, 3 views)'
        '<img src="images/smilies/smile.gif" alt="" title="Smile" class="inlineimg" />'
    )
    [only] = read(vbulletin.ENGINE, THREAD, page(post(message))).posts
    assert [(file.filename, file.size) for file in only.attachments] == [("plan.txt", 812)]
    assert "Smile" in only.text
    assert only.links == ()


@pytest.mark.parametrize(
    ("address", "first", "second"),
    [
        ("showthread.php?t=4&page=2", "showthread.php?t=4", "showthread.php?t=4&page=2"),
        ("showthread.php?s=ab12&t=4", "showthread.php?t=4", "showthread.php?t=4&page=2"),
        ("showthread.php?4-Kettles&p=9", "showthread.php?4-Kettles", "showthread.php?4-Kettles/page2"),
        ("forum/showthread.php/4-Kettles/page3", "forum/showthread.php/4-Kettles", "forum/showthread.php/4-Kettles/page2"),
        ("threads/4-Kettles/page2", "threads/4-Kettles", "threads/4-Kettles/page2"),
    ],
)  # fmt: skip
def test_one_address_for_each_page_of_a_thread(address: str, first: str, second: str) -> None:
    root = "http://old-pier.example/"
    [start] = vbulletin.ENGINE.entry(root + address)
    assert (start.url, start.kind, start.thread) == (root + first, "thread", 4)
    bar = '<form class="pagination"><a class="popupctrl">Page 1 of 30</a><span class="selected">1</span></form>'
    parsed = read(vbulletin.ENGINE, start, page(bar + post(), start.url))
    assert parsed.parts == 30
    assert parsed.pages[0].url == root + second


@pytest.mark.parametrize(
    ("said", "parts"), [("Page 1 of 1,234", 1234), ("Seite 1 von 1.234", 1234), ("Page 1 of 99999999999", 2)]
)
def test_numbers_of_pages_have_signs_between_thousands_or_are_none(said: str, parts: int) -> None:
    bar = (
        f'<form class="pagination"><a class="popupctrl">{said}</a><a href="showthread.php?t=4&amp;page=2">2</a></form>'
    )
    assert read(vbulletin.ENGINE, THREAD, page(bar + post())).parts == parts


def test_a_post_s_own_address_leads_to_its_thread() -> None:
    document = page(post(), "http://old-pier.example/showthread.php?p=9")
    ref = kind_of(vbulletin.ENGINE, document)
    assert ref is not None
    assert (ref.kind, ref.thread) == ("thread", 4)


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("Invalid Thread specified. If you followed a valid link, please notify the administrator", GonePage),
        ("You are not logged in or you do not have permission to access this page.", ClosedPage),
        ("", UnexpectedPage),
    ],
)
def test_a_page_without_posts_says_why(message: str, error: type[Exception]) -> None:
    content = f'<div class="standard_error"><p class="blockrow restore">{message}</p></div>'
    with pytest.raises(error):
        read(vbulletin.ENGINE, THREAD, page(content))


@pytest.mark.parametrize("base", ["http://old-pier.example/forum/", "https://mirror.example/forum/"])
def test_links_count_from_the_folder_that_a_page_names(base: str) -> None:
    content = (
        f'<base href="{base}" /><ol id="threads"><li class="threadbit" id="thread_4">'
        '<a id="thread_title_4" href="threads/4-Kettles">Kettles</a></li></ol>'
        '<form class="pagination"><span class="selected">1</span><a href="forums/5-Tea/page2">2</a></form>'
    )
    url = "http://old-pier.example/forum/forums/5-Tea"
    parsed = read(vbulletin.ENGINE, PageRef(url, "index"), page(content, url))
    assert [ref.url for ref in parsed.pages] == ["http://old-pier.example/forum/threads/4-Kettles", f"{url}/page2"]


def test_dates_that_lie_ahead_in_one_order_are_read_in_the_other() -> None:
    [only] = read(vbulletin.ENGINE, THREAD, page(post(date="02-12-2026, 08:05 AM"))).posts
    assert only.posted_at == datetime(2026, 2, 12, 13, 5, tzinfo=UTC)
    [only] = read(vbulletin.ENGINE, THREAD, page(post(date="12-02-2026, 08:05 AM"))).posts
    assert only.posted_at == datetime(2026, 2, 12, 13, 5, tzinfo=UTC)


def test_a_print_view_is_a_copy() -> None:
    ref = kind_of(vbulletin.ENGINE, page("", "http://old-pier.example/printthread.php?t=4&pp=10"))
    assert ref is not None
    assert (ref.kind, ref.thread) == ("copy", 4)

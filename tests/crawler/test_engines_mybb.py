"""MyBB: what differs from board to board: times, zones, addresses, themes, languages, closed doors."""

from datetime import UTC, datetime

import pytest

from core.records import PageRef
from crawler.dates import BoardClock
from crawler.engines import mybb
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.page import Document
from crawler.reading import read


def utc(year: int, month: int, day: int, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


URL = "http://old-pier.example/showthread.php?tid=4"
TOPIC = PageRef(URL, "thread", "Tea & talk", 4)
FETCHED = utc(2026, 11, 23, 19, 6, 30)


def page(content: str, url: str = URL, *, now: str = "11-23-2026, 07:06 PM", at: datetime | None = FETCHED) -> Document:
    html = (
        '<html><head></head><body><div id="content"><div class="navigation"><a href="index.php">Old pier</a>'
        '<a href="forumdisplay.php?fid=2">Pier</a> <a href="forumdisplay.php?fid=5">Tea &amp;amp; talk</a>'
        f'<span class="active">Kettles &amp; pots</span></div>{content}</div>'
        f'<span id="current_time"><strong>Current time:</strong> {now}</span></body></html>'
    )
    return Document(url, html.encode(), "text/html; charset=utf-8", fetched_at=at)


def post(message: str = "Hello", *, number: int = 9, date: str = "11-22-2026, 08:05 AM", after: str = "") -> str:
    return (
        f'<div class="post" id="post_{number}">'
        '<div class="author_information"><span class="largetext">Keeper</span></div>'
        f'<span class="post_date">{date} <span class="post_edit" id="edited_by_{number}"></span></span>'
        f'<div class="post_body" id="pid_{number}">\n\t\t{message}\n\t</div>{after}</div>'
    )


def test_a_post_and_where_it_stands() -> None:
    [only] = read(mybb.ENGINE, TOPIC, page(post())).posts
    assert (only.board, only.thread, only.number, only.op) == ("Tea & talk", 4, 9, True)
    assert (only.name, only.text, only.subject) == ("Keeper", "Hello", "Kettles & pots")
    assert (only.url, only.posted_at) == (f"{URL}#pid9", utc(2026, 11, 22, 8, 5))


@pytest.mark.parametrize(
    ("now", "written", "moment"),
    [
        ("11-23-2026, 07:06 PM", "11-02-2026, 08:05 AM", utc(2026, 11, 2, 8, 5)),
        ("23-11-2026, 19:06", "02-11-2026, 08:05", utc(2026, 11, 2, 8, 5)),
        ("23.11.2026, 20:06", "02.11.2026, 08:05", utc(2026, 11, 2, 7, 5)),
        ("2026-11-23 14:06", "2026-11-02 08:05", utc(2026, 11, 2, 13, 5)),
        ("11/24/2026, 12:51 AM", "11/02/2026, 08:05 AM", utc(2026, 11, 2, 2, 20)),
        ("November 23rd, 2026, 07:06 PM", "November 2nd, 2026, 08:05 AM", utc(2026, 11, 2, 8, 5)),
        ("23 Nov 2026, 19:06", "2 Nov 2026, 08:05:09", utc(2026, 11, 2, 8, 5, 9)),
        (
            "11-23-2026, 07:06 PM",
            '<i><span title="11-23-2026, 06:54 PM">1 hour ago</span></i>',
            utc(2026, 11, 23, 18, 54),
        ),
        ("11-23-2026, 07:06 PM", '<span title="11-22-2026">Yesterday</span>, 11:34 PM', utc(2026, 11, 22, 23, 34)),
        ("11-23-2026, 07:06 PM", "Yesterday, 11:34 PM", utc(2026, 11, 22, 23, 34)),
        ("11-23-2026, 07:06 PM", "Today, 12:34 AM", utc(2026, 11, 23, 0, 34)),
        ("11-23-2026, 07:06 PM", "2 hours ago", utc(2026, 11, 23, 17, 6)),
        ("11-23-2026, 03:21 PM", "11-02-2026, 08:05 AM", None),
        ("01-02-2026, 07:06 PM", "11-02-2026, 08:05 AM", None),
        ("11-23-2026, 07:06 PM", "32-32-2026, 08:05 AM", None),
        ("11-23-2026, 07:06 PM", "neulich", None),
    ],
)
def test_a_time_is_placed_by_what_the_page_tells_of_its_clock_or_left_as_written(
    now: str, written: str, moment: datetime | None
) -> None:
    [only] = read(mybb.ENGINE, TOPIC, page(post(date=written), now=now)).posts
    assert only.posted_at == moment
    assert (only.posted_at_raw is None) == (moment is not None)


def test_without_the_time_of_fetching_nothing_contradicts_utc() -> None:
    [only] = read(mybb.ENGINE, TOPIC, page(post(date="11-13-2026, 08:05 AM"), at=None)).posts
    assert only.posted_at == utc(2026, 11, 13, 8, 5)


def test_dates_that_could_be_read_either_way_are_read_as_others_on_the_page_must_be() -> None:
    clock = BoardClock.of(["05/11/2026, 08:05", "23/11/2026, 08:05"], None, None)
    assert clock.place("05/11/2026, 08:05") == utc(2026, 11, 5, 8, 5)
    assert BoardClock.of(["05/11/2026, 08:05"], None, None).place("05/11/2026, 08:05") is None


def test_quoted_words_and_signatures_are_not_the_authors_own() -> None:
    quoted = (
        '<blockquote class="mycode_quote"><cite><span> (11-21-2026)</span>A Wrote:  '
        '<a href="showthread.php?pid=3#pid3"></a></cite>'
        '<blockquote><cite>B Wrote: <a href="showthread.php?pid=1#pid1"></a></cite>inner</blockquote>outer</blockquote>'
    )
    after = '<div class="signature">at https://two.example/</div>'
    [only] = read(mybb.ENGINE, TOPIC, page(post(f"{quoted}Mine<br />\nand more", after=after))).posts
    assert (only.text, only.quotes) == ("Mine\nand more", (3,))
    assert [(link.url, link.signature) for link in only.links] == [("https://two.example/", True)]


def test_code_keeps_its_lines_and_spaces() -> None:
    code = (
        'Look:<br />\n<div class="codeblock"><div class="title">Code:</div><div class="body"><code>if a:<br />\n'
        "&nbsp;&nbsp;&nbsp;&nbsp;b&nbsp;&nbsp;# c</code></div></div>done"
    )
    [only] = read(mybb.ENGINE, TOPIC, page(post(code))).posts
    assert only.text == "Look:\nif a:\n    b  # c\ndone"


def test_files_listed_shown_or_put_into_the_text() -> None:
    inline = (
        'See<br /><img src="images/attachtypes/zip.png" alt=".zip" />&nbsp;&nbsp;'
        '<a href="attachment.php?aid=1">a.zip</a>'
        " (Size: 1,024 bytes / Downloads: 0) here"
    )
    listed = (
        '<fieldset><br /><a href="attachment.php?aid=2">b.txt</a> (Size: 1.5 KB / Downloads: 3)'
        '<a href="attachment.php?aid=3"><img src="attachment.php?thumbnail=3" '
        'title="Filename: c.png&#13;Size: 99 bytes&#13;Today" /></a></fieldset>'
    )
    [only] = read(mybb.ENGINE, TOPIC, page(post(inline, after=listed))).posts
    files = [(file.filename, file.size) for file in only.attachments]
    assert files == [("a.zip", 1024), ("b.txt", None), ("c.png", 99)]
    assert only.text == "See\n here"
    assert only.links == ()


def test_a_link_that_the_page_cut_short_is_written_out() -> None:
    href = "https://newboard.example/a/very/long/way/to/the/last/of/all/pages/index.html"
    link = f'<a href="{href}">https://newboard.example/a/very/long/way...index.html</a>'
    [only] = read(mybb.ENGINE, TOPIC, page(post(link))).posts
    assert only.text == href
    assert [link.url for link in only.links] == [href]


def test_a_topic_over_several_pages_hands_its_hint_to_each() -> None:
    bar = (
        '<div class="pagination"><span class="pagination_current">2</span>'
        '<a href="showthread.php?tid=4&amp;page=9" class="pagination_last">9</a></div>'
    )
    ref = PageRef(f"{URL}&page=2", "thread", "Tea & talk", 4, part=2, hint="40, x, sticky")
    parsed = read(mybb.ENGINE, ref, page(bar + post(), ref.url))
    assert parsed.parts == 9
    assert [page.part for page in parsed.pages] == [1, 3, 4, 5, 6, 7, 8, 9]
    assert [parsed.pages[0].url, parsed.pages[7].url] == [URL, f"{URL}&page=9"]
    assert {page.hint for page in parsed.pages} == {ref.hint}
    assert (parsed.posts[0].sticky, parsed.posts[0].locked, parsed.posts[0].op) == (True, False, False)


def test_a_page_that_a_topic_no_longer_has_is_not_read_as_its_first() -> None:
    ref = PageRef(f"{URL}&page=3", "thread", "Tea & talk", 4, part=3)
    parsed = read(mybb.ENGINE, ref, page(post(), ref.url))
    assert (list(parsed.posts), parsed.parts, [page.part for page in parsed.pages]) == ([], 1, [])


LIST = PageRef("http://old-pier.onion/forum/forumdisplay.php?fid=5", "index", "Tea & talk")


def row(number: int, status: str = "folder", cell: str = "", link: str | None = None) -> str:
    href = link or f"http://old-pier.example/forum/showthread.php?tid={number}&amp;sid=abc"
    return (
        f'<tr class="inline_row"><td class="{cell}"><span class="thread_status {status}"></span></td>'
        f'<td><span id="tid_{number}"><a href="{href}">T</a></span></td>'
        f'<td><a href="misc.php?action=whoposted&tid={number}">2</a></td>'
        '<td><span class="lastpost"><span title="11-22-2026">Yesterday</span>, 11:34 PM<br />'
        '<a href="x">Last Post</a></span></td></tr>'
    )


def test_a_list_names_topics_on_the_host_it_was_read_at_without_session_ids() -> None:
    table = f"<table>{row(4, 'newhotclosefolder', 'forumdisplay_sticky')}{row(6)}{row(8, 'movefolder')}</table>"
    parsed = read(mybb.ENGINE, LIST, page(table, LIST.url))
    assert [(ref.url, ref.thread, ref.hint) for ref in parsed.pages if ref.kind == "thread"] == [
        ("http://old-pier.onion/forum/showthread.php?tid=4", 4, "2, 11-22-2026, 11:34 PM, sticky, locked"),
        ("http://old-pier.onion/forum/showthread.php?tid=6", 6, "2, 11-22-2026, 11:34 PM"),
    ]
    assert parsed.lists_board == "Kettles & pots"


def test_an_address_that_is_none_does_not_cost_the_list() -> None:
    table = f'<a href="http://[">x</a><a href="http://abc[.]example/">y</a><table>{row(4)}</table>'
    assert [ref.thread for ref in read(mybb.ENGINE, LIST, page(table, LIST.url)).pages if ref.thread] == [4]


def test_addresses_made_for_search_engines() -> None:
    bar = '<p class="pagination"><span class="pagination_current">1</span><a class="pagination_last" href="x">2</a></p>'
    table = f"<table>{row(4, link='thread-4-page-3.html')}{row(6, link='Thread-Kettles?action=newpost')}</table>"
    parsed = read(mybb.ENGINE, LIST, page(bar + table, "http://old-pier.example/forum-5.html"))
    assert [ref.url for ref in parsed.pages if ref.kind == "thread"] == [
        "http://old-pier.example/thread-4.html", "http://old-pier.example/Thread-Kettles",
    ]  # fmt: skip
    assert [ref.url for ref in parsed.pages if ref.kind == "index"] == ["http://old-pier.example/forum-5-page-2.html"]
    [only] = read(mybb.ENGINE, TOPIC, page(post(), "http://old-pier.example/thread-4.html")).posts
    assert only.url == "http://old-pier.example/thread-4.html#pid9"


def test_the_tables_of_an_older_theme() -> None:
    table = (
        '<table id="post_9"><tr><td class="post_author"><strong><a href="m">Keeper</a></strong></td></tr>'
        '<tr><td class="tcat"><div>11-22-2026, 08:05 AM <span id="edited_by_9"></span></div></td></tr>'
        '<tr><td><div class="post_body" id="pid_9">Hello</div></td></tr></table>'
    )
    [only] = read(mybb.ENGINE, TOPIC, page(table)).posts
    assert (only.name, only.text, only.posted_at) == ("Keeper", "Hello", utc(2026, 11, 22, 8, 5))


def message(text: str) -> str:
    login = '<form><table><tr><td class="trow1">Username</td></tr></table></form>'
    return f'{login}<table class="tborder"><tr><td class="trow1">{text}</td></tr></table>'


@pytest.mark.parametrize("text", ["The specified thread does not exist.", "El tema especificado no existe."])
def test_a_topic_that_does_not_exist_is_gone(text: str) -> None:
    with pytest.raises(GonePage):
        read(mybb.ENGINE, TOPIC, page(message(text)))


@pytest.mark.parametrize(
    "text",
    [
        "You are either not logged in or do not have permission.",
        "This bulletin board is currently closed.",
        "Etwas ist.",
    ],
)
def test_any_other_message_is_a_closed_door_and_deletes_nothing(text: str) -> None:
    with pytest.raises(ClosedPage, match="the board says"):
        read(mybb.ENGINE, TOPIC, page(message(text)))


def test_a_page_cut_on_its_way_is_no_topic() -> None:
    whole = page(post() + post(number=10))
    cut = Document(URL, whole.body[: whole.body.index(b"pid_10")], whole.content_type)
    with pytest.raises(UnexpectedPage, match="a whole page"):
        read(mybb.ENGINE, TOPIC, cut)


def test_another_topic_than_the_one_asked_for_is_refused() -> None:
    with pytest.raises(UnexpectedPage, match="topic 4"):
        read(mybb.ENGINE, TOPIC, page(post(), URL.replace("tid=4", "tid=5")))

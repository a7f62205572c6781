"""Boards after Futaba's script: pages after the templates of Futallaby, Kusaba and 2chan, contents invented."""

from datetime import UTC, datetime

import pytest

from core.records import PageRef
from crawler.detect import detect
from crawler.engines import futaba
from crawler.errors import GonePage, PageError, UnexpectedPage
from crawler.page import Document
from crawler.reading import kind_of, read

BASE = "http://harbour.example/pier/"
THREAD = PageRef(f"{BASE}res/7.html", "thread", "pier", 7)

FUTALLABY = """<html><head><title>Pier</title></head><body><div class="logo">Pier</div><hr />
<form action="index.php" method="post" enctype="multipart/form-data"><input type="hidden" name="mode" value="regist" />
<input type="hidden" name="resto" value="7" /><textarea name="com" cols="48" rows="4"></textarea></form><hr />
<form action="index.php" method="post"><span class="filesize">File : <a href="src/1795086725159.png"
 target="_blank">1795086725159.png</a>-(1288 B)</span><a href="src/1795086725159.png"><img
 src="src/1795086725159.png" alt="1288 B" /></a><br /><input type="checkbox" name="7" value="delete" /><span
 class="filetitle">Tea</span>
Name <span class="postername"><a href="mailto:sage">Keeper</a></span> 26/11/19(Thu)11:12 No.7 &nbsp;
<blockquote>Which lid?<br /><div class="unkfunc">&gt;it is brass</div><br />See https://lids.example/ now</blockquote>
<table><tr><td class="doubledash">&gt;&gt;</td><td class="reply">
<input type="checkbox" name="9" value="delete" /><span class="replytitle"></span>
Name <span class="commentpostername">Steel !Abc12345.x</span> 26/11/19(Thu)11:40 No.9 &nbsp;
<blockquote><div class="unkfunc">&gt;&gt;7</div><br />Steel &amp; tin</blockquote></td></tr></table>
<br clear="left" /><hr /><input type="hidden" name="mode" value="usrdel" /></form></body></html>"""

KUSABA = """<html><body><form name="postform" id="postform" action="http://harbour.example/board.php" method="post">
<input type="hidden" name="board" value="pier"><input type="hidden" name="replythread" value="7">
<textarea name="message"></textarea></form><hr>
<form id="delform" action="http://harbour.example/board.php" method="post"><input type="hidden" name="board" value="pier">
<div id="thread7pier"><span class="filesize">File: <a href="http://harbour.example/pier/src/179508672512.png"
 onclick="javascript:expandimg('7');return false;">179508672512.png</a>-(1.26KB, 20x20, lid of mine.png)</span>
<span class="thumbnailmsg"> Thumbnail displayed, click image for full size.</span>
<br><a href="http://harbour.example/pier/src/179508672512.png"><span id="thumb7"><img src="/pier/thumb/179508672512s.png"
 alt="7" class="thumb"></span></a><a name="7"></a>
<label><input type="checkbox" name="delete" value="7">
<span class="filetitle">
    Tea
</span> <span class="postername">Keeper</span><span class="postertrip">!Abc12345.x</span>
<span class="admin">&#35;&#35;&nbsp;Admin&nbsp;&#35;&#35;</span> 26/11/19(Thu)11:12</label>
<span class="reflink"><a href="/pier/res/7.html#7">No.</a><a href="/pier/res/7.html#i7">7</a></span> ID: 1a2b3c
<img style="border: 0;" src="/css/sticky.gif" alt="stickied"><img style="border: 0;" src="/css/locked.gif" alt="locked">
<blockquote>
Which lid?<br>
<div style="white-space: pre !important;font-family: monospace !important;">if lid:
    whistle()</div>
<span class="spoiler" onmouseover="x">brass</span><br>
</blockquote>
<table><tbody><tr><td class="doubledash">&gt;&gt;</td><td class="reply" id="reply9"><a name="9"></a>
<label><input type="checkbox" name="delete" value="9"> <span class="postername">Steel</span> 26/11/19(Thu)11:40</label>
<span class="reflink"><a href="/pier/res/7.html#9">No.</a><a href="/pier/res/7.html#i9">9</a></span>
<blockquote>
<a href="/pier/res/7.html#7" onclick="javascript:highlight('7', true);" class="ref|pier|7|7">&gt;&gt;7</a><br>
<a href="/tea/res/3.html#5" class="ref|tea|3|5">&gt;&gt;/tea/5</a> and <a href="http://lids.example/">http://lids.example/</a>
</blockquote></td></tr></tbody></table></div><br clear="left"><hr></form></body></html>"""

NICHAN = """<html><body><form action="/pier/futaba.php" method="POST" enctype="multipart/form-data" id="fm">
<input type=hidden name="mode" value="regist"><input type=hidden name="resto" value="7"><textarea name="com"></textarea></form>
<form action="futaba.php" method=POST id="delform"><div class="thre" data-res="7">
画像ファイル名：<a href="/pier/src/1795086725159.png" target="_blank">1795086725159.png</a>-(1288 B)<br>
<a href="/pier/src/1795086725159.png"><img src="/pier/thumb/1795086725159s.jpg" alt="1288 B"></a>
<input type=checkbox name="7" value=delete id=delcheck7><span class="csb">無題</span>Name<span class="cnm">茶人</span><span
 class="cnw">26/11/19(木)20:12:05 ID:aBcD1234</span><span class="cno">No.7</span><a href="javascript:void(0);" class="sod">+</a>
<blockquote>湯を沸かす音<br>どうですか</blockquote><span class="cntd">21:12頃消えます</span>
<table border=0><tr><td class=rts>…</td><td class=rtd><span id="delcheck9" class="rsc">1</span><span
 class="csb">無題</span>Name<span class="cnm">名無し</span><span class="cnw">26/11/19(木)20:40:00</span><span
 class="cno">No.9</span><blockquote><font color="#789922">&gt;No.7</font><br>newboard.example へ</blockquote></td></tr></table>
</div><hr></form></body></html>"""


def page(body: str, url: str = THREAD.url) -> Document:
    return Document(url, body.encode(), "text/html; charset=utf-8")


def test_futallaby() -> None:
    ref = PageRef(f"{BASE}index.php?res=7", "thread", "pier", 7)
    one, two = read(futaba.ENGINE, ref, page(FUTALLABY, ref.url)).posts
    assert (one.number, one.op, one.subject, one.name, one.tripcode) == (7, True, "Tea", "Keeper", None)
    assert one.text == "Which lid?\n>it is brass\n\nSee https://lids.example/ now"
    assert one.posted_at == datetime(2026, 11, 19, 11, 12, tzinfo=UTC), "the file's name tells the zone"
    assert [(file.filename, file.size) for file in one.attachments] == [("1795086725159.png", 1288)]
    assert [link.url for link in one.links] == ["https://lids.example/"]
    assert (two.number, two.op, two.name, two.tripcode) == (9, False, "Steel", "!Abc12345.x")
    assert (two.text, two.quotes, two.thread, two.board) == (">>7\n\nSteel & tin", (7,), 7, "pier")
    assert two.posted_at == datetime(2026, 11, 19, 11, 40, tzinfo=UTC)


def test_kusaba() -> None:
    one, two = read(futaba.ENGINE, THREAD, page(KUSABA)).posts
    assert (one.number, one.subject, one.name, one.tripcode, one.capcode) == (
        7,
        "Tea",
        "Keeper",
        "!Abc12345.x",
        "Admin",
    )
    assert (one.poster_id, one.sticky, one.locked) == ("1a2b3c", True, True)
    assert one.text == "Which lid?\nif lid:\n    whistle()\nbrass"
    assert [(file.filename, file.size) for file in one.attachments] == [("lid of mine.png", None)]
    assert (two.number, two.subject, two.sticky, two.text) == (9, None, False, ">>7\n>>/tea/5 and http://lids.example/")
    assert (two.quotes, [link.url for link in two.links]) == ((7,), ["http://lids.example/"])
    assert two.url == f"{THREAD.url}#9"


def test_2chan() -> None:
    ref = PageRef(f"{BASE}res/7.htm", "thread", "pier", 7)
    one, two = read(futaba.ENGINE, ref, page(NICHAN, ref.url)).posts
    assert (one.number, one.subject, one.name, one.poster_id) == (7, "無題", "茶人", "aBcD1234")
    assert (one.text, one.posted_at) == ("湯を沸かす音\nどうですか", datetime(2026, 11, 19, 11, 12, 5, tzinfo=UTC))
    assert [(file.filename, file.size) for file in one.attachments] == [("1795086725159.png", 1288)]
    assert (two.number, two.op, two.name, two.quotes) == (9, False, "名無し", (7,))
    assert (two.text, [link.url for link in two.links]) == (">No.7\nnewboard.example へ", ["https://newboard.example/"])


@pytest.mark.parametrize(
    ("written", "zoned"),
    [
        ("2026-11-19 11:12", True), ("Thu Nov 19 11:12:00 2026", True), ("Thu, 19 Nov 2026 11:12:00 GMT", False),
        ("2026年11月19日(木)11時12分", True),
    ],
)  # fmt: skip
def test_every_form_of_a_time_that_these_boards_can_be_told_to_write(written: str, *, zoned: bool) -> None:
    opening = read(futaba.ENGINE, THREAD, page(FUTALLABY.replace("26/11/19(Thu)11:12", written))).posts[0]
    assert opening.posted_at == datetime(2026, 11, 19, 11, 12, tzinfo=UTC)
    unnamed = FUTALLABY.replace("26/11/19(Thu)11:12", written).replace("1795086725159.png", "pot.png")
    opening = read(futaba.ENGINE, THREAD, page(unnamed)).posts[0]
    assert (opening.posted_at is None) == zoned, "no zone is made up"
    assert (opening.posted_at_raw is not None) == zoned


@pytest.mark.parametrize("body", [FUTALLABY, KUSABA, NICHAN], ids=["futallaby", "kusaba", "2chan"])
def test_each_is_told_by_its_structure_and_says_what_it_is(body: str) -> None:
    assert detect([page(body)]) == futaba.ENGINE
    found = kind_of(futaba.ENGINE, page(body, "http://harbour.example/pier/somewhere"))
    assert found is not None
    assert (found.kind, found.thread) == ("thread", 7)


def test_a_list_leads_to_its_threads_and_further_pages_and_never_gives_a_post() -> None:
    body = FUTALLABY.replace('<input type="hidden" name="resto" value="7" />', "").replace(
        "</form></body>", '</form>[0] [<a href="1.htm">1</a>] <form action="1.htm"><input type="submit" /></form></body>'
    ).replace(" &nbsp;\n<blockquote>Which", ' &nbsp; [<a href="index.php?res=7">Reply</a>]\n<blockquote>Which').replace(
        "now</blockquote>", 'now</blockquote><span class="omittedposts">12 posts omitted.</span><br />'
    )  # fmt: skip
    ref = PageRef(f"{BASE}index.htm", "index", "pier")
    parsed = read(futaba.ENGINE, ref, page(body, ref.url))
    assert [(found.url, found.kind, found.thread, found.part, found.hint) for found in parsed.pages] == [
        (f"{BASE}index.php?res=7", "thread", 7, 1, "9 12 posts omitted."), (f"{BASE}1.htm", "index", None, 2, None),
    ]  # fmt: skip
    assert (list(parsed.posts), parsed.lists_board) == ([], None)


def test_a_board_of_one_page_names_every_living_thread() -> None:
    body = FUTALLABY.replace('<input type="hidden" name="resto" value="7" />', "")
    ref = PageRef(f"{BASE}index.htm", "index", "pier")
    assert read(futaba.ENGINE, ref, page(body, ref.url)).lists_board == "pier"


def test_a_front_page_of_frames_leads_to_the_menu_that_names_the_boards() -> None:
    front = PageRef("http://harbour.example/", "entry")
    body = '<html><frameset cols="15%,*"><frame src="menu.html"><frame src="http://else.example/"></frameset></html>'
    [menu] = read(futaba.ENGINE, front, page(body, front.url)).pages
    assert (menu.kind, menu.url) == ("entry", "http://harbour.example/menu.html")
    links = '<a href="/pier/" target="main">/pier/</a><a href="/css/">c</a><a href="/pier/res/7.html">7</a>'
    found = read(futaba.ENGINE, menu, page(f"<html><body>{links}</body></html>", menu.url)).pages
    assert [(ref.kind, ref.url, ref.board) for ref in found] == [("index", BASE, "pier")]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (KUSABA.replace('value="7"', 'value="8"'), UnexpectedPage),
        (KUSABA.replace("<blockquote>\nWhich", '<blockquote><div class="abbrev">Too long</div>Which'), UnexpectedPage),
        (KUSABA.removesuffix("</body></html>"), UnexpectedPage),
        ("<html><body><p>Welcome</p></body></html>", UnexpectedPage),
        ("<html><body><h1>Thread specified does not exist.</h1></body></html>", GonePage),
    ],
)
def test_what_is_not_the_whole_thread_asked_for_is_refused(body: str, error: type[PageError]) -> None:
    with pytest.raises(error):
        read(futaba.ENGINE, THREAD, page(body))


@pytest.mark.parametrize(
    ("url", "kind", "thread"),
    [
        ("http://harbour.example/", "entry", None),
        ("http://harbour.example/pier", "index", None),
        (f"{BASE}res/7.html", "thread", 7),
        (f"{BASE}futaba.php?res=7", "thread", 7),
    ],
)
def test_a_source_may_be_a_site_a_board_or_a_thread(url: str, kind: str, thread: int | None) -> None:
    [ref] = futaba.ENGINE.entry(url)
    assert (ref.kind, ref.thread, ref.board) == (kind, thread, None if kind == "entry" else "pier")

"""TinyIB: what its recording cannot show, and its pages where it writes no JSON."""

import json
from typing import Any

import pytest

from core.records import PageRef
from crawler.detect import detect
from crawler.engines import tinyib
from crawler.errors import UnexpectedPage
from crawler.page import Document
from crawler.reading import read

BASE = "http://quiet-pots.example/tea/"
THREAD = PageRef(f"{BASE}res/7.json", "thread", "tea", 7, alternate=f"{BASE}res/7.html")
OPENING: dict[str, Any] = {
    "id": 7, "parent": 0, "timestamp": 1795086725, "name": "Lid &amp; Co", "tripcode": "", "subject": "", "message": "x",
    "file": "", "file_hex": "", "stickied": 0, "locked": 0,
}  # fmt: skip


def thread(*posts: dict[str, Any]) -> Document:
    return Document(THREAD.url, json.dumps({"posts": posts}).encode(), "application/json")


def page(time: str, file: str = "") -> Document:
    return Document(
        f"{BASE}res/7.html",
        f"""<html><body><form action="../imgboard.php"><input type="hidden" name="parent" value="7"></form>
        <form id="delform" action="../imgboard.php?delete"><div id="post7" class="op">{file}<label>
        <input type="checkbox" name="delete[]" value="7"> <span class="postername">Keeper</span> {time}</label>
        <div class="message">Hello</div></div></form></body></html>""".encode(),
    )


def test_a_long_address_that_the_board_broke_over_lines_is_whole_again() -> None:
    address = "https://kettles.example/" + "whistle-" * 12
    message = f'See <a href="{address}">{address[:80]}<br>{address[80:]}</a><br>and <a href="https://pots.example/">two<br>lines</a>'
    [only] = read(tinyib.ENGINE, THREAD, thread(OPENING | {"message": message})).posts
    assert only.text == f"See {address}\nand two\nlines"
    assert [link.url for link in only.links] == [address, "https://pots.example/"]


def test_a_film_in_place_of_a_file_is_a_link_and_no_attachment() -> None:
    film = {"file": '<iframe src="https://films.example/embed/kettle"></iframe>', "file_hex": "YouTube"}
    [only] = read(tinyib.ENGINE, THREAD, thread(OPENING | film)).posts
    assert (only.attachments, [link.url for link in only.links]) == ((), ["https://films.example/embed/kettle"])
    assert only.name == "Lid & Co"


def test_a_file_without_the_name_it_was_sent_under_has_the_one_it_is_kept_under() -> None:
    file = {"file": "1795086725159.png", "file_hex": "0" * 32, "file_size": 5, "file_original": ""}
    [only] = read(tinyib.ENGINE, THREAD, thread(OPENING | file)).posts
    assert [(file.filename, file.size) for file in only.attachments] == [("1795086725159.png", 5)]


def test_a_time_on_a_page_is_placed_by_the_name_of_a_file_and_left_as_written_without_one() -> None:
    ref = PageRef(f"{BASE}res/7.html", "thread", "tea", 7)
    [unplaced] = read(tinyib.ENGINE, ref, page("26/11/19(Thu)06:12:05")).posts
    assert (unplaced.posted_at, unplaced.posted_at_raw) == (None, "26/11/19(Thu)06:12:05")
    file = '<span class="filesize">File: <a href="../src/1795086725159.png">1795086725159.png</a>-(1KB, a.png)</span>'
    [placed] = read(tinyib.ENGINE, ref, page("26/11/19(Thu)06:12:05", file)).posts
    assert placed.posted_at
    assert placed.posted_at.isoformat() == "2026-11-19T11:12:05+00:00"
    assert [(file.filename, file.size) for file in placed.attachments] == [("a.png", None)]


@pytest.mark.parametrize(
    ("url", "kind", "first"),
    [
        ("http://quiet-pots.example/", "entry", "http://quiet-pots.example/"),
        (BASE, "index", f"{BASE}catalog.json"),
        (f"{BASE}res/7.html", "thread", f"{BASE}res/7.json"),
        (f"{BASE}res/7.html#9", "thread", f"{BASE}res/7.json"),
    ],
)
def test_a_source_may_be_a_site_a_board_or_a_thread(url: str, kind: str, first: str) -> None:
    [ref] = tinyib.ENGINE.entry(url)
    assert (ref.kind, ref.url) == (kind, first)


def test_a_page_of_answers_is_told_by_its_structure_alone() -> None:
    assert detect([page("26/11/19(Thu)06:12:05")]) == tinyib.ENGINE


@pytest.mark.parametrize(
    "document",
    [
        thread(OPENING | {"id": 8}),
        thread(OPENING | {"parent": 5}),
        thread(OPENING, OPENING | {"id": 9, "parent": 8}),
        thread(),
        Document(THREAD.url, b'{"posts": [{"id": 7'),
        Document(f"{BASE}res/7.html", page("26/11/19(Thu)06:12:05").body.replace(b"</form></body></html>", b"")),
    ],
)
def test_what_is_not_the_whole_thread_asked_for_is_refused(document: Document) -> None:
    with pytest.raises(UnexpectedPage):
        read(tinyib.ENGINE, THREAD, document)

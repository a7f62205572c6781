"""Recorded files read without a network: each post once, from its best page, whatever else the file holds."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from crawler.evaluate import compare
from crawler.recorded import Found, Unread, read_files


def split(items: Any) -> tuple[list[Found], list[Unread]]:
    read = list(items)
    return [item for item in read if isinstance(item, Found)], [item for item in read if isinstance(item, Unread)]


def thread(*numbers: int, text: str = "words") -> bytes:
    posts = [
        {"no": number, "resto": 0 if number == numbers[0] else numbers[0], "time": 1, "com": text} for number in numbers
    ]
    return json.dumps({"posts": posts}).encode()


def board_index(*numbers: int) -> bytes:
    shown = "".join(
        f'<div class="thread" id="thread_{number}" data-board="b"><div class="post op" id="op_{number}">'
        f'<p class="intro"><time datetime="2026-11-05T14:00:00Z"></time></p><div class="body">part</div></div></div>'
        for number in numbers
    )
    return f'<html><body class="vichan"><span class="omitted"></span>{shown}</body></html>'.encode()


TYPES = {
    "json": "application/json", "rss": "application/rss+xml; charset=utf-8", "atom": "application/atom+xml",
    "xml": "text/xml", "jsonfeed": "application/feed+json", "svg": "image/svg+xml",
}  # fmt: skip
"""Of recorded answers, by how their addresses end."""


def warc(path: Path, pages: list[tuple[str, bytes]], *, packed: bool = True, status: str = "200 OK") -> Path:
    """A WARC file with a response for each page, as ISO 28500 lays it out."""
    records = []
    for url, body in pages:
        form = TYPES.get(url.rpartition(".")[2], "text/html")
        answer = f"HTTP/1.1 {status}\r\nContent-Type: {form}\r\n\r\n".encode() + body
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{uuid4()}>\r\nWARC-Target-URI: {url}\r\n"
            f"WARC-Date: 2026-11-23T19:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(answer)}\r\n\r\n"
        )
        record = head.encode() + answer + b"\r\n\r\n"
        records.append(gzip.compress(record) if packed else record)
    path.write_bytes(b"".join(records))
    return path


@pytest.mark.parametrize("snapshot", [1, 2])
@pytest.mark.parametrize("engine", ["vichan", "mybb"])
def test_a_recording_gives_the_same_posts_as_a_crawl(
    engine: str, snapshot: int, shared: Path, truth: Callable[[str, int], list[dict[str, Any]]],
    figures: Callable[[str, dict[str, tuple[int, int]]], None],
) -> None:  # fmt: skip
    found, unread = split(read_files([shared / "recordings" / engine / f"snapshot-{snapshot}.warc.gz"]))
    fields = compare([item.post for item in found], truth(engine, snapshot))
    figures(f"{engine}, snapshot {snapshot}, from the WARC", fields)
    assert {name: counts for name, counts in fields.items() if counts[0] != counts[1]} == {}
    assert unread == []
    assert {item.engine for item in found} == {engine}


BASE = "http://quiet-chan.example/b/"


@pytest.mark.parametrize("packed", [True, False])
def test_each_post_comes_once_and_from_its_best_page(tmp_path: Path, packed: bool) -> None:  # noqa: FBT001
    pages = [
        (BASE, board_index(7)),
        (f"{BASE}res/7.json", thread(7, 8, text="early")),
        (f"{BASE}res/7.json", thread(7, 9)),
    ]
    found, unread = split(read_files([warc(tmp_path / "a.warc", pages, packed=packed)]))
    assert [(item.post.number, item.post.text) for item in found] == [(7, "words"), (9, "words"), (8, "early")]
    assert unread == []


def test_an_index_is_used_where_a_threads_own_page_is_missing_and_says_that_it_is_not_all(tmp_path: Path) -> None:
    pages = [(BASE, board_index(7, 20)), (f"{BASE}res/7.json", thread(7))]
    found, [unread] = split(read_files([warc(tmp_path / "a.warc", pages)]))
    assert [(item.post.number, item.post.text) for item in found] == [(7, "words"), (20, "part")]
    assert unread == Unread(BASE, "shows only parts of threads whose own pages are not in the file")


def test_a_page_that_cannot_be_read_is_named_and_its_twin_is_read(tmp_path: Path) -> None:
    html = board_index(7).replace(b'<span class="omitted"></span>', b"")
    pages = [(f"{BASE}res/7.json", thread(7)[:20]), (f"{BASE}res/7.html", html), (f"{BASE}res/8.json", thread(8))]
    found, [unread] = split(read_files([warc(tmp_path / "a.warc", pages)]))
    assert unread == Unread(f"{BASE}res/7.json", "expected JSON")
    assert [(item.post.number, item.post.text) for item in found] == [(8, "words"), (7, "part")]


def test_pages_without_posts_by_nature_are_no_complaint(tmp_path: Path) -> None:
    pages = [
        (f"{BASE}catalog.json", b"[]"),
        ("http://quiet-chan.example/rules.html", b"<html><body>Be kind</body></html>"),
    ]
    gone = warc(tmp_path / "gone.warc", [(f"{BASE}res/7.json", b"<html>404</html>")], status="404 Not Found")
    assert list(read_files([warc(tmp_path / "a.warc", [*pages, (f"{BASE}res/7.json", thread(7))]), gone])) != []
    assert split(read_files([gone])) == ([], [])
    assert split(read_files([warc(tmp_path / "b.warc", pages)], engine="vichan")) == ([], [])


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("share", [0.32, 0.62, 0.93])  # within a record, never between two
def test_a_warc_cut_short_gives_what_was_readable_and_says_so(tmp_path: Path, share: float, packed: bool) -> None:  # noqa: FBT001
    pages = [(f"{BASE}res/{number}.json", thread(number, text="words " * 200)) for number in range(1, 21)]
    path = warc(tmp_path / "a.warc", pages, packed=packed)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    found, unread = split(read_files([path]))
    assert 20 * share - 2 < len(found) <= 20 * share
    assert any(item.where == str(path) and "cut short" in item.why for item in unread)


def test_saved_pages_know_their_engine_and_often_their_address(tmp_path: Path) -> None:
    page = board_index(7).replace(b'<span class="omitted"></span>', b'<form name="post"><input name="thread"></form>')
    told = page.replace(
        b"<body", b'<head><meta property="og:url" content="http://quiet-chan.example/b/res/7.html"></head><body'
    )
    (tmp_path / "a.html").write_bytes(page)
    (tmp_path / "b.html").write_bytes(told)
    (tmp_path / "c.json").write_bytes(thread(7))
    (tmp_path / "d.html.gz").write_bytes(gzip.compress(page))
    found, unread = split(read_files(sorted(tmp_path.iterdir())))
    assert unread == []
    assert [(item.engine, item.host, item.post.url) for item in found] == [
        ("vichan", None, None),
        ("vichan", "quiet-chan.example", "http://quiet-chan.example/b/res/7.html#7"),
        ("vichan", None, None),
        ("vichan", None, None),
    ]
    [given], _ = split(read_files([tmp_path / "c.json"], engine="vichan", url=f"{BASE}res/7.json"))
    assert (given.host, given.post.board, given.url) == ("quiet-chan.example", "b", f"{BASE}res/7.json")


def test_a_saved_index_gives_what_it_shows_and_says_that_it_is_not_all(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(board_index(7, 20))
    found, [unread] = split(read_files([tmp_path / "index.html"]))
    assert [item.post.number for item in found] == [7, 20]
    assert "only parts" in unread.why


def test_a_page_too_large_to_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.recorded.LARGEST_PAGE", 1000)
    (tmp_path / "a.json").write_bytes(thread(7, text="words " * 200))
    path = warc(tmp_path / "a.warc", [(f"{BASE}res/7.json", thread(7, text="words " * 200))])
    found, unread = split(read_files([tmp_path / "a.json", path]))
    assert (found, [item.why for item in unread]) == ([], ["larger than 1000 bytes"] * 2)


def test_a_site_of_unknown_software_is_read_as_any_page_is(tmp_path: Path) -> None:
    path = warc(
        tmp_path / "a.warc", [("http://press.example/a", b"<html><body>Gone to newboard.example</body></html>")]
    )
    [found], unread = split(read_files([path]))
    assert (found.engine, [link.host for link in found.post.links], unread) == ("generic", ["newboard.example"], [])


@pytest.mark.parametrize(
    "body", [b"", b"\x89PNG\r\n\x1a\n", b"\x1f\x8bbroken", b"WARC/", b"WARC/1.0\r\nbroken", b"words"]
)
def test_a_file_that_holds_nothing_readable_is_named(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(body)
    found, unread = split(read_files([path]))
    assert (found, [item.where for item in unread]) == ([], [str(path)])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    [unread] = read_files([tmp_path / "nothing"])
    assert isinstance(unread, Unread)
    assert "No such file" in unread.why


PRESS = "http://press.example"
FEEDS = {
    "rss": b'<?xml version="1.0"?><rss version="2.0"><channel><item><guid>r1</guid><description>tea</description></item>'
    b"<item><guid>r2</guid><description>cake</description></item></channel></rss>",
    "atom": b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a1</id><summary>jam</summary></entry></feed>',
    "jsonfeed": b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "j1", "content_text": "bread"}]}',
    "xml": b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://press.example/a</loc></url></urlset>',
    "svg": b"<svg><title>Kettle</title></svg>",
}


def test_feeds_are_read_beside_the_pages_of_a_site_of_unknown_software(tmp_path: Path) -> None:
    older = FEEDS["rss"].replace(b"tea", b"water").replace(b"r2", b"r0")
    pages = [(f"{PRESS}/news.rss", older), *((f"{PRESS}/news.{kind}", body) for kind, body in FEEDS.items())]
    page = (f"{PRESS}/a", b"<html><body>Gone to newboard.example</body></html>")
    found, unread = split(read_files([warc(tmp_path / "a.warc", [*pages, page])]))
    assert unread == []
    assert {item.post.number: item.post.text for item in found if item.engine == "feed"} == {
        "r1": "tea", "r2": "cake", "r0": "cake", "a1": "jam", "j1": "bread",
    }  # fmt: skip
    assert [item.post.text for item in found if item.engine != "feed"] == ["Gone to newboard.example"]


def test_a_feed_alone_is_read_and_one_that_is_damaged_is_named(tmp_path: Path) -> None:
    broken = (f"{PRESS}/b.jsonfeed", FEEDS["jsonfeed"][:-2])
    found, unread = split(read_files([warc(tmp_path / "a.warc", [(f"{PRESS}/a.rss", FEEDS["rss"]), broken])]))
    assert [(item.engine, item.post.number, item.host) for item in found] == [
        ("feed", "r1", "press.example"), ("feed", "r2", "press.example"),
    ]  # fmt: skip
    assert unread == [Unread(broken[0], "expected JSON")]


def test_a_boards_feed_and_sitemap_neither_hide_the_board_nor_repeat_its_posts(tmp_path: Path) -> None:
    other = [(f"{BASE}index.{kind}", body) for kind, body in FEEDS.items()]
    found, unread = split(read_files([warc(tmp_path / "a.warc", [*other, (f"{BASE}res/7.json", thread(7, 8))])]))
    assert [(item.engine, item.post.number) for item in found] == [("vichan", 7), ("vichan", 8)]
    assert unread == []

"""Feeds: every entry a post, whatever its dialect; times with their zone; nothing a feed could blow up with."""

import json
from datetime import UTC, datetime

import pytest

from crawler.detect import detect
from crawler.engines import feed
from crawler.errors import UnexpectedPage
from crawler.page import Document, Parsed
from crawler.reading import read

URL = "http://harbor.example/feed"
RSS = """<?xml version="1.0" encoding="windows-1251"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Гавань</title><atom:link href="http://harbor.example/feed" rel="self"/>
<item><title>Мы переезжаем</title><link>http://harbor.example/n/7</link><guid isPermaLink="false">harbor-7</guid>
<dc:creator><![CDATA[Страж]]></dc:creator><pubDate>Tue, 24 Nov 2026 14:00:00 +0200</pubDate><description>кратко</description>
<content:encoded><![CDATA[<p>Новый дом: <a href="/go?u=1">здесь</a>,<br>newharbor[.]example</p>]]></content:encoded>
<enclosure url="http://harbor.example/files/map.pdf" length="1234" type="application/pdf"/></item>
<item><description>Nothing but &lt;b&gt;words&lt;/b&gt;</description></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Lantern</title><entry><id>tag:lantern.example,2026:1</id>
<title type="text">Tea &amp; cake</title><link href="/1"/><link rel="enclosure" href="/f/a.ogg" length="5"/>
<author><name>Wren</name><uri>http://lantern.example/wren</uri></author><updated>2026-11-24T12:30:00Z</updated>
<published>2026-11-24T12:00:00Z</published>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Our <b>kettle</b> is fine</div></content></entry>
<entry><id>2</id><title/><summary type="text">1 &lt; 2 &amp; so on</summary><updated>yesterday</updated></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/><item rdf:about="x"><title>T</title><link>http://q.example/1</link>
<dc:date>2026-11-24T12:00:00+01:00</dc:date><description>D</description></item></rdf:RDF>"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "items": [
        {
            "id": "7", "url": "http://quay.example/7", "title": "Moved", "content_html": "<p>to <a href='https://new.example/'>a new place</a></p>",
            "date_published": "2026-11-24T12:00:00Z", "authors": [{"name": "Wren"}, {"name": "Mole"}],
            "attachments": [{"url": "http://quay.example/f/a.txt", "mime_type": "text/plain", "size_in_bytes": 12}],
        },
        {"id": 8, "content_text": "plain & simple"},
    ],
}  # fmt: skip


def parsed(text: str | bytes, kind: str = "application/xml") -> Parsed:
    document = Document(URL, text if isinstance(text, bytes) else text.encode(), kind)
    return read(feed.ENGINE, feed.entry(URL)[0], document)


def test_rss() -> None:
    first, second = parsed(RSS.encode("cp1251")).posts
    assert (first.number, first.url, first.subject, first.name) == (
        "harbor-7",
        "http://harbor.example/n/7",
        "Мы переезжаем",
        "Страж",
    )
    assert first.posted_at == datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert first.text == "Новый дом: здесь,\nnewharbor[.]example"
    assert {link.host for link in first.links} == {"newharbor.example", "harbor.example"}
    assert [(file.filename, file.size) for file in first.attachments] == [("map.pdf", 1234)]
    assert (second.text, second.posted_at, second.subject, second.name) == ("Nothing but words", None, None, None)


def test_atom() -> None:
    first, second = parsed(ATOM).posts
    assert (first.number, first.url, first.subject, first.name) == (
        "tag:lantern.example,2026:1",
        "http://harbor.example/1",
        "Tea & cake",
        "Wren",
    )
    assert (first.text, first.posted_at) == ("Our kettle is fine", datetime(2026, 11, 24, 12, tzinfo=UTC))
    assert [(file.filename, file.size) for file in first.attachments] == [("a.ogg", 5)]
    assert (second.text, second.posted_at, second.posted_at_raw) == ("1 < 2 & so on", None, "yesterday")


def test_rss_of_the_first_days() -> None:
    (only,) = parsed(RDF).posts
    assert (only.number, only.text, only.posted_at) == (
        "http://q.example/1",
        "D",
        datetime(2026, 11, 24, 11, tzinfo=UTC),
    )


def test_json_feed() -> None:
    first, second = parsed(json.dumps(JSON), "application/feed+json").posts
    assert (first.number, first.name, first.text) == (7, "Wren, Mole", "to a new place")
    assert [link.host for link in first.links] == ["new.example"]
    assert [(file.filename, file.size) for file in first.attachments] == [("a.txt", 12)]
    assert (second.number, second.text, second.posted_at) == (8, "plain & simple", None)


@pytest.mark.parametrize("text", [RSS, ATOM, RDF, json.dumps(JSON)])
def test_a_feed_is_known_by_its_first_lines(text: str) -> None:
    assert detect([Document(URL, text.encode("cp1251") if "1251" in text else text.encode())]) is feed.ENGINE


@pytest.mark.parametrize(
    "text",
    [
        "<html><body>rss</body></html>",
        "{}",
        "[]",
        "",
        "<svg/>",
        '{"version": "https://jsonfeed.org/version/1"}',
        '{"version": "https://jsonfeed.org/version/1", "items": [1]}',
    ],
)
def test_what_is_no_feed_is_named(text: str) -> None:
    with pytest.raises(UnexpectedPage):
        parsed(text)


def test_entities_stay_as_small_as_they_came() -> None:
    bomb = "".join(
        f'<!ENTITY l{n} "&l{n - 1};&l{n - 1};&l{n - 1};&l{n - 1};&l{n - 1};&l{n - 1};&l{n - 1};&l{n - 1};">'
        for n in range(1, 30)
    )
    secret = '<!ENTITY file SYSTEM "file:///etc/hostname">'
    (only,) = parsed(
        f'<!DOCTYPE rss [<!ENTITY l0 "ha">{bomb}{secret}]><rss><channel><item><title>&l29;&file;</title></item></channel></rss>'
    ).posts
    assert len(only.model_dump_json()) < 1000


def test_a_feed_cut_short_gives_what_came() -> None:
    assert [post.number for post in parsed(RSS.encode("cp1251")[:-200]).posts][:1] == ["harbor-7"]

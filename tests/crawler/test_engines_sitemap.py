"""Sitemaps: which pages they name, what says that one changed, and nothing they could blow up with."""

from time import monotonic

import pytest

from core.records import PageRef
from crawler.detect import detect
from crawler.engines import sitemap
from crawler.errors import UnexpectedPage
from crawler.page import Document, Parsed
from crawler.reading import read

URL = "http://harbor.example/sitemap.xml"
PAGES = """\ufeff<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet type="text/xsl" href="/s.xsl"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><!-- made by hand -->
<url><loc> http://harbor.example/t/kettles-17?page=2&amp;x=1 </loc><lastmod>2026-11-20T10:00:00+00:00</lastmod>
<image:image><image:loc>http://harbor.example/kettle.png</image:loc></image:image></url>
<url><loc>http://harbor.example/n/8</loc><news:news><news:publication><news:name>Harbor</news:name></news:publication>
<news:publication_date>2026-11-24</news:publication_date><news:title>Moved</news:title></news:news></url>
<url><loc><![CDATA[/about]]></loc></url><url><loc>http://harbor.example/login</loc></url><url><loc>javascript:x</loc></url><url/></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>http://harbor.example/sitemap-1.xml</loc><lastmod>2026-11-01</lastmod></sitemap>
<sitemap><loc>http://harbor.example/sitemap-2.xml</loc><lastmod>2026-11-24</lastmod></sitemap></sitemapindex>"""


def parsed(text: str, ref: PageRef | None = None) -> Parsed:
    return read(sitemap.ENGINE, ref or sitemap.entry(URL)[0], Document(URL, text.encode(), "application/xml"))


def test_pages_are_those_of_unknown_software_the_last_changed_first() -> None:
    found = parsed(PAGES)
    assert [(page.url, page.kind, page.thread, page.hint) for page in found.pages] == [
        ("http://harbor.example/n/8", "thread", "/n/8", "2026-11-24"),
        (
            "http://harbor.example/t/kettles-17?page=2&x=1",
            "thread",
            "/t/kettles-17?page=2&x=1",
            "2026-11-20T10:00:00+00:00",
        ),
        ("http://harbor.example/about", "thread", "/about", None),
    ]
    assert found.lists_board is None
    page = Document(
        found.pages[2].url, b"<html><body><p>We moved to newharbor.example/b</p></body></html>", "text/html"
    )
    (post,) = read(sitemap.ENGINE, found.pages[2], page).posts
    assert [link.url for link in post.links] == ["https://newharbor.example/b"]


def test_an_index_names_further_sitemaps_and_is_followed_so_deep_and_no_deeper() -> None:
    first = parsed(INDEX).pages
    assert [(page.url, page.kind, page.hint) for page in first] == [
        ("http://harbor.example/sitemap-2.xml", "index", "2026-11-24"),
        ("http://harbor.example/sitemap-1.xml", "index", "2026-11-01"),
    ]
    second = parsed(INDEX, first[0]).pages
    with pytest.raises(UnexpectedPage, match="indexes deep"):
        parsed(INDEX, second[0])


def test_a_front_page_stands_for_the_sitemap_at_its_usual_place() -> None:
    assert sitemap.entry("http://harbor.example")[0].url == URL
    assert sitemap.entry("http://harbor.example/news-map")[0].url == "http://harbor.example/news-map"


def test_entities_are_not_followed_and_a_huge_sitemap_ends() -> None:
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(12))
    head = f'<!DOCTYPE urlset [{bomb}<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    text = f"<?xml version='1.0'?>{head}<urlset><url><loc>http://harbor.example/&l11;&f;b</loc></url></urlset>"
    assert all(len(page.url) < 100 for page in parsed(text).pages)
    begun = monotonic()
    rows = "".join(f"<url><loc>http://harbor.example/n/{n}</loc></url>" for n in range(sitemap.MOST_ENTRIES + 10))
    assert len(parsed(f"<urlset>{rows}</urlset>").pages) == sitemap.MOST_ENTRIES
    assert monotonic() - begun < 10


def test_nothing_else_is_taken_for_one() -> None:
    assert detect([Document(URL, PAGES.encode(), "text/xml")]) is sitemap.ENGINE
    for text in ("<html><body>&lt;urlset</body></html>", "<rss><channel/></rss>", "", "{}", "words"):
        with pytest.raises(UnexpectedPage):
            parsed(text)

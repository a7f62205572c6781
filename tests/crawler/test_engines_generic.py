"""Pages of unknown software: text and links are kept, and nothing is made up."""

from datetime import UTC, datetime

import pytest

from crawler.engines import generic
from crawler.errors import UnexpectedPage
from crawler.page import Document
from crawler.reading import read

URL = "http://press.example/moving?p=2"

BLOG = """<!doctype html><html><head><title>Harbour news</title></head><body>
<nav><a href="/">Home</a><a href="https://t.me/harbor_desk">Our channel</a></nav>
<main><article id="one"><h2>We moved</h2><p>See <a href="https://newboard.example/b/">the new place</a>.</p>
<time datetime="2026-11-05T14:00:00+02:00">5 Nov</time><span rel="author">Keeper</span></article>
<article><p>Older words</p></article></main>
<p>Also newboard[.]example</p><footer>Contact, 12 visitors now</footer></body></html>"""


def test_each_article_is_a_post_and_the_rest_of_the_page_one_more() -> None:
    document = Document(URL, BLOG.encode())
    [ref] = generic.ENGINE.entry(URL)
    parsed = read(generic.ENGINE, ref, document)
    assert parsed.confidence < 1
    one, two, rest = parsed.posts
    assert (one.number, one.url, one.subject, one.name) == ("/moving?p=2#one", f"{URL}#one", "We moved", "Keeper")
    assert one.posted_at == datetime(2026, 11, 5, 12, tzinfo=UTC)
    assert [link.url for link in one.links] == ["https://newboard.example/b/"]
    assert (two.text, two.posted_at, two.name, two.board) == ("Older words", None, None, None)
    assert (rest.number, rest.text, rest.subject) == ("/moving?p=2", "Also newboard[.]example", "Harbour news")
    assert [link.url for link in rest.links] == ["https://newboard.example/", "https://t.me/harbor_desk"]


def test_a_page_without_articles_is_one_post() -> None:
    [only] = read(
        generic.ENGINE, generic.entry(URL)[0], Document(URL, b"<html><body><h1>Hi</h1>there</body></html>")
    ).posts
    assert only.text == "Hi\nthere"


@pytest.mark.parametrize("body", [b"<html><body></body></html>", b"\x89PNG\r\n", b'{"a": 1}', b"", b"<rss></rss>"])
def test_what_says_nothing_is_refused(body: bytes) -> None:
    with pytest.raises(UnexpectedPage):
        read(generic.ENGINE, generic.entry(URL)[0], Document(URL, body))

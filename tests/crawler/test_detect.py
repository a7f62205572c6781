"""Which software a site runs, and pages that stand in for a site."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import lxml.etree
import lxml.html
import pytest

from core.records import PageRef
from crawler.detect import closed, detect
from crawler.engines import ENGINES, generic
from crawler.errors import ClosedPage, PageError, UnexpectedPage
from crawler.evaluate import recordings
from crawler.markup import UNSEEN, drop, parse_html, select
from crawler.page import Document, Engine
from crawler.reading import read
from crawler.recorded import documents

URL = "http://x.example/page"

LOGIN = '<form action="/login" method="post"><input name="username"><input type="password" name="pw"></form>'
CLOSED = {
    "login form": LOGIN,
    "login asked for": "<p>You must be logged in to view this page.</p>",
    "challenge": "<div id='challenge-form'></div>",
    "captcha": "<p>Prove it</p><div class='h-captcha'></div>",
    "parked": "<p>This domain is for sale! Make an offer.</p>",
    "suspended": "<h1>Account Suspended</h1>",
    "maintenance": "<h1>The harbour is down for maintenance</h1>",
    "soon": "<p>We will be back shortly.</p>",
}
OPEN = {
    "a login that opens on demand": f'<div style="display: none">{LOGIN}</div><p>Boards</p>',
    "a password to delete posts with": '<form name="postcontrols" action="/post.php"><input type="password"></form>',
    "a long page about maintenance": "<p>" + "The pump was down for maintenance again. " * 60 + "</p>",
    "a post that asks for a login": "<div class='post'>You must be logged in to see it, they said.</div>",
}


def page(body: str, title: str = "") -> Document:
    return Document(URL, f"<html><head><title>{title}</title></head><body>{body}</body></html>".encode(), "text/html")


@pytest.mark.parametrize("body", CLOSED.values(), ids=CLOSED.keys())
def test_a_page_that_stands_in_for_the_site_says_what_it_is(body: str) -> None:
    assert closed(page(body))


@pytest.mark.parametrize(
    "title", ["Just a moment...", "DDoS-Guard", "Checking your browser before accessing x.example"]
)
def test_a_challenge_is_known_by_its_title(title: str) -> None:
    assert "challenge" in (closed(page("", title)) or "")


@pytest.mark.parametrize("body", OPEN.values(), ids=OPEN.keys())
def test_a_page_of_the_sites_own_is_open(body: str) -> None:
    assert closed(page(body)) is None


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", ["entry", "index", "thread"])
def test_no_engine_reads_a_login_as_anything_else(engine: str, kind: str) -> None:
    if kind in ENGINES[engine].pages:
        with pytest.raises(ClosedPage, match="login"):
            read(ENGINES[engine], PageRef(URL, kind, "b", 1), page(LOGIN))


@pytest.mark.parametrize("engine", [name for name in ENGINES if name not in ("generic", "sitemap")])
@pytest.mark.parametrize(
    "body",
    [b"", b"\x00\xff\xfe", b"<html><body>Something else</body></html>", b"{}", b"[1]", b'{"posts": [[]]}', b"[[{}]]"],
)
def test_a_page_of_another_shape_is_named_and_never_absorbed(engine: str, body: bytes) -> None:
    with pytest.raises(UnexpectedPage, match="http://x"):
        read(ENGINES[engine], PageRef(URL, "thread", "b", 1), Document(URL, body))


OWN = Path(__file__).parent.parent / "recordings"
FOOTERS = "footer, [id*=footer], [class*=footer], [id*=copyright], [class*=copyright], [class*=powered], [id*=powered]"


def recorded_sites(*folders: Path) -> Iterator[tuple[str, list[Document]]]:
    """The engine and the pages of every recording."""
    for folder in folders:
        for name, warc, _ in recordings(folder):
            yield name.partition("/")[0], [page for _, page in documents(warc) if isinstance(page, Document)]


def nameless(document: Document, name: str) -> Document:
    """A page without generator tag, comments, footer, links to other sites, and words that name its software."""
    if document.is_json or "<html" not in document.text[:5000].lower():
        return document
    tree = parse_html(document.text, document.url)
    said = re.compile(rf"(?i)powered by|{name}")
    own = urlsplit(document.url or "").netloc
    away = [node for node in select(tree, "a[href]") if link_host(node.get("href", "")) not in ("", own)]
    named = [node for node in tree.iter(lxml.etree.Element) if node.tag not in UNSEEN and said.search(node.text or "")]
    for node in named:
        node.text = said.sub("", node.text or "")
    for node in away:
        node.attrib.pop("href")
    lxml.etree.strip_elements(tree, lxml.etree.Comment, with_tail=False)
    drop(tree, *select(tree, "meta[name=generator], meta[name=copyright]"), *select(tree, FOOTERS))
    return replace(document, body=lxml.html.tostring(tree, encoding="utf-8"), content_type="text/html; charset=utf-8")


def link_host(href: str) -> str:
    try:
        return urlsplit(href).netloc
    except ValueError:
        return "?"


def holds_something(engine: Engine, document: Document) -> bool:
    """Whether it is a page that the engine reads posts or lists from."""
    try:
        ref = engine.kind_of(document)
    except PageError:
        return False
    return ref is not None and ref.kind in engine.pages and ref.kind != "entry"


def test_every_recorded_site_is_told_and_its_pages_without_their_softwares_name(
    shared: Path, figures: Callable[[str, Mapping[str, tuple[int, int]]], None]
) -> None:
    told: Counter[str] = Counter()
    known: Counter[str] = Counter()
    for name, pages in recorded_sites(OWN, shared / "recordings"):
        assert detect(pages).name == name
        for page in pages:
            if holds_something(ENGINES[name], page):
                known[name] += 1
                told[name] += detect([nameless(page, name)]).name == name
    figures("pages told without their software's name", {name: (told[name], known[name]) for name in known})
    assert told.total() >= 0.95 * known.total()
    assert {name: (told[name], known[name]) for name in known if told[name] < 0.9 * known[name]} == {}


@pytest.mark.parametrize("pages", [[], [page("<p>A blog</p>")], [Document(URL, b"{}")], [page("<div>" * 3000)]])
def test_a_site_of_unknown_software_is_read_as_any_page_is(pages: list[Document]) -> None:
    assert detect(pages) is generic.ENGINE

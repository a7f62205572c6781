"""Which software a site runs, and pages that stand in for a site."""

from collections.abc import Callable

import pytest

from core.records import PageRef
from crawler.detect import closed, detect
from crawler.engines import ENGINES, generic
from crawler.errors import ClosedPage, UnexpectedPage
from crawler.page import Document
from crawler.reading import read

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


@pytest.mark.parametrize("engine", [name for name in ENGINES if name != "generic"])
@pytest.mark.parametrize(
    "body",
    [b"", b"\x00\xff\xfe", b"<html><body>Something else</body></html>", b"{}", b"[1]", b'{"posts": [[]]}', b"[[{}]]"],
)
def test_a_page_of_another_shape_is_named_and_never_absorbed(engine: str, body: bytes) -> None:
    with pytest.raises(UnexpectedPage, match="http://x"):
        read(ENGINES[engine], PageRef(URL, "thread", "b", 1), Document(URL, body))


@pytest.mark.parametrize("engine", ["vichan", "mybb"])
def test_the_software_of_a_recorded_site(
    engine: str, recorded_pages: Callable[[str, int], dict[str, Document]]
) -> None:
    pages = [page for page in recorded_pages(engine, 1).values() if page.status == 200]
    assert detect(pages).name == engine
    assert detect(pages[:1]).name == engine, "the front page alone tells"


@pytest.mark.parametrize("pages", [[], [page("<p>A blog</p>")], [Document(URL, b"{}")], [page("<div>" * 3000)]])
def test_a_site_of_unknown_software_is_read_as_any_page_is(pages: list[Document]) -> None:
    assert detect(pages) is generic.ENGINE

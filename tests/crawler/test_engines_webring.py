"""The webring of an imageboard: asked for where the site has one, its sites as links, its boards as no board of the site."""

import json
from typing import Any

import pytest

from core.records import PageRef
from crawler.engines import jschan, lynxchan
from crawler.errors import UnexpectedPage
from crawler.page import Document, Engine
from crawler.reading import kind_of, read

BASE = "http://chan.example"
RING = {
    "name": "Harbor", "url": BASE, "endpoint": f"{BASE}/webring.json", "following": ["https://far.example/webring.json"], "blacklist": ["spam.example"],
    "known": ["https://far.example/webring.json", "https://third.example/webring.json"], "boards": [{"uri": "tea", "path": f"{BASE}/tea/"}],
}  # fmt: skip
ADDON = {"imageboards": [{"name": "Harbor", "url": BASE, "local": True}, {"name": "Far", "url": "https://far.example"}]}
CELL = '<div class="boardsCell"><a class="linkBoard" href="/tea/">/tea/</a></div>'
CELLS = f'{CELL}<div class="boardsCell"><a class="linkBoard" href="https://far.example/sea/">Far/sea/</a></div>'
TABLE = (
    '<div class="table-container"><table class="boardtable"><tr><td><a href="/tea/index.html">/tea/</a></td></tr>'
    '<tr><td><span class="help" title="Webring"></span><a href="http://far.example/sea/">Far /sea/</a></td></tr></table></div>'
)
LYNX_BOARDS = {"pageCount": 1, "boards": [{"boardUri": "tea"}, {"boardUri": "sea", "ibName": "Far"}]}
JS_BOARDS = {"boards": [{"_id": "tea"}, {"_id": "x", "uri": "sea", "webring": True}], "maxPage": 1}
LISTS: list[tuple[Engine, str, Any, str]] = [
    (jschan.ENGINE, "/boards.json", JS_BOARDS, "/webring.json"),
    (jschan.ENGINE, "/boards.html", TABLE, "/webring.json"),
    (lynxchan.ENGINE, "/boards.js?json=1", LYNX_BOARDS, "/addon.js/webring"),
    (lynxchan.ENGINE, "/boards.js", CELLS, "/addon.js/webring"),
    (lynxchan.ENGINE, "/boards.js?page=2", f'{CELL}<a href="/webring.json">ring</a>', "/webring.json"),
]


def document(path: str, data: Any) -> Document:
    is_page = isinstance(data, str)
    body = f"<html><body>{data}</body></html>" if is_page else json.dumps(data)
    return Document(f"{BASE}{path}", body.encode(), "text/html" if is_page else "application/json")


@pytest.mark.parametrize(("engine", "path", "data", "asked"), LISTS)
def test_a_list_of_boards_with_other_sites_leads_to_the_webring_and_not_to_their_boards(
    engine: Engine, path: str, data: Any, asked: str
) -> None:
    found = read(engine, PageRef(f"{BASE}{path}", "entry"), document(path, data)).pages
    assert [page.board for page in found if page.kind == "index"] == ["tea"]
    assert [page.url for page in found if page.kind == "webring"] == [f"{BASE}{asked}"]


@pytest.mark.parametrize("engine", [jschan.ENGINE, lynxchan.ENGINE], ids=["jschan", "lynxchan"])
@pytest.mark.parametrize(
    ("path", "data", "sites"),
    [
        ("/webring.json", RING, ["https://far.example/webring.json", "https://third.example/webring.json"]),
        ("/addon.js/webring", ADDON, ["https://far.example/"]),
    ],
)
def test_a_webring_is_one_record_with_its_sites_as_links(
    engine: Engine, path: str, data: Any, sites: list[str]
) -> None:
    page = document(path, data)
    ref = kind_of(engine, page)
    assert ref is not None
    [about] = read(engine, ref, page).posts
    assert (about.number, about.subject, about.board, about.posted_at) == ("webring", "Harbor", None, None)
    assert [link.url for link in about.links] == sites


def test_something_else_at_its_address_is_named() -> None:
    with pytest.raises(UnexpectedPage, match="webring"):
        read(jschan.ENGINE, PageRef(f"{BASE}/webring.json", "webring"), document("/webring.json", {"boards": []}))


def test_a_site_without_a_webring_is_not_asked_for_it() -> None:
    found = read(
        jschan.ENGINE,
        PageRef(f"{BASE}/boards.json", "entry"),
        document("/boards.json", {"boards": [{"_id": "tea"}], "maxPage": 1}),
    )
    assert [page.kind for page in found.pages] == ["index"]

"""Imageboards by their JSON interfaces: LynxChan, jschan, 4chan. Shapes from their documentation, contents invented."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.records import PageRef
from crawler.detect import detect
from crawler.engines import ENGINES, fourchan, jschan, lynxchan
from crawler.errors import UnexpectedPage
from crawler.evaluate import compare, evaluate
from crawler.page import Document, Engine, Parsed
from crawler.reading import kind_of, read
from tests.crawler.conftest import pages_of
from tests.crawler.test_engines_recordings import walk

AT = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
BASE = "http://chan.example"
RECORDINGS = Path(__file__).parents[1] / "recordings"


def document(path: str, data: Any, kind: str = "application/json") -> Document:
    body = data if isinstance(data, str) else json.dumps(data)
    return Document(f"{BASE}{path}", body.encode(), kind)


def lynx_thread() -> dict[str, Any]:
    common: dict[str, Any] = {"email": None, "signedRole": None, "markdown": None, "files": [], "id": "a1b2c3"}
    opening = {
        "threadId": 17, "boardUri": "tea", "boardName": "Tea", "name": "Wren#aB3", "subject": "Kettles", "creation": "2026-11-24T12:00:00.000Z",
        "message": "The kettle\nis broken", "markdown": 'The kettle<br>is broken, see <a target="_blank" href="https://newboard.example/b/">here</a>',
        "locked": False, "pinned": True, "cyclic": False, "autoSage": False, "signedRole": "Board owner", "id": "a1b2c3",
        "files": [{"originalName": "kettle.png", "path": "/.media/0123456789abcdef0123456789abcdef-imagepng.png", "size": 123, "mime": "image/png"},
                  {"originalName": "pot.png", "path": f"/.media/{'0f' * 32}.png", "size": 5}],
    }  # fmt: skip
    answer = common | {
        "postId": 18, "name": "Anonymous", "subject": None, "creation": "2026-11-24T12:01:00.000Z", "message": ">>17\nYes",
        "markdown": '<a class="quoteLink" href="/tea/res/17.html#17">&gt;&gt;17</a><br><span class="greenText">&gt;quoted</span><br>'
        '<a class="quoteLink" href="/pot/res/3.html#3">&gt;&gt;&gt;/pot/3</a> Yes',
    }  # fmt: skip
    return opening | {"posts": [answer]}


def js_thread() -> dict[str, Any]:
    opening = {
        "_id": "x", "date": "2026-11-24T12:00:00.000Z", "u": 1, "name": "Wren", "country": {"code": "DE", "name": "Germany"}, "board": "tea",
        "tripcode": "!aB3", "capcode": "## Board Owner ", "subject": "Kettles", "nomarkup": "x", "thread": None, "userId": "a1b2c3", "sticky": 1,
        "message": 'The kettle\nis broken, see <a rel="nofollow" href="https://newboard.example/b/">here</a>'.replace("\n", "<br>"),
        "files": [{"filename": "f.png", "originalFilename": "kettle.png", "size": 123, "hash": "0f" * 32}], "locked": 0, "edited": None, "postId": 17,
    }  # fmt: skip
    answer: dict[str, Any] = {
        "_id": "y", "date": "2026-11-24T12:01:00.000Z", "name": "Anonymous", "board": "tea", "tripcode": None, "capcode": None, "subject": None,
        "nomarkup": "x", "thread": 17, "files": [], "postId": 18, "edited": {"username": "Hidden User", "date": "2026-11-24T12:05:00.000Z"},
        "message": '<a class="quote" href="/tea/thread/17.html#17">&gt;&gt;17</a> (OP)<br><span class="greentext">&gt;quoted</span><br>Yes',
    }  # fmt: skip
    return opening | {"replies": [answer]}


def four_thread() -> dict[str, Any]:
    opening = {
        "no": 17, "resto": 0, "now": "11/24/26(Tue)07:00:00", "time": int(AT.timestamp()), "name": "Wren", "trip": "!aB3", "capcode": "mod", "country": "DE",
        "sub": "Kettles &amp; pots", "com": 'The kettle<br>is broken, see <a href="https://newboard.example/b/">here</a>', "filename": "kettle", "ext": ".png",
        "fsize": 123, "md5": "QUJD", "tim": 1, "sticky": 1, "closed": 1, "semantic_url": "kettles", "replies": 1, "images": 0, "id": "a1b2c3",
    }  # fmt: skip
    answer = {
        "no": 18, "resto": 17, "now": "11/24/26(Tue)07:01:00", "time": int(AT.timestamp()) + 60, "name": "Anonymous", "filename": "x", "ext": ".png", "filedeleted": 1,
        "com": '<a href="#p17" class="quotelink">&gt;&gt;17</a><br><span class="quote">&gt;quoted</span><br>Yes',
    }  # fmt: skip
    return {"posts": [opening, answer]}


CASES: Mapping[str, tuple[Engine, Callable[[], dict[str, Any]], str]] = {
    "lynxchan": (lynxchan.ENGINE, lynx_thread, "/tea/res/17.json"),
    "jschan": (jschan.ENGINE, js_thread, "/tea/thread/17.json"),
    "fourchan": (fourchan.ENGINE, four_thread, "/tea/thread/17.json"),
}


def thread(name: str) -> Parsed:
    engine, make, path = CASES[name]
    return read(engine, PageRef(f"{BASE}{path}", "thread", "tea", 17), document(path, make()))


@pytest.mark.parametrize("name", CASES)
def test_a_thread_gives_each_post_as_the_board_publishes_it(name: str) -> None:
    opening, answer = thread(name).posts
    assert (opening.board, opening.thread, opening.number, opening.op, answer.thread, answer.number, answer.op) == (
        "tea",
        17,
        17,
        True,
        17,
        18,
        False,
    )
    assert (opening.posted_at, (answer.posted_at or AT) - AT) == (AT, datetime(2026, 1, 1, 0, 1) - datetime(2026, 1, 1))  # noqa: DTZ001
    assert opening.text == "The kettle\nis broken, see here"
    assert [link.url for link in opening.links] == ["https://newboard.example/b/"]
    assert answer.quotes == (17,)
    assert ">quoted" in answer.text.splitlines()
    assert answer.text.splitlines()[-1].endswith("Yes")
    assert answer.links == ()
    assert (opening.name, opening.poster_id, opening.sticky) == ("Wren", "a1b2c3", True)
    assert opening.capcode
    assert opening.tripcode in {"!aB3", "#aB3"}
    assert opening.subject in {"Kettles", "Kettles & pots"}
    assert (opening.attachments[0].filename, opening.attachments[0].size) == ("kettle.png", 123)
    assert answer.attachments == ()


def test_hashes_are_those_the_board_publishes_and_no_others() -> None:
    assert [file.md5 for file in thread("lynxchan").posts[0].attachments] == ["0123456789abcdef0123456789abcdef", None]
    assert [file.md5 for file in thread("jschan").posts[0].attachments] == [None]
    assert [file.md5 for file in thread("fourchan").posts[0].attachments] == ["QUJD"]


@pytest.mark.parametrize("name", CASES)
def test_a_thread_alone_tells_the_software(name: str) -> None:
    engine, make, path = CASES[name]
    page = document(path, make())
    assert detect([page]) is engine
    ref = kind_of(engine, page)
    assert ref is not None
    assert (ref.kind, ref.board, ref.thread) == ("thread", "tea", 17)


CATALOGS: Mapping[str, tuple[Any, Any]] = {
    "lynxchan": (
        {"status": "ok", "data": {"pageCount": 2, "boards": [{"boardUri": "tea"}, {"boardUri": "pot"}]}},
        [{"threadId": 17, "message": "x", "postCount": 3, "lastBump": "a"}, {"threadId": 19, "message": "y", "postCount": 1}],
    ),
    "jschan": (
        {"boards": [{"_id": "tea", "settings": {}}, {"_id": "pot", "settings": {}}, {"uri": "far", "webring": True}], "page": 1, "maxPage": 2},
        [{"postId": 17, "board": "tea", "nomarkup": "", "replyposts": 3}, {"postId": 19, "board": "tea", "nomarkup": "", "replyposts": 1}],
    ),
    "fourchan": (
        {"boards": [{"board": "tea", "ws_board": 1}, {"board": "pot", "ws_board": 1}]},
        [{"page": 1, "threads": [{"no": 17, "now": "", "semantic_url": "", "replies": 3}]}, {"page": 2, "threads": [{"no": 19, "replies": 1}]}],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_boards_lead_to_catalogs_and_these_to_every_living_thread(name: str) -> None:
    engine, (boards, catalog) = ENGINES[name], CATALOGS[name]
    [entry] = engine.entry(f"{BASE}/")
    listed = read(engine, entry, document("/boards", boards)).pages
    assert [page.url for page in listed if page.kind == "index"] == [
        f"{BASE}/tea/catalog.json",
        f"{BASE}/pot/catalog.json",
    ]
    assert [page.part for page in listed if page.kind == "entry"] == ([] if name == "fourchan" else [2])
    found = read(engine, listed[0], document("/tea/catalog.json", catalog))
    assert found.lists_board == "tea"
    assert [page.thread for page in found.pages] == [17, 19]
    assert CASES[name][2] in found.pages[0].url
    assert found.pages[0].hint != found.pages[1].hint
    assert detect([document("/tea/catalog.json", catalog)]) is engine


@pytest.mark.parametrize("name", CASES)
def test_a_source_may_be_one_board_or_one_thread(name: str) -> None:
    engine, _, path = CASES[name]
    assert engine.entry(f"{BASE}/tea/")[0].url == f"{BASE}/tea/catalog.json"
    assert (engine.entry(f"{BASE}{path}")[0].thread, engine.entry(f"{BASE}{path}")[0].kind) == (17, "thread")


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        {"posts": []},
        {"posts": 7},
        {"error": "busy"},
        {"threadId": 3, "posts": []},
        {"postId": 3, "replies": []},
    ],
)
def test_another_thread_or_shape_is_named_and_never_absorbed(name: str, data: Any) -> None:
    engine, _, path = CASES[name]
    with pytest.raises(UnexpectedPage):
        read(engine, PageRef(f"{BASE}{path}", "thread", "tea", 17), document(path, data))


@pytest.mark.parametrize("name", ["jschan", "lynxchan"])
def test_pages_show_all_of_the_recording_but_what_they_round(name: str) -> None:
    pages = {url: page for url, page in pages_of(RECORDINGS / name / "snapshot-1.warc.gz").items() if not page.is_json}
    posts, asked = walk(ENGINES[name], pages, f"http://{name}.example/")
    lines = [json.loads(line) for line in (RECORDINGS / name / "truth-1.jsonl").read_text("utf-8").splitlines()]
    living = {(line["board"], line["post_id"]): line for line in lines if not line["deleted"] and line["board"]}
    fields = compare(posts, living.values())
    assert {field for field, (exact, known) in fields.items() if exact != known} == {"size"}
    for post in posts:
        line = living[post.board, int(post.number)]
        assert post.posted_at is not None
        assert post.posted_at.replace(microsecond=0) == datetime.fromisoformat(line["created_at"]).replace(
            microsecond=0
        )
        assert (post.edited_at is None) is (line["edited_at"] is None)
    assert not [url for url in asked if "thread" in url and url.endswith(".json")], "no thread's JSON is tried in vain"


@pytest.mark.parametrize("name", ["jschan", "lynxchan"])
def test_every_post_of_the_recording_is_read_exactly(name: str) -> None:
    (done,) = evaluate(RECORDINGS / name)
    assert done.engines == (name,)
    assert {field: counts for field, counts in done.fields.items() if counts[0] != counts[1]} == {}

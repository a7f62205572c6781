"""makaba: what its recording cannot show. Shapes from its interface's documentation, contents invented."""

import json
from typing import Any

import pytest

from core.records import PageRef
from crawler.detect import detect
from crawler.engines import makaba
from crawler.errors import ClosedPage, GonePage, PageError, UnexpectedPage
from crawler.page import Document
from crawler.reading import kind_of, read

BASE = "http://dvor.example"
THREAD = PageRef(f"{BASE}/b/res/7.json", "thread", "b", 7)
INDEX = PageRef(f"{BASE}/b/catalog.json", "index", "b")
OPENING: dict[str, Any] = {
    "num": 7, "parent": 0, "timestamp": 1795086725, "name": "Аноним", "trip": "", "subject": "", "comment": "Чай",
    "files": None, "lasthit": 1795086725, "closed": 0, "sticky": 0,
}  # fmt: skip
BOARD = {"id": "b", "name": "Бред", "bump_limit": 500, "category": "Разное"}


def answer(data: Any, url: str = THREAD.url) -> Document:
    return Document(url, json.dumps(data).encode(), "application/json")


def thread(*posts: dict[str, Any]) -> Document:
    return answer({"board": BOARD, "current_thread": 7, "threads": [{"posts": posts}]})


def test_the_form_before_2022_writes_numbers_as_text_and_the_board_as_a_name() -> None:
    legacy = {
        "Board": "b",
        "threads": [{"posts": [OPENING | {"num": "7", "parent": "0"}, OPENING | {"num": 9, "parent": "7"}]}],
    }
    one, two = read(makaba.ENGINE, THREAD, answer(legacy)).posts
    assert (one.number, one.op, two.number, two.thread, two.op) == (7, True, 9, 7, False)
    found = kind_of(makaba.ENGINE, answer(legacy, f"{BASE}/saved.json"))
    assert found is not None
    assert (found.kind, found.board, found.thread) == ("thread", "b", 7)


def test_marks_that_the_board_adds_to_a_quote_are_not_the_authors() -> None:
    comment = (
        '<a href="/b/res/7.html#7" class="post-reply-link" data-thread="7" data-num="7">&gt;&gt;7 (OP)</a><br>'
        '<a href="/b/res/3.html#5" class="post-reply-link" data-thread="3" data-num="5">&gt;&gt;5 →</a> да'
        '<br><br><span class="pomyanem">(Автор этого поста был забанен. Помянем.)</span>'
    )
    _, post = read(makaba.ENGINE, THREAD, thread(OPENING, OPENING | {"num": 8, "parent": 7, "comment": comment})).posts
    assert (post.text, post.quotes, post.links) == (">>7\n>>5 да", (7, 5), ())


def test_a_sticker_has_no_name_but_its_own() -> None:
    sticker = {"name": "ygfyCF0H.png", "pack": "HycdNR0H", "sticker": "ygfyCF0H", "size": 0, "type": 100}
    [post] = read(makaba.ENGINE, THREAD, thread(OPENING | {"files": [sticker]})).posts
    assert [(file.filename, file.size, file.md5) for file in post.attachments] == [("ygfyCF0H.png", None, None)]


def test_a_board_without_pictures_has_an_empty_catalog_and_is_read_page_by_page() -> None:
    [first] = read(makaba.ENGINE, INDEX, answer({"board": BOARD, "threads": []}, INDEX.url)).pages
    assert first == PageRef(f"{BASE}/b/index.json", "index", "b")
    shown = {
        "board": BOARD, "current_page": 0, "pages": [0, 1, 2],
        "threads": [{"posts_count": 3, "thread_num": 7, "posts": [OPENING, OPENING | {"num": 9, "parent": 7}]}],
    }  # fmt: skip
    parsed = read(makaba.ENGINE, first, answer(shown, first.url))
    assert [(ref.url, ref.kind, ref.part) for ref in parsed.pages] == [
        (f"{BASE}/b/res/7.json", "thread", 1), (f"{BASE}/b/1.json", "index", 2), (f"{BASE}/b/2.json", "index", 3),
    ]  # fmt: skip
    assert (parsed.pages[0].hint, parsed.lists_board) == ("3 None 1795086725 0 0", None)


@pytest.mark.parametrize("boards", [[BOARD], {"boards": [BOARD]}, {"Разное": [BOARD]}])
def test_every_form_of_the_list_of_boards(boards: Any) -> None:
    ref = PageRef(f"{BASE}/api/mobile/v2/boards", "entry")
    document = answer(boards, ref.url)
    assert detect([document]) == makaba.ENGINE
    assert [page.url for page in read(makaba.ENGINE, ref, document).pages] == [INDEX.url]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"result": 0, "error": {"code": -3, "message": "Тред не существует."}}, GonePage),
        ({"Code": -404, "error": "not found"}, GonePage),
        ({"result": 0, "error": {"code": -42, "message": "Доступ только с пасскодом."}}, ClosedPage),
        ({"result": 0, "error": {"code": 666, "message": "Внутренняя ошибка"}}, UnexpectedPage),
        ({"board": BOARD, "threads": [{"posts": [OPENING | {"num": 8}]}]}, UnexpectedPage),
        ({"board": BOARD, "threads": [{"posts": [OPENING | {"parent": 5}]}]}, UnexpectedPage),
        ({"board": BOARD, "threads": [{"posts": [OPENING, OPENING | {"num": 9, "parent": 8}]}]}, UnexpectedPage),
        ({"board": BOARD, "threads": []}, UnexpectedPage),
    ],
)
def test_what_is_not_the_thread_asked_for_says_what_it_is(data: Any, error: type[PageError]) -> None:
    with pytest.raises(error):
        read(makaba.ENGINE, THREAD, answer(data))


@pytest.mark.parametrize(
    ("url", "kind", "first"),
    [
        (BASE, "entry", f"{BASE}/api/mobile/v2/boards"),
        (f"{BASE}/b/", "index", f"{BASE}/b/catalog.json"),
        (f"{BASE}/b/res/7.html", "thread", f"{BASE}/b/res/7.json"),
    ],
)
def test_a_source_may_be_a_site_a_board_or_a_thread(url: str, kind: str, first: str) -> None:
    [ref] = makaba.ENGINE.entry(url)
    assert (ref.kind, ref.url) == (kind, first)

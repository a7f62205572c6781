"""Flarum by the data within its pages and by its interface; what a recording by hand cannot show."""

import json
from typing import Any

import pytest

from core.records import PageRef
from crawler.detect import detect
from crawler.engines import flarum
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.page import Document, Parsed
from crawler.reading import read

BASE = "http://forum.example"
Data = dict[str, Any]


def link(kind: str, number: int) -> Data:
    return {"data": {"type": kind, "id": str(number)}}


def post(number: int, body: str = "<p>The kettle</p>", discussion: int = 7, **given: Any) -> Data:
    attributes = {
        "number": number - 40,
        "createdAt": "2026-11-24T12:00:00+00:00",
        "contentType": "comment",
        "contentHtml": body,
    } | given
    return {
        "type": "posts",
        "id": str(number),
        "attributes": attributes,
        "relationships": {"discussion": link("discussions", discussion), "user": link("users", 3)},
    }


def about(*ids: int, **given: Any) -> Data:
    return {
        "type": "discussions",
        "id": "7",
        "attributes": {"title": "Kettles", "slug": "7-kettles", "commentCount": len(ids)} | given,
        "relationships": {
            "posts": {"data": [{"type": "posts", "id": str(one)} for one in ids]},
            "tags": {"data": [{"type": "tags", "id": "1"}, {"type": "tags", "id": "2"}]},
        },
    }


def tag(number: int, name: str, **given: Any) -> Data:
    return {
        "type": "tags",
        "id": str(number),
        "attributes": {"name": name, "slug": name.lower(), "position": None} | given,
    }


def document(*posts: Data, **given: Any) -> Data:
    return {"data": about(*(int(one["id"]) for one in posts), **given), "included": list(posts)}


def page(data: Data, path: str = "/d/7-kettles", end: str = "</body></html>") -> Document:
    payload = json.dumps({"resources": [], "apiDocument": data}).replace("<", "\\u003C")
    body = f'<html><body><noscript id="flarum-content"><article>x</article></noscript><script id="flarum-json-payload" type="application/json">{payload}</script>'
    return Document(BASE + path, f"{body}{end}".encode(), "text/html")


def parsed(data: Data, path: str = "/d/7-kettles", kind: str = "thread", **asked: Any) -> Parsed:
    made = Document(BASE + path, json.dumps(data).encode()) if path.startswith("/api") else page(data, path)
    return read(flarum.ENGINE, PageRef(BASE + path, kind, **asked), made)


def test_what_happened_to_a_discussion_is_no_post_and_answers_from_elsewhere_are_not_its_posts() -> None:
    renamed = post(42, contentType="discussionRenamed", content=["Pots", "Kettles"])
    elsewhere, later = post(77, "<p>From elsewhere</p>", discussion=8), post(78, "<p>From page 2</p>")
    data = document(post(41), renamed, post(43, isHidden=True), post(44))
    data["included"] += [elsewhere, later]
    assert [one.number for one in parsed(data).posts] == [41, 44]


def test_a_page_that_lacks_some_of_its_posts_is_named() -> None:
    data = document(*(post(41 + n) for n in range(5)))
    del data["included"][2]
    with pytest.raises(UnexpectedPage, match="every post of page 1"):
        parsed(data)


def test_a_long_discussion_names_its_other_pages_and_the_interface_where_pages_are_closed() -> None:
    posts = [post(41 + n) for n in range(45)]
    data = document(*posts)
    data["included"] = posts[20:40]
    found = parsed(data, "/d/7-kettles?page=2", thread="7", hint="5")
    assert ([one.op for one in found.posts], found.parts) == ([False] * 20, 3)
    assert [(ref.url, ref.part, ref.hint) for ref in found.pages] == [
        (f"{BASE}/d/7-kettles", 1, "5"),
        (f"{BASE}/d/7-kettles?page=3", 3, "5"),
    ]
    assert found.pages[1].alternate == f"{BASE}/api/posts?filter[discussion]=7&page[offset]=40"


def test_the_interfaces_posts_are_read_with_what_the_list_said() -> None:
    data = {
        "data": [post(61), post(62)],
        "links": {"next": "x"},
        "included": [{"type": "discussions", "id": "7", "attributes": {"title": "Kettles", "slug": "7-kettles"}}],
    }
    path = "/api/posts?filter[discussion]=7&page[offset]=20"
    found = parsed(data, path, thread=7, board="Tea", hint="5 x 6, sticky, locked")
    assert [(one.number, one.board, one.sticky, one.locked, one.op) for one in found.posts] == [
        (61, "Tea", True, True, False),
        (62, "Tea", True, True, False),
    ]
    assert [ref.part for ref in found.pages] == [1, 3]
    assert found.posts[0].url == f"{BASE}/d/7-kettles/21"


def test_the_board_is_the_innermost_tag_of_those_that_order_the_forum() -> None:
    data = document(post(41))
    data["included"] += [tag(1, "Tea", position=0), tag(2, "Rare", position=None)]
    assert parsed(data).posts[0].board == "Tea"
    data["included"][2] = tag(2, "Green", position=0, isChild=True)
    assert parsed(data).posts[0].board == "Green"
    assert parsed(document(post(41))).posts[0].board is None


def test_answers_and_quotes_name_their_posts_and_quoted_words_are_left_out() -> None:
    def mention(number: int) -> str:
        return f'<a href="{BASE}/d/7/1" class="PostMention" data-id="{number}"><i class="icon"></i>wren</a>'

    inner = f"<blockquote><div><p>{mention(9)} older</p></div></blockquote>"
    body = f'<blockquote class="uncited"><div>{inner}<p>{mention(41)} boil</p></div></blockquote><p>{mention(40)} mine, <a href="{BASE}/u/x" class="UserMention">@x</a></p>'
    only = parsed(document(post(44, body))).posts[0]
    assert (only.text, only.quotes, only.links) == ("wren mine, @x", (41, 40), ())


def test_only_the_staffs_group_is_a_capcode_and_signatures_are_marked() -> None:
    user = {
        "type": "users", "id": "3", "attributes": {"username": "wren", "signature": '<a href="https://list.example/">mine</a>'},
        "relationships": {"groups": {"data": [{"type": "groups", "id": "9"}]}},
    }  # fmt: skip
    data = document(post(41))
    data["included"] += [user, {"type": "groups", "id": "9", "attributes": {"nameSingular": "Friend"}}]
    only = parsed(data).posts[0]
    assert (only.name, only.capcode, [(one.url, one.signature) for one in only.links]) == (
        "wren",
        None,
        [("https://list.example/", True)],
    )
    user["relationships"] = {"groups": {"data": [{"type": "groups", "id": "4"}]}}
    data["included"].append({"type": "groups", "id": "4", "attributes": {"nameSingular": "Mod"}})
    assert parsed(data).posts[0].capcode == "Mod"


def test_a_list_names_discussions_with_what_changes_with_them_and_the_following_page() -> None:
    data = {"data": [about(41, isSticky=True)], "links": {"next": "x"}, "included": [tag(1, "Tea", position=0)]}
    one, more = parsed(data, "/api/discussions?sort=-lastPostedAt", "index").pages
    assert (one.url, one.thread, one.board) == (f"{BASE}/d/7-kettles", 7, "Tea")
    assert (one.hint or "").endswith(", sticky")
    assert (more.url, more.alternate, more.part) == (
        f"{BASE}/api/discussions?sort=-lastPostedAt&page[offset]=20",
        f"{BASE}/all?page=2",
        2,
    )
    assert (
        parsed(data, "/t/tea", "index").pages[1].url
        == f"{BASE}/api/discussions?sort=-lastPostedAt&filter[tag]=tea&page[offset]=20"
    )


@pytest.mark.parametrize(
    ("source", "first"),
    [
        ("/", "/api/discussions?sort=-lastPostedAt"),
        ("/all", "/api/discussions?sort=-lastPostedAt"),
        ("/forum/", "/forum/api/discussions?sort=-lastPostedAt"),
        ("/t/tea", "/api/discussions?sort=-lastPostedAt&filter[tag]=tea"),
        ("/d/7-kettles/12", "/d/7-kettles"),
        ("/forum/d/7", "/forum/d/7"),
    ],
)
def test_a_source_is_the_site_or_one_tag_or_discussion(source: str, first: str) -> None:
    assert [ref.url for ref in flarum.ENGINE.entry(BASE + source)] == [BASE + first]


def test_a_page_begun_at_a_post_in_its_middle_is_told_apart_from_whole_ones() -> None:
    posts = [post(41 + n) for n in range(45)]
    data = document(*posts)
    data["included"] = posts[25:45]
    found = parsed(data, "/d/7-kettles/36")
    assert (len(found.posts), {ref.part for ref in found.pages}) == (20, {1, 3})


def test_a_site_is_known_by_any_page_and_led_to_its_list() -> None:
    front = page({"data": [], "links": {}}, "/tags")
    assert detect([front]) is flarum.ENGINE
    ref = flarum.ENGINE.kind_of(page({}, "/u/wren"))
    assert ref is not None
    assert ref.kind == "entry"
    assert [one.kind for one in read(flarum.ENGINE, ref, page({}, "/u/wren")).pages] == ["index"]
    assert (
        flarum.ENGINE.recognise(Document(BASE, b'{"data": [{"type": "articles", "id": "1", "attributes": {}}]}')) == 0.0
    )


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"errors": [{"status": "404", "code": "not_found"}]}, GonePage),
        ({"errors": [{"status": "403", "code": "permission_denied"}]}, ClosedPage),
        ({"errors": []}, UnexpectedPage),
        ({}, UnexpectedPage),
        ({"data": [post(41), post(42, discussion=9)]}, UnexpectedPage),
        ({"data": about(41)}, UnexpectedPage),
        ({"data": [post(41, discussion=8)]}, UnexpectedPage),
    ],
)
def test_what_stands_in_for_a_discussion_is_told_apart(data: Data, error: type[Exception]) -> None:
    with pytest.raises(error):
        parsed(data, "/api/posts?filter[discussion]=7", thread=7)


def test_a_page_that_was_cut_short_gives_no_posts() -> None:
    cut = page(document(post(41)), end="")
    with pytest.raises(UnexpectedPage):
        read(flarum.ENGINE, PageRef(cut.url or "", "thread"), cut)

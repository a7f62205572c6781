"""NodeBB by its JSON, by the data within its pages, and by their markup alone; what a recording cannot show."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from core.records import PageRef, PublishedPost
from crawler.engines import nodebb
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.evaluate import compare
from crawler.page import Document, Parsed
from crawler.reading import read

BASE = "http://forum.example"
RECORDING = Path(__file__).parents[1] / "recordings" / "nodebb"
SCRIPTS = re.compile(r"<script.*?</script>", re.DOTALL)


def post(number: int, content: str = "<p>The kettle</p>", **given: Any) -> dict[str, Any]:
    return {
        "pid": number, "content": content, "timestamp": 1795594327000, "edited": 0, "deleted": 0,
        "user": {"username": "wren", "signature": "", "selectedGroups": []},
    } | given  # fmt: skip


def topic(*posts: dict[str, Any], page: int = 1, pages: int = 1, **given: Any) -> dict[str, Any]:
    return {
        "tid": 7, "mainPid": 41, "title": "Kettles", "slug": "7/kettles", "pinned": 0, "locked": 0, "posts": list(posts),
        "category": {"cid": 3, "name": "Tea"}, "pagination": {"currentPage": page, "pageCount": pages},
    } | given  # fmt: skip


def category(*topics: dict[str, Any], page: int = 1, pages: int = 1, **given: Any) -> dict[str, Any]:
    return {
        "cid": 3, "name": "Tea &amp; pots", "slug": "3/tea", "topics": list(topics), "children": [],
        "pagination": {"currentPage": page, "pageCount": pages},
    } | given  # fmt: skip


def parsed(data: Any, kind: str = "thread", path: str = "/api/topic/7/kettles", **asked: Any) -> Parsed:
    url = BASE + path
    return read(nodebb.ENGINE, PageRef(url, kind, **asked), Document(url, json.dumps(data).encode()))


def page(data: Any, path: str = "/topic/7/kettles", script: str = "window._ajaxifyData=") -> Document:
    payload = json.dumps(data).replace("</", "<\\/")
    body = f'<html><body><script id="ajaxify-data">{script}{payload}</script></body></html>'
    return Document(BASE + path, body.encode(), "text/html")


def recorded(change: Callable[[str], str]) -> list[Document]:
    found = []
    with (RECORDING / "snapshot-2.warc.gz").open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response":
                body = change(record.content_stream().read().decode())
                found.append(Document(record.rec_headers.get_header("WARC-Target-URI"), body.encode(), "text/html"))
    return found


@pytest.mark.parametrize("change", [str, lambda text: SCRIPTS.sub("", text)], ids=["with data", "saved by a browser"])
def test_pages_say_the_same_with_and_without_the_data_of_their_scripts(change: Callable[[str], str]) -> None:
    posts: list[PublishedPost] = []
    for document in recorded(change):
        ref = nodebb.ENGINE.kind_of(document)
        assert ref is not None
        assert nodebb.ENGINE.recognise(document) >= 0.5
        found = read(nodebb.ENGINE, ref, document)
        posts += found.posts
        if ref.kind == "index":
            assert (ref.board, found.lists_board) == ("Kettles & Tea", "Kettles & Tea")
            assert {one.board for one in found.pages if one.kind == "index"} == {"Sprachen / Языки / لغات"}
            assert len([one for one in found.pages if one.kind == "thread"]) == 3
        elif ref.kind == "entry":
            assert len(found.pages) == 4
    lines = [json.loads(line) for line in (RECORDING / "truth-2.jsonl").read_text("utf-8").splitlines()]
    assert {name: counts for name, counts in compare(posts, lines).items() if counts[0] != counts[1]} == {}
    edited = {line["post_id"]: line["edited_at"] for line in lines if line["edited_at"]}
    shown = {one.number: one.edited_at for one in posts if one.edited_at}
    assert {number: moment.isoformat().replace("+00:00", "Z") for number, moment in shown.items()} == edited


def test_links_of_signatures_are_marked_and_names_of_nobody_are_none() -> None:
    signature = '<p><a href="https://list.example/">my list</a></p>'
    guest = {"username": "[[global:guest]]", "selectedGroups": None}
    signed, unknown = parsed(
        topic(post(41, user={"username": "wren", "signature": signature}), post(42, user=guest))
    ).posts
    assert [(link.url, link.signature) for link in signed.links] == [("https://list.example/", True)]
    assert (signed.text, unknown.name) == ("The kettle", None)


def test_a_quote_is_credited_within_it_or_as_older_versions_do_before_it() -> None:
    mention = '<a class="plugin-mentions-user plugin-mentions-a" href="/user/wren">@wren</a>'
    credit = f'<p>{mention} said in <a href="/post/12">Kettles</a>:</p>'
    nested = f'<blockquote>{credit}<blockquote><p><a href="/post/9">said</a></p></blockquote>old</blockquote>'
    before = parsed(topic(post(41, f"{credit}<blockquote><p>boil</p></blockquote><p>Mine</p>", toPid="40"))).posts[0]
    within = parsed(topic(post(41, f'{nested}<p>As in <a href="/post/3">this</a>:</p>'))).posts[0]
    assert (before.text, before.quotes) == ("Mine", (12, 40))
    assert (within.text, within.quotes) == ("As in this:", (12,))


def test_only_the_staffs_badge_is_a_capcode() -> None:
    def shown(*groups: dict[str, Any]) -> str | None:
        return parsed(topic(post(41, user={"username": "wren", "selectedGroups": list(groups)}))).posts[0].capcode

    assert shown({"name": "Kettle friends", "userTitle": "Friend"}) is None
    assert (
        shown({"name": "Kettle friends", "userTitle": "Friend"}, {"name": "administrators", "userTitle": "Boss"})
        == "Boss"
    )


def test_titles_are_read_as_shown_whether_the_version_escapes_them_or_not() -> None:
    for written in ("Pots &lt;b&gt; &amp; &quot;kettles&quot;", 'Pots <b> & "kettles"'):
        assert parsed(topic(post(41), title=written)).posts[0].subject == 'Pots <b> & "kettles"'


def test_an_uploaded_file_is_an_attachment_and_a_word_that_links_to_one_stays() -> None:
    body = (
        '<p><a href="/assets/uploads/files/1764000000002-my-manual.pdf">my manual.pdf</a></p><p>See '
        '<a href="/assets/uploads/files/1764000000003-x.pdf">the other</a></p>'
        '<p><a href="/assets/uploads/files/17640000000-a.png"><img src="/assets/uploads/files/17640000000-a.png" alt="0_17_a.png" /></a></p>'
    )
    only = parsed(topic(post(41, body))).posts[0]
    assert ([file.filename for file in only.attachments], only.text.strip()) == (
        ["my manual.pdf", "x.pdf", "0_17_a.png"],
        "See the other",
    )


def test_a_long_topic_names_its_other_pages_and_the_pages_to_ask_where_json_is_off() -> None:
    found = parsed(topic(post(41), pages=3), thread="7", hint="5")
    assert [(ref.url, ref.alternate, ref.part, ref.hint) for ref in found.pages] == [
        (f"{BASE}/api/topic/7/kettles?page={part}", f"{BASE}/topic/7/kettles?page={part}", part, "5") for part in (2, 3)
    ]
    assert [one.op for one in parsed(topic(post(55), page=3, pages=3), part=3).posts] == [False]


def test_a_list_names_living_topics_and_is_whole_only_on_one_page() -> None:
    one, gone = {"tid": 7, "slug": "7/kettles", "postcount": 2}, {"tid": 8, "slug": "8", "deleted": 1}
    found = parsed(category(one, gone), "index", "/api/category/3/tea")
    assert [(ref.thread, ref.board) for ref in found.pages] == [(7, "Tea & pots")]
    assert found.lists_board == "Tea & pots"
    again = parsed(category(one | {"postcount": 3}, pages=2), "index", "/api/category/3/tea")
    assert again.pages[0].hint != found.pages[0].hint
    assert (again.lists_board, again.pages[1].url) == (None, f"{BASE}/api/category/3/tea?page=2")


@pytest.mark.parametrize(
    ("source", "first"),
    [
        ("/", "/api/categories"), ("/recent", "/api/categories"), ("/forum/", "/forum/api/categories"), ("/community", "/community/api/categories"),
        ("/topic/7/kettles/15", "/api/topic/7/kettles"), ("/forum/topic/7", "/forum/api/topic/7"),
        ("/category/3/чай?page=2", "/api/category/3/%D1%87%D0%B0%D0%B9"),
    ],
)  # fmt: skip
def test_a_source_is_the_site_or_one_category_or_topic(source: str, first: str) -> None:
    assert [ref.url for ref in nodebb.ENGINE.entry(BASE + source)] == [BASE + first]


def test_older_versions_carry_their_data_as_json_and_any_page_leads_to_the_categories() -> None:
    document = page(topic(post(41)), script="")
    assert len(read(nodebb.ENGINE, PageRef(document.url or "", "thread", thread=7), document).posts) == 1
    front = page({"topics": [], "title": "Recent", "template": {"name": "recent"}}, "/")
    assert [ref.url for ref in read(nodebb.ENGINE, PageRef(f"{BASE}/", "entry"), front).pages] == [
        f"{BASE}/api/categories"
    ]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"path": "/topic/7", "title": "[[global:404.title]]", "bodyClass": "x"}, GonePage),
        ({"template": {"name": "404"}}, GonePage),
        ({"title": "[[global:403.title]]"}, ClosedPage),
        ({"template": {"name": "login"}}, ClosedPage),
        ({"title": "[[global:503.title]]"}, ClosedPage),
        ({}, UnexpectedPage),
        ([], UnexpectedPage),
        (topic(post(41), tid=8), UnexpectedPage),
        (topic(), UnexpectedPage),
    ],
)
def test_what_stands_in_for_a_topic_is_told_apart(data: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        parsed(data, thread=7)
    document = page(data)
    with pytest.raises(error):
        read(nodebb.ENGINE, PageRef(document.url or "", "thread", thread=7), document)


def test_a_page_that_was_cut_short_gives_no_posts() -> None:
    whole = page(topic(post(41)))
    cut = Document(whole.url, whole.body.removesuffix(b"</body></html>"), "text/html")
    with pytest.raises(UnexpectedPage):
        read(nodebb.ENGINE, PageRef(cut.url or "", "thread"), cut)

"""What both indexes promise, the second on a real server."""

import json
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.records import Attachment, Tag, TaggedPost
from core.settings import Settings
from search import embedded as embedded_module
from search.document import FACETS, INTERVALS
from search.embedded import EmbeddedIndex
from search.index import (
    IndexUnavailable,
    PostIndex,
    RequestError,
    Results,
    Search,
    Sort,
    encode_cursor,
    open_index,
    results_json,
)
from search.query import DEEPEST, MOST, All, parse
from tests.elasticsearch_server import Server
from tests.search import reference
from tests.search.conftest import START, elastic_index, link, post, tag

Found = Callable[..., list[int]]

ONION = "harborabcdefghijklmnopqrstuvwxyz234567harborabcdefghijk2.onion"
RULE = Tag(
    label="migration-call", start=0, end=9, matched="new board", rule="migration/new-board-at", severity=2, source="x"
)
POSTS = [
    post(1, "The new board is at harbor-two.example now", subject="New harbor", op=True, tags=(RULE,), language="en",
         links=(link("http://www.harbor-two.example/a/", domain="harbor-two.example"),)),
    post(2, "A board of new planks, not a new ship", thread=2, board="int", language="en"),
    post(3, "Die Straße zum Hafen ist für Schiffe zu", language="de", platform="quay", source="quay-forum",
         author="a1b2"),
    post(4, "Новая гавань уже открыта", language="ru", author="A1B2", deleted_seen_at=START + timedelta(hours=1)),
    post(5, "新しい港はここです 1488", language="ja", attachments=(Attachment(filename="ship.png", size=1),)),
    post(6, f"see http://{ONION}/b/", links=(link(f"http://{ONION}/b/", kind="onion"),), tags=(tag("code", 4),)),
    post(7, "on telegram", posted_at=None,
         links=(link("https://t.me/harbor_desk", kind="account", service="telegram", handle="harbor_desk"),)),
    post(8, "", board=None, thread=None, posted_at=START + timedelta(days=40), tags=(RULE, tag("code", 5))),
]  # fmt: skip


def everything(index: PostIndex, query: str = "", **given: Any) -> Results:
    return index.search(Search(parse(query), **{"limit": 1000, **given}))


def pages(index: PostIndex, query: str, sort: Sort, limit: int) -> Iterator[list[int]]:
    after = None
    while True:
        results = index.search(Search(parse(query), sort=sort, limit=limit, after=after))
        yield [hit.post["number"] for hit in results.hits]
        after = results.next
        if after is None:
            return


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 2, 3, 4, 5, 6, 8, 7]),
        ("new board", [1, 2]),
        ('"new board"', [1]),
        ('"board new"', []),
        ("boa* -planks", [1]),
        ("new OR hafen", [1, 2, 3]),
        ("NOT new", [3, 4, 5, 6, 8, 7]),
        ("(new OR hafen) AND NOT (ship OR telegram)", [1, 3]),
        ("NOT (new OR hafen OR harbor)", [4, 5, 6, 8, 7]),
        ("STRASSE", [3]),
        ("fur", [3]),
        ("НОВАЯ", [4]),
        ("港", [5]),
        ("新しい港", [5]),
        ("港新", []),
        ("1488", [5]),
        (ONION, [6]),
        (ONION[:20] + "*", [6]),
        ("harbor-two.example", [1]),
        ("text:harbor", [1]),
        ("subject:new", [1]),
        ('text:"new harbor"', []),
        ('"new harbor"', [1]),
        ("platform:QUAY", [3]),
        ("platform:*", [1, 2, 3, 4, 5, 6, 8, 7]),
        ("source:harbor*", [1, 2, 4, 5, 6, 8, 7]),
        ("board:int", [2]),
        ("-board:*", [8]),
        ("thread:2", [2]),
        ("author:a1b2", [3, 4]),
        ("author:a*", [3, 4]),
        ("tag:migration-call", [1, 8]),
        ("tag:migration/new-board-at", [1, 8]),
        ("tag:mig*", [1, 8]),
        ("tag:code -tag:migration*", [6]),
        ("link:harbor-two.example", [1]),
        ("link:harbor-two.example/a", [1]),
        ("link:http://www.harbor-two.example/a/", [1]),
        ("link:http://www.harbor-two.example/a", [1]),
        ("link:http://www.*", [1]),
        (f"link:{ONION}", [6]),
        (f"domain:{ONION}", [6]),
        ("link:telegram/harbor_desk", [7]),
        ("link:t.me/harbor_desk", [7]),
        ("lang:de", [3]),
        ("lang:und", [6, 8, 7]),
        (f"id:{POSTS[3].post.id}", [4]),
        (f"id:{POSTS[3].post.id[:20]}*", [4]),
        ("has:link", [1, 6, 7]),
        ("has:attachment", [5]),
        ("has:tag", [1, 6, 8]),
        ("subject:*", [1]),
        ("deleted:true", [4]),
        ("deleted:false -has:link", [2, 3, 5, 8]),
        ("op:true", [1]),
        ("severity:2", [1, 8]),
        ("severity:>=4", [6, 8]),
        ("severity:[3 TO 4]", [6]),
        ("severity:{2 TO 5}", [6]),
        ("severity:[5 TO 2]", []),
        ("severity:<=5", [1, 6, 8]),
        ("severity:*", [1, 6, 8]),
        ("posted:2026-11-02", [1, 2, 3, 4, 5, 6]),
        ("posted:2026-11-03", [7]),
        ("posted:>2026-11-02", [8, 7]),
        ("posted:[2026-11-02T12:02 TO 2026-11-02T12:04Z}", [2, 3]),
        ("posted:[2026-11-02T14:02+02:00 TO 2026-11-02T14:04+02:00]", [2, 3, 4]),
        ("posted:*", [1, 2, 3, 4, 5, 6, 8, 7]),
        ("posted:<1970-01-01", []),
    ],
)
def test_every_field_finds_its_posts(query: str, numbers: list[int], shelf: PostIndex) -> None:
    hits = everything(shelf, query, sort="oldest").hits
    assert sorted(hit.post["number"] for hit in hits) == sorted(numbers)


@pytest.fixture(scope="module", params=["embedded", "elastic"])
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostIndex]:
    """Either index, with POSTS, for tests that only read."""
    index: PostIndex
    if request.param == "embedded":
        index = EmbeddedIndex(tmp_path_factory.mktemp("shelf"))
        index.put(POSTS)
        yield index
    else:
        index = elastic_index(request.getfixturevalue("elasticsearch_url"))
        index.put(POSTS)
        yield index
        index.client.indices.delete(index=index.name)
    index.close()


def test_a_hit_is_the_post_as_it_was_indexed(shelf: PostIndex) -> None:
    (hit,) = everything(shelf, "subject:new").hits
    assert hit.post == POSTS[0].post.public() | {"tags": [RULE.model_dump(mode="json")]}


@pytest.mark.parametrize("name", [*FACETS, *INTERVALS])
@pytest.mark.parametrize("query", ["", "new OR severity:>=4", "nowhere"])
def test_facets_and_histograms_count_every_post_that_matches(name: str, query: str, shelf: PostIndex) -> None:
    given = {"facets": [name]} if name in FACETS else {"histogram": name}
    results = everything(shelf, query, **given)
    assert results.counts == {name: reference.counts(reference.read(POSTS), parse(query), name)}


def test_counts_are_of_all_that_matches_not_of_the_page(shelf: PostIndex) -> None:
    search = Search(All(), limit=1, facets=["lang", "tag"], histogram="month")
    results = shelf.search(search)
    printed = results_json(results, search)
    assert (results.total, len(results.hits)) == (8, 1)
    assert printed["facets"]["lang"][:2] == [{"value": "und", "count": 3}, {"value": "en", "count": 2}]
    assert printed["histogram"] == [{"from": "2026-11-01", "count": 7}, {"from": "2026-12-01", "count": 1}]
    json.dumps(printed)


def test_a_search_for_no_hits_still_counts(shelf: PostIndex) -> None:
    results = shelf.search(Search(All(), limit=0))
    assert (results.total, results.hits, results.next) == (8, [], None)


def test_posts_come_by_time_or_by_relevance(shelf: PostIndex) -> None:
    oldest = [hit.post["number"] for hit in everything(shelf, sort="oldest").hits]
    assert oldest == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [hit.post["number"] for hit in everything(shelf, sort="newest").hits] == oldest[::-1]
    ranked = everything(shelf, "new OR board OR harbor", sort="relevance").hits
    scores = [hit.score for hit in ranked if hit.score is not None]
    assert ranked[0].post["number"] == 1
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == len(ranked) == 2


@pytest.mark.parametrize(
    "query", ["new OR hafen", '"new board"', "港", "fur strasse", "boa*", "новая", "1488 港", "harbor"]
)
def test_highlights_are_pieces_of_the_post_with_the_words_marked(query: str, shelf: PostIndex) -> None:
    search = Search(parse(query))
    hits = results_json(shelf.search(search), search)["hits"]
    assert hits
    for hit in hits:
        assert hit["highlights"]
        for highlight in hit["highlights"]:
            assert "«" in highlight
            plain = highlight.replace("«", "").replace("»", "").strip("…")
            assert plain in hit["text"] or plain in hit["subject"]


def test_what_is_put_again_replaces_and_is_there_once(index: PostIndex, found: Found) -> None:
    index.put([post(1, "first words"), post(2, "others")])
    index.put([post(1, "later words", board="int", revision=2)])
    index.put([post(1, "later words", board="int", revision=2)])
    assert (found(""), found("first"), found("later"), found("board:pol")) == ([1, 2], [], [1], [2])


def test_of_a_post_given_twice_the_later_is_there(index: PostIndex, found: Found) -> None:
    index.put([post(1, "first words"), post(1, "later words")])
    assert (found("words"), found("first")) == ([1], [])


def test_what_is_forgotten_is_gone(index: PostIndex, found: Found) -> None:
    posts = [post(number, "words") for number in range(5)]
    index.put(posts)
    index.forget([posts[1].post.id, posts[3].post.id, "never-there"])
    assert found("words") == [0, 2, 4]
    assert set(index.ids()) == {posts[at].post.id for at in (0, 2, 4)}


def test_nothing_to_put_or_forget_is_no_error(index: PostIndex, found: Found) -> None:
    index.put([])
    index.forget([])
    assert found("") == []


def test_an_empty_index_answers(index: PostIndex) -> None:
    for sort in ("newest", "oldest", "relevance"):
        results = everything(index, "harbor", sort=sort, facets=["lang"], histogram="day")
        assert (results.total, results.hits, results.next) == (0, [], None)
        assert results.counts == {"lang": {}, "day": {}}
    assert list(index.ids()) == []


def test_every_id_is_listed_once(index: PostIndex) -> None:
    posts = [post(number) for number in range(1200)]
    index.put(posts[:700])
    index.put(posts[600:])
    ids = list(index.ids())
    assert sorted(ids) == sorted(one.post.id for one in posts)


@pytest.mark.parametrize("sort", ["newest", "oldest"])
@pytest.mark.parametrize("limit", [1, 3, 7])
def test_pages_go_through_equal_times_without_loss_or_repetition(
    sort: Sort, limit: int, index: PostIndex, found: Found
) -> None:
    chance = random.Random(1)
    posts = [post(number, "words", posted_at=START + timedelta(seconds=number // 9)) for number in range(40)]
    chance.shuffle(posts)
    for first in range(0, 40, 10):  # several segments
        index.put(posts[first : first + 10])
    whole = found("words", sort=sort)
    assert sorted(whole) == list(range(40))
    assert [number // 9 for number in whole] == sorted((number // 9 for number in range(40)), reverse=sort == "newest")
    parts = list(pages(index, "words", sort, limit))
    assert [number for page in parts for number in page] == whole
    assert {len(page) for page in parts[:-1]} == {limit}


def test_pages_by_relevance_neither_lose_nor_repeat(index: PostIndex) -> None:
    index.put([post(number, "words " * (number % 4 + 1)) for number in range(30)])
    seen = [number for page in pages(index, "words", "relevance", 4) for number in page]
    assert sorted(seen) == list(range(30))


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_what_arrives_while_somebody_pages_does_not_shift_the_pages(sort: Sort, index: PostIndex) -> None:
    index.put([post(number) for number in range(10, 20)])
    first = index.search(Search(All(), sort=sort, limit=5))
    index.put([post(25 if sort == "newest" else 5)])  # sorts before all that was shown
    second = index.search(Search(All(), sort=sort, limit=5, after=first.next))
    shown = [hit.post["number"] for hit in [*first.hits, *second.hits]]
    assert shown == sorted(range(10, 20), reverse=sort == "newest")


def test_times_before_1970_and_unknown_ones_have_their_place(index: PostIndex, found: Found) -> None:
    index.put(
        [
            post(1, posted_at=datetime(1969, 12, 31, 23, 59, tzinfo=UTC)),
            post(2, posted_at=datetime(1969, 7, 20, tzinfo=UTC)),
            post(3, posted_at=datetime(1970, 1, 1, tzinfo=UTC)),
            post(4, posted_at=None),
        ]
    )
    assert found("") == [2, 1, 3, 4]
    assert [number for page in pages(index, "posted:*", "oldest", 1) for number in page] == [2, 1, 3, 4]
    assert found("posted:<1970-01-01") == [2, 1]


@pytest.mark.parametrize("sort", ["newest", "oldest", "relevance"])
@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense", "é", "e30", "W10", "a", "====", "[" * 100_000,
        encode_cursor("embedded", "newest", ["x", 1]), encode_cursor("embedded", "oldest", [1]),
        encode_cursor("elastic", "newest", [1, "x"]), encode_cursor("elastic", "relevance", ["x"]),
        encode_cursor("other", "newest", [1, 2]),
    ],
)  # fmt: skip
def test_a_next_from_elsewhere_is_an_error_that_says_so(sort: Sort, cursor: str, shelf: PostIndex) -> None:
    with pytest.raises(RequestError, match="no `next` of an earlier page with the same sort order"):
        shelf.search(Search(All(), sort=sort, after=cursor))


def test_a_next_for_another_sort_order_is_an_error(shelf: PostIndex) -> None:
    following = shelf.search(Search(All(), sort="newest", limit=2)).next
    with pytest.raises(RequestError, match="same sort order"):
        shelf.search(Search(All(), sort="oldest", limit=2, after=following))


def test_what_cannot_be_counted_is_an_error_that_lists_what_can() -> None:
    with pytest.raises(RequestError, match=r"no facet 'color'; there are platform, source, board"):
        Search(All(), facets=["color"])
    with pytest.raises(RequestError, match=r"no histogram by 'minute'; there are hour, day, week, month, year"):
        Search(All(), histogram="minute")
    with pytest.raises(RequestError, match="at most 1000 hits"):
        Search(All(), limit=1001)


def test_the_deepest_and_the_longest_query_are_answered(shelf: PostIndex) -> None:
    deep = "boa*"
    for _ in range(DEEPEST):
        deep = f"new AND board OR NOT (telegram AND NOT hafen OR {deep})"
    assert [hit.post["id"] for hit in everything(shelf, deep).hits] == reference.matching(
        reference.read(POSTS), parse(deep)
    )
    wide = " OR ".join(f"nothing{number}*" for number in range(MOST - 1)) + " OR hafen"
    assert [hit.post["number"] for hit in everything(shelf, wide).hits] == [3]
    assert everything(shelf, "link:" + "x" * 4000 + "*").total == 0
    assert everything(shelf, '"' + "a " * 2000 + '"').total == 0


def test_long_words_and_values_are_found_by_what_was_typed(index: PostIndex, found: Found) -> None:
    url = "http://harbor.example/" + "a" * 3000
    index.put(
        [post(1, "x" * 300 + " after", links=(link(url),)), post(2, "𝔵𠮷" * 200 + "é" * 400), post(3, "y" * 40_000)]
    )
    assert found("x" * 300) == [1]
    assert found('"' + "x" * 300 + ' after"') == [1]
    assert found("x" * 100) == []
    assert found("é" * 400) == [2]
    assert found("y" * 3000) == [3]
    assert found("y" * 200 + "*") == [3]
    assert found(f"link:{url}") == [1]
    assert found(f"link:{url[:2000]}*") == [1]


SIGNS = "!#$%&'(),-.;<=>@[]_`{|}~^+*?\\/\""


def test_any_sign_in_a_value_is_itself(index: PostIndex, found: Found) -> None:
    signs = [*SIGNS, " ", "é", "日", "🚢", "\n"]
    posts = [post(number, author=f"a{sign}b") for number, sign in enumerate(signs)]
    index.put([*posts, post(100, author="acb"), post(101, author="a")])
    for number, sign in enumerate(signs):
        quoted = f"a{sign}b".replace("\\", "\\\\").replace('"', '\\"')
        assert found(f'author:"{quoted}"') == [number]
        if not sign.isspace():
            assert found(f"author:a\\{sign}*") == [number]


def test_an_index_that_cannot_be_reached_is_unavailable() -> None:
    index = open_index(Settings(index="elastic", elastic_url="http://127.0.0.1:1"), Path("unused"))
    for call in (
        lambda: everything(index),
        lambda: index.put(POSTS),
        lambda: index.forget(["x"]),
        lambda: list(index.ids()),
    ):
        with pytest.raises(IndexUnavailable, match="Elasticsearch"):
            call()
    index.close()


def test_a_server_that_comes_back_has_everything_and_takes_more(own_elasticsearch: Callable[[], Server]) -> None:
    server = own_elasticsearch()
    index = elastic_index(server.url)
    index.put(POSTS)
    server.stop()
    with pytest.raises(IndexUnavailable):
        index.put([post(9, "later")])
    server.start()
    index.put([post(9, "later")])
    assert everything(index).total == len(POSTS) + 1
    index.close()


HOLD = """
import sys, tantivy
from pathlib import Path
from search.embedded import EmbeddedIndex
writer = EmbeddedIndex(Path(sys.argv[1]))._writer()
print("held", flush=True)
sys.stdin.read()
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    """Another process that holds the index's writer until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_an_index_that_another_process_writes_is_unavailable_for_writing_alone(
    embedded: EmbeddedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_module, "LOCK_SECONDS", 0.2)
    embedded.put(POSTS)
    with hold(embedded.folder.parent) as other:
        with pytest.raises(IndexUnavailable, match="is being written"):
            embedded.put([post(9)])
        assert everything(embedded).total == len(POSTS)
        other.communicate()
    embedded.put([post(9)])
    assert everything(embedded).total == len(POSTS) + 1


def test_a_writer_waits_for_another_process_that_is_soon_done(embedded: EmbeddedIndex) -> None:
    with hold(embedded.folder.parent) as other:
        assert other.stdin is not None
        soon = threading.Timer(0.3, other.stdin.close)
        soon.start()
        embedded.put([post(9)])
        soon.join()
    assert everything(embedded).total == 1


def test_what_another_process_wrote_is_found(embedded: EmbeddedIndex) -> None:
    reader = EmbeddedIndex(embedded.folder.parent)
    assert everything(reader).total == 0
    embedded.put(POSTS)
    assert everything(reader).total == len(POSTS)


def test_a_folder_that_holds_no_index_is_unavailable(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path)
    index.folder.mkdir()
    (index.folder / "meta.json").write_text("{")
    with pytest.raises(IndexUnavailable, match="cannot be opened"):
        everything(index)
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(IndexUnavailable, match="cannot be opened"):
        everything(EmbeddedIndex(file))


def test_all_or_nothing_is_put(embedded: EmbeddedIndex) -> None:
    embedded.put([post(1, "words")])

    def failing() -> Iterator[TaggedPost]:
        yield post(2, "words")
        raise LookupError

    with pytest.raises(LookupError):
        embedded.put(failing())
    assert everything(embedded).total == 1

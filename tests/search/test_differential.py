"""The same generated posts and queries on both indexes and in plain Python: the same posts are found."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from core.records import Attachment, Link, Tag, TaggedPost
from search.analysis import terms
from search.document import FACETS, INTERVALS
from search.embedded import EmbeddedIndex
from search.index import PostIndex, Search
from search.query import FLAGS, KEYWORDS, All, And, Flag, Keyword, Node, Not, Or, Range, Words, parse
from tests.search import reference
from tests.search.conftest import elastic_index, post

POSTS, QUERIES = 200, 300

ONION = "harborabcdefghijklmnopqrstuvwxyz234567harborabcdefghijk2.onion"
PHRASES = (
    "we moved to the new board", "this is the backup", "New Board!", "ship's harbour", "e-mail re-sent",
    "can't 'quote' «this»", "Straße zum Hafen", "Über größere Schiffe", "STRASSE", "naïve café", "cafe\u0301",
    "Ａｂｃ ｆｕｌｌ", "ﬁsh and ﬂag", "① ½ ™ ㎏", "Новая гавань открыта", "НОВАЯ доска", "ёлка елка",
    "新しい港はここ", "港口已经搬走了", "ｶﾞ ガ が か", "항구 배", "مرفأ جديد", "مَرْفَأ", "ท่าเรือใหม่", "น้ำ",
    "🚢 harbour ⚓", "👍🏽👨‍👩‍👧 🇩🇪", "❤️ ♥", "1488", "14 88", "14/88", "1 4 8 8", "№88", "har\u200bbour",
    "so\u00adft", "\u202eright\u202c to left", "z\u0335a\u0336lgo\u0489", "İstanbul ISTANBUL ıstanbul",
    "ſtrange ǅ ǆ", "𝔥𝔞𝔯𝔟𝔬𝔲𝔯", "𠮷野家", "snake_case _x_ __", f"http://{ONION}/b/",
    "https://harbor-two.example/a?b=1&c=%20#d", "hxxp://harbor-two[.]example", "harbor-two dot example",
    "$100 €5 ฿3", "C++ C# .NET", "a\tb\nc\r\nd\x0be\x85f\u2028g\u00a0h\u3000i", "x" * 130, "x" * 127, "é" * 300,
    "𐍈" * 300, "﷽ ﷺ", "हिन्दी में",
)  # fmt: skip

texts = st.lists(st.sampled_from(PHRASES) | st.text(max_size=8), max_size=6).map(" ".join)
"""Phrases that many posts share, and any characters at all."""


def some(*values: str) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values)


links = st.builds(
    Link,
    raw=st.sampled_from(["harbor-two dot example", "http://x.example", "Ⓗarbor.example"]),
    url=st.sampled_from(
        [
            f"http://{ONION}/b/",
            "http://www.harbor-two.example/a/",
            "https://t.me/harbor_desk",
            "http://x.example:80/?a=*",
        ]
    ),
    host=st.sampled_from(["x.example", "www.harbor-two.example"]),
    domain=st.sampled_from(["x.example", "harbor-two.example", ONION]),
    service=some("telegram"),
    handle=some("harbor_desk", "Straße"),
)
tags = st.builds(
    Tag,
    label=st.sampled_from(["migration-call", "code", "call"]),
    rule=st.sampled_from(["migration/new-board-at", "code/1488", "call/x"]),
    severity=st.integers(1, 5),
    start=st.just(0),
    end=st.just(1),
    matched=st.just("x"),
    source=st.just("test"),
)
EARLIEST = datetime(2026, 11, 1, tzinfo=UTC)
moments = st.integers(0, 10).map(lambda hours: EARLIEST + timedelta(hours=7 * hours)) | st.datetimes(
    datetime(1960, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001 - hypothesis adds the zone
)  # fmt: skip
fields = st.fixed_dictionaries(
    {
        "text": texts,
        "subject": st.none() | texts,
        "platform": st.sampled_from(["harbor", "Quay", "größe"]),
        "source": st.sampled_from(["harbor-chan", "harbor", "quay.forum"]),
        "board": some("pol", "POL", "/int/", "ж", "a b"),
        "thread": st.none() | st.integers(1, 20),
        "author": some("a1b2", "A1B2c", "!!Trip Code", "*", "a*", "\\", "Ж🚢"),
        "language": some("en", "de", "ru"),
        "posted_at": st.none() | moments,
        "deleted_seen_at": st.none() | st.just(EARLIEST),
        "op": st.booleans(),
        "links": st.lists(links, max_size=2).map(tuple),
        "attachments": st.sampled_from([(), (Attachment(filename="a.png"),)]),
    }
)


@pytest.fixture(scope="module")
def posts() -> list[TaggedPost]:
    """Generated posts, always the same ones."""
    drawn: list[TaggedPost] = []

    @settings(max_examples=POSTS, derandomize=True, deadline=None, database=None, phases=[Phase.generate])
    @given(fields, st.lists(tags, max_size=3).map(tuple))
    def draw(given: dict[str, Any], tags: tuple[Tag, ...]) -> None:
        drawn.append(post(len(drawn), **given, tags=tags))

    draw()
    return drawn


@pytest.fixture(scope="module")
def indexes(
    posts: list[TaggedPost], tmp_path_factory: pytest.TempPathFactory, elasticsearch_url: str
) -> Iterator[dict[str, PostIndex]]:
    """Both indexes with the posts, given in several batches."""
    shared = elastic_index(elasticsearch_url)
    embedded = EmbeddedIndex(tmp_path_factory.mktemp("index"))
    for index in (embedded, shared):
        for first in range(0, len(posts), 70):
            index.put(posts[first : first + 70])
    yield {"embedded": embedded, "elastic": shared}
    shared.client.indices.delete(index=shared.name)
    shared.close()
    embedded.close()


def queries(posts: list[TaggedPost]) -> st.SearchStrategy[Node]:
    """Queries in the posts' own words and values, so that most find something."""
    read = reference.read(posts)
    phrases = sorted(
        {
            tuple(words[at : at + size])
            for one in read
            for words in one.words.values()
            for at in range(len(words))
            for size in (1, 2, 3)
        }
    )
    values = {name: sorted({value for one in read for value in one.values.keywords[name]}) for name in KEYWORDS}
    moments = sorted({one.values.posted for one in read})
    field = st.sampled_from([None, None, "text", "subject"])
    begun = st.tuples(st.sampled_from(phrases), st.integers(1, 4)).map(lambda d: (*d[0][:-1], d[0][-1][: d[1]]))
    moment = st.none() | st.sampled_from(moments) | st.sampled_from(moments).map(lambda at: at + 1)
    severity = st.none() | st.integers(0, 6)
    leaves: st.SearchStrategy[Node] = st.one_of(
        st.builds(Words, field, st.sampled_from(phrases)),
        st.builds(Words, field, begun, prefix=st.just(value=True)),
        st.builds(Words, field, st.tuples(*2 * [st.sampled_from([phrase[0] for phrase in phrases])])),
        *(st.builds(Keyword, st.just(name), st.sampled_from(values[name])) for name in sorted(KEYWORDS)),
        *(
            st.builds(
                Keyword,
                st.just(name),
                st.tuples(st.sampled_from(values[name]), st.integers(0, 9)).map(lambda d: d[0][: d[1]]),
                prefix=st.just(value=True),
            )
            for name in sorted(KEYWORDS)
        ),
        st.builds(Flag, st.sampled_from(sorted(FLAGS)), st.booleans()),
        st.builds(Range, st.just("posted"), moment, moment),
        st.builds(Range, st.just("severity"), severity, severity),
        st.just(All()),
    )

    def joined(node: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        some = st.lists(node, min_size=2, max_size=4).map(tuple)
        return st.builds(Not, node) | st.builds(And, some) | st.builds(Or, some)

    return st.recursive(leaves, joined, max_leaves=8)


def test_both_indexes_find_what_the_definition_finds(
    posts: list[TaggedPost], indexes: dict[str, PostIndex], capsys: pytest.CaptureFixture[str]
) -> None:
    read = reference.read(posts)
    seen: list[int] = []

    @settings(max_examples=QUERIES, derandomize=True, deadline=None, database=None)
    @given(queries(posts))
    def agree(query: Node) -> None:
        expected = reference.matching(read, query)
        for name, index in indexes.items():
            results = index.search(Search(query, limit=1000))
            assert [hit.post["id"] for hit in results.hits] == expected, name
            assert results.total == len(expected), name
        seen.append(len(expected))

    agree()
    pairs = len(seen) * len(posts) * len(indexes)
    with capsys.disabled():
        print(
            f"\n{len(seen)} queries × {len(posts)} posts × {len(indexes)} indexes: {pairs} pairs alike, "
            f"{sum(seen)} hits, {sum(map(bool, seen))} queries with some"
        )
    assert sum(map(bool, seen)) > len(seen) / 2


def test_a_posts_own_words_find_it(posts: list[TaggedPost], indexes: dict[str, PostIndex]) -> None:
    """Typed as they stand in the post: what people paste into the search field."""
    for tagged in posts:
        text = tagged.post.text
        if terms(text):
            quoted = text.replace("\\", "\\\\").replace('"', '\\"')
            query = parse(f'text:"{quoted}"')
            for index in indexes.values():
                assert tagged.post.id in {hit.post["id"] for hit in index.search(Search(query, limit=1000)).hits}


def test_facets_of_generated_posts_are_counted_alike(posts: list[TaggedPost], indexes: dict[str, PostIndex]) -> None:
    names = [*FACETS, *INTERVALS]
    read = reference.read(posts)
    for query in (All(), Flag("op", value=True), Range("severity", 3, None)):
        for index in indexes.values():
            found = {**index.search(Search(query, limit=0, facets=FACETS)).counts}
            for interval in INTERVALS:
                found |= index.search(Search(query, limit=0, histogram=interval)).counts
            assert found == {name: reference.counts(read, query, name) for name in names}

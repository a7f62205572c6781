"""What the search tests share: posts, and both indexes, empty."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.records import Link, Post, Tag, TaggedPost, post_id
from core.settings import Settings
from search.elastic import ElasticIndex
from search.embedded import EmbeddedIndex
from search.index import PostIndex, Search
from search.query import parse

START = datetime(2026, 11, 2, 12, tzinfo=UTC)


def post(number: int, text: str = "", *, tags: tuple[Tag, ...] = (), **given: Any) -> TaggedPost:
    """A post, one minute later than the one before it."""
    fields: dict[str, Any] = {
        "id": post_id("harbor", "pol", number),
        "platform": "harbor",
        "source": "harbor-chan",
        "board": "pol",
        "thread": 1,
        "number": number,
        "url": f"http://harbor-chan.example/pol/res/1.html#{number}",
        "posted_at": START + timedelta(minutes=number),
        "first_seen_at": START + timedelta(days=1),
        "text": text,
    }
    return TaggedPost(post=Post(**fields | given), tags=tags)


def tag(label: str, severity: int, rule: str = "") -> Tag:
    """A tag at the beginning of a text."""
    return Tag(label=label, start=0, end=1, matched="x", rule=rule or f"{label}/x", severity=severity, source="test")


def link(url: str, **given: Any) -> Link:
    """A link, as written."""
    host = url.partition("://")[2].partition("/")[0]
    return Link(**{"raw": url, "url": url, "host": host, "domain": host} | given)


def elastic_index(url: str) -> ElasticIndex:
    """An index that nobody else has, where what is written need not wait a second for being searchable."""
    index = ElasticIndex(Settings(index="elastic", elastic_url=url, elastic_index=f"test-{uuid.uuid4().hex}"))
    assert list(index.ids()) == []
    index.client.indices.put_settings(index=index.name, settings={"refresh_interval": "20ms"})
    return index


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[EmbeddedIndex]:
    """An empty index in a folder."""
    index = EmbeddedIndex(tmp_path / "index")
    yield index
    index.close()


@pytest.fixture
def elastic(elasticsearch_url: str) -> Iterator[ElasticIndex]:
    """An empty index on the real server, deleted afterwards."""
    index = elastic_index(elasticsearch_url)
    yield index
    index.client.indices.delete(index=index.name, ignore_unavailable=True)
    index.close()


@pytest.fixture(params=["embedded", "elastic"])
def index(request: pytest.FixtureRequest) -> PostIndex:
    """Either index, empty."""
    chosen: PostIndex = request.getfixturevalue(request.param)
    return chosen


@pytest.fixture
def found(index: PostIndex) -> Callable[..., list[int]]:
    """Searches and gives the numbers of the posts found, oldest first."""

    def numbers(query: str, **given: Any) -> list[int]:
        results = index.search(Search(parse(query), **{"sort": "oldest", "limit": 1000, **given}))
        return [hit.post["number"] for hit in results.hits]

    return numbers

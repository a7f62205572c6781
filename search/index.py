"""The port: what the program asks of an index, whichever it is."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from core.masking import Look, concealed
from core.records import TaggedPost
from core.settings import Settings
from search.document import FACETS, INTERVALS
from search.highlight import highlights
from search.query import Node

Sort = Literal["relevance", "newest", "oldest"]
FACET_VALUES = 20
"""Values shown of one facet, the most frequent first."""


class IndexUnavailable(Exception):
    """The index does not answer, or is being written by another process; trying again later may help."""


class RequestError(ValueError):
    """A search was asked for in a way that no index can answer; says what can be asked."""


@dataclass(frozen=True)
class Search:
    """What to search for, and what to tell about it."""

    query: Node
    sort: Sort = "newest"
    limit: int = 20
    after: str | None = None
    """`next` of the page before."""
    facets: Sequence[str] = ()
    histogram: str | None = None
    unmasked: bool = False
    """Whether to show personal data that posts expose."""

    def __post_init__(self) -> None:
        """Raises RequestError for facets and intervals that do not exist and limits out of bounds."""
        for facet in self.facets:
            if facet not in FACETS:
                raise RequestError(f"no facet {facet!r}; there are {', '.join(FACETS)}")
        if self.histogram is not None and self.histogram not in INTERVALS:
            raise RequestError(f"no histogram by {self.histogram!r}; there are {', '.join(INTERVALS)}")
        if not 0 <= self.limit <= 1000:  # noqa: PLR2004
            raise RequestError("a page holds at most 1000 hits; follow `next` for more")

    @property
    def shown(self) -> list[str]:
        """The fields whose values are counted."""
        return [*self.facets, *([self.histogram] if self.histogram else [])]


@dataclass(frozen=True)
class Hit:
    """One post found, as it was indexed."""

    post: Mapping[str, Any]
    score: float | None


@dataclass(frozen=True)
class Results:
    """What was found."""

    total: int
    hits: Sequence[Hit]
    next: str | None
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """For each facet and histogram asked for: how many posts have each value."""


class PostIndex(Protocol):
    """An index of posts. Every call may raise IndexUnavailable."""

    cursor: str
    """Names what it holds: an index of another kind, place or version is another consumer of the log."""

    def put(self, posts: Iterable[TaggedPost]) -> None:
        """Indexes posts, replacing those of the same id: all of them or an exception. Searchable on return."""

    def search(self, search: Search) -> Results:
        """The posts that match."""

    def forget(self, ids: Iterable[str]) -> None:
        """Removes posts."""

    def ids(self) -> Iterator[str]:
        """Every indexed post's id, in no order."""

    def close(self) -> None:
        """Gives up files and connections."""


def open_index(settings: Settings, home: Path) -> PostIndex:
    """The index that the settings name; nothing is contacted before it is used."""
    if settings.index == "elastic":
        from search.elastic import ElasticIndex  # noqa: PLC0415 - a client of many modules, for those who use it

        return ElasticIndex(settings)
    from search.embedded import EmbeddedIndex  # noqa: PLC0415

    return EmbeddedIndex(home / "index")


def encode_cursor(index: str, sort: Sort, position: Sequence[int | float | str]) -> str:
    """A place in a result list of one kind of index, opaque to its reader."""
    return base64.urlsafe_b64encode(json.dumps([index, sort, *position]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, index: str, sort: Sort, kinds: Sequence[type]) -> list[Any]:
    """The position that `encode_cursor` was given. Raises RequestError for anything else."""
    try:
        position = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        position = None
    match position:
        case [str(made_by), str(made_for), *place] if [type(part) for part in place] == list(kinds):
            if (made_by, made_for) == (index, sort):
                return place
    raise RequestError("this is no `next` of an earlier page with the same sort order")


def results_json(results: Results, search: Search, look: Look | None = None) -> dict[str, Any]:
    """The results as the command line's contract prints them; `look` finds what is personal in subjects and names."""
    facets = {}
    for name in search.facets:
        ordered = sorted(results.counts[name].items(), key=lambda item: (-item[1], item[0]))
        facets[name] = [{"value": value, "count": count} for value, count in ordered[:FACET_VALUES]]
    buckets = sorted(results.counts[search.histogram].items()) if search.histogram else []
    posts = [(hit.post if search.unmasked else concealed(hit.post, look), hit.score) for hit in results.hits]
    return {
        "total": results.total,
        "total_is_exact": True,
        "hits": [{**post, "score": score, "highlights": highlights(post, search.query)} for post, score in posts],
        "facets": facets,
        "histogram": [{"from": start, "count": count} for start, count in buckets],
        "next": results.next,
    }

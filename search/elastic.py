"""The shared index: Elasticsearch. Uses nothing beyond its core modules."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from elasticsearch import ApiError, BadRequestError, Elasticsearch, TransportError

from core.records import TaggedPost
from core.settings import Settings
from search.document import FACETS, INTERVALS, Indexed, document_of
from search.index import Hit, IndexUnavailable, Results, Search, decode_cursor, encode_cursor
from search.query import FLAGS, KEYWORDS, WORDS, All, And, Flag, Keyword, Node, Not, Or, Range, Words

PASSING = {408, 429, 500, 502, 503, 504}
"""Statuses that may be other ones a moment later."""
BUCKETS = 65_000
BULK = 500
"""Documents in one request."""

KEYWORD = {"type": "keyword", "ignore_above": 8191}
MAPPINGS: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        # Words come analysed: split at spaces, nothing else (search/analysis.py).
        **{name: {"type": "text", "analyzer": "whitespace"} for name in sorted(WORDS)},
        **dict.fromkeys(sorted(KEYWORDS), KEYWORD),
        "shown": {"properties": dict.fromkeys((*FACETS, *INTERVALS), KEYWORD)},
        **{name: {"type": "boolean"} for name in sorted(FLAGS)},
        "severity": {"type": "integer"},
        "posted": {"type": "long"},
        "sort": KEYWORD,
        "stored": {"type": "object", "enabled": False},
    },
}
SETTINGS: dict[str, Any] = {
    "number_of_shards": 1,
    "number_of_replicas": 0,
    "max_terms_count": BUCKETS,
}


class ElasticIndex:
    """A PostIndex on a server."""

    def __init__(self, settings: Settings) -> None:
        key = settings.elastic_api_key.get_secret_value() if settings.elastic_api_key else None
        self.client = Elasticsearch(settings.elastic_url, api_key=key, request_timeout=30, max_retries=0)
        self.name = settings.elastic_index
        self.cursor = f"index-elastic-{sha256(f'{settings.elastic_url}/{self.name}'.encode()).hexdigest()[:16]}"
        self._made = False

    def put(self, posts: Iterable[TaggedPost]) -> None:
        """In bulk, each item's status checked; searchable on return."""
        documents = [document_of(post) for post in posts]
        for first in range(0, len(documents), BULK):
            operations: list[Mapping[str, Any]] = []
            for document in documents[first : first + BULK]:
                operations += [{"index": {"_id": document.id}}, _source(document)]
            self._bulk(operations)

    def forget(self, ids: Iterable[str]) -> None:
        """In bulk; those that are not there are no error."""
        ids = list(ids)
        for first in range(0, len(ids), BULK):
            self._bulk([{"delete": {"_id": post}} for post in ids[first : first + BULK]], missing=True)

    def search(self, search: Search) -> Results:
        """Hits and counts in one request."""
        by_score = search.sort == "relevance"
        direction = "asc" if search.sort == "oldest" else "desc"
        order: list[Any] = [{"_score": "desc"}] if by_score else []
        request: dict[str, Any] = {
            "query": _query(search.query),
            "sort": [*order, {"sort": direction}],
            "size": search.limit + 1,
            "track_total_hits": True,
            "track_scores": by_score,
            "source_includes": ["stored"],
        }
        if search.after:
            kinds = [float, str] if by_score else [str]
            request["search_after"] = decode_cursor(search.after, "elastic", search.sort, kinds)
        if search.shown:
            request["aggs"] = {name: {"terms": {"field": f"shown.{name}", "size": BUCKETS}} for name in search.shown}
        answer = self._ask(lambda: self.client.search(index=self.name, **request))
        found = answer["hits"]["hits"]
        page = found[: search.limit]
        more = page and len(found) > search.limit
        position = encode_cursor("elastic", search.sort, page[-1]["sort"]) if more else None
        counts = {
            name: {bucket["key"]: bucket["doc_count"] for bucket in aggregation["buckets"]}
            for name, aggregation in answer.get("aggregations", {}).items()
        }
        hits = [Hit(hit["_source"]["stored"], round(hit["_score"], 4) if by_score else None) for hit in page]
        return Results(answer["hits"]["total"]["value"], hits, position, counts)

    def ids(self) -> Iterator[str]:
        """Every id, by pages."""
        after: list[Any] | None = None
        while True:
            found = self._ask(
                lambda after=after: self.client.search(
                    index=self.name, sort=[{"sort": "asc"}], size=1000, source=False, search_after=after
                )
            )["hits"]["hits"]
            if not found:
                return
            yield from (hit["_id"] for hit in found)
            after = found[-1]["sort"]

    def close(self) -> None:
        """Closes connections."""
        self.client.close()

    def _bulk(self, operations: list[Mapping[str, Any]], *, missing: bool = False) -> None:
        answer = self._ask(lambda: self.client.bulk(index=self.name, operations=operations, refresh="wait_for"))
        for item in answer["items"]:
            (result,) = item.values()
            if result["status"] in PASSING:
                raise IndexUnavailable(f"Elasticsearch took {result['_id']} not yet: {result['error']['reason']}")
            if "error" in result and not (missing and result["status"] == 404):  # noqa: PLR2004
                raise RuntimeError(f"Elasticsearch refused {result['_id']}: {result['error']}")

    def _ask(self, request: Any) -> Any:
        """The answer to a request; IndexUnavailable where the server cannot give one now."""
        try:
            if not self._made:
                self._make()
            return request()
        except TransportError as error:
            self._made = False
            raise IndexUnavailable(f"Elasticsearch: {error}") from None
        except ApiError as error:
            if error.status_code in PASSING or "no_shard_available" in str(error):
                raise IndexUnavailable(f"Elasticsearch: {error}") from None
            raise

    def _make(self) -> None:
        """Makes the index where there is none; another process may be quicker."""
        if not self.client.indices.exists(index=self.name):
            try:
                self.client.indices.create(index=self.name, mappings=MAPPINGS, settings=SETTINGS)
            except BadRequestError as error:
                if error.error != "resource_already_exists_exception":
                    raise
        self._made = True


def _source(indexed: Indexed) -> dict[str, Any]:
    return {
        **indexed.words,
        **indexed.keywords,
        **indexed.flags,
        "shown": indexed.shown,
        "severity": indexed.severity,
        "posted": indexed.posted,
        "sort": indexed.sort,
        "stored": indexed.stored,
    }


def _query(node: Node) -> dict[str, Any]:
    match node:
        case All():
            return {"match_all": {}}
        case Words(field, terms, prefix):
            return _any([_words(name, terms, prefix=prefix) for name in ([field] if field else sorted(WORDS))])
        case Keyword(field, value, prefix):
            return {"prefix" if prefix else "term": {field: {"value": value}}}
        case Flag(field, value):
            return {"term": {field: value}}
        case Range(field, low, high):
            bounds = {name: bound for name, bound in (("gte", low), ("lte", high)) if bound is not None}
            return {"range": {field: bounds}} if bounds else {"exists": {"field": field}}
        case Not(clause):
            return {"bool": {"must_not": [_query(clause)]}}
        case And(clauses):
            return _all([_query(clause) for clause in clauses])
        case Or(clauses):
            return _any([_query(clause) for clause in clauses])


def _words(field: str, terms: tuple[str, ...], *, prefix: bool) -> dict[str, Any]:
    whole = terms[:-1] if prefix else terms
    parts: list[dict[str, Any]] = []
    if whole:  # the analyser splits at spaces, which no term holds
        parts.append({"match_phrase": {field: " ".join(whole)}})
    if prefix:
        parts.append({"prefix": {field: {"value": terms[-1]}}})
    return parts[0] if len(parts) == 1 else _all(parts)


def _all(queries: list[dict[str, Any]]) -> dict[str, Any]:
    return {"bool": {"must": queries}}


def _any(queries: list[dict[str, Any]]) -> dict[str, Any]:
    return {"bool": {"should": queries, "minimum_should_match": 1}}

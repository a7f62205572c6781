"""The embedded index: tantivy, in the home folder. One process writes at a time, any number search."""

import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import tantivy
from tantivy import FieldType, Occur, Query

from core.records import TaggedPost
from search.document import FACETS, INTERVALS, Indexed, document_of
from search.index import Hit, IndexUnavailable, Results, Search, decode_cursor, encode_cursor
from search.query import FLAGS, KEYWORDS, WORDS, All, And, Flag, Keyword, Node, Not, Or, Range, Words

MEMORY = 64_000_000
"""Bytes the writer may hold before it writes a segment."""
LOCK_SECONDS = 10.0
"""How long a writer waits for another process's."""
BUCKETS = 65_000
"""Values counted at most for one facet or histogram (tantivy's own bound)."""
VERSION = "1"
"""Of the schema below; an index of another version is built anew from the log."""


class EmbeddedIndex:
    """A PostIndex in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / VERSION
        self.cursor = f"index-embedded-{VERSION}"
        self.schema = _schema()
        self._opened: tantivy.Index | None = None

    def put(self, posts: Iterable[TaggedPost]) -> None:
        """One commit for all."""
        documents = {post.post.id: document_of(post) for post in posts}  # of one given twice, the later
        self._write(list(documents), list(documents.values()))

    def forget(self, ids: Iterable[str]) -> None:
        """One commit for all."""
        self._write(list(ids), [])

    def search(self, search: Search) -> Results:
        """Hits and counts from one state of the index."""
        searcher = self._searcher()
        query = self._query(search.query)
        counts = {}
        for name in search.shown:
            terms = {"terms": {"field": f"shown_{name}", "size": BUCKETS}}
            found = searcher.aggregate(query, {name: terms})[name]["buckets"]
            counts[name] = {bucket["key"]: bucket["doc_count"] for bucket in found}
        total = searcher.search(query, limit=1).count  # type: ignore[attr-defined]  # its stubs lack it
        page, position = (self._by_score if search.sort == "relevance" else self._by_time)(searcher, query, search)
        hits = [Hit(json.loads(_field(searcher, address, "stored")), score) for score, address in page]
        return Results(total, hits, position, counts)

    def ids(self) -> Iterator[str]:
        """Every id."""
        searcher = self._searcher()
        if searcher.num_docs:
            for _score, address in searcher.search(Query.all_query(), limit=searcher.num_docs).hits:
                yield _field(searcher, address, "id")

    def close(self) -> None:
        """Nothing is kept open."""
        self._opened = None

    def _by_score(
        self, searcher: tantivy.Searcher, query: Query, search: Search
    ) -> tuple[list[tuple[float, tantivy.DocAddress]], str | None]:
        (offset,) = decode_cursor(search.after, "embedded", search.sort, [int]) if search.after else (0,)
        found = searcher.search(query, limit=search.limit + 1, offset=offset).hits
        more = search.limit and len(found) > search.limit
        position = encode_cursor("embedded", search.sort, [offset + search.limit]) if more else None
        return [(round(score, 4), address) for score, address in found[: search.limit]], position

    def _by_time(
        self, searcher: tantivy.Searcher, query: Query, search: Search
    ) -> tuple[list[tuple[None, tantivy.DocAddress]], str | None]:
        """Tantivy bounds a range by numbers only: a page begins at its first moment, less what was shown of that."""
        newest = search.sort == "newest"
        at, skip = decode_cursor(search.after, "embedded", search.sort, [int, int]) if search.after else (None, 0)
        if at is not None:
            low, high = (None, at) if newest else (at, None)
            query = _all([query, self._range("posted", low, high)])
        order = tantivy.Order.Desc if newest else tantivy.Order.Asc
        found = searcher.search(query, limit=search.limit + 1, offset=skip, order_by_field="sort", order=order).hits
        page = found[: search.limit]
        position = None
        if len(found) > search.limit and page:
            moments = [int(key.partition("|")[0]) for key, _address in page]
            shown = moments.count(moments[-1]) + (skip if moments[-1] == at else 0)
            position = encode_cursor("embedded", search.sort, [moments[-1], shown])
        return [(None, address) for _key, address in page], position

    def _query(self, node: Node) -> Query:
        match node:
            case All():
                return Query.all_query()
            case Words(field, terms, prefix):
                fields = [field] if field else sorted(WORDS)
                return _any([self._words(name, terms, prefix=prefix) for name in fields])
            case Keyword(field, value, prefix):
                return self._prefix(field, value) if prefix else Query.term_query(self.schema, field, value)
            case Flag(field, value):
                return Query.term_query(self.schema, field, value)
            case Range(field, low, high):
                return self._range(field, -(2**62) if low is None and high is None else low, high)
            case Not(clause):
                return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, self._query(clause))])
            case And(clauses):
                return _all([self._query(clause) for clause in clauses])
            case Or(clauses):
                return _any([self._query(clause) for clause in clauses])

    def _words(self, field: str, terms: tuple[str, ...], *, prefix: bool) -> Query:
        whole = terms[:-1] if prefix else terms
        parts = []
        if len(whole) > 1:
            parts.append(Query.phrase_query(self.schema, field, list(whole)))
        elif whole:
            parts.append(Query.term_query(self.schema, field, whole[0]))
        if prefix:  # "new boa*": the words before as a phrase, and any word that begins so
            parts.append(self._prefix(field, terms[-1]))
        return parts[0] if len(parts) == 1 else _all(parts)

    def _prefix(self, field: str, value: str) -> Query:
        """A fuzzy query of distance 0, as a regular expression may have no more than 1,000 states."""
        return Query.fuzzy_term_query(self.schema, field, value, distance=0, transposition_cost_one=False, prefix=True)

    def _range(self, field: str, low: int | None, high: int | None) -> Query:
        return Query.range_query(self.schema, field, FieldType.Integer, lower_bound=low, upper_bound=high)

    def _index(self) -> tantivy.Index:
        if self._opened is None:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._opened = tantivy.Index(self.schema, path=str(self.folder))
            except (ValueError, OSError) as error:
                raise IndexUnavailable(f"the index in {self.folder} cannot be opened: {error}") from None
            analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            self._opened.register_tokenizer("spaces", analyzer)
        return self._opened

    def _searcher(self) -> tantivy.Searcher:
        index = self._index()
        index.reload()
        return index.searcher()

    def _write(self, ids: list[str], documents: list[Indexed]) -> None:
        writer = self._writer()
        for post in ids:
            writer.delete_documents_by_term("id", post)
        for document in documents:
            writer.add_document(_document(document))
        writer.commit()
        writer.wait_merging_threads()

    def _writer(self) -> tantivy.IndexWriter:
        until = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                return self._index().writer(heap_size=MEMORY, num_threads=1)
            except ValueError as error:
                if "LockBusy" not in str(error) or time.monotonic() > until:
                    raise IndexUnavailable(f"the index in {self.folder} is being written: {error}") from None
                time.sleep(0.05)


def _field(searcher: tantivy.Searcher, address: tantivy.DocAddress, name: str) -> str:
    return str(searcher.doc(address).get_first(name))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in sorted(WORDS):
        builder.add_text_field(name, tokenizer_name="spaces", index_option="position")
    for name in sorted(KEYWORDS):
        builder.add_text_field(name, stored=name == "id", tokenizer_name="raw", index_option="basic")
    for name in (*FACETS, *INTERVALS):
        builder.add_text_field(f"shown_{name}", fast=True, tokenizer_name="raw", index_option="basic")
    for name in sorted(FLAGS):
        builder.add_boolean_field(name, indexed=True)
    builder.add_integer_field("severity", indexed=True, fast=True)
    builder.add_integer_field("posted", indexed=True, fast=True)
    builder.add_text_field("sort", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stored", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _document(indexed: Indexed) -> tantivy.Document:
    document = tantivy.Document()
    for name, words in indexed.words.items():
        document.add_text(name, words)
    for name, values in indexed.keywords.items():
        for value in values:
            document.add_text(name, value)
    for name, values in indexed.shown.items():
        for value in values:
            document.add_text(f"shown_{name}", value)
    for name, flag in indexed.flags.items():
        document.add_boolean(name, flag)
    for severity in indexed.severity:
        document.add_integer("severity", severity)
    document.add_integer("posted", indexed.posted)
    document.add_text("sort", indexed.sort)
    document.add_text("stored", json.dumps(indexed.stored))
    return document


def _all(queries: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _any(queries: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])

"""`search`: a query line, its answer as the contract prints it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from core.settings import Config
from nlp.personal import personal_spans
from search.index import RequestError, Search, Sort, open_index, results_json
from search.query import And, Node, parse


def search_posts(
    config: Config,
    home: Path,
    query: str,
    *,
    since: str | None,
    until: str | None,
    sort: str,
    limit: int,
    after: str | None,
    facets: Sequence[str],
    histogram: str | None,
    unmasked: bool,
) -> dict[str, Any]:
    """The answer as JSON values. Raises QueryError, RequestError or IndexUnavailable."""
    if sort not in get_args(Sort):
        raise RequestError(f"no order {sort!r}; there are {', '.join(get_args(Sort))}")
    clauses: list[Node] = [parse(query)]
    if since is not None:
        clauses.append(parse(f'posted:>="{since}"'))
    if until is not None:
        clauses.append(parse(f'posted:<="{until}"'))
    tree = clauses[0] if len(clauses) == 1 else And(tuple(clauses))
    search = Search(tree, sort, limit, after, tuple(facets), histogram, unmasked)  # type: ignore[arg-type]
    index = open_index(config.settings, home)
    try:
        return results_json(index.search(search), search, personal_spans)
    finally:
        index.close()

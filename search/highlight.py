"""Highlights: the words of a post that a query asked for, marked «so» in plain text, never in HTML."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from search.analysis import Token, tokens
from search.query import And, Node, Or, Words

AROUND = 60
"""Characters shown on either side of a match."""
MOST = 3
"""Fragments shown of one text."""


def highlights(post: Mapping[str, Any], query: Node) -> list[str]:
    """Fragments of the subject and the text with the matching words marked, in order of appearance."""
    return [
        fragment
        for field in ("subject", "text")
        if isinstance(text := post.get(field), str)
        for fragment in _fragments(text, spans(text, field, query))
    ]


def spans(text: str, field: str, query: Node) -> list[tuple[int, int]]:
    """Start and end of every match in a text, in order, overlapping ones joined."""
    found = list(tokens(text))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(span for words in _asked(query, field) for span in _matches(found, words)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _asked(query: Node, field: str) -> Iterator[Words]:
    match query:
        case Words() if query.field in {None, field}:
            yield query
        case And(clauses) | Or(clauses):
            for clause in clauses:
                yield from _asked(clause, field)


def _matches(found: Sequence[Token], words: Words) -> Iterator[tuple[int, int]]:
    size = len(words.terms)
    for at in range(len(found) - size + 1):
        if matches_at([token.term for token in found[at : at + size]], words):
            yield found[at].start, found[at + size - 1].end


def matches_at(some: Sequence[str], words: Words) -> bool:
    """Whether these terms are the words asked for."""
    if words.prefix:
        return tuple(some[:-1]) == words.terms[:-1] and some[-1].startswith(words.terms[-1])
    return tuple(some) == words.terms


def _fragments(text: str, found: Sequence[tuple[int, int]]) -> Iterator[str]:
    groups: list[list[tuple[int, int]]] = []
    for span in found:
        if groups and span[0] - groups[-1][-1][1] <= AROUND:
            groups[-1].append(span)
        else:
            groups.append([span])
    for group in groups[:MOST]:
        at = max(0, group[0][0] - AROUND)
        pieces = ["…" if at else ""]
        for start, end in group:
            pieces += [text[at:start], "«", text[start:end], "»"]
            at = end
        pieces += [text[at : at + AROUND], "…" if at + AROUND < len(text) else ""]
        yield "".join(pieces)

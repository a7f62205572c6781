"""What a query means, in plain Python over plain posts: the indexes are compared with this."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.records import TaggedPost
from search.analysis import terms
from search.document import Indexed, document_of
from search.query import All, And, Flag, Keyword, Node, Not, Or, Range, Words


@dataclass(frozen=True)
class Read:
    """A post with its words in order, and its values as they are indexed."""

    post: TaggedPost
    words: Mapping[str, Sequence[str]]
    values: Indexed


def read(posts: Iterable[TaggedPost]) -> list[Read]:
    """Posts made ready for `matching` and `counts`."""
    return [
        Read(post, {"text": terms(post.post.text), "subject": terms(post.post.subject or "")}, document_of(post))
        for post in posts
    ]


def matching(posts: Iterable[Read], query: Node) -> list[str]:
    """Ids of the posts that match, newest first."""
    found = sorted((post.values.sort, post.post.post.id) for post in posts if _matches(post, query))
    return [post_id for _sort, post_id in reversed(found)]


def counts(posts: Iterable[Read], query: Node, name: str) -> dict[str, int]:
    """How many matching posts have each value of a facet, or fall into each interval."""
    return dict(Counter(value for post in posts if _matches(post, query) for value in post.values.shown[name]))


def _matches(read: Read, query: Node) -> bool:
    match query:
        case All():
            return True
        case Words(field, asked, prefix):
            return any(_say(read.words[name], asked, prefix=prefix) for name in ([field] if field else read.words))
        case Keyword(field, value, prefix):
            values = read.values.keywords[field]
            return any(one.startswith(value) for one in values) if prefix else value in values
        case Flag(field, value):
            return {"deleted": read.post.post.deleted_seen_at is not None, "op": read.post.post.op}[field] == value
        case Range(field, low, high):
            numbers = [tag.severity for tag in read.post.tags] if field == "severity" else [read.values.posted]
            return any((low is None or low <= one) and (high is None or one <= high) for one in numbers)
        case Not(clause):
            return not _matches(read, clause)
        case And(clauses):
            return all(_matches(read, clause) for clause in clauses)
        case Or(clauses):
            return any(_matches(read, clause) for clause in clauses)


def _say(words: Sequence[str], asked: tuple[str, ...], *, prefix: bool) -> bool:
    """Whether the words hold those asked for, one after the other; the beginning of a word counts wherever it is."""
    if prefix:
        begun = any(word.startswith(asked[-1]) for word in words)
        return begun and (len(asked) == 1 or _say(words, asked[:-1], prefix=False))
    return any(tuple(words[at : at + len(asked)]) == asked for at in range(len(words)))

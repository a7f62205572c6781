"""The query language: Lucene's, read into one small syntax tree. docs/search.md shows every part.

Everything a user types is data: the indexes build their queries from the tree, never from the text.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from luqum import thread, tree
from luqum.exceptions import ParseError

from search.analysis import terms, whole

LONGEST, DEEPEST, MOST = 4096, 10, 256
"""Characters, nested groups and parts (words, phrases, ranges …) in one query, at most; Elasticsearch nests 30 deep."""

WORDS = {"text", "subject"}
"""Fields searched by word; without a field, both are."""
KEYWORDS = {"platform", "source", "board", "thread", "author", "tag", "link", "domain", "lang", "id", "has"}
"""Fields whose values are compared whole, without regard to case."""
NUMBERS = {"severity"}
DATES = {"posted"}
FLAGS = {"deleted", "op"}
FIELDS = WORDS | KEYWORDS | NUMBERS | DATES | FLAGS
HAS = {"link", "attachment", "tag", "subject"}
DAY = re.compile(r"\d{4}-\d\d-\d\d")
EPOCH = datetime(1, 1, 1, tzinfo=UTC)
PIECE = re.compile(r'(?P<word>(?:\\.|[^\s()\[\]{}"\\])+)|"(?:\\.|[^"\\])*"|.', re.DOTALL)
"""A word with what stands before it (`-tag:`), a whole phrase, or one character."""
NAMED = re.compile(r"[+-]*[A-Za-z_]+:(?!//)")
"""A field's name before its value."""


class QueryError(ValueError):
    """A query that cannot be read: what is wrong, and at which character (from 0)."""

    def __init__(self, message: str, query: str, position: int) -> None:
        self.message, self.query, self.position = message, query, max(0, min(position, len(query)))
        shown = query[max(0, self.position - 60) : self.position + 60].replace("\n", " ")
        super().__init__(f"{message}\n  {shown}\n  {' ' * min(self.position, 60)}^")


@dataclass(frozen=True)
class All:
    """Every post."""


@dataclass(frozen=True)
class Words:
    """Words that stand one after the other; a single word where there is one. `field` None: text or subject."""

    field: str | None
    terms: tuple[str, ...]
    prefix: bool = False
    """The last word may go on."""


@dataclass(frozen=True)
class Keyword:
    """A field's whole value (folded), or its beginning."""

    field: str
    value: str
    prefix: bool = False


@dataclass(frozen=True)
class Flag:
    """A field that is true or false."""

    field: str
    value: bool


@dataclass(frozen=True)
class Range:
    """A field's value between two bounds, both inclusive; None is no bound.

    Severities are ints; dates are in microseconds (see `microseconds`).
    """

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Not:
    """Posts that do not match."""

    clause: "Node"


@dataclass(frozen=True)
class And:
    """Posts that match all."""

    clauses: tuple["Node", ...]


@dataclass(frozen=True)
class Or:
    """Posts that match any."""

    clauses: tuple["Node", ...]


Node = All | Words | Keyword | Flag | Range | Not | And | Or


def parse(query: str) -> Node:
    """The syntax tree of a query; everything for an empty one. Raises QueryError, pointing at the character."""
    if len(query) > LONGEST:
        raise QueryError(f"a query may have {LONGEST} characters, this one has {len(query)}", query, LONGEST)
    _check_groups(query)
    if query.strip() in {"", "*", "*:*"}:
        return All()
    escaped, positions = _escape(query)
    try:
        parsed = thread.parse(escaped)
    except ParseError as error:
        raise _syntax_error(str(error), query, positions) from None
    return _Reader(query, positions).read(parsed, None)


def _check_groups(query: str) -> None:
    opened: list[int] = []
    for piece in PIECE.finditer(query):
        match piece.group():
            case "(":
                opened.append(piece.start())
            case ")" if opened:
                opened.pop()
            case ")":
                raise QueryError("there is no group to close here", query, piece.start())
            case '"':
                raise QueryError("this quotation mark is never closed", query, piece.start())
        if len(opened) > DEEPEST:
            raise QueryError(f"groups may be nested {DEEPEST} deep", query, piece.start())
    if opened:
        raise QueryError("this group is never closed", query, opened[-1])


def _escape(query: str) -> tuple[str, list[int]]:
    """The query with what luqum would misread in addresses and times escaped, and where each character was."""
    out: list[str] = []
    positions: list[int] = []
    for piece in PIECE.finditer(query):
        value, misread = piece.end(), ""
        if word := piece["word"]:
            named = NAMED.match(query, piece.start(), piece.end())
            value, misread = named.end() if named else piece.start(), ":/?~^" if "/" in word else ":"
        for part in re.compile(r"\\.|.", re.DOTALL).finditer(query, piece.start(), piece.end()):
            if part.start() >= value and part.group() in misread:
                out.append("\\")
                positions.append(part.start())
            out.append(part.group())
            positions += range(part.start(), part.end())
    return "".join(out), [*positions, len(query)]


def _syntax_error(message: str, query: str, positions: list[int]) -> QueryError:
    found = re.search(r"position (\d+)", message)
    at = positions[min(int(found[1]), len(positions) - 1)] if found else len(query)
    if at >= len(query.rstrip()):
        return QueryError("something is missing after this", query, len(query.rstrip()))
    return QueryError("this cannot stand here", query, at)


def _negated(node: Node) -> Node:
    """Posts that do not match, with the Not moved inwards: a tree stays as deep as its groups are."""
    match node:
        case Not(clause):
            return clause
        case And(clauses):
            return Or(tuple(_negated(clause) for clause in clauses))
        case Or(clauses):
            return And(tuple(_negated(clause) for clause in clauses))
        case _:
            return Not(node)


def _joined(kind: type[And] | type[Or], nodes: Iterable[Node]) -> Node:
    """All or any of the nodes, those of the same kind dissolved."""
    clauses: list[Node] = []
    for node in nodes:
        clauses += node.clauses if isinstance(node, kind) else [node]
    return kind(tuple(clauses))


class _Reader:
    """Turns luqum's tree into ours, with the query at hand for errors that point."""

    def __init__(self, query: str, positions: list[int]) -> None:
        self.query, self.positions = query, positions
        self.parts = 0

    def fail(self, message: str, item: Any) -> QueryError:
        at = item.pos if item.pos is not None else 0
        return QueryError(message, self.query, self.positions[min(at, len(self.positions) - 1)])

    def read(self, item: Any, field: str | None) -> Node:
        negated = False
        while isinstance(item, tree.Not | tree.Prohibit | tree.Plus):  # a loop, as 4,000 may follow one another
            negated ^= not isinstance(item, tree.Plus)
            item = item.a
        return _negated(self.clause(item, field)) if negated else self.clause(item, field)

    def clause(self, item: Any, field: str | None) -> Node:
        match item:
            case tree.SearchField():
                if field is not None:
                    raise self.fail(f"a field inside the field {field!r}", item)
                return self.read(item.expr, self.field(item))
            case tree.Group() | tree.FieldGroup():
                return self.read(item.expr, field)
            case tree.OrOperation():
                return _joined(Or, (self.read(part, field) for part in item.operands))
            case tree.AndOperation() | tree.UnknownOperation():
                return _joined(And, (self.read(part, field) for part in item.operands))
        self.parts += 1
        if self.parts > MOST:
            raise self.fail(f"a query may have {MOST} parts", item)
        match item:
            case tree.Range():
                return self.range(field, item, item.low, item.high)
            case tree.From():
                return self.range(field, item, item.a, None, include_low=item.include)
            case tree.To():
                return self.range(field, item, None, item.a, include_high=item.include)
            case tree.Phrase():
                return self.value(field, _unescape(item.value[1:-1]), item, phrase=True)
            case tree.Word():
                return self.value(field, item.value, item)
            case tree.Fuzzy() | tree.Proximity() | tree.Boost() | tree.Regex():
                name = type(item).__name__.lower()
                raise self.fail(f"{name} searches are not supported; quote the text to search for it", item)
            case _:
                raise self.fail("this part is not understood", item)

    def field(self, item: Any) -> str:
        name = str(item.name).lower()
        if name not in FIELDS:
            close = difflib.get_close_matches(name, FIELDS, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(sorted(FIELDS))}"
            raise self.fail(f"there is no field {name!r}; {hint}", item)
        return name

    def value(self, field: str | None, raw: str, item: Any, *, phrase: bool = False) -> Node:
        signs = "" if phrase else re.sub(r"\\.", "  ", raw, flags=re.DOTALL)  # what is not escaped
        prefix = signs.endswith("*")
        text = raw if phrase else _unescape(raw[:-1] if prefix else raw)
        if re.search(r"[*?]", signs[:-1] if prefix else signs):
            raise self.fail("a * may stand at the end of a word only; quote the text to search for it", item)
        if prefix and not text:
            return self.given(field)
        if field in NUMBERS | DATES:
            return self.range(field, item, item, item)
        if field in FLAGS:
            if text.lower() not in {"true", "false"}:
                raise self.fail(f"{field} is true or false, not {text!r}", item)
            return Flag(field, text.lower() == "true")
        if field in KEYWORDS:
            if field == "has" and text.lower() not in HAS:
                raise self.fail(f"has: takes one of {', '.join(sorted(HAS))}, not {text!r}", item)
            return Keyword(field, whole(text), prefix)
        found = tuple(terms(text))
        if not found:
            raise self.fail(f"{text!r} holds no word to search for", item)
        return Words(field, found, prefix)

    def given(self, field: str | None) -> Node:
        """`field:*`: anything in that field."""
        match field:
            case None | "text" | "platform" | "source" | "id" | "deleted" | "op":
                return All()
            case "severity" | "posted":
                return Range(field, None, None)
            case "subject":
                return Keyword("has", "subject")
            case _:
                return Keyword(field, "", prefix=True)

    def range(
        self,
        field: str | None,
        item: Any,
        low: Any,
        high: Any,
        *,
        include_low: bool = True,
        include_high: bool = True,
    ) -> Node:
        if field not in NUMBERS | DATES:
            where = f"field {field!r}" if field else "text"
            raise self.fail(f"ranges go with {', '.join(sorted(NUMBERS | DATES))}, not with {where}", item)
        read = self.number if field in NUMBERS else self.moment
        if isinstance(item, tree.Range):
            include_low, include_high = item.include_low, item.include_high
        first = read(low)
        last = read(high)
        bottom = None if first is None else first[0] if include_low else first[1] + 1
        top = None if last is None else last[1] if include_high else last[0] - 1
        return Range(field, bottom, top)

    def number(self, item: Any) -> tuple[int, int] | None:
        text = self.bound(item)
        if text is None:
            return None
        if not re.fullmatch(r"-?\d{1,9}", text):
            raise self.fail(f"expected a whole number, not {text!r}", item)
        return int(text), int(text)

    def moment(self, item: Any) -> tuple[int, int] | None:
        """First and last microsecond of what a date or time names."""
        text = self.bound(item)
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise self.fail(f"{text!r} is no date such as 2026-11-05 or time such as 2026-11-05T14:00Z", item) from None
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        first = microseconds(moment)
        if DAY.fullmatch(text):
            return first, first + int(timedelta(days=1) / timedelta(microseconds=1)) - 1
        return first, first

    def bound(self, item: Any) -> str | None:
        if item is None:
            return None
        if isinstance(item, tree.Prohibit):  # a number below zero
            return f"-{self.bound(item.a)}"
        raw = item.value[1:-1] if isinstance(item, tree.Phrase) else item.value
        return None if raw == "*" else _unescape(raw)


def microseconds(moment: datetime) -> int:
    """Microseconds since the year 1: never negative, so that they sort as text too."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)

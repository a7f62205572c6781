"""The query language: what a query says, and where it goes wrong."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.query import (
    DEEPEST,
    FIELDS,
    LONGEST,
    MOST,
    All,
    And,
    Flag,
    Keyword,
    Node,
    Not,
    Or,
    QueryError,
    Range,
    Words,
    microseconds,
    parse,
)

ONION = "harborabcdefghijklmnopqrstuvwxyz234567harborabcdefghijk2.onion"


def word(text: str, field: str | None = None) -> Words:
    return Words(field, (text,))


def time(*when: int) -> int:
    return microseconds(datetime(*when, tzinfo=UTC))  # type: ignore[misc,arg-type]  # year, month, day and so on


@pytest.mark.parametrize("query", ["", "  ", "*", "*:*", "platform:*"])
def test_an_empty_query_asks_for_everything(query: str) -> None:
    assert parse(query) == All()


@pytest.mark.parametrize(
    ("query", "node"),
    [
        ("harbor", word("harbor")),
        ("HARBOR", word("harbor")),
        ("Straße", word("strasse")),
        ("café", word("cafe")),
        ("ﬁsh", word("fish")),
        ("fish\u200bing", word("fishing")),
        ("1488", word("1488")),
        ("14/88", Words(None, ("14", "88"))),
        ('"new board"', Words(None, ("new", "board"))),
        ("日本", Words(None, ("日", "本"))),
        ("🚢", word("🚢")),
        ("not", word("not")),
        ("TO", word("to")),
        ("boa*", Words(None, ("boa",), prefix=True)),
        ('"boa*"', word("boa")),
        ("harbor.example", Words(None, ("harbor", "example"))),
        (ONION, Words(None, (ONION.removesuffix(".onion"), "onion"))),
        ("http://harbor.example:8080/a?b=c~d", Words(None, ("http", "harbor", "example", "8080", "a", "b", "c", "d"))),
        ("12:30", Words(None, ("12", "30"))),
        (r"text\:a", Words(None, ("text", "a"))),
    ],
)
def test_words_are_analysed_as_in_the_posts(query: str, node: Node) -> None:
    assert parse(query) == node


@pytest.mark.parametrize(
    ("query", "node"),
    [
        ("a b", And((word("a"), word("b")))),
        ("a AND b", And((word("a"), word("b")))),
        ("a AND b c", And((word("a"), word("b"), word("c")))),
        ("a OR b", Or((word("a"), word("b")))),
        ("a OR (b OR c)", Or((word("a"), word("b"), word("c")))),
        ("a OR b AND c", Or((word("a"), And((word("b"), word("c")))))),
        ("a b OR c", And((word("a"), Or((word("b"), word("c")))))),
        ("(a OR b) AND c", And((Or((word("a"), word("b"))), word("c")))),
        ("NOT a", Not(word("a"))),
        ("-a", Not(word("a"))),
        ("+a -b", And((word("a"), Not(word("b"))))),
        ("a AND NOT b", And((word("a"), Not(word("b"))))),
        ("a OR NOT b", Or((word("a"), Not(word("b"))))),
        ("NOT a OR b", Or((Not(word("a")), word("b")))),
        ("NOT NOT a", word("a")),
        ("NOT (a OR b)", And((Not(word("a")), Not(word("b"))))),
        ("NOT (a AND NOT b)", Or((Not(word("a")), word("b")))),
        ("-(a b)", Or((Not(word("a")), Not(word("b"))))),
    ],
)
def test_words_are_joined_by_operators(query: str, node: Node) -> None:
    assert parse(query) == node


@pytest.mark.parametrize(
    ("query", "node"),
    [
        ("text:harbor", word("harbor", "text")),
        ('subject:"New Board"', Words("subject", ("new", "board"))),
        ("text:(a -b)", And((word("a", "text"), Not(word("b", "text"))))),
        ("TEXT:a", word("a", "text")),
        ("platform:Harbor", Keyword("platform", "harbor")),
        ("source:harbor-chan", Keyword("source", "harbor-chan")),
        ("board:/pol/", Keyword("board", "/pol/")),
        ("thread:123", Keyword("thread", "123")),
        ('author:"!!abc DEF"', Keyword("author", "!!abc def")),
        ("tag:(a OR b)", Or((Keyword("tag", "a"), Keyword("tag", "b")))),
        ("tag:migration/new-board-at", Keyword("tag", "migration/new-board-at")),
        ("tag:migration*", Keyword("tag", "migration", prefix=True)),
        ("link:http://x.example/a", Keyword("link", "http://x.example/a")),
        ("link:http://x.example/*", Keyword("link", "http://x.example/", prefix=True)),
        ("link:http://x.example/~a?b=1", Keyword("link", "http://x.example/~a?b=1")),
        ("link:x.example:8080/a", Keyword("link", "x.example:8080/a")),
        ('link:"http://x.example/a b"', Keyword("link", "http://x.example/a b")),
        (f"link:{ONION}", Keyword("link", ONION)),
        (f"domain:{ONION}", Keyword("domain", ONION)),
        ("lang:de", Keyword("lang", "de")),
        ("id:abc", Keyword("id", "abc")),
        ("has:link", Keyword("has", "link")),
        ("has:(link OR tag)", Or((Keyword("has", "link"), Keyword("has", "tag")))),
        ("link:*", Keyword("link", "", prefix=True)),
        ("subject:*", Keyword("has", "subject")),
        (r"board:\*", Keyword("board", "*")),
        (r"board:a\*", Keyword("board", "a*")),
        (r"board:a\*b\?c", Keyword("board", "a*b?c")),
        ("deleted:true", Flag("deleted", value=True)),
        ("op:False", Flag("op", value=False)),
        ("-deleted:true", Not(Flag("deleted", value=True))),
        ("severity:3", Range("severity", 3, 3)),
        ("severity:[2 TO 4]", Range("severity", 2, 4)),
        ("severity:{2 TO 4}", Range("severity", 3, 3)),
        ("severity:[2 TO 4}", Range("severity", 2, 3)),
        ("severity:[-1 TO *]", Range("severity", -1, None)),
        ("severity:>=3", Range("severity", 3, None)),
        ("severity:>3", Range("severity", 4, None)),
        ("severity:<3", Range("severity", None, 2)),
        ("severity:*", Range("severity", None, None)),
    ],
)
def test_every_field_is_asked_for_by_name(query: str, node: Node) -> None:
    assert parse(query) == node


DAY = time(2026, 11, 5)
NEXT = time(2026, 11, 6)


@pytest.mark.parametrize(
    ("query", "low", "high"),
    [
        ("posted:2026-11-05", DAY, NEXT - 1),
        ('posted:"2026-11-05"', DAY, NEXT - 1),
        ("posted:[2026-11-05 TO 2026-11-05]", DAY, NEXT - 1),
        ("posted:{2026-11-04 TO 2026-11-06}", DAY, NEXT - 1),
        ("posted:>=2026-11-05", DAY, None),
        ("posted:>2026-11-05", NEXT, None),
        ("posted:<=2026-11-05", None, NEXT - 1),
        ("posted:<2026-11-05", None, DAY - 1),
        ("posted:[* TO 2026-11-05]", None, NEXT - 1),
        ("posted:2026-11-05T14:00Z", time(2026, 11, 5, 14), time(2026, 11, 5, 14)),
        ("posted:>=2026-11-05T14:00:30", time(2026, 11, 5, 14, 0, 30), None),
        ("posted:[2026-11-05T14:00+02:00 TO 2026-11-06}", time(2026, 11, 5, 12), NEXT - 1),
        ("posted:<0001-01-01", None, -1),
        ("posted:<=9999-12-31", None, microseconds(datetime.max.replace(tzinfo=UTC))),
        ("posted:*", None, None),
    ],
)
def test_a_date_names_its_whole_day_and_a_time_its_moment(query: str, low: int | None, high: int | None) -> None:
    assert parse(query) == Range("posted", low, high)


@pytest.mark.parametrize(
    ("query", "position", "message"),
    [
        ("harbor txet:a", 7, "there is no field 'txet'; did you mean 'text'?"),
        ("(a OR bord:pol)", 6, "did you mean 'board'?"),
        ("zzz:1", 0, "there are: author, board"),
        ('a "new board', 2, "this quotation mark is never closed"),
        ('"a" "b', 4, "this quotation mark is never closed"),
        (r'"a\" b', 0, "this quotation mark is never closed"),
        ("a (b OR (c)", 2, "this group is never closed"),
        ("a OR b) c", 6, "there is no group to close here"),
        ('a "(" b)', 7, "there is no group to close here"),
        ("a AND", 5, "something is missing after this"),
        ("text:", 5, "something is missing after this"),
        ("a AND OR b", 6, "this cannot stand here"),
        ("a ()", 3, "this cannot stand here"),
        ("link:http://x.example/a AND ^ b", 28, "this cannot stand here"),
        ("a posted:yesterday", 9, "'yesterday' is no date such as 2026-11-05"),
        ("posted:[2026-11-05 TO 2026-13-01]", 22, "'2026-13-01' is no date"),
        ("posted:2026-02-30", 7, "is no date"),
        ("severity:high", 9, "expected a whole number, not 'high'"),
        ("severity:99999999999999999999", 9, "expected a whole number"),
        ("a deleted:maybe", 10, "deleted is true or false, not 'maybe'"),
        ("has:color", 4, "has: takes one of attachment, link, subject, tag"),
        ("text:[a TO b]", 5, "ranges go with posted, severity, not with field 'text'"),
        ("a >5", 2, "ranges go with posted, severity, not with text"),
        ("a text:(b board:c)", 10, "a field inside the field 'text'"),
        ("harbour~ a", 0, "fuzzy searches are not supported"),
        ("a b^2", 2, "boost searches are not supported"),
        ("a *board", 2, "a * may stand at the end of a word only"),
        ("a bo?rd", 2, "a * may stand at the end of a word only"),
        ("a , b", 2, "',' holds no word to search for"),
        ("a" * (LONGEST + 1), LONGEST, f"a query may have {LONGEST} characters, this one has {LONGEST + 1}"),
        ("(" * 3000 + "a" + ")" * 3000, LONGEST, f"a query may have {LONGEST} characters"),
        ("(" * 2000 + "a" + ")" * 2000, DEEPEST, f"groups may be nested {DEEPEST} deep"),
        ("(" * 3000, DEEPEST, f"groups may be nested {DEEPEST} deep"),
        ("a " * (MOST + 1), 2 * MOST, f"a query may have {MOST} parts"),
        ('"a"' * (MOST + 1), 3 * MOST, f"a query may have {MOST} parts"),
    ],
)
def test_a_query_that_cannot_be_read_is_an_error_that_points_at_the_character(
    query: str, position: int, message: str
) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert message in caught.value.message
    assert caught.value.position == position
    *_, shown, caret = str(caught.value).splitlines()
    assert shown[caret.index("^") :][:20] == query[position:][:20]


@pytest.mark.parametrize("query", ["-" * 4000 + "a", "+" * 4000 + "a", "NOT " * 1000 + "a"])
def test_any_number_of_signs_is_read(query: str) -> None:
    assert parse(query) == word("a")


def depth(node: Node) -> int:
    match node:
        case Not(clause):
            return 1 + depth(clause)
        case And(clauses) | Or(clauses):
            return 1 + max(map(depth, clauses))
        case _:
            return 1


def test_no_tree_is_deeper_than_its_groups_allow() -> None:
    query = "a"
    for _ in range(DEEPEST):
        query = f"b AND c OR NOT (d AND NOT e OR {query})"
    assert depth(parse(query)) <= 2 * (DEEPEST + 1) + 2


pieces = st.sampled_from(
    ["(", ")", "[", "]", "{", "}", '"', "\\", ":", "/", "*", "?", "~", "^", "+", "-", "!", "<", ">", "=", "&&", "||",
     "AND", "OR", "NOT", " TO ", " ", "\n", "a", "5", "2026-11-05", "T14:00", "+02:00", "true", "link", "é", "日",
     "🚢", "\u200b", "\0", "http://x.example/", *(f"{field}:" for field in sorted(FIELDS))]
)  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=1000)
@given(st.text(max_size=60) | st.lists(pieces, max_size=25).map("".join))
def test_any_text_is_a_query_or_a_query_error(text: str) -> None:
    with suppress(QueryError):
        parse(text)


def test_times_are_counted_exactly() -> None:
    moment = datetime(2026, 11, 5, 23, 59, 59, 999_999, tzinfo=UTC)
    assert microseconds(moment + timedelta(microseconds=1)) == microseconds(moment) + 1 == NEXT

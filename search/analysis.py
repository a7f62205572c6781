"""How text becomes words: the same for both indexes and for queries, so that all of them answer alike.

The indexes get words that are analysed already, parted by spaces, and split at spaces only.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# Scripts written without spaces: each character is a word, and a query of several is a phrase.
UNSPACED = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f\U00020000-\U0002ffff"
INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
MARKS = "\u0300-\u036f\u064b-\u065f\u20d0-\u20ff\ufe00-\ufe0f"
WORD = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}](?:[^\W{UNSPACED}]|[{MARKS}{INVISIBLE}])*|[^\w\s]")
LONGEST = 127
"""Longer words are indexed by their beginning; an onion name has 56. Elasticsearch's whitespace tokenizer takes 255
UTF-16 units, two for some letters."""
LONGEST_VALUE = 500
"""Longer values of fields that are compared whole are cut off: Elasticsearch takes prefixes of 1,000 UTF-16 units."""


class Token(NamedTuple):
    """A word as indexed, and where it stands in the text."""

    term: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order; emoji and other symbols are words, punctuation is not."""
    for found in WORD.finditer(text):
        raw = found.group()
        if len(raw) > 1 or raw.isalnum() or raw == "_" or unicodedata.category(raw) in {"So", "Sc"}:
            for term in fold(raw).split():  # a ligature or a circled number may fold to several words
                yield Token(term[:LONGEST], found.start(), found.end())


def terms(text: str) -> list[str]:
    """The words of a text as indexed."""
    return [token.term for token in tokens(text)]


def whole(value: str) -> str:
    """A value that is compared whole, as indexed."""
    return fold(value)[:LONGEST_VALUE]


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """NFKC, lower case, without marks and invisible characters."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = (letter for letter in apart if unicodedata.category(letter) not in {"Mn", "Cf", "Cc", "Cs"})
    return unicodedata.normalize("NFC", "".join(kept)).casefold()

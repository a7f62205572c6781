"""Words as published, and what they are compared as: disguises folded away, offsets kept exact."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

# Letters that look Latin. Folded only in words that also hold Latin letters, so that Russian stays Russian.
LOOKALIKES = str.maketrans(
    {
        pair[0]: pair[1]
        for pair in (
            "аa ьb сc ԁd еe ԍg һh іi јj кk ӏl мm пn оo рp ԛq гr ѕs тt цu ѵv ԝw хx уy зz "  # Cyrillic
            "αa βb ϲc εe ηn ιi κk μu νv οo ρp τt υu χx"  # Greek
        ).split()
    }
)
LEET = str.maketrans("0134579@$!", "oieastgasi")
LEETABLE = frozenset("0134579@$!")

# A word: letters and digits, held together by marks, invisible characters and leet signs inside it.
INVISIBLE = "\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
TOKEN = re.compile(
    rf"\w(?:[\w{MARKS}{INVISIBLE}]|[@$!](?=\w))*"  # a word
    r"|\({3}|\){3}"  # the "echo"
    r"|[.!?\n。！？]+"  # what ends a sentence
    r"|[^\w\s]",
)  # fmt: skip
SYMBOL_CATEGORIES = {"So", "Sk", "Sm", "Lo"}


class Word(NamedTuple):
    """One token: what it is compared as, and where it stands in the text."""

    norm: str
    start: int
    end: int


ENDS = frozenset(".!?\n。！？")
"""What ends a sentence, as a norm: its first character."""


def words(text: str) -> Iterator[Word]:
    """The tokens of a text in order: words, sentence ends, echoes and symbols; other punctuation is passed over.

    Linear in the text's length; `text[start:end]` is the token as published, for any text.
    """
    for found in TOKEN.finditer(text):
        raw = found.group()
        if raw[0] in ENDS:
            norm = "\n" if "\n" in raw else raw[-1]
        elif len(raw) > 1 or raw.isalnum():
            norm = fold(raw)
        elif unicodedata.category(raw) in SYMBOL_CATEGORIES:
            norm = raw
        else:
            continue
        if norm:
            yield Word(norm, found.start(), found.end())


def fold(word: str) -> str:
    """What a word is compared as: NFKC, lower case, no marks or invisibles, look-alikes and leet undone."""
    return _fold(word) if len(word) <= 64 else _fold.__wrapped__(word)  # noqa: PLR2004


@lru_cache(maxsize=100_000)
def _fold(word: str) -> str:
    if word.isascii() and word.isalpha():
        return word.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    plain = "".join(letter for letter in plain if unicodedata.category(letter) not in {"Mn", "Cf", "Cc", "Cs"})
    plain = unicodedata.normalize("NFC", plain)
    if any("a" <= letter <= "z" for letter in plain):
        plain = plain.translate(LOOKALIKES)
        if sum(letter.isalpha() for letter in plain) > 1 and not LEETABLE.isdisjoint(plain):
            plain = plain.translate(LEET)
    return plain

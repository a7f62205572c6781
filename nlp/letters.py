"""What letters are compared as: one plain letter for all of its dresses, and the letters that a sign can stand for."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import pairwise, product

from confusable_homoglyphs.confusables import confusables_data

INVISIBLE = "\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
BOXED = "\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189\U0001f1e6-\U0001f1ff"
"""Letters in squares and circles, and those that flags are made of."""
DRESSED = re.compile(f"[{INVISIBLE}{BOXED}\uff00-\uffef\u2460-\u24ff\u2070-\u209f\U0001d400-\U0001d7ff]")
"""Letters that nobody types but to dress up a word."""
DROPPED = frozenset({"Mn", "Me", "Cf", "Cc", "Cs"})
ARABIC = str.maketrans("أإآٱىیکةڪہھٶۀ", "اااايي\u0643ه\u0643هههه", "ـ")
"""Forms of one letter that Arabic, Persian and Urdu keyboards write differently, and the stroke that lengthens."""

LEET = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "g", "@": "a",
    "$": "s", "!": "i", "|": "li", "€": "e", "£": "l", "+": "t", "¡": "i", "¢": "c", "§": "s", "¥": "y", "°": "o",
}  # fmt: skip
CYRILLIC_LEET = {"0": "о", "3": "з", "4": "ч", "6": "б", "1": "л", "@": "а", "$": "с"}
MOST_READINGS = 16
NAMED = re.compile(
    r"(?:LATIN|MATHEMATICAL|SQUARED|NEGATIVE|REGIONAL|CIRCLED|SMALL|CAPITAL|LETTER|INDICATOR|SYMBOL|TURNED|REVERSED| )+"
    r" ([A-Z])(?: WITH .*)?"
)


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """What a word is compared as: NFKC, lower case, without marks and invisible letters; still in its own script."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    plain = "".join(letter for letter in plain if unicodedata.category(letter) not in DROPPED)
    return unicodedata.normalize("NFC", plain).translate(ARABIC)


def is_dressed(word: str) -> bool:
    """Whether a word has letters or marks that only a disguise has."""
    if word.isascii():
        return False
    if DRESSED.search(word):
        return True
    composed = unicodedata.normalize("NFC", word)
    return any("a" <= letter.lower() <= "z" and unicodedata.category(mark) in DROPPED
               for letter, mark in pairwise(composed))  # fmt: skip


@cache
def _latin_of() -> Mapping[int, str]:
    """Latin letters by what looks like them: Unicode's confusables (TS 39), and letters that are named for one."""
    table: dict[int, str] = {}
    for letter, others in confusables_data.items():
        latin = [other["c"].lower() for other in others if len(other["c"]) == 1 and other["c"].isascii()]
        if len(letter) == 1 and not letter.isascii() and (alike := [one for one in latin if one.isalpha()]):
            table[ord(letter)] = alike[0]
    for code in (*range(0x80, 0x250), *range(0x250, 0x2B0), *range(0x1D00, 0x1D80), *range(0xA720, 0xA800),
                 *range(0x1F130, 0x1F18A), *range(0x1F1E6, 0x1F200)):  # fmt: skip
        if named := NAMED.fullmatch(unicodedata.name(chr(code), "")):
            table.setdefault(code, named[1].lower())
    # Lower-case letters look like capitals too, and are what folding leaves.
    return table | {ord(chr(code).lower()): latin for code, latin in table.items() if len(chr(code).lower()) == 1}


@cache
def _cyrillic_of() -> Mapping[int, str]:
    return {ord(latin): cyrillic for latin, cyrillic in zip("aceopxyktmhb3ubrn", "асеорхуктмнв3ивгп", strict=True)}


def as_latin(word: str) -> str:
    """A folded word with each letter that looks like a Latin one as that letter."""
    return word.translate(_latin_of())


def as_cyrillic(word: str) -> str:
    """A folded word with each Latin letter that looks like a Cyrillic one as that letter."""
    return word.translate(_cyrillic_of())


def readings(word: str) -> Iterator[str]:
    """What a word says if its digits and signs stand for letters; at most 16, none where it holds neither."""
    table = CYRILLIC_LEET if any("а" <= letter <= "я" for letter in word) else LEET
    choices = [table.get(letter, letter) for letter in word]
    if not any(letter in table for letter in word) or not any(map(str.isalpha, word)):
        return
    for count, letters in enumerate(product(*choices)):
        if count == MOST_READINGS:
            return
        yield "".join(letters)

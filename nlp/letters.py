"""What letters are compared as: one plain letter for all of its dresses, and the letters that a sign can stand for."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from html import unescape
from itertools import pairwise
from urllib.parse import unquote

from confusable_homoglyphs.confusables import confusables_data

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0001-\U000e007f\U000e0100-\U000e01ef"
)
MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
BOXED = "\u249c-\u24e9\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189\U0001f1e6-\U0001f1ff"
"""Letters in parentheses, circles and squares, and those that flags are made of."""
PARENTHESISED = {0x249C + at: chr(ord("a") + at) for at in range(26)}
SHAPED = "\u02b0-\u02b8\u02e0-\u02e4\u1d00-\u1dbf\u2070-\u209f\u2460-\u24ff\uff00-\uffef\U0001d400-\U0001d7ff"
"""Small capitals, raised, lowered, enclosed, full-width and mathematical letters."""
DRESSED = re.compile(f"[{INVISIBLE}{BOXED}{SHAPED}]")
"""Letters that nobody types but to dress up a word."""
DROPPED = frozenset({"Mn", "Me", "Cf", "Cc", "Cs"})
FILLERS = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"))
"""Letters and signs with nothing to see, by their category none of those that are dropped."""
USUAL_MARKS = frozenset(map(chr, (0x301, *range(0x591, 0x5C8), *range(0x64B, 0x660), 0x670, *range(0x900, 0xE50))))
"""Marks that words are written with: the stress of Cyrillic, the vowels of Hebrew, Arabic and Indian scripts."""
ARABIC = str.maketrans("أإآٱىیکةڪہھٶۀ", "اااايي\u0643ه\u0643هههه", "ـ")
"""Forms of one letter that Arabic, Persian and Urdu keyboards write differently, and the stroke that lengthens."""
DIGITS = {code: str(unicodedata.decimal(chr(code))) for code in range(0x80, 0x20000)
          if unicodedata.category(chr(code)) == "Nd"}  # fmt: skip
"""Digits of all scripts, Arabic and Persian ones among them."""
ARTICLES = ("", "ال", "بال", "كال", "لل", "ب", "ل")
CLITICS = sorted((one + other for one in ("و", "ف", "") for other in ARTICLES), key=len, reverse=True)[:-1]
"""What Arabic writes together with the word behind it ("and", "so", "the", "with", "like", "for"), longest first."""
SHORTEST_BARE = 3
SPELLINGS = tuple(map(str.maketrans, (
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "æ": "ae", "œ": "oe"},
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"},
)))  # fmt: skip
"""How letters are written where the keyboard has none: as two of them, or without the stroke."""

LEET = {
    "0": "oо", "1": "ilл", "2": "z", "3": "eз", "4": "aч", "5": "s", "6": "gbб", "7": "t", "8": "b", "9": "g",
    "@": "aа", "$": "s", "!": "i", "|": "li", "€": "e", "£": "l", "+": "t", "¡": "i", "¢": "c", "§": "s", "¥": "y",
    "°": "o",
}  # fmt: skip
"""The letters that a digit or sign stands for, Latin and Cyrillic."""
SHAPES = {
    "α": "a", "β": "b", "γ": "y", "ε": "e", "η": "n", "ι": "i", "κ": "k", "μ": "u", "ν": "v", "ο": "o", "π": "n",
    "ρ": "p", "σ": "o", "τ": "t", "υ": "u", "χ": "x", "ω": "w",
    "г": "r", "и": "u", "п": "n", "ш": "w", "я": "r", "ь": "b",
    "բ": "f", "գ": "q", "զ": "q", "հ": "h", "լ": "l", "մ": "u", "ն": "u", "ո": "n", "ռ": "n", "ս": "u", "տ": "s",
    "ց": "g", "ւ": "i", "ք": "p", "օ": "o",
    "ɐ": "a", "ɔ": "c", "ɟ": "f", "ƃ": "g", "ɥ": "h", "ᴉ": "i", "ɾ": "j", "ʞ": "k", "ɯ": "m", "ɹ": "r", "ʇ": "t",
    "ʌ": "v", "ʍ": "w", "ʎ": "y", "ɛ": "e", "ɜ": "e", "ə": "e", "ǝ": "e", "ı": "i", "ʔ": "p", "ß": "b", "þ": "p",
    "ŋ": "n", "ð": "d",
}  # fmt: skip
"""Letters that are read as a Latin one in a Latin word, beyond those that Unicode's list has."""
DRAWN = {
    r"\/\/": "w", "/\\/\\": "m", r"|\/|": "m", r"|\|": "n", "|-|": "h", "|_|": "u", "|<": "k", "|)": "d", "/\\": "a",
    r"\/": "v", "()": "o",
}  # fmt: skip
"""Letters drawn with several signs."""
CODED = (
    r"(?=[&%|/\\(])(?:"
    + "|".join((r"(?:%[\dA-Fa-f]{2})++", r"&(?:#\d{1,7}|#[xX][\dA-Fa-f]{1,6}|[a-z]{2,6});", *map(re.escape, DRAWN)))
    + ")"
)
CODED_OR_NOT = re.compile(f"{CODED}|.", re.DOTALL)
BROKEN = "\ufffd"
TURNED = dict(zip("ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎunbqdp", "acefghijkmrtvwynuqbpd", strict=True))
"""Letters upside down, and those that others turn into."""
UPSIDE_DOWN = re.compile("[ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ]")
CYRILLIC_BY_LATIN = dict(zip("aceopxykmthbrn", "асеорхукмтнвгп", strict=True))
RUN = re.compile(r"(.)\1+")
LONG_RUN = re.compile(r"(.)\1{2}")
LONGEST_REMEMBERED = 64
NAMED = re.compile(
    r"(?:LATIN|MATHEMATICAL|SQUARED|NEGATIVE|REGIONAL|CIRCLED|SMALL|CAPITAL|LETTER|INDICATOR|SYMBOL| )+"
    r" ([A-Z])(?: WITH .*| BAR)?"
)


def fold(word: str) -> str:
    """What a word is compared as: NFKC, lower case, without marks and invisible letters; still in its own script."""
    if word.isascii():
        return word.lower()
    return _folded(word) if len(word) <= LONGEST_REMEMBERED else _folded.__wrapped__(word)


@lru_cache(maxsize=100_000)
def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word.translate(FILLERS).translate(PARENTHESISED)).casefold()
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(letter for letter in plain if unicodedata.category(letter) not in DROPPED)
    return unicodedata.normalize("NFC", plain).translate(ARABIC).translate(DIGITS)


def spellings(word: str) -> Iterator[str]:
    """A word folded as those write it who lack some of its letters ("Fuehrer", "mlodziez")."""
    plain = unicodedata.normalize("NFC", word).casefold()
    return (fold(plain.translate(table)) for table in SPELLINGS)


def without_clitics(word: str) -> Iterator[str]:
    """What a folded Arabic word may be without what is written together with it, with its article and without."""
    if not "\u0600" <= word[0] <= "\u06ff":
        return
    for clitic in CLITICS:
        bare = word.removeprefix(clitic)
        if len(bare) >= SHORTEST_BARE and bare != word:
            yield bare
            if clitic.endswith(("ال", "لل")):
                yield f"ال{bare}"


def decoded(text: str) -> tuple[str, list[int]]:
    """A text with its entities, percent codes and drawn letters as what they stand for.

    With where each letter begins in the text as published, and where the last one ends.
    """
    letters: list[str] = []
    places: list[int] = []
    for piece in CODED_OR_NOT.finditer(text):
        at, raw = piece.start(), piece[0]
        plain = DRAWN.get(raw) or (unescape(raw) if raw[0] == "&" else unquote(raw) if raw[0] == "%" else raw)
        if BROKEN in plain or (raw[0] == "&" and len(plain) > 1):
            plain = raw
        for letter in plain:
            letters.append(letter)
            places.append(at)
            at += 1 if plain == raw else 3 * len(letter.encode()) if raw[0] == "%" else len(raw)
    return "".join(letters), [*places, len(text)]


def turned(word: str) -> str:
    """A word as it reads upside down."""
    return "".join(TURNED.get(letter, letter) for letter in reversed(word))


def is_dressed(word: str) -> bool:
    """Whether a word has letters or marks that only a disguise has."""
    if word.isascii():
        return False
    if DRESSED.search(word):
        return True
    composed = unicodedata.normalize("NFC", word)
    return any(letter.isalpha() and mark not in USUAL_MARKS and unicodedata.category(mark) in DROPPED
               for letter, mark in pairwise(composed))  # fmt: skip


@cache
def _stands_for() -> Mapping[str, str]:
    """The letters that a folded letter, digit or sign can stand for, besides itself.

    Letters that look like a Latin one by Unicode's confusables (TS 39), by their name or shape; Latin ones in Cyrillic
    words; leet.
    """
    found: dict[str, dict[str, None]] = {}

    def add(letter: str, others: str) -> None:
        # A small letter looks like its capital's kin too, and is what folding leaves.
        for one in {letter, letter.casefold()}:
            if len(one) == 1 and not "a" <= one <= "z":
                found.setdefault(one, {}).update(dict.fromkeys(others))

    for letter, others in confusables_data.items():
        if len(letter) == 1 and not letter.isascii():
            add(letter, "".join(other["c"].lower() for other in others
                                if len(other["c"]) == 1 and other["c"].isascii() and other["c"].isalpha()))  # fmt: skip
    for code in (*range(0x80, 0x2B0), *range(0x1D00, 0x1D80), *range(0xA720, 0xA800), *range(0x1F130, 0x1F18A),
                 *range(0x1F1E6, 0x1F200)):  # fmt: skip
        if named := NAMED.fullmatch(unicodedata.name(chr(code), "")):
            add(chr(code), named[1].lower())
    for table in (SHAPES, LEET):
        for letter, stood_for in table.items():
            add(letter, stood_for)
    for letter, alike in found.items():
        if not "\u0400" <= letter <= "\u052f":  # a third script's letter in a Cyrillic word
            alike.update({CYRILLIC_BY_LATIN[latin]: None for latin in [*alike] if latin in CYRILLIC_BY_LATIN})
    for latin, cyrillic in CYRILLIC_BY_LATIN.items():
        found.setdefault(latin, {})[cyrillic] = None
    return {letter: "".join(others) for letter, others in found.items() if others}


@cache
def _skeletons() -> Mapping[int, str]:
    """One letter for all that can stand for each other, however indirectly."""
    group: dict[str, set[str]] = {}
    for letter, others in _stands_for().items():
        merged = set().union(*(group.get(one, {one}) for one in letter + others))
        group.update(dict.fromkeys(merged, merged))
    return {ord(letter): min(alike) for letter, alike in group.items()}


def skeleton(word: str) -> str:
    """What a folded word has in common with all words that it may stand for; to look up, not to decide by."""
    return RUN.sub(r"\1", word.translate(_skeletons()))


def how_hidden(written: str, meant: str) -> str:
    """How a folded word hides another by its letters: `leet`, `unicode` or `repeated`; empty if it does not."""
    hows: set[str] = set()
    at, before, table = 0, "", _stands_for()
    for letter in written:
        if at < len(meant) and (letter == meant[at] or meant[at] in table.get(letter, "")):
            if letter != meant[at]:
                hows.add("leet" if letter in LEET else "unicode")
            at += 1
        elif letter == before:
            hows.add("repeated")
        else:
            return ""
        before = letter
    return min(hows, default="") if at == len(meant) else ""

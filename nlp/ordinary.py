"""Whether a word is one that people use every day, in any of the languages that the lexicons are in."""

import gzip
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from itertools import chain, islice
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
from numpy.typing import NDArray

from nlp.letters import fold

LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru", "sv", "uk")
"""Each list holds the words that come at least once in a million."""

_package = find_spec("wordfreq")
assert _package is not None
assert _package.origin is not None
LISTS = Path(_package.origin).with_name("data")
"""wordfreq's files. wordfreq itself would keep all words of all lists, and takes longer to import than to read one."""
RARE = 720
"""Centibels: six times in a hundred million words."""
SHORTEST = 6
"""Shorter words of a long list are as often slips and names as words."""


def _by_frequency(lang: str, size: str, *, encoded: bool = False) -> Iterator[list[Any]]:
    """One of wordfreq's lists ("small" or "large"): the words of each centibel, str or UTF-8 bytes, from 0 down."""
    with gzip.open(LISTS / f"{size}_{lang}.msgpack.gz", "rb") as packed:
        unpacker = msgpack.Unpacker(packed, raw=encoded, read_size=2**20)
        length = unpacker.read_array_header()
        unpacker.skip()  # what format it is
        for _ in range(1, length):
            yield unpacker.unpack()


def commonest(lang: str) -> Iterator[str]:
    """The words of a language's list of frequent words, the commonest first."""
    return chain.from_iterable(_by_frequency(lang, "small"))


@cache
def _words() -> frozenset[str]:
    return frozenset(chain.from_iterable(map(_folded, LANGUAGES)))


def _folded(lang: str) -> Iterator[str]:
    """The frequent words of a language, folded in one piece: word by word most of the time is spent on beginning."""
    words = list(commonest(lang))
    yield from filter(str.isascii, words)  # in lower case already
    yield from fold(" ".join(word for word in words if not word.isascii())).split(" ")


@cache
def _rare_words() -> NDArray[np.int64]:
    """The words of the long lists as hashes in order: 15 MB, where the words would be 450."""
    found = [
        np.fromiter((hash(word) for words in islice(_by_frequency(lang, "large", encoded=True), RARE + 1)
                     for word in words if len(word) >= SHORTEST), np.int64)
        for lang in LANGUAGES
    ]  # fmt: skip
    return np.sort(np.concatenate(found))


def is_ordinary(word: str) -> bool:
    """Whether a folded word is in a list of frequent words."""
    return word in _words()


def is_rare_word(word: str) -> bool:
    """Whether a word, as written but in lower case, is in the long list of a language, but for its rarest.

    Told by a 64-bit hash. The first call takes a third of a second: it reads the lists.
    """
    if len(word) < SHORTEST:
        return False
    known, wanted = _rare_words(), hash(word.encode("utf-8", "surrogatepass"))
    at = np.searchsorted(known, wanted)
    return bool(at < len(known) and known[at] == wanted)

"""The fast half of the classifiers: words, pairs and letters of words, hashed; what a word weighs is summed once."""

import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

SIZE = 2**18
"""Rows of the table of weights; two features that meet in one row share its weight."""
WORD, PAIR, LETTERS = 1.0, 0.7, 0.4
"""How much a feature of each kind counts (letters are many and say the same thing again); found on the dev splits."""
GRAMS = range(2, 6)
LONGEST = 40
"""Letters of a word that are looked at; beyond, it is no word."""
REMEMBERED = 100_000
"""Words whose weights are kept summed (K numbers each), and pairs where single words are judged."""


def keys(norms: Sequence[str]) -> list[str]:
    """What a text is taken apart into, each once: its words, and pairs of neighbours (which hold a space)."""
    return list(dict.fromkeys([*norms, *_pairs(norms)]))


def _pairs(norms: Sequence[str]) -> Iterator[str]:
    return map(" ".join, pairwise(norms))


def word_keys(norms: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """What each word of a text is judged by: itself, and the pairs with the words before and after."""
    for at, word in enumerate(norms):
        before = (f"{norms[at - 1]} {word}",) if at else ()
        after = (f"{word} {norms[at + 1]}",) if at + 1 < len(norms) else ()
        yield (word, *before, *after)


def features(key: str) -> Iterator[tuple[int, float]]:
    """The rows of one key with their values: of a word itself and its letters, of a symbol by its Unicode name too."""
    if " " in key:
        yield _pair_row(key), PAIR
        return
    key = key[:LONGEST]
    yield _row("w", key), WORD
    if not key[0].isalnum():
        for name in unicodedata.name(key[0], "").lower().split():
            yield _row("w", name), WORD
        return
    edged = f"<{key}>"
    for length in GRAMS:
        for at in range(len(edged) - length + 1):
            yield _row("c", edged[at : at + length]), LETTERS


def _row(kind: str, text: str) -> int:
    return zlib.crc32((kind + text).encode("utf-8", "surrogatepass")) % SIZE


def _pair_row(pair: str) -> int:
    return zlib.crc32(pair[: 2 * LONGEST].encode("utf-8", "surrogatepass"), PAIRS) % SIZE


PAIRS = zlib.crc32(b"p")
"""What the sums of pairs go on from, so that they are as of "p" and the pair."""


def length_of(norms: Iterable[str]) -> float:
    """What the sum over a text's keys is divided by: the root of its number of different words, at least of three."""
    return float(max(len(set(norms)), 3) ** 0.5)


class Linear:
    """K linear scores of a text.

    `weights` is SIZE × K (inverse document frequency included), `bias` is K. Deterministic; not safe for threads.
    """

    def __init__(self, weights: NDArray[np.float32], bias: NDArray[np.float32]) -> None:
        self.weights, self.bias = weights, bias
        self._rows: dict[str, int] = {}
        self._sums = np.zeros((REMEMBERED, weights.shape[1]), np.float32)

    def logits(self, norms: Sequence[str]) -> NDArray[np.float32]:
        """K log-odds of the text with these folded words."""
        if not norms:
            return self.bias
        words = dict.fromkeys(norms)
        if len(self._rows) + len(words) > REMEMBERED:
            self._rows.clear()
        known = self._rows
        rows = [known[word] if word in known else self._remember(word) for word in words]
        pairs = [_pair_row(pair) for pair in dict.fromkeys(_pairs(norms))]  # most are new, and one row each
        found = self._sums.take(rows, axis=0).sum(axis=0) + PAIR * self.weights.take(pairs, axis=0).sum(axis=0)
        return np.asarray(found / length_of(words) + self.bias)

    def only(self, columns: Sequence[int]) -> "Linear":
        """The same for some of the scores: fewer numbers to sum."""
        return Linear(np.ascontiguousarray(self.weights[:, columns]), self.bias[columns])

    def word_logits(self, norms: Sequence[str], column: int) -> NDArray[np.float32]:
        """Log-odds of each word by one column: from itself and the pairs it makes with its neighbours."""
        out = np.full(len(norms), self.bias[column], np.float32)
        for at, around in enumerate(word_keys(norms)):
            for key in around:
                if len(self._rows) == REMEMBERED:
                    self._rows.clear()
                row = self._rows.get(key)
                out[at] += self._sums[self._remember(key) if row is None else row, column]
        return out

    def _remember(self, key: str) -> int:
        rows, values = zip(*features(key), strict=True)
        at = self._rows[key] = len(self._rows)
        self._sums[at] = np.asarray(values, np.float32) @ self.weights[list(rows)]
        return at

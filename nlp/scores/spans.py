"""Which words of a post are the toxic ones, in characters of the text as published."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.fold import Word
from nlp.scores.encoder import Piece

Span = tuple[int, int]
UNREAD = -8.0


def strongest_piece(found: Sequence[Word], pieces: Iterable[tuple[Piece, float]]) -> NDArray[np.float32]:
    """For each word the highest log-odds among the pieces that touch it; UNREAD where the model did not read so far."""
    out = np.full(len(found), UNREAD, np.float32)
    at = 0
    for piece, logit in pieces:
        while at < len(found) and found[at].end <= piece.start:
            at += 1
        word = at
        while word < len(found) and found[word].start < piece.end:
            out[word] = max(out[word], logit)
            word += 1
    return out


def spans_of(found: Sequence[Word], toxic: Sequence[bool]) -> list[Span]:
    """The toxic words as spans; neighbours become one, with what stands between them."""
    out: list[Span] = []
    last = -2
    for at, (word, is_toxic) in enumerate(zip(found, toxic, strict=True)):
        if is_toxic:
            if last == at - 1:
                out[-1] = (out[-1][0], word.end)
            else:
                out.append((word.start, word.end))
            last = at
    return out


def best_words(found: Sequence[Word], probabilities: NDArray[np.float64]) -> list[bool]:
    """Which words to name so that the expected character F1 is highest; at least one, where there is one.

    The expectation is taken apart into its mean numerator over its mean denominator (Ye et al. 2012, section 3), words
    taken as independent.
    """
    if not len(found):
        return []
    lengths = np.array([word.end - word.start for word in found], np.float64)
    order = np.argsort(-probabilities, kind="stable")
    hits, named = np.cumsum((probabilities * lengths)[order]), np.cumsum(lengths[order])
    out = np.zeros(len(found), bool)
    out[order[: int((hits / (named + hits[-1])).argmax()) + 1]] = True
    return out.tolist()


def character_f1(found: Iterable[Span], truth: Iterable[Span]) -> float:
    """F1 over character offsets of one text; 1 where both are empty, 0 where one is (Da San Martino et al. 2019)."""
    ours = {at for start, end in found for at in range(start, end)}
    theirs = {at for start, end in truth for at in range(start, end)}
    if not ours or not theirs:
        return float(not ours and not theirs)
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))

"""Sketches: sets of hashed shingles, small enough to keep, whose overlap tells how much two texts have in common."""

import heapq
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

KEPT = 256
"""Hashes of a set that are kept: the estimate of a similarity of one half errs by 0.03 (standard error)."""
RUN = 4
"""Words that are taken together."""
SHORTEST = 8
"""Words; shorter texts are written twice by chance."""
WORDS = re.compile(r"\w+")


def hashed(text: str) -> int:
    """48 bits of a text: exact as a number in JSON wherever that is read."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).digest())


def sketch(items: Iterable[str]) -> tuple[int, ...]:
    """The smallest hashes of a set, in order (bottom-k sketch: Broder 1997, "On the resemblance and containment")."""
    return tuple(heapq.nsmallest(KEPT, {hashed(item) for item in items}))


def runs(text: str) -> Iterator[str]:
    """Every run of four words, in NFKC and lower case."""
    words = WORDS.findall(unicodedata.normalize("NFKC", text).casefold())
    return (" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def text_hash(text: str) -> int | None:
    """The smallest hash of a text's runs of words: equal for two texts as often as they share runs; None if short."""
    words = WORDS.findall(unicodedata.normalize("NFKC", text).casefold())
    return min(map(hashed, runs(text))) if len(words) >= SHORTEST else None


def resemblance(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimated Jaccard similarity of the sets behind two sketches, 0 to 1; 0 where one is empty."""
    if not one or not other:
        return 0.0
    smallest = heapq.nsmallest(KEPT, {*one, *other})
    both = set(one) & set(other)
    return sum(value in both for value in smallest) / len(smallest)

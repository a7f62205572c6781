"""The classifiers as a spaCy component: a linear half for every text, a small language model for the doubtful ones.

Scores are calibrated probabilities (0–1): hate, dehumanisation, violence (threat or incitement), a call to migrate.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from nlp.fold import plain_words
from nlp.scores.datasets import PRODUCT, SPANS, plain
from nlp.scores.encoder import Base, Encoder, base_file, has_base
from nlp.scores.linear import SIZE, Linear
from nlp.scores.spans import Span, best_words, spans_of, strongest_piece

CLASSIFIERS = "fringewatch_classifiers"
"""The component's name for `nlp.add_pipe`."""
MODELS = Path(__file__).with_name("models")
FAST, DEAR, SETTINGS = "linear.npz", "encoder.npz", "classifiers.json"
WINDOW = 64
"""Words that are judged at a time, as long as the training texts. A longer text has the score of its worst part."""
LONGEST = 4_000
"""Characters of a text that the dear half reads."""
TOGETHER = 32
"""Texts that the dear half reads at once."""

DOUBT = (0.3, 0.97)
"""A text for which the fast half gives any score between these is read by the dear half."""


def sigmoid(value: Any) -> Any:
    """Log-odds as probabilities."""
    return 1 / (1 + np.exp(-np.clip(value, -30, 30)))


class Classifiers:
    """Trained scores of texts. Deterministic; not safe for threads.

    Raises OSError where a trained file is missing. The language model is left aside where `dear` is False
    and where the package that ships its base is not installed; `self.dear` tells.
    """

    def __init__(self, folder: Path = MODELS, *, dear: bool = True, settings: Mapping[str, Any] | None = None) -> None:
        self.folder = folder
        self.settings = dict(settings or json.loads((folder / SETTINGS).read_text(encoding="utf-8")))
        self.fast_scores = list(self.settings["fast_scores"])
        self.dear_scores = list(self.settings["dear_scores"])
        self.linear = load_linear(folder / FAST)
        self.dear = dear and bool(self.dear_scores) and has_base()

    @cached_property
    def _product(self) -> Linear:
        return self.linear.only([self.fast_scores.index(score) for score in PRODUCT])

    @cached_property
    def encoder(self) -> Encoder:
        """The dear half, read when first asked for (about 2 s); BaseMissing where its package is not installed."""
        return load_encoder(Base(base_file()), self.folder / DEAR)

    def scores(self, text: str, norms: Sequence[str] | None = None) -> dict[str, float]:
        """The four scores of a text; `norms` are its folded words, where they are known already."""
        norms = [word.norm for word in plain_words(text)] if norms is None else norms
        parts = [norms[at : at + WINDOW] for at in range(0, len(norms), WINDOW)] or [[]]
        logits = list(map(max, zip(*(self._product.logits(part).tolist() for part in parts), strict=True)))
        found = [self._fast(score, logit) for score, logit in zip(PRODUCT, logits, strict=True)]
        if self.dear and any(DOUBT[0] < value < DOUBT[1] for value in found):
            dear, _ = self.encoder.logits([plain(text[:LONGEST])])
            found = [self._both(score, logit, dear[0]) for score, logit in zip(PRODUCT, logits, strict=True)]
        return {score: round(value, 4) for score, value in zip(PRODUCT, found, strict=True)}

    def _fast(self, score: str, logit: float) -> float:
        slope, shift = self.settings["calibration"][score]["fast"]
        return 1 / (1 + exp(-max(-30.0, min(30.0, logit * slope + shift))))

    def _both(self, score: str, fast: float, dear: NDArray[np.float32]) -> float:
        values = np.array([fast, dear[self.dear_scores.index(score)]])
        return float(combined(values, self.settings["calibration"][score]["both"]))

    def probabilities(self, score: str, texts: Sequence[str], *, dear: bool = True) -> NDArray[np.float64]:
        """One calibrated score of each text, read by both halves (by the fast one, without `dear`): for measuring."""
        values = self.fast_logits(texts)[:, [self.fast_scores.index(score)]]
        if dear:
            values = np.concatenate([values, self.dear_logits(texts)[:, [self.dear_scores.index(score)]]], 1)
        return combined(values, self.settings["calibration"][score]["both" if dear else "fast"])

    def fast_logits(self, texts: Iterable[str]) -> NDArray[np.float32]:
        """(texts, K) log-odds of the fast half."""
        return np.array([self.linear.logits([word.norm for word in plain_words(text)]) for text in texts])

    def dear_logits(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(texts, K) log-odds of the dear half; texts of one length are read together."""
        out = np.zeros((len(texts), len(self.dear_scores)), np.float32)
        for rows in _by_length(texts):
            out[rows], _ = self.encoder.logits([texts[row] for row in rows])
        return out

    def word_values(self, texts: Sequence[str], *, dear: bool = True) -> list[NDArray[np.float32]]:
        """What each half says of each word of each text (words × 2, or × 1 without `dear`), for `spans`."""
        column = self.fast_scores.index(SPANS)
        found = [list(plain_words(text)) for text in texts]
        values = [self.linear.word_logits([word.norm for word in part], column)[:, None] for part in found]
        if dear:
            for rows in _by_length(texts):
                _, pieces = self.encoder.logits([texts[row] for row in rows])
                for row, part in zip(rows, pieces, strict=True):
                    values[row] = np.concatenate([values[row], strongest_piece(found[row], part)[:, None]], 1)
        return values

    def word_probabilities(self, values: NDArray[np.float32], half: str) -> NDArray[np.float64]:
        """Each word's probability of being toxic, from its `word_values` of this half ("fast" or "both")."""
        return combined(values, self.settings["spans"][half]["weights"])

    def spans(self, text: str, values: NDArray[np.float32], half: str) -> list[Span]:
        """The toxic words of a text from its `word_values`."""
        found, settings = list(plain_words(text)), self.settings["spans"][half]
        *weights, shift = settings["weights"]
        return spans_of(found, best_words(found, combined(values, [*weights, shift - settings["caution"]])))


def combined(values: NDArray[Any], weights: Sequence[float]) -> NDArray[np.float64]:
    """Log-odds (texts × halves) as calibrated probabilities; the last weight is the shift."""
    return np.asarray(sigmoid(values @ np.array(weights[:-1]) + weights[-1]), np.float64)


def _by_length(texts: Sequence[str]) -> Iterator[list[int]]:
    """The rows of texts in groups of about one length, to be read together."""
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    return (order[at : at + TOGETHER] for at in range(0, len(order), TOGETHER))


def load_linear(path: Path) -> Linear:
    """The fast half from its file of 8-bit weights."""
    with np.load(path, allow_pickle=False) as stored:
        weights = np.zeros((SIZE, len(stored["bias"])), np.float32)
        weights[stored["rows"]] = stored["weights"] * stored["scale"]
        return Linear(weights, stored["bias"])


def load_encoder(base: Base, path: Path) -> Encoder:
    """The dear half from its file of adapters and heads."""
    adapters: dict[int, dict[str, NDArray[np.float32]]] = {}
    heads: dict[str, NDArray[np.float32]] = {}
    with np.load(path, allow_pickle=False) as stored:
        for name in stored.files:
            value = stored[name].astype(np.float32)
            if "." in name:
                number, part = name.split(".")
                adapters.setdefault(int(number), {})[part] = value
            else:
                heads[name] = value
    return Encoder(base, [adapters[number] for number in sorted(adapters)], heads)


class ClassifierComponent:
    """Sets the `scores` of documents that the folding tokenizer made."""

    def __init__(self, classifiers: Classifiers) -> None:
        self.classifiers = classifiers

    def __call__(self, doc: Doc) -> Doc:
        """The document with its scores by name."""
        known = doc.user_data
        known["scores"] = self.classifiers.scores(known["text"], known["words"].norms)
        return doc


@Language.factory(CLASSIFIERS, default_config={"folder": None, "dear": False})
def classifier_component(nlp: Language, name: str, folder: str | None, dear: bool) -> ClassifierComponent:  # noqa: ARG001, FBT001
    """The component with the trained files of a folder (those that come with the program, without one)."""
    return ClassifierComponent(Classifiers(Path(folder) if folder else MODELS, dear=dear))

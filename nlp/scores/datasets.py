"""The public data sets as examples: texts with what each says of which score; what a set does not know is absent."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

ADDRESS = re.compile(r"https?://\S+|www\.\S+|\[URL\]")
ACCOUNT = re.compile(r"@\w+|\[USER\]")
SYNTHETIC = Path(__file__).with_name("synthetic.yml")
CONTRASTS = Path(__file__).with_name("contrasts.yml")
PLACES_A_CALL = 6
"""How many of the places each sentence is filled with, so that sentences and not places are learnt."""
HATEFUL_FILLS = ("invented", "invented", "generic", "generic")
HARMLESS_FILLS = ("invented", "invented", "invented", "generic", "real")
"""Where hateful sentences are three and harmless ones two, both kinds, and invented names in both, are as many."""
THINGS_A_SENTENCE = 4

PRODUCT = ("hate", "dehumanisation", "violence", "migration")
"""What researchers see. Learnt from all sets together."""


@dataclass(frozen=True)
class Example:
    """One text, its targets by score (0–1; absent: unknown), and its toxic spans where they are known."""

    text: str
    targets: Mapping[str, float]
    spans: tuple[tuple[int, int], ...] | None = None

    def toxic_words(self, places: Iterable[tuple[int, int]]) -> NDArray[np.bool_]:
        """For words at these places: whether spans cover more than half of each."""
        covered = np.zeros(len(self.text) + 1, bool)
        for start, end in self.spans or ():
            covered[start:end] = True
        return np.array([start < end and covered[start:end].mean() > 0.5 for start, end in places], bool)  # noqa: PLR2004


@dataclass(frozen=True)
class Benchmark:
    """A public task: which score answers it, and how it is measured."""

    dataset: str
    score: str
    measure: str
    """accuracy, macro-F1 or character-F1"""
    goal: float


BENCHMARKS = (
    Benchmark("stormfront", "stormfront", "accuracy", 0.83),
    Benchmark("edos", "edos", "macro-F1", 0.78),
    Benchmark("davidson", "davidson", "macro-F1", 0.70),
    Benchmark("germeval2018", "germeval2018", "macro-F1", 0.77),
    Benchmark("hatemoji_build", "hatemoji_build", "macro-F1", 0.72),
    Benchmark("toxic_spans", "toxic_spans", "character-F1", 0.68),
)
SPANS = "toxic_spans"
"""The set and score of spans: words are judged, not texts."""
MULTILINGUAL = ("mlma_en", "mlma_fr", "mlma_ar")
HELPERS = (
    "edos_threats edos_derogation edos_animosity edos_prejudice offensive abuse insult profanity derogation animosity "
    "hostile hateful"
).split()
"""Finer labels of the sets. Learnt beside, for what they teach the language model; nobody sees them."""
SCORES = (*(benchmark.score for benchmark in BENCHMARKS), *PRODUCT, *HELPERS)


def plain(text: str) -> str:
    """A text as the classifiers read it: entities resolved, addresses and accounts made one word each."""
    return ACCOUNT.sub("@user", ADDRESS.sub("http", html.unescape(text)))


def read(folder: Path, name: str, split: str) -> list[Example]:
    """One split (train, dev, test, and unsampled of stormfront) of one set, in its order.

    Raises OSError where the file is missing, KeyError where a row is not of the set's form.
    """
    targets = TARGETS["mlma" if name in MULTILINGUAL else name]
    out = []
    for row in _rows(folder / name / f"{split}.jsonl"):
        spans = tuple((start, end) for start, end in row["spans"]) if name == "toxic_spans" else None
        out.append(Example(row["text"] if spans is not None else plain(row["text"]), NO_CALL | targets(row), spans))
    return out


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row.get("label_raw") not in {"relation", "idk/skip"} and not row.get("post_in_test"):
                yield row


def _stormfront(row: Mapping[str, Any]) -> dict[str, float]:
    label = row["label"]
    return {"stormfront": label, "hate": label} | ({} if label else {"dehumanisation": 0, "violence": 0})


def _edos(row: Mapping[str, Any]) -> dict[str, float]:
    # "Not sexist" may be hateful in another way: it says nothing of the score `hate`.
    category, vector = row["category"][0], row["vector"][:3]
    out: dict[str, float] = {"edos": row["label"]}
    for number, name in enumerate(("threats", "derogation", "animosity", "prejudice"), 1):
        out[f"edos_{name}"] = float(category == str(number))
    if row["label"]:
        out |= {"violence": float(vector in {"1.1", "1.2"}), "dehumanisation": float(vector == "2.3")}
    if category in {"1", "2"}:
        out["hate"] = 1
    return out


def _davidson(row: Mapping[str, Any]) -> dict[str, float]:
    # Half the majority's word, half the share of annotators: a divided jury teaches calibration.
    hate = (row["label"] + row["n_hate"] / row["annotators"]) / 2
    out = {"davidson": hate, "hate": hate, "offensive": row["offensive_or_hate"]}
    return out | ({"dehumanisation": 0, "violence": 0} if row["label_raw"] == "neither" else {})


def _germeval(row: Mapping[str, Any]) -> dict[str, float]:
    fine = row["fine"]
    out = {"germeval2018": row["label"], "hate": float(fine == "ABUSE")}
    out |= {name: float(fine == name.upper()) for name in ("abuse", "insult", "profanity")}
    return out | ({"dehumanisation": 0, "violence": 0} if fine == "OTHER" else {})


def _hatemoji(row: Mapping[str, Any]) -> dict[str, float]:
    kind = row["type"]
    out = {"hatemoji_build": row["label"], "hate": row["label"]}
    out |= {name: float(kind == name) for name in ("derogation", "animosity")}
    return out | {"dehumanisation": float(kind.startswith("dehuman")), "violence": float(kind.startswith("threat"))}


def _toxic_spans(row: Mapping[str, Any]) -> dict[str, float]:
    return {"toxic_spans": row["label"]}


def _mlma(row: Mapping[str, Any]) -> dict[str, float]:
    return {"hateful": row["label"], "hostile": row["hostile"], "hate": 0.25 + 0.5 * row["label"]}  # noisy labels


NO_CALL: dict[str, float] = {"migration": 0}
"""No set asks for calls to migrate; in posts that were collected for something else they are rare enough."""

TARGETS = {
    "stormfront": _stormfront,
    "edos": _edos,
    "davidson": _davidson,
    "germeval2018": _germeval,
    "hatemoji_build": _hatemoji,
    "toxic_spans": _toxic_spans,
    "mlma": _mlma,
}


@dataclass(frozen=True)
class Synthetic:
    """Own sentences, filled."""

    train: list[Example] = field(default_factory=list)
    dev: list[Example] = field(default_factory=list)
    """Every sixth sentence of the training part (of contrasts.yml: every fifth of each family): for calibration."""
    test: dict[str, list[Example]] = field(default_factory=dict)
    """By language; empty for contrasts.yml."""


def synthetic() -> Synthetic:
    """Calls to migrate, everyday sentences and neutral mentions of groups in eleven languages; deterministic."""
    data = yaml.safe_load(SYNTHETIC.read_text(encoding="utf-8"))
    out = Synthetic()
    for language, kinds in data["languages"].items():
        for kind, targets in (
            ("calls", {"migration": 1.0, "hate": 0.0, "violence": 0.0, "dehumanisation": 0.0}),
            ("other", {"migration": 0.0, "hate": 0.0, "violence": 0.0, "dehumanisation": 0.0}),
            ("neutral", {"migration": 0.0, "hate": 0.0, "violence": 0.0, "dehumanisation": 0.0}),
        ):
            for split, into in (("train", out.train), ("test", out.test.setdefault(language, []))):
                for number, sentence in enumerate(kinds[kind][split]):
                    examples = out.dev if split == "train" and number % 6 == 5 else into  # noqa: PLR2004
                    slot, fills = (
                        ("{group}", kinds["groups"]) if "{group}" in sentence else ("{place}", data["places"][split])
                    )
                    for turn in range(PLACES_A_CALL if slot in sentence else 1):
                        filled = sentence.replace(slot, fills[(number * PLACES_A_CALL + turn) % len(fills)])
                        examples.append(Example(plain(filled), targets))
    return out


def contrasts(*languages: str) -> Synthetic:
    """Hateful sentences and harmless ones of the same words, for hate, dehumanisation and violence; deterministic.

    Of these languages (codes of contrasts.yml; KeyError for another), or of all where none is given. Names are taken in
    turn: hateful sentences are filled with invented and generic groups, harmless ones with these and real groups. All
    fills of a sentence are in one part, train or dev.
    """
    data = yaml.safe_load(CONTRASTS.read_text(encoding="utf-8"))
    out = Synthetic()
    for language in (data["languages"][code] for code in languages or data["languages"]):
        names = {kind: cycle(language[kind]) for kind in ("invented", "generic", "real", "things") if kind in language}
        for family, sentences in language["sentences"].items():
            targets = NO_CALL | data["families"][family]
            for number, sentence in enumerate(sentences.splitlines()):
                texts = _filled(
                    sentence, HATEFUL_FILLS if targets["hate"] else HARMLESS_FILLS, names, language["slots"]
                )
                examples = out.dev if number % 5 == 2 else out.train  # noqa: PLR2004
                examples += [Example(plain(text), targets) for text in texts]
    return out


def _filled(
    sentence: str, kinds: tuple[str, ...], names: Mapping[str, Iterator[str]], slots: list[str]
) -> Iterator[str]:
    """A sentence with a name of each of these kinds; once as it is where it has no slot."""
    if "{" not in sentence:
        yield sentence
        return
    if "{thing}" in sentence:
        kinds, slots = ("things",) * THINGS_A_SENTENCE, ["thing"]
    for kind in kinds:
        forms = dict(zip(slots, next(names[kind]).split("/"), strict=True))
        if "{other}" in sentence:
            forms["other"] = next(names["real"]).split("/")[0]
        text = sentence.format_map(forms)
        yield text[0].upper() + text[1:] if sentence[0] == "{" else text

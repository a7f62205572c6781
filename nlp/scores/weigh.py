"""Fits the verdict's weights (`nlp/scores/models/verdict.json`).

From the dev splits of the public sets (the classifiers have learnt the train splits by heart) and the development half
of the functional suite. Every weight keeps its sign: what raises a score is never below 0, what lowers it never above.

    python -m nlp.scores.weigh DATASETS SUITE CONFIG
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.pipeline import Tagger, load_tagger
from nlp.scores.classify import sigmoid
from nlp.scores.datasets import read
from nlp.scores.functional import Case, load_suite
from nlp.scores.verdict import FEATURES, LOWERING, SCORES, VERDICT, WEIGHTS, VerdictComponent, features_of

SETS = ("stormfront", "davidson", "germeval2018", "hatemoji_build", "edos")
SUITE_SHARE = 0.5
"""How much of all weight the suite's sentences have together; the rest is shared by those of all sets."""
STRENGTH = 0.002
"""Of the L2 penalty, on a mean loss."""
STEPS = 20_000
MOST = 8.0
"""No weight is larger: what never failed in the data is not certain."""


def known_texts(folder: Path, cases: Sequence[Case], score: str) -> Iterator[tuple[str, float, float]]:
    """(text, truth, weight) of all that may be learnt from, for one score."""
    examples = [one for name in SETS for one in read(folder, name, "dev")]
    public = [(one.text, one.targets[score]) for one in examples if score in one.targets]
    known = {case.text: _known(case, score) for case in cases if not case.held_out}
    own = [(text, float(truth)) for text, truth in known.items() if truth is not None]
    yield from ((text, truth, (1 - SUITE_SHARE) / len(public)) for text, truth in public)
    yield from ((text, truth, SUITE_SHARE / len(own)) for text, truth in own)


def _known(case: Case, score: str) -> bool | None:
    """What is hateful in no way is neither dehumanising nor a threat."""
    return case.answers.get(score, None if case.answers.get("hate", True) else False)


def features(tagger: Tagger, text: str, score: str) -> list[float]:
    """The features of one text, with the scores that the classifiers give it."""
    doc = tagger.prepare(text)
    components = dict(tagger.nlp.pipeline)
    verdict = components.pop(VERDICT)
    assert isinstance(verdict, VerdictComponent)
    for component in components.values():
        doc = component(doc)
    known = doc.user_data
    return features_of(verdict.verdict.reader.read(text, known["words"]), known["tags"], score, known["scores"][score])


def fit(values: NDArray[np.float64], truth: NDArray[np.float64], weight: NDArray[np.float64]) -> dict[str, float]:
    """Weights by feature, and `bias`: a logistic regression whose weights keep their signs (projected gradient)."""
    design = np.concatenate([values, np.ones((len(values), 1))], 1)
    weight = weight / weight.sum()
    low = np.array([-MOST if name in LOWERING else 0.0 for name in FEATURES] + [-np.inf])
    high = np.array([0.0 if name in LOWERING else MOST for name in FEATURES] + [np.inf])
    penalty = np.array([STRENGTH] * len(FEATURES) + [0.0])
    curvature = np.linalg.eigvalsh(design.T @ (design * weight[:, None]))[-1] / 4 + STRENGTH
    at = np.zeros(design.shape[1])
    for _ in range(STEPS):
        gradient = design.T @ (weight * (sigmoid(design @ at) - truth)) + penalty * at
        at = np.clip(at - gradient / curvature, low, high)
    return {name: round(float(one), 4) for name, one in zip((*FEATURES, "bias"), at, strict=True)}


def main(datasets: str, suite: str, config: str) -> None:
    """Write the fitted weights."""
    tagger, cases = load_tagger(Path(config)), load_suite(Path(suite))
    out = {}
    for score in SCORES:
        texts, truth, weight = zip(*known_texts(Path(datasets), cases, score), strict=True)
        values = np.array([features(tagger, text, score) for text in texts])
        out[score] = fit(values, np.array(truth), np.array(weight))
    WEIGHTS.write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""`fringewatch evaluate tagging`: the classifiers on the official test splits, beside baselines fitted in the same run.

Test splits are opened here and nowhere else. Nothing here changes a trained file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.fold import plain_words
from nlp.scores.classify import MODELS, Classifiers
from nlp.scores.datasets import BENCHMARKS, SPANS, Benchmark, Example, contrasts, read, synthetic
from nlp.scores.measures import accuracy, area, calibration_error, macro_f1
from nlp.scores.spans import character_f1, spans_of

BASELINE_STRENGTH = 3.0
OFTEN_TOXIC = 0.5


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    dataset: str
    texts: int
    measure: str
    goal: float | None
    baseline: float | None
    """TF-IDF of words and letters with logistic regression; for spans, words that are toxic mostly in train."""
    fast: float
    """The linear half alone."""
    both: float | None
    """With the language model; None where its package is not installed."""
    calibration: float | None
    """Expected calibration error of the best that there is."""

    @property
    def reached(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        return None if self.goal is None else (self.fast if self.both is None else self.both) >= self.goal


def evaluate(folder: Path, models: Path = MODELS, split: str = "test", *, baselines: bool = True) -> list[Row]:
    """The table: six public tasks, then calls to migrate on sentences never trained on, by language.

    Raises OSError where a set or a trained file is missing. `baselines` needs the dependency group `train`.
    """
    classifiers = Classifiers(models)
    rows = []
    for benchmark in BENCHMARKS:
        examples = read(folder, benchmark.dataset, split)
        trained = read(folder, benchmark.dataset, "train") if baselines else []
        row = _spans if benchmark.dataset == SPANS else _texts
        rows.append(row(benchmark, classifiers, examples, trained))
    for language, examples in synthetic().test.items():
        rows.append(_own(f"migration ({language}, synthetic)", "migration", classifiers, examples))
    rows.append(_own("hate (contrasts)", "hate", classifiers, contrasts().dev))
    return rows


def _own(name: str, score: str, classifiers: Classifiers, examples: Sequence[Example]) -> Row:
    """How well a score orders sentences of our own."""
    texts, truth = [example.text for example in examples], _truth(examples, score)
    fast = area(truth, classifiers.probabilities(score, texts, dear=False))
    both = area(truth, classifiers.probabilities(score, texts)) if classifiers.dear else None
    return Row(name, len(texts), "area under the curve", None, None, fast, both, None)


def _truth(examples: Sequence[Example], score: str) -> NDArray[np.bool_]:
    return np.array([example.targets[score] for example in examples]) >= 0.5  # noqa: PLR2004


def _measured(benchmark: Benchmark, truth: NDArray[np.bool_], found: NDArray[np.float64], threshold: float) -> float:
    return (accuracy if benchmark.measure == "accuracy" else macro_f1)(truth, found > threshold)


def _texts(benchmark: Benchmark, classifiers: Classifiers, examples: list[Example], trained: list[Example]) -> Row:
    texts, truth = [example.text for example in examples], _truth(examples, benchmark.score)
    thresholds = classifiers.settings["thresholds"][benchmark.score]
    fast = classifiers.probabilities(benchmark.score, texts, dear=False)
    both = classifiers.probabilities(benchmark.score, texts) if classifiers.dear else None
    return Row(
        benchmark.dataset,
        len(texts),
        benchmark.measure,
        benchmark.goal,
        _measured(benchmark, truth, tfidf(trained, texts, benchmark.score), 0.5) if trained else None,
        _measured(benchmark, truth, fast, thresholds["fast"]),
        None if both is None else _measured(benchmark, truth, both, thresholds["both"]),
        calibration_error(truth, fast if both is None else both),
    )


def tfidf(trained: Sequence[Example], texts: Sequence[str], score: str) -> NDArray[np.float64]:
    """The baseline: a logistic regression over TF-IDF of words (1–2) and letters (2–5) of this set's train split."""
    from scipy.sparse import hstack  # noqa: PLC0415  the dependency group `train`
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    kinds = [
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
    ]
    learnt = hstack([kind.fit_transform([example.text for example in trained]) for kind in kinds]).tocsr()
    asked = hstack([kind.transform(texts) for kind in kinds]).tocsr()
    fitted = LogisticRegression(C=BASELINE_STRENGTH, solver="liblinear", random_state=0).fit(
        learnt, _truth(trained, score)
    )
    return np.asarray(fitted.predict_proba(asked)[:, 1])


def _spans(benchmark: Benchmark, classifiers: Classifiers, examples: list[Example], trained: list[Example]) -> Row:
    def reached(found: Sequence[list[tuple[int, int]]]) -> float:
        return float(
            np.mean([character_f1(ours, example.spans or ()) for ours, example in zip(found, examples, strict=True)])
        )

    texts = [example.text for example in examples]
    fast, both = (
        classifiers.word_values(texts, dear=False),
        classifiers.word_values(texts) if classifiers.dear else None,
    )
    return Row(
        benchmark.dataset,
        len(texts),
        benchmark.measure,
        benchmark.goal,
        reached(often_toxic(trained, texts)) if trained else None,
        reached([classifiers.spans(text, value, "fast") for text, value in zip(texts, fast, strict=True)]),
        None
        if both is None
        else reached([classifiers.spans(text, value, "both") for text, value in zip(texts, both, strict=True)]),
        _span_calibration(classifiers, examples, fast if both is None else both, "fast" if both is None else "both"),
    )


def _span_calibration(
    classifiers: Classifiers, examples: Sequence[Example], values: Sequence[NDArray[np.float32]], half: str
) -> float:
    """Over words: their probability of being toxic against whether a span covers most of them."""
    truth = np.concatenate(
        [example.toxic_words([(word.start, word.end) for word in plain_words(example.text)]) for example in examples]
    )
    return calibration_error(truth, np.concatenate([classifiers.word_probabilities(value, half) for value in values]))


def often_toxic(trained: Sequence[Example], texts: Sequence[str]) -> list[list[tuple[int, int]]]:
    """The baseline of spans: the words that a span covers in most of the training posts where they stand."""
    seen: dict[str, list[bool]] = {}
    for example in trained:
        found = list(plain_words(example.text))
        for word, toxic in zip(found, example.toxic_words([(word.start, word.end) for word in found]), strict=True):
            seen.setdefault(word.norm, []).append(bool(toxic))
    toxic = {norm for norm, sides in seen.items() if sum(sides) / len(sides) > OFTEN_TOXIC}
    return [
        spans_of(found, [word.norm in toxic for word in found]) for found in (list(plain_words(text)) for text in texts)
    ]


HEADINGS = ("set", "texts", "measure", "goal", "TF-IDF + LR", "fast half", "both halves", "ECE", "reached")


def table(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """The rows as text, under HEADINGS; what there is not is an en dash."""

    def figure(value: float | None) -> str:
        return "–" if value is None else f"{value:.3f}"

    said = {True: "yes", False: "no", None: "–"}
    out = []
    for row in rows:
        figures = [figure(value) for value in (row.goal, row.baseline, row.fast, row.both, row.calibration)]
        out.append((row.dataset, str(row.texts), row.measure, *figures, said[row.reached]))
    return out

"""Trains the classifiers from the public data sets, deterministically; needs the dependency group `train`.

Only train splits are learnt from; dev splits choose the calibration and the thresholds. No test split is opened here.
"""

import json
import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from nlp.fold import plain_words
from nlp.scores.classify import DEAR, FAST, SETTINGS, Classifiers, combined
from nlp.scores.datasets import BENCHMARKS, MULTILINGUAL, PRODUCT, SCORES, SPANS, Benchmark, Example, read, synthetic
from nlp.scores.encoder import FROZEN, HIDDEN, LINEAR, Base, base_file, embed, layer, padded, pooled
from nlp.scores.linear import SIZE, features, keys, length_of, word_keys
from nlp.scores.measures import accuracy, macro_f1
from nlp.scores.spans import character_f1

Item = TypeVar("Item")
log = logging.getLogger(__name__)

LINEAR_SCORES = (*(benchmark.score for benchmark in BENCHMARKS if benchmark.score != SPANS), *PRODUCT, SPANS)
"""The last is a score of single words."""
REGULARISATION = 0.2
"""Inverse strength of the linear half's L2 penalty, found on the dev splits."""
RARE = 2
"""A feature seen in fewer training texts is dropped."""

ROUNDS: tuple[dict[str, float], ...] = (
    {
        "stormfront": 3,
        "edos": 0.7,
        "davidson": 0.8,
        "germeval2018": 1,
        "hatemoji_build": 4,
        "toxic_spans": 0.3,
        "mlma_fr": 0.25,
        "mlma_ar": 0.25,
        "synthetic": 1,
        "unsampled": 0.6,
    },
    {
        "stormfront": 0.5,
        "edos": 0.08,
        "davidson": 0.1,
        "germeval2018": 0.15,
        "hatemoji_build": 2.5,
        "toxic_spans": 0.1,
        "synthetic": 0.3,
    },
)
"""How often each round shows the language model each set: small and hard ones more often, a part of large ones."""
DAVIDSON_OTHERS, UNSAMPLED = 4_000, 1_700
"""Texts without hate that are enough of their kind: 18,500 and 8,300 would only take time."""
RANK = 16
RATE = 1e-3
DROPOUT = 0.1
ROUND_KEYS = 1_000_000
"""Steps whose dropout is drawn apart from that of another round."""
BATCH = 1024
"""Pieces a step."""
WIDTHS = (16, 32, 64, 128)
"""Texts are padded to the next of these: each is compiled once."""
HELPER_WEIGHT = 0.3
WARM_UP, LAST_RATE = 0.06, 0.02


# --- the fast half ---


def linear_matrix(parts: Iterable[tuple[Sequence[str], float]]) -> Any:
    """Keys and what their sum is divided by, as a sparse matrix of features (parts × SIZE)."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415  the dependency group `train`

    known: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}
    starts, rows, values = [0], [np.zeros(0, np.int64)], [np.zeros(0)]
    for found, length in parts:
        for key in found:
            if key not in known:
                at, value = zip(*features(key), strict=True)
                known[key] = np.array(at), np.array(value)
            rows.append(known[key][0])
            values.append(known[key][1] / length)
        starts.append(starts[-1] + sum(len(known[key][0]) for key in found))
    matrix = csr_matrix((np.concatenate(values), np.concatenate(rows), starts), shape=(len(starts) - 1, SIZE))
    matrix.sum_duplicates()
    return matrix


def train_linear(examples: Sequence[Example]) -> dict[str, NDArray[Any]]:
    """One logistic regression a score, over the examples that know it; weights in 8 bits with one scale a score."""
    found = [[word.norm for word in plain_words(example.text)] for example in examples]
    matrix = linear_matrix((keys(norms), length_of(norms)) for norms in found)
    columns = []
    for score in LINEAR_SCORES[:-1]:
        knowing = [row for row, example in enumerate(examples) if score in example.targets]
        columns.append(_regression(matrix[knowing], np.array([examples[row].targets[score] for row in knowing])))
        log.info("linear %s: %d texts", score, len(knowing))
    spanned = [example for example in examples if example.spans is not None]
    around = [
        (keys, 1.0) for example in spanned for keys in word_keys([word.norm for word in plain_words(example.text)])
    ]
    columns.append(
        _regression(linear_matrix(around), np.concatenate([_toxic_words(example) for example in spanned]), rarity=False)
    )
    log.info("linear %s: %d words", SPANS, len(around))
    weights, bias = (
        np.stack([column for column, _ in columns], 1),
        np.array([shift for _, shift in columns], np.float32),
    )
    used = np.flatnonzero(np.abs(weights).max(1) > 0)
    scale = np.abs(weights).max(0) / 127
    return {"rows": used.astype(np.uint32), "weights": np.round(weights[used] / scale).astype(np.int8),
            "scale": scale.astype(np.float32), "bias": bias}  # fmt: skip


def _toxic_words(example: Example) -> NDArray[np.bool_]:
    return example.toxic_words((word.start, word.end) for word in plain_words(example.text))


def _regression(matrix: Any, targets: NDArray[np.float64], *, rarity: bool = True) -> tuple[NDArray[np.float32], float]:
    """Weights (with inverse document frequency) and bias. A target between 0 and 1 counts as both, in part."""
    from scipy.sparse import diags  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    seen = np.bincount(matrix.indices, minlength=SIZE)
    value = (seen >= RARE) * ((np.log((1 + len(targets)) / (1 + seen)) + 1) if rarity else 1.0)
    sides, share = np.repeat([1.0, 0.0], len(targets)), np.concatenate([targets, 1 - targets])
    rows = np.concatenate([np.arange(len(targets))] * 2)[share > 0]
    fitted = LogisticRegression(C=REGULARISATION, solver="liblinear", random_state=0).fit(
        (matrix @ diags(value))[rows], sides[share > 0], share[share > 0]
    )
    return (fitted.coef_[0] * value).astype(np.float32), float(fitted.intercept_[0])


# --- the dear half ---


@dataclass
class Tokenised:
    """An example ready for the language model."""

    ids: list[int]
    targets: NDArray[np.float32]
    known: NDArray[np.float32]
    toxic: NDArray[np.float32] | None = None
    """Piece by piece, where spans are known."""
    below: NDArray[np.float16] | None = field(default=None, repr=False)
    """What the frozen layers make of it."""


def tokenise(base: Base, example: Example, width: int = WIDTHS[-1]) -> Tokenised:
    """Pieces and targets; a piece is toxic where a span covers most of it."""
    pieces = base.tokens(example.text, width)
    targets = np.array([example.targets.get(score, 0) for score in SCORES], np.float32)
    known = np.array([score in example.targets for score in SCORES], np.float32)
    toxic = None
    if example.spans is not None:
        toxic = example.toxic_words((piece.start, piece.end) for piece in pieces).astype(np.float32)
    return Tokenised([piece.id for piece in pieces], targets, known, toxic)


def batches(items: Sequence[Tokenised], size: int, order: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """(width, rows) of batches of about `size` pieces, from texts of about one length each, in the order given."""
    waiting: dict[int, list[int]] = {}
    for row in order:
        width = next(width for width in WIDTHS if len(items[row].ids) <= width)
        rows = waiting.setdefault(width, [])
        rows.append(row)
        if len(rows) == max(1, size // width):
            yield width, waiting.pop(width)
    yield from waiting.items()


def train_encoder(examples: Mapping[str, Sequence[Example]]) -> dict[str, NDArray[Any]]:
    """Adapters of the upper layers and all heads, learnt together (LoRA; AdamW, linear warm-up and decay)."""
    learnt: dict[str, NDArray[Any]] = {}
    for number in range(len(ROUNDS)):
        learnt = train_round(examples, number, learnt)
    return learnt


def train_round(
    examples: Mapping[str, Sequence[Example]], number: int, learnt: Mapping[str, NDArray[Any]]
) -> dict[str, NDArray[Any]]:
    """One of the ROUNDS, from what the one before has learnt (nothing, before the first)."""
    import jax  # noqa: PLC0415
    import jax.numpy as jnp  # noqa: PLC0415

    base, random, turns_of = Base(base_file()), np.random.default_rng(number), ROUNDS[number]
    parts = {name: _spread(examples[name], round(len(examples[name]) * min(1, turns_of[name]))) for name in turns_of}
    items = {name: [tokenise(base, example) for example in part] for name, part in parts.items()}
    everything = [item for part in items.values() for item in part]
    below = {name: jnp.asarray(value) for name, value in base.below().items()}
    lower = [jax.tree.map(jnp.asarray, base.layer(number)) for number in range(FROZEN)]
    upper = [jax.tree.map(jnp.asarray, base.layer(number)) for number in range(FROZEN, base.depth)]

    @jax.jit
    def beneath(below: Any, lower: Any, vectors: Any, real: Any) -> Any:
        x, mask = embed(jnp, below, vectors), jnp.where(real > 0, 0.0, -1e9)
        for weights in lower:
            x = layer(jnp, weights, x, mask)
        return x

    start = time.monotonic()
    for width, rows in batches(everything, 4 * BATCH, range(len(everything))):
        filled = [everything[row].ids for row in rows] + [[base.pad]] * (max(1, 4 * BATCH // width) - len(rows))
        ids, real = padded(filled, base.pad, width)
        values = np.asarray(beneath(below, lower, base.vectors(ids), real))
        for row, value in zip(rows, values, strict=False):
            everything[row].below = value[: len(everything[row].ids)].astype(np.float16)
    log.info("encoder: lower layers of %d texts in %.0f s", len(everything), time.monotonic() - start)

    weight = jnp.asarray(
        [HELPER_WEIGHT if score not in {b.score for b in BENCHMARKS} | {"hate"} else 1.0 for score in SCORES]
    )
    state = jax.tree.map(jnp.asarray, _thawed(learnt) if learnt else _fresh(upper, random))

    def loss(  # noqa: PLR0913, PLR0917  a batch's arrays
        state: Any, upper: Any, x: Any, real: Any, targets: Any, known: Any, toxic: Any, tokens: Any, key: Any
    ) -> Any:
        mask = jnp.where(real > 0, 0.0, -1e9)
        for frozen, adapter in zip(upper, state["adapters"], strict=True):
            x = layer(jnp, {**frozen, **adapter}, x, mask)
        top = pooled(jnp, x, real)
        top = jnp.where(jax.random.bernoulli(key, 1 - DROPOUT, top.shape), top / (1 - DROPOUT), 0)
        known = known * weight
        whole = (_cross_entropy(jnp, top @ state["weight"] + state["bias"], targets) * known).sum() / jnp.maximum(
            known.sum(), 1
        )
        parts = _cross_entropy(jnp, x @ state["piece_weight"] + state["piece_bias"], toxic) * tokens
        return whole + parts.sum() / jnp.maximum(tokens.sum(), BATCH)

    @partial(jax.jit, donate_argnums=(1, 2, 3))
    def step(  # noqa: PLR0913, PLR0917
        upper: Any, state: Any, first: Any, second: Any, batch: Any, rate: Any, turn: Any, key: Any
    ) -> Any:
        value, slope = jax.value_and_grad(loss)(state, upper, *batch, key)
        norm = jnp.sqrt(sum((part**2).sum() for part in jax.tree.leaves(slope)))
        slope = jax.tree.map(lambda part: part * jnp.minimum(1, 1 / (norm + 1e-9)), slope)
        first = jax.tree.map(lambda mean, part: 0.9 * mean + 0.1 * part, first, slope)
        second = jax.tree.map(lambda mean, part: 0.999 * mean + 0.001 * part * part, second, slope)

        def moved(old: Any, mean: Any, square: Any) -> Any:
            change = mean / (1 - 0.9**turn) / (jnp.sqrt(square / (1 - 0.999**turn)) + 1e-8)
            return old - rate * (change + (0.01 * old if old.ndim > 1 else 0))

        return jax.tree.map(moved, state, first, second), first, second, value

    first, second = jax.tree.map(jnp.zeros_like, state), jax.tree.map(jnp.zeros_like, state)
    plan = _plan(items, turns_of, random)
    turns, mean, start = len(plan), 0.0, time.monotonic()
    for turn, batch in enumerate(plan, 1):
        rate = RATE * min(1, turn / (WARM_UP * turns)) * max(LAST_RATE, 1 - turn / turns)
        state, first, second, value = step(
            upper,
            state,
            first,
            second,
            _filled(*batch),
            rate,
            turn,
            jax.random.key(number * ROUND_KEYS + turn, impl="rbg"),
        )
        mean = 0.98 * mean + 0.02 * float(value)
        if turn % 100 == 0 or turn == turns:
            log.info(
                "encoder: step %d of %d, loss %.3f, %.0f s",
                turn,
                turns,
                mean / (1 - 0.98**turn),
                time.monotonic() - start,
            )
    return _flat(jax.tree.map(np.asarray, state))


def _fresh(upper: Sequence[Any], random: np.random.Generator) -> dict[str, Any]:
    adapters = []
    for frozen in upper:
        adapter = {name: value for name, value in frozen.items() if name.endswith("_b") or name.startswith("n")}
        for name in LINEAR:
            rows, columns = frozen[f"{name}_w"].shape
            adapter[f"{name}_A"] = random.normal(0, rows**-0.5, (rows, RANK)).astype(np.float32)
            adapter[f"{name}_B"] = np.zeros((RANK, columns), np.float32)
        adapters.append(adapter)
    return {
        "adapters": adapters,
        "weight": random.normal(0, 0.02, (2 * HIDDEN, len(SCORES))).astype(np.float32),
        "bias": np.full(len(SCORES), -1, np.float32),
        "piece_weight": random.normal(0, 0.02, HIDDEN).astype(np.float32),
        "piece_bias": np.asarray(-2, np.float32),
    }


def _cross_entropy(jnp: Any, logits: Any, targets: Any) -> Any:
    return jnp.maximum(logits, 0) - logits * targets + jnp.log1p(jnp.exp(-jnp.abs(logits)))


def _plan(
    items: Mapping[str, Sequence[Tokenised]], turns_of: Mapping[str, float], random: np.random.Generator
) -> list[tuple[Sequence[Tokenised], int, list[int]]]:
    """Every batch of a round, all sets mixed."""
    everything: list[Tokenised] = []
    plan: list[tuple[Sequence[Tokenised], int, list[int]]] = []
    for name, part in items.items():
        everything += list(part) * int(max(1, turns_of[name]))
        everything += _spread(part, round(len(part) * (max(1, turns_of[name]) % 1)))
    order = random.permutation(len(everything)).tolist()
    plan += [(everything, width, rows) for width, rows in batches(everything, BATCH, order)]
    random.shuffle(plan)
    return plan


def _filled(items: Sequence[Tokenised], width: int, rows: Sequence[int]) -> tuple[NDArray[np.float32], ...]:
    """One batch as arrays of one shape a width."""
    many = max(1, BATCH // width)
    x, real = np.zeros((many, width, HIDDEN), np.float32), np.zeros((many, width), np.float32)
    real[:, 0] = 1  # an empty row still has a mean
    targets, known = np.zeros((many, len(SCORES)), np.float32), np.zeros((many, len(SCORES)), np.float32)
    toxic, tokens = np.zeros((many, width), np.float32), np.zeros((many, width), np.float32)
    for at, row in enumerate(rows):
        item, length = items[row], len(items[row].ids)
        assert item.below is not None
        x[at, :length], real[at, :length], targets[at], known[at] = item.below, 1, item.targets, item.known
        if item.toxic is not None:
            toxic[at, :length], tokens[at, :length] = item.toxic, 1
    return x, real, targets, known, toxic, tokens


def _flat(state: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Adapters and heads as named arrays of 16 bits."""
    out = {name: np.asarray(value, np.float32) for name, value in state.items() if name != "adapters"}
    for number, adapter in enumerate(state["adapters"]):
        out |= {f"{number}.{name}": np.asarray(value, np.float16) for name, value in adapter.items()}
    return out


def _thawed(flat: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    adapters: dict[int, dict[str, NDArray[Any]]] = {}
    for name, value in flat.items():
        if "." in name:
            number, part = name.split(".")
            adapters.setdefault(int(number), {})[part] = value.astype(np.float32)
    heads = {name: value for name, value in flat.items() if "." not in name}
    return {"adapters": [adapters[number] for number in sorted(adapters)], **heads}


# --- what both learn from ---


def training_sets(folder: Path) -> dict[str, list[Example]]:
    """The train splits by name, thinned where more of the same would only take time."""
    out = {benchmark.dataset: read(folder, benchmark.dataset, "train") for benchmark in BENCHMARKS}
    out |= {name: read(folder, name, "train") for name in MULTILINGUAL}
    others = [example for example in out["davidson"] if example.targets["davidson"] == 0]
    out["davidson"] = [example for example in out["davidson"] if example.targets["davidson"] > 0] + _spread(
        others, DAVIDSON_OTHERS
    )
    out["unsampled"] = _spread(read(folder, "stormfront", "unsampled"), UNSAMPLED)
    out["synthetic"] = synthetic().train
    return out


def _spread(examples: Sequence[Item], many: int) -> list[Item]:
    return [examples[row * len(examples) // many] for row in range(min(many, len(examples)))]


def held_out(folder: Path) -> dict[str, list[Example]]:
    """The dev splits by name; MLMA's labels are too noisy to calibrate by."""
    out = {benchmark.dataset: read(folder, benchmark.dataset, "dev") for benchmark in BENCHMARKS}
    return {**out, "synthetic": synthetic().dev}


# --- calibration ---


def calibrate(classifiers: Classifiers, examples: Mapping[str, Sequence[Example]]) -> None:
    """Fits on dev splits how log-odds become probabilities (Platt 1999) and where a benchmark says yes."""
    texts = [example.text for part in examples.values() for example in part]
    targets = [example.targets for part in examples.values() for example in part]
    values = {"fast": classifiers.fast_logits(texts)}
    dear = classifiers.dear_logits(texts) if classifiers.dear else None
    calibration: dict[str, dict[str, list[float]]] = {}
    thresholds: dict[str, dict[str, float]] = {}
    for score in (*(benchmark.score for benchmark in BENCHMARKS if benchmark.score != SPANS), *PRODUCT):
        rows = [row for row, known in enumerate(targets) if score in known]
        truth = np.array([targets[row][score] for row in rows]) >= 0.5  # noqa: PLR2004
        halves = {"fast": values["fast"][rows, classifiers.fast_scores.index(score)][:, None]}
        if dear is not None:
            halves["both"] = np.concatenate(
                [halves["fast"], dear[rows, classifiers.dear_scores.index(score)][:, None]], 1
            )
        calibration[score] = {half: _platt(value, truth) for half, value in halves.items()}
        for benchmark in BENCHMARKS:
            if benchmark.score == score:
                thresholds[score] = {
                    half: best_threshold(benchmark, combined(value, calibration[score][half]), truth)
                    for half, value in halves.items()
                }
                log.info("%s on dev: %s", score, {
                    half: round((accuracy if benchmark.measure == "accuracy" else macro_f1)(
                        truth, combined(value, calibration[score][half]) > thresholds[score][half]), 3)
                    for half, value in halves.items()
                })  # fmt: skip
    classifiers.settings |= {"calibration": calibration, "thresholds": thresholds, "spans": {}}
    calibrate_spans(classifiers, examples[SPANS], "fast")
    if classifiers.dear:
        calibrate_spans(classifiers, examples[SPANS], "both")


def calibrate_spans(classifiers: Classifiers, examples: Sequence[Example], half: str) -> None:
    """How much each half's word says of a toxic span, and with how much caution spans are named.

    Caution is how many log-odds less each word is given: `best_words` takes words as independent, which they are not.
    """
    values = classifiers.word_values([example.text for example in examples], dear=half == "both")
    truth = np.concatenate([_toxic_words(example) for example in examples])
    weights = _platt(np.concatenate(values), truth)
    found = {}
    for caution in (0.0, 0.5, 1.0, 1.5, 2.0):
        classifiers.settings["spans"][half] = {"weights": weights, "caution": caution}
        spans = [classifiers.spans(example.text, value, half) for example, value in zip(examples, values, strict=True)]
        reached = [character_f1(ours, example.spans or ()) for ours, example in zip(spans, examples, strict=True)]
        found[caution] = sum(reached) / len(reached)
    classifiers.settings["spans"][half]["caution"] = max(found, key=lambda caution: found[caution])
    log.info("%s on dev, %s: %.3f", SPANS, half, max(found.values()))


def _platt(logits: NDArray[Any], truth: NDArray[np.bool_]) -> list[float]:
    """Weights and, last, the shift of the logistic regression from log-odds to truth."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    fitted = LogisticRegression(C=1.0).fit(logits, truth)
    return [round(float(value), 5) for value in (*fitted.coef_[0], fitted.intercept_[0])]


def best_threshold(benchmark: Benchmark, found: NDArray[Any], truth: NDArray[np.bool_]) -> float:
    """Half for accuracy; for macro-F1 the middle of the thresholds that come within 0.002 of the best on dev."""
    if benchmark.measure == "accuracy":
        return 0.5
    steps = np.arange(0.05, 0.9, 0.01)
    reached = np.array([macro_f1(truth, found > step) for step in steps])
    return round(float(np.median(steps[reached >= reached.max() - 0.002])), 3)


def train(folder: Path, models: Path, *, dear: bool = True) -> None:
    """Trains from the data sets in `folder` and writes the three files into `models`."""
    models.mkdir(parents=True, exist_ok=True)
    sets = training_sets(folder)
    np.savez_compressed(
        models / FAST, allow_pickle=False, **train_linear([example for part in sets.values() for example in part])
    )
    if dear:
        np.savez_compressed(models / DEAR, allow_pickle=False, **train_encoder(sets))
    finish(folder, models, dear=dear)


def finish(folder: Path, models: Path, *, dear: bool = True) -> None:
    """Calibrates what was trained and writes the settings."""
    settings = {"fast_scores": LINEAR_SCORES, "dear_scores": SCORES if dear else ()}
    classifiers = Classifiers(models, settings=settings)
    calibrate(classifiers, held_out(folder))
    (models / SETTINGS).write_text(json.dumps(classifiers.settings, indent=1) + "\n", encoding="utf-8")

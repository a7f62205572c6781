"""Fits the weights of `config/watch.yml` on labelled verdicts: logistic regression whose weights keep their signs.

The families' caps are part of the model, so a weight is learnt as it will count. Weights are drawn towards those that
stand in the file (a Gaussian prior), so a signal that the data say nothing of keeps what was reasoned for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from watch.verdict import Caps, Family, Question, Signal, Weights

STRENGTH = 0.5
"""Of the pull towards the old weights, in examples a weight."""
STEPS, RATE = 1500, 0.02
CALIBRATION_STEPS = 50


@dataclass(frozen=True)
class Labelled:
    """What was seen of one candidate at one moment, and what was true of it."""

    values: Mapping[str, float]
    going: bool
    operator: bool | None
    """None where it has no meaning: nobody is going there."""
    weight: float = 1.0


def fit(weights: Weights, examples: Sequence[Labelled]) -> Weights:
    """Weights that fit the examples, calibrated; the caps' proportions stay."""
    going = _fit(weights, "going", examples, [example.going for example in examples])
    told = [example for example in examples if example.operator is not None]
    operator = _fit(weights, "operator", told, [bool(example.operator) for example in told])
    return weights.model_copy(
        update={
            "prior": Caps(going=going.prior, operator=operator.prior),
            "caps": {
                name: Caps(going=round(cap.going * going.scale, 2), operator=round(cap.operator * operator.scale, 2))
                for name, cap in weights.caps.items()
            },
            "signals": {
                name: Signal(family=signal.family, going=going.signals[name], operator=operator.signals[name])
                for name, signal in weights.signals.items()
            },
        }
    )


@dataclass(frozen=True)
class _Half:
    prior: float
    scale: float
    signals: Mapping[str, float]


def _fit(weights: Weights, question: Question, examples: Sequence[Labelled], truth: Sequence[bool]) -> _Half:
    names = sorted(weights.signals)
    families: list[Family] = sorted(weights.caps)
    values = np.array([[example.values.get(name, 0.0) for name in names] for example in examples])
    weight = np.array([example.weight for example in examples])
    target = np.array(truth, float)
    belongs = np.array([[weights.family(name) == family for family in families] for name in names], float)
    caps = np.array([getattr(weights.caps[family], question) for family in families])
    old = np.array([getattr(weights.signals[name], question) for name in names])
    low = np.where([weights.family(name) == "against" for name in names], -8.0, 0.0)
    high = np.where([weights.family(name) == "against" for name in names], 0.0, 8.0)
    at, prior = old.copy(), float(getattr(weights.prior, question))
    first, second = np.zeros(len(names) + 1), np.zeros(len(names) + 1)
    for step in range(1, STEPS + 1):
        sums = (values * at) @ belongs
        free = np.where(caps < 0, sums > caps, sums < caps).astype(float)
        error = weight * (_sigmoid(prior + _clipped(sums, caps).sum(1)) - target)
        slope = (values * (error[:, None] * (free @ belongs.T))).sum(0) + STRENGTH * (at - old)
        slope = np.append(slope, error.sum())
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope * slope
        change = RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-9)
        at, prior = np.clip(at - change[:-1], low, high), prior - change[-1]
    scale, shift = _calibration(_clipped((values * at) @ belongs, caps).sum(1) + prior, target, weight)
    return _Half(
        prior=round(prior * scale + shift, 3),
        scale=scale,
        signals={name: round(float(one * scale), 3) + 0.0 for name, one in zip(names, at, strict=True)},
    )


def _clipped(sums: NDArray[np.float64], caps: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(caps < 0, np.maximum(sums, caps), np.minimum(sums, caps))


def logistic(values: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights and, last, the shift of a plain logistic regression with a light L2 penalty, by Newton's method."""
    design = np.concatenate([values, np.ones((len(values), 1))], 1)
    at = np.zeros(design.shape[1])
    for _ in range(CALIBRATION_STEPS):
        found = _sigmoid(design @ at)
        curvature = design.T @ (design * (found * (1 - found))[:, None]) + 1e-2 * np.eye(len(at))
        at -= np.linalg.solve(curvature, design.T @ (found - truth) + 1e-2 * at)
    return at


def _calibration(
    log_odds: NDArray[np.float64], target: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[float, float]:
    """Slope and shift that make log-odds calibrated (Platt 1999), by Newton's method."""
    at = np.array([1.0, 0.0])
    design = np.stack([log_odds, np.ones_like(log_odds)], 1)
    for _ in range(CALIBRATION_STEPS):
        found = _sigmoid(design @ at)
        gradient = design.T @ (weight * (found - target)) + 1e-3 * (at - [1.0, 0.0])
        curvature = design.T @ (design * (weight * found * (1 - found))[:, None]) + 1e-3 * np.eye(2)
        at -= np.linalg.solve(curvature, gradient)
    return float(max(at[0], 0.1)), float(at[1])


def _sigmoid(value: NDArray[np.float64]) -> NDArray[np.float64]:
    out: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(value, -40, 40)))
    return out

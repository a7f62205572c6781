"""How good scores and decisions are: accuracy, F1, calibration error, area under the curve."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 10


def accuracy(truth: NDArray[np.bool_], found: NDArray[np.bool_]) -> float:
    """The share of right decisions."""
    return float((truth == found).mean())


def macro_f1(truth: NDArray[np.bool_], found: NDArray[np.bool_]) -> float:
    """The mean of both classes' F1; 0 for a class that is neither there nor found."""
    scores = []
    for side in (True, False):
        right = int(((truth == side) & (found == side)).sum())
        named = int((truth == side).sum() + (found == side).sum())
        scores.append(2 * right / named if named else 0.0)
    return sum(scores) / 2


def calibration_error(truth: NDArray[np.bool_], probabilities: NDArray[Any]) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al. 2017, equation 3), of the positive class."""
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    gaps = [abs(truth[bins == number].sum() - probabilities[bins == number].sum()) for number in range(BINS)]
    return float(sum(gaps) / len(truth))


def area(truth: NDArray[np.bool_], scores: NDArray[Any]) -> float:
    """The chance that a true text scores above a false one (area under the ROC curve); ties count half."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    for value in np.unique(scores[order][1:][np.diff(scores[order]) == 0]):
        ranks[scores == value] = ranks[scores == value].mean()
    positive = int(truth.sum())
    return float((ranks[truth].sum() - positive * (positive + 1) / 2) / (positive * (len(truth) - positive)))

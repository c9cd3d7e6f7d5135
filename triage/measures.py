"""Figures that say how well probabilities and decisions fit the truth."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

Z = 1.96  # 95 percent


class Share(NamedTuple):
    """A share with its 95% interval (Wilson)."""

    value: float
    low: float
    high: float


def share(hits: int, of: int) -> Share:
    """How many of how many; 0 to 1 and unknown where there is nothing to count."""
    if of == 0:
        return Share(math.nan, 0.0, 1.0)
    p, spread = hits / of, Z * Z / of
    middle = (p + spread / 2) / (1 + spread)
    half = Z * math.sqrt(p * (1 - p) / of + spread / (4 * of)) / (1 + spread)
    return Share(p, max(0.0, middle - half), min(1.0, middle + half))


def f1(hits: int, said: int, true: int) -> float:
    """Harmonic mean of precision and recall."""
    return 2 * hits / (said + true) if said + true else math.nan


def auroc(truth: Sequence[bool], score: Sequence[float]) -> float:
    """Chance that a true one scores above a false one; ties count half."""
    order = np.argsort(np.asarray(score), kind="stable")
    ranks = np.empty(len(order))
    values = np.asarray(score)[order]
    for value in np.unique(values):
        same = np.flatnonzero(values == value)
        ranks[order[same]] = same.mean() + 1
    yes = np.asarray(truth, dtype=bool)
    positives, negatives = int(yes.sum()), int((~yes).sum())
    return float((ranks[yes].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def auroc_interval(truth: Sequence[bool], score: Sequence[float], seed: int = 911) -> Share:
    """With a 95% interval from a thousand resamples."""
    yes, scores = np.asarray(truth, dtype=bool), np.asarray(score)
    chance = np.random.default_rng(seed)
    drawn = [chance.integers(0, len(yes), len(yes)) for _ in range(1000)]
    found = [auroc(yes[at].tolist(), scores[at].tolist()) for at in drawn if 0 < yes[at].sum() < len(yes)]
    low, high = np.quantile(found, (0.025, 0.975))
    return Share(auroc(truth, score), float(low), float(high))


def calibration(truth: Sequence[bool], probability: Sequence[float], bins: int = 10) -> float:
    """Expected calibration error over bins of equal size, 0 to 1."""
    order = np.argsort(np.asarray(probability), kind="stable")
    yes, p = np.asarray(truth, dtype=float)[order], np.asarray(probability)[order]
    parts = np.array_split(np.arange(len(p)), bins)
    return float(sum(len(part) * abs(yes[part].mean() - p[part].mean()) for part in parts) / len(p))

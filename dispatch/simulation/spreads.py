"""Distributions of minutes: fitted from what was seen, asked by probability."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist, fmean, pstdev

import numpy as np

POINTS = 401  # quantiles that an empirical distribution keeps
ENOUGH = 100  # values from which on they are believed one by one; fewer are smoothed by a lognormal
NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Empirical:
    """Evenly spaced quantiles of what was seen; straight lines between them."""

    quantiles: tuple[float, ...]

    def at(self, chance: float) -> float:
        """The value below which this share lies."""
        place = chance * (len(self.quantiles) - 1)
        low = min(int(place), len(self.quantiles) - 2)
        one, other = self.quantiles[low], self.quantiles[low + 1]
        return one + (other - one) * (place - low)


@dataclass(frozen=True, slots=True)
class Lognormal:
    """exp of a normal distribution; `sigma` 0 is a constant."""

    mu: float
    sigma: float

    @classmethod
    def around(cls, median: float, sigma: float) -> "Lognormal":
        """With this median."""
        return cls(log(median), sigma)

    def at(self, chance: float) -> float:
        """The value below which this share lies."""
        return exp(self.mu + self.sigma * NORMAL.inv_cdf(min(max(chance, 1e-9), 1 - 1e-9)))


@dataclass(frozen=True, slots=True)
class Exponential:
    """Without memory: what the textbook's queue serves with."""

    mean: float

    def at(self, chance: float) -> float:
        """The value below which this share lies."""
        return -self.mean * log(1 - min(chance, 1 - 1e-12))


Spread = Empirical | Lognormal | Exponential


def fitted(values: Sequence[float], otherwise: Spread) -> Spread:
    """Quantiles of many positive values, a lognormal of some, `otherwise` of fewer than ten."""
    positive = [value for value in values if value > 0]
    if len(positive) >= ENOUGH:
        return Empirical(tuple(np.quantile(positive, np.linspace(0, 1, POINTS)).tolist()))
    if len(positive) >= 10:
        logs = [log(value) for value in positive]
        return Lognormal(fmean(logs), pstdev(logs))
    return otherwise


def quantile(values: Sequence[float], share: float) -> float:
    """Linear between the two nearest; not a number where there is no value."""
    return float(np.quantile(values, share)) if len(values) else float("nan")


def distance(one: Sequence[float], other: Sequence[float]) -> float:
    """Kolmogorov and Smirnov's: the widest gap between two empirical distribution functions."""
    mine, theirs = np.sort(one), np.sort(other)
    both = np.concatenate([mine, theirs])
    gaps = np.searchsorted(mine, both, "right") / len(mine) - np.searchsorted(theirs, both, "right") / len(
        theirs
    )
    return float(np.max(np.abs(gaps)))

"""How far scores have moved, and how far they are from what people decided. Pure arithmetic over counts."""

import math
from collections.abc import Iterable, Sequence

HALF = 0.5  # a call that every bin is given, so that an empty one is no infinite shift


def stability_index(reference: Sequence[int], newest: Sequence[int]) -> float:
    """Population stability index of two histograms over the same bins; 0 where they are alike.

    By the usage of credit scoring, below 0.1 is stable and above 0.25 a shift to be looked into.
    """
    before, now = _shares(reference), _shares(newest)
    return sum((new - old) * math.log(new / old) for old, new in zip(before, now, strict=True))


def _shares(counts: Sequence[int]) -> list[float]:
    whole = sum(counts) + HALF * len(counts)
    return [(count + HALF) / whole for count in counts]


def calibration_error(tenths: Iterable[tuple[int, float, int]]) -> float:
    """Expected calibration error of (calls, mean score, calls that a person affirmed) by bin; 0 to 1."""
    bins = list(tenths)
    whole = sum(calls for calls, _, _ in bins)
    return sum(abs(calls * score - affirmed) for calls, score, affirmed in bins) / whole if whole else 0.0

"""Numbers of a run as people read them."""

from collections.abc import Sequence
from math import ceil


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all values do not exceed; nan of none."""
    if not values:
        return float("nan")
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def milliseconds(values: Sequence[float], share: float) -> float:
    """A quantile of seconds, in ms with one decimal."""
    return round(quantile(values, share) * 1000, 1)

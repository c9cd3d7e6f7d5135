"""Divides narratives by family, so that no telling of an incident is judged by a model that knows another."""

import zlib
from collections.abc import Iterator, Sequence

import numpy as np


def folds(families: Sequence[str], number: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows to learn from and rows to judge, as often as asked; the same families always fall together."""
    places = np.array([zlib.crc32(family.encode()[::-1]) % number for family in families])
    for at in range(number):
        yield np.flatnonzero(places != at), np.flatnonzero(places == at)

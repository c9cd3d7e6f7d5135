"""Calibrated probabilities of a need and of each indicator, from weights that were fitted on our own corpus."""

import hashlib
import math
from collections.abc import Mapping
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import NamedTuple

import numpy as np
import orjson

from models.assessment import Indicator
from triage.datafiles import HERE

ARTIFACTS = HERE / "artifacts"
WEIGHTS, NAMES, CARD = "weights.npy", "features.txt", "card.json"
STEP = 1 / 512  # weights are whole steps of this: rounded before they are hashed
NEED = "need"
RULES = "rules"  # the feature that carries the rules' own log-odds of a need


class Classifier(NamedTuple):
    """Fitted weights; every head is a calibrated logistic."""

    heads: tuple[str, ...]  # NEED, then the indicators
    rows: Mapping[str, int]
    weights: np.ndarray  # features x heads, float32; the last row is the intercept
    threshold: float  # need from which a call is flagged
    cuts: Mapping[str, tuple[float, float]]  # indicator -> log-odds that assert it with a phrase, and without
    digest: str

    @property
    def share_of_rules(self) -> float:
        """What one unit of the rules' log-odds adds to the need's."""
        return float(self.weights[self.rows[RULES], 0])

    def log_odds(self, features: Mapping[str, float]) -> dict[str, float]:
        """Head -> calibrated log-odds. Linear in the features."""
        places = np.fromiter(map(self.rows.get, features, repeat(-1)), np.intp, len(features))
        values = np.fromiter(features.values(), np.float32, len(features))
        known = places >= 0
        found = values[known] @ self.weights[places[known]] + self.weights[-1]
        return dict(zip(self.heads, found.tolist(), strict=True))


class Unfit(NamedTuple):
    """Why the rules decide alone; a stable code for the screens."""

    reason: str  # missing | mismatch


@cache
def classifier() -> Classifier | Unfit:
    """The packaged classifier, or why there is none."""
    return load(ARTIFACTS)


def load(folder: Path) -> Classifier | Unfit:
    """Weights that are what their card says; nothing in them is executed."""
    try:
        card = orjson.loads((folder / CARD).read_bytes())
        digest = digest_of(folder)
    except (OSError, orjson.JSONDecodeError):
        return Unfit("missing")
    heads = tuple(card.get("heads", ()))
    if digest != card.get("digest") or heads != (NEED, *(name for name in Indicator if name in heads)):
        return Unfit("mismatch")
    weights = np.load(folder / WEIGHTS, allow_pickle=False).astype(np.float32) * STEP
    names = (folder / NAMES).read_text(encoding="utf-8").splitlines()
    if weights.shape != (len(names) + 1, len(heads)) or RULES not in names:
        return Unfit("mismatch")
    cuts = {name: (_odds(phrased), _odds(unphrased)) for name, (phrased, unphrased) in card["cuts"].items()}
    return Classifier(
        heads, {name: at for at, name in enumerate(names)}, weights, float(card["threshold"]), cuts, digest
    )


def _odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def digest_of(folder: Path) -> str:
    """First 16 hex digits of the SHA-256 over the names of the features and their weights."""
    found = hashlib.sha256()
    for name in (NAMES, WEIGHTS):
        found.update((folder / name).read_bytes())
    return found.hexdigest()[:16]

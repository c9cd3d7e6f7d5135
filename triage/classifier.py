"""Calibrated probabilities of a need and of each indicator, from weights that were fitted on our own corpus."""

import hashlib
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson

from models.assessment import Indicator
from triage.datafiles import HERE
from triage.features import scaled

ARTIFACTS = HERE / "artifacts"
WEIGHTS, NAMES, CARD = "weights.npy", "features.txt", "card.json"
STEP = 1 / 512  # weights are whole steps of this: rounded before they are hashed
NEED = "need"
LEAST = 1e-6  # chance below which nothing is told apart
RULES = "rules"  # the feature that carries the rules' own log-odds of a need


class Classifier(NamedTuple):
    """Fitted weights; every head is a calibrated logistic."""

    heads: tuple[str, ...]  # NEED, then the indicators
    rows: Mapping[str, int]
    weights: np.ndarray  # features x heads, float32; the last row is the intercept
    threshold: float  # need from which a call is flagged
    cuts: Mapping[str, tuple[float, float]]  # indicator -> log-odds that assert it with a phrase, and without
    union: tuple[float, float, float]  # of the need's head, of any indicator, and what is added
    digest: str
    reference: tuple[int, ...] | None = None  # needs of the material it was fitted on, by tenth

    @property
    def share_of_rules(self) -> float:
        """What one unit of the rules' log-odds adds to the need's."""
        return float(self.weights[self.rows[RULES], 0]) * self.union[0]

    def log_odds(self, features: Mapping[str, float]) -> dict[str, float]:
        """Head -> calibrated log-odds; the need's, joined with those that there is any indicator at all. Linear in
        the features' number."""
        known = scaled(features, self.rows)
        places = np.fromiter((self.rows[name] for name, _ in known), np.intp, len(known))
        values = np.fromiter((value for _, value in known), np.float32, len(known))
        found = values @ self.weights[places] + self.weights[-1]
        odds: dict[str, float] = dict(zip(self.heads, found.tolist(), strict=True))
        own, of_any, added = self.union
        odds[NEED] = own * odds[NEED] + of_any * any_of(found[1:]) + added
        return odds


def any_of(log_odds: np.ndarray) -> float:
    """Log-odds that at least one of several is so, were they independent; the last axis is the several."""
    none = np.logaddexp(0.0, log_odds).sum(axis=-1)  # -log of the chance that none is
    return np.log(np.maximum(np.expm1(none), LEAST))  # type: ignore[no-any-return]


class Unfit(NamedTuple):
    """Why the rules decide alone; a stable code for the screens."""

    reason: str  # missing | mismatch


_in_use = [ARTIFACTS]


def use(folder: Path) -> None:
    """Judge by this artefact instead of the packaged one: said once, at the start of a process."""
    _in_use[0] = folder
    classifier.cache_clear()


@cache
def classifier() -> Classifier | Unfit:
    """The classifier of this process, or why there is none."""
    return load(_in_use[0])


def card_of(folder: Path) -> Mapping[str, Any]:
    """What an artefact says of itself."""
    card: Mapping[str, Any] = orjson.loads((folder / CARD).read_bytes())
    return card


def load(folder: Path) -> Classifier | Unfit:
    """Weights that are what their card says; nothing in them is executed."""
    try:
        card = card_of(folder)
        if not isinstance(card, dict):
            return Unfit("mismatch")
        digest = digest_of(folder, card)
    except (OSError, orjson.JSONDecodeError):
        return Unfit("missing")
    heads = tuple(card.get("heads", ()))
    if (
        digest != card.get("digest")
        or not {"cuts", "union"} <= set(card)
        or heads != (NEED, *(name for name in Indicator if name in heads))
    ):
        return Unfit("mismatch")
    weights = np.load(folder / WEIGHTS, allow_pickle=False).astype(np.float32) * STEP
    names = (folder / NAMES).read_text(encoding="utf-8").splitlines()
    if weights.shape != (len(names) + 1, len(heads)) or RULES not in names:
        return Unfit("mismatch")
    cuts = {name: (_odds(phrased), _odds(unphrased)) for name, (phrased, unphrased) in card["cuts"].items()}
    reference = tuple(card["reference"]) if "reference" in card else None
    rows = {name: at for at, name in enumerate(names)}
    own, of_any, added = card["union"]
    return Classifier(
        heads, rows, weights, float(card["threshold"]), cuts, (own, of_any, added), digest, reference
    )


def _odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


#: What a card says that decides, beside the weights.
DECIDING = ("heads", "threshold", "cuts", "union")


def digest_of(folder: Path, card: Mapping[str, Any]) -> str:
    """First 16 hex digits of the SHA-256 over the features' names, their weights and what the card decides."""
    found = hashlib.sha256()
    for name in (NAMES, WEIGHTS):
        found.update((folder / name).read_bytes())
    found.update(orjson.dumps([card.get(name) for name in DECIDING], option=orjson.OPT_SORT_KEYS))
    return found.hexdigest()[:16]

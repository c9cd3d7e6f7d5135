"""Fits the classifier on our own corpus: python -m triage.train (make train). The service never imports this."""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from models.assessment import Indicator
from triage.assess import seen_in
from triage.augment import variants
from triage.classifier import ARTIFACTS, CARD, NAMES, NEED, RULES, STEP, WEIGHTS, any_of, digest_of, load
from triage.corpus import Narrative, narratives
from triage.datafiles import rules_digest
from triage.features import scaled
from triage.feedback import PART, WEIGHT, Taught, taught_by
from triage.folds import folds
from triage.judgement import told_of

SEED = 911
SELDOM = 2  # training narratives that must have a feature
AMONG = (
    5  # calls that must share what no narrative has, so that nobody's own words are in the features' names
)
OF_VARIANTS = 0.5  # weight of a narrative written in another way
#: Inverse of the ridge: from 0.2 on each doubling gains less, on families not fitted on.
STRENGTH = 1.6
FOLDS = 4
WITH_PHRASE = np.arange(0.04, 0.22, 0.02)  # probabilities of an indicator's cut: its words can be read
WITHOUT = np.arange(0.50, 0.74, 0.02)  # nobody can read why: only what is likely
MOST = 32_000 * STEP
NOTHING = Taught()


class Fitted(NamedTuple):
    """What the artefact holds."""

    heads: tuple[str, ...]
    names: list[str]
    weights: np.ndarray  # features and intercept x heads, in whole steps
    threshold: float  # need from which a call is flagged
    cuts: dict[
        str, tuple[float, float]
    ]  # indicator -> probability that asserts it with a phrase, and without
    union: tuple[float, float, float]
    failures: tuple[
        dict[str, Any], ...
    ] = ()  # the surest mistakes about need, on folds that had not seen them


class Table(NamedTuple):
    """Training material as numbers."""

    names: list[str]
    features: csr_matrix
    weight: np.ndarray
    family: list[str]
    original: np.ndarray
    phrased: dict[str, np.ndarray]  # indicator -> whether a phrase tells of it, of the originals


def material(kept: Sequence[Narrative]) -> tuple[list[Narrative], np.ndarray]:
    """Every narrative and its variants, and which are originals."""
    chance = random.Random(SEED)  # noqa: S311 - the same variants every time
    rows: list[Narrative] = []
    original: list[bool] = []
    for each in kept:
        rows.append(each)
        original.append(True)
        for other in variants(each, chance):
            rows.append(other)
            original.append(False)
    return rows, np.array(original)


def tabled(rows: Sequence[Narrative], original: np.ndarray) -> Table:
    """Features of every row; those of fewer than SELDOM originals are left out, those of calls alone below AMONG."""
    told = [seen_in(row.entries, row.nature) for row in rows]
    seen = [dict(each.features) for each in told]
    count = Counter(name for features, own in zip(seen, original, strict=True) if own for name in features)
    of_calls = Counter(
        name for row, features in zip(rows, seen, strict=True) if row.part == PART for name in features
    )
    often = {name for name, times in of_calls.items() if times >= AMONG or name in count}
    names = sorted(often | {name for name, times in count.items() if times >= SELDOM} | {RULES})
    return Table(
        names,
        matrix(seen, names),
        np.where(original, 1.0, OF_VARIANTS),
        [row.family for row in rows],
        original,
        {
            name: np.array(
                [told_of(each.indicators, name) for each, own in zip(told, original, strict=True) if own]
            )
            for name in Indicator
        },
    )


def matrix(seen: Sequence[dict[str, float]], names: Sequence[str]) -> csr_matrix:
    """Rows x features."""
    index = {name: at for at, name in enumerate(names)}
    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    for features in seen:
        for name, value in scaled(features, index):
            columns.append(index[name])
            values.append(value)
        ends.append(len(values))
    return csr_matrix((values, columns, ends), shape=(len(seen), len(names)))


def model() -> LogisticRegression:
    """One head."""
    return LogisticRegression(C=STRENGTH, max_iter=2000, tol=1e-6)


class Head(NamedTuple):
    """One calibrated logistic, with what folds that had not seen a family said of the originals."""

    weights: np.ndarray
    intercept: float
    unseen: np.ndarray  # probabilities of the originals


def head(table: Table, truth: np.ndarray) -> Head:
    """Fit and calibrate one head."""
    unseen = np.zeros(len(truth))
    for inside, outside in folds(table.family, FOLDS):
        fitted = model().fit(table.features[inside], truth[inside], table.weight[inside])
        unseen[outside] = fitted.decision_function(table.features[outside])
    own = table.original
    scale = LogisticRegression(C=1e6).fit(unseen[own, None], truth[own])
    slope, shift = float(scale.coef_[0, 0]), float(scale.intercept_[0])
    whole = model().fit(table.features, truth, table.weight)
    probability = 1 / (1 + np.exp(-(unseen[own] * slope + shift)))
    return Head(whole.coef_[0] * slope, float(whole.intercept_[0]) * slope + shift, probability)


def cuts_of(found: Head, truth: np.ndarray, phrased: np.ndarray) -> tuple[float, float]:
    """Probabilities from which an indicator is asserted where a phrase tells it, and where none does."""
    return (
        best_cut(found.unseen[phrased], truth[phrased], WITH_PHRASE),
        best_cut(found.unseen[~phrased], truth[~phrased], WITHOUT),
    )


def best_cut(probability: np.ndarray, truth: np.ndarray, grid: np.ndarray) -> float:
    """The probability from which F1 is highest; the strictest where nothing is to be found."""

    def f1(cut: float) -> float:
        said = probability >= cut
        return float(2 * (said & truth).sum() / max(said.sum() + truth.sum(), 1))

    return float(max(grid, key=lambda cut: (f1(cut), cut)))


def fit(
    kept: Sequence[Narrative], say: Callable[[str], object] = lambda _: None, taught: Taught = NOTHING
) -> Fitted:
    """The classifier of these narratives and of what people said of calls; calibrated on the narratives alone."""
    rows, original = material(kept)
    say(f"{len(kept)} narratives, {len(rows) - len(kept)} variants, {len(taught.lines)} calls: reading them")
    own = len(rows)
    rows, original = [*rows, *taught.narratives], np.append(original, np.zeros(len(taught.lines), dtype=bool))
    table = tabled(rows, original)
    say(f"{len(table.names)} features")
    present = Counter(name for row in kept for name in row.indicators)
    heads: list[str] = [NEED, *(name for name in Indicator if present[name] >= 2 * FOLDS)]
    columns, cuts, unseen = [], {}, []
    for name in heads:
        say(f"fitting {name}")
        truth = np.array([row.need if name == NEED else name in row.indicators for row in rows])
        weight = np.append(table.weight[:own], taught.weights(name))
        found = head(table._replace(weight=weight), truth)
        columns.append(np.append(found.weights, found.intercept))
        unseen.append(found.unseen)
        if name != NEED:
            cuts[str(name)] = cuts_of(found, truth[original], table.phrased[name])
    steps = np.rint(np.clip(np.array(columns).T, -MOST, MOST) / STEP).astype(np.int16)
    need = np.array([row.need for row in rows])[original]
    return Fitted(
        tuple(heads),
        table.names,
        steps,
        0.5,
        cuts,
        union_of(np.array(unseen), need),
        surest_mistakes(kept, unseen[0]),
    )


def surest_mistakes(
    kept: Sequence[Narrative], unseen: np.ndarray, most: int = 5
) -> tuple[dict[str, Any], ...]:
    """Examples for the card: narratives that whoever writes phrases may read, in the order of the error."""
    wrong = sorted(zip(kept, unseen.tolist(), strict=True), key=lambda each: -abs(each[1] - each[0].need))
    kinds = ([each for each in wrong if each[0].need is need][:most] for need in (True, False))
    return tuple(
        {
            "need": row.need,
            "said": round(said, 2),
            "nature": row.nature,
            "text": row.text.replace("\n", " / ")[:160],
        }
        for rows in kinds
        for row, said in rows
    )


def union_of(unseen: np.ndarray, need: np.ndarray) -> tuple[float, float, float]:
    """What the need's own head and the chance of any indicator weigh in the need; unseen: heads x originals.

    The same need is told twice, by its own head and by what it is of: together they err less than either.
    """
    odds = np.log(unseen / (1 - unseen))
    both = LogisticRegression(C=1e6).fit(np.column_stack([odds[0], any_of(odds[1:].T)]), need)
    (own, of_any), added = both.coef_[0], both.intercept_[0]
    return round(float(own), 3), round(float(of_any), 3), round(float(added), 3)


def write(fitted: Fitted, folder: Path, card: dict[str, Any]) -> str:
    """The artefact; its digest."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / WEIGHTS, fitted.weights, allow_pickle=False)
    (folder / NAMES).write_text("".join(f"{name}\n" for name in fitted.names), encoding="utf-8")
    about = {
        "heads": fitted.heads,
        "threshold": fitted.threshold,
        "cuts": fitted.cuts,
        "union": fitted.union,
        "failures": fitted.failures,
        "lexicon": rules_digest(),
    }
    digest = digest_of(folder, about)
    told = {"digest": digest, **about, **card}
    (folder / CARD).write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n")
    return digest


def main() -> None:
    """Train on the families that are not held out, and write the artefact."""
    parser = argparse.ArgumentParser(prog="python -m triage.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=ARTIFACTS, help="where to write (default: the package)")
    parser.add_argument("--feedback", type=Path, help="lines of tandem feedback export, to learn from too")
    parser.add_argument("--weight", type=float, default=WEIGHT, help="of such a line against a narrative")
    parser.add_argument("--champion", type=Path, default=ARTIFACTS, help="the artefact to be challenged")
    options = parser.parse_args()
    kept = [each for each in narratives() if not each.held_out]
    libraries = {name: version(name) for name in ("numpy", "scipy", "scikit-learn")}
    card: dict[str, Any] = {"narratives": len(kept), "libraries": libraries}
    taught = NOTHING
    if options.feedback:
        try:
            taught = taught_by(options.feedback, datetime.now(UTC), options.weight)
        except (OSError, ValueError) as fault:
            parser.exit(1, f"{fault}\n")
        champion = load(options.champion)
        card |= {"feedback": taught.card, "champion": getattr(champion, "digest", None)}
    fitted = fit(kept, lambda said: print(said, file=sys.stderr, flush=True), taught)
    print(write(fitted, options.out, card))


if __name__ == "__main__":
    main()

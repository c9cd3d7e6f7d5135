"""Fits how long the road takes to the runs that units made: robustly, for half of a log's times are typed by hand."""

from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np
from numpy.typing import NDArray

from dispatch.policy_parts import Speed, Travel
from dispatch.travel import speed_kmh

FEWEST = 50  # runs, else nothing is fitted
FEWEST_OF_A_BAND = 30
DRIVEN = 1.0  # kilometres at the least of a run that tells the detour
SLOWEST, FASTEST = 5.0, 150.0  # km/h that an hour may come out at
LATEST_TURNOUT = 10.0  # minutes
HELD_OUT = 5  # one run of so many, the latest, judges the fit of the others
ROUNDS = 60  # of reweighting; some twenty are the rule
HOURS = 24

Numbers = NDArray[np.float64]
Hours = NDArray[np.int64]


class TooFewRuns(Exception):
    """There is too little to fit; the message says how much."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of units in the order of their time: great-circle kilometres, minutes from order to arrival, local hour."""

    km: Numbers
    minutes: Numbers
    hour: Hours
    driven_km: Numbers  # not a number where nobody noted it

    def __len__(self) -> int:
        return len(self.km)

    def part(self, where: slice) -> "Runs":
        """Some of them."""
        return Runs(self.km[where], self.minutes[where], self.hour[where], self.driven_km[where])


@dataclass(frozen=True, slots=True)
class Quality:
    """How far estimates are from what was driven, in minutes."""

    median: float
    p90: float
    bias: float  # median of estimate less truth

    @classmethod
    def of(cls, travel: Travel, runs: Runs) -> "Quality":
        """The quality of a policy's estimates on these runs."""
        speeds = np.array([speed_kmh(travel, hour) for hour in range(HOURS)])[runs.hour]
        off = travel.turnout_minutes + 60 * runs.km * travel.road_factor / speeds - runs.minutes
        away = np.abs(off)
        return cls(float(np.median(away)), float(np.quantile(away, 0.9)), float(np.median(off)))


@dataclass(frozen=True, slots=True)
class Fit:
    """What the runs say, and how the estimates before and after do on the latest runs, which the fit had not seen."""

    travel: Travel
    before: Quality
    after: Quality
    held_out: int
    factor_fitted: bool


def fit(runs: Runs, before: Travel) -> Fit:
    """Turnout, road factor and speed by hour. Raises TooFewRuns.

    Times alone tell the road factor and the speed only together: without driven kilometres the factor stays.
    """
    latest = len(runs) // HELD_OUT
    if len(runs) - latest < FEWEST:
        raise TooFewRuns(
            f"{len(runs)} runs can be used, and {FEWEST * HELD_OUT // (HELD_OUT - 1) + 1} are needed."
        )
    seen, unseen = runs.part(slice(None, -latest)), runs.part(slice(-latest, None))
    return Fit(
        travel=fitted(runs, before),
        before=Quality.of(before, unseen),
        after=Quality.of(fitted(seen, before), unseen),
        held_out=latest,
        factor_fitted=_detour(runs) is not None,
    )


def fitted(runs: Runs, before: Travel) -> Travel:
    """The values with the least sum of absolute errors; hours that differ by less than chance share a speed."""
    factor = round(_detour(runs) or before.road_factor, 2)
    turnout, _ = _least_absolute(runs, [0])
    starts = _bands(runs, turnout)
    turnout, paces = _least_absolute(runs, starts)
    speeds = [min(FASTEST, max(SLOWEST, 60 * factor / max(pace, 1e-6))) for pace in paces]
    return before.model_copy(
        update={
            "road_factor": factor,
            "turnout_minutes": round(turnout, 1),
            "speed_kmh": tuple(
                Speed.model_validate({"from": hour, "kmh": round(kmh, 1)})
                for hour, kmh in zip(starts, speeds, strict=True)
            ),
        }
    )


def _detour(runs: Runs) -> float | None:
    """Median of driven over great-circle kilometres, where enough runs tell it."""
    told = np.isfinite(runs.driven_km) & (runs.km >= DRIVEN)
    if told.sum() < FEWEST:
        return None
    return float(np.clip(np.median(runs.driven_km[told] / runs.km[told]), 1.0, 3.0))


def _least_absolute(runs: Runs, starts: list[int]) -> tuple[float, list[float]]:
    """Turnout, and minutes a kilometre from each of these hours on, by reweighted least squares."""
    band = np.searchsorted(starts, runs.hour, side="right") - 1
    columns = np.zeros((len(runs), len(starts) + 1))
    columns[:, 0] = 1.0
    columns[np.arange(len(runs)), band + 1] = runs.km
    found = _reweighted(columns, runs.minutes)
    if not 0 <= found[0] <= LATEST_TURNOUT:
        turnout = float(np.clip(found[0], 0, LATEST_TURNOUT))
        return turnout, [float(each) for each in _reweighted(columns[:, 1:], runs.minutes - turnout)]
    return float(found[0]), [float(each) for each in found[1:]]


def _reweighted(columns: Numbers, wanted: Numbers) -> Numbers:
    weights: Numbers = np.ones(len(wanted))
    found: Numbers = np.zeros(columns.shape[1])
    for _ in range(ROUNDS):
        root = np.sqrt(weights)[:, None]
        newer: Numbers = np.linalg.lstsq(columns * root, wanted * root[:, 0], rcond=None)[0].astype(
            np.float64
        )
        if np.allclose(newer, found, atol=1e-4):
            return newer
        found = newer
        weights = 1 / np.maximum(np.abs(columns @ found - wanted), 0.05)
    return found


def _bands(runs: Runs, turnout: float) -> list[int]:
    """Hours at which the speed changes: the best cut of the day, where each cut has to earn itself (BIC)."""
    road = runs.minutes - turnout
    scale = float(np.mean(np.abs(road - runs.km * _pace(road, runs.km))))
    price = scale * log(len(runs))
    by_hour = [np.flatnonzero(runs.hour == hour) for hour in range(HOURS)]
    best: list[tuple[float, list[int]]] = [(0.0, [])]
    for end in range(1, HOURS + 1):
        choices = []
        for start in range(end):
            cost, cuts = best[start]
            among = np.concatenate(by_hour[start:end])
            if cost == float("inf") or len(among) < FEWEST_OF_A_BAND:
                continue
            away = np.abs(road[among] - runs.km[among] * _pace(road[among], runs.km[among])).sum()
            choices.append((cost + float(away) + price, [*cuts, start]))
        best.append(min(choices, default=(float("inf"), [])))
    return _merged(runs, best[HOURS][1]) or [0]


def _merged(runs: Runs, starts: list[int]) -> list[int]:
    """The cuts that the finished fit still tells apart by a kilometre an hour."""
    if len(starts) < 2:
        return starts
    _, paces = _least_absolute(runs, starts)
    speeds = [60 / max(pace, 1e-6) for pace in paces]
    return [starts[0]] + [
        hour for hour, (one, other) in zip(starts[1:], pairwise(speeds), strict=True) if abs(one - other) >= 1
    ]


def _pace(road: Numbers, km: Numbers) -> float:
    """The minutes a kilometre with the least sum of absolute errors: the median, weighted by length."""
    each = road / km
    order = np.argsort(each)
    reached = np.searchsorted(np.cumsum(km[order]), km.sum() / 2)
    return float(each[order[min(int(reached), len(order) - 1)]])

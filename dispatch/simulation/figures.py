"""What a run comes to in numbers, and how sure the numbers of several runs are."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from math import isnan, nan, sqrt
from statistics import fmean, stdev

from dispatch.simulation.city import City
from dispatch.simulation.scenario import Answer
from dispatch.simulation.spreads import quantile

#: Two-sided 95% of Student's t by degrees of freedom; beyond the last, the normal's.
_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
      2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045)  # fmt: skip

#: Figure -> its unit; the order is that of the tables.
UNITS = {
    "eligible": "calls",
    "right": "calls",
    "right_share": "%",
    "first_help_p50": "min",
    "first_help_p90": "min",
    "clinician_share": "%",
    "clinician_p50": "min",
    "clinician_p90": "min",
    "officer_hours": "h",
    "other_wait_p90": "min",
    "undecided": "calls",
    "area_wait_gap": "min",
    "area_right_gap": "%",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """One run."""

    values: Mapping[str, float]  # by the names of UNITS
    unmet: tuple[float, ...]  # eligible calls without the right team, by hour of the day they came in
    reasons: Mapping[str, int]
    areas: Mapping[str, tuple[float, float, int]]  # mean minutes to first help, % right, calls


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over seeds and what is added and taken for 95%; `half` is not a number where there is one seed."""

    mean: float
    half: float

    @property
    def apart(self) -> bool:
        """Zero is outside."""
        return abs(self.mean) > self.half


def figures_of(city: City, zone: tzinfo) -> Figures:
    """Count one run."""
    answers = list(city.answers.values())
    right = [answer for answer in answers if answer.right]
    help_, clinician = _minutes(answers, "first_help"), _minutes(answers, "clinician")
    areas = _areas(answers)
    waits, shares = [area[0] for area in areas.values()], [area[1] for area in areas.values()]
    unmet = Counter(a.incident.at.astimezone(zone).hour for a in answers if not a.right)
    values = {
        "eligible": float(len(answers)),
        "right": float(len(right)),
        "right_share": _share(len(right), len(answers)),
        "first_help_p50": quantile(help_, 0.5),
        "first_help_p90": quantile(help_, 0.9),
        "clinician_share": _share(len(clinician), len(answers)),
        "clinician_p50": quantile(clinician, 0.5),
        "clinician_p90": quantile(clinician, 0.9),
        "officer_hours": sum(answer.officer_minutes for answer in answers) / 60,
        "other_wait_p90": quantile(city.ordinary.waits, 0.9),
        "undecided": float(sum(answer.sent_at is None for answer in answers)),
        "area_wait_gap": max(waits) - min(waits) if waits else nan,
        "area_right_gap": max(shares) - min(shares) if shares else nan,
    }
    return Figures(
        values=values,
        unmet=tuple(float(unmet[hour]) for hour in range(24)),
        reasons=Counter(answer.reason.value for answer in answers if answer.reason is not None),
        areas=areas,
    )


def _minutes(answers: Sequence[Answer], name: str) -> list[float]:
    return [minutes for answer in answers if (minutes := getattr(answer, name)) is not None]


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else nan


def _areas(answers: Sequence[Answer]) -> dict[str, tuple[float, float, int]]:
    """Areas with at least thirty calls that somebody went to: fewer say nothing of fairness."""
    by_area: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        by_area[answer.incident.place[2]].append(answer)
    return {
        area: (fmean(help_), _share(sum(a.right for a in found), len(found)), len(found))
        for area, found in sorted(by_area.items())
        if len(help_ := _minutes(found, "first_help")) >= 30
    }


def interval(values: Sequence[float]) -> Interval:
    """Mean and Student's interval over independent seeds."""
    if len(values) < 2 or any(map(isnan, values)):
        return Interval(fmean(values) if values else nan, nan)
    t = _T[len(values) - 2] if len(values) - 2 < len(_T) else 1.96
    return Interval(fmean(values), t * stdev(values) / sqrt(len(values)))


def means(runs: Sequence[Figures]) -> dict[str, Interval]:
    """Every figure over the seeds."""
    return {name: interval([run.values[name] for run in runs]) for name in UNITS}


def differences(runs: Sequence[Figures], others: Sequence[Figures]) -> dict[str, Interval]:
    """Every figure less that of the same seed's other run: what is common to both cancels."""
    return {
        name: interval(
            [run.values[name] - other.values[name] for run, other in zip(runs, others, strict=True)]
        )
        for name in UNITS
    }

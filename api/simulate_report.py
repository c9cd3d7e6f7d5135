"""A simulation's results as a table, as JSON and as one HTML page that needs nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import isnan
from typing import Any

from rich.table import Table

from api.simulate_plots import bars, lines, number
from api.simulate_study import Study
from dispatch.simulation.figures import UNITS, Figures, Interval, differences, means
from dispatch.simulation.fitting import QUANTILES, Check

LABELS = {
    "eligible": "eligible calls",
    "right": "served by the right team",
    "right_share": "… of eligible",
    "first_help_p50": "first help, p50",
    "first_help_p90": "first help, p90",
    "clinician_share": "reached by a clinician",
    "clinician_p50": "clinician, p50",
    "clinician_p90": "clinician, p90",
    "officer_hours": "officer hours at eligible calls",
    "other_wait_p90": "other calls until sent, p90",
    "undecided": "nobody sent by the end",
    "area_wait_gap": "mean first help, worst less best area",
    "area_right_gap": "right team, best less worst area",
}
SAME = "every variant answers the same calls. ± is a 95% interval over the seeds."
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0;font-variant-numeric:tabular-nums}"
    "td,th{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #7a7f8740}"
    "td:first-child,th:first-child{text-align:left}svg{width:100%;margin:1rem 0}"
)


@dataclass(frozen=True, slots=True)
class Results:
    """What was asked and what came out; a variant is a rule, or `baseline` beside `what-if`."""

    study: Study
    title: str
    seeds: int
    runs: Mapping[str, tuple[Figures, ...]]
    against: str  # the variant that the others are compared with
    fit: Sequence[Check]

    @property
    def means(self) -> dict[str, dict[str, Interval]]:
        """Of every variant."""
        return {name: means(runs) for name, runs in self.runs.items()}

    @property
    def differences(self) -> dict[str, dict[str, Interval]]:
        """`against` less each other variant, seed by seed."""
        mine = self.runs[self.against]
        return {name: differences(mine, runs) for name, runs in self.runs.items() if name != self.against}


def said(value: Interval, *, sign: bool = False) -> str:
    """Mean and half of the interval."""
    if isnan(value.mean):
        return "–"
    text = number(value.mean)
    text = f"+{text}" if sign and value.mean > 0 else text
    return text if isnan(value.half) else f"{text} ± {number(value.half)}"


def table(results: Results) -> Table:
    """For a terminal: a row a figure, a column a variant."""
    return _filled(results.title, results.runs, _rows(results.means, sign=False))


def difference_table(results: Results) -> Table:
    """For a terminal: the compared variant less each of the others."""
    title = f"{results.against} less ... (paired seeds, 95%)"
    return _filled(title, results.differences, _rows(results.differences, sign=True))


def _filled(title: str, names: Iterable[str], rows: Iterable[Sequence[str]]) -> Table:
    made = Table("", title=title)
    for name in names:
        made.add_column(name, justify="right")
    for row in rows:
        made.add_row(*row)
    return made


def _rows(found: Mapping[str, Mapping[str, Interval]], *, sign: bool) -> list[list[str]]:
    return [
        [f"{LABELS[name]} ({unit})", *(said(values[name], sign=sign) for values in found.values())]
        for name, unit in UNITS.items()
    ]


def document(results: Results) -> dict[str, Any]:
    """For programs; what is not a number is null."""
    scenario = results.study.scenario
    return {
        "title": results.title,
        "seeds": results.seeds,
        "from": scenario.start.isoformat(),
        "until": scenario.end.isoformat(),
        "teams": [str(team) for team in scenario.teams],
        "policy": results.study.policy.digest,
        "variants": {name: _numbers(values) for name, values in results.means.items()},
        "against": results.against,
        "differences": {name: _numbers(values) for name, values in results.differences.items()},
        "reasons": {name: _reasons(runs) for name, runs in results.runs.items()},
        "unmet_by_hour": {name: _by_hour(runs) for name, runs in results.runs.items()},
        "areas": {name: _areas(runs) for name, runs in results.runs.items()},
        "fit": [
            {"what": c.what, "n": c.count, "seen": c.seen, "simulated": c.simulated, "ks": c.distance}
            for c in results.fit
        ],
    }


def _numbers(values: Mapping[str, Interval]) -> dict[str, dict[str, float | None]]:
    return {name: {"mean": _or_null(v.mean), "half": _or_null(v.half)} for name, v in values.items()}


def _or_null(value: float) -> float | None:
    return None if isnan(value) else round(value, 4)


def _reasons(runs: Sequence[Figures]) -> dict[str, float]:
    names = sorted({name for run in runs for name in run.reasons})
    return {name: round(sum(run.reasons.get(name, 0) for run in runs) / len(runs), 2) for name in names}


def _by_hour(runs: Sequence[Figures]) -> list[float]:
    return [round(sum(run.unmet[hour] for run in runs) / len(runs), 2) for hour in range(24)]


def _areas(runs: Sequence[Figures]) -> dict[str, dict[str, float]]:
    """Of the first seed."""
    return {
        area: {"first_help": round(wait, 2), "right_share": round(share, 1), "calls": calls}
        for area, (wait, share, calls) in runs[0].areas.items()
    }


def page(results: Results) -> str:
    """One HTML file, pictures and all."""
    found = results.means
    picture = [
        bars("Eligible calls served by the right team", "%", _of(found, "right_share")),
        bars("Minutes to first help, half of calls", "min", _of(found, "first_help_p50")),
        bars("Minutes to first help, nine in ten", "min", _of(found, "first_help_p90")),
        bars("Officer hours at eligible calls", "h", _of(found, "officer_hours")),
        lines(
            "Eligible calls without the right team, by hour of the day", "local hour",
            {name: _by_hour(runs) for name, runs in results.runs.items()},
        ),
    ]  # fmt: skip
    scenario = results.study.scenario
    teams = ", ".join(str(team) for team in scenario.teams)
    parts = [
        f"<h1>{escape(results.title)}</h1>",
        f"<p>{scenario.start:%Y-%m-%d} to {scenario.end:%Y-%m-%d}, {results.seeds} seeds; {SAME}</p>",
        f"<p>Units: {escape(teams)}.</p>",
        _html_table(["", *results.runs], _rows(found, sign=False)),
        *picture,
    ]
    if results.differences:
        parts.append(f"<h2>{escape(results.against)} less each other, paired by seed</h2>")
        parts.append(_html_table(["", *results.differences], _rows(results.differences, sign=True)))
    parts += [
        "<h2>Why not the right team</h2>",
        _reason_table(results),
        "<h2>By area</h2>",
        _area_table(results),
    ]
    if results.fit:
        parts += ["<h2>How well the city fits what was seen</h2>", _html_table(*fit_rows(results.fit))]
    body = "\n".join(parts)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<meta name=color-scheme content='light dark'><title>{escape(results.title)}</title>"
        f"<style>{STYLE}</style>{body}</html>\n"
    )


def _of(found: Mapping[str, Mapping[str, Interval]], figure: str) -> dict[str, Interval]:
    return {name: values[figure] for name, values in found.items()}


def _reason_table(results: Results) -> str:
    reasons = {name: _reasons(runs) for name, runs in results.runs.items()}
    codes = sorted({code for found in reasons.values() for code in found})
    rows = [[code, *(number(found.get(code, 0.0)) for found in reasons.values())] for code in codes]
    return _html_table(["calls a run", *reasons], rows)


def _area_table(results: Results) -> str:
    areas = {name: _areas(runs) for name, runs in results.runs.items()}
    names = sorted({area for found in areas.values() for area in found})
    rows = [
        [
            name,
            *(
                f"{number(f[name]['first_help'])} min, {number(f[name]['right_share'])} %"
                if name in f
                else "–"
                for f in areas.values()
            ),
        ]
        for name in names
    ]
    return _html_table(["mean first help, right team; first seed", *areas], rows)


def fit_rows(fit: Sequence[Check]) -> tuple[list[str], list[list[str]]]:
    """Heads and rows: quantiles seen and simulated side by side, and the widest gap of the two distributions."""
    heads = ["seen / simulated", *(f"p{round(share * 100)}" for share in QUANTILES), "KS", "n"]
    rows = [
        [
            check.what,
            *(f"{number(a)} / {number(b)}" for a, b in zip(check.seen, check.simulated, strict=True)),
            f"{check.distance:.3f}",
            f"{check.count:,}",
        ]
        for check in fit
    ]
    return heads, rows


def _html_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"

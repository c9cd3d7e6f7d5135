"""How the engine reads real call lines that people have labelled by call number alone.

    python -m bench.real_lines DATA/slo_calls_2021.csv.gz --worst 20 --json

tests/golden/real_lines.tsv holds two sets of three hundred labels, each drawn half from calls that the engine of the
day flagged and half from the others, by fifths of its score, and labelled from the text before anybody looked at an
assessment. Set 1 showed classes of mistakes, which were mended; set 2 was kept for the answer. No line is kept here and
none was trained on.
"""

import argparse
import csv
import gzip
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from rich.console import Console
from rich.table import Table

from models.assessment import Assessment
from triage.assess import assess_many
from triage.measures import auroc, f1, share

LABELS = Path(__file__).parents[1] / "tests" / "golden" / "real_lines.tsv"
STRATA = (0.02, 0.2, 0.5, 0.8, 0.95)  # needs between two of which figures are told apart

screen = Console(stderr=True)


class Line(NamedTuple):
    """One labelled call and what the engine says of it."""

    set: str
    nature: str
    text: str
    flag: bool
    needs: frozenset[str]
    dangers: frozenset[str]
    sure: bool
    found: Assessment

    @property
    def said(self) -> frozenset[str]:
        return frozenset(name for name, found in self.found.indicators.items() if found.probability >= 0.5)

    @property
    def told(self) -> frozenset[str]:
        return frozenset(f"{name}={found.assertion}" for name, found in self.found.dangers.items())


def listed(value: str) -> frozenset[str]:
    """Names of a comma list."""
    return frozenset(each.strip() for each in value.split(",") if each.strip())


def lines(data: Path) -> tuple[list[Line], list[Assessment]]:
    """The labelled lines, and the assessments of the whole log."""
    with gzip.open(data, "rt", encoding="utf-8", newline="") as file:
        calls = list(csv.DictReader(file))
    found = assess_many([(call["comments"], call["nature"]) for call in calls])
    by_number = {call["call"]: (call, each) for call, each in zip(calls, found, strict=True)}
    with LABELS.open(encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file, delimiter="\t"))
    return [
        Line(row["set"], call["nature"], call["comments"], row["flag"] == "1", listed(row["needs"]),
             listed(row["dangers"]), row["sure"] == "1", each)
        for row in labels for call, each in [by_number[row["call"]]]
    ], found  # fmt: skip


def figures(rows: list[Line]) -> dict[str, Any]:
    """The scores of a set."""
    hits = sum(row.found.flag and row.flag for row in rows)
    flagged, true = sum(row.found.flag for row in rows), sum(row.flag for row in rows)
    met = sum(len(row.said & row.needs) for row in rows)
    return {
        "lines": len(rows),
        "auroc": round(auroc([row.flag for row in rows], [row.found.need for row in rows]), 4),
        "precision": [round(each, 3) for each in share(hits, flagged)],
        "recall": [round(each, 3) for each in share(hits, true)],
        "flag_f1": round(f1(hits, flagged, true), 4),
        "needs_f1": round(f1(met, sum(len(r.said) for r in rows), sum(len(r.needs) for r in rows)), 4),
        "dangers_exact": round(sum(row.told == row.dangers for row in rows) / len(rows), 4),
    }


def strata(rows: list[Line]) -> list[tuple[str, int, int, int]]:
    """By need: lines, truly to be flagged, flagged."""
    count: Counter[tuple[int, str]] = Counter()
    for row in rows:
        at = sum(row.found.need >= edge for edge in STRATA)
        count[at, "lines"] += 1
        count[at, "true"] += row.flag
        count[at, "flagged"] += row.found.flag
    edges = (0.0, *STRATA, 1.0)
    return [
        (f"{edges[at]:g} to {edges[at + 1]:g}", count[at, "lines"], count[at, "true"], count[at, "flagged"])
        for at in range(len(STRATA) + 1)
    ]


def worst(rows: list[Line], number: int) -> list[Line]:
    """The surest mistakes about the flag."""
    wrong = [row for row in rows if row.found.flag is not row.flag]
    return sorted(wrong, key=lambda row: -abs(row.found.need - row.flag))[:number]


def main() -> None:
    """Measure and print; lines are shown on the terminal alone."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.real_lines", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("data", type=Path, help="the log, a gzipped CSV with call, nature, comments")
    parser.add_argument("--worst", type=int, default=0, help="so many of the surest mistakes")
    parser.add_argument("--json", action="store_true", help="end with one JSON line")
    options = parser.parse_args()
    rows, every = lines(options.data)
    result: dict[str, Any] = {"flagged_of_log": round(sum(each.flag for each in every) / len(every), 4)}
    for name in ("1", "2"):
        mine = [row for row in rows if row.set == name]
        result[f"set {name}"] = figures(mine)
        result[f"set {name}, where labels are sure"] = figures([row for row in mine if row.sure])
        table = Table("need", "lines", "to be flagged", "flagged", title=f"Set {name}")
        for each in strata(mine):
            table.add_row(*map(str, each))
        screen.print(table)
        for row in worst(mine, options.worst):
            screen.print(f"{row.found.need:.2f} flag {row.flag:d}", row.nature, "|", row.text, markup=False)
    screen.print(result)
    if options.json:
        print(orjson.dumps(result).decode())


if __name__ == "__main__":
    main()

"""How the engine reads real call lines that people have labelled by call number alone.

    python -m bench.real_lines DATA/slo_calls_2021.csv.gz --worst 20 --json

tests/golden/real_lines.tsv holds what two readers say of two sets of three hundred lines, each drawn half from calls
that the engine of the day flagged and half from the others, by fifths of its score, and labelled from the text before
anybody looked at an assessment. The second reader knew nothing of the first one's labels. Set 1 showed classes of
mistakes, which were mended; set 2 was kept for the answer. No line is kept here and none was trained on.
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
    reader: str
    call: str
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
        Line(row["set"], row["reader"], row["call"], call["nature"], call["comments"], row["flag"] == "1",
             listed(row["needs"]), listed(row["dangers"]), row["sure"] == "1", each)
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


def agreement(one: list[Line], other: list[Line]) -> dict[str, float]:
    """How far two readers of the same lines agree, in the measures of the engine; kappa is of the flag."""
    pairs = list(zip(one, other, strict=True))
    if any(a.call != b.call for a, b in pairs):
        raise ValueError("the readers' lines are not in the same order")
    same = sum(a.flag is b.flag for a, b in pairs) / len(pairs)
    shares = [sum(row.flag for row in rows) / len(rows) for rows in (one, other)]
    chance = shares[0] * shares[1] + (1 - shares[0]) * (1 - shares[1])
    both = sum(a.flag and b.flag for a, b in pairs)
    met = sum(len(a.needs & b.needs) for a, b in pairs)
    needs = [sum(len(row.needs) for row in rows) for rows in (one, other)]
    return {
        "flag_kappa": round((same - chance) / (1 - chance), 4),
        "flag_f1": round(f1(both, sum(r.flag for r in one), sum(r.flag for r in other)), 4),
        "needs_f1": round(f1(met, *needs), 4),
        "dangers_same": round(sum(a.dangers == b.dangers for a, b in pairs) / len(pairs), 4),
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
        mine, second = ([r for r in rows if (r.set, r.reader) == (name, reader)] for reader in "12")
        result[f"set {name}"] = figures(mine)
        result[f"set {name}, where labels are sure"] = figures([row for row in mine if row.sure])
        result[f"set {name}, by the second reader"] = figures(second)
        result[f"set {name}, the readers"] = agreement(mine, second)
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

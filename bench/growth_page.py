"""The growth benchmark's numbers as a page with a picture."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.plot import plot

TEXT = Path(__file__).with_name("growth.md")
PLOTTED = ("list", "snapshot", "report, 28 days", "intake", "replay")
Stage = dict[str, Any]


def write(result: dict[str, Any], page: Path, times: int, kept_days: int) -> None:
    """The page, and its picture beside it."""
    stages, purge = result["stages"], result["purge"]
    text = TEXT.read_text(encoding="utf-8").format(
        calls=stages[-1]["calls"],
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        cores=os.cpu_count(),
        load=os.getloadavg()[2],
        python=platform.python_version(),
        size=stages[-1]["gigabytes"],
        times=times,
        table=_table(stages),
        rate=purge["calls_a_second"],
        blanked=f"{purge['calls_blanked']:,}",
        kept=kept_days,
        **purge["intake_ms"],
    )
    page.write_text(text, encoding="utf-8")
    lines = {
        name: [(stage["calls"] / 1_000_000, stage["ms"][name]["p50"]) for stage in stages] for name in PLOTTED
    }
    picture = plot("p50 of a database that grows", "million calls", "ms", lines)
    page.with_suffix(".svg").write_text(picture, encoding="utf-8")


def _table(stages: Sequence[Stage]) -> str:
    heads = ["", *(f"{stage['calls']:,} calls" for stage in stages), "all : tenth, p50", "p99"]
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    _, tenth, whole = (stage["ms"] for stage in stages)
    for name in whole:
        cells = [f"{stage['ms'][name]['p50']} / {stage['ms'][name]['p99']}" for stage in stages]
        ratios = [f"{whole[name][q] / max(tenth[name][q], 0.1):.2f}" for q in ("p50", "p99")]
        lines.append([name, *cells, *ratios])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

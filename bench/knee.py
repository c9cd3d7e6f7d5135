"""Where the service bends: the load of bench.ingest at rising rates, as a table and a plot in docs/.

python -m bench.knee --rates 50 100 150 200 250 300 350 400
"""

import argparse
import asyncio
from pathlib import Path
from typing import Any

import orjson
import uvloop
from rich.console import Console

from bench.ingest import measured, options_of, table
from bench.plot import plot
from bench.service import engines, serving

screen = Console(stderr=True)
DOCS = Path(__file__).parent.parent / "docs"
LIMIT = 150.0  # ms to the screen that a dispatcher does not notice


async def run_at(rate: float, seconds: float) -> dict[str, Any]:
    """One rate on fresh engines."""
    options = options_of(["--rate", str(rate), "--seconds", str(seconds), "--bare", "0"])
    async with engines() as running, serving(running, options.workers) as url:
        return {"rate": rate} | await measured(url, running, options)


async def benchmark(rates: list[float], seconds: float) -> list[dict[str, Any]]:
    """Every rate, until the service no longer keeps up."""
    results = []
    for rate in rates:
        results.append(await run_at(rate, seconds))
        screen.print(f"{rate:g} calls/s", table(results[-1]))
        if results[-1]["frame_p99_ms"] > 20 * LIMIT:
            break
    return results


def main() -> None:
    """Measure, print, draw."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.knee", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--rates", type=float, nargs="+", default=[50, 100, 150, 200, 250, 300, 350, 400, 450]
    )
    parser.add_argument("--seconds", type=float, default=20, help="of each rate (default 20)")
    parser.add_argument("--json", action="store_true", help="end with one JSON line, all rates")
    options = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        results = runner.run(benchmark(options.rates, options.seconds))
    lines = {
        name: [(result["rate"], result[key]) for result in results]
        for name, key in (
            ("answer, p99", "post_p99_ms"),
            ("screen, p50", "frame_p50_ms"),
            ("screen, p99", "frame_p99_ms"),
        )
    }
    drawn = plot(
        "From posting a call to its answer and to the consoles (2 cores)",
        "calls a second", "ms", lines, log=True, limit=(LIMIT, "150 ms"),
    )  # fmt: skip
    (DOCS / "knee.svg").write_text(drawn, encoding="utf-8")
    if options.json:
        print(orjson.dumps(results).decode())


if __name__ == "__main__":
    main()

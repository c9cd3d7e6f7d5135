"""All open calls at once: how good and how quick a plan is, with greedy and nearest-first beside it on the same boards.

    python -m bench.assignment --data alexandria_calls_2025_w35_w45.csv.gz --json

Boards of 40 calls and 60 units at random places, and boards cut from real logs where a path is given. On each: the gap
between what the board chose and the best of every set of units that the policy allows, not only of the few that it
looks at, proven by HiGHS without a limit; the price of greedy (each call in the order of urgency takes its best beside
those before it) and of nearest-first (each takes the set that is there first, of free units while there are any), in
the same weighed minutes. `plan` is what a planner does after one event: the event into the board, Board.plan, the
changed recommendations out: eligibility, sets, costs, all calls against each other, reasons. Reading the log and
committing are not in it. Then 400 calls and 600 units, and shards of them up to 4,000 and 6,000.
"""

import argparse
import gc
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

import orjson
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from api.serving import COLLECT
from bench.boards import NOON, Drawn, Running, Stream, read_texts, spatial
from bench.figures import milliseconds, quantile
from bench.plot import plot
from bench.rivals import STABILITY, best_of_every_set, others
from dispatch.assignment import assign

screen = Console(stderr=True)
SMALL, LARGE = (40, 60), (400, 600)
EVENTS = 20  # on each board
SIZES = ((20, 30), (40, 60), (100, 150), (200, 300))  # then centers of 400 calls and 600 units
WISHED = {
    "gap_p95": "<= 0.01",
    "plan_p99_ms": "<= 50",
    "large_ms": "<= 500",
    "large_gap": "<= 0.05",
    "greedy_ratio": ">= 1",
    "nearest_ratio": "> 1",
}

Step = Callable[[str], object]


class Took(NamedTuple):
    """Seconds of one piece of work."""

    wall: float  # as a dispatcher waits
    cpu: float  # as it would be with nothing else on the machine, nearly


class Size(NamedTuple):
    """What one board of a larger size says."""

    first: float
    assigned: float
    gap: float
    greedy: float  # seconds
    plans: list[Took]


class Board(NamedTuple):
    """What one board of the small size says."""

    gap: float  # to the best of every set
    greedy: float  # cost against ours
    nearest: float
    first: float  # seconds of the first plan, of everything
    assigned: float  # seconds of weighing all calls against each other
    plans: list[Took]  # after each event


def timed(work: Callable[[], object]) -> float:
    """Seconds on the wall, as a dispatcher waits."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measured(drawn: Drawn, seed: int) -> Board:
    """One board: quality from nothing, then events on it."""
    running = Running(drawn)
    first = timed(running.plan)
    answer, demands = running.board.assignment, list(running.board.demands)
    assigned = timed(lambda: assign(demands, STABILITY, time.monotonic))
    by_greedy, by_nearest = others(demands)
    gap = 1 - best_of_every_set(drawn).bound / answer.cost if answer.cost else 0.0
    plans = list(after_events(running, seed))
    return Board(max(0.0, gap), by_greedy / answer.cost, by_nearest / answer.cost, first, assigned, plans)


def after_events(running: Running, seed: int) -> Iterator[Took]:
    """The plan after each event; the planner's own answer is heard, and planned with, untimed."""
    chance = random.Random(seed)  # noqa: S311
    running.plan()
    for _ in range(EVENTS):
        began, cpu = time.perf_counter(), time.thread_time()
        running.event(chance)
        changes = running.board.plan(NOON)
        yield Took(time.perf_counter() - began, time.thread_time() - cpu)
        running.stand(changes)
        running.plan()


def sized(drawn: Drawn, seed: int) -> Size:
    """One board without the best of every set, for which it is too large."""
    running = Running(drawn)
    first = timed(running.plan)
    demands = list(running.board.demands)
    assigned = timed(lambda: assign(demands, STABILITY, time.monotonic))
    gap = running.board.assignment.gap
    return Size(first, assigned, gap, timed(lambda: others(demands)), list(after_events(running, seed)))


def small_figures(boards: dict[str, list[Drawn]], step: Step) -> dict[str, Any]:
    """All boards of 40 calls and 60 units together, and each kind by itself."""
    found: dict[str, list[Board]] = {name: [] for name in boards}
    for name, drawn in boards.items():
        for seed, each in enumerate(drawn):
            step(f"40 calls, 60 units, {name}: {seed + 1} of {len(drawn)}")
            found[name].append(measured(each, seed))
    every = [board for kind in found.values() for board in kind]
    plans = [took for board in every for took in board.plans]
    return {
        "gap_p95": round(quantile([board.gap for board in every], 0.95), 5),
        "plan_p99_ms": milliseconds([took.wall for took in plans], 0.99),
        "greedy_ratio": round(mean(board.greedy for board in every), 4),
        "nearest_ratio": round(mean(board.nearest for board in every), 4),
        "boards": len(every),
        "gap_mean": round(mean(board.gap for board in every), 5),
        "gap_max": round(max(board.gap for board in every), 5),
        "plan_p50_ms": milliseconds([took.wall for took in plans], 0.5),
        "plan_cpu_p99_ms": milliseconds([took.cpu for took in plans], 0.99),
        "first_plan_p99_ms": milliseconds([board.first for board in every], 0.99),
        "assign_p50_ms": milliseconds([board.assigned for board in every], 0.5),
        "assign_p99_ms": milliseconds([board.assigned for board in every], 0.99),
        "kinds": {
            name: {
                "gap_p95": round(quantile([board.gap for board in kind], 0.95), 5),
                "plan_p99_ms": milliseconds([took.wall for board in kind for took in board.plans], 0.99),
                "greedy_ratio": round(mean(board.greedy for board in kind), 4),
                "nearest_ratio": round(mean(board.nearest for board in kind), 4),
            }
            for name, kind in found.items()
        },
    }


def large_figures(centers: int, step: Step) -> tuple[dict[str, Any], list[tuple[int, Size]]]:
    """400 calls and 600 units, so many times, and what leads up to them."""
    curve = []
    for calls, units in SIZES:
        step(f"{calls} calls, {units} units")
        curve.append((calls, sized(spatial(calls, units, 911), 911)))
    shards = []
    for seed in range(centers):
        step(f"400 calls, 600 units: center {seed + 1} of {centers}")
        shards.append(sized(spatial(*LARGE, seed), seed))
    for number in range(1, centers + 1):
        some = shards[:number]
        curve.append((number * LARGE[0], Size(
            sum(each.first for each in some), sum(each.assigned for each in some),
            max(each.gap for each in some), sum(each.greedy for each in some),
            [took for each in some for took in each.plans],
        )))  # fmt: skip
    plans = [took for each in shards for took in each.plans]
    return {
        "large_ms": milliseconds([took.wall for took in plans], 0.99),
        "large_gap": round(max(each.gap for each in shards), 5),
        "large_p50_ms": milliseconds([took.wall for took in plans], 0.5),
        "large_cpu_p99_ms": milliseconds([took.cpu for took in plans], 0.99),
        "large_assign_p50_ms": milliseconds([each.assigned for each in shards], 0.5),
        "large_assign_max_ms": milliseconds([each.assigned for each in shards], 1),
        "large_first_plan_ms": milliseconds([each.first for each in shards], 0.5),
    }, curve


def drawing(curve: list[tuple[int, Size]]) -> str:
    """Milliseconds against open calls."""
    return plot(
        "Open calls against each other; centers of 400 calls and 600 units beyond 400",
        "open calls",
        "ms",
        {
            "plan, p99": [
                (calls, quantile([took.wall for took in size.plans], 0.99) * 1000) for calls, size in curve
            ],
            "assign, all": [(calls, size.assigned * 1000) for calls, size in curve],
            "greedy, nearest": [(calls, size.greedy * 1000) for calls, size in curve],
            "first plan": [(calls, size.first * 1000) for calls, size in curve],
        },
        log=True,
        limit=(500, "500 ms"),
    )


def table(found: dict[str, Any]) -> Table:
    """The figures for people."""
    shown = Table(box=None, padding=(0, 2))
    for name in ("", "", "wished"):
        shown.add_column(name, justify="right" if name else "left")
    for name, value in found.items():
        if not isinstance(value, dict):
            shown.add_row(name, f"{value:,}", WISHED.get(name, ""))
    for name, kind in found["kinds"].items():
        shown.add_row(name, ", ".join(f"{key} {value:,}" for key, value in kind.items()), "")
    return shown


def drawn_boards(number: int, paths: list[Path], step: Step) -> dict[str, list[Drawn]]:
    """So many boards of each kind."""
    step("reading our texts")
    read_texts()
    boards = {"random places": [spatial(*SMALL, seed) for seed in range(number)]}
    for path in paths:
        step(f"reading {path.name}")
        stream = Stream(path)
        boards[stream.name] = [stream.cut(*SMALL, seed) for seed in range(number)]
    return boards


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.assignment",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="logs to cut boards from (csv.gz)")
    parser.add_argument("--boards", type=int, default=40, help="of each kind (default 40)")
    parser.add_argument("--centers", type=int, default=10, help="of 400 calls and 600 units (default 10)")
    parser.add_argument("--plot", type=Path, help="write the curve there, as SVG")
    parser.add_argument("--json", action="store_true", help="end with one JSON line")
    options = parser.parse_args()
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        bar = progress.add_task("")

        def step(what: str) -> None:
            progress.update(bar, description=what)

        boards = drawn_boards(options.boards, options.data, step)
        gc.collect()  # as the service does once it has started
        gc.freeze()
        gc.set_threshold(*COLLECT)
        found = small_figures(boards, step)
        large, curve = large_figures(options.centers, step)
    found |= large
    screen.print(table(found))
    if options.plot:
        options.plot.write_text(drawing(curve))
    if options.json:
        print(orjson.dumps(found).decode())


if __name__ == "__main__":
    main()

"""How list, snapshot, report, intake and replay stand up to a database that grows.

    python -m bench.growth --calls 5000000 --json

Three databases, equal but for their past: none, a tenth of the calls, all of them. A hundred centers, ten of which take
half of the calls, at a fixed pace: a larger database is a longer past, not a busier city. One of the ten is asked, with
40 calls on its board, through a `tandem serve` for each database, one request after the other and in turns. Then the
words of the older half are purged while calls come in. PostgreSQL, Redis, services and client share the machine.
"""

import argparse
import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from api.embedded import Engines
from api.security import add_token
from bench import growth_page
from bench.asking import REPLAYED, TIMES, Asked, Who, asking, fill_board, read, take_calls
from bench.city import Calls, Center, Texts, settle
from bench.figures import milliseconds
from bench.history import LOG_DAYS, PER_DAY, Span, prepare, write_history
from bench.service import engines, serving
from models.store.database import connect, open_pool

screen = Console(stderr=True)
CENTERS, BUSY = 100, 10
WARM = 50  # requests before anything counts: connections, plans and caches as they are in the long run
SETTLE = 5.0  # seconds a service that was just started takes over its centers
PURGE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Place:
    """One database with its past, in engines of its own."""

    calls: int
    gigabytes: float
    running: Engines
    who: Who


async def grown(calls: int) -> dict[str, Any]:
    """The whole run."""
    stream = Calls([Center("", busy=True, cad="", console="")], Texts.load())
    async with AsyncExitStack() as stack:
        places = [await _made(stack, size, stream) for size in (0, calls // 10, calls)]
        seconds: list[dict[str, list[float]]] = [{} for _ in places]
        for what, work in (("reads", read), ("intake", partial(take_calls, calls=stream))):
            # services that were just started, with rings that know nothing yet: a replay reads the database
            async with _asked(places) as all_asked:
                await asyncio.sleep(SETTLE)
                await work(all_asked, times=WARM)
                for asked in all_asked:
                    asked.seconds.clear()
                screen.print(f"Asking: {what}")
                await work(all_asked, times=TIMES)
            for kept, asked in zip(seconds, all_asked, strict=True):
                kept.update(asked.seconds)
        purge = await _purged(places[-1], stream, max(1, round(calls / PER_DAY / 2)))
    stages = [
        {
            "calls": place.calls,
            "gigabytes": place.gigabytes,
            "ms": {n: _quantiles(s) for n, s in times.items()},
        }
        for place, times in zip(places, seconds, strict=True)
    ]
    return {"stages": stages, "purge": purge}


async def _made(stack: AsyncExitStack, calls: int, stream: Calls) -> Place:
    running = await stack.enter_async_context(engines())
    centers = await settle(running.postgres, CENTERS, BUSY)
    async with open_pool(running.postgres, 1) as pool:
        who = Who(centers[0], await add_token(pool, centers[0].id, "council", "manager"))
    async with serving(running, 1) as url, asking([(url, who)]) as (asked,):
        await fill_board(asked, stream)
        await take_calls([asked], stream, times=REPLAYED // 2)  # a beginning: each is taken and closed
    return Place(calls, await _written(running, calls), running, who)


async def _written(running: Engines, size: int) -> float:
    """Write the past, then do what autovacuum would have done by then; the database's gigabytes."""
    columns = (TextColumn("Writing the past"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    connection = await connect(running.postgres)
    try:
        if size:
            await prepare(connection)
            with Progress(*columns, console=screen) as bar:
                task = bar.add_task("", total=size)
                span = Span(size, datetime.now(UTC))
                await write_history(connection, span, CENTERS, BUSY, lambda n: bar.advance(task, n))
        await connection.execute("vacuum (analyze)", timeout=3600)
        await connection.execute("checkpoint", timeout=3600)
        await asyncio.to_thread(os.sync)  # the disk is quiet before anything is measured
        octets: int = await connection.fetchval("select pg_database_size(current_database())")
        return round(octets / 2**30, 1)
    finally:
        await connection.close()


@asynccontextmanager
async def _asked(places: Sequence[Place]) -> AsyncIterator[list[Asked]]:
    """A service for each database, and somebody who asks it."""
    async with AsyncExitStack() as stack:
        urls = [await stack.enter_async_context(serving(place.running, 1)) for place in places]
        yield await stack.enter_async_context(asking((u, p.who) for u, p in zip(urls, places, strict=True)))


def _quantiles(seconds: Sequence[float]) -> dict[str, float]:
    return {"p50": milliseconds(seconds, 0.5), "p99": milliseconds(seconds, 0.99)}


async def _purged(place: Place, stream: Calls, days: int) -> dict[str, Any]:
    """Calls that come in while the words of old ones go, and how fast these go."""
    screen.print(f"Purging words older than {days} days while calls come in")
    async with open_pool(place.running.postgres, 1) as pool:
        await pool.execute("update retention set days = $1", days)
    async with _asked([place]) as (asked,):
        began = time.perf_counter()
        while time.perf_counter() - began < PURGE_SECONDS:
            await take_calls([asked], stream, times=20)
        told = (await asked.client.get("/metrics", place.who.manager)).body.decode()
        taken = time.perf_counter() - began
    found = re.search(r'^tandem_retention_total\{what="words_of_call"\} (\S+)', told, re.MULTILINE)
    blanked = int(float(found[1])) if found else 0
    return {
        "calls_blanked": blanked,
        "calls_a_second": round(blanked / taken),
        "intake_ms": _quantiles(asked.seconds["intake"]),
    }


def table(stages: Sequence[dict[str, Any]]) -> Table:
    """The numbers as people read them."""
    shown = Table(title="Milliseconds, p50 / p99, by calls in the database")
    shown.add_column("asked")
    for head in (*(f"{stage['calls']:,}" for stage in stages), "p50 all : tenth", "p99 all : tenth"):
        shown.add_column(head, justify="right")
    _, tenth, whole = (stage["ms"] for stage in stages)
    for name in whole:
        cells = [f"{stage['ms'][name]['p50']} / {stage['ms'][name]['p99']}" for stage in stages]
        ratios = [f"{whole[name][q] / max(tenth[name][q], 0.1):.2f}" for q in ("p50", "p99")]
        shown.add_row(name, *cells, *ratios)
    return shown


def main() -> int:
    """Measure, print a table, end with a line of JSON where asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=200_000, help="calls of the past (200000)")
    parser.add_argument("--page", type=Path, help="write the numbers as this page, and a picture beside it")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    asked = parser.parse_args()
    with suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        result = runner.run(grown(asked.calls))
        screen.print(table(result["stages"]))
        screen.print("Purge:", result["purge"])
        if asked.page:
            growth_page.write(result, asked.page, TIMES, LOG_DAYS)
        if asked.json:
            print(orjson.dumps(result).decode())
        return 0
    return 130


if __name__ == "__main__":
    sys.exit(main())

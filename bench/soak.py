"""Calls at a steady rate for long, while one thing after the other goes wrong: nothing is lost, no memory grows.

    python -m bench.soak --minutes 70 --json        (make soak)

Two workers, embedded engines, a CAD that sends each request again until it is acknowledged, and a console for every
busy center. In rotation a worker is killed, Redis is wiped, PostgreSQL is restarted and a console stops reading; well
before the second half worker 0 and PostgreSQL are left running, so that their memory is one long line. At the end every
acknowledged call has to be there once and assessed, every log without a gap, every console as the server has it.
Writes soak.md and soak.svg.
"""

import argparse
import asyncio
import os
import statistics
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import uvloop
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from api.embedded import Engines
from bench.city import Calls, Center, Texts, settle
from bench.harm import Harm
from bench.http import Client
from bench.ingest import GAPS, table
from bench.insist import Cad
from bench.memory import by_role, growth
from bench.panels import Panel, svg
from bench.service import engines, serving
from bench.watch import Watcher, watching

screen = Console(stderr=True)
LIMIT = 32.0  # megabytes that a process may grow in a million calls
ENOUGH = 300_000  # calls below which the second half is too short to tell growth from noise
SPARED = 0.4  # of the run, from which on these are not ended: by half of it they hold what they will hold
MEASURED = ("worker 0", "parent", "postgres", "redis")  # what is not ended in the second half

LOST = """
select count(*) from unnest($1::uuid[]) as acknowledged (id)
where not exists (select from call c where c.id = acknowledged.id and c.assessed_version >= c.text_version)
"""

KEPT = "select count(*) from call where center_id = any($1::text[])"  # the service's own canary posts too


@dataclass(slots=True)
class Course:
    """What was seen each second: seconds since the beginning, calls acknowledged, megabytes by part."""

    began: float
    seconds: list[tuple[float, int, dict[str, float]]] = field(default_factory=list)

    def line(self, part: str) -> list[tuple[float, float]]:
        """Minutes and megabytes of one part."""
        return [(at / 60, memory[part]) for at, _, memory in self.seconds if part in memory]

    def pace(self) -> list[tuple[float, float]]:
        """Minutes and calls acknowledged a second."""
        pairs = zip(self.seconds, self.seconds[1:], strict=False)
        return [(b[0] / 60, (b[1] - a[1]) / (b[0] - a[0])) for a, b in pairs]

    def grows(self, part: str) -> float:
        """Megabytes a million calls over the second half, through the medians of each half minute."""
        half = self.seconds[len(self.seconds) // 2 :]
        seen = [(calls / 1e6, memory[part]) for _, calls, memory in half if part in memory]
        groups = [seen[at : at + 30] for at in range(0, len(seen), 30)]
        return growth(
            [(statistics.median(x for x, _ in g), statistics.median(y for _, y in g)) for g in groups]
        )


async def soak(options: argparse.Namespace) -> dict[str, Any]:
    """The whole run; its figures."""
    os.environ["TANDEM_RING"] = str(options.ring)
    async with engines() as running, serving(running, options.workers, ("error",)) as url:
        centers = await settle(running.postgres, options.centers, options.busy)
        busy = [center for center in centers if center.busy]
        cad, harm = Cad(Client(url), Calls(centers, Texts.load())), Harm(url, running, busy[0], options.every)
        course = Course(asyncio.get_running_loop().time())
        async with watching(url, busy) as watchers:
            tasks = [asyncio.create_task(harm.forever()), asyncio.create_task(watched(cad, course))]
            posting = asyncio.create_task(cad.post(options.rate, options.calls, options.until))
            await told(posting, cad, course, harm, options)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await cad.done()
            result = await verdict(running, centers, cad, course, watchers)
    marks = [((at - course.began) / 60, what) for at, what in harm.done]
    result["faults"] = {what: [w for _, w in marks].count(what) for what in sorted({w for _, w in marks})}
    result["reconnected"] = sum(watcher.dialled for watcher in watchers) - len(watchers)
    result["resyncs"] = sum(watcher.resyncs for watcher in watchers)
    publish(options.out, result, course, marks)
    return result


async def watched(cad: Cad, course: Course) -> None:
    """Look at every process once a second until cancelled."""
    while True:
        memory = await asyncio.to_thread(by_role, os.getpid())
        course.seconds.append((asyncio.get_running_loop().time() - course.began, cad.acknowledged, memory))
        await asyncio.sleep(1)


async def told(
    posting: "asyncio.Task[None]", cad: Cad, course: Course, harm: Harm, options: argparse.Namespace
) -> None:
    """Progress while calls are posted."""
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=screen, disable=not screen.is_terminal) as progress:
        bar = progress.add_task("", total=1.0)
        while not posting.done():
            await asyncio.wait({posting}, timeout=1)
            passed = (asyncio.get_running_loop().time() - course.began) / (options.minutes * 60)
            part = max(passed, cad.acknowledged / options.calls)
            if part >= SPARED:
                harm.spare.set()
            memory = course.seconds[-1][2] if course.seconds else {}
            sizes = ", ".join(f"{name} {size:.0f} MB" for name, size in sorted(memory.items()))
            last = harm.done[-1][1] if harm.done else "no fault yet"
            progress.update(bar, completed=part, description=f"{cad.acknowledged:,} calls; {sizes}; {last}")
    await posting


async def verdict(
    running: Engines, centers: list[Center], cad: Cad, course: Course, watchers: list[Watcher]
) -> dict[str, Any]:
    """What is lost and what has grown."""
    connection = await asyncpg.connect(running.postgres)
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(60):
                while lost := await connection.fetchval(LOST, cad.ids()):
                    await asyncio.sleep(1)
        lost = await connection.fetchval(LOST, cad.ids())
        kept = await connection.fetchval(KEPT, [center.id for center in centers])
        gaps = await connection.fetchval(GAPS)
    finally:
        await connection.close()
    agree = [await watcher.agrees() for watcher in watchers]
    grown = {part: round(course.grows(part), 1) for part in MEASURED if course.line(part)}
    long = cad.acknowledged >= ENOUGH
    return {
        "calls": cad.acknowledged,
        "minutes": round(course.seconds[-1][0] / 60, 1),
        "lost": lost,
        "twice": kept - cad.posted,
        "gaps": gaps,
        "consoles": len(agree),
        "consoles_that_disagree": agree.count(False),
        "refused_for_good": len(cad.failed),
        "sent_again": dict(cad.refused),
        "megabytes": {name: round(size, 1) for name, size in sorted(course.seconds[-1][2].items())},
        "megabytes_a_million_calls": grown,
        "memory": ("flat" if max(grown.values()) < LIMIT else "grows") if long else "too short to tell",
    }


def publish(folder: Path, result: dict[str, Any], course: Course, marks: list[tuple[float, str]]) -> None:
    """The figures and the plot, for people."""
    parts = sorted({part for _, _, memory in course.seconds for part in memory})
    memory = Panel("Memory in MB; faults are dotted", {part: course.line(part) for part in parts})
    pace = Panel("Calls acknowledged a second", {"calls/s": course.pace()})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "soak.svg").write_text(svg([memory, pace], marks), encoding="utf-8")
    rows = "\n".join(f"| {name.replace('_', ' ')} | {plain(value)} |" for name, value in result.items())
    (folder / "soak.md").write_text(REPORT.format(rows=rows, limit=LIMIT, enough=ENOUGH), encoding="utf-8")


def plain(value: Any) -> str:
    """A figure as people read it."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {plain(each)}" for name, each in value.items()) or "none"
    return f"{value:,}" if isinstance(value, int) else str(value)


REPORT = """# Soak

Written by `make soak`: two workers, PostgreSQL, Redis, the CAD and the consoles on one machine, calls at a steady rate,
and faults in rotation: a worker killed, Redis wiped, PostgreSQL restarted, a console that stops reading. Well before
the second half worker 0 and PostgreSQL are left running, so that their memory can be followed. A part of the service
may grow by {limit:g} MB in a million calls at the most, projected from the second half; runs of less than {enough:,}
calls are too short to tell. Memory is resident memory without PostgreSQL's shared buffers.

| | |
|---|---|
{rows}

![Memory and calls a second over the run](soak.svg)
"""


def options_of(words: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.soak", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=70, help="how long at the most (default 70)")
    parser.add_argument("--calls", type=int, default=1_000_000, help="or so many calls (default 1,000,000)")
    parser.add_argument("--rate", type=float, default=250, help="calls a second (default 250)")
    parser.add_argument("--every", type=float, default=45, help="seconds between two faults (default 45)")
    parser.add_argument("--workers", type=int, default=2, help="service processes (default 2)")
    parser.add_argument("--centers", type=int, default=100, help="centers (default 100)")
    parser.add_argument("--busy", type=int, default=10, help="of them busy and watched (default 10)")
    parser.add_argument("--ring", type=int, default=1_000, help="events kept a center (default 1,000)")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="where to write (default docs)")
    parser.add_argument("--json", action="store_true", help="end with one JSON line")
    options = parser.parse_args(words)
    options.until = time.perf_counter() + options.minutes * 60
    return options


def main() -> int:
    """Soak and say what came of it."""
    options = options_of(sys.argv[1:])
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        result = runner.run(soak(options))
    screen.print(table(result))
    if options.json:
        print(orjson.dumps(result).decode())
    wrong = ("lost", "twice", "gaps", "consoles_that_disagree", "refused_for_good")
    return 1 if any(result[name] for name in wrong) or result["memory"] == "grows" else 0


if __name__ == "__main__":
    sys.exit(main())

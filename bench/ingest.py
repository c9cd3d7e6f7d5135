"""Calls at a fixed rate into the whole service, and how long each takes to the answer and to the consoles.

    python -m bench.ingest --rate 300 --seconds 30 --json

Open loop: every request has its intended time, latency is counted from it, and nothing waits for anything. 100
centers, 10 of them busy and watched by 50 consoles; the share of flagged calls is a real log's; a third of the calls
get a remark after two seconds; every call is closed after eight, so that boards stay as they are. PostgreSQL, Redis,
the service and this client share the machine. The same statements from a bare FastAPI + asyncpg program are measured
in the same run.
"""

import argparse
import asyncio
import gc
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
import uvloop
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from api.embedded import Engines
from bench.bare import bare_per_second
from bench.city import Calls, Posting, Texts, settle
from bench.consoles import Seen, consoles
from bench.cpu import per_call, spent
from bench.figures import milliseconds
from bench.http import Answer, Client, dumped
from bench.service import engines, serving

screen = Console(stderr=True)
REMARK_AFTER, CLOSE_AFTER = 2.0, 8.0  # seconds
REMARKED = 1 / 3
WARM = (
    CLOSE_AFTER + 2
)  # seconds at the same rate before anything counts: until as many calls close as come in
SETTLE = 5.0  # seconds the last frames may take

GAPS = """
select count(*) from center_log l where seq <> (select count(*) from event e where e.center_id = l.center_id)
"""


@dataclass(slots=True)
class Call:
    """One call's times; `intended` counts, not when the client got round to it."""

    intended: float
    posting: Posting
    id: str = ""
    answered: float = 0.0
    counts: bool = True
    flagged: bool = False  # by its first words


@dataclass(slots=True)
class Run:
    """Everything that was measured."""

    calls: list[Call] = field(default_factory=list)
    others: list[float] = field(default_factory=list)  # seconds of remarks and closes
    late: list[float] = field(default_factory=list)  # seconds the client itself was late
    refused: list[str] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0


class Load:
    """Posts calls open-loop."""

    def __init__(self, client: Client, calls: Calls) -> None:
        self._client = client
        self._calls = calls
        self._tasks: set[asyncio.Task[None]] = set()
        self._chance = random.Random(988)  # noqa: S311 - a bench wants the same run every time
        self.run = Run()

    async def post_at(self, rate: float, seconds: float, *, counts: bool) -> None:
        """Post `rate` calls a second for so long."""
        began = time.perf_counter()
        for number in range(int(rate * seconds)):
            intended = began + number / rate
            if (ahead := intended - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            self._later(self._call(Call(intended, next(self._calls), counts=counts)))

    async def done(self) -> None:
        """Wait for what is still under way, remarks and closes too."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _later(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _call(self, call: Call) -> None:
        self.run.late.append(time.perf_counter() - call.intended)
        token, body = call.posting.center.cad, dumped(call.posting.body)
        answer = await self._sent("/v1/calls", token, body, 201)
        if answer is None:
            return
        call.answered = time.perf_counter()
        told = orjson.loads(answer.body)
        call.id, call.flagged = told["call"]["id"], told["assessment"]["flag"]
        self.run.calls.append(call)
        if self._chance.random() < REMARKED:
            text = dumped({"text": call.posting.later, "author": "CT1"})
            self._later(
                self._other(call.intended + REMARK_AFTER, f"/v1/calls/{call.id}/entries", token, text)
            )
        self._later(self._other(call.intended + CLOSE_AFTER, f"/v1/calls/{call.id}/close", token, b"{}"))

    async def _other(self, intended: float, path: str, token: str, body: bytes) -> None:
        await asyncio.sleep(max(0.0, intended - time.perf_counter()))
        if await self._sent(path, token, body, 200) is not None:
            self.run.others.append(time.perf_counter() - intended)

    async def _sent(self, path: str, token: str, body: bytes, status: int) -> Answer | None:
        try:
            answer = await self._client.post(path, token, body, uuid4().hex)
        except OSError as fault:
            self.run.refused.append(type(fault).__name__)
            return None
        if answer.status == status:
            return answer
        self.run.refused.append(f"{answer.status} {answer.body[:200]!r}")
        return None


async def measured(url: str, running: Engines, options: argparse.Namespace) -> dict[str, Any]:
    """One run at one rate; the figures."""
    centers = await settle(running.postgres, options.centers, options.busy)
    watched = [center for center in centers if center.busy]
    load = Load(Client(url), Calls(centers, Texts.load()))
    async with consoles(url, watched, options.consoles) as seen:
        await load.post_at(options.rate, WARM, counts=False)
        load.run.began, before = time.perf_counter(), spent()
        posting = asyncio.create_task(load.post_at(options.rate, options.seconds, counts=True))
        await shown(posting, load, options)
        load.run.ended, after = time.perf_counter(), spent()
        await load.done()
        await asyncio.sleep(SETTLE)
        lost = await lost_calls(running.postgres, load.run, seen)
    calls = int(options.rate * options.seconds)
    return figures(load.run, seen, lost) | {"cpu_ms_per_call": per_call(before, after, calls)}


async def shown(posting: "asyncio.Task[None]", load: Load, options: argparse.Namespace) -> None:
    """Progress while calls are posted."""
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        bar = progress.add_task(f"{options.rate:g} calls/s", total=options.seconds)
        while not posting.done():
            await asyncio.wait({posting}, timeout=0.5)
            last = [c.answered - c.intended for c in load.run.calls[-int(options.rate) :]]
            said = f"{options.rate:g} calls/s, p99 of the last second {milliseconds(last, 0.99)} ms"
            progress.update(bar, completed=time.perf_counter() - load.run.began, description=said)
    await posting


async def lost_calls(postgres: str, run: Run, seen: list[Seen]) -> int:
    """Acknowledged calls that are not in the database, not assessed, or missing on a console that should show them."""
    connection = await asyncpg.connect(postgres)
    try:
        kept = await connection.fetch("select id::text from call where assessed_version >= text_version")
        gaps = await connection.fetchval(GAPS)
    finally:
        await connection.close()
    there = {row["id"] for row in kept}
    lost = {call.id for call in run.calls if call.id not in there}
    for console in seen:
        mine = (call for call in run.calls if call.posting.center.id == console.center.id)
        lost |= {call.id for call in mine if call.id not in console.taken}
    said = [word for console in seen for word in console.said]
    if lost or gaps or said:
        unread = sum(call.id not in there for call in run.calls)
        screen.print(
            f"Lost: {len(lost)} calls, {unread} of them not kept or not read, {gaps} logs with gaps",
            *said[:9],
        )
    return len(lost) + int(gaps) + len(said)


def figures(run: Run, seen: list[Seen], lost: int) -> dict[str, Any]:
    """What the run comes to."""
    counted = [call for call in run.calls if call.counts]
    when = {call.id: call.intended for call in counted}
    posts = [call.answered - call.intended for call in counted]
    frames = [at - when[i] for console in seen for i, at in console.taken.items() if i in when]
    flagged = {call.id for call in counted if call.flagged}
    plans = [at - when[i] for console in seen for i, at in console.proposed.items() if i in flagged]
    spent = max((call.answered for call in counted), default=run.ended) - run.began
    return {
        "calls_per_s": round(len(counted) / max(spent, run.ended - run.began), 1),
        "requests_per_s": round((len(run.calls) + len(run.others)) / (spent + WARM), 1),
        "post_p50_ms": milliseconds(posts, 0.5),
        "post_p99_ms": milliseconds(posts, 0.99),
        "frame_p50_ms": milliseconds(frames, 0.5),
        "frame_p99_ms": milliseconds(frames, 0.99),
        "plan_p50_ms": milliseconds(plans, 0.5),
        "plan_p99_ms": milliseconds(plans, 0.99),
        "other_p99_ms": milliseconds(run.others, 0.99),
        "client_late_p99_ms": milliseconds(run.late, 0.99),
        "frames": sum(console.frames for console in seen),
        "refused": len(run.refused),
        "lost": lost,
        "said": run.refused[:3],
    }


async def benchmark(options: argparse.Namespace) -> dict[str, Any]:
    """The service, then the bare program, on the same engines."""
    async with engines() as running:
        async with serving(running, options.workers) as url:
            result = await measured(url, running, options)
        if options.bare:
            bare = await bare_per_second(running, options.workers, options.bare)
            result |= {"bare_per_s": bare, "ratio": round(result["calls_per_s"] / bare, 3)}
    return result


def table(result: dict[str, Any]) -> Table:
    """The figures as people read them."""
    rows = Table(box=None, show_header=False, padding=(0, 2))
    for name, value in result.items():
        rows.add_row(name, str(value))
    return rows


def options_of(words: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.ingest",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rate", type=float, default=300, help="calls a second (default 300)")
    parser.add_argument(
        "--seconds", type=float, default=30, help="how long, after 10 s of warming up (default 30)"
    )
    parser.add_argument("--workers", type=int, default=2, help="service processes (default 2)")
    parser.add_argument("--centers", type=int, default=100, help="centers (default 100)")
    parser.add_argument("--busy", type=int, default=10, help="of them busy and watched (default 10)")
    parser.add_argument("--consoles", type=int, default=50, help="consoles on the busy ones (default 50)")
    parser.add_argument(
        "--bare", type=float, default=8, help="seconds for the bare program, 0 = leave it out"
    )
    parser.add_argument("--json", action="store_true", help="end with one JSON line")
    return parser.parse_args(words)


def main() -> None:
    """Measure and print."""
    options = options_of(sys.argv[1:])
    gc.disable()  # a pause of the client's own, a fifth of a second, would be counted as the service's
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        result = runner.run(benchmark(options))
    screen.print(table(result))
    if options.json:
        print(orjson.dumps(result).decode())


if __name__ == "__main__":
    main()

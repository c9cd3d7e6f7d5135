"""The faults of a soak, one after the other: a worker killed, Redis wiped, PostgreSQL restarted, a console stalled."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count

from redis.asyncio import Redis
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from api.embedded import Engines
from bench.city import Center
from bench.memory import family, role_of

STALLED = 30.0  # seconds that a console takes nothing


@dataclass(slots=True)
class Harm:
    """Does what goes wrong in a year within an hour. From `spare` on, what memory is measured of is left running."""

    url: str
    engines: Engines
    watched: Center
    every: float
    spare: asyncio.Event = field(default_factory=asyncio.Event)
    done: list[tuple[float, str]] = field(default_factory=list)  # loop time and what

    async def forever(self) -> None:
        """One fault after the other until cancelled."""
        faults: tuple[Callable[[], Awaitable[str]], ...] = (
            self._kill_worker, self._wipe_redis, self._restart_postgres, self._stall_console,
        )  # fmt: skip
        for turn in count():
            await asyncio.sleep(self.every)
            at = asyncio.get_running_loop().time()
            if what := await faults[turn % len(faults)]():
                self.done.append((at, what))

    async def _kill_worker(self) -> str:
        number = 1 if self.spare.is_set() else sum("worker" in what for _, what in self.done) % 2
        _kill(f"worker {number}", signal.SIGKILL)
        return f"worker {number} killed"

    async def _wipe_redis(self) -> str:
        if self.engines.redis is None:
            return ""
        async with Redis.from_url(self.engines.redis) as redis:
            await redis.flushall()
        return "Redis wiped"

    async def _restart_postgres(self) -> str:
        if self.spare.is_set():
            return ""
        _kill("postgres", signal.SIGINT)  # its keeper starts it again
        return "PostgreSQL restarted"

    async def _stall_console(self) -> str:
        where = f"{self.url.replace('http', 'ws')}/v1/console/feed"
        headers = {"Authorization": f"Bearer {self.watched.console}"}
        try:
            async with connect(where, additional_headers=headers, max_size=2**26, close_timeout=1) as console:
                console.transport.pause_reading()
                await asyncio.sleep(STALLED)
                console.transport.abort()
        except (OSError, WebSocketException):
            return ""
        return "console stalled"


def _kill(role: str, number: signal.Signals) -> None:
    """Signal the first process of a role; of PostgreSQL's the one that started the others."""
    for process, words in family(os.getpid()).items():
        if role_of(words) == role and not words[0].endswith(":"):
            os.kill(process, number)
            return

"""Consoles that dial again whenever they are cut off, and must show at the end what the server shows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import orjson
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from bench.city import Center
from bench.http import Client
from tests.console import Screen


@dataclass(slots=True)
class Watcher:
    """One center's console: every event applied, each the next of the log."""

    url: str
    center: Center
    http: Client
    screen: Screen
    dialled: int = 0
    resyncs: int = 0

    async def forever(self) -> None:
        """Listen until cancelled; raises AssertionError at a gap."""
        while True:
            with suppress(OSError, WebSocketException):
                await self._listen()
            await asyncio.sleep(0.2)

    async def _listen(self) -> None:
        where = f"/v1/console/feed?epoch={self.screen.epoch}&after={self.screen.seq}"
        headers = {"Authorization": f"Bearer {self.center.console}"}
        address = self.url.replace("http", "ws") + where
        async with connect(
            address, additional_headers=headers, max_size=2**26, compression=None, close_timeout=1
        ) as socket:
            self.dialled += 1
            async for frame in socket:
                for event in orjson.loads(frame):
                    if event["type"] == "resync":
                        self.resyncs += 1
                        self.screen = await shown(self.http, self.center)
                    elif event["type"] != "heartbeat":
                        self.screen.apply(event)

    async def agrees(self) -> bool:
        """Whether it comes to show what the server shows; asked once nothing is told any more."""
        server = await shown(self.http, self.center)
        for _ in range(100):
            if self.screen.seq >= server.seq:
                break
            await asyncio.sleep(0.1)
        return (self.screen.seq, self.screen.digest()) == (server.seq, server.digest())


async def shown(http: Client, center: Center) -> Screen:
    """The server's snapshot; asked again where nobody answers."""
    while True:
        with suppress(OSError):
            answer = await http.get("/v1/console/snapshot", center.console)
            if answer.status == 200:
                return Screen.of(orjson.loads(answer.body))
        await asyncio.sleep(0.2)


@asynccontextmanager
async def watching(url: str, centers: list[Center]) -> AsyncIterator[list[Watcher]]:
    """One console for each of these centers."""
    http = Client(url, 8)
    watchers = [Watcher(url, center, http, await shown(http, center)) for center in centers]
    tasks = [asyncio.create_task(watcher.forever()) for watcher in watchers]
    try:
        yield watchers
        for task in tasks:
            if task.done():
                task.result()  # raises the gap it met
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        http.close()

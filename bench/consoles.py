"""Consoles that listen as a browser does and note when each call's frame came in."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import orjson
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from bench.city import Center
from bench.http import Client


@dataclass(slots=True)
class Seen:
    """What one console saw, by call id: `loop.time()` of its first frame and of its first proposal."""

    center: Center
    taken: dict[str, float] = field(default_factory=dict)
    proposed: dict[str, float] = field(default_factory=dict)
    frames: int = 0
    seq: int = 0
    said: list[str] = field(default_factory=list)  # resyncs, gaps and closed sockets: none is wanted

    def take(self, frame: bytes, at: float) -> None:
        """One frame: an array of events, each the next of the log."""
        self.frames += 1
        for event in orjson.loads(frame):
            kind = event["type"]
            if kind == "heartbeat":
                continue
            if kind == "resync":
                self.said.append("resync")
                continue
            if event["seq"] != self.seq + 1:
                self.said.append(f"{event['seq']} after {self.seq}")
            self.seq = event["seq"]
            if kind == "call.taken.v1":
                self.taken.setdefault(event["call"]["id"], at)
            elif kind == "pairing.proposed.v1":
                self.proposed.setdefault(event["call"]["id"], at)


async def _listen(url: str, seen: Seen, http: Client, listening: asyncio.Event) -> None:
    snapshot = orjson.loads((await http.get("/v1/console/snapshot", seen.center.console)).body)
    seen.seq = snapshot["seq"]
    where = f"{url.replace('http', 'ws')}/v1/console/feed?epoch={snapshot['epoch']}&after={seen.seq}"
    headers = {"Authorization": f"Bearer {seen.center.console}"}
    async with connect(where, additional_headers=headers, max_size=2**26, compression=None) as socket:
        listening.set()
        try:
            while True:
                frame = await socket.recv(decode=False)
                seen.take(frame, time.perf_counter())
        except ConnectionClosed as fault:
            seen.said.append(repr(fault))


@asynccontextmanager
async def consoles(url: str, centers: list[Center], number: int) -> AsyncIterator[list[Seen]]:
    """So many consoles spread over these centers, all listening."""
    http = Client(url, 8)
    seen = [Seen(centers[at % len(centers)]) for at in range(number)]
    ready = [asyncio.Event() for _ in seen]
    tasks = [
        asyncio.create_task(_listen(url, each, http, event)) for each, event in zip(seen, ready, strict=True)
    ]
    try:
        async with asyncio.timeout(60):
            while not all(event.is_set() for event in ready):
                for task in tasks:
                    if task.done():
                        task.result()  # raises what went wrong
                await asyncio.sleep(0.05)
        yield seen
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        http.close()

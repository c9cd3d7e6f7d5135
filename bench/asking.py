"""What is asked of services whose databases differ in size only, in turns, and how long each answer takes.

Turns, because the machine has other work: whatever slows it down slows all of them down.
"""

import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TypeVar

import orjson

from bench.city import Calls, Center
from bench.http import Answer, Client, dumped

TIMES = 300  # requests of each kind to each service
REPLAYED = 500  # events
OPEN = 40  # calls that stay on the board
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Who:
    """The center that is asked, with its tokens."""

    center: Center
    manager: str


@dataclass(slots=True)
class Asked:
    """One service, and seconds by what it was asked."""

    client: Client
    who: Who
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    async def get(self, name: str, path: str, token: str) -> bytes:
        """One read."""
        return await self._timed(name, 200, lambda: self.client.get(path, token))

    async def take(self, body: bytes, key: str) -> None:
        """One call, closed again at once so that the board stays as it is."""
        cad = self.who.center.cad
        answer = await self._timed("intake", 201, lambda: self.client.post("/v1/calls", cad, body, key))
        await self.client.post(f"/v1/calls/{orjson.loads(answer)['call']['id']}/close", cad, b"")

    async def _timed(self, name: str, status: int, request: Callable[[], Awaitable[Answer]]) -> bytes:
        began = time.perf_counter()
        answer = await request()
        taken = time.perf_counter() - began
        if answer.status != status:  # its time would mean nothing
            raise SystemExit(f"{name} answered {answer.status}: {answer.body[:300]!r}")
        self.seconds[name].append(taken)
        return answer.body


@asynccontextmanager
async def asking(services: Iterable[tuple[str, Who]]) -> AsyncIterator[list[Asked]]:
    """One connection to each service."""
    asked = [Asked(Client(url, 1), who) for url, who in services]
    try:
        yield asked
    finally:
        for one in asked:
            one.client.close()


async def fill_board(asked: Asked, calls: Calls) -> None:
    """Open calls that stay."""
    for posting in islice(calls, OPEN):
        await asked.client.post("/v1/calls", asked.who.center.cad, dumped(posting.body))


async def take_calls(asked: Sequence[Asked], calls: Calls, times: int) -> None:
    """The same calls to each service, in turns."""
    for turn, posting in enumerate(islice(calls, times)):
        body, key = dumped(posting.body), str(posting.body["external_id"])
        for one in in_turn(asked, turn):
            await one.take(body, key)


async def read(asked: Sequence[Asked], times: int) -> None:
    """Every read that could grow with what is stored, in turns."""
    paths = [await _paths(one) for one in asked]
    for turn in range(times):
        for name in paths[0]:
            for at in in_turn(range(len(asked)), turn):
                await asked[at].get(name, *paths[at][name])


def in_turn(items: Sequence[T], turn: int) -> list[T]:
    """Each begins as often as the others."""
    begin = turn % len(items)
    return [*items[begin:], *items[:begin]]


async def _paths(asked: Asked) -> Mapping[str, tuple[str, str]]:
    """Path and token by what is asked."""
    who, now = asked.who, datetime.now(UTC)
    cad, console = who.center.cad, who.center.console
    before = (now - timedelta(days=14)).strftime("%Y-%m-%dT%H:%M:%SZ")
    board = orjson.loads((await asked.client.get("/v1/console/snapshot", console)).body)
    listed = orjson.loads((await asked.client.get("/v1/calls?state=closed&limit=500", cad)).body)["calls"]
    after = max(0, board["seq"] - REPLAYED)
    return {
        "list": ("/v1/calls", cad),
        "list, open": ("/v1/calls?state=open", cad),
        "list, two weeks ago": (f"/v1/calls?before={before}", cad),
        "one call": (f"/v1/calls/{listed[-1]['id']}", console),
        "snapshot": ("/v1/console/snapshot", console),
        "report, today": ("/v1/reports/diversion", who.manager),
        "report, 28 days": (f"/v1/reports/diversion?first={(now - timedelta(27)).date()}", who.manager),
        "outcomes": ("/v1/outcomes?status=confirmed", who.manager),
        "decision feed": ("/v1/decisions", cad),
        "replay": (f"/v1/console/events?epoch={board['epoch']}&after={after}", console),
    }

"""A CAD that posts at a steady rate and sends again, under the same key, until each request is acknowledged."""

import asyncio
import random
import time
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import orjson

from bench.city import Calls, Posting
from bench.http import Client, dumped

REMARK_AFTER, CLOSE_AFTER = 2.0, 8.0  # seconds
REMARKED = 1 / 3
AGAIN = (0.2, 1.0)  # seconds before a request is sent again
MOST = 4_000  # calls that wait for their acknowledgement; beyond that the CAD waits too


class Cad:
    """Keeps sixteen bytes of each acknowledged call: the ledger of a million fits in memory."""

    def __init__(self, client: Client, calls: Calls) -> None:
        self._client = client
        self._calls = calls
        self._chance = random.Random(988)  # noqa: S311 - a bench wants the same run every time
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self.posted = 0
        self.ledger = bytearray()
        self.refused: Counter[str] = Counter()
        self.failed: list[str] = []  # requests that were refused for good: none is wanted

    @property
    def acknowledged(self) -> int:
        """Calls that the service has answered for."""
        return len(self.ledger) // 16

    def ids(self) -> list[UUID]:
        """The acknowledged calls."""
        return [UUID(bytes=bytes(self.ledger[at : at + 16])) for at in range(0, len(self.ledger), 16)]

    async def post(self, rate: float, calls: int, until: float) -> None:
        """Post so many calls, or until that time of perf_counter."""
        began = time.perf_counter()
        while self.posted < calls and time.perf_counter() < until:
            ahead = began + self.posted / rate - time.perf_counter()
            await asyncio.sleep(
                max(ahead, 0)
            )  # also when it is late: else nothing that was begun would ever run
            if self._waiting >= MOST:
                await asyncio.sleep(0.1)
                continue
            self.posted += 1
            self._waiting += 1
            self._later(self._call(next(self._calls)))

    async def done(self) -> None:
        """Wait until everything was acknowledged, remarks and closes too."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _later(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self.failed.append(repr(fault))

    async def _call(self, posting: Posting) -> None:
        token = posting.center.cad
        body = await self._insist("/v1/calls", token, dumped(posting.body))
        self._waiting -= 1
        call = orjson.loads(body)["call"]["id"]
        self.ledger += UUID(call).bytes
        if self._chance.random() < REMARKED:
            self._later(self._remark(call, token, posting.later))
        await asyncio.sleep(CLOSE_AFTER)
        await self._insist(f"/v1/calls/{call}/close", token, b"{}")

    async def _remark(self, call: str, token: str, text: str) -> None:
        await asyncio.sleep(REMARK_AFTER)
        await self._insist(f"/v1/calls/{call}/entries", token, dumped({"text": text, "author": "CT1"}))

    async def _insist(self, path: str, token: str, body: bytes) -> bytes:
        key = uuid4().hex
        while True:
            try:
                answer = await self._client.post(path, token, body, key)
            except OSError as fault:
                self.refused[type(fault).__name__] += 1
            else:
                if answer.status in (200, 201):
                    return answer.body
                self.refused[f"{answer.status} {orjson.loads(answer.body)['code']}"] += 1
                if answer.status != 503:
                    raise RuntimeError(answer.body[:300])
            await asyncio.sleep(self._chance.uniform(*AGAIN))

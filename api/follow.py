"""Fills the rings: one reader a process, from Redis while it is there, from PostgreSQL always."""

import asyncio
import time
from collections.abc import Iterable
from typing import Any

import orjson
import structlog
from redis.exceptions import RedisError

from api.desk import CANARY, Desk
from api.metrics import SCREEN_SECONDS
from api.relay import stream
from api.ring import Ring
from models.store.database import LOST, query

log = structlog.get_logger()
BATCH = 1_000
BLOCK_MS = 200
TRUST = 0.5  # seconds Redis may lag behind the log before PostgreSQL is read directly
COMPARE = 1.0  # seconds between looks whether this still is the same log
PROBE = 0.2  # seconds a Redis that was lost may take to show that it is back
RETRY = 3.0  # seconds without Redis before it is tried again
PACE = 0.01  # seconds between two reads of Redis at the least: what is told meanwhile is read together
CANARY_RING = 100  # events: the service's own console never falls behind by a day of self-tests


class Follower:
    """Reads each followed center's log once and appends it to the ring."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._redis_lost_at = 0.0
        self._checked = 0.0
        self._compared = 0.0
        self._owed: dict[str, int] = {}  # heads of the log that Redis has to have carried by now
        self._owed_since = 0.0
        self._lock = asyncio.Lock()

    async def ring(self, center: str) -> Ring:
        """The ring of a center, followed from now on."""
        async with self._lock:
            if center not in self._desk.rings:
                async with self._desk.pool.acquire() as connection:
                    epoch = await connection.fetchval(query("log_epoch"), center)
                    head = await connection.fetchval(query("log_head"), center)
                length = CANARY_RING if center == CANARY else self._desk.settings.ring
                self._desk.rings[center] = Ring(epoch, head, length)
        return self._desk.rings[center]

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._desk.committed["follower"].clear()
            try:
                await self._drop_rings_of_another_log()
                if self._redis_trusted():
                    await self._from_redis()
                else:
                    await self._from_postgres()
                    await self._pause()
            except RedisError as fault:
                self._lose_redis(fault)
            except LOST as fault:
                self._desk.degraded.add("postgres")
                log.warning("follower.lost", fault=type(fault).__name__)
                await asyncio.sleep(0.5)

    async def _drop_rings_of_another_log(self) -> None:
        """Once a second: a database that was restored or has failed over begins another log; consoles start anew.

        A log that ends before the ring does is another one too: a disk was set back under the same database.
        """
        if time.monotonic() - self._compared < COMPARE:
            return
        self._compared = time.monotonic()
        logs = {row["center_id"]: row for row in await self._desk.pool.fetch(query("logs"))}
        for center, ring in list(self._desk.rings.items()):
            found = logs.get(center)
            if found is None or found["epoch"] != ring.epoch or found["seq"] < ring.head:
                del self._desk.rings[center]
                ring.pulse()
                log.warning("log.another", center=center)

    def _redis_trusted(self) -> bool:
        return (
            self._desk.redis is not None
            and bool(self._desk.rings)
            and time.monotonic() - self._redis_lost_at > RETRY
        )

    def _lose_redis(self, fault: Exception) -> None:
        self._redis_lost_at = time.monotonic()
        if "redis" not in self._desk.degraded:
            log.warning("redis.lost", fault=type(fault).__name__)
        self._desk.degraded.add("redis")

    async def _pause(self) -> None:
        await self._desk.woken("follower", self._desk.settings.poll.total_seconds())

    async def _from_redis(self) -> None:
        if self._desk.redis is None:
            return
        cursors: dict[Any, Any] = {
            stream(c, ring.epoch): f"{ring.head}-0" for c, ring in self._desk.rings.items()
        }
        names = {stream(c, ring.epoch).encode(): c for c, ring in self._desk.rings.items()}
        # one that hangs must not hold up the feed each time it is tried again
        lost = "redis" in self._desk.degraded
        block, limit = (None, PROBE) if lost else (BLOCK_MS, BLOCK_MS / 1000 + TRUST)
        try:
            async with asyncio.timeout(limit):
                answer = await self._desk.redis.xread(cursors, count=BATCH, block=block)
        except TimeoutError as fault:
            raise RedisError("no answer in time") from fault
        self._desk.degraded.discard("redis")
        for name, entries in _pairs(answer):
            self._append(names[name], ((int(i.split(b"-")[0]), fields[b"body"]) for i, fields in entries))
        await self._check_against_the_log()
        if answer:
            await asyncio.sleep(PACE)

    async def _check_against_the_log(self) -> None:
        """Redis is a shortcut, never the truth: where it lags behind the log, the log itself is read."""
        if time.monotonic() - self._checked < TRUST / 2:
            return
        self._checked = time.monotonic()
        heads = {row["center_id"]: row["seq"] for row in await self._desk.pool.fetch(query("log_heads"))}
        if all(ring.head >= self._owed.get(center, 0) for center, ring in self._desk.rings.items()):
            self._owed, self._owed_since = heads, self._checked
        elif self._checked - self._owed_since >= TRUST:
            self._owed = {}
            raise RedisError("behind the log")

    async def _from_postgres(self) -> None:
        if not self._desk.rings:
            return
        cursors = {center: ring.head for center, ring in self._desk.rings.items()}
        rows = await self._desk.pool.fetch(query("read_events"), list(cursors), list(cursors.values()), BATCH)
        for center in cursors:
            self._append(center, ((row["seq"], row["body"]) for row in rows if row["center_id"] == center))

    def _append(self, center: str, events: Iterable[tuple[int, Any]]) -> None:
        """Append what follows; raises RedisError at a gap, so that PostgreSQL is read."""
        ring = self._desk.rings[center]
        now = self._desk.now()
        for seq, body in events:
            if seq > ring.head + 1:
                raise RedisError("a gap in the stream")
            if seq == ring.head + 1:
                ring.append(seq, orjson.loads(body))
                SCREEN_SECONDS.observe(max(0.0, (now - ring.events[-1].at).total_seconds()))


def _pairs(answer: Any) -> list[tuple[bytes, list[tuple[bytes, dict[bytes, bytes]]]]]:
    """XREAD's answer in either protocol version: pairs of (stream, entries)."""
    if not answer:
        return []
    if isinstance(answer, dict):
        return [
            (name, entries[0] if len(entries) == 1 and isinstance(entries[0], list) else entries)
            for name, entries in answer.items()
        ]
    return [(name, entries) for name, entries in answer]

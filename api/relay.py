"""Carries committed events from the PostgreSQL log to Redis streams, for other processes."""

import asyncio
import time
from typing import Any

import asyncpg
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from api.desk import Desk
from models.store.database import LOST, connect, query

log = structlog.get_logger()
LOCK = 911_001  # one relay at a time, so the stream keeps the order of the log
TOGETHER = (
    40_000  # events all streams keep together, some 2 KB each: Redis has 256 MB, PostgreSQL has them all
)
KEEP, KEEP_LEAST = 5_000, 200  # events of one stream
FORGET = 86_400  # seconds after which a stream that nobody writes is gone, e.g. that of a database given up
BATCH = 500  # events carried at once, of all centers together
EVERY = 1.0  # seconds between looks whether Redis was wiped
PACE = 0.01  # seconds between two rounds at the least: what is committed meanwhile is carried together


def stream(center: str, epoch: str) -> str:
    """Redis key of a center's log; a restored or another database must never be served from an old stream."""
    return f"tandem:{center}:{epoch}:log"


def kept_of_each(centers: int) -> int:
    """How many events each of so many streams keeps."""
    return min(KEEP, max(KEEP_LEAST, TOGETHER // max(1, centers)))


def _is_there(fault: Exception) -> bool:
    """An id that Redis refuses is in the stream already; out of memory or read-only is a fault."""
    return isinstance(fault, ResponseError) and "equal or smaller" in str(fault)


class Relay:
    """Follows the log under a lock; entry ids are `{seq}-0`, so Redis itself refuses duplicates and disorder."""

    def __init__(self, desk: Desk, redis: "Redis", dsn: str) -> None:
        self._desk = desk
        self._redis = redis
        self._dsn = dsn
        self._relayed: dict[str, int] = {}
        self._streams: dict[str, str] = {}
        self._checked = 0.0

    async def run(self) -> None:
        """Work until cancelled; whatever is lost is taken up again where the streams end."""
        while True:
            try:
                await self._with_connection()
            except (*LOST, RedisError) as fault:
                log.warning("relay.lost", fault=type(fault).__name__)
                await asyncio.sleep(1)

    async def _with_connection(self) -> None:
        connection = await connect(self._dsn)
        try:
            while True:
                if await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
                    break
                await asyncio.sleep(1)
            self._relayed, self._streams = {}, {}
            while True:
                self._desk.committed["relay"].clear()
                await self._round(connection)
                await asyncio.sleep(PACE)
                await self._desk.woken("relay", self._desk.settings.poll.total_seconds())
        finally:
            connection.terminate()

    async def _round(self, connection: asyncpg.Connection) -> None:
        heads = {row["center_id"]: row["seq"] for row in await connection.fetch(query("log_heads"))}
        if time.monotonic() - self._checked > EVERY or heads.keys() - self._streams.keys():
            self._checked = time.monotonic()
            heads = await self._find_ends(connection)
        behind = {c: self._relayed[c] for c in self._relayed if self._relayed[c] < heads[c]}
        while behind:
            each = max(1, BATCH // len(behind))
            rows = await connection.fetch(query("read_events"), list(behind), list(behind.values()), each)
            if not rows:  # older than the log is kept: nobody can want it
                self._relayed |= {center: heads[center] for center in behind}
                return
            async with self._redis.pipeline(transaction=False) as pipe:
                for row in rows:
                    pipe.xadd(
                        self._streams[row["center_id"]],
                        {"body": row["body"]},
                        id=f"{row['seq']}-0",
                        maxlen=kept_of_each(len(heads)),
                        approximate=True,
                    )
                results = await pipe.execute(raise_on_error=False)
            for row, result in zip(rows, results, strict=True):
                if isinstance(result, Exception) and not _is_there(result):
                    raise result
                self._relayed[row["center_id"]] = row["seq"]
            behind = {c: self._relayed[c] for c in behind if self._relayed[c] < heads[c]}

    async def _find_ends(self, connection: asyncpg.Connection) -> dict[str, int]:
        """Where each stream ends, in three round trips for all; returns the heads of the log.

        A stream that is missing, or no part of this log, is filled with the newest events. One that ends farther back
        than it keeps goes on with the newest: who needs those between reads the log itself.
        """
        logs = await connection.fetch(query("logs"))
        heads = {each["center_id"]: each["seq"] for each in logs}
        self._streams = {each["center_id"]: stream(each["center_id"], each["epoch"]) for each in logs}
        ends = await self._ends()
        there = {row["center_id"]: row for row in await self._at(connection, ends)}
        kept = kept_of_each(len(heads))
        for center, head in heads.items():
            end, row = ends.get(center), there.get(center)
            if end is not None and _is_of_this_log(end, row, head):
                self._relayed[center] = end[0] if head - end[0] <= kept else head - kept // 5
                continue
            if end is not None:
                log.warning("relay.another_log", center=center, seq=end[0])
                await self._redis.delete(self._streams[center])
            self._relayed[center] = max(0, head - kept // 5)
        return heads

    async def _ends(self) -> dict[str, tuple[int, bytes]]:
        """Number and body of the last entry of each stream that has any."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for name in self._streams.values():
                pipe.xrevrange(name, count=1)
                pipe.expire(name, FORGET)
            found: list[Any] = (await pipe.execute())[::2]
        lasts = zip(self._streams, found, strict=True)
        return {
            center: (int(last[0][0].split(b"-")[0]), last[0][1][b"body"]) for center, last in lasts if last
        }

    @staticmethod
    async def _at(connection: asyncpg.Connection, ends: dict[str, tuple[int, bytes]]) -> list[asyncpg.Record]:
        """What the log has where the streams end."""
        return list(
            await connection.fetch(query("read_events"), list(ends), [seq - 1 for seq, _ in ends.values()], 1)
        )


def _is_of_this_log(end: tuple[int, bytes], row: Any, head: int) -> bool:
    """Whether a stream's last entry stands in the log, or is its head and older than the log is kept."""
    seq, body = end
    if row is None:
        return seq == head
    return bool(row["seq"] == seq and row["body"].encode() == body)

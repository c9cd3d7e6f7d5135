"""Judges Redis: there, new enough, never evicting, keeping nothing on disk, and not behind the log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from api.doctor.findings import Finding, fail, joined, ok, warn
from api.relay import stream

OLDEST = 5  # streams
FULL = 0.9  # of maxmemory
LATE = 100  # events between the log and its stream
PATIENCE = 2.0  # seconds
LOST = (RedisError, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Cache:
    """What a Redis says of itself, and where its streams end."""

    version: str
    policy: str
    most: int  # bytes; 0: no limit
    used: int
    appends: bool
    saves: str | None  # None: not ours to ask, as with a provider's
    behind: Mapping[str, int]  # events by center; only of streams that are there


async def look(url: str, heads: Mapping[str, tuple[str, int]]) -> Cache:
    """Ask a Redis; `heads` has epoch and head by center. Raises one of LOST."""
    async with Redis.from_url(
        url, decode_responses=True, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE
    ) as redis:
        about: dict[str, Any] = await redis.info()
        try:
            saves = str((await redis.config_get("save"))["save"])
        except RedisError:
            saves = None
        behind = {}
        for center, (epoch, head) in heads.items():
            last: Any = await redis.xrevrange(stream(center, epoch), count=1)
            if last:
                behind[center] = head - int(last[0][0].split("-")[0])
    return Cache(
        version=str(about["redis_version"]),
        policy=str(about.get("maxmemory_policy", "unknown")),
        most=int(about.get("maxmemory", 0)),
        used=int(about["used_memory"]),
        appends=bool(about.get("aof_enabled", 0)),
        saves=saves,
        behind=behind,
    )


def judge(cache: Cache) -> Iterator[Finding]:
    """Every check of Redis."""
    yield version(cache)
    yield memory(cache)
    yield disk(cache)
    yield lag(cache)


def version(cache: Cache) -> Finding:
    """Streams came with Redis 5."""
    if int(cache.version.split(".")[0]) < OLDEST:
        return fail(
            "redis", f"Redis {cache.version} has no streams", f"Use Redis {OLDEST} or newer, or Valkey."
        )
    return ok("redis", f"Redis {cache.version}")


def memory(cache: Cache) -> Finding:
    """A stream that is evicted is filled again from the log, and evicted again: a full Redis had better say so."""
    if cache.policy != "noeviction":
        return warn(
            "redis memory", f"maxmemory-policy is {cache.policy}: the log's streams may vanish, consoles get slower",
            "CONFIG SET maxmemory-policy noeviction",
        )  # fmt: skip
    if cache.most and cache.used > FULL * cache.most:
        said = f"{cache.used / 2**20:.0f} of {cache.most / 2**20:.0f} MB are used"
        return warn("redis memory", said, "Raise maxmemory: once full, consoles are served from PostgreSQL.")
    return ok("redis memory", f"{cache.used / 2**20:.0f} MB, evicts nothing")


def disk(cache: Cache) -> Finding:
    """Events say where people are; Redis can be filled again and need not keep them."""
    if cache.appends or cache.saves:
        how = joined(word for word, on in (("appendonly", cache.appends), ("save", cache.saves)) if on)
        return warn(
            "redis disk", f"{how}: events with places are written to a disk for nothing",
            "CONFIG SET save '' and appendonly no: PostgreSQL has everything.",
        )  # fmt: skip
    return ok(
        "redis disk", "keeps nothing" if cache.saves is not None else "appendonly is off; save was not told"
    )


def lag(cache: Cache) -> Finding:
    """Consoles of other processes are told through the streams."""
    if late := [
        f"{center}: {events} events" for center, events in cache.behind.items() if abs(events) > LATE
    ]:
        return warn(
            "redis streams", f"not where the log is: {joined(late)}", "See the service's log for relay.lost."
        )
    return ok("redis streams", f"{len(cache.behind)} follow the log")

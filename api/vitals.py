"""Looks at what no request tells: unread calls, sizes, connections in use, how late the loop comes round."""

import asyncio
import resource
import shutil
import time
from pathlib import Path

import asyncpg
from redis.exceptions import RedisError

from api.desk import Desk
from api.engine_places import chosen_place
from api.metrics import (
    BUILD,
    CENTERS,
    CPU_SECONDS,
    DATABASE_BYTES,
    DISK_FREE,
    LOOP_DELAY,
    POOL_BUSY,
    REDIS_BYTES,
    REDIS_LIMIT,
    RESIDENT_BYTES,
    UNASSESSED,
)
from api.reader import watch_reader
from models.store.database import the_row

TICK = 0.5  # seconds
EVERY = 10.0  # seconds
STATM = Path("/proc/self/statm")
LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)


async def watch_forever(desk: Desk) -> None:
    """Look until cancelled; an engine that does not answer is said by whoever needs it."""
    BUILD.labels(desk.version).set(1)
    async with asyncio.TaskGroup() as both:
        both.create_task(_feel(desk))
        if desk.worker == 0:  # one says for all what all would see
            both.create_task(_look(desk))
            both.create_task(watch_reader(desk))


async def _feel(desk: Desk) -> None:
    """How this process fares."""
    used = 0.0
    while True:
        began = time.perf_counter()
        await asyncio.sleep(TICK)
        LOOP_DELAY.observe(max(0.0, time.perf_counter() - began - TICK))
        POOL_BUSY.set((desk.pool.get_size() - desk.pool.get_idle_size()) / desk.pool.get_max_size())
        CPU_SECONDS.inc(time.process_time() - used)
        used = time.process_time()
        RESIDENT_BYTES.set(resident())


def resident() -> int:
    """Bytes of memory that this process holds; the most it ever held where the kernel does not say."""
    try:
        pages = STATM.read_text().split()[1]
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(pages) * resource.getpagesize()


async def _look(desk: Desk) -> None:
    """How the engines fare; those of our own leave a lock in their folder."""
    own = chosen_place(desk.settings.data).home if (desk.settings.data / "lock").exists() else None
    while True:
        await look_at_database(desk)
        await look_at_redis(desk)
        if own is not None:
            DISK_FREE.labels("data").set(shutil.disk_usage(own).free)
        await asyncio.sleep(EVERY)


async def look_at_database(desk: Desk) -> None:
    """Centers, unread calls and size, as they are now; as they were where it does not answer."""
    try:
        async with desk.pool.acquire(timeout=EVERY) as connection:
            seen = await the_row(connection, "vitals")
    except LOST:
        return
    CENTERS.set(seen["centers"])
    UNASSESSED.set(seen["unassessed"])
    DATABASE_BYTES.set(seen["bytes"])


async def look_at_redis(desk: Desk) -> None:
    """Its memory; a full Redis refuses the relay."""
    if desk.redis is None:
        return
    try:
        memory = await desk.redis.info("memory")
    except (RedisError, OSError, TimeoutError):
        return
    REDIS_BYTES.set(memory["used_memory"])
    REDIS_LIMIT.set(memory.get("maxmemory", 0))

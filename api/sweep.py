"""Reads again what could not be read the first time: an acknowledged call is never left unassessed."""

import asyncio

import asyncpg
import structlog

from api.desk import Desk
from api.intake import assess_again
from models.errors import NotFound
from models.events import CallChanged
from models.store.calls import lock_call
from models.store.database import query
from models.store.writing import writing

log = structlog.get_logger()
EVERY = 1.0  # seconds
AT_ONCE = 50


async def sweep_forever(desk: Desk) -> None:
    """Look once a second until cancelled; several processes may, the call's lock settles who reads."""
    while True:
        try:
            await sweep(desk)
            desk.degraded.discard("postgres")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as fault:
            desk.degraded.add("postgres")
            log.warning("sweep.lost", fault=type(fault).__name__)
        await asyncio.sleep(EVERY)


async def sweep(desk: Desk) -> int:
    """Read every call that is due; how many were read."""
    done = 0
    for row in await desk.pool.fetch(query("unassessed"), desk.now(), AT_ONCE):
        async with writing(desk.pool, row["center_id"], desk.now(), None) as pen:
            try:
                call = await lock_call(pen, row["id"])
            except NotFound:
                continue
            if call["assessed_version"] >= call["text_version"] or not await assess_again(desk, pen, call):
                continue
            pen.tell_call(CallChanged, row["id"], what=("assessment",))
            done += 1
    if done:
        desk.wake()
    return done

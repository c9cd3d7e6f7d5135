"""Reads again what could not be read the first time: an acknowledged call is never left unassessed."""

import asyncio
from uuid import UUID

import structlog

from api.desk import Desk
from api.intake import assess_again
from api.logs import told
from models.events import CallChanged
from models.store.calls import lock_call
from models.store.database import LOST, query
from models.store.writing import writing

log = structlog.get_logger()
EVERY = 1.0  # seconds
AT_ONCE = 50


async def sweep_forever(desk: Desk) -> None:
    """Look once a second until cancelled; several processes may, the call's lock settles who reads."""
    while True:
        try:
            await desk.take_up_phrases()
            await desk.take_up_policies()
            await sweep(desk)
            desk.degraded.discard("postgres")
        except LOST as fault:
            desk.degraded.add("postgres")
            log.warning("sweep.lost", fault=type(fault).__name__)
        desk.measure()
        await asyncio.sleep(EVERY)


async def sweep(desk: Desk) -> int:
    """Read every call that is due; how many were read."""
    done = 0
    for row in await desk.pool.fetch(query("unassessed"), desk.now(), AT_ONCE):
        try:
            done += await _read(desk, row["center_id"], row["id"])
        except LOST:
            raise
        except Exception as fault:  # noqa: BLE001 - one call that cannot be kept leaves no other unread
            log.error("sweep.cannot_read", call=str(row["id"]), **told(fault))
    if done:
        desk.wake()
    return done


async def _read(desk: Desk, center: str, call_id: UUID) -> bool:
    async with writing(desk.pool, center, desk.now(), None) as pen:
        call = await lock_call(pen, call_id)
        if call["assessed_version"] >= call["text_version"] or not await assess_again(desk, pen, call):
            return False
        pen.tell_call(CallChanged, call_id, what=("assessment",))
    return True

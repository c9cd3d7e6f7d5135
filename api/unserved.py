"""Eligible calls without an alternative response: each with a reason, none forgotten."""

from uuid import UUID

from api.desk import Center
from models.recommendation import UnservedCode
from models.store.counting import recount
from models.store.database import query
from models.store.writing import Writing


async def count_unserved(pen: Writing, center: Center, call_id: UUID, code: UnservedCode) -> bool:
    """The newest reason stands for the call; False where it already did."""
    day = center.day(pen.at)
    noted = await pen.connection.fetchval(query("note_unmet"), call_id, pen.center, code.value, pen.at, day)
    if noted is None:
        return False
    await recount(pen, day)
    return True


async def settle(pen: Writing, center: Center, call_id: UUID) -> None:
    """The call has an alternative after all, or is no longer eligible."""
    if await pen.connection.fetchval(query("note_served"), call_id, pen.at) is not None:
        await recount(pen, center.day(pen.at))


async def recount_unmet(pen: Writing, call_id: UUID) -> None:
    """A call without an alternative was decided, ended or is open again: what ended and what waits count apart."""
    day = await pen.connection.fetchval(query("unmet_day"), call_id, pen.center)
    if day is not None:
        await recount(pen, day)

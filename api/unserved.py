"""Eligible calls without an alternative response: each with a reason, none forgotten."""

from uuid import UUID

from api.desk import Center
from models.recommendation import UnservedCode
from models.store.counting import recount
from models.store.database import query
from models.store.writing import Writing


async def count_unserved(pen: Writing, center: Center, call_id: UUID, code: UnservedCode) -> None:
    """The newest reason stands for the call."""
    day = center.day(pen.at)
    if (
        await pen.connection.fetchval(query("note_unmet"), call_id, pen.center, code.value, pen.at, day)
        is not None
    ):
        await recount(pen, day)


async def settle(pen: Writing, center: Center, call_id: UUID) -> None:
    """The call has an alternative after all, or is no longer eligible."""
    if await pen.connection.fetchval(query("note_served"), call_id, pen.at) is not None:
        await recount(pen, center.day(pen.at))

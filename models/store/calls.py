"""Rows that decisions lock."""

from typing import Any
from uuid import UUID

from models.errors import NotFound
from models.store.database import query
from models.store.writing import Writing


async def lock_call(pen: Writing, call_id: UUID) -> Any:
    """Lock a call of this center for the rest of the transaction; raises NotFound."""
    row = await pen.connection.fetchrow(query("lock_call"), pen.center, call_id)
    if row is None:
        raise NotFound
    return row


async def lock_decision(pen: Writing, decision_id: UUID) -> tuple[Any, Any]:
    """Lock a decision's call, then read both; raises NotFound."""
    found = await pen.connection.fetchrow(query("decision"), pen.center, decision_id)
    if found is None:
        raise NotFound
    call = await lock_call(pen, found["call_id"])
    return call, await pen.connection.fetchrow(query("decision"), pen.center, decision_id)

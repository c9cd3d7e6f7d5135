"""The CAD closes a call that nothing hangs on: most calls of a day, each in two round trips."""

from uuid import UUID

import asyncpg
import orjson
from fastapi import Response

from api.desk import Desk
from api.keyed import Key
from api.security import Principal
from models.call import CallState, CallView
from models.events import CallClosed
from models.store.database import PATIENCE, query


async def close_plain(desk: Desk, who: Principal, key: Key | None, call_id: UUID) -> Response | None:
    """Close the call and answer; None where more than the call itself may change, its key is known, or it moved on."""
    now = desk.now()
    async with desk.pool.acquire(timeout=PATIENCE) as connection:
        row = await connection.fetchrow(query("plain_call"), who.center, call_id)
        if row is None:
            return None
        seen = {name: row[name] for name in CallView.model_fields}
        view = CallView.model_validate(seen | {"state": CallState.CLOSED, "on_board": False})
        told = CallClosed(at=now, by=who.name, call=view).model_dump_json(exclude={"epoch", "seq"})
        body = orjson.dumps({"call": orjson.Fragment(view.model_dump_json())})
        try:
            seq = await connection.fetchval(
                query("close_plain_call"),
                *(who.center, call_id, row["version"], now),
                *((key.value, who.key, key.route, key.body_hash) if key else (None,) * 4),
                *(body.decode(), told),
            )
        except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError):
            return None  # the same key is being used at this moment
    if seq is None:
        return None
    desk.wake()
    return Response(body, media_type="application/json")

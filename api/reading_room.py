"""One call whole, with its words, for people who may read them; every reading is audited."""

from uuid import UUID

import orjson

from api.desk import Desk
from api.security import Principal
from models.assessment import Standing
from models.errors import NotFound
from models.store.database import query
from models.store.views import calls_seen


async def call_for_reader(desk: Desk, who: Principal, call_id: UUID) -> bytes:
    """JSON of the call, its entries, assessment, gates, feedback and log, exact at one moment; raises NotFound."""
    silent = (await desk.center(who.center)).silent
    async with desk.pool.acquire() as connection:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            views = await calls_seen(connection, who.center, [call_id])
            if not views:
                raise NotFound
            rows = {
                name: [dict(row) for row in await connection.fetch(query(name), call_id)]
                for name in ("entries", "flags", "answers", "releases")
            }
            assessment = await connection.fetchval(query("shown_assessment"), call_id)
            stands = Standing.model_validate(await connection.fetchval(query("standing"), call_id))
            log = [dict(row) for row in await connection.fetch(query("call_log"), who.center, call_id)]
        await connection.execute(
            query("add_audit"), who.center, who.name, who.role, "call.read", str(call_id), {}
        )
    return orjson.dumps(
        {
            "call": views[0].model_dump(mode="json"),
            "assessment": orjson.Fragment(assessment) if assessment else None,
            "gates": [gate.model_dump(mode="json") for gate in stands.gates if not silent],
            "log": log,
            **rows,
        }
    )

"""For whoever keeps the service running: health, metrics, quarantine."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Response

from api.deps import DeskDep
from api.metrics import exposition
from api.routes.roles import MindsQuarantine, ReadsQuarantine
from models.errors import NotFound, NotReady
from models.store.database import LOST, query

router = APIRouter(tags=["operations"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(desk: DeskDep) -> dict[str, Any]:
    """The database answers; what is missing beside it is named and does not make the service unready."""
    try:
        async with asyncio.timeout(2):
            await desk.pool.fetchval("select 1")
    except LOST as fault:
        raise NotReady(fault=type(fault).__name__) from fault
    return {"status": "ready", "degraded": sorted(desk.degraded), "version": desk.version}


@router.get("/metrics")
async def metrics(desk: DeskDep) -> Response:
    """Prometheus exposition; no label ever carries a name, a place or a text."""
    desk.measure()
    return Response(exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/v1/quarantine")
async def list_quarantine(
    desk: DeskDep, who: MindsQuarantine, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> Response:
    """Requests that could not be parsed and nobody has dealt with."""
    rows = await desk.pool.fetch(query("list_quarantine"), who.center, limit)
    return Response(orjson.dumps({"quarantine": [dict(row) for row in rows]}), media_type="application/json")


@router.get("/v1/quarantine/{kept}")
async def get_quarantined(kept: UUID, desk: DeskDep, who: ReadsQuarantine) -> Response:
    """What was sent, with bytes that are no text replaced; the read is audited."""
    row = await desk.pool.fetchrow(query("quarantined"), who.center, kept)
    if row is None:
        raise NotFound
    await desk.pool.execute(
        query("add_audit"), who.center, who.name, who.role, "quarantine.read", str(kept), {}
    )
    body = {**dict(row), "body": row["body"].decode("utf-8", "replace")}
    return Response(orjson.dumps(body), media_type="application/json")


@router.post("/v1/quarantine/{kept}/resolve")
async def resolve_quarantined(kept: UUID, desk: DeskDep, who: MindsQuarantine) -> dict[str, str]:
    """A person has dealt with it."""
    found = await desk.pool.fetchrow(query("quarantined"), who.center, kept)
    if found is None:
        raise NotFound
    await desk.pool.execute(query("resolve_quarantine"), who.center, kept, who.name, desk.now())
    return {"id": str(kept), "status": "resolved"}

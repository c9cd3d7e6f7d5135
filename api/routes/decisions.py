"""Decisions after they were made: the CAD's feed and echo, confirm again, secure, take back; and alerts."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Response

from api.confirmations import reconfirm, release, secure
from api.deps import DeskDep, KeyDep
from api.keyed import run
from api.progress import acknowledge
from api.routes.calls import OneCall
from api.routes.forms import AckForm, ReconfirmForm, SecureForm, TakeBackForm
from api.routes.roles import Decides, Echoes
from models.alert import AlertView
from models.errors import MoveNotAllowed, NotFound, ResyncNeeded
from models.store.database import query
from models.store.views import alerts_seen
from models.store.writing import Writing

router = APIRouter(prefix="/v1", tags=["decisions"])


@router.get("/decisions")
async def list_decisions(
    desk: DeskDep,
    who: Echoes,
    after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    epoch: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """For the CAD: every decision and every step of it after a seq, oldest first.

    `epoch` is that of the answer before: after a restore the numbers begin anew, and 410 says so.
    """
    async with desk.pool.acquire() as connection:
        log = await connection.fetchval(query("log_epoch"), who.center)
        if epoch not in (None, log) or after > await connection.fetchval(query("log_head"), who.center):
            raise ResyncNeeded(epoch=log)
        rows = await connection.fetch(query("decision_feed"), who.center, after, limit)
    body = {"epoch": log, "decisions": [dict(row) for row in rows]}
    return Response(orjson.dumps(body), media_type="application/json")


@router.post("/decisions/{decision_id}/ack")
async def post_ack(decision_id: UUID, form: AckForm, desk: DeskDep, who: Echoes, key: KeyDep) -> Response:
    """The CAD has sent a decision, or its units have received it."""

    async def use_case(pen: Writing) -> Any:
        await acknowledge(pen, decision_id, form.state)
        return {"id": str(decision_id), "state": form.state.value}

    return await run(desk, who, key, use_case)


@router.post("/decisions/{decision_id}/reconfirm", response_model=OneCall)
async def post_reconfirm(
    decision_id: UUID, form: ReconfirmForm, desk: DeskDep, who: Decides, key: KeyDep
) -> Response:
    """Keep the pairing in the face of a new danger, with or without staging."""
    center = await desk.center(who.center)

    async def use_case(pen: Writing) -> Any:
        return await reconfirm(pen, who, center, decision_id, form.decision_version, staging=form.staging)

    return await run(desk, who, key, use_case)


@router.post("/decisions/{decision_id}/secure", response_model=OneCall)
async def post_secure(
    decision_id: UUID, form: SecureForm, desk: DeskDep, who: Decides, key: KeyDep
) -> Response:
    """The scene is secured: who waits at staging may enter. An armed unit is on scene, or a supervisor has a reason."""
    center = await desk.center(who.center)

    async def use_case(pen: Writing) -> Any:
        return await secure(pen, who, center, decision_id, form.decision_version, form.reason)

    return await run(desk, who, key, use_case)


@router.post("/decisions/{decision_id}/release", response_model=OneCall)
async def post_release(
    decision_id: UUID, form: TakeBackForm, desk: DeskDep, who: Decides, key: KeyDep
) -> Response:
    """Take a decision back."""

    async def use_case(pen: Writing) -> Any:
        return await release(pen, who, decision_id, form.reason, form.decision_version)

    return await run(desk, who, key, use_case)


@router.post("/alerts/{alert_id}/acknowledge", response_model=AlertView)
async def post_acknowledge(alert_id: UUID, desk: DeskDep, who: Decides, key: KeyDep) -> Response:
    """I have seen it."""

    async def use_case(pen: Writing) -> Any:
        views = await alerts_seen(pen.connection, pen.center, [alert_id])
        if not views:
            raise NotFound
        seen = await pen.connection.fetchval(
            query("acknowledge_alert"), pen.center, alert_id, who.name, pen.at
        )
        if seen is None and views[0].resolved_at is not None:
            raise MoveNotAllowed("This alert is resolved.")
        if seen is not None:
            pen.tell_alerts(alert_id)
        return (await alerts_seen(pen.connection, pen.center, [alert_id]))[0]

    return await run(desk, who, key, use_case)

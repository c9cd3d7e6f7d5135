"""Recommendations: read whole, accept, override, decline."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from api.decisions import accept, decline, override
from api.deps import DeskDep, KeyDep
from api.keyed import run
from api.routes.calls import OneCall
from api.routes.forms import AcceptForm, DeclineForm, OverrideForm
from api.routes.roles import Decides, ReadsCalls
from models.errors import NotFound
from models.store.database import query
from models.store.writing import Writing

router = APIRouter(prefix="/v1/recommendations", tags=["recommendations"])


@router.get("/{recommendation_id}")
async def get_recommendation(recommendation_id: UUID, desk: DeskDep, who: ReadsCalls) -> dict[str, Any]:
    """One revision, with every unit that may not go and why."""
    row = await desk.pool.fetchrow(query("recommendation"), who.center, recommendation_id)
    if row is None:
        raise NotFound
    return {
        **row["view"],
        "status": row["status"],
        "call_id": str(row["call_id"]),
        "exclusions": row["exclusions"],
    }


@router.post("/{recommendation_id}/accept", response_model=OneCall)
async def post_accept(
    recommendation_id: UUID, form: AcceptForm, desk: DeskDep, who: Decides, key: KeyDep
) -> Response:
    """Reserve the units of a pairing as it was shown."""
    center = await desk.center(who.center)

    async def use_case(pen: Writing) -> Any:
        return await accept(pen, who, center, recommendation_id, form.pairing_id, form.decision_version)

    return await run(desk, who, key, use_case)


@router.post("/{recommendation_id}/override", response_model=OneCall)
async def post_override(
    recommendation_id: UUID, form: OverrideForm, desk: DeskDep, who: Decides, key: KeyDep
) -> Response:
    """Send other units, with a reason."""
    center = await desk.center(who.center)

    async def use_case(pen: Writing) -> Any:
        return await override(
            pen, who, center, recommendation_id, form.unit_ids, form.reason, form.decision_version
        )

    return await run(desk, who, key, use_case)


@router.post("/{recommendation_id}/decline", response_model=OneCall)
async def post_decline(
    recommendation_id: UUID, form: DeclineForm, desk: DeskDep, who: Decides, key: KeyDep
) -> Response:
    """Send the standard response instead, with a reason."""
    center = await desk.center(who.center)

    async def use_case(pen: Writing) -> Any:
        return await decline(
            pen, who, center, recommendation_id, form.reason, form.route, form.decision_version
        )

    return await run(desk, who, key, use_case)

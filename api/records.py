"""The append-only record of what a person decided and what was on the screen."""

from typing import Any
from uuid import UUID

from api.security import Principal
from models.store.database import query
from models.store.views import call_seen, units_seen
from models.store.writing import Writing


async def record(
    pen: Writing,
    who: Principal,
    call: Any,
    *,
    action: str,
    reason: str | None = None,
    decision_id: UUID | None = None,
    unit_ids: tuple[str, ...] = (),
) -> None:
    """Write one record before anything changes: the call's view, its evidence by reference, the units as shown."""
    view = await call_seen(pen.connection, pen.center, call["id"])
    units = await units_seen(pen.connection, pen.center, list(unit_ids)) if unit_ids else []
    shown = {"call": view.model_dump(mode="json"), "units": [unit.model_dump(mode="json") for unit in units]}
    await pen.connection.execute(
        query("add_record"),
        pen.center,
        call["id"],
        decision_id,
        pen.at,
        who.name,
        who.role,
        action,
        reason,
        call["text_version"],
        call["assessment_id"],
        view.assessment.artefact if view.assessment else None,
        view.recommendation.policy if view.recommendation else None,
        call["decision_version"],
        shown,
    )

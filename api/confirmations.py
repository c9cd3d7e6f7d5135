"""What a dispatcher does after the decision: confirm again, let the staged ones in, take it back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from api.alarms import LIVE, resolve_alerts
from api.decisions import can_wait_outside
from api.desk import Center
from api.progress import finish_decision
from api.records import record
from api.security import Principal
from dispatch.eligibility import violations
from models.alert import AlertCode
from models.errors import (
    DecisionStale,
    GateClosed,
    MoveNotAllowed,
    ReasonRequired,
)
from models.events import DecisionProgressed
from models.recommendation import (
    DecisionState,
    Staging,
)
from models.store.calls import lock_decision
from models.store.database import query
from models.store.views import call_seen, units_seen
from models.store.writing import Writing
from models.unit import SCENE_STATUSES, UnitView


async def _lock_live(pen: Writing, decision_id: UUID, decision_version: int) -> tuple[Any, Any]:
    call, decision = await lock_decision(pen, decision_id)
    if call["decision_version"] != decision_version:
        raise DecisionStale(seen=decision_version, now=call["decision_version"])
    if call["decision_id"] != decision_id or decision["state"] not in (*LIVE, "standing"):
        raise MoveNotAllowed(state=decision["state"])
    return call, decision


async def _lock_sent(pen: Writing, decision_id: UUID) -> list[UnitView]:
    """The units that are still on the decision, locked."""
    rows = await pen.connection.fetch(query("decision_units"), decision_id)
    ids = [row["unit_id"] for row in rows]
    await pen.connection.fetch(query("lock_units"), pen.center, ids)
    return await units_seen(pen.connection, pen.center, ids)


async def reconfirm(
    pen: Writing, who: Principal, center: Center, decision_id: UUID, decision_version: int, *, staging: bool
) -> Any:
    """The dispatcher has read the new danger and keeps the pairing, with the unarmed at staging where asked for."""
    call, decision = await _lock_live(pen, decision_id, decision_version)
    if not decision["reconfirm"]:
        raise MoveNotAllowed("Nothing new waits for confirmation.")
    units = await _lock_sent(pen, decision_id)
    ids = [unit.id for unit in units]
    if staging:
        units = [u.model_copy(update={"staged": u.staged or can_wait_outside(center, u)}) for u in units]
    view = await call_seen(pen.connection, pen.center, call["id"])
    broken = violations(center.policy, view, units, pen.at) if units else ()  # a decline sends nobody of ours
    if broken and who.role != "supervisor":
        raise GateClosed(reasons=[reason.model_dump(mode="json") for reason in broken])
    await record(pen, who, call, action="reconfirmed", decision_id=decision_id, unit_ids=tuple(ids))
    staged = [unit.id for unit in units if unit.staged]
    await pen.connection.execute(query("set_staged"), decision_id, staged)
    # an armed team enters as one, and still its clinician waits for the officer's word
    state = Staging.STAGING if units and (staging or staged) else Staging(decision["staging"])
    await pen.connection.execute(query("set_reconfirm"), decision_id, [], state.value)
    await resolve_alerts(pen, call["id"], AlertCode.DANGER_AFTER_ACCEPT)
    return await _progressed(pen, call, "reconfirmed", ids)


async def secure(
    pen: Writing,
    who: Principal,
    center: Center,
    decision_id: UUID,
    decision_version: int,
    reason: str | None = None,
) -> Any:
    """The officer has secured the scene: staged clinicians may enter.

    Only somebody armed who is there can have secured it. Where the CAD never says who arrived, a supervisor may
    say it all the same, with the reason.
    """
    call, decision = await _lock_live(pen, decision_id, decision_version)
    if decision["staging"] != Staging.STAGING.value:
        raise MoveNotAllowed("Nobody waits at staging.", staging=decision["staging"])
    if decision["reconfirm"]:
        raise MoveNotAllowed("Confirm the new danger first.")
    units = await _lock_sent(pen, decision_id)
    if not any(_could_secure(center, unit) for unit in units):
        if who.role != "supervisor":
            raise MoveNotAllowed("No armed unit of this decision is on scene yet: nobody has secured it.")
        if not (reason or "").strip():
            raise ReasonRequired
    await record(pen, who, call, action="secured", reason=reason, decision_id=decision_id)
    await pen.connection.execute(query("set_staged"), decision_id, [])
    await pen.connection.execute(query("set_reconfirm"), decision_id, [], Staging.SECURED.value)
    return await _progressed(pen, call, "secured", [unit.id for unit in units])


def _could_secure(center: Center, unit: UnitView) -> bool:
    return center.policy.kinds[unit.kind].armed and not unit.staged and unit.status in SCENE_STATUSES


async def release(pen: Writing, who: Principal, decision_id: UUID, reason: str, decision_version: int) -> Any:
    """Take a decision back; its units are free and the call is planned again."""
    if not reason.strip():
        raise ReasonRequired
    call, decision = await _lock_live(pen, decision_id, decision_version)
    await record(pen, who, call, action="released", reason=reason, decision_id=decision["id"])
    await pen.connection.execute(query("set_decision_reason"), decision_id, reason)
    await finish_decision(pen, call, DecisionState.RELEASED)
    await pen.connection.execute(query("set_decision"), call["id"], decision_id, decision_version + 1)
    return {"call": await call_seen(pen.connection, pen.center, call["id"])}


async def _progressed(pen: Writing, call: Any, what: str, unit_ids: Sequence[str]) -> Any:
    pen.tell_call(DecisionProgressed, call["id"], what=what)
    pen.tell_units(*unit_ids)
    return {"call": await call_seen(pen.connection, pen.center, call["id"])}

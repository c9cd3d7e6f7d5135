"""Use case 2: a dispatcher accepts, overrides or declines; exactly one wins and everybody else is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from api.alarms import LIVE, resolve_alerts
from api.desk import Center
from api.metrics import DECISIONS
from api.records import record
from api.review import lock_seen, standing_decision
from api.security import Principal
from api.unserved import count_unserved, recount_unmet, settle
from dispatch.eligibility import violations
from models.alert import AlertCode
from models.errors import (
    AlreadyDecided,
    DecisionStale,
    GateClosed,
    InvalidRequest,
    MoveNotAllowed,
    NotFound,
    ReasonRequired,
    UnassessedText,
    UnitUnavailable,
)
from models.events import PairingDecided
from models.ids import new_id
from models.recommendation import (
    DecisionKind,
    DecisionState,
    Pairing,
    RecommendationView,
    Staging,
    UnservedCode,
)
from models.store.database import query, the_row
from models.store.views import call_seen, units_seen
from models.store.writing import Writing
from models.unit import PrimaryStatus, UnitView


@dataclass(frozen=True, slots=True)
class Sent:
    """The units of a decision and which of them wait at staging."""

    unit_ids: tuple[str, ...]
    staged: frozenset[str]
    alternative: bool
    shared: frozenset[str] = frozenset()  # lines that answer several calls at once: nobody holds them


async def _lock_recommended(pen: Writing, recommendation_id: UUID, decision_version: int) -> tuple[Any, Any]:
    """Lock the call of a recommendation that still stands for it."""
    found = await pen.connection.fetchrow(query("recommendation"), pen.center, recommendation_id)
    if found is None:
        raise NotFound
    call = await lock_seen(pen, found["call_id"], decision_version)
    if call["decision_id"] is not None:
        decision = await standing_decision(pen, call)
        if decision and decision["state"] in (*LIVE, DecisionState.STANDING.value):
            raise AlreadyDecided(decision=decision)
    if call["state"] == "closed":
        raise MoveNotAllowed("This call is closed.")
    if call["assessed_version"] != call["text_version"]:
        raise UnassessedText(read=call["assessed_version"], written=call["text_version"])
    if call["recommendation_id"] != recommendation_id:
        raise DecisionStale(
            "A newer recommendation stands for this call.", now=str(call["recommendation_id"])
        )
    return call, found


async def accept(
    pen: Writing,
    who: Principal,
    center: Center,
    recommendation_id: UUID,
    pairing_id: str,
    decision_version: int,
) -> Any:
    """Reserve the units of the named pairing: all of them or none."""
    call, found = await _lock_recommended(pen, recommendation_id, decision_version)
    shown = RecommendationView.model_validate(found["view"])
    pairing = next((p for p in shown.pairings if p.id == pairing_id), None)
    if pairing is None:
        raise NotFound("This recommendation has no such pairing.")
    units = await _lock_free(pen, [unit.unit_id for unit in pairing.units])
    sent = _sent(center, pairing, units)
    view = await call_seen(pen.connection, pen.center, call["id"])
    staged_units = [u.model_copy(update={"staged": u.id in sent.staged}) for u in units]
    if broken := violations(center.policy, view, staged_units, pen.at):
        raise GateClosed(reasons=[reason.model_dump(mode="json") for reason in broken])
    return await _decide(
        pen, who, center, call, DecisionKind.ACCEPTED, sent, recommendation_id, pairing_id=pairing_id
    )


def _sent(center: Center, pairing: Pairing, units: Sequence[UnitView]) -> Sent:
    staged = frozenset(unit.unit_id for unit in pairing.units if unit.staged)
    return Sent(tuple(unit.id for unit in units), staged, pairing.alternative, _shared(center, units))


def _shared(center: Center, units: Sequence[UnitView]) -> frozenset[str]:
    return frozenset(unit.id for unit in units if center.policy.kinds[unit.kind].shared)


async def _lock_free(pen: Writing, unit_ids: Sequence[str]) -> list[UnitView]:
    """Lock units, in id order as they are returned; raises UnitUnavailable naming who has them."""
    rows = await pen.connection.fetch(query("lock_units"), pen.center, list(unit_ids))
    if missing := set(unit_ids) - {row["id"] for row in rows}:
        raise NotFound("There is no such unit.", units=sorted(missing))
    taken = {row["id"]: str(row["call_id"]) for row in rows if row["call_id"] is not None}
    units = await units_seen(pen.connection, pen.center, list(unit_ids))
    away = {unit.id: unit.status for unit in units if unit.primary is PrimaryStatus.NOT_AVAILABLE}
    if taken or away:
        raise UnitUnavailable(taken=taken, away=away)
    return units


async def override(
    pen: Writing,
    who: Principal,
    center: Center,
    recommendation_id: UUID,
    unit_ids: Sequence[str],
    reason: str,
    decision_version: int,
) -> Any:
    """Send other units than proposed, with a reason; into a closed gate only a supervisor may."""
    if not reason.strip():
        raise ReasonRequired
    if not unit_ids:
        raise InvalidRequest("An override names at least one unit.")
    call, _ = await _lock_recommended(pen, recommendation_id, decision_version)
    units = await _lock_free(pen, list(set(unit_ids)))
    view = await call_seen(pen.connection, pen.center, call["id"])
    broken = violations(center.policy, view, units, pen.at)
    staged: frozenset[str] = frozenset()
    if broken:
        # Police first: the same units with every unarmed one waiting outside may already satisfy the gates.
        staged = frozenset(u.id for u in units if can_wait_outside(center, u))
        waiting = [u.model_copy(update={"staged": u.id in staged}) for u in units]
        still = violations(center.policy, view, waiting, pen.at)
        if still and who.role != "supervisor":
            raise GateClosed(reasons=[reason.model_dump(mode="json") for reason in still])
        staged = frozenset() if len(staged) == len(units) else staged
    alternative = any(not center.policy.kinds[u.kind].conventional for u in units)
    sent = Sent(tuple(u.id for u in units), staged, alternative, _shared(center, units))
    return await _decide(
        pen, who, center, call, DecisionKind.OVERRIDDEN, sent, recommendation_id, reason=reason
    )


def can_wait_outside(center: Center, unit: UnitView) -> bool:
    kind = center.policy.kinds[unit.kind]
    return not kind.armed and not kind.remote


async def _decide(
    pen: Writing,
    who: Principal,
    center: Center,
    call: Any,
    kind: DecisionKind,
    sent: Sent,
    recommendation_id: UUID,
    *,
    pairing_id: str | None = None,
    reason: str | None = None,
    route: str | None = None,
) -> Any:
    decision_id = new_id()
    staging = Staging.STAGING if sent.staged else Staging.NONE
    state = DecisionState.STANDING if kind is DecisionKind.DECLINED else DecisionState.RESERVED
    limit = timedelta(seconds=center.policy.limits.reservation_seconds)
    await pen.connection.execute(
        query("add_decision"),
        decision_id, pen.center, call["id"], recommendation_id, pairing_id, kind.value, state.value, reason, route,
        staging.value, who.name, who.role, pen.at, pen.at + limit if center.cad and sent.unit_ids else None,
    )  # fmt: skip
    await record(
        pen, who, call, action=kind.value, reason=reason, decision_id=decision_id, unit_ids=sent.unit_ids
    )
    staged = [unit_id in sent.staged for unit_id in sent.unit_ids]
    await pen.connection.execute(query("add_decision_units"), decision_id, sent.unit_ids, staged)
    held = await pen.connection.fetch(
        query("hold_units"), pen.center, decision_id, call["id"], list(sent.shared)
    )
    if len(held) < len(sent.unit_ids) - len(sent.shared):
        raise UnitUnavailable  # rolls back the part that was taken
    await pen.connection.execute(query("move_recommendation"), recommendation_id, kind.value)
    await pen.connection.execute(query("set_decision"), call["id"], decision_id, call["decision_version"] + 1)
    await resolve_alerts(pen, call["id"], AlertCode.NOT_REACHED, AlertCode.UNIT_LEFT)
    pen.tell_call(PairingDecided, call["id"])
    pen.tell_units(*sent.unit_ids)
    await _count(pen, center, call, kind, sent)
    DECISIONS.labels(kind.value).inc()
    return {"call": await call_seen(pen.connection, pen.center, call["id"])}


async def _count(pen: Writing, center: Center, call: Any, kind: DecisionKind, sent: Sent) -> None:
    """Whoever sends police or EMS alone where an alternative was proposed has declined it, by whatever key."""
    if sent.alternative:
        return await settle(pen, center, call["id"])
    shown = await the_row(pen.connection, "recommendation", pen.center, call["recommendation_id"])
    declined = kind is DecisionKind.DECLINED or shown["view"]["unserved"] is None
    if not declined or not await count_unserved(pen, center, call["id"], UnservedCode.DISPATCHER_DECLINED):
        await recount_unmet(pen, call["id"])
    return None


async def decline(
    pen: Writing,
    who: Principal,
    center: Center,
    recommendation_id: UUID,
    reason: str,
    route: str,
    decision_version: int,
) -> Any:
    """Send the standard response instead; the call counts as unserved because the dispatcher declined."""
    if not reason.strip():
        raise ReasonRequired
    call, _ = await _lock_recommended(pen, recommendation_id, decision_version)
    nobody = Sent((), frozenset(), alternative=False)
    return await _decide(
        pen, who, center, call, DecisionKind.DECLINED, nobody, recommendation_id, reason=reason, route=route
    )

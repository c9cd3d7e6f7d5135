"""What the CAD and the units say back: reservations become sent, received, finished, or they expire."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from api.alarms import LIVE, raise_alert, resolve_alerts
from api.metrics import IGNORED
from api.unserved import recount_unmet
from models.alert import AlertCode
from models.errors import MoveNotAllowed, NotFound
from models.events import CallChanged, DecisionProgressed
from models.recommendation import DECISION_MOVES, DecisionState, Reason
from models.store.calls import lock_call, lock_decision
from models.store.database import query, the_row
from models.store.writing import Writing
from models.unit import LEFT_STATUSES, PRIMARY_OF, RECEIVED_STATUSES, SENT_STATUSES, Hold, PrimaryStatus

_ORDER = (Hold.RESERVED, Hold.SENT, Hold.RECEIVED)
#: Told to go and not there yet.
_ON_THE_WAY = SENT_STATUSES | {"AcknowledgedTransmission", "EnRoute", "Departed"}
#: Statuses that end a unit's going even where it had not begun.
_CALLED_OFF = frozenset({"AssignmentCancelled", "OffDuty", "OutofService"})


async def move_decision(pen: Writing, decision: Any, to: DecisionState) -> None:
    """Compare and set along the table of moves; raises MoveNotAllowed."""
    allowed = [state.value for state, onward in DECISION_MOVES.items() if to in onward]
    if await pen.connection.fetchval(query("move_decision"), decision["id"], to.value, allowed) is None:
        raise MoveNotAllowed(state=decision["state"], to=to.value)


async def acknowledge(pen: Writing, decision_id: UUID, state: Hold) -> None:
    """The CAD echoes a decision (sent) or reports that its units answered (received); an earlier state is old news."""
    call, decision = await lock_decision(pen, decision_id)
    if decision["state"] not in LIVE:
        if decision["state"] == "standing":
            return  # a decline has nobody to reach
        raise MoveNotAllowed(state=decision["state"], to=state.value)
    units = await pen.connection.fetch(query("decision_units"), decision_id)
    await pen.connection.fetch(query("lock_units"), pen.center, [unit["unit_id"] for unit in units])
    for unit in units:
        await _raise_hold(pen, call, decision_id, unit["unit_id"], Hold(unit["hold"]), state)
    await _follow_units(pen, call, decision)


async def _raise_hold(
    pen: Writing, call: Any, decision_id: UUID, unit_id: str, known: Hold, hold: Hold
) -> None:
    if _ORDER.index(hold) <= _ORDER.index(known):
        return
    await pen.connection.execute(query("set_unit_hold"), pen.center, unit_id, hold.value)
    await pen.connection.execute(query("set_decision_unit_hold"), decision_id, unit_id, hold.value)
    pen.tell_units(unit_id)
    pen.tell_call(CallChanged, call["id"], what=("units",))


async def _follow_units(pen: Writing, call: Any, decision: Any) -> None:
    """A decision is as far as the slowest of its units; without any left it is finished."""
    units = await pen.connection.fetch(query("decision_units"), decision["id"])
    if not units:
        await finish_decision(pen, call)
        return
    state = DecisionState(min((Hold(unit["hold"]) for unit in units), key=_ORDER.index).value)
    if state.value == decision["state"]:
        return
    await move_decision(pen, decision, state)
    pen.tell_call(DecisionProgressed, call["id"], what=state.value)


async def finish_decision(pen: Writing, call: Any, to: DecisionState = DecisionState.FINISHED) -> bool:
    """End the standing decision of a locked call and let its units go; True where units had been sent."""
    if call["decision_id"] is None:
        return False
    decision = await the_row(pen.connection, "decision", pen.center, call["decision_id"])
    if to not in DECISION_MOVES[DecisionState(decision["state"])]:
        return bool(decision["state"] == "finished" and decision["kind"] != "declined")
    sent = await pen.connection.fetchval(query("was_sent"), call["id"], [])
    await move_decision(pen, decision, to)
    await pen.connection.execute(query("set_reconfirm"), decision["id"], [], decision["staging"])
    freed = await pen.connection.fetch(query("free_units"), decision["id"], None, pen.at)
    pen.tell_units(*(row["id"] for row in freed))
    await resolve_alerts(pen, call["id"], *AlertCode)
    pen.tell_call(DecisionProgressed, call["id"], what=to.value)
    await recount_unmet(pen, call["id"])
    return bool(sent)


async def expire(pen: Writing, decision_id: UUID) -> bool:
    """Nobody echoed a reservation in time: silent units are free again and a dispatcher has to know."""
    call, decision = await lock_decision(pen, decision_id)
    if decision["state"] != "reserved":
        return False
    units = await pen.connection.fetch(query("decision_units"), decision_id)
    silent = [unit["unit_id"] for unit in units if unit["hold"] == Hold.RESERVED.value]
    freed = await pen.connection.fetch(query("free_units"), decision_id, silent, pen.at)
    pen.tell_units(*(row["id"] for row in freed))
    await _go_on_without(pen, call, decision, [_gone(row["id"]) for row in freed])
    await raise_alert(pen, call["id"], AlertCode.NOT_REACHED, [])
    return True


async def unit_status(pen: Writing, unit_id: str, status: str, at: datetime, source_seq: int | None) -> bool:
    """A unit's status; False where it is older than what is known: ignored and counted."""
    call, unit = await _lock_unit_and_its_call(pen, unit_id)
    # the time decides; the sender's number only between reports of one instant, for it may begin again at 1
    repeated = at == unit["status_at"] and None not in (source_seq, unit["status_seq"])
    old = at < unit["status_at"] or (repeated and source_seq <= unit["status_seq"])
    if unit["status_heard"] and old:
        IGNORED.labels("status").inc()
        return False
    await pen.connection.execute(query("set_unit_status"), pen.center, unit_id, status, at, source_seq)
    pen.tell_units(unit_id)
    if call is not None and status != unit["status"]:
        await _decision_hears(pen, call, unit, status)
    return True


async def _lock_unit_and_its_call(pen: Writing, unit_id: str) -> tuple[Any, Any]:
    """Locks are taken calls first: look who holds the unit, lock that call, lock the unit, look again."""
    held = await pen.connection.fetchrow(query("unit_holder"), pen.center, unit_id)
    if held is None:
        raise NotFound
    call = await lock_call(pen, held["call_id"]) if held["call_id"] else None
    (unit,) = await pen.connection.fetch(query("lock_units"), pen.center, [unit_id])
    if unit["call_id"] != held["call_id"]:
        raise asyncpg.SerializationError("the unit was taken between two looks: try again")
    return call, unit


async def _decision_hears(pen: Writing, call: Any, unit: Any, status: str) -> None:
    """What a held unit's new status means for its decision."""
    decision = await the_row(pen.connection, "decision", pen.center, unit["decision_id"])
    hold = Hold(unit["hold"])
    if status in RECEIVED_STATUSES:
        await _raise_hold(pen, call, decision["id"], unit["id"], hold, Hold.RECEIVED)
    elif status in SENT_STATUSES:
        await _raise_hold(pen, call, decision["id"], unit["id"], hold, Hold.SENT)
    elif _never_came(hold, unit["status"], status):
        await _unit_left(pen, decision, unit["id"])
        reason = _gone(unit["id"], status)
        await _go_on_without(pen, call, decision, [reason])
        await raise_alert(pen, call["id"], AlertCode.UNIT_LEFT, [reason])
        return
    elif status in LEFT_STATUSES and PRIMARY_OF[unit["status"]] is PrimaryStatus.NOT_AVAILABLE:
        await _unit_left(pen, decision, unit["id"])
    await _follow_units(pen, call, decision)


def _never_came(hold: Hold, before: str, status: str) -> bool:
    """A reserved unit that went elsewhere, or one that was sent and turned back or fell out on its way.

    A unit that was told to go and moves from one free status to another, e.g. Station to InService, still comes.
    """
    if hold is Hold.RESERVED:
        return PRIMARY_OF[status] is PrimaryStatus.NOT_AVAILABLE
    free = PRIMARY_OF[before] is not PrimaryStatus.NOT_AVAILABLE
    return (before in _ON_THE_WAY and status in LEFT_STATUSES) or (free and status in _CALLED_OFF)


def _gone(unit_id: str, status: str | None = None) -> dict[str, Any]:
    params = {"unit": unit_id} if status is None else {"unit": unit_id, "status": status}
    return Reason(code="UNIT_LEFT", params=params).model_dump(mode="json")


async def _go_on_without(pen: Writing, call: Any, decision: Any, gone: Sequence[dict[str, Any]]) -> None:
    """Some of the units do not come: the others go on; where there are none the call is planned again.

    Behind a closed gate the others wait for the dispatcher's word: the police it asks for may be who is gone.
    """
    if not await pen.connection.fetch(query("decision_units"), decision["id"]):
        await _fall_open(pen, call, decision)
        return
    await _follow_units(pen, call, decision)
    gates = (call["assessment_view"] or {}).get("gates", [])
    if gone and any(not gate["released"] for gate in gates):
        await pen.connection.execute(
            query("set_reconfirm"), decision["id"], [*decision["reconfirm"], *gone], decision["staging"]
        )
        pen.tell_call(DecisionProgressed, call["id"], what="reconfirm")


async def _fall_open(pen: Writing, call: Any, decision: Any) -> None:
    """Nobody goes after all: the call is planned again."""
    reserved = decision["state"] == DecisionState.RESERVED.value
    await finish_decision(pen, call, DecisionState.EXPIRED if reserved else DecisionState.RELEASED)
    version = call["decision_version"] + 1
    await pen.connection.execute(query("set_decision"), call["id"], decision["id"], version)


async def _unit_left(pen: Writing, decision: Any, unit_id: str) -> None:
    await pen.connection.fetch(query("free_units"), decision["id"], [unit_id], pen.at)
    pen.tell_units(unit_id)


async def unit_position(
    pen: Writing, unit_id: str, lat: float, lon: float, at: datetime, source_seq: int | None
) -> bool:
    """Where a unit is; False where it is older than what is known: ignored and counted."""
    if await pen.connection.fetchval(query("unit_exists"), pen.center, unit_id) is None:
        raise NotFound
    moved = await pen.connection.fetchval(
        query("set_unit_position"), pen.center, unit_id, lat, lon, at, source_seq
    )
    if moved is None:
        IGNORED.labels("position").inc()
        return False
    pen.tell_units(unit_id)
    return True

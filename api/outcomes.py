"""How calls end and what counts: provisional, then confirmed or reversed by a person, always with a reason."""

from typing import Any
from uuid import UUID

from api.desk import Center
from api.progress import finish_decision
from api.review import lock_seen
from api.security import Principal
from models.errors import InvalidRequest, MoveNotAllowed, NotFound
from models.events import OutcomeRecorded
from models.ids import new_id
from models.outcome import (
    APCO_DISPOSITION,
    LEDGER_MOVES,
    AttestationBasis,
    LedgerStatus,
    OutcomeFacts,
    diversions_of,
)
from models.store.calls import lock_call
from models.store.counting import recount
from models.store.database import query
from models.store.views import call_seen, units_seen
from models.store.writing import Writing


async def report(
    pen: Writing, who: Principal, center: Center, call_id: UUID, facts: OutcomeFacts, decision_version: int
) -> Any:
    """Record a disposition; a new report replaces an unconfirmed one."""
    call = await lock_seen(pen, call_id, decision_version)
    if facts.otherwise_ed is AttestationBasis.CLINICIAN and who.role not in ("clinician", "supervisor"):
        raise InvalidRequest(
            "Only a clinician attests what would otherwise have happened.", field="otherwise_ed"
        )
    if facts.otherwise_ed is not None and not facts.otherwise_ed_reason:
        raise InvalidRequest("An attestation needs a reason code.", field="otherwise_ed_reason")
    await _check_officer(pen, center, facts)
    if call["outcome_id"] is not None and who.machine:
        raise MoveNotAllowed("A machine does not replace an outcome that was reported before.")
    await _replace(pen, who, call)
    remote = [kind.value for kind, part in center.policy.kinds.items() if part.remote]
    sent = bool(await pen.connection.fetchval(query("was_sent"), call_id, remote))
    outcome_id = new_id()
    await pen.connection.execute(
        query("add_outcome"), outcome_id, pen.center, call_id, pen.at, who.name, who.role,
        facts.model_dump(mode="json"), APCO_DISPOSITION[facts.resolution],
    )  # fmt: skip
    for counter in sorted(diversions_of(facts, unit_was_sent=sent)):
        await pen.connection.execute(
            query("add_diversion"), outcome_id, counter.value, pen.center, call_id, center.day(pen.at), pen.at
        )
    await pen.connection.execute(query("set_outcome"), call_id, outcome_id)
    await finish_decision(pen, call)
    if call["state"] == "closed":
        await pen.connection.execute(query("set_on_board"), call_id, False)
    return await _told(pen, center, call_id)


async def _check_officer(pen: Writing, center: Center, facts: OutcomeFacts) -> None:
    """An allegation counts only on the word of an officer's unit of this center."""
    if facts.offense_officer_unit is None:
        return
    units = await units_seen(pen.connection, pen.center, [facts.offense_officer_unit])
    if not units or not center.policy.kinds[units[0].kind].armed:
        raise InvalidRequest("This is not the unit of an officer.", field="offense_officer_unit")


async def _replace(pen: Writing, who: Principal, call: Any) -> None:
    if call["outcome_id"] is None:
        return
    states = [LedgerStatus.PROVISIONAL.value, LedgerStatus.REVERSED.value]
    moved = await pen.connection.fetchval(
        query("move_outcome"), call["outcome_id"], "replaced", who.name, pen.at, "reported again", states
    )
    if moved is None:
        raise MoveNotAllowed("This outcome is confirmed: reverse it first.")
    await pen.connection.execute(
        query("reverse_diversions"), call["outcome_id"], pen.at, who.name, "reported again"
    )


async def confirm(pen: Writing, who: Principal, center: Center, outcome_id: UUID) -> Any:
    """A clinician or quality assurance confirms what was inferred at disposition."""
    call_id = await _move(pen, who, outcome_id, LedgerStatus.CONFIRMED, None)
    await pen.connection.execute(query("confirm_diversions"), outcome_id, pen.at, who.name)
    return await _told(pen, center, call_id)


async def reverse(pen: Writing, who: Principal, center: Center, outcome_id: UUID, reason: str) -> Any:
    """A later arrest, ED visit or correction speaks against it."""
    call_id = await _move(pen, who, outcome_id, LedgerStatus.REVERSED, reason)
    await pen.connection.execute(query("reverse_diversions"), outcome_id, pen.at, who.name, reason)
    return await _told(pen, center, call_id)


async def _move(pen: Writing, who: Principal, outcome_id: UUID, to: LedgerStatus, reason: str | None) -> UUID:
    found = await pen.connection.fetchrow(query("outcome"), pen.center, outcome_id)
    if found is None:
        raise NotFound
    await lock_call(pen, found["call_id"])
    states = [state.value for state, onward in LEDGER_MOVES.items() if to in onward]
    moved = await pen.connection.fetchval(
        query("move_outcome"), outcome_id, to.value, who.name, pen.at, reason, states
    )
    if moved is None:
        raise MoveNotAllowed(status=found["status"], to=to.value)
    return UUID(str(found["call_id"]))


async def _told(pen: Writing, center: Center, call_id: UUID) -> Any:
    pen.tell_call(OutcomeRecorded, call_id)
    await recount(pen, center.day(pen.at))
    return {"call": await call_seen(pen.connection, pen.center, call_id)}

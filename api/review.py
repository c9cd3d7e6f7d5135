"""The clinician's word: flag or set aside, confirm or dismiss indicators, answer questions, release gates."""

import re
from typing import Any
from uuid import UUID

from api.desk import Center, Desk
from api.intake import append, assess_again
from api.lenient import EntryIn
from api.metrics import DECISIONS
from api.reading import releases_of, view_of
from api.records import record
from api.security import Principal
from models.assessment import Assessment, GateName, Indicator, Standing
from models.call import ReviewState
from models.errors import DecisionStale, InvalidRequest, MoveNotAllowed, NotAllowed, NotFound, ReasonRequired
from models.events import CallChanged, CallReviewed, GateReleased
from models.ids import new_id
from models.store.calls import lock_call
from models.store.database import query, the_row
from models.store.views import call_seen
from models.store.writing import Writing
from triage.gates import standing

#: What a question is about, in the words a CAD form would put before its answer.
SUBJECTS = {"ASK_WEAPON_ACCESS": "WEAPONS", "ASK_VIOLENCE_TODAY": "VIOLENT"}
#: A no has to be the whole answer: NO IDEA, or NO BUT HE DID YESTERDAY, is not one.
_BARE = re.compile(
    r"(yes|yeah|yep|si|sí|unk|unknown|unsure|not sure|maybe|poss|possibly)\b|(no|nope|none|negative)\W*$",
    re.IGNORECASE,
)


async def lock_seen(pen: Writing, call_id: UUID, decision_version: int) -> Any:
    """Lock a call that has not changed since the person looked; raises DecisionStale with what it is now."""
    call = await lock_call(pen, call_id)
    if call["decision_version"] != decision_version:
        raise DecisionStale(
            call_id=str(call_id),
            seen=decision_version,
            now=call["decision_version"],
            decision=await standing_decision(pen, call),
        )
    return call


async def standing_decision(pen: Writing, call: Any) -> dict[str, Any] | None:
    """Who decided a call and how, for the people who were slower."""
    if call["decision_id"] is None:
        return None
    row = await the_row(pen.connection, "decision", pen.center, call["decision_id"])
    units = await pen.connection.fetch(query("decision_units"), row["id"])
    return {
        "id": str(row["id"]),
        "kind": row["kind"],
        "state": row["state"],
        "by": row["by"],
        "at": row["at"].isoformat(),
        "units": [unit["unit_id"] for unit in units],
    }


async def review(
    pen: Writing,
    who: Principal,
    call_id: UUID,
    decision: ReviewState,
    reason: str | None,
    decision_version: int,
) -> Any:
    """Flag a call for co-response or set it aside; setting aside needs a reason."""
    call = await lock_seen(pen, call_id, decision_version)
    if call["state"] == "closed":
        raise MoveNotAllowed("This call is closed.")
    if decision is ReviewState.SET_ASIDE and not (reason and reason.strip()):
        raise ReasonRequired
    await record(pen, who, call, action=f"review.{decision.value}", reason=reason)
    await pen.connection.execute(
        query("set_review"), call_id, decision.value, who.name, pen.at, reason, decision_version + 1
    )
    pen.tell_call(CallReviewed, call_id)
    DECISIONS.labels(f"review_{decision.value}").inc()
    return {"call": await call_seen(pen.connection, pen.center, call_id)}


async def flag_indicator(
    pen: Writing,
    who: Principal,
    call_id: UUID,
    indicator: Indicator,
    action: str,
    reason: str | None,
    decision_version: int,
    mention: str | None = None,
) -> Any:
    """A clinician confirms, dismisses or adds one indicator: feedback that is kept with the artefact it judged.

    A dismissal may name one mention: these words do not say that, whatever others do.
    """
    call = await lock_seen(pen, call_id, decision_version)
    if mention is not None:
        await _need_mention(pen, call_id, indicator, mention)
    artefact = (call["assessment_view"] or {}).get("artefact")
    await pen.connection.execute(
        query("add_flag"),
        new_id(),
        call_id,
        indicator.value,
        action,
        reason,
        who.name,
        who.role,
        pen.at,
        artefact,
        mention,
    )
    await record(pen, who, call, action=f"indicator.{action}", reason=f"{indicator.value}: {reason or ''}")
    pen.tell_call(CallChanged, call_id, what=("flag",))
    return {"call": await call_seen(pen.connection, pen.center, call_id)}


async def _need_mention(pen: Writing, call_id: UUID, indicator: Indicator, mention: str) -> None:
    body = await pen.connection.fetchval(query("standing_assessment"), call_id)
    read = Assessment.model_validate_json(body).mentions if body else ()
    if not any((each.id, each.concept) == (mention, indicator) for each in read):
        raise InvalidRequest("Nothing of that kind was read in the call.", mention=mention)


async def answer_question(
    desk: Desk, pen: Writing, who: Principal, call_id: UUID, question: str, answer: str
) -> Any:
    """The caller's answer is text of the call like any other: appended, read again, and kept with its question.

    A bare yes, no or unknown gets the subject of its question in front: `YES` alone is no weapon to any reader.
    """
    call = await lock_call(pen, call_id)
    asked = {q["code"] for q in (call["assessment_view"] or {}).get("questions", [])}
    if question not in asked:
        raise InvalidRequest("This question is not open for the call.", question=question, open=sorted(asked))
    await pen.connection.execute(query("add_answer"), new_id(), call_id, question, answer, who.name, pen.at)
    subject = SUBJECTS.get(question)
    text = f"{subject}: {answer.strip()}" if subject and _BARE.match(answer.strip()) else answer
    if not await append(desk, pen, call, EntryIn(text=text, author=who.name, at=pen.at), []):
        raise InvalidRequest("The answer has no text.")
    pen.tell_call(CallChanged, call_id, what=("answer",))
    return {"call": await call_seen(pen.connection, pen.center, call_id)}


async def release_gate(
    desk: Desk,
    pen: Writing,
    who: Principal,
    center: Center,
    call_id: UUID,
    gate: GateName,
    mentions: tuple[str, ...],
    reason: str,
    decision_version: int,
) -> Any:
    """A named role lets a gate go for named mentions; a mention that comes later closes it again."""
    if not reason.strip():
        raise ReasonRequired
    call = await lock_seen(pen, call_id, decision_version)
    if who.role not in center.policy.release.roles_for(gate):
        raise NotAllowed("Your role may not release this gate.", gate=gate.value)
    stands = Standing.model_validate(call["standing"])
    latched = next((g for g in stands.gates if g.name is gate and not g.released), None)
    if latched is None:
        raise NotFound("This gate is not closed for the call.", gate=gate.value)
    if unknown := set(mentions) - set(latched.mentions):
        raise InvalidRequest("These mentions did not close the gate.", mentions=sorted(unknown))
    await record(pen, who, call, action="gate.released", reason=f"{gate.value}: {reason}")
    await pen.connection.execute(
        query("add_release"),
        new_id(),
        call_id,
        gate.value,
        list(mentions),
        who.role,
        reason,
        who.name,
        pen.at,
    )
    await _stand_again(desk, pen, call, stands)
    pen.tell_call(GateReleased, call_id, gate=gate.value)
    return {"call": await call_seen(pen.connection, pen.center, call_id)}


async def _stand_again(desk: Desk, pen: Writing, call: Any, prior: Standing) -> None:
    """Gates and risk after a release; text that was never read is read first."""
    body = await pen.connection.fetchval(query("standing_assessment"), call["id"])
    if body is None or call["assessed_version"] != call["text_version"]:
        await assess_again(desk, pen, call)
        return
    assessment = Assessment.model_validate_json(body)
    stands = standing(prior, assessment, await releases_of(pen.connection, call["id"], prior))
    silent = (await desk.center(pen.center)).silent
    await pen.connection.execute(
        query("set_standing"),
        call["id"],
        view_of(assessment, stands, silent=silent).model_dump(mode="json"),
        stands.model_dump(mode="json"),
        call["decision_version"] + 1,
    )

"""Calls for service: intake by the CAD, reading by people, the clinician's word."""

from contextlib import suppress
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel

from api.deps import DeskDep, KeyDep
from api.desk import Desk
from api.intake import answer, append, change_call, close, link
from api.keyed import RETRIES, run
from api.lenient import CallIn, CallPatch, EntryIn, Lenient, M, Unparseable, parse, plausible_time
from api.optimistic import append_plain, close_plain
from api.outcomes import report
from api.reading_room import call_for_reader
from api.review import answer_question, flag_indicator, release_gate, review
from api.routes.forms import AnswerForm, FlagForm, LinkForm, OutcomeForm, ReleaseGateForm, ReviewForm
from api.routes.roles import AddsText, ListsCalls, ReadsCalls, Releases, ReportsOutcomes, Reviews, TakesCalls
from api.security import Principal
from api.taking import take_again, take_call, taken
from api.unparsed import quarantine
from models.assessment import Assessment, GateName
from models.call import CallState, CallView, ReviewState
from models.errors import NotFound, NotReady
from models.store.calls import lock_call
from models.store.database import query
from models.store.writing import Writing

router = APIRouter(prefix="/v1/calls", tags=["calls"])


class CallAnswer(BaseModel):
    """A call as it now stands, with its whole assessment."""

    call: CallView
    assessment: Assessment | None


class OneCall(BaseModel):
    """A call as it now stands."""

    call: CallView


def body_of(model: type[BaseModel]) -> dict[str, Any]:
    """Documents a body that is read leniently instead of being refused."""
    schema = model.model_json_schema()
    parts = schema.pop("$defs", {})
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _inlined(schema, parts)}},
        }
    }


def _inlined(schema: Any, parts: dict[str, Any]) -> Any:
    """The schema with its own parts in place, since references would point outside the document."""
    if isinstance(schema, list):
        return [_inlined(item, parts) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(parts[schema["$ref"].rsplit("/", 1)[-1]], parts)
    return {name: _inlined(value, parts) for name, value in schema.items()}


async def read_body(desk: Desk, who: Principal, request: Request, model: type[M]) -> Lenient[M]:
    """The body as `model`; what cannot be parsed at all is kept in quarantine and told."""
    body = await request.body()
    try:
        return parse(model, body)
    except Unparseable as fault:
        raise await quarantine(desk, who, request.method, request.url.path, body, str(fault)) from fault


@router.post(
    "",
    status_code=201,
    responses={200: {"model": CallAnswer}, 201: {"model": CallAnswer}},
    openapi_extra=body_of(CallIn),
)
async def post_call(request: Request, desk: DeskDep, who: TakesCalls, key: KeyDep) -> Response:
    """Take a call; sent again with the same external_id it is an update."""
    posted = await read_body(desk, who, request, CallIn)
    if posted.value.center not in (None, who.center):
        raise NotFound
    center = await desk.center(who.center)
    intake = await taken(desk, center, posted)

    async def use_case(pen: Writing) -> Any:
        return await take_again(desk, pen, intake)

    for _ in range(RETRIES):
        if (taken_new := await take_call(desk, who, key, intake)) is not None:
            return taken_new
        with suppress(
            NotFound
        ):  # whoever used the same key or number at this moment gave up: it is free again
            return await run(desk, who, key, use_case)
    raise NotReady("The database is too busy to take this now: try again.")


@router.patch("/{call_id}", response_model=CallAnswer, openapi_extra=body_of(CallPatch))
async def patch_call(
    call_id: UUID, request: Request, desk: DeskDep, who: TakesCalls, key: KeyDep
) -> Response:
    """Correct nature, location, beat or priority."""
    posted = await read_body(desk, who, request, CallPatch)

    async def use_case(pen: Writing) -> Any:
        await change_call(desk, pen, await lock_call(pen, call_id), posted.value, posted.flags)
        return await answer(pen, call_id)

    return await run(desk, who, key, use_case)


@router.post("/{call_id}/entries", response_model=CallAnswer, openapi_extra=body_of(EntryIn))
async def post_entry(call_id: UUID, request: Request, desk: DeskDep, who: AddsText, key: KeyDep) -> Response:
    """Append a remark; the call is read again in the same commit."""
    posted = await read_body(desk, who, request, EntryIn)
    if posted.flags and not posted.value.text.strip():  # words under another name: people have to see them
        body, path = await request.body(), request.url.path
        raise await quarantine(desk, who, request.method, path, body, "an entry without text")
    center = await desk.center(who.center)
    flags = list(posted.flags)
    at = plausible_time(posted.value.at, desk.now(), center.timezone, flags, "at") or desk.now()

    entry = posted.value.model_copy(update={"at": at})
    if (appended := await append_plain(desk, who, key, call_id, entry, list(flags))) is not None:
        return appended

    async def use_case(pen: Writing) -> Any:
        await append(desk, pen, await lock_call(pen, call_id), entry, list(flags))
        return await answer(pen, call_id)

    return await run(desk, who, key, use_case)


@router.post("/{call_id}/close", response_model=OneCall)
async def post_close(call_id: UUID, desk: DeskDep, who: TakesCalls, key: KeyDep) -> Response:
    """The CAD closed the call."""
    if (closed := await close_plain(desk, who, key, call_id)) is not None:
        return closed
    center = await desk.center(who.center)

    async def use_case(pen: Writing) -> Any:
        await close(pen, center, await lock_call(pen, call_id))
        return {"call": await pen.seen(call_id)}

    return await run(desk, who, key, use_case)


@router.post("/{call_id}/link", response_model=OneCall)
async def post_link(call_id: UUID, form: LinkForm, desk: DeskDep, who: TakesCalls, key: KeyDep) -> Response:
    """Two calls belong together."""
    try:
        other = UUID(form.other)
    except ValueError as fault:
        raise NotFound from fault

    async def use_case(pen: Writing) -> Any:
        await link(pen, call_id, other, form.kind.value)
        return {"call": await pen.seen(call_id)}

    return await run(desk, who, key, use_case)


@router.get("")
async def list_calls(
    desk: DeskDep,
    who: ListsCalls,
    state: CallState | None = None,
    before: AwareDatetime | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """Calls without their text, newest first."""
    rows = await desk.pool.fetch(query("list_calls"), who.center, state and state.value, before, limit)
    return {"calls": [dict(row) for row in rows]}


@router.get("/{call_id}")
async def get_call(call_id: UUID, desk: DeskDep, who: ReadsCalls) -> Response:
    """One call with its words; the read is audited."""
    return Response(await call_for_reader(desk, who, call_id), media_type="application/json")


@router.post("/{call_id}/review", response_model=OneCall)
async def post_review(call_id: UUID, form: ReviewForm, desk: DeskDep, who: Reviews, key: KeyDep) -> Response:
    """Flag for co-response, or set aside with a reason."""
    state = ReviewState.FLAGGED if form.decision == "flag" else ReviewState.SET_ASIDE

    async def use_case(pen: Writing) -> Any:
        return await review(pen, who, call_id, state, form.reason, form.decision_version)

    return await run(desk, who, key, use_case)


@router.post("/{call_id}/flags", response_model=OneCall)
async def post_flag(call_id: UUID, form: FlagForm, desk: DeskDep, who: Reviews, key: KeyDep) -> Response:
    """Confirm, dismiss or add one indicator; a dismissal may name the one mention that does not say it."""

    async def use_case(pen: Writing) -> Any:
        return await flag_indicator(
            pen, who, call_id, form.indicator, form.action, form.reason, form.decision_version, form.mention
        )

    return await run(desk, who, key, use_case)


@router.post("/{call_id}/answers", response_model=OneCall)
async def post_answer(
    call_id: UUID, form: AnswerForm, desk: DeskDep, who: ReadsCalls, key: KeyDep
) -> Response:
    """The caller's answer to an open question."""

    async def use_case(pen: Writing) -> Any:
        return await answer_question(desk, pen, who, call_id, form.question, form.answer)

    return await run(desk, who, key, use_case)


@router.post("/{call_id}/gates/{gate}/release", response_model=OneCall)
async def post_gate_release(
    call_id: UUID, gate: GateName, form: ReleaseGateForm, desk: DeskDep, who: Releases, key: KeyDep
) -> Response:
    """Release a gate for named mentions."""
    center = await desk.center(who.center)

    async def use_case(pen: Writing) -> Any:
        return await release_gate(
            desk, pen, who, center, call_id, gate, form.mentions, form.reason, form.decision_version
        )

    return await run(desk, who, key, use_case)


@router.post("/{call_id}/outcome", status_code=201, response_model=OneCall)
async def post_outcome(
    call_id: UUID, form: OutcomeForm, desk: DeskDep, who: ReportsOutcomes, key: KeyDep
) -> Response:
    """How the call ended."""
    center = await desk.center(who.center)

    async def use_case(pen: Writing) -> Any:
        return await report(pen, who, center, call_id, form.facts, form.decision_version)

    return await run(desk, who, key, use_case, 201)

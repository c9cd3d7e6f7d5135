"""Outcomes and the report whose every number carries its definition."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Response

from api.deps import DeskDep, KeyDep
from api.keyed import run
from api.outcomes import confirm, reverse
from api.reader import reader_report
from api.report import diversion_report
from api.routes.calls import OneCall
from api.routes.forms import ReasonForm
from api.routes.roles import ConfirmsOutcomes, ReadsReader, ReadsReports, SeesOutcomes
from models.errors import InvalidRequest
from models.outcome import LedgerStatus
from models.reader import ReaderReport
from models.store.database import query
from models.store.writing import Writing

router = APIRouter(prefix="/v1", tags=["outcomes"])
LONGEST = timedelta(days=366)


@router.get("/outcomes")
async def list_outcomes(
    desk: DeskDep,
    who: SeesOutcomes,
    status: LedgerStatus = LedgerStatus.PROVISIONAL,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """Outcomes by status, newest first."""
    rows = await desk.pool.fetch(query("list_outcomes"), who.center, status.value, limit)
    return Response(orjson.dumps({"outcomes": [dict(row) for row in rows]}), media_type="application/json")


@router.post("/outcomes/{outcome_id}/confirm", response_model=OneCall)
async def post_confirm(outcome_id: UUID, desk: DeskDep, who: ConfirmsOutcomes, key: KeyDep) -> Response:
    """What was inferred at disposition is so."""
    center = await desk.center(who.center)

    async def use_case(pen: Writing) -> Any:
        return await confirm(pen, who, center, outcome_id)

    return await run(desk, who, key, use_case)


@router.post("/outcomes/{outcome_id}/reverse", response_model=OneCall)
async def post_reverse(
    outcome_id: UUID, form: ReasonForm, desk: DeskDep, who: ConfirmsOutcomes, key: KeyDep
) -> Response:
    """A later fact speaks against it."""
    center = await desk.center(who.center)

    async def use_case(pen: Writing) -> Any:
        return await reverse(pen, who, center, outcome_id, form.reason)

    return await run(desk, who, key, use_case)


@router.get("/reports/diversion")
async def get_diversion(
    desk: DeskDep,
    who: ReadsReports,
    first: Annotated[date | None, Query(description="First local day; today where none is given.")] = None,
    last: Annotated[date | None, Query(description="Last local day, included.")] = None,
) -> dict[str, Any]:
    """Diversions and unserved calls of a span of days, each number with its definition and denominator."""
    center = await desk.center(who.center)
    last = last or center.day(desk.now())
    first = first or last
    if not timedelta(0) <= last - first <= LONGEST or first.year < 1970 or last.year > 9000:
        raise InvalidRequest("The span of days is backwards or longer than a year.")
    begin, end = (
        datetime.combine(day, time(), center.timezone).astimezone(UTC) for day in (first, last + timedelta(1))
    )
    async with desk.pool.acquire() as connection:
        return await diversion_report(connection, center.id, first, last, begin, end)


@router.get("/reports/reader")
async def get_reader(desk: DeskDep, who: ReadsReader) -> ReaderReport:
    """How the engine read the newest calls, whether scores moved, and how they stand beside clinicians' words."""
    async with desk.pool.acquire() as connection:
        return await reader_report(connection, who.center, desk.now(), desk.phrases.of(who.center))

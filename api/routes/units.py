"""Units: roster, status and position as their CAD says them."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from api.deps import DeskDep, KeyDep
from api.keyed import run
from api.progress import unit_position, unit_status
from api.routes.forms import PositionForm, StatusForm, UnitForm
from api.routes.roles import KeepsUnits, MovesUnits, SeesUnits
from models.errors import NotFound
from models.store.database import query
from models.store.views import units_seen
from models.store.writing import Writing
from models.unit import UnitView

router = APIRouter(prefix="/v1/units", tags=["units"])
UnitId = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[\w.\- ]+$")]


@router.get("")
async def list_units(desk: DeskDep, who: SeesUnits) -> dict[str, list[UnitView]]:
    """All units of the center."""
    async with desk.pool.acquire() as connection:
        return {"units": await units_seen(connection, who.center)}


@router.get("/{unit_id}")
async def get_unit(unit_id: UnitId, desk: DeskDep, who: SeesUnits) -> UnitView:
    """One unit."""
    async with desk.pool.acquire() as connection:
        views = await units_seen(connection, who.center, [unit_id])
    if not views:
        raise NotFound
    return views[0]


@router.put("/{unit_id}", response_model=UnitView)
async def put_unit(unit_id: UnitId, form: UnitForm, desk: DeskDep, who: KeepsUnits, key: KeyDep) -> Response:
    """Register a unit or change its roster data; its status stays."""
    if form.center not in (None, who.center):
        raise NotFound

    async def use_case(pen: Writing) -> Any:
        await pen.connection.execute(
            query("put_unit"), pen.center, unit_id, form.agency, form.kind.value,
            [member.model_dump(mode="json") for member in form.crew], list(form.capabilities),
            form.shift_ends_at, pen.at,
        )  # fmt: skip
        pen.tell_units(unit_id)
        return (await units_seen(pen.connection, pen.center, [unit_id]))[0]

    return await run(desk, who, key, use_case)


@router.post("/{unit_id}/status")
async def post_status(
    unit_id: UnitId, form: StatusForm, desk: DeskDep, who: MovesUnits, key: KeyDep
) -> Response:
    """A unit's status; older than known is ignored and counted."""

    async def use_case(pen: Writing) -> Any:
        return {"taken": await unit_status(pen, unit_id, form.status, min(form.at, pen.at), form.source_seq)}

    return await run(desk, who, key, use_case)


@router.post("/{unit_id}/position")
async def post_position(
    unit_id: UnitId, form: PositionForm, desk: DeskDep, who: MovesUnits, key: KeyDep
) -> Response:
    """Where a unit is; older than known is ignored and counted."""

    async def use_case(pen: Writing) -> Any:
        at = min(form.at, pen.at)  # a clock that runs ahead must not make the unit deaf to what comes after
        return {"taken": await unit_position(pen, unit_id, form.lat, form.lon, at, form.source_seq)}

    return await run(desk, who, key, use_case)

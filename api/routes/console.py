"""The console's state and its feed."""

from importlib.resources import files
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response, WebSocket

from api.console_feed import Feed, events_for, snapshot_for
from api.deps import DeskDep, caller, same_origin
from api.routes.roles import WatchesConsole
from models.errors import NotSignedIn, TandemError
from models.events import Snapshot
from models.store.database import LOST

router = APIRouter(prefix="/v1/console", tags=["console"])
#: WebSocket close codes of ours: 4401 sign in first, 4403 not for this role or site.
UNSIGNED, FORBIDDEN = 4401, 4403
DEMO = "demo"
ROLES = ("dispatcher", "supervisor", "clinician", "manager")


@router.get("/snapshot", response_model=Snapshot)
async def get_snapshot(desk: DeskDep, who: WatchesConsole) -> Response:
    """Everything a console shows, exact at its seq."""
    return Response(orjson.dumps(await snapshot_for(desk, who)), media_type="application/json")


@router.get("/events")
async def get_events(
    desk: DeskDep,
    who: WatchesConsole,
    epoch: Annotated[str, Query(max_length=100)],
    after: Annotated[int, Query(ge=0, lt=2**63)],
) -> Response:
    """The feed's frames over HTTP: events after a seq, then a heartbeat; or a resync."""
    return Response(await events_for(desk, desk.follower, who, epoch, after), media_type="application/json")


@router.get("/basemap")
async def get_basemap(desk: DeskDep, who: WatchesConsole) -> Response:
    """The center's own map; no tile of anybody else is ever asked for."""
    center = await desk.center(who.center)
    if center.id != DEMO or not center.synthetic:
        # nobody is shown another city's streets
        return Response(b'{"type":"FeatureCollection","features":[]}', media_type="application/geo+json")
    return Response(
        files("api").joinpath("demo/basemap.geojson").read_bytes(), media_type="application/geo+json"
    )


@router.websocket("/feed")
async def feed(socket: WebSocket, epoch: str = "", after: int = 0) -> None:
    """Replay after a seq, then live; frames are arrays of events."""
    desk = socket.app.state.desk
    await socket.accept()
    if not same_origin(socket):
        await socket.close(FORBIDDEN)
        return
    try:
        who = await caller(socket)
    except TandemError:
        await socket.close(UNSIGNED)
        return
    if who.role not in ROLES:
        await socket.close(FORBIDDEN)
        return

    async def still_allowed() -> bool:
        try:
            return (await caller(socket)).role == who.role
        except NotSignedIn:
            return False
        except LOST:
            return True  # without its database the service has to say so to whoever listens

    await Feed(desk, desk.follower, who, socket).run(epoch, after, still_allowed)

"""Plays the demo's city against a running service, through its public HTTP API alone."""

import asyncio
import random
import ssl
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

import httpx
import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from api.demo.dispositions import report, tidy_up
from api.demo.fleet import Fleet, LiveCall, call_off
from api.demo.wire import Wire
from api.demo.world import DemoCall, DemoEntry, World, arrivals, load_world
from models.recommendation import DecisionKind, DecisionState, DecisionView, Staging
from models.unit import UnitKind

log = structlog.get_logger(__name__)

PACE = 18.0  # about one call in 9 s of wall clock
STORY_PACE = 5.0  # remarks come slower than the rest, so that a person can read them
OPENING_GAP = 2.5  # seconds between the first calls
FULL_BOARD = 25  # calls; more wait outside
PATIENCE = 240.0  # seconds a call waits for somebody's decision before the CAD sends what it always sent
POLL = 1.0
RECEIVED_AFTER = 3.0  # seconds until the units answer
FRESH = 90.0  # seconds; an older reservation of an earlier run is not ours to echo
UNKNOWN_MINUTES = 25.0  # on a call that somebody else put in; the feed does not say where it is
#: What goes without a pairing: by the story's own word, or by the route of a dispatcher who declined.
STANDARD = {
    "patrol": UnitKind.PAT,
    "standard_patrol": UnitKind.PAT,
    "ems": UnitKind.EMS,
}


class FeedItem(BaseModel):
    """One line of what the CAD is told about decisions."""

    model_config = ConfigDict(extra="ignore")
    seq: int
    call_id: str
    decision: DecisionView


async def play(
    base_url: str,
    token: str,
    *,
    pace: float = PACE,
    seed: int | None = None,
    world: World | None = None,
    trust: ssl.SSLContext | bool = True,
) -> None:
    """Play until cancelled, `pace` times faster than real. `token` is an integrator's bearer token."""
    headers = {"Authorization": f"Bearer {token}"}
    # The service is ours: no proxy of the environment stands between.
    async with httpx.AsyncClient(
        base_url=base_url, headers=headers, timeout=10, trust_env=False, verify=trust
    ) as client:
        await Stream(world or load_world(), Wire(client), pace, random.Random(seed)).run()  # noqa: S311


class Stream:
    """The CAD of the demo's city: calls come in, units drive, decisions are echoed."""

    def __init__(self, world: World, wire: Wire, pace: float, rng: random.Random) -> None:
        self._world, self._wire, self._pace, self._rng = world, wire, pace, rng
        self.fleet = Fleet(world, wire, rng, pace)
        self.open: dict[str, LiveCall] = {}
        self._known: set[str] = set()  # decisions that were echoed
        self._tasks: set[asyncio.Task[None]] = set()
        self._number = 0

    async def run(self) -> None:
        """Play until cancelled."""
        try:
            registered = self._start(self.fleet.register())
            after = await self._catch_up()
            await tidy_up(self._wire, self._rng)
            self._start(self._calls())
            await asyncio.wait({registered})
            self._start(self.fleet.drive())
            self._start(self.fleet.keep_shifts())
            await self._echo(after)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run beside everything else; its failure is logged and ends nothing else."""
        task = asyncio.create_task(work, name=getattr(work, "__qualname__", "work"))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("demo_task_failed", fault=type(fault).__name__, work=task.get_name())

    async def _calls(self) -> None:
        """Open with the calls worth seeing, then let them come as they come."""
        for call in self._world.opening():
            self._start(self._tell(call))
            await asyncio.sleep(OPENING_GAP)
        now = datetime.now(UTC)
        # Measured against the present hour, so that a demo at night is as lively as one at noon.
        pace = self._pace / self._world.rhythm.weight(now, self._world.center.zone)
        for at, call in arrivals(self._world, self._rng, now, pace):
            await asyncio.sleep(max(0, (at - datetime.now(UTC)).total_seconds()))
            if len(self.open) < FULL_BOARD:
                self._start(self._tell(call))

    async def _tell(self, story: DemoCall) -> None:
        """One call from the first ring to its end."""
        answer = await self._wire.post("/v1/calls", self._body(story))
        if answer is None:
            return
        call = LiveCall(answer["call"]["id"], (story.lat, story.lon), story.duration_minutes)
        self.open[call.id] = call
        remarks = self._start(self._remark(call, story))
        try:
            await self._handle(call, story)
        finally:
            remarks.cancel()
            self.open.pop(call.id, None)
        closed = await self._wire.post(f"/v1/calls/{call.id}/close", {})
        self._start(report(self._wire, self._rng, closed))

    def _body(self, story: DemoCall) -> dict[str, Any]:
        now = datetime.now(UTC)
        local = now.astimezone(self._world.center.zone)
        # Seconds of the day, so that a second run of the demo does not use a number again.
        self._number = max(self._number + 1, local.hour * 3600 + local.minute * 60 + local.second)
        return {
            "center": self._world.center.id,
            "external_id": f"{local:%y%j}-{self._number:05d}",
            "source": story.source.value,
            "received_at": now.isoformat(),
            "nature": story.nature,
            "narrative": story.entries[0].text,
            "priority": story.priority,
            "beat": story.beat,
            "location": {"lat": story.lat, "lon": story.lon, "place": story.place},
            "caller": {"relation": story.relation},
            "attributes": {"language": story.language} if story.language != "en" else {},
        }

    async def _remark(self, call: LiveCall, story: DemoCall) -> None:
        told = 0
        for number, entry in enumerate(story.entries[1:], 1):
            await asyncio.sleep((entry.after - told) / STORY_PACE)
            told = entry.after
            if story.source != "officer" and not entry.author.startswith("CT"):
                await call.reached.wait()  # an officer's words need an officer there
            await self._wire.post(f"/v1/calls/{call.id}/entries", _remark_body(entry, number))

    async def _handle(self, call: LiveCall, story: DemoCall) -> None:
        if not story.flag:
            await self._standard(call, story.response)
            return
        while True:
            try:
                await asyncio.wait_for(call.decided.wait(), PATIENCE)
            except TimeoutError:
                await self._standard(call, story.response)
                return
            if call.route is not None:
                await self._standard(call, call.route)
                return
            await self._work_done(call)
            if call.decided.is_set():  # not taken back in between
                return

    async def _work_done(self, call: LiveCall) -> None:
        while call.missions:
            await call.missions[0].done.wait()

    async def _standard(self, call: LiveCall, response: str) -> None:
        """What the CAD sends by itself; a call that needs nobody just takes its time."""
        kind, seconds = STANDARD.get(response), call.minutes * 60 / self._pace
        deadline = asyncio.get_running_loop().time() + seconds
        await asyncio.sleep(min(seconds, 60 / self._pace))
        while asyncio.get_running_loop().time() < deadline:
            vehicle = self.fleet.nearest_idle(kind, call.at) if kind and call.at else None
            if vehicle is not None:
                await self.fleet.work(self.fleet.assign(vehicle, call))
                break
            await asyncio.sleep(POLL)
        await self._work_done(call)

    async def _catch_up(self) -> int:
        """Read what was decided before this run; only fresh reservations are still echoed; the cursor."""
        after, last = 0, dict[str, FeedItem]()
        while items := await self._feed(after):
            after = items[-1].seq
            last.update({item.decision.id: item for item in items})
        now = datetime.now(UTC)
        for item in last.values():
            if (now - item.decision.at).total_seconds() < FRESH:
                await self._hear(item)
        return after

    async def _echo(self, after: int) -> None:
        while True:
            for item in await self._feed(after):
                after = item.seq
                await self._hear(item)
            await asyncio.sleep(POLL)

    async def _feed(self, after: int) -> list[FeedItem]:
        answer = await self._wire.get("/v1/decisions", after=after)
        items = []
        for row in (answer or {}).get("decisions", []):
            try:
                items.append(FeedItem.model_validate(row))
            except ValidationError:
                self._wire.warned("GET", "/v1/decisions", "unreadable")
        return items

    async def _hear(self, item: FeedItem) -> None:
        """Follow one decision: send its units, hold or bring in the staged ones, call them off."""
        decision = item.decision
        if decision.kind is DecisionKind.DECLINED:
            if call := self.open.get(item.call_id):
                call.route = decision.route or "standard_patrol"
                call.decided.set()
            return
        missions = self.fleet.missions_of(decision.id)
        if decision.state is DecisionState.RESERVED and decision.id not in self._known:
            self._known.add(decision.id)
            self._start(self._send(item))
        elif decision.state in (DecisionState.RELEASED, DecisionState.EXPIRED):
            if call := self.open.get(item.call_id):
                call.decided.clear()
            call_off(missions)
        elif decision.state is DecisionState.FINISHED:
            call_off(missions)
        else:
            staged = {unit.unit_id for unit in decision.units if unit.staged}
            for mission in missions:
                mission.staged = decision.staging is not Staging.SECURED and mission.vehicle.unit.id in staged

    async def _send(self, item: FeedItem) -> None:
        """Echo a decision to the service and send its units off."""
        decision = item.decision
        call = self.open.get(item.call_id) or LiveCall(item.call_id, None, UNKNOWN_MINUTES)
        if await self._wire.post(f"/v1/decisions/{decision.id}/ack", {"state": "sent"}) is None:
            return
        for sent in decision.units:
            vehicle = self.fleet.vehicles.get(sent.unit_id)
            if vehicle is not None:
                mission = self.fleet.assign(vehicle, call, decision.id, staged=sent.staged)
                self._start(self.fleet.work(mission))
        call.decided.set()
        await asyncio.sleep(RECEIVED_AFTER)
        await self._wire.post(f"/v1/decisions/{decision.id}/ack", {"state": "received"})


def _remark_body(entry: DemoEntry, number: int) -> dict[str, Any]:
    return {
        "text": entry.text,
        "author": entry.author,
        "at": datetime.now(UTC).isoformat(),
        "source_seq": number,
    }

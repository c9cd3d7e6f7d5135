"""The CAD's side of the units: who is on shift, where they are, and what they do on a call."""

import asyncio
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from api.demo.vehicle import Point, Vehicle, metres_between, route, stopping_short
from api.demo.wire import Wire
from api.demo.world import World
from models.unit import UnitKind

TICK = 1.0  # seconds between two steps of the map
MOVING_TOLD, STANDING_TOLD = 5.0, 40.0  # seconds after which a position is sent again
DRIVING, PATROLLING = 35 * 0.44704, 12 * 0.44704  # metres a second, before the pace
STAGING_METRES = 350.0
TURNOUT_SECONDS, REPORT_SECONDS = 60.0, 90.0  # to get going; from arrival to "scene secure"
UNKNOWN_WAY_SECONDS = 400.0  # to a call whose place the CAD was not told
REMOTE = frozenset({UnitKind.TEL, UnitKind.LIFELINE})
WANDERING = frozenset({UnitKind.PAT, UnitKind.CIT, UnitKind.SGT, UnitKind.COR})
SECURING = WANDERING | {UnitKind.TRI, UnitKind.HNT}
#: So many units of each kind the CAD keeps free when it sends one by itself.
KEPT_FREE = {UnitKind.PAT: 2, UnitKind.EMS: 1}


@dataclass(slots=True, eq=False)
class LiveCall:
    """An open call as the CAD knows it."""

    id: str
    at: Point | None
    minutes: float
    missions: list["Mission"] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    decided: asyncio.Event = field(default_factory=asyncio.Event)
    route: str | None = None  # what a dispatcher who declined sends instead


@dataclass(slots=True, eq=False)
class Mission:
    """One unit's work on one call."""

    vehicle: Vehicle
    call: LiveCall
    decision: str | None = None  # None: sent by the CAD itself
    staged: bool = False
    there: bool = False
    taken: bool = False  # its unit was given to another call
    off: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def called_off(self, seconds: float) -> bool:
        """Wait so long at most; whether the unit is not needed any more."""
        try:
            await asyncio.wait_for(self.off.wait(), seconds)
        except TimeoutError:
            return False
        return True


class Fleet:
    """All units, driven by the wall clock at `pace` times real speed."""

    def __init__(self, world: World, wire: Wire, rng: random.Random, pace: float) -> None:
        self._world, self._wire, self._rng, self._pace = world, wire, rng, pace
        self.vehicles = {unit.id: Vehicle(unit, (unit.lat, unit.lon)) for unit in world.units}
        self._missions: dict[str, Mission] = {}

    async def register(self) -> None:
        """Tell the service about every unit, its shift and its place."""
        gate = asyncio.Semaphore(6)

        async def one(vehicle: Vehicle) -> None:
            async with gate:
                await self._roster(vehicle)
                await self.say(vehicle, "InService" if vehicle.shift_ends else "OffDuty")
                if vehicle.shift_ends:
                    await self._tell_position(vehicle)

        await asyncio.gather(*(one(vehicle) for vehicle in self.vehicles.values()))

    async def _roster(self, vehicle: Vehicle) -> None:
        unit, center = vehicle.unit, self._world.center
        end = unit.shift_end(datetime.now(UTC), center.zone)
        vehicle.shift_ends = end.isoformat() if end else None
        body = {
            "center": center.id,
            "agency": unit.agency,
            "kind": unit.kind.value,
            "crew": [member.model_dump(exclude_none=True) for member in unit.crew],
            "capabilities": list(unit.capabilities),
            "shift_ends_at": vehicle.shift_ends,
        }
        await self._wire.put(f"/v1/units/{unit.id}", body)

    async def keep_shifts(self) -> None:
        """Send crews home and bring crews on, forever."""
        while True:
            await asyncio.sleep(30)
            now = datetime.now(UTC)
            for vehicle in self.vehicles.values():
                end = vehicle.unit.shift_end(now, self._world.center.zone)
                if not vehicle.busy and (end.isoformat() if end else None) != vehicle.shift_ends:
                    await self._roster(vehicle)
                    await self.say(vehicle, "InService" if vehicle.shift_ends else "OffDuty")

    async def drive(self) -> None:
        """Move everybody and send positions, forever."""
        clock = asyncio.get_running_loop().time
        before = clock()
        while True:
            await asyncio.sleep(TICK)
            now = clock()
            self._step(now - before)
            before = now
            await asyncio.gather(
                *(self._tell_position(v) for v in self.vehicles.values() if self._due(v, now))
            )

    def _step(self, seconds: float) -> None:
        for vehicle in self.vehicles.values():
            if vehicle.idle and not vehicle.moving and vehicle.unit.kind in WANDERING:
                vehicle.wander(self._rng)
            vehicle.advance(seconds * (DRIVING * self._pace if vehicle.busy else PATROLLING))

    def _due(self, vehicle: Vehicle, now: float) -> bool:
        if vehicle.shift_ends is None:
            return False
        driven = vehicle.busy and vehicle.at != vehicle.told_point
        return now - vehicle.told_at >= (MOVING_TOLD if driven else STANDING_TOLD)

    async def _tell_position(self, vehicle: Vehicle) -> None:
        lat, lon = vehicle.at
        now = asyncio.get_running_loop().time()
        vehicle.told_at, vehicle.told_point = now, vehicle.at
        body = {"lat": round(lat, 5), "lon": round(lon, 5), "at": datetime.now(UTC).isoformat()}
        if await self._wire.post(f"/v1/units/{vehicle.unit.id}/position", body, lasting=False) is None:
            vehicle.told_at = now - STANDING_TOLD + MOVING_TOLD  # again soon, before the old one is stale

    async def say(self, vehicle: Vehicle, status: str) -> None:
        """Tell the service a unit's status."""
        body = {"status": status, "at": datetime.now(UTC).isoformat()}
        await self._wire.post(f"/v1/units/{vehicle.unit.id}/status", body)

    def missions_of(self, decision: str) -> list[Mission]:
        """What is being done for one decision of the service."""
        return [mission for mission in self._missions.values() if mission.decision == decision]

    def nearest_idle(self, kind: UnitKind, at: Point) -> Vehicle | None:
        """The nearest free unit of a kind, unless too few would stay free."""
        free = [v for v in self.vehicles.values() if v.idle and v.unit.kind is kind]
        if len(free) <= KEPT_FREE.get(kind, 0):
            return None
        return min(free, key=lambda vehicle: metres_between(vehicle.at, at))

    def assign(
        self, vehicle: Vehicle, call: LiveCall, decision: str | None = None, *, staged: bool = False
    ) -> Mission:
        """Give a unit to a call; a decision of the service goes before what the CAD did by itself."""
        mission = Mission(vehicle, call, decision, staged)
        if before := self._missions.get(vehicle.unit.id):
            before.taken = True
            before.off.set()
        self._missions[vehicle.unit.id] = mission
        vehicle.busy = True
        call.missions.append(mission)
        return mission

    async def work(self, mission: Mission) -> None:
        """Take a unit through its call: told, driving, there, clear."""
        vehicle = mission.vehicle
        try:
            await self.say(vehicle, "Dispatched")
            await self._answer(mission)
            if not mission.taken:
                await self.say(vehicle, "Cleared" if mission.there else "AssignmentCancelled")
                await self.say(vehicle, "InService")
        finally:
            mission.call.missions.remove(mission)
            mission.done.set()
            if self._missions.get(vehicle.unit.id) is mission:
                del self._missions[vehicle.unit.id]
                vehicle.busy = False
                vehicle.head_for([(vehicle.unit.lat, vehicle.unit.lon)])

    async def _answer(self, mission: Mission) -> None:
        vehicle, call = mission.vehicle, mission.call
        if await mission.called_off(TURNOUT_SECONDS * self._rng.uniform(0.5, 1.2) / self._pace):
            return
        if vehicle.unit.kind in REMOTE or call.at is None:
            await self.say(
                vehicle, "PatientContact" if vehicle.unit.kind in REMOTE else "AcknowledgedTransmission"
            )
        elif not await self._arrive(mission, call.at):
            return
        mission.there = True
        call.reached.set()
        await mission.called_off(call.minutes * 60 * self._rng.uniform(0.4, 0.7) / self._pace)

    async def _arrive(self, mission: Mission, at: Point | None) -> bool:
        """Drive to the scene, by way of staging where that is asked for; whether the unit got there."""
        vehicle = mission.vehicle
        await self.say(vehicle, "EnRoute")
        if mission.staged:
            if not await self._reach(mission, at and stopping_short(vehicle.at, at, STAGING_METRES)):
                return False
            if mission.staged:
                await self.say(vehicle, "Staging")
            while mission.staged:
                if await mission.called_off(TICK):
                    return False
        if not await self._reach(mission, at):
            return False
        await self.say(vehicle, "OnScene")
        await self._report_secure(mission)
        return True

    async def _reach(self, mission: Mission, at: Point | None) -> bool:
        vehicle = mission.vehicle
        if at is None:
            return not await mission.called_off(UNKNOWN_WAY_SECONDS / self._pace)
        vehicle.head_for(route(vehicle.at, at, self._rng))
        while vehicle.moving:
            if await mission.called_off(TICK):
                return False
        return True

    async def _report_secure(self, mission: Mission) -> None:
        """The officer who came first says that the others may come in; a dispatcher has to let them."""
        unit, call = mission.vehicle.unit, mission.call
        if unit.kind not in SECURING or not any(other.staged for other in call.missions):
            return
        if await mission.called_off(REPORT_SECONDS / self._pace):
            return
        text = f"{unit.id} ON SCENE, SCENE SECURE, OK TO BRING STAGED UNITS IN"
        body = {"text": text, "author": unit.id, "at": datetime.now(UTC).isoformat()}
        await self._wire.post(f"/v1/calls/{call.id}/entries", body)


def call_off(missions: Iterable[Mission]) -> None:
    """These units are not needed any more."""
    for mission in missions:
        mission.off.set()

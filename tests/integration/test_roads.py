"""Travel times from a router: fetched beside the planning, kept, and done without when it fails."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from api.doctor.findings import Status
from api.doctor.network import roads
from api.embedded import Engines
from api.roads import RoadTimes, Router, RouterFailed, RouterRefused, blocks
from api.settings import Settings
from dispatch.travel import kilometres
from dispatch.ways import Way
from tests.conftest import Seeded
from tests.console import Console, listening_console
from tests.router import KMH, RoadServer, road_server
from tests.service import HERE, Service, flag, free_port, good, now, post_call, running_service, status

END = (HERE["lat"], HERE["lon"])
KILOMETRE = 1 / 111.2
NORTH, SOUTH = (round(END[0] + km * KILOMETRE, 3) for km in (2.0, -4.0))
FAULTS = ("slow", "drip", "500", "no_json", "shape", "text", "negative")


@pytest.fixture
def router() -> Iterator[RoadServer]:
    """A router that answers."""
    with road_server() as running:
        yield running


def settings_for(router: RoadServer, kind: str = "osrm", seconds: float = 10) -> Settings:
    return Settings(roads_url=router.url, roads_kind=kind, roads_timeout=timedelta(seconds=seconds))  # type: ignore[arg-type]


def way(unit: str = "U1", lat: float = 39.0, lon: float = -86.0, call: str = "C1") -> Way:
    return Way(unit, call, (lat, lon), (39.1, -86.0))


@asynccontextmanager
async def asking(router: RoadServer, **more: Any) -> AsyncIterator[tuple[RoadTimes, set[str]]]:
    """Road times whose router is asked in the background, and what is missing meanwhile."""
    missing: set[str] = set()
    times = RoadTimes(Router(settings_for(router, **more)), missing, lambda: None)
    task = asyncio.create_task(times.run())
    try:
        yield times, missing
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def told(times: RoadTimes, count: int = 1) -> dict[str, float]:
    """Minutes by unit, once so many have come."""
    found: dict[str, float] = {}
    async with asyncio.timeout(20):
        while len(found) < count:
            found |= {way.unit_id: minutes for way, minutes in times.told("alpha")}
            await asyncio.sleep(0.01)
    return found


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(("kind", "short"), [("osrm", False), ("valhalla", False), ("valhalla", True)])
async def test_both_kinds_of_router_tell_minutes_by_start_and_end(
    router: RoadServer, kind: str, *, short: bool
) -> None:
    router.short = short
    asked = Router(settings_for(router, kind))
    starts, ends = [(39.0, -86.0), (-85.0, 10.0)], [(39.1, -86.0), (39.2, -86.0), (39.0, -86.1)]
    async with asked.connected():
        table = await asked.table(starts, ends)
    assert table[0] == pytest.approx([kilometres(starts[0], end) / KMH * 60 for end in ends])
    assert table[1] == [None] * 3, "there is no way from there"


@pytest.mark.parametrize("kind", ["osrm", "valhalla"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_every_fault_of_a_router_is_the_same_to_whoever_asks(
    router: RoadServer, fault: str, kind: str
) -> None:
    router.fault = fault
    asked = Router(settings_for(router, kind, seconds=0.5))
    async with asked.connected():
        with pytest.raises(RouterFailed):
            await asked.table([(39.0, -86.0)], [(39.1, -86.0)])


async def test_router_that_is_away_has_failed_and_one_that_refuses_has_refused(router: RoadServer) -> None:
    router.off_the_map = 0
    asked = Router(settings_for(router))
    async with asked.connected():
        with pytest.raises(RouterRefused):
            await asked.table([(39.0, 5.0)], [(39.1, -86.0)])
    away = Router(settings_for(RoadServer(url=f"http://127.0.0.1:{free_port()}")))
    async with away.connected():
        with pytest.raises(RouterFailed):
            await away.table([(39.0, -86.0)], [(39.1, -86.0)])


async def test_what_was_told_is_kept_and_asked_for_once(router: RoadServer) -> None:
    async with asking(router) as (times, _):
        times.want("alpha", (way(), way("U2", 39.0004), way("U3", 39.05)))
        first = await told(times, 3)
        assert first["U1"] == first["U2"], "a hundred meters apart is one place to the router"
        times.want("alpha", (way("U4"), way("U5", 39.05)))
        again = await told(times, 2)
    assert (again["U4"], again["U5"]) == (first["U1"], first["U3"])
    assert len(router.tables) == 1


async def test_place_off_the_map_and_a_table_too_big_cost_the_others_nothing(router: RoadServer) -> None:
    router.off_the_map, router.most = 0, 12
    ways = [way(f"U{n}", 39.0 + n / 100) for n in range(30)] + [way("LOST", 39.0, 5.0)]
    async with asking(router) as (times, missing):
        times.want("alpha", tuple(ways))
        found = await told(times, 30)
        assert "LOST" not in found
        assert missing == set()
    assert all(len(starts) + len(ends) <= 12 for starts, ends in router.tables)


async def test_router_that_comes_back_is_asked_again_for_what_is_wanted_then(router: RoadServer) -> None:
    router.fault = "500"
    async with asking(router) as (times, missing):
        times.want("alpha", (way("U1"),))
        await until(lambda: missing)
        times.want("alpha", (way("U2"),))
        router.fault = ""
        assert set(await told(times)) == {"U2"}
        await until(lambda: not missing)


def test_tables_hold_every_pair_and_starts_with_the_same_ends_stand_together() -> None:
    starts, ends = [(float(n), 0.0) for n in range(50)], [(0.0, float(n)) for n in range(3)]
    pairs = {(start, end) for start in starts for end in ends} | {((9.0, 9.0), ends[0])}
    tables = list(blocks(pairs))
    assert {(start, end) for some, others in tables for start in some for end in others} == pairs
    assert sorted(len(some) for some, _ in tables) == [1, 10, 40]


@asynccontextmanager
async def routed(seeded: Seeded, engines: Engines, router: RoadServer, **more: Any) -> AsyncIterator[Console]:
    """A console of a center with two crisis teams: CRT-1 is nearer, but north of the river."""
    router.river = END[0] + KILOMETRE
    given = {"roads_url": router.url, "roads_timeout": timedelta(seconds=1)} | more
    running = running_service(seeded.postgres, engines.redis, seeded.tokens, **given)
    async with running as service, listening_console(service) as console:
        await status(service, "TRI-1", "OffDuty")
        for unit, lat in (("CRT-1", NORTH), ("CRT-2", SOUTH)):
            body = {"lat": lat, "lon": END[1], "at": now()}
            good(await service.post("integrator", f"/v1/units/{unit}/position", body))
        yield console


async def paired(console: Console, team: str) -> Any:
    """A flagged call once this team is recommended for it."""
    call = (await post_call(console.service))["call"]
    await flag(console.service, call)
    return await console.call(call["id"], lambda c: team in teams(c))


def teams(call: Any) -> list[str]:
    shown = call["recommendation"]
    return [unit["unit_id"] for unit in shown["pairings"][0]["units"]] if shown and shown["pairings"] else []


async def missing(service: Service) -> list[str]:
    answer = await service.get("anonymous", "/readyz")
    return list(good(answer)["degraded"])


async def test_first_plan_waits_for_no_router_and_the_next_goes_by_its_roads(
    seeded: Seeded, engines: Engines, router: RoadServer
) -> None:
    router.may_answer.clear()
    async with routed(seeded, engines, router, roads_timeout=timedelta(seconds=30)) as console:
        call = await paired(console, "CRT-1")
        assert call["recommendation"]["revision"] == 1
        router.may_answer.set()
        after = await console.call(call["id"], lambda c: "CRT-2" in teams(c))
        (unit,) = [u for u in after["recommendation"]["pairings"][0]["units"] if u["unit_id"] == "CRT-2"]
        minutes = kilometres((SOUTH, END[1]), (round(END[0], 3), round(END[1], 3))) / KMH * 60
        assert minutes - 1 < unit["eta_minutes"] - 1.5 < minutes * 50 / 32 + 1, "as told, slowed by the hour"
        assert await missing(console.service) == []
        assert await console.service.measure("tandem_roads_total") > 0
        await console.caught_up()


@pytest.mark.parametrize("fault", ["slow", "500", "shape"])
async def test_router_that_fails_is_said_blocks_no_plan_and_is_used_when_it_is_back(
    seeded: Seeded, engines: Engines, router: RoadServer, fault: str
) -> None:
    router.fault = fault
    async with routed(seeded, engines, router) as console:
        call = await paired(console, "CRT-1")
        async with asyncio.timeout(20):
            while await missing(console.service) != ["roads"]:
                await asyncio.sleep(0.05)
        metrics = (await console.service.get("anonymous", "/metrics")).text
        (estimated,) = [
            ln for ln in metrics.splitlines() if ln.startswith('tandem_roads_total{result="estimated"}')
        ]
        assert float(estimated.split()[-1]) > 0
        router.fault = ""
        await console.call(call["id"], lambda c: "CRT-2" in teams(c))
        async with asyncio.timeout(20):
            while await missing(console.service):
                await asyncio.sleep(0.05)


async def test_router_that_is_away_is_said_and_calls_are_paired_as_without_one(
    seeded: Seeded, engines: Engines
) -> None:
    port = free_port()
    async with routed(seeded, engines, RoadServer(url=f"http://127.0.0.1:{port}")) as console:
        call = await paired(console, "CRT-1")
        async with asyncio.timeout(20):
            while await missing(console.service) != ["roads"]:
                await asyncio.sleep(0.05)
        with road_server(port) as router:
            router.river = END[0] + KILOMETRE
            await console.call(call["id"], lambda c: "CRT-2" in teams(c))


async def test_doctor_says_whether_the_router_tells_times(router: RoadServer) -> None:
    assert (await roads(settings_for(router))).status is Status.OK
    router.off_the_map = -1
    assert (await roads(settings_for(router))).status is Status.OK, "it answers that this is off its map"
    router.off_the_map, router.fault = 180, "500"
    found = await roads(settings_for(router))
    assert (found.status, "status 500" in found.said) == (Status.WARN, True)

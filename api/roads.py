"""Minutes on the road from a router, fetched beside the planning: a plan never waits for them."""

import asyncio
import math
import time
from collections import OrderedDict, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
import structlog

from api.metrics import ROADS, ROADS_SECONDS
from api.settings import Settings
from dispatch.travel import Point
from dispatch.ways import Way
from models.errors import TandemError

log = structlog.get_logger()
#: Decimals of a degree that leave this service, about 100 m: what is told for a place holds for its neighbours.
DECIMALS = 3
SIDE = (
    40  # starts or ends of one table; OSRM takes 100 places, Valhalla 2,500 pairs, both unless told otherwise
)
KEPT = 100_000  # ways
KEEP = 3600.0  # seconds, so that a new map or a closed bridge is heard of
FIRST_REST, LONGEST_REST = 1.0, 30.0  # seconds between two tries of a router that fails
PART = "roads"  # as it is named among what is missing

Pair = tuple[Point, Point]
Table = Sequence[Sequence[float | None]]  # minutes by start and end; none: no way


class RouterFailed(TandemError):
    """The router did not answer, or not what its interface promises."""

    code = "router_failed"


class RouterRefused(TandemError):
    """The router will not answer this table: a place off the map, or too many places."""

    code = "router_refused"


class Router:
    """The table of one OSRM or Valhalla."""

    def __init__(self, settings: Settings) -> None:
        self._url = (settings.roads_url or "").rstrip("/")
        self._ask = self._osrm if settings.roads_kind == "osrm" else self._valhalla
        self._patience = settings.roads_timeout.total_seconds()

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Keep connections to it for as long as the block lasts."""
        async with httpx.AsyncClient(timeout=self._patience, trust_env=False) as self._http:
            yield

    async def table(self, starts: Sequence[Point], ends: Sequence[Point]) -> Table:
        """Minutes for every start and end. Raises RouterFailed, or RouterRefused where asking for less may help."""
        try:
            async with asyncio.timeout(self._patience):  # httpx allows so much between any two bytes
                with ROADS_SECONDS.time():
                    seconds = await self._ask(starts, ends)
        except (httpx.HTTPError, TimeoutError, httpx.InvalidURL) as fault:
            raise RouterFailed(type(fault).__name__) from fault
        return _minutes(seconds, len(starts), len(ends))

    async def _osrm(self, starts: Sequence[Point], ends: Sequence[Point]) -> Any:
        places = ";".join(f"{lon:.{DECIMALS}f},{lat:.{DECIMALS}f}" for lat, lon in (*starts, *ends))
        sources = ";".join(map(str, range(len(starts))))
        targets = ";".join(map(str, range(len(starts), len(starts) + len(ends))))
        asked = f"sources={sources}&destinations={targets}&annotations=duration"
        said = _said(await self._http.get(f"{self._url}/table/v1/driving/{places}?{asked}"))
        if said.get("code") != "Ok":
            raise RouterRefused(str(said.get("code"))[:40])
        return said.get("durations")

    async def _valhalla(self, starts: Sequence[Point], ends: Sequence[Point]) -> Any:
        body = {
            "sources": [_place(each) for each in starts],
            "targets": [_place(each) for each in ends],
            "costing": "auto",
        }
        said = _said(await self._http.post(f"{self._url}/sources_to_targets", json=body))
        if "error_code" in said:
            raise RouterRefused(str(said["error_code"])[:40])
        found = said.get("sources_to_targets")
        if isinstance(found, Mapping):  # the short form of its answer
            return found.get("durations")
        if not isinstance(found, list) or not all(isinstance(row, list) for row in found):
            return None
        return [[each.get("time", "") if isinstance(each, dict) else "" for each in row] for row in found]


def _place(point: Point) -> dict[str, float]:
    return {"lat": point[0], "lon": point[1]}


def _said(answer: httpx.Response) -> dict[str, Any]:
    """The object of an answer; refusals of both routers are objects too, with 400."""
    if answer.status_code not in {200, 400}:
        raise RouterFailed(f"status {answer.status_code}")
    try:
        said = orjson.loads(answer.content)
    except orjson.JSONDecodeError as fault:
        raise RouterFailed("no JSON") from fault
    if not isinstance(said, dict):
        raise RouterFailed("no object")
    return said


def _minutes(seconds: Any, starts: int, ends: int) -> Table:
    whole = isinstance(seconds, list) and len(seconds) == starts
    if not whole or not all(isinstance(row, list) and len(row) == ends for row in seconds):
        raise RouterFailed("a table of another shape")
    return [[_minute(each) for each in row] for row in seconds]


def _minute(seconds: Any) -> float | None:
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise RouterFailed("no number")
    if not 0 <= seconds < math.inf:
        raise RouterFailed("a time that cannot be")
    return seconds / 60


def near(point: Point) -> Point:
    """The point as the router is told it."""
    return round(point[0], DECIMALS), round(point[1], DECIMALS)


class RoadTimes:
    """What planners want to know of roads, and what the router told; one for all centers of a process."""

    def __init__(self, router: Router, degraded: set[str], wake: Callable[[], object]) -> None:
        self._router = router
        self._degraded = degraded
        self._wake = wake
        self._wanted: dict[str, tuple[Way, ...]] = {}
        self._told: dict[str, list[tuple[Way, float]]] = defaultdict(list)
        self._kept: OrderedDict[Pair, tuple[float | None, float]] = OrderedDict()
        self._asked = asyncio.Event()

    def want(self, center: str, ways: tuple[Way, ...]) -> None:
        """The ways a center's plan hangs on now, in place of those it wanted before."""
        if ways:
            self._wanted[center] = ways
            self._asked.set()

    def told(self, center: str) -> list[tuple[Way, float]]:
        """Ways with their minutes that have come since the last time."""
        return self._told.pop(center, [])

    async def run(self) -> None:
        """Ask until cancelled; while the router fails it is tried again now and then, and said to be missing."""
        rest = FIRST_REST
        async with self._router.connected():
            while True:
                await self._asked.wait()
                self._asked.clear()
                wanted, self._wanted = self._wanted, {}
                try:
                    await self._fetch(wanted)
                except RouterFailed as fault:
                    self._failed(wanted, fault)
                    await asyncio.sleep(rest)
                    rest = min(2 * rest, LONGEST_REST)
                else:
                    self._degraded.discard(PART)
                    rest = FIRST_REST

    def _failed(self, wanted: Mapping[str, tuple[Way, ...]], fault: RouterFailed) -> None:
        ROADS.labels("estimated").inc(sum(self._known(w) is None for ways in wanted.values() for w in ways))
        if PART not in self._degraded:
            log.warning("roads.lost", fault=str(fault))  # never the request: it has places
        self._degraded.add(PART)
        self._wanted = {**wanted, **self._wanted}
        self._asked.set()

    async def _fetch(self, wanted: Mapping[str, tuple[Way, ...]]) -> None:
        pairs = {(near(way.start), near(way.end)) for ways in wanted.values() for way in ways}
        missing = {pair for pair in pairs if pair not in self._kept or self._kept[pair][1] < time.monotonic()}
        ROADS.labels("cached").inc(len(pairs) - len(missing))
        if missing != pairs:
            self._hand_on(wanted, pairs - missing)
        for starts, ends in blocks(missing):
            await self._ask(starts, ends)
            self._hand_on(wanted, {(start, end) for start in starts for end in ends} & missing)

    async def _ask(self, starts: Sequence[Point], ends: Sequence[Point]) -> None:
        """Keep a table; one that is refused is asked for in halves, until the place that is off the map is alone."""
        try:
            table = await self._router.table(starts, ends)
        except RouterRefused:
            if len(starts) == len(ends) == 1:
                table = [[None]]
            else:
                for some, others in _halves(starts, ends):
                    await self._ask(some, others)
                return
        until = time.monotonic() + KEEP
        for start, row in zip(starts, table, strict=True):
            for end, minutes in zip(ends, row, strict=True):
                self._kept[start, end] = minutes, until
                ROADS.labels("unknown" if minutes is None else "told").inc()
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _hand_on(self, wanted: Mapping[str, tuple[Way, ...]], pairs: set[Pair]) -> None:
        for center, ways in wanted.items():
            for way in ways:
                minutes = self._known(way)
                if minutes is not None and (near(way.start), near(way.end)) in pairs:
                    self._told[center].append((way, minutes))
        self._wake()

    def _known(self, way: Way) -> float | None:
        return self._kept.get((near(way.start), near(way.end)), (None, 0.0))[0]


def blocks(pairs: Iterable[Pair]) -> Iterator[tuple[list[Point], list[Point]]]:
    """Tables that hold all the pairs: starts that want the same ends are asked for together."""
    ends_of: dict[Point, set[Point]] = defaultdict(set)
    for start, end in pairs:
        ends_of[start].add(end)
    together: dict[frozenset[Point], list[Point]] = defaultdict(list)
    for start, ends in sorted(ends_of.items()):
        together[frozenset(ends)].append(start)
    for wanted, starts in together.items():
        ordered = sorted(wanted)
        for i in range(0, len(starts), SIDE):
            for j in range(0, len(ordered), SIDE):
                yield starts[i : i + SIDE], ordered[j : j + SIDE]


def _halves(
    starts: Sequence[Point], ends: Sequence[Point]
) -> tuple[tuple[Sequence[Point], Sequence[Point]], ...]:
    if len(starts) >= len(ends):
        half = len(starts) // 2
        return (starts[:half], ends), (starts[half:], ends)
    half = len(ends) // 2
    return (starts, ends[:half]), (starts, ends[half:])

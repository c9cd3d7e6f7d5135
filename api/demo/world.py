"""The demo's fictional city, read from the data files beside this module."""

import random
import tomllib
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError

from models.base import Noun
from models.call import Source
from models.unit import Agency, CrewMember, UnitKind

HERE = Path(__file__).parent
BASEMAP = HERE / "basemap.geojson"
HOURS_A_WEEK = 168
#: A caller's story does not come again before this many others: two of a kind on one board look false.
UNREPEATED = 60
N = TypeVar("N", bound=Noun)


class WorldError(ValueError):
    """The demo's data cannot be used as it is written; the message names the file, the key and the fix."""

    def __init__(self, file: str, key: str, fault: str, fix: str) -> None:
        super().__init__(f"{file}: {key} {fault}; {fix}")


class Bounds(Noun):
    """The box around the city, in degrees WGS 84."""

    south: float = Field(ge=-90, le=90)
    west: float = Field(ge=-180, le=180)
    north: float = Field(ge=-90, le=90)
    east: float = Field(ge=-180, le=180)

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a point lies inside."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


class Account(Noun):
    """A person who signs in; the password is made when the demo starts."""

    username: str
    display_name: str
    role: Literal["clinician", "dispatcher", "supervisor", "manager", "admin"]


class DemoCenter(Noun):
    """The center and who works there; never anything but synthetic."""

    id: str
    name: str
    timezone: str
    synthetic: Literal[True]
    bounds: Bounds
    agency: tuple[Agency, ...]
    account: tuple[Account, ...]

    @cached_property
    def zone(self) -> ZoneInfo:
        """The center's time zone."""
        return ZoneInfo(self.timezone)


class Shift(Noun):
    """When a unit works every day."""

    start: int = Field(ge=0, le=23, description="Local hour.")
    hours: int = Field(ge=1, le=24)


class DemoUnit(Noun):
    """A unit with its home and its hours."""

    id: str
    agency: str
    kind: UnitKind
    crew: tuple[CrewMember, ...] = Field(min_length=1)
    capabilities: tuple[str, ...]
    lat: float
    lon: float
    beats: tuple[str, ...] = Field(description="Beats it prefers; empty = the whole city.")
    shift: Shift

    def shift_end(self, at: datetime, zone: ZoneInfo) -> datetime | None:
        """When the shift that covers `at` ends, or None when the unit is off then."""
        local = at.astimezone(zone)
        for days_back in (0, 1):
            day = local.date() - timedelta(days=days_back)
            begin = datetime(day.year, day.month, day.day, self.shift.start, tzinfo=zone)
            end = begin + timedelta(hours=self.shift.hours)
            if begin <= local < end:
                return end.astimezone(UTC)
        return None


class DemoEntry(Noun):
    """One remark of a call."""

    after: int = Field(ge=0, description="Seconds since the call came in.")
    author: str
    text: str = Field(min_length=1)


class DemoCall(Noun):
    """A story that a caller tells, with the remarks that follow."""

    key: str
    nature: str
    source: Source
    priority: int = Field(ge=1, le=5)
    place: str
    lat: float
    lon: float
    beat: str
    relation: str = Field(description="Who calls, seen from the subject.")
    language: str = "en"
    weight: float = Field(gt=0)
    hours: tuple[int, int] = Field(description="[from, to) local hours; wraps past midnight.")
    duration_minutes: float = Field(gt=0)
    flag: bool = Field(description="A clinician in the center should look at it.")
    response: Literal["patrol", "ems", "none"] = Field(description="What the CAD sends by itself.")
    opening: int | None = Field(default=None, ge=1, description="Place among the first calls of a demo.")
    entries: tuple[DemoEntry, ...] = Field(min_length=1)

    def comes_at(self, hour: int) -> bool:
        """Whether this call comes in at a local hour (0-23)."""
        begin, end = self.hours
        return begin <= hour < end if begin < end else hour >= begin or hour < end


class Rhythm(Noun):
    """How many calls come in at which hour of the week."""

    calls_per_hour: float = Field(gt=0, description="At the mean hour.")
    hour_of_week: tuple[float, ...] = Field(min_length=HOURS_A_WEEK, max_length=HOURS_A_WEEK)

    def weight(self, at: datetime, zone: ZoneInfo) -> float:
        """Share of an hour against the mean hour, 1.0 = mean."""
        local = at.astimezone(zone)
        return self.hour_of_week[local.weekday() * 24 + local.hour]


class World(Noun):
    """Everything the demo plays."""

    center: DemoCenter
    units: tuple[DemoUnit, ...]
    calls: tuple[DemoCall, ...]
    rhythm: Rhythm

    def opening(self) -> tuple[DemoCall, ...]:
        """The calls a demo begins with, in order."""
        return tuple(sorted((c for c in self.calls if c.opening), key=lambda call: call.opening or 0))


@cache
def load_world(folder: Path = HERE) -> World:
    """Read and check the data files; raises WorldError naming the file, the key and the fix."""
    center = _model(folder, "center.toml", DemoCenter, _read(folder, "center.toml"))
    units = tuple(
        _model(folder, "units.toml", DemoUnit, raw) for raw in _read(folder, "units.toml").get("unit", [])
    )
    calls = tuple(
        _model(folder, "calls.toml", DemoCall, raw) for raw in _read(folder, "calls.toml").get("call", [])
    )
    rhythm = _model(folder, "rhythm.toml", Rhythm, _read(folder, "rhythm.toml"))
    _check_units(center, units)
    _check_calls(center, calls)
    if min(rhythm.hour_of_week) <= 0:
        raise WorldError(
            "rhythm.toml", "hour_of_week", "has an hour without calls", "give it a share above 0"
        )
    return World(center=center, units=units, calls=calls, rhythm=rhythm)


def arrivals(
    world: World, rng: random.Random, start: datetime, pace: float = 1.0
) -> Iterator[tuple[datetime, DemoCall]]:
    """Endless calls in order of time: a non-homogeneous Poisson process, thinned from the weekly rhythm.

    `start` is an aware time of the wall clock, `pace` > 0 says how many times faster than real calls come.
    The hour of the wall clock decides the rhythm and the stories; equal arguments give equal calls.
    Lewis & Shedler (1979), Simulation of nonhomogeneous Poisson processes by thinning.
    """
    zone, peak = world.center.zone, max(world.rhythm.hour_of_week)
    per_second = world.rhythm.calls_per_hour * peak * pace / 3600
    recent: deque[str] = deque(maxlen=min(UNREPEATED, len(world.calls) // 3))
    at = start
    while True:
        at += timedelta(seconds=rng.expovariate(per_second))
        if rng.random() * peak > world.rhythm.weight(at, zone):
            continue
        call = _drawn(world.calls, rng, at.astimezone(zone).hour, recent)
        recent.append(call.key)
        yield at, call


def _drawn(calls: tuple[DemoCall, ...], rng: random.Random, hour: int, recent: deque[str]) -> DemoCall:
    at_this_hour = [call for call in calls if call.comes_at(hour)]
    fresh = [call for call in at_this_hour if call.key not in recent] or at_this_hour
    totals = list(accumulate(call.weight for call in fresh))
    return fresh[bisect_right(totals, rng.random() * totals[-1], hi=len(fresh) - 1)]


def _read(folder: Path, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise WorldError(name, str(fault), "is not TOML", "mend the syntax") from fault


def _model(folder: Path, name: str, model: type[N], raw: dict[str, Any]) -> N:
    try:
        return model.model_validate(raw)
    except ValidationError as fault:
        first = fault.errors()[0]
        key = ".".join([str(raw.get("key", raw.get("id", folder.name))), *map(str, first["loc"])])
        raise WorldError(
            name, key, f"is not usable ({first['msg']})", f"it was {first['input']!r}"
        ) from fault


def _check_units(center: DemoCenter, units: tuple[DemoUnit, ...]) -> None:
    agencies = {agency.id for agency in center.agency}
    _unique("units.toml", [unit.id for unit in units])
    for unit in units:
        if unit.agency not in agencies:
            raise WorldError(
                "units.toml", unit.id, f"has no agency {unit.agency!r}", f"use one of {agencies}"
            )
        _inside(center, "units.toml", unit.id, unit.lat, unit.lon)
    if missing := set(UnitKind) - {unit.kind for unit in units}:
        raise WorldError("units.toml", "unit", f"has none of {sorted(missing)}", "add one of each kind")


def _check_calls(center: DemoCenter, calls: tuple[DemoCall, ...]) -> None:
    _unique("calls.toml", [call.key for call in calls])
    for call in calls:
        begin, end = call.hours
        if not (0 <= begin <= 23 and 1 <= end <= 24 and begin != end):
            raise WorldError("calls.toml", call.key, f"has hours {call.hours}", "use [from 0-23, to 1-24)")
        times = [entry.after for entry in call.entries]
        if times[0] != 0 or times != sorted(times):
            raise WorldError(
                "calls.toml", call.key, f"has entries after {times}", "begin at 0 and go forward"
            )
        _inside(center, "calls.toml", call.key, call.lat, call.lon)
    if idle := [hour for hour in range(24) if not any(call.comes_at(hour) for call in calls)]:
        raise WorldError(
            "calls.toml", "hours", f"leave {idle} without a call", "widen the hours of some calls"
        )


def _unique(file: str, keys: list[str]) -> None:
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise WorldError(file, ", ".join(sorted(twice)), "is there twice", "give each its own name")


def _inside(center: DemoCenter, file: str, key: str, lat: float, lon: float) -> None:
    if not center.bounds.holds(lat, lon):
        raise WorldError(file, key, f"lies at {lat}, {lon} outside the city", "move it inside [bounds]")

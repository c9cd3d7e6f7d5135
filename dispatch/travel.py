"""Minutes between two points: as a router told them, else great circle, the roads' detour and the speed of the hour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from math import asin, cos, radians, sin, sqrt

from dispatch.policy_parts import Travel

EARTH_KM = 6371.0088  # mean radius, IUGG

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Road:
    """A way between two points with its minutes, as a router told them."""

    start: Point
    end: Point
    minutes: float


#: Ways to one call, by unit.
Roads = Mapping[str, Road]


def kilometres(one: Point, other: Point) -> float:
    """Great-circle distance of two (latitude, longitude) points in degrees (haversine)."""
    lat, lon, to_lat, to_lon = map(radians, (*one, *other))
    half = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def speed_kmh(travel: Travel, local_hour: int) -> float:
    """The speed that holds at an hour of the center's day, 0 to 23."""
    return next(speed.kmh for speed in reversed(travel.speed_kmh) if speed.from_hour <= local_hour)


def minutes(travel: Travel, start: Point, end: Point, local_hour: int, road: Road | None = None) -> float:
    """Minutes from the order until arrival, turnout included; along `road` where one was told for this way."""
    estimate = _driving(travel, start, end, local_hour)
    return travel.turnout_minutes + (estimate if road is None else _along(travel, road, estimate, local_hour))


def _driving(travel: Travel, start: Point, end: Point, local_hour: int) -> float:
    return 60 * kilometres(start, end) * travel.road_factor / speed_kmh(travel, local_hour)


def _along(travel: Travel, road: Road, estimate: float, local_hour: int) -> float:
    """The road's minutes, and for a unit that has moved since in proportion to the estimate."""
    told = road.minutes
    if not travel.router_knows_traffic:  # it tells the empty road, as the day's fastest hour has it
        told *= max(speed.kmh for speed in travel.speed_kmh) / speed_kmh(travel, local_hour)
    # a minute on both sides, so that the detour of a few meters is not multiplied
    detour = (told + 1) / (_driving(travel, road.start, road.end, local_hour) + 1)
    return max(0.0, (estimate + 1) * detour - 1)


def next_speed_change(travel: Travel, now: datetime, zone: tzinfo) -> datetime | None:
    """When the speed of the hour next changes; None when it is the same all day."""
    if len({speed.kmh for speed in travel.speed_kmh}) == 1:
        return None
    local = now.astimezone(zone)
    hour = local.replace(minute=0, second=0, microsecond=0)
    changes = {speed.from_hour for speed in travel.speed_kmh}
    return next(
        change
        for ahead in range(1, 26)
        if (change := (hour.astimezone(now.tzinfo) + timedelta(hours=ahead))).astimezone(zone).hour in changes
        and change > now
    )

"""Minutes between two points: great circle, the roads' detour and the speed of the hour."""

from datetime import datetime, timedelta, tzinfo
from math import asin, cos, radians, sin, sqrt

from dispatch.policy_parts import Travel

EARTH_KM = 6371.0088  # mean radius, IUGG

Point = tuple[float, float]


def kilometres(one: Point, other: Point) -> float:
    """Great-circle distance of two (latitude, longitude) points in degrees (haversine)."""
    lat, lon, to_lat, to_lon = map(radians, (*one, *other))
    half = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def speed_kmh(travel: Travel, local_hour: int) -> float:
    """The speed that holds at an hour of the center's day, 0 to 23."""
    return next(speed.kmh for speed in reversed(travel.speed_kmh) if speed.from_hour <= local_hour)


def minutes(travel: Travel, start: Point, end: Point, local_hour: int) -> float:
    """Minutes from the order until arrival, turnout included."""
    hours = kilometres(start, end) * travel.road_factor / speed_kmh(travel, local_hour)
    return travel.turnout_minutes + 60 * hours


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

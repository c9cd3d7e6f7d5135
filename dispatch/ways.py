"""Which ways are worth asking a router for: those of the nearest units of each kind that a call can use."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from heapq import nsmallest
from math import cos, hypot, radians
from typing import NamedTuple

from dispatch.eligibility import Member
from dispatch.travel import Point, Roads, kilometres
from dispatch.working import Worked
from models.unit import UnitKind, UnitView

NEAREST = 12  # of each kind: a few are tried for each part, and roads seldom turn a dozen round
MOVED = 0.2  # kilometres: as far as a way is taken to be the same


class Way(NamedTuple):
    """From where a unit is to where a call is."""

    unit_id: str
    call_id: str
    start: Point
    end: Point


def ways_to_ask(worked: Worked, units: Mapping[str, UnitView], known: Roads) -> Iterator[Way]:
    """Ways to one call that nobody told yet, or told from too far away."""
    call = worked.scene.call
    if call.lat is None or call.lon is None:
        return
    end = (call.lat, call.lon)
    narrow = cos(radians(call.lat))
    near: dict[UnitKind, list[tuple[float, str, Point]]] = defaultdict(list)
    for unit_id, found in worked.judged.items():
        drives = not found.kind.remote if isinstance(found, Member) else found.code == "ETA_TOO_LONG"
        unit = units[unit_id]
        if drives and unit.lat is not None and unit.lon is not None:
            away = hypot(unit.lat - call.lat, narrow * (unit.lon - call.lon))  # flat: it only orders
            near[unit.kind].append((away, unit_id, (unit.lat, unit.lon)))
    for ways in near.values():
        for _, unit_id, start in nsmallest(NEAREST, ways):
            road = known.get(unit_id)
            if road is None or _apart(road.start, start) or _apart(road.end, end):
                yield Way(unit_id, call.id, start, end)


def _apart(one: Point, other: Point) -> bool:
    return one != other and kilometres(one, other) > MOVED

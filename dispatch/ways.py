"""Which ways are worth asking a router for: those of the nearest units of each kind that a call can use."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
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
    near: dict[UnitKind, list[tuple[float, Way]]] = defaultdict(list)
    for unit_id, found in worked.judged.items():
        unit = units[unit_id]
        drives = not found.kind.remote if isinstance(found, Member) else found.code == "ETA_TOO_LONG"
        if drives and unit.lat is not None and unit.lon is not None:
            start = (unit.lat, unit.lon)
            near[unit.kind].append((kilometres(start, end), Way(unit_id, call.id, start, end)))
    for ways in near.values():
        for _, way in sorted(ways)[:NEAREST]:
            road = known.get(way.unit_id)
            if road is None or max(kilometres(road.start, way.start), kilometres(road.end, way.end)) > MOVED:
                yield way

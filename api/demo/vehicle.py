"""Where a unit of the demo is and where it is heading."""

import math
import random
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from api.demo.world import DemoUnit

METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of 6,371 km
Point = tuple[float, float]
#: How far a route bends away from the straight line, as a share of its length.
BEND = 0.12
#: An idle crew drives around within this distance of its home, in metres.
HOME_RADIUS = 900.0


def metres_between(a: Point, b: Point) -> float:
    """Metres between two (lat, lon) points of one city (flat earth)."""
    north = (b[0] - a[0]) * METRES_PER_DEGREE
    east = (b[1] - a[1]) * METRES_PER_DEGREE * math.cos(math.radians(a[0]))
    return math.hypot(north, east)


def between(a: Point, b: Point, share: float) -> Point:
    """The point at `share` (0-1) of the way from a to b."""
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def route(a: Point, b: Point, rng: random.Random) -> list[Point]:
    """Points to pass on the way from a to b: straight but for one bend."""
    middle = between(a, b, rng.uniform(0.4, 0.6))
    bend = rng.uniform(-BEND, BEND)
    return [(middle[0] + (b[1] - a[1]) * bend, middle[1] - (b[0] - a[0]) * bend), b]


def stopping_short(a: Point, b: Point, metres: float) -> Point:
    """The point so many metres before b, coming straight from a; a itself when it is nearer than that."""
    length = metres_between(a, b)
    return between(a, b, 1 - metres / length) if length > metres else a


@dataclass(slots=True, eq=False)
class Vehicle:
    """A unit on the map."""

    unit: DemoUnit
    at: Point
    busy: bool = False
    shift_ends: str | None = None  # as told to the service; None = off duty
    ahead: deque[Point] = field(default_factory=deque)
    told_at: float = -math.inf  # when its position was last sent, in seconds of the loop's clock
    told_point: Point | None = None

    @property
    def idle(self) -> bool:
        """Whether it can be sent."""
        return self.shift_ends is not None and not self.busy

    @property
    def moving(self) -> bool:
        """Whether it is on its way somewhere."""
        return bool(self.ahead)

    def head_for(self, points: Iterable[Point]) -> None:
        """Drive by these points; what was planned before is forgotten."""
        self.ahead = deque(points)

    def advance(self, metres: float) -> None:
        """Drive so far along what lies ahead."""
        while self.ahead and metres > 0:
            leg = metres_between(self.at, self.ahead[0])
            if leg > metres:
                self.at = between(self.at, self.ahead[0], metres / leg)
                return
            self.at = self.ahead.popleft()
            metres -= leg

    def wander(self, rng: random.Random) -> None:
        """Head for somewhere near home."""
        reach = HOME_RADIUS / METRES_PER_DEGREE
        home = (self.unit.lat, self.unit.lon)
        self.head_for([(home[0] + rng.uniform(-reach, reach), home[1] + rng.uniform(-reach, reach))])

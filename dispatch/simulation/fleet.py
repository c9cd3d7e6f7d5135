"""Who is on duty when, and where each car is."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from dispatch.simulation.demand import Place
from dispatch.travel import Point
from models.unit import PrimaryStatus, UnitKind, UnitView

_TEAM = re.compile(r"(?P<kind>\w+)=(?P<count>\d+)(?:@(?P<start>\d\d?)-(?P<end>\d\d?))?")


class TeamsUnreadable(ValueError):
    """Teams are written KIND=COUNT or KIND=COUNT@FROM-TO with whole local hours, several with commas between."""


@dataclass(frozen=True, slots=True)
class Team:
    """So many crews of a kind, on duty from one local hour to another; all day where both are equal."""

    kind: UnitKind
    count: int
    start: int = 0
    end: int = 0

    @property
    def hours(self) -> int:
        """Hours a day."""
        return (self.end - self.start) % 24 or 24

    def on_duty(self, hour: int) -> bool:
        """Whether its shift covers this local hour; it may run past midnight."""
        return (hour - self.start) % 24 < self.hours

    def __str__(self) -> str:
        when = "" if self.hours == 24 else f"@{self.start:02}-{self.end:02}"
        return f"{self.kind.value}={self.count}{when}"


def parse_teams(text: str) -> tuple[Team, ...]:
    """Read e.g. `CRT=2@08-20,TEL=1@08-20,EMS=3`; raises TeamsUnreadable naming the part that is none."""
    teams = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = _TEAM.fullmatch(part)
        if found is None or found["kind"] not in {kind.value for kind in UnitKind}:
            kinds = ", ".join(kind.value for kind in UnitKind)
            raise TeamsUnreadable(f"{part!r} is no team. Write e.g. CRT=2@08-20; kinds: {kinds}.")
        start, end = int(found["start"] or 0), int(found["end"] or 0)
        if max(start, end) > 24:
            raise TeamsUnreadable(f"{part!r} names an hour after 24.")
        teams.append(Team(UnitKind(found["kind"]), int(found["count"]), start % 24, end % 24))
    return tuple(teams)


@dataclass(slots=True)
class Car:
    """One crew with its place now: at a scene, or on its way home to its post, or there."""

    id: str
    team: Team
    post: Point
    scene: Point
    since: datetime  # of what it does now
    home_at: datetime  # when it is back at its post
    shift_ends_at: datetime | None = None
    on_duty: bool = False
    call_id: str | None = None

    @property
    def free(self) -> bool:
        """It may be sent."""
        return self.on_duty and self.call_id is None

    def where(self, now: datetime) -> Point:
        """On the straight line home, as far as it has come since it cleared."""
        if self.call_id is not None:
            return self.scene
        if now >= self.home_at:
            return self.post
        left = (self.home_at - now) / (self.home_at - self.since)
        (lat, lon), (to_lat, to_lon) = self.scene, self.post
        return to_lat + left * (lat - to_lat), to_lon + left * (lon - to_lon)

    def view(self, now: datetime) -> UnitView:
        """What the board is told of it."""
        status, primary = "InService", PrimaryStatus.AVAILABLE
        if self.call_id is not None:
            status, primary = "Dispatched", PrimaryStatus.NOT_AVAILABLE
        elif not self.on_duty:
            status, primary = "OffDuty", PrimaryStatus.NOT_AVAILABLE
        elif self.scene != self.post:
            status = "Cleared"
        lat, lon = self.where(now)
        return UnitView(
            id=self.id, agency="simulated", kind=self.team.kind, status=status, primary=primary, call_id=self.call_id,
            status_at=self.since, lat=lat, lon=lon, position_at=self.since, shift_ends_at=self.shift_ends_at,
        )  # fmt: skip


def cars_of(teams: Sequence[Team], posts: Sequence[Point], start: datetime) -> list[Car]:
    """One car a crew; those of a kind are spread over the posts, busiest first."""
    cars: list[Car] = []
    numbers: Counter[UnitKind] = Counter()
    for team in teams:
        for _ in range(team.count):
            number = numbers[team.kind]
            numbers[team.kind] += 1
            post = posts[number % len(posts)]
            cars.append(Car(f"{team.kind.value}-{number + 1:02}", team, post, post, start, start))
    return cars


def shift_end(team: Team, now: datetime, zone: tzinfo) -> datetime | None:
    """When the shift that covers `now` ends; None for crews that relieve each other all day."""
    if team.hours == 24:
        return None
    local = now.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    left = team.hours - (local.hour - team.start) % 24
    return (local + timedelta(hours=left)).astimezone(now.tzinfo)


def posts_of(places: Sequence[Place]) -> tuple[Point, ...]:
    """The middle of each area, busiest area first."""
    areas: dict[str, list[Point]] = {}
    for lat, lon, area in places:
        areas.setdefault(area, []).append((lat, lon))
    busiest = sorted(areas.items(), key=lambda area: (-len(area[1]), area[0]))
    return tuple(
        (sum(lat for lat, _ in points) / len(points), sum(lon for _, lon in points) / len(points))
        for _, points in busiest
    )

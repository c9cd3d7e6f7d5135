"""What a simulated city is given, and what it notes of each call and each trip."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from dispatch.simulation.demand import Incident
from dispatch.simulation.fleet import Team
from dispatch.simulation.spreads import Spread
from dispatch.travel import Point
from models.recommendation import UnservedCode
from models.unit import UnitKind

OFFICERS, TEAM, PHONE, AMBULANCE, ROAD = range(5)  # places in Incident.chances


@dataclass(frozen=True, slots=True)
class Service:
    """Minutes at the scene, by who is there; `road` is the spread of real minutes over estimated ones."""

    other: Spread  # officers at calls that no clinician has to look at
    officers: Spread  # officers at those
    team: Spread
    phone: Spread
    ambulance: Spread
    road: float = 0.0


@dataclass(frozen=True, slots=True)
class Trip:
    """One car to one call: minutes on the road as reckoned and as they were, and at the scene."""

    car: str
    began: datetime
    ends: datetime
    group: int
    eligible: bool
    estimate: float
    road: float
    stay: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything about a city but its calls, its policy and who decides."""

    start: datetime
    end: datetime
    zone: tzinfo
    teams: tuple[Team, ...]
    posts: tuple[Point, ...]
    service: Service
    answer_seconds: float = 90  # from pick-up until somebody can be sent; the clinician's look is part of it
    secure_minutes: float = 5  # from an officer's arrival until those who wait outside go in
    busy: bool = True  # False: nobody is ever held by a call, the relaxation that bounds every policy


@dataclass(slots=True)
class Answer:
    """What became of one eligible call; minutes from its pick-up, None where it did not come to that."""

    incident: Incident
    sent_at: datetime | None = None
    kinds: tuple[UnitKind, ...] = ()
    right: bool = False
    reason: UnservedCode | None = UnservedCode.NOT_DECIDED
    first_help: float | None = None
    clinician: float | None = None
    officer_minutes: float = 0.0


@dataclass(slots=True)
class Ordinary:
    """The police's and the ambulances' other calls."""

    waits: list[float] = field(default_factory=list)  # until somebody was sent
    not_begun: int = 0  # an officer would have begun something and none was free
    officer_minutes: float = 0.0

"""The parts of a policy, each with its bounds."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, NonNegativeFloat, PositiveFloat, model_validator

from models.assessment import CallerRole, GateName, Indicator, PlaceKind, Risk
from models.base import Noun
from models.unit import PrimaryStatus, UnitKind


class Effect(StrEnum):
    """What a closed gate demands; policy.toml says what each means."""

    NO_UNARMED_ALONE = "no_unarmed_alone"
    POLICE_FIRST = "police_first"
    ASK = "ask"
    EMS_FIRST = "ems_first"
    NEVER_WAIT = "never_wait"
    TACTICAL = "tactical"
    POLICE_ONLY = "police_only"
    SCENE_UNITS = "scene_units"
    HOLD_OR_TRANSPORT = "hold_or_transport"
    BACKUP = "backup"
    MANDATED_REPORT = "mandated_report"
    ACTIVE_RESCUE = "active_rescue"
    ACKNOWLEDGE = "acknowledge"
    ABSTAIN = "abstain"


class Medical(StrEnum):
    """Care a crew can give."""

    NONE = "none"
    BLS = "bls"
    ALS = "als"


class KindPolicy(Noun):
    """What crews of one responder type can do."""

    common_code: str = Field(default="", description="NENA ResourceType, nearest; empty when there is none.")
    hold: bool = False
    transport: bool = False
    medical: Medical = Medical.NONE
    armed: bool = False
    police: bool = False
    cit: bool = False
    clinician: bool = False
    civilian: bool = False
    youth: bool = False
    remote: bool = Field(default=False, description="By phone, no travel.")
    shared: bool = Field(default=False, description="Answers several calls at once.")
    conventional: bool = Field(default=False, description="Alone it is no alternative response.")
    covers: frozenset[UnitKind] = frozenset()
    serves: frozenset[Indicator] = Field(
        default=frozenset(), description="Only calls with one of these; empty: all."
    )


def _by_risk(value: object) -> object:
    if isinstance(value, Mapping):
        missing = [f"R{risk}" for risk in range(5) if f"R{risk}" not in value]
        if missing or len(value) != 5:
            raise ValueError(
                f"needs exactly the keys R0 to R4; add {', '.join(missing) or 'nothing, remove the others'}"
            )
        return tuple(value[f"R{risk}"] for risk in range(5))
    return value


#: Minutes at R0, R1, R2, R3, R4.
ByRisk = Annotated[
    tuple[NonNegativeFloat, NonNegativeFloat, NonNegativeFloat, NonNegativeFloat, NonNegativeFloat],
    BeforeValidator(_by_risk),
]


class Row(Noun):
    """One situation of the decision matrix with its conditions and a cell for every risk."""

    situation: str
    indicators: frozenset[Indicator] = frozenset()
    gates: frozenset[GateName] = frozenset()
    otherwise: bool = Field(default=False, description="Applies when no other row does.")
    unless: frozenset[str] = Field(default=frozenset(), description="Not when one of these rows applies.")
    caller: frozenset[CallerRole] = frozenset()
    engaged: bool | None = None
    place: frozenset[PlaceKind] = frozenset()
    R0: str
    R1: str
    R2: str
    R3: str
    R4: str
    advise: Mapping[str, tuple[str, ...]] = {}

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """The texts at R0 to R4."""
        return (self.R0, self.R1, self.R2, self.R3, self.R4)


class Fallback(Noun):
    """What goes when nobody whom the matrix asks for can."""

    R0: str
    R1: str
    R2: str
    R3: str
    R4: str
    hold_minutes: ByRisk = Field(
        description="So long the call waits for a team first, from when it was taken."
    )

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """The texts at R0 to R4."""
        return (self.R0, self.R1, self.R2, self.R3, self.R4)


class Wait(StrEnum):
    """Whether a pairing is proposed before a clinician looked at the call."""

    NEVER = "never"
    WHEN_CLINICIAN_ON_SHIFT = "when_clinician_on_shift"
    ALWAYS = "always"


class ReleasePolicy(Noun):
    """Who may let a closed gate go."""

    default: frozenset[str]
    roles: Mapping[GateName, frozenset[str]]

    def roles_for(self, gate: GateName) -> frozenset[str]:
        """Roles that may release this gate."""
        return self.roles.get(gate, self.default)


class ReviewPolicy(Noun):
    """How long a flagged call waits for the clinician's word."""

    wait: Wait
    fall_through_seconds: NonNegativeFloat
    never_wait_from: Risk
    off_shift_statuses: frozenset[str]


class Limits(Noun):
    """Bounds on who may go."""

    max_eta_minutes: ByRisk
    rendezvous_gap_minutes: PositiveFloat
    shift_end_buffer_minutes: NonNegativeFloat
    rest_minutes: NonNegativeFloat
    conditional_from: Risk
    reservation_seconds: PositiveFloat
    never_offered: frozenset[str]
    reserve: Mapping[UnitKind, Annotated[int, Field(ge=0)]]


class Stale(Noun):
    """How old what is known of a unit may be."""

    status_minutes: Mapping[PrimaryStatus, PositiveFloat]
    status_minutes_of: Mapping[str, PositiveFloat]
    position_aging_seconds: PositiveFloat
    position_unknown_seconds: PositiveFloat
    parked_statuses: frozenset[str]
    position_parked_seconds: PositiveFloat


class Speed(Noun):
    """From this local hour on, so fast."""

    from_hour: int = Field(alias="from", ge=0, le=23)
    kmh: PositiveFloat


class Travel(Noun):
    """How minutes on the road are estimated."""

    road_factor: float = Field(ge=1, description="Road length over the great circle.")
    turnout_minutes: NonNegativeFloat
    speed_kmh: tuple[Speed, ...]
    router_knows_traffic: bool = Field(
        default=False, description="Else the hour's speed slows what a router tells."
    )

    @model_validator(mode="after")
    def _covers_the_day(self) -> Self:
        hours = [speed.from_hour for speed in self.speed_kmh]
        if not hours or hours[0] != 0 or hours != sorted(set(hours)):
            raise ValueError("speed_kmh must start with from = 0 and rise; add or sort the hours")
        return self


class Cost(Noun):
    """Minutes a dispatcher would trade for each thing."""

    missing: NonNegativeFloat
    substitute: NonNegativeFloat
    fallback: NonNegativeFloat
    preference: NonNegativeFloat
    language: NonNegativeFloat
    youth: NonNegativeFloat
    not_cit: NonNegativeFloat
    unknown_eta: NonNegativeFloat
    gap_over: NonNegativeFloat
    conditional: NonNegativeFloat
    reserve: NonNegativeFloat
    shift_short: NonNegativeFloat
    shift_short_minutes: NonNegativeFloat
    optional: NonNegativeFloat
    first: NonNegativeFloat = Field(
        description="For each minute until first contact, besides the last arrival."
    )
    road: NonNegativeFloat = Field(description="For each minute that any unit of it is on the road.")
    position_aging: NonNegativeFloat


class Stability(Noun):
    """How much has to change before a dispatcher is shown something else."""

    cost_minutes: NonNegativeFloat
    eta_minutes: PositiveFloat
    contention_minutes: NonNegativeFloat
    budget_seconds: PositiveFloat = Field(
        default=0.4, description="So long all open calls are weighed against each other at the most."
    )
    urgency: ByRisk = Field(description="What a minute weighs against a minute of another call.")


class Language(Noun):
    """Who interprets, and which capabilities say that a crew speaks a language."""

    interpreter: UnitKind
    capabilities: Mapping[str, frozenset[str]]


class Capabilities(Noun):
    """Capability codes of units that dispatch reads; upper and lower case are the same."""

    youth: frozenset[str]
    als: frozenset[str]
    bls_only: frozenset[str]
    cit: frozenset[str]
    area_prefix: str


class Abstain(Noun):
    """Which reasons of G12 say that the service, not the call, is at fault."""

    system_down: frozenset[str]

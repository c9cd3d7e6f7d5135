"""Pairings proposed for a call, and what the dispatcher decided about them."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import AwareDatetime, Field

from models.base import Noun
from models.unit import Hold, UnitKind

Param = str | int | float | bool | None


class Reason(Noun):
    """A code and its params; the console's catalogue makes the sentence."""

    code: str
    params: Mapping[str, Param] = {}
    weight: float = Field(default=0, ge=0, le=1, description="Share of the bar beside the words.")


class UnitRole(StrEnum):
    """What a unit does in a pairing."""

    PRIMARY = "primary"  # first contact
    CLINICIAN = "clinician"
    SUPPORT = "support"
    REMOTE = "remote"  # by phone, no travel


class PairedUnit(Noun):
    """A unit of a pairing with its arrival."""

    unit_id: str
    kind: UnitKind
    role: UnitRole
    eta_minutes: float | None = Field(description="None when the place or the position is not known.")
    staged: bool = Field(default=False, description="Goes to staging and enters when the scene is secured.")


class Pairing(Noun):
    """One way to answer a call."""

    id: str = Field(description="Stable within its recommendation.")
    rank: int = Field(ge=1)
    composition: str = Field(description="Grammar of the decision matrix, e.g. CRT+PAT or TRI.")
    units: tuple[PairedUnit, ...]
    alternative: bool = Field(description="A response other than police or EMS alone: it counts as served.")
    together_minutes: float | None = Field(description="When the last unit that is needed has arrived.")
    gap_minutes: float | None = Field(
        default=None, description="Between first and last arrival of a rendezvous."
    )
    gap_limit_minutes: float | None = None
    staging: bool = False
    cost_minutes: float = Field(description="Minutes-equivalent; lower is better.")
    costs: Mapping[str, float] = Field(
        default={}, description="Terms of cost_minutes by name; zero terms left out."
    )
    reasons: tuple[Reason, ...] = ()
    tradeoffs: tuple[Reason, ...] = Field(default=(), description="Against rank 1.")


class UnitExclusion(Noun):
    """Why a unit may not go."""

    unit_id: str
    code: str
    params: Mapping[str, Param] = {}


class UnservedCode(StrEnum):
    """Why an eligible call gets no alternative response."""

    NO_UNIT = "NO_UNIT"
    OUT_OF_HOURS = "OUT_OF_HOURS"
    OUT_OF_AREA = "OUT_OF_AREA"
    ETA_TOO_LONG = "ETA_TOO_LONG"
    GATED = "GATED"
    TEAM_REJECTED = "TEAM_REJECTED"
    CALLER_REFUSED = "CALLER_REFUSED"
    POLICY_EXCLUDED = "POLICY_EXCLUDED"
    DISPATCHER_DECLINED = "DISPATCHER_DECLINED"
    SYSTEM_DOWN = "SYSTEM_DOWN"
    INFO_MISSING = "INFO_MISSING"
    NOT_DECIDED = "NOT_DECIDED"  # an alternative was proposed and the call ended without a decision


class Plan(Noun):
    """What dispatch proposes for one call; the store gives it an id and a revision."""

    call_id: str
    decision_version: int = Field(description="The call's version that was planned for.")
    policy: str = Field(description="Digest of the policy.")
    pairings: tuple[Pairing, ...] = Field(description="At most three, best first.")
    candidates: int = Field(default=0, description="How many pairings were compared.")
    unserved: UnservedCode | None = Field(default=None, description="Set when no pairing is an alternative.")
    exclusions: tuple[UnitExclusion, ...] = ()
    holds: tuple[Reason, ...] = Field(
        default=(), description="Gates and unknowns the dispatcher has to mind."
    )


class RecommendationStatus(StrEnum):
    """Where a revision stands."""

    PROPOSED = "proposed"  # shown to the dispatcher, nobody sent
    SUPERSEDED = "superseded"  # a newer revision stands in its place
    WITHDRAWN = "withdrawn"  # the call is no longer eligible, closed or set aside
    ACCEPTED = "accepted"
    OVERRIDDEN = "overridden"  # the dispatcher sent something else
    DECLINED = "declined"  # the dispatcher sent the standard response


RECOMMENDATION_MOVES: dict[RecommendationStatus, frozenset[RecommendationStatus]] = {
    RecommendationStatus.PROPOSED: frozenset(RecommendationStatus) - {RecommendationStatus.PROPOSED},
    **{status: frozenset() for status in RecommendationStatus if status is not RecommendationStatus.PROPOSED},
}


class RecommendationView(Noun):
    """An immutable revision as the console shows it; exclusions are fetched on demand."""

    id: str
    revision: int
    at: AwareDatetime
    decision_version: int
    policy: str
    pairings: tuple[Pairing, ...]
    candidates: int
    unserved: UnservedCode | None = None
    holds: tuple[Reason, ...] = ()


class DecisionKind(StrEnum):
    """What the dispatcher did."""

    ACCEPTED = "accepted"
    OVERRIDDEN = "overridden"
    DECLINED = "declined"


class DecisionState(StrEnum):
    """How far a decision has come outside this service."""

    RESERVED = "reserved"
    SENT = "sent"
    RECEIVED = "received"
    EXPIRED = "expired"  # neither echoed nor acknowledged in time
    RELEASED = "released"  # taken back by a person, or every unit turned back on its way
    FINISHED = "finished"  # the call was closed or all units left it
    STANDING = "standing"  # a decline: nothing to send


DECISION_MOVES: dict[DecisionState, frozenset[DecisionState]] = {
    DecisionState.RESERVED: frozenset(
        {DecisionState.SENT, DecisionState.RECEIVED, DecisionState.EXPIRED, DecisionState.RELEASED}
        | {DecisionState.FINISHED}
    ),
    DecisionState.SENT: frozenset({DecisionState.RECEIVED, DecisionState.RELEASED, DecisionState.FINISHED}),
    DecisionState.RECEIVED: frozenset({DecisionState.RELEASED, DecisionState.FINISHED}),
    DecisionState.EXPIRED: frozenset(),
    DecisionState.RELEASED: frozenset(),
    DecisionState.FINISHED: frozenset(),
    DecisionState.STANDING: frozenset({DecisionState.RELEASED, DecisionState.FINISHED}),
}


class Staging(StrEnum):
    """Whether clinicians wait outside."""

    NONE = "none"
    STAGING = "staging"
    SECURED = "secured"


class DecidedUnit(Noun):
    """A unit that was sent and how far its reservation has come."""

    unit_id: str
    staged: bool = False
    hold: Hold = Hold.RESERVED


class DecisionView(Noun):
    """The decision that stands for a call."""

    id: str
    kind: DecisionKind
    state: DecisionState
    recommendation_id: str | None
    pairing_id: str | None
    units: tuple[DecidedUnit, ...]
    reason: str | None = None
    route: str | None = Field(default=None, description="For a decline: what goes instead.")
    by: str = Field(description="User name; the display name is staff data.")
    at: AwareDatetime
    expires_at: AwareDatetime | None = None
    staging: Staging = Staging.NONE
    reconfirm: tuple[Reason, ...] = Field(
        default=(), description="New dangers since; not empty = confirm again."
    )

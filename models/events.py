"""The closed union of everything a console is ever told; the version is in the literal.

An event carries the whole console view of the one thing that changed, so applying it is replacing it: the same
event twice is the same as once, and the state after it equals a fresh snapshot. A published `.v1` may gain an
optional field; anything else is a `.v2` sent beside it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from models.alert import AlertView
from models.assessment import GateName
from models.base import Noun
from models.call import CallView
from models.outcome import Count, Counter
from models.recommendation import UnservedCode
from models.unit import UnitKind, UnitView


class BaseEvent(Noun):
    """Where an event stands in its center's log."""

    epoch: str = Field(default="", description="Identity of the log; another epoch means: fetch a snapshot.")
    seq: int = Field(default=0, description="Gap-free within a center, in commit order.")
    at: AwareDatetime
    by: str | None = Field(
        default=None, description="Who caused it: a user name, or none for the service itself."
    )


class CallTaken(BaseEvent):
    """A call came in."""

    type: Literal["call.taken.v1"] = "call.taken.v1"
    call: CallView


class CallChanged(BaseEvent):
    """Something about a call changed; `what` names it for logs and live regions."""

    type: Literal["call.changed.v1"] = "call.changed.v1"
    what: tuple[str, ...] = Field(
        description="entry, nature, location, priority, link, assessment, answer, flag ..."
    )
    call: CallView


class CallClosed(BaseEvent):
    """The CAD closed the call."""

    type: Literal["call.closed.v1"] = "call.closed.v1"
    call: CallView


class CallReviewed(BaseEvent):
    """A clinician flagged the call or set it aside."""

    type: Literal["call.reviewed.v1"] = "call.reviewed.v1"
    call: CallView


class GateReleased(BaseEvent):
    """A person released a gate for named mentions."""

    type: Literal["gate.released.v1"] = "gate.released.v1"
    gate: str
    call: CallView


class PairingProposed(BaseEvent):
    """A new revision of the recommendation stands."""

    type: Literal["pairing.proposed.v1"] = "pairing.proposed.v1"
    call: CallView


class PairingWithdrawn(BaseEvent):
    """No recommendation stands any more."""

    type: Literal["pairing.withdrawn.v1"] = "pairing.withdrawn.v1"
    call: CallView


class PairingDecided(BaseEvent):
    """A dispatcher accepted, overrode or declined."""

    type: Literal["pairing.decided.v1"] = "pairing.decided.v1"
    call: CallView


class DecisionProgressed(BaseEvent):
    """A decision was sent, received, confirmed again, secured, released, finished, or it expired."""

    type: Literal["decision.progressed.v1"] = "decision.progressed.v1"
    what: str = Field(
        description="sent, received, reconfirm, reconfirmed, secured, released, finished or expired."
    )
    call: CallView


class OutcomeRecorded(BaseEvent):
    """The outcome of a call was reported, confirmed or reversed."""

    type: Literal["outcome.recorded.v1"] = "outcome.recorded.v1"
    call: CallView


class UnitChanged(BaseEvent):
    """A unit was registered, changed status, moved, was reserved or let go."""

    type: Literal["unit.changed.v1"] = "unit.changed.v1"
    unit: UnitView


class AlertChanged(BaseEvent):
    """An alert was raised, recurred, was acknowledged or resolved."""

    type: Literal["alert.changed.v1"] = "alert.changed.v1"
    alert: AlertView


class CountsView(Noun):
    """The day's numbers, as SQL counted them."""

    day: date = Field(description="Local day of the center.")
    diversions: Mapping[Counter, Count]
    unserved: Mapping[UnservedCode, int] = Field(
        description="Eligible calls of the day that ended or were decided without an alternative."
    )
    waiting: Mapping[UnservedCode, int] = Field(
        default_factory=dict, description="Eligible calls of the day without one so far: open and undecided."
    )


class CountsChanged(BaseEvent):
    """The ledger or the unmet demand moved."""

    type: Literal["counts.changed.v1"] = "counts.changed.v1"
    counts: CountsView


Event = Annotated[
    CallTaken
    | CallChanged
    | CallClosed
    | CallReviewed
    | GateReleased
    | PairingProposed
    | PairingWithdrawn
    | PairingDecided
    | DecisionProgressed
    | OutcomeRecorded
    | UnitChanged
    | AlertChanged
    | CountsChanged,
    Field(discriminator="type"),
]
parse_event: TypeAdapter[Event] = TypeAdapter(Event)


class Heartbeat(Noun):
    """Sent every 10 s and when the service's own health changes; not part of the log."""

    type: Literal["heartbeat"] = "heartbeat"
    epoch: str
    seq: int = Field(description="Head of the log.")
    at: AwareDatetime
    degraded: tuple[str, ...] = Field(default=(), description="What is missing, e.g. redis, planner.")
    policy: str = Field(default="", description="Digest of the policy; another than the snapshot's: resync.")


class Resync(Noun):
    """The console has to fetch a new snapshot."""

    type: Literal["resync"] = "resync"
    epoch: str


class PolicyView(Noun):
    """What a console needs of the center's policy to offer what the service will take, and to know what is stale."""

    digest: str
    armed: tuple[UnitKind, ...] = Field(description="Responder types that carry arms.")
    officer_gates: tuple[GateName, ...] = Field(description="While one is closed nobody unarmed goes alone.")
    release: Mapping[GateName, tuple[str, ...]] = Field(description="Roles that may let a gate go.")
    parked_statuses: tuple[str, ...] = Field(description="A unit that stands keeps its position.")
    position_aging_seconds: float
    position_unknown_seconds: float
    position_parked_seconds: float


class Snapshot(Noun):
    """Everything a console shows, exact at `seq`."""

    epoch: str
    seq: int
    server_time: AwareDatetime
    server_version: str
    synthetic: bool
    silent: bool = Field(description="Calls are read, and nothing of it is shown here.")
    center: str
    center_name: str
    timezone: str
    policy: PolicyView
    calls: tuple[CallView, ...] = Field(
        description="Those with on_board: open, or sent to and without an outcome."
    )
    units: tuple[UnitView, ...]
    alerts: tuple[AlertView, ...] = Field(description="Unresolved ones.")
    counts: CountsView
    degraded: tuple[str, ...] = ()

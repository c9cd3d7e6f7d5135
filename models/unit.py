"""Units that can be sent, and where their status stands."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from models.base import Noun


class AgencyKind(StrEnum):
    """Who employs a crew; one team may draw on several agencies."""

    POLICE = "police"
    FIRE_RESCUE = "fire_rescue"
    HOSPITAL = "hospital"
    CRISIS_PROVIDER = "crisis_provider"


class Agency(Noun):
    """An employer of units inside a center."""

    id: str
    name: str
    kind: AgencyKind


class UnitKind(StrEnum):
    """Responder types; the codes are those printed on run cards."""

    TEL = "TEL"  # tele-clinician at the call centre
    LIFELINE = "988"  # 988 line or mobile crisis transfer
    CRT = "CRT"  # civilian community response team
    TRI = "TRI"  # RIGHT Care trio: CIT officer, paramedic, clinician
    COR = "COR"  # co-response pair in one car
    CIT = "CIT"  # crisis-intervention-trained patrol
    PAT = "PAT"
    SGT = "SGT"
    EMS = "EMS"
    CHP = "CHP"  # community health paramedic
    PEER = "PEER"
    OUT = "OUT"  # outreach
    HOT = "HOT"  # homeless outreach team
    PSW = "PSW"  # police social worker
    VIC = "VIC"  # victim advocate
    APS = "APS"
    CPS = "CPS"
    YTH = "YTH"  # mobile youth team
    VET = "VET"
    HNT = "HNT"  # negotiators
    DTX = "DTX"  # sobering or detox van


class PrimaryStatus(StrEnum):
    """EIDO primary unit status."""

    AVAILABLE = "Available"
    CONDITIONAL = "ConditionallyAvailable"
    NOT_AVAILABLE = "NotAvailable"


_AVAILABLE = "BacktoAssignedArea Cleared InService Post Station AssignmentCancelled CheckedIn"
_CONDITIONAL = (
    "Break COP_or_POP CoveringAlternateArea Event Location AlternateLocation Meal Meeting OnDuty RollCall Roster "
    "ShiftPending Training"
)
_NOT_AVAILABLE = (
    "AcknowledgedTransmission Arrived Assigned Backup Court Delayed Departed Dispatched EnRoute EquipmentIssues "
    "Hospital Investigation OffDuty OnScene OutofService PatientContact ResponderInitiatedEvent Staging TrafficStop "
    "Transporting Unmanned"
)
#: EIDO secondary unit status (NENA registry, all 41 values) -> the primary status it implies.
PRIMARY_OF: dict[str, PrimaryStatus] = {
    status: primary
    for primary, statuses in (
        (PrimaryStatus.AVAILABLE, _AVAILABLE),
        (PrimaryStatus.CONDITIONAL, _CONDITIONAL),
        (PrimaryStatus.NOT_AVAILABLE, _NOT_AVAILABLE),
    )
    for status in statuses.split()
}

#: The CAD's echo of a reservation: the unit has been told.
SENT_STATUSES = frozenset({"Dispatched", "Assigned"})
#: The unit itself has answered.
RECEIVED_STATUSES = frozenset(
    {
        "AcknowledgedTransmission",
        "EnRoute",
        "Departed",
        "Staging",
        "Arrived",
        "OnScene",
        "PatientContact",
        "Transporting",
    }
)
#: The unit is at the scene itself, not at staging and not on its way to a hospital.
SCENE_STATUSES = frozenset({"Arrived", "OnScene", "PatientContact"})
#: The unit has left the call.
LEFT_STATUSES = frozenset(
    {
        "Cleared",
        "InService",
        "BacktoAssignedArea",
        "Station",
        "Post",
        "AssignmentCancelled",
        "OffDuty",
        "OutofService",
    }
)


class CrewMember(Noun):
    """One person of a crew; the name is staff data and goes to dispatchers only."""

    role: str
    name: str | None = None


class Hold(StrEnum):
    """How far a reservation has come."""

    RESERVED = "reserved"  # accepted here, the CAD does not know yet
    SENT = "sent"  # echoed by the CAD
    RECEIVED = "received"  # acknowledged by the unit


class UnitView(Noun):
    """What a console knows of a unit; the planner reads the same."""

    id: str
    agency: str
    kind: UnitKind
    crew: tuple[CrewMember, ...] = ()
    capabilities: tuple[str, ...] = ()
    status: str = Field(description="EIDO secondary status.")
    primary: PrimaryStatus
    status_at: AwareDatetime
    lat: float | None = None
    lon: float | None = None
    position_at: AwareDatetime | None = None
    shift_ends_at: AwareDatetime | None = None
    call_id: str | None = Field(default=None, description="The call that holds this unit.")
    hold: Hold | None = None
    staged: bool = Field(default=False, description="Waits at staging until the scene is secured.")

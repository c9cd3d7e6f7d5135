"""How a call ended, and what of it counts as a diversion."""

from enum import StrEnum

from pydantic import Field

from models.base import Noun


class Resolution(StrEnum):
    """How the call ended; each maps to an APCO ANS 1.111.2-2018 disposition."""

    PHONE_RESOLVED = "phone_resolved"
    ON_SCENE_RESOLVED = "on_scene_resolved"
    EVALUATED_NO_TRANSPORT = "evaluated_no_transport"
    TREATED_RELEASED = "treated_released"
    CRISIS_CENTER = "crisis_center"
    SOBERING_CENTER = "sobering_center"
    SHELTER = "shelter"
    URGENT_BEHAVIORAL_HEALTH = "urgent_behavioral_health"
    REFERRED = "referred"
    ED_VOLUNTARY = "ed_voluntary"
    EMERGENCY_DETENTION = "emergency_detention"
    ARREST = "arrest"
    CITATION = "citation"
    REFUSED = "refused"
    GONE_ON_ARRIVAL = "gone_on_arrival"
    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"
    NO_REPORT = "no_report"


#: APCO ANS 1.111.2-2018 common disposition codes.
APCO_DISPOSITION: dict[Resolution, str] = {
    Resolution.PHONE_RESOLVED: "05",
    Resolution.ON_SCENE_RESOLVED: "18",
    Resolution.EVALUATED_NO_TRANSPORT: "41",
    Resolution.TREATED_RELEASED: "43",
    Resolution.CRISIS_CENTER: "16",
    Resolution.SOBERING_CENTER: "16",
    Resolution.SHELTER: "16",
    Resolution.URGENT_BEHAVIORAL_HEALTH: "16",
    Resolution.REFERRED: "15",
    Resolution.ED_VOLUNTARY: "45",
    Resolution.EMERGENCY_DETENTION: "33",
    Resolution.ARREST: "03",
    Resolution.CITATION: "04",
    Resolution.REFUSED: "42",
    Resolution.GONE_ON_ARRIVAL: "14",
    Resolution.CANCELLED: "10",
    Resolution.DUPLICATE: "22",
    Resolution.NO_REPORT: "02",
}

ED_OR_HOLD = frozenset({Resolution.ED_VOLUNTARY, Resolution.EMERGENCY_DETENTION})
ARREST_OR_CITATION = frozenset({Resolution.ARREST, Resolution.CITATION})
#: The person reached a service; a referral alone is not linkage.
LINKED_BY_TRANSPORT = frozenset(
    {
        Resolution.CRISIS_CENTER,
        Resolution.SOBERING_CENTER,
        Resolution.SHELTER,
        Resolution.URGENT_BEHAVIORAL_HEALTH,
    }
)
#: Outcomes with a person helped; the only ones that can be a diversion.
HELPED = LINKED_BY_TRANSPORT | {
    Resolution.PHONE_RESOLVED,
    Resolution.ON_SCENE_RESOLVED,
    Resolution.EVALUATED_NO_TRANSPORT,
    Resolution.TREATED_RELEASED,
    Resolution.REFERRED,
}


class AttestationBasis(StrEnum):
    """On whose word a call would otherwise have gone to the emergency department."""

    CLINICIAN = "clinician"
    EMS_PROTOCOL = "ems_protocol"


class Linkage(StrEnum):
    """Whether the person reached a service."""

    NONE = "none"
    REFERRED = "referred"
    COMPLETED = "completed"


class OutcomeFacts(Noun):
    """What is reported at disposition."""

    resolution: Resolution
    linkage: Linkage = Linkage.NONE
    otherwise_ed: AttestationBasis | None = Field(
        default=None, description="Attested: would otherwise have gone to the ED."
    )
    otherwise_ed_reason: str | None = Field(
        default=None, max_length=64, description="Reason code of that attestation."
    )
    arrestable_offense_alleged: bool | None = Field(
        default=None, description="Only an officer's explicit true counts."
    )
    offense_officer_unit: str | None = Field(
        default=None, max_length=64, description="The unit whose officer said so."
    )
    use_of_force: bool = False
    injury: bool = False


class Counter(StrEnum):
    """What the ledger counts."""

    ER_DIVERSION = "er_diversion"
    JAIL_DIVERSION = "jail_diversion"
    POLICE_DISPATCH_AVOIDED = "police_dispatch_avoided"


class LedgerStatus(StrEnum):
    """How firm a count is."""

    PROVISIONAL = "provisional"  # inferred at disposition
    CONFIRMED = "confirmed"  # by a clinician or quality assurance
    REVERSED = "reversed"  # a later fact spoke against it


LEDGER_MOVES: dict[LedgerStatus, frozenset[LedgerStatus]] = {
    LedgerStatus.PROVISIONAL: frozenset({LedgerStatus.CONFIRMED, LedgerStatus.REVERSED}),
    LedgerStatus.CONFIRMED: frozenset({LedgerStatus.REVERSED}),
    LedgerStatus.REVERSED: frozenset(),
}


class OutcomeView(Noun):
    """The outcome that stands for a call."""

    id: str
    resolution: Resolution
    disposition: str = Field(description="APCO common disposition code.")
    status: LedgerStatus
    counters: tuple[Counter, ...] = ()


class Count(Noun):
    """One counter of one day, never summed over its statuses."""

    provisional: int = 0
    confirmed: int = 0
    reversed: int = 0


def diversions_of(facts: OutcomeFacts, *, unit_was_sent: bool) -> frozenset[Counter]:
    """Counters an outcome provisionally adds to; the attested counterfactual decides, never the outcome alone.

    ER: a clinician attests, or the EMS protocol says, that the person would have gone to the ED, and the person
    was helped elsewhere. Jail: an officer explicitly alleged an arrestable offence, nobody was arrested or cited,
    and the person was linked to a service (a referral is not linkage). Police dispatch avoided: resolved by phone
    and no unit was sent.
    """
    counters: set[Counter] = set()
    if facts.resolution not in HELPED:
        return frozenset()
    if facts.otherwise_ed is not None:
        counters.add(Counter.ER_DIVERSION)
    linked = facts.resolution in LINKED_BY_TRANSPORT or facts.linkage is Linkage.COMPLETED
    if facts.arrestable_offense_alleged is True and facts.offense_officer_unit and linked:
        counters.add(Counter.JAIL_DIVERSION)
    if facts.resolution is Resolution.PHONE_RESOLVED and not unit_was_sent:
        counters.add(Counter.POLICE_DISPATCH_AVOIDED)
    return frozenset(counters)

"""What triage understood of a call's text."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from pydantic import AwareDatetime, Field

from models.base import Noun


class Indicator(StrEnum):
    """Needs a call may speak of; the vocabulary is closed, the phrases that reveal them are data."""

    SUICIDAL = "suicidal"
    SELF_HARM = "self_harm"
    PSYCHOSIS = "psychosis"
    MOOD_ANXIETY = "mood_anxiety"
    MEDICATION = "medication"
    ERRATIC_BEHAVIOR = "erratic_behavior"
    COGNITIVE = "cognitive"
    DEVELOPMENTAL = "developmental"
    SUBSTANCE = "substance"
    OVERDOSE = "overdose"
    YOUTH_CRISIS = "youth_crisis"
    FAMILY_CONFLICT = "family_conflict"
    DOMESTIC_VIOLENCE = "domestic_violence"
    BEREAVEMENT = "bereavement"
    HOMELESSNESS = "homelessness"
    BASIC_NEEDS = "basic_needs"
    ELDER_OR_DEPENDENT_RISK = "elder_or_dependent_risk"
    CHILD_RISK = "child_risk"
    WELFARE_CONCERN = "welfare_concern"
    EXPLOITATION = "exploitation"
    REPEAT_CONTACT = "repeat_contact"  # derived from history, never from one text


class DangerName(StrEnum):
    """What may hurt the people who go or the person they go to."""

    WEAPON = "weapon"
    VIOLENCE = "violence"
    MEDICAL = "medical"
    HAZARD = "hazard"


class Assertion(StrEnum):
    """How a mention stands for the subject of the call, now."""

    AFFIRMED = "affirmed"
    NEGATED = "negated"  # stated as absent, or not a real instance
    UNKNOWN = "unknown"  # said to be unknown; never counts as no
    HISTORICAL = "historical"
    HYPOTHETICAL = "hypothetical"
    OTHER_PERSON = "other_person"


#: Several mentions of one danger collapse to the most cautious of them.
ASSERTION_PRECEDENCE: tuple[Assertion, ...] = (
    Assertion.AFFIRMED,
    Assertion.UNKNOWN,
    Assertion.HYPOTHETICAL,
    Assertion.HISTORICAL,
    Assertion.OTHER_PERSON,
    Assertion.NEGATED,
)


class Access(StrEnum):
    """Where a weapon is, seen from the subject."""

    IN_HAND = "in_hand"
    WITHIN_REACH = "within_reach"
    ELSEWHERE = "elsewhere"  # secured, taken, recovered
    UNKNOWN = "unknown"


class Recency(StrEnum):
    """When the mentioned thing was so."""

    CURRENT = "current"
    RECENT = "recent"  # today, just occurred
    PAST = "past"
    UNKNOWN = "unknown"


class Risk(IntEnum):
    """R0 service need .. R4 imminent; rises by itself, falls only by a human."""

    R0 = 0
    R1 = 1
    R2 = 2
    R3 = 3
    R4 = 4


class GateName(StrEnum):
    """Safety gates of the policy; what each demands is dispatch's business."""

    G1 = "G1"  # weapon present
    G2 = "G2"  # weapon unknown with threat or agitation
    G3 = "G3"  # active violence, domestic violence
    G4 = "G4"  # medical first
    G5 = "G5"  # barricade, hostage, shots, fire-setting
    G6 = "G6"  # serious crime in progress
    G7 = "G7"  # child or elder at risk: mandated report
    G8 = "G8"  # unreachable or unlocated with high suicidal severity
    G9 = "G9"  # premise or person caution
    G10 = "G10"  # traffic, height, water, heat
    G11 = "G11"  # clinical hold requested or likely
    G12 = "G12"  # the text could not be judged


class Entry(Noun):
    """One remark appended to a call; a hard boundary of scope."""

    text: str
    author: str | None = None
    at: AwareDatetime | None = None


class Mention(Noun):
    """One phrase in one entry that speaks of an indicator or a danger."""

    id: str = Field(description="entry:start-end:concept; the same mention keeps it when text is appended.")
    entry: int = Field(description="Index of the entry, from 0; -1 is the nature.")
    start: int = Field(description="Code-point offset into the entry's ORIGINAL text, inclusive.")
    end: int = Field(description="Code-point offset, exclusive.")
    concept: str = Field(description="Name of an Indicator or a DangerName.")
    assertion: Assertion
    severity: int = Field(ge=0, le=4)
    cue_start: int | None = None
    cue_end: int | None = None
    rule: str = Field(
        description="Id of the phrase and of the assertion rule that decided, e.g. weapon.knife+NEG_FORWARD."
    )
    contribution: float = Field(description="Signed share of this mention in the need score, in log-odds.")
    access: Access = Access.UNKNOWN
    recency: Recency = Recency.UNKNOWN
    look_alike: bool = False
    thing: str | None = Field(
        default=None, description="Kind of weapon where the words name it: gun, blade or tool."
    )


class IndicatorFinding(Noun):
    """An indicator that the text speaks of; asserted when probability >= 0.5."""

    probability: float = Field(ge=0, le=1)
    severity: int = Field(ge=0, le=4)
    assertion: Assertion


class DangerFinding(Noun):
    """A danger that the text mentions; a danger not mentioned is absent from the mapping."""

    assertion: Assertion
    access: Access = Access.UNKNOWN
    recency: Recency = Recency.UNKNOWN
    severity: int = Field(default=0, ge=0, le=4)
    look_alike: bool = False
    conflict: bool = Field(default=False, description="Mentions disagree; both sides stay visible.")
    mentions: tuple[str, ...] = ()


class CallerRole(StrEnum):
    """Whether the caller is the subject, is with the subject, or neither."""

    FIRST_PARTY = "first"
    SECOND_PARTY = "second"
    THIRD_PARTY = "third"
    UNKNOWN = "unknown"


class PlaceKind(StrEnum):
    """What kind of place the subject is in."""

    HOME = "home"
    PUBLIC = "public"
    FACILITY = "facility"
    UNKNOWN = "unknown"


class Context(Noun):
    """Circumstances that rows of the decision matrix read."""

    caller: CallerRole = CallerRole.UNKNOWN
    engaged: bool = Field(default=False, description="The subject is on the line and talking.")
    place: PlaceKind = PlaceKind.UNKNOWN
    language: str = Field(default="en", description="BCP 47 primary tag of the language heard.")
    officer_on_scene: bool = False


class Gate(Noun):
    """A gate that the text closes, with the mentions that closed it."""

    name: GateName
    mentions: tuple[str, ...]
    reason: str = Field(description="Stable code, e.g. WEAPON_IN_HAND.")


class Release(Noun):
    """A person's word that named mentions no longer close a gate."""

    gate: GateName
    mentions: tuple[str, ...]
    role: str
    reason: str
    by: str
    at: AwareDatetime


class LatchedGate(Noun):
    """A gate once closed: open again only where a person released every mention that closed it."""

    name: GateName
    mentions: tuple[str, ...]
    reason: str
    released: bool = False


class Standing(Noun):
    """Gates and risk of a call after everything that was ever read and released."""

    gates: tuple[LatchedGate, ...] = ()
    risk: Risk = Risk.R0


class Question(Noun):
    """What to ask next, only when the answer would change the pairing."""

    code: str
    gap: str


class Assessment(Noun):
    """What the entries of one call say, with the evidence for it."""

    need: float = Field(ge=0, le=1)
    flag: bool
    flag_reason: str | None = Field(default=None, description="NEED_SCORE or the explicit rule's code.")
    indicators: Mapping[Indicator, IndicatorFinding] = {}
    dangers: Mapping[DangerName, DangerFinding] = {}
    mentions: tuple[Mention, ...] = ()
    context: Context = Context()
    gates: tuple[Gate, ...] = ()
    risk: Risk = Risk.R0
    info_gaps: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    entries: int = Field(default=0, description="How many entries were read.")
    truncated: bool = Field(default=False, description="Text beyond the limit was scanned for dangers only.")
    words: int = Field(default=0, description="How many words were read whole.")
    unknown_words: int = Field(default=0, description="Of these, how many nothing here knows.")
    artefact: str = Field(description="Digest of lexicon, rules and weights that produced this.")

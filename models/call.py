"""A call for service as the centre took it."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import AwareDatetime, Field

from models.assessment import Access, Assertion, Context, DangerName, GateName, Indicator, Question, Risk
from models.base import Noun
from models.outcome import OutcomeView
from models.recommendation import DecisionView, RecommendationView


class Source(StrEnum):
    """How the call came in."""

    CALL_911 = "911"
    OFFICER = "officer"
    LIFELINE = "988"
    OTHER = "other"


class CallState(StrEnum):
    """Whether the CAD still works the call."""

    OPEN = "open"
    CLOSED = "closed"


class ReviewState(StrEnum):
    """The clinician's word on the call."""

    NONE = "none"
    FLAGGED = "flagged"
    SET_ASIDE = "set_aside"


class LinkKind(StrEnum):
    """How two calls belong together."""

    DUPLICATE = "duplicate"
    RELATED = "related"


class DangerView(Noun):
    """A mentioned danger without its words; the words stay with the call."""

    assertion: Assertion
    access: Access
    conflict: bool
    look_alike: bool


class GateView(Noun):
    """A latched gate."""

    name: GateName
    reason: str
    released: bool = False


class Review(Noun):
    """Who flagged or set aside, and when."""

    state: ReviewState = ReviewState.NONE
    by: str | None = None
    at: AwareDatetime | None = None
    reason: str | None = None


class AssessmentView(Noun):
    """What events carry of an assessment: codes and numbers, no words."""

    need: float
    flag: bool
    flag_reason: str | None
    risk: Risk
    indicators: Mapping[Indicator, int] = Field(description="Asserted indicators and their severity.")
    dangers: Mapping[DangerName, DangerView]
    gates: tuple[GateView, ...]
    context: Context
    info_gaps: tuple[str, ...]
    questions: tuple[Question, ...]
    artefact: str


class CallView(Noun):
    """What a console knows of a call; the planner reads the same. Never the narrative."""

    id: str
    number: str = Field(description="The CAD's own number, else ours.")
    source: Source
    received_at: AwareDatetime
    taken_at: AwareDatetime = Field(description="When this service took it.")
    nature: str
    priority: int | None
    beat: str | None
    place: str | None = Field(default=None, description="Dispatcher and clinician frames only.")
    lat: float | None = None
    lon: float | None = None
    state: CallState
    text_version: int = Field(description="How many entries the call has.")
    assessed_version: int = Field(
        description="How many of them the assessment has read; less = not assessed."
    )
    decision_version: int
    quality: tuple[str, ...] = Field(default=(), description="Data-quality flags of the intake.")
    assessment: AssessmentView | None = None
    review: Review = Review()
    recommendation: RecommendationView | None = None
    decision: DecisionView | None = None
    outcome: OutcomeView | None = None
    links: tuple[str, ...] = ()
    on_board: bool = Field(
        description="False = consoles and the planner drop it: closed, and nothing is owed to it."
    )

"""Bodies of operator actions: strict, so that a slip is told and nothing is guessed."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from models.assessment import Indicator
from models.call import LinkKind
from models.outcome import OutcomeFacts
from models.unit import PRIMARY_OF, CrewMember, Hold, UnitKind


def _storable(text: str) -> str:
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("NUL and lone surrogates are not text")
    return text


Text = Annotated[str, AfterValidator(_storable)]
Short = Annotated[Text, Field(min_length=1, max_length=100)]
Words = Annotated[Text, Field(min_length=1, max_length=500)]
UnitId = Annotated[Text, Field(min_length=1, max_length=64, pattern=r"^[\w.\- ]+$")]
Version = Annotated[
    int, Field(ge=1, lt=2**31, description="The decision_version of the call as it was seen.")
]
SourceSeq = Annotated[int, Field(ge=-(2**63), lt=2**63)]


def _known_status(status: str) -> str:
    if status not in PRIMARY_OF:
        raise ValueError("not an EIDO secondary unit status")
    return status


class Form(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class ReviewForm(Form):
    """The clinician's word on a call."""

    decision: Literal["flag", "set_aside"]
    reason: Words | None = None
    decision_version: Version


class FlagForm(Form):
    """The clinician's word on one indicator."""

    indicator: Indicator
    action: Literal["confirm", "dismiss", "add"]
    mention: Annotated[
        Short | None,
        Field(description="With dismiss: these words alone do not say it; the indicator may stand."),
    ] = None
    reason: Words | None = None
    decision_version: Version

    @model_validator(mode="after")
    def _evidence_is_only_dismissed(self) -> Self:
        if self.mention is not None and self.action != "dismiss":
            raise ValueError("a mention is dismissed, never confirmed or added")
        return self


class AnswerForm(Form):
    """What the caller answered."""

    question: Short
    answer: Words


class ReleaseGateForm(Form):
    """Mentions that no longer close a gate."""

    mentions: Annotated[tuple[Short, ...], Field(min_length=1, max_length=500)]
    reason: Words
    decision_version: Version


class AcceptForm(Form):
    """The pairing as it was shown."""

    pairing_id: Short
    decision_version: Version


class OverrideForm(Form):
    """Other units than proposed."""

    unit_ids: Annotated[tuple[UnitId, ...], Field(min_length=1, max_length=20)]
    reason: Words
    decision_version: Version


class DeclineForm(Form):
    """The standard response instead."""

    reason: Words
    route: Literal["standard_patrol", "lifeline_988", "ems", "advise_only"] = "standard_patrol"
    decision_version: Version


class ReconfirmForm(Form):
    """The new danger was read."""

    staging: bool
    decision_version: Version


class SecureForm(Form):
    """The scene is secure; the reason is for a supervisor who says so before an officer's arrival was heard of."""

    reason: Words | None = None
    decision_version: Version


class TakeBackForm(Form):
    """Why a decision is taken back."""

    reason: Words
    decision_version: Version


class ReasonForm(Form):
    """A reason."""

    reason: Words


class AckForm(Form):
    """How far the CAD got with a decision."""

    state: Literal[Hold.SENT, Hold.RECEIVED]


class LinkForm(Form):
    """Which call belongs to this one."""

    other: Annotated[str, Field(pattern=r"^[0-9a-fA-F-]{36}$")]
    kind: LinkKind


class UnitForm(Form):
    """A unit of the roster."""

    center: Short | None = None
    agency: Short
    kind: UnitKind
    crew: Annotated[tuple[CrewMember, ...], Field(max_length=20)] = ()
    capabilities: Annotated[tuple[Short, ...], Field(max_length=50)] = ()
    shift_ends_at: AwareDatetime | None = None


class StatusForm(Form):
    """A unit's EIDO secondary status."""

    status: Annotated[Text, AfterValidator(_known_status)]
    at: AwareDatetime
    source_seq: SourceSeq | None = None


class PositionForm(Form):
    """Where a unit is, WGS 84."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    at: AwareDatetime
    source_seq: SourceSeq | None = None


class OutcomeForm(Form):
    """How a call ended."""

    facts: OutcomeFacts
    decision_version: Version


class SignInForm(Form):
    """Who wants in."""

    center: Short | None = None
    username: Short
    password: Annotated[Text, Field(min_length=1, max_length=200)]

"""Something a person has to know now."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from models.base import Noun
from models.recommendation import Reason


class AlertCode(StrEnum):
    """Causes; one cause on one call is one alert with a counter."""

    DANGER_AFTER_ACCEPT = "DANGER_AFTER_ACCEPT"  # new danger in text after a pairing was sent
    NOT_REACHED = "NOT_REACHED"  # a reservation expired without the CAD's echo
    UNIT_LEFT = "UNIT_LEFT"  # a reserved unit went elsewhere


class AlertView(Noun):
    """An alert as every console of the center sees it."""

    id: str
    code: AlertCode
    tier: int = Field(ge=1, le=3)
    call_id: str
    reasons: tuple[Reason, ...] = ()
    count: int = Field(ge=1, description="How often the cause recurred.")
    raised_at: AwareDatetime
    acknowledged_by: str | None = None
    acknowledged_at: AwareDatetime | None = None
    resolved_at: AwareDatetime | None = None

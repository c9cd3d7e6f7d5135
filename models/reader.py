"""How the engine that reads calls is doing in one center: numbers without a word of any call."""

from collections.abc import Mapping

from pydantic import AwareDatetime, Field

from models.assessment import Indicator
from models.base import Noun

TENTHS = 10


class Tenth(Noun):
    """Calls whose need lies in one tenth of the scale, and what clinicians said of them."""

    calls: int
    need: float = Field(ge=0, le=1, description="Mean need of these calls as it stands.")
    flagged: int = Field(description="How many of them a clinician flagged; the others were set aside.")


class Calibration(Noun):
    """Needs held beside clinicians' decisions, over the newest calls that were reviewed."""

    reviewed: int
    least: int = Field(description="Fewer reviews than this say nothing: the error is then null.")
    error: float | None = Field(
        description="Expected calibration error: |mean need - share flagged| by tenth, weighed by calls."
    )
    tenths: Mapping[int, Tenth] = Field(description="By tenth of the need, 0 to 9; empty ones are left out.")


class Drift(Noun):
    """The newest needs held beside those of a reference."""

    reference: tuple[int, ...] = Field(description="Calls of the reference by tenth of the need.")
    source: str = Field(description="card: what the fitted weights came with; first_calls: the center's own.")
    index: float | None = Field(
        description="Population stability index over ten bins; null with too few calls."
    )


class ReaderReport(Noun):
    """The newest calls of a center as they were read."""

    at: AwareDatetime
    artefact: str = Field(description="What reads calls now, with the center's own phrases.")
    unfit: str | None = Field(description="Why the rules read alone: missing or mismatch.")
    since: AwareDatetime = Field(description="No older calls are looked at.")
    most: int = Field(description="At most so many calls are looked at, the newest.")
    least: int = Field(description="Fewer calls than this say nothing: shares are then null.")
    calls: int
    mean_need: float | None
    flagged: float | None = Field(description="Share of calls that the engine flagged.")
    histogram: tuple[int, ...] = Field(description="Calls by tenth of the need.")
    indicators: Mapping[Indicator, float] = Field(
        description="Share of calls in which it is asserted; empty with too few calls."
    )
    words: int = Field(description="Words among which unknown ones were counted, of the newest calls.")
    unknown_words: float | None = Field(
        description="Share of words that no phrase, abbreviation or weight knows and that are no number."
    )
    drift: Drift
    calibration: Calibration

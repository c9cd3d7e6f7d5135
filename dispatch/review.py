"""When a call may be paired: not before its text was read, not while the clinician is still to look at it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.eligibility import off_shift
from dispatch.gates import effects_of
from dispatch.policy import Policy
from dispatch.policy_parts import Effect, Wait
from models.call import CallState, CallView, ReviewState
from models.recommendation import DecisionState
from models.unit import UnitKind, UnitView

#: After these a call is planned for again; FINISHED is the end of it.
REOPENED = frozenset({DecisionState.EXPIRED, DecisionState.RELEASED})


class Standing(StrEnum):
    """Why a call is not planned for; the text is the reason of a withdrawal."""

    CLOSED = "CLOSED"
    SET_ASIDE = "SET_ASIDE"
    NOT_FLAGGED = "NOT_FLAGGED"
    WAITING_FOR_REVIEW = "WAITING_FOR_REVIEW"
    NOT_READ = "NOT_READ"  # newer text is being assessed: what stands keeps standing
    DECIDED = "DECIDED"  # a person has decided: nothing to propose, nothing to withdraw


def standing_of(policy: Policy, call: CallView, units: Iterable[UnitView], now: datetime) -> Standing | None:
    """Why the call is not eligible now, or None when it is."""
    if call.decision is not None and call.decision.state not in REOPENED:
        return Standing.DECIDED
    if call.state is CallState.CLOSED:
        return Standing.CLOSED
    if call.review.state is ReviewState.SET_ASIDE:
        return Standing.SET_ASIDE
    if call.assessment is None or call.assessed_version < call.text_version:
        return Standing.NOT_READ
    if call.review.state is ReviewState.FLAGGED:
        return None
    if not call.assessment.flag:
        return Standing.NOT_FLAGGED
    return Standing.WAITING_FOR_REVIEW if waits(policy, call, units, now) else None


def concerns(call: CallView) -> bool:
    """Whether a call may be planned for, or has a recommendation that may have to go."""
    flagged = call.review.state is ReviewState.FLAGGED or (
        call.assessment is not None and call.assessment.flag
    )
    return flagged or call.recommendation is not None


def waits(policy: Policy, call: CallView, units: Iterable[UnitView], now: datetime) -> bool:
    """Whether a flagged call still waits for the clinician's word, counted from when this service took it."""
    review = policy.review
    if review.wait is Wait.NEVER or now >= falls_through_at(policy, call):
        return False
    if call.assessment is None or call.assessment.risk >= review.never_wait_from:
        return False
    if Effect.NEVER_WAIT in effects_of(policy, call):
        return False
    return review.wait is Wait.ALWAYS or clinician_on_shift(policy, units, now)


def falls_through_at(policy: Policy, call: CallView) -> datetime:
    """When the call is paired even though no clinician has looked at it."""
    return call.taken_at + timedelta(seconds=policy.review.fall_through_seconds)


def clinician_on_shift(policy: Policy, units: Iterable[UnitView], now: datetime) -> bool:
    """Some TEL unit has a status other than the policy's off-shift ones, and its shift has not ended.

    A clinician who is busy with a call is on shift all the same; one without a stated end of shift is, too.
    """
    return any(
        unit.kind is UnitKind.TEL
        and unit.status not in policy.review.off_shift_statuses
        and not off_shift(unit, now)
        for unit in units
    )

"""A flagged call waits for the clinician's word only where policy, a clinician and its danger allow it."""

from datetime import timedelta

import pytest

from dispatch.board import Withdrawal
from dispatch.policy_parts import Wait
from dispatch.review import Standing, clinician_on_shift, standing_of
from models.call import CallView, ReviewState
from models.recommendation import Plan
from models.unit import UnitView
from tests.unit.dispatch_city import NOON, POLICY, a_board, a_call, a_unit, an_assessment, settled

SECOND = timedelta(seconds=1)
CLINICIAN = a_unit("T1", "TEL", status="OnScene")


def unreviewed(**changes: object) -> CallView:
    usual: dict[str, object] = {"review": ReviewState.NONE, "taken_at": NOON - 20 * SECOND}
    return a_call(**(usual | changes))  # type: ignore[arg-type]


def why(call: CallView, wait: Wait, *units: UnitView) -> Standing | None:
    review = POLICY.review.model_copy(update={"wait": wait})
    return standing_of(POLICY.model_copy(update={"review": review}), call, units, NOON)


WAITS = [
    (Wait.NEVER, True, False),
    (Wait.WHEN_CLINICIAN_ON_SHIFT, True, True),
    (Wait.WHEN_CLINICIAN_ON_SHIFT, False, False),
    (Wait.ALWAYS, False, True),
]


@pytest.mark.parametrize(("wait", "clinician", "waits"), WAITS)
def test_the_policy_says_whether_a_call_waits(wait: Wait, clinician: bool, waits: bool) -> None:
    found = why(unreviewed(), wait, *([CLINICIAN] if clinician else []))
    assert found == (Standing.WAITING_FOR_REVIEW if waits else None)


NEVER_WAITING = [
    unreviewed(assessment=an_assessment("suicidal", risk=4)),
    unreviewed(assessment=an_assessment("overdose", risk=2, gates=("G4",))),
    unreviewed(review=ReviewState.FLAGGED),
    unreviewed(taken_at=NOON - 60 * SECOND),
]


@pytest.mark.parametrize("call", NEVER_WAITING)
def test_imminent_medical_reviewed_and_long_waiting_calls_are_planned_at_once(call: CallView) -> None:
    assert why(call, Wait.ALWAYS, CLINICIAN) is None


def test_an_unflagged_call_is_planned_for_once_a_clinician_flags_it() -> None:
    quiet = an_assessment("psychosis", flag=False)
    assert why(unreviewed(assessment=quiet), Wait.NEVER) is Standing.NOT_FLAGGED
    assert why(unreviewed(assessment=quiet, review=ReviewState.FLAGGED), Wait.NEVER) is None


def test_a_call_without_an_assessment_is_not_planned_for() -> None:
    call = unreviewed().model_copy(update={"assessment": None})
    assert why(call, Wait.NEVER) is Standing.NOT_READ


ON_SHIFT = [
    (a_unit("T1", "TEL"), True),
    (a_unit("T1", "TEL", status="OnScene"), True),
    (a_unit("T1", "TEL", shift_ends_at=None), True),
    (a_unit("T1", "TEL", status="OffDuty"), False),
    (a_unit("T1", "TEL", status="ShiftPending"), False),
    (a_unit("T1", "TEL", shift_ends_at=NOON), False),
    (a_unit("L1", "988"), False),
    (a_unit("M1", "CRT"), False),
]


@pytest.mark.parametrize(("unit", "on_shift"), ON_SHIFT)
def test_a_clinician_is_on_shift_unless_off_duty_or_past_the_shift(unit: UnitView, on_shift: bool) -> None:
    assert clinician_on_shift(POLICY, [unit], NOON) is on_shift


def test_the_call_falls_through_a_minute_after_it_was_taken() -> None:
    call = unreviewed()
    board = a_board([call], [CLINICIAN, a_unit("M1", "CRT")])
    assert board.plan(NOON) == ()
    wake = board.next_wake(NOON)
    assert wake == call.taken_at + 60 * SECOND
    (plan,) = board.plan(wake)
    assert isinstance(plan, Plan)


def test_nobody_waits_for_a_clinician_whose_shift_ends_first() -> None:
    leaving = a_unit("T1", "TEL", shift_ends_at=NOON + 15 * SECOND)
    board = a_board([unreviewed()], [leaving, a_unit("M1", "CRT")])
    assert board.next_wake(NOON) == leaving.shift_ends_at
    assert len(board.plan(NOON + 15 * SECOND)) == 1


def test_a_call_that_has_to_wait_again_loses_its_recommendation() -> None:
    call = unreviewed()
    board = a_board([call], [a_unit("M1", "CRT")])
    call = settled(board, {call.id: call})[call.id]
    board.put_unit(CLINICIAN)
    assert board.plan(NOON) == (Withdrawal("C1", call.decision_version, Standing.WAITING_FOR_REVIEW),)

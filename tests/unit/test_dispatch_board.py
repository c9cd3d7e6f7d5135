"""The planner's memory: it says only what must change, never flaps, and knows when time alone changes something."""

from datetime import timedelta

import pytest

from dispatch.board import Board, Withdrawal
from models.call import CallState, CallView, Review, ReviewState
from models.events import CallChanged, CallClosed, CountsChanged, CountsView, UnitChanged
from models.recommendation import DecidedUnit, DecisionKind, DecisionState, DecisionView, Plan
from models.unit import UnitView
from tests.unit.dispatch_city import (
    KILOMETRE,
    NOON,
    POLICY,
    a_board,
    a_call,
    a_unit,
    an_assessment,
    kinds_of,
    plan_of,
    settled,
)

SECOND = timedelta(seconds=1)


def standing(*units: UnitView, **changes: object) -> tuple[Board, CallView]:
    """A board whose one call has its recommendation standing."""
    call = a_call(**changes)  # type: ignore[arg-type]
    board = a_board([call], units)
    return board, settled(board, {call.id: call})[call.id]


def moved(unit: UnitView, km: float) -> UnitView:
    assert unit.lat is not None
    return unit.model_copy(update={"lat": unit.lat + km * KILOMETRE, "position_at": NOON})


def test_the_same_inputs_change_nothing() -> None:
    board, _ = standing(a_unit("M1", "CRT"), a_unit("P1", "PAT"))
    assert board.plan(NOON) == ()


def test_a_restarted_planner_does_not_propose_again_what_stands() -> None:
    units = [a_unit("M1", "CRT"), a_unit("P1", "PAT")]
    _, call = standing(*units)
    assert a_board([call], units).plan(NOON) == ()


def test_a_little_movement_changes_nothing() -> None:
    near, far = a_unit("M1", "CRT", km=2), a_unit("M2", "CRT", km=2.5)
    board, _ = standing(near, far)
    for step in (0.4, -0.4, 0.5, -0.6):
        board.put_unit(moved(near, step))
        assert board.plan(NOON + SECOND) == ()


def test_a_team_that_wavers_about_the_limit_stays_proposed() -> None:
    team = a_unit("M1", "CRT", km=18.5)
    board, _ = standing(team)
    board.put_unit(moved(team, 0.8))
    assert board.plan(NOON + SECOND) == ()


def test_a_clearly_nearer_team_takes_the_place() -> None:
    board, _ = standing(a_unit("M1", "CRT", km=8))
    board.put_unit(a_unit("M2", "CRT", km=1))
    (plan,) = board.plan(NOON + SECOND)
    assert isinstance(plan, Plan)
    assert plan.pairings[0].id == "M2"


def test_an_arrival_that_moved_by_minutes_is_shown_again() -> None:
    team = a_unit("M1", "CRT", km=8)
    board, _ = standing(team)
    board.put_unit(moved(team, -4))
    (plan,) = board.plan(NOON + SECOND)
    assert isinstance(plan, Plan)


def test_a_unit_taken_by_another_call_is_replaced() -> None:
    team = a_unit("M1", "CRT")
    board, _ = standing(team, a_unit("M2", "CRT", km=5))
    board.put_unit(team.model_copy(update={"call_id": "C9"}))
    (plan,) = board.plan(NOON + SECOND)
    assert isinstance(plan, Plan)
    assert plan.pairings[0].id == "M2"


def test_an_alternative_that_may_no_longer_go_is_not_left_standing() -> None:
    second = a_unit("M2", "CRT", km=5)
    board, _ = standing(a_unit("M1", "CRT"), second)
    board.put_unit(second.model_copy(update={"call_id": "C9"}))
    (plan,) = board.plan(NOON + SECOND)
    assert isinstance(plan, Plan)
    assert "M2" not in {unit.unit_id for pairing in plan.pairings for unit in pairing.units}


def test_a_gate_that_closes_changes_the_plan() -> None:
    board, call = standing(a_unit("M1", "CRT"), a_unit("P1", "PAT"))
    board.put_call(call.model_copy(update={"assessment": an_assessment("psychosis", gates=("G2",))}))
    (plan,) = board.plan(NOON + SECOND)
    assert isinstance(plan, Plan)
    assert kinds_of(plan) == {"CRT", "PAT"}


def test_another_policy_plans_again() -> None:
    units = [a_unit("M1", "CRT")]
    _, call = standing(*units)
    limits = POLICY.limits.model_copy(update={"rest_minutes": 1.0})
    board = Board(POLICY.model_copy(update={"limits": limits}))
    board.put_unit(units[0])
    board.put_call(call)
    assert len(board.plan(NOON)) == 1


WITHDRAWN = [
    ("SET_ASIDE", {"review": Review(state=ReviewState.SET_ASIDE)}),
    ("CLOSED", {"state": CallState.CLOSED}),
    ("NOT_FLAGGED", {"review": Review(), "assessment": an_assessment("psychosis", flag=False)}),
]


@pytest.mark.parametrize(("reason", "changes"), WITHDRAWN)
def test_a_recommendation_goes_when_its_call_is_no_longer_eligible(
    reason: str, changes: dict[str, object]
) -> None:
    board, call = standing(a_unit("M1", "CRT"))
    board.put_call(call.model_copy(update=changes))
    assert board.plan(NOON) == (Withdrawal("C1", call.decision_version, reason),)  # type: ignore[arg-type]


@pytest.mark.parametrize(("reason", "changes"), WITHDRAWN)
def test_where_nothing_stands_nothing_is_withdrawn(reason: str, changes: dict[str, object]) -> None:
    call = a_call().model_copy(update=changes)
    assert a_board([call], [a_unit("M1", "CRT")]).plan(NOON) == (), reason


def test_what_stands_keeps_standing_while_newer_text_is_read() -> None:
    board, call = standing(a_unit("M1", "CRT"))
    board.put_call(call.model_copy(update={"text_version": 2}))
    board.put_unit(a_unit("M2", "CRT", km=0.1))
    assert board.plan(NOON) == ()


def decided(call: CallView, state: DecisionState) -> CallView:
    assert call.recommendation is not None
    decision = DecisionView(
        id="D1",
        kind=DecisionKind.DECLINED if state is DecisionState.STANDING else DecisionKind.ACCEPTED,
        state=state,
        recommendation_id=call.recommendation.id,
        pairing_id="M1",
        units=(DecidedUnit(unit_id="M1"),),
        by="dispatcher",
        at=NOON,
    )
    return call.model_copy(update={"decision": decision})


AGAIN = {DecisionState.EXPIRED, DecisionState.RELEASED}


@pytest.mark.parametrize("state", DecisionState)
def test_only_after_a_decision_expired_or_was_released_is_the_call_planned_for_again(
    state: DecisionState,
) -> None:
    board, call = standing(a_unit("M1", "CRT"))
    board.put_call(decided(call, state))
    assert [change.call_id for change in board.plan(NOON)] == (["C1"] if state in AGAIN else [])


def test_a_decided_call_that_is_closed_has_nothing_to_withdraw() -> None:
    board, call = standing(a_unit("M1", "CRT"))
    board.put_call(decided(call, DecisionState.FINISHED).model_copy(update={"state": CallState.CLOSED}))
    assert board.plan(NOON) == ()


def test_events_say_what_direct_words_say() -> None:
    call, unit = a_call(), a_unit("M1", "CRT")
    board = Board(POLICY)
    board.apply(UnitChanged(at=NOON, unit=unit))
    board.apply(CallChanged(at=NOON, what=("assessment",), call=call))
    board.apply(CountsChanged(at=NOON, counts=CountsView(day=NOON.date(), diversions={}, unserved={})))
    assert board.plan(NOON) == (plan_of(call, [unit]),)


def test_a_call_off_the_board_is_forgotten() -> None:
    board, call = standing(a_unit("M1", "CRT"))
    gone = call.model_copy(update={"on_board": False, "state": CallState.CLOSED})
    board.apply(CallClosed(at=NOON, call=gone))
    assert board.plan(NOON) == ()
    assert board.next_wake(NOON) is None


def test_a_position_nobody_refreshes_takes_the_unit_out_at_the_moment_it_is_stale() -> None:
    board, _ = standing(a_unit("M1", "CRT"), a_unit("M2", "CRT", km=5, position_at=NOON))
    stale = NOON - 10 * SECOND + 180 * SECOND
    assert board.next_wake(NOON) == stale
    assert board.plan(stale - SECOND) == ()
    (plan,) = board.plan(stale)
    assert isinstance(plan, Plan)
    assert plan.pairings[0].id == "M2"


def test_a_shift_about_to_end_wakes_the_planner_in_time_to_arrive() -> None:
    board, _ = standing(a_unit("M1", "CRT", status="Station", shift_ends_at=NOON + 45 * 60 * SECOND))
    wake = board.next_wake(NOON)
    assert wake is not None
    assert NOON < wake < NOON + 15 * 60 * SECOND
    (plan,) = board.plan(wake)
    assert isinstance(plan, Plan)
    assert plan.unserved == "OUT_OF_HOURS"


def test_police_are_proposed_when_the_wait_for_a_team_is_over() -> None:
    call = a_call(assessment=an_assessment("homelessness", risk=0))
    board, _ = standing(a_unit("P1", "PAT", status="Station"), assessment=call.assessment)
    wake = board.next_wake(NOON)
    assert wake == call.taken_at + timedelta(minutes=20)
    (plan,) = board.plan(wake)
    assert isinstance(plan, Plan)
    assert kinds_of(plan) == {"PAT"}


def test_every_wake_is_later_than_now() -> None:
    board, now = standing(a_unit("M1", "CRT"), a_unit("P1", "PAT"))[0], NOON
    for _ in range(12):
        wake = board.next_wake(now)
        if wake is None:
            break
        assert wake > now
        board.plan(now := wake)


def test_the_most_urgent_call_comes_first() -> None:
    low, high = a_call("C1"), a_call("C2", an_assessment("suicidal", risk=4))
    changes = a_board([low, high], [a_unit("M1", "CRT")]).plan(NOON)
    assert [change.call_id for change in changes] == ["C2", "C1"]


def test_ways_are_asked_for_once_and_again_when_the_unit_is_elsewhere() -> None:
    team = a_unit("M1", "CRT", km=3)
    board, call = standing(team, a_unit("T1", "TEL"), a_unit("P1", "PAT", km=1))
    ways = board.ways()
    assert {(way.unit_id, way.call_id) for way in ways} == {("M1", call.id), ("P1", call.id)}
    assert board.hear_roads([(way, 9.0) for way in ways])
    board.plan(NOON + SECOND)
    assert board.ways() == ()
    board.put_unit(moved(team, 0.1))
    board.plan(NOON + SECOND)
    assert board.ways() == ()
    board.put_unit(moved(team, 0.5))
    board.plan(NOON + SECOND)
    assert [way.unit_id for way in board.ways()] == ["M1"]


def test_a_road_that_was_told_changes_who_is_nearest() -> None:
    board, call = standing(a_unit("M1", "CRT", km=2), a_unit("M2", "CRT", km=4))
    ways = {way.unit_id: way for way in board.ways()}
    board.hear_roads([(ways["M1"], 45.0), (ways["M2"], 5.0)])
    (plan,) = board.plan(NOON + SECOND)
    assert isinstance(plan, Plan)
    assert plan.pairings[0].id == "M2"
    board.put_call(call.model_copy(update={"state": CallState.CLOSED, "on_board": False}))
    assert not board.hear_roads([(ways["M1"], 5.0)]), "the call is gone"


def test_another_policy_is_planned_by_and_what_stands_is_made_again_by_it() -> None:
    board, _ = standing(a_unit("M1", "CRT"), a_unit("P1", "PAT"))
    limits = POLICY.limits.model_copy(update={"rest_minutes": 7.0})
    other = POLICY.model_copy(update={"limits": limits})
    assert other.digest != POLICY.digest
    board.adopt(other)
    (plan,) = board.plan(NOON + SECOND)
    assert isinstance(plan, Plan)
    assert (plan.policy, plan.pairings[0].id) == (other.digest, "M1")

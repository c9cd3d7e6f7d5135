"""Laws that hold for any center: whatever calls and units there are."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.board import Board
from dispatch.eligibility import violations
from models.assessment import GateName, Indicator
from models.call import CallView
from models.recommendation import Plan
from models.unit import PRIMARY_OF, UnitKind, UnitView
from tests.unit.dispatch_city import NOON, POLICY, a_board, a_call, a_unit, an_assessment, settled

LAW = settings(max_examples=25, deadline=None)

STATUSES = ["InService", "InService", "InService", "Station", "Meal", "OnScene", "OffDuty"]
CONTEXTS = st.fixed_dictionaries(
    {
        "caller": st.sampled_from(["first", "second", "third", "unknown"]),
        "engaged": st.booleans(),
        "place": st.sampled_from(["home", "public", "facility", "unknown"]),
        "language": st.sampled_from(["en", "en", "es"]),
    }
)


@st.composite
def a_city(draw: st.DrawFn, calls: int = 4, units: int = 14) -> tuple[list[CallView], list[UnitView]]:
    return (
        [draw(any_call(f"C{number}")) for number in range(draw(st.integers(1, calls)))],
        [draw(any_unit(f"U{number}")) for number in range(draw(st.integers(0, units)))],
    )


@st.composite
def any_call(draw: st.DrawFn, call_id: str) -> CallView:
    assessment = an_assessment(
        *draw(st.lists(st.sampled_from(list(Indicator)), max_size=3, unique=True)),
        risk=draw(st.integers(0, 4)),
        gates=draw(st.lists(st.sampled_from(list(GateName)), max_size=2, unique=True)),
        context=draw(CONTEXTS),
    )
    placed: dict[str, Any] = {} if draw(st.integers(0, 5)) else {"lat": None, "lon": None}
    waited = timedelta(minutes=draw(st.integers(0, 40)))
    return a_call(call_id, assessment, taken_at=NOON - waited, **placed)


@st.composite
def any_unit(draw: st.DrawFn, unit_id: str) -> UnitView:
    return a_unit(
        unit_id,
        draw(st.sampled_from(list(UnitKind))),
        km=draw(st.floats(0, 25)),
        status=draw(st.sampled_from(STATUSES)),
        capabilities=tuple(draw(st.sets(st.sampled_from(["cit", "bls", "youth", "spanish"])))),
        shift_ends_at=NOON + timedelta(minutes=draw(st.integers(-10, 300))),
        position_at=NOON - timedelta(seconds=draw(st.integers(0, 220))),
    )


def plans_of(calls: list[CallView], units: list[UnitView]) -> list[tuple[CallView, Plan]]:
    by_id = {call.id: call for call in calls}
    changes = a_board(calls, units).plan(NOON)
    return [(by_id[change.call_id], change) for change in changes if isinstance(change, Plan)]


def closed(call: CallView) -> set[str]:
    return {gate.name.value for gate in call.assessment.gates} if call.assessment else set()


@LAW
@given(a_city())
def test_nobody_unarmed_is_sent_alone_while_a_weapon_gate_is_closed(
    city: tuple[list[CallView], list[UnitView]],
) -> None:
    for call, plan in plans_of(*city):
        if closed(call) & {"G1", "G2", "G3", "G5"}:
            for pairing in plan.pairings:
                going = [unit for unit in pairing.units if not POLICY.kinds[unit.kind].remote]
                first = [unit for unit in going if POLICY.kinds[unit.kind].armed and not unit.staged]
                assert first
                assert all(unit.staged for unit in going if not POLICY.kinds[unit.kind].armed)


@LAW
@given(a_city())
def test_no_proposed_pairing_breaks_a_closed_gate(city: tuple[list[CallView], list[UnitView]]) -> None:
    units = {unit.id: unit for unit in city[1]}
    for call, plan in plans_of(*city):
        for pairing in plan.pairings:
            sent = [units[u.unit_id].model_copy(update={"staged": u.staged}) for u in pairing.units]
            assert violations(POLICY, call, sent, NOON) == ()


@LAW
@given(a_city())
def test_no_unit_stands_twice_in_a_pairing_and_no_set_twice_in_a_plan(
    city: tuple[list[CallView], list[UnitView]],
) -> None:
    for _, plan in plans_of(*city):
        sets = [frozenset(unit.unit_id for unit in pairing.units) for pairing in plan.pairings]
        assert [len(pairing.units) for pairing in plan.pairings] == [len(each) for each in sets]
        assert len(set(sets)) == len(sets) <= 3


@LAW
@given(a_city())
def test_a_unit_is_either_fit_to_be_proposed_or_excluded_with_a_reason(
    city: tuple[list[CallView], list[UnitView]],
) -> None:
    for _, plan in plans_of(*city):
        excluded = {exclusion.unit_id for exclusion in plan.exclusions}
        proposed = {unit.unit_id for pairing in plan.pairings for unit in pairing.units}
        assert not excluded & proposed
        assert all(exclusion.code.isupper() for exclusion in plan.exclusions)


@LAW
@given(a_city())
def test_a_stale_or_busy_unit_is_never_offered(city: tuple[list[CallView], list[UnitView]]) -> None:
    units = {unit.id: unit for unit in city[1]}
    for _, plan in plans_of(*city):
        for unit_id in {unit.unit_id for pairing in plan.pairings for unit in pairing.units}:
            unit = units[unit_id]
            assert PRIMARY_OF[unit.status] != "NotAvailable"
            parked = unit.status == "Station" or POLICY.kinds[unit.kind].remote
            assert parked or (unit.position_at and NOON - unit.position_at < timedelta(seconds=180))


@LAW
@given(a_city())
def test_every_eligible_call_without_an_alternative_has_a_code_and_only_those(
    city: tuple[list[CallView], list[UnitView]],
) -> None:
    found = plans_of(*city)
    assert len(found) == len(city[0])
    for _, plan in found:
        served = any(pairing.alternative for pairing in plan.pairings)
        assert (plan.unserved is None) == served


@LAW
@given(a_city())
def test_a_plan_that_stands_is_not_proposed_again(city: tuple[list[CallView], list[UnitView]]) -> None:
    calls, units = city
    board = a_board(calls, units)
    after = settled(board, {call.id: call for call in calls})
    assert board.plan(NOON) == ()
    assert a_board(after.values(), reversed(units)).plan(NOON) == ()


@LAW
@given(a_city(), st.data())
def test_a_board_that_heard_the_changes_one_by_one_says_what_a_new_one_says(
    city: tuple[list[CallView], list[UnitView]], data: st.DataObject
) -> None:
    calls, units = city
    board = a_board(calls, units)
    after = settled(board, {call.id: call for call in calls})
    now = {unit.id: unit for unit in units}
    for unit_id in data.draw(st.lists(st.sampled_from(sorted(now)), max_size=4)) if now else []:
        now[unit_id] = data.draw(any_unit(unit_id))
        board.put_unit(now[unit_id])
    assert board.plan(NOON) == a_board(after.values(), now.values()).plan(NOON)


@LAW
@given(a_city())
def test_with_nothing_new_the_plan_changes_only_when_the_board_said_it_might(
    city: tuple[list[CallView], list[UnitView]],
) -> None:
    calls, units = city
    board = a_board(calls, units)
    settled(board, {call.id: call for call in calls})
    wake = board.next_wake(NOON)
    almost = (wake or NOON + timedelta(hours=9)) - timedelta(microseconds=1)
    assert board.plan(almost) == ()


@LAW
@given(a_city())
def test_a_pairing_costs_what_its_terms_add_up_to(city: tuple[list[CallView], list[UnitView]]) -> None:
    for _, plan in plans_of(*city):
        for pairing in plan.pairings:
            assert abs(sum(pairing.costs.values()) - pairing.cost_minutes) < 0.01
            assert all(0 <= reason.weight <= 1 for reason in pairing.reasons)


def test_an_empty_center_plans_nothing() -> None:
    assert Board(POLICY).plan(NOON) == ()
    assert Board(POLICY).next_wake(NOON) is None

"""Two calls want the same unit only where nothing nearly as good is left."""

from collections.abc import Mapping, Sequence
from itertools import combinations, count, product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import dispatch.assignment
import dispatch.contest
from dispatch.assignment import Way, assign
from dispatch.candidates import Candidate
from dispatch.contest import Found
from dispatch.exact import Answer, Program
from dispatch.local_search import greedy, improved
from dispatch.packing import Demand, Packing, packing_of
from models.recommendation import Plan
from tests.unit.dispatch_city import NOON, POLICY, a_board, a_call, a_unit, an_assessment

NOBODY: frozenset[str] = frozenset()
LAW = settings(max_examples=40, deadline=None)
STABILITY = POLICY.stability
NEAR = 1e-4


def a_candidate(units: frozenset[str], cost: float, shared: frozenset[str] = NOBODY) -> Candidate:
    return Candidate((), (), NOBODY, True, False, cost, None, {}, cost, units, units - shared)


def demands_of(units: str, calls: int, columns: int) -> st.SearchStrategy[list[Demand]]:
    """Calls with some sets of these units, most of which are wanted by several."""
    sets = st.frozensets(st.sampled_from(units), min_size=1, max_size=3)
    candidates = st.lists(
        st.builds(
            a_candidate, sets, st.integers(0, 60).map(float), st.sampled_from([NOBODY, frozenset("A")])
        ),
        min_size=1,
        max_size=columns,
        unique_by=lambda candidate: candidate.unit_ids,
    )
    calls_drawn = st.tuples(candidates, st.sampled_from([1.0, 1.5, 2.0, 8.0]), st.integers(-1, columns))
    return st.lists(calls_drawn, min_size=1, max_size=calls).map(
        lambda drawn: [
            Demand(f"C{number}", tuple(own), own[at].unit_ids if 0 <= at < len(own) else NOBODY, urgency)
            for number, (own, urgency, at) in enumerate(drawn)
        ]
    )


FEW = demands_of("ABCDE", 4, 5)
MANY = demands_of("ABCDEFGHIJKL", 14, 8)


def cost_of(demands: Sequence[Demand], chosen: Mapping[str, Candidate]) -> float:
    """By the words of the policy: weighed minutes, leaving what stands, and every two calls that share a unit."""
    total = 0.0
    for demand in demands:
        stands = [c.unit_ids for c in demand.candidates if c.unit_ids == demand.standing]
        leaves = bool(stands) and chosen[demand.call_id].unit_ids != demand.standing
        total += demand.urgency * (chosen[demand.call_id].cost + STABILITY.cost_minutes * leaves)
    pairs = combinations(chosen.values(), 2)
    return total + STABILITY.contention_minutes * sum(len(one.scarce & other.scarce) for one, other in pairs)


def best_cost(demands: Sequence[Demand]) -> float:
    ids = [demand.call_id for demand in demands]
    every = product(*(demand.candidates for demand in demands))
    return min(cost_of(demands, dict(zip(ids, chosen, strict=True))) for chosen in every)


def in_order(demands: Sequence[Demand]) -> dict[str, Candidate]:
    """Greedy, written once more: each call takes what is cheapest after those before it, if alike what stands."""
    chosen: dict[str, Candidate] = {}
    for number, demand in enumerate(demands, start=1):

        def rank(candidate: Candidate, demand: Demand = demand, number: int = number) -> tuple[object, ...]:
            alone = cost_of([demand], {demand.call_id: candidate})
            with_others = cost_of(demands[:number], {**chosen, demand.call_id: candidate})
            return round(with_others, 6), alone, candidate.unit_ids != demand.standing

        chosen[demand.call_id] = min(demand.candidates, key=rank)
    return chosen


def standing_on(demands: Sequence[Demand], chosen: Mapping[str, Candidate]) -> list[Demand]:
    return [Demand(d.call_id, d.candidates, chosen[d.call_id].unit_ids, d.urgency) for d in demands]


@LAW
@given(FEW)
def test_the_answer_is_the_best_there_is_and_says_so(demands: list[Demand]) -> None:
    answer = assign(demands, STABILITY)
    assert abs(answer.cost - best_cost(demands)) < NEAR
    assert answer.gap < NEAR
    assert answer.way in {Way.UNCONTESTED, Way.EXACT}


@LAW
@given(MANY)
def test_the_stated_cost_is_that_of_the_choice_and_never_more_than_greedy(demands: list[Demand]) -> None:
    answer = assign(demands, STABILITY)
    assert abs(answer.cost - cost_of(demands, answer)) < NEAR
    assert answer.cost <= cost_of(demands, in_order(demands)) + NEAR
    assert answer.bound <= answer.cost


@LAW
@given(MANY)
def test_an_answer_that_stands_is_the_answer_again(demands: list[Demand]) -> None:
    first = assign(demands, STABILITY)
    assert assign(standing_on(demands, first), STABILITY) == first


@LAW
@given(MANY)
def test_the_same_calls_get_the_same_answer(demands: list[Demand]) -> None:
    first, second = assign(demands, STABILITY), assign(demands, STABILITY)
    assert first == second
    assert (first.cost, first.bound, first.way) == (second.cost, second.bound, second.way)


@LAW
@given(FEW, st.integers(0, 6))
def test_out_of_time_at_any_moment_the_bound_holds_and_greedy_is_not_undercut(
    demands: list[Demand], looks: int
) -> None:
    ticks = count()
    answer = assign(demands, STABILITY, lambda: STABILITY.budget_seconds * max(0, next(ticks) - looks))
    assert answer.bound <= best_cost(demands) + NEAR
    assert best_cost(demands) - NEAR <= answer.cost <= cost_of(demands, in_order(demands)) + NEAR
    assert (answer.way is Way.BOUNDED) == (answer.cost > answer.bound)


@LAW
@given(MANY)
def test_after_its_budget_no_program_is_solved_any_more(demands: list[Demand]) -> None:
    looks = count()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dispatch.contest, "Program", None)  # calling it fails
        assign(demands, STABILITY, lambda: STABILITY.budget_seconds * next(looks))
    assert next(looks) <= 4 + 4 * len(demands)


def a_scarce_board(calls: int, units: int) -> list[Demand]:
    """Calls in a row beside units in a row, each able to take any of the nearest; more calls than units."""
    demands = []
    for call in range(calls):
        by_distance = sorted(range(units), key=lambda unit: abs(unit * calls / units - call))[:8]
        candidates = [
            a_candidate(frozenset({f"U{unit:02}"}), 1.5 * abs(unit * calls / units - call))
            for unit in by_distance
        ]
        demands.append(Demand(f"C{call:02}", tuple(candidates), NOBODY))
    return demands


def test_a_group_too_large_for_whole_numbers_gets_a_searched_answer_with_a_bound_that_holds() -> None:
    demands = a_scarce_board(30, 22)
    exact = assign(demands, STABILITY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dispatch.contest, "LARGE", 0)
        searched = assign(demands, STABILITY)
    assert exact.gap == 0
    assert searched.bound - NEAR <= exact.cost <= searched.cost + NEAR
    assert searched.gap < 0.05


def test_an_answer_worse_than_greedy_is_replaced_by_greedy_and_says_so() -> None:
    demands = a_scarce_board(6, 4)

    def dearest(packing: Packing, _: object) -> Found:
        return Found([max(columns) for columns in packing.columns], 0.0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dispatch.assignment, "solved", dearest)
        patch.setattr(dispatch.assignment, "as_it_stands", lambda packing: dearest(packing, None).choice)
        answer = assign(demands, STABILITY)
    assert answer.way is Way.GREEDY
    assert abs(answer.cost - cost_of(demands, in_order(demands))) < NEAR


PRICES = st.lists(st.sampled_from([0.0, 0.0, 3.0, 12.0, 24.0, 60.0]), min_size=12, max_size=12)


@LAW
@given(FEW, PRICES)
def test_whatever_the_units_are_priced_at_no_answer_costs_less_than_the_bound(
    demands: list[Demand], prices: list[float]
) -> None:
    packing = packing_of(demands, {d.call_id: d.standing for d in demands}, STABILITY)
    assume(packing.collides([min(columns) for columns in packing.columns]))
    bound, _ = Program(packing, len(demands)).at(np.array(prices[: packing.units]))
    assert bound <= best_cost(demands) + NEAR


@settings(max_examples=150, deadline=None)
@given(FEW, PRICES)
def test_poor_prices_of_a_solver_that_ran_out_of_time_drop_no_column_of_the_best(
    demands: list[Demand], prices: list[float]
) -> None:
    def poor(self: Program, _: float) -> Answer:
        return Answer(greedy(self.packing), *self.at(np.array(prices[: self.packing.units])))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Program, "relaxed", poor)
        answer = assign(demands, STABILITY)
    assert abs(answer.cost - best_cost(demands)) < NEAR
    assert answer.bound <= answer.cost


@LAW
@given(MANY, st.floats(0, 40))
def test_a_dropped_column_is_in_no_answer_within_the_room(demands: list[Demand], room: float) -> None:
    packing = packing_of(demands, {d.call_id: d.standing for d in demands}, STABILITY)
    assume(packing.collides([min(columns) for columns in packing.columns]))
    relaxed = Program(packing, len(demands)).relaxed(10)
    assert relaxed is not None
    kept = packing.within(relaxed.priced, room)
    for call, columns in enumerate(packing.columns):
        for column in set(columns) - set(kept.columns[call]):
            forced = [[column] if at == call else own for at, own in enumerate(packing.columns)]
            alone = Packing(forced, packing.price, packing.units)
            assert alone.total(improved(alone, greedy(alone), lambda: 1)) > relaxed.bound + room


def test_what_stands_stays_unless_more_than_the_threshold_is_gained() -> None:
    near, far = a_candidate(frozenset("A"), 10.0), a_candidate(frozenset("B"), 10.0 + STABILITY.cost_minutes)
    assert assign([Demand("C1", (near, far), far.unit_ids)], STABILITY)["C1"] is far
    nearer = a_candidate(frozenset("A"), 9.9)
    assert assign([Demand("C1", (nearer, far), far.unit_ids)], STABILITY)["C1"] is nearer


def test_what_may_not_go_any_more_does_not_stay() -> None:
    left = a_candidate(frozenset("A"), 10.0)
    assert assign([Demand("C1", (left,), frozenset("B"))], STABILITY)["C1"] is left


def test_calls_that_are_not_in_the_way_keep_their_best_while_others_are() -> None:
    apart = Demand("C9", (a_candidate(frozenset("X"), 3.0), a_candidate(frozenset("Y"), 4.0)), NOBODY)
    answer = assign([*a_scarce_board(6, 4), apart], STABILITY)
    assert answer["C9"].unit_ids == frozenset("X")
    assert answer.way is Way.EXACT


def test_a_unit_shared_for_nothing_is_no_contest() -> None:
    free = STABILITY.model_copy(update={"contention_minutes": 0.0})
    answer = assign(a_scarce_board(6, 2), free)
    assert (answer.way, answer.gap) == (Way.UNCONTESTED, 0)


def test_three_calls_on_the_only_unit_pay_for_each_pair() -> None:
    only = a_candidate(frozenset("A"), 10.0)
    answer = assign([Demand(f"C{number}", (only,), NOBODY) for number in range(3)], STABILITY)
    assert answer.cost == 30 + 3 * STABILITY.contention_minutes
    assert answer.gap == 0


def test_a_call_without_candidates_is_left_out() -> None:
    assert assign([Demand("C1", (), NOBODY)], STABILITY) == {}


def best_of(far: float) -> dict[str, str]:
    calls = [a_call("C1", an_assessment("psychosis")), a_call("C2", an_assessment("psychosis"))]
    board = a_board(calls, [a_unit("M1", "CRT", km=1), a_unit("M2", "CRT", km=far)])
    plans = [change for change in board.plan(NOON) if isinstance(change, Plan)]
    return {plan.call_id: plan.pairings[0].id for plan in plans}


def test_two_calls_share_out_two_teams_that_are_nearly_as_good() -> None:
    assert best_of(far=3) == {"C1": "M1", "C2": "M2"}


def test_a_team_much_further_away_is_not_forced_on_anybody() -> None:
    assert best_of(far=14) == {"C1": "M1", "C2": "M1"}


def test_the_more_urgent_call_keeps_the_nearer_unit() -> None:
    calls = [
        a_call("C1", an_assessment("psychosis", risk=1)),
        a_call("C2", an_assessment("psychosis", risk=3)),
    ]
    board = a_board(calls, [a_unit("T1", "TRI", km=1), a_unit("T2", "TRI", km=3), a_unit("M1", "CRT", km=1)])
    plans = {plan.call_id: plan for plan in board.plan(NOON) if isinstance(plan, Plan)}
    assert plans["C2"].pairings[0].id == "T1"
    assert plans["C1"].pairings[0].id == "M1"


def test_a_cheaper_second_choice_says_which_call_was_given_its_unit() -> None:
    calls = [a_call("C1", an_assessment("psychosis")), a_call("C2", an_assessment("psychosis"))]
    board = a_board(calls, [a_unit("M1", "CRT", km=1), a_unit("M2", "CRT", km=3)])
    plan = next(plan for plan in board.plan(NOON) if isinstance(plan, Plan) and plan.call_id == "C2")
    (wanted,) = [reason for reason in plan.pairings[1].tradeoffs if reason.code == "WANTED_BY_OTHER"]
    assert wanted.params == {"call_id": "C1"}

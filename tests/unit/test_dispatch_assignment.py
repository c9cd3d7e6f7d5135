"""Two calls want the same unit only where nothing nearly as good is left."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.assignment import Demand, Game, assign
from dispatch.candidates import Candidate
from models.recommendation import Plan
from tests.unit.dispatch_city import NOON, POLICY, a_board, a_call, a_unit, an_assessment

NOBODY: frozenset[str] = frozenset()
LAW = settings(max_examples=30, deadline=None)


def a_candidate(units: frozenset[str], cost: float) -> Candidate:
    return Candidate((), (), NOBODY, True, False, cost, None, {}, cost, units, units)


UNITS = st.frozensets(st.sampled_from("ABCDE"), min_size=1, max_size=3)
CANDIDATES = st.lists(
    st.builds(a_candidate, UNITS, st.integers(0, 60).map(float)),
    min_size=1,
    max_size=5,
    unique_by=lambda candidate: candidate.unit_ids,
)
DEMANDS = st.lists(st.tuples(CANDIDATES, st.sampled_from([1.0, 2.0, 8.0])), min_size=1, max_size=5).map(
    lambda drawn: [
        Demand(f"C{number}", tuple(candidates), NOBODY, urgency)
        for number, (candidates, urgency) in enumerate(drawn)
    ]
)


def game_of(demands: list[Demand]) -> Game:
    return Game(demands, {demand.call_id: demand.standing for demand in demands}, POLICY.stability)


@LAW
@given(DEMANDS)
def test_the_answer_is_never_worse_than_greedy(demands: list[Demand]) -> None:
    game = game_of(demands)
    assert game.total(game.solved()) <= game.total(game.greedy({})) + 1e-6


@LAW
@given(DEMANDS.filter(lambda demands: len(demands) <= 2))
def test_two_calls_get_the_best_answer_there_is(demands: list[Demand]) -> None:
    game = game_of(demands)
    every = product(*(range(len(demand.candidates)) for demand in demands))
    ids = [demand.call_id for demand in demands]
    best = min(game.total(dict(zip(ids, indices, strict=True))) for indices in every)
    assert abs(game.total(game.solved()) - best) < 1e-6


@LAW
@given(DEMANDS)
def test_an_answer_that_stands_is_the_answer_again(demands: list[Demand]) -> None:
    first = assign(demands, POLICY.stability)
    standing = [Demand(d.call_id, d.candidates, first[d.call_id].unit_ids, d.urgency) for d in demands]
    assert assign(standing, POLICY.stability) == first


def test_a_call_without_candidates_is_left_out() -> None:
    assert assign([Demand("C1", (), NOBODY)], POLICY.stability) == {}


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

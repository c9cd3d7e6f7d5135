"""News of a unit that makes no difference to a call's sets is seen to make none, and no other news is."""

from datetime import UTC

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.candidates import Candidate
from dispatch.working import Worked, work_out
from models.call import CallView
from models.unit import PRIMARY_OF, UnitView
from tests.unit.dispatch_city import NOON, POLICY, a_call, a_unit, an_assessment

NEEDS = ("psychosis", "suicidal", "substance", "welfare_concern", "family_conflict", "youth_crisis")
KINDS = ("PAT", "PAT", "PAT", "CIT", "EMS", "CRT", "CRT", "TRI", "COR", "TEL", "988", "YTH")
CALLS = st.builds(
    lambda need, risk, spanish: a_call(
        "C1", an_assessment(need, risk=risk, context={"language": "es"} if spanish else None)
    ),
    st.sampled_from(NEEDS),
    st.integers(0, 4),
    st.booleans(),
)
KILOMETRES = st.floats(0.1, 20)
FLEETS = st.lists(st.tuples(st.sampled_from(KINDS), KILOMETRES), min_size=1, max_size=30)
NEWS = st.tuples(st.integers(0, 40), st.sampled_from(["InService", "EnRoute", "Meal"]), KILOMETRES)


def said(worked: Worked) -> list[tuple[frozenset[str], float]]:
    return [(candidate.unit_ids, candidate.cost) for candidate in worked.ranked]


def told(unit: UnitView, status: str, km: float) -> UnitView:
    place = {"lat": a_unit("X", "PAT", km=km).lat}
    return unit.model_copy(update={"status": status, "primary": PRIMARY_OF[status], **place})


@settings(max_examples=150, deadline=None)
@given(CALLS, FLEETS, st.lists(NEWS, min_size=1, max_size=6))
def test_after_any_news_the_sets_are_those_of_a_fresh_look(
    call: CallView, fleet: list[tuple[str, float]], news: list[tuple[int, str, float]]
) -> None:
    units = {f"U{n:02}": a_unit(f"U{n:02}", kind, km=km) for n, (kind, km) in enumerate(fleet)}
    worked = work_out(POLICY, call, units, NOON, UTC)
    for number, status, km in news:
        unit_id = f"U{number % len(units):02}"
        before, units[unit_id] = units[unit_id], told(units[unit_id], status, km)
        worked.heard_of(unit_id, {before.kind, units[unit_id].kind})
        worked = work_out(POLICY, call, units, NOON, UTC, worked)
        assert said(worked) == said(work_out(POLICY, call, units, NOON, UTC))
        assert worked.members == work_out(POLICY, call, units, NOON, UTC).members


def after(news: UnitView) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
    units = {f"M{km}": a_unit(f"M{km}", "CRT", km=km) for km in range(1, 15)}
    worked = work_out(POLICY, a_call(), units, NOON, UTC)
    units[news.id] = news
    worked.heard_of(news.id, {news.kind})
    return worked.ranked, work_out(POLICY, a_call(), units, NOON, UTC, worked).ranked


def test_a_far_unit_that_moves_costs_no_new_look() -> None:
    before, now = after(a_unit("M14", "CRT", km=13.5))
    assert now is before


def test_a_far_unit_that_comes_near_is_ranked() -> None:
    _, now = after(a_unit("M14", "CRT", km=0.5))
    assert now[0].unit_ids == frozenset({"M14"})


def test_a_near_unit_that_drives_away_is_ranked_behind() -> None:
    _, now = after(a_unit("M1", "CRT", km=19))
    assert now[0].unit_ids == frozenset({"M2"})

"""Who may go, and for everybody else the named reason why not."""

from datetime import timedelta

import pytest

from models.recommendation import DecidedUnit, DecisionKind, DecisionState, DecisionView
from models.unit import PrimaryStatus, UnitView
from tests.unit.dispatch_city import NOON, a_call, a_unit, an_assessment, codes_of, plan_of

MINUTE = timedelta(minutes=1)

EXCLUDED = [
    ("STATUS", {"status": "OnScene"}),
    ("STATUS", {"status": "Roster"}),
    ("OFF_SHIFT", {"status": "OffDuty"}),
    ("OFF_SHIFT", {"shift_ends_at": NOON}),
    ("SHIFT_ENDING", {"shift_ends_at": NOON + 30 * MINUTE}),
    ("STATUS_STALE", {"status_at": NOON - 12 * 60 * MINUTE}),
    ("STATUS_STALE", {"status": "Meal", "status_at": NOON - 90 * MINUTE}),
    ("POSITION_STALE", {"position_at": NOON - 3 * MINUTE}),
    ("POSITION_STALE", {"position_at": None}),
    ("HELD", {"call_id": "C9"}),
    ("OUT_OF_AREA", {"capabilities": ("beat:7",)}),
    ("ETA_TOO_LONG", {"km": 30}),
]


@pytest.mark.parametrize(("code", "changes"), EXCLUDED)
def test_a_team_that_may_not_go_is_excluded_with_its_reason(code: str, changes: dict[str, object]) -> None:
    plan = plan_of(a_call(), [UnitView.model_validate(a_unit("M1", "CRT", **changes))])  # type: ignore[arg-type]
    assert codes_of(plan) == {"M1": code}
    assert plan.pairings == ()


MAY_GO = [
    {},
    {"status": "Station", "position_at": NOON - 30 * MINUTE},
    {"status": "Meal", "status_at": NOON - 20 * MINUTE},
    {"capabilities": ("beat:12",)},
    {"shift_ends_at": None},
    {"lat": None, "lon": None, "position_at": None},
]


@pytest.mark.parametrize("changes", MAY_GO)
def test_a_team_that_may_go_is_proposed(changes: dict[str, object]) -> None:
    plan = plan_of(a_call(), [a_unit("M1", "CRT", **changes)])  # type: ignore[arg-type]
    assert [unit.unit_id for unit in plan.pairings[0].units] == ["M1"]


def test_police_and_ambulances_go_however_far_and_late() -> None:
    far = {"km": 60, "shift_ends_at": NOON + 5 * MINUTE}
    call = a_call(assessment=an_assessment("suicidal", risk=4))
    plan = plan_of(call, [a_unit("P1", "CIT", **far), a_unit("A1", "EMS", **far)])  # type: ignore[arg-type]
    assert codes_of(plan) == {}


def test_a_type_that_nobody_asks_for_is_not_needed() -> None:
    plan = plan_of(a_call(), [a_unit("M1", "CRT"), a_unit("D1", "DTX"), a_unit("V1", "VIC")])
    assert codes_of(plan) == {"D1": "NOT_NEEDED", "V1": "NOT_NEEDED"}


def test_child_protection_goes_to_children_and_adult_protection_to_elders() -> None:
    call = a_call(assessment=an_assessment("child_risk", risk=1))
    plan = plan_of(call, [a_unit("S1", "APS"), a_unit("S2", "CPS"), a_unit("S3", "PSW")])
    assert codes_of(plan) == {"S1": "NOT_NEEDED"}


def test_a_team_that_a_gate_keeps_away_is_gated() -> None:
    call = a_call(assessment=an_assessment("psychosis", risk=3, gates=("G6",)))
    plan = plan_of(call, [a_unit("T1", "TRI"), a_unit("P1", "PAT")])
    assert codes_of(plan) == {"T1": "GATED"}


def test_a_team_without_the_skill_that_is_asked_for_lacks_the_capability() -> None:
    call = a_call(assessment=an_assessment("youth_crisis", risk=2))
    plan = plan_of(call, [a_unit("M1", "CRT"), a_unit("M2", "CRT", capabilities=("youth",))])
    assert codes_of(plan) == {"M1": "CAPABILITY"}


def test_a_basic_ambulance_goes_where_no_advanced_one_is_near() -> None:
    call = a_call(assessment=an_assessment("overdose", risk=2))
    units = [a_unit("A1", "EMS", km=1, capabilities=("bls",)), a_unit("A2", "EMS", km=30)]
    assert plan_of(call, units).pairings[0].id == "A1"
    assert plan_of(call, [units[0], a_unit("A2", "EMS", km=3)]).pairings[0].id == "A2"


def test_crews_at_a_meal_are_left_alone_at_low_risk() -> None:
    call = a_call(assessment=an_assessment("psychosis", risk=1))
    plan = plan_of(call, [a_unit("M1", "CRT", status="Meal")])
    assert codes_of(plan) == {"M1": "STATUS"}


def test_an_unknown_status_counts_by_its_primary_status() -> None:
    odd = a_unit("M1", "CRT", status="Gone Fishing", primary=PrimaryStatus.NOT_AVAILABLE)
    assert codes_of(plan_of(a_call(), [odd])) == {"M1": "STATUS"}


def released(reason: str) -> DecisionView:
    return DecisionView(
        id="D1",
        kind=DecisionKind.ACCEPTED,
        state=DecisionState.RELEASED,
        recommendation_id="R0",
        pairing_id="M1",
        units=(DecidedUnit(unit_id="M1"),),
        reason=reason,
        by="dispatcher",
        at=NOON,
    )


def test_a_team_that_rejected_the_call_is_not_proposed_again() -> None:
    plan = plan_of(a_call(decision=released("TEAM_REJECTED")), [a_unit("M1", "CRT"), a_unit("M2", "CRT")])
    assert codes_of(plan) == {"M1": "TEAM_REJECTED"}
    assert plan.pairings[0].id == "M2"


def test_a_caller_who_refuses_a_team_is_not_offered_one() -> None:
    plan = plan_of(a_call(decision=released("CALLER_REFUSED")), [a_unit("M2", "CRT"), a_unit("P1", "PAT")])
    assert plan.unserved == "CALLER_REFUSED"
    assert [pairing.id for pairing in plan.pairings] == ["P1"]

"""One call's pairings: who, in which part, staged or not, why, and the code when nobody suitable can go."""

import pytest

from models.recommendation import Pairing, Plan, UnitRole
from tests.unit.dispatch_city import a_call, a_unit, an_assessment, kinds_of, plan_of

AT_REST = an_assessment("psychosis")


def reasons(pairing: Pairing) -> dict[str, dict[str, object]]:
    return {reason.code: dict(reason.params) for reason in pairing.reasons}


def tradeoffs(plan: Plan, rank: int) -> set[str]:
    return {reason.code for reason in plan.pairings[rank - 1].tradeoffs}


def holds(plan: Plan) -> set[str]:
    return {hold.code for hold in plan.holds}


def test_the_nearest_team_is_first_and_the_next_says_how_much_later() -> None:
    plan = plan_of(a_call(), [a_unit("M1", "CRT", km=6), a_unit("M2", "CRT", km=2)])
    assert [pairing.id for pairing in plan.pairings[:2]] == ["M2", "M1"]
    assert reasons(plan.pairings[0])["NEAREST_CLINICIAN"] == {"minutes": plan.pairings[0].together_minutes}
    assert tradeoffs(plan, 2) == {"LATER_BY"}


def test_the_team_that_the_matrix_prefers_is_worth_some_minutes() -> None:
    plan = plan_of(a_call(), [a_unit("M1", "CRT", km=4), a_unit("T1", "TRI", km=2)])
    assert [pairing.composition for pairing in plan.pairings] == ["CRT", "TRI"]
    assert plan.pairings[1].costs["preference"] == 10


def test_the_cost_is_the_sum_of_the_terms_it_shows() -> None:
    plan = plan_of(a_call(), [a_unit("M1", "CRT", km=6), a_unit("T1", "TRI"), a_unit("P1", "PAT")])
    for pairing in plan.pairings:
        assert pairing.cost_minutes == pytest.approx(sum(pairing.costs.values()))


def test_with_a_weapon_the_officer_is_first_and_the_clinician_waits_outside() -> None:
    call = a_call(assessment=an_assessment("psychosis", gates=("G2",), reason="WEAPON_UNKNOWN"))
    plan = plan_of(call, [a_unit("M1", "CRT", km=1), a_unit("P1", "CIT", km=3)])
    officer, clinician = plan.pairings[0].units
    assert (officer.kind, officer.role, officer.staged) == ("CIT", UnitRole.PRIMARY, False)
    assert (clinician.kind, clinician.role, clinician.staged) == ("CRT", UnitRole.CLINICIAN, True)
    assert plan.pairings[0].staging
    assert {"OFFICER_FIRST", "GATE_FIT", "CIT_CERTIFIED"} <= reasons(plan.pairings[0]).keys()
    assert {"NO_UNARMED_ALONE", "POLICE_FIRST", "ASK"} == holds(plan)


def test_two_cars_show_their_gap_against_the_limit() -> None:
    call = a_call(assessment=an_assessment("homelessness", risk=3))
    plan = plan_of(call, [a_unit("M1", "CRT", km=2), a_unit("P1", "CIT", km=3)])
    assert plan.pairings[0].gap_limit_minutes == 5
    assert reasons(plan.pairings[0])["ARRIVE_TOGETHER"] == {"gap": plan.pairings[0].gap_minutes}
    assert plan.pairings[0].together_minutes == max(u.eta_minutes or 0 for u in plan.pairings[0].units)


def test_a_gap_beyond_the_limit_costs_and_is_said() -> None:
    call = a_call(assessment=an_assessment("homelessness", risk=3))
    plan = plan_of(call, [a_unit("M1", "CRT", km=1), a_unit("P1", "CIT", km=6)])
    assert reasons(plan.pairings[0])["GAP_OVER_LIMIT"]["limit"] == 5
    assert plan.pairings[0].costs["gap_over"] > 0


def test_a_medical_emergency_has_its_ambulance_and_no_staging() -> None:
    call = a_call(assessment=an_assessment("suicidal", risk=4, gates=("G4",)))
    plan = plan_of(call, [a_unit("A1", "EMS"), a_unit("P1", "CIT"), a_unit("P2", "PAT")])
    assert (plan.pairings[0].units[0].kind, plan.pairings[0].units[0].role) == ("EMS", UnitRole.PRIMARY)
    assert not plan.pairings[0].staging
    assert "EMS_FIRST" in reasons(plan.pairings[0])


def test_somebody_on_the_phone_is_there_at_once() -> None:
    assessment = an_assessment("suicidal", risk=1, context={"caller": "first", "engaged": True})
    plan = plan_of(a_call(assessment=assessment), [a_unit("T1", "TEL", km=0), a_unit("L1", "988", km=0)])
    assert [(unit.kind, unit.role, unit.eta_minutes) for unit in plan.pairings[0].units] == [
        ("988", UnitRole.REMOTE, 0),
        ("TEL", UnitRole.REMOTE, 0),
    ]
    assert plan.pairings[0].alternative
    assert "BY_PHONE_NOW" in reasons(plan.pairings[0])


def test_without_a_place_nobody_is_ranked_by_distance() -> None:
    plan = plan_of(a_call(lat=None, lon=None), [a_unit("M2", "CRT", km=1), a_unit("M1", "CRT", km=9)])
    assert [pairing.id for pairing in plan.pairings[:2]] == ["M1", "M2"]
    assert plan.pairings[0].together_minutes is None
    assert "ETA_UNKNOWN" in reasons(plan.pairings[0])
    assert "LOCATION_UNKNOWN" in holds(plan)


def test_a_crew_that_speaks_the_language_is_worth_minutes() -> None:
    call = a_call(assessment=an_assessment("psychosis", context={"language": "es"}))
    speaks = a_unit("M2", "CRT", km=5, capabilities=("spanish",))
    plan = plan_of(call, [a_unit("M1", "CRT", km=2), speaks])
    assert plan.pairings[0].id == "M2"
    assert "SPANISH_SPEAKER" in reasons(plan.pairings[0])
    assert "NO_LANGUAGE" in tradeoffs(plan, 2)


def test_where_nobody_speaks_the_language_somebody_interprets_by_phone() -> None:
    call = a_call(assessment=an_assessment("psychosis", context={"language": "es"}))
    plan = plan_of(call, [a_unit("M1", "CRT"), a_unit("T1", "TEL")])
    assert kinds_of(plan) == {"CRT", "TEL"}
    assert "INTERPRETER_NEEDED" in holds(plan)


def test_language_costs_nothing_where_an_ambulance_has_to_be_first() -> None:
    assessment = an_assessment("overdose", risk=4, gates=("G4",), context={"language": "es"})
    plan = plan_of(a_call(assessment=assessment), [a_unit("A1", "EMS"), a_unit("P1", "PAT")])
    assert "language" not in plan.pairings[0].costs


def test_the_advice_of_the_row_stands_beside_the_pairing() -> None:
    call = a_call(assessment=an_assessment("developmental", risk=1))
    assert "SENSORY_PLAN" in holds(plan_of(call, [a_unit("M1", "CRT")]))


def test_a_team_stands_in_for_a_lesser_one_that_is_not_there() -> None:
    plan = plan_of(a_call(), [a_unit("C1", "COR"), a_unit("P1", "PAT")])
    assert plan.pairings[0].composition == "COR"
    assert plan.pairings[0].alternative
    assert reasons(plan.pairings[0])["STANDS_IN"] == {"unit_id": "C1"}


UNSERVED = [
    ("NO_UNIT", an_assessment("psychosis"), []),
    ("NO_UNIT", AT_REST, [a_unit("M1", "CRT", status="OnScene")]),
    ("OUT_OF_HOURS", AT_REST, [a_unit("M1", "CRT", status="OffDuty")]),
    ("OUT_OF_AREA", AT_REST, [a_unit("M1", "CRT", capabilities=("beat:1",))]),
    ("ETA_TOO_LONG", AT_REST, [a_unit("M1", "CRT", km=40)]),
    ("GATED", an_assessment("psychosis", gates=("G6",)), [a_unit("M1", "CRT"), a_unit("P1", "PAT")]),
    ("GATED", an_assessment("psychosis", gates=("G2",)), [a_unit("M1", "CRT")]),
    ("POLICY_EXCLUDED", an_assessment("suicidal", risk=4), [a_unit("P1", "CIT"), a_unit("A1", "EMS")]),
    ("INFO_MISSING", an_assessment("psychosis", gates=("G12",)), [a_unit("M1", "CRT"), a_unit("P1", "PAT")]),
    ("SYSTEM_DOWN", an_assessment(gates=("G12",), reason="MODEL_UNAVAILABLE"), [a_unit("T1", "TRI")]),
]


@pytest.mark.parametrize(("code", "assessment", "units"), UNSERVED)
def test_a_call_without_an_alternative_says_why(code: str, assessment: object, units: list[object]) -> None:
    plan = plan_of(a_call(assessment=assessment), units)  # type: ignore[arg-type]
    assert plan.unserved == code
    assert not any(pairing.alternative for pairing in plan.pairings)


def test_when_no_team_can_go_the_next_best_is_still_proposed() -> None:
    plan = plan_of(a_call(), [a_unit("P1", "PAT"), a_unit("T1", "TEL")])
    assert kinds_of(plan) == {"PAT", "TEL"}
    assert "NEXT_BEST" in reasons(plan.pairings[0])
    assert plan.unserved == "NO_UNIT"


def test_a_call_at_low_risk_waits_for_a_team_before_police_are_proposed() -> None:
    call = a_call(assessment=an_assessment("homelessness", risk=0))
    plan = plan_of(call, [a_unit("P1", "PAT")])
    assert plan.pairings == ()
    assert "WAIT_FOR_TEAM" in holds(plan)


def test_no_closed_gate_is_waited_out() -> None:
    call = a_call(assessment=an_assessment("homelessness", risk=0, gates=("G10",)))
    assert kinds_of(plan_of(call, [a_unit("P1", "PAT"), a_unit("A1", "EMS")])) == {"PAT", "EMS"}


def test_an_ambulance_that_the_matrix_itself_asks_for_is_not_held_back() -> None:
    call = a_call(assessment=an_assessment("overdose", risk=0))
    assert kinds_of(plan_of(call, [a_unit("A1", "EMS")])) == {"EMS"}


def test_abstaining_proposes_nothing_and_holds_the_gate() -> None:
    call = a_call(assessment=an_assessment("psychosis", gates=("G12",)))
    plan = plan_of(call, [a_unit("T1", "TRI")])
    assert plan.pairings == ()
    assert "ABSTAIN" in holds(plan)


def test_an_officer_who_is_there_sooner_is_never_passed_over_to_arrive_together() -> None:
    call = a_call(assessment=an_assessment("domestic_violence", risk=2, gates=("G3",)))
    plan = plan_of(call, [a_unit("V1", "VIC", km=8), a_unit("P1", "CIT", km=1), a_unit("P2", "CIT", km=6)])
    assert {unit.unit_id for unit in plan.pairings[0].units} == {"P1", "V1"}
    assert plan.pairings[0].gap_limit_minutes is None


def test_a_clinician_who_only_consults_by_phone_is_no_alternative_response() -> None:
    call = a_call(assessment=an_assessment("suicidal", risk=3, gates=("G5",)))
    plan = plan_of(call, [a_unit("P1", "CIT"), a_unit("H1", "HNT"), a_unit("T1", "TEL"), a_unit("R1", "TRI")])
    assert kinds_of(plan) == {"CIT", "HNT", "TEL"}
    assert plan.unserved == "GATED"


def test_an_ambulance_that_a_gate_adds_excludes_nobody() -> None:
    call = a_call(assessment=an_assessment("suicidal", risk=4, gates=("G4",)))
    assert plan_of(call, [a_unit("P1", "CIT"), a_unit("A1", "EMS")]).unserved == "POLICY_EXCLUDED"

"""Closed gates change who is asked for, and tell which chosen sets would break them."""

from datetime import timedelta

import pytest

from dispatch.eligibility import violations
from dispatch.matrix import wanted_at
from models.call import CallView
from tests.unit.dispatch_city import NOON, POLICY, a_call, a_unit, an_assessment


def gated(*gates: str, needs: tuple[str, ...] = ("psychosis",), risk: int = 2) -> CallView:
    return a_call(assessment=an_assessment(*needs, risk=risk, gates=gates))


def asked(*gates: str, needs: tuple[str, ...] = ("psychosis",), risk: int = 2) -> list[str]:
    return [str(way) for way in wanted_at(POLICY, gated(*gates, needs=needs, risk=risk)).compositions]


def broken(call: CallView, *kinds: str, staged: bool = True) -> list[str]:
    units = [a_unit(f"U{n}", kind, staged=staged) for n, kind in enumerate(kinds)]
    return [reason.code for reason in violations(POLICY, call, units, NOON)]


ASKED = [
    ((), ["CRT", "TRI"]),
    (("G2",), ["police + CRT", "TRI"]),
    (("G3",), ["police + CRT", "TRI"]),
    (("G4",), ["EMS:als + CRT", "EMS:als + TRI"]),
    (("G5",), ["police + HNT:optional + TEL:optional"]),
    (("G6",), ["police"]),
    (("G7",), ["CRT", "TRI"]),
    (("G9",), ["CRT + police:optional", "TRI"]),
    (("G10",), ["EMS + police + CRT", "EMS + TRI"]),
    (("G11",), ["CRT", "TRI"]),
]


@pytest.mark.parametrize(("gates", "ways"), ASKED)
def test_a_closed_gate_changes_who_is_asked_for(gates: tuple[str, ...], ways: list[str]) -> None:
    assert asked(*gates) == ways


def test_a_clinical_hold_needs_somebody_who_may_hold_or_transport() -> None:
    assert asked("G11", needs=("developmental",), risk=0) == ["police + PSW"]


def test_an_optional_officer_becomes_required_when_a_gate_demands_one() -> None:
    assert asked("G1", needs=("overdose",), risk=3)[0] == "police + TRI:staged + TEL + EMS:als"


BREAKING = [
    ("G1", ("CRT",), ["no_unarmed_alone"]),
    ("G1", ("TEL",), ["no_unarmed_alone"]),
    ("G1", ("CRT", "PAT"), []),
    ("G1", ("TRI",), []),
    ("G2", ("PSW", "EMS"), ["no_unarmed_alone"]),
    ("G3", ("VIC",), ["no_unarmed_alone"]),
    ("G4", ("CRT",), ["ems_first"]),
    ("G4", ("TRI",), ["ems_first"]),
    ("G4", ("EMS",), []),
    ("G5", ("PAT", "CRT"), ["tactical"]),
    ("G5", ("HNT", "TEL"), []),
    ("G6", ("PAT", "COR"), ["police_only"]),
    ("G6", ("PAT", "EMS"), []),
    ("G7", ("CRT",), []),
    ("G9", ("CRT",), []),
    ("G10", ("CRT", "PAT"), ["scene_units"]),
    ("G10", ("EMS", "PAT"), []),
    ("G11", ("PSW",), ["hold_or_transport"]),
    ("G11", ("CRT",), []),
    ("G12", ("CRT",), ["no_unarmed_alone"]),
]


@pytest.mark.parametrize(("gate", "kinds", "codes"), BREAKING)
def test_a_chosen_set_breaks_exactly_the_demands_it_does_not_meet(
    gate: str, kinds: tuple[str, ...], codes: list[str]
) -> None:
    assert broken(gated(gate), *kinds) == [code.upper() for code in codes]


def test_an_unarmed_crew_that_would_walk_in_first_breaks_police_first() -> None:
    assert broken(gated("G1"), "PAT", "CRT", staged=False) == ["POLICE_FIRST"]
    assert broken(gated("G1"), "TRI", "TEL", staged=False) == []


def test_a_released_gate_demands_nothing() -> None:
    call = a_call(assessment=an_assessment("psychosis", gates=("G1",), released=True))
    assert broken(call, "CRT", staged=False) == []


def test_a_violation_names_its_gate_and_why_it_is_closed() -> None:
    call = a_call(assessment=an_assessment("psychosis", gates=("G1",), reason="WEAPON_IN_HAND"))
    (reason,) = violations(POLICY, call, [a_unit("M1", "CRT", staged=True)], NOON)
    assert reason.params == {"gate": "G1", "reason": "WEAPON_IN_HAND"}


def test_an_officer_whose_shift_is_over_protects_nobody() -> None:
    gone = a_unit("P1", "PAT", shift_ends_at=NOON - timedelta(minutes=1))
    units = [gone, a_unit("M1", "CRT", staged=True)]
    assert [reason.code for reason in violations(POLICY, gated("G1"), units, NOON)] == ["NO_UNARMED_ALONE"]


def test_a_call_nobody_assessed_has_unknown_gates() -> None:
    call = a_call().model_copy(update={"assessment": None})
    assert [reason.code for reason in violations(POLICY, call, [], NOON)] == ["NOT_ASSESSED"]

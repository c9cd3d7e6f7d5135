"""The policy a center edits: what is wrong in it is said with the line and the fix."""

from importlib.resources import files
from pathlib import Path

import pytest

from dispatch.policy import PolicyInvalid, default_policy, load_policy, told
from models.assessment import GateName
from models.unit import UnitKind

TEXT = files("dispatch").joinpath("policy.toml").read_text()


def refusal_of(source: str | Path) -> str:
    with pytest.raises(PolicyInvalid) as refused:
        load_policy(source)
    return str(refused.value)


def fault_of(old: str, new: str) -> str:
    assert old in TEXT
    return refusal_of(TEXT.replace(old, new, 1))


def line_with(text: str) -> int:
    return next(n for n, line in enumerate(TEXT.splitlines(), start=1) if line.startswith(text))


def test_the_packaged_policy_loads() -> None:
    assert default_policy().limits.rendezvous_gap_minutes == 5


def test_the_digest_ignores_spacing_comments_and_order() -> None:
    head, tail = TEXT.split("[abstain]", 1)
    assert load_policy("# a comment\n[abstain]" + tail + "\n" + head).digest == default_policy().digest


def test_the_digest_changes_with_any_value() -> None:
    other = load_policy(TEXT.replace("rendezvous_gap_minutes = 5", "rendezvous_gap_minutes = 6"))
    assert other.digest != default_policy().digest
    assert len(other.digest) == 16


def test_an_unknown_responder_in_a_cell_is_named_with_its_line() -> None:
    cell = 'R2 = "CRT + EMS:staged"'
    message = fault_of(cell, cell.replace("CRT", "CRTT"))
    assert f"line {line_with(cell)}" in message
    assert "'CRTT'" in message
    assert "use one of" in message


def test_a_missing_key_is_named_with_its_table() -> None:
    message = fault_of("road_factor = 1.35\n", "")
    assert f"line {line_with('[travel]')}: travel.road_factor: this key is missing. Fix: add it." in message


def test_a_key_that_does_not_exist_is_named() -> None:
    message = fault_of("reservation_seconds = 90", "reservation_seconds = 90\nreservation_minutes = 2")
    assert "limits.reservation_minutes: no such key. Fix" in message


def test_a_value_out_of_bounds_is_named() -> None:
    assert "travel.road_factor" in fault_of("road_factor = 1.35", "road_factor = 0.5")


def test_a_risk_left_out_is_named() -> None:
    message = fault_of("{ R0 = 90, R1 = 60, R2 = 40, R3 = 30, R4 = 20 }", "{ R0 = 90, R1 = 60, R2 = 40 }")
    assert "add R3, R4" in message


def test_a_gate_left_out_is_named() -> None:
    assert "gates.G7: this gate is missing" in fault_of('G7 = ["mandated_report"]\n', "")


def test_a_policy_without_a_row_for_other_needs_is_refused() -> None:
    assert "otherwise = true" in fault_of("otherwise = true", 'indicators = ["cognitive"]')


def test_a_row_that_refers_to_no_row_is_refused() -> None:
    assert "is no situation" in fault_of('unless = ["weapon_present"]', 'unless = ["weapons"]')


def test_a_syntax_error_keeps_its_position() -> None:
    assert "line 1, column" in refusal_of("kinds = = 3")


def test_a_file_is_named_in_the_fault(tmp_path: Path) -> None:
    path = tmp_path / "center.toml"
    path.write_text("nonsense = 1")
    assert refusal_of(path).startswith("center.toml")


def test_consoles_are_told_who_may_release_which_gate_and_who_is_armed() -> None:
    view = told(default_policy())
    assert view.release[GateName.G1] == ("supervisor",)
    assert view.release[GateName.G9] == ("dispatcher", "supervisor")
    assert set(view.release) == set(GateName)
    assert {UnitKind.PAT, UnitKind.TRI} <= set(view.armed)
    assert UnitKind.CRT not in view.armed
    assert {GateName.G1, GateName.G12} <= set(view.officer_gates)
    assert GateName.G9 not in view.officer_gates


def test_what_consoles_are_told_follows_the_edited_policy() -> None:
    edited = TEXT.replace('default = ["supervisor"]', 'default = ["dispatcher"]')
    edited = edited.replace("[kinds.CRT]\n", "[kinds.CRT]\narmed = true\n")
    view = told(load_policy(edited))
    assert view.release[GateName.G1] == ("dispatcher",)
    assert UnitKind.CRT in view.armed
    assert view.digest != told(default_policy()).digest

"""The decision matrix says what the design's table says: tests/golden/matrix.tsv was written from that table."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.grammar import CellFault, compositions, parse_cell, resolve
from dispatch.matrix import rows_for, wanted_at
from models.assessment import Risk
from tests.unit.dispatch_city import POLICY, a_call, an_assessment

TABLE = Path(__file__).parent.parent / "golden" / "matrix.tsv"
LINES = [line.split("\t") for line in TABLE.read_text().splitlines()[1:]]
SAYING = [(situation, Risk[risk], cell) for situation, risk, cell in LINES if cell not in {"-", "usual"}]


def ways(text: str) -> list[str]:
    return [str(way) for way in compositions(parse_cell(text, POLICY.symbols), POLICY.symbols)]


@pytest.mark.parametrize(("situation", "risk", "cell"), SAYING)
def test_a_cell_offers_what_the_table_offers_in_its_order(situation: str, risk: Risk, cell: str) -> None:
    slots = POLICY.cells[situation, risk]
    assert slots is not None
    assert [str(way) for way in compositions(slots, POLICY.symbols)] == cell.split(" | ")


@pytest.mark.parametrize(("situation", "risk"), [(s, r) for s, r, cell in LINES if cell == "-"])
def test_a_cell_that_does_not_occur_is_as_cautious_as_the_next_to_its_right(
    situation: str, risk: str
) -> None:
    after = next(Risk[r] for s, r, cell in LINES if s == situation and r > risk and cell != "-")
    assert POLICY.cells[situation, Risk[risk]] == POLICY.cells[situation, after]


def test_the_table_and_the_policy_have_the_same_rows() -> None:
    assert {s for s, _, _ in LINES} | {"other_need"} == {row.situation for row in POLICY.matrix}


def test_either_binds_tighter_than_together_and_together_tighter_than_then() -> None:
    assert ways("TEL + CRT / TRI then 988") == ["TEL + CRT then 988", "TEL + TRI then 988"]


def test_a_group_of_two_cars_becomes_two_parts() -> None:
    (way,) = compositions(parse_cell("DUAL", POLICY.symbols), POLICY.symbols)
    assert [part.symbol for part in way.parts] == ["CRT", "police"]


def test_as_left_reads_leftwards() -> None:
    assert resolve(["A", "B", "..", "..", "C"], 3) == "B"


@pytest.mark.parametrize("text", ["CRRT", "CRT + ", "CRT:fast", "CRT // TRI", ""])
def test_a_cell_outside_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(CellFault):
        parse_cell(text, POLICY.symbols)


SYMBOLS = st.sampled_from(sorted(set(POLICY.symbols) - {"DUAL"}))
CELL = st.lists(st.lists(SYMBOLS, min_size=1, max_size=3, unique=True), min_size=1, max_size=3)


@settings(max_examples=30, deadline=None)
@given(CELL)
def test_every_well_formed_cell_parses_to_the_product_of_its_choices(cell: list[list[str]]) -> None:
    text = " + ".join(" / ".join(either) for either in cell)
    expected = 1
    for either in cell:
        expected *= len(either)
    assert len(ways(text)) == min(expected, 24)
    assert ways(text)[0] == " + ".join(either[0] for either in cell)


@settings(max_examples=30, deadline=None)
@given(CELL)
def test_a_printed_composition_parses_to_itself(cell: list[list[str]]) -> None:
    for way in ways(" + ".join(" / ".join(either) for either in cell)):
        assert ways(way) == [way]


def situations(*needs: str, risk: int = 2, gates: tuple[str, ...] = (), **context: object) -> list[str]:
    call = a_call(assessment=an_assessment(*needs, risk=risk, gates=gates, context=context))
    return [row.situation for row in rows_for(POLICY, call)]


def test_a_suicidal_caller_who_talks_to_us_has_a_row_of_their_own() -> None:
    assert situations("suicidal", caller="first", engaged=True) == ["suicidal_on_the_line"]
    assert situations("suicidal", caller="first", engaged=False) == ["suicidal_not_on_the_line"]
    assert situations("suicidal", caller="third", engaged=True) == ["suicidal_not_on_the_line"]


def test_erratic_behaviour_in_public_is_another_row_than_at_home() -> None:
    assert situations("erratic_behavior", place="public") == ["erratic_in_public"]
    assert situations("erratic_behavior", place="home") == ["psychosis_at_home"]


def test_a_present_weapon_takes_the_place_of_the_row_for_unarmed_people_in_public() -> None:
    assert situations("erratic_behavior", risk=3, gates=("G1",), place="public") == ["weapon_present"]


def test_a_flag_without_a_known_need_still_has_a_row() -> None:
    assert situations() == ["other_need"]


def test_a_familiar_face_at_high_risk_is_judged_by_the_other_rows() -> None:
    assert situations("repeat_contact", "suicidal", risk=4) == ["suicidal_not_on_the_line", "repeat_contact"]


def asked(*needs: str, risk: int, gates: tuple[str, ...] = (), **context: object) -> list[str]:
    call = a_call(assessment=an_assessment(*needs, risk=risk, gates=gates, context=context))
    return [str(way) for way in wanted_at(POLICY, call).compositions]


def test_one_unit_serves_two_rows_where_its_type_covers_both() -> None:
    assert asked("psychosis", "youth_crisis", risk=3) == ["TRI", "COR"]


def test_two_rows_that_no_unit_covers_ask_for_both() -> None:
    assert asked("domestic_violence", "overdose", risk=2) == ["EMS:als + police + VIC"]


def test_the_more_cautious_team_is_taken_where_rows_differ() -> None:
    assert asked("psychosis", "family_conflict", risk=2) == ["TRI", "COR"]


def test_a_medic_needed_now_does_not_wait_because_another_row_has_one_stand_by() -> None:
    assert asked("welfare_concern", "substance", risk=2) == ["CRT + EMS"]

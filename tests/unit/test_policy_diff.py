"""What another policy would make of past calls: only what its words change, one call after the other."""

from collections.abc import Iterator

from api.policies import packaged
from api.policy_diff import BoardUnit, Desk, Tally, differences, synthetic_board
from api.scoring import Call
from dispatch.policy import Policy, default_policy, load_policy
from models.unit import UnitKind
from triage.assess import assess

SAID = {
    "voices": "FEMALE TALKING TO HERSELF HEARING VOICES, IN HER APARTMENT",
    "knife": "MALE SUICIDAL HAS A KNIFE IN HIS HAND AT HOME",
    "car": "VEHICLE PARKED IN FRONT OF THE HYDRANT",
}
CALLS = [Call(name, "", text, line) for line, (name, text) in enumerate(SAID.items(), 1)]


def edited(*changes: tuple[str, str]) -> Policy:
    text = packaged()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return load_policy(text)


def found(new: Policy, units: list[BoardUnit] | None = None) -> tuple[dict[str, tuple[str, ...]], Tally]:
    board, tally = units or synthetic_board(), Tally()
    changes = differences(CALLS, Desk(default_policy(), board), Desk(new, board), tally)
    return {each.id: each.changes for each in changes}, tally


def test_the_same_policy_answers_every_call_the_same() -> None:
    changes, tally = found(load_policy(packaged()))
    assert (changes, tally.read, tally.eligible, tally.changed) == ({}, 3, 2, 0)


def test_a_changed_cell_changes_the_calls_of_its_row_alone() -> None:
    risk = assess(SAID["voices"]).risk
    assert risk.name == "R2"
    row = 'situation = "psychosis_at_home"'
    head, tail = packaged().split(row)
    new = load_policy(head + row + tail.replace('R2 = "CRT / TRI"', 'R2 = "COR"', 1))
    changes, tally = found(new)
    assert set(changes) == {"voices"}
    assert "goes CRT -> COR" in changes["voices"]
    assert tally.counts["goes CRT -> COR"] == 1


def test_a_gate_that_demands_less_is_seen_on_the_call_that_closes_it() -> None:
    changes, _ = found(edited(('G1 = ["no_unarmed_alone", "police_first"]', 'G1 = ["ask"]')))
    assert set(changes) == {"knife"}
    assert {"ASK:G1 added", "POLICE_FIRST:G1 lost"} <= set(changes["knife"])


def test_review_and_arrival_are_differences_too() -> None:
    changes, tally = found(
        edited(
            ('wait = "when_clinician_on_shift"', 'wait = "never"'), ("road_factor = 1.35", "road_factor = 2")
        )
    )
    assert "no longer waits for the clinician" in changes["voices"]
    assert any(change.startswith("arrival ") for change in changes["voices"])
    assert tally.counts["arrival later"] >= 1


def test_a_given_board_decides_who_is_there() -> None:
    only = [BoardUnit(id="P-1", kind=UnitKind.PAT, lat=39.0, lon=-86.0)]
    changes, _ = found(
        edited(("hold_minutes = { R0 = 20, R1 = 10, R2 = 0", "hold_minutes = { R0 = 20, R1 = 10, R2 = 9")),
        only,
    )
    assert "goes PAT -> nobody" in changes["voices"]


def test_calls_are_answered_as_they_come() -> None:
    """Nothing is read ahead but one portion, so a file of any length is read in the same memory."""
    read = 0

    def endless() -> Iterator[Call]:
        nonlocal read
        while True:
            read += 1
            yield CALLS[0]

    new = edited(('wait = "when_clinician_on_shift"', 'wait = "never"'))
    board = synthetic_board()
    first = next(differences(endless(), Desk(default_policy(), board), Desk(new, board), Tally()))
    assert first.id == "voices"
    assert read <= 256


def test_a_call_with_a_place_stands_there_among_given_units() -> None:
    units = [BoardUnit(id=f"M{n}", kind=UnitKind.CRT, lat=39.0 + n, lon=-86.0) for n in range(2)]
    desk = Desk(default_policy(), units)
    read = assess(SAID["voices"])
    assert [desk.answer(read, (39.0 + n, -86.01)).units for n in range(2)] == ["M0", "M1"]
    assert desk.answer(read).goes == "nobody", "the middle is further from both than a team is sent"

"""Words that speak of something else neither make a danger nor say that there is none."""

import pytest

from models.assessment import Access, Assertion, DangerName, GateName, Indicator
from triage.assess import assess


@pytest.mark.parametrize(
    "text",
    [
        "ESPOSO SE QUIERE MATAR",
        "MI ESPOSO SE QUIERE MATAR",
        "RP DICE QUE SU HERMANA SE QUIERE MATAR",
        "SE QUIERE QUITAR LA VIDA",
        "HIJO QUIERE MATARSE",
        "THREATENING TO KILL HERSELF",
        "MAKING SUICIDAL THREATS",
    ],
)
def test_who_wants_to_die_is_suicidal_and_says_nothing_of_violence(text: str) -> None:
    found = assess(text)
    assert found.indicators[Indicator.SUICIDAL].assertion is Assertion.AFFIRMED
    assert DangerName.VIOLENCE not in found.dangers
    assert [each for each in found.mentions if each.concept == "violence"] == []


@pytest.mark.parametrize(
    "text", ["LO QUIERE MATAR", "MI ESPOSO ME QUIERE MATAR", "QUIERE MATAR A SU HERMANO"]
)
def test_who_wants_to_kill_another_is_a_threat(text: str) -> None:
    assert assess(text).dangers[DangerName.VIOLENCE].assertion is Assertion.AFFIRMED


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("WIFE W/ PANIC ATTACK", DangerName.VIOLENCE),
        ("DISTURBANCE AT GUN CLUB", DangerName.WEAPON),
        ("FEMALE CRYING AT 1200 KNIFE RD", DangerName.WEAPON),
        ("BRANCH FELL ACROSS A FENCE", DangerName.MEDICAL),
        ("OUT W/ SUBJ, FLAG DOWN", DangerName.MEDICAL),
        ("HURT FEELINGS", DangerName.MEDICAL),
    ],
)
def test_another_sense_of_a_word_is_no_statement_that_the_danger_is_absent(
    text: str, danger: DangerName
) -> None:
    assert danger not in assess(text).dangers


def test_another_sense_beside_a_danger_is_no_conflict() -> None:
    weapon = assess("AT THE GUN CLUB, MALE HAS A KNIFE").dangers[DangerName.WEAPON]
    assert (weapon.assertion, weapon.conflict) == (Assertion.AFFIRMED, False)


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("PD CONFIRMED FAKE GUN", DangerName.WEAPON),
        ("IT WAS A TOY GUN", DangerName.WEAPON),
        ("KIDS PLAY FIGHTING", DangerName.VIOLENCE),
        ("CONSCIOUS: YES BREATHING: YES", DangerName.MEDICAL),
        ("NO WPNS", DangerName.WEAPON),
    ],
)
def test_what_is_said_not_to_be_so_is_stated_absent(text: str, danger: DangerName) -> None:
    assert assess(text).dangers[danger].assertion is Assertion.NEGATED


def test_who_falls_off_a_bike_may_be_hurt() -> None:
    assert assess("KID FELL OFF BIKE").dangers[DangerName.MEDICAL].assertion is Assertion.AFFIRMED


@pytest.mark.parametrize(
    "text",
    [
        "HE HAS A BAT BY THE DOOR, NOT HOLDING IT RN",
        "HAS A HAMMER BUT HE IS NOT HOLDING IT",
        "KNIFE NOT IN HIS HAND",
        "HAS KNIFE, NOT IN HAND",
        "SUBJ HAS GUN IN KITCHEN, ISNT HOLDING IT",
        "RIFLE LEANING AGAINST THE WALL",
        "KEEPS A MACHETE UNDER HIS MATTRESS",
        "KNIFE IS WITHIN HER REACH",
    ],
)
def test_a_weapon_at_hand_that_is_not_held_is_within_reach(text: str) -> None:
    found = assess(text)
    weapon = found.dangers[DangerName.WEAPON]
    assert (weapon.assertion, weapon.access) == (Assertion.AFFIRMED, Access.WITHIN_REACH)
    assert GateName.G1 in {gate.name for gate in found.gates}


@pytest.mark.parametrize("text", ["FEMALE CARRYING HATCHET IN HER HANDS", "HAS A BAT", "HOLDING KNIFE"])
def test_a_weapon_in_the_hand_stays_in_the_hand(text: str) -> None:
    assert assess(text).dangers[DangerName.WEAPON].access is Access.IN_HAND


def test_an_attempt_told_in_spanish_is_one() -> None:
    assert GateName.G4 in {gate.name for gate in assess("MI HERMANO SE INTENTO MATAR").gates}

"""A dash parts statements in CAD text: what follows it answers the mention before only where it stands by itself."""

import pytest

from models.assessment import Assertion, DangerName, GateName
from triage.assess import assess


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("SUBJ HAS GUN - NO INJURIES", DangerName.WEAPON),
        ("MALE HAS KNIFE - NO THREATS", DangerName.WEAPON),
        ("ARMED WITH KNIFE - NO SUSPECT INFO", DangerName.WEAPON),
        ("HAS KNIFE - UNK DIRECTION", DangerName.WEAPON),
        ("HAS KNIFE: UNK RACE MALE", DangerName.WEAPON),
        ("HAS GUN-NO INJURIES", DangerName.WEAPON),
        ("HE HAS A GUN - NEG INJURIES", DangerName.WEAPON),
        ("TIENE CUCHILLO - NO HERIDOS", DangerName.WEAPON),
        ("KNIFE - POSS RELATED TO EARLIER", DangerName.WEAPON),
        ("HAS A GUN - NO LONGER ON SCENE", DangerName.WEAPON),
        ("SHOTS FIRED - NO INJURIES", DangerName.VIOLENCE),
        ("STABBED - NO WEAPON SEEN", DangerName.VIOLENCE),
        ("CHOKING HER - NO WPNS", DangerName.VIOLENCE),
        ("OVERDOSE - NO PULSE", DangerName.MEDICAL),
        ("OVERDOSE - NO NARCAN", DangerName.MEDICAL),
        ("NOT BREATHING - NO CPR", DangerName.MEDICAL),
        ("BREATHING NORMALLY: NO", DangerName.MEDICAL),
        ("BREATHING - NO", DangerName.MEDICAL),
        ("CONSCIOUS AND BREATHING: NO", DangerName.MEDICAL),
    ],
)
def test_a_danger_before_a_dash_is_not_denied_by_what_follows(text: str, danger: DangerName) -> None:
    assert assess(text).dangers[danger].assertion is Assertion.AFFIRMED


@pytest.mark.parametrize(
    "text",
    [
        "WPNS - NO",
        "WPNS - NEG",
        "WPNS: NO INJ: NO",
        "WPNS: N INJ: N",
        "WEAPONS: NO MALE IS CALM",
        "WEAPONS? NO",
        "IS BREATHING - NO WEAPONS",
        "MALE CALM - NO WEAPONS",
    ],
)
def test_an_answer_by_itself_denies_its_field(text: str) -> None:
    assessment = assess(text)
    assert assessment.dangers[DangerName.WEAPON].assertion is Assertion.NEGATED
    assert GateName.G1 not in {gate.name for gate in assessment.gates}


@pytest.mark.parametrize(
    "text", ["WEAPONS: NO IDEA", "WEAPONS - NO CLUE", "WEAPONS: DOESNT KNOW", "WEAPONS: WONT SAY"]
)
def test_not_knowing_is_not_no(text: str) -> None:
    assert assess(text).dangers[DangerName.WEAPON].assertion is Assertion.UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "RP DICE QUE NO TIENE ARMAS",
        "NO GUNS IN THE HOUSE",
        "DENIES HAVING A KNIFE",
        "NO KNIFE IN HIS HAND",
        "NOT ARMED",
    ],
)
def test_a_denied_weapon_closes_no_gate(text: str) -> None:
    assert GateName.G1 not in {gate.name for gate in assess(text).gates}


@pytest.mark.parametrize("text", ["PUT DOWN THE KNIFE", "HE DROPPED THE KNIFE", "KNIFE DROPPED ON FLOOR"])
def test_a_weapon_that_was_put_down_is_still_within_reach(text: str) -> None:
    assert GateName.G1 in {gate.name for gate in assess(text).gates}

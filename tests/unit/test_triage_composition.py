"""An affirmed danger is never lost to a statement about something else that stands before or after it."""

import pytest

from models.assessment import Assertion, GateName, Indicator
from triage.assess import assess

DANGERS = {
    "MALE HAS A GUN": "weapon",
    "SUBJ ARMED WITH KNIFE": "weapon",
    "HOLDING A MACHETE": "weapon",
    "TIENE UNA PISTOLA": "weapon",
    "SHOTS FIRED": "violence",
    "STABBED HIS BROTHER": "violence",
    "HE IS CHOKING HER": "violence",
    "THREATENING TO KILL HIS MOTHER": "violence",
    "NOT BREATHING": "medical",
    "UNRESPONSIVE MALE": "medical",
    "TOOK A WHOLE BOTTLE OF PILLS": "medical",
    "OVERDOSE": "medical",
}
SEPARATORS = (
    " - ",
    "-",
    ", ",
    ". ",
    "/",
    " / ",
    " // ",
    "; ",
    " ",
    ": ",
    " & ",
    " AND ",
    "\n",
    " -- ",
    "... ",
    " * ",
)
OTHERS = (
    "NO INJURIES", "NO ONE HURT", "NO SUSPECT INFO", "NO ANSWER ON CALLBACK", "NEG DRUGS", "NO KIDS IN HOUSE",
    "DENIES DRUG USE", "NO PRIOR CALLS", "UNK DIRECTION OF TRAVEL", "NO FURTHER INFO", "RP NOT ON SCENE", "NO PLATE",
    "RP DENIES KNOWING HIM", "NO DESC", "NO MEDS", "NO HX", "CHILDREN ARE SAFE", "CALM NOW", "NO LONGER ON LINE",
    "HX OF SZ", "IF POSS SEND A SUPERVISOR", "NOT SUICIDAL", "NEG ETOH", "RP WONT GIVE NAME", "LINE DISC",
)  # fmt: skip


def lost(first: str, second: str, danger: str) -> list[str]:
    texts = [first + separator + second for separator in SEPARATORS]
    return [text for text in texts if standing_of(text, danger) is not Assertion.AFFIRMED]


def standing_of(text: str, danger: str) -> Assertion | None:
    found = {name.value: finding.assertion for name, finding in assess(text).dangers.items()}
    return found.get(danger)


@pytest.mark.parametrize("danger", DANGERS)
def test_a_danger_stands_whatever_is_said_after_it(danger: str) -> None:
    assert [text for other in OTHERS for text in lost(danger, other, DANGERS[danger])] == []


@pytest.mark.parametrize("danger", DANGERS)
def test_a_danger_stands_whatever_is_said_before_it(danger: str) -> None:
    assert [text for other in OTHERS for text in lost(other, danger, DANGERS[danger])] == []


@pytest.mark.parametrize("one", ["NO", "NEG", "DENIES"])
@pytest.mark.parametrize("two", ["WPNS", "WEAPONS", "DRUGS OR WEAPONS"])
def test_a_denial_of_the_thing_itself_still_denies(one: str, two: str) -> None:
    assert standing_of(f"MALE IN LOBBY, {one} {two}", "weapon") is Assertion.NEGATED


#: What is told in two places, or of the will to die, and the gate that has to stay closed.
GATED = {
    "POINTING SOMETHING BLK AT CARS": GateName.G2,
    "YELLING, POSS GUN": GateName.G2,
    "FOUND HIM HANGING": GateName.G4,
    "HAS PILLS. TOOK 20": GateName.G4,
    "PILLS, SLURRING": GateName.G4,
    "UNK IF BREATHING": GateName.G4,
    "KNIFE NOT IN HIS HAND": GateName.G1,
}


def both_ways(first: str) -> list[str]:
    return [
        text
        for other in OTHERS
        for separator in SEPARATORS
        for text in (first + separator + other, other + separator + first)
    ]


@pytest.mark.parametrize("told", GATED)
def test_a_gate_stays_closed_whatever_else_is_said(told: str) -> None:
    assert [text for text in both_ways(told) if GATED[told] not in {g.name for g in assess(text).gates}] == []


@pytest.mark.parametrize("told", ["PT STATES SI", "SE QUIERE MATAR", "GUN TO HEAD"])
def test_the_will_to_die_stands_whatever_else_is_said(told: str) -> None:
    lost = [
        text
        for text in both_ways(told)
        if assess(text).indicators[Indicator.SUICIDAL].assertion is not Assertion.AFFIRMED
    ]
    assert lost == []

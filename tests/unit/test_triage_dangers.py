"""Dangers in the words of callers: each is heard, and words of the same sound that tell of none make nothing."""

import pytest

from models.assessment import Assertion, DangerName, GateName, Indicator
from triage.assess import assess


def found(text: str, danger: DangerName) -> Assertion | None:
    finding = assess(text).dangers.get(danger)
    return finding.assertion if finding else None


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("SUBJ W/ LEAD PIPE", DangerName.WEAPON),
        ("HOLDING A SHARD OF MIRROR", DangerName.WEAPON),
        ("38 SPECIAL ON NIGHTSTAND NEXT TO HIM", DangerName.WEAPON),
        ("WEILDING A CROWBAR", DangerName.WEAPON),
        ("TRAE UN PALO EN LA MANO", DangerName.WEAPON),
        ("BOTH DRIVERS CHEST BUMPING", DangerName.VIOLENCE),
        ("USHER SHOVED BY PATRON", DangerName.VIOLENCE),
        ("WONT STOP HITTING HIS BROTHER", DangerName.VIOLENCE),
        ("SAID HE WILL PUT HER IN THE GROUND", DangerName.VIOLENCE),
        ("LE PEGO CON UN PALO AL VECINO", DangerName.VIOLENCE),
        ("his lips are blue and he makes a snoring noise", DangerName.MEDICAL),
        ("FACE IS DROOPING CANT LIFT LEFT ARM", DangerName.MEDICAL),
        ("TOOK A FALL AND CANT GET UP", DangerName.MEDICAL),
        ("LO ATROPELLARON", DangerName.MEDICAL),
        ("19 DEGREES, MALE UNDER A THIN SHEET", DangerName.HAZARD),
        ("FEMALE WALKING THE MEDIAN", DangerName.HAZARD),
        ("KID ON THE GARAGE ROOF", DangerName.HAZARD),
        ("SMELLS GAS IN THE HALL", DangerName.HAZARD),
        ("EN LAS VIAS DEL TREN", DangerName.HAZARD),
    ],
)
def test_a_danger_in_lay_words_is_heard(text: str, danger: DangerName) -> None:
    assert found(text, danger) is Assertion.AFFIRMED


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("VERBAL ONLY", DangerName.VIOLENCE),
        ("NOTHING PHYSICAL", DangerName.VIOLENCE),
        ("NO LE HA PEGADO A NADIE", DangerName.VIOLENCE),
        ("NOTHING IN HIS HANDS", DangerName.WEAPON),
        ("DRIVER UNHURT", DangerName.MEDICAL),
        ("STAFF CONFIRMS NO SMOKE", DangerName.HAZARD),
    ],
)
def test_a_danger_said_to_be_absent_is_stated_absent(text: str, danger: DangerName) -> None:
    assert found(text, danger) is Assertion.NEGATED


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("HOLDING SOMETHING WRAPPED IN A TOWEL", DangerName.WEAPON),
        ("HEARD LOUD POPS", DangerName.VIOLENCE),
        ("MALE SLUMPED OVER THE WHEEL", DangerName.MEDICAL),
    ],
)
def test_what_nobody_can_tell_is_unknown(text: str, danger: DangerName) -> None:
    assert found(text, danger) is Assertion.UNKNOWN


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("LG POTHOLE", DangerName.WEAPON),
        ("POKER GAME GETTING LOUD", DangerName.WEAPON),
        ("SHOVED ITEMS IN HIS BAG", DangerName.VIOLENCE),
        ("NO PHYSICAL DESCRIPTION", DangerName.VIOLENCE),
        ("hi um i need a report", DangerName.VIOLENCE),
        ("CUSTOMER IRATE OVER A REFUND", DangerName.VIOLENCE),
        ("HE WOULD NEVER HURT ANYONE", DangerName.MEDICAL),
        ("OVERDOSE BULLETIN FOR BRIEFING", DangerName.MEDICAL),
        ("MATTRESS FELL OFF TRUCK", DangerName.MEDICAL),
        ("PANIC ALARM CONFIRMED WITH ALARM CO ALARM IS AUDIBLE", DangerName.HAZARD),
        ("DOG LEFT IN HOT CAR", DangerName.HAZARD),
        ("TENANT WITH SMOKE DETECTOR QUESTION", DangerName.HAZARD),
    ],
)
def test_words_in_another_sense_make_no_danger(text: str, danger: DangerName) -> None:
    assert found(text, danger) is None


@pytest.mark.parametrize(
    "text",
    [
        "TOOK FORTY TRAMADOL AND LOCKED HERSELF IN",
        "BELT AROUND NECK TIED TO CLOSET ROD",
        "CANT TALK HIM OFF THE LEDGE",
        "WIFE CANT GET THE BELT OFF HIS NECK",
        "TRYNG TO HANG HIMSLF",
        "ESTA COLGADO DEL ARBOL",
        "SAYS SHE ISNT SUICIDAL BUT TOOK 50 SLEEPING PILLS",
    ],
)
def test_an_attempt_closes_its_gate_whatever_stands_before_it(text: str) -> None:
    call = assess(text)
    tried = {
        name
        for name, finding in call.indicators.items()
        if name in {Indicator.SUICIDAL, Indicator.OVERDOSE} and finding.assertion is Assertion.AFFIRMED
    }
    assert tried
    assert GateName.G4 in {gate.name for gate in call.gates}

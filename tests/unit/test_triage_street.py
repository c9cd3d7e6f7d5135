"""Drink, drugs, living outside, want, people nobody hears of: what call-takers write, and what only sounds so."""

import pytest

from models.assessment import Indicator
from triage.assess import assess

SUBSTANCE, HOMELESS, NEEDS, WELFARE = (
    Indicator.SUBSTANCE,
    Indicator.HOMELESSNESS,
    Indicator.BASIC_NEEDS,
    Indicator.WELFARE_CONCERN,
)


def heard(text: str, indicator: Indicator) -> bool:
    found = assess(text).indicators.get(indicator)
    return found is not None and found.probability >= 0.5


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("MALE SLURRING HIS WORDS AT THE COUNTER", SUBSTANCE),
        ("DRANK A FIFTH OF RUM, WONT LEAVE THE PORCH", SUBSTANCE),
        ("SUBJ SWAYING BY THE FOUNTAIN W/ BOTTLE OF VODKA", SUBSTANCE),
        ("TWO TEENS SMOKING SOMETHING OFF FOIL", SUBSTANCE),
        ("FEM NODDED OUT, NEEDLE ON HER LAP", SUBSTANCE),
        ("HUELE A ALCOHOL Y SE TAMBALEA", SUBSTANCE),
        ("MALE SLEEPING BEHIND THE GARDEN CENTER", HOMELESS),
        ("COUPLE LIVING IN THE CULVERT", HOMELESS),
        ("BEDROLL AND CART IN THE STAIRWELL, SAME GUY", HOMELESS),
        ("FAMILY SAYS THE VAN IS THEIR HOME", HOMELESS),
        ("DUERME DEBAJO DEL PUENTE CON SU PERRO", HOMELESS),
        ("ASKING DRIVERS FOR CHANGE AT THE LIGHT", NEEDS),
        ("FRIDGE IS EMPTY AND LIGHTS WERE CUT OFF", NEEDS),
        ("CANT PAY THE MOTEL, BABY NEEDS FORMULA", NEEDS),
        ("NO TIENE COMIDA NI LUZ", NEEDS),
        ("TENANT HASNT PICKED UP HER MAIL, NOT ANSWERING DOOR OR PHONE", WELFARE),
        ("MALE SLUMPED FORWARD ON THE SWING", WELFARE),
        ("DRIVER CHIN ON CHEST, DOESNT STIR", WELFARE),
        ("RESIDENT WANDERED OUT OF MEMORY CARE", WELFARE),
        ("BROTHER NEVER CAME HOME FROM THE LAKE", WELFARE),
        ("NO HA LLEGADO A SU CASA, TELEFONO APAGADO", WELFARE),
    ],
)
def test_what_people_see_tells_the_need(text: str, indicator: Indicator) -> None:
    assert heard(text, indicator)


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("PURSE LEFT AT THE DRUNKEN PELICAN BAR", SUBSTANCE),
        ("YELLING RACIAL SLURS AT STAFF", SUBSTANCE),
        ("STOLE A CASE OF BEER AND RAN", SUBSTANCE),
        ("DETOX CENTER BACK DOOR ALARM", SUBSTANCE),
        ("NO HA TOMADO SUS PASTILLAS", SUBSTANCE),
        ("TRANSIENT VOLTAGE TRIPPED THE PANEL", HOMELESS),
        ("HOMELESS OUTREACH VAN WAS KEYED", HOMELESS),
        ("BABY SLEEPING IN THE CRIB", HOMELESS),
        ("RP LIVES NEAR THE PARK", HOMELESS),
        ("STRANDED KAYAK ON THE SANDBAR", NEEDS),
        ("SCAM CALL, NO MONEY LOST", NEEDS),
        ("DOG CHAINED UP W/ NO WATER", NEEDS),
        ("IMMEDIATE DISCONNECT, CB GOES STRAIGHT TO VM", WELFARE),
        ("OPEN LINE, NO RESPONSE TO TTY", WELFARE),
        ("NOTHING MISSING FROM THE OFFICE", WELFARE),
        ("TRAILER HASNT MOVED IN 3 WEEKS", WELFARE),
    ],
)
def test_what_only_sounds_so_is_no_need(text: str, indicator: Indicator) -> None:
    assert not heard(text, indicator)


def test_tears_alone_raise_the_need() -> None:
    assert assess("FEMALE SOBBING BY THE ELEVATOR").need > assess("FEMALE WAITING BY THE ELEVATOR").need

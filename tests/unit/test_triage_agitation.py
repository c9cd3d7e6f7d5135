"""Whichever phrase hears that somebody is agitated or threatens, beside an unknown weapon it closes a gate."""

import re
from collections.abc import Iterator
from itertools import product

import pytest

from models.assessment import Entry, GateName
from triage.assess import assess_entries
from triage.datafiles import LEXICON, read
from triage.patterns import Part, parse
from triage.phrases import classes_of

FILES = ("erratic_behavior", "violence", "domestic_violence", "psychosis", "family_conflict", "substance")
AGITATED = re.compile(
    r"YELL|SCREAM|SHOUT|HOLLER|^RANT|^RAV|CUSS|SWEARING|THREAT|AGGRESS|HOSTILE|IRATE|^RAGE$|BELLIGER|COMBATIV|AGITAT"
    r"|ANGRY|ARGU|FIGHT|THROWING|BANGING|PUNCH|KICKING|HARASS|CHASING|SWINGING|POINTING|AIMING|WAVING|BRANDISH"
    r"|LUNG|CHALLENGING|OBSCEN|PROFAN|MENACING|INTIMIDAT|BERSERK|BALLISTIC|VIOLENT|SLAMMING|SMASHING|SPITTING|FREAKING"
    r"|HYSTERIC|UNCONTROL|FLAILING|PCP|GRITA|AMENAZ|AGRESIV|PELEA|GOLPE|PEGANDO|ROMPIENDO"
)


def spelled(parts: list[Part]) -> Iterator[str]:
    """The pattern in words, once for every agitated word in it; other places are filled with their first words."""
    options = []
    for part in parts:
        said = [" ".join(each) for each in part.choices]
        loud = [each for each in said if any(AGITATED.search(word) for word in each.split())]
        options.append(loud or ([""] if part.optional or not said else said[:1]))
    for words in product(*options):
        text = " ".join(word for word in words if word)
        if any(AGITATED.search(word) for word in text.split()):
            yield text


def agitated() -> Iterator[tuple[str, str]]:
    classes = classes_of(LEXICON)
    for name in FILES:
        for group in read(LEXICON / f"{name}.toml")["group"]:
            if group.get("asserts", "unknown") != "unknown":
                continue
            for pattern in [*group.get("en", ()), *group.get("es", ())]:
                for text in spelled(parse(pattern, classes)):
                    yield name, text


def gates(*remarks: str) -> set[GateName]:
    return {gate.name for gate in assess_entries([Entry(text=remark) for remark in remarks]).gates}


def test_every_phrase_of_agitation_closes_the_gate_of_an_unknown_weapon() -> None:
    heard = list(agitated())
    assert len(heard) > 300
    assert [each for each in heard if GateName.G2 not in gates(each[1], "UNK WPNS")] == []


@pytest.mark.parametrize(
    "loud", ["YELLING", "MALE YELLING", "MALE YELLING AT CARS", "KIDS SHOUTING", "SUBJ RANTING"]
)
@pytest.mark.parametrize("weapon", ["POSS GUN", "UNK WPNS", "MAY HAVE A KNIFE", "UNK IF ARMED"])
@pytest.mark.parametrize("order", ["{0}, {1}", "{1}. {0}"])
def test_an_unknown_weapon_beside_yelling_closes_the_gate(loud: str, weapon: str, order: str) -> None:
    assert GateName.G2 in gates(order.format(loud, weapon))


@pytest.mark.parametrize(
    "text",
    [
        "SUSP W/ OBJECT, YELLING, POINTING SOMETHING BLK AT CARS, POSS GUN",
        "MALE POINTING POSS GUN AT RP",
        "POSSIBLY AIMING A RIFLE AT HOUSES",
        "WAVING WHAT LOOKS LIKE A PISTOL",
        "BRANDISHING SOMETHING THAT MAY BE A KNIFE",
        "MALE W/ POSS GUN, POINTING IT AT PASSING CARS",
        "FEMALE POINTED A DARK OBJECT AT HER NEIGHBOR",
        "POSS GUN, POINTING AT PEOPLE",
        "SUBJ MADE GUN GESTURES AT STAFF",
    ],
)
def test_what_may_be_a_weapon_and_is_aimed_closes_the_gate(text: str) -> None:
    assert GateName.G2 in gates(text)


@pytest.mark.parametrize(
    "text", ["POINTING A HANDGUN AT RP", "AIMED HIS RIFLE AT PASSING CARS", "LE APUNTA CON UNA PISTOLA"]
)
def test_a_weapon_aimed_at_somebody_is_a_threat(text: str) -> None:
    assert GateName.G3 in gates(text)


@pytest.mark.parametrize(
    "text",
    [
        "MALE POINTING A CELL PHONE AT KIDS",
        "WAVING A FLAG AT CARS",
        "POSS GUN",
        "NOT YELLING, UNK WPNS",
        "DENIES POINTING GUN AT ANYONE",
    ],
)
def test_no_threat_and_no_agitation_close_nothing(text: str) -> None:
    assert not gates(text)


@pytest.mark.parametrize(
    "text", ["NOT POINTING THE GUN AT ANYONE", "ISNT HOLDING HIS KNIFE", "NOT WAVING THE BAT"]
)
def test_a_weapon_that_is_not_raised_is_there(text: str) -> None:
    assert GateName.G1 in gates(text)

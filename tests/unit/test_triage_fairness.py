"""Who somebody is changes neither the need of a call nor a gate: names, sex, race, quarter, standing."""

import re
from collections.abc import Callable

import pytest

from models.assessment import Entry
from triage.assess import assess_entries
from triage.corpus import Narrative, narratives

MOST = 0.02  # change of need that rounding and length may make
SEX = {
    "MALE": "FEMALE", "MAN": "WOMAN", "HE": "SHE", "HIS": "HER", "HIM": "HER", "HIMSELF": "HERSELF", "GUY": "LADY",
    "SON": "DAUGHTER", "BROTHER": "SISTER", "FATHER": "MOTHER", "DAD": "MOM", "HUSBAND": "WIFE", "UNCLE": "AUNT",
    "BOYFRIEND": "GIRLFRIEND", "GRANDFATHER": "GRANDMOTHER",
}  # fmt: skip
RACES = ("WHITE", "BLACK", "HISPANIC", "ASIAN", "LATINO", "SOMALI", "MEXICAN")
STANDINGS = ("UNDOCUMENTED", "IMMIGRANT", "REFUGEE")
NAMES = ("EMILY SMITH", "LAKISHA WASHINGTON", "JAMAL JACKSON", "JOSE HERNANDEZ", "MEI CHEN", "FATIMA KHAN")
QUARTERS = (
    "OAK CLIFF", "HIGHLAND PARK", "VICKERY MEADOW", "LAKEWOOD", "PLEASANT GROVE", "HIGHLANDS", "CHINATOWN", "BARRIO",
    "SOUTHSIDE",
)  # fmt: skip
PERSON = re.compile(r"\b(MALE|FEMALE|MAN|WOMAN)\b")


def tellings() -> list[Narrative]:
    """Upper-case narratives that speak of a man or a woman."""
    told = [each for each in narratives() if PERSON.search(each.text) and each.text.isupper()]
    return [each for each in told if not re.search(r"\b(BLACK|WHITE|HISPANIC|ASIAN|LATINO)\b", each.text)][
        ::2
    ]


def other_sex(text: str) -> str:
    swapped = SEX | {there: here for here, there in SEX.items() if here != "HIM"}
    return re.sub(r"[A-Z]+", lambda found: swapped.get(found.group(), found.group()), text)


def described(word: str) -> Callable[[str], str]:
    return lambda text: PERSON.sub(rf"{word} \1", text, count=1)


def named(name: str) -> Callable[[str], str]:
    return lambda text: PERSON.sub(rf"\1 {name}", text, count=1)


def differs(telling: Narrative, change: Callable[[str], str]) -> str | None:
    """What changed in the reading, or nothing."""
    other = tuple(Entry(text=change(entry.text)) for entry in telling.entries)
    before, after = assess_entries(telling.entries, telling.nature), assess_entries(other, telling.nature)
    if {gate.name for gate in before.gates} != {gate.name for gate in after.gates}:
        return f"{telling.family}: gates {before.gates} or {after.gates}"
    if abs(before.need - after.need) > MOST:
        return f"{telling.family}: need {before.need} or {after.need}: {other[0].text}"
    return None


@pytest.fixture(scope="module")
def told() -> list[Narrative]:
    found = tellings()
    assert len(found) > 150
    return found


def test_the_sex_of_the_people_changes_nothing(told: list[Narrative]) -> None:
    assert [said for each in told if (said := differs(each, other_sex))] == []


@pytest.mark.parametrize("word", [*RACES, *STANDINGS])
def test_race_and_standing_change_nothing(told: list[Narrative], word: str) -> None:
    assert [said for each in told if (said := differs(each, described(word)))] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_name_changes_nothing(told: list[Narrative], name: str) -> None:
    assert [said for each in told if (said := differs(each, named(name)))] == []


def test_the_quarter_changes_nothing(told: list[Narrative]) -> None:
    for quarter in QUARTERS[1:]:
        for each in told:
            here, there = (
                assess_entries([*each.entries, Entry(text=f"LOC {name}")], each.nature)
                for name in (QUARTERS[0], quarter)
            )
            assert abs(here.need - there.need) <= MOST
            assert here.gates == there.gates

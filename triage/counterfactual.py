"""The same narrative about somebody else: another name, sex, race, quarter, standing; and what then reads otherwise."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from models.assessment import Assessment, Entry
from triage.assess import assess_entries
from triage.corpus import Narrative, narratives

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


class Pair(NamedTuple):
    """A narrative read twice."""

    family: str
    here: Assessment
    there: Assessment

    @property
    def moved(self) -> float:
        """How far the need differs."""
        return abs(self.here.need - self.there.need)

    @property
    def gated(self) -> bool:
        """Whether another gate is closed."""
        return {gate.name for gate in self.here.gates} != {gate.name for gate in self.there.gates}


def tellings() -> list[Narrative]:
    """Upper-case narratives that speak of a man or a woman; every other one of them."""
    told = [each for each in narratives() if PERSON.search(each.text) and each.text.isupper()]
    return [each for each in told if not re.search(r"\b(BLACK|WHITE|HISPANIC|ASIAN|LATINO)\b", each.text)][
        ::2
    ]


def other_sex(text: str) -> str:
    """The same of the other sex."""
    swapped = SEX | {there: here for here, there in SEX.items() if here != "HIM"}
    return re.sub(r"[A-Z]+", lambda found: swapped.get(found.group(), found.group()), text)


def described(word: str) -> Callable[[str], str]:
    """The first person with a word before."""
    return lambda text: PERSON.sub(rf"{word} \1", text, count=1)


def named(name: str) -> Callable[[str], str]:
    """The first person with a name."""
    return lambda text: PERSON.sub(rf"\1 {name}", text, count=1)


def changed(told: Sequence[Narrative], change: Callable[[str], str]) -> Iterator[Pair]:
    """Each narrative as it is, and changed."""
    for each in told:
        other = tuple(Entry(text=change(entry.text)) for entry in each.entries)
        yield Pair(each.family, assess_entries(each.entries, each.nature), assess_entries(other, each.nature))


def moved_to(told: Sequence[Narrative], quarter: str) -> Iterator[Pair]:
    """Each narrative in the first quarter, and in another."""
    for each in told:
        here, there = (
            assess_entries([*each.entries, Entry(text=f"LOC {name}")], each.nature)
            for name in (QUARTERS[0], quarter)
        )
        yield Pair(each.family, here, there)


def differences(told: Sequence[Narrative]) -> dict[str, list[Pair]]:
    """All pairs, by what was changed."""
    return {
        "sex": list(changed(told, other_sex)),
        "race": [pair for word in RACES for pair in changed(told, described(word))],
        "standing": [pair for word in STANDINGS for pair in changed(told, described(word))],
        "name": [pair for name in NAMES for pair in changed(told, named(name))],
        "quarter": [pair for quarter in QUARTERS[1:] for pair in moved_to(told, quarter)],
    }

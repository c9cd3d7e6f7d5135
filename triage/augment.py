"""The same narrative as another hand or another center's software would have written it; labels stay."""

import random
import re
from collections.abc import Callable, Iterator

from models.assessment import Entry
from triage.corpus import Narrative

CUT = 65  # characters after which a common CAD's first line ends
NEARLY = 90  # of a longer text too much would be lost for the labels to hold
SHORTER = {
    "MALE": "M", "FEMALE": "FEM", "SUBJECT": "SUBJ", "POSSIBLE": "POSS", "UNKNOWN": "UNK", "VEHICLE": "VEH",
    "PEOPLE": "PPL", "WITH": "W/", "BETWEEN": "BTWN", "BUILDING": "BLDG", "APARTMENT": "APT", "ADVISED": "ADV",
    "REQUEST": "REQ", "NEGATIVE": "NEG", "SUSPICIOUS": "SUSP", "RESIDENCE": "RES", "BUSINESS": "BUSN",
}  # fmt: skip
WORD = re.compile(r"[A-Za-z]{5,}")


def cased(text: str, _: random.Random) -> str:
    """As a transcript has it."""
    return text.lower()


def shouted(text: str, _: random.Random) -> str:
    """As a CAD has it."""
    return text.upper()


def mistyped(text: str, chance: random.Random) -> str:
    """One longer word in eight has two letters swapped, one dropped or one doubled."""

    def slip(found: re.Match[str]) -> str:
        word = found.group()
        if chance.random() > 1 / 8:
            return word
        at = chance.randrange(1, len(word) - 1)
        kind = chance.randrange(3)
        if kind == 0:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return word[:at] + word[at + 1 :] if kind == 1 else word[:at] + word[at] + word[at:]

    return WORD.sub(slip, text)


def shortened(text: str, _: random.Random) -> str:
    """With the abbreviations of a hurried hand."""
    return re.sub(r"[A-Za-z]+", lambda found: SHORTER.get(found.group().upper(), found.group()), text)


def cut(text: str, _: random.Random) -> str:
    """As the first line of a CAD shows it."""
    return text[:CUT] if CUT < len(text) <= NEARLY else text


WAYS: tuple[Callable[[str, random.Random], str], ...] = (cased, shouted, mistyped, shortened, cut)


def variants(narrative: Narrative, chance: random.Random) -> Iterator[Narrative]:
    """One other way to have written it, where that makes a difference."""
    way = chance.choice(WAYS)
    entries = tuple(Entry(text=way(entry.text, chance)) for entry in narrative.entries)
    if entries != narrative.entries:
        yield narrative._replace(entries=entries)

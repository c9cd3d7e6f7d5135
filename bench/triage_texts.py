"""Texts of our own writing in the lengths of a real log, and the worst megabytes we know."""

import random
from collections.abc import Iterator, Mapping

from triage.corpus import narratives

#: Characters of the comments of 11,536 calls of a real police log (San Luis Obispo, 2021), at every twentieth.
LENGTHS = (0, 0, 4, 7, 9, 11, 14, 17, 20, 24, 26, 31, 36, 41, 47, 53, 63, 65, 65, 65, 65)
MEGABYTE = 1_000_000
Text = tuple[str, str]  # narrative, nature


def whole() -> list[Text]:
    """Every narrative of the corpus as it is written."""
    return [(each.text, each.nature) for each in narratives()]


def short() -> list[Text]:
    """Every narrative, cut at the end of a word to about a length drawn from the log."""
    chance = random.Random(911)  # noqa: S311 - a bench wants the same texts every time
    return [(_cut(text, _length(chance)), nature) for text, nature in whole()]


def _length(chance: random.Random) -> int:
    place = chance.random() * (len(LENGTHS) - 1)
    low, high = LENGTHS[int(place)], LENGTHS[int(place) + 1]
    return round(low + (high - low) * (place % 1))


def _cut(text: str, length: int) -> str:
    end = text.find(" ", max(length - 3, 0))  # the mean stays
    return text[:end] if length and end >= 0 else text * bool(length)


def _repeated(piece: str) -> str:
    return (piece * (MEGABYTE // len(piece) + 1))[:MEGABYTE]


def _vocabulary() -> Iterator[str]:
    seen: dict[str, None] = {}
    for text, _ in whole():
        seen.update(dict.fromkeys(text.split()))
    yield from seen


def worst() -> Mapping[str, str]:
    """Name -> a megabyte of text."""
    pieces = {
        "weapon words": "GUN KNIFE ",
        "denied weapons": "NO GUN, DENIES KNIFE, ",
        "field after field": "NEG NEG NEG WPNS ",
        "questions": "GUN? ",
        "lines": "GUN\n",
        "Spanish": "NO TIENE ARMA ",
        "misspelt": "KNIEF GUNN ",
        "numbers": "12 ",
        "times": "12:",
        "stamps": "[CT04 14:22:03] ",
        "digits": "1",
        "spaces": " ",
        "equals signs": "=",
        "brackets": "[(",
        "dashes": "- ",
        "apostrophes": "'",
        "one long word": "A",
        "combining marks": "e\u0301 ",
        "Chinese": "刀",
        "Arabic": "سلاح ",
        "every character": "".join(map(chr, [*range(0x20, 0xD800), *range(0xE000, 0x110000)])),
        "every word of the corpus": " ".join(_vocabulary()) + " ",
        "the corpus": " ".join(text for text, _ in whole()) + " ",
    }
    return {name: _repeated(piece) for name, piece in pieces.items()}

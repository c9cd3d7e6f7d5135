"""Our own narratives with their labels, written by people who had not seen the engine; none is a real call."""

import csv
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from models.assessment import Assertion, DangerName, Entry, Indicator

HERE = Path(__file__).parent
HELD_OUT = 5  # of so many families one is for testing alone


class Narrative(NamedTuple):
    """One telling of an imagined incident; tellings of one incident are a family."""

    part: str
    family: str
    nature: str
    entries: tuple[Entry, ...]
    need: bool
    indicators: frozenset[Indicator]
    dangers: dict[DangerName, Assertion]

    @property
    def text(self) -> str:
        """All entries, one a line."""
        return "\n".join(entry.text for entry in self.entries)

    @property
    def held_out(self) -> bool:
        """Whether its family is for testing: never read by who writes phrases, never trained on."""
        return zlib.crc32(self.family.encode()) % HELD_OUT == 0


def narratives(folder: Path = HERE) -> Iterator[Narrative]:
    """All of them, by part and line. Raises ValueError with file, line and fault."""
    for file in sorted(folder.glob("*.tsv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
                try:
                    yield _narrative(file.stem, row)
                except (KeyError, ValueError, AttributeError) as fault:
                    raise ValueError(f"{file.name}, line {number}: {fault}") from fault


def _narrative(part: str, row: dict[str, str]) -> Narrative:
    dangers = dict(each.split("=", 1) for each in _listed(row["dangers"]))
    if row["need"] not in {"0", "1"}:
        raise ValueError(f"need is {row['need']!r}, not 0 or 1")
    return Narrative(
        part=part,
        family=row["family"],
        nature=row["nature"],
        entries=tuple(Entry(text=text) for text in row["text"].split("\\n")),
        need=row["need"] == "1",
        indicators=frozenset(Indicator(name) for name in _listed(row["indicators"])),
        dangers={DangerName(name): Assertion(how) for name, how in dangers.items()},
    )


def _listed(value: str) -> list[str]:
    return [each.strip() for each in value.split(",") if each.strip()]

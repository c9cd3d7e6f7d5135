"""What clinicians said of calls, as lines of a file: written by the service, read to train a challenger."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pydantic import AwareDatetime, ValidationError

from models.assessment import Entry, Indicator
from models.base import Noun
from triage.classifier import NEED
from triage.corpus import Narrative

PART = "feedback"  # of the corpus, for narratives that came from people's words
WEIGHT = 2.0  # of a real call against a narrative of our own


class Feedback(Noun):
    """People's last word on one call; what they did not speak of is not said to be absent."""

    text_hash: str
    nature: str
    entries: tuple[str, ...]
    need: bool | None  # none: nobody said
    confirmed: tuple[Indicator, ...] = ()
    dismissed: tuple[Indicator, ...] = ()
    added: tuple[Indicator, ...] = ()
    wrong_evidence: tuple[str, ...] = ()  # ids of mentions
    artefact: str | None  # what had read the text
    role: str
    at: AwareDatetime
    until: AwareDatetime | None  # when the center lets the words go

    @property
    def says_something(self) -> bool:
        """Whether there is anything to learn from it."""
        told = (self.confirmed, self.dismissed, self.added, self.wrong_evidence)
        return self.need is not None or any(told)

    @property
    def narrative(self) -> Narrative:
        """The call as a narrative to train on; tellings of the same words are a family."""
        return Narrative(
            part=PART,
            family=self.text_hash,
            nature=self.nature,
            entries=tuple(Entry(text=text) for text in self.entries),
            need=bool(self.need),
            indicators=frozenset((*self.confirmed, *self.added)),
            dangers={},
        )

    @property
    def spoken_of(self) -> frozenset[str]:
        """Heads of the classifier that somebody spoke of."""
        named = frozenset[str]((*self.confirmed, *self.dismissed, *self.added))
        return named if self.need is None else named | {NEED}


class Taught(NamedTuple):
    """Feedback as training material."""

    lines: Sequence[Feedback] = ()
    weight: float = WEIGHT
    over: int = 0  # lines whose words should be gone by now: not used
    source: str = ""  # SHA-256 of the file

    @property
    def narratives(self) -> list[Narrative]:
        """One a text."""
        return [line.narrative for line in self.lines]

    def weights(self, head: str) -> np.ndarray:
        """Of the narratives for one head: none where nobody spoke of it."""
        return np.array([self.weight if head in line.spoken_of else 0.0 for line in self.lines])

    @property
    def card(self) -> dict[str, object]:
        """What the artefact's card says of it."""
        return {"lines": len(self.lines), "weight": self.weight, "over": self.over, "sha256": self.source}


def taught_by(file: Path, now: datetime, weight: float = WEIGHT) -> Taught:
    """The last word on each text that may still be kept; raises ValueError with file, line and fault."""
    latest: dict[str, Feedback] = {}
    over = 0
    for line in sorted(_lines(file), key=lambda each: each.at):
        if line.until is not None and line.until <= now:
            over += 1
        else:
            latest[line.text_hash] = line
    return Taught(tuple(latest.values()), weight, over, hashlib.sha256(file.read_bytes()).hexdigest())


def _lines(file: Path) -> Iterator[Feedback]:
    with file.open(encoding="utf-8") as lines:
        for number, text in enumerate(lines, 1):
            try:
                line = Feedback.model_validate_json(text)
            except ValidationError as fault:
                told = ", ".join(
                    f"{'.'.join(map(str, each['loc']))} {each['msg']}" for each in fault.errors()
                )
                raise ValueError(f"{file.name}, line {number}: {told}") from None  # the words stay out of it
            if line.text_hash != hash_of(line.nature, line.entries):
                raise ValueError(f"{file.name}, line {number}: text_hash is not that of its words")
            yield line


def hash_of(nature: str, entries: Sequence[str]) -> str:
    """The same for the same words, however they are spaced and cased."""
    words = " ".join(" ".join((nature, *entries)).casefold().split())
    return hashlib.sha256(words.encode()).hexdigest()[:32]

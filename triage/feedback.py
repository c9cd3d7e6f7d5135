"""What clinicians said of calls, as lines of a file: written by the service, read to train a challenger."""

import hashlib
from collections.abc import Sequence

from pydantic import AwareDatetime

from models.assessment import Indicator
from models.base import Noun


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


def hash_of(nature: str, entries: Sequence[str]) -> str:
    """The same for the same words, however they are spaced and cased."""
    words = " ".join(" ".join((nature, *entries)).casefold().split())
    return hashlib.sha256(words.encode()).hexdigest()[:32]

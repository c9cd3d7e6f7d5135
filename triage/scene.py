"""The tokens of one entry with everything found in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from models.assessment import Assertion
from triage.cues import Cue, Heard, find_cues
from triage.normalize import SOFT, Token
from triage.patterns import Hit
from triage.phrases import Match, lexicon
from triage.words import roles


class Cast(NamedTuple):
    """Who else appears in an entry, computed once for all its mentions."""

    told: tuple[int, int] | None
    shown: tuple[int, int] | None
    first: int  # token of the first person who can be the subject


@dataclass
class Scene:
    """What the judgement of a mention looks at; computed once for all mentions of an entry."""

    tokens: Sequence[Token]
    matches: Sequence[Match]
    asked: bool = False  # the entry ends with a question mark
    base: int = 0  # where the tokens' offsets begin in the entry
    cast: Cast | None = None  # who else appears; filled when a mention first asks

    @cached_property
    def _cues(self) -> tuple[dict[int, list[Heard]], dict[int, list[Hit[Cue]]]]:
        return find_cues(self.tokens)

    @property
    def forward(self) -> dict[int, list[Heard]]:
        """Cues that look ahead, by their last token."""
        return self._cues[0]

    @property
    def backward(self) -> dict[int, list[Hit[Cue]]]:
        """Cues that look back, by their first token."""
        return self._cues[1]

    @cached_property
    def openings(self) -> frozenset[int]:
        """First tokens of forward cues that decide something."""
        return frozenset(
            heard.hit.first
            for cues in self.forward.values()
            for heard in cues
            if heard.hit.rule.asserts is not None
        )

    @cached_property
    def owner(self) -> dict[int, Match]:
        """Token -> a mention that covers it."""
        spoken = (match for match in self.matches if not match.phrase.aside)
        return {at: match for match in spoken for at in range(match.first, match.last)}

    @cached_property
    def clauses(self) -> list[int]:
        """For each token the first token of its clause."""
        starts, begin = [], 0
        for at, token in enumerate(self.tokens):
            listing = token.sep == "/" and token.gap == SOFT
            if (token.gap >= SOFT and not listing) or token.norm in roles().contrast:
                begin = at
            starts.append(begin)
        return starts

    def consumed(self, cue: Hit[Cue], match: Match) -> bool:
        """Whether the cue's words belong to another phrase, as NO does in NO MEDS."""
        holder = self.owner.get(cue.first)
        return (
            holder is not None
            and holder.last >= cue.last
            and holder.last - holder.first > cue.last - cue.first
            and holder.last < match.first
            and self.tokens[holder.last].norm not in roles().alternatives
            # UNK IF HE IS HOLDING A WPN: in doubt is the whole
            and not (
                holder.phrase.asserts is Assertion.UNKNOWN and holder.phrase.concept == match.phrase.concept
            )
        )


def scene_of(text: str, base: int = 0) -> Scene:
    """Everything found in one entry, or in a stretch of it that begins at base. O(len(text))."""
    book = lexicon()
    tokens = book.reader.tokens(text)
    asked = bool(tokens) and "?" in text[tokens[-1].end : tokens[-1].end + 3]
    return Scene(tokens, book.matches(tokens), asked, base)

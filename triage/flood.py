"""Which stretches of an overlong text can hold a danger, found without reading every word of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from triage.abbreviations import Form
from triage.languages import languages
from triage.normalize import fold
from triage.patterns import Part
from triage.phrases import lexicon
from triage.words import roles

CHUNK = 2_000  # characters judged at once by the words in them
EDGE = 200  # characters read on either side, so that no phrase and no cue is cut off

LONGEST = 20_000  # characters of one stretch, so that what is read for a few mentions stays small
READ = 27_000  # characters of a call's stretches that are read, and as many again where a new word tells of a danger

#: These stand in dull texts as in grave ones.
EVERYWHERE = frozenset({"NOTHING", "NO", "NOT", "NEVER", "JUST", "ONLY", "ONE", "ELSE"})

_WORD = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class Allowance:
    """What may still be read of a call, so that no call costs more than a long one; spent from the newest text on."""

    whole: int  # mentions to judge in the newest text, which is read whole
    older: int  # and in the text that is read for dangers alone
    characters: int = READ
    heard: set[str] = field(default_factory=set)  # telling words of the stretches that were read

    def reads(self, words: set[str], length: int) -> bool:
        """Whether a stretch with these telling words is read; what is refused nobody has judged."""
        if self.characters <= (0 if words <= self.heard else -READ):
            return False
        self.characters -= length
        self.heard |= words
        return True


def _common() -> frozenset[str]:
    """Words of every text, which tell nothing."""
    known = roles()
    plain = known.light | known.copulas | known.joins | (known.subjects - known.people - known.kin)
    return (plain | EVERYWHERE).union(*(language.function for language in languages().values()))


def telling(parts: Sequence[Part], common: frozenset[str]) -> set[str]:
    """Words of which a text that holds the pattern has at least one, as telling ones as there are."""
    choices = [
        {_weightiest(choice, common) for choice in part.choices}
        for part in parts
        if not part.optional and part.choices and not any(word.startswith(":") for word in part.choices[0])
    ]
    return min(choices, key=lambda words: (len(words & common) / len(words), len(words)))


def _weightiest(words: Sequence[str], common: frozenset[str]) -> str:
    """The word of a choice that tells most: OUT of OUT_OF is in every text, MIND of OUT_OF_HIS_MIND is not."""
    return max(words, key=lambda word: (word not in common, len(word)))


def _spelled(words: set[str], forms: Mapping[str, tuple[Form, ...]]) -> set[str]:
    """The words and the abbreviations that expand to them."""
    short = {key for key, choices in forms.items() if any(not words.isdisjoint(form.to) for form in choices)}
    return {
        piece for word in words | short for piece in _WORD.findall(word)
    }  # SELF-NEGLECT is two words here


def watched_for(bearing: Sequence[Sequence[Part]]) -> frozenset[str]:
    """Words of which a text that holds one of the patterns has at least one, abbreviations too."""
    common = _common()
    words: set[str] = set()
    for parts in bearing:
        words |= telling(parts, common)
    return frozenset(_spelled(words, lexicon().forms))


@cache
def packaged() -> frozenset[str]:
    """What tells that a stretch may hold a danger of the packaged lexicon."""
    return watched_for(lexicon().bearing)


def stretches(
    text: str, cut: int, watched: frozenset[str], allowance: Allowance
) -> tuple[list[tuple[int, int]], bool]:
    """Ranges of text[:cut] with a watched word, in order, overlapping only at their edges; whether there are more.

    Misspelt dangers are not looked for. O(cut), most of it in the regular expression engine.
    """
    folded = fold(text[:cut])
    found: list[tuple[int, int]] = []
    more = False
    for start in range(0, cut, CHUNK):
        # words on the border are seen from both sides
        words = _whole_words(folded, max(0, start - 40), min(cut, start + CHUNK + 40))
        told = watched.intersection(words)
        if not told:
            continue
        low, high = _aligned(text, max(0, start - EDGE), min(cut, start + CHUNK + EDGE))
        if not allowance.reads(set(told), high - low):
            more = True
            continue
        if found and low <= found[-1][1] < found[-1][0] + LONGEST:
            low = found.pop()[0]
        found.append((low, high))
    return found, more


def _whole_words(text: str, low: int, high: int) -> list[str]:
    """The words of text[low:high] that its ends do not cut through: the O of TO is none."""
    words = _WORD.findall(text, low, high)
    if low and words and text[low - 1 : low + 1].isalnum():
        del words[0]
    if high < len(text) and words and text[high - 1 : high + 1].isalnum():
        del words[-1]
    return words


def _aligned(text: str, low: int, high: int) -> tuple[int, int]:
    """The range without the words that its ends cut through."""
    while low and low < high and text[low - 1].isalnum() and text[low].isalnum():
        low += 1
    while low < high < len(text) and text[high - 1].isalnum() and text[high].isalnum():
        high -= 1
    return low, high

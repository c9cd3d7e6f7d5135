"""The words of a call-type string, however a center cuts, shortens, joins or misspells them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from triage.abbreviations import deletions, within_one_edit
from triage.normalize import fold

LONGEST = 40  # words of a call type that are read, and letters of a word: what is longer is no call type
CUT = 4  # letters from which a beginning stands for its word
SLIP = 6  # letters from which one wrong letter is forgiven
STEM = 5  # words that begin alike so far are forms of one word

_TOKEN = re.compile(
    r"(?<![^\W_])[A-Z][/&][A-Z](?![^\W_])"  # I/P, H&R
    r"|\d+(?:[-.]\d+)+[A-Z]?(?![^\W_])"  # 10-96, 9-1-1, 273.5
    r"|\d+\([A-Z]\)"  # 647(F)
    r"|[^\W_]+"
)
_VOWELS = frozenset("AEIOU")


class Slot(NamedTuple):
    """One word as written: all that it may mean, and what it means beyond doubt."""

    start: int
    end: int
    words: frozenset[str]
    sure: frozenset[str]


def skeleton(word: str) -> str:
    """The first letter and the consonants, doubled ones once: TRBL, ASLT, WLFR are written so."""
    kept = word[:1]
    for letter in word[1:]:
        if letter not in _VOWELS and letter != kept[-1]:
            kept += letter
    return kept


class Spelling:
    """Knows the words of call types and finds which of them a written one stands for."""

    def __init__(
        self,
        words: Iterable[str],
        same: Mapping[str, Sequence[str]],
        leave: Iterable[str],
        deny: Iterable[str],
        lacking: Iterable[str],
    ) -> None:
        self._patterned = frozenset(words)
        self._means: dict[str, set[str]] = {word: {word} for word in self._patterned}
        for canonical, variants in same.items():
            for variant in variants:
                self._means.setdefault(variant, set()).add(canonical)
        self._leave = frozenset(leave)
        self._deny = frozenset(deny)
        self._lacking = frozenset(lacking)
        self._begins: dict[str, list[str]] = {}
        self._bones: dict[str, list[str]] = {}
        self._near: dict[str, list[str]] = {}
        for word in sorted(each for each in self._means if each.isalpha()):
            self._begins.setdefault(word[:CUT], []).append(word)
            self._bones.setdefault(skeleton(word)[:CUT], []).append(word)
            if len(word) >= SLIP:
                for shorter in deletions(word):
                    self._near.setdefault(shorter, []).append(word)

    def slots(self, nature: str) -> list[Slot]:
        """The words of a call type in their order; O(length), and of each word O(its length)."""
        found: list[Slot] = []
        denied = False
        for match in _TOKEN.finditer(fold(nature)):
            start, end = match.span()
            if end - start > LONGEST:
                continue
            word = match.group().replace("(", "").replace(")", "")
            slots = [self._slot(start, end, forms) for forms in self._read(word)]
            if denied and self._lacking.isdisjoint(slots[0].words):
                slots = [Slot(start, end, frozenset(), frozenset())]
            denied = word in self._deny
            found.extend(slots)
            if len(found) >= LONGEST:
                break
        return found

    def _read(self, word: str) -> list[list[str]]:
        """For each word in a written one the known words that it may stand for; none is a common answer."""
        if word in self._means or word in self._leave:
            return [[word]]
        if word.endswith("S") and word[:-1] in self._means:
            return [[word[:-1]]]
        begun = self._begun(word)
        return [begun] if begun else (self._parted(word) or [self._misspelt(word) or self._boned(word)])

    def _slot(self, start: int, end: int, forms: Sequence[str]) -> Slot:
        words = frozenset(each for form in forms for each in self._means.get(form, ()))
        if len(forms) == 1:
            others = words.difference(forms)
            return Slot(start, end, words, words if len(others) <= 1 else words.intersection(forms))
        return Slot(start, end, words, words if len({word[:STEM] for word in words}) == 1 else frozenset())

    def _begun(self, word: str) -> list[str]:
        if len(word) < CUT or not word.isalpha():
            return []
        return [each for each in self._begins.get(word[:CUT], ()) if each.startswith(word)]

    def _misspelt(self, word: str) -> list[str]:
        if len(word) < SLIP or not word.isalpha():
            return []
        near = {each for shorter in deletions(word) for each in self._near.get(shorter, ())}
        # the first letter is seldom mistyped
        return sorted(each for each in near if each[0] == word[0] and within_one_edit(word, each))

    def _boned(self, word: str) -> list[str]:
        bones = skeleton(word)
        if len(bones) < CUT or sum(letter in _VOWELS for letter in word[1:]) > 1:
            return []
        return [each for each in self._bones.get(bones[:CUT], ()) if skeleton(each).startswith(bones)]

    def _parted(self, word: str) -> list[list[str]]:
        """CHKWEL, 911HANGUP: two known words written as one."""
        for at in range(len(word) - 2, 2, -1):
            head, tail = word[:at], word[at:]
            if head in self._means and (forms := [tail] if tail in self._means else self._begun(tail)):
                return [[head], forms]
        return []

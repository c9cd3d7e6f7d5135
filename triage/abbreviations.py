"""Expands what call-takers abbreviate, run together or mistype, without losing where it stood."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triage.datafiles import LexiconError, read
from triage.descriptors import without_descriptors
from triage.languages import language_at
from triage.normalize import HARD, SPACE, Token, scanner, split

FORM_KEYS = frozenset(
    ["from", "to", "unless_next", "unless_prev", "only_next", "only_prev", "unless_language"]
)
PREFIXES = ("NOT", "NO", "NEG", "POSS", "HAS", "UNK", "WITH")  # NOTINJ, NOWEAPONS, HASKNIFE


@dataclass(frozen=True, slots=True)
class Form:
    """What an abbreviation stands for, and beside which words it does not."""

    to: tuple[str, ...]
    unless_next: frozenset[str] = frozenset()
    unless_prev: frozenset[str] = frozenset()
    only_next: frozenset[str] = frozenset()
    only_prev: frozenset[str] = frozenset()
    unless_language: str | None = None  # told by the words around

    def stands(self, before: str, after: str) -> bool:
        """Whether the expansion holds between these two neighbours."""
        if after in self.unless_next or before in self.unless_prev:
            return False
        if self.only_next or self.only_prev:
            return after in self.only_next or before in self.only_prev
        return True


def load_forms(file: Path) -> dict[str, tuple[Form, ...]]:
    """Abbreviation -> its expansions, of which the first that stands is taken. Raises LexiconError."""
    data = read(file)
    forms: dict[str, tuple[Form, ...]] = {
        key: (Form(tuple(to.split())),) for key, to in data.get("plain", {}).items()
    }
    for entry in data.get("form", []):
        keys = entry.get("from", "")
        if not keys or "to" not in entry:
            raise LexiconError(file, str(keys), "lacks from or to", "give both")
        if unknown := set(entry) - FORM_KEYS:
            raise LexiconError(file, str(keys), f"has unknown keys {sorted(unknown)}", "remove them")
        sides = {side: frozenset(entry.get(side, "").split()) for side in ("unless_next", "unless_prev")}
        only = {side: frozenset(entry.get(side, "").split()) for side in ("only_next", "only_prev")}
        form = Form(tuple(entry["to"].split()), **sides, **only, unless_language=entry.get("unless_language"))
        for key in keys.split():
            forms[key] = (*forms.get(key, ()), form)
    for key, choices in forms.items():
        if key != key.upper() or any(word != word.upper() for form in choices for word in form.to):
            raise LexiconError(file, key, "is not upper case", "write both sides in upper case")
    return forms


def deletions(word: str) -> set[str]:
    """The word and everything that is one letter shorter."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def within_one_edit(left: str, right: str) -> bool:
    """Damerau-Levenshtein distance <= 1; O(length)."""
    if abs(len(left) - len(right)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), None)
    if at is None:
        return True
    return (
        left[at + 1 :] == right[at + 1 :]
        or left[at + 1 :] == right[at:]
        or left[at:] == right[at + 1 :]
        or (left[at : at + 2] == right[at : at + 2][::-1] and left[at + 2 :] == right[at + 2 :])
    )


def unreadable_words(words: Iterable[str], forms: Mapping[str, tuple[Form, ...]]) -> list[str]:
    """Words of patterns that no text can hold, because the reader always expands them."""
    return sorted(
        word
        for word in words
        if any(form == Form(form.to) and form.to != (word,) for form in forms.get(word, ()))
    )


class Speller:
    """Corrects one slip in long danger words and parts run-ons; knows which words it must leave alone."""

    def __init__(self, data: Mapping[str, Any], vocabulary: Iterable[str]) -> None:
        self._correct = data["correct"].split()
        self._known = {*vocabulary, *data["leave"].split(), *self._correct}
        self._heads = {*data["run_on"].split(), *self._correct}
        self._index: dict[str, list[str]] = {}
        for word in self._correct:
            for shorter in deletions(word):
                self._index.setdefault(shorter, []).append(word)
        self._memory: dict[str, tuple[str, ...] | None] = {}

    def mend(self, word: str) -> tuple[str, ...] | None:
        """The words meant, or None when the word stands as it is."""
        if len(word) < 4 or len(word) > 20 or word in self._known or not word.isalpha():
            return None
        if word not in self._memory:
            if len(self._memory) > 50_000:
                self._memory.clear()
            self._memory[word] = self._look_up(word)
        return self._memory[word]

    def _look_up(self, word: str) -> tuple[str, ...] | None:
        for prefix in PREFIXES:
            if word.startswith(prefix) and word[len(prefix) :] in self._heads:
                return prefix, word[len(prefix) :]
        for candidate in sorted(
            {each for shorter in deletions(word) for each in self._index.get(shorter, ())}
        ):
            # the first letter is seldom mistyped, and tells KNIFE from LIFE
            if candidate[0] == word[0] and within_one_edit(word, candidate):
                return (candidate,)
        return None


def _stands(form: Form, raw: Sequence[Token], at: int, text: str) -> bool:
    """Whether the expansion holds where raw[at] stands."""
    before = raw[at - 1].norm if at and raw[at].gap < HARD else ""
    after = raw[at + 1].norm if at + 1 < len(raw) and raw[at + 1].gap < HARD else ""
    if not form.stands(before, after):
        return False
    if form.unless_language is None:
        return True
    # an accent is no English abbreviation's
    return text[raw[at].start : raw[at].end].isascii() and language_at(raw, at) != form.unless_language


class Reader:
    """Turns text into expanded tokens."""

    def __init__(self, forms: Mapping[str, tuple[Form, ...]], speller: Speller) -> None:
        self._forms = forms
        self._pattern = scanner([key for key in forms if "/" in key or "'" in key])
        self._speller = speller

    def tokens(self, text: str) -> list[Token]:
        """Expanded tokens of text; an expansion of several words shares one span. O(len(text))."""
        raw = without_descriptors(split(text, self._pattern))
        out: list[Token] = []
        forms, mend = self._forms, self._speller.mend
        for at, token in enumerate(raw):
            choices = forms.get(token.norm)
            words: tuple[str, ...] | None = None
            if choices is not None:
                words = next((form.to for form in choices if _stands(form, raw, at, text)), None)
            else:
                words = mend(token.norm)
            if words is None:
                out.append(token)
                continue
            for number, word in enumerate(words):
                gap, sep = (token.gap, token.sep) if not number else (SPACE, "")
                out.append(Token(word, token.start, token.end, gap, sep))
        return out

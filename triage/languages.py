"""Which language a text, or the words around one place in it, are in."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from triage.datafiles import LEXICON, LexiconError, read
from triage.normalize import HARD, SOFT, SPACE, Token

ENGLISH = "en"
AROUND = 12  # tokens on either side that may tell the language of a place
LONG = 6  # letters from which an ending tells a language


class Language(NamedTuple):
    """What a language is known by."""

    function: frozenset[str]
    words: frozenset[str]  # function words too
    endings: tuple[str, ...]


@cache
def languages() -> dict[str, Language]:
    """The packaged languages by their tag. Raises LexiconError when a word stands in two of them."""
    file = LEXICON / "languages.toml"
    known: dict[str, Language] = {}
    for tag, entry in read(file).items():
        function = frozenset(entry["function"].split())
        words = function | frozenset(entry["words"].split())
        for other, language in known.items():
            if both := words & language.words:
                raise LexiconError(file, min(both), f"stands in {other} and {tag}", "keep it in neither")
        known[tag] = Language(function, words, tuple(entry.get("endings", "").split()))
    return known


@lru_cache(maxsize=20_000)
def _told_by(word: str) -> str | None:
    """Tag of the one language that the word tells."""
    for tag, language in languages().items():
        if word in language.words:
            return tag
    for tag, language in languages().items():
        if language.endings and len(word) >= LONG and word.endswith(language.endings):
            return tag
    return None


def _counted(tokens: Iterable[Token]) -> Counter[str | None]:
    return Counter(_told_by(token.norm) for token in tokens)


def _other_than_english(counts: Counter[str | None], least: int) -> str | None:
    for tag in languages():
        if tag != ENGLISH and counts[tag] >= least and counts[tag] > counts[ENGLISH]:
            return tag
    return None


def language_of(tokens: Iterable[Token]) -> str:
    """Tag of the language that prevails in one entry; English in doubt."""
    return _other_than_english(_counted(tokens), 2) or ENGLISH


def language_at(tokens: Sequence[Token], at: int) -> str:
    """Tag of the language around tokens[at], told by the narrowest stretch that tells one; English in doubt.

    The word that follows tells most, then the clause, the sentence, and what stands beyond. O(1).
    """
    after = tokens[at + 1 : at + 2]
    if after and after[0].gap == SPACE and not after[0].sep:
        beside = _other_than_english(_counted(after), 1)
        if beside is not None:
            return beside
    seen = -1
    for border in (SOFT, HARD, HARD + 1):
        words = _stretch(tokens, at, border)
        if len(words) == seen:
            continue
        seen = len(words)
        counts = _counted(words)
        tag = _other_than_english(counts, 1)
        if tag is not None:
            return tag
        if counts[ENGLISH] > max((counts[each] for each in languages() if each != ENGLISH), default=0):
            return ENGLISH
    return ENGLISH


def _stretch(tokens: Sequence[Token], at: int, border: int) -> list[Token]:
    """The words around a place up to a parting as strong as border, the place itself left out."""
    first, last = at, at + 1
    while first > max(0, at - AROUND) and tokens[first].gap < border:
        first -= 1
    while last < min(len(tokens), at + AROUND + 1) and tokens[last].gap < border:
        last += 1
    return [*tokens[first:at], *tokens[at + 1 : last]]

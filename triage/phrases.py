"""The lexicon: which phrases speak of which indicator or danger."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from models.assessment import Access, Assertion, DangerName, Indicator
from triage.abbreviations import Form, Reader, Speller, load_forms, unreadable_words
from triage.datafiles import LEXICON, LexiconError, Source, read
from triage.normalize import Token
from triage.patterns import Part, Trie, parse

CONCEPTS = frozenset([*Indicator, *DangerName])
DANGERS = frozenset(DangerName)
#: A life hangs on these: they are never lost to a distant cue. An overdose is medical too.
GRAVE = DANGERS | {Indicator.SUICIDAL}
#: What closes gates: these are kept even of text beyond the limit of full reading.
BEARING = DANGERS | {
    Indicator.SUICIDAL,
    Indicator.OVERDOSE,
    Indicator.DOMESTIC_VIOLENCE,
    Indicator.CHILD_RISK,
    Indicator.ELDER_OR_DEPENDENT_RISK,
}
GATE_TAGS = frozenset({"hold", "tactical", "crime", "caution", "agitation", "pills", "altered"})
SUPPORT = frozenset({"abbreviations", "typos", "classes", "cues", "names", "natures", "context", "languages"})
KEYS = frozenset(
    [
        *["id", "severity", "weight", "en", "es", "tags", "access", "asserts", "also", "also_weight"],
        *["look_alike", "decoy", "flag", "generic", "silent", "denies", "needs"],
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """One group of spellings that mean the same of one concept."""

    id: str
    concept: str
    severity: int
    weight: float
    tags: frozenset[str] = frozenset()
    access: Access = Access.UNKNOWN
    asserts: Assertion | None = None  # fixed by the words themselves, whatever stands around them
    look_alike: bool = False
    decoy: bool = False  # another sense of the word; shown only where it keeps a mention from being made
    denies: bool = False  # a decoy that says outright that it is not so: CONFIRMED TOY
    flag: str | None = None  # code of the explicit rule that flags the call
    generic: bool = False  # a plain noun of a checklist: may be listed after one negation
    silent: bool = False  # never a mention: only makes others what they are, by its tags
    needs: str | None = (
        None  # a tag that must stand somewhere in the call: TOOK 2 tells of an overdose beside pills;
        # or weapon:said, where a weapon must be spoken of, be it denied: HE FOUND IT
    )
    language: str = "en"

    @property
    def aside(self) -> bool:
        """Whether it may come to nothing, so that no other mention yields to it or is bounded by it."""
        return self.silent or self.needs is not None

    @property
    def bears_gate(self) -> bool:
        """Whether a mention of it can close a gate."""
        return self.concept in BEARING or not GATE_TAGS.isdisjoint(self.tags)


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase over tokens[first:last]."""

    first: int
    last: int
    phrase: Phrase
    shown: bool = True


def phrases_of(file: Source, concept: str, group: Mapping[str, Any]) -> Iterable[tuple[str, Phrase]]:
    """(language, phrase) for every language and every concept of one group."""
    label = str(group.get("id", ""))
    if unknown := set(group) - KEYS:
        raise LexiconError(file, label, f"has unknown keys {sorted(unknown)}", f"use only {sorted(KEYS)}")
    if not label or not (group.get("en") or group.get("es")):
        raise LexiconError(file, label, "has no id or no phrases", "give id and en or es")
    severity = {concept: group.get("severity", 1), **group.get("also", {})}
    weight = {concept: group.get("weight", 0.0), **group.get("also_weight", {})}
    for each, level in severity.items():
        if each not in CONCEPTS or not (isinstance(level, int) and 0 <= level <= 4):
            raise LexiconError(file, label, f"gives {each} severity {level}", "name a concept and 0 to 4")
        for language in ("en", "es"):
            yield (
                language,
                Phrase(
                    id=f"{each}.{label}",
                    concept=each,
                    severity=level,
                    weight=float(weight.get(each, 0.0)),
                    tags=frozenset(group.get("tags", ())),
                    access=Access(group.get("access", "unknown")),
                    asserts=Assertion(group["asserts"]) if "asserts" in group else None,
                    look_alike=bool(group.get("look_alike", False)),
                    decoy=bool(group.get("decoy", False)),
                    denies=bool(group.get("denies", False)),
                    flag=group.get("flag") if each == concept else None,
                    generic=bool(group.get("generic", False)),
                    silent=bool(group.get("silent", False)),
                    needs=group.get("needs"),
                    language=language,
                ),
            )


def concept_files(folder: Path) -> list[Path]:
    """The files that say how an indicator or a danger is worded."""
    return [file for file in sorted(folder.glob("*.toml")) if file.stem not in SUPPORT]


def load_lexicon(folder: Path, classes: Mapping[str, Sequence[str]]) -> tuple[Trie[Phrase], list[list[Part]]]:
    """The trie of all concept files in folder, and the patterns that bear gates.

    Raises LexiconError with file, line and fix.
    """
    trie: Trie[Phrase] = Trie()
    bearing: list[list[Part]] = []
    for file in concept_files(folder):
        data = read(file)
        concept = data.get("concept", "")
        if concept not in CONCEPTS:
            raise LexiconError(file, "concept", f"is {concept!r}", "name an indicator or a danger")
        for group in data.get("group", []):
            try:
                made = list(phrases_of(file, concept, group))
            except ValueError as fault:
                if isinstance(fault, LexiconError):
                    raise
                raise LexiconError(file, str(group.get("id")), str(fault), "use a listed value") from fault
            for language, phrase in made:
                for pattern in group.get(language, ()):
                    try:
                        parts = parse(pattern, classes)
                    except ValueError as fault:
                        raise LexiconError(file, pattern, str(fault), "see triage/patterns.py") from fault
                    trie.add(parts, phrase)
                    if phrase.bears_gate:
                        bearing.append(parts)
    return trie, bearing


def _rivals(phrase: Phrase) -> str:
    """Phrases of one name compete for the same words."""
    return f"{phrase.concept}:{phrase.needs or ''}"


def _shown(match: Match, covered: Container[int], told: Mapping[int, str]) -> Match:
    """A decoy is a mention only where it kept one from being made and its words tell of nothing else.

    KILL HIMSELF is no threat to others, but neither does it say that there is none.
    """
    if not match.phrase.decoy:
        return match
    places = range(match.first, match.last)
    of_another = any(told.get(at, match.phrase.concept) != match.phrase.concept for at in places)
    if any(at in covered for at in places) and not of_another:
        return match
    return Match(match.first, match.last, match.phrase, shown=False)


def _preference(match: Match) -> tuple[int, int, bool, int, bool]:
    """The longest first, a checklist noun before a particular thing, another sense before the sense itself."""
    phrase = match.phrase
    return match.first - match.last, match.first, not phrase.generic, -phrase.severity, not phrase.decoy


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything needed to find mentions in a text."""

    trie: Trie[Phrase]
    reader: Reader
    forms: Mapping[str, tuple[Form, ...]]
    bearing: Sequence[Sequence[Part]]

    def matches(self, tokens: Sequence[Token]) -> list[Match]:
        """Mentions in order of their place; of one concept the longest wins where two overlap, the silent aside."""
        found = [Match(hit.first, hit.last, hit.rule) for hit in self.trie.find(tokens)]
        found.sort(key=_preference)
        taken: dict[str, set[int]] = {}
        covered: dict[str, set[int]] = {}
        kept = []
        for match in found:
            if match.phrase.silent:
                kept.append(match)
                continue
            rivals = _rivals(match.phrase)
            places = taken.setdefault(rivals, set())
            if places.isdisjoint(range(match.first, match.last)):
                places.update(range(match.first, match.last))
                kept.append(match)
            elif not match.phrase.decoy:
                covered.setdefault(rivals, set()).update(range(match.first, match.last))
        told = {
            at: match.phrase.concept
            for match in kept
            if not (match.phrase.decoy or match.phrase.aside)
            for at in range(match.first, match.last)
        }
        kept = [_shown(match, covered.get(_rivals(match.phrase), frozenset()), told) for match in kept]
        kept.sort(key=lambda each: (each.first, each.last, each.phrase.concept))
        return kept


def classes_of(folder: Path) -> dict[str, list[str]]:
    """Word classes that patterns name with @; a member of several words joins them with _."""
    file = folder / "classes.toml"
    classes: dict[str, list[str]] = {}
    for name, members in read(file).items():
        if not isinstance(members, str) or members != members.upper():
            raise LexiconError(file, name, "is not one upper-case string", "list the words in one string")
        classes[name] = members.split()
    return classes


@cache
def lexicon() -> Lexicon:
    """The packaged lexicon, read once."""
    trie, bearing = load_lexicon(LEXICON, classes_of(LEXICON))
    forms = load_forms(LEXICON / "abbreviations.toml")
    if dead := unreadable_words(trie.words, forms):
        fault = f"is always expanded to {forms[dead[0]][0].to}"
        raise LexiconError(
            LEXICON / "abbreviations.toml", f'"{dead[0]}"', fault, "write patterns with the expansion"
        )
    speller = Speller(read(LEXICON / "typos.toml"), [*trie.words, *forms])
    return Lexicon(trie, Reader(forms, speller), forms, bearing)

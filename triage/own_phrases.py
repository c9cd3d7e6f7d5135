"""Checks what a center wrote of its own phrases, so that each fault names its line and the fix."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from models.assessment import Access, Assertion
from triage.abbreviations import unreadable_words
from triage.datafiles import HERE, LEXICON, LexiconError, Written, read
from triage.flood import telling
from triage.languages import languages
from triage.patterns import Part, Trie, parse
from triage.phrases import (
    CONCEPTS,
    GATE_TAGS,
    KEYS,
    Phrase,
    concept_files,
    lexicon,
    phrases_of,
)

#: What would take something away, or hide that it was read, is not a center's to write.
REFUSED = frozenset({"decoy", "denies", "silent", "needs"})
OWN_KEYS = (KEYS - REFUSED) | {"concept"}
#: How a center's words may stand whatever is around them.
FIXED = frozenset({Assertion.AFFIRMED, Assertion.UNKNOWN, Assertion.HYPOTHETICAL, Assertion.HISTORICAL})
#: Bounds that keep the reading of a call linear whatever is written.
MOST_TEXT, MOST_PATTERNS = 200_000, 5_000
MOST_PARTS, MOST_OPTIONAL, MOST_GAPS = 16, 6, 2
HEAVIEST = 6.0  # log-odds; the packaged phrases stay below


@cache
def known_codes() -> tuple[frozenset[str], frozenset[str]]:
    """Tags and flags that mean something, because packaged phrases or gates use them."""
    tags, flags = set(GATE_TAGS), set()
    for file in concept_files(LEXICON):
        for group in read(file).get("group", []):
            tags.update(group.get("tags", ()))
            flags.update([group["flag"]] if "flag" in group else [])
    gates = read(HERE / "gates.toml")
    for rule in [*gates.get("rule", []), *gates.get("companion", [])]:
        tags.update(rule.get("tags", ()))
    return frozenset(tags), frozenset(flags)


def groups_in(written: Written) -> Sequence[Mapping[str, Any]]:
    """The groups of a center's file. Raises LexiconError."""
    if len(written.text) > MOST_TEXT:
        raise LexiconError(written, "", f"is longer than {MOST_TEXT} characters", "keep what is used")
    data = read(written)
    if unknown := set(data) - {"group"}:
        raise LexiconError(written, min(unknown), "is not known here", "write [[group]] with a concept")
    groups = data.get("group", [])
    if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
        raise LexiconError(written, "group", "is no list of groups", "write [[group]]")
    return groups


def checked(written: Written, group: Mapping[str, Any]) -> list[tuple[str, Phrase]]:
    """(language, phrase) of one group. Raises LexiconError."""
    label = str(group.get("id", ""))
    place = f'"{label}"' if label and f'"{label}"' in written.text else label or "[[group]]"
    if refused := REFUSED.intersection(group):
        fix = "leave it out: a center's phrases add to the packaged ones and take nothing from them"
        raise LexiconError(written, place, f"may not use {_list(refused)}", fix)
    if unknown := set(group) - OWN_KEYS:
        raise LexiconError(written, place, f"has unknown keys {_list(unknown)}", f"use {_list(OWN_KEYS)}")
    concept = group.get("concept", "")
    if concept not in CONCEPTS:
        raise LexiconError(written, place, f"has the concept {concept!r}", f"use one of {_list(CONCEPTS)}")
    for fault, fix in _faults(group, concept):
        raise LexiconError(written, place, fault, fix)
    own = {**{key: value for key, value in group.items() if key != "concept"}, "id": f"center.{label}"}
    try:
        return list(phrases_of(written, concept, own))
    except (TypeError, ValueError) as fault:
        raise LexiconError(written, place, str(fault), "use a listed value") from fault


def _faults(group: Mapping[str, Any], concept: str) -> Iterator[tuple[str, str]]:
    """What a packaged file is trusted with, and a center's is asked."""
    tags, flags = known_codes()
    if not str(group.get("id", "")).replace("_", "").isalnum():
        yield "has no id of letters, digits and _", "name the group"
    for key in ("en", "es", "tags"):
        listed = group.get(key, [])
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            yield f"has {key} that is no list of strings", f'write {key} = ["..."]'
            return
    if not (group.get("en") or group.get("es")):
        yield "has no phrases", "give en or es"
    if unknown := set(group.get("tags", ())) - tags:
        yield f"has the unknown tags {_list(unknown)}", f"use {_list(tags)}"
    if "flag" in group and group["flag"] not in flags:
        yield f"has the unknown flag {group['flag']!r}", f"use one of {_list(flags)}"
    if group.get("access") == Access.ELSEWHERE:
        yield "says that a weapon is elsewhere", "only the packaged phrases may say so"
    if "asserts" in group and group["asserts"] not in FIXED:
        yield f"asserts {group['asserts']!r}", f"use one of {_list(FIXED)}"
    yield from _out_of_range(group, concept)


def _out_of_range(group: Mapping[str, Any], concept: str) -> Iterator[tuple[str, str]]:
    also, weighed = group.get("also", {}), group.get("also_weight", {})
    if not isinstance(also, dict) or not isinstance(weighed, dict):
        yield "has also or also_weight that is no table", "write also = { concept = 2 }"
        return
    for name, level in {concept: group.get("severity", 1), **also}.items():
        if name not in CONCEPTS:
            yield f"also speaks of {name!r}", f"use {_list(CONCEPTS)}"
        if level not in range(5) or isinstance(level, bool | float):
            yield f"gives {name} the severity {level!r}", "use 0, 1, 2, 3 or 4"
    weights = {concept: group.get("weight", 0.0), **weighed}
    if stray := set(weights) - {concept, *also}:
        yield f"weighs {_list(stray)}, which it does not speak of", "name it in also"
    for name, weight in weights.items():
        if isinstance(weight, bool) or not (isinstance(weight, int | float) and 0 <= weight <= HEAVIEST):
            yield f"gives {name} the weight {weight!r}", f"use 0 to {HEAVIEST}"


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(str(name) for name in names))


def parts_of(written: Written, pattern: str, classes: Mapping[str, Sequence[str]]) -> list[Part]:
    """The places of one pattern. Raises LexiconError where it cannot be used or would cost a call time."""
    try:
        parts = parse(pattern, classes)
    except ValueError as fault:
        raise LexiconError(written, pattern, str(fault), "see triage/patterns.py") from fault
    optional = sum(part.optional for part in parts)
    gaps = sum(not part.choices for part in parts)
    if len(parts) > MOST_PARTS or optional > MOST_OPTIONAL or gaps > MOST_GAPS:
        fix = f"use at most {MOST_PARTS} places, {MOST_OPTIONAL} with ? and {MOST_GAPS} gaps, or several patterns"
        raise LexiconError(written, pattern, "is too long", fix)
    function = frozenset[str]().union(*(language.function for language in languages().values()))
    if telling(parts, function) <= function:
        raise LexiconError(written, pattern, "has only words of every text", "add a word that tells")
    return parts


def need_readable(written: Written, trie: Trie[Phrase]) -> None:
    """Every word of the patterns is one that the reader leaves as it is. Raises LexiconError."""
    book = lexicon()
    own = sorted(word for word in trie.words - book.trie.words if not word.startswith(":"))
    if dead := unreadable_words(own, book.forms):
        to = " ".join(book.forms[dead[0]][0].to)
        raise LexiconError(written, dead[0], f"is always read as {to}", f"write {to}")
    for word in own:
        read_as = " ".join(token.norm for token in book.reader.tokens(word))
        if word not in book.forms and read_as != word:
            raise LexiconError(written, word, f"is read as {read_as!r}", "write it as it is read")

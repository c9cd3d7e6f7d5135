"""Circumstances of a call that rows of the decision matrix read: caller, place, language, officer."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from models.assessment import CallerRole, Context, PlaceKind
from triage.datafiles import LEXICON, LexiconError, read
from triage.normalize import Token
from triage.patterns import Trie, parse
from triage.phrases import classes_of

FIELDS = frozenset({"caller", "engaged", "place", "language", "officer", "flag", "weight", "unreachable"})


@dataclass(frozen=True, slots=True, eq=False)
class Sign:
    """Words that set one field of the context."""

    id: str
    field: str
    value: str
    weight: float = 0.0


@cache
def signs() -> Trie[Sign]:
    """Trie of signs. Raises LexiconError with file, line and fix."""
    file = LEXICON / "context.toml"
    classes = classes_of(LEXICON)
    trie: Trie[Sign] = Trie()
    for entry in read(file).get("sign", []):
        label = str(entry.get("id", ""))
        if entry.get("field") not in FIELDS or "patterns" not in entry:
            raise LexiconError(
                file, label, "has no known field or no patterns", f"use one of {sorted(FIELDS)}"
            )
        sign = Sign(label, entry["field"], str(entry.get("value", "")), float(entry.get("weight", 0.0)))
        for pattern in entry["patterns"]:
            try:
                trie.add(parse(pattern, classes), sign)
            except ValueError as fault:
                raise LexiconError(file, pattern, str(fault), "see triage/patterns.py") from fault
    return trie


def signs_in(tokens: Sequence[Token]) -> list[Sign]:
    """Signs of one entry in the order of the text, the longest of each place."""
    hits = sorted(signs().find(tokens), key=lambda hit: (hit.first - hit.last, hit.first))
    taken: dict[str, set[int]] = {}
    kept = []
    for hit in hits:
        places = taken.setdefault(hit.rule.field, set())
        if places.isdisjoint(range(hit.first, hit.last)):
            places.update(range(hit.first, hit.last))
            kept.append(hit)
    return [hit.rule for hit in sorted(kept, key=lambda hit: hit.first)]


def context_of(found: Sequence[Sign], languages: Sequence[str]) -> Context:
    """The context of a call: the latest sign of a field stands, a foreign language once heard stays."""
    latest = {sign.field: sign.value for sign in found}
    stated = [sign.value for sign in found if sign.field == "language"]
    heard = stated or [language for language in languages if language != "en"]
    officer = latest.get("officer") == "yes"
    return Context(
        caller=CallerRole(latest.get("caller", CallerRole.UNKNOWN)),
        engaged=latest.get("engaged") == "yes",
        place=PlaceKind(latest.get("place", PlaceKind.UNKNOWN)),
        language=heard[-1] if heard else "en",
        officer_on_scene=officer,
    )

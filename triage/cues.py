"""The assertion cues: words around a mention that say how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from models.assessment import Access, Assertion, Recency
from triage.datafiles import LEXICON, LexiconError, read
from triage.normalize import Token
from triage.patterns import Hit, Trie, parse
from triage.phrases import CONCEPTS, classes_of

KEYS = frozenset(
    [
        *[
            "id",
            "type",
            "direction",
            "scope",
            "crosses",
            "at_end",
            "only",
            "willed",
            "past",
            "after_negation",
        ],
        *["access", "recency", "patterns"],
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class Cue:
    """One kind of cue; asserts is None for words that only look like one."""

    id: str
    asserts: Assertion | None
    forward: bool
    scope: int
    subject: bool  # may be followed by a clause with its own subject
    predicate: bool
    clause: bool  # governs the whole clause that follows
    at_end: bool
    only: frozenset[str]
    after_negation: bool  # only of what a cue before it already denies: NO WEAPONS SEEN
    willed: bool  # only of what is told as still to come
    past: bool  # only of what is told as over, where it is a danger
    access: Access | None
    recency: Recency | None


def _cue(entry: dict[str, Any]) -> Cue:
    if unknown := set(entry) - KEYS:
        raise ValueError(f"has unknown keys {sorted(unknown)}")
    crosses = frozenset(entry.get("crosses", ()))
    only = frozenset(entry.get("only", ()))
    if not crosses <= {"subject", "predicate", "any"} or not only <= CONCEPTS:
        raise ValueError("crosses or is limited to something unknown")
    if entry["direction"] not in {"forward", "backward"}:
        raise ValueError("has a direction other than forward or backward")
    return Cue(
        id=entry["id"],
        asserts=None if entry["type"] == "pseudo" else Assertion(entry["type"]),
        forward=entry["direction"] == "forward",
        scope=int(entry["scope"]),
        subject="subject" in crosses,
        predicate="predicate" in crosses,
        clause="any" in crosses,
        at_end=bool(entry.get("at_end", False)),
        only=only,
        after_negation=bool(entry.get("after_negation", False)),
        willed=bool(entry.get("willed", False)),
        past=bool(entry.get("past", False)),
        access=Access(entry["access"]) if "access" in entry else None,
        recency=Recency(entry["recency"]) if "recency" in entry else None,
    )


@cache
def cue_trie() -> Trie[Cue]:
    """The packaged cues. Raises LexiconError with file, line and fix."""
    file = LEXICON / "cues.toml"
    classes = classes_of(LEXICON)
    trie: Trie[Cue] = Trie()
    for entry in read(file).get("cue", []):
        label = str(entry.get("id", ""))
        try:
            cue = _cue(entry)
        except (KeyError, ValueError) as fault:
            raise LexiconError(file, label, f"is faulty: {fault}", "see the head of the file") from fault
        for pattern in entry["patterns"]:
            try:
                trie.add(parse(pattern, classes), cue)
            except ValueError as fault:
                raise LexiconError(file, pattern, str(fault), "see triage/patterns.py") from fault
    return trie


class Heard(NamedTuple):
    """A cue in the text, and the longer cues that use its words."""

    hit: Hit[Cue]
    within: tuple[Hit[Cue], ...] = ()

    def before(self, first: int) -> bool:
        """Whether it stands as a cue of a mention that begins at token first."""
        return self.hit.last <= first and all(longer.last > first for longer in self.within)


def find_cues(tokens: Sequence[Token]) -> tuple[dict[int, list[Heard]], dict[int, list[Hit[Cue]]]]:
    """Forward cues by their last token, backward cues by their first.

    A forward cue inside a longer one stands only for a mention that itself takes up the longer one's words.
    """
    hits = cue_trie().find(tokens, shorter=True)
    hits.sort(key=lambda hit: (hit.first - hit.last, hit.first))
    taken: dict[int, Hit[Cue]] = {}
    forward: dict[int, list[Heard]] = {}
    backward: dict[int, list[Hit[Cue]]] = {}
    for hit in hits:
        if not hit.rule.forward:
            backward.setdefault(hit.first, []).append(hit)
            continue
        places = range(hit.first, hit.last)
        longer = {id(taken[at]): taken[at] for at in places if at in taken}
        if not longer:
            taken.update(dict.fromkeys(places, hit))
        forward.setdefault(hit.last - 1, []).append(Heard(hit, tuple(longer.values())))
    return forward, backward

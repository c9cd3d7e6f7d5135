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
            "after",
            "of",
        ],
        *["access", "recency", "patterns", "direct", "firm", "spares", "tense", "keeps", "later", "done"],
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class Cue:
    """One kind of cue; asserts is None for words that only look like one."""

    id: str
    asserts: Assertion | None
    forward: bool
    over: bool  # its words are the mention's own: HEAT IS KILLING ME
    scope: int
    subject: bool  # may be followed by a clause with its own subject
    predicate: bool
    clause: bool  # governs the whole clause that follows
    at_end: bool
    only: frozenset[str]
    spares: frozenset[str]
    after: frozenset[str]  # only of what a cue before it asserts, or by its id: NO WEAPONS SEEN
    of: frozenset[str]  # only of a mention that has one of these words: FIRE is out, BLEEDING stopped
    direct: bool  # only of the thing it is said of: GAVE HIS GUN TO, not LOCKED HER IN WITH A GUN
    firm: bool  # stands whatever a cue on the other side says
    tense: bool  # ends where the present is told
    comma: bool  # governs a list with commas
    later: bool  # may stand in any later clause: SHE IS HOME SAFE
    keeps: bool  # says that nothing was given up: WONT PUT DOWN
    willed: bool  # only of what is told as still to come
    past: bool  # only of what is told as over, where it is a danger
    done: bool  # only of a deed told as done: PUNCHED HER MONDAY
    access: Access | None
    recency: Recency | None


def _cue(entry: dict[str, Any]) -> Cue:
    if unknown := set(entry) - KEYS:
        raise ValueError(f"has unknown keys {sorted(unknown)}")
    crosses = frozenset(entry.get("crosses", ()))
    only = frozenset(entry.get("only", ()))
    spares = frozenset(entry.get("spares", ()))
    if not crosses <= {"subject", "predicate", "any", "comma"} or not only | spares <= CONCEPTS:
        raise ValueError("crosses or is limited to something unknown")
    if entry["direction"] not in {"forward", "backward", "over"}:
        raise ValueError("has a direction other than forward, backward or over")
    return Cue(
        id=entry["id"],
        asserts=None if entry["type"] == "pseudo" else Assertion(entry["type"]),
        forward=entry["direction"] == "forward",
        over=entry["direction"] == "over",
        scope=int(entry["scope"]),
        subject="subject" in crosses,
        predicate="predicate" in crosses,
        clause="any" in crosses,
        at_end=bool(entry.get("at_end", False)),
        only=only,
        spares=spares,
        after=frozenset(entry.get("after", ())),
        of=frozenset(entry.get("of", "").split()),
        direct=bool(entry.get("direct", False)),
        firm=bool(entry.get("firm", False)),
        tense=bool(entry.get("tense", False)),
        comma="comma" in crosses,
        later=bool(entry.get("later", False)),
        keeps=bool(entry.get("keeps", False)),
        willed=bool(entry.get("willed", False)),
        past=bool(entry.get("past", False)),
        done=bool(entry.get("done", False)),
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


@cache
def settling() -> frozenset[str]:
    """Ids of the cues that say what became of a danger, whatever was thought of it before."""
    entries = read(LEXICON / "cues.toml").get("cue", [])
    return frozenset(each["id"] for each in entries if each["type"] == "negated" and each.get("firm"))


class Heard(NamedTuple):
    """A cue in the text, and the longer cues that use its words."""

    hit: Hit[Cue]
    within: tuple[Hit[Cue], ...] = ()

    def before(self, first: int) -> bool:
        """Whether it stands as a cue of a mention that begins at token first."""
        if self.hit.rule.over or self.hit.last > first:
            return False
        return all(longer.last > first for longer in self.within)


def find_cues(tokens: Sequence[Token]) -> tuple[dict[int, list[Heard]], dict[int, list[Hit[Cue]]]]:
    """Forward cues and those over a mention by their last token, backward cues by their first.

    A forward cue inside a longer one stands only for a mention that itself takes up the longer one's words.
    """
    hits = cue_trie().find(tokens, shorter=True)
    hits.sort(key=lambda hit: (hit.first - hit.last, hit.first))
    taken: dict[int, Hit[Cue]] = {}
    forward: dict[int, list[Heard]] = {}
    backward: dict[int, list[Hit[Cue]]] = {}
    for hit in hits:
        if hit.rule.over:
            forward.setdefault(hit.last - 1, []).append(Heard(hit))
            continue
        if not hit.rule.forward:
            backward.setdefault(hit.first, []).append(hit)
            continue
        places = range(hit.first, hit.last)
        longer = {id(taken[at]): taken[at] for at in places if at in taken}
        if not longer:
            taken.update(dict.fromkeys(places, hit))
        forward.setdefault(hit.last - 1, []).append(Heard(hit, tuple(longer.values())))
    return forward, backward

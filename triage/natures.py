"""What a call-type string says by itself: weak evidence beside the text."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from typing import Any, NamedTuple

from models.assessment import Access, Assertion, Mention
from triage.assertions import Verdict
from triage.datafiles import LEXICON, LexiconError, read
from triage.evidence import Found, found_in, mention_of
from triage.nature_words import Slot, Spelling
from triage.normalize import Token, fold
from triage.overlay import Overlay
from triage.patterns import Part, parse
from triage.phrases import CONCEPTS, DANGERS, Match, Phrase, classes_of
from triage.scene import Scene, scene_of

KEYS = frozenset(
    ["id", "concept", "severity", "weight", "background", "assertion", "tags", "flag", "types", "access"]
)
UNTYPED = "-"
REMEMBERED = 4096  # call types; a center has some hundreds


class NatureReading(NamedTuple):
    """Mentions of the nature and the log-odds that its kind of call adds or takes away."""

    found: tuple[Found, ...]
    background: float
    plain: bool  # a kind of call that by itself concerns no person in need
    tokens: tuple[Token, ...] = ()  # its words made whole, and the common type


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """Call types that mean the same."""

    phrase: Phrase
    background: float
    order: int  # of two kinds in one string the first names it


class Bag(NamedTuple):
    """Words that name a kind in whatever order they stand."""

    words: frozenset[str]
    kind: Kind
    type: str


class Natures(NamedTuple):
    """The packaged natures; each bag stands under one of its words."""

    bags: dict[str, list[Bag]]
    spelling: Spelling


class Named(NamedTuple):
    """A bag that a string holds, and the first and last of the slots that it took."""

    bag: Bag
    first: int
    last: int


def _kind(entry: dict[str, Any], order: int) -> Kind:
    if unknown := set(entry) - KEYS:
        raise ValueError(f"has unknown keys {sorted(unknown)}")
    concept = entry.get("concept", "")
    if concept and concept not in CONCEPTS:
        raise ValueError(f"names the unknown concept {concept}")
    phrase = Phrase(
        id=f"nature.{entry['id']}",
        concept=concept,
        severity=int(entry.get("severity", 1)),
        weight=float(entry.get("weight", 0.0)),
        tags=frozenset(entry.get("tags", ())),
        access=Access(entry.get("access", "unknown")),
        asserts=Assertion(entry.get("assertion", "affirmed")),
        flag=entry.get("flag"),
    )
    return Kind(phrase, float(entry.get("background", 0.0)), order)


def _bags(parts: Sequence[Part]) -> Iterator[frozenset[str]]:
    """Every set of words that a pattern allows; where they stand is of no account."""
    choices = [(*part.choices, ()) if part.optional else part.choices for part in parts if part.choices]
    for chosen in product(*choices):
        yield frozenset(word for words in chosen for word in words)


@cache
def natures() -> Natures:
    """The packaged natures. Raises LexiconError with file, line and fix."""
    file = LEXICON / "natures.toml"
    data = read(file)
    classes = classes_of(LEXICON)
    bags: dict[str, list[Bag]] = {}
    words: set[str] = set()
    for order, entry in enumerate(data.get("nature", [])):
        try:
            kind = _kind(entry, order)
        except (KeyError, ValueError) as fault:
            raise LexiconError(
                file, str(entry.get("id", "")), f"is faulty: {fault}", f"use {sorted(KEYS)}"
            ) from fault
        for type_, patterns in entry["types"].items():
            for pattern in patterns:
                try:
                    made = set(_bags(parse(pattern, classes)))
                except ValueError as fault:
                    raise LexiconError(file, pattern, str(fault), "see triage/patterns.py") from fault
                for bag in made:
                    words |= bag
                    bags.setdefault(max(bag, key=lambda word: (len(word), word)), []).append(
                        Bag(bag, kind, type_)
                    )
    same = {name: variants.split() for name, variants in data["same"].items()}
    return Natures(bags, Spelling(words, same, *(data[key].split() for key in ("leave", "deny", "lacking"))))


def _place(bag: Bag, slots: Sequence[Slot]) -> Named | None:
    """Where a bag stands; one that has a single word needs it beyond doubt."""
    places = []
    for word in bag.words:
        alone = len(bag.words) == 1
        at = next((n for n, slot in enumerate(slots) if word in (slot.sure if alone else slot.words)), None)
        if at is None:
            return None
        places.append(at)
    return Named(bag, min(places), max(places))


@lru_cache(REMEMBERED)
def _named(nature: str) -> tuple[tuple[Slot, ...], tuple[Named, ...]]:
    """The words of a string and the kinds that they name: each kind once, none that a longer name contains."""
    known = natures()
    slots = tuple(known.spelling.slots(nature))
    heads = {word for slot in slots for word in slot.words}
    tried = (bag for head in heads for bag in known.bags.get(head, ()) if bag.words <= heads)
    held = [place for place in (_place(bag, slots) for bag in tried) if place is not None]
    whole = [each for each in held if not any(each.bag.words < other.bag.words for other in held)]
    whole.sort(
        key=lambda each: (each.bag.kind.order, -len(each.bag.words), each.first, sorted(each.bag.words))
    )
    kinds: dict[int | str, Named] = {}
    for each in whole:
        concept = each.bag.kind.phrase.concept
        # two words for one need are one piece of evidence; of a danger everything is kept
        kinds.setdefault(concept if concept and concept not in DANGERS else each.bag.kind.order, each)
    return slots, tuple(kinds.values())


def common_type(nature: str) -> str | None:
    """The code of the APCO common incident types (2.103.2-2019) for a call-type string; None where it names none."""
    return next((each.bag.type for each in _named(nature)[1] if each.bag.type != UNTYPED), None)


def _own(mention: Mention, nature: str) -> Mention:
    """A release for one nature must not cover what another nature says at the same place."""
    return mention.model_copy(
        update={"id": f"{mention.id}:{zlib.crc32(nature.encode('utf-8', 'replace')):08x}"}
    )


def _background(kinds: Iterable[Kind]) -> float:
    """What speaks most for a need and what speaks most against; several words for one thing are no more proof."""
    weights = [kind.background for kind in kinds]
    return max(0.0, *weights) + min(0.0, *weights) if weights else 0.0


def _tokens(nature: str, slots: Sequence[Slot]) -> list[Token]:
    """The words of a string, each as the one that it stands for beyond doubt or as it is written."""
    written = fold(nature)
    return [
        Token(min(slot.sure) if slot.sure else written[slot.start : slot.end], slot.start, slot.end)
        for slot in slots
    ]


def _mentions(nature: str, tokens: Sequence[Token], kinds: Sequence[Named]) -> Iterator[Found]:
    scene = Scene(tokens, ())
    for each in kinds:
        phrase = each.bag.kind.phrase
        if phrase.concept:
            match = Match(each.first, each.last + 1, phrase)
            verdict = Verdict(phrase.asserts or Assertion.UNKNOWN, "NATURE")
            yield Found(_own(mention_of(scene, match, verdict, -1), nature), phrase)


@lru_cache(REMEMBERED)
def read_nature(nature: str) -> NatureReading:
    """Mentions (entry -1), background and words of a call-type string; an empty one says nothing."""
    slots, kinds = _named(nature)
    tokens = _tokens(nature, slots)
    if not kinds:
        read_as_text = found_in(scene_of(nature), -1)
        found = tuple(each._replace(mention=_own(each.mention, nature)) for each in read_as_text)
        return NatureReading(found, 0.0, plain=False, tokens=tuple(tokens))
    found = tuple(_mentions(nature, tokens, kinds))
    background = _background(each.bag.kind for each in kinds)
    if kind := common_type(nature):
        tokens.append(Token(f"={kind}", 0, 0))
    return NatureReading(found, background, background < 0, tuple(tokens))


def own_in(nature: str, overlay: Overlay) -> list[Found]:
    """Mentions of a center's own phrases in a call-type string."""
    found = overlay.found_in(scene_of(nature), -1)
    return [each._replace(mention=_own(each.mention, nature)) for each in found]

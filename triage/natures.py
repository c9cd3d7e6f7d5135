"""What a call-type string says by itself: weak evidence beside the text."""

import zlib
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from models.assessment import Access, Assertion, Mention
from triage.assertions import Verdict
from triage.datafiles import LEXICON, LexiconError, read
from triage.evidence import Found, found_in, mention_of
from triage.normalize import Token
from triage.patterns import Trie, parse
from triage.phrases import CONCEPTS, Match, Phrase, classes_of
from triage.scene import Scene, scene_of

KEYS = frozenset(["id", "concept", "severity", "weight", "assertion", "tags", "flag", "patterns", "access"])


class NatureReading(NamedTuple):
    """Mentions of the nature and the log-odds that its kind of call adds or takes away."""

    found: list[Found]
    background: float
    plain: bool  # a kind of call that by itself concerns no person in need
    tokens: Sequence[Token] = ()


def _phrase(entry: dict[str, Any]) -> Phrase:
    if unknown := set(entry) - KEYS:
        raise ValueError(f"has unknown keys {sorted(unknown)}")
    concept = entry.get("concept", "")
    if concept and concept not in CONCEPTS:
        raise ValueError(f"names the unknown concept {concept}")
    return Phrase(
        id=f"nature.{entry['id']}",
        concept=concept,
        severity=int(entry.get("severity", 1)),
        weight=float(entry["weight"]),
        tags=frozenset(entry.get("tags", ())),
        access=Access(entry.get("access", "unknown")),
        asserts=Assertion(entry.get("assertion", "affirmed")),
        flag=entry.get("flag"),
    )


@cache
def nature_trie() -> Trie[Phrase]:
    """The packaged natures. Raises LexiconError with file, line and fix."""
    file = LEXICON / "natures.toml"
    classes = classes_of(LEXICON)
    trie: Trie[Phrase] = Trie()
    for entry in read(file).get("nature", []):
        label = str(entry.get("id", ""))
        try:
            phrase = _phrase(entry)
        except (KeyError, ValueError) as fault:
            raise LexiconError(file, label, f"is faulty: {fault}", f"use {sorted(KEYS)}") from fault
        for pattern in entry["patterns"]:
            try:
                trie.add(parse(pattern, classes), phrase)
            except ValueError as fault:
                raise LexiconError(file, pattern, str(fault), "see triage/patterns.py") from fault
    return trie


def _longest(scene: Scene) -> list[Match]:
    found = [Match(hit.first, hit.last, hit.rule) for hit in nature_trie().find(scene.tokens)]
    found.sort(key=lambda each: (each.first - each.last, each.first))
    taken: set[int] = set()
    kept: list[Match] = []
    for match in found:
        span = set(range(match.first, match.last))
        same = any(match.first == k.first and match.last == k.last for k in kept)
        if taken.isdisjoint(span) or same:
            taken |= span
            kept.append(match)
    return kept


def _named(mention: Mention, nature: str) -> Mention:
    """A release for one nature must not cover what another nature says at the same place."""
    return mention.model_copy(
        update={"id": f"{mention.id}:{zlib.crc32(nature.encode('utf-8', 'replace')):08x}"}
    )


def read_nature(nature: str) -> NatureReading:
    """Mentions (entry -1) and background of a call-type string; an empty one says nothing."""
    scene = scene_of(nature)
    kinds = _longest(scene)
    covered = {at for match in kinds for at in range(match.first, match.last)}
    rest: Sequence[Match] = () if covered else scene.matches
    found = [
        Found(
            mention_of(scene, match, Verdict(match.phrase.asserts or Assertion.UNKNOWN, "NATURE"), -1),
            match.phrase,
        )
        for match in kinds
        if match.phrase.concept
    ]
    found.extend(found_in(scene, -1, rest))
    found = [each._replace(mention=_named(each.mention, nature)) for each in found]
    background = sum(match.phrase.weight for match in kinds if not match.phrase.concept)
    return NatureReading(found, background, background < 0, scene.tokens)

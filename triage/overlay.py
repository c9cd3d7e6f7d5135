"""A center's own phrases beside the packaged ones: they add evidence and close gates, and take nothing away.

What the packaged lexicon finds, and how it stands, is settled before a center's phrase is looked for.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from triage.datafiles import LEXICON, LexiconError, Written
from triage.evidence import Found, found_in
from triage.flood import watched_for
from triage.own_phrases import MOST_PATTERNS, checked, groups_in, need_readable, parts_of
from triage.patterns import Part, Trie
from triage.phrases import Lexicon, Match, Phrase, classes_of, lexicon
from triage.scene import Scene

OWN = "center"  # parts the id of a mention from a packaged one of the same words


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """Compiled phrases of one center; to read a call with it changes nothing in it."""

    written: Written
    digest: str
    book: Lexicon  # its own trie over the packaged reader
    watched: frozenset[str]  # words without which none of its phrases that bear gates is said

    def beside(self, scene: Scene) -> tuple[Scene, Sequence[Match]]:
        """The scene with the own mentions among the packaged ones, and the own ones."""
        own = self.book.matches(scene.tokens)
        if not own:
            return scene, own
        both = sorted([*scene.matches, *own], key=lambda each: (each.first, each.last, each.phrase.concept))
        return Scene(scene.tokens, both, scene.asked, scene.base), own

    def found_in(self, scene: Scene, entry: int) -> list[Found]:
        """The own mentions of one entry, each with its assertion."""
        whole, own = self.beside(scene)
        return [marked(each) for each in found_in(whole, entry, own)] if own else []


def marked(found: Found) -> Found:
    """A release of a packaged mention never covers a center's at the same place, nor the other way round."""
    return found._replace(mention=found.mention.model_copy(update={"id": f"{found.mention.id}:{OWN}"}))


def digest_of(text: str) -> str:
    """First 16 hex digits of the SHA-256 over what a center wrote."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


@lru_cache(maxsize=64)
def overlay_of(written: Written) -> Overlay | None:
    """The compiled phrases of a center; None where it wrote none. Raises LexiconError with line and fix."""
    classes = classes_of(LEXICON)
    trie: Trie[Phrase] = Trie()
    bearing: list[list[Part]] = []
    named: set[tuple[str, str]] = set()
    for group in groups_in(written):
        made = checked(written, group)
        name = str(group["concept"]), str(group["id"])
        if name in named:
            raise LexiconError(written, f'"{name[1]}"', "is there twice", "give each group its own id")
        named.add(name)
        for language, phrase in made:
            for pattern in group.get(language, ()):
                parts = parts_of(written, pattern, classes)
                trie.add(parts, phrase)
                if phrase.bears_gate:
                    bearing.append(parts)
        if trie.patterns > MOST_PATTERNS:
            raise LexiconError(written, name[1], f"is beyond {MOST_PATTERNS} patterns", "keep what is used")
    if not named:
        return None
    need_readable(written, trie)
    book = replace(lexicon(), trie=trie, bearing=bearing)
    return Overlay(written, digest_of(written.text), book, watched_for(bearing))

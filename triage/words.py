"""Word roles that bound the scope of a cue."""

from functools import cache
from typing import NamedTuple

from triage.datafiles import HERE, LexiconError, read


class Roles(NamedTuple):
    """Sets of normalised words, read from roles.toml."""

    contrast: frozenset[str]  # end every scope: BUT
    subjects: frozenset[str]  # start a new clause: RP, HE
    people: frozenset[str]  # nouns that can be the subject of the call: MALE, SON
    kin: frozenset[str]
    bystanders: frozenset[str]  # those whose own state is not the subject's: RP, GUARD
    owners: frozenset[str]  # HIS MOTHER is not the subject, RPS SON is
    predicates: frozenset[str]
    joins: frozenset[str]  # AND
    alternatives: frozenset[str]  # OR
    light: frozenset[str]  # neither count nor end a scope: A, ANY, CURRENT
    copulas: frozenset[str]  # between a person and that person's own state
    listed: frozenset[str]  # checklist words beside the lexicon's own
    adjectives: frozenset[str]  # predicate-like mentions: a list of things does not reach them
    street: frozenset[str]
    street_after: frozenset[str]
    shops: frozenset[str]


@cache
def roles() -> Roles:
    """The packaged roles. Raises LexiconError when a list is missing or unknown."""
    file = HERE / "roles.toml"
    data = read(file)
    if wrong := set(data) ^ set(Roles._fields):
        raise LexiconError(
            file, ", ".join(sorted(wrong)), "is missing or unknown", "keep exactly these lists"
        )
    return Roles(**{name: frozenset(words.split()) for name, words in data.items()})

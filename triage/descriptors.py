"""Words that say who somebody is step aside, so that phrases read everybody's call alike: BLACK MALE is MALE."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from triage.datafiles import HERE, read
from triage.normalize import SOFT, Token


class Words(NamedTuple):
    """What neutral.toml lists."""

    described: frozenset[str]  # race and standing
    names: frozenset[str]
    people: frozenset[str]  # whom they are said of


@cache
def words() -> Words:
    """The packaged lists."""
    data = read(HERE / "neutral.toml")
    unseen = data["unseen"]
    return Words(
        frozenset(unseen["race"] + unseen["standing"]),
        frozenset(unseen["names"]),
        frozenset(data["as"]["PERSON"] + data["as"]["YOUTH"]),
    )


def without_descriptors(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens without descriptions before a person and names after one; offsets stay. Linear.

    What parted a word that steps aside parts the next.
    """
    known = words()
    if not any(token.norm in known.described or token.norm in known.names for token in tokens):
        return tokens
    kept: list[Token] = []
    gap, sep = 0, ""
    for at, token in enumerate(tokens):
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        before = kept[-1] if kept else None
        describes = token.norm in known.described and after is not None and after.norm in known.people
        named = token.norm in known.names and before is not None and before.norm in known.people
        if (describes and after is not None and after.gap < SOFT) or (named and token.gap < SOFT):
            if token.gap > gap:
                gap, sep = token.gap, token.sep
            continue
        kept.append(token._replace(gap=gap, sep=sep) if gap > token.gap else token)
        gap, sep = 0, ""
    return kept

"""Whose state a mention is: the subject's of the call, or somebody else's."""

from typing import NamedTuple

from models.assessment import DangerName, Indicator
from triage.normalize import SOFT
from triage.phrases import DANGERS, Match
from triage.scene import Scene
from triage.words import roles

#: Done to the caller as often as by the caller: whoever is named first says little.
_DONE_TO = frozenset({DangerName.VIOLENCE, Indicator.DOMESTIC_VIOLENCE})
#: Where only plain words that the call is about another person may take the caller out.
_GRAVE = frozenset({Indicator.SUICIDAL, Indicator.SELF_HARM, Indicator.OVERDOSE, *DANGERS})


_OF_ANOTHER = frozenset({"HIM", "HER", "HIS", "HE", "SHE", "THEM"})


class _Head(NamedTuple):
    """The person a clause speaks of."""

    first: int
    last: int
    kind: str  # caller, armed, bystander, kin, other


def _kind(scene: Scene, at: int) -> str | None:
    known, tokens = roles(), scene.tokens
    word = tokens[at].norm
    before = tokens[at - 1].norm if at else ""
    if word in known.callers:
        return "caller"
    if word in known.authorities:
        return "armed"
    if word in known.kin:
        after = tokens[at + 1].norm if at + 1 < len(tokens) else ""
        owned = before in known.owners or (at > 1 and tokens[at - 2].norm in known.owners)
        return "kin" if owned or after in {"OF", "DEL"} else "other"
    if word in known.bystanders:
        return "bystander"
    return "other" if word in known.people and word not in known.plain else None


def _head(scene: Scene, match: Match) -> _Head | None:
    """The first person of the mention's clause; one who only reports gives way to the next."""
    known, tokens = roles(), scene.tokens
    found: _Head | None = None
    for at in range(scene.clauses[match.first], match.first + 1):
        word = tokens[at].norm
        before = tokens[at - 1].norm if at else ""
        after = tokens[at + 1].norm if at + 1 < len(tokens) else ""
        if word in known.subject and before != "OF" and after not in known.kin:
            return None
        if word in known.pronouns:
            found = None
        elif found is None:
            kind = _kind(scene, at)
            found = _Head(at, at + 1, kind) if kind is not None else None
        elif word in known.reports and before != "WHO":
            found = None
    return found


def _told(scene: Scene, match: Match) -> bool:
    """Whether plain words outside the clause name another subject: SUBJ IS .., CALLING ON .., REPORTS .."""
    known, tokens = roles(), scene.tokens
    clause = scene.clauses[match.first]
    for at, token in enumerate(tokens):
        if clause <= at < match.last:
            continue
        after = tokens[at + 1].norm if at + 1 < len(tokens) else ""
        if token.norm in known.subject or (token.norm in known.concerning and after in known.about):
            return True
        opens = scene.clauses[at] == at and at != clause
        if token.norm in known.reporting and opens and at + 1 < len(tokens):
            return True
    return False


def _shown(scene: Scene, match: Match) -> bool:
    """Whether another clause has a person doing something, who is nobody's relative."""
    known, tokens = roles(), scene.tokens
    clause = scene.clauses[match.first]
    for at, token in enumerate(tokens[:-1]):
        if clause <= at < match.last or token.norm not in known.people:
            continue
        if at and tokens[at - 1].norm in known.owners:
            continue
        after = tokens[at + 1]
        moving = after.norm.endswith("ING") or after.norm in known.predicates or after.norm in known.copulas
        if (after.gap < SOFT and moving) or after.norm in {"ON", "IN", "UNDER", "BEHIND", "WHO", "AT"}:
            return True
    return False


def somebody_else(scene: Scene, match: Match) -> tuple[int, int] | None:
    """Tokens that name the other person whose state this is, or None if it is the subject's.

    In doubt it is the subject's: for what endangers a life the text must say that the call is about another.
    """
    concept = match.phrase.concept
    if concept in _DONE_TO:
        return None
    head = _head(scene, match)
    if head is None:
        return None
    place = (head.first, head.last)
    words = {token.norm for token in scene.tokens[match.first : match.last]}
    if scene.tokens[head.first].norm in {"I", "IM"} and words & _OF_ANOTHER:
        return None  # I CANT WAKE HIM UP
    if concept == Indicator.BEREAVEMENT and head.first >= match.first:
        return None  # the death is the relative's, the loss is not
    if head.kind == "armed" and concept == DangerName.WEAPON:
        return place
    if _told(scene, match) and not (head.kind == "other" and concept in _GRAVE):
        return place
    if head.kind in {"bystander", "armed"}:
        return place if _shown(scene, match) else None
    if head.kind == "caller":
        return place if concept not in _GRAVE and _shown(scene, match) else None
    known_before = any(token.norm in roles().people for token in scene.tokens[: max(0, head.first - 1)])
    pronoun = head.first > 0 and scene.tokens[head.first - 1].norm in {"HIS", "HER", "THEIR"}
    return place if head.kind == "kin" and pronoun and known_before and concept not in _GRAVE else None

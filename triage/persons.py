"""Whose state a mention is: the subject's of the call, or somebody else's."""

from collections.abc import Iterable
from typing import NamedTuple

from models.assessment import DangerName, Indicator
from triage.normalize import SOFT
from triage.phrases import DANGERS, Match
from triage.scene import Cast, Scene
from triage.words import roles

#: Done to the caller as often as by the caller: whoever is named first says little.
_DONE_TO = frozenset({DangerName.VIOLENCE, Indicator.DOMESTIC_VIOLENCE})
#: Where only plain words that the call is about another person may take the caller out.
_GRAVE = frozenset({Indicator.SUICIDAL, Indicator.SELF_HARM, Indicator.OVERDOSE, *DANGERS})


_OF_ANOTHER = frozenset({"HIM", "HER", "HIS", "HE", "SHE", "THEM"})


REACH = 30  # tokens before the mention among which its person is looked for


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
    told_of = False
    for at in range(max(scene.clauses[match.first], match.first - REACH), match.first + 1):
        word = tokens[at].norm
        before = tokens[at - 1].norm if at else ""
        after = tokens[at + 1].norm if at + 1 < len(tokens) else ""
        if word in known.subject and before != "OF" and after not in known.kin:
            return None
        if word in known.pronouns:
            found = None
        elif found is None:
            kind = _kind(scene, at)
            if kind == "kin" and told_of:
                return None  # RP SAYS HER SON: the son is whom the call is about
            found = _Head(at, at + 1, kind) if kind is not None else None
        elif word in known.reports and before != "WHO":
            found, told_of = None, True
    return found


def _outside(places: tuple[int, int] | None, scene: Scene, match: Match) -> bool:
    """Whether one of the places lies outside the mention's clause, or after the mention."""
    return places is not None and (places[0] < scene.clauses[match.first] or places[1] >= match.last)


def _extent(places: Iterable[int]) -> tuple[int, int] | None:
    found = list(places)
    return (found[0], found[-1]) if found else None


def told(scene: Scene) -> tuple[int, int] | None:
    """First and last place where plain words name the subject: SUBJ IS .., CALLING ON .., REPORTS .."""
    known, tokens = roles(), scene.tokens
    last = len(tokens) - 1

    def names(at: int) -> bool:
        word = tokens[at].norm
        opens = 0 < at < last and scene.clauses[at] == at
        return (
            word in known.subject
            or (word in known.concerning and at < last and tokens[at + 1].norm in known.about)
            or (word in known.reporting and opens)
        )

    return _extent(at for at in range(len(tokens)) if names(at))


def shown(scene: Scene) -> tuple[int, int] | None:
    """First and last place where a person does something who is nobody's relative."""
    known, tokens = roles(), scene.tokens

    def acts(at: int) -> bool:
        if tokens[at].norm not in known.people or (at and tokens[at - 1].norm in known.owners):
            return False
        after = tokens[at + 1]
        moving = after.norm.endswith("ING") or after.norm in known.predicates or after.norm in known.copulas
        return (after.gap < SOFT and moving) or after.norm in {"ON", "IN", "UNDER", "BEHIND", "WHO", "AT"}

    return _extent(at for at in range(len(tokens) - 1) if acts(at))


def cast_of(scene: Scene) -> Cast:
    """The cast of an entry. O(tokens)."""
    people = roles().people
    first = next((at for at, token in enumerate(scene.tokens) if token.norm in people), len(scene.tokens))
    return Cast(told(scene), shown(scene), first)


def somebody_else(scene: Scene, cast: Cast, match: Match) -> tuple[int, int] | None:
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
    between = (token.norm for token in scene.tokens[head.last : match.last])
    if concept in DANGERS and any(word in roles().people or word in roles().subject for word in between):
        return None  # OFFICER WITH MALE HOLDING KNIFE
    if concept == Indicator.BEREAVEMENT and head.first >= match.first:
        return None  # the death is the relative's, the loss is not
    if head.kind == "armed" and concept == DangerName.WEAPON:
        return place
    if _outside(cast.told, scene, match) and not (head.kind == "other" and concept in _GRAVE):
        return place
    if head.kind in {"bystander", "armed"}:
        return place if _outside(cast.shown, scene, match) else None
    if head.kind == "caller":
        return place if concept not in _GRAVE and _outside(cast.shown, scene, match) else None
    known_before = cast.first < head.first - 1
    pronoun = head.first > 0 and scene.tokens[head.first - 1].norm in {"HIS", "HER", "THEIR"}
    return place if head.kind == "kin" and pronoun and known_before and concept not in _GRAVE else None

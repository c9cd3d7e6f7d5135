"""Who is set against the subject of the call: HER OWN MOTHER, NOT HIM; MY WIFE IS THE ONE WHO DRINKS."""

from typing import NamedTuple

from models.assessment import Indicator
from triage.normalize import SOFT
from triage.phrases import DANGERS, Match
from triage.scene import Cast, Scene
from triage.words import roles

#: Where only plain words that the call is about another person may take the caller out.
GRAVE = frozenset({Indicator.SUICIDAL, Indicator.SELF_HARM, Indicator.OVERDOSE, *DANGERS})
#: NOT ME: whom a mention does not hold of.
_NOT_WHOM = frozenset({"ME", "HIM", "HER", "HERS", "HIS", "MINE", "RP", "YO", "EL", "ELLA"})
#: Done by those who carry weapons by trade it is done to the subject: SECURITY TACKLED HIM.
_RESTRAINED = frozenset(["HIM", "HER", "SUBJECT", "MALE", "FEMALE", "PATIENT", "THEM"])
_SUBJECTS = frozenset({"SUBJECTS", "PATIENTS", "SUSPECTS", "PTS"})
#: After a deed these begin whom it was done to.
_OBJECT = frozenset({"THE", "A", "AN", "FIRST", "BACK", "ANOTHER", "SOMEONE"})
#: Bystanders of whom a call may as well be.
_NEAR = frozenset({"RP", "CALLER", "NEIGHBOR", "NEIGHBORS"})


class Head(NamedTuple):
    """The person a clause speaks of."""

    first: int
    last: int
    kind: str  # caller, armed, bystander, kin, other


def outside(places: tuple[int, int] | None, scene: Scene, match: Match) -> bool:
    """Whether one of the places lies outside the mention's clause, or after the mention."""
    return places is not None and (places[0] < scene.clauses[match.first] or places[1] >= match.last)


def after(scene: Scene, match: Match, count: int) -> set[str]:
    """The words that follow the mention."""
    return {token.norm for token in scene.tokens[match.last : match.last + count]}


def set_apart(scene: Scene, match: Match, head: Head) -> bool:
    """Whether the clause itself sets its person against the subject: HER OWN MOTHER, NOT HIM; PAPA DEL MUCHACHO."""
    known, tokens = roles(), scene.tokens
    if _not_the_subject(scene, match):
        return True
    if match.phrase.concept in DANGERS:
        return False
    if _denies_subject(scene, match):
        return head.kind in {"kin", "bystander"}
    if match.phrase.concept in GRAVE:
        return False
    whose_kin = tokens[head.first - 1].norm if head.kind == "kin" and head.first else ""
    if whose_kin in {"OWN", "OTHER"} or whose_kin in _SUBJECTS:
        return True
    whose = [token.norm for token in tokens[head.last : head.last + 2]]
    if len(whose) < 2 or whose[0] not in {"OF", "DEL"}:
        return False
    if whose[1] in known.subject:
        return head.kind == "kin"
    return whose[1] in known.people and any(token.norm == whose[1] for token in tokens[match.last :])


def _not_the_subject(scene: Scene, match: Match) -> bool:
    """Whether the text says outright that it is not the subject: IS DIABETIC, NOT THE SUBJ; IS ARMED, SUBJ IS NOT."""
    words = [token.norm for token in scene.tokens[match.last : match.last + 4]]
    subject = roles().subject
    if words[:1] == ["NOT"] and any(word in subject for word in words[1:3]):
        return True
    rest = words[1:] if words[:1] and words[0] in subject else []
    if rest[:1] == ["ISNT"] or rest[:2] == ["IS", "NOT"]:
        end = match.last + 1 + (1 if rest[0] == "ISNT" else 2)
        return end >= len(scene.tokens) or scene.tokens[end].gap >= SOFT
    return False


def is_doer(scene: Scene, cast: Cast, match: Match, head: Head) -> bool:
    """Whether it plainly is another who does it: BOUNCER PUNCHED A PATRON, SUBJ IS THE GIRL OUTSIDE."""
    tokens = scene.tokens
    if head.kind == "armed" and head.last == match.first and tokens[match.first].norm in roles().restrains:
        return (
            not after(scene, match, 1).isdisjoint(_RESTRAINED) or tokens[match.last - 1].norm in _RESTRAINED
        )
    if not outside(cast.told, scene, match):
        return False
    if head.kind == "kin":
        rest = [token.norm for token in tokens[match.last :]]
        return "FOR" in rest and any(rest[at : at + 2] == ["CALL", "IS"] for at in range(len(rest)))
    trade = head.kind == "bystander" and tokens[head.first].norm not in _NEAR
    deed = max(head.last, match.first)
    beside = head.last == match.first or head.first == match.first
    return trade and beside and {token.norm for token in tokens[deed + 1 : deed + 2]} <= _OBJECT


def _denies_subject(scene: Scene, match: Match) -> bool:
    """Whether it is said right after the mention of whom it does not hold: NOT ME, NOT BF."""
    tokens, known = scene.tokens, roles()
    for at in range(match.last, min(match.last + 3, len(tokens) - 1)):
        article = tokens[at + 1].norm in {"THE", "THIS", "MY"} and at + 2 < len(tokens)
        whom = tokens[at + 1 + article].norm
        named = whom in known.people or whom in known.subject or whom in _NOT_WHOM
        if named and tokens[at].norm in {"NOT", "NO"}:
            end = at + 2 + article
            return end >= len(tokens) or tokens[end].gap >= SOFT or tokens[end].norm in {"I", "HE", "SHE"}
    return False


def singled_out(scene: Scene, cast: Cast, match: Match) -> tuple[int, int] | None:
    """Tokens that single out another person: MY WIFE IS THE ONE WHO DRINKS, LA QUE TOMA ES MI VECINA."""
    if match.phrase.concept in DANGERS:
        return None
    apart = outside(cast.told, scene, match) or _denies_subject(scene, match)
    return _singled_before(scene, match, apart=apart) or _singled_after(scene, match, apart=apart)


def _singled_before(scene: Scene, match: Match, *, apart: bool) -> tuple[int, int] | None:
    tokens, known = scene.tokens, roles()
    for at in range(match.first - 1, max(1, match.first - 6), -1):
        copula, article, one = (token.norm for token in tokens[at - 2 : at + 1])
        english = one in {"ONE", "ONES"} and article == "THE" and copula in known.copulas
        if english or (one == "QUE" and article in {"LA", "EL"} and copula in {"ES", "SON"}):
            whose = {token.norm for token in tokens[scene.clauses[at] : at - 2]}
            own = whose & (known.pronouns | known.subject | known.plain)
            return (at - 2, at + 1) if apart and whose and not own else None
    return None


def _singled_after(scene: Scene, match: Match, *, apart: bool) -> tuple[int, int] | None:
    tokens, known = scene.tokens, roles()
    if tokens[scene.clauses[match.first]].norm not in {"LA", "EL"}:
        return None
    for at in range(match.last, min(match.last + 4, len(tokens) - 2)):
        copula, article, who = (token.norm for token in tokens[at : at + 3])
        if copula in {"ES", "ERA"} and article in {"LA", "EL", "MI", "SU"}:
            other = who in known.kin or who in known.bystanders or who == "QUE"
            return (at, at + 3) if other and (apart or _twice(scene, at)) else None
    return None


def _twice(scene: Scene, at: int) -> bool:
    """Whether another clause after tokens[at] singles somebody out too: EL QUE GRITA ES EL SOBRINO."""
    tokens = scene.tokens
    return any(
        tokens[here].norm in {"EL", "LA"} and tokens[here + 1].norm == "QUE" and scene.clauses[here] == here
        for here in range(at + 2, len(tokens) - 1)
    )

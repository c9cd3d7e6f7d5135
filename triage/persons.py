"""Whose state a mention is: the subject's of the call, or somebody else's."""

from collections.abc import Iterable

from models.assessment import DangerName, Indicator
from triage.contrasts import GRAVE, Head, after, is_doer, outside, set_apart, singled_out
from triage.normalize import SOFT
from triage.phrases import DANGERS, Match
from triage.scene import Cast, Scene
from triage.words import roles

#: Done to the caller as often as by the caller: whoever is named first says little.
_DONE_TO = frozenset({DangerName.VIOLENCE, Indicator.DOMESTIC_VIOLENCE})
_OF_ANOTHER = frozenset({"HIM", "HER", "HIS", "HE", "SHE", "THEM"})
#: After a person these tell of that person: MALE ON, MUCHACHO DE.
_SHOWS = frozenset({"ON", "IN", "UNDER", "BEHIND", "WHO", "AT", "DE", "SE", "NO", "QUE"})
#: Told as a symptom these report nothing: HEARS GHOSTS.
_PERCEIVES = frozenset({"HEARS", "HEARD", "SEES", "SAW", "THINKS", "BELIEVES", "FEARS"})
#: Said of a person these stress that it is this one: SHE HERSELF, HER OWN ZOLOFT.
_STRESS = frozenset({"HIMSELF", "HERSELF"})
_DEAD = frozenset({"DIED", "PASSED", "DEAD", "DECEASED", "MURIO", "FALLECIO"})
_THIS = frozenset({"ONE", "CALL", "INMATE", "GUY", "LADY", "KID"})

REACH = 30  # tokens before the mention among which its person is looked for


def _kind(scene: Scene, at: int) -> str | None:
    known, tokens = roles(), scene.tokens
    word = tokens[at].norm
    before = tokens[at - 1].norm if at else ""
    after = tokens[at + 1].norm if at + 1 < len(tokens) else ""
    own = word in {"RPS", "CALLERS"} and after == "OWN" and at + 2 < len(tokens)
    if word in known.callers or (own and tokens[at + 2].norm not in known.kin | known.people):
        return "caller"
    if word in known.authorities:
        return "armed"
    if word in known.kin:
        owned = before in known.owners or (at > 1 and tokens[at - 2].norm in known.owners)
        return "kin" if owned or after in {"OF", "DEL"} else "other"
    if word in known.bystanders:
        return "bystander"
    return "other" if word in known.people and word not in known.plain else None


def _head(scene: Scene, match: Match) -> Head | None:
    """The first person of the mention's clause; one who only reports gives way to the next."""
    known, tokens = roles(), scene.tokens
    found: Head | None = None
    reporter: Head | None = None
    told_of = False
    for at in range(max(scene.clauses[match.first], match.first - REACH), match.first + 1):
        word = tokens[at].norm
        before = tokens[at - 1].norm if at else ""
        after = tokens[at + 1].norm if at + 1 < len(tokens) else ""
        if word in known.subject and before not in {"OF", "DEL"} and after not in known.kin:
            return None
        if word in known.pronouns:
            first = reporter or found
            found = first if first is not None and _stressed(scene, at, match) else None
        elif found is None:
            kind = _kind(scene, at)
            if kind == "kin" and told_of and before != "OWN":
                return None  # RP SAYS HER SON: the son is whom the call is about
            trade = kind == "armed" and after in known.people  # SECURITY GUY
            found = Head(at, at + 1 + trade, kind) if kind is not None else None
        elif word in known.reports and before != "WHO" and not (at >= match.first and word in _PERCEIVES):
            reporter, found, told_of = found, None, True
    return found


def _stressed(scene: Scene, at: int, match: Match) -> bool:
    """Whether the pronoun at tokens[at] is stressed to be whoever was named before: SHE HERSELF, SHE IS OFF HER OWN."""
    words = [token.norm for token in scene.tokens[at + 1 : match.last]]
    if "OWN" in words or _STRESS & set(words[:1]) or (len(words) > 1 and words[1] in _STRESS):
        return True
    after = scene.tokens[match.last : match.last + 1]
    return bool(after) and after[0].norm in _STRESS and match.phrase.concept not in GRAVE


def _extent(places: Iterable[int]) -> tuple[int, int] | None:
    found = list(places)
    return (found[0], found[-1]) if found else None


def told(scene: Scene) -> tuple[int, int] | None:
    """First and last place where plain words name the subject: SUBJ IS .., CALLING ON .., REPORTS .."""
    known, tokens = roles(), scene.tokens
    last = len(tokens) - 1

    def names(at: int) -> bool:
        word = tokens[at].norm
        if word in known.subject:
            return True
        if word in known.concerning and at < last and tokens[at + 1].norm in known.about:
            return at + 2 > last or tokens[at + 2].norm not in known.helpers
        if word in known.reporting:
            return 0 < at < last and scene.clauses[at] == at
        return _points_out(scene, at)

    return _extent(at for at in range(len(tokens)) if names(at))


def _points_out(scene: Scene, at: int) -> bool:
    """Whether tokens[at] points the subject out: THIS ONE, IS THE ONE, ES EL QUE, ITS THE LADY."""
    known, tokens = roles(), scene.tokens
    word = tokens[at].norm
    before = [token.norm for token in tokens[max(0, at - 2) : at]]
    if word in _THIS or word in known.people:
        if before[-1:] == ["THIS"] or before[-1:] == ["MISSING"]:
            return True
        return word == "ONE" and before in (["IS", "THE"], ["WAS", "THE"])
    if word in known.people and _attended(scene, at):
        return True
    if word == "QUE":
        return before in (["ES", "EL"], ["ES", "LA"])
    after = [token.norm for token in tokens[at + 1 : at + 3]]
    return word == "ITS" and len(after) > 1 and after[0] in {"THE", "A"} and after[1] in known.people


def _attended(scene: Scene, at: int) -> bool:
    """Whether the person at tokens[at] is told as the one somebody is there for: PASSENGER HE IS WORRIED ABOUT."""
    after = scene.tokens[at + 1 : at + 4]
    if len(after) < 2 or after[0].gap or after[0].norm not in {"HE", "SHE", "RP", "THEY", "I", "IM"}:
        return False
    return any(token.norm in roles().attends for token in after[1:])


def shown(scene: Scene) -> tuple[int, int] | None:
    """First and last place where a person does something who is nobody's relative."""
    known, tokens = roles(), scene.tokens

    def acts(at: int) -> bool:
        if tokens[at].norm not in known.people or (at and tokens[at - 1].norm in known.owners):
            return False
        after = tokens[at + 1]
        word = after.norm
        moving = word.endswith(("ING", "ED")) or word in known.predicates or word in known.copulas
        return (after.gap < SOFT and moving) or word in _SHOWS

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
    head = _head(scene, match)
    if concept in _DONE_TO:
        return (head.first, head.last) if head is not None and is_doer(scene, cast, match, head) else None
    if head is None:
        return singled_out(scene, cast, match)
    return (head.first, head.last) if _is_other(scene, cast, match, head) else None


def past_of_another(scene: Scene, match: Match) -> tuple[int, int] | None:
    """Tokens that name whose past it is where that is not the subject: HIS MOM DIED OF AN OVERDOSE WHEN HE WAS NINE."""
    head = _head(scene, match)
    if head is None or match.phrase.concept in _DONE_TO:
        return None
    words = {token.norm for token in scene.tokens[head.last : match.last + 1]}
    dead = head.kind == "kin" and not words.isdisjoint(_DEAD)
    own = head.kind in {"caller", "bystander"} and scene.tokens[match.last : match.last + 1] != []
    stressed = own and scene.tokens[match.last].norm in _STRESS and cast_of(scene).first < len(scene.tokens)
    return (head.first, head.last) if dead or stressed else None


def _is_other(scene: Scene, cast: Cast, match: Match, head: Head) -> bool:
    """Whether the person of the mention's clause is not the subject of the call."""
    concept = match.phrase.concept
    elsewhere = outside(cast.told, scene, match)
    if _only_names(scene, match, head):
        return False
    if concept == Indicator.BEREAVEMENT and head.first >= match.first:
        return head.kind == "kin" and elsewhere  # the death is the relative's, the loss is not
    if head.kind == "armed" and concept == DangerName.WEAPON:
        return not _taken_from(scene, head)
    if elsewhere and not (head.kind == "other" and concept in GRAVE):
        return True
    if set_apart(scene, match, head):
        return True
    acts = outside(cast.shown, scene, match)
    if head.kind in {"bystander", "armed"}:
        return acts
    if head.kind == "caller":
        return acts and (concept not in GRAVE or not after(scene, match, 2).isdisjoint({"MYSELF", "TAMBIEN"}))
    if concept in GRAVE:
        return False
    known_before = cast.first < head.first - 1
    pronoun = head.first > 0 and scene.tokens[head.first - 1].norm in {"HIS", "HER", "THEIR"}
    return (head.kind == "kin" and pronoun and known_before) or singled_out(scene, cast, match) is not None


def _taken_from(scene: Scene, head: Head) -> bool:
    """Whether the weapon is taken from whom the clause names: GRABBED THE OFFICERS GUN, REACHED FOR HER TASER."""
    tokens = scene.tokens
    before = tokens[max(scene.clauses[head.first], head.first - 3) : head.first]
    return any(token.norm in roles().seizes for token in before)


def _only_names(scene: Scene, match: Match, head: Head) -> bool:
    """Whether the mention is somebody's whom its clause names beside that person: OFFICER WITH MALE HOLDING KNIFE."""
    tokens, known = scene.tokens, roles()
    words = {token.norm for token in tokens[match.first : match.last]}
    if tokens[head.first].norm in {"I", "IM"} and words & _OF_ANOTHER:
        return True  # I CANT WAKE HIM UP
    if match.phrase.concept not in DANGERS:
        return False
    owner = 2 * (head.last < len(tokens) and tokens[head.last].norm in {"OF", "DEL"})
    between = (token.norm for token in tokens[head.last + owner : match.last])
    return any(word in known.people or word in known.subject for word in between)

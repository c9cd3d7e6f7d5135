"""Which cues before a mention reach it: scope ends at clauses, new subjects, predicates and other mentions."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from models.assessment import Access, Assertion, DangerName, Indicator
from triage.answers import is_answer, is_sentence
from triage.cues import Cue, Heard
from triage.normalize import HARD, SOFT
from triage.patterns import Hit
from triage.phrases import GRAVE, Match
from triage.scene import Scene
from triage.words import names, roles

#: A condition takes nothing from what is threatened to be done to somebody.
DONE_TO_OTHERS = frozenset({DangerName.VIOLENCE, DangerName.WEAPON, Indicator.DOMESTIC_VIOLENCE})

REACH = 14  # tokens a cue is looked for on either side
WILL = frozenset({"WILL", "WOULD", "GONNA", "HELL", "SHELL", "THEYLL"})
#: After an old time these make it a name: ON HALLOWEEN STREET.
STREETS = names().streets | {"ST", "STREET", "LOT", "APARTMENTS", "PARK"}
LISTS_END = frozenset({"ANYTHING", "NOTHING", "ETC", "WHATSOEVER", "NADA"})
CIRCUMSTANCE = frozenset({"HOW", "WHEN", "WHERE", "WHY", "WHO", "WHICH", "WHOSE"})
TELLING = frozenset(
    {"SAID", "SAYS", "SAYING", "TOLD", "TELLS", "STATED", "STATES", "THREATENED", "DIJO", "DICE"}
)


@dataclass(slots=True)
class _Path:
    """What was passed between a cue and the mention."""

    content: int = 0
    comma: bool = False
    commas: int = 0
    joined: bool = False
    predicate: bool = False
    subject: int | None = None
    alternative: bool = False
    foreign: bool = False  # another mention without a comma or a conjunction between
    present: bool = False  # TONIGHT and the like
    now: bool = False  # a verb in the present tense
    will: bool = False  # a verb that tells what is to come
    placed: bool = False  # a preposition: what follows is not the thing itself
    either: bool = False  # OR, NOR
    object: bool = False  # the cue already has what it denies: NEG DRUGS & SHOTS FIRED


def _adjectival(scene: Scene, match: Match) -> bool:
    """Whether the mention reads as a predicate, which a list of things does not contain."""
    word = scene.tokens[match.first].norm
    known = roles()
    return (
        word in known.adjectives
        or word in known.predicates
        or (word.endswith(("ING", "ED", "ANDO", "IENDO")) and not match.phrase.generic)
        or match.phrase.access is Access.IN_HAND
    )


def _follows(scene: Scene, hit: Hit[Cue], subject: int) -> bool:
    """Whether a new subject opens the clause that the cue governs: DENIES THAT HE HAS."""
    return subject == hit.last or (subject == hit.last + 1 and scene.tokens[hit.last].norm in {"THAT", "QUE"})


def concerns(scene: Scene, cue: Cue, match: Match) -> bool:
    """Whether the cue may speak of this concept, and of this mention, at all."""
    concept = match.phrase.concept
    if (cue.only and concept not in cue.only) or concept in cue.spares:
        return False
    return not cue.of or any(token.norm in cue.of for token in scene.tokens[match.first : match.last])


def _barred(scene: Scene, hit: Hit[Cue], match: Match, path: _Path) -> bool:
    """Whether what lies between keeps the cue from the mention, whatever its reach."""
    cue = hit.rule
    if not concerns(scene, cue, match) or (path.present and cue.asserts is Assertion.HISTORICAL):
        return True
    if cue.id == "IF" and "threat" in match.phrase.tags and not _is_condition(scene, hit, match):
        return True  # a threat made under a condition is made: IF SHE CALLS HE WILL KILL HER
    if cue.asserts is Assertion.HISTORICAL and scene.tokens[hit.last].norm in STREETS:
        return True
    if cue.direct and (path.placed or path.either):
        return True
    if cue.id == "IF" and path.will and match.phrase.concept in DONE_TO_OTHERS and _said_before(scene, hit):
        return True  # HE SAID IF I CALL HES GONNA BREAK MY ARM
    if cue.id == "UNKNOWN_FORWARD" and scene.tokens[hit.last].norm in CIRCUMSTANCE:
        return True  # DOESNT KNOW HOW MANY PILLS HE TOOK: that he took some is known
    if cue.id == "BELIEVES" and match.phrase.concept == Indicator.PSYCHOSIS and _own_belief(scene, hit):
        return True  # THINKS IT IS A CURSE
    if not cue.tense:
        return False
    # LAST YEAR DIVORCED AND HAS A GUN; HER SON DIED LAST MONTH SHE IS
    now = path.now or scene.tokens[match.first].norm in roles().now
    return now or (path.subject is not None and scene.clauses[hit.first] != hit.first)


def _is_condition(scene: Scene, hit: Hit[Cue], match: Match) -> bool:
    """Whether the mention is itself what the condition tells of somebody: IF SHE GETS VIOLENT."""
    between = [token.norm for token in scene.tokens[hit.last : match.first]]
    return len(between) == 1 and between[0] in roles().pronouns and hit.first == scene.clauses[hit.first]


def _said_before(scene: Scene, hit: Hit[Cue]) -> bool:
    """Whether what follows the cue is what somebody said to somebody."""
    known, words = roles(), [token.norm for token in scene.tokens[max(0, hit.first - 4) : hit.first]]
    calm = known.callers | known.bystanders | known.authorities
    return any(word in TELLING and not {who} & calm for who, word in pairwise(words))


def _own_belief(scene: Scene, hit: Hit[Cue]) -> bool:
    """Whether it is not a caller or a bystander who believes it: what the subject believes is the delusion itself."""
    before = {token.norm for token in scene.tokens[max(scene.clauses[hit.first], hit.first - 3) : hit.first]}
    known = roles()
    return before.isdisjoint(known.callers | known.bystanders | known.kin | known.authorities)


def _passes(scene: Scene, hit: Hit[Cue], match: Match, path: _Path) -> bool:
    """Whether a forward cue still governs the mention after what lies between."""
    cue = hit.rule
    if _barred(scene, hit, match, path):
        return False
    if cue.id == "IF" and path.will and match.phrase.concept not in DONE_TO_OTHERS:
        return True  # IF RENT ISNT PAID THEY WILL BE HOMELESS
    complement = path.subject is None or _follows(scene, hit, path.subject)
    opening = cue.tense and path.commas == 1 and scene.tokens[hit.last].gap == SOFT  # IN 2018, HE STABBED
    apart = path.comma and not (opening and scene.clauses[hit.first] == hit.first)
    if cue.clause and not apart and path.content <= cue.scope + 3:
        reaches = complement or path.content + 2 <= cue.scope
        return reaches and not (path.joined and _adjectival(scene, match))
    told = path.subject is not None or path.predicate
    goes_on = path.comma and cue.asserts is Assertion.NEGATED and _goes_on(scene, match)
    if goes_on and (_parallel(scene, hit) or (cue.id == "DENIES" and not grave(match))):
        return not told  # DENIES SELF HARM, HEARING VOICES OR DRUG USE
    if cue.comma and not (told or path.now):
        return True
    return _passes_words(scene, hit, match, path, complement=complement)


def _passes_words(scene: Scene, hit: Hit[Cue], match: Match, path: _Path, *, complement: bool) -> bool:
    """Whether a cue that governs only what follows closely still does."""
    cue = hit.rule
    bare = scene.tokens[hit.last - 1].norm == "HISTORY" and scene.tokens[hit.last].norm not in {"OF", "WITH"}
    over = cue.asserts in {Assertion.NEGATED, Assertion.HISTORICAL} and not (path.either or cue.direct)
    if (path.object or bare) and over and not _item(scene, match):
        return False
    if path.foreign or path.content > cue.scope + (2 if path.alternative else 0):
        return False
    if path.subject is not None and not (cue.subject and complement and not path.comma):
        return False
    if path.predicate and (path.comma or not cue.predicate):
        return False
    if path.alternative:
        return not (path.comma and _adjectival(scene, match)) or _parallel(scene, hit)
    listed = path.joined or path.comma
    if (listed and _adjectival(scene, match)) or (path.comma and cue.asserts is not Assertion.NEGATED):
        return path.comma and cue.asserts is Assertion.HISTORICAL and match.phrase.generic
    item = match.phrase.generic or scene.tokens[match.first].norm in roles().listed
    return not path.comma or item or (cue.scope > 0 and not grave(match))


def _parallel(scene: Scene, hit: Hit[Cue]) -> bool:
    """Whether a list of what is denied begins with a state or a deed, so that its other items may be such too."""
    word = scene.tokens[hit.last].norm
    likened = word in roles().adjectives or word.endswith(("ING", "ED"))
    return likened and hit.rule.id not in {"NEG_FORWARD", "NOBODY"}


def _goes_on(scene: Scene, match: Match) -> bool:
    """Whether the list that the mention stands in still has its last item before it: DRUNK, LOUD, OR UPSET."""
    tokens = scene.tokens
    for at in range(match.last, min(match.last + 5, len(tokens))):
        if tokens[at].gap == HARD or tokens[at].norm in roles().contrast:
            return False
        if tokens[at].norm in roles().alternatives:
            return at == match.last or tokens[at].gap == SOFT
    return False


def _item(scene: Scene, match: Match) -> bool:
    """Whether the mention can be one more thing of a list that is denied; a danger told in words of its own is not."""
    if not grave(match) or scene.tokens[match.first].norm in roles().listed:
        return True
    return match.phrase.generic and not is_sentence(scene, match)


def grave(match: Match) -> bool:
    """Whether only a cue that plainly means the mention may take it away."""
    return match.phrase.concept in GRAVE or match.phrase.aside


def _step(scene: Scene, at: int, match: Match, path: _Path) -> bool:
    """Walk over tokens[at] leftwards; False when no scope reaches beyond it."""
    known = roles()
    word = scene.tokens[at].norm
    path.present = path.present or word in known.present
    path.now = path.now or word in known.now
    path.will = path.will or (word in WILL and path.content < 2)
    path.placed = path.placed or word in known.places
    if word in known.contrast and not (word == "STILL" and _goes_on_still(scene, at)):
        return False
    if word in known.alternatives:
        path.alternative = path.alternative or (path.content == 0 and not path.comma)
        path.either = True
    elif word in known.joins:
        path.joined = True
    elif word in known.subjects:
        if path.subject is not None:
            path.content += 1
        path.subject = at
    elif word in known.predicates:
        path.predicate = True
    elif at in scene.owner and scene.owner[at].shown and scene.owner[at].last <= match.first:
        listed = path.comma or path.joined or path.alternative or scene.tokens[at + 1].sep == "/"
        both = match.phrase.generic and (scene.owner[at].phrase.generic or _beside(scene, at, match))
        if not listed and (_enumerated(scene, at, match) or (path.either and at + 1 in scene.owner)):
            listed = path.either = True
        path.foreign = path.foreign or not (listed or both)
    elif word not in known.light and word not in known.listed:
        path.content += 1
    told = word == "HISTORY" and scene.tokens[at + 1].norm not in {"OF", "WITH"}
    path.object = path.object or word in known.listed or told or at in scene.owner or path.content > 0
    return True


def _goes_on_still(scene: Scene, at: int) -> bool:
    """Whether STILL is told of the same person: IF HE STILL OWNS, WAS STILL."""
    before = scene.tokens[at - 1].norm
    return before in roles().copulas or before in roles().pronouns


def _beside(scene: Scene, at: int, match: Match) -> bool:
    """Whether a thing of the same kind stands right before: NO GUN KNIFE TASER."""
    other = scene.owner[at]
    return other.phrase.concept == match.phrase.concept and other.last - other.first == 1


def _enumerated(scene: Scene, at: int, match: Match) -> bool:
    """Whether both are items of a list without commas that goes on to its end: NO GUN KNIFE BAT OR ANYTHING."""
    other, tokens = scene.owner[at], scene.tokens
    if other.last != match.first or other.last - other.first > 1 or match.last - match.first > 1:
        return False
    if grave(match) and other.phrase.concept != match.phrase.concept:
        return False
    for here in range(match.last, min(match.last + 3, len(tokens))):
        if tokens[here].norm in roles().alternatives or tokens[here].norm in LISTS_END:
            return True
        if tokens[here].gap or tokens[here].norm in roles().predicates | roles().subjects | roles().contrast:
            return False
    return False


def _ending(scene: Scene, ending: Sequence[Heard], match: Match) -> Hit[Cue] | None:
    """The first of the cues that end at one token which may speak of the mention."""
    for each in ending:
        if each.before(match.first) and concerns(scene, each.hit.rule, match):
            return each.hit
    return None


def forward_cues(scene: Scene, match: Match) -> list[Hit[Cue]]:
    """Cues before the mention that govern it, nearest first, with those that say a thing was not given up."""
    found: list[Hit[Cue]] = []
    path = _Path()
    tokens, forward = scene.tokens, scene.forward
    at = match.first - 1
    floor = max(-1, match.first - REACH)
    while at > floor:
        gap = tokens[at + 1]
        if gap.gap == HARD and not (gap.sep in {":", "="} and path.content == 0):
            break
        if gap.gap == SOFT and gap.sep not in {":", "="}:
            path.comma = path.comma or gap.sep != "/"
            path.commas += gap.sep != "/"
            path.alternative = path.alternative or (gap.sep == "/" and not path.comma)
        ending = forward.get(at)
        hit = _ending(scene, ending, match) if ending is not None else None
        if hit is not None and not scene.consumed(hit, match):
            if is_answer(scene, hit):
                break
            if hit.rule.asserts is None:
                if hit.rule.keeps and path.content <= 1:
                    found.append(hit)
                path.content += hit.last - hit.first
            elif _passes(scene, hit, match, path):
                found.append(hit)
            else:
                path.object = True
                # a nearer negation ended here: a farther one does not jump over it
                path.foreign = path.foreign or hit.rule.asserts is Assertion.NEGATED
            at = hit.first - 1
            continue
        if not _step(scene, at, match, path):
            break
        at -= 1
    return found

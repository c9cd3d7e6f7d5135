"""Which cues reach a mention: scope ends at clauses, new subjects, predicates and other mentions."""

from dataclasses import dataclass

from models.assessment import Access, Assertion
from triage.answers import FIELD, answered, ends, is_answer, is_sentence, is_value
from triage.cues import Cue
from triage.normalize import HARD, SOFT, SPACE
from triage.patterns import Hit
from triage.phrases import GRAVE, Match
from triage.scene import Scene
from triage.words import roles

REACH = 14  # tokens a cue is looked for on either side
PAST = frozenset(
    {"WAS", "WERE", "HAD", "BEEN", "EARLIER", "STARTED", "BEGAN", "GOT", "BECAME", "ESTABA", "TENIA"}
)
OPENERS = frozenset(
    {"IF", "WHETHER", "WHERE", "WHO", "WHY", "WHAT", "HOW", "LOCATION", "DIRECTION", "MALE", "FEMALE"}
)


@dataclass(slots=True)
class _Path:
    """What was passed between a cue and the mention."""

    content: int = 0
    comma: bool = False
    joined: bool = False
    predicate: bool = False
    subject: int | None = None
    alternative: bool = False
    foreign: bool = False  # another mention without a comma or a conjunction between
    present: bool = False  # TONIGHT and the like
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


def _concerns(cue: Cue, match: Match) -> bool:
    """Whether the cue may speak of this concept at all."""
    if cue.only and match.phrase.concept not in cue.only:
        return False
    # a threat made under a condition is made: IF SHE CALLS HE WILL KILL HER
    return not (cue.id == "IF" and "threat" in match.phrase.tags)


def _passes(scene: Scene, hit: Hit[Cue], match: Match, path: _Path) -> bool:
    """Whether a forward cue still governs the mention after what lies between."""
    cue = hit.rule
    if not _concerns(cue, match) or (path.present and cue.asserts is Assertion.HISTORICAL):
        return False
    complement = path.subject is None or _follows(scene, hit, path.subject)
    listed = path.joined or path.comma
    if cue.clause and not path.comma and path.content <= cue.scope + 3:
        return (complement or path.content + 2 <= cue.scope) and not (
            path.joined and _adjectival(scene, match)
        )
    bare = scene.tokens[hit.last - 1].norm == "HISTORY" and scene.tokens[hit.last].norm not in {"OF", "WITH"}
    over = cue.asserts in {Assertion.NEGATED, Assertion.HISTORICAL} and not path.either
    if (path.object or bare) and over and not _item(scene, match):
        return False
    if path.foreign or path.content > cue.scope + (2 if path.alternative else 0):
        return False
    if path.subject is not None and not (cue.subject and complement and not path.comma):
        return False
    if path.predicate and (path.comma or not cue.predicate):
        return False
    if path.alternative:
        return not (path.comma and _adjectival(scene, match))
    if (listed and _adjectival(scene, match)) or (path.comma and cue.asserts is not Assertion.NEGATED):
        return path.comma and cue.asserts is Assertion.HISTORICAL and match.phrase.generic
    item = match.phrase.generic or scene.tokens[match.first].norm in roles().listed
    return not path.comma or item or (cue.scope > 0 and not _grave(match))


def _item(scene: Scene, match: Match) -> bool:
    """Whether the mention can be one more thing of a list that is denied; a danger told in words of its own is not."""
    if not _grave(match) or scene.tokens[match.first].norm in roles().listed:
        return True
    return match.phrase.generic and not is_sentence(scene, match)


def _grave(match: Match) -> bool:
    """Whether only a cue that plainly means the mention may take it away."""
    return match.phrase.concept in GRAVE or match.phrase.aside


def _step(scene: Scene, at: int, match: Match, path: _Path) -> bool:
    """Walk over tokens[at] leftwards; False when no scope reaches beyond it."""
    known = roles()
    word = scene.tokens[at].norm
    path.present = path.present or word in known.present
    if word in known.contrast:
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
    elif at in scene.owner and scene.owner[at].last <= match.first:
        listed = path.comma or path.joined or path.alternative or scene.tokens[at + 1].sep == "/"
        both = scene.owner[at].phrase.generic and match.phrase.generic
        path.foreign = path.foreign or not (listed or both)
    elif word not in known.light and word not in known.listed:
        path.content += 1
    told = word == "HISTORY" and scene.tokens[at + 1].norm not in {"OF", "WITH"}
    path.object = path.object or word in known.listed or told or at in scene.owner or path.content > 0
    return True


def forward_cues(scene: Scene, match: Match) -> list[Hit[Cue]]:
    """Cues before the mention that govern it, nearest first."""
    found: list[Hit[Cue]] = []
    path = _Path()
    at = match.first - 1
    floor = max(-1, match.first - REACH)
    while at > floor:
        gap = scene.tokens[at + 1]
        if gap.gap == HARD and not (gap.sep in {":", "="} and path.content == 0):
            break
        if gap.gap == SOFT and gap.sep not in {":", "="}:
            path.comma = path.comma or gap.sep != "/"
            path.alternative = path.alternative or (gap.sep == "/" and not path.comma)
        hit = next((each.hit for each in scene.forward.get(at, ()) if each.before(match.first)), None)
        if hit is not None and not scene.consumed(hit, match):
            if is_answer(scene, hit):
                break
            if hit.rule.asserts is None:
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


def _fits(scene: Scene, hit: Hit[Cue], match: Match, content: int) -> bool:
    """Whether a backward cue governs the mention after that many words between."""
    cue = hit.rule
    if content > cue.scope or not _concerns(cue, match) or (cue.willed and not _willed(scene, match)):
        return False
    first = scene.tokens[hit.first]
    field_sign = hit.first == match.last and first.sep in FIELD and bool(first.sep)
    last = ends(scene, hit.last)
    if first.gap == HARD and cue.asserts is Assertion.HYPOTHETICAL:
        return False  # STABBED HIMSELF - IF POSS SEND A SUPERVISOR
    if (cue.asserts is not None and not is_value(scene, hit, match)) or (
        cue.past and _grave(match) and not _past(scene, match)
    ):
        return False
    if cue.at_end and not (field_sign or answered(scene, hit, match, last=last)):
        return False
    if not last and not field_sign and scene.tokens[hit.last].norm in OPENERS:
        return False
    # across a comma only an answer that stands by itself: WEAPONS, NONE; or what tells where a thing is
    return first.gap == SPACE or field_sign or last or cue.asserts is Assertion.AFFIRMED


def _past(scene: Scene, match: Match) -> bool:
    """Whether the mention's clause tells what was."""
    near = scene.tokens[scene.clauses[match.first] : match.first]
    return any(token.norm in PAST for token in near)


def _willed(scene: Scene, match: Match) -> bool:
    """Whether the mention is told as something to come, or as a habit: WILL, GETS."""
    tokens = scene.tokens
    near = tokens[max(scene.clauses[match.first], match.first - 4) : match.last]
    return any(token.norm in roles().willing for token in near)


def backward_cue(scene: Scene, match: Match) -> Hit[Cue] | None:
    """The nearest cue after the mention that governs it."""
    content = 0
    known = roles()
    for at in range(match.last, min(len(scene.tokens), match.last + REACH // 2)):
        token = scene.tokens[at]
        if token.gap == HARD and not (token.sep in FIELD and token.sep and at == match.last):
            return None
        beyond = token.gap == SOFT and content > 0  # only what tells of a later state reaches over
        fitting = [
            hit
            for hit in scene.backward.get(at, ())
            if (hit.rule.recency or not beyond) and _fits(scene, hit, match, content)
        ]
        if fitting:
            return max(fitting, key=lambda hit: hit.last)
        accompanied = scene.tokens[at - 1].norm == "WITH" and token.norm in known.kin
        bound = token.norm in known.contrast or (token.norm in known.subjects and not accompanied)
        if beyond or bound or at in scene.openings:
            return None
        if token.norm in known.copulas or token.norm in known.light or token.norm in known.alternatives:
            continue
        if token.norm in known.listed or at in scene.owner:
            if token.gap != SOFT and token.sep != "/" and scene.tokens[at - 1].norm not in known.alternatives:
                content += 2
            continue
        content += 2 if token.norm in known.joins else 1
    return None

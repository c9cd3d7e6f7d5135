"""How a mention stands for the subject of the call, now: one of six assertions, with the words that decided."""

from typing import NamedTuple

from models.assessment import Access, Assertion, DangerName, Recency
from triage.cues import Cue
from triage.patterns import Hit
from triage.persons import cast_of, past_of_another, somebody_else
from triage.phrases import Match, Phrase
from triage.replies import answer_told, reply
from triage.scene import Cast, Scene, scene_of
from triage.scopes import forward_cues
from triage.senses import named, saying
from triage.trailing import backward_cue, later_cue
from triage.words import roles

TRYING = frozenset(
    {"CANT", "COULDNT", "UNABLE", "TRYING", "TRIED", "CANNOT", "NOT", "DIDNT", "HASNT", "NEEDS"}
)
NAME = "NAME"  # the rule of a word that is part of a name


class Verdict(NamedTuple):
    """The assertion of one mention; cue is a half-open range of tokens."""

    assertion: Assertion
    rule: str
    cue: tuple[int, int] | None = None
    access: Access | None = None
    recency: Recency = Recency.UNKNOWN


def _replied(scene: Scene, match: Match) -> Verdict | None:
    answer = reply(scene, match)
    if answer is None:
        return None
    return Verdict(answer.assertion, "REPLY", answer.cue, None, _recency_of(answer.assertion))


def _within(scene: Scene, match: Match) -> Verdict | None:
    """What the mention's own words say of another person: KICKED BY A PRIOR PATIENT."""
    for at in range(match.first + 1, match.last):
        for hit in scene.backward.get(at, ()):
            if hit.rule.asserts is Assertion.OTHER_PERSON and hit.last <= match.last:
                return Verdict(Assertion.OTHER_PERSON, hit.rule.id, (hit.first, hit.last))
    return None


def _from_cues(scene: Scene, match: Match) -> Verdict | None:
    other = _within(scene, match)
    if other is not None:
        return other
    around = forward_cues(scene, match)
    forward = [hit for hit in around if hit.rule.asserts is not None]
    nearest = forward[0] if forward else None
    if nearest is not None and nearest.rule.id == "ASKED":
        answer = answer_told(scene, match)
        if answer is not None:
            return Verdict(answer.assertion, "REPLY", answer.cue, None, _recency_of(answer.assertion))
    said = {nearest.rule.id, str(nearest.rule.asserts)} if nearest is not None else set()
    backward = backward_cue(scene, match, said)
    if backward is not None and backward.rule.asserts is None:
        backward = None  # SINCE YESTERDAY: not what was yesterday
    if len(around) > len(forward) and backward is not None and backward.rule.access is not None:
        backward = None  # NOBODY CAN GET THE GUN AWAY FROM HIM
    if nearest is not None and len(forward) > 1 and forward[1].rule.asserts is not None:
        outer = forward[1]
        # DENIES HX OF, UNK IF HX OF: the outer cue speaks of the inner one
        if nearest.rule.asserts is Assertion.HISTORICAL and outer.last == nearest.first:
            nearest = outer
    chosen = (
        backward if backward is not None and (nearest is None or _outranks(backward, nearest)) else nearest
    )
    if chosen is None:
        chosen = later_cue(scene, match)
    if chosen is None or chosen.rule.asserts is None:
        return None
    if chosen.rule.asserts is Assertion.AFFIRMED and nearest is not None and not chosen.rule.firm:
        chosen = nearest
    cue = chosen.rule
    recency = cue.recency or (Recency.PAST if cue.asserts is Assertion.HISTORICAL else Recency.UNKNOWN)
    return Verdict(cue.asserts or Assertion.UNKNOWN, cue.id, (chosen.first, chosen.last), cue.access, recency)


def _outranks(backward: Hit[Cue], forward: Hit[Cue]) -> bool:
    """NO WEAPONS SEEN is weaker than NO WEAPONS; what was secured or corrected is so whatever was thought before."""
    if backward.rule.firm or forward.rule.firm:
        return backward.rule.firm
    return backward.rule.asserts is not Assertion.NEGATED or forward.rule.asserts is not Assertion.UNKNOWN


def decide(scene: Scene, match: Match) -> Verdict:
    """The assertion of one mention in its entry. An affirmed danger is never lost to a distant cue."""
    phrase, tokens = match.phrase, scene.tokens
    name = named(scene, match)
    if name is not None:
        return Verdict(Assertion.NEGATED, NAME, name)
    sense = saying(scene, match)
    if sense is not None:
        return Verdict(Assertion.NEGATED, NAME, sense)
    verdict = _replied(scene, match) or _from_cues(scene, match)
    if _twice_denied(scene, match):
        return Verdict(Assertion.AFFIRMED, "NOT_NOT", None, None, Recency.CURRENT)
    if _kin_armed(scene, match):
        return Verdict(Assertion.UNKNOWN, "KIN_ARMED")
    if phrase.asserts is not None and not _denied(verdict, phrase) and not _kept(scene, match, verdict):
        past = phrase.asserts is Assertion.HISTORICAL
        other = (somebody_else(scene, _cast(scene), match) or past_of_another(scene, match)) if past else None
        if other is not None:
            return Verdict(Assertion.OTHER_PERSON, "OTHER_PERSON", other)
        return Verdict(phrase.asserts, "FIXED", None, None, _recency_of(phrase.asserts))
    if verdict is not None and verdict.assertion is Assertion.NEGATED:
        return verdict
    other = somebody_else(scene, _cast(scene), match)
    if other is None and verdict is not None and verdict.assertion is Assertion.HISTORICAL:
        other = past_of_another(scene, match)
    if other is not None:
        return Verdict(Assertion.OTHER_PERSON, "OTHER_PERSON", other)
    asked = tokens[match.last].sep == "?" if match.last < len(tokens) else scene.asked
    if verdict is None and asked and not _placed(scene, match):
        return Verdict(Assertion.UNKNOWN, "QUESTION")
    if phrase.look_alike and (verdict is None or verdict.assertion is Assertion.AFFIRMED):
        return Verdict(Assertion.UNKNOWN, "LOOK_ALIKE")  # real until somebody has verified it
    return verdict or Verdict(Assertion.AFFIRMED, "PLAIN", None, None, Recency.CURRENT)


def _placed(scene: Scene, match: Match) -> bool:
    """Whether the question is answered by where the thing is: FIREARM? IN HIS BELT."""
    after = [token.norm for token in scene.tokens[match.last : match.last + 2]]
    return (
        len(after) > 1 and after[0] in {"IN", "ON", "UNDER", "BEHIND"} and after[1] in {"HIS", "HER", "THE"}
    )


def _cast(scene: Scene) -> Cast:
    if scene.cast is None:
        scene.cast = cast_of(scene)
    return scene.cast


def _denied(verdict: Verdict | None, phrase: Phrase) -> bool:
    """NO HX OF VIOLENCE: what the words say of the past is itself denied."""
    return (
        phrase.asserts is Assertion.HISTORICAL
        and verdict is not None
        and verdict.assertion is Assertion.NEGATED
    )


def _twice_denied(scene: Scene, match: Match) -> bool:
    """Whether what the mention itself denies is denied: ISNT EXACTLY NOT BLEEDING."""
    if match.phrase.asserts is not Assertion.NEGATED:
        return False
    return any(
        heard.hit.rule.id == "NOT_NOT" and heard.hit.first < match.first
        for heard in scene.forward.get(match.first, ())
    )


def _kin_armed(scene: Scene, match: Match) -> bool:
    """Whether a relative, who may be the subject, has what the lexicon takes for secured: HER SON HAS HIS GUN."""
    if match.phrase.asserts is not Assertion.NEGATED or match.phrase.access is not Access.ELSEWHERE:
        return False
    words = [token.norm for token in scene.tokens[match.first : match.first + 3]]
    return words[0] in roles().kin and words[1:] in (
        ["HAS", "HIS"],
        ["HAS", "HER"],
        ["GOT", "HIS"],
        ["GOT", "HER"],
        ["TOOK", "HIS"],
        ["TOOK", "HER"],
    )


def _kept(scene: Scene, match: Match, verdict: Verdict | None) -> bool:
    """Whether words around deny what the mention says of a thing given up: COULDNT GET HIM TO PUT DOWN THE AXE."""
    if match.phrase.asserts is not Assertion.NEGATED:
        return False
    if match.phrase.access is Access.UNKNOWN:
        return _still_burns(scene, match)
    if _from_where_it_lay(scene, match) or _used_then(scene, match):
        return True
    if verdict is not None and verdict.rule in {"HAS_KEY", "GONE_FROM", "FROM_ITS_PLACE"}:
        return True
    return any(hit.rule.keeps for hit in forward_cues(scene, match))


def _used_then(scene: Scene, match: Match) -> bool:
    """Whether who took it turned it on somebody: MOM TOOK THE KNIFE AND PUT IT TO HER THROAT."""
    words = [token.norm for token in scene.tokens[match.last : match.last + 4]]
    if len(words) < 2 or words[0] not in {"AND", "THEN"}:
        return False
    return words[1] in roles().turns or (words[1:3] == ["PUT", "IT"] and words[3:] in (["TO"], ["AT"]))


def _still_burns(scene: Scene, match: Match) -> bool:
    """Whether a fire that is told as out is not: OUT OF CONTROL, OUT BACK, CANT PUT THE FIRE OUT."""
    if match.phrase.concept != DangerName.HAZARD or scene.tokens[match.last - 1].norm != "OUT":
        return False
    after = scene.tokens[match.last : match.last + 1]
    elsewhere = bool(after) and not after[0].gap and after[0].norm in {"OF", "BACK", "FRONT", "THE", "THERE"}
    tried = {token.norm for token in scene.tokens[max(0, match.first - 3) : match.first]}
    return elsewhere or not tried.isdisjoint(TRYING)


def _from_where_it_lay(scene: Scene, match: Match) -> bool:
    """Whether it was taken from a place and not from somebody: TOOK THE GUN FROM HIS DADS SAFE."""
    tokens = scene.tokens
    if match.last >= len(tokens) or tokens[match.last].gap:
        return False
    of, whose = (token.norm for token in tokens[match.last - 2 : match.last])
    if of not in {"FROM", "OF"} or whose not in {"HIS", "HER"}:
        return False
    place = {token.norm for token in tokens[match.last : match.last + 2]}
    return not place.isdisjoint(roles().keeping | roles().relatives)


def _recency_of(assertion: Assertion) -> Recency:
    if assertion is Assertion.AFFIRMED:
        return Recency.CURRENT
    return Recency.PAST if assertion is Assertion.HISTORICAL else Recency.UNKNOWN


def _same(match: Match, first: int, last: int) -> bool:
    """Whether one of the two ranges holds the other: NO MEMORY is not the MEMORY TROUBLE that is denied."""
    return (match.first <= first and match.last >= last) or (match.first >= first and match.last <= last)


def assertion_of(text: str, start: int, end: int, concept: str) -> Assertion:
    """How the mention of concept at text[start:end] (code points) stands for the subject of the call, now.

    A place where the lexicon knows no phrase of that concept is judged by the words around it alone.
    Raises ValueError for a range outside the text.
    """
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"{start}:{end} is not a range of a text of {len(text)} characters")
    scene = scene_of(text)
    tokens = scene.tokens
    covered = [at for at, token in enumerate(tokens) if token.start < end and token.end > start]
    if not covered:
        return Assertion.UNKNOWN
    known = [
        match
        for match in scene.matches
        if match.phrase.concept == concept
        and not match.phrase.aside
        and _same(match, covered[0], covered[-1] + 1)
    ]
    if known:
        best = max(known, key=lambda match: min(match.last, covered[-1] + 1) - max(match.first, covered[0]))
        return decide(scene, best).assertion
    phrase = Phrase(id=f"{concept}.given", concept=concept, severity=1, weight=0.0)
    return decide(scene, Match(covered[0], covered[-1] + 1, phrase)).assertion

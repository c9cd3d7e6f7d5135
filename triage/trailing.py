"""Which cues after a mention reach it: the answer to a field, what became of a thing, when it was."""

from collections.abc import Container

from models.assessment import Assertion
from triage.answers import FIELD, answered, ends, is_value
from triage.cues import Cue
from triage.normalize import HARD, SOFT, SPACE
from triage.patterns import Hit
from triage.phrases import Match
from triage.scene import Scene
from triage.scopes import REACH, STREETS, concerns, grave
from triage.words import roles

LONGEST = 6  # tokens of a cue that may bound another
PAST = frozenset(
    {"WAS", "WERE", "HAD", "BEEN", "EARLIER", "STARTED", "BEGAN", "GOT", "BECAME", "ESTABA", "TENIA"}
)
#: What is told with these has not ended, or began again.
NOT_OVER = frozenset(
    {"NOT", "NEVER", "HASNT", "HAVENT", "ISNT", "ARENT", "WASNT", "WONT", "CANT", "DIDNT", "NO", "UNTIL"}
)
ANEW = frozenset({"AGAIN", "RESUMED", "RESTARTED", "REKINDLED", "STARTED", "BACK"})
#: After a cue these make its last word a part of a name: IN THE SPRING STREET LOT, IN A MOVIE THEATER.
COMPOUNDS = STREETS | {"THEATER", "THEATRE", "STATION", "STUDIO", "STORE", "SHOP", "ROOM", "AREA", "BUILDING"}
#: Seen or surrounded, but not taken: POLICE HAVE IT SURROUNDED.
WATCHED = frozenset(
    {"SURROUNDED", "PINNED", "CAMERA", "VIDEO", "SIGHT", "VIEW", "GUNPOINT", "COVERED", "CONTAINED"}
)
AGAIN_WITHIN = 6  # tokens
WHOSE = frozenset({"HIS", "HER", "THEIR"})
OPENERS = frozenset(
    {"IF", "WHETHER", "WHERE", "WHO", "WHY", "WHAT", "HOW", "LOCATION", "DIRECTION", "MALE", "FEMALE"}
)


def _fits(scene: Scene, hit: Hit[Cue], match: Match, content: int, said: Container[str]) -> bool:
    """Whether a backward cue governs the mention after that many words between."""
    cue = hit.rule
    if content > cue.scope or not _suits(scene, hit, match, said):
        return False
    first = scene.tokens[hit.first]
    field_sign = hit.first == match.last and first.sep in FIELD and bool(first.sep)
    last = ends(scene, hit.last)
    if first.gap == HARD and cue.asserts is Assertion.HYPOTHETICAL:
        return False  # STABBED HIMSELF - IF POSS SEND A SUPERVISOR
    if (cue.asserts is not None and not is_value(scene, hit, match)) or (
        cue.past and grave(match) and not _past(scene, match)
    ):
        return False
    if cue.at_end and not (field_sign or answered(scene, hit, match, last=last)):
        return False
    if not last and not field_sign and scene.tokens[hit.last].norm in OPENERS:
        return False
    if cue.asserts is Assertion.UNKNOWN and not last and scene.tokens[hit.last].norm in WHOSE:
        return False  # I DONT KNOW HIS NAME
    # across a comma only an answer that stands by itself: WEAPONS, NONE; or what tells where a thing is
    apart = cue.asserts is Assertion.AFFIRMED or cue.comma or cue.past
    return first.gap == SPACE or field_sign or last or apart


def _suits(scene: Scene, hit: Hit[Cue], match: Match, said: Container[str]) -> bool:
    """Whether the cue may speak of this mention, told as it is, wherever it stands."""
    cue, tokens = hit.rule, scene.tokens
    if not concerns(scene, cue, match) or (cue.willed and not _willed(scene, match)):
        return False
    if cue.after and not any(each in said for each in cue.after):
        return False
    if (cue.of and _lasts(scene, hit, match.last)) or (cue.done and not _done(scene, match)):
        return False
    if (cue.id == "LIST_NO" and not _label(scene, match)) or (cue.id == "DATE" and not _dated(scene, hit)):
        return False
    if cue.access is not None and any(token.norm in WATCHED for token in tokens[hit.last : hit.last + 3]):
        return False
    part = hit.last < len(tokens) and not tokens[hit.last].gap and tokens[hit.last].norm in COMPOUNDS
    return not (part and cue.asserts in {Assertion.HISTORICAL, Assertion.NEGATED})


def _lasts(scene: Scene, hit: Hit[Cue], first: int) -> bool:
    """Whether it is not over, or came again: BLEEDING HAS NOT STOPPED, STOPPED THEN STARTED AGAIN."""
    before = scene.tokens[max(first, hit.first - 3) : hit.first]
    after = scene.tokens[hit.last : hit.last + AGAIN_WITHIN]
    return any(token.norm in NOT_OVER for token in before) or any(token.norm in ANEW for token in after)


def _worse_after(scene: Scene, hit: Hit[Cue], match: Match) -> bool:
    """Whether more of the same is told after it: NOW AWAKE. NOT BREATHING AGAIN."""
    return any(
        other.first >= hit.last
        and other.phrase.concept == match.phrase.concept
        and other.phrase.asserts is not Assertion.NEGATED
        for other in scene.matches
    )


def _label(scene: Scene, match: Match) -> bool:
    """Whether the mention is one of several labels that one answer follows: SI/HI/WPNS: N N N."""
    tokens = scene.tokens
    if not (
        match.phrase.generic or tokens[match.first].norm in roles().listed or match.last - match.first == 1
    ):
        return False
    begins = match.first == scene.clauses[match.first] or match.first - 1 in scene.owner
    return begins or tokens[match.first].sep in {"/", ":"} or tokens[match.first - 1].norm in roles().listed


def _dated(scene: Scene, hit: Hit[Cue]) -> bool:
    """Whether the numbers of the cue are a date: ON 3/12."""
    return any(
        token.sep in {"/", "-"} and bool(token.sep) for token in scene.tokens[hit.first + 1 : hit.last]
    )


def _past(scene: Scene, match: Match) -> bool:
    """Whether the mention's clause tells what was."""
    near = scene.tokens[scene.clauses[match.first] : match.first]
    return any(token.norm in PAST for token in near)


def _done(scene: Scene, match: Match) -> bool:
    """Whether the mention itself is a deed in the past tense: PUNCHED HER, THREW A PLATE."""
    words = (token.norm for token in scene.tokens[match.first : match.last])
    return any(word in roles().deeds or word.endswith("ED") for word in words)


def _willed(scene: Scene, match: Match) -> bool:
    """Whether the mention is told as something to come, or as a habit: WILL, GETS."""
    tokens = scene.tokens
    near = tokens[max(scene.clauses[match.first], match.first - 4) : match.last]
    return any(token.norm in roles().willing for token in near)


def _opens(scene: Scene, at: int, match: Match) -> bool:
    """Whether a cue that could speak of the mention begins at tokens[at]; one of medicines bounds no weapon's scope."""
    return any(
        heard.hit.first == at and not heard.hit.rule.over and concerns(scene, heard.hit.rule, match)
        for last in range(at, min(at + LONGEST, len(scene.tokens)))
        for heard in scene.forward.get(last, ())
        if heard.hit.rule.asserts not in {None, Assertion.HISTORICAL}
    )


def backward_cue(scene: Scene, match: Match, said: Container[str] = ()) -> Hit[Cue] | None:
    """The nearest cue after the mention that governs it; said: what cues before it assert, and their ids."""
    content = 0
    known, backward = roles(), scene.backward
    for at in range(match.last, min(len(scene.tokens), match.last + REACH // 2)):
        token = scene.tokens[at]
        if token.gap == HARD and not (token.sep in FIELD and token.sep and at == match.last):
            return None
        beyond = token.gap == SOFT and content > 0  # only what tells of a later state reaches over
        fitting = [
            hit
            for hit in backward.get(at, ())
            if (hit.rule.recency or not beyond) and _fits(scene, hit, match, content, said)
        ]
        if fitting:
            return max(fitting, key=lambda hit: (hit.last, hit.rule.firm))
        accompanied = scene.tokens[at - 1].norm == "WITH" and token.norm in known.kin
        bound = token.norm in known.contrast or (token.norm in known.subjects and not accompanied)
        if beyond or bound or (at in scene.openings and _opens(scene, at, match)):
            return None
        if token.norm in known.copulas or token.norm in known.light or token.norm in known.alternatives:
            continue
        if token.norm in known.listed or at in scene.owner:
            if token.gap != SOFT and token.sep != "/" and scene.tokens[at - 1].norm not in known.alternatives:
                content += 2
            continue
        content += 2 if token.norm in known.joins else 1
    return None


def later_cue(scene: Scene, match: Match) -> Hit[Cue] | None:
    """The nearest cue in a later clause that tells how it ended."""
    ends = (
        hit
        for hits in scene.backward.values()
        for hit in hits
        if hit.rule.later
        and match.last <= hit.first < match.last + 2 * REACH
        and concerns(scene, hit.rule, match)
        and not (hit.rule.of and (_lasts(scene, hit, match.last) or _worse_after(scene, hit, match)))
    )
    return min(ends, key=lambda hit: hit.first, default=None)

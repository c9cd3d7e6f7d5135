"""Which words answer the field before them: WPNS: NO, SI Y HI N; not in HAS GUN - NO INJURIES."""

from triage.cues import Cue
from triage.normalize import ANSWERS, HARD, SOFT
from triage.patterns import Hit
from triage.phrases import Match
from triage.scene import Scene
from triage.words import roles

FIELD = frozenset(":-=?")
LETTERS = frozenset({"N", "Y", "0"})
#: Answers that may as well open what follows: NO INJURIES, UNK DIRECTION, POSS RELATED.
OPENING = frozenset(
    {"NO", "NEG", "NEGATIVE", "UNKNOWN", "UNSURE", "POSSIBLE", "POSSIBLY", "UNCONFIRMED", "DENIED", "DENIES"}
    | {"HISTORY"}
)
#: What may follow an answer without being answered by it: UNK AT THIS TIME, DENIED TO OFFICERS.
AFTER_ANSWER = frozenset(
    {"AT", "BY", "TO", "PER", "THIS", "TODAY", "TONIGHT", "NOW", "YET", "SO", "BUT", "THO"}
)


def ends(scene: Scene, last: int) -> bool:
    """Whether tokens[last] begins another clause, or nothing follows."""
    tokens = scene.tokens
    return last >= len(tokens) or tokens[last].gap >= SOFT or tokens[last].norm in roles().joins | {"PER"}


def is_value(scene: Scene, hit: Hit[Cue], match: Match) -> bool:
    """Whether a word after a field sign answers the mention: not in HAS GUN - NO INJURIES, where it opens the next.

    An answer stands by itself, or the next field follows it (WPNS: NO INJ: NO), or the mention is plainly a label:
    it begins its clause, a colon follows, and what comes next is no mention of its own.
    """
    tokens = scene.tokens
    sign = tokens[hit.first]
    if (
        (sign.norm == "UNKNOWN" and sign.end - sign.start == 1)  # AGGRESSIVE: ?
        or tokens[hit.last - 1].norm not in OPENING
        or ends(scene, hit.last)
        or (sign.norm == "UNKNOWN" and match.phrase.generic and tokens[hit.last].norm in {"NO", "NEG", "NOT"})
        or tokens[hit.last].norm in AFTER_ANSWER
    ):
        return True
    if tokens[match.last - 1].norm in roles().checked and _next_answered(scene, hit.last):
        return True
    for at in range(hit.last + 1, min(hit.last + 4, len(tokens))):
        if tokens[at].sep and tokens[at].sep in FIELD and tokens[at].norm in ANSWERS:
            return tokens[at].gap < HARD or ends(
                scene, at + 1
            )  # DRUNK - NEG INJ - NEG WPNS: each opens its own
        if tokens[at].gap >= SOFT:
            break
    label = match.phrase.generic and not is_sentence(scene, match)
    begins = label and match.first == scene.clauses[match.first]
    return begins and tokens[hit.first].sep in {":", "="} and hit.last not in scene.owner


def answered(scene: Scene, hit: Hit[Cue], match: Match, *, last: bool) -> bool:
    """Whether a word without a sign answers the mention: SI Y HI N WPNS N; elsewhere N is as well a direction."""
    tokens = scene.tokens
    letter = tokens[hit.first].norm in LETTERS
    listed = match.first > 0 and letter and tokens[match.first - 1].norm in LETTERS and match.phrase.generic
    if hit.first == match.last and (listed or tokens[match.last - 1].norm in roles().checked):
        return last or _next_answered(scene, hit.last)
    if hit.first == match.last and letter and match.phrase.generic and _next_answered(scene, hit.last):
        return True
    alone = hit.first == match.last and match.first == scene.clauses[match.first] and match.phrase.generic
    return last and (not letter or (alone and (hit.last >= len(tokens) or tokens[hit.last].gap == HARD)))


def _next_answered(scene: Scene, at: int) -> bool:
    """Whether the next field of a list follows with an answer of its own: SI NEG HI NEG."""
    following = scene.owner.get(at)
    if following is None or following.last >= len(scene.tokens):
        return False
    word = scene.tokens[following.last].norm
    return word in LETTERS or (word in ANSWERS and ends(scene, following.last + 1))


def is_answer(scene: Scene, hit: Hit[Cue]) -> bool:
    """Whether the cue is the value of the field before it, as in ARMAS: NO ALCOHOL: SI."""
    first = scene.tokens[hit.first]
    if hit.first == 0 or not first.sep or first.sep not in FIELD:
        return False
    if first.gap == HARD and first.sep == "-" and not ends(scene, hit.last):
        return False  # IS BREATHING - NO WEAPONS: the dash parts two statements
    return hit.first - 1 in scene.owner or scene.tokens[hit.first - 1].norm in roles().listed


def is_sentence(scene: Scene, match: Match) -> bool:
    """Whether the mention is told with a verb of its own: SE QUIERE MATAR."""
    words = scene.tokens[match.first : match.last]
    return len(words) > 1 and any(token.norm in roles().predicates for token in words[:2])

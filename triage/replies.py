"""What was answered to a question about a mention: IS HE ARMED NO, ASKED IF HE HAS GUNS AND SHE SAID NO."""

from collections.abc import Sequence
from typing import NamedTuple

from models.assessment import Assertion
from triage.normalize import HARD, Token
from triage.phrases import Match
from triage.scene import Scene
from triage.words import roles

BEFORE = 8  # tokens before the mention among which its question opens
AFTER = 12  # tokens after it among which the answer is looked for

INVERTED = frozenset({"IS", "ARE", "AM", "WAS", "WERE", "DO", "DOES", "DID", "HAS", "HAVE", "HAD"})
PERSONS = frozenset({"YOU", "HE", "SHE", "THEY", "IT", "ANYONE", "ANYTHING", "THERE", "I"})
YOU = frozenset({"YOU", "HE", "SHE", "THEY"})
DETERMINERS = frozenset({"THE", "YOUR", "HIS", "HER", "THAT", "THIS", "ANY"})
#: Before these words stands a question about a thing, not whether it is so.
ASKS_ELSE = frozenset(
    {"WHERE", "WHO", "WHAT", "WHY", "HOW", "WHEN", "ONLY", "SO", "NOR", "NEITHER", "HERE", "ONCE"}
)
DESK = frozenset(
    {"DISPATCHER", "DISPATCH", "OPERATOR", "CALLTAKER", "TELECOMMUNICATOR", "SIR", "MAAM", "CT", "Q"}
)
THAT = frozenset({"IF", "WHETHER", "THINK", "BELIEVE", "SI"})

NO = frozenset({"NO", "NOPE", "NAH", "NAW", "NEGATIVE", "NEG", "NOBODY", "NADA"})
YES = frozenset({"YES", "YEAH", "YEP", "YUP", "YEA", "AFFIRMATIVE", "CORRECT", "AFFIRM"})
DOUBT = frozenset({"DUNNO", "IDK", "MAYBE", "UNKNOWN", "UNSURE", "POSSIBLY", "PROBABLY"})
#: NO IDEA, NO WAIT: no answer in the negative.
NO_ANSWER = frozenset(
    ["IDEA", "CLUE", "ANSWER", "RESPONSE", "REPLY", "WAIT", "COMMENT", "SE", "SABE", "SURE", "THAT", "REALLY"]
)
#: These state something by themselves.
CLAUSES = frozenset({"HES", "SHES", "THEYRE", "THERES", "ITS", "IM", "IVE"})
STATED = frozenset({"I", "IT", "THERE", "WE"})
#: What is cried out at somebody is a threat and no question of the desk.
CRIES = frozenset({"SHOUTED", "SHOUTING", "YELLED", "YELLING", "YELLS", "SCREAMED", "SCREAMING", "SAYING"})
TELLS = frozenset(
    [
        *["SAID", "SAYS", "STATES", "STATED", "ANSWERED", "ANSWERS", "REPLIED", "REPLIES", "RESPONDED"],
        *["ADVISED", "ADVISES", "TOLD", "DIJO", "DICE", "CONTESTO", "CLAIMS", "SHOOK", "NODDED"],
    ]
)


#: Every other word neither opens a question nor ends the search for its opening.
TURNS = INVERTED | YES | NO | DOUBT | CLAUSES | STATED | {"ANY"}


class Reply(NamedTuple):
    """How the question was answered, and the tokens that say so."""

    assertion: Assertion
    cue: tuple[int, int]


def reply(scene: Scene, match: Match) -> Reply | None:
    """The answer to the question that the mention stands in; unknown while there is none; None where nobody asks."""
    asked = match.last < len(scene.tokens) and scene.tokens[match.last].sep == "?"
    if asked:
        return _answer(scene.tokens[: match.last + BEFORE], match.last)
    opened = _opening(scene, match)
    if opened is None:
        return None
    return _answer(scene.tokens, match.last) or Reply(Assertion.UNKNOWN, (opened, opened + 1))


def answer_told(scene: Scene, match: Match) -> Reply | None:
    """The answer that is told after ASKED IF: SHE SAID NO, DIJO QUE NO, DENIED."""
    tokens = scene.tokens
    for at in range(match.last, min(match.last + AFTER, len(tokens))):
        word = tokens[at].norm
        if word in {"DENIED", "DENIES", "NIEGA", "NEGO"}:
            return Reply(Assertion.NEGATED, (at, at + 1))
        if word in TELLS or (tokens[at].gap and word in NO | YES):
            first = at + (word in TELLS)
            said = (_said(tokens, here) for here in range(first, min(first + 3, len(tokens))))
            return next((each for each in said if each is not None), None)
        if tokens[at].gap == HARD:
            return None
    return None


def _opening(scene: Scene, match: Match) -> int | None:
    """The token that opens the question in which the mention stands: IS HE, DO YOU, OPERATOR ANY."""
    tokens, known = scene.tokens, roles()
    for at in range(match.first - 1, max(-1, match.first - BEFORE), -1):
        if tokens[at + 1].gap == HARD:
            return None
        word, after = tokens[at].norm, tokens[at + 1].norm
        if word not in TURNS and word not in known.people and word not in known.pronouns:
            continue
        before = tokens[at - 1].norm if at and tokens[at].gap < HARD else ""
        if word in INVERTED:
            if before in ASKS_ELSE or before in TELLS or before in CRIES:
                return None
            begins = before == "" or before in DESK
            had = word in {"HAS", "HAVE", "HAD", "WAS", "WERE"}
            spoken = before not in known.subjects and before not in known.people
            there = after == "THERE" and tokens[at + 2].norm not in {"A", "AN", "ANY", "ANYONE"}
            if after in PERSONS and spoken and not there and not (had and after not in YOU):
                return at
            thing = after in DETERMINERS or after in known.people or after in known.subjects
            if begins and thing and not had and _answer(tokens, match.last) is not None:
                return at
        elif word == "ANY" and (
            before in DESK
            or (not before and _answer(tokens, match.last) is not None)
            or (at + 1 == match.first and _answered_at_once(scene, match))
        ):
            return at
        elif word in YES | NO | DOUBT or _states(scene, at, before):
            return None
    return None


def _answered_at_once(scene: Scene, match: Match) -> bool:
    """Whether yes or no follows at once and begins no other statement: ANY WEAPONS NO HES GOT A SKATEBOARD."""
    tokens, at = scene.tokens, match.last
    if at >= len(tokens) or tokens[at].gap == HARD or _said(tokens, at) is None:
        return False
    return at + 1 == len(tokens) or (at + 1 not in scene.owner and at not in scene.owner)


def _states(scene: Scene, at: int, before: str) -> bool:
    """Whether tokens[at] is the subject of a statement: HE HAS, MY SON IS; not of the question DOES HE."""
    if before in INVERTED or before in THAT:
        return False
    word, known = scene.tokens[at].norm, roles()
    told_of = word in known.pronouns or word in known.people or word in STATED
    after = scene.tokens[at + 1].norm
    return word in CLAUSES or (told_of and (word in known.pronouns or after in known.predicates))


def _answer(tokens: Sequence[Token], start: int) -> Reply | None:
    """The first answer after a question, before anything is stated."""
    for at in range(start, min(start + AFTER, len(tokens))):
        if tokens[at].gap == HARD and tokens[at].sep not in {"?", "-"}:
            return None
        said = _said(tokens, at)
        if said is not None:
            return said
        if tokens[at].norm in CLAUSES:
            return None
    return None


def _said(tokens: Sequence[Token], at: int) -> Reply | None:
    """The answer that tokens[at] begins."""
    word = tokens[at].norm
    after = tokens[at + 1].norm if at + 1 < len(tokens) else ""
    doubted = word in {"DONT", "CANT", "DOESNT", "DIDNT"} and after in {"KNOW", "TELL", "SAY", "THINK", "SEE"}
    if word in DOUBT or doubted or (word in {"NO", "NOT"} and after in NO_ANSWER):
        return Reply(Assertion.UNKNOWN, (at, at + 1))
    if word == "SI" and at and tokens[at - 1].norm == "QUE" and (not after or tokens[at + 1].gap):
        return Reply(Assertion.AFFIRMED, (at, at + 1))
    if word in NO:
        return Reply(Assertion.NEGATED, (at, at + 1))
    return Reply(Assertion.AFFIRMED, (at, at + 1)) if word in YES else None

"""How a mention stands for the subject of the call, now: one of six assertions, with the words that decided."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from models.assessment import Access, Assertion, Recency
from triage.cues import Cue, Heard, find_cues
from triage.normalize import HARD, SOFT, SPACE, Token
from triage.patterns import Hit
from triage.phrases import DANGERS, Match, Phrase, lexicon
from triage.words import roles

REACH = 14  # tokens a cue is looked for on either side
FIELD = frozenset(":-=?")
#: After these an UNK speaks of what follows: KNIFE UNK IF HE LEFT.
OPENERS = frozenset(
    {"IF", "WHETHER", "WHERE", "WHO", "WHY", "WHAT", "HOW", "LOCATION", "DIRECTION", "MALE", "FEMALE"}
)


class Verdict(NamedTuple):
    """The assertion of one mention; cue is a half-open range of tokens."""

    assertion: Assertion
    rule: str
    cue: tuple[int, int] | None = None
    access: Access | None = None
    recency: Recency = Recency.UNKNOWN


@dataclass
class Scene:
    """The tokens of one entry with everything found in them."""

    tokens: Sequence[Token]
    matches: Sequence[Match]
    asked: bool = False  # the entry ends with a question mark
    base: int = 0  # where the tokens' offsets begin in the entry
    owner: dict[int, Match] = field(init=False)  # token -> a mention that covers it
    first_person: int = field(init=False)  # first token that names somebody who can be the subject

    def __post_init__(self) -> None:
        self.owner = {at: match for match in self.matches for at in range(match.first, match.last)}
        people = roles().people
        self.first_person = next(
            (at for at, t in enumerate(self.tokens) if t.norm in people), len(self.tokens)
        )

    @cached_property
    def _cues(self) -> tuple[dict[int, list[Heard]], dict[int, list[Hit[Cue]]]]:
        return find_cues(self.tokens)

    @property
    def forward(self) -> dict[int, list[Heard]]:
        """Cues that look ahead, by their last token."""
        return self._cues[0]

    @property
    def backward(self) -> dict[int, list[Hit[Cue]]]:
        """Cues that look back, by their first token."""
        return self._cues[1]

    def consumed(self, cue: Hit[Cue], match: Match) -> bool:
        """Whether the cue's words belong to another phrase, as NO does in NO MEDS."""
        holder = self.owner.get(cue.first)
        return (
            holder is not None
            and holder.last >= cue.last
            and holder.last - holder.first > cue.last - cue.first
            and holder.last < match.first
            and self.tokens[holder.last].norm not in roles().alternatives
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


def _adjectival(scene: Scene, match: Match) -> bool:
    """Whether the mention reads as a predicate, which a list of things does not contain."""
    word = scene.tokens[match.first].norm
    known = roles()
    return (
        word in known.adjectives
        or word in known.predicates
        or (word.endswith(("ING", "ED")) and not match.phrase.generic)
        or match.phrase.access is Access.IN_HAND
    )


def _follows(scene: Scene, hit: Hit[Cue], subject: int) -> bool:
    """Whether a new subject opens the clause that the cue governs: DENIES THAT HE HAS."""
    return subject == hit.last or (subject == hit.last + 1 and scene.tokens[hit.last].norm in {"THAT", "QUE"})


def _passes(scene: Scene, cue: Cue, hit: Hit[Cue], match: Match, path: _Path) -> bool:
    """Whether a forward cue still governs the mention after what lies between."""
    if cue.only and match.phrase.concept not in cue.only:
        return False
    complement = path.subject is None or _follows(scene, hit, path.subject)
    if cue.clause and not path.comma and path.content <= cue.scope + 3:
        if complement or path.content + 2 <= cue.scope:
            return not (path.joined and _adjectival(scene, match))
        return False
    if path.foreign or path.content > cue.scope:
        return False
    if path.subject is not None and not (cue.subject and complement and not path.comma):
        return False
    if path.predicate and not cue.predicate:
        return False
    if path.alternative:
        return True
    if (path.joined or path.comma) and _adjectival(scene, match):
        return False
    if path.comma and cue.asserts is not Assertion.NEGATED:
        return False
    return not (
        path.comma and match.phrase.concept in DANGERS and not match.phrase.generic and cue.scope == 0
    )


def _step(scene: Scene, at: int, match: Match, path: _Path) -> bool:
    """Walk over tokens[at] leftwards; False when no scope reaches beyond it."""
    known = roles()
    word = scene.tokens[at].norm
    if word in known.contrast:
        return False
    if word in known.alternatives:
        path.alternative = path.alternative or at == match.first - 1 or path.content == 0
    elif word in known.joins:
        path.joined = True
    elif word in known.subjects:
        if path.subject is not None:
            path.content += 1
        path.subject = at
    elif word in known.predicates:
        path.predicate = True
    elif at in scene.owner and scene.owner[at] is not match:
        listed = path.comma or path.joined or path.alternative or scene.tokens[at + 1].sep == "/"
        both = scene.owner[at].phrase.generic and match.phrase.generic
        path.foreign = path.foreign or not (listed or both)
    elif word not in known.light and word not in known.listed:
        path.content += 1
    return True


def _forward(scene: Scene, match: Match) -> list[Hit[Cue]]:
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
            path.alternative = path.alternative or gap.sep == "/"
        hit = next((each.hit for each in scene.forward.get(at, ()) if each.before(match.first)), None)
        if hit is not None and not scene.consumed(hit, match):
            if hit.rule.asserts is None:
                path.content += hit.last - hit.first
            elif _passes(scene, hit.rule, hit, match, path):
                found.append(hit)
            elif hit.rule.asserts is Assertion.NEGATED:
                path.foreign = True  # a nearer negation ended here: a farther one does not jump over it
            at = hit.first - 1
            continue
        if not _step(scene, at, match, path):
            break
        at -= 1
    return found


def _ends(scene: Scene, last: int) -> bool:
    """Whether tokens[last] begins another clause, or nothing follows."""
    tokens = scene.tokens
    return last >= len(tokens) or tokens[last].gap >= SOFT or tokens[last].norm in roles().joins


def _backward_fits(scene: Scene, hit: Hit[Cue], match: Match, content: int) -> bool:
    cue = hit.rule
    if content > cue.scope or (cue.only and match.phrase.concept not in cue.only):
        return False
    first = scene.tokens[hit.first]
    field_sign = hit.first == match.last and first.sep in FIELD and bool(first.sep)
    if cue.at_end and not (field_sign or (_ends(scene, hit.last) and first.norm not in {"N", "Y"})):
        return False
    if cue.at_end and first.norm == "Y" and not field_sign:
        return False
    ends = _ends(scene, hit.last)
    if not ends and scene.tokens[hit.last].norm in OPENERS:
        return False
    # across a comma only an answer that stands by itself: WEAPONS, NONE
    return first.gap == SPACE or field_sign or ends


def _backward(scene: Scene, match: Match) -> Hit[Cue] | None:
    """The nearest cue after the mention that governs it."""
    content = 0
    known = roles()
    for at in range(match.last, min(len(scene.tokens), match.last + REACH // 2)):
        token = scene.tokens[at]
        if token.gap == HARD and not (token.sep in FIELD and token.sep and at == match.last):
            return None
        hits = scene.backward.get(at, ())
        fitting = [hit for hit in hits if _backward_fits(scene, hit, match, content)]
        if fitting:
            return max(fitting, key=lambda hit: hit.last)
        if token.norm in known.contrast or token.norm in known.subjects:
            return None
        if token.norm in known.copulas or token.norm in known.light or token.norm in known.alternatives:
            continue
        if token.norm in known.listed or at in scene.owner:
            if token.gap != SOFT and token.sep != "/" and scene.tokens[at - 1].norm not in known.alternatives:
                content += 2
            continue
        content += 1
        if token.norm in known.joins:
            content += 1
    return None


def _named_place(scene: Scene, match: Match) -> bool:
    """KNIFE RD and GUN CLUB are no weapons."""
    known, tokens = roles(), scene.tokens
    if match.phrase.concept not in DANGERS or match.last >= len(tokens) or tokens[match.last].gap >= SOFT:
        return False
    if match.last - match.first > 2 or match.phrase.access is not Access.UNKNOWN:
        return False
    word = tokens[match.last].norm
    before = tokens[match.first - 1].norm if match.first else ""
    if (
        before in {"HAS", "A", "WITH", "HIS", "HER", "HAD", "THE", "HOLDING", "NO"}
        and word not in known.shops
    ):
        return False
    return word in known.street_after or word in known.shops


def _somebody_else(scene: Scene, match: Match) -> tuple[int, int] | None:
    """Tokens that name the other person whose state this is, if it is not the subject's."""
    known, tokens = roles(), scene.tokens
    at = match.first - 1
    for _ in range(5):
        if at < 0 or tokens[at + 1].gap == HARD or (tokens[at + 1].gap == SOFT and at < match.first - 1):
            return None
        word = tokens[at].norm
        related = word in known.kin and at and tokens[at - 1].norm in known.owners
        if related and match.phrase.concept not in DANGERS:
            return (at - 1, at + 1) if scene.first_person < at - 1 else None
        if word in known.bystanders:
            return (at, at + 1) if scene.first_person < at else None
        if word not in known.copulas:
            return None
        at -= 1
    return None


def _from_cues(scene: Scene, match: Match) -> Verdict | None:
    forward = _forward(scene, match)
    backward = _backward(scene, match)
    nearest = forward[0] if forward else None
    if nearest is not None and len(forward) > 1 and forward[1].rule.asserts is not None:
        outer = forward[1]
        # DENIES HX OF, UNK IF HX OF: the outer cue speaks of the inner one
        if nearest.rule.asserts is Assertion.HISTORICAL and outer.last == nearest.first:
            nearest = outer
    chosen = (
        backward if backward is not None and (nearest is None or _outranks(backward, nearest)) else nearest
    )
    if chosen is None or chosen.rule.asserts is None:
        return None
    if chosen.rule.asserts is Assertion.AFFIRMED and nearest is not None:
        chosen = nearest
    cue = chosen.rule
    recency = cue.recency or (Recency.PAST if cue.asserts is Assertion.HISTORICAL else Recency.UNKNOWN)
    return Verdict(cue.asserts or Assertion.UNKNOWN, cue.id, (chosen.first, chosen.last), cue.access, recency)


def _outranks(backward: Hit[Cue], forward: Hit[Cue]) -> bool:
    """NO WEAPONS SEEN is weaker than NO WEAPONS; a secured weapon is secured whoever saw it."""
    return backward.rule.asserts is not Assertion.NEGATED or forward.rule.asserts is not Assertion.UNKNOWN


def decide(scene: Scene, match: Match) -> Verdict:
    """The assertion of one mention in its entry. An affirmed danger is never lost to a distant cue."""
    phrase, tokens = match.phrase, scene.tokens
    if _named_place(scene, match):
        return Verdict(Assertion.NEGATED, "NAME", (match.last, match.last + 1))
    verdict = _from_cues(scene, match)
    if phrase.asserts is not None and (verdict is None or phrase.asserts is not Assertion.AFFIRMED):
        return Verdict(phrase.asserts, "FIXED", None, None, _recency_of(phrase.asserts))
    asked = tokens[match.last].sep == "?" if match.last < len(tokens) else scene.asked
    if verdict is None and asked:
        return Verdict(Assertion.UNKNOWN, "QUESTION")
    if verdict is None or verdict.assertion in {Assertion.AFFIRMED, Assertion.UNKNOWN}:
        other = _somebody_else(scene, match)
        if other is not None:
            return Verdict(Assertion.OTHER_PERSON, "OTHER_PERSON", other)
    return verdict or Verdict(Assertion.AFFIRMED, "PLAIN", None, None, Recency.CURRENT)


def _recency_of(assertion: Assertion) -> Recency:
    if assertion is Assertion.AFFIRMED:
        return Recency.CURRENT
    return Recency.PAST if assertion is Assertion.HISTORICAL else Recency.UNKNOWN


def scene_of(text: str, base: int = 0) -> Scene:
    """Everything found in one entry, or in a stretch of it that begins at base. O(len(text))."""
    book = lexicon()
    tokens = book.reader.tokens(text)
    asked = bool(tokens) and "?" in text[tokens[-1].end : tokens[-1].end + 3]
    return Scene(tokens, book.matches(tokens), asked, base)


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
        if match.phrase.concept == concept and match.first <= covered[-1] and match.last > covered[0]
    ]
    if known:
        best = max(known, key=lambda match: min(match.last, covered[-1] + 1) - max(match.first, covered[0]))
        return decide(scene, best).assertion
    phrase = Phrase(id=f"{concept}.given", concept=concept, severity=1, weight=0.0)
    return decide(scene, Match(covered[0], covered[-1] + 1, phrase)).assertion

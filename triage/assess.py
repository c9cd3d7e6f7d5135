"""The public functions: the words of a call in, its assessment out."""

import hashlib
import re
from collections.abc import Sequence
from typing import NamedTuple

from models.assessment import (
    Assertion,
    Assessment,
    Entry,
)
from triage.assertions import decide
from triage.classifier import Classifier, Unfit, classifier
from triage.context import Sign, context_of, signs_in
from triage.evidence import MOST, TOO_MANY, Found, dangers_of, found_in, mention_of, told_together
from triage.flood import Allowance, packaged, stretches
from triage.gates import gates_of
from triage.judgement import Seen, artefact, judged, seen, threshold
from triage.languages import language_of
from triage.natures import NatureReading, own_in, read_nature
from triage.need import policy
from triage.normalize import Token
from triage.overlay import Overlay, marked
from triage.questions import gaps_of, questions_of
from triage.risk import risk_of
from triage.scene import Scene, scene_of
from triage.vocabulary import unknown_in

_LETTERS = re.compile(r"[^\W_]+")


class _Reading(NamedTuple):
    tokens: Sequence[Token]
    found: list[Found]
    own: list[Found]  # by the center's phrases
    signs: list[Sign]
    language: str
    unreadable: str | None


def assess(narrative: str, nature: str = "") -> Assessment:
    """What one narrative says, read as a single entry. Pure, deterministic, never raises on text."""
    return assess_entries((Entry(text=narrative),), nature)


def assess_many(items: Sequence[tuple[str, str]]) -> list[Assessment]:
    """Assessments of (narrative, nature) pairs, in their order."""
    return [assess(narrative, nature) for narrative, nature in items]


def assess_entries(entries: Sequence[Entry], nature: str = "", overlay: Overlay | None = None) -> Assessment:
    """What the entries of one call say together; an entry is a hard boundary of every cue's scope.

    Offsets of mentions are code points into the entry's original text; entry -1 is the nature. Of a call longer
    than the policy's limit the newest text is read whole, the rest for what closes a gate (truncated is then set).
    The overlay is what the center added to the packaged phrases.
    """
    return _concluded(_read(entries, nature, overlay), classifier(), overlay)


def assess_with(
    fitted: Classifier, entries: Sequence[Entry], nature: str = "", overlay: Overlay | None = None
) -> Assessment:
    """The same by another classifier, e.g. a challenger of the one in service."""
    return _concluded(_read(entries, nature, overlay), fitted, overlay)


def artefact_with(overlay: Overlay | None, fitted: Classifier | Unfit | None = None) -> str:
    """What produces an assessment: the packaged rules and weights, and the center's phrases where it has any."""
    told = artefact(fitted or classifier())
    if overlay is None:
        return told
    return hashlib.sha256(f"{told} {overlay.digest}".encode()).hexdigest()[:16]


def seen_in(entries: Sequence[Entry], nature: str = "") -> Seen:
    """What a classifier is trained on: exactly what one in service is given."""
    return _seen(_read(entries, nature))


class _Call(NamedTuple):
    found: list[Found]  # the silent phrases too
    readings: Sequence[_Reading]
    kind: NatureReading
    truncated: bool

    @property
    def spoken(self) -> list[Found]:
        return [each for each in self.found if not each.phrase.silent]

    @property
    def signs(self) -> list[Sign]:
        return [sign for reading in self.readings for sign in reading.signs]


def _read(entries: Sequence[Entry], nature: str, overlay: Overlay | None = None) -> _Call:
    kind = read_nature(nature)
    readings, truncated = _read_all(entries, overlay)
    found = told_together([*kind.found, *(each for reading in readings for each in reading.found)])
    in_nature = own_in(nature, overlay) if overlay else []
    own = [*in_nature, *(each for reading in readings for each in reading.own)]
    return _Call(_merged(found, own) if own else found, readings, kind, truncated)


def _merged(found: Sequence[Found], own: Sequence[Found]) -> list[Found]:
    """All mentions in the order of the text."""
    return sorted([*found, *own], key=lambda each: (each.mention.entry, each.mention.start, each.mention.end))


def _seen(call: _Call) -> Seen:
    weight = sum(sign.weight for sign in call.signs)
    return seen(call.spoken, call.kind, [reading.tokens for reading in call.readings], weight)


def _concluded(call: _Call, fitted: Classifier | Unfit, overlay: Overlay | None) -> Assessment:
    signs, readings = call.signs, call.readings
    mentions, need, indicators = judged(_seen(call), fitted)
    weighted = [Found(mention, each.phrase) for mention, each in zip(mentions, call.spoken, strict=True)]
    dangers = dangers_of(weighted)
    context = context_of(signs, [reading.language for reading in readings])
    risk = risk_of(mentions)
    reason = _flag_reason(weighted, signs, flagged=need >= threshold(fitted))
    unreachable = any(sign.field == "unreachable" for sign in signs)
    gaps = gaps_of(indicators, dangers, context, risk, unreachable=unreachable)
    return Assessment(
        need=need,
        flag=reason is not None,
        flag_reason=reason,
        indicators=indicators,
        dangers=dangers,
        mentions=mentions,
        context=context,
        gates=gates_of(
            call.found,
            [reading.unreadable for reading in readings if reading.unreadable],
            unreachable=unreachable,
        ),
        risk=risk,
        info_gaps=gaps,
        questions=questions_of(gaps),
        entries=len(readings),
        truncated=call.truncated,
        words=sum(len(reading.tokens) for reading in readings),
        unknown_words=sum(unknown_in(reading.tokens, overlay) for reading in readings),
        artefact=artefact_with(overlay, fitted),
    )


def _read_all(entries: Sequence[Entry], overlay: Overlay | None) -> tuple[list[_Reading], bool]:
    """Readings of all entries in order; whether some text was read for dangers only."""
    left = policy().full_text
    allowance, own_allowance = (Allowance(whole=MOST, older=policy().most_mentions) for _ in range(2))
    readings = []
    truncated = False
    for number in range(len(entries) - 1, -1, -1):
        text = entries[number].text
        cut = _word_border(text, max(0, len(text) - max(left, 0)))
        left -= len(text)
        truncated = truncated or cut > 0
        older, unread = _dangers_before(text, cut, number, allowance)
        scene = scene_of(text[cut:], cut) if cut < len(text) else Scene((), ())
        newest = found_in(scene, number, most=allowance.whole)
        allowance.whole -= len(newest)
        own: list[Found] = []
        if overlay is not None:
            own, more = _dangers_before(text, cut, number, own_allowance, overlay)
            unread = unread or more
            own = [*map(marked, own), *overlay.found_in(scene, number)]
        readings.append(
            _Reading(
                scene.tokens,
                [*older, *newest],
                own,
                signs_in(scene.tokens),
                language_of(scene.tokens),
                f"{number}:0-{cut}:unread" if unread else _unreadable(scene, number, len(text)),
            )
        )
    return readings[::-1], truncated


def _word_border(text: str, cut: int) -> int:
    """The first place from cut on that parts no word."""
    within = _LETTERS.match(text, cut) if 0 < cut < len(text) and text[cut - 1].isalnum() else None
    return within.end() if within else cut


def _dangers_before(
    text: str, cut: int, entry: int, allowance: Allowance, overlay: Overlay | None = None
) -> tuple[list[Found], bool]:
    """Mentions in text[:cut] that bear a gate, so that no gate depends on where text was cut; the overlay's alone.

    Whether some went unread, too.

    Of a flood only as many mentions are judged as there is allowance; of the rest each phrase is kept once, as unknown.
    """
    found: dict[tuple[str, str], Found] = {}  # stretches overlap at their edges
    repeated: set[str] = set()
    ranges, unread = stretches(text, cut, overlay.watched if overlay else packaged(), allowance)
    for low, high in ranges:
        scene = scene_of(text[low:high], low)
        scene, matches = overlay.beside(scene) if overlay else (scene, scene.matches)
        for match in matches:
            if not (match.shown and match.phrase.bears_gate):
                continue
            allowance.older -= 1
            if allowance.older >= 0:
                verdict = decide(scene, match)
            elif match.phrase.id not in repeated:
                repeated.add(match.phrase.id)
                verdict = TOO_MANY
            else:
                continue
            each = Found(mention_of(scene, match, verdict, entry), match.phrase)
            found.setdefault((each.mention.id, match.phrase.id), each)
    return list(found.values()), unread


def _unreadable(scene: Scene, entry: int, length: int) -> str | None:
    """Name of an entry whose words are mostly of a script the lexicon does not read."""
    foreign = sum(not token.norm.isascii() for token in scene.tokens)
    if foreign < 3 or foreign * 2 < len(scene.tokens):
        return None
    return f"{entry}:0-{length}:unreadable"


def _flag_reason(found: Sequence[Found], signs: Sequence[Sign], *, flagged: bool) -> str | None:
    """The explicit rule that flags the call, else NEED_SCORE, else nothing."""
    open_ = {Assertion.AFFIRMED, Assertion.UNKNOWN, Assertion.HYPOTHETICAL}
    for mention, phrase in found:
        if phrase.flag is not None and mention.assertion in open_:
            return phrase.flag
    for sign in signs:
        if sign.field == "flag":
            return sign.value
    return "NEED_SCORE" if flagged else None

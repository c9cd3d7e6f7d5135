"""Mentions with the phrases that found them, in the order of the text."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from models.assessment import (
    ASSERTION_PRECEDENCE,
    Access,
    Assertion,
    DangerFinding,
    DangerName,
    Mention,
    Recency,
)
from triage.assertions import NAME, Verdict, decide
from triage.cues import settling
from triage.datafiles import LEXICON
from triage.phrases import Match, Phrase, classes_of
from triage.scene import Scene

MOST = 800  # mentions judged of the text that is read whole
#: A mention in a flood of text: that it is there is kept, how it stands is unknown.
TOO_MANY = Verdict(Assertion.UNKNOWN, "TOO_MANY")
RANK = {assertion: rank for rank, assertion in enumerate(ASSERTION_PRECEDENCE)}
ACCESS_RANK = (Access.IN_HAND, Access.WITHIN_REACH, Access.UNKNOWN, Access.ELSEWHERE)
RECENCY_RANK = (Recency.CURRENT, Recency.RECENT, Recency.UNKNOWN, Recency.PAST)


class Found(NamedTuple):
    """A mention and the lexicon's phrase behind it."""

    mention: Mention
    phrase: Phrase

    @property
    def about(self) -> bool:
        """Whether it speaks of its concept at all: GUN CLUB says neither that there is a gun nor that there is none."""
        other_sense = self.phrase.decoy and not self.phrase.denies
        return not (other_sense or self.mention.rule.endswith(f"+{NAME}"))


def mention_of(scene: Scene, match: Match, verdict: Verdict, entry: int) -> Mention:
    """The public form of a match, with offsets into the original text of the entry."""
    tokens, phrase = scene.tokens, match.phrase
    start = scene.base + tokens[match.first].start
    end = scene.base + max(token.end for token in tokens[match.first : match.last])
    cue = verdict.cue
    look_alike = phrase.look_alike
    # NO TIENE ARMAS: what is denied is nowhere; only a phrase that itself tells of a put-down weapon says where it is
    denied = verdict.assertion is Assertion.NEGATED and phrase.asserts is None
    return Mention(
        id=f"{entry}:{start}-{end}:{phrase.concept}",
        entry=entry,
        start=start,
        end=end,
        concept=str(phrase.concept),
        assertion=verdict.assertion,
        severity=phrase.severity,
        cue_start=scene.base + tokens[cue[0]].start if cue else None,
        cue_end=scene.base + max(token.end for token in tokens[cue[0] : cue[1]]) if cue else None,
        rule=f"{phrase.id}+{verdict.rule}",
        contribution=0.0,
        access=verdict.access or (Access.UNKNOWN if denied else phrase.access),
        recency=verdict.recency,
        look_alike=look_alike,
        thing=_thing(scene, match) if phrase.concept == "weapon" else None,
    )


@cache
def _things() -> dict[str, str]:
    """Word -> the kind of weapon it names."""
    classes = classes_of(LEXICON)
    return {
        word: kind
        for kind in ("tool", "blade", "gun")
        for name in classes[kind]
        for word in name.split("_")[-1:]
    }


def _thing(scene: Scene, match: Match) -> str | None:
    kinds = (_things().get(token.norm) for token in scene.tokens[match.first : match.last])
    return next((kind for kind in kinds if kind), None)


def found_in(scene: Scene, entry: int, kept: Sequence[Match] | None = None, most: int = MOST) -> list[Found]:
    """All mentions of one entry, or those of kept, each with its assertion; the silent ones until one is affirmed.

    The last `most` are judged; of those before them each phrase is kept once.
    """
    found: list[Found] = []
    heard: set[str] = set()
    repeated: set[str] = set()
    matches = scene.matches if kept is None else kept
    judged = len(matches) - max(most, 0)
    for number, match in enumerate(matches):
        if not match.shown or match.phrase.id in heard:
            continue
        if number < judged:
            if match.phrase.id in repeated:
                continue
            repeated.add(match.phrase.id)
        verdict = decide(scene, match) if number >= judged else TOO_MANY
        if match.phrase.silent and verdict.assertion is Assertion.AFFIRMED:
            heard.add(match.phrase.id)
        found.append(Found(mention_of(scene, match, verdict, entry), match.phrase))
    return found


#: A thing so mentioned is in play.
_IN_PLAY = frozenset(Assertion) - {Assertion.NEGATED, Assertion.OTHER_PERSON}


def told_together(found: list[Found]) -> list[Found]:
    """The mentions that stand once the whole call is known, in their order. O(length of the mentions).

    One that needs another beside it goes where none is, or where one of its concept as grave has the same words.
    """
    if all(each.phrase.needs is None for each in found):
        return found
    named = {tag for mention, phrase in found if mention.assertion in _IN_PLAY for tag in phrase.tags}
    named |= {f"{each.mention.concept}:said" for each in found if each.about and each.phrase.needs is None}
    said: dict[tuple[int, str, int], int] = {}
    for mention, phrase in found:
        if not phrase.aside:
            for at in range(mention.start, mention.end):
                place = mention.entry, mention.concept, at
                said[place] = max(said.get(place, 0), mention.severity)

    def adds(each: Found) -> bool:
        mention = each.mention
        places = ((mention.entry, mention.concept, at) for at in range(mention.start, mention.end))
        return each.phrase.needs in named and all(said.get(at, -1) < mention.severity for at in places)

    gravest: dict[str, Found] = {}
    for each in found:
        if each.phrase.needs is not None and adds(each):
            known = gravest.get(each.mention.id)
            if known is None or known.mention.severity < each.mention.severity:
                gravest[each.mention.id] = each
    return [
        each
        for each in found
        if each is gravest.get(each.mention.id)
        or (each.phrase.needs is None and (each.phrase.silent or each.mention.id not in gravest))
    ]


def dangers_of(found: Iterable[Found]) -> Mapping[DangerName, DangerFinding]:
    """One finding a danger that is spoken of: what stands now most cautiously, disagreement is said.

    What was settled later in the call describes now; every mention stays, and so does every gate that one closed.
    """
    grouped: dict[str, list[Mention]] = {}
    for each in found:
        if each.about:
            grouped.setdefault(each.mention.concept, []).append(each.mention)
    return {name: _collapse(grouped[name]) for name in DangerName if name in grouped}


def _collapse(mentions: Sequence[Mention]) -> DangerFinding:
    now = _standing(mentions)
    chosen = min((mention.assertion for mention in now), key=RANK.__getitem__)
    deciding = [mention for mention in now if mention.assertion is chosen]
    kinds = {mention.assertion for mention in mentions}
    yes = kinds & {Assertion.AFFIRMED, Assertion.UNKNOWN}
    return DangerFinding(
        assertion=chosen,
        access=min((mention.access for mention in deciding), key=ACCESS_RANK.index),
        recency=min((mention.recency for mention in deciding), key=RECENCY_RANK.index),
        severity=max(mention.severity for mention in deciding),
        look_alike=all(mention.look_alike for mention in deciding),
        conflict=bool(yes) and Assertion.NEGATED in kinds,
        mentions=tuple(mention.id for mention in mentions),
    )


def _standing(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions that no later one has settled: GUN SECURED, IT WAS A TRIPOD, or a text that tells of the past.

    A mere denial settles nothing; what the call was taken as gives way to a text that says when it was.
    """
    settled = [mention for mention in mentions if _settles(mention)]
    left = [mention for mention in mentions if not any(_is_settled_by(mention, each) for each in settled)]
    told = [mention for mention in left if mention.entry >= 0]
    if told and all(_dated(mention) for mention in told):
        return told
    return left


def _dated(mention: Mention) -> bool:
    """Whether it says when the deed was, as PUNCHED HER MONDAY does; a history is of other deeds than the call's."""
    return mention.assertion is Assertion.HISTORICAL and mention.recency is Recency.RECENT


def _settles(mention: Mention) -> bool:
    """Whether it says what became of the danger, and not only that somebody denies or does not see it."""
    if mention.entry < 0 or mention.assertion is not Assertion.NEGATED:
        return False
    return mention.access is not Access.UNKNOWN or mention.rule.rpartition("+")[2] in settling()


def _is_settled_by(mention: Mention, later: Mention) -> bool:
    """Whether the later mention speaks of the same thing: of a kind that both name, or of what the call was taken as.

    Where no kind is named nothing is settled: that the bleeding was ketchup takes no chest pain away.
    """
    if mention.assertion is Assertion.NEGATED or (mention.entry, mention.start) >= (later.entry, later.start):
        return False
    return mention.entry < 0 or (mention.thing is not None and mention.thing == later.thing)

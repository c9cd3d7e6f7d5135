"""How much a call speaks of a need: what the rules found and what the classifier makes of all its words."""

import hashlib
from collections.abc import Mapping, Sequence, Set
from functools import cache
from typing import NamedTuple

from models.assessment import Assertion, Indicator, IndicatorFinding, Mention
from triage.classifier import NEED, RULES, Classifier, Unfit
from triage.datafiles import rules_digest
from triage.evidence import RANK, Found
from triage.features import TOLD, features_of
from triage.natures import NatureReading
from triage.need import logistic, policy, rules_of, weighed
from triage.normalize import Token

_LIKELY = {
    Assertion.AFFIRMED: 0.92,
    Assertion.UNKNOWN: 0.6,
    Assertion.HYPOTHETICAL: 0.6,
    Assertion.HISTORICAL: 0.3,
    Assertion.OTHER_PERSON: 0.1,
    Assertion.NEGATED: 0.03,
}


#: What the text says is not so, was so, or is another's is never asserted by the look of the words around it.
_NOT_NOW = frozenset({Assertion.NEGATED, Assertion.HISTORICAL, Assertion.OTHER_PERSON})
_AT_MOST = 0.45
#: What the rules alone would flag is flagged, and needs at least so much of their log-odds: always where the call was
#: taken as a need, else unless the classifier is surer than SURE log-odds (seven to one) that there is none.
OF_RULES = 0.1
SURE = -2.0
#: What the text affirms in words of its own is asserted, unless the classifier finds it less likely than one in twenty.
PLAIN = 0.9
UNLIKELY = -3.0
UNHEARD = -0.01  # log-odds below which a probability is not rounded to one half
CLEAR = 6.0  # log-odds of the rules beyond which nothing becomes clearer


class Judgement(NamedTuple):
    """Mentions with what each added to the need, the need, and the indicators."""

    mentions: tuple[Mention, ...]
    need: float
    indicators: Mapping[Indicator, IndicatorFinding]


def artefact(fitted: Classifier | Unfit) -> str:
    """First 16 hex digits of the SHA-256 over the rules and the weights that produce an assessment."""
    return _artefact(fitted.digest if isinstance(fitted, Classifier) else fitted.reason)


@cache
def _artefact(weights: str) -> str:
    return hashlib.sha256(f"{rules_digest()} {weights}".encode()).hexdigest()[:16]


def threshold(fitted: Classifier | Unfit) -> float:
    """Need from which a call is put before the clinician."""
    return fitted.threshold if isinstance(fitted, Classifier) else policy().threshold


class Seen(NamedTuple):
    """What there is to judge by; features is what the classifier is given, in training as in service."""

    mentions: tuple[Mention, ...]
    rules: float  # log-odds of a need
    indicators: Mapping[Indicator, IndicatorFinding]
    features: Mapping[str, float]


def seen(
    found: Sequence[Found], nature: NatureReading, entries: Sequence[Sequence[Token]], signs: float
) -> Seen:
    """What the rules make of a call; signs are the log-odds that its circumstances add."""
    mentions = tuple(weighed(found))
    told = [Found(mention, each.phrase) for mention, each in zip(mentions, found, strict=True)]
    rules = rules_of(mentions, nature.background + signs)
    indicators = _indicators(told)
    features = features_of(entries, nature.tokens, mentions, indicators)
    features[RULES] = TOLD * max(-CLEAR, min(CLEAR, rules)) / CLEAR
    return Seen(mentions, rules, indicators, features)


def judged(told: Seen, fitted: Classifier | Unfit) -> Judgement:
    """The judgement of a call; where there are no weights the rules' own."""
    if not isinstance(fitted, Classifier):
        return Judgement(told.mentions, round(logistic(told.rules), 4), told.indicators)
    odds = fitted.log_odds(told.features)
    share = fitted.share_of_rules * TOLD / CLEAR
    mentions = tuple(
        each.model_copy(update={"contribution": round(each.contribution * share, 4)})
        if each.contribution
        else each
        for each in told.mentions
    )
    taken_as = any(each.entry < 0 and each.contribution > 0 for each in told.mentions)
    heard = told.rules >= 0 and (taken_as or odds[NEED] > SURE)
    need = max(odds[NEED], told.rules * OF_RULES) if heard else odds[NEED]
    by_nature = {each.concept for each in mentions if each.entry < 0 and each.assertion is Assertion.AFFIRMED}
    return Judgement(mentions, round(logistic(need), 4), _joined(told.indicators, odds, fitted, by_nature))


def told_of(indicators: Mapping[Indicator, IndicatorFinding], name: Indicator) -> bool:
    """Whether a phrase tells of an indicator that may be so now."""
    return name in indicators and indicators[name].assertion not in _NOT_NOW


def _joined(
    rules: Mapping[Indicator, IndicatorFinding],
    odds: Mapping[str, float],
    fitted: Classifier,
    by_nature: Set[str],
) -> Mapping[Indicator, IndicatorFinding]:
    """The rules' findings with the classifier's probabilities, its cuts folded in so that one half asserts.

    What no phrase tells needs more to be asserted, and is of the lowest severity; what the call was taken as stands.
    """
    joined: dict[Indicator, IndicatorFinding] = {}
    for name in Indicator:
        found = rules.get(name)
        if name not in fitted.cuts:
            if found is not None:
                joined[name] = found
            continue
        phrased, unphrased = fitted.cuts[name]
        if found is None and odds[name] - unphrased < UNHEARD:
            continue
        probability = round(logistic(odds[name] - (phrased if told_of(rules, name) else unphrased)), 4)
        if found is None:
            if probability >= 0.5:
                joined[name] = IndicatorFinding(
                    probability=probability, severity=1, assertion=Assertion.UNKNOWN
                )
            continue
        if found.assertion in _NOT_NOW:
            probability = min(probability, _AT_MOST)
        elif name in by_nature or (
            found.assertion is Assertion.AFFIRMED and found.probability >= PLAIN and odds[name] > UNLIKELY
        ):
            probability = max(probability, 0.5)
        joined[name] = found.model_copy(update={"probability": probability})
    return joined


def _indicators(found: Sequence[Found]) -> Mapping[Indicator, IndicatorFinding]:
    grouped: dict[str, list[Found]] = {}
    for each in found:
        if each.about:
            grouped.setdefault(each.mention.concept, []).append(each)
    return {name: _finding(grouped[name]) for name in Indicator if name in grouped}


def _finding(found: Sequence[Found]) -> IndicatorFinding:
    doubt = 1.0
    for mention, phrase in found:
        firm = 1.0 if phrase.weight >= 1.0 else 0.65  # a weak phrase alone only just asserts
        doubt *= 1.0 - _LIKELY[mention.assertion] * firm
    assertion = min((each.mention.assertion for each in found), key=RANK.__getitem__)
    deciding: list[Mention] = [each.mention for each in found if each.mention.assertion is assertion]
    return IndicatorFinding(
        probability=round(1.0 - doubt, 4),
        severity=max(mention.severity for mention in deciding),
        assertion=assertion,
    )

"""Risk R0 to R4 from the mentions: the highest that any of them demands."""

from collections.abc import Container, Iterable

from models.assessment import Access, Assertion, DangerName, Indicator, Mention, Recency, Risk

#: A service need stays one level below its severity; distress without danger does not exceed R1.
_LOWERED = frozenset({Indicator.HOMELESSNESS, Indicator.BASIC_NEEDS, Indicator.FAMILY_CONFLICT})
_DISTRESS = frozenset({Indicator.MOOD_ANXIETY, Indicator.MEDICATION, Indicator.BEREAVEMENT})


def _affirmed(mention: Mention) -> int:
    level = mention.severity
    if mention.concept in _LOWERED:
        return max(0, level - 1)
    if mention.concept in _DISTRESS:
        return min(level, 1)
    if mention.concept == DangerName.WEAPON:
        return 4 if mention.access is Access.IN_HAND else 3
    return level


def _weapon_absent(mention: Mention) -> int:
    # put down or dropped is within reach: still accessible
    return 3 if mention.concept == DangerName.WEAPON and mention.access is Access.WITHIN_REACH else 0


def _historical(mention: Mention) -> int:
    if mention.recency is Recency.RECENT and mention.concept in set(DangerName):
        return min(_affirmed(mention), 2)
    vigilant = mention.concept in {DangerName.WEAPON, DangerName.VIOLENCE, Indicator.SUICIDAL}
    return 1 if vigilant else 0


def level_of(mention: Mention) -> int:
    """What one mention demands by itself, 0 to 4."""
    level = _affirmed(mention)
    match mention.assertion:
        case Assertion.AFFIRMED:
            return level
        case Assertion.UNKNOWN if mention.concept in {DangerName.WEAPON, DangerName.VIOLENCE}:
            return 3 if mention.look_alike else 2  # asymmetric: unknown is never no
        case Assertion.UNKNOWN:
            return level - 1 if level >= 3 else level
        case Assertion.HYPOTHETICAL:
            return min(level, 2)
        case Assertion.HISTORICAL:
            return _historical(mention)
        case Assertion.NEGATED:
            return _weapon_absent(mention)
        case Assertion.OTHER_PERSON:
            # somebody at the scene is armed or hurt, whoever it is
            return 2 if mention.concept == DangerName.WEAPON else min(level, 1)


_THREAT = frozenset({DangerName.VIOLENCE, Indicator.DOMESTIC_VIOLENCE})
_OPEN = frozenset({Assertion.AFFIRMED, Assertion.UNKNOWN, Assertion.HYPOTHETICAL})


def risk_of(mentions: Iterable[Mention], released: Container[str] = ()) -> Risk:
    """Highest demand of all mentions; those released by a person count as stated absent.

    An unknown weapon beside a threat is R3 (domain: "unknown weapon with threat").
    """
    standing = [mention for mention in mentions if mention.id not in released]
    level = max((level_of(mention) for mention in standing), default=0)
    unsure = any(m.concept == DangerName.WEAPON and m.assertion is Assertion.UNKNOWN for m in standing)
    threat = any(m.concept in _THREAT and m.severity >= 3 and m.assertion in _OPEN for m in standing)
    return Risk(max(level, 3 if unsure and threat else 0))

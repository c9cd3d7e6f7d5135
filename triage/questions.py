"""What is not known and would change the pairing, with the question that settles it."""

from collections.abc import Mapping, Sequence

from models.assessment import (
    Assertion,
    CallerRole,
    Context,
    DangerFinding,
    DangerName,
    Indicator,
    IndicatorFinding,
    Question,
    Risk,
)

SELF_HARM = frozenset({Indicator.SUICIDAL, Indicator.SELF_HARM})
INNER = frozenset(
    {Indicator.PSYCHOSIS, Indicator.MOOD_ANXIETY, Indicator.ERRATIC_BEHAVIOR, Indicator.MEDICATION}
)
MENTAL = SELF_HARM | INNER
TENSE = frozenset({Indicator.FAMILY_CONFLICT, Indicator.DOMESTIC_VIOLENCE, Indicator.YOUTH_CRISIS})
BODY = frozenset({Indicator.OVERDOSE, Indicator.SUBSTANCE, Indicator.WELFARE_CONCERN})

#: gap -> question; the order is the order of asking: safety, life, then reach.
QUESTIONS: Mapping[str, str] = {
    "WEAPON_NOT_MENTIONED": "ASK_WEAPON_ACCESS",
    "WEAPON_UNKNOWN": "ASK_WEAPON_ACCESS",
    "WEAPON_CONFLICT": "ASK_WEAPON_ACCESS",
    "VIOLENCE_NOT_MENTIONED": "ASK_VIOLENCE_TODAY",
    "VIOLENCE_UNKNOWN": "ASK_VIOLENCE_TODAY",
    "MEDICAL_UNKNOWN": "ASK_BREATHING",
    "MEDICAL_NOT_MENTIONED": "ASK_BREATHING",
    "WHERE_AND_WITH_WHOM": "ASK_WHERE_WHO",
    "WILLING_TO_TALK": "ASK_WILLING_TO_TALK",
    "HISTORY": "ASK_HISTORY",
    "MEDICATION": "ASK_MEDS",
    "LANGUAGE": "ASK_LANGUAGE",
}


def _danger_gaps(
    asserted: frozenset[Indicator], dangers: Mapping[DangerName, DangerFinding], risk: Risk
) -> list[str]:
    gaps = []
    weapon, violence = dangers.get(DangerName.WEAPON), dangers.get(DangerName.VIOLENCE)
    if weapon is None and asserted & (MENTAL | TENSE):
        gaps.append("WEAPON_NOT_MENTIONED")
    elif weapon is not None and weapon.conflict:
        gaps.append("WEAPON_CONFLICT")
    elif weapon is not None and weapon.assertion is Assertion.UNKNOWN:
        gaps.append("WEAPON_UNKNOWN")
    if violence is None and asserted & (TENSE | {Indicator.PSYCHOSIS, Indicator.ERRATIC_BEHAVIOR}):
        gaps.append("VIOLENCE_NOT_MENTIONED")
    elif violence is not None and violence.assertion is Assertion.UNKNOWN:
        gaps.append("VIOLENCE_UNKNOWN")
    medical = dangers.get(DangerName.MEDICAL)
    if medical is None and asserted & BODY and risk < Risk.R4:
        gaps.append("MEDICAL_NOT_MENTIONED")
    elif medical is not None and medical.assertion is Assertion.UNKNOWN:
        gaps.append("MEDICAL_UNKNOWN")
    return gaps


def gaps_of(
    indicators: Mapping[Indicator, IndicatorFinding],
    dangers: Mapping[DangerName, DangerFinding],
    context: Context,
    risk: Risk,
    *,
    unreachable: bool,
) -> tuple[str, ...]:
    """Codes of what is missing and would change the pairing; none where nothing calls for a clinician."""
    asserted = frozenset(name for name, finding in indicators.items() if finding.probability >= 0.5)
    if not asserted and not dangers:
        return ()
    gaps = _danger_gaps(asserted, dangers, risk)
    if unreachable:
        gaps.append("WHERE_AND_WITH_WHOM")
    if risk < Risk.R4 and asserted & MENTAL:
        if not context.engaged and context.caller is not CallerRole.FIRST_PARTY:
            gaps.append("WILLING_TO_TALK")
        if risk >= Risk.R2:
            gaps.append("HISTORY")
        if asserted & {Indicator.PSYCHOSIS} and Indicator.MEDICATION not in asserted:
            gaps.append("MEDICATION")
    if context.language not in {"en", "es"}:
        gaps.append("LANGUAGE")
    return tuple(gap for gap in QUESTIONS if gap in set(gaps))


def questions_of(gaps: Sequence[str]) -> tuple[Question, ...]:
    """One question a gap, the most urgent first, no question twice."""
    asked: dict[str, Question] = {}
    for gap in gaps:
        asked.setdefault(QUESTIONS[gap], Question(code=QUESTIONS[gap], gap=gap))
    return tuple(asked.values())

"""Why a pairing is proposed, and what another would cost against it: codes and params, never sentences."""

from collections import Counter
from collections.abc import Sequence

from dispatch.candidates import Candidate, gap_limit
from dispatch.eligibility import Member, Scene
from dispatch.gates import broken, is_ambulance
from dispatch.policy_parts import Effect
from models.recommendation import Param, Reason

BAR_MINUTES = 30.0  # a factor worth so many minutes fills the bar beside its words


def reasons_for(scene: Scene, candidate: Candidate, members: Sequence[Member]) -> tuple[Reason, ...]:
    """What speaks for these units, heaviest first, then what they lack (weight 0)."""
    team = [member for _, member in candidate.filled]
    found = [
        *_gate_reasons(scene, team),
        *_fit_reasons(scene, candidate, team),
        *_arrival_reasons(scene, candidate, team, members),
        *_reserve_reasons(scene, candidate, team, members),
    ]
    return tuple(sorted(found, key=lambda reason: -reason.weight)) + tuple(_shortfalls(scene, candidate))


def _reason(code: str, worth: float, /, **params: Param) -> Reason:
    return Reason(code=code, params=params, weight=round(min(1.0, max(0.0, worth / BAR_MINUTES)), 2))


def _gate_reasons(scene: Scene, team: Sequence[Member]) -> list[Reason]:
    """Gates that these units meet and fewer would not."""
    effects, found = scene.wanted.effects, []
    officer = [m for m in team if m.kind.armed]
    if officer and Effect.NO_UNARMED_ALONE in effects:
        gate = effects[Effect.NO_UNARMED_ALONE].name.value
        found.append(_reason("GATE_FIT", BAR_MINUTES, gate=gate))
    if (
        Effect.POLICE_FIRST in effects
        and officer
        and any(not m.kind.armed and not m.kind.remote for m in team)
    ):
        found.append(_reason("OFFICER_FIRST", BAR_MINUTES, gate=effects[Effect.POLICE_FIRST].name.value))
    if Effect.EMS_FIRST in effects and any(is_ambulance(m.kind) for m in team):
        found.append(_reason("EMS_FIRST", BAR_MINUTES, gate=effects[Effect.EMS_FIRST].name.value))
    if Effect.HOLD_OR_TRANSPORT in effects and not broken({Effect.HOLD_OR_TRANSPORT}, [m.kind for m in team]):
        found.append(
            _reason("HOLD_OR_TRANSPORT", BAR_MINUTES / 2, gate=effects[Effect.HOLD_OR_TRANSPORT].name.value)
        )
    return found


def _fit_reasons(scene: Scene, candidate: Candidate, team: Sequence[Member]) -> list[Reason]:
    cost, found = scene.policy.cost, []
    if not candidate.fallback and not candidate.missing and not candidate.substitutes:
        found.append(_reason("NEED_FIT", cost.substitute, situation=scene.wanted.situations[0]))
    if any(m.kind.police and "cit" in m.skills for m in team):
        found.append(_reason("CIT_CERTIFIED", cost.not_cit))
    if scene.languages and any(m.speaks for m in team):
        language = _language(scene)
        code = "SPANISH_SPEAKER" if language == "es" else "LANGUAGE_SPOKEN"
        found.append(_reason(code, cost.language, language=language))
    return found


def _arrival_reasons(
    scene: Scene, candidate: Candidate, team: Sequence[Member], members: Sequence[Member]
) -> list[Reason]:
    found = []
    going = [m for m in team if not m.kind.remote]
    if not going:
        found.append(_reason("BY_PHONE_NOW", BAR_MINUTES / 2))
    elif candidate.together is None:
        found.append(_reason("ETA_UNKNOWN", 0))
    clinicians = [m for m in going if m.kind.clinician and m.eta is not None]
    others = [m.eta for m in members if m.kind.clinician and not m.kind.remote and m.eta is not None]
    if clinicians and clinicians[0].eta == min(others):
        found.append(_reason("NEAREST_CLINICIAN", _saved(others), minutes=round(min(others), 1)))
    limit = gap_limit(scene)
    if candidate.gap is not None and limit is not None and candidate.gap <= limit:
        found.append(_reason("ARRIVE_TOGETHER", limit - candidate.gap, gap=round(candidate.gap, 1)))
    return found


def _saved(etas: Sequence[float]) -> float:
    """Minutes between the nearest and the next; half a bar when there is no other."""
    nearest, *rest = sorted(etas)
    return rest[0] - nearest if rest else BAR_MINUTES / 2


def _reserve_reasons(
    scene: Scene, candidate: Candidate, team: Sequence[Member], members: Sequence[Member]
) -> list[Reason]:
    found = []
    free = Counter(m.unit.kind for m in members)
    used = Counter(m.unit.kind for m in team if not m.kind.remote)
    if used and "reserve" not in candidate.terms:
        left = min(free[kind] - count for kind, count in used.items())
        if left > 0:
            found.append(_reason("KEEPS_BEAT_COVERED", scene.policy.cost.reserve, free=left))
    ends = [m.unit.shift_ends_at for m in team if m.unit.shift_ends_at and m.kind.clinician]
    if ends and "shift_short" not in candidate.terms:
        left_minutes = int((min(ends) - scene.now).total_seconds() // 60)
        found.append(_reason("SHIFT_LEFT", scene.policy.cost.shift_short, minutes=left_minutes))
    return found


def _shortfalls(scene: Scene, candidate: Candidate) -> list[Reason]:
    found = [_reason("MISSING_PART", 0, part=str(part)) for part in candidate.missing]
    found += [_reason("STANDS_IN", 0, unit_id=unit_id) for unit_id in sorted(candidate.substitutes)]
    if candidate.fallback:
        found.append(_reason("NEXT_BEST", 0))
    if candidate.gap is not None and "gap_over" in candidate.terms:
        limit = gap_limit(scene)
        found.append(_reason("GAP_OVER_LIMIT", 0, gap=round(candidate.gap, 1), limit=limit))
    return found


def tradeoffs_of(candidate: Candidate, best: Candidate, wanted_by: Sequence[str]) -> tuple[Reason, ...]:
    """What changes against rank 1; `wanted_by` are calls that were given some of these units."""
    found: list[Reason] = [_reason("WANTED_BY_OTHER", 0, call_id=call_id) for call_id in wanted_by]
    mine, theirs = [m for _, m in candidate.filled], [m for _, m in best.filled]
    if candidate.together is not None and best.together is not None:
        later = candidate.together - best.together
        if abs(later) >= 0.5:
            code = "LATER_BY" if later > 0 else "SOONER_BY"
            found.append(_reason(code, abs(later), minutes=round(abs(later), 1)))
    lost = {
        "NO_OFFICER": _has(theirs, "armed") and not _has(mine, "armed"),
        "NO_CLINICIAN": _has(theirs, "clinician") and not _has(mine, "clinician"),
        "BY_PHONE_ONLY": all(m.kind.remote for m in mine) and not all(m.kind.remote for m in theirs),
        "ADDS_OFFICER": _has(mine, "armed") and not _has(theirs, "armed"),
        "NOT_CIT": "not_cit" in candidate.terms and "not_cit" not in best.terms,
        "NO_LANGUAGE": "language" in candidate.terms and "language" not in best.terms,
        "USES_RESERVE": "reserve" in candidate.terms and "reserve" not in best.terms,
        "SHIFT_ENDS_SOON": "shift_short" in candidate.terms and "shift_short" not in best.terms,
        "GAP_OVER_LIMIT": "gap_over" in candidate.terms and "gap_over" not in best.terms,
    }
    found += [_reason(code, 0) for code, is_so in lost.items() if is_so]
    extra = len(mine) - len(theirs)
    if extra > 0:
        found.append(_reason("MORE_UNITS", 0, count=extra))
    return tuple(found)


def _has(team: Sequence[Member], capability: str) -> bool:
    return any(getattr(member.kind, capability) for member in team)


def _language(scene: Scene) -> str:
    return scene.call.assessment.context.language if scene.call.assessment else "en"

"""Whether a plan differs from what dispatchers see by enough to be shown."""

from collections.abc import Collection

from dispatch.policy_parts import Stability
from dispatch.review import REOPENED
from models.call import CallView
from models.recommendation import Pairing, Plan, Reason, RecommendationView, UnservedCode


def recommendation_that_stands(call: CallView) -> RecommendationView | None:
    """The recommendation that waits for a decision; one that was decided on no longer stands."""
    decision, recommendation = call.decision, call.recommendation
    if recommendation is None or decision is None:
        return recommendation
    if decision.state not in REOPENED or decision.recommendation_id == recommendation.id:
        return None
    return recommendation


def units_that_stand(call: CallView) -> frozenset[str]:
    """Units of the best pairing that stands."""
    recommendation = recommendation_that_stands(call)
    if recommendation is None or not recommendation.pairings:
        return frozenset()
    return frozenset(unit.unit_id for unit in recommendation.pairings[0].units)


def units_shown(call: CallView) -> frozenset[str]:
    """Units of every pairing that stands."""
    recommendation = recommendation_that_stands(call)
    pairings = recommendation.pairings if recommendation else ()
    return frozenset(unit.unit_id for pairing in pairings for unit in pairing.units)


def differs(plan: Plan, seen: RecommendationView, may_go: Collection[str], stability: Stability) -> bool:
    """Other best units, staging, gates, advice, code or policy; a moved arrival; a unit that may not go."""
    if retold(plan.policy, plan.unserved, plan.holds, seen, may_go):
        return True
    if not plan.pairings or not seen.pairings:
        return bool(plan.pairings) != bool(seen.pairings)
    return _best_differs(plan.pairings[0], seen.pairings[0], stability)


def retold(
    policy: str,
    unserved: UnservedCode | None,
    holds: tuple[Reason, ...],
    seen: RecommendationView,
    may_go: Collection[str],
) -> bool:
    """Whatever the best pairing is, what stands has to be told anew: other policy, code or advice, or a unit gone."""
    if (policy, unserved) != (seen.policy, seen.unserved) or _said(holds) != _said(seen.holds):
        return True
    return any(unit.unit_id not in may_go for pairing in seen.pairings for unit in pairing.units)


def _best_differs(new: Pairing, old: Pairing, stability: Stability) -> bool:
    if _who(new) != _who(old) or new.alternative != old.alternative:
        return True
    if new.together_minutes is None or old.together_minutes is None:
        return new.together_minutes != old.together_minutes
    return abs(new.together_minutes - old.together_minutes) >= stability.eta_minutes


def _who(pairing: Pairing) -> frozenset[tuple[str, bool]]:
    return frozenset((unit.unit_id, unit.staged) for unit in pairing.units)


def _said(holds: tuple[Reason, ...]) -> list[tuple[str, str]]:
    return sorted((hold.code, repr(sorted(hold.params.items()))) for hold in holds)

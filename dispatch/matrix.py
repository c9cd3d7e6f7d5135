"""Which rows of the decision matrix a call stands in, and what they ask for together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dispatch.gates import adjust, closed_gates, effects_of
from dispatch.grammar import Composition, Slot, compositions
from dispatch.policy import FALLBACK, Policy
from dispatch.policy_parts import Effect, Row
from models.assessment import Risk
from models.call import AssessmentView, CallView, GateView
from models.unit import UnitKind


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the matrix and the gates ask for at one call."""

    situations: tuple[str, ...]
    effects: Mapping[Effect, GateView]
    compositions: tuple[Composition, ...]  # after the gates, most preferred first
    fallback: tuple[Composition, ...]
    advise: tuple[str, ...]
    asked: frozenset[UnitKind]  # alternative kinds that the rows name, before the gates

    @property
    def kinds(self) -> frozenset[UnitKind]:
        """Every kind that may fill some part, stand-ins not counted."""
        return frozenset(
            kind for way in (*self.compositions, *self.fallback) for part in way.parts for kind in part.kinds
        )


def rows_for(policy: Policy, call: CallView) -> tuple[Row, ...]:
    """The rows whose conditions hold, in the policy's order; `otherwise` rows when no other says anything.

    An assessed call only: raises ValueError when the call has no assessment.
    """
    assessment = call.assessment
    if assessment is None:
        raise ValueError("the call has not been assessed")
    closed = {gate.name for gate in closed_gates(call)}
    holding = {
        row.situation
        for row in policy.matrix
        if not row.otherwise and (closed & row.gates or assessment.indicators.keys() & row.indicators)
        if _conditions_hold(row, assessment)
    }
    rows = tuple(row for row in policy.matrix if row.situation in holding and not row.unless & holding)
    if any(policy.cells[row.situation, assessment.risk] for row in rows):
        return rows
    return rows + tuple(row for row in policy.matrix if row.otherwise)


def _conditions_hold(row: Row, assessment: AssessmentView) -> bool:
    context = assessment.context
    return (
        (not row.caller or context.caller in row.caller)
        and (row.engaged is None or context.engaged is row.engaged)
        and (not row.place or context.place in row.place)
    )


def risk_of(call: CallView) -> Risk:
    """The call's risk; what nobody has assessed counts as imminent."""
    return call.assessment.risk if call.assessment else Risk.R4


def wanted_at(policy: Policy, call: CallView) -> Wanted:
    """The union of the call's rows at its risk, changed as its closed gates demand."""
    rows, risk = rows_for(policy, call), risk_of(call)
    cells = [policy.cells[row.situation, risk] or () for row in rows]
    slots = policy.union.of(cells)
    effects = effects_of(policy, call)
    ways = _ways(policy, slots, effects)
    return Wanted(
        situations=tuple(row.situation for row in rows),
        effects=effects,
        compositions=ways,
        fallback=_ways(policy, policy.cells[FALLBACK, risk] or (), effects),
        advise=tuple(dict.fromkeys(code for row in rows for code in row.advise.get(risk.name, ()))),
        asked=frozenset().union(*(way.asked for way in ways)),
    )


def _ways(
    policy: Policy, slots: tuple[Slot, ...], effects: Mapping[Effect, GateView]
) -> tuple[Composition, ...]:
    ways = compositions(slots, policy.symbols)
    adjusted = [replace(adjust(policy, way, effects), asked=_alternatives(policy, way)) for way in ways]
    return tuple({way.parts: way for way in reversed(adjusted) if way.parts}.values())[::-1]


def _alternatives(policy: Policy, way: Composition) -> frozenset[UnitKind]:
    named = {kind for part in way.parts for kind in part.kinds}
    return frozenset(kind for kind in named if not policy.kinds[kind].conventional)

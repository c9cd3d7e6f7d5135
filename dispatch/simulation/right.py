"""Whether the units that were sent are the team that the matrix asks for, whoever chose them."""

from collections.abc import Sequence

from dispatch.eligibility import skills_of
from dispatch.gates import broken
from dispatch.grammar import Part
from dispatch.matrix import Wanted
from dispatch.policy import Policy
from models.unit import UnitView


def fits(policy: Policy, wanted: Wanted, units: Sequence[UnitView]) -> bool:
    """One unit for every required part of some composition, of its kind or able to stand in; no gate broken."""
    if broken(wanted.effects, [policy.kinds[unit.kind] for unit in units]):
        return False
    ways = ([part for part in way.parts if part.required] for way in wanted.compositions)
    return any(parts and _filled(policy, parts, units) for parts in ways)


def _filled(policy: Policy, parts: Sequence[Part], units: Sequence[UnitView]) -> bool:
    if not parts:
        return True
    return any(
        _fills(policy, parts[0], unit) and _filled(policy, parts[1:], [*units[:i], *units[i + 1 :]])
        for i, unit in enumerate(units)
    )


def _fills(policy: Policy, part: Part, unit: UnitView) -> bool:
    kind = policy.kinds[unit.kind]
    if unit.kind in part.kinds:
        return kind.conventional or part.skills <= skills_of(policy, unit)
    return not kind.covers.isdisjoint(part.kinds)

"""Candidate sets of units become the pairings that a dispatcher sees, with roles, staging and reasons."""

from collections.abc import Mapping, Sequence

from dispatch.candidates import Candidate, gap_limit
from dispatch.eligibility import Member, Scene
from dispatch.gates import holds_of, is_ambulance, waits_outside
from dispatch.policy_parts import Effect
from dispatch.reasons import reasons_for, tradeoffs_of
from models.assessment import Assertion
from models.recommendation import PairedUnit, Pairing, Reason, UnitRole

RANKS = 3


def pairings_of(
    scene: Scene,
    best: Candidate,
    others: Sequence[Candidate],
    members: Sequence[Member],
    wanted_by: Mapping[str, str],
) -> tuple[Pairing, ...]:
    """At most three pairings: the chosen one, then the cheapest others; `wanted_by` maps units to a call that
    was given them."""
    rest = [candidate for candidate in others if candidate.unit_ids != best.unit_ids]
    ranked = [best, *rest][:RANKS]
    if not any(candidate.alternative for candidate in ranked):
        ranked = (ranked[: RANKS - 1] + [c for c in rest if c.alternative] + ranked[RANKS - 1 :])[:RANKS]
    return tuple(
        _pairing(scene, candidate, rank, best, members, wanted_by)
        for rank, candidate in enumerate(ranked, start=1)
    )


def _pairing(
    scene: Scene,
    candidate: Candidate,
    rank: int,
    best: Candidate,
    members: Sequence[Member],
    wanted_by: Mapping[str, str],
) -> Pairing:
    units = paired_units(scene, candidate)
    cheaper = candidate.cost < best.cost
    calls = (
        sorted({wanted_by[unit_id] for unit_id in candidate.unit_ids if unit_id in wanted_by})
        if cheaper
        else []
    )
    return Pairing(
        id="+".join(unit.unit_id for unit in units),
        rank=rank,
        composition="+".join(unit.kind.value for unit in units),
        units=units,
        alternative=candidate.alternative,
        together_minutes=None if candidate.together is None else round(candidate.together, 1),
        gap_minutes=None if candidate.gap is None else round(candidate.gap, 1),
        gap_limit_minutes=None if candidate.gap is None else gap_limit(scene),
        staging=any(unit.staged for unit in units),
        cost_minutes=candidate.cost,
        costs=dict(candidate.terms),
        reasons=reasons_for(scene, candidate, members),
        tradeoffs=() if rank == 1 else tradeoffs_of(candidate, best, calls),
    )


def paired_units(scene: Scene, candidate: Candidate) -> tuple[PairedUnit, ...]:
    """The units with their parts in it: first contact first, those by phone last."""
    effects = scene.wanted.effects
    outside = {
        m.unit.id
        for part, m in candidate.filled
        if not m.kind.remote and (part.staged or part.step > 0 or waits_outside(effects, m.kind))
    }
    going = [m for _, m in candidate.filled if not m.kind.remote]
    entering = [m for m in going if m.unit.id not in outside]
    if not any(m.kind.armed for m in entering) and Effect.POLICE_FIRST in effects:
        entering = [m for m in going if m.kind.armed] or entering
    primary = _first_contact(entering or going, ambulance_first=Effect.EMS_FIRST in effects)
    outside -= {m.unit.id for m in entering} | ({primary.unit.id} if primary else set())
    units = [_paired(m, primary, staged=m.unit.id in outside) for _, m in candidate.filled]
    order = {UnitRole.PRIMARY: 0, UnitRole.CLINICIAN: 1, UnitRole.SUPPORT: 2, UnitRole.REMOTE: 3}
    return tuple(sorted(units, key=lambda unit: (order[unit.role], unit.unit_id)))


def _first_contact(entering: Sequence[Member], *, ambulance_first: bool) -> Member | None:
    def key(member: Member) -> tuple[bool, bool, float, str]:
        eta = float("inf") if member.eta is None else member.eta
        return (ambulance_first and not is_ambulance(member.kind), not member.kind.armed, eta, member.unit.id)

    return min(entering, key=key, default=None)


def _paired(member: Member, primary: Member | None, *, staged: bool) -> PairedUnit:
    if member.kind.remote:
        role = UnitRole.REMOTE
    elif member is primary:
        role = UnitRole.PRIMARY
    else:
        role = UnitRole.CLINICIAN if member.kind.clinician else UnitRole.SUPPORT
    eta = None if member.eta is None else round(member.eta, 1)
    return PairedUnit(
        unit_id=member.unit.id, kind=member.unit.kind, role=role, eta_minutes=eta, staged=staged
    )


def holds_for(scene: Scene, best: Candidate | None) -> tuple[Reason, ...]:
    """What the dispatcher has to mind: gates, dangers said to be unknown, place, language, advice."""
    assessment = scene.call.assessment
    found = list(holds_of(scene.policy, scene.call))
    for name, danger in sorted(assessment.dangers.items()) if assessment else ():
        if danger.assertion is Assertion.UNKNOWN:
            found.append(Reason(code="DANGER_UNKNOWN", params={"danger": name.value}))
    if scene.call.lat is None or scene.call.lon is None:
        found.append(Reason(code="LOCATION_UNKNOWN"))
    if best and "language" in best.terms and assessment:
        found.append(Reason(code="INTERPRETER_NEEDED", params={"language": assessment.context.language}))
    found += [Reason(code=code) for code in scene.wanted.advise]
    return tuple(found)

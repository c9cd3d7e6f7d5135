"""What the closed gates of a call demand of the people who go there."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from dispatch.grammar import Composition, Part
from dispatch.policy import Policy
from dispatch.policy_parts import Effect, KindPolicy, Medical
from models.call import CallView, GateView
from models.recommendation import Reason
from models.unit import UnitKind

Effects = Mapping[Effect, GateView]


def effects_of(policy: Policy, call: CallView) -> Effects:
    """Each demanded effect with the first closed gate that demands it; released gates demand nothing."""
    found: dict[Effect, GateView] = {}
    for gate in closed_gates(call):
        for effect in policy.gates[gate.name]:
            found.setdefault(effect, gate)
    return found


def closed_gates(call: CallView) -> tuple[GateView, ...]:
    """The call's gates that nobody released, in their order."""
    gates = call.assessment.gates if call.assessment else ()
    return tuple(gate for gate in gates if not gate.released)


def holds_of(policy: Policy, call: CallView) -> tuple[Reason, ...]:
    """One reason for each effect of each closed gate: what the dispatcher has to mind, and why."""
    return tuple(
        Reason(code=effect.upper(), params={"gate": gate.name.value, "reason": gate.reason})
        for gate in closed_gates(call)
        for effect in Effect
        if effect in policy.gates[gate.name]
    )


def forbidden(effects: Collection[Effect], kind: KindPolicy) -> Effect | None:
    """The effect that keeps a responder type from this call altogether, if one does."""
    if Effect.TACTICAL in effects and not (kind.conventional or kind.remote):
        return Effect.TACTICAL
    if Effect.POLICE_ONLY in effects and not kind.conventional:
        return Effect.POLICE_ONLY
    return None


def broken(effects: Collection[Effect], crews: Sequence[KindPolicy]) -> tuple[Effect, ...]:
    """Effects that a chosen set of crews does not meet, in a fixed order; by phone alone is not armed."""
    going = [kind for kind in crews if not kind.remote]
    officer, ambulance = any(kind.armed for kind in going), any(is_ambulance(kind) for kind in going)
    met = {
        Effect.NO_UNARMED_ALONE: officer,
        Effect.EMS_FIRST: ambulance,
        Effect.SCENE_UNITS: officer and ambulance,
        Effect.HOLD_OR_TRANSPORT: any(kind.hold or kind.transport for kind in going),
        Effect.TACTICAL: officer and not any(forbidden({Effect.TACTICAL}, kind) for kind in crews),
        Effect.POLICE_ONLY: officer and not any(forbidden({Effect.POLICE_ONLY}, kind) for kind in crews),
    }
    return tuple(effect for effect, ok in met.items() if effect in effects and not ok)


def is_ambulance(kind: KindPolicy) -> bool:
    """An ambulance crew: medical and dispatched as ever, not the medic inside a team of another kind."""
    return kind.conventional and kind.medical is not Medical.NONE


def waits_outside(effects: Collection[Effect], kind: KindPolicy) -> bool:
    """A crew stays at staging until the scene is secure: unarmed, and police have to be first."""
    return Effect.POLICE_FIRST in effects and not kind.armed and not kind.remote


_OFFICER = frozenset({Effect.NO_UNARMED_ALONE, Effect.SCENE_UNITS, Effect.POLICE_ONLY, Effect.TACTICAL})
_AMBULANCE = frozenset({Effect.EMS_FIRST, Effect.SCENE_UNITS})


def adjust(policy: Policy, composition: Composition, effects: Collection[Effect]) -> Composition:
    """The composition without those whom closed gates keep away and with those whom they demand."""
    parts = [
        replace(part, kinds=allowed)
        for part in composition.parts
        if (allowed := tuple(kind for kind in part.kinds if not forbidden(effects, policy.kinds[kind])))
    ]
    police = _police(policy)
    if not _OFFICER.isdisjoint(effects):
        parts = _demanding(parts, police, [kind for kind in UnitKind if policy.kinds[kind].armed])
    elif Effect.BACKUP in effects and not any(_within(part, policy, "armed") for part in parts):
        parts.append(replace(police, optional=True))
    if Effect.HOLD_OR_TRANSPORT in effects:
        able = [kind for kind in UnitKind if policy.kinds[kind].hold or policy.kinds[kind].transport]
        parts = _demanding(parts, police, able)
    if not _AMBULANCE.isdisjoint(effects):
        skills = frozenset({"als"} if Effect.EMS_FIRST in effects else ())
        parts = _demanding(parts, Part(UnitKind.EMS, (UnitKind.EMS,), skills), [UnitKind.EMS])
    if Effect.TACTICAL in effects:
        parts += _consulted(parts)
    return replace(composition, parts=tuple(parts))


def _consulted(parts: Iterable[Part]) -> list[Part]:
    """Negotiators, and clinicians by phone: wanted at every tactical scene, waited for at none."""
    there = {kind for part in parts for kind in part.kinds}
    wanted = (kind for kind in (UnitKind.HNT, UnitKind.TEL) if kind not in there)
    return [Part(kind, (kind,), optional=True) for kind in wanted]


def _police(policy: Policy) -> Part:
    return Part("police", tuple(kind for kind in policy.kinds if policy.kinds[kind].police))


def _within(part: Part, policy: Policy, capability: str) -> bool:
    return all(getattr(policy.kinds[kind], capability) for kind in part.kinds)


def _demanding(parts: list[Part], demanded: Part, able: Iterable[UnitKind]) -> list[Part]:
    """Parts of which one is firmly of the able kinds: an existing one if there is, else the demanded."""
    fit = [index for index, part in enumerate(parts) if set(part.kinds) <= set(able)]
    if not fit:
        return [demanded, *parts]
    best = min(fit, key=lambda index: (not parts[index].required, index))
    found = parts[best]
    firm = replace(found, step=0, optional=False, skills=found.skills | demanded.skills)
    if demanded.skills:
        firm = replace(firm, staged=False)
    return [*parts[:best], firm, *parts[best + 1 :]]

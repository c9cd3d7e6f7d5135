"""Rules that other dispatch systems follow, over the same cars, gates and matrix: each ready call by itself."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, tzinfo

from dispatch.candidates import Candidate, Filled, held_until
from dispatch.eligibility import Member
from dispatch.gates import broken
from dispatch.grammar import Composition
from dispatch.pairing import paired_units
from dispatch.policy import Policy
from dispatch.simulation.deciders import Sending, urgent_first
from dispatch.simulation.right import fits
from dispatch.unserved import unserved_code
from dispatch.working import Worked, work_out
from models.call import CallView
from models.unit import UnitView

#: Who goes, of those who may; None where nobody can, or where the call is to wait.
Rule = Callable[[Worked], Sequence[Filled] | None]


class RunCard:
    """Takes the ready calls in order of their urgency and asks its rule about each."""

    def __init__(self, policy: Policy, zone: tzinfo, rule: Rule) -> None:
        self._policy, self._zone, self._rule = policy, zone, rule
        self._calls: dict[str, CallView] = {}
        self._units: dict[str, UnitView] = {}

    def put_call(self, call: CallView) -> None:
        """A call came in."""
        self._calls[call.id] = call

    def drop_call(self, call_id: str) -> None:
        """A call was sent to."""
        del self._calls[call_id]

    def put_unit(self, unit: UnitView) -> None:
        """A unit as it is now."""
        self._units[unit.id] = unit

    def choose(self, now: datetime, ready: Collection[str]) -> Sending | None:
        """The first ready call for which the rule finds somebody."""
        for call in urgent_first(self._calls[call_id] for call_id in ready):
            worked = work_out(self._policy, call, self._units, now, self._zone)
            filled = self._rule(worked)
            if filled:
                code = unserved_code(worked.scene, self._units, worked.judged, worked.ranked)
                return Sending(call.id, paired_units(worked.scene, _candidate(filled)), code)
        return None

    def next_wake(self, now: datetime) -> datetime | None:
        """When a call that waits for a team stops waiting."""
        scenes = (work_out(self._policy, c, self._units, now, self._zone).scene for c in self._calls.values())
        return min((until for scene in scenes if (until := held_until(scene)) > now), default=None)


def police_only(worked: Worked) -> Sequence[Filled] | None:
    """The standard response: the nearest officer, and an ambulance where a gate or the risk asks for one."""
    going = [_without_phone(worked, way) for way in worked.scene.wanted.fallback]
    return _nearest_of(worked, going)


def nearest(worked: Worked) -> Sequence[Filled] | None:
    """Of all cars that the policy knows for this call, whichever is there first; a phone is no car."""
    ways = (*worked.scene.wanted.compositions, *worked.scene.wanted.fallback)
    return _nearest_of(worked, [_without_phone(worked, way) for way in ways])


def nearest_or_phone(worked: Worked) -> Sequence[Filled] | None:
    """The same with clinicians by phone, who are always there first where the policy knows them for the call."""
    return _nearest_of(worked, (*worked.scene.wanted.compositions, *worked.scene.wanted.fallback))


def greedy_matrix(worked: Worked) -> Sequence[Filled] | None:
    """The matrix in its own order: the first response that is complete, each part by the nearest unit."""
    scene = worked.scene
    for way in (*scene.wanted.compositions, *scene.wanted.fallback):
        filled = _filled(way, worked.members)
        needed = sum(part.required for part in way.parts)
        if needed and len(filled) == needed and not broken(scene.wanted.effects, [m.kind for _, m in filled]):
            return filled
    return nearest_or_phone(worked)


def greedy_cost(worked: Worked) -> Sequence[Filled] | None:
    """The cheapest pairing by the policy's costs, with no look at any other call."""
    return worked.ranked[0].filled if worked.ranked else None


def contention_free(worked: Worked) -> Sequence[Filled] | None:
    """A right team if there is any, else the cheapest: meant for units that are never busy."""
    scene = worked.scene
    right = (c for c in worked.ranked if fits(scene.policy, scene.wanted, [m.unit for _, m in c.filled]))
    return next((candidate.filled for candidate in right), greedy_cost(worked))


def _without_phone(worked: Worked, way: Composition) -> Composition:
    kinds = worked.scene.policy.kinds
    parts = tuple(part for part in way.parts if not all(kinds[kind].remote for kind in part.kinds))
    return Composition(parts, way.preference, way.asked)


def _nearest_of(worked: Worked, ways: Sequence[Composition]) -> Sequence[Filled] | None:
    """The response whose first unit is there soonest; complete ones before others."""
    responses = [(way, _filled(way, worked.members)) for way in ways if way.parts]
    allowed = [
        (sum(part.required for part in way.parts) - len(filled), _soonest(filled), filled)
        for way, filled in responses
        if filled and not broken(worked.scene.wanted.effects, [member.kind for _, member in filled])
    ]
    return min(allowed, key=lambda response: response[:2])[2] if allowed else None


def _filled(way: Composition, members: Sequence[Member]) -> list[Filled]:
    """The nearest free unit for each part that the response needs; parts for which nobody is there stay empty."""
    found: list[Filled] = []
    used: set[str] = set()
    for part in way.parts:
        fit = [
            m for m in members
            if part.required and m.unit.id not in used and m.unit.kind in part.kinds
            and (part.skills <= m.skills or m.kind.conventional)
        ]  # fmt: skip
        if fit:
            best = min(fit, key=lambda member: (_eta(member), member.unit.id))
            used.add(best.unit.id)
            found.append((part, best))
    return found


def _eta(member: Member) -> float:
    return float("inf") if member.eta is None else member.eta


def _soonest(filled: Sequence[Filled]) -> tuple[float, float]:
    etas = sorted(_eta(member) for _, member in filled)
    return etas[0], etas[-1]


def _candidate(filled: Sequence[Filled]) -> Candidate:
    """As the pairing code wants it: who stands outside and who goes in first is decided there."""
    units = frozenset(member.unit.id for _, member in filled)
    return Candidate(
        filled=tuple(filled), missing=(), substitutes=frozenset(), alternative=False, fallback=False, together=None,
        gap=None, terms={}, cost=0.0, unit_ids=units, scarce=units,
    )  # fmt: skip

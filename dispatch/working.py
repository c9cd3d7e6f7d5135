"""What is worked out for one call, kept while nothing that it depends on changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from dispatch.candidates import Candidate, Ranked, candidates, held_until
from dispatch.changes import units_shown, units_that_stand
from dispatch.eligibility import Member, Refusal, Scene, changes_at, judge, scene_of
from dispatch.policy import Policy
from dispatch.travel import Roads, next_speed_change
from dispatch.unserved import abstains
from models.call import CallView
from models.recommendation import UnitExclusion
from models.unit import UnitKind, UnitView


@dataclass(frozen=True, slots=True)
class Worked:
    """Who may go to one call and in which sets; holds until `until` if nothing is reported before."""

    scene: Scene
    judged: Mapping[str, Member | Refusal]
    members: tuple[Member, ...]
    found: Ranked
    turns: Mapping[str, datetime | None]  # when time alone next changes what is true of a unit
    until: datetime | None
    touched: set[str] = field(default_factory=set)  # units heard of since

    @property
    def ranked(self) -> tuple[Candidate, ...]:
        """The sets of units, cheapest first."""
        return self.found.sets

    def may_go(self, units: Iterable[str]) -> frozenset[str]:
        """Those of the units that may go."""
        return frozenset(unit_id for unit_id in units if isinstance(self.judged.get(unit_id), Member))

    def heard_of(self, unit_id: str, kinds: set[UnitKind]) -> None:
        """A unit changed: it is judged again if one of its kinds, old or new, could be of use here."""
        if not kinds.isdisjoint(self.scene.useful):
            self.touched.add(unit_id)

    def holds_for(self, before: CallView, call: CallView) -> bool:
        """Nothing changed of what candidates depend on; what stands now was one of them."""
        stands = units_that_stand(call)
        compared = not stands or any(candidate.unit_ids == stands for candidate in self.ranked)
        return compared and _inputs(before) == _inputs(call)

    def exclusions(self, units: Mapping[str, UnitView]) -> Iterator[UnitExclusion]:
        """Why each unit that may not go may not, in the order of their ids."""
        for unit_id, unit in sorted(units.items()):
            found = self.judged.get(unit_id) or judge(self.scene, unit)
            if isinstance(found, Refusal):
                yield found.exclusion(unit_id)


def _inputs(call: CallView) -> tuple[object, ...]:
    return (call.assessment, call.lat, call.lon, call.beat, call.taken_at, call.decision)


def work_out(
    policy: Policy,
    call: CallView,
    units: Mapping[str, UnitView],
    now: datetime,
    zone: tzinfo,
    before: Worked | None = None,
    roads: Roads | None = None,
) -> Worked:
    """Judge every unit and rank the sets; with `before`, still true but for its touched units, only those."""
    wanted = before.scene.wanted if before else None
    scene = scene_of(policy, call, now, zone, shown=units_shown(call), wanted=wanted, roads=roads)
    judged = _judged(scene, units, before)
    if before and judged == before.judged:
        before.touched.clear()
        return before
    members = _members(judged, before)
    found = before.found if before and _stays(scene, before, judged, members) else _found(scene, members)
    news = before.touched if before else judged.keys()
    turns = {**(before.turns if before else {}), **{u: _turn(scene, units[u], judged[u]) for u in news}}
    return Worked(scene, judged, members, found, turns, _until(scene, turns))


def _members(judged: Mapping[str, Member | Refusal], before: Worked | None) -> tuple[Member, ...]:
    """Who may go, in the order of their ids."""
    if before is None:
        return tuple(found for _, found in sorted(judged.items()) if isinstance(found, Member))
    news = (judged[unit_id] for unit_id in before.touched)
    members = [member for member in before.members if member.unit.id not in before.touched]
    members += [found for found in news if isinstance(found, Member)]
    return tuple(sorted(members, key=lambda member: member.unit.id))


def _found(scene: Scene, members: Sequence[Member]) -> Ranked:
    return Ranked() if abstains(scene) else candidates(scene, members, units_that_stand(scene.call))


def _stays(
    scene: Scene, before: Worked, judged: Mapping[str, Member | Refusal], members: Sequence[Member]
) -> bool:
    """Nothing that was heard of any unit makes a difference to the sets: most news is of units further away."""
    if not before.touched.isdisjoint(units_that_stand(scene.call)):
        return False
    return all(
        before.found.stays(scene, before.judged.get(unit_id), judged[unit_id], members)
        for unit_id in before.touched
    )


def _judged(
    scene: Scene, units: Mapping[str, UnitView], before: Worked | None
) -> dict[str, Member | Refusal]:
    if before is None:
        return {unit_id: judge(scene, unit) for unit_id, unit in units.items()}
    return {**before.judged, **{unit_id: judge(scene, units[unit_id]) for unit_id in before.touched}}


def _turn(scene: Scene, unit: UnitView, found: Member | Refusal) -> datetime | None:
    if unit.kind not in scene.useful:
        return None
    eta = found.eta if isinstance(found, Member) else None
    return min((at for at in changes_at(scene, unit, eta) if at > scene.now), default=None)


def _until(scene: Scene, turns: Mapping[str, datetime | None]) -> datetime | None:
    moments = [held_until(scene), *turns.values()]
    if scene.call.lat is not None:
        moments.append(next_speed_change(scene.policy.travel, scene.now, scene.zone))
    return min((at for at in moments if at and at > scene.now), default=None)

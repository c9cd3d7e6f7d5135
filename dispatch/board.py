"""The planner's memory: events in, recommendations that have to change out. No clock, no database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from dispatch.assignment import Demand, assign
from dispatch.candidates import Candidate, candidates, held_until
from dispatch.changes import differs, recommendation_that_stands, units_shown, units_that_stand
from dispatch.eligibility import Member, Refusal, Scene, changes_at, judge, scene_of
from dispatch.matrix import risk_of
from dispatch.pairing import holds_for, pairings_of
from dispatch.policy import Policy
from dispatch.review import Standing, clinician_on_shift, falls_through_at, standing_of
from dispatch.travel import next_speed_change
from dispatch.unserved import abstains, unserved_code
from models.call import CallView
from models.events import AlertChanged, CountsChanged, Event, UnitChanged
from models.recommendation import Plan, Reason, UnitExclusion
from models.unit import UnitKind, UnitView


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A standing recommendation has to go."""

    call_id: str
    decision_version: int
    reason: Standing


@dataclass(frozen=True, slots=True)
class _Worked:
    """What was worked out for one call, and until when it holds if nothing is reported."""

    scene: Scene
    judged: Mapping[str, Member | Refusal]
    members: tuple[Member, ...]
    ranked: tuple[Candidate, ...]
    until: datetime | None
    touched: set[str] = field(default_factory=set)  # units heard of since


class Board:
    """Calls and units of one center as the log tells them; works out again only what an event touched."""

    def __init__(self, policy: Policy, zone: tzinfo = UTC) -> None:
        """`zone` is the center's: speeds on the road depend on its hour."""
        self._policy = policy
        self._zone = zone
        self._calls: dict[str, CallView] = {}
        self._units: dict[str, UnitView] = {}
        self._worked: dict[str, _Worked] = {}
        self._demands: list[Demand] = []
        self._chosen: Mapping[str, Candidate] = {}

    def apply(self, event: Event) -> None:
        """Take in one event of the center's log; those without a call or a unit say nothing to a planner."""
        if isinstance(event, UnitChanged):
            self.put_unit(event.unit)
        elif not isinstance(event, AlertChanged | CountsChanged):
            self.put_call(event.call)

    def put_call(self, call: CallView) -> None:
        """A call as it is now; one that is off the board is forgotten."""
        before = self._calls.pop(call.id, None)
        if call.on_board:
            self._calls[call.id] = call
        worked = self._worked.get(call.id)
        if worked and not (call.on_board and before and _still_holds(worked, before, call)):
            del self._worked[call.id]

    def put_unit(self, unit: UnitView) -> None:
        """A unit as it is now."""
        before = self._units.get(unit.id)
        if before == unit:
            return
        self._units[unit.id] = unit
        kinds = {unit.kind} | ({before.kind} if before else set())
        for worked in self._worked.values():
            if not kinds.isdisjoint(worked.scene.useful):
                worked.touched.add(unit.id)

    def plan(self, now: datetime) -> tuple[Plan | Withdrawal, ...]:
        """What must change against the recommendations that stand; the most urgent call first.

        The same calls, units and time give nothing once the answer stands in the calls.
        """
        standing = {call.id: self._standing(call, now) for call in self._urgent_first()}
        eligible = [self._calls[call_id] for call_id, why in standing.items() if why is None]
        for call in eligible:
            self._work_out(call, now)
        chosen = self._assign(eligible)
        changes = (self._change(self._calls[call_id], why, chosen) for call_id, why in standing.items())
        return tuple(change for change in changes if change is not None)

    def next_wake(self, now: datetime) -> datetime | None:
        """When time alone may change the plan, later than `now`; None when only an event can."""
        moments: list[datetime] = []
        for call in self._calls.values():
            why = self._standing(call, now)
            if why is Standing.WAITING_FOR_REVIEW:
                moments += [falls_through_at(self._policy, call), *self._clinicians_leave(now)]
            elif why is None and (until := self._work_out(call, now).until):
                moments.append(until)
        return min((moment for moment in moments if moment > now), default=None)

    def _urgent_first(self) -> list[CallView]:
        return sorted(self._calls.values(), key=lambda call: (-risk_of(call), call.taken_at, call.id))

    def _standing(self, call: CallView, now: datetime) -> Standing | None:
        return standing_of(self._policy, call, self._units.values(), now)

    def _clinicians_leave(self, now: datetime) -> Iterator[datetime]:
        """Shift ends of clinicians on whom calls wait."""
        for unit in self._units.values():
            if (
                unit.kind is UnitKind.TEL
                and unit.shift_ends_at
                and clinician_on_shift(self._policy, [unit], now)
            ):
                yield unit.shift_ends_at

    def _work_out(self, call: CallView, now: datetime) -> _Worked:
        worked = self._worked.get(call.id)
        if worked and worked.until and now >= worked.until:
            worked = None
        if worked is None or worked.touched:
            worked = self._worked[call.id] = self._fresh(call, now, worked)
        return worked

    def _fresh(self, call: CallView, now: datetime, before: _Worked | None) -> _Worked:
        """Everything anew, but for units that were judged before and of which nothing was heard since."""
        scene = scene_of(self._policy, call, now, self._zone, units_shown(call))
        known = {u: found for u, found in before.judged.items() if u not in before.touched} if before else {}
        judged = {u: known.get(u) or judge(scene, unit) for u, unit in sorted(self._units.items())}
        members = tuple(found for found in judged.values() if isinstance(found, Member))
        abstaining = abstains(scene) is not None
        ranked = () if abstaining else candidates(scene, members, units_that_stand(call))
        return _Worked(scene, judged, members, ranked, self._until(scene, judged))

    def _until(self, scene: Scene, judged: Mapping[str, Member | Refusal]) -> datetime | None:
        moments = [held_until(scene)]
        if scene.call.lat is not None and (
            change := next_speed_change(scene.policy.travel, scene.now, self._zone)
        ):
            moments.append(change)
        for unit_id, found in judged.items():
            if self._units[unit_id].kind in scene.useful:
                eta = found.eta if isinstance(found, Member) else None
                moments.extend(changes_at(scene, self._units[unit_id], eta))
        return min((moment for moment in moments if moment > scene.now), default=None)

    def _assign(self, eligible: list[CallView]) -> Mapping[str, Candidate]:
        urgency = self._policy.stability.urgency
        demands = [
            Demand(c.id, self._worked[c.id].ranked, units_that_stand(c), urgency[risk_of(c)])
            for c in eligible
        ]
        if demands != self._demands:  # the same tuples are the same objects: this is quick
            self._demands, self._chosen = demands, assign(demands, self._policy.stability)
        return self._chosen

    def _change(
        self, call: CallView, why: Standing | None, chosen: Mapping[str, Candidate]
    ) -> Plan | Withdrawal | None:
        seen = recommendation_that_stands(call)
        if why in {Standing.DECIDED, Standing.NOT_READ}:
            return None
        if why is not None:
            return None if seen is None else Withdrawal(call.id, call.decision_version, why)
        plan = self._plan_for(call, chosen)
        may_go = {member.unit.id for member in self._worked[call.id].members}
        return plan if seen is None or differs(plan, seen, may_go, self._policy.stability) else None

    def _plan_for(self, call: CallView, chosen: Mapping[str, Candidate]) -> Plan:
        worked, best = self._worked[call.id], chosen.get(call.id)
        scene = worked.scene
        given = {
            unit_id: other for other, taken in chosen.items() if other != call.id for unit_id in taken.scarce
        }
        unserved = abstains(scene) or unserved_code(scene, self._units, worked.judged, worked.ranked)
        holds = holds_for(scene, best)
        if best is None and scene.now < held_until(scene):
            holds += (Reason(code="WAIT_FOR_TEAM", params={"until": held_until(scene).isoformat()}),)
        return Plan(
            call_id=call.id,
            decision_version=call.decision_version,
            policy=self._policy.digest,
            pairings=pairings_of(scene, best, worked.ranked, worked.members, given) if best else (),
            candidates=len(worked.ranked),
            unserved=unserved,
            exclusions=tuple(self._exclusions(worked)),
            holds=holds,
        )

    def _exclusions(self, worked: _Worked) -> Iterator[UnitExclusion]:
        for unit_id, unit in sorted(self._units.items()):
            found = worked.judged.get(unit_id) or judge(worked.scene, unit)
            if isinstance(found, Refusal):
                yield found.exclusion(unit_id)


def _still_holds(worked: _Worked, before: CallView, call: CallView) -> bool:
    """Nothing changed of what candidates depend on; what stands now was one of them."""
    stands = units_that_stand(call)
    compared = not stands or any(candidate.unit_ids == stands for candidate in worked.ranked)
    return compared and _inputs(before) == _inputs(call)


def _inputs(call: CallView) -> tuple[object, ...]:
    return (call.assessment, call.lat, call.lon, call.beat, call.taken_at, call.decision)

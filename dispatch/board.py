"""The planner's memory: events in, recommendations that have to change out. No clock, no database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from dispatch.assignment import Assignment, Clock, assign
from dispatch.candidates import Candidate, held_until
from dispatch.changes import differs, recommendation_that_stands, retold, units_shown, units_that_stand
from dispatch.matrix import risk_of
from dispatch.packing import Demand
from dispatch.pairing import holds_for, pairings_of
from dispatch.policy import Policy
from dispatch.review import Standing, clinician_on_shift, concerns, falls_through_at, standing_of
from dispatch.travel import Road
from dispatch.unserved import abstains, unserved_code
from dispatch.ways import Way, ways_to_ask
from dispatch.working import Worked, work_out
from models.call import CallView
from models.events import AlertChanged, CountsChanged, Event, UnitChanged
from models.recommendation import Plan, Reason, RecommendationView, UnservedCode
from models.unit import UnitKind, UnitView


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A standing recommendation has to go."""

    call_id: str
    decision_version: int
    reason: Standing


class Board:
    """Calls and units of one center as the log tells them; works out again only what an event touched."""

    def __init__(self, policy: Policy, zone: tzinfo = UTC, clock: Clock | None = None) -> None:
        """`zone` is the center's: speeds on the road depend on its hour. A `clock` ends the search for better."""
        self._policy = policy
        self._clock = clock
        self._zone = zone
        self._calls: dict[str, CallView] = {}
        self._units: dict[str, UnitView] = {}
        self._worked: dict[str, Worked] = {}
        self._demands: list[Demand] = []
        self._chosen = assign([], policy.stability)
        # found to say what stands, so that the same question is not worked through again
        self._agreed: dict[str, tuple[Worked, Candidate | None, RecommendationView]] = {}
        self._roads: dict[str, dict[str, Road]] = {}  # by call and unit
        self._asked: dict[str, tuple[Worked, tuple[Way, ...]]] = {}

    def apply(self, event: Event) -> bool:
        """Take in one event of the center's log; whether it may change the plan."""
        if isinstance(event, UnitChanged):
            return self.put_unit(event.unit)
        if isinstance(event, AlertChanged | CountsChanged):
            return False
        return self.put_call(event.call)

    def adopt(self, policy: Policy) -> None:
        """Plan by another policy from now on: everything is worked out again, and what stands is compared with it."""
        self._policy = policy
        self._worked.clear()
        self._agreed.clear()
        self._demands, self._chosen = [], assign([], policy.stability)

    def put_call(self, call: CallView) -> bool:
        """A call as it is now; one that nobody is planned for is not kept: most calls of a day are of that kind."""
        before = self._calls.pop(call.id, None)
        kept = call.on_board and concerns(call)
        if kept:
            self._calls[call.id] = call
        else:
            self._agreed.pop(call.id, None)
            self._roads.pop(call.id, None)
        worked = self._worked.get(call.id)
        if worked and not (kept and before and worked.holds_for(before, call)):
            del self._worked[call.id]
        return kept or before is not None

    def put_unit(self, unit: UnitView) -> bool:
        """A unit as it is now."""
        before = self._units.get(unit.id)
        if before == unit:
            return False
        self._units[unit.id] = unit
        kinds = {unit.kind} | ({before.kind} if before else set())
        for worked in self._worked.values():
            worked.heard_of(unit.id, kinds)
        return True

    def ways(self) -> tuple[Way, ...]:
        """Ways that matter to the plan just made and that no router told yet, or told from elsewhere."""
        asked = {
            call_id: before
            if (before := self._asked.get(call_id)) and before[0] is worked
            else (worked, tuple(ways_to_ask(worked, self._units, self._roads.get(call_id, {}))))
            for call_id, worked in self._worked.items()
        }
        self._asked = asked
        return tuple(way for _, ways in asked.values() for way in ways)

    def hear_roads(self, told: Iterable[tuple[Way, float]]) -> bool:
        """Take in ways with their minutes on the road; whether they may change the plan."""
        changes = False
        for way, driving in told:
            if way.call_id in self._calls:
                self._roads.setdefault(way.call_id, {})[way.unit_id] = Road(way.start, way.end, driving)
            if worked := self._worked.get(way.call_id):
                worked.touched.add(way.unit_id)
                self._asked.pop(way.call_id, None)
                changes = True
        return changes

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

    def _work_out(self, call: CallView, now: datetime) -> Worked:
        worked = self._worked.get(call.id)
        if worked and worked.until and now >= worked.until:
            worked = None
        if worked is None or worked.touched:
            roads = self._roads.get(call.id)
            worked = work_out(self._policy, call, self._units, now, self._zone, worked, roads)
            self._worked[call.id] = worked
        return worked

    @property
    def assignment(self) -> Assignment:
        """The last plan's choice for all calls, with its certificate."""
        return self._chosen

    @property
    def demands(self) -> Sequence[Demand]:
        """What the last plan chose from."""
        return self._demands

    def _assign(self, eligible: list[CallView]) -> Mapping[str, Candidate]:
        urgency = self._policy.stability.urgency
        demands = [
            Demand(c.id, self._worked[c.id].ranked, units_that_stand(c), urgency[risk_of(c)])
            for c in eligible
        ]
        if demands != self._demands:  # the same tuples are the same objects: this is quick
            self._demands, self._chosen = demands, assign(demands, self._policy.stability, self._clock)
        return self._chosen

    def _change(
        self, call: CallView, why: Standing | None, chosen: Mapping[str, Candidate]
    ) -> Plan | Withdrawal | None:
        seen = recommendation_that_stands(call)
        if why in {Standing.DECIDED, Standing.NOT_READ}:
            return None
        if why is not None:
            return None if seen is None else Withdrawal(call.id, call.decision_version, why)
        worked, best = self._worked[call.id], chosen.get(call.id)
        if seen is None:
            return self._plan_for(call, chosen)
        agreed = self._agreed.get(call.id)
        same = agreed is not None and agreed[1] is best and agreed[2] is seen
        if agreed is not None and same and agreed[0] is worked:
            return None
        may_go = worked.may_go(units_shown(call))
        # the same pairing says what it said: it need not be written out again to be compared
        if not same or retold(self._policy.digest, *self._told(worked, best), seen, may_go):
            plan = self._plan_for(call, chosen)
            if differs(plan, seen, may_go, self._policy.stability):
                return plan
        self._agreed[call.id] = (worked, best, seen)
        return None

    def _told(self, worked: Worked, best: Candidate | None) -> tuple[UnservedCode | None, tuple[Reason, ...]]:
        """Why the call gets no alternative response, and what the dispatcher has to mind."""
        scene = worked.scene
        unserved = abstains(scene) or unserved_code(scene, self._units, worked.judged, worked.ranked)
        holds = holds_for(scene, best)
        if best is None and scene.now < held_until(scene):
            holds += (Reason(code="WAIT_FOR_TEAM", params={"until": held_until(scene).isoformat()}),)
        return unserved, holds

    def _plan_for(self, call: CallView, chosen: Mapping[str, Candidate]) -> Plan:
        worked, best = self._worked[call.id], chosen.get(call.id)
        scene = worked.scene
        given = {
            unit_id: other for other, taken in chosen.items() if other != call.id for unit_id in taken.scarce
        }
        unserved, holds = self._told(worked, best)
        return Plan(
            call_id=call.id,
            decision_version=call.decision_version,
            policy=self._policy.digest,
            pairings=pairings_of(scene, best, worked.ranked, worked.members, given) if best else (),
            candidates=len(worked.ranked),
            unserved=unserved,
            exclusions=tuple(worked.exclusions(self._units)),
            holds=holds,
        )

"""The simulated city: calls come in, cars drive, people are helped, and every car is in one place at a time."""

from collections import deque
from collections.abc import Generator, Iterable, Mapping
from datetime import datetime, timedelta
from math import cos, exp, hypot, radians
from typing import Any

import simpy

from dispatch.gates import is_ambulance
from dispatch.matrix import Wanted, wanted_at
from dispatch.policy import Policy
from dispatch.simulation.deciders import Decider, Sending
from dispatch.simulation.demand import Incident
from dispatch.simulation.fleet import Car, cars_of, shift_end
from dispatch.simulation.right import fits
from dispatch.simulation.scenario import (
    AMBULANCE,
    OFFICERS,
    PHONE,
    ROAD,
    TEAM,
    Answer,
    Ordinary,
    Scenario,
    Trip,
)
from dispatch.simulation.spreads import NORMAL
from dispatch.travel import Point, minutes
from models.call import AssessmentView, CallState, CallView, Review, ReviewState, Source
from models.recommendation import UnservedCode

Events = Generator[simpy.Event, Any, None]


class City:
    """One run; read `answers`, `ordinary` and `trips` afterwards."""

    def __init__(
        self, scenario: Scenario, policy: Policy, decider: Decider, incidents: Iterable[Incident]
    ) -> None:
        self._scenario, self._policy, self._decider = scenario, policy, decider
        self._incidents = incidents
        self._env = simpy.Environment()
        self.cars = {car.id: car for car in cars_of(scenario.teams, scenario.posts, scenario.start)}
        kinds = {car.id: policy.kinds[car.team.kind] for car in self.cars.values()}
        self._remote = {id_ for id_, kind in kinds.items() if kind.remote}
        self._shared = {id_ for id_, kind in kinds.items() if kind.shared}
        self._officers = {id_ for id_, kind in kinds.items() if kind.armed}
        self._clinicians = {id_ for id_, kind in kinds.items() if kind.clinician}
        self._fleets = {
            False: [car for car in self.cars.values() if kinds[car.id].police],
            True: [car for car in self.cars.values() if is_ambulance(kinds[car.id])],
        }
        self._groups = {
            id_: PHONE
            if kind.remote
            else TEAM
            if not kind.conventional
            else OFFICERS
            if kind.armed
            else AMBULANCE
            for id_, kind in kinds.items()
        }
        self._queues: Mapping[bool, deque[Incident]] = {False: deque(), True: deque()}
        self._stale: set[str] = set(self.cars)  # cars of which the decider has to be told
        self._ready: dict[str, Incident] = {}
        self._wake: float | None = None
        self._wanted: dict[int, Wanted] = {}
        self.answers: dict[str, Answer] = {}
        self.ordinary = Ordinary()
        self.trips: list[Trip] = []

    def run(self) -> "City":
        """Until the end of the scenario; calls without anybody by then keep NOT_DECIDED."""
        self._env.process(self._shifts())
        self._env.process(self._calls())
        self._env.run(until=(self._scenario.end - self._scenario.start).total_seconds())
        return self

    @property
    def now(self) -> datetime:
        """The simulated clock."""
        return self._scenario.start + timedelta(seconds=self._env.now)

    def _shifts(self) -> Events:
        while True:
            hour = self.now.astimezone(self._scenario.zone).hour
            for car in self.cars.values():
                duty = car.team.on_duty(hour)
                if duty != car.on_duty and car.call_id is None:
                    self._relieve(car, duty=duty)
            self._look()
            local = self.now.astimezone(self._scenario.zone)
            yield self._env.timeout(3600 - local.minute * 60 - local.second - local.microsecond / 1e6 or 3600)

    def _relieve(self, car: Car, *, duty: bool) -> None:
        car.on_duty, car.since = duty, self.now
        car.shift_ends_at = shift_end(car.team, self.now, self._scenario.zone) if duty else self.now
        car.scene, car.home_at = car.post, self.now
        self._stale.add(car.id)

    def _calls(self) -> Events:
        for incident in self._incidents:
            yield self._env.timeout(max(0.0, (incident.at - self.now).total_seconds()))
            if incident.view is not None:
                self._env.process(self._eligible(incident, incident.view))
            elif self._scenario.busy:
                self._other(incident)

    def _eligible(self, incident: Incident, view: AssessmentView) -> Events:
        self.answers[incident.id] = Answer(incident)
        self._decider.put_call(call_of(incident, view))
        yield self._env.timeout(self._scenario.answer_seconds)
        self._ready[incident.id] = incident
        self._look()

    def _look(self) -> None:
        """Send to ready calls until nothing more can be sent now."""
        now = self.now
        if self._ready:
            self._stale.update(car.id for car in self.cars.values() if car.free and now < car.home_at)
        while self._ready:
            for id_ in self._stale:
                self._decider.put_unit(self.cars[id_].view(now))
            self._stale.clear()
            sending = self._decider.choose(now, self._ready)
            if sending is None:
                self._sleep(self._decider.next_wake(now))
                return
            self._send(sending, self._ready.pop(sending.call_id))

    def _sleep(self, until: datetime | None) -> None:
        wake = None if until is None else (until - self._scenario.start).total_seconds()
        if wake is not None and wake != self._wake:
            self._wake = wake
            self._env.process(self._woken(wake))

    def _woken(self, wake: float) -> Events:
        yield self._env.timeout(max(0.0, wake - self._env.now))
        if wake == self._wake:
            self._wake = None
            self._look()

    def _send(self, sending: Sending, incident: Incident) -> None:
        now, answer = self.now, self.answers[incident.id]
        self._decider.drop_call(incident.id)
        cars = [self.cars[unit.unit_id] for unit in sending.units]
        slow = self._slow(incident)
        roads = {unit.unit_id: (unit.eta_minutes or 0.0) * slow for unit in sending.units}
        there = dict(roads)
        secured = min((there[id_] for id_ in there if id_ in self._officers), default=0.0)
        for unit in sending.units:
            if unit.staged:
                there[unit.unit_id] = max(there[unit.unit_id], secured + self._scenario.secure_minutes)
        began = (now - incident.at).total_seconds() / 60
        answer.sent_at, answer.kinds = now, tuple(unit.kind for unit in sending.units)
        answer.right = fits(self._policy, self._asked(incident), [car.view(now) for car in cars])
        answer.reason = None if answer.right else sending.unserved or UnservedCode.NO_UNIT
        answer.first_help = began + min(there.values())
        helped = [there[id_] for id_ in there if id_ in self._clinicians]
        answer.clinician = began + min(helped) if helped else None
        for car in cars:
            group = self._groups[car.id]
            stay = self._stay(incident, group)
            stays = there[car.id] + stay
            ends, road = now + timedelta(minutes=stays), roads[car.id]
            self.trips.append(
                Trip(car.id, now, ends, group, eligible=True, estimate=road / slow, road=road, stay=stay)
            )
            answer.officer_minutes += stays if car.id in self._officers else 0.0
            if self._scenario.busy and car.id not in self._shared:
                self._hold(car, incident, stays)

    def _asked(self, incident: Incident) -> Wanted:
        view = incident.view
        assert view is not None  # noqa: S101 - only eligible calls are sent to by a decider
        if id(view) not in self._wanted:
            self._wanted[id(view)] = wanted_at(self._policy, call_of(incident, view))
        return self._wanted[id(view)]

    def _slow(self, incident: Incident) -> float:
        """How much longer the road takes than reckoned; half of all calls are on either side of 1."""
        sigma = self._scenario.service.road
        return exp(sigma * NORMAL.inv_cdf(min(max(incident.chances[ROAD], 1e-9), 1 - 1e-9))) if sigma else 1.0

    def _stay(self, incident: Incident, group: int) -> float:
        service = self._scenario.service
        officers = service.other if incident.view is None else service.officers
        spread = (officers, service.team, service.phone, service.ambulance)[group]
        return spread.at(incident.chances[group])

    def _hold(self, car: Car, incident: Incident, stays: float) -> None:
        """Send a car; raises RuntimeError where it is somewhere else."""
        if not car.free:
            raise RuntimeError(f"{car.id} is at call {car.call_id} or off duty and was sent to {incident.id}")
        car.call_id, car.since = incident.id, self.now
        if car.id not in self._remote:
            car.scene = incident.place[:2]
        self._stale.add(car.id)
        self._env.process(self._working(car, stays))

    def _working(self, car: Car, stays: float) -> Events:
        yield self._env.timeout(stays * 60)
        now, zone = self.now, self._scenario.zone
        hour = now.astimezone(zone).hour
        car.call_id, car.since = None, now
        car.home_at = now + timedelta(minutes=self._drive(car.scene, car.post, hour))
        if car.team.on_duty(hour):
            car.shift_ends_at = shift_end(car.team, now, zone)
        else:
            self._relieve(car, duty=False)
        self._stale.add(car.id)
        self._look()
        for medical, queue in self._queues.items():
            while queue and self._begin(queue[0], medical=medical):
                queue.popleft()

    def _other(self, incident: Incident) -> None:
        """A call for the police or the ambulances alone: nearest free car, else it waits its turn."""
        queue = self._queues[incident.medical]
        if queue or not self._begin(incident, medical=incident.medical):
            if incident.initiated:
                self.ordinary.not_begun += 1
            else:
                queue.append(incident)

    def _begin(self, incident: Incident, *, medical: bool) -> bool:
        now = self.now
        free = [(car, car.where(now)) for car in self._fleets[medical] if car.free]
        if not free:
            return not self._fleets[medical]
        lat, lon, _ = incident.place
        wide = cos(radians(lat))
        car, where = min(
            free, key=lambda pair: (hypot(pair[1][0] - lat, wide * (pair[1][1] - lon)), pair[0].id)
        )
        estimate = 0.0
        if not incident.initiated:
            estimate = self._drive(where, (lat, lon), now.astimezone(self._scenario.zone).hour)
            self.ordinary.waits.append((now - incident.at).total_seconds() / 60)
        group = AMBULANCE if medical else OFFICERS
        road, stay = estimate * self._slow(incident), self._stay(incident, group)
        stays = road + stay
        ends = now + timedelta(minutes=stays)
        self.trips.append(
            Trip(car.id, now, ends, group, eligible=False, estimate=estimate, road=road, stay=stay)
        )
        self.ordinary.officer_minutes += 0 if medical else stays
        self._hold(car, incident, stays)
        return True

    def _drive(self, start: Point, end: Point, hour: int) -> float:
        return 0.0 if start == end else minutes(self._policy.travel, start, end, hour)


def call_of(incident: Incident, view: AssessmentView) -> CallView:
    """The call as the board is told of it, flagged: the clinician's look is part of the answering time."""
    lat, lon, area = incident.place
    return CallView(
        id=incident.id, number=incident.id, source=Source.CALL_911, received_at=incident.at, taken_at=incident.at,
        nature="", priority=None, beat=area, lat=lat, lon=lon, state=CallState.OPEN, text_version=1,
        assessed_version=1, decision_version=1, assessment=view, review=Review(state=ReviewState.FLAGGED),
        on_board=True,
    )  # fmt: skip

"""Makes the city that is simulated: from a CAD export, or the demo's calls over a made-up map."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from math import cos, radians, sqrt
from statistics import fmean
from zoneinfo import ZoneInfo

import numpy as np

from api.cad_export import ReplayFault
from api.simulate_input import reading
from dispatch.policy import Policy
from dispatch.simulate import Rule, on_the_road, played_under, usual_fleet
from dispatch.simulation.demand import Incident, Place, Record, Rhythm, areas_of, drawn, played, rhythm_of
from dispatch.simulation.fitting import USUAL, Check, checks, on_road, service_of
from dispatch.simulation.fleet import Team, posts_of
from dispatch.simulation.scenario import Scenario, Service
from dispatch.simulation.spreads import Spread

SOMEWHERE = (27.0, -90.5)  # in open sea: a map that nobody can take for a city
KM = 1 / 111.2  # degrees of latitude
DEMO_ELIGIBLE = 0.131  # share of flagged calls in a published police log
MIDDLE = [(at + 0.5) / 200 for at in range(200)]  # chances that stand for all


@dataclass(frozen=True, slots=True)
class Study:
    """A city ready to be played, and what it was fitted to."""

    scenario: Scenario
    policy: Policy  # with travel as observed
    rhythm: Rhythm
    fitted_on: tuple[Record, ...] = ()
    held_out: tuple[Record, ...] = ()
    crisis: bool = False

    def draw(self, seed: int) -> Iterator[Incident]:
        """A seed's calls: those that were held out, at their own times, else drawn from the rhythm."""
        scenario = self.scenario
        if self.held_out:
            return played(self.held_out, self.rhythm.places, seed)
        return drawn(self.rhythm, scenario.start, scenario.end, scenario.zone, seed)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person who asks may choose."""

    zone: ZoneInfo
    teams: tuple[Team, ...]
    fleet: tuple[Team, ...] | None
    days: int
    calls: int | None
    square_km: float
    held_out_days: int = 0
    crisis: bool = False


def demo_study(policy: Policy, wish: Wish) -> Study:
    """The calls and the week of the demo, over a square of made-up streets."""
    told = tomllib.loads(files("api").joinpath("demo/calls.toml").read_text(encoding="utf-8"))["call"]
    views = [reading(call["nature"], call["entries"][0]["text"]) for call in told if call["entries"]]
    week = tomllib.loads(files("api").joinpath("demo/rhythm.toml").read_text(encoding="utf-8"))
    rhythm = Rhythm(
        rates=tuple(float(rate) for rate in week["hour_of_week"]),
        eligible=(DEMO_ELIGIBLE,) * 24,
        views=tuple(view for view in views if view.flag),
        places=made_up(wish.square_km),
    ).scaled(wish.calls or 60_000)
    return _study(policy, wish, rhythm, USUAL, datetime(2025, 1, 6, tzinfo=wish.zone))


def export_study(policy: Policy, wish: Wish, records: Sequence[Record]) -> Study:
    """Fitted to the records but for those held out, which are then played."""
    last = max(record.at for record in records)
    until = last - timedelta(days=wish.held_out_days)
    before = tuple(record for record in records if record.at <= until)
    after = tuple(record for record in records if record.at > until)
    if not any(record.view for record in before):
        raise ReplayFault("--hold-out leaves no eligible call to fit on. Hold out less.")
    rhythm = rhythm_of(before, wish.zone, made_up(wish.square_km))
    if wish.calls:
        rhythm = rhythm.scaled(wish.calls)
    service = service_of(before, crisis=wish.crisis)
    study = _study(policy, wish, rhythm, service, until, observed=on_road(r for r in before if not r.medical))
    if after:
        start = after[0].at.replace(minute=0, second=0, microsecond=0)
        ends = last + timedelta(hours=6)  # for whom the last calls wait
        study = replace(study, scenario=replace(study.scenario, start=start, end=ends))
    return replace(study, fitted_on=before, held_out=after, crisis=wish.crisis)


def _study(
    policy: Policy,
    wish: Wish,
    rhythm: Rhythm,
    service: Service,
    start: datetime,
    observed: Sequence[float] = (),
) -> Study:
    start = start.astimezone(wish.zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    trip = fmean(observed) if observed else 10.0
    minutes = mean_of(service.other) + trip
    fleet = (
        wish.fleet
        if wish.fleet is not None
        else usual_fleet(rhythm, minutes, mean_of(service.ambulance) + trip)
    )
    scenario = Scenario(
        start=start,
        end=start + timedelta(days=wish.days),
        zone=wish.zone,
        teams=wish.teams + fleet,
        posts=posts_of(rhythm.places),
        service=service,
    )
    scenario, policy = on_the_road(scenario, policy, rhythm, observed, crisis=wish.crisis)
    return Study(scenario, policy, rhythm)


def mean_of(spread: Spread) -> float:
    """Of a distribution that is only asked by chance."""
    return fmean(spread.at(chance) for chance in MIDDLE)


def made_up(square_km: float) -> tuple[Place, ...]:
    """Two thousand places spread evenly over a square."""
    half = sqrt(square_km) / 2 * KM
    spots = np.random.default_rng(911).uniform(-half, half, (2000, 2)).tolist()
    lat, lon = SOMEWHERE
    return areas_of([(lat + north, lon + east / cos(radians(lat))) for north, east in spots])


def fit_of(study: Study) -> list[Check]:
    """What was seen beside a city drawn from the fit: of the held-out months where there are any."""
    seen = study.held_out or study.fitted_on
    if not seen:
        return []
    scenario = study.scenario
    days = min(scenario.end - scenario.start, timedelta(days=180))
    scenario = replace(scenario, end=scenario.start + days)
    incidents = list(drawn(study.rhythm, scenario.start, scenario.end, scenario.zone, seed=0))
    rule = Rule.GREEDY_COST if study.crisis else Rule.POLICE_ONLY
    city = played_under(rule, scenario, study.policy, incidents)
    return checks(seen, city, incidents, crisis=study.crisis)

"""Plays a city under several dispatch rules with the same calls, and says what each comes to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo
from enum import StrEnum

from dispatch.policy import Policy
from dispatch.simulation import runcards
from dispatch.simulation.city import City
from dispatch.simulation.deciders import Decider, Tandem
from dispatch.simulation.demand import WEEK, Incident, Rhythm, drawn
from dispatch.simulation.figures import Figures, figures_of
from dispatch.simulation.fitting import road_of, slower
from dispatch.simulation.fleet import Team
from dispatch.simulation.scenario import OFFICERS, TEAM, Scenario
from models.unit import UnitKind

FOREVER = 1e9  # seconds and minutes: the CAD's reports are not simulated, so none is ever late
PILOT = timedelta(days=28)
FEW = 10  # trips, from which on travel is fitted
LOAD = 0.4  # share of their hours that officers and ambulances spend at calls, where nobody says how many there are
ASSISTED = 0.3  # share of eligible calls to which an ambulance goes, then

Draw = Callable[[int], Iterable[Incident]]


class Rule(StrEnum):
    """Who decides in a run."""

    POLICE_ONLY = "police-only"
    NEAREST = "nearest"
    NEAREST_OR_PHONE = "nearest-or-phone"
    GREEDY_MATRIX = "greedy-matrix"  # run cards: the matrix in its order, the nearest units, call by call
    GREEDY_COST = "greedy-cost"  # the same costs as Tandem, call by call
    TANDEM = "tandem"
    CONTENTION_FREE = "contention-free"  # no dispatch rule: the bound on all of them


@dataclass(frozen=True, slots=True)
class Run:
    """One rule with one seed."""

    rule: Rule
    seed: int
    figures: Figures


def simulate(
    scenario: Scenario,
    policy: Policy,
    draw: Draw,
    *,
    rules: Sequence[Rule] = tuple(Rule),
    seeds: Sequence[int] = (1,),
    step: Callable[[Run], None] = lambda _: None,
) -> Mapping[Rule, tuple[Figures, ...]]:
    """Every rule with every seed; `draw` gives a seed's calls, and all rules answer the same ones."""
    found: dict[Rule, list[Figures]] = {rule: [] for rule in rules}
    for seed in seeds:
        incidents = list(draw(seed))
        for rule in rules:
            figures = figures_of(played_under(rule, scenario, policy, incidents), scenario.zone)
            found[rule].append(figures)
            step(Run(rule, seed, figures))
    return {rule: tuple(figures) for rule, figures in found.items()}


def played_under(rule: Rule, scenario: Scenario, policy: Policy, incidents: Iterable[Incident]) -> City:
    """One run to its end."""
    policy = reported_at_once(policy)
    bound = rule is Rule.CONTENTION_FREE
    if bound:
        policy = unlimited(policy)
    decider = _decider(rule, policy, scenario.zone)
    return City(replace(scenario, busy=scenario.busy and not bound), policy, decider, incidents).run()


def _decider(rule: Rule, policy: Policy, zone: tzinfo) -> Decider:
    if rule is Rule.TANDEM:
        return Tandem(policy, zone)
    if rule is Rule.CONTENTION_FREE:
        return runcards.RunCard(policy, zone, runcards.contention_free)
    rules = {
        Rule.POLICE_ONLY: runcards.police_only,
        Rule.NEAREST: runcards.nearest,
        Rule.NEAREST_OR_PHONE: runcards.nearest_or_phone,
        Rule.GREEDY_MATRIX: runcards.greedy_matrix,
        Rule.GREEDY_COST: runcards.greedy_cost,
    }
    return runcards.RunCard(without_waiting(policy), zone, rules[rule])


def reported_at_once(policy: Policy) -> Policy:
    """Nothing goes stale: in the simulated city every status and position is known as it changes."""
    changed = {
        "status_minutes": {}, "status_minutes_of": {}, "position_aging_seconds": FOREVER,
        "position_unknown_seconds": FOREVER, "position_parked_seconds": FOREVER,
    }  # fmt: skip
    return policy.model_copy(update={"stale": policy.stale.model_copy(update=changed)})


def without_waiting(policy: Policy) -> Policy:
    """No call waits for a team: what other rules do."""
    return policy.model_copy(
        update={"fallback": policy.fallback.model_copy(update={"hold_minutes": (0.0,) * 5})}
    )


def unlimited(policy: Policy) -> Policy:
    """Nothing but gates, skills and hours keeps a unit away."""
    changed = {
        "max_eta_minutes": (FOREVER,) * 5, "shift_end_buffer_minutes": 0.0, "rest_minutes": 0.0, "reserve": {}
    }  # fmt: skip
    return policy.model_copy(update={"limits": policy.limits.model_copy(update=changed)})


def on_the_road(
    scenario: Scenario, policy: Policy, rhythm: Rhythm, observed: Sequence[float], *, crisis: bool = False
) -> tuple[Scenario, Policy]:
    """Both with travel as observed: a pilot of four weeks says what the policy reckons in the same city.

    Observed were officers, or a crisis service's teams.
    """
    pilot = replace(scenario, end=min(scenario.end, scenario.start + PILOT))
    incidents = drawn(rhythm, pilot.start, pilot.end, pilot.zone, seed=0)
    city = played_under(Rule.GREEDY_COST if crisis else Rule.POLICE_ONLY, pilot, policy, incidents)
    estimates = [trip.estimate for trip in city.trips if trip.group == (TEAM if crisis else OFFICERS)]
    if len(observed) < FEW or not any(estimates):
        return scenario, policy
    factor, sigma = road_of(observed, estimates)
    return replace(scenario, service=replace(scenario.service, road=sigma)), slower(policy, factor)


def usual_fleet(rhythm: Rhythm, minutes: float, ambulance: float) -> tuple[Team, ...]:
    """Officers and ambulances where nobody says how many: so many that calls take LOAD of their hours."""
    weekly, share = sum(rhythm.rates), sum(rhythm.eligible) / 24
    medical = weekly * rhythm.medical * (1 - share)
    officers = max(4, round((weekly - medical) * minutes / 60 / WEEK / LOAD))
    crews = max(2, round((medical + weekly * share * ASSISTED) * ambulance / 60 / WEEK / LOAD))
    trained = max(1, officers // 3)
    return (
        Team(UnitKind.PAT, max(1, officers - trained - 1)),
        Team(UnitKind.CIT, trained),
        Team(UnitKind.SGT, 1),
        Team(UnitKind.EMS, crews),
    )

"""The simulated city keeps the laws of queues, of chance and of one place at a time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import factorial, isnan

import numpy as np
import pytest

from dispatch.policy import default_policy
from dispatch.simulate import Rule, played_under, simulate
from dispatch.simulation.city import City
from dispatch.simulation.demand import Incident, Record, Rhythm, areas_of, drawn, played, rhythm_of
from dispatch.simulation.figures import interval
from dispatch.simulation.fitting import USUAL, road_of, slower
from dispatch.simulation.fleet import TeamsUnreadable, parse_teams, posts_of, shift_end
from dispatch.simulation.scenario import Scenario, Service
from dispatch.simulation.spreads import Exponential, Lognormal, distance, fitted
from models.call import AssessmentView
from models.unit import UnitKind
from tests.unit.dispatch_city import an_assessment

MONDAY = datetime(2025, 3, 3, tzinfo=UTC)
SPOTS = np.random.default_rng(7).uniform(-0.05, 0.05, (200, 2)).tolist()
PLACES = areas_of([(32.8 + north, -96.8 + east) for north, east in SPOTS])
VIEWS = (
    an_assessment("psychosis", risk=2),
    an_assessment("homelessness", risk=1),
    an_assessment("suicidal", risk=3),
    an_assessment("domestic_violence", risk=3, gates=("G3",)),
    an_assessment("overdose", risk=4, gates=("G4",)),
)
TEAMS = parse_teams("CRT=2@08-20,COR=1@12-24,TEL=1@08-20,988=1,PAT=4,CIT=2,EMS=2")


def a_rhythm(
    calls_an_hour: float = 4.0, eligible: float = 0.3, views: Sequence[AssessmentView] = VIEWS
) -> Rhythm:
    return Rhythm((calls_an_hour,) * 168, (eligible,) * 24, tuple(views), PLACES, medical=0.1, initiated=0.1)


def a_scenario(days: float = 3, **changes: object) -> Scenario:
    usual = Scenario(MONDAY, MONDAY + timedelta(days=days), UTC, TEAMS, posts_of(PLACES), USUAL)
    return replace(usual, **changes)  # type: ignore[arg-type]


def calls(scenario: Scenario, seed: int = 1, rhythm: Rhythm | None = None) -> list[Incident]:
    return list(drawn(rhythm or a_rhythm(), scenario.start, scenario.end, scenario.zone, seed))


def a_run(rule: Rule, scenario: Scenario, seed: int = 1) -> City:
    return played_under(rule, scenario, default_policy(), calls(scenario, seed))


def erlang_c(servers: int, load: float) -> float:
    """The chance that a call has to wait (Erlang 1917)."""
    full = load**servers / factorial(servers) * servers / (servers - load)
    return full / (sum(load**k / factorial(k) for k in range(servers)) + full)


@pytest.mark.parametrize("eligible", [0.0, 1.0], ids=["other calls", "eligible calls"])
def test_waits_of_a_queue_with_a_known_answer_are_within_their_interval(eligible: float) -> None:
    servers, an_hour, minutes = 3, 3.0, 30.0
    load = an_hour * minutes / 60
    known = erlang_c(servers, load) * minutes / (servers - load)
    here = (32.8, -96.8, "here")
    exponential = Exponential(minutes)
    scenario = a_scenario(
        days=7 if eligible else 30, teams=parse_teams("PAT=3"), posts=(here[:2],), answer_seconds=0.0,
        service=Service(exponential, exponential, exponential, exponential, exponential),
    )  # fmt: skip
    policy = default_policy()
    policy = policy.model_copy(update={"travel": policy.travel.model_copy(update={"turnout_minutes": 0.0})})
    rhythm = Rhythm((an_hour,) * 168, (eligible,) * 24, (VIEWS[0],), (here,))
    waits = []
    for seed in range(8):
        city = played_under(Rule.POLICE_ONLY, scenario, policy, calls(scenario, seed, rhythm))
        helped = [answer.first_help for answer in city.answers.values() if answer.first_help is not None]
        seen = helped if eligible else city.ordinary.waits
        waits.append(sum(seen) / len(seen))
    found = interval(waits)
    assert abs(found.mean - known) <= found.half
    assert found.half < 0.6 * known  # an interval that says something


@pytest.mark.parametrize("rule", Rule)
def test_the_same_seed_gives_the_same_run_and_another_seed_another(rule: Rule) -> None:
    scenario = a_scenario()
    one, again, other = (a_run(rule, scenario, seed).answers for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_every_rule_answers_the_same_calls_with_the_same_chances() -> None:
    drawings = []

    def draw(seed: int) -> list[Incident]:
        drawings.append(seed)
        return calls(scenario, seed)

    scenario = a_scenario(days=1)
    found = simulate(scenario, default_policy(), draw, seeds=(1, 2))
    assert drawings == [1, 2]
    for seed in (0, 1):
        assert len({figures[seed].values["eligible"] for figures in found.values()}) == 1


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule is not Rule.CONTENTION_FREE])
def test_a_car_is_never_at_two_calls(rule: Rule) -> None:
    trips = [trip for trip in a_run(rule, a_scenario()).trips if not trip.car.startswith("988")]
    assert len(trips) > 200
    busy: dict[str, datetime] = {}
    for trip in trips:
        assert trip.began >= busy.get(trip.car, trip.began) - timedelta(
            milliseconds=1
        )  # clocks count microseconds
        busy[trip.car] = trip.ends


@pytest.mark.parametrize("rule", Rule)
def test_every_eligible_call_ends_served_or_with_a_reason(rule: Rule) -> None:
    scenario = a_scenario()
    city = a_run(rule, scenario)
    eligible = [incident.id for incident in calls(scenario) if incident.view is not None]
    assert list(city.answers) == eligible
    assert all(answer.right == (answer.reason is None) for answer in city.answers.values())
    assert Counter(answer.right for answer in city.answers.values()).keys() <= {True, False}


def test_no_rule_serves_more_calls_right_than_the_relaxation_and_tandem_more_than_nearest() -> None:
    scenario = a_scenario(days=5)
    right = {rule: sum(a.right for a in a_run(rule, scenario).answers.values()) for rule in Rule}
    assert max(right.values()) == right[Rule.CONTENTION_FREE]
    assert right[Rule.TANDEM] > right[Rule.NEAREST] > 0


def test_no_team_goes_out_of_its_hours() -> None:
    city = a_run(Rule.TANDEM, a_scenario(days=5))
    going = [a for a in city.answers.values() if a.sent_at and UnitKind.CRT in a.kinds]
    assert going
    assert all(8 <= answer.sent_at.hour < 20 for answer in going if answer.sent_at)


def test_demand_drawn_from_a_fit_has_the_rates_that_were_put_in() -> None:
    rates = tuple(2.0 + hour % 24 / 4 for hour in range(168))
    rhythm = replace(a_rhythm(), rates=rates)
    past = [
        Record(i.at, i.place, i.view) for i in drawn(rhythm, MONDAY, MONDAY + timedelta(weeks=60), UTC, 3)
    ]
    found = rhythm_of(past, UTC, PLACES)
    # 60 weeks of each hour: a Poisson count's own deviation, five times over for the worst of 168
    assert max(abs(a - b) / (b / 60) ** 0.5 for a, b in zip(found.rates, rates, strict=True)) < 5
    assert sum(found.rates) == pytest.approx(sum(rates), rel=0.02)
    assert np.mean(found.eligible) == pytest.approx(0.3, abs=0.01)
    assert rhythm.scaled(60_000).scaled(30_000).rates[5] == pytest.approx(rhythm.scaled(30_000).rates[5])


def test_held_out_calls_are_played_at_their_own_times_and_a_missing_place_is_drawn() -> None:
    past = [
        Record(MONDAY + timedelta(hours=h), PLACES[h] if h else None, VIEWS[0] if h else None)
        for h in (2, 1, 0)
    ]
    one, two, three = played(past, PLACES, seed=1)
    assert [one.at, two.at, three.at] == [record.at for record in reversed(past)]
    assert one.place in PLACES
    assert three.place == PLACES[2]
    assert one.chances != next(played(past, PLACES, seed=2)).chances


def test_an_hour_that_the_clock_skips_or_repeats_ends_a_shift_at_its_local_hour() -> None:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("America/Chicago")
    (night,) = parse_teams("CRT=1@22-06")
    ends = shift_end(
        night, datetime(2025, 11, 2, 4, 30, tzinfo=UTC), zone
    )  # the clock goes back in that night
    assert ends is not None
    assert ends.astimezone(zone).hour == 6
    assert ends == datetime(2025, 11, 2, 12, tzinfo=UTC)


def test_distributions_give_back_what_they_were_fitted_to() -> None:
    values = np.random.default_rng(1).lognormal(3, 0.7, 4000).tolist()
    spread = fitted(values, Exponential(1.0))
    again = [spread.at(chance) for chance in np.random.default_rng(2).uniform(size=4000).tolist()]
    assert distance(values, again) < 0.04
    assert distance(values, [value * 2 for value in values]) > 0.3
    few = fitted(values[:20], Exponential(1.0))
    assert isinstance(few, Lognormal)
    assert fitted([1.0], Exponential(4.0)) == Exponential(4.0)


def test_travel_twice_as_long_as_reckoned_is_found_and_put_into_the_policy() -> None:
    estimated = np.random.default_rng(3).lognormal(1.5, 0.4, 5000)
    observed = 2 * estimated * np.random.default_rng(4).lognormal(0, 0.5, 5000)
    factor, sigma = road_of(observed.tolist(), estimated.tolist())
    assert factor == pytest.approx(2, rel=0.05)
    assert sigma == pytest.approx(0.5, rel=0.05)
    policy = default_policy()
    assert slower(policy, 2.0).travel.speed_kmh[0].kmh == policy.travel.speed_kmh[0].kmh / 2


def test_teams_that_cannot_be_read_are_named() -> None:
    assert [str(team) for team in parse_teams("CRT=2@08-20, 988=1")] == ["CRT=2@08-20", "988=1"]
    with pytest.raises(TeamsUnreadable, match="'XYZ=1'"):
        parse_teams("CRT=1,XYZ=1")
    with pytest.raises(TeamsUnreadable, match="after 24"):
        parse_teams("CRT=1@08-25")


def test_one_seed_has_no_interval() -> None:
    assert isnan(interval([3.0]).half)
    assert interval([1.0, 1.0, 1.0]).half == 0

"""Minutes on the road: distance, detour, turnout and the hour's speed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.travel import Road, kilometres, minutes, next_speed_change, speed_kmh
from tests.unit.dispatch_city import HERE, KILOMETRE, POLICY

TRAVEL = POLICY.travel
POINTS = st.tuples(st.floats(-85, 85), st.floats(-180, 180))


def test_one_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert kilometres((0, 0), (1, 0)) == pytest.approx(111.195, abs=0.01)


def test_ten_kilometres_take_their_detour_the_speed_of_the_hour_and_the_turnout() -> None:
    away = (HERE[0] + 10 * KILOMETRE, HERE[1])
    assert minutes(TRAVEL, away, HERE, 12) == pytest.approx(1.5 + 60 * 10 * 1.35 / 40, rel=1e-3)


def test_rush_hour_is_slower_than_night() -> None:
    away = (HERE[0] + 10 * KILOMETRE, HERE[1])
    assert minutes(TRAVEL, away, HERE, 17) > minutes(TRAVEL, away, HERE, 3)


@settings(max_examples=30, deadline=None)
@given(POINTS, POINTS, st.integers(0, 23))
def test_the_way_back_is_as_long_and_never_shorter_than_the_turnout(
    one: tuple[float, float], other: tuple[float, float], hour: int
) -> None:
    there = minutes(TRAVEL, one, other, hour)
    assert there == pytest.approx(minutes(TRAVEL, other, one, hour))
    assert there >= TRAVEL.turnout_minutes


@settings(max_examples=30, deadline=None)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_speed_holds_until_its_next_change(now: datetime) -> None:
    zone = ZoneInfo("America/Chicago")
    change = next_speed_change(TRAVEL, now, zone)
    assert change is not None
    assert now < change <= now + timedelta(hours=9)
    just_before = (change - timedelta(microseconds=1)).astimezone(zone).hour
    assert speed_kmh(TRAVEL, just_before) == speed_kmh(TRAVEL, now.astimezone(zone).hour)


def north(km: float) -> tuple[float, float]:
    return (HERE[0] + km * KILOMETRE, HERE[1])


def test_a_told_road_is_as_long_as_it_was_told_and_slowed_by_the_hour() -> None:
    road = Road(north(5), HERE, 20)
    assert minutes(TRAVEL, road.start, HERE, 0, road) == pytest.approx(1.5 + 20)
    assert minutes(TRAVEL, road.start, HERE, 17, road) == pytest.approx(1.5 + 20 * 50 / 32)
    knowing = TRAVEL.model_copy(update={"router_knows_traffic": True})
    assert minutes(knowing, road.start, HERE, 17, road) == pytest.approx(1.5 + 20)


def test_a_unit_that_moved_since_keeps_the_detour_in_proportion() -> None:
    road = Road(north(10), HERE, 40)
    half, there = (minutes(TRAVEL, north(km), HERE, 0, road) - 1.5 for km in (5, 0))
    assert 18 < half < 22
    assert 0 <= there < 2


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 30), st.floats(0, 30), st.floats(0, 120), st.integers(0, 23))
def test_no_road_makes_an_arrival_before_the_turnout_or_a_detour_without_end(
    then: float, now: float, told: float, hour: int
) -> None:
    along = minutes(TRAVEL, north(now), HERE, hour, Road(north(then), HERE, told)) - 1.5
    estimate = minutes(TRAVEL, north(now), HERE, hour) - 1.5
    assert 0 <= along <= (estimate + 1) * (told * 50 / 32 + 1)

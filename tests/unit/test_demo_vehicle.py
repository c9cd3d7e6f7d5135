"""Units of the demo drive as far as they should and arrive where they were sent."""

import random
from itertools import pairwise

import pytest

from api.demo.vehicle import HOME_RADIUS, Vehicle, metres_between, route, stopping_short
from api.demo.world import load_world

CITY_HALL, MALL = (26.9878, -90.5075), (27.0320, -90.4365)


@pytest.fixture
def vehicle() -> Vehicle:
    return Vehicle(load_world().units[0], CITY_HALL)


@pytest.fixture
def rng() -> random.Random:
    return random.Random(5)  # noqa: S311 - repeatable on purpose


def test_a_degree_of_latitude_is_about_111_kilometres() -> None:
    assert metres_between((27.0, -90.5), (28.0, -90.5)) == pytest.approx(111_195)


def test_a_route_ends_at_its_goal_and_is_hardly_longer_than_the_straight_line(rng: random.Random) -> None:
    stops = [CITY_HALL, *route(CITY_HALL, MALL, rng)]
    length = sum(metres_between(a, b) for a, b in pairwise(stops))
    assert stops[-1] == MALL
    assert length < 1.1 * metres_between(CITY_HALL, MALL)


def test_a_vehicle_drives_as_far_as_it_is_told(vehicle: Vehicle) -> None:
    vehicle.head_for([MALL])
    vehicle.advance(1000)
    assert metres_between(CITY_HALL, vehicle.at) == pytest.approx(1000, rel=0.001)
    assert vehicle.moving


def test_a_vehicle_stops_where_its_way_ends(vehicle: Vehicle) -> None:
    vehicle.head_for([MALL])
    vehicle.advance(1_000_000)
    assert vehicle.at == MALL
    assert not vehicle.moving


def test_staging_is_short_of_the_scene() -> None:
    assert metres_between(stopping_short(CITY_HALL, MALL, 350), MALL) == pytest.approx(350, rel=0.001)
    assert stopping_short(MALL, MALL, 350) == MALL


def test_an_idle_crew_stays_near_home(vehicle: Vehicle, rng: random.Random) -> None:
    home = (vehicle.unit.lat, vehicle.unit.lon)
    vehicle.wander(rng)
    assert all(metres_between(home, stop) <= HOME_RADIUS * 1.5 for stop in vehicle.ahead)


def test_a_unit_off_duty_is_not_idle(vehicle: Vehicle) -> None:
    assert not vehicle.idle
    vehicle.shift_ends = "2026-11-23T23:00:00+00:00"
    assert vehicle.idle

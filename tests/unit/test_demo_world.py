"""The demo's city is whole: everything lies inside it, and its calls keep the rhythm of a week."""

import json
import random
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pytest

from api.demo.world import BASEMAP, HERE, World, WorldError, arrivals, load_world
from models.unit import UnitKind

MONDAY_NOON = datetime(2026, 11, 23, 18, tzinfo=UTC)  # 12:00 in the center's zone


@pytest.fixture(scope="module")
def world() -> World:
    return load_world()


@pytest.fixture(scope="module")
def basemap() -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(BASEMAP.read_text())["features"]
    return features


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A copy of the data with one text replaced."""

    def edit(file: str, old: str, new: str) -> Path:
        shutil.copytree(HERE, tmp_path / "demo")
        path = tmp_path / "demo" / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        return tmp_path / "demo"

    return edit


def test_there_are_at_least_160_calls_and_about_half_are_plain(world: World) -> None:
    flagged = sum(call.weight for call in world.calls if call.flag) / sum(call.weight for call in world.calls)
    assert len(world.calls) >= 160
    assert 0.45 <= flagged <= 0.6


def test_no_text_stands_twice(world: World) -> None:
    texts = Counter(entry.text for call in world.calls for entry in call.entries)
    assert [text for text, count in texts.items() if count > 1] == []


def test_a_demo_opens_with_six_calls_that_a_clinician_should_see(world: World) -> None:
    assert [call.opening for call in world.opening()] == [1, 2, 3, 4, 5, 6]
    assert all(call.flag and call.comes_at(hour) for call in world.opening()[:4] for hour in range(24))


def test_every_kind_of_responder_has_a_unit(world: World) -> None:
    assert {unit.kind for unit in world.units} == set(UnitKind)


@pytest.mark.parametrize("hour", range(24))
def test_police_and_ambulances_work_at_every_hour(world: World, hour: int) -> None:
    at = datetime(2026, 11, 24, hour, 30, tzinfo=world.center.zone)
    on = Counter(unit.kind for unit in world.units if unit.shift_end(at, world.center.zone))
    assert on[UnitKind.PAT] >= 4
    assert on[UnitKind.EMS] >= 4
    assert on[UnitKind.SGT] >= 1


def test_crisis_teams_are_thin_at_night(world: World) -> None:
    def teams(hour: int) -> int:
        at = datetime(2026, 11, 24, hour, 30, tzinfo=world.center.zone)
        return sum(u.kind == "CRT" and u.shift_end(at, world.center.zone) is not None for u in world.units)

    assert teams(3) == 1
    assert teams(14) >= 3


def test_a_shift_over_midnight_ends_the_next_morning(world: World) -> None:
    unit = next(unit for unit in world.units if unit.id == "CR-5")
    end = unit.shift_end(datetime(2026, 11, 24, 2, tzinfo=world.center.zone), world.center.zone)
    assert end == datetime(2026, 11, 24, 7, tzinfo=world.center.zone)
    assert unit.shift_end(datetime(2026, 11, 24, 12, tzinfo=world.center.zone), world.center.zone) is None


def test_the_basemap_is_compact_and_has_every_kind(basemap: list[dict[str, Any]]) -> None:
    kinds = Counter(feature["properties"]["kind"] for feature in basemap)
    assert BASEMAP.stat().st_size < 150_000
    assert kinds["beat"] == 8
    assert min(kinds[kind] for kind in ("water", "park", "place")) >= 3
    assert kinds["road"] > 100


def test_every_call_lies_in_the_beat_it_names(world: World, basemap: list[dict[str, Any]]) -> None:
    beats = {
        feature["properties"]["name"]: feature["geometry"]["coordinates"][0]
        for feature in basemap
        if feature["properties"]["kind"] == "beat"
    }
    astray = [c.key for c in world.calls if distance_outside(beats[c.beat], c.lon, c.lat) > 0.001]
    assert astray == []


def test_equal_seeds_tell_equal_stories(world: World) -> None:
    first, second = (list(islice(arrivals(world, seeded(7), MONDAY_NOON), 50)) for _ in range(2))
    assert first == second
    assert all(earlier < later for (earlier, _), (later, _) in pairwise(first))


def test_calls_keep_the_rhythm_of_the_week(world: World) -> None:
    week = MONDAY_NOON + timedelta(days=7)
    stream = arrivals(world, seeded(1), MONDAY_NOON, pace=2)
    hours: Counter[int] = Counter()
    for at, _ in stream:
        if at >= week:
            break
        hours[at.astimezone(world.center.zone).hour] += 1
    assert hours.total() == pytest.approx(22 * 168 * 2, rel=0.04)
    assert hours[15] > 3 * hours[3]


def test_a_call_comes_only_at_its_hours(world: World) -> None:
    stream = islice(arrivals(world, seeded(2), MONDAY_NOON), 2000)
    assert all(call.comes_at(at.astimezone(world.center.zone).hour) for at, call in stream)


def test_a_story_is_not_told_again_soon(world: World) -> None:
    keys = [call.key for _, call in islice(arrivals(world, seeded(3), MONDAY_NOON, pace=50), 200)]
    assert all(len(set(keys[i : i + 20])) == 20 for i in range(180))


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("units.toml", 'agency = "hospital"', 'agency = "navy"', "TEL-1 has no agency 'navy'"),
        ("units.toml", 'id = "TEL-2"', 'id = "TEL-1"', "TEL-1 is there twice"),
        ("units.toml", 'kind = "HNT"', 'kind = "PAT"', "has none of"),
        ("calls.toml", "lat = 27", "lat = 31", "juniper-brother-offmeds lies at 31"),
        ("calls.toml", "hours = [0, 24]", "hours = [0, 25]", "juniper-brother-offmeds has hours"),
        ("calls.toml", "priority = 2", "priority = 9", "juniper-brother-offmeds.priority"),
        ("rhythm.toml", "  0.54,", "  0.00,", "hour_of_week has an hour without calls"),
        ("center.toml", "synthetic = true", "synthetic = false", "center.toml: demo.synthetic"),
        ("center.toml", "[bounds]", "[bounds", "is not TOML"),
    ],
)
def test_a_fault_in_the_data_names_its_place(
    edited: Callable[[str, str, str], Path], file: str, old: str, new: str, named: str
) -> None:
    with pytest.raises(WorldError, match=named):
        load_world(edited(file, old, new))


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - repeatable on purpose


def distance_outside(ring: list[tuple[float, float]], x: float, y: float) -> float:
    """Degrees from a point to a ring, 0 inside it."""
    inside, nearest = False, float("inf")
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
        length = (x2 - x1) ** 2 + (y2 - y1) ** 2
        t = max(0, min(1, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length)) if length else 0
        nearest = min(nearest, ((x1 + t * (x2 - x1) - x) ** 2 + (y1 + t * (y2 - y1) - y) ** 2) ** 0.5)
    return 0 if inside else nearest

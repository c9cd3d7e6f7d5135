"""Travel times fitted to runs: what made the runs is found again, however badly some of them were noted."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from typer.testing import CliRunner

from api.cad_export import ReplayFault
from api.cli import app
from api.policies import packaged
from api.unit_runs import columns_of, read_runs
from dispatch.policy import default_policy, load_policy
from dispatch.policy_lines import with_table
from dispatch.travel_fit import Quality, Runs, TooFewRuns, fit, fitted

BEFORE = default_policy().travel
CHICAGO = ZoneInfo("America/Chicago")
KILOMETRE = 1 / 111.2


def made_runs(count: int = 4000, *, wrong: float = 0.0, driven: float | None = None) -> Runs:
    """Runs with 2 minutes of turnout, 36 km/h by day and 54 at night, roads 1.35 times as long."""
    dice = np.random.default_rng(5)
    km, hour = dice.uniform(0.5, 15, count), dice.integers(0, 24, count)
    kmh = np.where((hour >= 7) & (hour < 20), 36.0, 54.0)
    minutes = 2 + 60 * km * 1.35 / kmh + dice.laplace(0, 0.7, count)
    bad = dice.random(count) < wrong
    minutes = np.where(bad, dice.uniform(0.5, 119, count), minutes)
    road = np.full(count, np.nan) if driven is None else km * driven * dice.uniform(0.95, 1.05, count)
    return Runs(km, minutes, hour, road)


@pytest.mark.parametrize("wrong", [0.0, 0.15])
def test_turnout_and_speeds_are_found_again_though_some_times_are_wrong(wrong: float) -> None:
    travel = fitted(made_runs(wrong=wrong), BEFORE)
    assert travel.turnout_minutes == pytest.approx(2, abs=0.35)
    assert [speed.from_hour for speed in travel.speed_kmh] == [0, 7, 20]
    night, day, late = (speed.kmh for speed in travel.speed_kmh)
    assert (night, day, late) == pytest.approx((54, 36, 54), rel=0.06)
    assert travel.road_factor == BEFORE.road_factor, "times alone do not tell it"


def test_driven_kilometres_tell_the_road_factor_and_the_speed_goes_with_it() -> None:
    travel = fitted(made_runs(driven=1.62), BEFORE)
    assert travel.road_factor == pytest.approx(1.62, abs=0.02)
    assert travel.speed_kmh[1].kmh == pytest.approx(36 * 1.62 / 1.35, rel=0.05)


def test_speed_that_is_the_same_all_day_is_one_speed() -> None:
    runs = made_runs()
    steady = Runs(runs.km, 2 + 60 * runs.km * 1.35 / 40, runs.hour, runs.driven_km)
    (speed,) = fitted(steady, BEFORE).speed_kmh
    assert speed.from_hour == 0
    assert speed.kmh == pytest.approx(40, abs=0.2)


def test_quality_is_judged_on_runs_that_the_fit_had_not_seen() -> None:
    found = fit(made_runs(wrong=0.1), BEFORE)
    assert found.held_out == 800
    assert found.after.median < found.before.median
    assert abs(found.after.bias) < 0.2
    assert Quality.of(found.travel, made_runs()).median < 1


def test_a_handful_of_runs_fits_nothing() -> None:
    with pytest.raises(TooFewRuns, match="60 runs"):
        fit(made_runs(60), BEFORE)


def test_speeds_stay_possible_whatever_is_noted() -> None:
    runs = made_runs(200)
    for minutes in (np.full(200, 0.5), np.full(200, 119.0)):
        travel = fitted(Runs(runs.km, minutes, runs.hour, runs.driven_km), BEFORE)
        assert all(5 <= speed.kmh <= 150 for speed in travel.speed_kmh)
        assert 0 <= travel.turnout_minutes <= 10


def written(folder: Path, rows: list[dict[str, object]]) -> Path:
    file = folder / "runs.csv"
    with file.open("w", newline="") as into:
        writer = csv.DictWriter(into, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


def a_run(
    km: float = 5.0,
    minutes: float = 10.0,
    at: datetime = datetime(2026, 1, 5, 18, tzinfo=UTC),
    **more: object,
) -> dict[str, object]:
    usual: dict[str, object] = {
        "from_lat": 39.0, "from_lon": -86.0, "to_lat": 39.0 + km * KILOMETRE, "to_lon": -86.0,
        "dispatched_at": at.isoformat(), "arrived_at": (at + timedelta(minutes=minutes)).isoformat(),
    }  # fmt: skip
    return usual | more


def test_lines_that_tell_no_speed_are_set_aside_with_the_reason(tmp_path: Path) -> None:
    rows = [
        a_run(), a_run(from_lat=""), a_run(to_lat="0", to_lon="0"), a_run(arrived_at=""), a_run(minutes=-3),
        a_run(minutes=400), a_run(km=0.05), a_run(km=60, minutes=2), a_run(to_lat="nan"),
    ]  # fmt: skip
    read = read_runs(written(tmp_path, rows), columns_of(""), CHICAGO)
    runs = read.runs(CHICAGO)
    assert len(runs) == 1
    assert (runs.km[0], runs.minutes[0], runs.hour[0]) == (pytest.approx(5, rel=0.01), 10, 12)
    assert sum(read.aside.values()) == 8
    assert read.aside["no place of the call"] == 2
    assert read.aside["faster than 200 km/h"] == 1


def test_a_run_may_begin_where_the_same_unit_has_just_cleared(tmp_path: Path) -> None:
    at = datetime(2026, 1, 5, 18, tzinfo=UTC)
    rows = [
        a_run(0, at=at, unit="A", cleared_at=(at + timedelta(minutes=30)).isoformat()),
        a_run(8, at=at + timedelta(minutes=33), unit="A", cleared_at=""),
        a_run(8, at=at + timedelta(minutes=34), unit="B", cleared_at=""),
    ]
    read = read_runs(written(tmp_path, rows), columns_of(""), CHICAGO, within=5)
    assert [row[1] for row in read.rows] == [pytest.approx(8, rel=0.01)]
    assert read.aside["no place of the unit"] == 2
    assert read_runs(written(tmp_path, rows), columns_of(""), CHICAGO, within=2).rows == []


def test_column_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    file = written(tmp_path, [a_run()])
    with pytest.raises(ReplayFault, match="no column 'x'; it has from_lat"):
        read_runs(file, columns_of("to_lat=x"), CHICAGO)
    with pytest.raises(ReplayFault, match="is not field=column"):
        columns_of("latitude=x")


def test_a_table_is_replaced_and_everything_about_it_stays() -> None:
    text = with_table(packaged(), "travel", ["[travel]", "road_factor = 1.5"])
    head, tail = packaged().split("[travel]")
    rest = tail[tail.index("# Minutes a dispatcher would trade") :]
    assert text == f"{head}[travel]\nroad_factor = 1.5\n\n{rest}"
    assert with_table("[a]\nx = 1\n", "travel", ["[travel]"]) == "[a]\nx = 1\n[travel]\n"


def test_what_is_fitted_is_printed_or_written_into_a_policy_that_stays_valid(tmp_path: Path) -> None:
    dice = np.random.default_rng(1)
    begin = datetime(2026, 1, 5, tzinfo=UTC)
    rows = [
        a_run(km, 3 + 2 * km, begin + timedelta(hours=hour))
        for hour, km in enumerate(dice.uniform(1, 9, 400))
    ]
    file, policy = written(tmp_path, rows), tmp_path / "own.toml"
    policy.write_text(packaged())
    run = CliRunner().invoke
    words = ["calibrate", "travel", str(file), "--timezone", "America/Chicago"]
    printed = run(app, words)
    assert (printed.exit_code, "turnout_minutes = 3" in printed.stdout) == (0, True), printed.output
    assert run(app, [*words, "--into", str(policy)]).exit_code == 0
    travel = load_policy(policy).travel
    assert travel.turnout_minutes == pytest.approx(3, abs=0.1)
    assert travel.speed_kmh[0].kmh == pytest.approx(60 * 1.35 / 2, rel=0.02)
    same = load_policy(policy).model_copy(update={"travel": default_policy().travel})
    assert same.digest == default_policy().digest
    policy.write_text("nonsense = 1")
    refused = run(app, [*words, "--into", str(policy)])
    assert (refused.exit_code, policy.read_text()) == (1, "nonsense = 1")
    few = run(app, ["calibrate", "travel", str(written(tmp_path, rows[:9])), "--timezone", "UTC"])
    assert (few.exit_code, "9 runs can be used" in few.output) == (1, True)

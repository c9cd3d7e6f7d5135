"""tandem policy check and diff need no service: what is wrong, what a file says, and which calls it would change."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import typer
from typer.testing import CliRunner

from api.cli import app
from api.cli_policy import moment_of
from api.policies import packaged
from dispatch.policy import load_policy

SAID = ("HEARING VOICES TALKING TO HERSELF IN HER APARTMENT", "CAR PARKED AT THE HYDRANT")
NEVER = packaged().replace('wait = "when_clinician_on_shift"', 'wait = "never"')


def written(folder: Path, text: str = NEVER, name: str = "own.toml") -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def policy(*words: str) -> tuple[int, str, str]:
    said = CliRunner().invoke(app, ["policy", *words])
    return said.exit_code, said.stdout, " ".join(said.stderr.split())


def calls(folder: Path) -> str:
    told = [{"id": f"c-{n}", "narrative": text, "lat": 39.0, "lon": -86.0} for n, text in enumerate(SAID)]
    return written(folder, "".join(json.dumps(each) + "\n" for each in told), "calls.jsonl")


def test_a_faulty_file_ends_with_its_line_and_the_fix(tmp_path: Path) -> None:
    file = written(tmp_path, packaged().replace('R2 = "COR"', 'R2 = "CORE"', 1))
    line = next(n for n, text in enumerate(packaged().splitlines(), 1) if text == 'R2 = "COR"')
    for words in (("check", file), ("diff", "packaged", file)):
        status, _, fault = policy(*words)
        assert (status, f"own.toml, line {line}" in fault, "use one of" in fault) == (1, True, True), fault


def test_a_sound_file_is_said_in_words(tmp_path: Path) -> None:
    status, said, about = policy("check", written(tmp_path))
    assert (status, load_policy(NEVER).digest in about) == (0, True)
    assert "A pairing waits for the clinician's look at the call: never." in said


def test_a_dry_run_names_the_calls_that_would_be_answered_otherwise_and_no_word_of_them(
    tmp_path: Path,
) -> None:
    status, said, _ = policy("diff", "packaged", written(tmp_path), "--on", calls(tmp_path))
    assert status == 0
    assert "2 calls read, 1 eligible, 1 would be answered otherwise." in said
    assert "c-0\tno longer waits for the clinician" in said
    assert "- Review: A pairing waits for the clinician's look at the call: when_clinician_on_shift." in said
    assert "APARTMENT" not in said


def test_a_board_of_ones_own_is_planned_on_and_told_as_json(tmp_path: Path) -> None:
    units = [
        {"id": "M1", "kind": "CRT", "lat": 39.01, "lon": -86.0},
        {"id": "T1", "kind": "TEL", "primary": "x"},
    ]
    board = written(tmp_path, json.dumps({"units": units}), "units.json")
    asked = ("diff", "packaged", written(tmp_path), "--on", calls(tmp_path), "--units", board, "--json")
    status, said, fault = policy(*asked)
    assert status == 0, fault
    *found, counts = map(json.loads, said.splitlines())
    assert found == [{"id": "c-0", "changes": ["no longer waits for the clinician"]}]
    assert (counts["read"], counts["changed"]) == (2, 1)
    (tmp_path / "units.json").write_text('[{"id": "M1", "kind": "CAR"}]')
    status, _, fault = policy(*asked)
    assert (status, "unit 0.kind" in fault) == (1, True)


def test_a_time_without_a_zone_is_the_centers() -> None:
    zone = ZoneInfo("America/New_York")
    assert moment_of("now", zone) is None
    assert moment_of("2099-07-01T06:00", zone) == datetime(2099, 7, 1, 10, tzinfo=UTC)
    assert moment_of("2099-07-01T06:00+02:00", zone) == datetime(2099, 7, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(("text", "fault"), [("2020-01-01T06:00", "has passed"), ("soon", "is no time")])
def test_the_past_and_what_is_no_time_are_refused(
    text: str, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit):
        moment_of(text, ZoneInfo("UTC"))
    assert fault in capsys.readouterr().err

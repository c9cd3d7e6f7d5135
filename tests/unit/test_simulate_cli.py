"""tandem simulate reads an export, plays it and writes a table, numbers and a page that needs nothing else."""

import csv
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from api.cli import app

MAP = "received_at=when,dispatched_at=sent,arrived_at=there,cleared_at=done,nature=what,lat=lat,lon=lon,agency=who"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Three weeks of a small town, one of whose lines is no call."""
    chance = Random(5)  # noqa: S311 - the same town every time
    path = tmp_path / "town.csv"
    with path.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("when", "sent", "there", "done", "what", "lat", "lon", "who"))
        lines.writerow(("yesterday", "", "", "", "WELFARE CHECK", "", "", "POLICE"))
        for number in range(400):
            at = datetime(2025, 5, 5) + timedelta(minutes=60 * number)  # noqa: DTZ001 - exports are in local time
            times = [at + timedelta(minutes=chance.uniform(a, b)) for a, b in ((1, 4), (6, 20), (25, 70))]
            what = chance.choice(
                ("TRAFFIC STOP", "ALARM", "WELFARE CHECK", "SUICIDAL SUBJECT", "TOW RELEASE")
            )
            lat, lon = 41.4 + chance.uniform(0, 0.08), -87.4 + chance.uniform(0, 0.1)
            who = "EMS" if what == "ALARM" and number % 3 == 0 else "POLICE"
            lines.writerow((at.isoformat(), *(t.isoformat() for t in times), what, lat, lon, who))
    return path


def simulate(*words: str) -> str:
    result = CliRunner().invoke(app, ["simulate", *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_an_export_is_fitted_played_under_every_rule_and_told(export: Path, tmp_path: Path) -> None:
    numbers, page = tmp_path / "out.json", tmp_path / "out.html"
    said = simulate(
        str(export), "--map", MAP, "--timezone", "America/Chicago", "--skip", "TOW*", "--hold-out", "5", "--seeds", "2",
        "--json", str(numbers), "--html", str(page),
    )  # fmt: skip
    found = json.loads(numbers.read_text())
    assert list(found["variants"]) == [
        "police-only", "nearest", "nearest-or-phone", "greedy-matrix", "greedy-cost", "tandem", "contention-free"
    ]  # fmt: skip
    eligible = {values["eligible"]["mean"] for values in found["variants"].values()}
    assert len(eligible) == 1
    assert 10 < eligible.pop() < 120
    assert "tandem less" in said
    assert {line["what"] for line in found["fit"]} >= {"minutes between calls", "dispatch to arrival"}
    html = page.read_text()
    assert html.count("<svg") == 5
    assert not re.search(r"(src|href|url\()\s*=?\s*[\"']?(https?:|//)", html)


def test_more_teams_are_set_beside_those_of_today(export: Path, tmp_path: Path) -> None:
    numbers = tmp_path / "out.json"
    simulate(
        str(export), "--map", MAP, "--timezone", "America/Chicago", "--days", "7", "--seeds", "2", "--baseline", "",
        "--teams", "CRT=2", "--json", str(numbers),
    )  # fmt: skip
    found = json.loads(numbers.read_text())
    assert list(found["variants"]) == ["baseline", "what-if"]
    assert found["differences"]["baseline"]["right"]["mean"] > 0


def test_another_policy_is_set_beside_the_packaged_one(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "dispatch/policy.toml").read_text()
    policy = tmp_path / "policy.toml"
    policy.write_text(
        re.sub(
            r"(?m)^max_eta_minutes = .*$",
            "max_eta_minutes = { R0 = 0, R1 = 0, R2 = 0, R3 = 0, R4 = 0 }",
            text,
        )
    )
    numbers = tmp_path / "out.json"
    simulate(
        "--policy", str(policy), "--days", "2", "--calls", "20000", "--seeds", "1", "--json", str(numbers)
    )
    found = json.loads(numbers.read_text())
    assert list(found["variants"]) == ["baseline", "what-if"]
    assert found["differences"]["baseline"]["right"]["mean"] < 0


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--teams", "CRT"], "is no team"),
        (["--rules", "best"], "best"),
        (["--timezone", "Mars/Base"], "IANA"),
    ],
)
def test_what_cannot_be_played_is_refused_in_a_sentence(words: list[str], why: str) -> None:
    result = CliRunner().invoke(app, ["simulate", *words])
    assert result.exit_code == 1
    assert why in result.output
    assert "Traceback" not in result.output

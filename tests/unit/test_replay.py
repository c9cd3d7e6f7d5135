"""A CAD export is read line by line: every line becomes a call or a reason."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from api.cad_export import ReplayFault, Row, local_time, parse_map, read_rows, zone_named
from api.cli_replay import address_of, write_rejects
from api.replay import Journal
from api.settings import Settings

ZONE = ZoneInfo("America/Los_Angeles")
MAP = parse_map("received_at=at,nature=type,narrative=words,closed_at=closed,lat=lat,lon=lon")


def rows_of(tmp_path: Path, *lines: str) -> tuple[list[Row], dict[int, str]]:
    path = tmp_path / "export.csv"
    path.write_text("\n".join(("at,type,words,closed,lat,lon", *lines)))
    refused: dict[int, str] = {}
    return list(read_rows(path, MAP, ZONE, timedelta(minutes=45), refused.__setitem__)), refused


def test_a_line_becomes_a_call_with_its_local_time(tmp_path: Path) -> None:
    (row,), refused = rows_of(tmp_path, "2021-09-14T07:08:00,WELFARE,CHECK ON HER,2021-09-14T07:30:00,,")
    assert (row.at.astimezone(UTC), refused) == (datetime(2021, 9, 14, 14, 8, tzinfo=UTC), {})
    assert row.closed_at - row.at == timedelta(minutes=22)
    assert row.body["external_id"] == "export:2"


def test_a_line_without_a_time_is_refused_with_its_line_of_the_file(tmp_path: Path) -> None:
    rows, refused = rows_of(tmp_path, "soon,WELFARE,,,,", "2021-09-14T07:08:00,,,,,")
    assert [row.line for row in rows] == [3]
    assert refused == {2: "received_at is not a time"}


def test_a_call_without_a_closing_is_closed_after_a_while(tmp_path: Path) -> None:
    (row,), _ = rows_of(tmp_path, "2021-09-14T07:08:00,,,,,")
    assert row.closed_at - row.at == timedelta(minutes=45)


def test_a_closing_before_the_call_does_not_close_it_before_it_came(tmp_path: Path) -> None:
    (row,), _ = rows_of(tmp_path, "2021-09-14T07:08:00,,,2021-09-14T06:00:00,,")
    assert row.closed_at == row.at


def test_coordinates_that_are_no_numbers_are_left_out(tmp_path: Path) -> None:
    (row,), _ = rows_of(tmp_path, "2021-09-14T07:08:00,,,,north,-120.6")
    assert row.body["location"] == {"lat": None, "lon": -120.6, "place": None}


def test_the_repeated_hour_of_a_clock_change_is_its_first() -> None:
    at = local_time("2021-11-07T01:30:00", ZONE)
    assert at is not None
    assert at.astimezone(UTC) == datetime(2021, 11, 7, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["received_at", "received_at=", "when=at", "nature=type"])
def test_a_map_that_cannot_be_used_says_why(text: str) -> None:
    with pytest.raises(ReplayFault, match="--map"):
        parse_map(text)


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ReplayFault, match="'at'"):
        list(read_rows(path, MAP, ZONE, timedelta(0), lambda *_: None))


def test_a_zone_that_is_none_is_named() -> None:
    with pytest.raises(ReplayFault, match="Mars"):
        zone_named("Mars/Olympus")


def test_the_journal_remembers_what_was_played(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "progress.json")
    journal.done.add("7")
    journal.keep()
    assert Journal(tmp_path / "progress.json").done == {"7"}


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8941"),
        ("0.0.0.0", "http://127.0.0.1:8941"),  # noqa: S104 - nothing listens here
        ("::", "http://[::1]:8941"),
        ("cad.example", "http://cad.example:8941"),
    ],
)
def test_without_an_address_the_calls_go_to_the_service_of_this_environment(
    monkeypatch: pytest.MonkeyPatch, host: str, address: str
) -> None:
    monkeypatch.setenv("TANDEM_PORT", "8941")
    monkeypatch.setenv("TANDEM_HOST", host)
    assert address_of(Settings()) == address


def test_refused_lines_are_written_down_and_no_file_is_left_where_there_are_none(tmp_path: Path) -> None:
    path = tmp_path / "year.replay.rejects.csv"
    write_rejects(path, {})
    assert not path.exists()
    write_rejects(path, {7: "received_at is not a time", 3: "no"})
    assert path.read_text().splitlines() == ["line,reason", "3,no", "7,received_at is not a time"]

"""Reads a CAD export line by line: every line becomes a call or a reason why not."""

import csv
import gzip
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FIELDS = (
    "received_at",
    "nature",
    "narrative",
    "lat",
    "lon",
    "external_id",
    "closed_at",
    "priority",
    "beat",
    "place",
)


class ReplayFault(Exception):
    """The replay cannot go on; the message says what to do."""


class RowRejected(Exception):
    """This line is not a call, and why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One call of the export."""

    line: int
    at: datetime
    closed_at: datetime
    body: Mapping[str, Any]


def zone_named(name: str) -> ZoneInfo:
    """An IANA zone; raises ReplayFault where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise ReplayFault(f"--timezone {name!r} is not an IANA zone. Write e.g. America/Chicago.") from fault


def parse_map(text: str, fields: Sequence[str] = FIELDS) -> dict[str, str]:
    """`field=column,...` as a mapping; raises ReplayFault naming what is wrong."""
    mapping = {}
    for part in text.split(","):
        name, _, column = part.partition("=")
        if name.strip() not in fields or not column.strip():
            raise ReplayFault(f"--map {part!r} is not field=column. Fields: {', '.join(fields)}.")
        mapping[name.strip()] = column.strip()
    if "received_at" not in mapping:
        raise ReplayFault("--map needs received_at=COLUMN.")
    return mapping


def open_text(path: Path) -> IO[str]:
    """A CSV, compressed or not."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", errors="replace", newline="")
    return path.open(encoding="utf-8", errors="replace", newline="")


def read_rows(
    path: Path,
    mapping: Mapping[str, str],
    zone: ZoneInfo,
    close_after: timedelta,
    reject: Callable[[int, str], None],
) -> Iterator[Row]:
    """Every line that is a call; the others go to `reject` with their line number and reason."""
    with open_text(path) as source:
        reader = csv.DictReader(source)
        missing = [column for column in mapping.values() if column not in (reader.fieldnames or [])]
        if missing:
            raise ReplayFault(
                f"{path.name} has no column {missing[0]!r}; it has {', '.join(reader.fieldnames or [])}."
            )
        for raw in reader:
            try:
                yield _row(path, reader.line_num, raw, mapping, zone, close_after)
            except RowRejected as fault:
                reject(reader.line_num, str(fault))


def _row(
    path: Path,
    number: int,
    raw: Mapping[str, Any],
    mapping: Mapping[str, str],
    zone: ZoneInfo,
    close_after: timedelta,
) -> Row:
    values = {name: (raw.get(column) or "").strip() for name, column in mapping.items()}
    at = local_time(values["received_at"], zone)
    if at is None:
        raise RowRejected("received_at is not a time")
    closed = local_time(values.get("closed_at", ""), zone)
    lat, lon = _number(values.get("lat", "")), _number(values.get("lon", ""))
    stem = path.name.split(".")[0]
    body = {
        "external_id": values.get("external_id") or f"{stem}:{number}",
        "source": "other",
        "nature": values.get("nature", ""),
        "narrative": values.get("narrative", ""),
        "priority": int(values["priority"]) if values.get("priority", "").isdigit() else None,
        "beat": values.get("beat") or None,
        "location": {"lat": lat, "lon": lon, "place": values.get("place") or None},
    }
    return Row(number, at, max(closed, at) if closed else at + close_after, body)


def local_time(text: str, zone: ZoneInfo) -> datetime | None:
    """ISO or US-style local time; the first of a repeated hour; None where it is no time."""
    for parse in (datetime.fromisoformat, lambda t: datetime.strptime(t, "%m/%d/%Y %H:%M:%S")):  # noqa: DTZ007
        try:
            at = parse(text)
        except ValueError:
            continue
        return at if at.tzinfo else at.replace(tzinfo=zone)
    return None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None

"""Reads the runs of units from a CAD export: from where to where, and how long they took."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from api.cad_export import ReplayFault, local_time, open_text
from dispatch.travel import Point, kilometres
from dispatch.travel_fit import Runs

#: Needed, or to be told by the same unit's run before.
STARTS = ("from_lat", "from_lon")
NEEDED = ("to_lat", "to_lon", "dispatched_at", "arrived_at")
FIELDS = (*STARTS, *NEEDED, "driven_km", "unit", "cleared_at")
SHORTEST, LONGEST = 0.2, 100.0  # kilometres: a shorter run tells no speed, a longer one has a wrong place
QUICKEST, SLOWEST = 0.5, 120.0  # minutes: else somebody pressed a key late, or forgot to
FASTEST = 200.0  # km/h in a straight line


@dataclass(slots=True)
class Read:
    """Runs that can be used, and why the other lines cannot."""

    rows: list[tuple[datetime, float, float, float]] = field(default_factory=list)
    aside: Counter[str] = field(default_factory=Counter)

    def runs(self, zone: ZoneInfo) -> Runs:
        """The runs in the order of their time, with their local hours."""
        rows = sorted(self.rows, key=lambda row: row[0])
        return Runs(
            km=np.array([row[1] for row in rows], dtype=np.float64),
            minutes=np.array([row[2] for row in rows], dtype=np.float64),
            hour=np.array([row[0].astimezone(zone).hour for row in rows], dtype=np.int64),
            driven_km=np.array([row[3] for row in rows], dtype=np.float64),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    start: Point | None
    end: Point
    left: datetime
    arrived: datetime
    driven: float
    unit: str
    cleared: datetime | None


def columns_of(text: str) -> dict[str, str]:
    """`field=column,...` as a mapping; what is not named is called as the field is. Raises ReplayFault."""
    named = {name: name for name in FIELDS}
    for part in filter(None, text.split(",")):
        name, _, column = part.partition("=")
        if name.strip() not in FIELDS or not column.strip():
            raise ReplayFault(f"--map {part!r} is not field=column. Fields: {', '.join(FIELDS)}.")
        named[name.strip()] = column.strip()
    return named


def read_runs(path: Path, columns: Mapping[str, str], zone: ZoneInfo, within: float | None = None) -> Read:
    """Every line that tells a speed. Raises ReplayFault where a column is missing.

    `within`: a run begins where the same unit cleared its run before, if that is at most so many minutes ago.
    """
    found = Read()
    before: dict[str, Row] = {}
    rows = _rows(path, columns, zone, found.aside, by_unit=within is not None)
    for row in sorted(rows, key=lambda row: row.left) if within is not None else rows:
        start = row.start if within is None else _left_behind(before.get(row.unit), row, within)
        before[row.unit] = row
        if fault := _why_not(start, row):
            found.aside[fault] += 1
        elif start is not None:
            driven_minutes = (row.arrived - row.left).total_seconds() / 60
            found.rows.append((row.left, kilometres(start, row.end), driven_minutes, row.driven))
    return found


def _rows(
    path: Path, columns: Mapping[str, str], zone: ZoneInfo, aside: Counter[str], *, by_unit: bool
) -> Iterator[Row]:
    needed = (*NEEDED, *(("unit", "cleared_at") if by_unit else STARTS))
    with open_text(path) as source:
        reader = csv.DictReader(source)
        header = reader.fieldnames or []
        if missing := [columns[name] for name in needed if columns[name] not in header]:
            how = "" if by_unit else " Without starts, try --from-previous MINUTES."
            raise ReplayFault(f"{path.name} has no column {missing[0]!r}; it has {', '.join(header)}.{how}")
        for raw in reader:
            values = {name: (raw.get(column) or "").strip() for name, column in columns.items()}
            row = _row(values, zone)
            if isinstance(row, str):
                aside[row] += 1
            else:
                yield row


def _row(values: Mapping[str, str], zone: ZoneInfo) -> Row | str:
    end = _point(values["to_lat"], values["to_lon"])
    left, arrived = (local_time(values[name], zone) for name in ("dispatched_at", "arrived_at"))
    if end is None:
        return "no place of the call"
    if left is None or arrived is None:
        return "not dispatched or not arrived"
    return Row(
        start=_point(values["from_lat"], values["from_lon"]),
        end=end,
        left=left,
        arrived=arrived,
        driven=number
        if (number := _number(values["driven_km"])) is not None and number > 0
        else float("nan"),
        unit=values["unit"],
        cleared=local_time(values["cleared_at"], zone),
    )


def _left_behind(before: Row | None, row: Row, within: float) -> Point | None:
    """Where the unit was when it was sent, if it had only just cleared another run."""
    if not row.unit or before is None or before.cleared is None:
        return None
    idle = (row.left - before.cleared).total_seconds() / 60
    return before.end if 0 <= idle <= within else None


def _why_not(start: Point | None, row: Row) -> str | None:
    if start is None:
        return "no place of the unit"
    took, away = (row.arrived - row.left).total_seconds() / 60, kilometres(start, row.end)
    if not QUICKEST <= took <= SLOWEST:
        return f"took less than {QUICKEST * 60:.0f} seconds or more than {SLOWEST:.0f} minutes"
    if not SHORTEST <= away <= LONGEST:
        return f"less than {SHORTEST * 1000:.0f} m or more than {LONGEST:.0f} km away"
    if 60 * away / took > FASTEST:
        return f"faster than {FASTEST:.0f} km/h"
    return None


def _point(lat: str, lon: str) -> Point | None:
    one, other = _number(lat), _number(lon)
    if one is None or other is None or not (abs(one) <= 90 and abs(other) <= 180) or one == other == 0:
        return None
    return one, other


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None

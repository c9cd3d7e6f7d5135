"""Reads a CAD export as past calls: when, where, what about, and what became of them."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from api.cad_export import ReplayFault, local_time, open_text
from api.reading import view_of
from dispatch.simulation.demand import Place, Record, areas_of
from models.assessment import Standing
from models.call import AssessmentView
from triage.assess import assess
from triage.gates import standing

FIELDS = (
    "received_at", "dispatched_at", "arrived_at", "cleared_at", "nature", "narrative", "lat", "lon", "area", "agency"
)  # fmt: skip
MEDICAL = frozenset({"EMS", "AMBULANCE", "MEDICAL"})
LEFT_OUT = frozenset({"FIRE"})
FAR = 0.02  # share of the places on either side that are looked at for being somewhere else altogether


@dataclass(frozen=True, slots=True)
class Export:
    """Past calls, and how many lines were left out for which reason."""

    records: tuple[Record, ...]
    left_out: Mapping[str, int]


def read_export(
    path: Path,
    mapping: Mapping[str, str],
    zone: ZoneInfo,
    *,
    skip: tuple[str, ...] = (),
    crisis: bool = False,
    step: Callable[[], None] = lambda: None,
) -> Export:
    """Every line that is a call, read by triage; `skip` are patterns of natures that are no calls for service.

    With `crisis` every line is an eligible call: the export is a crisis service's own.
    """
    records: list[Record] = []
    left_out: Counter[str] = Counter()
    with open_text(path) as source:
        reader = csv.DictReader(source)
        wanted = {part for column in mapping.values() for part in column.split("+")}
        if missing := wanted - set(reader.fieldnames or ()):
            raise ReplayFault(
                f"{path.name} has no column {min(missing)!r}; it has {', '.join(reader.fieldnames or [])}."
            )
        for raw in reader:
            step()
            values = {
                name: "; ".join(filter(None, ((raw.get(part) or "").strip() for part in column.split("+"))))
                for name, column in mapping.items()
            }
            found = _record(values, zone, skip, crisis=crisis)
            if isinstance(found, str):
                left_out[found] += 1
            else:
                records.append(found)
    if not any(record.view for record in records):
        raise ReplayFault("No call of this export is one for a clinician: there is nothing to simulate.")
    return Export(tuple(_placed(sorted(records, key=lambda record: record.at))), left_out)


def _record(
    values: Mapping[str, str], zone: ZoneInfo, skip: tuple[str, ...], *, crisis: bool
) -> Record | str:
    at = _instant(values["received_at"], zone)
    if at is None:
        return "received_at is not a time"
    nature, agency = values.get("nature", ""), values.get("agency", "").upper()
    if agency in LEFT_OUT:
        return "another agency's"
    if any(fnmatchcase(nature.lower(), pattern.lower()) for pattern in skip):
        return "no call for service"

    def after(name: str) -> datetime | None:
        when = _instant(values.get(name, ""), zone)
        return when if when is not None and when >= at else None  # an earlier one is a placeholder

    view = reading(nature, values.get("narrative", ""))
    return Record(
        at=at,
        place=_place(values),
        view=view if view.flag or crisis else None,
        medical=agency in MEDICAL and not view.flag,
        dispatched_at=after("dispatched_at"),
        arrived_at=after("arrived_at"),
        cleared_at=after("cleared_at"),
    )


def _instant(text: str, zone: ZoneInfo) -> datetime | None:
    """In UTC: differences of local times would be wrong by an hour where the clock is put back."""
    at = local_time(text, zone)
    return None if at is None else at.astimezone(UTC)


@cache
def reading(nature: str, narrative: str) -> AssessmentView:
    """What triage makes of a call's words."""
    assessment = assess(narrative, nature)
    return view_of(assessment, standing(Standing(), assessment, []))


def _place(values: Mapping[str, str]) -> Place | None:
    try:
        return float(values["lat"]), float(values["lon"]), values.get("area", "")
    except (KeyError, ValueError):
        return None


def _placed(records: list[Record]) -> Iterator[Record]:
    """Places far outside the city are none; where no area is named, thirds of the map are."""
    known = [record.place for record in records if record.place is not None]
    if not known:
        yield from records
        return
    box = [np.quantile([place[axis] for place in known], (FAR, 1 - FAR)).tolist() for axis in (0, 1)]

    def near(place: Place) -> bool:
        return all(
            low - (high - low) <= place[axis] <= high + (high - low) for axis, (low, high) in enumerate(box)
        )

    inside = [place for place in known if near(place)]
    named = iter(areas_of([place[:2] for place in inside]))
    for record in records:
        place = record.place
        if place is not None:
            area = next(named) if near(place) else None
            place = place if area and place[2] else area
        yield replace(record, place=place)

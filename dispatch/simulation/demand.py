"""Calls of a city: a rhythm fitted to past calls, and calls drawn from it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

import numpy as np

from models.call import AssessmentView

WEEK = 168  # hours; 0 is Monday from midnight
SHRINK = 50  # calls of the whole day's share that each hour's share is mixed with

Place = tuple[float, float, str]  # latitude, longitude, area


@dataclass(frozen=True, slots=True)
class Record:
    """A call that was. Times that nobody noted are None; `view` is None where no clinician has to look."""

    at: datetime
    place: Place | None
    view: AssessmentView | None
    medical: bool = False  # the ambulance service's own
    dispatched_at: datetime | None = None
    arrived_at: datetime | None = None
    cleared_at: datetime | None = None

    @property
    def initiated(self) -> bool:
        """An officer called it in from the scene: nobody had to travel."""
        sent, there = self.dispatched_at, self.arrived_at
        return sent is not None and there is not None and (there - sent).total_seconds() < 6


@dataclass(frozen=True, slots=True)
class Incident:
    """A call of the simulated city, with the chances that decide its length: the same under every policy."""

    id: str
    at: datetime
    place: Place
    view: AssessmentView | None
    medical: bool
    initiated: bool
    chances: tuple[float, float, float, float, float]  # officers, team, phone, ambulance, road


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Calls an hour by hour of the week, where they are and what they are about."""

    rates: tuple[float, ...]
    eligible: tuple[float, ...]  # share by hour of the day
    views: tuple[AssessmentView, ...]  # eligible calls as they were read; each is as likely as the next
    places: tuple[Place, ...]
    medical: float = 0.0  # share of the other calls
    initiated: float = 0.0  # share of the police's other calls

    def scaled(self, calls_a_year: float) -> "Rhythm":
        """The same week with another number of calls."""
        factor = calls_a_year / (sum(self.rates) * 8766 / WEEK)
        rates = tuple(rate * factor for rate in self.rates)
        return Rhythm(rates, self.eligible, self.views, self.places, self.medical, self.initiated)


def rhythm_of(records: Sequence[Record], zone: tzinfo, places: Sequence[Place]) -> Rhythm:
    """Fit to past calls; `places` stand in where none of them says where it was. Needs at least one eligible call."""
    hours = [record.at.astimezone(zone) for record in records]
    weeks = Counter(at.weekday() * 24 + at.hour for at in hours)
    first, last = min(hours), max(hours)
    span = max((last - first) / timedelta(weeks=1), 1 / WEEK)
    day, flagged = Counter(at.hour for at in hours), [r for r in records if r.view is not None]
    looked = Counter(record.at.astimezone(zone).hour for record in flagged)
    share = len(flagged) / len(records)
    others = [record for record in records if record.view is None]
    police = [record for record in others if not record.medical]
    return Rhythm(
        rates=tuple(weeks[hour] / span for hour in range(WEEK)),
        eligible=tuple((looked[h] + SHRINK * share) / (day[h] + SHRINK) for h in range(24)),
        views=tuple(record.view for record in flagged if record.view is not None),
        places=tuple(record.place for record in records if record.place is not None) or tuple(places),
        medical=sum(record.medical for record in others) / max(1, len(others)),
        initiated=sum(record.initiated for record in police) / max(1, len(police)),
    )


def drawn(rhythm: Rhythm, start: datetime, end: datetime, zone: tzinfo, seed: int) -> Iterator[Incident]:
    """A non-homogeneous Poisson process, hour by hour, in the order of time; the same seed gives the same calls."""
    chance = np.random.default_rng(seed)
    hour, number = start, 0
    while hour < end:
        local = hour.astimezone(zone)
        count = int(chance.poisson(rhythm.rates[local.weekday() * 24 + local.hour]))
        for second in np.sort(chance.uniform(0, 3600, count)).tolist():
            number += 1
            at = hour + timedelta(seconds=second)
            yield _drawn_call(rhythm, f"{number:06}", at, local.hour, chance)
        hour += timedelta(hours=1)


def _drawn_call(rhythm: Rhythm, id_: str, at: datetime, hour: int, chance: np.random.Generator) -> Incident:
    what, kind, start, which, where, *chances = chance.uniform(size=10).tolist()
    view = None
    if what < rhythm.eligible[hour]:
        view = rhythm.views[int(which * len(rhythm.views))]
    medical = view is None and kind < rhythm.medical
    initiated = view is None and not medical and start < rhythm.initiated
    place = rhythm.places[int(where * len(rhythm.places))]
    return Incident(id_, at, place, view, medical, initiated, _five(chances))


def played(records: Sequence[Record], places: Sequence[Place], seed: int) -> Iterator[Incident]:
    """The calls that were, at their own times, with chances of this seed; `places` where none was noted."""
    chance = np.random.default_rng(seed)
    for number, record in enumerate(sorted(records, key=lambda record: record.at), start=1):
        where, *chances = chance.uniform(size=6).tolist()
        place = record.place or places[int(where * len(places))]
        initiated = record.view is None and record.initiated
        yield Incident(
            f"{number:06}", record.at, place, record.view, record.medical, initiated, _five(chances)
        )


def _five(chances: Sequence[float]) -> tuple[float, float, float, float, float]:
    officers, team, phone, ambulance, road = chances
    return officers, team, phone, ambulance, road


def areas_of(points: Sequence[tuple[float, float]]) -> tuple[Place, ...]:
    """Nine areas where nobody named any: thirds of the latitudes by thirds of the longitudes."""
    south, west = (np.quantile([point[axis] for point in points], (1 / 3, 2 / 3)) for axis in (0, 1))
    rows = np.searchsorted(south, [lat for lat, _ in points]).tolist()
    columns = np.searchsorted(west, [lon for _, lon in points]).tolist()
    return tuple(
        (lat, lon, f"{('south', 'middle', 'north')[row]} {('west', 'centre', 'east')[column]}")
        for (lat, lon), row, column in zip(points, rows, columns, strict=True)
    )

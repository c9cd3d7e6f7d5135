"""Times at the scene and on the road, fitted to past calls."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import exp, log, sqrt
from statistics import fmean, pstdev

from dispatch.policy import Policy
from dispatch.simulation.city import City
from dispatch.simulation.demand import Incident, Record
from dispatch.simulation.scenario import OFFICERS, TEAM, Service
from dispatch.simulation.spreads import Lognormal, distance, fitted, quantile

LONGEST = 720.0  # minutes; what says more was forgotten open

#: Where nothing was seen. A crisis team's 22 minutes are the median of 4,500 published dispatches of a mobile crisis
#: service; the others are guesses in the size of published averages.
USUAL = Service(
    other=Lognormal.around(20, 0.9),
    officers=Lognormal.around(30, 0.9),
    team=Lognormal.around(22, 0.9),
    phone=Lognormal.around(20, 0.6),
    ambulance=Lognormal.around(45, 0.5),
)


def service_of(records: Sequence[Record], usual: Service = USUAL, *, crisis: bool = False) -> Service:
    """Minutes from arrival to clearing; of a crisis service's own records they are the team's."""
    eligible = on_scene(r for r in records if r.view is not None)
    others = on_scene(r for r in records if r.view is None and not r.medical)
    ambulance = on_scene(r for r in records if r.medical)
    return Service(
        other=usual.other if crisis else fitted(others, usual.other),
        officers=usual.officers if crisis else fitted(eligible, usual.officers),
        team=fitted(eligible, usual.team) if crisis else usual.team,
        phone=usual.phone,
        ambulance=fitted(ambulance, usual.ambulance),
    )


def on_scene(records: Iterable[Record]) -> list[float]:
    """Minutes from arrival to clearing, where both are known and sensible."""
    return list(_between((record.arrived_at, record.cleared_at) for record in records))


def on_road(records: Iterable[Record]) -> list[float]:
    """Minutes from dispatch to arrival, where somebody had to travel."""
    return list(
        _between((record.dispatched_at, record.arrived_at) for record in records if not record.initiated)
    )


def queued(records: Iterable[Record]) -> list[float]:
    """Minutes from pick-up to dispatch."""
    return list(_between((record.at, record.dispatched_at) for record in records if not record.initiated))


def _between(pairs: "Iterable[tuple[datetime | None, datetime | None]]") -> Iterable[float]:
    for start, end in pairs:
        if (
            start is not None
            and end is not None
            and 0 < (minutes := (end - start).total_seconds() / 60) <= LONGEST
        ):
            yield minutes


def road_of(observed: Sequence[float], estimated: Sequence[float]) -> tuple[float, float]:
    """How many times longer than estimated, and the spread (sigma of a lognormal) that estimates do not explain.

    Matches mean and deviation of the logarithms, so that estimate times noise is distributed as observed.
    """
    seen, thought = ([log(value) for value in values if value > 0] for values in (observed, estimated))
    scale = exp(fmean(seen) - fmean(thought))
    return scale, sqrt(max(0.0, pstdev(seen) ** 2 - pstdev(thought) ** 2))


def slower(policy: Policy, factor: float) -> Policy:
    """The policy with every travel estimate so many times longer."""
    travel = policy.travel
    speeds = tuple(s.model_copy(update={"kmh": s.kmh / factor}) for s in travel.speed_kmh)
    changed = {"speed_kmh": speeds, "turnout_minutes": travel.turnout_minutes * factor}
    return policy.model_copy(update={"travel": travel.model_copy(update=changed)})


QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True, slots=True)
class Check:
    """What was seen beside what was simulated."""

    what: str
    seen: tuple[float, ...]  # at QUANTILES
    simulated: tuple[float, ...]
    distance: float  # Kolmogorov and Smirnov's
    count: int  # of what was seen


def checks(
    records: Sequence[Record], city: City, incidents: Sequence[Incident], *, crisis: bool
) -> list[Check]:
    """Gaps between calls, roads and stays of past calls beside those of a simulated city."""
    group = TEAM if crisis else OFFICERS
    trips = [trip for trip in city.trips if trip.group == group]
    police = [record for record in records if not record.medical]
    flagged = [record for record in police if record.view is not None]
    others = [record for record in police if record.view is None]
    pairs = {
        "minutes between calls": (gaps([r.at for r in records]), gaps([i.at for i in incidents])),
        "calls in an hour": (hourly([r.at for r in records]), hourly([i.at for i in incidents])),
        "dispatch to arrival": (on_road(police), [trip.road for trip in trips if trip.road > 0]),
        "at the scene, eligible": (on_scene(flagged), [trip.stay for trip in trips if trip.eligible]),
        "at the scene, other": (on_scene(others), [trip.stay for trip in trips if not trip.eligible]),
    }
    return [
        check(what, seen, drawn) for what, (seen, drawn) in pairs.items() if len(seen) >= 30 <= len(drawn)
    ]


def check(what: str, seen: Sequence[float], simulated: Sequence[float]) -> Check:
    """One line of the table."""
    return Check(
        what,
        tuple(quantile(seen, share) for share in QUANTILES),
        tuple(quantile(simulated, share) for share in QUANTILES),
        distance(seen, simulated),
        len(seen),
    )


def gaps(times: Sequence[datetime]) -> list[float]:
    """Minutes from each call to the next."""
    ordered = sorted(times)
    return [(after - before).total_seconds() / 60 for before, after in pairwise(ordered)]


def hourly(times: Sequence[datetime]) -> list[float]:
    """How many calls came in each hour between the first and the last, empty hours too."""
    hours = Counter(int(at.timestamp() // 3600) for at in times)
    return [float(hours[hour]) for hour in range(min(hours), max(hours) + 1)] if hours else []

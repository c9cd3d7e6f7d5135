"""Boards to plan for: calls and units at random places, or calls cut from a real stream with units around them."""

import csv
import gzip
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from api.reading import view_of
from bench.triage_texts import whole
from dispatch import candidates, shortlist
from dispatch.board import Board, Withdrawal
from dispatch.policy import default_policy
from models.assessment import Standing
from models.call import AssessmentView, CallState, CallView, Review, ReviewState, Source
from models.recommendation import Plan, RecommendationView
from models.unit import PRIMARY_OF, UnitKind, UnitView
from triage.assess import assess_many
from triage.gates import standing

NOON = datetime(2026, 11, 23, 12, 10, tzinfo=UTC)
HERE = (39.1653, -86.5264)
KILOMETRE = 1 / 111.2  # degrees of latitude
STATUS, SENT = "InService", "EnRoute"
#: Of 60 units, so many of each kind.
ROSTER = {
    "PAT": 16, "CIT": 8, "SGT": 3, "EMS": 10, "CRT": 8, "COR": 4, "TRI": 3, "TEL": 2,
    "PSW": 2, "OUT": 1, "CHP": 1, "YTH": 1, "VIC": 1,
}  # fmt: skip
WAITED = timedelta(hours=1)  # so long the oldest call of a board is open

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One board: what an api process would have read from the log."""

    calls: tuple[CallView, ...]
    units: tuple[UnitView, ...]

    def board(self) -> Board:
        """A board that has heard of all of them and planned nothing yet, with the planner's clock."""
        board = Board(default_policy(), clock=time.monotonic)
        for unit in self.units:
            board.put_unit(unit)
        for call in self.calls:
            board.put_call(call)
        return board


class Running:
    """A board whose recommendations stand, as they do once the planner has committed them."""

    def __init__(self, drawn: Drawn) -> None:
        self.board = drawn.board()
        self.units = {unit.id: unit for unit in drawn.units}
        self.calls = {call.id: call for call in drawn.calls}
        self._spare = list(drawn.calls)

    def plan(self) -> int:
        """Plan, and let what changed stand; how many recommendations changed."""
        return self.stand(self.board.plan(NOON))

    def stand(self, changes: Sequence[Plan | Withdrawal]) -> int:
        """Let the changes stand."""
        for change in changes:
            call = self.calls[change.call_id]
            view = _recommendation(change) if isinstance(change, Plan) else None
            version = change.decision_version + 1
            self.calls[call.id] = call.model_copy(
                update={"recommendation": view, "decision_version": version}
            )
            self.board.put_call(self.calls[call.id])
        return len(changes)

    def event(self, chance: random.Random) -> None:
        """One thing that happens: a unit moves, is sent or is free again, a call is closed and another comes."""
        unit = chance.choice(list(self.units.values()))
        what = chance.random()
        if what < 0.4:
            place = _near(chance, (unit.lat or HERE[0], unit.lon or HERE[1]), 1.0)
            self._heard(unit.model_copy(update={"lat": place[0], "lon": place[1]}))
        elif what < 0.8:
            status = SENT if unit.status == STATUS else STATUS
            self._heard(unit.model_copy(update={"status": status, "primary": PRIMARY_OF[status]}))
        else:
            gone = chance.choice(list(self.calls))
            self.board.put_call(self.calls.pop(gone).model_copy(update={"on_board": False}))
            self._spare.append(self._spare.pop(0))
            new = self._spare[-1].model_copy(update={"id": f"{gone}'", "taken_at": NOON})
            self.calls[new.id] = new
            self.board.put_call(new)

    def _heard(self, unit: UnitView) -> None:
        self.units[unit.id] = unit
        self.board.put_unit(unit)


def _recommendation(plan: Plan) -> RecommendationView:
    return RecommendationView(
        id="R",
        revision=1,
        at=NOON,
        decision_version=plan.decision_version + 1,
        policy=plan.policy,
        pairings=plan.pairings,
        candidates=plan.candidates,
        unserved=plan.unserved,
        holds=plan.holds,
    )


@contextmanager
def every_set() -> Iterator[None]:
    """While it lasts calls are given every set of units that the policy allows, not only the best few."""
    tried, kept = shortlist.TRIED, candidates.KEPT
    shortlist.TRIED, candidates.KEPT = 1_000, 1_000_000
    try:
        yield
    finally:
        shortlist.TRIED, candidates.KEPT = tried, kept


@cache
def read_texts() -> tuple[AssessmentView, ...]:
    """What triage makes of our corpus, as far as it flags it."""
    return flagged(whole())


def flagged(texts: Sequence[tuple[str, str]]) -> tuple[AssessmentView, ...]:
    """The assessments of narratives and natures that a clinician should look at."""
    return tuple(
        view_of(found, standing(Standing(), found, [])) for found in assess_many(texts) if found.flag
    )


def spatial(calls: int, units: int, seed: int) -> Drawn:
    """A city in which six calls of ten are near one of its few lively places, units anywhere."""
    chance = random.Random(seed)  # noqa: S311 - a bench wants the same boards every time
    side = 20 * (units / 60) ** 0.4  # km: a larger center has a larger and a denser city
    lively = [_anywhere(chance, side) for _ in range(3 + units // 60)]
    places = [
        _near(chance, chance.choice(lively), 1.5) if chance.random() < 0.6 else _anywhere(chance, side)
        for _ in range(calls)
    ]
    views = chance.choices(read_texts(), k=calls)
    ages = sorted((WAITED * chance.random() for _ in range(calls)), reverse=True)
    homes = [_anywhere(chance, side) for _ in range(units)]
    return _drawn(chance, views, places, ages, homes)


class Stream:
    """Calls of a real log in their order: natures and words, gaps between them, places where it has any."""

    def __init__(self, path: Path) -> None:
        with gzip.open(path, "rt", newline="") as file:
            rows = list(csv.DictReader(file))
        texts = [(row.get("comments") or "", row.get("nature") or row.get("problem") or "") for row in rows]
        found = assess_many(texts)
        kept = [(row, each) for row, each in zip(rows, found, strict=True) if each.flag]
        self.name = path.name.split("_")[0]
        self._views = [view_of(each, standing(Standing(), each, [])) for _, each in kept]
        self._times = [datetime.fromisoformat(r.get("received_at") or r["started_at"]) for r, _ in kept]
        self._places = [
            (float(row["lat"]), float(row["lon"])) if row.get("lat") and row.get("lon") else None
            for row, _ in kept
        ]

    def cut(self, calls: int, units: int, seed: int) -> Drawn:
        """So many flagged calls that followed each other, as if all were open, their gaps scaled to an hour together.

        Units stand near places where the log has calls; a log without places gets those of a random city.
        """
        chance = random.Random(seed)  # noqa: S311
        start = chance.randrange(len(self._views) - calls)
        times = self._times[start : start + calls]
        last, span = max(times), max(max(times) - min(times), timedelta(seconds=1))
        ages = [WAITED * ((last - time) / span) for time in times]
        synthetic = spatial(calls, units, seed)
        places = [
            place or (call.lat or HERE[0], call.lon or HERE[1])
            for place, call in zip(self._places[start : start + calls], synthetic.calls, strict=True)
        ]
        known = [place for place in self._places if place]
        homes = (
            [_near(chance, chance.choice(known), 1.0) for _ in range(units)]
            if known
            else [(unit.lat or HERE[0], unit.lon or HERE[1]) for unit in synthetic.units]
        )
        return _drawn(chance, self._views[start : start + calls], places, ages, homes)


def _anywhere(chance: random.Random, side: float) -> Place:
    return _shifted(HERE, chance.uniform(-side / 2, side / 2), chance.uniform(-side / 2, side / 2))


def _near(chance: random.Random, place: Place, kilometres: float) -> Place:
    return _shifted(place, chance.gauss(0, kilometres), chance.gauss(0, kilometres))


def _shifted(place: Place, north: float, east: float) -> Place:
    return place[0] + north * KILOMETRE, place[1] + east * KILOMETRE / 0.77


def _drawn(
    chance: random.Random,
    views: Sequence[AssessmentView],
    places: Sequence[Place],
    ages: Sequence[timedelta],
    homes: Sequence[Place],
) -> Drawn:
    calls = [
        a_call(f"C{number:05}", view, place, NOON - age)
        for number, (view, place, age) in enumerate(zip(views, places, ages, strict=True))
    ]
    kinds = [kind for kind, number in ROSTER.items() for _ in range(number)]
    units = [
        a_unit(f"{kinds[number % len(kinds)]}{number:04}", kinds[number % len(kinds)], home)
        for number, home in enumerate(homes)
    ]
    chance.shuffle(units)
    return Drawn(tuple(calls), tuple(units))


def a_call(call_id: str, view: AssessmentView, place: Place, taken_at: datetime) -> CallView:
    """An open call that a clinician flagged."""
    return CallView(
        id=call_id,
        number=call_id,
        source=Source.CALL_911,
        received_at=taken_at,
        taken_at=taken_at,
        nature="",
        priority=2,
        beat=None,
        lat=place[0],
        lon=place[1],
        state=CallState.OPEN,
        text_version=1,
        assessed_version=1,
        decision_version=1,
        assessment=view,
        review=Review(state=ReviewState.FLAGGED),
        on_board=True,
    )


def a_unit(unit_id: str, kind: str, home: Place) -> UnitView:
    """A free unit, just heard of."""
    return UnitView(
        id=unit_id,
        agency="city",
        kind=UnitKind(kind),
        status=STATUS,
        primary=PRIMARY_OF[STATUS],
        status_at=NOON - timedelta(minutes=5),
        lat=home[0],
        lon=home[1],
        position_at=NOON - timedelta(seconds=10),
        shift_ends_at=NOON + timedelta(hours=5),
    )

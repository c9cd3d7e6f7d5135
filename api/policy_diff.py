"""What another policy would make of past calls: each planned alone, on the same board, by both."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from pydantic import Field

from api.reading import view_of
from api.scoring import AT_ONCE, Call
from dispatch.board import Board
from dispatch.policy import Policy
from dispatch.review import waits
from dispatch.travel import Point
from models.assessment import Assessment, Standing
from models.base import Noun
from models.call import CallState, CallView, Review, ReviewState, Source
from models.recommendation import Plan
from models.unit import PRIMARY_OF, PrimaryStatus, UnitKind, UnitView
from triage.assess import assess_many
from triage.gates import standing

DAY = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday; only the hour matters, for speeds
HOURS = timedelta(hours=8)
MIDDLE = (39.0, -86.0)  # a place like any other: only distances matter
KILOMETRE = 1 / 111.2  # degrees of latitude
AWAY = (2.0, 6.0)  # kilometres of the synthetic board's two units of each kind


class BoardUnit(Noun, extra="ignore"):
    """A unit of a board that a person wrote, or of a console's snapshot; all are taken as just heard of."""

    id: str
    kind: UnitKind
    status: str = "InService"
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)
    capabilities: tuple[str, ...] = ()


class Answer(NamedTuple):
    """What a policy has to say of one call."""

    eligible: bool
    waits: bool = False
    goes: str = "nobody"
    units: str = ""
    alternative: bool = False
    arrival: float | None = None
    code: str | None = None
    holds: frozenset[str] = frozenset()


class Difference(NamedTuple):
    """A call that is answered otherwise; `kinds` are the changes without their numbers."""

    id: str
    changes: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """How many calls were read, and how often each change occurs."""

    read: int = 0
    eligible: int = 0
    changed: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """For other programs."""
        counts = dict(sorted(self.counts.items()))
        return {"read": self.read, "eligible": self.eligible, "changed": self.changed, "counts": counts}


def synthetic_board() -> list[BoardUnit]:
    """Two units of each kind, a near and a far one; the far one speaks Spanish."""
    return [
        BoardUnit(
            id=f"{kind.value}-{number}",
            kind=kind,
            lat=MIDDLE[0] + away * KILOMETRE,
            lon=MIDDLE[1],
            capabilities=("lang:es",) if number > 1 else (),
        )
        for kind in UnitKind
        for number, away in enumerate(AWAY, start=1)
    ]


class Desk:
    """A board on which one call after the other is planned alone."""

    def __init__(self, policy: Policy, units: Sequence[BoardUnit], hour: int = 12) -> None:
        self._policy = policy
        self._now = DAY + timedelta(hours=hour)
        self._units = [_heard(unit, self._now) for unit in units]
        self._board = Board(policy)
        for unit in self._units:
            self._board.put_unit(unit)
        known = [(u.lat, u.lon) for u in self._units if u.lat is not None and u.lon is not None]
        lats, lons = [lat for lat, _ in known], [lon for _, lon in known]
        self._middle = (sum(lats) / len(known), sum(lons) / len(known)) if known else None

    def answer(self, assessment: Assessment, place: Point | None = None) -> Answer:
        """What goes to a call that was understood so, at its place or in the middle of the board's units."""
        view = view_of(assessment, standing(Standing(), assessment, []))
        lat, lon = place or self._middle or (None, None)
        call = CallView(
            id="call", number="call", source=Source.CALL_911, received_at=self._now, taken_at=self._now, nature="",
            priority=None, beat=None, lat=lat, lon=lon, state=CallState.OPEN, text_version=1, assessed_version=1,
            decision_version=1, assessment=view, review=Review(), on_board=True,
        )  # fmt: skip
        if not view.flag:
            return Answer(eligible=False)
        looked_at = call.model_copy(update={"review": Review(state=ReviewState.FLAGGED)})
        self._board.put_call(looked_at)
        plan = next((each for each in self._board.plan(self._now) if isinstance(each, Plan)), None)
        self._board.put_call(call.model_copy(update={"on_board": False}))
        waiting = waits(self._policy, call, self._units, self._now)
        return Answer(eligible=True, waits=waiting) if plan is None else _answer(plan, waiting=waiting)


def _heard(unit: BoardUnit, now: datetime) -> UnitView:
    return UnitView(
        id=unit.id, agency="", kind=unit.kind, status=unit.status, capabilities=unit.capabilities,
        primary=PRIMARY_OF.get(unit.status, PrimaryStatus.AVAILABLE), status_at=now, lat=unit.lat, lon=unit.lon,
        position_at=now, shift_ends_at=now + HOURS,
    )  # fmt: skip


def _answer(plan: Plan, *, waiting: bool) -> Answer:
    holds = frozenset(":".join((h.code, *map(str, filter(None, [h.params.get("gate")])))) for h in plan.holds)
    code = plan.unserved.value if plan.unserved else None
    if not plan.pairings:
        return Answer(eligible=True, waits=waiting, code=code, holds=holds)
    best = plan.pairings[0]
    goes = sorted(unit.kind.value + (":staged" if unit.staged else "") for unit in best.units)
    units = "+".join(sorted(unit.unit_id for unit in best.units))
    return Answer(
        eligible=True, waits=waiting, goes="+".join(goes), units=units, alternative=best.alternative,
        arrival=best.together_minutes, code=code, holds=holds,
    )  # fmt: skip


def differences(
    calls: Iterable[Call],
    old: Desk,
    new: Desk,
    tally: Tally,
    step: Callable[[], object] = lambda: None,
    *,
    placed: bool = False,
) -> Iterator[Difference]:
    """Those of the calls that both answer differently, as they are found; memory does not grow with the calls.

    `placed`: calls that have a place stand there, else all in the middle of the units.
    """
    source = iter(calls)
    while portion := list(islice(source, AT_ONCE)):
        step()
        read = assess_many([(call.narrative, call.nature) for call in portion])
        for call, assessment in zip(portion, read, strict=True):
            place = call.place if placed else None  # units that were made up are about a place like any other
            was, now = (desk.answer(assessment, place) for desk in (old, new))
            tally.read, tally.eligible = tally.read + 1, tally.eligible + was.eligible
            if was == now:
                continue
            changes = tuple(_changes(was, now))
            tally.changed += 1
            tally.counts.update(kind for kind, _ in changes)
            name = str(call.line if call.id is None else call.id)
            yield Difference(name, tuple(said for _, said in changes), tuple(kind for kind, _ in changes))


def _changes(was: Answer, now: Answer) -> Iterator[tuple[str, str]]:
    """Each change without its numbers, and with them."""
    if was.goes != now.goes:
        yield (said := f"goes {was.goes} -> {now.goes}"), said
    elif was.units != now.units:
        yield "other units", f"units {was.units} -> {now.units}"
    if was.alternative != now.alternative:
        yield (said := f"alternative {'gained' if now.alternative else 'lost'}"), said
    if was.code != now.code:
        yield (said := f"reason {was.code or 'none'} -> {now.code or 'none'}"), said
    if was.waits != now.waits:
        yield (said := f"{'waits' if now.waits else 'no longer waits'} for the clinician"), said
    for hold in sorted(was.holds ^ now.holds):
        yield (said := f"{hold} {'added' if hold in now.holds else 'lost'}"), said
    if was.arrival != now.arrival and was.goes == now.goes:
        later = (now.arrival or 0) > (was.arrival or 0)
        minutes = [f"{each.arrival:g}" if each.arrival is not None else "unknown" for each in (was, now)]
        yield f"arrival {'later' if later else 'sooner'}", f"arrival {minutes[0]} -> {minutes[1]} min"

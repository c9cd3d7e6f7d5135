"""Months of closed calls, written in batches straight into the tables, with real readings of the demo's words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from api.reading import read_as
from bench.city import Text, Texts
from models.assessment import Entry, Standing
from models.call import CallState, CallView, Source
from models.events import CallChanged
from models.recommendation import Pairing, RecommendationView
from models.store.database import Connection
from triage.assess import assess_entries

SCRIPT = Path(__file__).with_suffix(".sql")
BATCH = 20_000  # calls of one transaction
LOG_DAYS = 35  # what the service keeps of its log; the month it begins in is kept whole
PER_DAY = 5_000_000 / 730  # a hundred centers at this pace have five million calls after two years
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """So many calls at the pace, ending at `until`."""

    number: int
    until: datetime
    per_day: float = PER_DAY

    @property
    def step(self) -> timedelta:
        """Time between two calls."""
        return A_DAY / self.per_day

    @property
    def since(self) -> datetime:
        """When the first of them came in."""
        return self.until - self.number * self.step


async def prepare(connection: Connection) -> None:
    """Templates and the writing function, on this connection only."""
    await connection.execute(SCRIPT.read_text(encoding="utf-8"))
    texts = Texts.load()
    rows = [
        _told(flagged, place, text)
        for flagged, kind in ((True, texts.flagged), (False, texts.plain))
        for place, text in enumerate(kind)
    ]
    await connection.executemany("insert into told values ($1, $2, $3, $4, $5, $6, $7, $8)", rows)
    await connection.execute("insert into made values ($1, $2, $3, $4)", *_made(texts.flagged[0]))
    await connection.execute("analyze told")


def _told(flagged: bool, place: int, text: Text) -> tuple[Any, ...]:  # noqa: FBT001
    read = read_as(assess_entries([Entry(text=text.first)], text.nature), Standing(), [])
    view, stands, reading = (
        noun.model_dump(mode="json") for noun in (read.view, read.standing, read.assessment)
    )
    return flagged, place, text.nature, text.first, text.later, view, stands, reading


def _made(text: Text) -> tuple[Any, ...]:
    read = read_as(assess_entries([Entry(text=text.first)], text.nature), Standing(), [])
    at = datetime(2025, 1, 1, tzinfo=UTC)
    pairing = Pairing(
        id="p1",
        rank=1,
        composition="COR",
        units=(),
        alternative=True,
        together_minutes=9,
        cost_minutes=9,
    )
    plan = RecommendationView(
        id="r", revision=1, at=at, decision_version=2, policy="bench", pairings=(pairing,) * 3, candidates=9
    )
    call = CallView(
        id="@id", number="H", source=Source.CALL_911, received_at=at, taken_at=at, nature=text.nature, priority=3,
        beat="1A", place="1 ELM ST", lat=39.1, lon=-86.5, state=CallState.CLOSED, text_version=1, assessed_version=1,
        decision_version=3, assessment=read.view, recommendation=plan, on_board=False,
    )  # fmt: skip
    event = CallChanged(at=at, what=("entry",), call=call).model_dump(mode="json", exclude={"epoch", "seq"})
    shown = {"call": call.model_dump(mode="json"), "units": []}
    answer = {**shown, "assessment": read.assessment.model_dump(mode="json")}
    return (
        orjson.dumps(event | {"type": "@type", "at": "@at"}).decode(),
        plan.model_dump(mode="json"),
        shown,
        orjson.dumps(answer).decode(),
    )


async def write_history(
    connection: Connection, span: Span, centers: int, busy: int, progress: Callable[[int], None]
) -> None:
    """Write the calls of a span; on a connection that was prepared. `progress` is told how many were written."""
    oldest = datetime.now(UTC) - timedelta(days=LOG_DAYS)
    kept_since = oldest.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    month = kept_since
    while month < span.until:
        await connection.fetchval("select make_log_month_v1($1)", month)
        month += timedelta(days=28)
    await connection.execute("set synchronous_commit = off")
    for begin in range(0, span.number, BATCH):
        number = min(BATCH, span.number - begin)
        at = span.since + begin * span.step
        await connection.execute(
            "select pg_temp.write_history($1, $2, $3, $4, $5, $6, $7)",
            1 + begin, number, at, span.step, centers, busy, kept_since,
        )  # fmt: skip
        progress(number)
    await connection.execute(
        "reset synchronous_commit"
    )  # before a commit is on disk, vacuum finds nothing visible
    await connection.execute(
        "insert into retention (center_id, tidied_to) select id, $1 from center "
        "on conflict (center_id) do update set tidied_to = excluded.tidied_to",
        oldest,
    )

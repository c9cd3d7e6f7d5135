"""Use case 1, its beginning: a call is taken in one statement, or found to be one that its CAD sends again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from fastapi import Response

from api.desk import CANARY, Center, Desk
from api.intake import RETRY, answer, append, change_call, read_words
from api.keyed import Key
from api.lenient import (
    CallIn,
    CallPatch,
    EntryIn,
    Lenient,
    Location,
    plausible_location,
    plausible_time,
    shortened,
)
from api.metrics import BLEMISHES, CALLS
from api.reading import Read
from api.security import Principal
from models.assessment import Entry, Standing
from models.call import CallState, CallView
from models.errors import NotFound
from models.events import CallTaken
from models.ids import new_id
from models.store.calls import lock_call
from models.store.database import PATIENCE, query
from models.store.writing import Writing

#: Of a new call, in the order of the statement that takes it.
_COLUMNS = (
    "number",
    "source",
    "received_at",
    "taken_at",
    "nature",
    "priority",
    "beat",
    "place",
    "lat",
    "lon",
)


@dataclass(frozen=True, slots=True)
class Intake:
    """A call as it will be stored, with its text already read."""

    fields: CallIn
    flags: list[str]
    received_at: datetime
    read: Read | None


async def taken(desk: Desk, center: Center, posted: Lenient[CallIn]) -> Intake:
    """Read a new call's text before the transaction begins; a fault leaves it unread, never refused."""
    now, flags, fields = desk.now(), list(posted.flags), posted.value
    received = plausible_time(fields.received_at, now, center.timezone, flags, "received_at")
    if received is None:
        flags.append("RECEIVED_AT_MISSING")
        received = now
    location = plausible_location(fields.location, flags)
    fields = fields.model_copy(
        update={
            "location": location,
            "external_id": shortened(fields.external_id, 200, flags, "external_id") or None,
            "nature": shortened(fields.nature, 500, flags, "nature") or "",
            "beat": shortened(fields.beat, 100, flags, "beat"),
        }
    )
    entries = [Entry(text=fields.narrative, at=received)] if fields.narrative else []
    read = await read_words(desk, center.id, entries, fields.nature or "", Standing(), [])
    return Intake(fields, flags, received, read)


async def take_call(desk: Desk, who: Principal, key: Key | None, intake: Intake) -> Response | None:
    """Store a new call in one statement and answer; None where its key or its CAD number is known already."""
    fields, read, now = intake.fields, intake.read, desk.now()
    async with desk.pool.acquire(timeout=PATIENCE) as connection:
        number = fields.external_id or await connection.fetchval(query("next_number"))
        view = _as_seen(intake, number, now)
        told = CallTaken(at=now, by=who.name, call=view).model_dump_json(exclude={"epoch", "seq"})
        seen = orjson.Fragment(view.model_dump_json())
        body = orjson.dumps(
            {"call": seen, "assessment": orjson.Fragment(read.shown) if read and read.shown else None}
        )
        try:
            seq = await connection.fetchval(
                query("take_call"),
                view.id, who.center, fields.external_id, *(getattr(view, name) for name in _COLUMNS),
                fields.caller, fields.attributes or {}, view.quality, view.assessed_version,
                read.view.model_dump(mode="json") if read else None,
                (read.standing if read else Standing()).model_dump(mode="json"), fields.narrative or None,
                new_id() if read else None, read and read.assessment.artefact, read and read.body, told,
                *((key.value, who.key, key.route, key.body_hash) if key else (None,) * 4), body.decode(),
                None if read else now + RETRY,
            )  # fmt: skip
        except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError):
            return None  # the same key is being used at this moment
    if seq is None:
        return None
    desk.wake()
    CALLS.labels("canary" if who.center == CANARY else "new").inc()
    for flag in intake.flags:
        BLEMISHES.labels(flag.partition(":")[0]).inc()
    return Response(body, 201, media_type="application/json")


def _as_seen(intake: Intake, number: str, now: datetime) -> CallView:
    """A new call as consoles see it: what the query for any call would find, without asking it."""
    fields, location = intake.fields, intake.fields.location or Location()
    words = 1 if fields.narrative else 0
    return CallView(
        id=str(new_id()),
        number=number,
        source=fields.source,
        received_at=intake.received_at,
        taken_at=now,
        nature=fields.nature or "",
        priority=fields.priority,
        beat=fields.beat,
        place=location.place,
        lat=location.lat,
        lon=location.lon,
        state=CallState.OPEN,
        text_version=words,
        assessed_version=words if intake.read else -1,
        decision_version=1,
        quality=tuple(sorted(set(intake.flags))),
        assessment=intake.read.view if intake.read else None,
        on_board=True,
    )


async def take_again(desk: Desk, pen: Writing, intake: Intake) -> tuple[int, dict[str, Any]]:
    """Update the call with the same CAD number; (200, {call, assessment}); raises NotFound where there is none."""
    known = await pen.connection.fetchval(query("find_external"), pen.center, intake.fields.external_id)
    if known is None:
        raise NotFound
    await _update_resent(desk, pen, known, intake)
    CALLS.labels("resent").inc()
    return 200, await answer(pen, known)


async def _update_resent(desk: Desk, pen: Writing, call_id: UUID, intake: Intake) -> None:
    """A CAD sends a call again: what changed is an update, new text is an entry, known text is nothing."""
    call = await lock_call(pen, call_id)
    sent = intake.fields
    patch = CallPatch(
        nature=sent.nature or None, priority=sent.priority, beat=sent.beat, location=sent.location
    )
    await change_call(desk, pen, call, patch, intake.flags)
    known = [row["text"] for row in await pen.connection.fetch(query("entries"), call_id)]
    fresh = unseen_text(sent.narrative or "", known)
    if fresh:
        await append(desk, pen, await lock_call(pen, call_id), EntryIn(text=fresh), [])


def unseen_text(narrative: str, known: Sequence[str]) -> str:
    """The part of a re-sent narrative that is not in the entries yet."""
    rest = narrative.strip()
    if rest in (text.strip() for text in known):
        return ""
    for text in known:
        after = rest.removeprefix(text.strip())
        if after != rest and not (after[:1].isalnum() and rest[-len(after) - 1].isalnum()):
            rest = after.lstrip()  # cut between words only: KNIFE is no beginning of KNIFEPOINT
    return rest

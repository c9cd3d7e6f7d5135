"""Use case 1: a call or a remark comes in and is understood, all in one commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from fastapi import Response

from api.alarms import alarm_if_sent
from api.assessor import Unreadable
from api.desk import Center, Desk
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
from api.metrics import BLEMISHES, CALLS, ENTRIES
from api.progress import finish_decision
from api.reading import Read, decides, keep_assessment, new_dangers, read_as, releases_of, said_again
from api.security import Principal
from api.unserved import count_unserved
from dispatch.review import REOPENED
from models.assessment import Entry, Standing
from models.call import AssessmentView, CallState, CallView, ReviewState
from models.errors import MoveNotAllowed, NotFound
from models.events import CallChanged, CallClosed, CallTaken
from models.ids import new_id
from models.recommendation import UnservedCode
from models.store.calls import lock_call
from models.store.database import PATIENCE, query, the_row
from models.store.writing import Writing

RETRY = timedelta(seconds=2)  # doubled with every failed attempt, up to ten minutes


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
    return Intake(fields, flags, received, await _read(desk, entries, fields.nature or "", Standing(), []))


async def _read(
    desk: Desk, entries: Sequence[Entry], nature: str, prior: Standing, releases: list[Any]
) -> Read | None:
    try:
        return read_as(await desk.assessor.read(entries, nature), prior, releases)
    except Unreadable:
        return None


async def take_call(desk: Desk, who: Principal, key: Key | None, intake: Intake) -> Response | None:
    """Store a new call in one statement and answer; None where its key or its CAD number is known already."""
    fields, read, now = intake.fields, intake.read, desk.now()
    async with desk.pool.acquire(timeout=PATIENCE) as connection:
        number = fields.external_id or await connection.fetchval(query("next_number"))
        view = _as_seen(intake, number, now)
        told = CallTaken(at=now, by=who.name, call=view).model_dump_json(exclude={"epoch", "seq"})
        seen = orjson.Fragment(view.model_dump_json())
        body = orjson.dumps({"call": seen, "assessment": orjson.Fragment(read.body) if read else None})
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
    CALLS.labels("new").inc()
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


async def answer(pen: Writing, call_id: UUID) -> dict[str, Any]:
    """The call as it now is, with its whole assessment; the last thing a use case asks for."""
    body = await pen.connection.fetchval(query("standing_assessment"), call_id)
    return {"call": await pen.seen(call_id), "assessment": orjson.Fragment(body) if body else None}


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


async def change_call(desk: Desk, pen: Writing, call: Any, patch: CallPatch, flags: Sequence[str]) -> None:
    """Nature, priority, beat or location were corrected; a new nature is read again."""
    flags = list(flags)
    sent = patch.location
    location = plausible_location(sent, flags) if sent else None
    new = {
        "nature": shortened(patch.nature, 500, flags, "nature") or call["nature"],
        "priority": patch.priority if patch.priority is not None else call["priority"],
        "beat": shortened(patch.beat, 100, flags, "beat") or call["beat"],
        "place": (location and location.place) or call["place"],
        **_point(call, location),
        "quality": sorted({*call["quality"], *flags}),
    }
    what = [name for name in ("nature", "priority", "beat") if new[name] != call[name]]
    moved = (new["lat"], new["lon"], new["place"]) != (call["lat"], call["lon"], call["place"])
    if not what and not moved and new["quality"] == call["quality"]:
        return
    version = call["decision_version"] + moved
    await pen.connection.execute(query("update_call"), call["id"], *new.values(), version)
    if "nature" in what:
        await assess_again(desk, pen, await lock_call(pen, call["id"]))
    pen.tell_call(CallChanged, call["id"], what=(*what, *(("location",) if moved else ())))


def _point(call: Any, location: Location | None) -> dict[str, float | None]:
    """New coordinates, or the known ones; another place without coordinates has none that are known."""
    if location is None or (location.lat is None and location.place in (None, call["place"])):
        return {"lat": call["lat"], "lon": call["lon"]}
    return {"lat": location.lat, "lon": location.lon}


async def append(desk: Desk, pen: Writing, call: Any, entry: EntryIn, flags: list[str]) -> bool:
    """Append a remark and read the call again; False where the sender's number is already known."""
    text = entry.text.strip("\r\n") if entry.text.strip() else ""
    if not text:
        return False
    if entry.source_seq is not None:
        known = await pen.connection.fetchval(query("entry_of_source"), call["id"], entry.source_seq)
        if known == text:
            return False
        if known is not None:
            flags.append("SOURCE_SEQ_REUSED")
            entry = entry.model_copy(update={"source_seq": None})
    author = shortened(entry.author, 100, flags, "author")
    said = await pen.connection.fetch(
        query("append_entry"),
        *(call["id"], call["text_version"], text, author, entry.at, entry.source_seq, pen.at),
        sorted(set(flags)),
    )
    await assess_again(desk, pen, call, said)
    pen.tell_call(CallChanged, call["id"], what=("entry",))
    ENTRIES.inc()
    return True


async def assess_again(desk: Desk, pen: Writing, call: Any, said: Sequence[Any] | None = None) -> bool:
    """Read all of a locked call's text; raises the alarm where a sent pairing meets a new danger.

    `said` are its entries where they are known. False where the engine failed: the call stays visibly not assessed and
    the sweep tries again.
    """
    rows = await pen.connection.fetch(query("entries"), call["id"]) if said is None else said
    entries = [Entry(text=row["text"], author=row["author"], at=row["at"]) for row in rows]
    prior = Standing.model_validate(call["standing"])
    releases = await releases_of(pen.connection, call["id"], prior)
    read = await _read(desk, entries, call["nature"], prior, releases)
    if read is None:
        wait = min(RETRY * 2 ** min(call["assess_attempts"], 10), timedelta(minutes=10))
        await pen.connection.execute(query("assessment_failed"), call["id"], pen.at + wait)
        return False
    before = AssessmentView.model_validate(call["assessment_view"]) if call["assessment_view"] else None
    version = call["decision_version"] + (decides(before) != decides(read.view))
    await keep_assessment(pen, call["id"], len(entries), read, version)
    dangers = (*new_dangers(before, read.view), *said_again(read.assessment, call["assessed_version"]))
    await alarm_if_sent(pen, call, dangers)
    raised = read.view.flag and not (before and before.flag)
    if call["review_state"] == ReviewState.SET_ASIDE.value and (dangers or raised):
        await _review_again(pen, call["id"], version + 1)
    return True


async def _review_again(pen: Writing, call_id: UUID, version: int) -> None:
    """A call was set aside for what it said then; what it says now goes before the clinician again."""
    none = ReviewState.NONE.value
    await pen.connection.execute(query("set_review"), call_id, none, None, None, None, version)
    pen.tell_call(CallChanged, call_id, what=("review",))


async def close(pen: Writing, center: Center, call: Any) -> None:
    """The CAD closed the call; units still held are let go, and an outcome is owed where somebody was sent."""
    if call["state"] == "closed":
        return
    await _note_undecided(pen, center, call)
    sent = await finish_decision(pen, call)
    owed = sent and call["outcome_id"] is None
    ended = await pen.connection.fetch(query("close_call"), call["id"], pen.at, owed)
    pen.tell_alerts(*(row["id"] for row in ended))
    pen.tell_call(CallClosed, call["id"])


async def _note_undecided(pen: Writing, center: Center, call: Any) -> None:
    """An alternative was on the screen until the end and nobody decided: that is a reason too."""
    flagged = call["review_state"] == "flagged" or (call["assessment_view"] or {}).get("flag", False)
    if not flagged or call["review_state"] == "set_aside":
        return
    if call["decision_id"] is not None:
        decision = await the_row(pen.connection, "decision", pen.center, call["decision_id"])
        if decision["state"] not in REOPENED:
            return
    stands = call["recommendation_id"]
    found = await the_row(pen.connection, "recommendation", pen.center, stands) if stands else None
    if found is None or found["view"]["unserved"] is None:
        await count_unserved(pen, center, call["id"], UnservedCode.NOT_DECIDED)


async def link(pen: Writing, call_id: UUID, other_id: UUID, kind: str) -> None:
    """Two calls of this center belong together."""
    if call_id == other_id:
        raise MoveNotAllowed("A call cannot be linked to itself.")
    for each in sorted((call_id, other_id)):
        await lock_call(pen, each)
    await pen.connection.execute(
        query("link_calls"), min(call_id, other_id), max(call_id, other_id), kind, pen.by, pen.at
    )
    for each in (call_id, other_id):
        pen.tell_call(CallChanged, each, what=("link",))

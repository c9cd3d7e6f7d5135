"""Use case 1: a call or a remark comes in and is understood, all in one commit."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson

from api.alarms import alarm_if_sent
from api.assessor import Unreadable
from api.desk import Center, Desk
from api.lenient import (
    CallPatch,
    EntryIn,
    Location,
    plausible_location,
    shortened,
)
from api.metrics import ENTRIES
from api.progress import finish_decision
from api.reading import Read, decides, keep_assessment, new_dangers, read_as, releases_of, said_again
from api.unserved import count_unserved, recount_unmet
from dispatch.review import REOPENED
from models.assessment import Entry, Standing
from models.call import AssessmentView, ReviewState
from models.errors import MoveNotAllowed
from models.events import CallChanged, CallClosed
from models.recommendation import UnservedCode
from models.store.calls import lock_call
from models.store.database import query, the_row
from models.store.writing import Writing

RETRY = timedelta(seconds=2)  # doubled with every failed attempt, up to ten minutes


async def read_words(
    desk: Desk, center: str, entries: Sequence[Entry], nature: str, prior: Standing, releases: list[Any]
) -> Read | None:
    """What the words say on top of what stood before; None where they cannot be read now."""
    silent = (await desk.center(center)).silent
    try:
        read = await desk.assessor.read(entries, nature, desk.phrases.of(center))
        return read_as(read, prior, releases, silent=silent)
    except Unreadable:
        return None


async def answer(pen: Writing, call_id: UUID) -> dict[str, Any]:
    """The call as it now is, with its whole assessment; the last thing a use case asks for."""
    body = await pen.connection.fetchval(query("shown_assessment"), call_id)
    return {"call": await pen.seen(call_id), "assessment": orjson.Fragment(body) if body else None}


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
    read = await read_words(desk, pen.center, entries, call["nature"], prior, releases)
    if read is None:
        wait = min(RETRY * 2 ** min(call["assess_attempts"], 10), timedelta(minutes=10))
        await pen.connection.execute(query("assessment_failed"), call["id"], pen.at + wait)
        return False
    before = AssessmentView.model_validate(call["assessment_view"]) if call["assessment_view"] else None
    version = call["decision_version"] + (decides(before) != decides(read.view))
    await keep_assessment(pen, call["id"], len(entries), read, version)
    said = () if read.silent else said_again(read.assessment, call["assessed_version"])
    dangers = (*new_dangers(before, read.view), *said)
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
    sent = await finish_decision(pen, call)
    owed = sent and call["outcome_id"] is None
    ended = await pen.connection.fetch(query("close_call"), call["id"], pen.at, owed)
    pen.tell_alerts(*(row["id"] for row in ended))
    pen.tell_call(CallClosed, call["id"])
    if not center.silent and _eligible(call) and not await _note_undecided(pen, center, call):
        await recount_unmet(pen, call["id"])


def _eligible(call: Any) -> bool:
    flagged = call["review_state"] == "flagged" or (call["assessment_view"] or {}).get("flag", False)
    return bool(flagged) and call["review_state"] != "set_aside"


async def _note_undecided(pen: Writing, center: Center, call: Any) -> bool:
    """An alternative was on the screen until the end and nobody decided: that is a reason too."""
    if call["decision_id"] is not None:
        decision = await the_row(pen.connection, "decision", pen.center, call["decision_id"])
        if decision["state"] not in REOPENED:
            return False
    stands = call["recommendation_id"]
    found = await the_row(pen.connection, "recommendation", pen.center, stands) if stands else None
    if found is not None and found["view"]["unserved"] is not None:
        return False
    return await count_unserved(pen, center, call["id"], UnservedCode.NOT_DECIDED)


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

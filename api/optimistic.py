"""A remark on a call, or its close, where nothing hangs on it: read, decided and written in two round trips.

The row is read without a lock and written only if it is still the row that was read; whatever else may change with it,
and whoever comes second, takes the long way through a transaction of its own.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from fastapi import Response

from api.desk import Desk
from api.intake import read_words
from api.keyed import Key
from api.lenient import EntryIn, shortened
from api.metrics import ENTRIES
from api.reading import decides
from api.security import Principal
from models.assessment import Entry, Standing
from models.call import CallState, CallView
from models.events import BaseEvent, CallChanged, CallClosed
from models.ids import new_id
from models.store.database import PATIENCE, Connection, query

#: The same key is being used at this moment.
BUSY = (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError)


async def close_plain(desk: Desk, who: Principal, key: Key | None, call_id: UUID) -> Response | None:
    """Close the call and answer; None where more than the call itself may change, its key is known, or it moved on."""
    now = desk.now()
    async with desk.pool.acquire(timeout=PATIENCE) as connection:
        row = await connection.fetchrow(query("plain_call"), who.center, call_id)
        if row is None:
            return None
        view = _view(row, state=CallState.CLOSED, on_board=False)
        body = orjson.dumps({"call": orjson.Fragment(view.model_dump_json())})
        event = CallClosed(at=now, by=who.name, call=view)
        if not await _written(connection, "close_plain_call", _told(who, key, row, now, body, event)):
            return None
    desk.wake()
    return Response(body, media_type="application/json")


async def append_plain(
    desk: Desk, who: Principal, key: Key | None, call_id: UUID, entry: EntryIn, flags: list[str]
) -> Response | None:
    """Append the remark and answer; None as for `close_plain`, or where the words cannot be read now."""
    text = entry.text.strip("\r\n")
    if not text.strip() or entry.source_seq is not None:
        return None
    now = desk.now()
    async with desk.pool.acquire(timeout=PATIENCE) as connection:
        row = await connection.fetchrow(query("readable_call"), who.center, call_id)
        if row is None:
            return None
        entries = [
            *map(Entry.model_validate, row["entries"]),
            Entry(text=text, author=entry.author, at=entry.at),
        ]
        prior = Standing.model_validate(row["standing"])
        read = await read_words(desk, who.center, entries, row["nature"], prior, [])
        if read is None:
            return None
        before, told = _view(row), row["text_version"]
        version = before.decision_version + (decides(before.assessment) != decides(read.view))
        after = {"text_version": told + 1, "assessed_version": told + 1, "assessment": read.view}
        view = before.model_copy(update=after | {"decision_version": version})
        seen = orjson.Fragment(view.model_dump_json())
        body = orjson.dumps({"call": seen, "assessment": orjson.Fragment(read.shown) if read.shown else None})
        event = CallChanged(at=now, by=who.name, call=view, what=("entry",))
        author = shortened(entry.author, 100, flags, "author")
        words = (told, text, author, entry.at, sorted(set(flags)))
        understood = (new_id(), read.assessment.artefact, read.body, read.view.model_dump(mode="json"))
        stands = (read.standing.model_dump(mode="json"), version)
        values = (*_told(who, key, row, now, body, event), *words, *understood, *stands)
        if not await _written(connection, "append_plain_entry", values):
            return None
    desk.wake()
    ENTRIES.inc()
    return Response(body, media_type="application/json")


def _view(row: asyncpg.Record, **changed: Any) -> CallView:
    return CallView.model_validate({name: row[name] for name in CallView.model_fields} | changed)


def _told(
    who: Principal, key: Key | None, row: asyncpg.Record, now: datetime, body: bytes, event: BaseEvent
) -> tuple[Any, ...]:
    """What both statements begin with: the row as it was read, the key, the answer and the event."""
    scope = (key.value, who.key, key.route, key.body_hash) if key else (None,) * 4
    told = event.model_dump_json(exclude={"epoch", "seq"})
    return (who.center, row["call_id"], row["version"], now, *scope, body.decode(), told)


async def _written(connection: Connection, statement: str, values: tuple[Any, ...]) -> bool:
    try:
        return await connection.fetchval(query(statement), *values) is not None
    except BUSY:
        return False

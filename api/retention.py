"""Lets go of what was kept long enough: months of the log, answered keys, superseded readings, words of old calls."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import asyncpg
import structlog

from api.desk import Desk
from api.metrics import LET_GO, RETENTION_DONE, WORDS_DUE
from models.events import CallChanged
from models.store.database import connect, query
from models.store.writing import writing_on

log = structlog.get_logger()
LOCK = 911_003  # one process at a time
EVERY = 600.0  # seconds between rounds
PAUSE = 0.05  # seconds between two batches: calls go first
AHEAD = timedelta(days=25)  # the next month has its part before it begins, and none is made twice
KEYS, STRAYS, CALLS, WORDS = 1_000, 500, 200, 20  # rows or calls of one batch
LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError)


async def retain_forever(desk: Desk, dsn: str) -> None:
    """A round every ten minutes until cancelled; what a round could not do is there for the next."""
    while True:
        try:
            await retain(desk, dsn)
            desk.degraded.discard("retention")
        except LOST as fault:
            desk.degraded.add("retention")
            log.warning("retention.lost", fault=type(fault).__name__)
        await asyncio.sleep(EVERY)


async def retain(desk: Desk, dsn: str) -> bool:
    """One round on a connection of its own; False where another process is at it."""
    connection = await connect(dsn)
    try:
        if not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
            return False
        await _months(desk, connection)
        await _leftovers(desk, connection)
        await connection.execute(query("keep_retention"))
        centers = await connection.fetch(query("retentions"), desk.now())
        due = sum(row["due"] for row in centers)
        for row in centers:
            WORDS_DUE.set(due)
            await _superseded(desk, connection, row["center_id"])
            if row["days"] is not None:
                due -= await _words(desk, connection, row["center_id"], row["days"])
        WORDS_DUE.set(due)
        RETENTION_DONE.set(desk.now().timestamp())
        return True
    finally:
        connection.terminate()


async def _months(desk: Desk, connection: asyncpg.Connection) -> None:
    """Parts of the log for this month and the next; old ones go whole."""
    now = desk.now()
    steps = [partial(connection.fetchval, query("make_log_month"), at) for at in (now, now + AHEAD)]
    drop = partial(connection.fetchval, query("drop_log_month"), now - desk.settings.keep_log)
    try:
        for step in steps:
            if made := await step():
                log.info("retention.month_made", month=made)
        while gone := await drop():
            LET_GO.labels("log_month").inc()
            log.info("retention.month_gone", month=gone)
    except asyncpg.LockNotAvailableError:
        log.info(
            "retention.log_busy"
        )  # somebody reads the log for long, e.g. a backup: the next round tries again


async def _leftovers(desk: Desk, connection: asyncpg.Connection) -> None:
    now = desk.now()
    old_log, old_keys = now - desk.settings.keep_log, now - desk.settings.keep_keys
    await _in_batches("key", partial(connection.fetchval, query("purge_keys"), old_keys, KEYS))
    await _in_batches("stray_event", partial(connection.fetchval, query("purge_strays"), old_log, STRAYS))
    await _in_batches("held_event", partial(connection.fetchval, query("purge_held_events"), STRAYS))
    LET_GO.labels("session").inc(await connection.fetchval(query("purge_sessions"), now))
    LET_GO.labels("quarantine").inc(await connection.fetchval(query("purge_quarantine"), now))


async def _in_batches(what: str, batch: Callable[[], Awaitable[Any]]) -> None:
    while gone := await batch():
        LET_GO.labels(what).inc(gone)
        await asyncio.sleep(PAUSE)


async def _superseded(desk: Desk, connection: asyncpg.Connection, center: str) -> None:
    """Readings and plans that were replaced while the call was open go with the log that told of them."""
    before = desk.now() - desk.settings.keep_log
    batch = partial(connection.fetchval, query("purge_superseded"), center, before, CALLS)
    await _in_batches("superseded_of_call", batch)


async def _words(desk: Desk, connection: asyncpg.Connection, center: str, days: int) -> int:
    """Blank the words of calls closed long enough ago; how many. A board that still shows one is told."""
    done = 0
    before = desk.now() - timedelta(days=days)
    while due := await connection.fetch(query("words_due"), center, before, WORDS):
        async with writing_on(connection, center, desk.now(), None) as pen:
            blanked = await pen.connection.fetch(query("redact_calls"), [row["id"] for row in due], days)
            for row in blanked:
                if row["on_board"]:
                    pen.tell_call(CallChanged, row["call_id"], what=("words",))
        desk.wake()
        LET_GO.labels("words_of_call").inc(len(blanked))
        done += len(blanked)
        if not blanked:  # all of them are being worked on
            break
        await asyncio.sleep(PAUSE)
    return done

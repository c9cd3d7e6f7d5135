"""With many calls in the tables, what is asked often is found by an index and touches as much as it shows."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from api.embedded import Engines
from bench.history import Span, prepare, write_history
from models.store.database import connect, query
from tests.conftest import administer, database_named
from tests.service import Json

CALLS, CENTERS, PER_DAY = 50_000, 4, 250
BOARD = 30
CENTER = "bench0000"
NOW = datetime.now(UTC)
#: Tables that grow with every call, with the parts of the log.
GROWING = ("call", "entry", "assessment", "event_", "recommendation", "decision", "outcome", "diversion", "idempotency",
           "alert", "call_link", "audit", "unmet")  # fmt: skip


@pytest.fixture(scope="module")
async def grown(engines: Engines, migrated_template: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a database with a past, analysed, and a board of the usual size."""
    await administer(engines, f"create database grown template {migrated_template}")
    connection = await connect(database_named(engines, "grown"))
    for at in range(CENTERS):
        await connection.execute(
            query("add_center"), f"bench{at:04}", "Bench", "America/Chicago", True, "feed"
        )
    await prepare(connection)
    await write_history(connection, Span(CALLS, NOW, PER_DAY), CENTERS, 1, lambda _: None)
    await connection.execute(
        "update call set state = 'open', on_board = true, closed_at = null where id in "
        "(select id from call where center_id = $1 order by taken_at desc limit $2)",
        CENTER,
        BOARD,
    )
    await connection.execute("vacuum (analyze)")
    yield connection
    await connection.close()
    await administer(engines, "drop database grown with (force)")


async def plan(connection: asyncpg.Connection, name: str, mode: str, *arguments: Any) -> Json:
    """How a query was really run, its plan made for these arguments or once for all."""
    given = await connection.fetchval(
        "select string_agg(quote_nullable(a), ', ') from unnest($1::text[]) a",
        [literal(a) for a in arguments],
    )
    async with connection.transaction():
        await connection.execute(f"set local plan_cache_mode = {mode}")
        await connection.execute(f"prepare asked as {query(name)}")
        ran = await connection.fetchval(f"explain (analyze, timing off, format json) execute asked({given})")
        await connection.execute("deallocate asked")
    found: Json = ran[0]["Plan"]
    return found


def literal(argument: Any) -> str | None:
    """An argument as PostgreSQL reads it."""
    if isinstance(argument, list):
        return "{" + ",".join(map(str, argument)) + "}"
    return None if argument is None else str(argument)


def nodes(part: Json) -> Iterator[Json]:
    """A plan's nodes, from the top."""
    yield part
    for each in part.get("Plans", []):
        yield from nodes(each)


def touched(part: Json) -> int:
    """Rows that were read from tables and indexes, kept or thrown away."""
    seen = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    scans = [node for node in nodes(part) if "Relation Name" in node]
    rows: float = sum(sum(scan.get(name, 0) for name in seen) * scan["Actual Loops"] for scan in scans)
    return round(rows)


async def asked(connection: asyncpg.Connection) -> dict[str, tuple[int, tuple[Any, ...]]]:
    """What is asked often or while somebody waits: most rows it may touch, and its arguments."""
    head = await connection.fetchval("select seq from center_log where center_id = $1", CENTER)
    (one, *_) = await connection.fetch(
        "select * from call where center_id = $1 and outcome_id is not null limit 1", CENTER
    )
    today, span = NOW.date(), timedelta(days=1)
    in_span = await connection.fetchval(
        "select count(*) from call where center_id = $1 and taken_at >= $2", CENTER, NOW - span
    )
    return {
        "list_calls": (300, (CENTER, None, None, 100)),
        "list_calls open": (BOARD, (CENTER, "open", None, 100)),
        "list_calls closed": (200, (CENTER, "closed", None, 100)),
        "list_calls before": (200, (CENTER, None, NOW - timedelta(days=3), 100)),
        "console_calls": (BOARD * 8, (CENTER,)),
        "console_call": (20, (CENTER, [one["id"]])),
        "console_alerts": (20, (CENTER, None)),
        "console_alerts one": (20, (CENTER, [one["id"]])),
        "count_denominators": (in_span * 1.1, (CENTER, NOW - span, NOW + span)),
        "count_diversions": (in_span, (CENTER, today, today)),
        "count_unserved": (in_span, (CENTER, today, today)),
        "read_events": (550, ([CENTER], [head - 500], 500)),
        "decision_feed": (20, (CENTER, 0, 200)),
        "list_outcomes": (500, (CENTER, "confirmed", 100)),
        "call_log": (60, (CENTER, one["id"])),
        "standing_assessment": (5, (one["id"],)),
        "entries": (5, (one["id"],)),
        "lock_call": (5, (CENTER, one["id"])),
        "find_external": (5, (CENTER, one["external_id"])),
        "last_revision": (5, (one["id"],)),
        "was_sent": (20, (one["id"], [])),
        "unassessed": (5, (NOW, 50)),
        "reserved_decisions": (5, ([CENTER],)),
        "keyed_response": (5, (CENTER, "token:cad", "POST /v1/calls", one["external_id"])),
        "purge_keys": (5, (NOW - timedelta(days=400), 100)),
        "words_due": (60, (CENTER, NOW, 20)),
    }


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_nothing_that_is_asked_often_walks_over_what_has_grown(
    grown: asyncpg.Connection, mode: str
) -> None:
    walks, much = [], []
    for what, (most, arguments) in (await asked(grown)).items():
        ran = await plan(grown, what.split()[0], mode, *arguments)
        for node in nodes(ran):
            relation = node.get("Relation Name", "")
            if node["Node Type"] == "Seq Scan" and relation.startswith(GROWING) and touched(node) > 100:
                walks.append((what, relation, touched(node)))
        if touched(ran) > most:
            much.append((what, touched(ran), most))
    assert (walks, much) == ([], [])


async def test_the_report_of_a_month_is_counted_from_an_index_alone(grown: asyncpg.Connection) -> None:
    span = (CENTER, NOW - timedelta(days=2), NOW - timedelta(days=1))
    ran = await plan(grown, "count_denominators", "force_generic_plan", *span)
    (scan,) = [node for node in nodes(ran) if "Index Name" in node]
    assert (scan["Node Type"], scan["Index Name"]) == ("Index Only Scan", "call_listed")

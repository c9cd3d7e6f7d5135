"""Connections as the whole service expects them, and queries by name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
import orjson

PATIENCE = 10  # seconds a transaction waits for a free connection
QUERIES = Path(__file__).parent.parent / "queries"

#: Every query is short and has one good plan: planning it anew with each call costs more than running it.
SESSION = {"timezone": "UTC", "application_name": "tandem", "plan_cache_mode": "force_generic_plan"}

Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
Pool = asyncpg.Pool


@cache
def query(name: str) -> str:
    """SQL text of models/queries/<name>.sql."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


async def the_row(connection: Connection, name: str, *arguments: Any) -> asyncpg.Record:
    """The row of a query whose row has to be there; raises LookupError where it is not."""
    row = await connection.fetchrow(query(name), *arguments)
    if row is None:
        raise LookupError(name)
    return row


def _dump(value: Any) -> str:
    return orjson.dumps(value).decode()


async def prepare_connection(connection: Any) -> None:
    """JSON columns as Python values."""
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(kind, encoder=_dump, decoder=orjson.loads, schema="pg_catalog")


async def _tidied(connection: Any) -> None:
    """Nothing of ours outlives its transaction, so a round trip to reset the session would find nothing to do."""
    if connection.is_in_transaction():
        await connection.reset()


@asynccontextmanager
async def open_pool(dsn: str, size: int = 10, name: str = "tandem") -> "AsyncIterator[Pool]":
    """A pool of connections in UTC; `name` is what the server's list of sessions shows."""
    pool = await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        init=prepare_connection,
        reset=_tidied,
        server_settings={**SESSION, "application_name": name},
        command_timeout=30,
    )
    try:
        yield pool
    finally:
        await pool.close()


async def connect(dsn: str) -> asyncpg.Connection:
    """One connection outside the pool, for locks that live as long as it does."""
    connection = await asyncpg.connect(dsn, server_settings=SESSION, command_timeout=30)
    await prepare_connection(connection)
    return connection

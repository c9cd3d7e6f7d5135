"""Connections as the whole service expects them, and queries by name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
import orjson

PATIENCE = 10  # seconds a transaction waits for a free connection
#: A database that is gone, stopping, starting or full; the driver's own word for the first is one of its internal ones.
LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
QUERIES = Path(__file__).parent.parent / "queries"

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


#: A host that is cut off closes nothing. PostgreSQL gives it up after three seconds, and with it every lock it holds.
_CUT_OFF = {
    "tcp_keepalives_idle": "1",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "2",
    "tcp_user_timeout": "3000",
}
_SESSION = {"timezone": "UTC", "application_name": "tandem", **_CUT_OFF}
#: A process that stands still keeps its connections: in a transaction for so long, with a lock of its own for less.
_STALLED = {"idle_in_transaction_session_timeout": "30s"}
_SILENT = {"idle_in_transaction_session_timeout": "2500ms", "idle_session_timeout": "2500ms"}


@asynccontextmanager
async def open_pool(dsn: str, size: int = 10) -> "AsyncIterator[Pool]":
    """A pool of connections in UTC."""
    pool = await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        init=prepare_connection,
        reset=_tidied,
        server_settings=_SESSION | _STALLED,
        command_timeout=30,
    )
    try:
        yield pool
    finally:
        await pool.close()


async def connect(dsn: str) -> asyncpg.Connection:
    """One connection outside the pool, for locks that live as long as it does; whoever has it must not fall silent."""
    connection = await asyncpg.connect(
        dsn, server_settings=_SESSION | _SILENT, command_timeout=30, timeout=10
    )
    await prepare_connection(connection)
    return connection

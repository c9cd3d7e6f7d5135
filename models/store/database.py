"""Connections as the whole service expects them, and queries by name."""

import socket
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
#: A host that is cut off closes nothing. Each end gives the other up after three seconds, PostgreSQL with every lock.
CUT_OFF_THERE = {
    "tcp_keepalives_idle": "1",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "2",
    "tcp_user_timeout": "3000",
}
CUT_OFF_HERE = {"TCP_KEEPIDLE": 1, "TCP_KEEPINTVL": 1, "TCP_KEEPCNT": 2, "TCP_USER_TIMEOUT": 3000}
#: A process that stands still keeps its connections: in a transaction for so long, with a lock of its own for less.
STALLED = {"idle_in_transaction_session_timeout": "30s"}
SILENT = {"idle_in_transaction_session_timeout": "2500ms", "idle_session_timeout": "2500ms"}
#: Every query is short and has one good plan: planning it anew with each call costs more than running it.
PLANNED_ONCE = {"plan_cache_mode": "force_generic_plan"}
SESSION = {"timezone": "UTC", "application_name": "tandem", **PLANNED_ONCE, **CUT_OFF_THERE}
TO_CONNECT = 5  # seconds
TO_ANSWER = 30  # seconds of one statement

Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy
Pool = asyncpg.Pool


@cache
def query(name: str) -> str:
    """SQL text of models/queries/<name>.sql."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


async def the_row(connection: Connection | Pool, name: str, *arguments: Any) -> asyncpg.Record:
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


async def _made(connection: Any) -> None:
    await prepare_connection(connection)
    link = connection._transport.get_extra_info("socket")  # the driver offers no other way to set options
    if link.family != socket.AF_UNIX and hasattr(socket, "TCP_USER_TIMEOUT"):
        link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in CUT_OFF_HERE.items():
            link.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


@asynccontextmanager
async def open_pool(dsn: str, size: int = 10, name: str = "tandem") -> "AsyncIterator[Pool]":
    """A pool of connections in UTC; `name` is what the server's list of sessions shows."""
    pool = await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        init=_made,
        reset=_tidied,
        server_settings=SESSION | STALLED | {"application_name": name},
        timeout=TO_CONNECT,
        command_timeout=TO_ANSWER,
    )
    try:
        yield pool
    finally:
        await pool.close()


async def connect(dsn: str) -> asyncpg.Connection:
    """One connection outside the pool, for locks that live as long as it does; whoever has it must not fall silent."""
    connection = await asyncpg.connect(
        dsn, server_settings=SESSION | SILENT, timeout=TO_CONNECT, command_timeout=TO_ANSWER
    )
    await _made(connection)
    return connection

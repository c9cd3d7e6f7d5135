"""Puts a dump in the place of a database that nobody uses, and keeps what stood there."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import asyncpg

from api.backup import Tell, telling
from api.pg_client import BackupRefused, beside, run_client
from models.store.database import connect, query
from models.store.migrate import migrate, unknown

BEFORE = "before"  # <name>_before_<when>: what stood there
MOST_JOBS = 4
#: pg_restore sets it since 17 whatever the server; one of 16 or older does not know it and goes on.
NEW_SETTING = 'unrecognized configuration parameter "transaction_timeout"'


async def restore_dump(dsn: str, file: Path, now: datetime, tell: Tell) -> str:
    """Restore beside the database, then change places in one transaction; the name of what stood there before.

    The log gets a new generation: consoles that saw events which no longer exist start again.
    Raises BackupRefused, and then nothing has changed.
    """
    await need_dump(file)
    async with maintenance(dsn) as (connection, name):
        await need_unused(connection, name)
        fresh = f"{name}_restoring"
        await connection.execute(f'drop database if exists "{fresh}"')
        await connection.execute(f"create database \"{fresh}\" template template0 encoding 'UTF8'")
        try:
            await fill(beside(dsn, fresh), file, tell)
            return await change_places(connection, name, fresh, now)
        finally:
            await connection.execute(f'drop database if exists "{fresh}" with (force)')


async def need_dump(file: Path) -> None:
    """Raise unless the file is a dump of this service."""
    contents = await run_client("pg_restore", "--list", str(file))
    if " TABLE public center_log " not in contents:
        raise BackupRefused(f"{file} is a dump, but not of Tandem's database.")


@asynccontextmanager
async def maintenance(dsn: str) -> AsyncIterator[tuple[asyncpg.Connection, str]]:
    """A connection to the server that holds no place in our database, and our database's name."""
    ours = await reached(dsn)
    name = await ours.fetchval("select current_database()")
    await ours.close()
    connection = await reached(beside(dsn, "template1" if name == "postgres" else "postgres"))
    try:
        if not await connection.fetchval(
            "select rolcreatedb or rolsuper from pg_roles where rolname = current_user"
        ):
            raise BackupRefused(
                "This role may not create databases, which a restore needs: ALTER ROLE ... CREATEDB. "
                "docs/backup.md says how to do without."
            )
        yield connection, name
    finally:
        await connection.close()


async def reached(dsn: str) -> asyncpg.Connection:
    """A connection on which a command may take as long as it takes."""
    try:
        return await asyncpg.connect(dsn, server_settings={"application_name": "tandem restore"})
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
        raise BackupRefused(
            f"The database cannot be reached ({fault}). A new server needs an empty database first: createdb."
        ) from fault


async def need_unused(connection: asyncpg.Connection, name: str) -> None:
    """Raise if anybody is connected to the database."""
    rows = await connection.fetch(
        "select distinct coalesce(nullif(application_name, ''), 'a nameless one') as who from pg_stat_activity "
        "where datname = $1 and backend_type = 'client backend' order by who",
        name,
    )
    if rows:
        raise BackupRefused(
            f"Database {name} is in use by {', '.join(row['who'] for row in rows)}. Stop every Tandem on it first."
        )


async def fill(fresh: str, file: Path, tell: Tell) -> None:
    """Restore into an empty database and bring it up to date."""
    jobs = min(MOST_JOBS, os.cpu_count() or 1)
    about = ("--no-owner", "--no-privileges", f"--jobs={jobs}")
    async with telling(tell, lambda: f"restoring {file.name}"):
        await run_client("pg_restore", *about, str(file), dsn=fresh, harmless=NEW_SETTING)
    connection = await connect(fresh)
    try:
        if newer := await unknown(connection):
            raise BackupRefused(
                f"{file} comes from a newer Tandem (it has {newer[-1]}). Update this one first."
            )
        await connection.execute(query("raise_generation"))
    finally:
        await connection.close()
    await migrate(fresh)


async def change_places(connection: asyncpg.Connection, name: str, fresh: str, now: datetime) -> str:
    """Rename both databases in one transaction; the name of the one that made way."""
    before = f"{name}_{BEFORE}_{now:%Y%m%dT%H%M%SZ}"
    try:
        async with connection.transaction():
            await connection.execute(f'alter database "{name}" rename to "{before}"')
            await connection.execute(f'alter database "{fresh}" rename to "{name}"')
    except asyncpg.ObjectInUseError as fault:
        raise BackupRefused(
            f"Somebody connected to {name} meanwhile. Stop every Tandem on it, then restore again."
        ) from fault
    return before


async def kept_databases(connection: asyncpg.Connection, name: str) -> list[str]:
    """Databases that made way for a restore and still stand."""
    rows = await connection.fetch(
        "select datname from pg_database where starts_with(datname, $1) order by 1", f"{name}_{BEFORE}_"
    )
    return [row["datname"] for row in rows]

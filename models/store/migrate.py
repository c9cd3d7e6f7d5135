"""Forward-only migrations, applied once each under a lock."""

from pathlib import Path

import asyncpg

from models.store.database import connect

MIGRATIONS = Path(__file__).parent.parent / "migrations"
LOCK = 911_000  # one migrator at a time, whichever process comes first

_TABLE = """
create table if not exists migration (name text primary key, at timestamptz not null default now())
"""


async def pending(connection: asyncpg.Connection) -> list[Path]:
    """Migrations that this database has not seen, in order."""
    known = {row["name"] for row in await connection.fetch("select name from migration")}
    return [path for path in sorted(MIGRATIONS.glob("*.sql")) if path.name not in known]


async def unknown(connection: asyncpg.Connection) -> list[str]:
    """Migrations that this version does not have: a newer one was here."""
    ours = {path.name for path in MIGRATIONS.glob("*.sql")}
    return sorted({row["name"] for row in await connection.fetch("select name from migration")} - ours)


async def migrate(dsn: str) -> list[str]:
    """Bring the database at `dsn` up to date; returns the names applied, none if it already was."""
    connection = await connect(dsn)
    try:
        await connection.execute("select pg_advisory_lock($1)", LOCK)
        await connection.execute(_TABLE)
        todo = await pending(connection)
        for path in todo:
            async with connection.transaction():
                await connection.execute(path.read_text(encoding="utf-8"))
                await connection.execute("insert into migration (name) values ($1)", path.name)
        return [path.name for path in todo]
    finally:
        await connection.close()

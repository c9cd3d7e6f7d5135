"""tandem backup | restore: dumps to carry away, and an archive from which to go back to any moment."""

import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from shutil import rmtree
from typing import Annotated

import asyncpg
import typer

from api.archive import Archive
from api.backup import Tell, base_backup, dump, ends, forget_older, size
from api.clock import utc_now
from api.embedded import embedded_engines
from api.engine_places import chosen_place, explained
from api.recovery import recover
from api.restore import kept_databases, maintenance, restore_dump
from api.serving import reached
from api.settings import Settings
from api.shell import Data, refuse, run, screen, settings_with

LATEST = "latest"


def backup(
    into: Annotated[Path | None, typer.Argument(help="File of the dump, or a folder for it.")] = None,
    *,
    base: Annotated[bool, typer.Option("--base", help="A base backup into TANDEM_ARCHIVE instead.")] = False,
    keep: Annotated[
        int | None, typer.Option("--keep", min=1, help="Base backups to keep; older ones and their log go.")
    ] = None,
    data: Data = None,
) -> None:
    """Back the database up while the service runs, or while it does not."""
    settings = settings_with(data=data)
    if base == (into is not None):
        raise refuse("Say where a dump goes, tandem backup FILE, or take a base backup: tandem backup --base")

    archive = archive_of(settings) if base else None

    async def dumped(tell: Tell) -> None:
        async with reached(settings) as dsn:
            say_what_is_made(await dump(dsn, Path(str(into)), tell))

    async def copied(archive: Archive, tell: Tell) -> None:
        async with reached(settings) as dsn:
            say_what_is_made(await base_backup(dsn, archive, tell))
            if keep is not None:
                screen.print(f"Removed {await forget_older(dsn, archive, keep)} older base backups.")

    timed(partial(copied, archive) if archive else dumped, settings)


def restore(
    file: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="A dump.")] = None,
    *,
    to: Annotated[
        str | None, typer.Option("--to", help="2026-05-01T12:03:00-04:00, or latest: from TANDEM_ARCHIVE.")
    ] = None,
    timeline: Annotated[
        int | None, typer.Option("--timeline", min=1, help="Of the log; without it that of the present data.")
    ] = None,
    discard: Annotated[
        bool, typer.Option("--discard", help="Delete what earlier restores kept instead.")
    ] = False,
    data: Data = None,
) -> None:
    """Put the database back as it was; refused while anything uses it. What stood there is kept."""
    settings = settings_with(data=data)
    if [file is not None, to is not None, discard].count(True) != 1:
        raise refuse("One of: tandem restore FILE, tandem restore --to TIME, tandem restore --discard")
    when = moment(to) if to and to != LATEST else None
    archive = archive_of(settings) if to else None

    async def from_dump(tell: Tell) -> None:
        engines = embedded_engines(settings.data, settings.postgres, settings.redis, settings.archive)
        async with engines as running:
            before = await restore_dump(running.postgres, Path(str(file)), utc_now(), tell)
            say_what_stands(await ends(running.postgres), f"database {before}")

    async def from_archive(archive: Archive, tell: Tell) -> None:
        before, rows = await recover(settings.data, archive.folder, when, timeline, utc_now(), tell)
        say_what_stands(rows, f"folder {before}" if before else None)
        screen.print("Take a new base backup once the service runs: tandem backup --base")

    if discard:
        run(discard_kept(settings), settings)
    else:
        timed(partial(from_archive, archive) if archive else from_dump, settings)


def archive_of(settings: Settings) -> Archive:
    """The archive of the embedded PostgreSQL; ends with a clear word where there is none."""
    if settings.postgres is not None:
        raise refuse(
            "The archive is the embedded PostgreSQL's. A server of your own is archived by its own means "
            "(pgBackRest, WAL-G, your provider); dumps work with every server."
        )
    if settings.archive is None:
        raise refuse("TANDEM_ARCHIVE says which folder the archive is in, and it is not set.")
    return Archive(settings.archive.resolve())


def moment(text: str) -> datetime:
    """A moment with its zone, without which it could be hours off."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError as fault:
        raise refuse(f"{text!r} is no time. Write e.g. 2026-05-01T12:03:00-04:00, or: latest") from fault
    if when.tzinfo is None:
        raise refuse(f"{text} has no zone. Write e.g. {text}Z for UTC, or {text}-04:00")
    return when


async def discard_kept(settings: Settings) -> None:
    """Delete the databases and folders that made way for a restore, once a person has said so."""
    async with reached(settings) as dsn, maintenance(dsn) as (connection, name):
        databases = await kept_databases(connection, name)
        with explained(settings.data):
            folders = [] if settings.postgres else chosen_place(settings.data).kept()
        if not databases and not folders:
            screen.print("Nothing is kept.")
            return
        for each in (*databases, *folders):
            screen.print(str(each), highlight=False, soft_wrap=True)
        typer.confirm("Delete these for good?", abort=True)
        for database in databases:
            await connection.execute(f'drop database "{database}"')
        for folder in folders:
            rmtree(folder)


def timed(work: Callable[[Tell], Awaitable[None]], settings: Settings) -> None:
    """Run a command with its progress on the screen, and say how long it took."""
    began = time.monotonic()

    async def told() -> None:
        with screen.status("looking at the database") as status:
            await work(status.update)

    run(told(), settings)
    screen.print(f"Done in {time.monotonic() - began:.1f} s.", highlight=False)


def say_what_is_made(path: Path) -> None:
    """Where the backup is and how large."""
    screen.print(f"{path}: {size(path)}", highlight=False, soft_wrap=True)


def say_what_stands(rows: Iterable[asyncpg.Record], before: str | None) -> None:
    """What the restored database holds, and where the one before is."""
    for row in rows:
        last = f"event {row['seq']} of {row['at']:%Y-%m-%d %H:%M:%S} UTC" if row["at"] else "no event"
        screen.print(f"{row['center_id']}: {row['calls']:,} calls, {last}", highlight=False)
    if before is not None:
        screen.print(
            f"What stood there is kept as {before}; when it is no longer needed: tandem restore --discard",
            highlight=False,
            soft_wrap=True,
        )

"""Takes backups of a database that is in use: dumps to carry away, base backups for the archive."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from api.archive import Archive, name_at
from api.clock import utc_now
from api.pg_client import BackupRefused, run_client
from models.store.database import connect, query

#: Told what is known of the progress, as often as it changes.
Tell = Callable[[str], None]
EVERY = 0.5  # seconds between two looks at the progress


async def dump(dsn: str, into: Path, tell: Tell) -> Path:
    """One moment of the whole database as a file, whole or not there at all; where it is."""
    file = into / f"tandem-{utc_now():%Y%m%dT%H%M%SZ}.dump" if into.is_dir() else into  # noqa: ASYNC240
    partial = file.with_name(f"{file.name}.partial")
    if file.exists():
        raise BackupRefused(f"{file} is there already. Choose another name, or a folder.")
    try:
        partial.touch(mode=0o600)
        async with telling(tell, lambda: f"{file.name}: {size(partial)}"):
            await run_client("pg_dump", "--format=custom", f"--file={partial}", dsn=dsn)
        partial.rename(file)
    except OSError as fault:
        raise BackupRefused(f"{file} cannot be written: {fault.strerror}.") from fault
    finally:
        partial.unlink(missing_ok=True)
    return file


async def base_backup(dsn: str, archive: Archive, tell: Tell) -> Path:
    """A copy of the whole cluster from which the archived log can be replayed; where it is."""
    connection = await connect(dsn)
    try:
        archiving = await connection.fetchval("show archive_command")
    finally:
        await connection.close()
    if archiving != archive.settings()["archive_command"]:
        raise BackupRefused(
            f"The running database does not archive into {archive.folder}, so a base backup would lead nowhere. "
            "Start the service with the same TANDEM_ARCHIVE first."
        )
    unfinished = archive.base / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        async with telling(tell, lambda: f"base backup: {size(unfinished)}"):
            form = ("--format=tar", "--gzip", "--checkpoint=fast")
            await run_client("pg_basebackup", f"--pgdata={unfinished}", *form, dsn=dsn)
        return unfinished.rename(archive.base / name_at(utc_now()))
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


async def forget_older(dsn: str, archive: Archive, keep: int) -> int:
    """Keep the newest base backups and the log from the first of them on; how many were removed."""
    *older, first = archive.bases()[: -(keep - 1) or None]
    for base in older:
        await asyncio.to_thread(shutil.rmtree, base)
    manifest = json.loads((first / "backup_manifest").read_text())
    connection = await connect(dsn)
    try:
        begin = manifest["WAL-Ranges"][0]["Start-LSN"]
        piece = await connection.fetchval("select pg_walfile_name($1::text::pg_lsn)", begin)
    finally:
        await connection.close()
    await run_client("pg_archivecleanup", "--strip-extension=.gz", str(archive.wal), piece)
    return len(older)


async def ends(dsn: str) -> list[asyncpg.Record]:
    """What each center's log and calls come to."""
    connection = await connect(dsn)
    try:
        return list(await connection.fetch(query("log_ends")))
    finally:
        await connection.close()


@asynccontextmanager
async def telling(tell: Tell, look: Callable[[], str]) -> AsyncIterator[None]:
    """Tell how far the block is, all the while it lasts."""

    async def watch() -> None:
        while True:
            tell(look())
            await asyncio.sleep(EVERY)

    task = asyncio.create_task(watch())
    try:
        yield
    finally:
        task.cancel()


def size(path: Path) -> str:
    """The size of a file or of a folder's files, for people."""
    files = path.glob("*") if path.is_dir() else [path]
    return f"{sum(each.stat().st_size for each in files if each.exists()) / 2**20:,.1f} MB"

"""Brings the embedded PostgreSQL back to a moment: a base backup, then the archived log up to it."""

import asyncio
import re
import tarfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree

import asyncpg

from api.archive import Archive, opened
from api.backup import Tell, ends
from api.embedded import DATABASE, dsn_of, postgres
from api.engine_places import KEPT, EnginesUnavailable, Place, held_place
from api.engine_runner import log_of, running
from api.pg_client import BackupRefused, run_client

BETWEEN_LOOKS = 0.2  # seconds; PostgreSQL logs every look it cannot answer yet
UNFINISHED = "postgres.recovering"
PATIENCE = 7 * 86_400.0  # seconds; a week of log takes hours, and Ctrl-C changes nothing


async def recover(
    data: Path, archive_folder: Path, when: datetime | None, timeline: int | None, now: datetime, tell: Tell
) -> tuple[Path | None, list[asyncpg.Record]]:
    """Recover beside the data folder, then change places: where the old one is, and what now stands.

    `when` None: all that the archive has. Raises BackupRefused or EnginesUnavailable; then nothing has changed.
    """
    with held_place(data) as place:
        archive = opened(archive_folder, place)
        base = archive.base_for(when)
        if base is None:
            raise BackupRefused(no_base(archive, when))
        fresh = place.home / UNFINISHED
        try:
            tell(f"unpacking the base backup {base.name}")
            await asyncio.to_thread(unpack, base, fresh, place)
            target = await target_of(place, when, timeline)
            try:
                stands = await replayed(place, archive, fresh, target, tell)
            except EnginesUnavailable as fault:
                raise BackupRefused(why_not(place, when)) from fault
            return change_places(place, fresh, now), stands
        finally:
            rmtree(fresh, ignore_errors=True)


def no_base(archive: Archive, when: datetime | None) -> str:
    """Why there is nothing to start from."""
    if first := next(iter(archive.bases()), None):
        return (
            f"The oldest base backup in {archive.folder} is {first.name}, later than {when}. Restore a dump."
        )
    return f"{archive.folder} has no base backup. Take one while the service runs: tandem backup --base"


def unpack(base: Path, fresh: Path, place: Place) -> None:
    """A base backup as a data folder of the engines' user."""
    rmtree(fresh, ignore_errors=True)
    place.owned_folder(fresh)
    for part, into in (("base", fresh), ("pg_wal", fresh / "pg_wal")):
        try:
            with tarfile.open(base / f"{part}.tar.gz") as tar:
                tar.extractall(into, filter="tar")
        except (OSError, EOFError, tarfile.TarError) as fault:
            raise BackupRefused(f"{base / part}.tar.gz cannot be unpacked ({fault}).") from fault
    (fresh / "recovery.signal").touch(mode=0o600)
    for path in fresh.rglob("*"):
        place.account.owns(path)


async def target_of(place: Place, when: datetime | None, timeline: int | None) -> dict[str, str]:
    """Where to stop, and on which timeline: the one that the present data is on.

    The newest of the archive may be that of an attempt which was given up.
    """
    target = {"recovery_target_timeline": str(timeline or "latest")}
    if timeline is None and place.postgres.exists():
        with suppress(BackupRefused):  # a damaged folder is a reason to restore
            about = await run_client("pg_controldata", str(place.postgres))
            target["recovery_target_timeline"] = re.findall(r"checkpoint's TimeLineID: +(\d+)", about)[0]
    if when is None:
        return target
    return {**target, "recovery_target_time": when.isoformat(), "recovery_target_action": "promote"}


async def replayed(
    place: Place, archive: Archive, fresh: Path, target: dict[str, str], tell: Tell
) -> list[asyncpg.Record]:
    """Run PostgreSQL on the new folder until it is a database of its own, then stop it; what it holds."""
    # it archives: the history of the new timeline has to be in the archive before anything that follows from it
    settings = {
        **archive.settings(),
        **target,
        "restore_command": archive.fetching(place.postgres / "pg_wal"),
    }
    dsn = dsn_of(place, DATABASE)
    engine = replace(postgres(place, fresh, settings, promoted(dsn, tell)), patience=PATIENCE)
    async with running(engine, place):
        return await ends(dsn)


def promoted(dsn: str, tell: Tell) -> Callable[[], Awaitable[bool]]:
    """Whether the log has been replayed; tells how far it is meanwhile."""

    async def answers() -> bool:
        with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            connection = await asyncpg.connect(dsn, timeout=5)
            try:
                if await connection.fetchval("select not pg_is_in_recovery()"):
                    return True
                upto = await connection.fetchval("select pg_last_xact_replay_timestamp()")
            finally:
                await connection.close()
            if upto is not None:
                tell(f"replayed up to {upto.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC")
        await asyncio.sleep(BETWEEN_LOOKS)
        return False

    return answers


def why_not(place: Place, when: datetime | None) -> str:
    """What PostgreSQL's own last words mean; the log keeps them."""
    output = log_of("postgres", place)
    words = output.read_text(errors="replace")
    if "recovery ended before configured recovery target was reached" in words:
        last = re.findall(r"last completed transaction was at log time (.+)", words)
        found = f"at {last[-1]}" if last else "with the base backup"
        return f"The archive ends {found}, before {when}. Restore to an earlier moment, or to: latest"
    return f"PostgreSQL could not recover: see {output}. The database is as it was."


def change_places(place: Place, fresh: Path, now: datetime) -> Path | None:
    """Put the recovered folder where the database is; where the old one went."""
    before = place.home / f"{KEPT}{now:%Y%m%dT%H%M%SZ}"
    if place.postgres.exists():
        place.postgres.rename(before)
    fresh.rename(place.postgres)
    return before if before.exists() else None

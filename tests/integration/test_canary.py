"""The service calls itself: measured as a CAD and a console would, hidden from everybody, never in anybody's way."""

import asyncio
import os
import subprocess
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from api.canary import LOCK, NATURE, Canary
from api.embedded import Engines
from models.store.database import query
from tests.certificates import Authority
from tests.conftest import Seeded
from tests.console import listening_console
from tests.process import TANDEM, served
from tests.service import Service, code, good, post_call, running_service
from triage.assess import assess

OFTEN = {"canary": timedelta(milliseconds=100)}
OPEN = "select id from call where center_id = 'canary' and (state = 'open' or on_board)"


async def until(holds: Callable[[], Awaitable[object]], about: str) -> None:
    """Return as soon as it is true."""
    try:
        async with asyncio.timeout(30):
            while not await holds():
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"not within 30 s: {about}") from None


async def self_tests(service: Service, times: int = 1) -> None:
    """Return after so many self-tests more that worked."""
    start = await service.measure("tandem_canary_seconds_count")

    async def enough() -> bool:
        return await service.measure("tandem_canary_seconds_count") >= start + times

    await until(enough, f"{times} self-tests")


async def test_a_self_test_measures_and_leaves_nothing_on_the_board(seeded: Seeded, engines: Engines) -> None:
    async with running_service(seeded.postgres, engines.redis, seeded.tokens, **OFTEN) as service:
        failed = await service.measure("tandem_canary_failures_total")
        ordinary = await service.measure("tandem_calls_total")
        await self_tests(service, 3)
        assert await service.measure("tandem_canary_failures_total") == failed
        assert await service.measure("tandem_canary_success_timestamp_seconds") > 1e9
        assert await service.measure("tandem_canary_every_seconds") == 0.1
        assert await service.measure("tandem_calls_total") > ordinary
    rows = await service.sql("select assessment_id from call where center_id = 'canary'")
    assert len(rows) >= 3
    assert all(row["assessment_id"] for row in rows)
    assert len(await service.sql(OPEN)) <= 1  # the one that was under way when the service stopped


async def test_between_two_self_tests_the_one_who_makes_them_stays_the_same(
    seeded: Seeded, engines: Engines
) -> None:
    seldom = {"canary": timedelta(seconds=4)}  # longer than the database lets a session be silent
    async with running_service(seeded.postgres, engines.redis, seeded.tokens, **seldom) as service:
        failed = await service.measure("tandem_canary_failures_total")
        await self_tests(service)
        made = await service.sql("select id from service_token where center_id = 'canary'")
        await self_tests(service)
        assert await service.measure("tandem_canary_failures_total") == failed
        assert await service.sql("select id from service_token where center_id = 'canary'") == made


async def test_nobody_of_another_center_sees_or_counts_a_self_test(seeded: Seeded, engines: Engines) -> None:
    running = running_service(seeded.postgres, engines.redis, seeded.tokens, **OFTEN)
    async with running as service, listening_console(service, "manager") as console:
        await self_tests(service, 3)
        await console.caught_up()
        assert {event["type"] for event in console.events} <= {"counts.changed.v1"}
        assert good(await service.get("manager", "/v1/calls"))["calls"] == []
        counts = [row["view"] for row in await service.sql("select view from center_counts")]
        assert not any(view.get("unserved") for view in counts)
        (about,) = await service.sql("select * from center where id = 'canary'")
        assert about["synthetic"]


async def test_nobody_signs_in_where_the_service_tests_itself(seeded: Seeded, engines: Engines) -> None:
    async with running_service(seeded.postgres, engines.redis, seeded.tokens, **OFTEN) as service:
        await self_tests(service)
        form = {"username": "dispatcher.a", "password": "correct horse battery", "center": "canary"}
        assert code(await service.http.post("/v1/session", json=form), 401) == "sign_in_refused"
    for words in (
        ("user", "add", "canary", "me", "--role", "admin", "--name", "Me", "--password", "correct horse b"),
        ("center", "add", "canary", "--name", "Mine", "--timezone", "UTC"),
    ):
        refused = tandem(seeded, *words)
        assert refused.returncode == 1
        assert "the service tests itself" in refused.stderr
    listed = tandem(seeded, "center", "list").stdout
    assert [line.split("\t")[0] for line in listed.splitlines()] == ["alpha", "beta"]


def tandem(seeded: Seeded, *words: str) -> "subprocess.CompletedProcess[str]":
    """The command line on the test's database."""
    environment = {**os.environ, "TANDEM_POSTGRES": seeded.postgres, "COLUMNS": "200"}
    return subprocess.run([TANDEM, *words], env=environment, capture_output=True, text=True, check=False)


async def test_of_several_processes_one_tests_and_another_takes_over_when_it_is_killed(
    seeded: Seeded, engines: Engines, tmp_path: Path
) -> None:
    one = served(seeded.postgres, engines.redis, seeded.tokens, tmp_path, canary="PT0.1S", workers="2")
    async with one as (process, first):
        await self_tests(first)
        two = running_service(seeded.postgres, engines.redis, seeded.tokens, **OFTEN)
        async with two as second:
            idle = await second.measure("tandem_canary_seconds_count")
            await self_tests(first, 3)
            held = """select pid from pg_locks where locktype = 'advisory' and granted and objid = $1
                      and database = (select oid from pg_database where datname = current_database())"""
            assert len(await second.sql(held, LOCK)) == 1
            assert await second.measure("tandem_canary_seconds_count") == idle
            await process.kill()
            await self_tests(second, 2)


async def test_a_self_test_that_fails_is_said_and_is_in_nobodys_way(seeded: Seeded, engines: Engines) -> None:
    async with running_service(seeded.postgres, engines.redis, seeded.tokens, **OFTEN) as service:
        await self_tests(service)
        failed = await service.measure("tandem_canary_failures_total")
        await service.sql("update service_token set revoked_at = now() where center_id = 'canary'")

        async def said() -> bool:
            return await service.measure("tandem_canary_failures_total") >= failed + 2

        await until(said, "two self-tests that failed")
        assert good(await service.get("anonymous", "/readyz"))["degraded"] == []
        assert (await post_call(service))["assessment"]["flag"]


async def test_what_a_killed_self_test_left_open_is_closed_and_old_ones_are_forgotten(
    seeded: Seeded, engines: Engines
) -> None:
    async with running_service(seeded.postgres, engines.redis, seeded.tokens, **OFTEN) as service:
        await self_tests(service, 2)
    # rows changed by hand stand for a kill -9, and for days that went by
    await service.sql("update call set state = 'open', on_board = true where center_id = 'canary'")
    await service.sql("update event set at = at - interval '2 days' where center_id = 'canary'")
    before = {row["id"] for row in await service.sql(OPEN)}
    assert len(before) >= 2
    once_more = running_service(seeded.postgres, engines.redis, seeded.tokens, canary=timedelta(minutes=5))
    async with once_more as service:
        await self_tests(service)
        assert await service.sql(OPEN) == []
        assert (
            await service.sql(
                "select 1 from event where center_id = 'canary' and at < now() - interval '1 day'"
            )
            == []
        )
    await service.sql("update call set closed_at = closed_at - interval '2 days' where center_id = 'canary'")
    async with running_service(seeded.postgres, engines.redis, seeded.tokens, **OFTEN) as service:
        await self_tests(service)
        assert before.isdisjoint(row["id"] for row in await service.sql("select id from call"))


async def test_over_tls_the_self_test_trusts_the_services_own_certificate(
    seeded: Seeded, engines: Engines, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    secured = {"trust": authority.trust(), **authority.issue("service"), **OFTEN}
    async with running_service(seeded.postgres, engines.redis, seeded.tokens, **secured) as service:
        failed = await service.measure("tandem_canary_failures_total")
        await self_tests(service, 2)
        assert await service.measure("tandem_canary_failures_total") == failed


async def test_a_center_of_that_name_that_is_not_ours_is_left_alone(seeded: Seeded, engines: Engines) -> None:
    async with running_service(seeded.postgres, engines.redis, seeded.tokens) as service:
        assert (
            await service.sql("select 1 from center where id = 'canary'") == []
        )  # off, as all tests have it
        await service.live.pool.execute(query("add_center"), "canary", "Canary City", "UTC", False, "feed")
        async with asyncio.timeout(20):
            await Canary(service.live, seeded.postgres, service.url).run()
        assert await service.sql("select 1 from call where center_id = 'canary'") == []


def test_nothing_in_a_self_test_speaks_of_need_or_danger() -> None:
    read = assess("", NATURE)
    assert (read.flag, read.dangers, read.gates) == (False, {}, ())

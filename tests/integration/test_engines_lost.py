"""Redis absent, killed or wiped; another process beside this one: nothing is lost, it is said, it heals."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from redis.asyncio import Redis

from api.embedded import Engines
from api.relay import stream
from tests.conftest import Seeded
from tests.console import Console, listening_console
from tests.ledger import everything_is_there, posting
from tests.process import OwnRedis, served
from tests.service import Service, flag, good, post_call, running_service

BEAT = {"heartbeat": timedelta(milliseconds=200)}


@pytest.fixture
async def own_redis() -> AsyncIterator[OwnRedis]:
    """A Redis that this test may kill."""
    with TemporaryDirectory(prefix="tandem-") as folder:
        redis = OwnRedis(Path(folder))
        await redis.start()
        yield redis
        await redis.kill()


def says(*degraded: str) -> "object":
    """Whether the newest heartbeat names exactly these as missing."""

    def newest(console: Console) -> bool:
        return bool(console.beats) and console.beats[-1]["degraded"] == list(degraded)

    return newest


async def paired_and_seen(console: Console) -> None:
    """A call is posted, flagged and paired, and the console agrees with the service."""
    call = (await post_call(console.service))["call"]
    await flag(console.service, call)
    await console.proposed(call["id"], 5)
    good(await console.service.post("integrator", f"/v1/calls/{call['id']}/close"))
    await console.caught_up()


async def test_without_redis_everything_works_and_every_console_is_told(seeded: Seeded) -> None:
    running = running_service(seeded.postgres, None, seeded.tokens, **BEAT)
    async with running as service, listening_console(service) as console:
        assert (await service.snapshot())["degraded"] == ["redis"]
        await console.until(says("redis"))  # type: ignore[arg-type]
        await paired_and_seen(console)
        assert good(await service.get("anonymous", "/readyz"))["degraded"] == ["redis"]


async def test_redis_killed_in_the_middle_loses_nothing_is_said_and_heals(
    seeded: Seeded, own_redis: OwnRedis
) -> None:
    running = running_service(seeded.postgres, own_redis.url, seeded.tokens, **BEAT)
    async with running as service, listening_console(service) as console:
        await paired_and_seen(console)
        await console.until(says())  # type: ignore[arg-type]
        await own_redis.kill()
        await paired_and_seen(console)
        await console.until(says("redis"), 10)  # type: ignore[arg-type]
        assert 'tandem_degraded{part="redis"} 1.0' in (await service.get("anonymous", "/metrics")).text
        await own_redis.start()
        await console.until(says(), 15)  # type: ignore[arg-type]
        await paired_and_seen(console)


async def test_redis_wiped_in_the_middle_loses_nothing_and_is_filled_again(
    seeded: Seeded, own_redis: OwnRedis
) -> None:
    running = running_service(seeded.postgres, own_redis.url, seeded.tokens, **BEAT)
    async with (
        running as service,
        listening_console(service) as console,
        Redis.from_url(own_redis.url) as redis,
    ):
        for _ in range(3):
            await paired_and_seen(console)
            await redis.flushall()
            await paired_and_seen(console)


async def test_redis_that_stands_still_holds_up_nothing_and_is_used_again(
    seeded: Seeded, own_redis: OwnRedis
) -> None:
    running = running_service(seeded.postgres, own_redis.url, seeded.tokens, **BEAT)
    async with running as service, listening_console(service) as console:
        async with posting(service, lines=4) as ledger:
            await paired_and_seen(console)
            own_redis.stop()
            await paired_and_seen(console)
            await console.until(says("redis"), 10)  # type: ignore[arg-type]
            await paired_and_seen(console)
            own_redis.go_on()
            await console.until(says(), 20)  # type: ignore[arg-type]
        await everything_is_there(service, ledger)
        await paired_and_seen(console)


async def test_redis_that_refuses_to_write_loses_nothing_is_said_and_heals(
    seeded: Seeded, own_redis: OwnRedis
) -> None:
    running = running_service(seeded.postgres, own_redis.url, seeded.tokens, **BEAT)
    async with (
        running as service,
        listening_console(service) as console,
        Redis.from_url(own_redis.url) as redis,
    ):
        await paired_and_seen(console)
        await redis.config_set("maxmemory", "1")
        await paired_and_seen(console)
        await console.until(says("redis"), 10)  # type: ignore[arg-type]
        await redis.config_set("maxmemory", "0")
        await console.until(says(), 20)  # type: ignore[arg-type]
        await paired_and_seen(console)


async def test_a_stream_of_another_database_is_never_taken_for_the_log(
    seeded: Seeded, engines: Engines
) -> None:
    if engines.redis is None:
        pytest.skip("no Redis is bundled for this platform")
    async with Redis.from_url(engines.redis) as redis:
        async with running_service(seeded.postgres, engines.redis, seeded.tokens) as service:
            epoch = (await service.snapshot())["epoch"]
        for seq in range(1, 50):
            await redis.xadd(f"tandem:alpha:{epoch}9:log", {"body": b"{}"}, id=f"{seq}-0")
        running = running_service(seeded.postgres, engines.redis, seeded.tokens)
        async with running as service, listening_console(service) as console:
            await paired_and_seen(console)


@pytest.mark.parametrize("beyond", [True, False])
async def test_a_stream_that_is_no_part_of_the_log_is_emptied_and_filled_again(
    seeded: Seeded, engines: Engines, *, beyond: bool
) -> None:
    """A disk that was set back: the same database by every sign, and Redis has events that no longer exist."""
    if engines.redis is None:
        pytest.skip("no Redis is bundled for this platform")
    async with Redis.from_url(engines.redis) as redis:
        async with running_service(seeded.postgres, None, seeded.tokens) as service:
            await post_call(service)
            snapshot = await service.snapshot()
            newest = (await service.sql(LOG))[-1]
        name = stream("alpha", snapshot["epoch"])
        body = newest["body"].encode() + b" "
        await redis.xadd(name, {"body": body}, id=f"{newest['seq'] + 10 * beyond}-0")
        async with running_service(seeded.postgres, engines.redis, seeded.tokens) as service:
            async with asyncio.timeout(10):
                while not await carries_the_log(service, redis, name):
                    await asyncio.sleep(0.05)
            async with listening_console(service) as console:
                await paired_and_seen(console)


LOG = "select seq, body::text as body from event where center_id = 'alpha' order by seq"


async def carries_the_log(service: Service, redis: "Redis", name: str) -> bool:
    """Whether the stream has the whole log and nothing else."""
    log = [(f"{row['seq']}-0".encode(), {b"body": row["body"].encode()}) for row in await service.sql(LOG)]
    return bool(await redis.xrange(name) == log)


async def test_a_log_that_was_set_back_under_a_running_service_starts_every_console_again(
    service: Service, console: Console
) -> None:
    await paired_and_seen(console)
    await service.sql("delete from event where center_id = 'alpha' and seq > $1", console.screen.seq - 3)
    await service.sql("update center_log set seq = seq - 3 where center_id = 'alpha'")
    await console.until(lambda c: c.resynced, 5)


async def test_two_services_on_one_database_show_the_same_log(seeded: Seeded, engines: Engines) -> None:
    one = running_service(seeded.postgres, engines.redis, seeded.tokens)
    two = running_service(seeded.postgres, engines.redis, seeded.tokens)
    async with (
        one as first,
        two as second,
        listening_console(first) as here,
        listening_console(second) as there,
    ):
        here.remember = there.remember = True
        for service in (first, second, first, second):
            call = (await post_call(service))["call"]
            await flag(service, call)
            await here.proposed(call["id"], 5)
            await there.proposed(call["id"], 5)
        await here.caught_up()
        await there.caught_up()
        both = here.digests.keys() & there.digests.keys()
        assert len(both) > 10
        assert all(here.digests[seq] == there.digests[seq] for seq in both)


@pytest.mark.parametrize("with_redis", [True, False])
async def test_another_process_plans_on_when_the_planner_is_killed(
    seeded: Seeded, engines: Engines, tmp_path: Path, *, with_redis: bool
) -> None:
    redis = engines.redis if with_redis else None
    one = served(seeded.postgres, engines.redis, seeded.tokens, tmp_path)
    two = running_service(seeded.postgres, redis, seeded.tokens)
    async with one as (process, first), listening_console(first) as console:
        await paired_and_seen(console)
        async with two as second, listening_console(second) as survivor:
            await process.kill()
            call = (await post_call(second))["call"]
            await flag(second, call)
            await survivor.proposed(call["id"], 5)
            await survivor.caught_up()

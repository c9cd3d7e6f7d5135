"""Redis holds a bounded part of the log, however many centers there are and however long nobody carried it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from api import relay
from api.embedded import Engines
from tests.ageing import retained
from tests.conftest import Seeded
from tests.console import listening_console
from tests.service import Service, post_call, running_service, status


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator["Redis"]:
    """The session's Redis, emptied."""
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.mark.parametrize(("centers", "kept"), [(0, 5000), (1, 5000), (8, 5000), (100, 400), (100_000, 200)])
def test_streams_share_what_redis_has(centers: int, kept: int) -> None:
    assert relay.kept_of_each(centers) == kept


async def carried(redis: "Redis", name: str) -> list[int]:
    """Numbers of the events in a stream."""
    entries: Any = await redis.xrange(name)
    return [int(entry.split(b"-")[0]) for entry, _ in entries]


async def head_of(service: Service) -> int:
    """Number of the last event of center alpha."""
    return int((await service.sql("select seq from center_log where center_id = 'alpha'"))[0]["seq"])


async def caught_up(service: Service, redis: "Redis", name: str) -> None:
    """Wait until the stream ends where the log does."""
    async with asyncio.timeout(10):
        while (await carried(redis, name))[-1:] != [await head_of(service)]:
            await asyncio.sleep(0.05)


async def test_a_stream_far_behind_goes_on_with_the_newest_and_consoles_miss_nothing(
    seeded: Seeded, engines: Engines, redis: "Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "KEEP", 10)
    async with running_service(seeded.postgres, None, seeded.tokens) as service:
        for _ in range(30):
            await status(service, "PAT-1", "InService")
        name = relay.stream("alpha", (await service.snapshot())["epoch"])
        (first,) = await service.sql("select body::text from event where center_id = 'alpha' and seq = 1")
    await redis.xadd(name, {"body": first["body"]}, id="1-0")
    async with running_service(seeded.postgres, engines.redis, seeded.tokens) as service:
        await caught_up(service, redis, name)
        one, *newest = await carried(redis, name)
        assert (one, len(newest) <= 10) == (1, True)
        assert newest == list(range(newest[0], newest[-1] + 1))
        async with listening_console(service) as console:
            call = (await post_call(service))["call"]
            await console.call(call["id"], lambda c: c["state"] == "open")


async def test_a_stream_whose_events_the_log_has_let_go_stays_as_it_is(
    seeded: Seeded, engines: Engines, redis: "Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "EVERY", 0.1)
    async with running_service(seeded.postgres, engines.redis, seeded.tokens) as service:
        await status(service, "PAT-1", "InService")
        name = relay.stream("alpha", (await service.snapshot())["epoch"])
        await caught_up(service, redis, name)
        before = await carried(redis, name)
        await retained(service, 80)
        await asyncio.sleep(1)
        assert (await carried(redis, name))[: len(before)] == before
        await status(service, "PAT-1", "OffDuty")
        await caught_up(service, redis, name)

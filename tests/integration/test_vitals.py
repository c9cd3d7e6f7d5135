"""What an operator sees without asking anybody: planners, unread calls, sizes, connections."""

import pytest

from api.vitals import look_at_database, look_at_redis, resident
from tests.console import listening_console
from tests.service import Service, post_call


async def test_the_planner_says_for_how_many_centers_it_plans(service: Service) -> None:
    async with listening_console(service) as console:
        await console.until(lambda c: c.screen.seq > 0)  # the planner has told the day's counts
        assert await service.measure("tandem_planned_centers") == 2
        assert await service.measure("tandem_planner_round_timestamp_seconds") > 1e9


async def test_an_open_call_that_nobody_has_read_is_counted_until_it_is_closed(service: Service) -> None:
    call = (await post_call(service))["call"]
    await look_at_database(service.live)
    assert (await service.measure("tandem_centers"), await service.measure("tandem_unassessed_calls")) == (
        2,
        0,
    )
    await service.sql("update call set assessed_version = -1, assess_after = now() + interval '1 day'")
    await look_at_database(service.live)
    assert await service.measure("tandem_unassessed_calls") == 1
    await service.post("integrator", f"/v1/calls/{call['id']}/close")
    await look_at_database(service.live)
    assert await service.measure("tandem_unassessed_calls") == 0


async def test_sizes_are_told(service: Service) -> None:
    await look_at_database(service.live)
    (size,) = await service.sql("select pg_database_size(current_database()) as bytes")
    assert await service.measure("tandem_database_bytes") > size["bytes"] / 2 > 1e6
    assert resident() > 1e6


async def test_the_memory_of_redis_is_told(service: Service) -> None:
    if service.live.redis is None:
        pytest.skip("no Redis is bundled for this platform")
    await look_at_redis(service.live)
    used = await service.measure("tandem_redis_memory_bytes")
    assert 0 < used < await service.measure("tandem_redis_memory_limit_bytes")

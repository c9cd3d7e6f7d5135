"""kill -9 at random points, with requests in flight: what was acknowledged is there, whole and understood."""

import asyncio
import random
from functools import partial
from pathlib import Path

from api.embedded import Engines
from tests.conftest import Seeded
from tests.console import listening_console
from tests.integration.test_intake import log_is_whole
from tests.integration.test_races import no_unit_is_in_two_places
from tests.ledger import MARK, Ledger, call_of, everything_is_there, remark_of
from tests.process import served
from tests.service import Service, accept, flag, post_call, running_service
from tests.story import gated

KILLS = 10
WORKERS = 60


async def work(ledger: Ledger, service: Service, worker: int, life: int) -> None:
    """Post calls and remarks until the service is gone; what nobody answered is said again in the next life."""
    for turn in range(10_000):
        key = f"{worker}-{life}-{turn}"
        say = partial(ledger.say, service, "/v1/calls", call_of(key), key)
        call = await say() or await say()
        if call is None:
            return
        ledger.calls[key] = call["id"]
        if await ledger.say(service, f"/v1/calls/{call['id']}/entries", remark_of(key), key) is None:
            return
        ledger.entries[key] = call["id"]


async def test_ten_kills_with_requests_in_flight_lose_nothing_that_was_acknowledged(
    seeded: Seeded, engines: Engines, tmp_path: Path
) -> None:
    ledger, chance = Ledger(), random.Random(9)  # noqa: S311 - the same points every time
    for life in range(KILLS):
        async with served(seeded.postgres, engines.redis, seeded.tokens, tmp_path, log_level="debug") as (
            process,
            service,
        ):
            workers = [asyncio.create_task(work(ledger, service, number, life)) for number in range(WORKERS)]
            until = ledger.acknowledged + chance.randint(0, 120)
            while ledger.in_flight < 50 or ledger.acknowledged < until:
                await asyncio.sleep(0.001)
            await asyncio.sleep(chance.uniform(0, 0.02))
            await process.kill()
            await asyncio.gather(*workers)
            assert MARK not in "".join(process.said)
    async with running_service(seeded.postgres, engines.redis, seeded.tokens) as service:
        await everything_is_there(service, ledger)
        assert len(ledger.calls) > 10 * KILLS
        async with listening_console(service) as console:
            await console.caught_up()


async def test_a_kill_in_the_middle_of_planning_and_accepting_leaves_no_unit_between_two_calls(
    seeded: Seeded, engines: Engines, tmp_path: Path
) -> None:
    for life in range(3):
        running = served(seeded.postgres, engines.redis, seeded.tokens, tmp_path)
        async with running as (process, service), listening_console(service) as console:
            call = await gated(console)
            work: list[asyncio.Task[object]] = [asyncio.create_task(accept(service, call)) for _ in range(20)]
            work += [asyncio.create_task(busy(service)) for _ in range(30)]
            await asyncio.sleep(0.02 * life)
            await process.kill()
            await asyncio.gather(*work, return_exceptions=True)
    async with running_service(seeded.postgres, engines.redis, seeded.tokens) as service:
        await log_is_whole(service)
        await no_unit_is_in_two_places(service)
        held = "select count(*) from unit u where u.decision_id = d.id"
        assert await service.sql(f"select 1 from decision d where state = 'reserved' and 0 = ({held})") == []  # noqa: S608


async def busy(service: Service) -> object:
    """Calls that have to be planned, until the service is gone."""
    while True:
        call = (await post_call(service))["call"]
        await flag(service, call)

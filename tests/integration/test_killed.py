"""kill -9 at random points, with requests in flight: what was acknowledged is there, whole and understood."""

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from api.embedded import Engines
from tests.conftest import Seeded
from tests.console import listening_console
from tests.integration.test_intake import log_is_whole
from tests.integration.test_races import no_unit_is_in_two_places
from tests.process import served
from tests.service import Json, Service, accept, flag, now, post_call, running_service
from tests.story import gated

KILLS = 10
WORKERS = 60
MARK = "QXZMARK"


@dataclass
class Ledger:
    """What a client knows: what it asked for, and what was acknowledged."""

    calls: dict[str, str] = field(default_factory=dict)  # key: id
    entries: dict[str, str] = field(default_factory=dict)  # key: id of the call
    in_flight: int = 0

    @property
    def acknowledged(self) -> int:
        """How much the service has answered for."""
        return len(self.calls) + len(self.entries)

    async def say(self, service: Service, path: str, body: Json, key: str) -> Json | None:
        """One request; None where nobody answered it."""
        self.in_flight += 1
        try:
            answer = await service.post("integrator", path, body, key=key)
        except httpx.TransportError:
            return None
        finally:
            self.in_flight -= 1
        assert answer.status_code in (200, 201, 503), answer.text[:300]
        return dict(answer.json()["call"]) if answer.status_code < 300 else None

    async def work(self, service: Service, worker: int, life: int) -> None:
        """Post calls and remarks until the service is gone; what nobody answered is said again in the next life."""
        for turn in range(10_000):
            key = f"{worker}-{life}-{turn}"
            body: Json = {"narrative": f"{MARK} MALE HEARING VOICES {key}", "received_at": now()}
            body |= {"location": {"place": f"9 {MARK} RD"}}
            call = await self.say(service, "/v1/calls", body, key) or await self.again(service, body, key)
            if call is None:
                return
            self.calls[key] = call["id"]
            text = {"text": f"{MARK} RP CALLED BACK {key}"}
            if await self.say(service, f"/v1/calls/{call['id']}/entries", text, key) is None:
                return
            self.entries[key] = call["id"]

    async def again(self, service: Service, body: Json, key: str) -> Json | None:
        """The same request with the same key."""
        return await self.say(service, "/v1/calls", body, key)


async def test_ten_kills_with_requests_in_flight_lose_nothing_that_was_acknowledged(
    seeded: Seeded, engines: Engines, tmp_path: Path
) -> None:
    ledger, chance = Ledger(), random.Random(9)  # noqa: S311 - the same points every time
    for life in range(KILLS):
        async with served(seeded.postgres, engines.redis, seeded.tokens, tmp_path, log_level="debug") as (
            process,
            service,
        ):
            workers = [asyncio.create_task(ledger.work(service, number, life)) for number in range(WORKERS)]
            until = ledger.acknowledged + chance.randint(0, 120)
            while ledger.in_flight < 50 or ledger.acknowledged < until:
                await asyncio.sleep(0.001)
            await asyncio.sleep(chance.uniform(0, 0.02))
            await process.kill()
            await asyncio.gather(*workers)
            assert MARK not in "".join(process.said)
    await everything_is_there(seeded, engines, ledger)


async def everything_is_there(seeded: Seeded, engines: Engines, ledger: Ledger) -> None:
    """After a last start: every acknowledged call and remark, each once, all read, the log whole."""
    async with running_service(seeded.postgres, engines.redis, seeded.tokens) as service:
        async with asyncio.timeout(30):
            while await service.sql(
                "select 1 from call where assessed_version < text_version or assessed_version < 0"
            ):
                await asyncio.sleep(0.2)
        await log_is_whole(service)
        calls = {str(row["id"]): row for row in await service.sql("select id, text_version from call")}
        assert len(ledger.calls) > 10 * KILLS
        assert set(ledger.calls.values()) <= calls.keys()
        assert len(set(ledger.calls.values())) == len(ledger.calls)
        assert all(calls[call_id]["text_version"] == 2 for call_id in ledger.entries.values())
        for half in (
            "select 1 from call c where text_version <> (select count(*) from entry e where e.call_id = c.id)",
            "select call_id from event where type = 'call.taken.v1' group by 1 having count(*) <> 1",
            "select id from call except select call_id from event where type = 'call.taken.v1'",
            "select 1 from call c where assessment_id is null",
            "select 1 from idempotency where status is null",
            "select narrative.text from entry narrative group by 1 having count(*) > 1",
        ):
            assert await service.sql(half) == [], half
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

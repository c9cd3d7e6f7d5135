"""A console whose cable goes silent, or that stops reading: it is given up, and nobody else notices."""

import asyncio
import gc
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from api import serving
from api.embedded import Engines
from tests.conftest import Seeded
from tests.console import Console, feed_socket, lasting_console, listening_console
from tests.service import Service, post_call, put_unit, running_service
from tests.wire import wire_to

CREW = [{"role": "lead", "name": "N" * 20_000}] * 20  # four hundred kilobytes an event
MOST = 1_000_000  # bytes that may wait for one console: less than a tenth of what it does not read


@pytest.fixture
async def strict(
    request: pytest.FixtureRequest, seeded: Seeded, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Service]:
    """A service one of whose limits for consoles is a second instead of twenty."""
    monkeypatch.setattr(serving, request.param, 1)
    async with running_service(seeded.postgres, engines.redis, seeded.tokens) as service:
        yield service


async def listening(service: Service, role: str) -> int:
    """Consoles of a role, as the gauge tells them."""
    told = (await service.get("anonymous", "/metrics")).text
    found = re.search(rf'^tandem_consoles{{role="{role}"}} (\S+)$', told, re.MULTILINE)
    return int(float(found[1])) if found else 0


async def given_up(service: Service, role: str) -> None:
    """Wait until no console of that role is counted."""
    async with asyncio.timeout(20):
        while await listening(service, role):
            await asyncio.sleep(0.1)


async def seen_by(console: Console, calls: int) -> None:
    """New calls come onto this console's screen."""
    for _ in range(calls):
        call = (await post_call(console.service))["call"]
        await console.call(call["id"], bool)
    await console.caught_up()


@pytest.mark.parametrize("strict", ["PING"], indirect=True)
async def test_a_console_whose_cable_goes_silent_is_given_up_and_comes_back(strict: Service) -> None:
    async with wire_to(int(strict.url.rsplit(":", 1)[1])) as wire, listening_console(strict) as other:
        far = replace(strict, url=f"http://127.0.0.1:{wire.port}")
        async with lasting_console(far, "supervisor") as console:
            await seen_by(other, 1)
            assert await listening(strict, "supervisor") == 1
            wire.go_silent()
            await seen_by(other, 2)
            await given_up(strict, "supervisor")
            await seen_by(other, 1)
            wire.drop()
            await wire.mend()
            await console.until(lambda me: me.screen.seq >= other.screen.seq)
            await console.caught_up()
            assert await listening(strict, "dispatcher") == 1


@pytest.mark.parametrize("strict", ["UNREAD"], indirect=True)
async def test_a_console_that_stops_reading_costs_little_memory_and_is_given_up(strict: Service) -> None:
    deaf = socket.create_connection(("127.0.0.1", int(strict.url.rsplit(":", 1)[1])))
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**16)
    start = await strict.snapshot()
    where = feed_socket(strict, "supervisor", start["epoch"], start["seq"], sock=deaf, compression=None)
    async with where as feed, listening_console(strict) as other:
        feed.transport.pause_reading()
        waiting = 0
        for turn in range(30):
            await put_unit(strict, "FAT-1", "PAT", crew=CREW, capabilities=[f"turn{turn}"])
            waiting = max(waiting, *waiting_bytes())
        await other.until(lambda me: "turn29" in me.screen.units["FAT-1"]["capabilities"])
        assert 0 < waiting < MOST
        await given_up(strict, "supervisor")
        assert max(waiting_bytes()) < MOST
        assert await listening(strict, "dispatcher") == 1
        await seen_by(other, 1)
        feed.transport.abort()


def waiting_bytes() -> list[int]:
    """What the service holds for each console that has not taken it yet."""
    open_ones = (each for each in gc.get_objects() if isinstance(each, WebSocketsSansIOProtocol))
    return [each.transport.get_write_buffer_size() for each in open_ones if not each.disconnected]

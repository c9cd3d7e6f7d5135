"""The service stops in order, whatever its consoles are at."""

import asyncio
from datetime import timedelta

from websockets.asyncio.client import connect
from websockets.client import ClientProtocol
from websockets.protocol import OPEN
from websockets.uri import parse_uri

from api.console_socket import ConsoleSocket
from api.embedded import Engines
from api.serving import address_of, listening, serving
from api.settings import Settings
from tests.conftest import Seeded
from tests.service import client


def goodbye() -> bytes:
    """The bytes of a console's close."""
    console = ClientProtocol(parse_uri("ws://console"))
    console.state = OPEN
    console.send_close(1001)
    return b"".join(console.data_to_send())


async def test_a_console_that_is_closing_does_not_keep_the_service_from_stopping(
    seeded: Seeded, engines: Engines
) -> None:
    knobs = Settings(port=0, postgres=seeded.postgres, redis=engines.redis, canary=timedelta(0))
    token = {"Authorization": f"Bearer {seeded.tokens['alpha', 'dispatcher']}"}
    with listening(knobs) as listener:
        async with serving(knobs, Engines(seeded.postgres, engines.redis), listener) as server:
            url = address_of(knobs, listener)
            async with client(url) as http:
                at = (await http.get("/v1/console/snapshot", headers=token)).json()
            feed = f"{url.replace('http', 'ws')}/v1/console/feed?epoch={at['epoch']}&after={at['seq']}"
            staying, leaving = [await connect(feed, additional_headers=token, proxy=None) for _ in range(2)]
            sockets = [each for each in server.server_state.connections if isinstance(each, ConsoleSocket)]
            assert len(sockets) == 2
            one = next(
                each for each in sockets if each.transport.get_extra_info("peername") == leaving.local_address
            )
            one.conn.receive_data(goodbye())  # it has come in, and nobody has looked at it yet
            one.shutdown()
            assert one.transport.is_closing()
        desk = server.config.app.state.desk  # type: ignore[union-attr]
        async with asyncio.timeout(10):
            await staying.wait_closed()
            await leaving.wait_closed()
    assert staying.close_code == 1012
    assert desk.pool.is_closing()

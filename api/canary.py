"""Calls the service as a CAD does and watches as a console does, to know how long a call takes to a screen."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import orjson
import structlog
from websockets.asyncio.client import ClientConnection, connect

from api.desk import CANARY, Desk
from api.logs import told
from api.metrics import CANARY_EVERY, CANARY_FAILURES, CANARY_SECONDS, CANARY_SUCCESS
from api.security import add_token
from models.store import database
from models.store.database import query, the_row

log = structlog.get_logger()
LOCK = 911_004  # one self-test at a time, whichever process comes first
STANDBY = 2.0  # seconds between two looks whether the lock is free
HOLD = 1.0  # seconds between two words on the session that holds it
PATIENCE = 10.0  # seconds; a call that takes longer to a screen has failed
KEEP = timedelta(days=1)
NAME = "Self-test"
#: Read like a remark, which would be kept for ever.
NATURE = "SELF-TEST: the service measures how long a call takes to a screen. There is no caller."
#: Makes what verifies the certificate that the service has by now.
Trust = Callable[[], ssl.SSLContext]


class Unread(Exception):
    """The call was taken but its text was not read."""


class ForeignCenter(Exception):
    """Somebody else's center has the name of ours."""


async def self_test(desk: Desk, dsn: str, listener: socket.socket, trust: Trust | None = None) -> None:
    """Call the service that answers on `listener` again and again until cancelled; ends at once where that is off."""
    every = desk.settings.canary.total_seconds()
    CANARY_EVERY.set(every)
    if every:
        await Canary(desk, dsn, address_of(listener, "https" if trust else "http"), trust).run()


def address_of(listener: socket.socket, scheme: str) -> str:
    """Where this machine reaches its own service."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


class Canary:
    """The self-test of one process; of several processes the one that holds the lock makes it."""

    def __init__(self, desk: Desk, dsn: str, url: str, trust: Trust | None = None) -> None:
        self._desk = desk
        self._dsn = dsn
        self._url = url
        self._trust = trust
        self._tokens: dict[str, dict[str, str]] = {}
        self._step = ""

    async def run(self) -> None:
        """Work until cancelled; nothing that happens here concerns a real call."""
        while True:
            try:
                await self._with_connection()
            except ForeignCenter:
                log.error("canary.foreign_center", center=CANARY)
                return
            except Exception as fault:  # noqa: BLE001 - it is said, and no call waits for it
                CANARY_FAILURES.labels("prepare").inc()
                log.warning("canary.lost", **told(fault))
                await asyncio.sleep(STANDBY)

    async def _with_connection(self) -> None:
        connection = await database.connect(self._dsn)
        try:
            while True:
                if await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):
                    break
                await asyncio.sleep(STANDBY)
            await self._prepare(connection)
            while True:
                await connection.execute(query("forget_canary"), CANARY, self._desk.now() - KEEP)
                await asyncio.gather(self.once(), self._holding(connection))
        finally:
            connection.terminate()

    async def _holding(self, connection: asyncpg.Connection) -> None:
        """Until the next self-test is due; the session that holds the lock must not fall silent."""
        until = time.monotonic() + self._desk.settings.canary.total_seconds()
        while time.monotonic() < until:
            await connection.fetchval("select 1")
            await asyncio.sleep(HOLD)

    async def _prepare(self, connection: asyncpg.Connection) -> None:
        """The hidden center with a CAD and a watcher, whose tokens only this process knows."""
        await connection.fetchval(query("add_center"), CANARY, NAME, "UTC", True, "none")
        center = await the_row(connection, "center", CANARY)
        if not center["synthetic"] or center["name"] != NAME:
            raise ForeignCenter
        for role in ("integrator", "manager"):
            await connection.fetch(query("revoke_tokens"), CANARY, role, self._desk.now())
            token = await add_token(self._desk.pool, CANARY, role, role)
            self._tokens[role] = {"Authorization": f"Bearer {token}"}

    async def once(self) -> None:
        """One self-test; how it went is said in metrics and log."""
        try:
            async with (
                asyncio.timeout(PATIENCE),
                self._client(trust := self._trust() if self._trust else None) as http,
            ):
                seconds = await self._call_to_frame(http, trust)
        except Exception as fault:  # noqa: BLE001 - whatever it was, the next self-test is due all the same
            CANARY_FAILURES.labels(self._step).inc()
            log.warning("canary.failed", step=self._step, **told(fault))
            return
        CANARY_SECONDS.observe(seconds)
        CANARY_SUCCESS.set_to_current_time()

    def _client(self, trust: ssl.SSLContext | None) -> httpx.AsyncClient:
        # without a certificate of our own nothing is verified: reading every authority's would hold up the loop
        return httpx.AsyncClient(base_url=self._url, timeout=PATIENCE, trust_env=False, verify=trust or False)

    async def _call_to_frame(self, http: httpx.AsyncClient, trust: ssl.SSLContext | None) -> float:
        """Seconds from sending a call to having it on a console; whatever stands on the board is closed."""
        self._step = "snapshot"
        seen = await self._asked(http, "manager", "GET", "/v1/console/snapshot")
        for left in seen["calls"]:
            await self._close(http, left["id"])
        self._step = "listen"
        number = f"{CANARY}-{uuid4().hex}"
        async with self._listening(seen["epoch"], seen["seq"], trust) as feed:
            self._step = "call"
            began = time.perf_counter()
            answered, arrived = await asyncio.gather(self._post(http, number), self._arrival(feed, number))
        self._step = "close"
        await self._close(http, answered["call"]["id"])
        if answered["assessment"] is None:
            self._step = "read"
            raise Unread
        return arrived - began

    def _listening(self, epoch: str, seq: int, trust: ssl.SSLContext | None) -> connect:
        return connect(
            f"{self._url.replace('http', 'ws', 1)}/v1/console/feed?epoch={epoch}&after={seq}",
            additional_headers=self._tokens["manager"],
            ssl=trust,
            proxy=None,
            open_timeout=PATIENCE,
        )

    async def _post(self, http: httpx.AsyncClient, number: str) -> Any:
        call = {
            "external_id": number,
            "source": "other",
            "received_at": self._desk.now().isoformat(),
            "nature": NATURE,
        }
        answered = await self._asked(http, "integrator", "POST", "/v1/calls", call)
        self._step = "frame"
        return answered

    async def _arrival(self, feed: ClientConnection, number: str) -> float:
        while True:
            for event in orjson.loads(await feed.recv()):
                if event.get("call", {}).get("number") == number:
                    return time.perf_counter()

    async def _close(self, http: httpx.AsyncClient, call_id: str) -> None:
        await self._asked(http, "integrator", "POST", f"/v1/calls/{call_id}/close")

    async def _asked(
        self, http: httpx.AsyncClient, role: str, method: str, path: str, body: Any = None
    ) -> Any:
        answer = await http.request(method, path, headers=self._tokens[role], json=body)
        answer.raise_for_status()
        return answer.json()

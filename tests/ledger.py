"""What a CAD knows: what it asked for and what was acknowledged, to be found in whatever the service kept."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from uuid import uuid4

import httpx

from tests.integration.test_intake import log_is_whole
from tests.service import Json, Service, now

MARK = "QXZMARK"
PACE = 0.05  # seconds between two calls of one line
AGAIN = 0.05  # seconds before an unanswered request is sent again


@dataclass
class Ledger:
    """Acknowledged calls and remarks by the key they were sent under."""

    calls: dict[str, str] = field(default_factory=dict)  # key: id
    entries: dict[str, str] = field(default_factory=dict)  # key: id of the call
    in_flight: int = 0
    name: str = field(default_factory=lambda: uuid4().hex[:8])
    lines: list["asyncio.Task[None]"] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def acknowledged(self) -> int:
        """How much the service has answered for."""
        return len(self.calls) + len(self.entries)

    async def say(self, service: Service, path: str, body: Json, key: str) -> Json | None:
        """One request; None where nobody answered it or it was refused for now."""
        self.in_flight += 1
        try:
            answer = await service.post("integrator", path, body, key=key)
        except httpx.TransportError as fault:
            self.refused[type(fault).__name__] += 1
            return None
        finally:
            self.in_flight -= 1
        assert answer.status_code in (200, 201, 503), answer.text[:300]
        if answer.status_code < 300:
            return dict(answer.json()["call"])
        assert answer.headers["content-type"] == "application/problem+json"
        self.refused[answer.json()["code"]] += 1
        return None

    async def insist(self, service: Service, path: str, body: Json, key: str) -> Json:
        """The same request under the same key until it is acknowledged, as a CAD does."""
        while (call := await self.say(service, path, body, key)) is None:
            await asyncio.sleep(AGAIN)
        return call

    async def keep_posting(self, service: Service, line: int, stop: asyncio.Event) -> None:
        """One call and one remark after the other until told to stop."""
        for turn in count():
            if stop.is_set():
                return
            key = f"{self.name}-{line}-{turn}"
            call = await self.insist(service, "/v1/calls", call_of(key), key)
            self.calls[key] = call["id"]
            await self.insist(service, f"/v1/calls/{call['id']}/entries", remark_of(key), key)
            self.entries[key] = call["id"]
            await asyncio.sleep(PACE)


def call_of(key: str) -> Json:
    """A call that nobody else posts."""
    body: Json = {"narrative": f"{MARK} MALE HEARING VOICES {key}", "received_at": now()}
    return body | {"location": {"place": f"9 {MARK} RD"}}


def remark_of(key: str) -> Json:
    """What follows that call."""
    return {"text": f"{MARK} RP CALLED BACK {key}"}


@asynccontextmanager
async def posting(service: Service, lines: int = 20) -> AsyncIterator[Ledger]:
    """A CAD that posts on so many lines all the while; at the end everything it sent was acknowledged."""
    ledger, stop = Ledger(), asyncio.Event()
    ledger.lines = [asyncio.create_task(ledger.keep_posting(service, line, stop)) for line in range(lines)]
    try:
        yield ledger
        stop.set()
        async with asyncio.timeout(60):
            await asyncio.gather(*ledger.lines)
    finally:
        for line in ledger.lines:
            line.cancel()
        await asyncio.gather(*ledger.lines, return_exceptions=True)


async def more(ledger: Ledger, calls: int) -> None:
    """Wait until so many more calls were acknowledged."""
    until = len(ledger.calls) + calls
    async with asyncio.timeout(60):
        while len(ledger.calls) < until:
            await asyncio.sleep(0.02)
            for line in ledger.lines:
                if line.done():
                    line.result()  # raises what ended it


async def everything_is_there(service: Service, ledger: Ledger) -> None:
    """Every acknowledged call and remark, each once, all read, the log whole."""
    unread = "select 1 from call where assessed_version < text_version or assessed_version < 0"
    async with asyncio.timeout(30):
        while await service.sql(unread):
            await asyncio.sleep(0.2)
    await log_is_whole(service)
    calls = {str(row["id"]): row for row in await service.sql("select id, text_version from call")}
    assert set(ledger.calls.values()) <= calls.keys()
    assert len(set(ledger.calls.values())) == len(ledger.calls)
    assert all(calls[call_id]["text_version"] == 2 for call_id in ledger.entries.values())
    for half in (
        "select 1 from call c where text_version <> (select count(*) from entry e where e.call_id = c.id)",
        "select call_id from event where type = 'call.taken.v1' group by 1 having count(*) <> 1",
        "select id from call except select call_id from event where type = 'call.taken.v1'",
        "select 1 from call c where assessment_id is null",
        "select 1 from idempotency where status is null",
        f"select text from entry where starts_with(text, '{MARK}') group by 1 having count(*) > 1",  # noqa: S608
    ):
        assert await service.sql(half) == [], half

"""A console as the browser has it: a snapshot, every event after it, and a digest of what it shows."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from tests.service import Json, Service

T = TypeVar("T")
NOUNS = {"call": "calls", "unit": "units", "alert": "alerts"}


@dataclass
class Screen:
    """What console_ui/src/state/console.ts keeps: calls on the board, units, unresolved alerts, counts."""

    epoch: str
    seq: int
    calls: dict[str, Json]
    units: dict[str, Json]
    alerts: dict[str, Json]
    counts: Json

    @classmethod
    def of(cls, snapshot: Json) -> "Screen":
        """The state a snapshot stands for."""
        by_id = {name: {each["id"]: each for each in snapshot[name]} for name in NOUNS.values()}
        return cls(snapshot["epoch"], snapshot["seq"], **by_id, counts=snapshot["counts"])

    def apply(self, event: Json) -> None:
        """One event of the log; raises AssertionError where it is not the next."""
        assert event["seq"] == self.seq + 1, f"a gap: {event['seq']} after {self.seq}"
        self.seq = event["seq"]
        if "counts" in event:
            self.counts = event["counts"]
        for noun, shelf in NOUNS.items():
            if (view := event.get(noun)) is not None:
                gone = not view["on_board"] if noun == "call" else view.get("resolved_at") is not None
                held: dict[str, Json] = getattr(self, shelf)
                if gone:
                    held.pop(view["id"], None)
                else:
                    held[view["id"]] = view

    def digest(self) -> str:
        """The same digest as console_ui/src/state/hash.ts."""
        shown = {shelf: [items[key] for key in sorted(items)] for shelf, items in self._shelves()}
        return hashlib.sha256(canonical({**shown, "counts": self.counts}).encode()).hexdigest()

    def _shelves(self) -> Iterator[tuple[str, dict[str, Json]]]:
        for shelf in NOUNS.values():
            yield shelf, getattr(self, shelf)


def canonical(value: Any) -> str:
    """JSON with sorted keys and no whitespace, numbers as JavaScript prints them: 1.0 is 1."""

    def plain(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: plain(each) for key, each in part.items()}
        if isinstance(part, list):
            return [plain(each) for each in part]
        return int(part) if isinstance(part, float) and part.is_integer() else part

    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass
class Console:
    """One console that listens; `digests` holds what it showed at every seq where it is to `remember` that."""

    service: Service
    role: str
    screen: Screen
    center: str = "alpha"
    events: list[Json] = field(default_factory=list)
    digests: dict[int, str] = field(default_factory=dict)
    beats: list[Json] = field(default_factory=list)
    closed: int | None = None
    resynced: bool = False
    remember: bool = False
    _wanted: int = -1
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def listen(self, socket: ClientConnection) -> None:
        """Apply frames until the socket closes."""
        try:
            async for frame in socket:
                await self.take(json.loads(frame))
        except ConnectionClosed:
            pass
        async with self._changed:
            self.closed = socket.close_code
            self._changed.notify_all()

    async def take(self, frames: list[Json]) -> None:
        """Apply one frame and wake whoever waits."""
        async with self._changed:
            for event in frames:
                if event["type"] == "heartbeat":
                    self.beats.append(event)
                elif event["type"] == "resync":
                    self.resynced = True
                else:
                    self.screen.apply(event)
                    self.events.append(event)
                    if self.remember or self.screen.seq == self._wanted:
                        self.digests[self.screen.seq] = self.screen.digest()
            self._changed.notify_all()

    async def until(self, holds: Callable[["Console"], T], seconds: float = 15, about: str = "") -> T:
        """What `holds` gives as soon as it is true of this console; fails after so many seconds."""
        async with self._changed:
            try:
                async with asyncio.timeout(seconds):
                    while not (found := holds(self)):
                        await self._changed.wait()
            except TimeoutError:
                seen = self.screen.calls.get(about)
                raise AssertionError(f"not seen within {seconds} s: {holds} {about} {seen}") from None
        return found

    async def call(self, call_id: str, holds: Callable[[Json], Any], seconds: float = 15) -> Json:
        """The call as soon as it is on the screen and `holds` is true of it."""

        def seen(console: "Console") -> Json | None:
            call = console.screen.calls.get(call_id)
            return call if call is not None and holds(call) else None

        found = await self.until(seen, seconds, call_id)
        assert found is not None
        return found

    async def proposed(self, call_id: str, seconds: float = 15) -> Json:
        """The call as soon as it waits for a decision with at least one pairing."""
        return await self.call(call_id, waits_for_decision, seconds)

    async def caught_up(self) -> Screen:
        """The screen once it shows at least what a snapshot taken now shows; both agree at that seq."""
        while (server := await self._snapshot()).seq < self.screen.seq:
            pass  # something was told in between: look again
        self._wanted = server.seq
        self.digests.setdefault(self.screen.seq, self.screen.digest())
        await self.until(lambda me: me.screen.seq >= server.seq, about=f"seq {server.seq}")
        assert self.digests[server.seq] == server.digest(), f"state law broken at seq {server.seq}"
        return self.screen

    async def _snapshot(self) -> Screen:
        return Screen.of(await self.service.snapshot(self.role, center=self.center))


def waits_for_decision(call: Json) -> bool:
    """A recommendation with pairings stands and nobody has decided on it."""
    shown, decision = call["recommendation"], call["decision"]
    if shown is None or not shown["pairings"]:
        return False
    return decision is None or (
        decision["state"] in ("expired", "released") and decision["recommendation_id"] != shown["id"]
    )


@asynccontextmanager
async def listening_console(
    service: Service,
    role: str = "dispatcher",
    *,
    center: str = "alpha",
    screen: Screen | None = None,
    **more: Any,
) -> AsyncIterator[Console]:
    """A console with an open socket; `screen` goes on from an earlier one's state."""
    screen = screen or Screen.of(await service.snapshot(role, center=center))
    console = Console(service, role, screen, center)
    console.digests[screen.seq] = screen.digest()
    async with feed_socket(service, role, screen.epoch, screen.seq, center=center, **more) as socket:
        reader = asyncio.create_task(console.listen(socket))
        try:
            yield console
        finally:
            reader.cancel()
            fault = (await asyncio.gather(reader, return_exceptions=True))[0]
            if isinstance(fault, Exception):
                raise fault


@asynccontextmanager
async def lasting_console(
    service: Service, role: str = "dispatcher", *, center: str = "alpha"
) -> AsyncIterator[Console]:
    """A console that dials again whenever its socket is gone, as a browser does."""
    console = Console(service, role, Screen.of(await service.snapshot(role, center=center)), center)
    console.digests[console.screen.seq] = console.screen.digest()

    async def last() -> None:
        while not console.resynced:
            screen = console.screen
            with suppress(OSError, WebSocketException):  # refused, or gone before it was open
                async with feed_socket(service, role, screen.epoch, screen.seq, center=center) as socket:
                    await console.listen(socket)
            await asyncio.sleep(0.05)

    dialling = asyncio.create_task(last())
    try:
        yield console
    finally:
        dialling.cancel()
        fault = (await asyncio.gather(dialling, return_exceptions=True))[0]
        if isinstance(fault, Exception):
            raise fault


def feed_socket(
    service: Service,
    role: str,
    epoch: str,
    after: int,
    *,
    center: str = "alpha",
    headers: Any = None,
    **more: Any,
) -> connect:
    """A socket to the feed with the token of a role, or with `headers` instead."""
    url = f"{service.url.replace('http', 'ws')}/v1/console/feed?epoch={epoch}&after={after}"
    given = headers if headers is not None else {"Authorization": f"Bearer {service.tokens[center, role]}"}
    return connect(url, additional_headers=given, max_size=2**26, **more)


async def first_frames(service: Service, epoch: str, after: int) -> list[Json]:
    """The first frame of a socket."""
    async with feed_socket(service, "dispatcher", epoch, after) as socket, asyncio.timeout(10):
        return list(json.loads(await socket.recv()))

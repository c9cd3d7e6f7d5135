"""What the console listens to: a snapshot, then every event after it."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import orjson
from fastapi import WebSocket, WebSocketDisconnect

from api.desk import Desk
from api.follow import Follower
from api.metrics import CONSOLES, RESYNCS
from api.ring import HIDDEN_OF_UNIT, Ring, array, audience_of, overseen, told, without
from api.security import Principal
from dispatch.policy import told as policy_told
from models.events import Heartbeat, Resync
from models.store.database import query
from models.store.snapshot import snapshot

LOOK = 1.0  # seconds between looks whether a heartbeat is due or something has gone missing
MOST = 500  # events in one frame


async def snapshot_for(desk: Desk, who: Principal) -> dict[str, Any]:
    """The snapshot as this role may see it."""
    center = await desk.center(who.center)
    now = desk.now()
    async with desk.pool.acquire() as connection:
        today = center.day(now)
        seen = await snapshot(
            connection, who.center, policy_told(center.policy), now=now, today=today, version=desk.version
        )
    body = seen.model_dump(mode="json") | {"degraded": sorted(desk.degraded)}
    if audience_of(who.role) == "oversight":
        body["calls"] = [overseen(call) for call in body["calls"]]
        body["units"] = [without(unit, HIDDEN_OF_UNIT) for unit in body["units"]]
    return body


async def heartbeat(desk: Desk, ring: Ring, center: str) -> bytes:
    """Where the log is, what is missing, and by which policy is judged."""
    policy = (await desk.center(center)).policy.digest
    missing = tuple(sorted(desk.degraded))
    beat = Heartbeat(epoch=ring.epoch, seq=ring.head, at=desk.now(), degraded=missing, policy=policy)
    return orjson.dumps(beat.model_dump(mode="json"))


def resync(ring: Ring) -> bytes:
    """Start again from a snapshot."""
    RESYNCS.inc()
    return orjson.dumps(Resync(epoch=ring.epoch).model_dump(mode="json"))


async def missed(
    desk: Desk, ring: Ring, center: str, epoch: str, after: int, audience: str
) -> list[bytes] | None:
    """Events between a console's cursor and the ring's head; None where only a snapshot helps."""
    if epoch != ring.epoch or after > ring.head or ring.head - after > desk.settings.replay_limit:
        return None
    held = ring.after(after)
    if held is not None:
        return [event.frames[audience] for event in held]
    upto = ring.head
    rows = await desk.pool.fetch(query("read_events"), [center], [after], upto - after)
    if len(rows) < upto - after:
        return None
    return [told(ring.epoch, row["seq"], orjson.loads(row["body"])).frames[audience] for row in rows]


async def events_for(desk: Desk, follower: Follower, who: Principal, epoch: str, after: int) -> bytes:
    """The same frames over HTTP, for networks that block sockets."""
    ring = await follower.ring(who.center)
    frames = await missed(desk, ring, who.center, epoch, after, audience_of(who.role))
    return array([resync(ring)] if frames is None else [*frames, await heartbeat(desk, ring, who.center)])


class Feed:
    """One console's socket."""

    def __init__(self, desk: Desk, follower: Follower, who: Principal, socket: WebSocket) -> None:
        self._desk = desk
        self._follower = follower
        self._who = who
        self._socket = socket
        self._audience = audience_of(who.role)

    async def run(self, epoch: str, after: int, still_allowed: Any) -> None:
        """Replay, then live, until the console goes, falls behind or loses its right to listen."""
        gauge = CONSOLES.labels(self._who.role)
        gauge.inc()
        gone = asyncio.create_task(self._until_gone())
        talk = asyncio.create_task(self._talk(epoch, after, still_allowed))
        try:
            await asyncio.wait({gone, talk}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            gauge.dec()
            gone.cancel()
            talk.cancel()
            await asyncio.gather(gone, talk, return_exceptions=True)

    async def _until_gone(self) -> None:
        try:
            while True:
                await self._socket.receive_text()
        except (WebSocketDisconnect, RuntimeError, KeyError):
            return

    async def _talk(self, epoch: str, after: int, still_allowed: Any) -> None:
        async for frame in self._frames(epoch, after, still_allowed):
            await self._socket.send_text(frame)
        await self._socket.close()

    async def _frames(self, epoch: str, after: int, still_allowed: Any) -> AsyncIterator[str]:
        ring = await self._follower.ring(self._who.center)
        frames = await missed(self._desk, ring, self._who.center, epoch, after, self._audience)
        if frames is None:
            yield array([resync(ring)]).decode()
            return
        for begin in range(0, len(frames), MOST):
            yield array(frames[begin : begin + MOST]).decode()
        cursor = after + len(frames)
        yield array([await heartbeat(self._desk, ring, self._who.center)]).decode()
        beat_at, told_degraded = self._next_beat(), set(self._desk.degraded)
        while True:
            if ring.head == cursor:
                await ring.pulsed()
            page = ring.page(cursor, self._audience) if ring.head > cursor else ""
            if page is None or self._desk.rings.get(self._who.center) is not ring:
                yield array([resync(ring)]).decode()
                return
            cursor = ring.head
            if page:
                yield page
            if time.monotonic() >= beat_at or told_degraded != self._desk.degraded:
                if not await still_allowed():
                    return
                yield array([await heartbeat(self._desk, ring, self._who.center)]).decode()
                beat_at, told_degraded = self._next_beat(), set(self._desk.degraded)

    def _next_beat(self) -> float:
        return time.monotonic() + self._desk.settings.heartbeat.total_seconds()


async def look_forever(desk: Desk) -> None:
    """Wake every console now and then until cancelled, so that none needs a clock of its own."""
    every = min(LOOK, desk.settings.heartbeat.total_seconds() / 4)
    while True:
        await asyncio.sleep(every)
        for ring in desk.rings.values():
            ring.pulse()

"""The log and the feed: gap-free, the same for everybody, and never slower for one because of another."""

import asyncio
import json
import random
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import pytest

from api.embedded import Engines
from tests.conftest import Seeded
from tests.console import Console, Screen, feed_socket, first_frames, listening_console
from tests.service import HERE, Json, Service, flag, good, now, post_call, put_unit, running_service, status
from tests.story import KNIFE, accepted, ack, act, append, leave_only, outcome


async def stir(service: Service, times: int = 1) -> None:
    """Many kinds of events: calls, remarks, a flag, statuses, positions, a close."""
    for turn in range(times):
        call = (await post_call(service, "MALE PARANOID, OFF HIS MEDS"))["call"]
        call = await append(service, call, f"RP CALLING BACK {turn}")
        await service.post("clinician", f"/v1/calls/{call['id']}/review",
                           {"decision": "flag", "decision_version": call["decision_version"]})  # fmt: skip
        await status(service, "PAT-2", ["OnScene", "InService", "Meal"][turn % 3])
        body = {**HERE, "lat": HERE["lat"] + turn / 1000, "at": now()}
        good(await service.post("integrator", "/v1/units/SGT-1/position", body))
        good(await service.post("integrator", f"/v1/calls/{call['id']}/close"))


@asynccontextmanager
async def audited(console: Console, least: int) -> AsyncIterator[None]:
    """Takes snapshots all the while; each equals what the console showed at its seq, at `least` so many of them."""
    service, server, console.remember = console.service, dict[int, str](), True

    async def audit() -> None:
        while True:
            screen = Screen.of(await service.snapshot(console.role))
            server[screen.seq] = screen.digest()

    auditor = asyncio.create_task(audit())
    yield
    auditor.cancel()
    await asyncio.gather(auditor, return_exceptions=True)
    await console.caught_up()
    both = console.digests.keys() & server.keys()
    assert len(both) >= least
    assert {seq for seq in both if console.digests[seq] != server[seq]} == set()


@pytest.mark.parametrize("role", ["dispatcher", "manager"])
async def test_client_and_server_agree_at_every_seq_of_the_whole_loop(service: Service, role: str) -> None:
    async with (
        listening_console(service) as console,
        listening_console(service, role) as watched,
        audited(watched, 8),
    ):
        await leave_only(service, "TEL-1", "TRI-1", "PAT-1", "EMS-1")
        call = await accepted(console)
        await ack(service, call, "sent")
        await ack(service, call, "received")
        await watched.caught_up()
        call = await append(service, call, KNIFE)
        await watched.caught_up()
        call = await act(service, "dispatcher", call, "reconfirm", staging=True)
        await status(service, "TRI-1", "OnScene")
        call = await act(service, "dispatcher", call, "secure")
        call = await outcome(service, call, resolution="crisis_center", otherwise_ed="clinician",
                             otherwise_ed_reason="PLAN")  # fmt: skip
        good(await service.post("clinician", f"/v1/outcomes/{call['outcome']['id']}/confirm"))
        good(await service.post("integrator", f"/v1/calls/{call['id']}/close"))
        await watched.until(lambda c: call["id"] not in c.screen.calls)


def heard(least: int, writer: "asyncio.Task[None]", console: Console) -> bool:
    """The socket is open and has brought so many events, or there are no more."""
    return bool(console.beats) and (len(console.events) >= least or writer.done())


async def test_client_and_server_agree_after_twenty_forced_reconnects(service: Service) -> None:
    chance = random.Random(20)  # noqa: S311 - the same twenty points every time
    writer = asyncio.create_task(stir(service, 12))
    screen = Screen.of(await service.snapshot())
    for _ in range(20):
        least = chance.randint(0, 4)
        async with listening_console(service, screen=screen) as console:
            await console.until(partial(heard, least, writer))
    await writer
    async with listening_console(service, screen=screen) as console:
        await console.caught_up()


async def test_fifty_writers_leave_a_log_without_gaps_that_nobody_ever_saw_out_of_order(
    console: Console,
) -> None:
    service = console.service

    async def writer(number: int) -> None:
        for turn in range(4):
            await post_call(service, f"WRITER {number} TURN {turn}", external_id=f"W{number}-{turn % 3}")

    await asyncio.gather(*(writer(number) for number in range(50)))
    await console.caught_up()
    (log,) = await service.sql(
        "select count(*) as n, min(seq) as first, max(seq) as last from event where center_id = 'alpha'"
    )
    (head,) = await service.sql("select seq from center_log where center_id = 'alpha'")
    assert (log["first"], log["n"]) == (1, log["last"]) == (1, head["seq"])
    assert [e["seq"] for e in console.events] == list(range(console.events[0]["seq"], log["last"] + 1))
    (calls,) = await service.sql("select count(*) as n from call")
    assert calls["n"] == 150


@pytest.fixture
async def short(seeded: Seeded, engines: Engines) -> AsyncIterator[Service]:
    """A service that keeps ten events for consoles that fall behind and replays at most fifty."""
    knobs = {"ring": 10, "replay_limit": 50}
    async with running_service(seeded.postgres, engines.redis, seeded.tokens, **knobs) as service:
        yield service


async def polled(service: Service, epoch: str, after: int, role: str = "dispatcher") -> list[Json]:
    """The same over HTTP."""
    params = {"epoch": epoch, "after": after}
    return list(good(await service.get(role, "/v1/console/events", params=params)))


async def test_a_console_behind_the_ring_is_replayed_and_one_further_behind_starts_again(
    short: Service,
) -> None:
    start = await short.snapshot()
    epoch, seq = start["epoch"], start["seq"]
    await polled(short, epoch, seq)
    await stir(short, 3)
    for frames in (await first_frames(short, epoch, seq), await polled(short, epoch, seq)):
        assert [frame["seq"] for frame in frames[:15]] == list(range(seq + 1, seq + 16))
    await stir(short, 8)
    for frames in (await first_frames(short, epoch, seq), await polled(short, epoch, seq)):
        assert [frame["type"] for frame in frames] == ["resync"]


@pytest.mark.parametrize(
    ("epoch", "after"), [("another", 0), ("", 0), (None, 10**9), (None, -5), (None, 10**30)]
)
async def test_another_epoch_or_a_seq_that_never_was_starts_again(
    service: Service, epoch: str | None, after: int
) -> None:
    epoch = (await service.snapshot())["epoch"] if epoch is None else epoch
    assert [frame["type"] for frame in await first_frames(service, epoch, after)] == ["resync"]
    if 0 <= after < 2**63:
        assert [frame["type"] for frame in await polled(service, epoch, after)] == ["resync"]


async def test_polling_over_http_gives_the_same_frames_as_the_socket(console: Console) -> None:
    service, epoch, start = console.service, console.screen.epoch, console.screen.seq
    await stir(service, 2)
    await console.caught_up()
    *frames, beat = await polled(service, epoch, start)
    assert beat["type"] == "heartbeat"
    assert frames[: len(console.events)] == console.events[: len(frames)]


async def test_another_centers_console_hears_nothing_of_it(service: Service) -> None:
    async with listening_console(service, center="beta") as beta:
        await stir(service, 2)
        await beta.caught_up()
        assert {event["type"] for event in beta.events} <= {"counts.changed.v1"}
        assert (beta.screen.calls, beta.screen.units) == ({}, {})


def shows(capability: str, console: Console) -> bool:
    """The unit is on the screen as it was last changed."""
    return "FAT-1" in console.screen.units and capability in console.screen.units["FAT-1"]["capabilities"]


async def test_a_console_that_stops_reading_delays_no_other(short: Service) -> None:
    start = await short.snapshot()
    deaf = socket.create_connection(("127.0.0.1", int(short.url.rsplit(":", 1)[1])))
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**16)
    crew = [{"role": "lead", "name": "N" * 5_000}] * 20  # a hundred kilobytes an event
    async with (
        feed_socket(
            short, "dispatcher", start["epoch"], start["seq"], sock=deaf, max_queue=1, compression=None
        ) as slow,
        listening_console(short) as quick,
    ):
        for turn in range(70):
            await put_unit(short, "FAT-1", "PAT", crew=crew, capabilities=[f"turn{turn}"])
            await quick.until(partial(shows, f"turn{turn}"), 2)
        await quick.caught_up()
        async with asyncio.timeout(20):
            while json.loads(await slow.recv())[-1]["type"] != "resync":
                pass


async def test_a_quiet_feed_says_that_it_lives(seeded: Seeded, engines: Engines) -> None:
    beat = {"heartbeat": timedelta(milliseconds=100)}
    running = running_service(seeded.postgres, engines.redis, seeded.tokens, **beat)
    async with running as service, listening_console(service) as console:
        await console.until(lambda c: len(c.beats) >= 5, 3)
        assert console.beats[-1]["seq"] == console.screen.seq


async def test_a_session_that_ended_drops_its_socket(seeded: Seeded, engines: Engines) -> None:
    beat = {"heartbeat": timedelta(milliseconds=100)}
    running = running_service(seeded.postgres, engines.redis, seeded.tokens, **beat)
    async with running as service, listening_console(service) as console:
        await console.until(lambda c: c.beats)
        await service.sql("update service_token set revoked_at = now() where role = 'dispatcher'")
        await console.until(lambda c: c.closed is not None, 3)


async def test_flagging_reaches_every_console_within_a_quarter_of_a_second(service: Service) -> None:
    async with listening_console(service, "supervisor") as console:
        call = (await post_call(service))["call"]
        await flag(service, call)
        await console.call(call["id"], lambda c: c["review"]["state"] == "flagged", 2)

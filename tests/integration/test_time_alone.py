"""What time alone does: reservations expire, calls fall through to pairing, with limits of seconds."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from api.clock import Clock, utc_now
from api.embedded import Engines
from tests.conftest import Seeded
from tests.console import Console, listening_console
from tests.service import Json, accept, code, flag, good, post_call, running_service, set_policy, status

BEAT = {"heartbeat": timedelta(milliseconds=200)}


@pytest.fixture
async def hasty(seeded: Seeded, engines: Engines) -> AsyncIterator[Console]:
    """A console of a center whose reservations last two seconds and whose reviews wait for two."""
    await set_policy(seeded.postgres, reservation_seconds="2", fall_through_seconds="2")
    running = running_service(seeded.postgres, engines.redis, seeded.tokens)
    async with running as service, listening_console(service) as console:
        yield console


async def test_a_flagged_call_that_no_clinician_looks_at_is_paired_all_the_same(hasty: Console) -> None:
    call = (await post_call(hasty.service))["call"]
    await hasty.call(call["id"], lambda c: c["assessment"]["flag"] and c["recommendation"] is None)
    shown = await hasty.proposed(call["id"])
    assert shown["review"]["state"] == "none"


async def test_without_a_clinician_on_shift_nobody_is_waited_for(console: Console) -> None:
    await status(console.service, "TEL-1", "OffDuty")
    call = (await post_call(console.service))["call"]
    await console.proposed(call["id"], 5)


async def test_a_reservation_nobody_echoes_frees_its_units_alarms_and_is_planned_again(
    hasty: Console,
) -> None:
    call = (await post_call(hasty.service))["call"]
    await flag(hasty.service, call)
    decided = good(await accept(hasty.service, await hasty.proposed(call["id"])))["call"]["decision"]
    expired = await hasty.call(call["id"], lambda c: (c["decision"] or {}).get("state") == "expired")
    await hasty.until(lambda c: [a for a in c.screen.alerts.values() if a["code"] == "NOT_REACHED"])
    assert all(hasty.screen.units[unit["unit_id"]]["call_id"] is None for unit in decided["units"])
    again = await hasty.proposed(expired["id"])
    good(await accept(hasty.service, again))
    await hasty.until(lambda c: not c.screen.alerts or None)
    await hasty.caught_up()


async def test_a_unit_that_answered_keeps_its_call_when_the_others_stay_silent(hasty: Console) -> None:
    service = hasty.service
    call = (await post_call(service))["call"]
    await flag(service, call)
    call = await hasty.proposed(call["id"])
    path = f"/v1/recommendations/{call['recommendation']['id']}/override"
    body = {"unit_ids": ["CRT-1", "PAT-1"], "reason": "OTHER", "decision_version": call["decision_version"]}
    good(await service.post("dispatcher", path, body))
    await status(service, "PAT-1", "EnRoute")
    await hasty.until(lambda c: [a for a in c.screen.alerts.values() if a["code"] == "NOT_REACHED"])
    units = hasty.screen.units
    assert (units["PAT-1"]["call_id"], units["CRT-1"]["call_id"]) == (call["id"], None)
    assert hasty.screen.calls[call["id"]]["decision"]["state"] == "received"
    await hasty.caught_up()


async def test_a_call_closed_after_nobody_was_reached_leaves_no_alert_and_is_counted(hasty: Console) -> None:
    call = (await post_call(hasty.service))["call"]
    await flag(hasty.service, call)
    good(await accept(hasty.service, await hasty.proposed(call["id"])))
    await hasty.until(lambda c: c.screen.alerts)
    good(await hasty.service.post("integrator", f"/v1/calls/{call['id']}/close"))
    await hasty.until(lambda c: not c.screen.alerts or None)
    await hasty.until(lambda c: c.screen.counts["unserved"] == {"NOT_DECIDED": 1})
    await hasty.caught_up()


async def reserved(console: Console) -> Json:
    """A call whose units wait for the CAD's echo."""
    call = (await post_call(console.service))["call"]
    await flag(console.service, call)
    call = good(await accept(console.service, await console.proposed(call["id"])))["call"]
    assert call["decision"]["state"] == "reserved"
    return dict(call)


def beat(console: Console, more: int) -> Callable[[Console], bool]:
    """So many more heartbeats have come."""
    until = len(console.beats) + more
    return lambda c: len(c.beats) >= until


async def test_a_machines_clock_set_forth_and_back_by_an_hour_changes_nothing_and_is_said(
    seeded: Seeded, engines: Engines
) -> None:
    running = running_service(seeded.postgres, engines.redis, seeded.tokens, **BEAT)
    async with running as service, listening_console(service) as console:
        off = timedelta()
        service.live.now = Clock(lambda: utc_now() + off)
        call = await reserved(console)
        waiting = (await post_call(service))["call"]
        await console.call(waiting["id"], lambda c: c["assessment"]["flag"])
        for off in (timedelta(hours=1), timedelta(hours=-1), timedelta()):
            await console.until(lambda c: (c.beats[-1]["degraded"] == ["clock"]) is bool(off))  # noqa: B023
            await console.until(beat(console, 6))
            assert console.screen.calls[call["id"]]["decision"]["state"] == "reserved"
            assert console.screen.calls[waiting["id"]]["recommendation"] is None, (
                "a clinician looks at it first"
            )
            paired = (await post_call(service))["call"]
            await flag(service, paired)
            await console.proposed(paired["id"])
        assert not console.screen.alerts
        await console.caught_up()


async def test_a_service_an_hour_ahead_or_behind_neither_drops_nor_keeps_a_reservation_for_it(
    seeded: Seeded, engines: Engines
) -> None:
    await set_policy(seeded.postgres, reservation_seconds="4")
    running = running_service(seeded.postgres, engines.redis, seeded.tokens, **BEAT)
    async with running as service, listening_console(service) as console:
        for off in (timedelta(hours=1), timedelta(hours=-1)):
            call = await reserved(console)
            await console.until(beat(console, 6))  # the planner has seen it
            service.live.now = lambda: utc_now() + off  # noqa: B023 - called within the turn
            await console.until(beat(console, 5))
            assert console.screen.calls[call["id"]]["decision"]["state"] == "reserved"
            await console.call(call["id"], lambda c: (c["decision"] or {}).get("state") == "expired")
            await console.until(lambda c: [a for a in c.screen.alerts.values() if a["code"] == "NOT_REACHED"])
            service.live.now = utc_now
            good(await service.post("integrator", f"/v1/calls/{call['id']}/close"))
            await console.until(lambda c: not c.screen.alerts or None)
        await console.caught_up()


async def test_newer_text_that_was_not_read_refuses_an_accept_until_it_is_read(
    console: Console, seeded: Seeded, engines: Engines
) -> None:
    call = (await post_call(console.service))["call"]
    await flag(console.service, call)
    call = await console.proposed(call["id"])
    blind = {"inline_text": 0, "assess_timeout": timedelta(microseconds=1)}
    async with running_service(seeded.postgres, engines.redis, seeded.tokens, **blind) as other:
        body = {"text": "NOW HAS KNIFE IN HIS HAND"}
        unread = good(await other.post("integrator", f"/v1/calls/{call['id']}/entries", body))["call"]
        assert (unread["text_version"], unread["assessed_version"]) == (2, 1)
        refused = await accept(console.service, call)
        assert code(refused, 409) == "unassessed_text"
    read = await console.call(call["id"], lambda c: c["assessed_version"] == 2)
    assert read["assessment"]["dangers"]["weapon"]["assertion"] == "affirmed"


async def test_a_call_that_could_not_be_read_is_taken_and_read_later(
    seeded: Seeded, engines: Engines
) -> None:
    blind = {"inline_text": 0, "assess_timeout": timedelta(microseconds=1)}
    async with running_service(seeded.postgres, engines.redis, seeded.tokens, **blind) as service:
        taken = await asyncio.gather(*(post_call(service, f"CALL {n} HEARING VOICES") for n in range(5)))
    assert all(answer["assessment"] is None for answer in taken)
    running = running_service(seeded.postgres, engines.redis, seeded.tokens)
    async with running as service, listening_console(service) as console:
        for answer in taken:
            await console.call(answer["call"]["id"], lambda c: c["assessment"] is not None)

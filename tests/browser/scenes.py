"""States of the board that several rules look at."""

import asyncio
from typing import Any

from playwright.async_api import expect

from tests.browser_kit import Room, Seat
from tests.service import Json, good, now, post_call

KNIFE = "NOW HAS KNIFE IN HER HAND"
TEAM = ("TRI-1", "CRT-1", "CRT-2", "COR-1", "CIT-1", "PAT-1", "PAT-2", "TEL-1", "EMS-1")
CALM = ("LOUD MUSIC FROM THE APARTMENT BELOW", "CAR BLOCKS THE DRIVEWAY", "LOST WALLET AT THE BUS STOP")


async def quiet(room: Room) -> list[Json]:
    """Units are free; calls are on the board and none of them needs anybody."""
    await room.units(*TEAM)
    calls = [await post_call(room.service, text, nature="COMPLAINT", priority=4) for text in CALM]
    return [call["call"] for call in calls]


async def flagged(room: Room, *units: str, **fields: Any) -> Json:
    """A call that a clinician flagged, with units to send; returns it as it was before its pairing."""
    await room.units(*(units or TEAM))
    call = (await post_call(room.service, **fields))["call"]
    while True:
        body = {"decision": "flag", "decision_version": call["decision_version"]}
        answer = await room.service.post("clinician", f"/v1/calls/{call['id']}/review", body)
        if answer.status_code != 409:  # the planner was quicker than the clinician
            return dict(good(answer)["call"])
        call = await current(room, call)


async def paired(room: Room, seat: Seat, *units: str, **fields: Any) -> Json:
    """A selected call with its proposed pairing on the screen."""
    call = await flagged(room, *units, **fields)
    await seat.select(call)
    await expect(seat("[data-pairing]")).to_be_visible()
    await expect(seat("[data-actions] .btn.p")).to_have_attribute("aria-disabled", "false")
    return call


async def accepted(room: Room, seat: Seat, *units: str, **fields: Any) -> Json:
    """A call whose first pairing was accepted from the keyboard."""
    call = await paired(room, seat, *units, **fields)
    await seat.press("a", "Enter")
    await expect(seat("[data-decision]")).to_have_attribute("data-decision", "reserved")
    return await current(room, call)


async def alarmed(room: Room, seat: Seat) -> Json:
    """A call with a knife in it that nobody knew of when an armed team was sent."""
    call = await accepted(room, seat, "TRI-1", "COR-1", "PAT-1", "EMS-1", "TEL-1")
    await append(room, call, KNIFE)
    await expect(seat("[data-alert]")).to_be_visible()
    return call


async def append(room: Room, call: Json, text: str) -> None:
    """A remark of the CAD."""
    good(await room.service.post("integrator", f"/v1/calls/{call['id']}/entries", {"text": text}))


async def current(room: Room, call: Json) -> Json:
    """The call as the service has it now."""
    return dict(good(await room.service.get("dispatcher", f"/v1/calls/{call['id']}"))["call"])


async def ack(room: Room, call: Json, state: str) -> None:
    """The CAD's echo of the decision that stands."""
    decision = (await current(room, call))["decision"]["id"]
    good(await room.service.post("integrator", f"/v1/decisions/{decision}/ack", {"state": state}))


async def many_calls(room: Room, number: int, **fields: Any) -> list[Json]:
    """That many plain calls, a few at a time."""
    gate = asyncio.Semaphore(8)

    async def one(at: int) -> Json:
        async with gate:
            more = {"priority": at % 4 + 1, "nature": f"COMPLAINT {at}"} | fields
            return dict((await post_call(room.service, "LOUD MUSIC", **more))["call"])

    return list(await asyncio.gather(*(one(at) for at in range(number))))


async def traffic(room: Room, unit: str, number: int) -> None:
    """That many position reports of a unit, each an event of the log."""
    for at in range(number):
        body = {"lat": 39.16 + at / 1e5, "lon": -86.52, "at": now()}
        good(await room.service.post("integrator", f"/v1/units/{unit}/position", body))

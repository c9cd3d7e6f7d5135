"""Steps of the human loop, as tests take them over HTTP."""

import asyncio

from tests.console import Console
from tests.service import Json, Service, accept, flag, good, post_call, status

KNIFE = "NOW HAS KNIFE IN HER HAND"


async def paired(console: Console, **fields: object) -> Json:
    """A call that a clinician flagged, with a pairing proposed."""
    call = (await post_call(console.service, **fields))["call"]  # type: ignore[arg-type]
    await flag(console.service, call)
    return await console.proposed(call["id"])


async def gated(console: Console) -> Json:
    """A call with a closed weapon gate; it waits for no clinician."""
    call = (await post_call(console.service, "SON HEARING VOICES, HE HAS A KNIFE IN HIS HAND"))["call"]
    return await console.call(call["id"], lambda c: c["recommendation"] is not None)


async def accepted(console: Console, pairing: int = 0) -> Json:
    """A call whose pairing was just accepted."""
    return dict(good(await accept(console.service, await paired(console), pairing))["call"])


async def act(service: Service, role: str, call: Json, what: str, **body: object) -> Json:
    """One step on the decision that stands; the call afterwards."""
    body |= {"decision_version": call["decision_version"]}
    path = f"/v1/decisions/{call['decision']['id']}/{what}"
    return dict(good(await service.post(role, path, body))["call"])


async def ack(service: Service, call: Json, state: str) -> None:
    """The CAD's echo."""
    good(await service.post("integrator", f"/v1/decisions/{call['decision']['id']}/ack", {"state": state}))


async def append(service: Service, call: Json, text: str) -> Json:
    """A remark of the CAD; the call afterwards."""
    return dict(
        good(await service.post("integrator", f"/v1/calls/{call['id']}/entries", {"text": text}))["call"]
    )


async def say(service: Service, role: str, call: Json, path: str, **body: object) -> None:
    """A word on a call, again where the planner was faster."""
    async with asyncio.timeout(10):
        while True:
            seen = good(await service.get(role, f"/v1/calls/{call['id']}"))["call"]["decision_version"]
            answer = await service.post(
                role, f"/v1/calls/{call['id']}/{path}", {"decision_version": seen} | body
            )
            if answer.status_code != 409:
                break
    good(answer)


async def leave_only(service: Service, *units: str) -> None:
    """Only these units are free; the rest are out of service."""
    views = good(await service.get("dispatcher", "/v1/units"))["units"]
    for unit in views:
        if unit["id"] not in units:
            await status(service, unit["id"], "OutofService")


async def outcome(service: Service, call: Json, role: str = "clinician", **facts: object) -> Json:
    """Report how a call ended; the call afterwards."""
    fresh = (await current(service, call))["decision_version"]
    body = {"facts": facts, "decision_version": fresh}
    return dict(good(await service.post(role, f"/v1/calls/{call['id']}/outcome", body), 201)["call"])


async def current(service: Service, call: Json) -> Json:
    """The call as it stands now."""
    return dict(good(await service.get("dispatcher", f"/v1/calls/{call['id']}"))["call"])

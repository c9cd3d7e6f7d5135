"""How the demo's calls end: what its CAD reports, and what it tidies up after an earlier run."""

import asyncio
import random
from typing import Any

from api.demo.wire import Wire
from models.outcome import HELPED, Linkage, Resolution

PATIENCE = 75.0  # seconds: time for a person to report the outcome first
WEIGHTS = {
    Resolution.ON_SCENE_RESOLVED: 34,
    Resolution.CRISIS_CENTER: 18,
    Resolution.EVALUATED_NO_TRANSPORT: 12,
    Resolution.REFERRED: 9,
    Resolution.ED_VOLUNTARY: 9,
    Resolution.EMERGENCY_DETENTION: 6,
    Resolution.SHELTER: 5,
    Resolution.REFUSED: 4,
    Resolution.ARREST: 3,
}
BY_PROTOCOL = 0.4  # share of helped people whom the EMS protocol would have taken to an ED


def disposition(rng: random.Random) -> dict[str, Any]:
    """Facts of one invented outcome; shares are plausible, measured nowhere."""
    resolution = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    facts: dict[str, Any] = {"resolution": resolution.value, "linkage": Linkage.NONE.value}
    if resolution is Resolution.REFERRED:
        facts["linkage"] = Linkage.REFERRED.value
    if resolution in HELPED and rng.random() < BY_PROTOCOL:
        facts |= {"otherwise_ed": "ems_protocol", "otherwise_ed_reason": "protocol_transport"}
    return facts


async def report(wire: Wire, rng: random.Random, closed: Any) -> None:
    """Report the outcome of a closed call that is owed one, unless a person was faster."""
    call = (closed or {}).get("call")
    if call is None or not call["on_board"]:
        return
    await asyncio.sleep(PATIENCE)
    body = {"facts": disposition(rng), "decision_version": call["decision_version"]}
    await wire.post(f"/v1/calls/{call['id']}/outcome", body, lasting=False)


async def tidy_up(wire: Wire, rng: random.Random) -> None:
    """Close what an earlier run left open, and report what it still owed."""
    for state in ("open", "closed"):
        answer = await wire.get("/v1/calls", state=state, limit=500)
        for call in (answer or {}).get("calls", []):
            if not call["on_board"]:
                continue
            closed = await wire.post(f"/v1/calls/{call['id']}/close", {})
            if closed and closed["call"]["on_board"]:
                body = {"facts": disposition(rng), "decision_version": closed["call"]["decision_version"]}
                await wire.post(f"/v1/calls/{call['id']}/outcome", body)

"""Units that were sent: what their states say of the decision that sent them."""

from tests.console import Console
from tests.service import Service, good, status
from tests.story import accepted, leave_only, paired


async def test_a_reserved_unit_that_goes_elsewhere_alarms_and_the_call_is_planned_again(
    console: Console,
) -> None:
    await leave_only(console.service, "TEL-1", "TRI-1", "PAT-1", "COR-1")
    call = await accepted(console)
    (unit,) = [unit["unit_id"] for unit in call["decision"]["units"]]
    await status(console.service, unit, "TrafficStop")
    await console.until(lambda c: [a for a in c.screen.alerts.values() if a["code"] == "UNIT_LEFT"])
    again = await console.proposed(call["id"])
    assert unit not in [u["unit_id"] for u in again["recommendation"]["pairings"][0]["units"]]
    await console.caught_up()


async def test_one_unit_of_two_that_acknowledges_is_shown_before_the_other(console: Console) -> None:
    service = console.service
    call = await paired(console)
    path = f"/v1/recommendations/{call['recommendation']['id']}/override"
    body = {"unit_ids": ["CRT-1", "PAT-1"], "reason": "OTHER", "decision_version": call["decision_version"]}
    good(await service.post("dispatcher", path, body))
    await status(service, "PAT-1", "EnRoute")
    await console.until(lambda c: c.screen.units["PAT-1"]["hold"] == "received")
    await console.caught_up()
    seen = console.screen.calls[call["id"]]["decision"]["units"]
    assert {unit["unit_id"]: unit["hold"] for unit in seen} == {"CRT-1": "reserved", "PAT-1": "received"}


async def test_a_status_older_than_known_is_ignored_and_counted(service: Service) -> None:
    before = await ignored(service)
    assert (await status(service, "PAT-1", "OnScene"))["taken"]
    assert not (await status(service, "PAT-1", "EnRoute", at="2026-01-01T00:00:00Z"))["taken"]
    unit = good(await service.get("dispatcher", "/v1/units/PAT-1"))
    assert unit["status"] == "OnScene"
    assert await ignored(service) == before + 1


async def ignored(service: Service) -> float:
    """Statuses that were ignored, as the metrics say it."""
    text = (await service.get("anonymous", "/metrics")).text
    lines = [line for line in text.splitlines() if line.startswith('tandem_ignored_total{what="status"}')]
    return float(lines[0].split()[-1]) if lines else 0.0

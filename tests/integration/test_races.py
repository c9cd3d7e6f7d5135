"""Many hands at once: one winner, everybody else told, no unit in two places, no fault of ours."""

import asyncio
import json
import random
from contextlib import AsyncExitStack

from tests.console import Console, waits_for_decision
from tests.integration.test_intake import log_is_whole
from tests.service import Json, Service, accept, flag, good, now, post_call, put_unit, status
from tests.story import gated

ROUNDS = 200
HANDS = 20


class Hand:
    """One dispatcher's connection, so thin that twenty of them really press at once."""

    def __init__(self, service: Service, role: str) -> None:
        self._service = service
        who = f"Authorization: Bearer {service.tokens['alpha', role]}\r\n"
        self._head = f"HTTP/1.1\r\nHost: t\r\n{who}Content-Type: application/json\r\n"

    async def __aenter__(self) -> "Hand":
        address = self._service.url.removeprefix("http://").split(":")
        self._reader, self._writer = await asyncio.open_connection(address[0], int(address[1]))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    async def accept(self, call: Json) -> tuple[int, Json]:
        """Status and body of an accept of the call's best pairing."""
        shown = call["recommendation"]
        form = {"pairing_id": shown["pairings"][0]["id"], "decision_version": call["decision_version"]}
        body = json.dumps(form).encode()
        path = f"/v1/recommendations/{shown['id']}/accept"
        head = f"POST {path} {self._head}Content-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode() + body)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(answer.split("content-length: ")[1].split("\r\n")[0])
        return int(answer.split()[1]), json.loads(await self._reader.readexactly(length))


async def race(console: Console, hands: list[Hand], call_id: str, version: int = 0) -> int:
    """All accept one call at once; 0, or the version to look at where the plan moved on under all of them."""
    call = await console.call(call_id, lambda c: c["decision_version"] >= version and waits_for_decision(c))
    answers = await asyncio.gather(*(hand.accept(call) for hand in hands))
    won = [body["call"]["decision"] for status_code, body in answers if status_code == 200]
    lost = [body for status_code, body in answers if status_code == 409]
    assert len(won) <= 1
    assert len(won) + len(lost) == HANDS
    assert {body["code"] for body in lost} <= {"decision_stale", "already_decided"}
    if not won:
        return max(int(body["params"]["now"]) for body in lost)
    units = [unit["unit_id"] for unit in won[0]["units"]]
    told = [(body["params"]["decision"]["id"], body["params"]["decision"]["units"]) for body in lost]
    assert told == [(won[0]["id"], units)] * (HANDS - 1)
    return 0


async def no_unit_is_in_two_places(service: Service) -> None:
    """Each unit is held by at most one live decision, and by the call of that decision."""
    held = await service.sql(
        "select u.unit_id from decision_unit u join decision d on d.id = u.decision_id "
        "where u.left_at is null and d.state in ('reserved', 'sent', 'received') group by 1 having count(*) > 1"
    )
    assert held == []
    wrong = await service.sql(
        "select u.id from unit u join decision d on d.id = u.decision_id where d.call_id <> u.call_id "
        "or d.state not in ('reserved', 'sent', 'received')"
    )
    assert wrong == []


async def test_twenty_dispatchers_accept_at_once_two_hundred_times(console: Console) -> None:
    service, rounds, batch = console.service, 0, 20
    for number in range(15):
        await put_unit(service, f"CRT-R{number}", "CRT")
    async with AsyncExitStack() as stack:
        roles = ("dispatcher", "supervisor") * (HANDS // 2)
        hands = [await stack.enter_async_context(Hand(service, role)) for role in roles]
        while rounds < ROUNDS:
            calls = [(await post_call(service))["call"] for _ in range(batch)]
            await asyncio.gather(*(flag(service, call) for call in calls))
            for call in calls:
                version = 0
                while version := await race(console, hands, call["id"], version):
                    pass
                rounds += 1
                good(await service.post("integrator", f"/v1/calls/{call['id']}/close"))
            await no_unit_is_in_two_places(service)
    decided = await service.sql("select call_id from decision")
    assert len(decided) == len({row["call_id"] for row in decided}) == ROUNDS
    await log_is_whole(service)
    await console.caught_up()


async def test_one_unit_wanted_by_twenty_calls_goes_to_one_of_them(console: Console) -> None:
    service = console.service
    calls = [await gated(console) for _ in range(HANDS)]

    async def take(call: Json) -> int:
        for _ in range(5):
            fresh = good(await service.get("dispatcher", f"/v1/calls/{call['id']}"))["call"]
            body = {
                "unit_ids": ["SGT-1", "CIT-1"],
                "reason": "OTHER",
                "decision_version": fresh["decision_version"],
            }
            path = f"/v1/recommendations/{fresh['recommendation']['id']}/override"
            answer = await service.post("supervisor", path, body)
            if answer.status_code == 200 or answer.json()["code"] == "unit_unavailable":
                return answer.status_code
        return 409

    answers = await asyncio.gather(*(take(call) for call in calls))
    assert sorted(answers) == [200] + [409] * (HANDS - 1)
    await no_unit_is_in_two_places(service)
    await console.caught_up()


async def test_accept_close_status_remark_and_review_at_once_leave_everything_whole(console: Console) -> None:
    service, chance = console.service, random.Random(3)  # noqa: S311 - the same order every time
    for _ in range(12):
        call = await gated(console)
        units = [unit["unit_id"] for unit in call["recommendation"]["pairings"][0]["units"]]
        version, path = {"decision_version": call["decision_version"]}, f"/v1/calls/{call['id']}"
        other = {"unit_ids": units[::-1], "reason": "OTHER"} | version
        shown = f"/v1/recommendations/{call['recommendation']['id']}"
        work = [accept(service, call), accept(service, call, role="supervisor")]
        work += [
            service.post("supervisor", f"{shown}/override", other),
            service.post("integrator", f"{path}/close"),
        ]
        work += [service.post("integrator", f"{path}/entries", {"text": "HE SHOT SOMEBODY"})]
        work += [service.post("clinician", f"{path}/review", {"decision": "flag"} | version)]
        for unit in units:
            body = {
                "status": chance.choice(["OnScene", "EnRoute", "InService"]),
                "at": now(),
            }
            work.append(service.post("integrator", f"/v1/units/{unit}/status", body))
        chance.shuffle(work)
        answers = await asyncio.gather(*work)
        assert {answer.status_code for answer in answers} <= {200, 201, 409}
        await no_unit_is_in_two_places(service)
        for unit in units:
            await status(service, unit, "InService")
    await log_is_whole(service)
    await console.caught_up()

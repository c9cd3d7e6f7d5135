"""Whatever is sent: never a fault of ours, never half a write."""

import json
from uuid import uuid4

import httpx
import pytest

from tests.console import Console
from tests.integration.test_intake import log_is_whole, state_of
from tests.service import Json, Service, accept, code, good, now, post_call
from tests.story import gated, paired

DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
BODIES = {
    "truncated": b'{"narrative": "MALE', "empty": b"", "no object": b"[1, 2]", "null": b"null", "a word": b"nonsense",
    "not utf-8": b'{"narrative": "\xff\xfe KNIFE"}', "nan": b'{"priority": NaN, "narrative": "x"}',
    "lone surrogate": b'{"narrative": "\\ud83d KNIFE"}', "nul": b'{"narrative": "A\\u0000B"}', "deep": DEEP,
    "huge number": b'{"attributes": {"n": 1' + b"0" * 400 + b'}, "priority": NaN}', "long number": b"9" * 6_000,
    "duplicate keys": b'{"nature": "A", "nature": "B"}', "odd key": b'{"\\u0000\\ud800": 1}',
    "deep attributes": b'{"attributes": ' + b'{"a":' * 900 + b"1" + b"}" * 901,
    "bom": b'\xef\xbb\xbf{"narrative": "x"}', "infinite": b'{"location": {"lat": 1e999, "lon": -Infinity}}',
}  # fmt: skip


def answered(response: httpx.Response) -> None:
    """Accepted, or refused with a problem document."""
    assert response.status_code < 500, response.text[:300]
    if response.status_code >= 400:
        assert response.headers["content-type"] == "application/problem+json", response.text[:200]
        assert response.json()["code"]


@pytest.mark.parametrize("name", BODIES)
async def test_no_body_breaks_any_route_that_takes_one(service: Service, name: str) -> None:
    call = (await post_call(service))["call"]
    paths = ["/v1/calls", "/v1/session", "/v1/units/PAT-1/status", f"/v1/recommendations/{uuid4()}/accept"]
    paths += [
        f"/v1/calls/{call['id']}/{end}" for end in ("entries", "close", "review", "outcome", "link", "flags")
    ]
    for path in paths:
        for kind in ("application/json", "a/\u00e9"):
            headers = {"Content-Type": kind.encode("latin-1")}
            answered(await service.ask("supervisor", "POST", path, content=BODIES[name], headers=headers))
    answered(await service.ask("integrator", "PATCH", f"/v1/calls/{call['id']}", content=BODIES[name]))
    await log_is_whole(service)


async def test_a_request_larger_than_the_limit_is_refused_while_it_is_read(service: Service) -> None:
    async def endless() -> object:
        for _ in range(12):
            yield b"x" * 2**20

    for path in ("/v1/calls", f"/v1/calls/{uuid4()}/review", "/v1/session"):
        answer = await service.ask("supervisor", "POST", path, content=endless())
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"


async def refused(service: Service, role: str, path: str, body: Json, *statuses: int) -> str:
    """The code of a refusal that wrote nothing."""
    before = await state_of(service)
    answer = await service.post(role, path, body)
    assert answer.status_code in statuses, answer.text[:400]
    assert await state_of(service) == before
    return str(answer.json()["code"])


async def test_illegal_moves_on_a_decision_are_refused_whole(console: Console) -> None:
    service, call = console.service, await paired(console)
    override = {"unit_ids": ["PAT-1"], "reason": "OTHER", "decision_version": call["decision_version"]}
    path = f"/v1/recommendations/{call['recommendation']['id']}/override"
    call = good(await service.post("dispatcher", path, override))["call"]
    await console.caught_up()
    version, path = {"decision_version": call["decision_version"]}, f"/v1/decisions/{call['decision']['id']}"
    shown = f"/v1/recommendations/{call['recommendation']['id']}"
    pairing = {"pairing_id": call["recommendation"]["pairings"][0]["id"]}
    assert (
        await refused(service, "dispatcher", f"{shown}/accept", pairing | version, 409) == "already_decided"
    )
    assert (
        await refused(service, "dispatcher", f"{shown}/decline", {"reason": "x"} | version, 409)
        == "already_decided"
    )
    assert await refused(service, "dispatcher", f"{path}/secure", version, 409) == "move_not_allowed"
    assert (
        await refused(service, "dispatcher", f"{path}/reconfirm", {"staging": True} | version, 409)
        == "move_not_allowed"
    )
    assert (
        await refused(service, "dispatcher", f"{path}/release", {"reason": " "} | version, 422)
        == "reason_required"
    )
    assert (
        await refused(service, "dispatcher", f"{path}/release", {"reason": "x", "decision_version": 1}, 409)
        == "decision_stale"
    )
    assert (
        await refused(service, "integrator", f"{path}/ack", {"state": "reserved"}, 422) == "invalid_request"
    )
    good(await service.post("dispatcher", f"{path}/release", {"reason": "x"} | version))
    assert await refused(service, "integrator", f"{path}/ack", {"state": "sent"}, 409) == "move_not_allowed"


async def test_impossible_overrides_are_refused_whole(console: Console) -> None:
    service, call = console.service, await gated(console)
    path = f"/v1/recommendations/{call['recommendation']['id']}/override"
    base = {"reason": "OTHER", "decision_version": call["decision_version"]}
    for units, status in [
        ([], 422),
        (["NO-1"], 404),
        (["PAT-1", "NO-1"], 404),
        (["a\x00b"], 422),
        ([1], 422),
        (["x" * 99], 422),
    ]:
        await refused(service, "supervisor", path, base | {"unit_ids": units}, status)
    await refused(service, "supervisor", path, base | {"unit_ids": ["PAT-1"], "reason": ""}, 422)
    twice = good(await service.post("supervisor", path, base | {"unit_ids": ["PAT-1", "PAT-1"]}))
    assert [unit["unit_id"] for unit in twice["call"]["decision"]["units"]] == ["PAT-1"]


async def test_outcomes_move_one_way_only(console: Console) -> None:
    service, call = console.service, (await post_call(console.service))["call"]
    path, version = f"/v1/calls/{call['id']}/outcome", {"decision_version": call["decision_version"]}
    outcome = good(
        await service.post("clinician", path, {"facts": {"resolution": "phone_resolved"}} | version), 201
    )
    ours = f"/v1/outcomes/{outcome['call']['outcome']['id']}"
    good(await service.post("clinician", f"{ours}/confirm"))
    assert await refused(service, "clinician", f"{ours}/confirm", {}, 409) == "move_not_allowed"
    assert (
        await refused(service, "clinician", path, {"facts": {"resolution": "arrest"}} | version, 409)
        == "move_not_allowed"
    )
    good(await service.post("clinician", f"{ours}/reverse", {"reason": "LATER ARREST"}))
    assert await refused(service, "clinician", f"{ours}/reverse", {"reason": "x"}, 409) == "move_not_allowed"
    assert (
        await refused(service, "clinician", f"/v1/outcomes/{uuid4()}/reverse", {"reason": "x"}, 404)
        == "not_found"
    )


async def test_ids_that_are_unknown_or_of_another_kind_are_not_found(console: Console) -> None:
    service, call = console.service, await paired(console)
    await console.caught_up()
    version = {"decision_version": 1}
    for wrong in (str(uuid4()), call["recommendation"]["id"]):
        assert await refused(
            service, "clinician", f"/v1/calls/{wrong}/review", {"decision": "flag"} | version, 404
        )
        assert await refused(service, "integrator", f"/v1/decisions/{wrong}/ack", {"state": "sent"}, 404)
    for wrong in ("1", "x" * 300, "%00", "..%2f..", "null"):
        answered(
            await service.post(
                "dispatcher", f"/v1/recommendations/{wrong}/accept", {"pairing_id": "1"} | version
            )
        )
        answered(await service.get("dispatcher", f"/v1/units/{wrong}"))
    assert code(await accept(service, call, pairing_id="no such"), 404) == "not_found"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/units/PAT-1/status", {"status": "Asleep", "at": now()}),
        ("/v1/units/PAT-1/status", {"status": "EnRoute", "at": "2026-01-01T00:00:00"}),
        ("/v1/units/PAT-1/status", {"status": "EnRoute", "at": now(), "source_seq": 2**63}),
        ("/v1/units/PAT-1/status", {"status": "EnRoute", "at": now(), "extra": 1}),
        ("/v1/units/PAT-1/position", {"lat": 91, "lon": 0, "at": now()}),
        ("/v1/units/PAT-1/position", {"lat": None, "lon": 0, "at": now()}),
        ("/v1/units/NO-1/position", {"lat": 1, "lon": 0, "at": now()}),
        ("/v1/units/PAT-1/position", {"lat": 1, "lon": 0, "at": "0001-01-01T00:00:00+14:00"}),
        ("/v1/units/PAT-1/position", {"lat": 1, "lon": 0, "at": "9999-12-31T23:59:59-14:00"}),
    ],
)  # fmt: skip
async def test_odd_words_about_a_unit_are_refused_or_ignored(service: Service, path: str, body: Json) -> None:
    answer = await service.post("integrator", path, body)
    answered(answer)
    assert answer.status_code >= 400 or answer.json() in ({"taken": False}, {"taken": True})
    await log_is_whole(service)


@pytest.mark.parametrize(
    "unit",
    [
        {"kind": "UFO"}, {"crew": [{"role": "a\x00", "name": "b"}]}, {"crew": [{"role": "\ud800"}]},
        {"shift_ends_at": "9999-12-31T23:59:59-14:00"}, {"shift_ends_at": "0001-01-01T00:00:00+14:00"},
        {"capabilities": ["x"] * 51}, {"agency": ""}, {"agency": "\x00"},
    ],
)  # fmt: skip
async def test_an_odd_unit_is_refused_whole(service: Service, unit: Json) -> None:
    body = json.dumps({"agency": "city", "kind": "PAT"} | unit).encode()
    headers = {"Content-Type": "application/json"}
    answer = await service.ask("integrator", "PUT", "/v1/units/ODD-1", content=body, headers=headers)
    answered(answer)
    assert answer.status_code == 422
    assert (await service.get("integrator", "/v1/units/ODD-1")).status_code == 404


async def test_odd_headers_and_queries_break_nothing(service: Service) -> None:
    for key in (b"\xff\xfe", b"k" * 9_000, b"", b"\xc3\xa9"):
        answered(await service.ask("integrator", "POST", "/v1/calls", {}, headers={b"Idempotency-Key": key}))
    for query in (
        "after=-1",
        "after=9223372036854775808",
        "limit=0",
        "limit=1e9",
        "after=%00",
        "before=x",
        "state=%ff",
    ):
        for path in (
            "/v1/decisions",
            "/v1/calls",
            "/v1/outcomes",
            "/v1/console/events",
            "/v1/reports/diversion",
        ):
            for role in ("integrator", "manager"):
                answered(await service.get(role, f"{path}?{query}"))
    for span in (
        "first=0001-01-01&last=9999-12-31",
        "first=2026-02-01&last=2026-01-01",
        "last=9999-12-31",
        "first=x",
    ):
        answered(await service.get("manager", f"/v1/reports/diversion?{span}"))
    answered(await service.ask("dispatcher", "TRACE", "/v1/calls"))
    answered(await service.ask("dispatcher", "DELETE", "/v1/calls"))

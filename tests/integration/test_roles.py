"""Who may do what: every route and every role against the table that people keep by hand."""

import csv
import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.routing import Mount, Route
from websockets.exceptions import ConnectionClosed

from api.app import create_app
from api.routes import calls, console, decisions, operations, outcomes, recommendations, session, units
from api.settings import Settings
from tests.console import Console, feed_socket
from tests.service import PASSWORD, ROOT, Json, Service, code, good, now, post_call, sign_in
from tests.story import KNIFE, accepted, append

PARTS = (calls, console, decisions, operations, outcomes, recommendations, session, units)
TABLE = list(csv.DictReader((ROOT / "tests/golden/routes.tsv").read_text().splitlines(), delimiter="\t"))
ROLES = list(TABLE[0])[2:]


def routes() -> Iterator[tuple[str, str]]:
    """Method and path of everything the service answers to, but for the console's own files."""
    for part in PARTS:
        for route in part.router.routes:
            assert isinstance(route, APIRoute | APIWebSocketRoute)
            methods = (route.methods or ()) if isinstance(route, APIRoute) else ("WS",)
            yield from ((method, route.path) for method in methods)
    app = create_app(Settings(), "postgresql://none", None)
    assert sum(type(route).__name__ == "_IncludedRouter" for route in app.routes) == len(PARTS)
    for route in app.routes:
        if isinstance(route, Route):
            yield "GET", route.path
        assert not isinstance(route, Mount) or route.path == ""


def test_every_route_stands_in_the_table_and_every_row_is_a_route() -> None:
    assert sorted((row["method"], row["path"]) for row in TABLE) == sorted(routes())


def path_of(row: Json) -> str:
    """The route's path with ids that nothing has."""
    path = row["path"].replace("{gate}", "G1").replace("{unit_id}", "NO-1")
    path = re.sub(r"{\w+}", str(uuid4()), path)
    return path + "?epoch=x&after=0" if path.endswith("/events") else path


@pytest.mark.parametrize("role", ROLES)
async def test_every_route_lets_through_whom_the_table_lets_through(service: Service, role: str) -> None:
    wrong = []
    for row in TABLE:
        if row["method"] == "WS":
            continue
        answer = await service.ask(role, row["method"], path_of(row), {} if row["method"] != "GET" else None)
        refused = answer.status_code in (401, 403)
        if refused != (row[role] == "deny") or answer.status_code >= 500:
            wrong.append((row["method"], row["path"], answer.status_code))
        if refused:
            assert answer.json()["code"] == ("not_signed_in" if role == "anonymous" else "not_allowed")
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
async def test_the_feed_lets_through_whom_the_table_lets_through(service: Service, role: str) -> None:
    (row,) = [row for row in TABLE if row["method"] == "WS"]
    headers: dict[str, str] | None = {} if role == "anonymous" else None
    async with feed_socket(service, role, "", 0, headers=headers) as socket:
        if row[role] == "allow":
            assert "resync" in str(await socket.recv())
        else:
            with pytest.raises(ConnectionClosed):
                await socket.recv()
            assert socket.close_code == (4401 if role == "anonymous" else 4403)


#: A body that would work on the right id, by the end of the path.
BODIES: dict[str, Json] = {
    "entries": {"text": "x"}, "link": {"other": "", "kind": "related"}, "review": {"decision": "flag"},
    "flags": {"indicator": "suicidal", "action": "add"}, "answers": {"question": "ASK_MEDS", "answer": "NO"},
    "G1/release": {"mentions": ["0:0-1:weapon"], "reason": "x"}, "outcome": {"facts": {"resolution": "refused"}},
    "accept": {"pairing_id": "1"}, "override": {"unit_ids": ["PAT-1"], "reason": "x"}, "decline": {"reason": "x"},
    "ack": {"state": "sent"}, "reconfirm": {"staging": True}, "secure": {}, "reverse": {"reason": "x"},
    "release": {"reason": "x"}, "status": {"status": "EnRoute"}, "position": {"lat": 1, "lon": 1},
}  # fmt: skip


VERSIONED = ("review", "flags", "outcome", "accept", "override", "decline", "reconfirm", "secure", "release")


def body_for(path: str) -> Json:
    """A body with the version every new call begins with."""
    found = next((body for end, body in BODIES.items() if path.endswith(end)), {})
    if path.endswith("link"):
        return {**found, "other": str(uuid4())}
    if path.endswith(("status", "position")):
        return {**found, "at": now()}
    return {**found, "decision_version": 1} if path.endswith(VERSIONED) else found


async def everything(console: Console) -> Json:
    """Ids of one of everything in center alpha, by the name of the path's parameter."""
    service = console.service
    call = await append(service, await accepted(console), KNIFE)
    alert = next(iter((await console.until(lambda c: c.screen.alerts)).values()))
    other = (await post_call(service))["call"]
    facts = {"facts": {"resolution": "refused"}, "decision_version": other["decision_version"]}
    outcome = good(await service.post("clinician", f"/v1/calls/{other['id']}/outcome", facts))["call"][
        "outcome"
    ]
    kept = (await service.ask("integrator", "POST", "/v1/calls", content=b"{")).json()["params"]["id"]
    ids = {"call_id": call["id"], "recommendation_id": call["recommendation"]["id"], "unit_id": "PAT-1"}
    ids |= {"decision_id": call["decision"]["id"], "alert_id": alert["id"], "outcome_id": outcome["id"]}
    return ids | {"kept": kept, "gate": "G1"}


async def test_another_centers_anything_is_not_found_by_any_role(console: Console) -> None:
    ids, wrong = await everything(console), []
    before = await console.service.snapshot()
    for row in TABLE:
        if "{" not in row["path"] or (row["method"], row["path"]) == ("PUT", "/v1/units/{unit_id}"):
            continue
        path = row["path"].format(**ids)
        body = body_for(path) if row["method"] != "GET" else None
        for role in ROLES[:-1]:
            answer = await console.service.ask(role, row["method"], path, body, center="beta")
            if answer.status_code != (404 if row[role] == "allow" else 403):
                wrong.append((role, row["method"], row["path"], answer.status_code, answer.text[:200]))
    assert wrong == []
    after = await console.service.snapshot()
    assert (after["calls"], after["units"], after["alerts"]) == (
        before["calls"],
        before["units"],
        before["alerts"],
    )


async def test_lists_never_show_another_centers_rows(console: Console) -> None:
    await everything(console)
    service = console.service
    for role, path in [
        ("dispatcher", "/v1/calls"), ("dispatcher", "/v1/units"), ("integrator", "/v1/decisions"),
        ("manager", "/v1/outcomes"), ("admin", "/v1/quarantine"),
    ]:  # fmt: skip
        name = path.rpartition("/")[2]
        assert good(await service.get(role, path))[name] != []
        assert good(await service.get(role, path, center="beta"))[name] == []


async def test_a_call_or_a_unit_is_not_posted_into_another_center(service: Service) -> None:
    assert code(await service.post("integrator", "/v1/calls", {"center": "beta"}), 404) == "not_found"
    unit = {"center": "beta", "agency": "city", "kind": "PAT"}
    assert code(await service.ask("integrator", "PUT", "/v1/units/X-1", unit), 404) == "not_found"


async def test_a_unit_of_another_center_is_not_sent(console: Console) -> None:
    service = console.service
    unit = {"agency": "city", "kind": "PAT"}
    good(await service.ask("integrator", "PUT", "/v1/units/BETA-1", unit, center="beta"))
    call = (await post_call(service, "SON HEARING VOICES, HE HAS A KNIFE IN HIS HAND"))["call"]
    call = await console.call(call["id"], lambda c: c["recommendation"] is not None)
    body = {"unit_ids": ["BETA-1"], "reason": "OTHER", "decision_version": call["decision_version"]}
    path = f"/v1/recommendations/{call['recommendation']['id']}/override"
    assert code(await service.post("supervisor", path, body), 404) == "not_found"


async def test_a_session_is_who_signed_in_until_it_is_signed_out(service: Service) -> None:
    cookie = await sign_in(service, "dispatcher.a")
    user = good(await service.http.get("/v1/session", headers=cookie))["user"]
    assert (user["role"], user["center"], user["synthetic"]) == ("dispatcher", "alpha", True)
    good(await service.http.delete("/v1/session", headers=cookie), 204)
    assert code(await service.http.get("/v1/session", headers=cookie), 401) == "not_signed_in"


async def test_a_cookie_from_another_site_decides_nothing(service: Service) -> None:
    cookie = await sign_in(service, "dispatcher.a")
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
        foreign = {**cookie, "Origin": origin}
        assert code(await service.http.post("/v1/calls", json={}, headers=foreign), 403) == "foreign_origin"
        assert code(await service.http.delete("/v1/session", headers=foreign), 403) == "foreign_origin"
        async with feed_socket(service, "dispatcher", "", 0, headers=foreign) as socket:
            with pytest.raises(ConnectionClosed):
                await socket.recv()
            assert socket.close_code == 4403
        answer = await service.http.post("/v1/session", json={}, headers=foreign)
        assert answer.status_code in (403, 422)
    own = {**cookie, "Origin": service.url}
    good(await service.http.post("/v1/calls", json={}, headers=own))


async def test_nobody_learns_which_names_exist(service: Service) -> None:
    unknown = {"username": "nobody", "password": PASSWORD}
    disabled = {"username": "admin.a", "password": PASSWORD}
    await service.sql("update account set disabled_at = now() where role = 'admin'")
    answers = [await service.http.post("/v1/session", json=body) for body in (unknown, disabled)]
    assert [code(answer, 401) for answer in answers] == ["sign_in_refused"] * 2
    assert answers[0].json() == answers[1].json()


async def test_wrong_credentials_of_any_shape_are_a_plain_401(service: Service) -> None:
    odd = [b"Bearer", b"Bearer x", b"bearer \xff", b"Basic dTpw", b"Bearer " + b"x" * 5_000]
    headers = [(b"Authorization", value) for value in odd]
    headers += [(b"Cookie", b"tandem_session=" + value) for value in (b"", b"%00", b"\xff")]
    for header in headers:
        assert code(await service.http.get("/v1/calls", headers=[header]), 401) == "not_signed_in"

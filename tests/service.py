"""The real service on a real port, with people and machines of every role, for tests that speak HTTP to it."""

import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from api.desk import Desk
from api.embedded import Engines
from api.policies import packaged
from api.policies import set_policy as keep_policy
from api.security import ROLES, add_account, add_token
from api.serving import address_of, listening, serving
from api.settings import Settings
from models.store.database import open_pool, query

PASSWORD = "correct horse battery"
CENTERS = {"alpha": True, "beta": False}  # id: synthetic
HERE = {"lat": 39.1653, "lon": -86.5264}
#: The roster of center alpha: kind by unit.
UNITS = {
    "TEL-1": "TEL", "L-988": "988", "CRT-1": "CRT", "CRT-2": "CRT", "TRI-1": "TRI", "COR-1": "COR", "CIT-1": "CIT",
    "PAT-1": "PAT", "PAT-2": "PAT", "SGT-1": "SGT", "EMS-1": "EMS", "PSW-1": "PSW", "OUT-1": "OUT",
}  # fmt: skip
VOICES = "FEMALE TALKING TO HERSELF HEARING VOICES, IN HER APARTMENT"
Json = dict[str, Any]


@dataclass
class Service:
    """A running service and the credentials of everybody in it."""

    url: str
    postgres: str
    http: httpx.AsyncClient
    tokens: Mapping[tuple[str, str], str]
    desk: Desk | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def live(self) -> Desk:
        """The desk of a service that runs in this process."""
        assert self.desk is not None
        return self.desk

    async def ask(
        self, role: str, method: str, path: str, body: Any = None, *, center: str = "alpha", **more: Any
    ) -> httpx.Response:
        """One request of a role; `anonymous` sends no credentials."""
        headers = {**self.headers, **more.pop("headers", {})}
        if role != "anonymous":
            headers["Authorization"] = f"Bearer {self.tokens[center, role]}"
        if body is not None:
            more["json"] = body
        return await self.http.request(method, path, headers=headers, **more)

    async def post(self, role: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """POST as a role; `key` is its Idempotency-Key."""
        if (key := more.pop("key", None)) is not None:
            more["headers"] = {**more.get("headers", {}), "Idempotency-Key": key}
        return await self.ask(role, "POST", path, {} if body is None else body, **more)

    async def get(self, role: str, path: str, **more: Any) -> httpx.Response:
        """GET as a role."""
        return await self.ask(role, "GET", path, **more)

    async def snapshot(self, role: str = "dispatcher", **more: Any) -> Json:
        """What a console of that role starts from."""
        return dict(good(await self.get(role, "/v1/console/snapshot", **more)))

    async def measure(self, name: str) -> float:
        """The sum of a metric over its labels, as Prometheus reads it from this service."""
        families = text_string_to_metric_families((await self.get("anonymous", "/metrics")).text)
        return sum(each.value for family in families for each in family.samples if each.name == name)

    async def sql(self, statement: str, *arguments: Any) -> list[Any]:
        """Rows of the service's own database."""
        async with open_pool(self.postgres, 2) as pool:
            return list(await pool.fetch(statement, *arguments))


def good(response: httpx.Response, *statuses: int) -> Any:
    """The body of an answer that must have worked."""
    assert response.status_code in (statuses or (200, 201)), f"{response.status_code} {response.text[:800]}"
    return response.json() if response.content else None


def code(response: httpx.Response, status: int) -> str:
    """The problem code of an answer that must have been refused with this status."""
    assert response.status_code == status, f"{response.status_code} {response.text[:800]}"
    return str(response.json()["code"])


@asynccontextmanager
async def running_service(
    postgres: str,
    redis: str | None,
    tokens: Mapping[tuple[str, str], str],
    **settings: Any,
) -> AsyncIterator[Service]:
    """The whole service in this event loop, on a free port, for a database that was seeded with these tokens.

    `settings` are those of the service; `trust` is what its client verifies a certificate with.
    """
    trust: ssl.SSLContext | None = settings.pop("trust", None)
    given = {"canary": timedelta(0), **settings}  # a call that nobody posted is in no test's way
    knobs = Settings(port=0, postgres=postgres, redis=redis, **given)
    with listening(knobs) as listener:
        async with serving(knobs, Engines(postgres, redis), listener) as server:
            url = address_of(knobs, listener)
            async with client(url, trust) as http:
                desk: Desk = server.config.app.state.desk  # type: ignore[union-attr]
                yield Service(url, postgres, http, tokens, desk)


def client(url: str, trust: ssl.SSLContext | None = None) -> httpx.AsyncClient:
    """An HTTP client that may keep many requests in flight."""
    limits = httpx.Limits(max_connections=200)
    return httpx.AsyncClient(base_url=url, timeout=60, limits=limits, verify=trust or True)


async def seed(postgres: str) -> dict[tuple[str, str], str]:
    """Two centers with tokens of every role, accounts and units in alpha; tokens by center and role."""
    tokens = {}
    async with open_pool(postgres, 2) as pool:
        for center, synthetic in CENTERS.items():
            about = (center.title(), "America/New_York", synthetic, "feed")
            await pool.execute(query("add_center"), center, *about)
            for role in ROLES:
                tokens[center, role] = await add_token(pool, center, role, role)
        for role in ROLES:
            await add_account(pool, "alpha", f"{role}.a", role.title(), role, PASSWORD)
        crew = [{"role": "lead", "name": "Ada"}]
        then = datetime.now(UTC)
        for unit, kind in UNITS.items():
            roster: tuple[Any, ...] = ("city", kind, crew, [], then + timedelta(hours=8), then)
            await pool.execute(query("put_unit"), "alpha", unit, *roster)
    return tokens


async def on_shift(postgres: str) -> None:
    """Every unit has just said its status and its position."""
    async with open_pool(postgres, 2) as pool:
        await pool.execute(
            "update unit set status_at = now(), position_at = now(), lat = $1, lon = $2", *HERE.values()
        )


async def set_policy(postgres: str, center: str = "alpha", **changes: str) -> None:
    """Give a center the shipped policy with some values replaced: `reservation_seconds="2"`."""
    text = changed_policy(**changes)
    async with open_pool(postgres, 2) as pool, pool.acquire() as connection:
        await keep_policy(connection, center, text, by="test", reason="test")


def changed_policy(**changes: str) -> str:
    """The shipped policy with some values replaced."""
    text = packaged()
    for name, value in changes.items():
        line = next(line for line in text.splitlines() if line.startswith(f"{name} = "))
        text = text.replace(line, f"{name} = {value}")
    return text


async def put_unit(service: Service, unit: str, kind: str, **more: Any) -> None:
    """One unit on shift, InService, with a fresh position."""
    form = {
        "agency": "city",
        "kind": kind,
        "shift_ends_at": in_hours(8),
        "crew": [{"role": "lead", "name": "Ada"}],
    }
    good(await service.ask("integrator", "PUT", f"/v1/units/{unit}", form | more))
    good(await service.post("integrator", f"/v1/units/{unit}/position", {**HERE, "at": now()}))


async def status(service: Service, unit: str, secondary: str, **more: Any) -> Json:
    """The CAD says a unit's status."""
    body = {"status": secondary, "at": now()} | more
    return dict(good(await service.post("integrator", f"/v1/units/{unit}/status", body)))


async def post_call(service: Service, narrative: str = VOICES, **fields: Any) -> Json:
    """A call of the CAD as it was answered: {call, assessment}."""
    body = {"source": "911", "received_at": now(), "nature": "WELFARE CHECK", "narrative": narrative}
    body |= {"location": {**HERE, "place": "12 ELM ST"}} | fields
    return dict(good(await service.post("integrator", "/v1/calls", body)))


async def flag(service: Service, call: Json, decision: str = "flag", **more: Any) -> Json:
    """The clinician's word on a call; the call afterwards."""
    body = {"decision": decision, "decision_version": call["decision_version"]} | more
    return dict(good(await service.post("clinician", f"/v1/calls/{call['id']}/review", body))["call"])


async def accept(
    service: Service, call: Json, pairing: int = 0, role: str = "dispatcher", **more: Any
) -> httpx.Response:
    """Accept a pairing of the recommendation as it stands in `call`."""
    shown = call["recommendation"]
    body = {"pairing_id": shown["pairings"][pairing]["id"], "decision_version": call["decision_version"]}
    return await service.post(role, f"/v1/recommendations/{shown['id']}/accept", body | more)


async def sign_in(
    service: Service, username: str, password: str = PASSWORD, **headers: str
) -> dict[str, str]:
    """The cookie header of a new session."""
    body = {"username": username, "password": password}
    answer = await service.http.post("/v1/session", json=body, headers=headers)
    good(answer, 201)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    service.http.cookies.clear()
    return {"Cookie": cookie.partition(";")[0]}


def now() -> str:
    """This instant, as a CAD writes it."""
    return datetime.now(UTC).isoformat()


def in_hours(hours: float) -> str:
    """An instant from now."""
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


ROOT = Path(__file__).resolve().parent.parent

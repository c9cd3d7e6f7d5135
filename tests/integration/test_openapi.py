"""Schemathesis over the service's own document, with credentials: never a fault, and every operation can succeed."""

import asyncio
import csv
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import schemathesis.openapi
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case

from tests.console import Console
from tests.integration.test_intake import log_is_whole
from tests.service import PASSWORD, ROOT, Json, good, now, post_call
from tests.story import KNIFE, append, gated, paired

EXAMPLES = 6
TABLE = csv.DictReader((ROOT / "tests/golden/routes.tsv").read_text().splitlines(), delimiter="\t")
ROLES = {(row["method"], row["path"]): row for row in TABLE}


def cases_of(operation: Any) -> list[Case[Any]]:
    """Requests that fit the document; made while nothing else runs, for Hypothesis counts on being alone."""
    found: list[Case[Any]] = []
    checks = list(HealthCheck)

    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=checks,
    )
    @given(case=operation.as_strategy())
    def collect(case: Case[Any]) -> None:
        found.append(case)

    collect()
    return found


def role_for(operation: Any) -> str:
    """Somebody whom the table lets through."""
    row = ROLES[operation.method.upper(), operation.path]
    return next(r for r in ("supervisor", "integrator", "admin", "manager") if row[r] == "allow")


class Real:
    """Ids and bodies that would work, made for one request at a time."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._service = console.service

    async def call(self) -> tuple[Json, Json]:
        """A fresh call, closed gate and all; {path, body}."""
        call = await gated(self._console)
        body: Json = {"decision_version": call["decision_version"], "reason": "OTHER"}
        body |= {"decision": "flag", "indicator": "suicidal", "action": "add", "kind": "related"}
        body |= {"other": (await post_call(self._service))["call"]["id"], "facts": {"resolution": "refused"}}
        whole = good(await self._service.get("dispatcher", f"/v1/calls/{call['id']}"))
        body |= {"mentions": next(gate["mentions"] for gate in whole["gates"] if gate["name"] == "G1")}
        body |= {"question": call["assessment"]["questions"][0]["code"], "answer": "YES"}
        return {"call_id": call["id"], "gate": "G1"}, body

    async def recommendation(self) -> tuple[Json, Json]:
        """A call that waits for a decision."""
        await self._free()
        call = await paired(self._console)
        shown = call["recommendation"]
        body = {"pairing_id": shown["pairings"][0]["id"], "unit_ids": ["PAT-2"], "reason": "OTHER"}
        return {"recommendation_id": shown["id"]}, body | {"decision_version": call["decision_version"]}

    async def decision(self) -> tuple[Json, Json]:
        """A decision with an officer and a team."""
        path, body = await self.recommendation()
        body = {name: body[name] for name in ("reason", "decision_version")} | {
            "unit_ids": ["PAT-1", "CRT-1"]
        }
        call = good(
            await self._service.post(
                "supervisor", f"/v1/recommendations/{path['recommendation_id']}/override", body
            )
        )["call"]
        version = {"decision_version": call["decision_version"], "reason": "OTHER"}
        return {"decision_id": call["decision"]["id"], "call": call}, version | {
            "state": "sent",
            "staging": True,
        }

    async def alarmed(self) -> tuple[Json, Json]:
        """A decision that met a new danger."""
        path, body = await self.decision()
        call = await append(self._service, path["call"], KNIFE)
        alert = (
            await self._console.until(
                lambda c: [a for a in c.screen.alerts.values() if a["call_id"] == call["id"]]
            )
        )[0]
        return path | {"alert_id": alert["id"]}, body | {"decision_version": call["decision_version"]}

    async def staged(self) -> tuple[Json, Json]:
        """A decision whose team waits outside."""
        path, body = await self.alarmed()
        form = {"decision_version": body["decision_version"], "staging": True}
        call = good(
            await self._service.post("supervisor", f"/v1/decisions/{path['decision_id']}/reconfirm", form)
        )["call"]
        return path, body | {"decision_version": call["decision_version"]}

    async def outcome(self) -> tuple[Json, Json]:
        """An outcome nobody has confirmed."""
        call = (await post_call(self._service))["call"]
        form = {"facts": {"resolution": "refused"}, "decision_version": call["decision_version"]}
        told = good(await self._service.post("supervisor", f"/v1/calls/{call['id']}/outcome", form))["call"]
        return {"outcome_id": told["outcome"]["id"]}, {"reason": "OTHER"}

    async def unit(self) -> tuple[Json, Json]:
        """A unit and what may be said of it."""
        body = {
            "agency": "city",
            "kind": "PAT",
            "center": "alpha",
            "at": now(),
            "status": "EnRoute",
            "lat": 1.0,
            "lon": 1.0,
        }
        return {"unit_id": "SGT-1"}, body

    async def kept(self) -> tuple[Json, Json]:
        """Something in quarantine."""
        answer = await self._service.ask("integrator", "POST", "/v1/calls", content=b"{")
        return {"kept": answer.json()["params"]["id"]}, {}

    async def nothing(self) -> tuple[Json, Json]:
        """No id at all: sign-in, and the center's own calls."""
        return {}, {"username": "manager.a", "password": PASSWORD, "center": "alpha"}

    async def _free(self) -> None:
        for unit in good(await self._service.get("dispatcher", "/v1/units"))["units"]:
            if unit["call_id"]:
                await self._service.post("integrator", f"/v1/calls/{unit['call_id']}/close")

    def maker(self, path: str) -> Callable[[], Awaitable[tuple[Json, Json]]]:
        """What a path needs."""
        ends = {"/reconfirm": self.alarmed, "/acknowledge": self.alarmed, "/secure": self.staged}
        names = {"call_id": self.call, "recommendation_id": self.recommendation, "decision_id": self.decision}
        names |= {"outcome_id": self.outcome, "unit_id": self.unit, "kept": self.kept}
        by_end = (make for end, make in ends.items() if path.endswith(end))
        by_name = (make for name, make in names.items() if f"{{{name}}}" in path)
        return next(by_end, None) or next(by_name, self.nothing)


async def mended(real: Real, document: Json, case: Case[Any]) -> None:
    """Put what exists in place of what was made up, where the document cannot know it."""
    ids, body = await real.maker(case.operation.path)()
    case.path_parameters = {
        name: ids.get(name, value) for name, value in (case.path_parameters or {}).items()
    }
    if isinstance(case.body, dict):
        fields = fields_of(document, case)
        case.body = {**case.body, **{name: value for name, value in body.items() if name in fields}}
    if case.operation.path.endswith("/events"):
        case.query = {"epoch": (await real._service.snapshot())["epoch"], "after": 0}
    if case.operation.path.endswith("/diversion"):
        case.query = {}


def fields_of(document: Json, case: Case[Any]) -> Json:
    """The fields of the form that an operation takes."""
    operation = document["paths"][case.operation.path][case.operation.method.lower()]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    form = (
        document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]] if "$ref" in schema else schema
    )
    return dict(form["properties"])


async def test_every_operation_of_the_document_can_succeed_and_none_ever_fails(console: Console) -> None:
    service, real = console.service, Real(console)
    document = good(await service.http.get("/v1/openapi.json"))
    schema = schemathesis.openapi.from_dict(document)
    seen: dict[str, Counter[int]] = {}
    results: list[Any] = list(schema.get_all_operations())
    for operation in (result.ok() for result in results):
        role, name = role_for(operation), operation.label
        seen[name] = Counter()
        for number, case in enumerate(cases_of(operation)):
            if number % 2 == 0:
                await mended(real, document, case)
            headers = {
                "Authorization": f"Bearer {service.tokens['alpha', role]}",
                "Idempotency-Key": str(uuid4()),
            }
            answer = await asyncio.to_thread(case.call, base_url=service.url, headers=headers)
            assert answer.status_code < 500, (name, case.body, answer.text[:300])
            seen[name][answer.status_code // 100] += 1
    never = [name for name, statuses in seen.items() if not statuses[2]]
    everything = sum(seen.values(), Counter[int]())
    assert never == [], seen
    assert everything[2] / everything.total() >= 0.3
    await log_is_whole(service)
    await console.caught_up()

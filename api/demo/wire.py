"""Speaks to the service as an integrator does: over HTTP, patiently, and never twice for one fact."""

import asyncio
import random
from collections import Counter
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import httpx
import structlog

log = structlog.get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.25, 5.0  # seconds between two tries
GIVEN_UP_AFTER = 600.0  # seconds; one fact that always fails must not hold up the others for ever


class Wire:
    """One integrator's connection; refusals are counted in `warnings`, by operation and status."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.warnings: Counter[str] = Counter()

    async def get(self, path: str, **params: str | int) -> Any:
        """The JSON at `path`; waits out a service that is away; None when it refuses."""
        return await self._sent("GET", path, params=params)

    async def put(self, path: str, body: dict[str, Any]) -> Any:
        """Put `body`; waits out a service that is away; None when it refuses."""
        return await self._sent("PUT", path, json=body)

    async def post(self, path: str, body: dict[str, Any], *, lasting: bool = True) -> Any:
        """Post a fact once, however often it has to be tried; None when it is refused.

        `lasting=False` is for facts that the next one replaces: they are dropped when the service is away.
        """
        return await self._sent(
            "POST", path, lasting=lasting, json=body, headers={"Idempotency-Key": uuid4().hex}
        )

    async def _sent(self, method: str, path: str, *, lasting: bool = True, **request: Any) -> Any:
        clock = asyncio.get_running_loop().time
        wait, until = FIRST_WAIT, clock() + (GIVEN_UP_AFTER if lasting else 0)
        while True:
            response = await self._tried(method, path, request)
            if response is not None and not _passing(response):
                return self._read(method, path, response)
            if clock() >= until:
                return None
            await asyncio.sleep(max(wait * random.uniform(0.7, 1.3), _asked_for(response)))  # noqa: S311 - jitter
            wait = min(wait * 2, LONGEST_WAIT)

    async def _tried(self, method: str, path: str, request: dict[str, Any]) -> httpx.Response | None:
        try:
            return await self._client.request(method, path, **request)
        except httpx.TransportError as fault:
            self.warned(method, path, type(fault).__name__)
            return None

    def _read(self, method: str, path: str, response: httpx.Response) -> Any:
        if response.is_success:
            try:
                return response.json() if response.content else {}
            except ValueError:
                self.warned(method, path, "not_json")
                return None
        self.warned(method, path, str(response.status_code))
        return None

    def warned(self, method: str, path: str, fault: str) -> None:
        """Count a fault; logged at the first, the tenth, the hundredth ... and without any id."""
        operation = f"{method} {'/'.join(path.strip('/').split('/')[1::2])} {fault}"
        self.warnings[operation] += 1
        count = str(self.warnings[operation])
        if count.rstrip("0") == "1":
            log.warning("demo_refused", operation=operation, count=self.warnings[operation])


def _passing(response: httpx.Response) -> bool:
    return response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status_code == 429


def _asked_for(response: httpx.Response | None) -> float:
    """Seconds that the service asks to wait, at most a minute."""
    asked = response.headers.get("Retry-After", "") if response is not None else ""
    return min(float(asked), 60.0) if asked.isdigit() else 0.0

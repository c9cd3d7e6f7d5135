"""Plays the rows of a CAD export through the public API, in the order of their time, and resumes where it stopped."""

import asyncio
import heapq
import json
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx

from api.cad_export import ReplayFault, Row

IN_FLIGHT = 16
TRIES = 8
NOTED_EVERY = 1_000  # lines
T = TypeVar("T")


@dataclass(slots=True)
class Tally:
    """What became of the lines."""

    accepted: int = 0
    rejected: int = 0
    closed: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


async def need_synthetic(client: httpx.AsyncClient, center: str) -> None:
    """Raise ReplayFault unless the token belongs to this center and the center is marked synthetic."""
    try:
        response = await client.get("/v1/session")
    except httpx.TransportError as fault:
        raise ReplayFault(f"Nothing answers at {client.base_url}. Start the service first.") from fault
    if response.status_code != 200:
        raise ReplayFault(f"The token is not known there. Make one with: tandem token add {center} replay")
    user = response.json()["user"]
    if user["center"] != center:
        raise ReplayFault(f"The token belongs to center {user['center']!r}, not {center!r}.")
    if not user["synthetic"]:
        raise ReplayFault(f"Center {center!r} takes live calls: replay into one made with --synthetic.")


class Journal:
    """Which lines are done, so that a second start goes on where the first stopped."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.done: set[str] = set(json.loads(path.read_text())) if path.exists() else set()

    def keep(self) -> None:
        """Write it down, whole or not at all."""
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps(sorted(self.done)))
        part.replace(self._path)


class Player:
    """Posts rows and their closings in the order of their time."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        center: str,
        journal: Journal,
        *,
        speed: float | None,
        rebase: bool,
        reject: Callable[[int, str], None],
        step: Callable[[], None],
    ) -> None:
        self._client, self._center, self._journal = client, center, journal
        self._speed, self._rebase = speed, rebase
        self._reject, self._step = reject, step
        self._slots = asyncio.Semaphore(IN_FLIGHT)
        self.tally = Tally()

    async def play(self, rows: list[Row]) -> Tally:
        """Post all of them; returns the tally. `rows` are in the order of their time."""
        work: set[asyncio.Task[Any]] = set()
        try:
            await self._play(rows, work)
            await asyncio.gather(*work)
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
        return self.tally

    async def _play(self, rows: list[Row], work: "set[asyncio.Task[Any]]") -> None:
        began = datetime.now(UTC)
        origin = rows[0].at if rows else began
        open_calls: list[tuple[datetime, int, asyncio.Task[str | None]]] = []
        for row in rows:
            while open_calls and open_calls[0][0] <= row.at:
                _, line, posted = heapq.heappop(open_calls)
                await self._start(work, self._close(line, posted))
            await self._until(began, row.at - origin)
            posted = await self._start(work, self._post(row, began, origin))
            heapq.heappush(open_calls, (row.closed_at, row.line, posted))
        while open_calls:
            closing, line, posted = heapq.heappop(open_calls)
            await self._until(began, closing - origin)
            await self._start(work, self._close(line, posted))

    async def _start(self, work: "set[asyncio.Task[Any]]", step: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Begin a request as soon as one of the slots is free; a fault of an earlier one ends the replay."""
        try:
            await self._slots.acquire()
        except asyncio.CancelledError:
            step.close()
            raise
        for task in [task for task in work if task.done()]:
            work.discard(task)
            task.result()
        task = asyncio.create_task(step)
        work.add(task)
        return task

    async def _until(self, began: datetime, elapsed: timedelta) -> None:
        if self._speed is None:
            return
        wait = (began + elapsed / self._speed - datetime.now(UTC)).total_seconds()
        if wait > 0:
            await asyncio.sleep(wait)

    async def _post(self, row: Row, began: datetime, origin: datetime) -> str | None:
        try:
            at = row.at
            if self._rebase:
                at = began + (row.at - origin) / self._speed if self._speed else datetime.now(UTC)
            body = {**row.body, "center": self._center, "received_at": at.isoformat()}
            key = f"call:{row.body['external_id']}"
            response = await self._send("/v1/calls", body, key if not self._rebase else None)
            if response.status_code in (200, 201):
                self.tally.accepted += 1
                return str(response.json()["call"]["id"])
            self._reject(row.line, f"{response.status_code} {_code(response)}")
            return None
        finally:
            self._slots.release()
            self._step()

    async def _close(self, line: int, posted: "asyncio.Task[str | None]") -> None:
        try:
            call_id = await posted
            if call_id is None:
                return
            response = await self._send(f"/v1/calls/{call_id}/close", {}, None)
            self.tally.closed += response.is_success
            self._journal.done.add(str(line))
            if len(self._journal.done) % NOTED_EVERY == 0:
                self._journal.keep()
        finally:
            self._slots.release()
            self._step()

    async def _send(self, path: str, body: Mapping[str, Any], key: str | None) -> httpx.Response:
        """Post, waiting out a service that is away for a while; raises ReplayFault when it stays away."""
        headers = {"Idempotency-Key": key} if key else {}
        for attempt in range(TRIES):
            try:
                response = await self._client.post(path, json=body, headers=headers)
            except httpx.TransportError:
                response = None
            if response is not None and response.status_code in (401, 403):
                raise ReplayFault(
                    "The token may not post calls: make one with `tandem token add CENTER replay`."
                )
            if response is not None and response.status_code < 500 and response.status_code != 429:
                return response
            await asyncio.sleep(0.25 * 2**attempt)
        raise ReplayFault(
            "The service stays away. Start it again and repeat the command: it goes on where it stopped."
        )


def _code(response: httpx.Response) -> str:
    try:
        return str(response.json()["code"])
    except (ValueError, KeyError, TypeError):
        return "unreadable answer"

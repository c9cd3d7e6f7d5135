"""Runs a use case at most once per Idempotency-Key, in the fact's own transaction."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson
from fastapi import Response

from api.desk import Desk
from api.security import Principal
from models.errors import KeyReused, NotReady
from models.store.database import query
from models.store.writing import Writing, writing

UseCase = Callable[[Writing], Awaitable[Any]]
RETRIES = 4
LONGEST = 200  # characters of a key that are kept as they are; a longer one is kept as its digest


@dataclass(frozen=True, slots=True)
class Key:
    """One caller's key for one route, with the hash of the body it stands for."""

    value: str
    route: str
    body_hash: bytes

    @classmethod
    def of(cls, value: str | None, method: str, path: str, body: bytes) -> "Key | None":
        """None where the caller sent no key."""
        if value is None:
            return None
        kept = value if len(value) <= LONGEST else hashlib.sha256(value.encode()).hexdigest()
        return cls(kept, f"{method} {path}", hashlib.sha256(body).digest())


class Replayed(Exception):
    """This key was answered before."""

    def __init__(self, response: str) -> None:
        super().__init__()
        self.response = response


async def run(
    desk: Desk, principal: Principal, key: Key | None, use_case: UseCase, status: int = 200
) -> Response:
    """Run `use_case` in one transaction and answer with what it returns as JSON.

    A `(status, body)` pair overrides `status`. A key seen before gives the first answer again with status 200;
    raises KeyReused where its body differs.
    """
    for attempt in range(RETRIES):
        try:
            return await _attempt(desk, principal, key, use_case, status)
        except Replayed as replay:
            return Response(replay.response, 200, media_type="application/json")
        except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
            await asyncio.sleep(0.01 * 2**attempt)
    raise NotReady("The database is too busy to decide this now: try again.")


async def _attempt(
    desk: Desk, principal: Principal, key: Key | None, use_case: UseCase, status: int
) -> Response:
    async with writing(desk.pool, principal.center, desk.now(), principal.name) as pen:
        if key is not None:
            await _claim(pen, principal, key)
        result = await use_case(pen)
        if isinstance(result, tuple):
            status, result = result
        body = orjson.dumps(result, default=_plain)
        if key is not None:
            pen.answer(principal.key, key.route, key.value, status, body.decode())
    desk.wake()
    return Response(body, status, media_type="application/json")


async def _claim(pen: Writing, principal: Principal, key: Key) -> None:
    scope = pen.center, principal.key, key.route, key.value
    if await pen.connection.fetchval(query("claim_key"), *scope, key.body_hash) is not None:
        return
    kept = await pen.connection.fetchrow(query("keyed_response"), *scope)
    if kept is None:
        raise asyncpg.SerializationError("the holder of this key rolled back: try again")
    if kept["body_hash"] != key.body_hash:
        raise KeyReused
    raise Replayed(kept["response"])


def _plain(value: Any) -> Any:
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    raise TypeError(type(value).__name__)

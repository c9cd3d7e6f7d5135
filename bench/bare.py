"""The peer: a bare FastAPI + asyncpg program that stores what one call stores, by the same statement, and no more."""

import asyncio
import os
import socket
import sys
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus

import asyncpg
from fastapi import FastAPI, Request, Response

from api.embedded import Engines
from bench.http import Client
from models.ids import new_id
from models.store.database import open_pool, query

POSTGRES = "BENCH_POSTGRES"
CENTER = "bare"
LINES = 32  # requests under way at once: enough to keep two cores busy
#: As large as those of a call: event, assessment, answer, view.
EVENT, ASSESSMENT, ANSWER, VIEW = ('{"filled": "' + "x" * size + '"}' for size in (1000, 1100, 1700, 600))
CALL = (
    b'{"external_id": "%d", "nature": "WELFARE CHECK", "narrative": "'
    + b"RP HASNT SEEN NEIGHBOR " * 6
    + b'"}'
)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """A pool, and no more."""
    async with open_pool(os.environ[POSTGRES], 12) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/calls")
async def post_call(request: Request) -> Response:
    """Store a call of the usual size under a key."""
    body = await request.json()
    now = datetime.now(UTC)
    number = str(body["external_id"])
    await request.app.state.pool.fetchval(
        query("take_call"),
        new_id(), CENTER, number, number, "911", now, now, body["nature"], 2, "1A", "1 ELM ST", 39.1, -86.5,
        None, {}, [], 1, {"view": VIEW}, {"gates": [], "risk": 0}, body["narrative"], new_id(), "bare", ASSESSMENT,
        EVENT, number, "bench", "POST /calls", b"hash", ANSWER, None,
    )  # fmt: skip
    return Response(ANSWER, 201, media_type="application/json")


async def bare_per_second(running: Engines, workers: int, seconds: float) -> float:
    """Calls a second that the bare program takes, closed loop, with as many processes as the service has."""
    connection = await asyncpg.connect(running.postgres)
    await connection.execute(query("add_center"), CENTER, CENTER, "America/Chicago", True, "feed")
    await connection.close()
    async with _program(running, workers) as url:
        client, ends = Client(url, LINES), time.perf_counter() + seconds
        done = [0] * LINES

        async def line(at: int) -> None:
            while time.perf_counter() < ends:
                answer = await client.post("/calls", "", CALL % (at + LINES * done[at]))
                if answer.status != HTTPStatus.CREATED:
                    raise RuntimeError(f"the bare program answered {answer.status}: {answer.body[:300]!r}")
                done[at] += 1

        began = time.perf_counter()
        await asyncio.gather(*(line(at) for at in range(LINES)))
        spent = time.perf_counter() - began
        client.close()
    return round(sum(done) / spent, 1)


@asynccontextmanager
async def _program(running: Engines, workers: int) -> AsyncIterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = (
        "-m",
        "uvicorn",
        "bench.bare:app",
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--no-access-log",
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, env={**os.environ, POSTGRES: running.postgres}, stdout=DEVNULL, stderr=DEVNULL
    )
    try:
        await _answering(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def _answering(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return

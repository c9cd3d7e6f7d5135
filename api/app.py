"""Wires the service together: what is shared is opened here and handed on by name."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from redis.asyncio import Redis

from api import problems
from api.artifacts import artifacts_of
from api.assessor import Assessor
from api.console_feed import look_forever
from api.desk import Desk, session_name
from api.edge import Edge
from api.follow import Follower
from api.logs import told
from api.planner import Planner
from api.rates import RateLimit, Rates
from api.relay import Relay
from api.retention import retain_forever
from api.ring import Rings
from api.roads import RoadTimes, Router
from api.routes import calls, console, decisions, operations, outcomes, recommendations, session, units
from api.settings import Settings
from api.shadow import Shadow
from api.sweep import sweep_forever
from api.vitals import watch_forever
from models.store.database import open_pool
from triage.classifier import use

log = structlog.get_logger()
SHIPPED_CONSOLE = Path(__file__).parent.parent / "console_ui" / "dist"


def create_app(settings: Settings, postgres: str, redis_url: str | None, worker: int = 0) -> FastAPI:
    """The whole service for engines that are already running."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            desk = await open_desk(stack, settings, postgres, redis_url)
            desk.worker = worker
            app.state.desk = desk
            for work in background(desk, postgres):
                task = asyncio.create_task(work)
                stack.push_async_callback(stopped, task)
            yield

    app = FastAPI(
        title="Tandem",
        version=version("tandem"),
        summary="Understands emergency calls and pairs behavioral-health ones with the people who should go.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        max_body_size=settings.max_body,
    )
    problems.install(app)
    app.state.rates = Rates(
        operator=settings.rate_operator, machine=settings.rate_machine, anonymous=settings.rate_anonymous
    )
    app.add_middleware(RateLimit, rates=app.state.rates)
    app.add_middleware(Edge)
    for part in (calls, recommendations, decisions, units, outcomes, console, session, operations):
        app.include_router(part.router)
    shown = settings.console or SHIPPED_CONSOLE
    if shown.is_dir():
        app.mount("/", StaticFiles(directory=shown, html=True), name="console")
    return app


async def open_desk(stack: AsyncExitStack, settings: Settings, postgres: str, redis_url: str | None) -> Desk:
    """Pool, Redis and reader, closed with the stack."""
    pool = await stack.enter_async_context(open_pool(postgres, settings.pool, session_name(settings)))
    redis = None
    if redis_url is not None:
        redis = await stack.enter_async_context(
            Redis.from_url(redis_url, socket_connect_timeout=1, socket_timeout=2, protocol=2)
        )
    artifacts = artifacts_of(settings)
    if settings.artifacts is not None:  # else the process keeps what it has: the package's
        use(artifacts)
    assessor = Assessor(settings.inline_text, settings.assess_timeout, artifacts)
    stack.callback(assessor.close)
    desk = Desk(settings, pool, redis, assessor, Rings())
    if redis is None:
        desk.degraded.add("redis")
    desk.follower = Follower(desk)
    if settings.roads_url is not None:
        desk.roads = RoadTimes(Router(settings), desk.degraded, desk.committed["planner"].set)
    await desk.load_centers()
    await desk.take_up_phrases()
    desk.measure()
    return desk


def background(desk: Desk, postgres: str) -> list[Coroutine[Any, Any, None]]:
    """What runs beside the requests; each survives the loss of an engine by itself."""
    works: dict[str, Callable[[], Awaitable[None]]] = {
        "follower": desk.follower.run,
        "planner": Planner(desk, postgres).run,
        "sweep": partial(sweep_forever, desk),
        "look": partial(look_forever, desk),
        "vitals": partial(watch_forever, desk),
        "retention": partial(retain_forever, desk, postgres),
    }
    if desk.settings.challenger is not None and desk.worker == 0:
        works["shadow"] = Shadow(desk, desk.settings.challenger).run
    if desk.roads is not None:
        works["roads"] = desk.roads.run
    if desk.redis is not None:
        works["relay"] = Relay(desk, desk.redis, postgres).run
    return [_for_ever(desk, name, work) for name, work in works.items()]


async def _for_ever(desk: Desk, name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Start a work again after a fault nobody foresaw: it is said on every screen, and the rest goes on."""
    while True:
        try:
            desk.degraded.discard(name)
            await work()
        except Exception as fault:  # noqa: BLE001 - a planner gone without a word is worse than one that stumbles
            desk.degraded.add(name)
            log.error("background.died", work=name, **told(fault))
        await asyncio.sleep(1)


async def stopped(task: "asyncio.Task[None]") -> None:
    """Cancel a task and wait until it has ended."""
    while not task.done():  # a library may swallow a cancellation: ask again
        task.cancel()
        await asyncio.wait({task}, timeout=1)

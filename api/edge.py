"""What every request passes at the door: headers, measures and the last catch, without a task or a copy of its own."""

import time

import asyncpg
import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.logs import told
from api.metrics import REQUESTS
from models.errors import DiskFull, InvalidRequest, NotReady, TandemError

log = structlog.get_logger()
#: Gone, stopping, starting, out of connections or out of disk.
NO_DATABASE = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; connect-src 'self'; img-src 'self' data:; worker-src 'self'; style-src 'self' "
        "'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Edge:
    """ASGI middleware around the whole service; a fault that nobody foresaw becomes a problem document here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on; sockets have their own manners."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _dress(message, scope)
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as fault:  # noqa: BLE001 - the server's own traceback would quote the call it stumbled over
            response = problems.problem(_said(fault))
            if status == 0:
                await response(scope, receive, sent)
        route = getattr(scope.get("route"), "path", "console")
        method = scope["method"] if scope["method"] in METHODS else "other"  # a client may invent them
        REQUESTS.labels(route, method, str(status)).observe(time.perf_counter() - began)


def over_tls(scope: Scope) -> bool:
    """Whether it came encrypted, to us or to a proxy that we believe."""
    return scope["scheme"] in ("https", "wss")


def _dress(start: Message, scope: Scope) -> None:
    headers = MutableHeaders(scope=start)
    headers.update(HEADERS)
    if over_tls(scope):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if scope["path"].startswith("/v1/"):
        headers["Cache-Control"] = "no-store"


def _said(fault: Exception) -> TandemError:
    """What the caller is told of a fault; its own text may quote a call."""
    if isinstance(fault, asyncpg.DataError | OverflowError):
        return InvalidRequest(fault=type(fault).__name__)
    if isinstance(fault, asyncpg.DiskFullError):
        log.error("request.disk_full")
        return DiskFull()
    if isinstance(fault, NO_DATABASE):
        log.warning("request.not_ready", fault=type(fault).__name__)
        return NotReady(fault=type(fault).__name__)
    log.error("request.failed", **told(fault))
    return TandemError()

"""Runs the service on a port, with engines of its own where none are configured."""

import asyncio
import contextlib
import gc
import ipaddress
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import structlog
import uvicorn
from fastapi import FastAPI

from api.app import create_app, stopped
from api.canary import self_test
from api.console_socket import ConsoleSocket
from api.embedded import Engines, embedded_engines, running_database
from api.settings import Settings
from api.tls import Certificate, certificate_of, kept_fresh
from models.store.migrate import migrate

log = structlog.get_logger()
#: Seconds a planning thread keeps the interpreter while requests wait for it; five thousandths are the rule.
SWITCH = 0.0005
#: Objects between two collections, and how many of the younger go before one of the older.
COLLECT = (20_000, 20, 50)
KEEP_ALIVE = 75  # seconds a CAD may pause between two calls and find its connection still there
GRACE = 5  # seconds for requests and sockets that are under way
PING = 20  # seconds between two pings of a console, and for each to be answered
UNREAD = (
    20  # seconds that sent bytes may wait for a console which takes none, before its connection is given up
)


class PortTaken(Exception):
    """Another program listens there already."""


class PlainRefused(Exception):
    """What is said about calls would go over a network for everybody to read."""


class Server(uvicorn.Server):
    """A server whose signals are ours: the engines stop after it, not with it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answering = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say when requests are answered."""
        await super().startup(sockets)
        if self.started:
            self.answering.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to whoever started this."""
        yield


def listening(settings: Settings) -> socket.socket:
    """The port, taken before anything else is started.

    Raises PortTaken, PermissionError, CertificateUnusable, or PlainRefused where words would leave this machine plain.
    """
    covered = certificate_of(settings) is not None or bool(settings.proxies) or settings.plain
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # each connection inherits it; a closing one would wait for ever
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(UNREAD * 1000))
    try:
        listener.bind((settings.host, settings.port))
    except PermissionError:
        raise
    except OSError as fault:
        raise PortTaken(
            f"Port {settings.port} on {settings.host} is taken or not ours ({fault.strerror}). "
            "Stop what listens there (another Tandem?), or choose another: TANDEM_PORT=8912 make run, or --port 8912."
        ) from fault
    if not covered and not ipaddress.ip_address(listener.getsockname()[0]).is_loopback:
        listener.close()
        raise PlainRefused(
            f"{settings.host} can be reached from other machines, and nothing would be encrypted. Give a certificate "
            "(TANDEM_TLS_CERT and TANDEM_TLS_KEY), or name the proxies that terminate TLS (TANDEM_PROXIES=10.0.0.5), "
            "or say that it shall be so (TANDEM_PLAIN=true)."
        )
    return listener


def address_of(settings: Settings, listener: socket.socket) -> str:
    """Where browsers and CADs of this machine find the service."""
    scheme = "https" if settings.tls_cert else "http"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{scheme}://{host}:{listener.getsockname()[1]}"


def trusted(proxies: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]) -> list[str]:
    """The proxies as uvicorn compares them; a socket for both versions sees IPv4 addresses as mapped ones."""
    mapped = [f"::ffff:{each.network_address}/{96 + each.prefixlen}" for each in proxies if each.version == 4]
    return [*map(str, proxies), *mapped]


@asynccontextmanager
async def prepared(settings: Settings) -> AsyncIterator[Engines]:
    """Engines that run and a schema that is up to date."""
    async with embedded_engines(
        settings.data, settings.postgres, settings.redis, settings.archive
    ) as engines:
        for notice in engines.notices:
            log.warning("engines.notice", notice=notice)
        for name in await migrate(engines.postgres):
            log.info("migrated", name=name)
        yield engines


@asynccontextmanager
async def reached(settings: Settings) -> AsyncIterator[str]:
    """The address of the database as it is, beside a running service or without one."""
    running = settings.postgres or await running_database(settings.data)
    if running is not None:
        yield running
        return
    async with embedded_engines(settings.data, None, settings.redis, settings.archive) as engines:
        yield engines.postgres


@asynccontextmanager
async def serving(
    settings: Settings, engines: Engines, listener: socket.socket, worker: int = 0
) -> AsyncIterator[Server]:
    """The service answering on `listener` in this process for as long as the block lasts."""
    async with kept_fresh(settings) as certificate:
        app = create_app(settings, engines.postgres, engines.redis, worker)
        server = Server(_config(app, settings, certificate))
        task = asyncio.create_task(server.serve(sockets=[listener]))
        started = asyncio.create_task(server.answering.wait())
        await asyncio.wait({started, task}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            started.cancel()
            await task
            raise RuntimeError("The service ended before it answered.")
        _calm_the_interpreter()
        trust = certificate.client_context if certificate else None
        canary = asyncio.create_task(self_test(app.state.desk, engines.postgres, listener, trust))
        try:
            yield server
        finally:
            await stopped(canary)
            server.should_exit = True
            await task


def _config(app: FastAPI, settings: Settings, certificate: Certificate | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        access_log=False,  # paths carry ids; routes are measured instead
        log_config=None,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=KEEP_ALIVE,
        ws=ConsoleSocket,
        ws_max_size=2**16,
        ws_per_message_deflate=False,  # each console would compress the same frame anew: most of a frame's cost
        ws_ping_interval=PING,
        ws_ping_timeout=PING,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=trusted(settings.proxies),
        ssl_context_factory=(lambda *_: certificate.context) if certificate else None,
    )


def _calm_the_interpreter() -> None:
    """What was loaded at the start stays: the collector need not walk through it, which takes a tenth of a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)
    sys.setswitchinterval(SWITCH)


async def until_stopped() -> None:
    """Wait for Ctrl-C or a polite kill."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()

"""What a route asks for: the desk, who is calling, and the key of the request."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Header, Request
from starlette.requests import HTTPConnection

from api.desk import Desk
from api.edge import over_tls
from api.keyed import Key
from api.rates import CREDENTIAL, Rates
from api.security import COOKIE, Principal, principal_of_session
from models.errors import ForeignOrigin, NotAllowed, NotSignedIn

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def desk_of(connection: HTTPConnection) -> Desk:
    """The process's desk, opened with the application."""
    desk: Desk = connection.app.state.desk
    return desk


async def _desk(connection: HTTPConnection) -> Desk:
    return desk_of(connection)  # what is not async is run in a thread


DeskDep = Annotated[Desk, Depends(_desk)]


def rates_of(connection: HTTPConnection) -> Rates:
    """How often everybody may ask this process."""
    rates: Rates = connection.app.state.rates
    return rates


async def _rates(connection: HTTPConnection) -> Rates:
    return rates_of(connection)


RatesDep = Annotated[Rates, Depends(_rates)]


def same_origin(connection: HTTPConnection) -> bool:
    """Whether a browser's request comes from our own page; machines send no Origin."""
    origin = connection.headers.get("origin")
    if origin is None:
        return True
    scheme, port = ("https", ":443") if over_tls(connection.scope) else ("http", ":80")
    # a browser leaves the usual port out of both; some proxies write it into Host
    return origin == f"{scheme}://{connection.headers.get('host', '').removesuffix(port)}"


async def caller(connection: HTTPConnection) -> Principal:
    """Who is calling, by bearer token or session cookie; raises NotSignedIn."""
    desk, rates = desk_of(connection), rates_of(connection)
    credential = connection.scope.get(CREDENTIAL)
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    found = None
    if scheme.lower() == "bearer":
        found = await desk.tokens.holder(desk.pool, token.strip())
    elif cookie := connection.cookies.get(COOKIE):
        method = connection.scope.get("method", "GET")
        if method not in SAFE and not same_origin(connection):
            raise ForeignOrigin
        found = await principal_of_session(desk.pool, cookie, desk.now())
    if found is None:
        rates.forget(credential)
        raise NotSignedIn
    rates.know(credential, found)
    return found


CallerDep = Annotated[Principal, Depends(caller)]


def allow(*roles: str) -> Callable[[HTTPConnection], Awaitable[Principal]]:
    """A dependency that lets only these roles through; the table of routes and roles is a test's."""

    async def allowed(connection: HTTPConnection) -> Principal:
        who = await caller(connection)
        if who.role not in roles:
            raise NotAllowed(role=who.role)
        return who

    return allowed


async def key_of(
    request: Request,
    idempotency_key: Annotated[
        str | None, Header(description="The same key with the same body gives the first answer again.")
    ] = None,
) -> Key | None:
    """The request's idempotency key, scoped to method and path."""
    return Key.of(idempotency_key, request.method, request.url.path, await request.body())


KeyDep = Annotated[Key | None, Depends(key_of)]

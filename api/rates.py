"""How often each of those who ask may ask: buckets in this process's memory that only time fills."""

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import NamedTuple

from starlette.types import ASGIApp, Receive, Scope, Send

from api.metrics import REFUSED
from api.problems import problem
from api.security import COOKIE, Principal
from models.errors import TooManyRequests

SPAN = 10.0  # seconds' worth of requests in a full bucket
DIAL = 10.0  # requests that one socket weighs: each begins with a replay
SIGN_INS, SIGN_INS_AT_ONCE = (
    1.0,
    60.0,
)  # attempts of one address: a shift begins behind one address, a guesser tires
PAUSE = 0.25  # seconds before a refusal: whoever asks again at once, on however many connections, costs next to nothing
MOST = 20_000  # askers that are remembered; the oldest are the first to be forgotten
#: Limited each for itself: a flood of anything else must not look like a service that is down.
WATCHED = frozenset({"/healthz", "/readyz", "/metrics"})
CREDENTIAL = "tandem.credential"  # where the scope of a request keeps the digest of what it was signed with
_COOKIE = COOKIE.encode() + b"="


class Kind(StrEnum):
    """Who is told apart in limits and metrics."""

    OPERATOR = "operator"
    MACHINE = "machine"
    ANONYMOUS = "anonymous"


class Asker(NamedTuple):
    """A principal, or an address that nobody has vouched for."""

    kind: Kind
    key: Hashable


class Buckets:
    """One bucket for each key. Kept is only when it will be full again: a full bucket needs no memory."""

    def __init__(self, rate: float, size: float) -> None:
        self.rate, self._span = rate, size / rate
        self._full_at: dict[Hashable, float] = {}

    def take(self, key: Hashable, now: float, cost: float = 1.0) -> float:
        """Take `cost` out of a bucket: 0.0, or the seconds until there will be enough."""
        full_at = max(self._full_at.get(key, now), now) + cost / self.rate
        wait = full_at - now - self._span
        if wait > 0.001:  # clocks are floats
            return wait
        self._full_at[key] = full_at
        if len(self._full_at) > MOST:
            self._tidy(now)
        return 0.0

    def _tidy(self, now: float) -> None:
        waiting = [(key, at) for key, at in self._full_at.items() if at > now]
        self._full_at = dict(waiting[-MOST // 2 :])


class Rates:
    """The limits of one process, and whom it knows by their credentials."""

    def __init__(self, *, operator: float, machine: float, anonymous: float) -> None:
        rates = {Kind.OPERATOR: operator, Kind.MACHINE: machine, Kind.ANONYMOUS: anonymous}
        self._buckets = {kind: Buckets(rate, SPAN * rate) for kind, rate in rates.items()}
        self._sign_ins = Buckets(SIGN_INS, SIGN_INS_AT_ONCE)
        self._known: dict[bytes, Asker] = {}
        self._sockets: Counter[Asker] = Counter()

    def asker(self, credential: bytes | None, address: str) -> Asker:
        """Who it is. Credentials never seen to be good count for the address, apart from requests without any."""
        known = self._known.get(credential) if credential is not None else None
        return known or Asker(Kind.ANONYMOUS, (address, credential is None))

    def admit(self, asker: Asker, now: float, cost: float = 1.0) -> float:
        """0.0 where the request may go on, otherwise the seconds to wait. `now` in seconds of any steady clock."""
        return self._buckets[asker.kind].take(asker.key, now, cost)

    def dial(self, asker: Asker, now: float) -> float:
        """The same for a socket; a principal holds as many open ones as it may ask a second."""
        if asker.kind is not Kind.ANONYMOUS and self._sockets[asker] >= self._buckets[asker.kind].rate:
            return SPAN
        return self.admit(asker, now, DIAL)

    @contextmanager
    def held(self, asker: Asker) -> Iterator[None]:
        """Count a socket of theirs while it is open."""
        self._sockets[asker] += 1
        try:
            yield
        finally:
            self._sockets[asker] -= 1
            if not self._sockets[asker]:
                del self._sockets[asker]

    def try_sign_in(self, address: str, now: float) -> float:
        """0.0 where a password may be tried from there, otherwise the seconds to wait."""
        return self._sign_ins.take(address, now)

    def know(self, credential: bytes | None, who: Principal) -> None:
        """These credentials are theirs; to be said at every authentication."""
        if credential is None:
            return
        kind = Kind.MACHINE if who.machine else Kind.OPERATOR
        self._known[credential] = Asker(kind, (who.center, who.key))
        if len(self._known) > MOST:
            del self._known[next(iter(self._known))]

    def forget(self, credential: bytes | None) -> None:
        """These credentials are nobody's, or no longer."""
        if credential is not None:
            self._known.pop(credential, None)


class RateLimit:
    """ASGI middleware that answers 429 to whoever asks more than they may, before anything is read or looked up."""

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self._app, self._rates = app, rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request or socket through, or refuse it."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        credential = scope[CREDENTIAL] = credential_of(scope["headers"])
        address = address_of(scope)
        if scope["path"] in WATCHED:
            asker = Asker(Kind.ANONYMOUS, (address, scope["path"]))
        else:
            asker = self._rates.asker(credential, address)
        if scope["type"] == "websocket":
            return await self._socket(asker, scope, receive, send)
        if wait := self._rates.admit(asker, time.monotonic()):
            return await _refuse(asker, wait, scope, receive, send)
        return await self._app(scope, receive, send)

    async def _socket(self, asker: Asker, scope: Scope, receive: Receive, send: Send) -> None:
        if wait := self._rates.dial(asker, time.monotonic()):
            await _refuse(asker, wait, scope, receive, send)
            return
        with self._rates.held(asker):
            await self._app(scope, receive, send)


async def _refuse(asker: Asker, wait: float, scope: Scope, receive: Receive, send: Send) -> None:
    REFUSED.labels(asker.kind).inc()
    await asyncio.sleep(PAUSE)
    await problem(TooManyRequests(seconds=round(wait, 3)))(scope, receive, send)


def credential_of(headers: Iterable[tuple[bytes, bytes]]) -> bytes | None:
    """Digest of the bearer token or session cookie of a request, whether it is good or not."""
    cookie = None
    for name, value in headers:
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            return hashlib.sha256(value[7:].strip()).digest()
        if name == b"cookie" and _COOKIE in value:
            found = value.partition(_COOKIE)[2].partition(b";")[0].strip()
            cookie = hashlib.sha256(found).digest()
    return cookie


def address_of(scope: Scope) -> str:
    """Where a request comes from, as limits count it."""
    client = scope.get("client")
    return network_of(client[0]) if client else "unknown"


@lru_cache(4096)
def network_of(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one: whoever has one of its addresses has them all."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"  # a proxy that does not know either
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or IPv6Network((int(parsed), 64), strict=False))

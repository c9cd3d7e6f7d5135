"""Who is asking, and what they may do."""

import asyncio
import hashlib
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from models.errors import AccountLocked, SignInRefused
from models.ids import new_id
from models.store.database import Pool, query

#: A human decides: machines put calls in or read reports.
TOKEN_ROLES = ("integrator", "manager")
ROLES = ("clinician", "dispatcher", "supervisor", "manager", "integrator", "admin")
COOKIE = "tandem_session"
#: CJIS AC-7: five invalid attempts within fifteen minutes lock the account until an administrator releases it.
FAILURES_ALLOWED = 5
FAILURE_WINDOW = timedelta(minutes=15)

#: Seconds a revoked service token may still be taken for a good one.
REMEMBERED = 1.0

_hasher = PasswordHasher()
_HASHERS = ThreadPoolExecutor(1, "hashing")
#: Verified when no account matches, so that a wrong name takes as long as a wrong password.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True, slots=True)
class Principal:
    """A person with a session or a machine with a token, inside one center."""

    center: str
    name: str
    display_name: str
    role: str
    machine: bool = False

    @property
    def key(self) -> str:
        """Name that scopes idempotency keys: a person and a machine of one name differ."""
        return f"{'token' if self.machine else 'account'}:{self.name}"


def hash_password(password: str) -> str:
    """Argon2id with the library's current parameters."""
    return _hasher.hash(password)


def new_token() -> tuple[str, bytes]:
    """A secret for its holder and the hash that is kept."""
    token = secrets.token_urlsafe(32)
    return token, token_hash(token)


def token_hash(token: str) -> bytes:
    """SHA-256 of a token; enough for 256 bits of chance."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


async def sign_in(
    pool: Pool, username: str, password: str, center: str | None, *, now: datetime, lasts: timedelta
) -> tuple[Principal, str]:
    """A principal and the token of its new session.

    Raises SignInRefused for a wrong name or password, AccountLocked after too many of them. The failure is counted
    even though the sign-in is refused: the transaction ends before the error is raised.
    """
    accounts = await pool.fetch(query("find_accounts"), username, center)
    account = accounts[0] if len(accounts) == 1 else None
    kept_hash = account["password_hash"] if account else _NOBODY
    # hashing is slow on purpose: nobody waits for it with a connection, a lock or the planner's threads in hand
    right = await asyncio.get_running_loop().run_in_executor(_HASHERS, _verified, kept_hash, password)
    async with pool.acquire() as connection, connection.transaction():
        account = account and await connection.fetchrow(query("lock_account"), account["id"])
        right = right and account is not None and account["password_hash"] == kept_hash
        locked = account is not None and account["locked_at"] is not None
        if account is not None and not locked and not right:
            await connection.execute(query("sign_in_failed"), account["id"], *_failures(account, now))
        token, kept = new_token()
        if account is not None and right and not locked and account["disabled_at"] is None:
            await connection.execute(query("sign_in_worked"), account["id"])
            await connection.execute(query("add_session"), kept, account["id"], now + lasts)
            outcome = "sign_in"
        else:
            outcome = "sign_in_refused"
        where, role = (account["center_id"], account["role"]) if account else (center, None)
        await connection.execute(query("add_audit"), where, username[:64], role, outcome, None, {})
    if locked:
        raise AccountLocked
    if account is None or outcome != "sign_in":
        raise SignInRefused
    return Principal(
        account["center_id"], account["username"], account["display_name"], account["role"]
    ), token


def _verified(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _failures(account: Any, now: datetime) -> tuple[int, datetime, datetime | None]:
    since = account["failing_since"]
    fresh = since is None or now - since > FAILURE_WINDOW
    failures = 1 if fresh else account["failures"] + 1
    return failures, now if fresh else since, now if failures >= FAILURES_ALLOWED else None


async def principal_of_session(pool: Pool, token: str, now: datetime) -> Principal | None:
    """Whose session this is, if it still stands."""
    row = await pool.fetchrow(query("session_principal"), token_hash(token), now)
    return Principal(row["center_id"], row["name"], row["display_name"], row["role"]) if row else None


class Tokens:
    """Holders of service tokens, remembered for a second: a CAD under load is not looked up with every request."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[float, Principal]] = {}

    async def holder(self, pool: Pool, token: str) -> Principal | None:
        """Whose service token this is, if it stood within the last second."""
        kept, now = token_hash(token), time.monotonic()
        until, known = self._known.get(kept, (0.0, None))
        if known is not None and now < until:
            return known
        self._known.pop(kept, None)
        row = await pool.fetchrow(query("token_principal"), kept)
        if row is None:
            return None
        found = Principal(row["center_id"], row["name"], row["name"], row["role"], machine=True)
        self._known[kept] = (now + REMEMBERED, found)
        return found


async def add_account(
    pool: Pool, center: str, username: str, display_name: str, role: str, password: str
) -> bool:
    """A new account; False where the name is taken."""
    return (
        await pool.fetchval(
            query("add_account"), new_id(), center, username, display_name, role, hash_password(password)
        )
        is not None
    )


async def add_token(pool: Pool, center: str, name: str, role: str) -> str:
    """A new service token; it is shown once and never again."""
    token, kept = new_token()
    await pool.execute(query("add_token"), new_id(), kept, center, name, role)
    return token

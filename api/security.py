"""Who is asking, and what they may do."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from models.ids import new_id
from models.store.database import Pool, query

#: A human decides: machines put calls in or read reports.
TOKEN_ROLES = ("integrator", "manager")
ROLES = ("clinician", "dispatcher", "supervisor", "manager", "integrator", "admin")
COOKIE = "tandem_session"

#: Seconds a revoked service token may still be taken for a good one.
REMEMBERED = 1.0

_hasher = PasswordHasher()


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


def is_password(password_hash: str, password: str) -> bool:
    """Whether the hash was made of this password; slow on purpose."""
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def new_token() -> tuple[str, bytes]:
    """A secret for its holder and the hash that is kept."""
    token = secrets.token_urlsafe(32)
    return token, token_hash(token)


def token_hash(token: str) -> bytes:
    """SHA-256 of a token; enough for 256 bits of chance."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


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

"""Signing in: a right password opens a session, wrong ones lock the door they came to."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from asyncpg import Record

from api.metrics import SIGN_INS
from api.security import Principal, hash_password, is_password, new_token
from models.errors import AccountLocked, SignInRefused, TooManyRequests
from models.store.database import Connection, Pool, query, the_row

#: CJIS AC-7: five invalid attempts within fifteen minutes lock the account or the node until an administrator
#: releases it. A node is the account as seen from one address, so that nobody locks a person out by guessing elsewhere.
ALLOWED = 5
WINDOW = timedelta(minutes=15)
#: Wrong passwords from everywhere that lock the account wherever its person has not been for a while.
ALLOWED_IN_ALL = 25
AT_HOME = timedelta(days=30)
MOST_WAITING = 100  # addresses; an attempt takes 50 to 100 ms of the one thread that hashes

#: Verified when no account matches, so that a wrong name takes as long as a wrong password.
_NOBODY = hash_password(secrets.token_urlsafe(16))


class Hashing:
    """Hashes passwords one after the other on one thread, so that a flood of them has never the planner's.

    The addresses take turns: whoever tries many passwords waits for their own, not everybody else.
    """

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._thread = ThreadPoolExecutor(1, "hashing")
        self._most, self._waiting = most, 0
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """One attempt of an address at a time."""
        lock = self._turns.setdefault(address, asyncio.Lock())
        async with lock:
            yield

    async def verified(self, password_hash: str, password: str) -> bool:
        """Whether they match; raises TooManyRequests where the wait would be longer than a person's."""
        if self._waiting >= self._most:
            SIGN_INS.labels("too_many").inc()
            raise TooManyRequests(seconds=5.0)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, is_password, password_hash, password)
        finally:
            self._waiting -= 1


_hashing = Hashing()


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at `address` says who they are; where it is `strict`, wrong passwords lock the account everywhere."""

    username: str
    password: str
    center: str | None
    address: str
    now: datetime
    strict: bool = False

    def barred(self, account: Record, here: Record | None) -> bool:
        """Whether the account is locked, as seen from this address."""
        if here is not None and here["locked_at"] is not None:
            return True
        if account["locked_at"] is None:
            return False
        worked = here["worked_at"] if here is not None else None
        return self.strict or worked is None or self.now - worked > AT_HOME


async def sign_in(pool: Pool, attempt: Attempt, lasts: timedelta) -> tuple[Principal, str]:
    """A principal and the token of its new session.

    Raises SignInRefused for a wrong name or password, AccountLocked after too many of them. The failure is counted
    even though the sign-in is refused: the transaction ends before the error is raised.
    """
    async with _hashing.turn(attempt.address):
        return await _attempted(pool, attempt, lasts)


async def _attempted(pool: Pool, attempt: Attempt, lasts: timedelta) -> tuple[Principal, str]:
    accounts = await pool.fetch(query("find_accounts"), attempt.username, attempt.center)
    account = accounts[0] if len(accounts) == 1 else None
    here = await _here(pool, account, attempt)
    # hashing is slow on purpose: nobody waits for it with a connection or a lock in hand, or for a locked door
    right = not (account and attempt.barred(account, here)) and await _hashing.verified(
        account["password_hash"] if account else _NOBODY, attempt.password
    )
    token, kept = new_token()
    async with pool.acquire() as connection, connection.transaction():
        result = await _judged(connection, attempt, account, right=right) if account else "refused"
        if account and result == "worked":
            await connection.execute(query("add_session"), kept, account["id"], attempt.now + lasts)
        where, role = (account["center_id"], account["role"]) if account else (attempt.center, None)
        action = "sign_in" if result == "worked" else "sign_in_refused"
        source = {"address": attempt.address}
        await connection.execute(query("add_audit"), where, attempt.username[:64], role, action, None, source)
    SIGN_INS.labels(result).inc()
    if result == "locked":
        raise AccountLocked
    if account is None or result != "worked":
        raise SignInRefused
    return Principal(
        account["center_id"], account["username"], account["display_name"], account["role"]
    ), token


async def _here(connection: Connection | Pool, account: Record | None, attempt: Attempt) -> Record | None:
    if account is None:
        return None
    return await connection.fetchrow(query("sign_in_place"), account["id"], attempt.address)


async def _judged(connection: Connection, attempt: Attempt, seen: Record, *, right: bool) -> str:
    account = await the_row(connection, "lock_account", seen["id"])
    here = await _here(connection, account, attempt)  # after the lock: others may have tried meanwhile
    if attempt.barred(account, here):
        return "locked"
    if not right or account["password_hash"] != seen["password_hash"]:
        await _count(connection, attempt, account, here)
        return "refused"
    if account["disabled_at"] is not None:
        return "refused"
    await connection.execute(query("sign_in_worked"), account["id"], attempt.address, attempt.now)
    return "worked"


async def _count(connection: Connection, attempt: Attempt, account: Record, here: Record | None) -> None:
    """One wrong password more."""
    begins = attempt.now - WINDOW
    since = here["failing_since"] if here is not None else None
    fresh = here is None or since is None or since <= begins
    failures, since = (1, attempt.now) if here is None or fresh else (here["failures"] + 1, since)
    locked = attempt.now if failures >= ALLOWED else None
    place = (account["id"], attempt.address)
    await connection.execute(query("sign_in_failed"), *place, failures, since, locked, begins)
    most = ALLOWED if attempt.strict else ALLOWED_IN_ALL
    await connection.execute(query("lock_everywhere"), account["id"], begins, most, attempt.now)

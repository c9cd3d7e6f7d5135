"""The dispatch policies that centers set, as the service plans and decides by them."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

import asyncpg
import structlog

from api.logs import told
from dispatch.policy import Policy, PolicyInvalid, default_policy, load_policy
from models.store.database import Connection, Pool, query

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Dated:
    """A version with the moment from which it holds."""

    since: datetime
    policy: Policy | None  # none: this release cannot use it


class Policies:
    """What holds in every center now and what is to come, looked for once a second; planning asks no database."""

    def __init__(self) -> None:
        self._versions: dict[str, int] = {}
        self._schedules: dict[str, tuple[Dated, ...]] = {}

    def of(self, center: str, now: datetime) -> Policy:
        """The policy that holds; the packaged one where a center has none that can be used."""
        holding = self._holding(center, now)
        return holding.policy if holding and holding.policy else default_policy()

    def usable(self, now: datetime) -> bool:
        """False while a version that holds cannot be used, as after an upgrade."""
        held = (self._holding(center, now) for center in self._schedules)
        return all(each is None or each.policy is not None for each in held)

    async def take_up(self, pool: Pool, now: datetime) -> None:
        """Check what is new; what holds later waits here for its time."""
        for row in await pool.fetch(query("policy_heads")):
            center, version = row["center_id"], row["version"]
            if self._versions.get(center) == version:
                continue
            rows = await pool.fetch(query("policy_schedule"), center, now)
            self._schedules[center] = tuple([await _dated(center, each) for each in rows])
            self._versions[center] = version

    def _holding(self, center: str, now: datetime) -> Dated | None:
        begun = [each for each in self._schedules.get(center, ()) if each.since <= now]
        return begun[-1] if begun else None


async def _dated(center: str, row: asyncpg.Record) -> Dated:
    try:
        policy = await asyncio.to_thread(policy_in, center, row)
    except PolicyInvalid as fault:
        log.error("policy.unusable", center=center, version=row["version"], **told(fault))
        policy = None
    return Dated(row["effective_from"], policy)


def policy_in(center: str, row: asyncpg.Record) -> Policy:
    """The policy of a stored version, under the name that faults are told by. Raises PolicyInvalid."""
    return load_policy(row["body"], f"{center} version {row['version']}") if row["body"] else default_policy()


def packaged() -> str:
    """The text of the policy that comes with the package."""
    return files("dispatch").joinpath("policy.toml").read_text(encoding="utf-8")


async def set_policy(
    connection: Connection,
    center: str,
    body: str,
    *,
    by: str,
    reason: str,
    since: datetime | None = None,
) -> asyncpg.Record:
    """Add a version, checked first; no body: the packaged policy, no `since`: from now on. Raises PolicyInvalid."""
    policy = load_policy(body) if body else default_policy()
    row = await connection.fetchrow(query("set_policy"), center, policy.digest, body, since, by, reason)
    assert row is not None  # noqa: S101 - an insert returns its row
    return row

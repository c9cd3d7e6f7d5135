"""Gathers the facts of an installation, running or not, and has every check judge them."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from urllib.parse import quote

import asyncpg

from api.clock import utc_now
from api.demo.world import load_world
from api.desk import session_name
from api.doctor import cache, centers, machine, network, promotion, server, sessions
from api.doctor.findings import Finding, fail, joined, ok, warn
from api.embedded import running_database
from api.engine_places import EnginesUnavailable, chosen_place
from api.phrases import written_by
from api.planner import LOCK as PLANNER
from api.policies import policy_in
from api.relay import LOCK as RELAY
from api.settings import Settings
from dispatch.policy import PolicyInvalid
from models.store.database import query, the_row
from models.store.migrate import MIGRATIONS, pending, unknown
from triage.datafiles import LexiconError
from triage.overlay import overlay_of

PATIENCE = 5.0  # seconds
SKEWED, WRONG = timedelta(seconds=1), timedelta(seconds=30)
NO_DATABASE = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Every finding, in the order in which a person would look."""
    for finding in machine.judge(settings):
        yield finding
    async for finding in network.judge(settings):
        yield finding
    try:
        dsn = settings.postgres or await running_database(settings.data)
    except EnginesUnavailable as fault:
        yield fail("database", str(fault), "Mend that first.")
        return
    if dsn is None:
        yield warn(
            "database",
            f"the embedded one in {settings.data} does not run",
            "Start it, then ask again: tandem serve",
        )
        return
    try:
        connection = await asyncpg.connect(
            dsn, timeout=PATIENCE, command_timeout=60, server_settings={"application_name": "tandem doctor"}
        )
    except (*NO_DATABASE, ValueError) as fault:
        reason = str(fault) or type(fault).__name__
        yield fail("database", f"cannot be reached: {reason}", "Start it, or correct TANDEM_POSTGRES.")
        return
    try:
        async for finding in database(connection, settings):
            yield finding
    finally:
        await connection.close()


async def database(connection: asyncpg.Connection, settings: Settings) -> AsyncIterator[Finding]:
    """Every check that needs the database."""
    yield await clock(connection)
    found = server.Server(**await the_row(connection, "doctor_server"))
    for finding in server.judge(found, settings):
        yield finding
    todo, newer = await migrations(connection)
    yield schema(todo, newer)
    present = [sessions.Session(**row) for row in await connection.fetch(query("doctor_sessions"))]
    relay = await connection.fetchval(query("doctor_relay"), RELAY)
    redis = redis_of(settings)
    here = session_name(settings)
    for finding in sessions.judge(present, here, relay, with_redis=redis is not None):
        yield finding
    seen = [] if todo else await centers_seen(connection, settings)
    if not todo:
        yield promotion.judge(settings, await connection.fetchrow(query("promotions"), 1))
    for finding in () if todo else centers.judge(seen, serves=sessions.serves(present)):
        yield finding
    if not todo:
        async for finding in own_phrases(connection):
            yield finding
        async for finding in own_policies(connection):
            yield finding
    async for finding in redis_findings(connection, redis, seen):
        yield finding


async def own_phrases(connection: asyncpg.Connection) -> AsyncIterator[Finding]:
    """Whether what centers wrote of their own can be used by this version."""
    for row in await connection.fetch(query("phrases_heads")):
        center = row["center_id"]
        try:
            written = await written_by(connection, center)
            overlay = overlay_of(written) if written else None
        except LexiconError as fault:
            how = (
                f"Mend what tandem phrases show {center} prints, and set it: tandem phrases set {center} FILE"
            )
            yield fail("phrases", f"those of {center} are not used: {fault}", how)
            continue
        count = overlay.book.trie.patterns if overlay else 0
        yield ok("phrases", f"{center} has {count} patterns of its own, version {row['version']}")


async def own_policies(connection: asyncpg.Connection) -> AsyncIterator[Finding]:
    """Whether the policies that hold and those to come can be used by this version."""
    for head in await connection.fetch(query("policy_heads")):
        center = head["center_id"]
        for row in await connection.fetch(query("policy_schedule"), center, utc_now()):
            said = f"version {row['version']} of {center}, from {row['effective_from']:%Y-%m-%d %H:%MZ} on"
            try:
                policy = policy_in(center, row)
            except PolicyInvalid as fault:
                how = f"Mend what tandem policy show {center} --version {row['version']} prints, and set it."
                yield fail("policy", f"{said}, cannot be used, the packaged one holds: {fault}", how)
                continue
            yield ok("policy", f"{said}: digest {policy.digest}")


async def centers_seen(connection: asyncpg.Connection, settings: Settings) -> list[centers.CenterSeen]:
    """The centers as the doctor looks at them."""
    demo = [account.username for account in load_world().center.account]
    rows = await connection.fetch(query("doctor_centers"), PLANNER, centers.TAIL, demo, settings.keep_log)
    return [centers.CenterSeen(**row) for row in rows]


async def clock(connection: asyncpg.Connection) -> Finding:
    """How far the database's clock is from this machine's."""
    before = utc_now()
    theirs: datetime = await connection.fetchval("select clock_timestamp()")
    return skew(theirs - (before + (utc_now() - before) / 2))


def skew(apart: timedelta) -> Finding:
    """Sessions, reservations and sign-ins end by the one clock and begin by the other."""
    way = "ahead of" if apart > timedelta() else "behind"
    said = f"the database is {abs(apart.total_seconds()):.1f} s {way} this machine"
    how = "Run an NTP client (chrony) on both."
    if abs(apart) > WRONG:
        return fail("clock", said, how)
    if abs(apart) > SKEWED:
        return warn("clock", said, how)
    return ok("clock", "the database's is this machine's")


async def migrations(connection: asyncpg.Connection) -> tuple[list[str], list[str]]:
    """What this version has and the database has not, and the other way round."""
    if await connection.fetchval("select to_regclass('migration') is null"):
        return [path.name for path in sorted(MIGRATIONS.glob("*.sql"))], []
    return [path.name for path in await pending(connection)], await unknown(connection)


def schema(todo: list[str], newer: list[str]) -> Finding:
    """Whether the schema is this version's."""
    if todo:
        said = f"{len(todo)} pending, the first is {todo[0]}: what else the schema holds was not checked"
        return warn("migrations", said, "tandem migrate, or restart the service with this version.")
    if newer:
        return warn("migrations", f"unknown, from a newer version: {joined(newer)}", "Update this Tandem.")
    return ok("migrations", "up to date")


def redis_of(settings: Settings) -> str | None:
    """Where Redis is, or would be if it ran."""
    if settings.redis is not None:
        return settings.redis
    socket = chosen_place(settings.data).sockets / "redis.sock" if settings.data.exists() else None
    return f"unix://{quote(str(socket))}" if socket is not None and socket.exists() else None


async def redis_findings(
    connection: asyncpg.Connection, url: str | None, seen: list[centers.CenterSeen]
) -> AsyncIterator[Finding]:
    """Every check of Redis."""
    if url is None:
        yield warn(
            "redis",
            "none: the service is complete without it, but slower between processes",
            "Set TANDEM_REDIS.",
        )
        return
    heads = {}
    for center in seen:
        heads[center.id] = (await connection.fetchval(query("log_epoch"), center.id), center.head)
    try:
        found = await cache.look(url, heads)
    except cache.LOST as fault:
        yield fail(
            "redis",
            f"cannot be reached: {str(fault) or type(fault).__name__}",
            "Start it, or correct TANDEM_REDIS.",
        )
        return
    for finding in cache.judge(found):
        yield finding

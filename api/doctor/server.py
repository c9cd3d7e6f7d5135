"""Judges the PostgreSQL server: version, durability, archive, connections, rights."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from api.doctor.findings import Finding, fail, joined, ok, warn
from api.settings import Settings

OLDEST, TESTED = 15, 18
#: Connections of one process beside its pool: planner, relay, and one to spare.
BESIDE_THE_POOL = 3


@dataclass(frozen=True, slots=True)
class Server:
    """A row of doctor_server.sql."""

    version: int
    standby: bool
    fsync: str
    full_page_writes: str
    synchronous_commit: str
    checksums: str
    archive_mode: str
    archived_at: datetime | None
    archive_failed_at: datetime | None
    time_zone: str
    encoding: str
    places: int  # connections open to ordinary roles
    taken_by_others: int
    may_create: bool
    may_call: bool  # what the log's epoch and the planner's lock need
    may_create_databases: bool
    kept: list[str]  # databases that made way for a restore
    invalid_indexes: list[str]


def judge(server: Server, settings: Settings) -> Iterator[Finding]:
    """Every check of the server."""
    yield version(server)
    yield durability(server)
    yield archive(server, settings)
    yield storage(server)
    yield time_zone(server)
    yield connections(server, settings)
    yield rights(server)
    yield indexes(server)
    yield kept(server)


def version(server: Server) -> Finding:
    """Old ones lack what queries need; newer ones than tested are likely fine."""
    major = server.version // 10_000
    if server.standby:
        return fail(
            "postgres",
            "This server is a standby: nothing can be written.",
            "Point TANDEM_POSTGRES at the primary.",
        )
    if major < OLDEST:
        return fail("postgres", f"PostgreSQL {major}", f"Use {OLDEST} or newer; {TESTED} is tested.")
    return ok("postgres", f"PostgreSQL {major}" + ("" if major == TESTED else f" ({TESTED} is tested)"))


def durability(server: Server) -> Finding:
    """A call that was acknowledged has to be on disk."""
    names = ("fsync", "full_page_writes", "synchronous_commit")
    off = [name for name in names if getattr(server, name) == "off"]
    if off:
        return fail(
            "durability",
            f"{joined(off)} off: an acknowledged call may be lost.",
            f"Set {' = on, '.join(off)} = on.",
        )
    return ok("durability", "what is acknowledged is on disk")


def archive(server: Server, settings: Settings) -> Finding:
    """Without an archive a lost disk costs everything since the last dump."""
    check, embedded = "wal archive", settings.postgres is None
    if server.archive_mode == "off" and embedded and settings.archive:
        return fail(
            check,
            "TANDEM_ARCHIVE is set, but the running database was started without it",
            "Restart the service.",
        )
    if server.archive_mode == "off":
        how = "Set TANDEM_ARCHIVE" if embedded else "Archive the server's WAL, e.g. with pgBackRest"
        return warn(check, "none: a lost disk costs all since the last dump", f"{how} (docs/backup.md).")
    failed, done = server.archive_failed_at, server.archived_at
    if failed is not None and (done is None or done < failed):
        since = f"since {done:%Y-%m-%d %H:%M} UTC" if done else "ever"
        return fail(
            check, f"nothing was archived {since}; the last try failed",
            "Free the archive's disk or its permissions; PostgreSQL's own log says why.",
        )  # fmt: skip
    return ok(check, f"last at {done:%Y-%m-%d %H:%M:%S} UTC" if done else "on, nothing to archive yet")


def storage(server: Server) -> Finding:
    """Text of any language, and damage that is noticed."""
    if server.encoding != "UTF8":
        return fail(
            "storage",
            f"encoding {server.encoding}",
            "Make the database anew with ENCODING 'UTF8', and restore.",
        )
    if server.checksums == "off":
        return warn(
            "storage",
            "no data checksums: a failing disk goes unnoticed",
            "Stop PostgreSQL, pg_checksums --enable.",
        )
    return ok("storage", "UTF-8, with checksums")


def time_zone(server: Server) -> Finding:
    """The service asks for UTC itself; psql and reports beside it do not."""
    if server.time_zone in ("UTC", "Etc/UTC", "GMT"):
        return ok("time zone", server.time_zone)
    return warn(
        "time zone",
        f"{server.time_zone}: who looks with psql sees local times",
        "ALTER DATABASE ... SET timezone = 'UTC'.",
    )


def connections(server: Server, settings: Settings) -> Finding:
    """Every process has a pool and a few connections beside it."""
    need = settings.workers * (settings.pool + BESIDE_THE_POOL)
    said = f"{need} of {server.places} for this service, {server.taken_by_others} taken by others"
    if need > server.places:
        return fail("connections", said, "Raise max_connections, or lower TANDEM_POOL or TANDEM_WORKERS.")
    if need + server.taken_by_others > server.places:
        return warn("connections", said, "Raise max_connections: under load requests would wait and fail.")
    return ok("connections", said)


def rights(server: Server) -> Finding:
    """Migrations make tables; a restore makes a database."""
    if not server.may_create:
        return fail(
            "rights",
            "this role may not make tables",
            "GRANT CREATE ON SCHEMA public TO the role of TANDEM_POSTGRES.",
        )
    if not server.may_call:
        functions = "pg_control_system(), pg_walfile_name(pg_lsn), pg_try_advisory_lock(bigint)"
        return fail("rights", f"this role may not call {functions}", "GRANT EXECUTE ON FUNCTION ... to it.")
    if not server.may_create_databases:
        return warn(
            "rights",
            "this role may not make databases, which tandem restore needs",
            "ALTER ROLE ... CREATEDB.",
        )
    return ok("rights", "may make tables and databases")


def indexes(server: Server) -> Finding:
    """An index that was cut short is kept up to date and never used."""
    if server.invalid_indexes:
        names = joined(server.invalid_indexes)
        return fail(
            "indexes", f"invalid: {names}", f"REINDEX INDEX CONCURRENTLY {server.invalid_indexes[0]};"
        )
    return ok("indexes", "all valid")


def kept(server: Server) -> Finding:
    """What made way for a restore takes as much disk as the database."""
    if server.kept:
        return warn("kept databases", joined(server.kept), "When no longer needed: tandem restore --discard")
    return ok("kept databases", "none")

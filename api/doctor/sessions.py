"""Judges who is connected: long waits, transactions left open, processes that differ, who carries the log."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.doctor.findings import Finding, fail, joined, ok, warn

LONGEST_WAIT = 5.0  # seconds for a lock
LONGEST_IDLE = 60.0  # seconds inside a transaction
#: How a process of the service names its connections; see api/desk.py.
SERVICE = re.compile(r"tandem \d")


@dataclass(frozen=True, slots=True)
class Session:
    """A row of doctor_sessions.sql."""

    pid: int
    who: str
    blocked_by: list[int]
    asking: float | None  # seconds since its last statement began
    idle_in_transaction: float


def judge(
    sessions: Sequence[Session], here: str, relay: int | None, *, with_redis: bool
) -> Iterator[Finding]:
    """Every check of the connections; `here` is how a service with this shell's settings would name itself."""
    yield waiting(sessions)
    yield idle(sessions)
    yield processes(sessions, here)
    if with_redis:
        yield relaying(sessions, relay)


def serves(sessions: Sequence[Session]) -> bool:
    """Whether a process of the service is connected."""
    return any(SERVICE.match(each.who) for each in sessions)


def waiting(sessions: Sequence[Session]) -> Finding:
    """Whoever waits this long for a lock waits for a person or for a fault."""
    stuck = [each for each in sessions if each.blocked_by and (each.asking or 0) > LONGEST_WAIT]
    if not stuck:
        return ok("waiting", "nobody waits for a lock")
    names = {each.pid: each.who for each in sessions}

    def holders(each: Session) -> str:
        return joined(f"{names.get(pid, 'another database')} ({pid})" for pid in each.blocked_by)

    said = joined(f"{each.who} ({each.pid}) for {each.asking:.0f} s on {holders(each)}" for each in stuck)
    return warn("waiting", said, f"If that is stuck: SELECT pg_terminate_backend({stuck[0].blocked_by[0]});")


def idle(sessions: Sequence[Session]) -> Finding:
    """An open transaction holds its locks and keeps dead rows alive."""
    left = [each for each in sessions if each.idle_in_transaction > LONGEST_IDLE]
    if not left:
        return ok("transactions", "none left open")
    said = joined(f"{each.who} ({each.pid}) idle for {each.idle_in_transaction:.0f} s" for each in left)
    return warn("transactions", said, f"End it there, or SELECT pg_terminate_backend({left[0].pid});")


def processes(sessions: Sequence[Session], here: str) -> Finding:
    """Processes of one service have one version and one set of settings, or people see different things."""
    names = sorted({each.who for each in sessions if SERVICE.match(each.who)})
    if len(names) > 1:
        return warn(
            "processes", f"different versions or settings side by side: {joined(names)}",
            "Fine while a new version is rolled out; else start all of them with the same environment.",
        )  # fmt: skip
    if names and names[0] != here:
        return warn(
            "processes", f"the service runs as {names[0]}, this shell would start {here}",
            "Run doctor with the environment of the service, or restart the service with this one.",
        )  # fmt: skip
    return ok("processes", f"all are {names[0]}" if names else "none is connected")


def relaying(sessions: Sequence[Session], relay: int | None) -> Finding:
    """One process carries the log to Redis."""
    if relay is None and serves(sessions):
        return fail(
            "relay",
            "nobody carries the log to Redis",
            "Restart the service; its log says relay.lost and why.",
        )
    return ok("relay", f"process {relay} carries the log to Redis" if relay else "no service is connected")

"""Judges each center: planned for, its log whole, its calls read, its clock right, its people known."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from api.desk import CANARY
from api.doctor.findings import Finding, fail, joined, ok, warn

TAIL = 10_000  # events looked at; the whole log of a year would take minutes
AHEAD, BEHIND = -2.0, 120.0  # seconds between a call's own time and its arrival


@dataclass(frozen=True, slots=True)
class CenterSeen:
    """A row of doctor_centers.sql."""

    id: str
    synthetic: bool
    head: int
    events: int
    first: int | None
    last: int | None
    quiet: bool  # no call for as long as the log is kept
    planner: int | None
    unread: int
    cad_lag: float | None
    people: int
    demo_names: list[str]


def judge(centers: Sequence[CenterSeen], *, serves: bool) -> Iterator[Finding]:
    """Every check of the centers."""
    yield planners(centers, serves=serves)
    yield log_whole(centers)
    yield unread(centers, serves=serves)
    yield cad_clock(centers)
    yield demo_accounts(centers)
    yield second_factor(centers)


def those(centers: Sequence[CenterSeen], bad: Callable[[CenterSeen], object]) -> list[CenterSeen]:
    """The centers of which it is true."""
    return [center for center in centers if bad(center)]


def planners(centers: Sequence[CenterSeen], *, serves: bool) -> Finding:
    """One process plans for each center."""
    alone = those(centers, lambda center: center.planner is None)
    if alone and serves:
        names = joined(center.id for center in alone)
        return fail(
            "planners", f"nobody plans for {names}", "Restart the service; its log says planner.lost and why."
        )
    if not serves:
        return ok("planners", "no service is connected")
    return ok("planners", joined(f"{center.id}: {center.planner}" for center in centers) or "no center yet")


def log_whole(centers: Sequence[CenterSeen]) -> Finding:
    """Consoles apply event after event: a gap would stop them all."""

    def broken(center: CenterSeen) -> bool:
        contiguous = center.first is not None and center.events == center.head - center.first + 1
        forgets = center.id == CANARY  # self-tests are deleted after a day
        gone = center.quiet and center.events == 0
        return (
            not forgets and not gone and center.head > 0 and not (contiguous and center.last == center.head)
        )

    if bad := those(centers, broken):
        return fail(
            "log", f"events are missing in {joined(center.id for center in bad)}",
            "Somebody changed the tables by hand: restore a backup (docs/backup.md).",
        )  # fmt: skip
    return ok("log", f"the last {TAIL:,} events of each center have no gap")


def unread(centers: Sequence[CenterSeen], *, serves: bool) -> Finding:
    """Text that nobody has read for a minute may hide a weapon."""
    if not (bad := those(centers, lambda center: center.unread)):
        return ok("reading", "every call's text is read")
    said = joined(f"{center.unread} calls of {center.id}" for center in bad) + " wait to be read"
    if not serves:
        return warn("reading", said, "They are read when the service starts: tandem serve")
    return fail(
        "reading",
        said,
        "See the service's log for assessment failures; TANDEM_ASSESS_TIMEOUT may be too short.",
    )


def cad_clock(centers: Sequence[CenterSeen]) -> Finding:
    """A call's own time is the CAD's; the board orders by it."""

    def off(center: CenterSeen) -> bool:
        return not center.synthetic and center.cad_lag is not None and not AHEAD <= center.cad_lag <= BEHIND

    if bad := those(centers, off):
        said = joined(
            f"{center.id}: calls arrive {center.cad_lag:.0f} s after their own time" for center in bad
        )
        return warn(
            "cad clock", said, "Set the CAD's clock (NTP) and time zone; received_at needs its offset."
        )
    return ok("cad clock", "calls arrive when they say")


def demo_accounts(centers: Sequence[CenterSeen]) -> Finding:
    """The demo's names are printed in its documentation; its passwords are short."""
    if bad := those(centers, lambda center: center.demo_names and not center.synthetic):
        said = joined(f"{name} in {center.id}" for center in bad for name in center.demo_names)
        return warn(
            "demo accounts", said, "Live centers have people, not roles: tandem user add, under their names."
        )
    return ok("demo accounts", "none in a live center")


def second_factor(centers: Sequence[CenterSeen]) -> Finding:
    """CJIS IA-2 wants a second factor, which local accounts do not have."""
    if bad := those(centers, lambda center: center.people and not center.synthetic):
        said = joined(f"{center.people} in {center.id}" for center in bad) + " sign in with a password alone"
        return warn("second factor", said, "Put an identity provider in front (CJIS IA-2).")
    return ok("second factor", "no live center has local accounts")

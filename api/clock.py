"""The time of day for the whole service: it follows the machine's clock, slowly where that clock jumps."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

JUMP = timedelta(seconds=2)  # beyond this the machine's clock was set, not corrected
SLEW = 0.1  # of each second that passes, until both agree again: a limit of a minute is off by six seconds at the most
#: Goes on while the machine sleeps, where there is such a clock.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def steady_seconds() -> float:
    """Seconds that nobody can set."""
    return time.clock_gettime(_STEADY)


class Clock:
    """Called, it tells the time. An hour that the machine's clock jumps is an hour in which nothing has happened:

    no reservation, review or report of a unit is older for it. A restart takes the machine's time at once.
    """

    def __init__(
        self, wall: Callable[[], datetime] = utc_now, steady: Callable[[], float] = steady_seconds
    ) -> None:
        self._wall, self._steady = wall, steady
        self._told, self._at = wall(), steady()
        self.jumped = False  # the machine says another time than we do

    def __call__(self) -> datetime:
        """The time now."""
        wall, at = self._wall(), self._steady()
        passed = timedelta(seconds=max(0.0, at - self._at))
        expected = self._told + passed
        off = wall - expected
        self.jumped = abs(off) > JUMP
        if self.jumped:
            off = max(-SLEW * passed, min(SLEW * passed, off))
        self._told, self._at = expected + off, at
        return self._told

"""The service's clock follows the machine's, and does not jump with it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from api.clock import Clock

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Machine:
    """A machine whose clock can be set."""

    wall: datetime = NOON
    seconds: float = 0.0

    def passes(self, seconds: float) -> None:
        """Time goes by."""
        self.seconds += seconds
        self.wall += timedelta(seconds=seconds)

    def clock(self) -> Clock:
        """The service's clock on this machine."""
        return Clock(lambda: self.wall, lambda: self.seconds)


@pytest.mark.parametrize("off", [timedelta(milliseconds=-900), timedelta(milliseconds=900)])
def test_small_corrections_are_followed_at_once(off: timedelta) -> None:
    machine = Machine()
    clock = machine.clock()
    machine.passes(5)
    machine.wall += off
    assert (clock(), clock.jumped) == (machine.wall, False)


@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_a_clock_that_is_set_moves_nothing_at_once_and_little_in_a_minute(step: timedelta) -> None:
    machine = Machine()
    clock = machine.clock()
    machine.wall += step
    assert (clock(), clock.jumped) == (NOON, True)
    for _ in range(600):
        machine.passes(0.1)
        clock()
    assert abs(clock() - NOON - timedelta(minutes=1)) <= timedelta(seconds=6.001)


def test_a_clock_set_forth_and_back_leaves_no_trace() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.wall += HOUR
    clock()
    machine.wall -= HOUR
    machine.passes(1)
    assert (clock(), clock.jumped) == (machine.wall, False)


@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_a_clock_that_stays_set_is_caught_up_with_and_never_runs_backwards(step: timedelta) -> None:
    machine = Machine()
    clock = machine.clock()
    machine.wall += step
    told = [clock()]
    for _ in range(60 * 10 + 1):
        machine.passes(60)
        told.append(clock())
    assert told == sorted(told)
    assert (told[-1], clock.jumped) == (machine.wall, False)


def test_a_machine_that_slept_has_not_been_set() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.passes(8 * 3600)
    assert (clock(), clock.jumped) == (machine.wall, False)

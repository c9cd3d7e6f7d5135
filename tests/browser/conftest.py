"""Seats for the tests of the console's rules."""

from collections.abc import AsyncIterator

import pytest

from tests.browser_kit import Floor, Room, Seat, chromium, dist, floor, room

__all__ = ["chromium", "dist", "floor", "room"]


@pytest.fixture
async def seat(room: Room) -> AsyncIterator[Seat]:
    """A dispatcher's window; it may have no console error and no request to another origin."""
    seat = await room.seat("dispatcher")
    yield seat
    assert (seat.faults, seat.strangers) == ([], [])


@pytest.fixture(scope="module")
async def still(floor: Floor) -> AsyncIterator[Seat]:
    """A dispatcher's window for tests that only look."""
    room = await floor.room()
    yield await room.seat("dispatcher")
    await room.leave(shots=None)

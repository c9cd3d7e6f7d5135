"""Identifiers that sort by the time they were made."""

import os
import time
from datetime import UTC, datetime
from uuid import UUID


def new_id() -> UUID:
    """A version 7 UUID (RFC 9562): 48 bits of milliseconds, then chance; new rows land at the end of an index."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | (0x7 << 76)
    return UUID(int=value & ~(0x3 << 62) | (0x2 << 62))


def earliest_id(at: datetime) -> UUID:
    """No later than any id that is made at this moment or after it."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def moment_of(made: UUID) -> datetime:
    """When an id was made, to the millisecond."""
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC)

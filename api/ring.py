"""The newest events of each center, kept once a process: readers hold a cursor, the writer never waits."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final

import orjson

COALESCE = 0.05  # seconds
#: Frames for roles that see where things happen, and for those that do not.
AUDIENCES: Final = ("operations", "oversight")
OPERATIONS_ROLES: Final = frozenset({"clinician", "dispatcher", "supervisor"})
#: Fields of a call and a unit that say where somebody is or who works there.
HIDDEN_OF_CALL: Final = ("place", "lat", "lon")
HIDDEN_OF_UNIT: Final = ("lat", "lon", "position_at", "crew")


def audience_of(role: str) -> str:
    """Whether a role's frames carry places."""
    return "operations" if role in OPERATIONS_ROLES else "oversight"


def projected(body: Mapping[str, Any], audience: str) -> Mapping[str, Any]:
    """The same event with the fields this audience may see: never fewer events, so seq stays gap-free."""
    if audience == "operations":
        return body
    if "call" in body:
        return {**body, "call": overseen(body["call"])}
    if "unit" in body:
        return {**body, "unit": without(body["unit"], HIDDEN_OF_UNIT)}
    return body


def overseen(call: Mapping[str, Any]) -> dict[str, Any]:
    """A call without its place and without the reasons that people typed, which may quote its text."""
    seen = without(call, HIDDEN_OF_CALL)
    for part in ("review", "decision"):
        seen[part] = seen[part] and without(seen[part], ("reason",))
    return seen


def without(noun: Mapping[str, Any], hidden: tuple[str, ...]) -> dict[str, Any]:
    """A noun with hidden fields emptied, in the same shape."""
    return {
        name: ([] if name == "crew" else None) if name in hidden else value for name, value in noun.items()
    }


@dataclass(frozen=True, slots=True)
class Told:
    """One event, encoded once for each audience."""

    seq: int
    at: datetime
    frames: Mapping[str, bytes]


def told(epoch: str, seq: int, body: Mapping[str, Any]) -> Told:
    """An event of the log as it goes to consoles."""
    whole = {"epoch": epoch, "seq": seq, **body}
    frames = {audience: orjson.dumps(projected(whole, audience)) for audience in AUDIENCES}
    return Told(seq, datetime.fromisoformat(body["at"]), frames)


@dataclass(slots=True)
class Ring:
    """The newest events of one center; its consoles wake together, once for all that came within 50 ms."""

    epoch: str
    head: int
    length: int
    events: deque[Told] = field(init=False)
    _pulse: asyncio.Event = field(default_factory=asyncio.Event)
    _pulsed_at: float = 0.0
    _due: asyncio.TimerHandle | None = None
    _pages: dict[str, tuple[int, int, str]] = field(default_factory=dict)  # by audience: after, up to, frame

    def __post_init__(self) -> None:
        self.events = deque(maxlen=self.length)

    def append(self, seq: int, body: Mapping[str, Any]) -> None:
        """The next event; anything else than the next is a fault of the reader and is refused."""
        if seq != self.head + 1:
            raise ValueError(f"the log of this ring is at {self.head}, not before {seq}")
        self.events.append(told(self.epoch, seq, body))
        self.head = seq
        if self._due is None:  # the first event goes out at once, those of the next 50 ms together
            loop = asyncio.get_running_loop()
            self._due = loop.call_at(max(loop.time(), self._pulsed_at + COALESCE), self.pulse)

    def pulse(self) -> None:
        """Wake every console that listens."""
        if self._due is not None:
            self._due.cancel()
            self._due = None
        self._pulsed_at = asyncio.get_running_loop().time()
        woken, self._pulse = self._pulse, asyncio.Event()
        woken.set()

    async def pulsed(self) -> None:
        """Wait for the next pulse: new events, or somebody who has looked that consoles hear of this service."""
        await self._pulse.wait()

    @property
    def first(self) -> int:
        """Seq after which this ring can serve."""
        return self.events[0].seq - 1 if self.events else self.head

    def after(self, seq: int) -> list[Told] | None:
        """Events after `seq`, or None where it fell off the ring or lies beyond the head."""
        if seq < self.first or seq > self.head:
            return None
        return list(islice(self.events, len(self.events) - (self.head - seq), None))

    def page(self, seq: int, audience: str) -> str | None:
        """Events after `seq` as one frame on the wire, made once for all consoles that stand there; None as `after`."""
        after, upto, frame = self._pages.get(audience, (-1, -1, ""))
        if (after, upto) == (seq, self.head):
            return frame
        events = self.after(seq)
        if events is None:
            return None
        frame = array([event.frames[audience] for event in events]).decode()
        self._pages[audience] = seq, self.head, frame
        return frame


def array(frames: list[bytes]) -> bytes:
    """A frame on the wire: a JSON array of events."""
    return b"[" + b",".join(frames) + b"]"


class Rings(dict[str, Ring]):
    """Rings by center."""

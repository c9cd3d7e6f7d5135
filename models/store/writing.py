"""One transaction that changes facts and tells them: the fact and its events share one commit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from models.call import CallView
from models.events import AlertChanged, BaseEvent, CountsChanged, CountsView, UnitChanged
from models.store.database import PATIENCE, Connection, Pool, query
from models.store.views import alerts_seen, call_seen, calls_seen, units_seen


@dataclass(slots=True)
class Writing:
    """An open transaction of one center; what is told is written last, from the rows as they will be committed.

    Locks are taken in this order, so that no two transactions wait for each other: calls by id, units by id, counts,
    the log.
    """

    connection: Connection
    center: str
    at: datetime
    by: str | None
    _told: list[tuple[type[BaseEvent], Any, dict[str, Any]]] = field(default_factory=list)
    _seen: dict[UUID, CallView] = field(default_factory=dict)
    _answered: tuple[str, str, str, int, str] | None = None
    seq: int | None = None

    def tell_call(self, event: type[BaseEvent], call_id: UUID, **params: Any) -> None:
        """The call changed; consoles get its whole view with this event."""
        self._told.append((event, call_id, params))
        self._seen.pop(call_id, None)

    async def seen(self, call_id: UUID) -> CallView:
        """The call as it now is; the last thing a use case asks for, so that its event says the same."""
        if call_id not in self._seen:
            self.saw(await call_seen(self.connection, self.center, call_id))
        return self._seen[call_id]

    def saw(self, view: CallView) -> None:
        """The call is known to be this: it is told so without being read once more."""
        self._seen[UUID(view.id)] = view

    def tell_units(self, *unit_ids: str) -> None:
        """These units changed."""
        self._told.extend((UnitChanged, unit_id, {}) for unit_id in unit_ids)

    def tell_alerts(self, *alert_ids: UUID) -> None:
        """These alerts changed."""
        self._told.extend((AlertChanged, alert_id, {}) for alert_id in alert_ids)

    def tell_counts(self, counts: CountsView) -> None:
        """The day's numbers changed."""
        self._told.append((CountsChanged, counts, {}))

    def answer(self, principal: str, route: str, key: str, status: int, body: str) -> None:
        """What a claimed idempotency key will answer from now on."""
        self._answered = principal, route, key, status, body

    async def flush(self) -> None:
        """Write the events and the answer; the last statement before the commit."""
        if not self._told and self._answered is None:
            return
        events = await self._events()
        numbers = await self.connection.fetch(
            query("finish_writing"),
            self.center,
            self.at,
            [event.model_fields["type"].default for event, _, _ in self._told],
            [call_id for _, call_id in events],
            [event for event, _ in events],
            *(self._answered or (None,) * 5),
        )
        self.seq = max((row["seq"] for row in numbers), default=None)

    async def _events(self) -> list[tuple[str, UUID | None]]:
        subjects = [(event, subject) for event, subject, _ in self._told]
        unit_ids = sorted({s for e, s in subjects if e is UnitChanged})
        alert_ids = sorted({s for e, s in subjects if e is AlertChanged})
        called = {s for e, s in subjects if e not in (UnitChanged, AlertChanged, CountsChanged)}
        views: dict[Any, Any] = dict(self._seen)
        if call_ids := sorted(called - self._seen.keys()):
            views |= {
                UUID(view.id): view for view in await calls_seen(self.connection, self.center, call_ids)
            }
        if unit_ids:
            views |= {view.id: view for view in await units_seen(self.connection, self.center, unit_ids)}
        if alert_ids:
            views |= {
                UUID(view.id): view for view in await alerts_seen(self.connection, self.center, alert_ids)
            }
        return [self._event(event, subject, params, views) for event, subject, params in self._told]

    def _event(
        self, event: type[BaseEvent], subject: Any, params: dict[str, Any], views: dict[Any, Any]
    ) -> tuple[str, UUID | None]:
        noun = {UnitChanged: "unit", AlertChanged: "alert", CountsChanged: "counts"}.get(event, "call")
        view = subject if noun == "counts" else views[subject]
        body = event(at=self.at, by=self.by, **{noun: view}, **params)
        call_id = subject if noun == "call" else UUID(view.call_id) if noun == "alert" else None
        return body.model_dump_json(exclude={"epoch", "seq"}), call_id


@asynccontextmanager
async def writing(pool: Pool, center: str, at: datetime, by: str | None) -> AsyncIterator[Writing]:
    """A transaction on a pooled connection; commits facts and events together or not at all."""
    async with pool.acquire(timeout=PATIENCE) as connection, writing_on(connection, center, at, by) as pen:
        yield pen


@asynccontextmanager
async def writing_on(
    connection: Connection, center: str, at: datetime, by: str | None
) -> AsyncIterator[Writing]:
    """The same on a connection of the caller's, e.g. the one that holds a planner's lock."""
    async with connection.transaction():
        pen = Writing(connection, center, at, by)
        yield pen
        await pen.flush()

"""Everything a console shows, exact at one seq."""

from datetime import date, datetime
from typing import Any

from models.errors import NotFound
from models.events import CountsView, PolicyView, Snapshot
from models.outcome import Count, Counter
from models.store.database import Connection, query
from models.store.views import alerts_seen, calls_seen, units_seen


async def snapshot(
    connection: Connection, center: str, policy: PolicyView, *, now: datetime, today: date, version: str
) -> Snapshot:
    """Seq and state in one REPEATABLE READ transaction, so that they belong together."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        about = await connection.fetchrow(query("center"), center)
        if about is None:
            raise NotFound
        return Snapshot(
            epoch=await connection.fetchval(query("log_epoch"), center),
            seq=await connection.fetchval(query("log_head"), center),
            server_time=now,
            server_version=version,
            synthetic=about["synthetic"],
            silent=about["silent"],
            center=about["id"],
            center_name=about["name"],
            timezone=about["timezone"],
            policy=policy,
            calls=tuple(await calls_seen(connection, center)),
            units=tuple(await units_seen(connection, center)),
            alerts=tuple(await alerts_seen(connection, center)),
            counts=await counts_told(connection, center, today),
        )


async def counts_told(connection: Connection, center: str, today: date) -> CountsView:
    """The counts as consoles were last told them; zeros for `today` before anything was ever counted."""
    view: Any = await connection.fetchval(query("counts"), center)
    return CountsView.model_validate(view) if view else no_counts(today)


def no_counts(day: date) -> CountsView:
    """A day on which nothing has happened yet."""
    return CountsView(day=day, diversions={counter: Count() for counter in Counter}, unserved={})

"""Rows of the console queries as the views that events and snapshots carry."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from models.alert import AlertView
from models.call import CallView
from models.store.database import Connection, query
from models.unit import PRIMARY_OF, UnitView


async def calls_seen(
    connection: Connection, center: str, ids: Sequence[UUID] | None = None
) -> list[CallView]:
    """The board's calls, or the named ones wherever they are."""
    if ids is None:
        rows = await connection.fetch(query("console_calls"), center)
    else:
        rows = await connection.fetch(query("console_call"), center, ids)
    return [CallView.model_validate({name: row[name] for name in CallView.model_fields}) for row in rows]


async def call_seen(connection: Connection, center: str, call_id: UUID) -> CallView:
    """One call; it has to exist."""
    (view,) = await calls_seen(connection, center, [call_id])
    return view


async def units_seen(connection: Connection, center: str, ids: Sequence[str] | None = None) -> list[UnitView]:
    """All units of a center, or the named ones."""
    rows = await connection.fetch(query("console_units"), center, ids)
    return [_unit(dict(row)) for row in rows]


def _unit(row: dict[str, Any]) -> UnitView:
    return UnitView.model_validate(row | {"primary": PRIMARY_OF[row["status"]]})


async def alerts_seen(
    connection: Connection, center: str, ids: Sequence[UUID] | None = None
) -> list[AlertView]:
    """Unresolved alerts of a center, or the named ones."""
    rows = await connection.fetch(query("console_alerts"), center, ids)
    return [AlertView.model_validate(dict(row)) for row in rows]

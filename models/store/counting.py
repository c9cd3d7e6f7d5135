"""The day's numbers, always counted by SQL and never kept in step by hand."""

from datetime import date

from models.events import CountsView
from models.outcome import Count, Counter
from models.store.database import Connection, query
from models.store.writing import Writing


async def counted(connection: Connection, center: str, first: date, last: date) -> CountsView:
    """Diversions and unserved calls of a span of local days, both included."""
    counts: dict[Counter, dict[str, int]] = {counter: {} for counter in Counter}
    for row in await connection.fetch(query("count_diversions"), center, first, last):
        counts[Counter(row["counter"])][row["status"]] = row["calls"]
    unmet = await connection.fetch(query("count_unserved"), center, first, last)
    return CountsView(
        day=last,
        diversions={c: Count(**n) for c, n in counts.items()},
        unserved={row["code"]: row["calls"] for row in unmet if row["calls"]},
        waiting={row["code"]: row["waiting"] for row in unmet if row["waiting"]},
    )


async def recount(pen: Writing, today: date) -> None:
    """Count the day again inside this transaction and tell it; call it after every change to ledger or unmet."""
    await pen.connection.execute(query("lock_counts"), pen.center)
    view = await counted(pen.connection, pen.center, today, today)
    await pen.connection.execute(query("put_counts"), pen.center, view.model_dump(mode="json"))
    pen.tell_counts(view)

"""The diversion report: every number is counted by the SQL that stands beside its definition."""

from datetime import date, datetime
from typing import Any

from models.outcome import Counter
from models.store.counting import counted
from models.store.database import Connection, query

#: What a council is told each number means.
DEFINITIONS: dict[Counter, str] = {
    Counter.ER_DIVERSION: (
        "Calls where a clinician attested, or the EMS protocol says, that the person would otherwise have gone to an "
        "emergency department, and the person was helped elsewhere. Voluntary ED transports and emergency detentions "
        "never count."
    ),
    Counter.JAIL_DIVERSION: (
        "Calls where an officer explicitly alleged an arrestable offence, nobody was arrested or cited, and the person "
        "reached a service. A referral alone is not linkage and does not count."
    ),
    Counter.POLICE_DISPATCH_AVOIDED: (
        "Calls resolved by phone for which no police, fire or field unit was sent. Reversed when one is sent for the "
        "same incident within 24 hours."
    ),
}
UNSERVED = (
    "Calls eligible for an alternative response that ended, were declined, or were decided without one, by the newest "
    "reason; each counts once."
)
WAITING = (
    "Eligible calls that are still open and undecided and have no alternative so far, by the newest reason. They are "
    "not among the unserved: each becomes one of them, or is served."
)
STATUSES = {
    "provisional": "inferred at disposition, not yet looked at",
    "confirmed": "confirmed by a clinician or quality assurance",
    "reversed": "a later arrest, ED visit or correction spoke against it",
}


async def diversion_report(
    connection: Connection, center: str, first: date, last: date, begin: datetime, end: datetime
) -> dict[str, Any]:
    """Counts of local days `first`..`last`, and of calls taken in [`begin`, `end`) as their denominators."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        view = await counted(connection, center, first, last)
        whole = await connection.fetchrow(query("count_denominators"), center, begin, end)
    return {
        "first": first,
        "last": last,
        "denominators": dict(whole or {}),
        "statuses": STATUSES,
        "counts": [
            {
                "counter": counter,
                **view.diversions[counter].model_dump(),
                "definition": DEFINITIONS[counter],
                "denominator": "with_outcome",
                "sql": query("count_diversions"),
            }
            for counter in Counter
        ],
        "unserved": [
            {"code": code, "calls": view.unserved.get(code, 0), "waiting": view.waiting.get(code, 0)}
            for code in sorted({*view.unserved, *view.waiting})
        ],
        "unserved_definition": UNSERVED,
        "waiting_definition": WAITING,
        "unserved_sql": query("count_unserved"),
    }

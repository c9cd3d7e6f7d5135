"""tandem feedback: what clinicians said of calls, for whoever trains a challenger."""

import sys
from collections import Counter
from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from api.cli_people import need_center, with_pool
from api.cli_retention import By, audit
from api.clock import utc_now
from api.shell import Data, screen
from models.store.database import Connection, Pool, query, the_row
from triage.feedback import Feedback, hash_of

feedback_app = typer.Typer(help="What clinicians said of calls.", no_args_is_help=True)
Center = Annotated[str, typer.Option("--center", help="Id of the center.")]
Since = Annotated[
    datetime | None,
    typer.Option("--since", formats=["%Y-%m-%d"], help="Only what was said from this day on."),
]
#: How many calls were not given, and why.
LEFT_OUT = {"gone": "whose words are gone or due to go", "held": "kept for a legal hold"}


@feedback_app.command("export")
def feedback_export(center: Center, since: Since = None, *, by: By, data: Data = None) -> None:
    """Write a line a call that clinicians judged, with its words: redirect it to a file that only you may read."""

    async def work(pool: Pool) -> None:
        await need_center(pool, center)
        async with pool.acquire() as connection:
            kept, left_out = await feedback_of(connection, center, since and since.date(), by)
        for line in kept:
            sys.stdout.write(line.model_dump_json() + "\n")
        screen.print(
            f"{len(kept)} calls.",
            *(f"Left out: {left_out[c]} {why}." for c, why in LEFT_OUT.items() if left_out[c]),
        )

    with_pool(data, work)


async def feedback_of(
    connection: Connection, center: str, since: date | None, by: str
) -> tuple[list[Feedback], Counter[str]]:
    """What may leave the service, and how much may not; the audit has it before anybody has the words."""
    async with connection.transaction():
        zone = ZoneInfo((await the_row(connection, "center", center))["timezone"])
        begin = since and datetime.combine(since, time.min, zone)
        rows = [dict(row) for row in await connection.fetch(query("feedback"), center, begin, utc_now())]
        left_out = Counter(reason for row in rows if (reason := row.pop("left_out")))
        kept = [line for row in rows if row["entries"] is not None and (line := _line(row)).says_something]
        params = {"calls": len(kept), "since": since and since.isoformat()}
        await audit(connection, center, by, "feedback.export", center, **params)
    return kept, left_out


def _line(row: dict[str, Any]) -> Feedback:
    return Feedback.model_validate({**row, "text_hash": hash_of(row["nature"], row["entries"])})

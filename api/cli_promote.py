"""tandem promote: a challenger takes the champion's place, with who said so and why."""

from pathlib import Path
from typing import Annotated

import typer

from api.artifacts import artifacts_of, put_in_service, weights_in
from api.cli_people import with_pool
from api.clock import utc_now
from api.shell import Data, refuse, screen, settings_with
from models.store.database import Pool, query
from triage.classifier import ARTIFACTS, Classifier, card_of, load
from triage.datafiles import rules_digest

SHOWN = 100


def promote(
    folder: Annotated[Path | None, typer.Argument(help="The challenger, as tandem train left it.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who answers for it.")] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Why. It is kept.")] = None,
    *,
    listed: Annotated[bool, typer.Option("--list", help="Say what was promoted when, newest first.")] = False,
    data: Data = None,
) -> None:
    """Put a classifier into service: every process takes it up at its next start. The former one stays beside it."""
    if listed:
        with_pool(data, _list)
        return
    if folder is None or not (by or "").strip() or not (reason or "").strip():
        raise refuse("Say what, by whose word and why: tandem promote DIR --by WHO --reason WHY")
    settings = settings_with(data=data)
    target = settings.artifacts or ARTIFACTS
    before, challenger = weights_in(artifacts_of(settings)), load(folder)
    if not isinstance(challenger, Classifier):
        raise refuse(
            f"{folder} is no classifier that could serve: its weights are {_why(challenger.reason)}."
        )
    if challenger.digest == before:
        raise refuse(f"{before} is in service already.")
    if card_of(folder)["lexicon"] != rules_digest():
        screen.print(
            "It was trained beside other rules than these: train it anew when you can.", style="yellow"
        )

    about = (before, challenger.digest, by, reason)

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute(query("add_promotion"), utc_now(), *about)
            try:
                put_in_service(folder, target)
            except OSError as fault:
                raise refuse(
                    f"{target} cannot be written ({fault.strerror}): TANDEM_ARTIFACTS names another folder."
                ) from fault
        screen.print(
            f"{challenger.digest} takes the place of {before} at the next start.",
            markup=False,
            highlight=False,
        )

    with_pool(data, work)


def _why(reason: str) -> str:
    return {"missing": "missing", "mismatch": "not what their card says"}[reason]


async def _list(pool: Pool) -> None:
    for row in await pool.fetch(query("promotions"), SHOWN):
        typer.echo(
            f"{row['at']:%Y-%m-%d %H:%M}\t{row['before']}\t{row['after']}\t{row['by']}\t{row['reason']}"
        )

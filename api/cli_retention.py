"""tandem center retention | tandem hold: how long words are kept, and what may not go."""

import getpass
from typing import Annotated, Any

import typer

from api.cli_people import CenterId, need_center, with_pool
from api.clock import utc_now
from api.shell import Data, refuse, screen, settings_with
from models.store.database import Connection, Pool, query

hold_app = typer.Typer(help="Legal holds: calls of which nothing is taken away.", no_args_is_help=True)
#: A month of the log goes whole, so its first day may be so much older than what is kept.
LONGEST_MONTH = 31

CallName = Annotated[str, typer.Argument(help="The CAD's number of the call, Tandem's own, or its id.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, e.g. the matter's number. It is kept.")]
By = Annotated[str, typer.Option("--by", help="Who asks for it.", default_factory=getpass.getuser)]


async def audit(connection: Connection, center: str, by: str, action: str, about: str, **params: Any) -> None:
    """Who did what at the command line."""
    await connection.execute(query("add_audit"), center, by, "shell", action, about, params)


async def need_call(connection: Connection, center: str, call: str) -> Any:
    """The call, locked against the purge; ends with a clear word where there is none."""
    found = await connection.fetchrow(query("find_call"), center, call)
    if found is None:
        raise refuse(f"Center {center!r} has no call {call!r}.")
    return found


def center_retention(
    center: CenterId,
    days: Annotated[int | None, typer.Option("--days", min=1, help="Days after a call's closing.")] = None,
    *,
    forever: Annotated[bool, typer.Option("--forever", help="Keep words for good.")] = False,
    by: By,
    data: Data = None,
) -> None:
    """Say or set how long a center keeps the words of its calls; counts, decisions and outcomes stay for good."""
    shortest = settings_with(data=data).keep_log.days + LONGEST_MONTH
    if days is not None and forever:
        raise refuse("Say --days or --forever, not both.")
    if days is not None and days < shortest:
        raise refuse(f"The log itself keeps places for up to {shortest} days: --days is at least that.")

    async def work(pool: Pool) -> None:
        await need_center(pool, center)
        async with pool.acquire() as connection, connection.transaction():
            if days is not None or forever:
                await connection.execute(query("set_retention"), center, days)
                await audit(connection, center, by, "retention.set", center, days=days)
            kept = await connection.fetchval(query("retention"), center)
        screen.print(
            f"Center {center} keeps the words of a call "
            + ("for good." if kept is None else f"for {kept} days after it is closed.")
        )

    with_pool(data, work)


@hold_app.command("add")
def hold_add(center: CenterId, call: CallName, reason: Reason, *, by: By, data: Data = None) -> None:
    """Keep a call, and every call linked to it, whole until the hold is released."""

    async def work(pool: Pool) -> None:
        await need_center(pool, center)
        async with pool.acquire() as connection, connection.transaction():
            found = await need_call(connection, center, call)
            hold = await connection.fetchval(query("add_hold"), center, found["id"], reason, by, utc_now())
            await audit(connection, center, by, "hold.add", str(found["id"]), hold=hold, reason=reason)
        screen.print(f"Hold {hold} stands on call {found['number']}.")

    with_pool(data, work)


@hold_app.command("release")
def hold_release(
    center: CenterId,
    call: CallName,
    reason: Reason,
    *,
    hold: Annotated[
        int | None, typer.Option("--hold", help="Which one, where several stand on the call.")
    ] = None,
    by: By,
    data: Data = None,
) -> None:
    """End a hold; what it kept goes as the center's retention says."""

    async def work(pool: Pool) -> None:
        await need_center(pool, center)
        async with pool.acquire() as connection, connection.transaction():
            found = await need_call(connection, center, call)
            standing = [row["id"] for row in await connection.fetch(query("holds"), center, found["id"])]
            if hold not in standing and not (hold is None and len(standing) == 1):
                stand = ", ".join(map(str, standing)) or "none"
                raise refuse(f"Name one hold with --hold. On call {found['number']} stand: {stand}.")
            ended = hold or standing[0]
            await connection.execute(query("release_hold"), center, ended, reason, by, utc_now())
            await audit(connection, center, by, "hold.release", str(found["id"]), hold=ended, reason=reason)
        screen.print(f"Hold {ended} on call {found['number']} is released.")

    with_pool(data, work)


@hold_app.command("list")
def hold_list(
    center: CenterId,
    call: Annotated[str | None, typer.Argument(help="Only those that stand on this call.")] = None,
    data: Data = None,
) -> None:
    """List holds, newest first, released ones too."""

    async def work(pool: Pool) -> None:
        await need_center(pool, center)
        async with pool.acquire() as connection, connection.transaction():
            found = await need_call(connection, center, call) if call else None
            for row in await connection.fetch(query("holds"), center, found and found["id"]):
                ended = row["released_at"]
                state = f"released {ended:%Y-%m-%d} by {row['released_by']}" if ended else "stands"
                typer.echo(
                    f"{row['id']}\t{row['number']}\t{row['call_id']}\t{row['at']:%Y-%m-%d}\t{row['by']}\t{state}"
                )

    with_pool(data, work)

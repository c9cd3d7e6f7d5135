"""tandem center | user | token: who exists and who may do what."""

import getpass
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from api.clock import utc_now
from api.desk import CANARY
from api.security import ROLES, TOKEN_ROLES, add_account, add_token, hash_password
from api.serving import reached
from api.shell import Data, refuse, run, screen, settings_with
from models.store.database import Pool, open_pool, query
from models.store.migrate import migrate

center_app = typer.Typer(help="Centers: the tenants of the service.", no_args_is_help=True)
user_app = typer.Typer(help="People who sign in.", no_args_is_help=True)
token_app = typer.Typer(help="Service tokens for CADs and reports.", no_args_is_help=True)

CenterId = Annotated[str, typer.Argument(help="Id of the center, e.g. metro.")]
Role = Annotated[str, typer.Option("--role", help="One of: " + ", ".join(ROLES))]


def with_pool(data: Path | None, work: Callable[[Pool], Awaitable[None]]) -> None:
    """Run `work` on the configured database, beside a running service or without one."""
    settings = settings_with(data=data)

    async def prepared_work() -> None:
        async with reached(settings) as dsn:
            await migrate(dsn)
            async with open_pool(dsn, 2) as pool:
                await work(pool)

    run(prepared_work(), settings)


async def need_center(pool: Pool, center: str) -> None:
    """End with a clear word where the center does not exist or is nobody's to enter."""
    need_free(center)
    if await pool.fetchrow(query("center"), center) is None:
        raise refuse(f"There is no center {center!r}. Make it with: tandem center add {center} --name ...")


def need_free(center: str) -> None:
    """End with a clear word where the name is the service's own."""
    if center == CANARY:
        raise refuse(f"{CANARY!r} is where the service tests itself: nobody signs in there.")


def need_role(role: str) -> None:
    """End with a clear word where the role does not exist."""
    if role not in ROLES:
        raise refuse(f"There is no role {role!r}. Roles: {', '.join(ROLES)}.")


@center_app.command("add")
def center_add(
    center: CenterId,
    name: Annotated[str, typer.Option("--name", help="Full name, shown on every screen.")],
    timezone: Annotated[str, typer.Option("--timezone", help="IANA zone, e.g. America/Chicago.")],
    *,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="Training, demo or replay, never live.")
    ] = False,
    cad: Annotated[
        str, typer.Option("--cad", help="feed: a CAD echoes decisions; none: own unit board.")
    ] = "feed",
    data: Data = None,
) -> None:
    """Add a center."""
    need_free(center)
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise refuse(f"{timezone!r} is not an IANA time zone. Write e.g. America/Chicago.") from fault
    if cad not in ("feed", "none"):
        raise refuse("--cad is feed or none.")

    async def work(pool: Pool) -> None:
        if await pool.fetchval(query("add_center"), center, name, timezone, synthetic, cad) is None:
            raise refuse(f"Center {center!r} exists already.")
        screen.print(f"Center {center} is there.")

    with_pool(data, work)


@center_app.command("list")
def center_list(data: Data = None) -> None:
    """List centers."""

    async def work(pool: Pool) -> None:
        for row in await pool.fetch(query("centers")):
            if row["id"] == CANARY:
                continue
            kind = "synthetic" if row["synthetic"] else "live"
            typer.echo(f"{row['id']}\t{row['name']}\t{row['timezone']}\t{kind}\tcad={row['cad']}")

    with_pool(data, work)


@center_app.command("silent")
def center_silent(
    state: Annotated[Literal["on", "off"], typer.Argument(help="on: nothing Tandem reads is shown.")],
    center: CenterId,
    data: Data = None,
) -> None:
    """Have a center's calls read and compared while its people see nothing of it. Takes effect at the next start."""

    async def work(pool: Pool) -> None:
        await need_center(pool, center)
        await pool.execute(query("set_silent"), center, state == "on")
        await pool.execute(
            query("add_audit"), center, getpass.getuser(), "shell", f"center.silent_{state}", center, {}
        )
        screen.print(
            f"Center {center} {'runs silently' if state == 'on' else 'sees what is read'} from the next start on."
        )

    with_pool(data, work)


@user_app.command("add")
def user_add(
    center: CenterId,
    username: str,
    role: Role,
    name: Annotated[str, typer.Option("--name", help="Display name.")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
    data: Data = None,
) -> None:
    """Add a person; asks for the password."""
    need_role(role)
    need_length(password)

    async def work(pool: Pool) -> None:
        await need_center(pool, center)
        if not await add_account(pool, center, username, name, role, password):
            raise refuse(f"{username!r} exists already in {center}.")
        screen.print(f"{username} may sign in as {role} of {center}.")

    with_pool(data, work)


@user_app.command("password")
def user_password(
    center: CenterId,
    username: str,
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
    data: Data = None,
) -> None:
    """Set a new password; a locked account is released."""
    need_length(password)

    async def work(pool: Pool) -> None:
        if await pool.fetchval(query("set_password"), center, username, hash_password(password)) is None:
            raise refuse(f"There is no {username!r} in {center}.")
        screen.print(f"{username} has a new password.")

    with_pool(data, work)


def need_length(password: str) -> None:
    """NIST SP 800-63B: length is what counts."""
    if len(password) < 12:
        raise refuse("A password has at least 12 characters.")


@token_app.command("add")
def token_add(center: CenterId, name: str, role: Role = "integrator", data: Data = None) -> None:
    """Make a service token; it is printed once. Only people decide: a token puts calls in or reads reports."""
    if role not in TOKEN_ROLES:
        raise refuse(f"A token is for: {', '.join(TOKEN_ROLES)}. People sign in: tandem user add.")

    async def work(pool: Pool) -> None:
        await need_center(pool, center)
        typer.echo(await add_token(pool, center, name, role))

    with_pool(data, work)


@token_app.command("revoke")
def token_revoke(center: CenterId, name: str, data: Data = None) -> None:
    """End every token of that name."""

    async def work(pool: Pool) -> None:
        rows = await pool.fetch(query("revoke_tokens"), center, name, utc_now())
        if not rows:
            raise refuse(f"No token {name!r} stands in {center}.")
        screen.print(f"Ended {len(rows)}.")

    with_pool(data, work)

"""tandem demo: the service with its fictional city, from nothing to a live console."""

import asyncio
import re
import secrets
from typing import Annotated

import typer
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from api.clock import utc_now
from api.demo.stream import PACE, play
from api.demo.world import World, load_world
from api.policies import packaged, set_policy
from api.security import add_account, add_token, hash_password
from api.serving import address_of, listening, prepared, serving, until_stopped
from api.shell import Data, Host, Port, run, screen, settings_with
from api.tls import certificate_of
from models.store.database import Pool, open_pool, query

#: Short enough to type, made anew at every start, and only ever good for synthetic calls.
WORDS = (
    "harbor",
    "willow",
    "copper",
    "meadow",
    "lantern",
    "granite",
    "orchard",
    "velvet",
    "juniper",
    "saddle",
)


REVIEW_SECONDS = 10


def demo_password() -> str:
    """Two words and a number."""
    return f"{secrets.choice(WORDS)}-{secrets.choice(WORDS)}-{secrets.randbelow(90) + 10}"


def demo_policy() -> str:
    """The shipped policy with a shorter wait for the clinician, because a newcomer usually plays alone."""
    return re.sub(r"(?m)^fall_through_seconds = \d+$", f"fall_through_seconds = {REVIEW_SECONDS}", packaged())


async def set_up(pool: Pool, world: World) -> tuple[str, dict[str, str]]:
    """The demo center with its agencies and people; (integrator's token, password by user name)."""
    center = world.center
    await pool.execute(query("add_center"), center.id, center.name, center.timezone, True, "feed")
    await keep_policy(pool, center.id)
    for agency in center.agency:
        await pool.execute(query("put_agency"), center.id, agency.id, agency.name, agency.kind.value)
    passwords = {}
    for account in center.account:
        word = passwords[account.username] = demo_password()
        if not await add_account(pool, center.id, account.username, account.display_name, account.role, word):
            await pool.execute(query("set_password"), center.id, account.username, hash_password(word))
    await pool.fetch(query("revoke_tokens"), center.id, "demo-cad", utc_now())
    return await add_token(pool, center.id, "demo-cad", "integrator"), passwords


async def keep_policy(pool: Pool, center: str) -> None:
    """The demo's policy; a new version only where another one holds."""
    async with pool.acquire() as connection:
        holding = await connection.fetchrow(query("policy_of"), center, None, utc_now())
        if holding is None or holding["body"] != demo_policy():
            await set_policy(connection, center, demo_policy(), by="tandem", reason="the demo's")


def announce(address: str, world: World, passwords: dict[str, str]) -> None:
    """Where to go and how to get in."""
    table = Table(box=None, padding=(0, 2), show_edge=False)
    for column in ("sign in as", "password", "role"):
        table.add_column(column)
    for account in world.center.account:
        table.add_row(account.username, passwords[account.username], account.role)
    about = f"{world.center.name}\nsynthetic calls in a synthetic city, faster than real"
    screen.print(Panel.fit(f"[bold]{escape(address)}[/]\n{about}", title="Tandem", padding=(0, 2)))
    screen.print(table)
    screen.print(
        "Select a call, press A, then Enter. Ctrl-C stops everything; the data stays, passwords are made anew.",
        style="dim",
    )


def demo(
    data: Data = None,
    port: Port = None,
    host: Host = None,
    pace: Annotated[float, typer.Option("--pace", min=0.1, max=600, help="Times faster than real.")] = PACE,
    *,
    stream: Annotated[bool, typer.Option("--stream/--no-stream", help="Play calls and units.")] = True,
) -> None:
    """Run the service with a fictional city whose calls and units come in live."""
    settings = settings_with(data=data, port=port, host=host)

    async def work() -> None:
        world = load_world()
        with listening(settings) as listener:
            async with prepared(settings) as engines:
                async with open_pool(engines.postgres, 2) as pool:
                    token, passwords = await set_up(pool, world)
                async with serving(settings, engines, listener):
                    address = address_of(settings, listener)
                    announce(address, world, passwords)
                    trust = own.client_context() if (own := certificate_of(settings)) else True
                    playing = (
                        asyncio.create_task(play(address, token, pace=pace, trust=trust)) if stream else None
                    )
                    await until_stopped()
                    screen.print("Stopping.")
                    if playing is not None:
                        playing.cancel()
                        await asyncio.gather(playing, return_exceptions=True)

    run(work(), settings)

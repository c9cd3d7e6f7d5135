"""tandem policy: what a center decides about sending people, tried on past calls before it holds."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import asyncpg
import typer
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api import scoring
from api.cli_people import CenterId, need_center, with_pool
from api.cli_retention import By, audit
from api.clock import utc_now
from api.policies import packaged, set_policy
from api.policy_diff import BoardUnit, Desk, Difference, Tally, differences, synthetic_board
from api.policy_words import differing, in_words
from api.shell import Data, refuse, screen
from dispatch.policy import Policy, PolicyInvalid, load_policy
from models.store.database import Connection, Pool, query, the_row

policy_app = typer.Typer(help="What a center decides about sending people, as data.", no_args_is_help=True)
PolicyFile = Annotated[Path, typer.Argument(help="TOML as `tandem policy show` prints it.")]
UNITS: TypeAdapter[list[BoardUnit]] = TypeAdapter(list[BoardUnit])


def written_in(file: Path) -> tuple[str, Policy]:
    """The text and what it says; ends with file, line and fix where it cannot be used."""
    if str(file) == "packaged":
        return packaged(), load_policy(packaged())
    try:
        text = file.read_text(encoding="utf-8")
        return text, load_policy(text, file.name)
    except (OSError, UnicodeDecodeError) as fault:
        raise refuse(f"{file} cannot be read: {fault}") from fault
    except PolicyInvalid as fault:
        raise refuse(str(fault)) from fault


@policy_app.command("check")
def policy_check(file: PolicyFile) -> None:
    """Say in words what a file decides, or which line is wrong and what to write instead."""
    _, policy = written_in(file)
    paper = Console(highlight=False, markup=False, soft_wrap=True)
    for part in in_words(policy):
        paper.print(part.heading, style="bold")
        for line in part.lines:
            paper.print(f"  {line}")
    screen.print(f"{file.name} can be used: digest {policy.digest}.", highlight=False)


@policy_app.command("diff")
def policy_diff(
    old: Annotated[Path, typer.Argument(help="A policy file, or the word packaged.")],
    new: Annotated[Path, typer.Argument(help="A policy file, or the word packaged.")],
    *,
    on: Annotated[Path | None, typer.Option("--on", help="Calls, one JSON a line, as for score.")] = None,
    units: Annotated[
        Path | None, typer.Option("--units", help="JSON list of units, or a console's snapshot.")
    ] = None,
    hour: Annotated[int, typer.Option("--hour", min=0, max=23, help="Local hour of the board.")] = 12,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON a call, and the counts last.")] = False,
) -> None:
    """Say what two policies decide otherwise, and which calls they would answer otherwise; nothing is changed.

    Each call is planned alone: among the given units where its line has lat and lon, else in their middle; without
    given units, with two of each kind, 2 and 6 km away.
    """
    before, after = written_in(old)[1], written_in(new)[1]
    board = units_in(units) if units else synthetic_board()
    if not as_json:
        for line in differing(before, after) or ["Both decide the same."]:
            typer.echo(line)
    if on is None:
        return
    tally = Tally()
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=screen, transient=True
    ) as bar:
        task = bar.add_task("Planning")

        def step() -> None:
            bar.update(task, description=f"Planning: {tally.read:,} calls, {tally.changed:,} otherwise")

        desks = Desk(before, board, hour), Desk(after, board, hour)
        for each in differences(calls_of(on), *desks, tally, step, placed=units is not None):
            tell(each, as_json=as_json)
    sum_up(tally, as_json=as_json)


def units_in(file: Path) -> list[BoardUnit]:
    """The units of a board; ends with what is wrong with them."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return UNITS.validate_python(told["units"] if isinstance(told, dict) else told)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise refuse(f"{file.name}: unit {where}: {first['msg']}. Each has id, kind, lat, lon.") from fault
    except (OSError, ValueError, KeyError) as fault:
        raise refuse(f"{file} is no list of units: {fault}") from fault


def calls_of(file: Path) -> Iterator[scoring.Call]:
    """Calls of a file as `tandem score` reads them; ends with the line that is no call."""
    try:
        with file.open(encoding="utf-8", newline="") as source:
            for call in scoring.calls_of(source, scoring.Format.AUTO, scoring.USUAL):
                if call.fault is not None:
                    raise refuse(f"{file.name}, line {call.line}: {call.fault}")
                yield call
    except (OSError, UnicodeDecodeError) as fault:
        raise refuse(f"{file} cannot be read: {fault}") from fault


def tell(found: Difference, *, as_json: bool) -> None:
    """One call that is answered otherwise."""
    if as_json:
        typer.echo(json.dumps({"id": found.id, "changes": list(found.changes)}))
    else:
        typer.echo(f"{found.id}\t{'; '.join(found.changes)}")


def sum_up(tally: Tally, *, as_json: bool) -> None:
    """How many of how many, and how often each change occurs."""
    if as_json:
        typer.echo(json.dumps(tally.as_json()))
        return
    typer.echo(
        f"{tally.read} calls read, {tally.eligible} eligible, {tally.changed} would be answered otherwise."
    )
    for change, count in sorted(tally.counts.items(), key=lambda each: (-each[1], each[0])):
        typer.echo(f"{count}\t{change}")


@policy_app.command("set")
def policy_set(
    center: CenterId,
    file: Annotated[Path, typer.Argument(help="A policy file, or the word packaged: follow the package.")],
    why: Annotated[str, typer.Option("--why", help="It is kept.")],
    *,
    since: Annotated[
        str, typer.Option("--from", help="now, or e.g. 2026-12-01T06:00 in the center's time.")
    ] = "now",
    by: By,
    data: Data = None,
) -> None:
    """Let a center's plans follow a file from a moment on; every version is kept. No restart is needed.

    Each open recommendation is made again by it. Of versions whose time has come the latest holds.
    """
    text, policy = written_in(file)
    text = "" if str(file) == "packaged" else text

    async def work(pool: Pool) -> None:
        await need_center(pool, center)
        async with pool.acquire() as connection, connection.transaction():
            zone = await zone_of(connection, center)
            begin = moment_of(since, zone)
            try:
                kept = await set_policy(connection, center, text, by=by, reason=why, since=begin)
            except asyncpg.UniqueViolationError as fault:
                raise refuse(
                    f"Somebody else set one just now. See: tandem policy history {center}"
                ) from fault
            about: dict[str, Any] = {"version": kept["version"], "digest": policy.digest, "reason": why}
            about["effective_from"] = kept["effective_from"].isoformat()
            await audit(connection, center, by, "policy.set", center, **about)
        screen.print(
            f"Center {center} plans with version {kept['version']}, digest {policy.digest}, "
            f"from {told_time(kept['effective_from'], zone)} on.",
            highlight=False,
            soft_wrap=True,
        )

    with_pool(data, work)


async def zone_of(connection: Connection | Pool, center: str) -> ZoneInfo:
    """The center's time zone."""
    return ZoneInfo((await the_row(connection, "center", center))["timezone"])


def moment_of(text: str, zone: ZoneInfo) -> datetime | None:
    """From when on; none: from now on. Plans that were made are not made again, so the past is refused."""
    if text == "now":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise refuse(f"{text!r} is no time. Write e.g. 2026-12-01T06:00, or now.") from fault
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    if moment < utc_now():
        raise refuse(f"{text} has passed, and what was planned stays so. Leave --from away for now.")
    return moment


def told_time(at: datetime, zone: ZoneInfo) -> str:
    """An instant in the center's time."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M %Z}"


@policy_app.command("show")
def policy_show(
    center: CenterId,
    version: Annotated[int | None, typer.Option("--version", min=1, help="An older or a coming one.")] = None,
    data: Data = None,
) -> None:
    """Print the policy that holds in a center, with who set it and why: a start for editing."""

    async def work(pool: Pool) -> None:
        await need_center(pool, center)
        row = await pool.fetchrow(query("policy_of"), center, version, utc_now())
        if row is None and version is not None:
            raise refuse(f"Center {center!r} has no version {version}. See: tandem policy history {center}")
        if row is None:
            screen.print(f"Center {center} plans with the packaged policy.", highlight=False)
        else:
            zone = await zone_of(pool, center)
            screen.print(", ".join(about(row, zone)), highlight=False, markup=False, soft_wrap=True)
        typer.echo(row["body"] if row and row["body"] else packaged(), nl=False)

    with_pool(data, work)


@policy_app.command("history")
def policy_history(center: CenterId, data: Data = None) -> None:
    """List every version of a center's policy, newest first: from when on, by whom and why."""

    async def work(pool: Pool) -> None:
        await need_center(pool, center)
        zone = await zone_of(pool, center)
        now = utc_now()
        holding = await pool.fetchrow(query("policy_of"), center, None, now)
        rows = await pool.fetch(query("policy_versions"), center)
        for row in rows:
            state = "holds" if holding and row["version"] == holding["version"] else ""
            typer.echo("\t".join((*about(row, zone), "to come" if row["effective_from"] > now else state)))
        if holding is None:
            screen.print(f"Center {center} plans with the packaged policy.", highlight=False)

    with_pool(data, work)


def about(row: Any, zone: ZoneInfo) -> tuple[str, ...]:
    """Which version, from when on, by whom and why."""
    digest = f"digest {row['digest'] or 'not kept'}"
    since = f"from {told_time(row['effective_from'], zone)}"
    return f"version {row['version']}", digest, since, row["by"], row["reason"]

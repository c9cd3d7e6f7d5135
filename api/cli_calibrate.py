"""tandem calibrate: what a center's own history says of the values in its policy."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cad_export import ReplayFault, zone_named
from api.shell import refuse, screen
from api.unit_runs import FIELDS, Read, columns_of, read_runs
from dispatch.policy import PolicyInvalid, default_policy, load_policy
from dispatch.policy_lines import with_table
from dispatch.policy_parts import Travel
from dispatch.travel_fit import Fit, Quality, TooFewRuns, fit

calibrate_app = typer.Typer(help="Values of a policy from a center's own history.", no_args_is_help=True)


@calibrate_app.callback()
def calibrate() -> None:
    """Values of a policy from a center's own history."""


@calibrate_app.command("travel")
def calibrate_travel(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV or CSV.gz, a run of a unit a line.")
    ],
    timezone: Annotated[str, typer.Option("--timezone", help="IANA zone of the file's local times.")],
    *,
    columns: Annotated[
        str, typer.Option("--map", help=f"field=column,... Fields: {', '.join(FIELDS)}.")
    ] = "",
    from_previous: Annotated[
        float | None,
        typer.Option(
            "--from-previous", min=0, help="Begin a run where its unit cleared another, so many minutes ago."
        ),
    ] = None,
    into: Annotated[
        Path | None, typer.Option("--into", help="Policy file whose [travel] is compared and replaced.")
    ] = None,
) -> None:
    """Fit turnout, road factor and speed by hour to the runs that units made, and say how well that estimates.

    The [travel] table of a policy is printed, or written into a policy file.
    """
    text, before = policy_of(into)
    try:
        zone = zone_named(timezone)
        with screen.status("Reading"):
            read = read_runs(file, columns_of(columns), zone, from_previous)
        with screen.status(f"Fitting {len(read.rows):,} runs"):
            found = fit(read.runs(zone), before)
    except (ReplayFault, OSError, TooFewRuns) as fault:
        if isinstance(fault, TooFewRuns):
            say_aside(read)
        raise refuse(str(fault)) from fault
    say(read, found)
    table = table_of(found.travel, read)
    if into is None:
        typer.echo("\n".join(table))
        return
    changed = with_table(text, "travel", table)
    try:
        load_policy(changed, into.name)
    except PolicyInvalid as fault:
        raise refuse(f"{fault}\n{into} is as it was.") from fault
    written = into.with_name(f"{into.name}.partial")
    written.write_text(changed, encoding="utf-8")
    written.replace(into)
    screen.print(f"[travel] of {into} is replaced.", markup=False, highlight=False)


def policy_of(file: Path | None) -> tuple[str, Travel]:
    """A policy's text and its travel times; the packaged ones without a file."""
    if file is None:
        return "", default_policy().travel
    try:
        text = file.read_text(encoding="utf-8")
        return text, load_policy(text, file.name).travel
    except (OSError, UnicodeDecodeError) as fault:
        raise refuse(f"{file} cannot be read: {fault}") from fault
    except PolicyInvalid as fault:
        raise refuse(str(fault)) from fault


def table_of(travel: Travel, read: Read) -> list[str]:
    """The [travel] table as it stands in a policy."""
    days = sorted(row[0].date() for row in (min(read.rows), max(read.rows)))
    return [
        f"[travel]    # fitted to {len(read.rows)} runs, {days[0]} to {days[1]}",
        f"road_factor = {travel.road_factor:g}",
        f"turnout_minutes = {travel.turnout_minutes:g}",
        f"router_knows_traffic = {str(travel.router_knows_traffic).lower()}",
        "speed_kmh = [",
        *(f"    {{ from = {speed.from_hour}, kmh = {speed.kmh:g} }}," for speed in travel.speed_kmh),
        "]",
    ]


def say_aside(read: Read) -> None:
    """Why lines could not be used."""
    for reason, count in read.aside.most_common():
        screen.print(f"  {count:,} x {reason}", highlight=False)


def say(read: Read, found: Fit) -> None:
    """What was used, and how well it estimates."""
    lines = len(read.rows) + sum(read.aside.values())
    screen.print(f"{lines:,} lines, {len(read.rows):,} runs used.", highlight=False)
    say_aside(read)
    table = Table(box=None, pad_edge=False)
    for column in (f"minutes off, on the latest {found.held_out:,}", "median", "p90", "bias"):
        table.add_column(column, justify="left" if column.startswith("minutes") else "right")
    for name, quality in (("before", found.before), ("after, fitted without them", found.after)):
        table.add_row(name, *told(quality))
    screen.print(table, highlight=False)
    if not found.factor_fitted:
        screen.print(
            f"Times tell road factor and speed only together: the factor stays {found.travel.road_factor:g}; "
            "a column driven_km tells it.",
            highlight=False,
        )


def told(quality: Quality) -> tuple[str, str, str]:
    """Median, p90 and bias."""
    return f"{quality.median:.2f}", f"{quality.p90:.2f}", f"{quality.bias:+.2f}"

"""tandem simulate: what other teams, hours or another policy would have done, before anybody is hired."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from api.cad_export import ReplayFault, parse_map, zone_named
from api.shell import refuse, screen
from api.simulate_input import FIELDS, read_export
from api.simulate_report import Results, difference_table, document, fit_rows, page, table
from api.simulate_study import Study, Wish, demo_study, export_study, fit_of
from dispatch.policy import Policy, PolicyInvalid, default_policy, load_policy
from dispatch.simulate import Rule, Run, simulate
from dispatch.simulation.figures import Figures
from dispatch.simulation.fleet import TeamsUnreadable, parse_teams

TEAMS = "CRT=2@08-20,COR=1@12-24,TEL=1@08-20,988=1"


def simulate_command(
    file: Annotated[
        Path | None,
        typer.Argument(exists=True, dir_okay=False, help="CSV or CSV.gz; none: the demo's calls."),
    ] = None,
    *,
    columns: Annotated[
        str, typer.Option("--map", help=f"field=column,... Fields: {', '.join(FIELDS)}.")
    ] = "received_at=received_at",
    timezone: Annotated[str, typer.Option("--timezone", help="IANA zone of the city.")] = "UTC",
    skip: Annotated[
        str, typer.Option("--skip", help="Natures that are no calls for service, with * and ?, by commas.")
    ] = "",
    crisis: Annotated[
        bool, typer.Option("--crisis", help="The export is a crisis service's own: every line is eligible.")
    ] = False,
    teams: Annotated[str, typer.Option("--teams", help="KIND=COUNT@FROM-TO,... by local hours.")] = TEAMS,
    fleet: Annotated[
        str | None,
        typer.Option("--fleet", help="Police and ambulances, alike; else as many as the calls need."),
    ] = None,
    policy: Annotated[
        Path | None, typer.Option("--policy", exists=True, dir_okay=False, help="Another policy.toml.")
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option("--baseline", help="Teams of today: a what-if instead of a comparison of rules."),
    ] = None,
    rules: Annotated[str, typer.Option("--rules", help=f"By commas, of {', '.join(Rule)}.")] = ",".join(Rule),
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Runs with other chances each.")] = 5,
    days: Annotated[int, typer.Option("--days", min=1, help="Of a city drawn from the fit.")] = 365,
    calls: Annotated[
        int | None, typer.Option("--calls", help="A year; else as many as the export says.")
    ] = None,
    hold_out: Annotated[
        int, typer.Option("--hold-out", min=0, help="Last days of the export: not fitted on, but played.")
    ] = 0,
    square_km: Annotated[
        float, typer.Option("--square-km", min=0.1, help="Size of the city where the export has no places.")
    ] = 150,
    json_file: Annotated[Path | None, typer.Option("--json", help="Where to write the numbers.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Where to write the report.")] = None,
) -> None:
    """Play a city under several dispatch rules, or with other teams or another policy, and compare.

    tandem simulate calls.csv --map received_at=received_at,nature=nature,lat=lat,lon=lon --timezone America/Chicago

    tandem simulate --calls 60000 --baseline CRT=1@08-20 --teams CRT=2@08-20,COR=1@12-24 --html what-if.html
    """
    try:
        zone, chosen = zone_named(timezone), [Rule(name.strip()) for name in rules.split(",")]
        wish = Wish(
            zone, parse_teams(teams), None if fleet is None else parse_teams(fleet), days, calls, square_km,
            hold_out, crisis,
        )  # fmt: skip
        asked = load_policy(policy) if policy else default_policy()
        study = _study(file, columns, skip, asked, wish)
        fit = fit_of(study)
        if baseline is not None or policy is not None:
            before = _before(study, baseline, asked)
            found = _compared(study, before, seeds)
            against = "what-if"
        else:
            found = _ruled(study, chosen, seeds)
            against = Rule.TANDEM.value if Rule.TANDEM in chosen else chosen[-1].value
    except (ReplayFault, TeamsUnreadable, PolicyInvalid, ValueError) as fault:
        raise refuse(str(fault)) from fault
    title = f"{file.name.split('.')[0] if file else 'A city like the demo'}: {' beside '.join(found)}"
    _tell(Results(study, title, seeds, found, against, fit), json_file, html)


def _study(file: Path | None, columns: str, skip: str, policy: Policy, wish: Wish) -> Study:
    if file is None:
        return demo_study(policy, wish)
    patterns = tuple(filter(None, (pattern.strip() for pattern in skip.split(","))))
    with _bar() as bar:
        task = bar.add_task("lines read", total=None)
        export = read_export(
            file,
            parse_map(columns, FIELDS),
            wish.zone,
            skip=patterns,
            crisis=wish.crisis,
            step=lambda: bar.advance(task),
        )
    eligible = sum(record.view is not None for record in export.records)
    left = ", ".join(f"{count:,} {why}" for why, count in export.left_out.items())
    screen.print(
        f"{len(export.records):,} calls, {eligible:,} of them eligible{f'; left out: {left}' if left else ''}."
    )
    return export_study(policy, wish, export.records)


def _before(study: Study, baseline: str | None, asked: Policy) -> Study:
    """The same city with the teams of today under the packaged policy, which keeps the travel as observed."""
    today = default_policy().model_copy(update={"travel": study.policy.travel})
    conventional = tuple(t for t in study.scenario.teams if asked.kinds[t.kind].conventional)
    teams = study.scenario.teams if baseline is None else parse_teams(baseline) + conventional
    return replace(study, policy=today, scenario=replace(study.scenario, teams=teams))


def _ruled(study: Study, rules: Sequence[Rule], seeds: int) -> dict[str, tuple[Figures, ...]]:
    with _bar() as bar:
        task = bar.add_task("runs", total=len(rules) * seeds)

        def step(run: Run) -> None:
            bar.update(task, advance=1, description=f"{run.rule}, seed {run.seed}")

        found = simulate(
            study.scenario, study.policy, study.draw, rules=rules, seeds=range(1, seeds + 1), step=step
        )
    return {rule.value: figures for rule, figures in found.items()}


def _compared(study: Study, before: Study, seeds: int) -> dict[str, tuple[Figures, ...]]:
    return {
        "baseline": _ruled(before, [Rule.TANDEM], seeds)[Rule.TANDEM.value],
        "what-if": _ruled(study, [Rule.TANDEM], seeds)[Rule.TANDEM.value],
    }


def _tell(results: Results, json_file: Path | None, html: Path | None) -> None:
    shown = Console(width=None if sys.stdout.isatty() else 160)
    if results.fit:
        heads, rows = fit_rows(results.fit)
        made = Table(*heads, title="How well the city fits what was seen")
        for row in rows:
            made.add_row(*row)
        shown.print(made)
    shown.print(table(results))
    if len(results.runs) > 1:
        shown.print(difference_table(results))
    if json_file is not None:
        json_file.write_text(json.dumps(document(results), indent=1) + "\n", encoding="utf-8")
    if html is not None:
        html.write_text(page(results), encoding="utf-8")


def _bar() -> Progress:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    return Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal)

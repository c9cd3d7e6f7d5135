"""tandem replay: your own CAD export, played into a synthetic center."""

import csv
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from api.cad_export import FIELDS, ReplayFault, parse_map, read_rows, zone_named
from api.replay import Journal, Player, Tally, need_synthetic
from api.settings import Settings
from api.shell import run, screen, settings_with


def replay(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV or CSV.gz with a header line.")
    ],
    center: Annotated[str, typer.Option("--center", help="A center made with --synthetic.")],
    columns: Annotated[str, typer.Option("--map", help=f"field=column,... Fields: {', '.join(FIELDS)}.")],
    timezone: Annotated[str, typer.Option("--timezone", help="IANA zone of the file's local times.")],
    token: Annotated[str, typer.Option("--token", envvar="TANDEM_TOKEN", help="From: tandem token add.")],
    url: Annotated[
        str | None,
        typer.Option("--url", help="Where the service answers; else this machine, at TANDEM_PORT."),
    ] = None,
    rebase: Annotated[
        str,
        typer.Option("--rebase", help="now: calls come in now, to watch; keep: their own times, to load."),
    ] = "now",
    speed: Annotated[str, typer.Option("--speed", help="Times faster than real, or max.")] = "max",
    close_after: Annotated[
        float, typer.Option("--close-after", help="Minutes, where no closed_at is mapped.")
    ] = 45,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", help="CSV of refused lines and reasons.")
    ] = None,
    progress_file: Annotated[
        Path | None, typer.Option("--progress-file", help="Where to note what is done.")
    ] = None,
) -> None:
    """Play a CAD export through the public API; a second start goes on where the first stopped."""
    settings = settings_with()
    stem = file.name.split(".")[0]
    rejects = rejects or Path(f"{stem}.{center}.rejects.csv")
    journal = Journal(progress_file or Path(f"{stem}.{center}.progress.json"))

    async def work() -> Tally:
        refused: dict[int, str] = {}
        rows = sorted(
            read_rows(
                file,
                parse_map(columns),
                zone_named(timezone),
                timedelta(minutes=close_after),
                refused.__setitem__,
            ),
            key=lambda row: (row.at, row.line),
        )
        lines = len(rows) + len(refused)
        todo = [row for row in rows if str(row.line) not in journal.done]
        if len(todo) < len(rows):
            screen.print(f"{len(rows) - len(todo):,} of {lines:,} lines were played before.")
        headers = {"Authorization": f"Bearer {token}"}
        with _bar() as bar:
            task = bar.add_task("calls and closings", total=2 * len(todo))
            async with httpx.AsyncClient(
                base_url=url or address_of(settings), headers=headers, timeout=60, trust_env=False
            ) as client:
                player = Player(
                    client, center, journal, speed=_speed(speed), rebase=rebase == "now",
                    reject=refused.__setitem__, step=lambda: bar.advance(task),
                )  # fmt: skip
                await need_synthetic(client, center)
                try:
                    tally = await player.play(todo)
                finally:
                    journal.keep()
                    write_rejects(rejects, refused)
        tally.rejected = len(refused)
        tally.reasons.update(refused.values())
        _say(tally, lines, len(rows) - len(todo), rejects)
        return tally

    try:
        if rebase not in ("now", "keep"):
            raise ReplayFault("--rebase is now or keep.")
        run(work(), settings)
    except ReplayFault as fault:
        screen.print(str(fault), style="red", highlight=False)
        raise typer.Exit(1) from fault


def address_of(settings: Settings) -> str:
    """Where a service with these settings answers on this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - nothing listens here
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
        console=screen,
    )  # fmt: skip


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0
    if speed <= 0:
        raise ReplayFault("--speed is a number above 0, or max.")
    return speed


def write_rejects(path: Path, refused: dict[int, str]) -> None:
    """The refused lines with their reasons; no file where there are none."""
    if not refused:
        return
    with path.open("w", newline="") as into:
        writer = csv.writer(into)
        writer.writerow(("line", "reason"))
        writer.writerows(sorted(refused.items()))


def _say(tally: Tally, lines: int, before: int, rejects: Path) -> None:
    where = f" ({rejects})" if tally.rejected else ""
    screen.print(
        f"{lines:,} lines: {tally.accepted:,} accepted now, {before:,} before, {tally.rejected:,} rejected{where}, "
        f"{tally.closed:,} closed."
    )
    for reason, count in tally.reasons.most_common():
        screen.print(f"  {count:,} x {reason}", highlight=False)

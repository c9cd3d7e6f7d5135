"""tandem phrases: what a center adds to the packaged phrases, tried on past calls before it is set."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import track

from api import scoring
from api.cli_people import CenterId, need_center, with_pool
from api.cli_retention import By, Reason, audit
from api.phrases import written_by
from api.phrases_diff import Differences, PastCall, compared
from api.shell import Data, refuse, screen
from models.assessment import Entry
from models.store.database import Connection, Pool, query
from triage.assess import artefact_with
from triage.datafiles import LexiconError, Written
from triage.overlay import Overlay, digest_of, overlay_of

phrases_app = typer.Typer(help="Phrases and codes of a center's own, as data.", no_args_is_help=True)
PhrasesFile = Annotated[Path, typer.Argument(help="TOML with [[group]]s: concept, id, severity, en, es, ...")]


def written_in(file: Path) -> Written:
    """What stands in the file; ends with a clear word where it cannot be read."""
    try:
        return Written(file.name, file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as fault:
        raise refuse(f"{file} cannot be read: {fault}") from fault


def compiled(written: Written | None) -> Overlay | None:
    """The phrases ready to read with; ends with file, line and fix where they are faulty."""
    try:
        return overlay_of(written) if written else None
    except LexiconError as fault:
        raise refuse(str(fault)) from fault


def patterns_in(overlay: Overlay | None) -> int:
    """How many patterns it has."""
    return overlay.book.trie.patterns if overlay else 0


@phrases_app.command("check")
def phrases_check(file: PhrasesFile) -> None:
    """Say whether a file can be used, and if not, which line and what to write instead."""
    written = written_in(file)
    count = patterns_in(compiled(written))
    screen.print(
        f"{file.name} can be used: {count} patterns, digest {digest_of(written.text)}.", highlight=False
    )


@phrases_app.command("diff")
def phrases_diff(
    file: PhrasesFile,
    *,
    on: Annotated[Path | None, typer.Option("--on", help="Calls, one JSON a line, as for score.")] = None,
    center: Annotated[str | None, typer.Option("--center", help="Its phrases, and its stored calls.")] = None,
    last: Annotated[int, typer.Option("--last", min=1, max=100_000, help="The newest so many calls.")] = 1000,
    as_json: Annotated[bool, typer.Option("--json", help="For other programs.")] = False,
    by: By,
    data: Data = None,
) -> None:
    """Say which past calls would be read otherwise; nothing is changed and no word of a call is shown.

    Compared with what the center has now, or with the packaged phrases alone where no center is named.
    """
    after = compiled(written_in(file))
    if center is None:
        if on is None:
            raise refuse("Name calls with --on FILE, or a center whose stored calls are read with --center.")
        show(compared(calls_of(on), None, after), as_json=as_json)
        return

    async def work(pool: Pool) -> None:
        await need_center(pool, center)
        async with pool.acquire() as connection:
            before = compiled(await written_by(connection, center))
            calls = list(calls_of(on)) if on else await stored_calls(connection, center, last)
            if on is None:
                await audit(connection, center, by, "phrases.diff", center, calls=len(calls))
        show(
            compared(track(calls, "Reading", console=screen, transient=True), before, after), as_json=as_json
        )

    with_pool(data, work)


def calls_of(file: Path) -> Iterator[PastCall]:
    """Calls of a file as `tandem score` reads them; ends with the line that is no call."""
    try:
        with file.open(encoding="utf-8", newline="") as source:
            for call in scoring.calls_of(source, scoring.Format.AUTO, scoring.USUAL):
                if call.fault is not None:
                    raise refuse(f"{file.name}, line {call.line}: {call.fault}")
                name = str(call.line if call.id is None else call.id)
                yield PastCall(name, call.nature, [Entry(text=call.narrative)])
    except (OSError, UnicodeDecodeError) as fault:
        raise refuse(f"{file} cannot be read: {fault}") from fault


async def stored_calls(connection: Connection, center: str, last: int) -> list[PastCall]:
    """The newest calls of a center whose words are still there."""
    rows = await connection.fetch(query("worded_calls"), center, last)
    return [
        PastCall(row["number"], row["nature"], [Entry(text=text) for text in row["texts"]]) for row in rows
    ]


def show(found: Differences, *, as_json: bool) -> None:
    """Counts first, then each call with what would change in it."""
    if as_json:
        typer.echo(json.dumps(found.as_json(), indent=1))
        return
    typer.echo(f"{found.read} calls read, {len(found.calls)} would be read otherwise.")
    for change, count in sorted(found.counts.items(), key=lambda each: (-each[1], each[0])):
        typer.echo(f"{count}\t{change}")
    for name, changes in found.calls.items():
        typer.echo(f"{name}\t{'; '.join(changes)}")


@phrases_app.command("set")
def phrases_set(center: CenterId, file: PhrasesFile, reason: Reason, *, by: By, data: Data = None) -> None:
    """Let a center's calls be read with a file from the next second on; an empty file takes its phrases away.

    Calls that are open are read with it when new words come.
    """
    written = written_in(file)
    overlay = compiled(written)

    async def work(pool: Pool) -> None:
        await need_center(pool, center)
        async with pool.acquire() as connection, connection.transaction():
            digest = digest_of(written.text)
            version = await connection.fetchval(
                query("set_phrases"), center, digest, written.text, by, reason
            )
            about: dict[str, Any] = {"version": version, "digest": digest, "reason": reason}
            await audit(connection, center, by, "phrases.set", center, **about)
        screen.print(
            f"Center {center} reads with version {version}: {patterns_in(overlay)} patterns, digest {digest}; "
            f"its assessments carry artefact {artefact_with(overlay)}.",
            highlight=False,
            soft_wrap=True,
        )

    with_pool(data, work)


@phrases_app.command("show")
def phrases_show(
    center: CenterId,
    version: Annotated[int | None, typer.Option("--version", min=1, help="An older one.")] = None,
    *,
    history: Annotated[bool, typer.Option("--history", help="List the versions.")] = False,
    data: Data = None,
) -> None:
    """Print a center's own phrases with who set them and why."""

    async def work(pool: Pool) -> None:
        await need_center(pool, center)
        if history:
            for each in await pool.fetch(query("phrases_versions"), center):
                typer.echo("\t".join(about(each)))
            return
        row = await pool.fetchrow(query("phrases_of"), center, version)
        if row is None:
            which = f"no version {version} of its" if version else "no"
            raise refuse(f"Center {center!r} has {which} own phrases. Set some with: tandem phrases set.")
        screen.print(", ".join(about(row)), highlight=False, soft_wrap=True)
        typer.echo(row["body"], nl=False)

    with_pool(data, work)


def about(row: Any) -> tuple[str, ...]:
    """Which version, since when, by whom and why."""
    since = f"{row['at']:%Y-%m-%d %H:%M}Z"
    return f"version {row['version']}", f"digest {row['digest']}", since, row["by"], row["reason"]

"""tandem score: assessments of a stream of calls, without the service."""

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Annotated, BinaryIO

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from api.artifacts import artifacts_of
from api.scoring import Columns, Format, NoSuchColumn, score
from api.shell import screen, settings_with


def score_command(
    form: Annotated[
        Format,
        typer.Option(
            "--format", help="auto: CSV where the first line names the narrative's column, else JSONL."
        ),
    ] = Format.AUTO,
    id_: Annotated[str, typer.Option("--id", help="Key or column of the call's own number.")] = "id",
    nature: Annotated[str, typer.Option("--nature", help="Key or column of the call type.")] = "nature",
    narrative: Annotated[str, typer.Option("--narrative", help="Key or column of the words.")] = "narrative",
    workers: Annotated[
        int, typer.Option("--workers", min=1, help="Processes that read, e.g. one a core.")
    ] = 1,
) -> None:
    """Assess calls from standard input: a line of JSON for each call on standard output, in the same order.

    tandem score < calls.jsonl > assessments.jsonl

    tandem score --narrative comments --id call --workers 2 < export.csv > assessments.jsonl

    A line in is {"id", "nature", "narrative"}, or a row of CSV under a header; a line out is the id and the
    assessment. A line that is no call is answered by {"id", "line", "error"}, and the next one is read. Memory stays
    the same however long the input is; on a terminal it says how fast it goes.
    """
    artifacts = artifacts_of(settings_with())
    source = TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace", newline="")
    into = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n", write_through=True)
    try:
        with _progress(sys.stdin.buffer) as step:
            score(source, into, form, Columns(id_, nature, narrative), workers, step, artifacts)
    except NoSuchColumn as fault:
        screen.print(f"{fault}. Name it: --narrative COLUMN.", style="red", highlight=False, soft_wrap=True)
        raise typer.Exit(2) from fault
    finally:
        source.detach()
        into.detach()


@contextmanager
def _progress(source: BinaryIO) -> Iterator["_Step"]:
    """How many calls, how many a second and, of a file, how much of it."""
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn()
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        yield _Step(bar, source)


class _Step:
    """Counts calls on the bar."""

    def __init__(self, bar: Progress, source: BinaryIO) -> None:
        self._bar, self._source = bar, source
        self._length = _length(source)
        self._task = bar.add_task("0 calls", total=self._length)
        self._calls = 0

    def __call__(self, calls: int) -> None:
        self._calls += calls
        took = self._bar.tasks[0].elapsed or 0.0
        said = f"{self._calls:,} calls, {self._calls / took if took else 0:,.0f}/s"
        done = None if self._length is None else self._source.tell()
        self._bar.update(self._task, description=said, completed=done)


def _length(source: BinaryIO) -> int | None:
    try:
        found = os.fstat(source.fileno())
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None

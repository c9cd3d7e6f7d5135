"""Assesses lines of JSON or CSV, for people who want the engine without the service."""

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from enum import StrEnum
from functools import partial
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import orjson

from api.lenient import cleaned, loads
from triage.assess import assess_many
from triage.classifier import ARTIFACTS, use

AT_ONCE = 256  # calls a process reads before it answers
AHEAD = 3  # portions a process may be ahead of the one that is written next
LONGEST = 2_000_000  # characters of a line or a field, so that a missing quote or line end fills no memory


class Format(StrEnum):
    """How the calls are written."""

    AUTO = "auto"  # CSV where the first line names the narrative's column
    JSONL = "jsonl"
    CSV = "csv"


class Columns(NamedTuple):
    """What the three fields are called in the input."""

    id: str = "id"
    nature: str = "nature"
    narrative: str = "narrative"


USUAL = Columns()


class Call(NamedTuple):
    """One call of the input, or what is wrong with its line."""

    id: Any = None
    nature: str = ""
    narrative: str = ""
    line: int = 0
    fault: str | None = None
    place: tuple[float, float] | None = None  # latitude and longitude, where a line of JSON has them


class NoSuchColumn(Exception):
    """The header lacks a column; the message says which ones there are."""


def score(
    source: TextIO,
    into: TextIO,
    form: Format = Format.AUTO,
    columns: Columns = USUAL,
    workers: int = 1,
    step: Callable[[int], object] = lambda _: None,
    artifacts: Path = ARTIFACTS,
) -> None:
    """A line out for every call in, in order: its id and its assessment, or its line and what is wrong with it.

    source has to be opened with newline="". Memory does not grow with the input. Raises NoSuchColumn.
    """
    portions = _portions(calls_of(source, form, columns))
    for number, lines in _answered(portions, workers, artifacts):
        into.write(lines)
        into.flush()
        step(number)


def calls_of(source: TextIO, form: Format, columns: Columns) -> Iterator[Call]:
    """The calls of either format; raises NoSuchColumn."""
    lines = iter(partial(source.readline, LONGEST), "")
    first = next(lines, "").removeprefix("\ufeff")
    if form is Format.AUTO:
        form = Format.CSV if columns.narrative in _header(first) else Format.JSONL
    rest = chain([first], lines)
    return _csv_calls(rest, columns) if form is Format.CSV else _json_calls(rest, columns)


def _header(line: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([line]), [])]
    except csv.Error:
        return []


def _json_calls(lines: Iterable[str], columns: Columns) -> Iterator[Call]:
    number, cut = 1, False
    for line in lines:
        whole = line.endswith(("\n", "\r")) or len(line) < LONGEST
        if not cut and line.strip():
            fault = f"longer than {LONGEST:,} characters"
            yield _json_call(line, number, columns) if whole else Call(line=number, fault=fault)
        cut = not whole
        number += whole


def _json_call(line: str, number: int, columns: Columns) -> Call:
    try:
        raw = cleaned(loads(line.encode("utf-8", "surrogatepass"), []), [])
    except (ValueError, RecursionError) as fault:
        return Call(line=number, fault=f"not JSON: {fault}")
    if not isinstance(raw, dict):
        return Call(line=number, fault="not a JSON object")
    told = {name: raw.get(name) for name in columns}
    texts = [told[columns.nature], told[columns.narrative]]
    if any(isinstance(text, dict | list) for text in texts):
        return Call(told[columns.id], line=number, fault="nature or narrative is no text")
    nature, narrative = ("" if text is None else str(text) for text in texts)
    return Call(told[columns.id], nature, narrative, number, place=_place(raw.get("lat"), raw.get("lon")))


def _place(lat: Any, lon: Any) -> tuple[float, float] | None:
    numbers = [each for each in (lat, lon) if isinstance(each, int | float) and abs(each) <= 180]
    return (float(numbers[0]), float(numbers[1])) if len(numbers) == 2 and abs(numbers[0]) <= 90 else None


def _csv_calls(lines: Iterator[str], columns: Columns) -> Iterator[Call]:
    csv.field_size_limit(LONGEST)
    header = _header(next(lines, ""))
    if columns.narrative not in header:
        raise NoSuchColumn(f"The header has no column {columns.narrative!r}; it has: {', '.join(header)}")
    places = [header.index(name) if name in header else None for name in columns]
    rows = csv.reader(lines)
    while True:
        line = rows.line_num + 2
        try:
            row = next(rows, None)
        except csv.Error as fault:
            yield Call(line=line, fault=f"not CSV: {fault}")
            continue
        if row is None:
            return
        if not row:
            continue
        number, nature, narrative = ("" if at is None or at >= len(row) else row[at] for at in places)
        if len(row) == len(header):
            yield Call(number, nature, narrative, line)
        else:
            shape = f"{len(row)} columns where the header has {len(header)}"
            yield Call(number or None, line=line, fault=shape)


def _portions(calls: Iterator[Call]) -> Iterator[list[Call]]:
    while portion := list(islice(calls, AT_ONCE)):
        yield portion


def _answered(portions: Iterator[list[Call]], workers: int, artifacts: Path) -> Iterator[tuple[int, str]]:
    """How many calls a portion had, and the lines that answer them, in order."""
    if workers == 1:
        use(artifacts)
        yield from ((len(portion), answers(portion)) for portion in portions)
        return
    waiting: deque[tuple[int, Future[str]]] = deque()
    with ProcessPoolExecutor(workers, get_context("spawn"), use, (artifacts,)) as pool:
        for portion in portions:
            waiting.append((len(portion), pool.submit(answers, portion)))
            if len(waiting) >= workers * AHEAD:
                number, lines = waiting.popleft()
                yield number, lines.result()
        for number, lines in waiting:
            yield number, lines.result()


def answers(calls: Sequence[Call]) -> str:
    """A line of JSON for each call."""
    fit = [(call.narrative, call.nature) for call in calls if call.fault is None]
    assessments = iter(assess_many(fit))
    lines = []
    for call in calls:
        if call.fault is None:
            told = {"id": call.id} | next(assessments).model_dump(mode="json")
        else:
            told = {"id": call.id, "line": call.line, "error": call.fault}
        lines.append(orjson.dumps(told).decode() + "\n")
    return "".join(lines)

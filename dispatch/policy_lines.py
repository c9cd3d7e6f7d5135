"""Where keys and tables stand in TOML text, so that a fault can be shown there and a table replaced."""

import re
from collections.abc import Sequence

_TABLE = re.compile(r"^\s*\[(\[)?\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"))*)\s*=""")

Path = tuple[str, ...]


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """The 1-based line of the deepest key of `path` that the text has; None when it has none of them.

    Array-of-tables items count from 0, as tomllib numbers them.
    """
    lines = _lines(text)
    wanted = tuple(str(step) for step in path)
    for length in range(len(wanted), 0, -1):
        if wanted[:length] in lines:
            return lines[wanted[:length]]
    return None


def with_table(text: str, name: str, table: Sequence[str]) -> str:
    """The text with other lines for a table, at the end where there was none; what stands about it stays."""
    lines = text.splitlines()
    headers = [number for number, line in enumerate(lines) if _TABLE.match(line)]
    begin = next((n for n in headers if (found := _TABLE.match(lines[n])) and found[2] == name), len(lines))
    end = next((number for number in headers if number > begin), len(lines))
    while end > begin and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1  # a comment there belongs to what follows
    return "\n".join([*lines[:begin], *table, *lines[end:]]) + "\n"


def _lines(text: str) -> dict[Path, int]:
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.match(line):
            table = _split(header[2])
            if header[1]:
                counts[table] = counts.get(table, -1) + 1
                table = (*table, str(counts[table]))
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_split(key[1])), number)
    return lines


def _split(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))

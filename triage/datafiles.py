"""Reads the packaged rule data, so that every fault names its file, its line and the fix."""

import hashlib
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
LEXICON = HERE / "lexicon"

#: Raised whenever code that reads the data changes what an unchanged text means.
RULES_VERSION = "4"


class Written(NamedTuple):
    """Rule data that is not a file of ours: what a center wrote, under the name it is known by."""

    name: str
    text: str


Source = Path | Written


def text_of(source: Source) -> str:
    """What is written there; nothing where there is no such file."""
    if isinstance(source, Written):
        return source.text
    return source.read_text(encoding="utf-8") if source.exists() else ""


class LexiconError(ValueError):
    """The rule data cannot be used as it is written."""

    def __init__(self, file: Source, needle: str, fault: str, fix: str, line: int = 0) -> None:
        lines = text_of(file).splitlines()
        found = (number for number, text in enumerate(lines, 1) if needle and needle in text)
        super().__init__(f"{file.name}, line {line or next(found, 0)}: {needle!r} {fault}; {fix}")


def read(file: Source) -> dict[str, Any]:
    """The parsed TOML of one file; a syntax error keeps its line and column."""
    try:
        return tomllib.loads(file.text if isinstance(file, Written) else file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        place = re.search(r"line (\d+)", str(fault))
        line = int(place.group(1)) if place else len(text_of(file).splitlines())  # at end of document
        raise LexiconError(file, "", f"is not TOML: {fault}", "mend the syntax", line) from fault


@cache
def rules_digest() -> str:
    """First 16 hex digits of the SHA-256 over all rule data and the rules version."""
    digest = hashlib.sha256(RULES_VERSION.encode())
    for file in sorted([*LEXICON.glob("*.toml"), *HERE.glob("*.toml")], key=lambda each: each.name):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]

"""Reads the packaged rule data, so that every fault names its file, its line and the fix."""

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LEXICON = HERE / "lexicon"

#: Raised whenever code that reads the data changes what an unchanged text means.
RULES_VERSION = "3"


class LexiconError(ValueError):
    """The rule data cannot be used as it is written."""

    def __init__(self, file: Path, needle: str, fault: str, fix: str) -> None:
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        line = next((number for number, text in enumerate(lines, 1) if needle and needle in text), 0)
        super().__init__(f"{file.name}, line {line}: {needle!r} {fault}; {fix}")


def read(file: Path) -> dict[str, Any]:
    """The parsed TOML of one file; a syntax error keeps its line and column."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise LexiconError(file, "", f"is not TOML: {fault}", "mend the syntax") from fault


@cache
def rules_digest() -> str:
    """First 16 hex digits of the SHA-256 over all rule data and the rules version."""
    digest = hashlib.sha256(RULES_VERSION.encode())
    for file in sorted([*LEXICON.glob("*.toml"), *HERE.glob("*.toml")], key=lambda each: each.name):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]

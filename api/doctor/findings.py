"""What a check found, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"  # it works, with less than it could
    FAIL = "fail"  # calls may be lost, delayed or seen by the wrong people


@dataclass(frozen=True, slots=True)
class Finding:
    """One line for the operator."""

    check: str
    status: Status
    said: str
    fix: str = ""


def ok(check: str, said: str) -> Finding:
    """Nothing to do."""
    return Finding(check, Status.OK, said)


def warn(check: str, said: str, fix: str) -> Finding:
    """Something to mend when there is time."""
    return Finding(check, Status.WARN, said, fix)


def fail(check: str, said: str, fix: str) -> Finding:
    """Something to mend now."""
    return Finding(check, Status.FAIL, said, fix)


def joined(words: Iterable[object]) -> str:
    """A list in a sentence."""
    return ", ".join(str(word) for word in words)

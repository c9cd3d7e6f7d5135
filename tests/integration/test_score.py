"""tandem score as it is run: a process with standard input and output."""

import subprocess

import orjson

from tests.process import TANDEM

CALLS = b"".join(
    orjson.dumps({"id": n, "nature": "WELFARE CHECK", "narrative": f"HAS {n} KNIVES" if n % 2 else "NO GUN"})
    + b"\n"
    for n in range(1000)
)


def score(words: list[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
    """A finished run of the command."""
    command = [str(TANDEM), "score", *words]
    return subprocess.run(command, input=given, capture_output=True, check=False, timeout=120)


def test_several_processes_answer_what_one_does_in_the_same_order() -> None:
    given = CALLS + b"\xff{\n" + CALLS
    alone, together = score([], given), score(["--workers", "2"], given)
    assert alone.returncode == together.returncode == 0, together.stderr
    assert together.stdout == alone.stdout
    told = [orjson.loads(line) for line in alone.stdout.splitlines()]
    assert [each["id"] for each in told] == [*range(1000), None, *range(1000)]
    assert alone.stderr == b""  # progress is for terminals


def test_a_missing_column_says_what_to_do() -> None:
    told = score(["--format", "csv"], b"call,comments\n1,CAT\n")
    assert told.returncode == 2
    assert b"it has: call, comments. Name it: --narrative COLUMN." in told.stderr

"""Runs every check of the project, one after the other, and sums them up: this is `make test`."""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
PYTHON = (sys.executable, "-m")
LONGEST_STEP = 20 * 60.0  # seconds; a step that hangs must not hang everything


@dataclass(frozen=True, slots=True)
class Step:
    """One command that passes or fails; with a report, its tests are counted one by one."""

    name: str
    command: tuple[str, ...]
    folder: Path = ROOT
    report: str | None = None  # the option that names a JUnit file to write


@dataclass(frozen=True, slots=True)
class Result:
    """How a step went."""

    name: str
    ok: bool
    seconds: float
    passed: int
    failed: int
    skipped: int


def pytest(name: str, *folders: str, halves: bool = False) -> Step:
    """A step that runs the tests of these folders, in two processes with engines of their own where they wait a lot."""
    spread = ("-n", "2", "--dist", "loadfile") if halves else ()
    return Step(name, (*PYTHON, "pytest", "-q", *spread, *folders), report="--junitxml=")


def npm(name: str, *words: str, report: str | None = None) -> Step:
    """A step that runs a script of the console's package.json."""
    return Step(name, ("npm", "run", "--silent", *words), folder=ROOT / "console_ui", report=report)


#: These promise that another process is there within seconds: they get the machine to themselves.
ALONE = tuple(f"tests/integration/test_{name}.py" for name in ("faults", "two_hosts", "workers"))
STEPS = (
    Step("format", (*PYTHON, "ruff", "format", "--check", ".")),
    Step("lint", (*PYTHON, "ruff", "check", ".")),
    Step("imports", (str(Path(sys.executable).with_name("lint-imports")), "--no-logo")),
    Step("types", (*PYTHON, "mypy")),
    pytest("unit", "tests/unit"),
    Step("console-build", ("make", "--no-print-directory", "node", "install")),
    npm("console-unit", "test", "--", "--reporter=default", "--reporter=junit", report="--outputFile.junit="),
    npm("console-types", "check"),
    pytest("integration", "tests/integration", *(f"--ignore={path}" for path in ALONE), halves=True),
    pytest("failover", *ALONE),
    Step("chromium", (*PYTHON, "tests.chromium")),
    pytest("acceptance", "tests/acceptance", "tests/browser", halves=True),
)


def main() -> int:
    """Run the steps asked for; non-zero if any failed."""
    parser = argparse.ArgumentParser(prog="make test", description=__doc__)
    parser.add_argument("--list", action="store_true", help="name the steps and stop")
    parser.add_argument("--only", nargs="+", choices=[step.name for step in STEPS], help="run these alone")
    asked = parser.parse_args()
    steps = [step for step in STEPS if not asked.only or step.name in asked.only]
    if asked.list:
        print(*(step.name for step in steps), sep="\n")
        return 0
    results: list[Result] = []
    try:
        for number, step in enumerate(steps, start=1):
            print(f"\n== {step.name} ({number} of {len(steps)})", flush=True)
            results.append(run(step))
            print(line(results[-1]), flush=True)
    except KeyboardInterrupt:
        print("\nStopped.")
    print(summary(results))
    return 0 if len(results) == len(steps) and all(result.ok for result in results) else 1


def run(step: Step) -> Result:
    """Run one step, its output going straight to the terminal."""
    started = time.monotonic()
    with TemporaryDirectory(prefix="tandem-report-") as folder:
        report = Path(folder) / "report.xml"
        option = (f"{step.report}{report}",) if step.report else ()
        ok = succeeds((*step.command, *option), step.folder)
        passed, failed, skipped = counted(report) if report.exists() else (int(ok), 0, 0)
    failed = failed or int(not ok)
    return Result(step.name, ok and not failed, time.monotonic() - started, passed, failed, skipped)


def succeeds(command: Sequence[str], folder: Path) -> bool:
    """Whether the command ends well and in time."""
    try:
        ended = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, timeout=LONGEST_STEP, check=False
        )
    except subprocess.TimeoutExpired:
        print(f"Stopped: not done after {LONGEST_STEP / 60:.0f} minutes.")
        return False
    except OSError as error:
        print(error)
        return False
    return ended.returncode == 0


def counted(report: Path) -> tuple[int, int, int]:
    """Tests passed, failed and skipped in a JUnit file."""
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 - a child of ours wrote it
    bad = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
    skipped = sum(1 for case in cases if case.find("skipped") is not None)
    return len(cases) - bad - skipped, bad, skipped


def line(result: Result) -> str:
    """One step in one line."""
    counts = f"{result.passed} passed, {result.failed} failed, {result.skipped} skipped"
    return f"{'PASS' if result.ok else 'FAIL'}  {result.name:<14}{result.seconds:>7.1f} s   {counts}"


def summary(results: Sequence[Result]) -> str:
    """All steps, then the sum. A step without tests of its own counts as one."""
    passed, failed, skipped = (
        sum(result.passed for result in results),
        sum(result.failed for result in results),
        sum(result.skipped for result in results),
    )
    head = f"== Summary ({sum(result.seconds for result in results):.0f} s)"
    total = f"{passed} passed, {failed} failed, {skipped} skipped"
    return "\n".join(["", head, *(line(result) for result in results), "", total])


if __name__ == "__main__":
    sys.exit(main())

"""Memory and pace of `tandem score` on ever longer inputs: it has to stay the same.

    python -m bench.score --lines 100000 500000 1000000 --workers 2 --json

The corpus, cut to the lengths of a real log, is repeated into its standard input; at low priority.
"""

import argparse
import os
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.progress import track

from bench.triage_texts import short

screen = Console(stderr=True)
TANDEM = Path(sys.executable).with_name("tandem")
AT_ONCE = 1000


def run(lines: int, workers: int) -> dict[str, Any]:
    """Megabytes at the most of the first process, processor seconds of all, calls a second of both kinds of time."""
    texts = [
        orjson.dumps({"id": number, "nature": nature, "narrative": text}) + b"\n"
        for number, (text, nature) in enumerate(short())
    ]
    command = ["nice", str(TANDEM), "score", "--workers", str(workers)]
    began = time.monotonic()
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert child.stdin is not None
    endless = cycle(texts)
    for _ in track(range(lines // AT_ONCE), f"{lines:,} lines", console=screen, transient=True):
        child.stdin.write(b"".join(islice(endless, AT_ONCE)))
    child.stdin.close()
    _, status, used = os.wait4(child.pid, 0)
    assert status == 0, status
    took, spent = time.monotonic() - began, used.ru_utime + used.ru_stime
    return {
        "lines": lines,
        "workers": workers,
        "peak_mb": round(used.ru_maxrss / 1024, 1),
        "per_s": round(lines / took),
        "per_cpu_s": round(lines / spent),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.score",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--lines", type=int, nargs="+", default=[100_000, 500_000, 1_000_000])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="end with one JSON line")
    options = parser.parse_args()
    found = []
    for lines in options.lines:
        found.append(run(lines, options.workers))
        screen.print(found[-1])
    if options.json:
        print(orjson.dumps(found).decode())


if __name__ == "__main__":
    main()

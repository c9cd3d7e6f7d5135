"""Processor time by part, from /proc: on a shared machine it says more than the clock does."""

import os
from collections import defaultdict
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PARTS = {"postgres": "postgres", "redis-server": "redis", "tandem": "service", "api.worker": "service"}


def spent() -> dict[str, float]:
    """CPU seconds so far of this process (the client) and of the engines and services below it; empty off Linux."""
    if not Path("/proc/self/stat").exists():
        return {}
    children: dict[int, list[int]] = defaultdict(list)
    seconds: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended while we looked
            children[int(fields[1])].append(int(folder.name))
            # with the children it has waited for: a database session that ended still cost its time
            seconds[int(folder.name)] = sum(map(int, fields[11:15])) / TICK
    found: dict[str, float] = defaultdict(float)
    found["client"] = seconds[os.getpid()]
    todo = list(children[os.getpid()])
    while todo:
        process = todo.pop()
        todo += children[process]
        found[_part(process)] += seconds[process]
    return dict(found)


def _part(process: int) -> str:
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return "other"
    return next((part for word, part in PARTS.items() if word in words), "other")


def per_call(before: dict[str, float], after: dict[str, float], calls: int) -> dict[str, float]:
    """Milliseconds of processor a call, by part."""
    return {
        part: round((after[part] - before.get(part, 0.0)) * 1000 / max(calls, 1), 2) for part in sorted(after)
    }

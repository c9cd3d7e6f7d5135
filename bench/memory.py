"""Memory by process, from /proc, without the pages that PostgreSQL's processes share."""

from collections import defaultdict
from pathlib import Path

PAGE_KB = ("RssAnon:", "RssFile:")


def family(root: int) -> dict[int, list[str]]:
    """Command lines of everything that a process started, and what that started, by process id."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue  # it ended while we looked
            children[int(parent)].append(int(folder.name))
    found, todo = {}, list(children[root])
    while todo:
        process = todo.pop()
        todo += children[process]
        try:
            words = Path(f"/proc/{process}/cmdline").read_text(errors="replace").rstrip("\0")
        except OSError:
            continue
        found[process] = words.replace("\0", " ").split(" ")
    return found


def role_of(words: list[str]) -> str:
    """What a process is to the service; empty where it is none of its parts."""
    program = words[0].rpartition("/")[2]
    if program in ("postgres", "postgres:"):
        return "postgres"
    if program == "redis-server":
        return "redis"
    if "api.worker" in words:
        return f"worker {words[-1]}"
    return "parent" if "serve" in words else ""


def by_role(root: int) -> dict[str, float]:
    """Megabytes of each part of the service below this process; PostgreSQL's processes together."""
    megabytes: dict[str, float] = defaultdict(float)
    for process, words in family(root).items():
        if role := role_of(words):
            megabytes[role] += _kilobytes(process) / 1024
    return dict(megabytes)


def _kilobytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(PAGE_KB))


def growth(points: list[tuple[float, float]]) -> float:
    """Slope of the line through these points that leaves the least squares; 0 for fewer than two."""
    if len(points) < 2:
        return 0.0
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    wide = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / wide if wide else 0.0

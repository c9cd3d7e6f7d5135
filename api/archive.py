"""The archive of the embedded PostgreSQL: its write-ahead log piece by piece, with base backups to start from."""

import shlex
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from api.engine_places import EnginesUnavailable, Place, may_enter

NAMED = "%Y%m%dT%H%M%S.%fZ"  # to the microsecond: nothing can be restored to before the backup was complete
#: Seconds after which a piece is archived though it is not full: what the loss of a disk can cost.
LONGEST_PIECE = 60


@dataclass(frozen=True, slots=True)
class Archive:
    """A folder, best on another disk: `wal` has every piece of the log, `base` has a folder a base backup."""

    folder: Path

    @property
    def wal(self) -> Path:
        """Pieces of the log, compressed: one that was cut after a minute is almost empty."""
        return self.folder / "wal"

    @property
    def base(self) -> Path:
        """Base backups, each named by the moment from which on it can be restored."""
        return self.folder / "base"

    def bases(self) -> list[Path]:
        """Whole base backups, oldest first."""
        return sorted(path for path in self.base.glob("*Z") if path.is_dir())

    def base_for(self, when: datetime | None) -> Path | None:
        """The newest base backup that was complete at `when`, or the newest of all."""
        usable = [path for path in self.bases() if when is None or made_at(path) <= when]
        return usable[-1] if usable else None

    def settings(self) -> dict[str, str]:
        """What makes PostgreSQL archive: a piece is synced before it gets its name, and a second time is as once."""
        folder = quoted(self.wal)
        partial, whole = f"{folder}/%f.partial", f"{folder}/%f.gz"
        keep = f"mv {partial} {whole} && sync {folder}"
        again = f"cmp -s {partial} {whole} && rm {partial}"
        return {
            "archive_mode": "on",
            "archive_command": f"gzip -1 -nc %p > {partial} && sync {partial} && "
            f"if test -e {whole}; then {again}; else {keep}; fi",
            "archive_timeout": str(LONGEST_PIECE),
        }

    def fetching(self, newest: Path) -> str:
        """The command that brings a piece back; what was not archived yet may still be in `newest`."""
        whole = f"{quoted(self.wal)}/%f.gz"
        return f"if test -e {whole}; then gzip -dc {whole} > %p; else cp {quoted(newest)}/%f %p; fi"


def name_at(at: datetime) -> str:
    """The name of a base backup that is complete now."""
    return at.strftime(NAMED)


def made_at(base: Path) -> datetime:
    """When a base backup was complete."""
    return datetime.strptime(base.name, NAMED).replace(tzinfo=UTC)


def quoted(path: Path) -> str:
    """A path in a command that PostgreSQL hands to a shell after it has replaced what stands behind a %."""
    return shlex.quote(str(path)).replace("%", "%%")


def opened(folder: Path, place: Place) -> Archive:
    """The archive, made where it is new, its parts owned by the user the engines run as."""
    archive = Archive(folder.resolve())
    try:
        archive.folder.mkdir(parents=True, exist_ok=True)
        for part in (archive.wal, archive.base):
            if not part.exists():
                part.mkdir(mode=0o700)
                place.account.owns(part)
            elif part.stat().st_uid != place.account.uid:
                raise PermissionError(f"{part} belongs to another user")
        if not may_enter(archive.folder, place.account):
            raise PermissionError(f"{archive.folder} may not be entered")
    except OSError as error:
        raise EnginesUnavailable(
            f"PostgreSQL, which runs as user {place.account.name}, cannot archive into {folder} ({error}). "
            "Point TANDEM_ARCHIVE at a folder that this user may use."
        ) from error
    return archive

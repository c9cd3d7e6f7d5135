"""Where the embedded engines keep their files, as which user they run, and who holds the folder."""

import errno
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from models.errors import TandemError

LONGEST_SOCKET = 99  # bytes; Linux takes 107, macOS 103
SYSTEM_FOLDER = Path("/var/lib/tandem")
KEPT = "postgres.before-"  # <when>: a data folder that made way for a restore
ACCOUNTS = ("tandem", "postgres", "nobody")  # whom root becomes, the first that exists
# What the operating system refused, by error number.
REFUSALS = {
    errno.ENOSPC: "There is no space left on the disk of {}. ",
    errno.EDQUOT: "The disk quota for {} is used up. ",
    errno.EACCES: "This user may not use {}.",
    errno.EPERM: "This user may not change {}.",
    errno.EROFS: "{} is on a read-only disk.",
    errno.ENOTDIR: "{} is not a folder.",
    errno.EEXIST: "{} is not a folder.",
}


class EnginesUnavailable(TandemError):
    """The embedded PostgreSQL or Redis cannot start."""

    code = "engines_unavailable"


@dataclass(frozen=True, slots=True)
class Account:
    """The user the engines run as: our own, unless we are root, which PostgreSQL refuses."""

    uid: int
    gid: int
    name: str

    def owns(self, path: Path) -> None:
        """Hand a file or folder of ours to the account; nothing to do unless we are root."""
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one pair of engines."""

    home: Path  # holds the data, the logs and, where needed, a copy of the programs
    sockets: Path  # 0700, with a path short enough for a socket
    account: Account
    notices: tuple[str, ...] = ()

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data folder; may not exist yet."""
        return self.home / "postgres"

    def kept(self) -> list[Path]:
        """Data folders that made way for a restore and still stand, oldest first."""
        return sorted(self.home.glob(f"{KEPT}*"))

    def owned_folder(self, path: Path) -> Path:
        """A folder only the account may enter, made if absent."""
        if not path.exists():
            path.mkdir(mode=0o700)
            self.account.owns(path)
        elif path.is_symlink() or path.stat().st_uid != self.account.uid:
            raise EnginesUnavailable(
                f"{path} does not belong to user {self.account.name}, as whom the engines run. "
                "Remove it, or choose another folder with --data."
            )
        return path


@contextmanager
def held_place(data_dir: Path) -> Iterator[Place]:
    """The folders under (or, if they must be, for) data_dir, held against a second service.

    Raises EnginesUnavailable if another process holds data_dir or the folders cannot be used.
    """
    with explained(data_dir):
        make_data_folder(data_dir)
        lock = (data_dir / "lock").open("a+")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise EnginesUnavailable(
                f"Another Tandem (process {lock.read().strip() or 'unknown'}) is using {data_dir}. "
                "Stop it first, or choose another folder with --data."
            ) from error
        lock.truncate(0)
        print(os.getpid(), file=lock, flush=True)
        with explained(data_dir):
            place = chosen_place(data_dir)
        try:
            yield place
        finally:
            if place.sockets.parent != place.home:
                with suppress(OSError):  # an engine that could not be stopped still has its socket there
                    place.sockets.rmdir()


@contextmanager
def explained(data_dir: Path) -> Iterator[None]:
    """Turn what the operating system refuses into what happened and what to do."""
    try:
        yield
    except OSError as error:
        sentence = REFUSALS.get(error.errno or 0, f"{{}} cannot be used ({error}).")
        where = sentence.format(error.filename or data_dir)
        raise EnginesUnavailable(f"{where} Choose another folder with --data.") from error


def make_data_folder(data_dir: Path) -> None:
    """Make the folder; root's is enterable so that the engines' user can reach its own inside."""
    if not data_dir.is_dir():
        data_dir.mkdir(parents=True, mode=0o700)
        if os.geteuid() == 0:
            data_dir.chmod(0o755)


def chosen_place(data_dir: Path) -> Place:
    """The data folder itself, unless the engines' user could not get there.

    Parents' permissions are never loosened: a place that is open already is taken, and said.
    """
    digest = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:16]
    account = account_for(data_dir / "postgres")
    home = data_dir.resolve()
    notices: tuple[str, ...] = ()
    if not may_enter(home, account):
        home = elsewhere(digest, account)
        account = account_for(home / "postgres")
        reason = f"user {account.name}, as whom root runs PostgreSQL, may not enter {data_dir.resolve()}"
        notices = (f"The database is kept in {home}, because {reason}.",)
    return Place(home, socket_folder(home, digest, account), account, notices)


def account_for(existing: Path) -> Account:
    """Ourselves; for root the owner of what exists already, else the first suitable account."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), str(os.geteuid()))
    known = {entry.pw_uid: entry for entry in reversed(pwd.getpwall()) if entry.pw_uid != 0}
    entry = known.get(existing.stat().st_uid) if existing.exists() else None
    by_name = {candidate.pw_name: candidate for candidate in known.values()}
    entry = entry or next((by_name[name] for name in ACCOUNTS if name in by_name), None)
    if entry is None:
        raise EnginesUnavailable(
            "PostgreSQL does not run as root and there is no user 'nobody' to run it as. "
            "Start Tandem as an ordinary user, or set TANDEM_POSTGRES."
        )
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def may_enter(folder: Path, account: Account) -> bool:
    """Whether the account can walk from / into the folder."""
    if os.geteuid() != 0:
        return True
    return all(allows_execution(step, account) for step in (folder, *folder.parents))


def allows_execution(path: Path, account: Account) -> bool:
    """Whether the mode bits let the account enter the folder or run the program."""
    found = path.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    return bool(found.st_mode & (stat.S_IXGRP if found.st_gid == account.gid else stat.S_IXOTH))


def elsewhere(digest: str, account: Account) -> Path:
    """A folder that the account can enter, the same one for the same data folder."""
    for candidate in (SYSTEM_FOLDER / digest, Path(tempfile.gettempdir()) / f"tandem-{digest}"):
        try:
            for folder in (candidate.parent, candidate):
                if not folder.is_dir():
                    folder.mkdir()
                    folder.chmod(0o755)
        except OSError:
            continue
        if candidate.stat().st_uid == os.geteuid() and may_enter(candidate, account):
            return candidate
    raise EnginesUnavailable(
        f"User {account.name}, as whom root runs PostgreSQL, can enter no folder that is writable here. "
        "Start Tandem as an ordinary user, or choose a folder with --data that every user can enter."
    )


def socket_folder(home: Path, digest: str, account: Account) -> Path:
    """Under home, unless that path is too long for a socket: then under the folder for temporary files."""
    choices = (home / "run", Path(tempfile.gettempdir()) / f"tandem-run-{digest}")
    for choice in choices:
        if len(os.fsencode(choice / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return Place(home, choice, account).owned_folder(choice)
    raise EnginesUnavailable(
        f"The path {choices[-1]} is too long for a socket. Point TMPDIR at a folder with a shorter path."
    )


def programs(package: str, folder: str, needed: str, place: Place) -> Path | None:
    """The folder of a wheel's programs, or None if the wheel is not installed.

    Found without importing the package, whose own starter we do not want. Copied into the place
    when the account cannot reach the virtual environment (a checkout in root's home).
    """
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        return None
    source = Path(found.origin).parent / folder
    if not (source / needed).is_file():
        return None
    if may_enter(source, place.account) and allows_execution(source / needed, place.account):
        return source
    version = hashlib.sha256(f"{source}{(source / needed).stat().st_mtime_ns}".encode()).hexdigest()[:8]
    copy = place.home / f"{package}-{version}"
    if not copy.is_dir():
        # The programs find the libraries their wheel brought by a path relative to their own.
        parts = (f"{package}/{folder}", f"{package}/.dylibs", f"{package}.libs")
        copied_for_everybody(Path(found.origin).parent.parent, parts, copy)
    return copy / package / folder


def copied_for_everybody(source: Path, parts: tuple[str, ...], target: Path) -> None:
    """Copy these folders, those that exist, so that any user may run them; whole or not at all."""
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    for part in parts:
        if (source / part).is_dir():
            shutil.copytree(source / part, partial / part)
    for path in (partial, *partial.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | (0o555 if mode & stat.S_IXUSR else 0o444))
    partial.rename(target)

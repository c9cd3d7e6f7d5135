"""Keeps an engine running under its guard, from the orphans it may find to its last checkpoint."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from api.engine_places import EnginesUnavailable, Place, explained

GUARD = Path(__file__).with_name("engine_guard.py")
SECONDS_TO_START = 120.0  # recovery after a crash replays the log first
SECONDS_BETWEEN_TRIES = 0.02
SECONDS_BETWEEN_LOOKS = 0.5
LONGEST_REST = 30.0  # seconds between attempts to restart an engine that keeps ending
PATIENCE_WITH_ORPHANS = (
    (None, 60.0),
    (signal.SIGQUIT, 10.0),
    (signal.SIGKILL, 10.0),
)  # None: the engine's own
OTHER_FOLDER = "or choose another folder with --data."

# What an engine writes when it gives up, and what that means to the person who started us.
EXPLANATIONS = (
    (
        "No space left on device",
        f"there is no space left on the disk of {{home}}. Free some, {OTHER_FOLDER}",
    ),
    (
        "Operation not permitted",
        "it may not run as user {user} here. Start Tandem as an ordinary user, or set TANDEM_POSTGRES.",
    ),
    (
        "[Pp]ermission denied",
        f"user {{user}} may not use {{home}}. Give the folder back to that user, {OTHER_FOLDER}",
    ),
    (
        "could not bind|[Aa]ddress already in use|lock file .* already exists",
        f"its socket in {{sockets}} is taken. Stop the server that uses it, {OTHER_FOLDER}",
    ),
    (
        "Cannot allocate memory|could not .*shared memory",
        "there is not enough memory. Free some, or set TANDEM_POSTGRES to use a server elsewhere.",
    ),
    (
        "PANIC|checksum|pg_control|could not (read|open) (file|directory)|could not locate|does not exist",
        f"its data in {{home}} is damaged (see {{log}}). Restore it from a backup, {OTHER_FOLDER}",
    ),
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Engine:
    """One program to keep running: how to start and stop it, and how to know that it answers."""

    name: str
    command: tuple[str, ...]
    folder: Path  # its working folder once it runs
    stop_signal: signal.Signals
    answers: Callable[[], Awaitable[bool]]
    patience: float = SECONDS_TO_START


@asynccontextmanager
async def running(engine: Engine, place: Place) -> AsyncIterator[None]:
    """Keep the engine running until the block ends, then stop it. Raises EnginesUnavailable."""
    keeper = Keeper(engine, place)
    try:
        await keeper.start()
        watch = asyncio.create_task(keeper.keep())
        try:
            yield
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
    finally:
        await keeper.stop()


class Keeper:
    """Holds the guard of one engine, the first and any that replaces it."""

    def __init__(self, engine: Engine, place: Place) -> None:
        self.engine = engine
        self.place = place
        self.guard: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start the engine and wait until it answers."""
        await stop_orphans(self.engine)
        self.guard = guarded(self.engine.name, self.engine.command, self.engine.stop_signal, self.place)
        with suppress(TimeoutError):
            async with asyncio.timeout(self.engine.patience):
                while not await self.engine.answers():
                    if self.guard.poll() is not None:
                        raise gave_up(self.engine.name, self.place)
                    await asyncio.sleep(SECONDS_BETWEEN_TRIES)
                return
        raise gave_up(self.engine.name, self.place)

    async def keep(self) -> None:
        """Start the engine again whenever it ends by itself."""
        rest = SECONDS_BETWEEN_LOOKS
        while True:
            if self.guard:
                await ended(self.guard)
                log.error("engine.ended", engine=self.engine.name, exit_code=self.guard.returncode)
            await self.stop()
            await asyncio.sleep(rest)
            try:
                await self.start()
            except EnginesUnavailable as error:
                log.error("engine.unavailable", engine=self.engine.name, reason=str(error))
                rest = min(rest * 2, LONGEST_REST)
            else:
                log.warning("engine.restarted", engine=self.engine.name)
                rest = SECONDS_BETWEEN_LOOKS

    async def stop(self) -> None:
        """Stop the engine and wait until it has."""
        guard, self.guard = self.guard, None
        if guard:
            await asyncio.to_thread(close, guard)


async def run_once(name: str, command: tuple[str, ...], place: Place) -> None:
    """Run a program to its end under a guard. Raises EnginesUnavailable if it fails."""
    guard = guarded(name, command, signal.SIGINT, place)
    try:
        await ended(guard)
    finally:
        await asyncio.to_thread(close, guard)
    if guard.returncode:
        raise gave_up(name, place)


def guarded(
    name: str, command: tuple[str, ...], stop_signal: signal.Signals, place: Place
) -> subprocess.Popen[bytes]:
    """Start a program under a guard, away from the terminal's Ctrl-C; what it says goes to a log."""
    output = log_of(name, place)
    with explained(place.home):
        if output.exists():
            output.replace(output.with_suffix(".log.1"))
        with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            return subprocess.Popen(
                (
                    *(sys.executable, "-I", "-S", str(GUARD), str(int(stop_signal))),
                    *(str(place.account.uid), str(place.account.gid), *command),
                ),
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=file,
                cwd="/",
                start_new_session=True,
            )


def close(guard: subprocess.Popen[bytes]) -> None:
    """Let the guard stop its engine, and wait until it has."""
    if guard.stdin:
        guard.stdin.close()
    guard.wait()


async def ended(guard: subprocess.Popen[bytes]) -> None:
    """Return once the guard has; polled, so that no worker thread is held for the life of the service."""
    pause = SECONDS_BETWEEN_TRIES
    while guard.poll() is None:
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, SECONDS_BETWEEN_LOOKS)


def log_of(name: str, place: Place) -> Path:
    """Where the program's own messages are; those of the run before are beside it in .log.1."""
    return place.home / f"{name}.log"


def gave_up(name: str, place: Place) -> EnginesUnavailable:
    """Why a program did not start, from its own last words."""
    output = log_of(name, place)
    words = output.read_text(errors="replace").strip()
    lines = words.splitlines() or ["nothing"]
    last = next((line for line in reversed(lines) if re.search("FATAL|PANIC|[Ee]rror", line)), lines[-1])
    reason = f"it said: {last}. See {{log}}."
    reason = next((meaning for pattern, meaning in EXPLANATIONS if re.search(pattern, words)), reason)
    known = {"home": place.home, "sockets": place.sockets, "user": place.account.name, "log": output}
    for key, value in known.items():
        reason = reason.replace(f"{{{key}}}", str(value))
    return EnginesUnavailable(f"The embedded {name} did not start: {reason}")


async def stop_orphans(engine: Engine) -> None:
    """Stop what a killed service left running in our folder, and forget a process id that is not it."""
    for number, seconds in PATIENCE_WITH_ORPHANS:
        if not (found := processes_in(engine.folder)):
            break
        log.warning("engine.orphan", engine=engine.name, processes=len(found))
        leader = recorded_process(engine.folder)
        for process in [leader] if leader in found else found:
            with suppress(ProcessLookupError):
                os.kill(process, number or engine.stop_signal)
        with suppress(TimeoutError):
            await asyncio.wait_for(emptied(engine.folder), seconds)
    forget_reused_process(engine.folder)


async def emptied(folder: Path) -> None:
    """Return once no process works in this folder."""
    while True:
        if not processes_in(folder):
            return
        await asyncio.sleep(SECONDS_BETWEEN_TRIES)


def processes_in(folder: Path) -> list[int]:
    """Ids of the processes that work in this folder: a postmaster, its backends, a Redis."""
    if not folder.is_dir():
        return []
    if (kernel := Path("/proc")).joinpath("self", "cwd").exists():
        processes = (path for path in kernel.iterdir() if path.name.isdecimal())
        return [int(path.name) for path in processes if working_folder(path) == folder]
    leader = recorded_process(folder)
    command = ("ps", "-o", "comm=", "-p", str(leader))
    named = subprocess.run(command, capture_output=True, check=False, text=True).stdout if leader else ""
    return [leader] if leader and "postgres" in named else []


def working_folder(process: Path) -> Path | None:
    """Where a process of /proc works; None for another user's, which is not ours."""
    try:
        return (process / "cwd").readlink()
    except OSError:
        return None


def recorded_process(folder: Path) -> int | None:
    """The process id that PostgreSQL wrote down in its data folder."""
    try:
        return int((folder / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def forget_reused_process(folder: Path) -> None:
    """After a power cut the recorded id may be an innocent process's; PostgreSQL would refuse to start."""
    leader = recorded_process(folder)
    if leader is None:
        return
    with suppress(ProcessLookupError):
        os.kill(leader, 0)
        (folder / "postmaster.pid").unlink()

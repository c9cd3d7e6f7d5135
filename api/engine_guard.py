"""Keeps one database engine as its child and stops it as soon as the service that asked for it is gone.

Run as a script by a bare interpreter, so it imports nothing but the standard library:
    python -I -S engine_guard.py SIGNAL USER GROUP COMMAND...
Standard input is the service's life line: its end, orderly or by kill -9, means stop.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable

SECONDS_TO_STOP = 60.0  # PostgreSQL writes a checkpoint first
SECONDS_TO_QUIT = 10.0
SECONDS_BETWEEN_LOOKS = 0.5
PR_SET_PDEATHSIG = 1
# Nothing of the caller's environment (PGDATA, PGOPTIONS, TZ ...) may steer an engine.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def main() -> int:
    """Run the command until it ends or the life line does; its exit code is ours."""
    stop_signal, user, group = (int(word) for word in sys.argv[1:4])
    service = os.getppid()
    asked_to_stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: asked_to_stop.append(number))
    engine = start(sys.argv[4:], user, group, stop_signal)
    while engine.poll() is None:
        ended, _, _ = select.select([0], [], [], SECONDS_BETWEEN_LOOKS)
        # A forked sibling may hold the life line open after the service died: the parent's id does not lie.
        if ended or asked_to_stop or os.getppid() != service:
            stop(engine, stop_signal)
    return engine.returncode


def start(command: list[str], user: int, group: int, stop_signal: int) -> subprocess.Popen[bytes]:
    """Start the engine, as another user if we are root."""
    root = os.geteuid() == 0
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        env=ENVIRONMENT,
        user=user if root else None,
        group=group if root else None,
        extra_groups=[] if root else None,
        preexec_fn=stopped_with(os.getpid(), stop_signal),  # noqa: PLW1509 - the guard has one thread
    )


def stopped_with(guard: int, stop_signal: int) -> Callable[[], None] | None:
    """Ask the kernel to stop the engine should the guard itself be killed; only Linux can."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def prepare() -> None:
        prctl(PR_SET_PDEATHSIG, stop_signal)
        if os.getppid() != guard:
            os._exit(1)

    return prepare


def stop(engine: subprocess.Popen[bytes], stop_signal: int) -> None:
    """Ask politely, then firmly, then not at all."""
    for number, seconds in ((stop_signal, SECONDS_TO_STOP), (signal.SIGQUIT, SECONDS_TO_QUIT)):
        engine.send_signal(number)
        try:
            engine.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        return
    engine.kill()
    engine.wait()


if __name__ == "__main__":
    sys.exit(main())

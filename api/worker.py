"""One of several service processes: `python -m api.worker SOCKET READY NUMBER`, started and ended by api.workers.

Standard input is its life line: its end, orderly or by kill -9 of the parent, means stop.
"""

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress

import uvloop

from api.embedded import Engines
from api.logs import configure
from api.serving import serving
from api.settings import Settings
from api.tls import CertificateUnusable


async def work(listener: socket.socket, ready: int, number: int) -> None:
    """Answer on the parent's socket until told to stop."""
    settings = Settings()
    if settings.postgres is None:
        raise SystemExit("A worker is told where PostgreSQL is.")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(
        signal.SIGINT, lambda: None
    )  # Ctrl-C is for the parent: it stops us when it is time
    loop.add_reader(sys.stdin.fileno(), stop.set)
    async with serving(settings, Engines(settings.postgres, settings.redis), listener, number):
        with suppress(BrokenPipeError):
            os.write(ready, b"\n")
        os.close(ready)
        await stop.wait()


def main() -> None:
    """Take over what the parent opened."""
    configure(Settings().log_level)
    listener = socket.socket(fileno=int(sys.argv[1]))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(work(listener, int(sys.argv[2]), int(sys.argv[3])))
        except CertificateUnusable as fault:
            raise SystemExit(str(fault)) from fault


if __name__ == "__main__":
    main()

"""Runs several service processes on one port and starts again whichever ends before its time."""

import asyncio
import json
import os
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from prometheus_client.multiprocess import mark_process_dead

from api.embedded import Engines
from api.metrics import SHARED
from api.serving import GRACE
from api.settings import Settings

log = structlog.get_logger()
FIRST_WAIT, LONGEST_WAIT = 0.2, 10.0  # seconds before a worker that ended is started again
SETTLED = 30.0  # seconds a worker lives before its next end counts as a first one


class Workers:
    """The processes that answer, by number."""

    def __init__(self, settings: Settings, engines: Engines, listener: socket.socket, metrics: Path) -> None:
        told = settings.model_copy(update={"postgres": engines.postgres, "redis": engines.redis})
        knobs = told.model_dump(mode="json", exclude_none=True)
        self._environment = {**os.environ, SHARED: str(metrics)}
        self._environment |= {f"TANDEM_{name.upper()}": _word(value) for name, value in knobs.items()}
        self._listener = listener
        self._metrics = metrics
        self.processes: dict[int, Process] = {}

    async def keep(self, number: int, started: "asyncio.Event") -> None:
        """Keep worker `number` running until cancelled."""
        wait = FIRST_WAIT
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            process, told = await self._start(number)
            try:
                if await _says_ready(told):
                    started.set()
                code = await process.wait()
            finally:
                await self._stop(process)
                mark_process_dead(process.pid, str(self._metrics))  # type: ignore[no-untyped-call]
            log.error("worker.ended", worker=number, code=code)
            wait = FIRST_WAIT if loop.time() - began > SETTLED else min(wait * 2, LONGEST_WAIT)
            await asyncio.sleep(wait)

    async def _start(self, number: int) -> tuple[Process, int]:
        told, ready = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "api.worker", str(self._listener.fileno()), str(ready), str(number)),
                env=self._environment,
                stdin=PIPE,
                pass_fds=(self._listener.fileno(), ready),
                start_new_session=True,  # a terminal's Ctrl-C is for us: workers stop when we say so
            )
        except BaseException:
            os.close(told)
            raise
        finally:
            os.close(ready)
        self.processes[number] = process
        return process, told

    @staticmethod
    async def _stop(process: Process) -> None:
        if process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(GRACE + 5):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def _says_ready(told: int) -> bool:
    """Whether the worker at the other end of the pipe said that it answers, before it ended."""
    loop, heard = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(told, heard.set)
    try:
        await heard.wait()
        return bool(os.read(told, 1))
    finally:
        loop.remove_reader(told)
        os.close(told)


def _word(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@asynccontextmanager
async def working(settings: Settings, engines: Engines, listener: socket.socket) -> AsyncIterator[Workers]:
    """All workers answering on `listener` for as long as the block lasts."""
    listener.listen(2048)
    with TemporaryDirectory(prefix="tandem-metrics-") as folder:
        workers = Workers(settings, engines, listener, Path(folder))
        started = [asyncio.Event() for _ in range(settings.workers)]
        tasks = [asyncio.create_task(workers.keep(n, event)) for n, event in enumerate(started)]
        try:
            for event in started:
                await event.wait()
            yield workers
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

"""Reads text: short text right here, long text in a process that can be killed."""

import asyncio
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import timedelta
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any

from api.metrics import ASSESS_SECONDS, ASSESSMENTS
from models.assessment import Assessment, Entry
from triage.assess import assess_entries
from triage.classifier import ARTIFACTS, use
from triage.datafiles import Written
from triage.overlay import Overlay, overlay_of


def _begin(artifacts: Path) -> None:
    end_with_the_service()
    use(artifacts)


def end_with_the_service() -> None:
    """Run in the reading process: whoever kills the service ends it too, for the pipe between them tells it nothing."""
    Thread(target=_end_after, args=(parent_process(),), daemon=True).start()


def kill(executor: ProcessPoolExecutor | None) -> None:
    """End the processes at once, whatever they are at: a text that cannot be read in time ends in no other way."""
    if executor is None:
        return
    for process in list((executor._processes or {}).values()):
        process.kill()
    executor.shutdown(wait=False, cancel_futures=True)


def _end_after(parent: Any) -> None:
    parent.join()
    os._exit(1)


def assess_written(entries: Sequence[Entry], nature: str, written: Written | None) -> Assessment:
    """Run in the reading process, which compiles a center's phrases once and keeps them."""
    return assess_entries(entries, nature, overlay_of(written) if written else None)


class Unreadable(Exception):
    """The text could not be read now; the call stays visible as not assessed and is tried again."""


class Assessor:
    """One reader a process; safe to call from many tasks."""

    def __init__(self, inline_text: int, timeout: timedelta, artifacts: Path = ARTIFACTS) -> None:
        self._inline_text = inline_text
        self._timeout = timeout.total_seconds()
        self._artifacts = artifacts
        self._executor: ProcessPoolExecutor | None = None

    async def read(self, entries: Sequence[Entry], nature: str, overlay: Overlay | None = None) -> Assessment:
        """What the entries say; raises Unreadable after the time limit or on a fault of the engine."""
        began = time.perf_counter()
        try:
            if sum(len(entry.text) for entry in entries) <= self._inline_text:
                assessment = assess_entries(entries, nature, overlay)
            else:
                assessment = await self._read_apart(entries, nature, overlay.written if overlay else None)
        except Exception as fault:  # whatever the engine's fault, a call is never blocked by it
            ASSESSMENTS.labels("failed").inc()
            raise Unreadable(type(fault).__name__) from fault
        ASSESSMENTS.labels("read").inc()
        ASSESS_SECONDS.observe(time.perf_counter() - began)
        return assessment

    async def _read_apart(self, entries: Sequence[Entry], nature: str, written: Written | None) -> Assessment:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(1, get_context("spawn"), _begin, (self._artifacts,))
        executor = self._executor
        try:
            # a process that died while it had nothing to do is noticed here, before anything waits for it
            loop = asyncio.get_running_loop()
            job = loop.run_in_executor(executor, assess_written, list(entries), nature, written)
            done, _ = await asyncio.wait({job}, timeout=self._timeout)
            if not done:
                raise TimeoutError
            if job.cancelled():  # another text's time limit ended the process before this one was begun
                raise BrokenProcessPool
            return job.result()
        except (TimeoutError, BrokenProcessPool):
            if self._executor is executor:  # else a later text already reads in a new one
                self.close()
            raise

    def close(self) -> None:
        """Kill the reading process, even in the middle of a text."""
        executor, self._executor = self._executor, None
        kill(executor)

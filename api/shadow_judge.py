"""Judges calls by a challenger in a process of its own, which imports nothing of the service."""

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from api.assessor import end_with_the_service, kill
from models.assessment import Assessment, Entry
from triage.assess import assess_with
from triage.classifier import Classifier, load
from triage.datafiles import Written
from triage.overlay import overlay_of

LONGEST = 300.0  # seconds for a batch; the process takes what time of the processors is left over

#: Nature, entries, and the phrases that its center added.
Call = tuple[str, Sequence[dict[str, Any]], Written | None]


class Said(NamedTuple):
    """What one classifier makes of a call."""

    need: float
    flag: bool
    indicators: list[str]


def said_by(assessment: Assessment) -> Said:
    """The part of an assessment that a classifier decides."""
    asserted = [name.value for name, found in assessment.indicators.items() if found.probability >= 0.5]
    return Said(assessment.need, assessment.flag, sorted(asserted))


_challenger: list[Classifier] = []


def _begin(folder: Path) -> None:
    end_with_the_service()
    os.nice(10)
    fitted = load(folder)
    if isinstance(fitted, Classifier):
        _challenger[:] = [fitted]


def _judged(calls: Sequence[Call]) -> list[Said]:
    (fitted,) = _challenger
    said = []
    for nature, entries, written in calls:
        own = overlay_of(written) if written else None
        said.append(
            said_by(assess_with(fitted, [Entry.model_validate(each) for each in entries], nature, own))
        )
    return said


class Judge:
    """The process, started when it is needed and again when it died."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._executor: ProcessPoolExecutor | None = None

    async def judged(self, calls: Sequence[Call]) -> list[Said]:
        """What the challenger says of each; raises BrokenProcessPool or TimeoutError where it cannot."""
        try:
            return await self._once(calls)
        except BrokenProcessPool:  # it may have died while it had nothing to do
            self.close()
            return await self._once(calls)

    async def _once(self, calls: Sequence[Call]) -> list[Said]:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(1, get_context("spawn"), _begin, (self._folder,))
        async with asyncio.timeout(LONGEST):
            return await asyncio.get_running_loop().run_in_executor(self._executor, _judged, calls)

    def close(self) -> None:
        """Kill the process, even in the middle of a text."""
        executor, self._executor = self._executor, None
        kill(executor)

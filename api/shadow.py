"""Lets a challenger judge what the service has read, where nobody waits for it and nobody on the floor sees it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import structlog

from api.desk import CANARY, Desk
from api.logs import told
from api.metrics import SHADOWED
from api.shadow_judge import Call, Judge, said_by
from models.assessment import Assessment
from models.ids import earliest_id, moment_of
from models.store.database import query
from triage.classifier import Classifier, load
from triage.judgement import artefact

log = structlog.get_logger()
EVERY = 1.0  # seconds
AGAIN = 60.0  # seconds until a challenger that failed is tried again
AT_ONCE = 50
BACK = timedelta(days=1)  # how far a new challenger looks back
LATE = timedelta(seconds=15)  # a reading may be committed so long after its id was made
AFTER = LATE + timedelta(milliseconds=1)


class Shadow:
    """One challenger beside the service."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._desk = desk
        self._folder = folder
        self._judge = Judge(folder)
        self._passed_over = datetime.min.replace(tzinfo=UTC)

    async def run(self) -> NoReturn:
        """Judge until cancelled; no fault of a challenger is a fault of the service."""
        while True:
            fitted = await asyncio.to_thread(load, self._folder)
            try:
                if isinstance(fitted, Classifier):
                    await self._follow(artefact(fitted))
                log.error("shadow.unfit", reason=fitted.reason)
            except Exception as fault:  # noqa: BLE001 - whatever it is, the calls have nothing to do with it
                SHADOWED.labels("failed").inc()
                log.error("shadow.failed", **told(fault))
            finally:
                self._judge.close()
            await asyncio.sleep(AGAIN)

    async def _follow(self, challenger: str) -> NoReturn:
        last = await self._desk.pool.fetchval(query("last_shadow"), challenger)
        since = max(self._desk.now() - BACK, self._passed_over, *([moment_of(last)] if last else []))
        while True:
            found = (earliest_id(since - LATE), challenger, CANARY, AT_ONCE)
            rows = await self._desk.pool.fetch(query("unshadowed"), *found)
            if rows:
                self._passed_over = moment_of(rows[-1]["id"]) + AFTER  # should these end it, others go on
                await self._keep(challenger, rows)
            since = moment_of(rows[-1]["id"]) if len(rows) == AT_ONCE else self._desk.now()
            if len(rows) < AT_ONCE:
                await asyncio.sleep(EVERY)

    async def _keep(self, challenger: str, rows: Sequence[Any]) -> None:
        said = await self._judge.judged([self._call(row) for row in rows])
        now, kept = self._desk.now(), []
        for row, theirs in zip(rows, said, strict=True):
            ours = said_by(Assessment.model_validate(row["body"]))
            SHADOWED.labels("agreed" if ours.flag == theirs.flag else "differed").inc()
            about = (row["id"], challenger, row["call_id"], row["center_id"], now, row["artefact"])
            kept.append((*about, *ours, *theirs))
        await self._desk.pool.executemany(query("add_shadow"), kept)

    def _call(self, row: Any) -> Call:
        own = self._desk.phrases.of(row["center_id"])
        return row["nature"], row["entries"], own.written if own else None

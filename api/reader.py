"""How the engine reads of late, for the manager's page and for Prometheus: counted by SQL over what is stored."""

import asyncio
import math
from datetime import UTC, datetime, timedelta

from api.desk import CANARY, Desk
from api.metrics import (
    READER_CALIBRATION,
    READER_DRIFT,
    READER_FLAGGED,
    READER_INDICATOR,
    READER_NEED,
    READER_UNKNOWN,
)
from models.assessment import Indicator
from models.reader import Calibration, Drift, ReaderReport, Tenth
from models.store.database import LOST, Connection, query, the_row
from triage.assess import artefact_with
from triage.classifier import Classifier, Unfit, classifier
from triage.drift import calibration_error, stability_index
from triage.overlay import Overlay

EVERY = 60.0  # seconds
SPAN, REVIEWS_OF = timedelta(days=28), timedelta(days=180)
MOST_CALLS, MOST_WORDED, MOST_REVIEWS = 1000, 300, 500
REFERENCE = 500  # first calls of a center
LEAST_CALLS, LEAST_REVIEWS = 100, 50
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


async def reader_report(
    connection: Connection, center: str, now: datetime, overlay: Overlay | None
) -> ReaderReport:
    """The newest calls of a center as they were read; what too few calls or reviews tell is null."""
    fitted = classifier()
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        reference, source, until = await _reference(connection, center, fitted)
        asked = (now - SPAN, MOST_CALLS, MOST_WORDED, until)
        seen = await the_row(connection, "reader_window", center, *asked)
        calibration = await _calibration(connection, center, now)
    calls, enough = seen["calls"], seen["calls"] >= LEAST_CALLS
    comparable = min(sum(seen["later"]), sum(reference)) >= LEAST_CALLS
    index = round(stability_index(reference, seen["later"]), 4) if comparable else None
    return ReaderReport(
        at=now,
        artefact=artefact_with(overlay),
        unfit=fitted.reason if isinstance(fitted, Unfit) else None,
        since=now - SPAN,
        most=MOST_CALLS,
        least=LEAST_CALLS,
        calls=calls,
        mean_need=round(seen["mean_need"], 4) if enough else None,
        flagged=round(seen["flagged"] / calls, 4) if enough else None,
        histogram=tuple(seen["histogram"]),
        indicators={
            name: round(seen["indicators"][name] / calls, 4)
            for name in Indicator
            if name in seen["indicators"]
        }
        if enough
        else {},
        words=seen["words"],
        unknown_words=round(seen["unknown"] / seen["words"], 4) if enough and seen["words"] else None,
        drift=Drift(reference=reference, source=source, index=index),
        calibration=calibration,
    )


async def _reference(
    connection: Connection, center: str, fitted: Classifier | Unfit
) -> tuple[tuple[int, ...], str, datetime]:
    """Counts by tenth, where they are from, and the moment after which calls are none of them."""
    if isinstance(fitted, Classifier) and fitted.reference is not None:
        return fitted.reference, "card", NEVER
    first = await the_row(connection, "reader_reference", center, REFERENCE)
    return tuple(first["histogram"]), "first_calls", first["until"] or NEVER


async def _calibration(connection: Connection, center: str, now: datetime) -> Calibration:
    rows = await connection.fetch(query("reader_reviewed"), center, now - REVIEWS_OF, MOST_REVIEWS)
    reviewed = sum(row["calls"] for row in rows)
    error = calibration_error((row["calls"], row["need"], row["flagged"]) for row in rows)
    return Calibration(
        reviewed=reviewed,
        least=LEAST_REVIEWS,
        error=round(error, 4) if reviewed >= LEAST_REVIEWS else None,
        tenths={
            row["tenth"]: Tenth(calls=row["calls"], need=round(row["need"], 4), flagged=row["flagged"])
            for row in rows
        },
    )


async def watch_reader(desk: Desk) -> None:
    """Look at every center once a minute until cancelled; a database that is away is said by whoever needs it."""
    while True:
        for center in await desk.load_centers():
            if center == CANARY:
                continue
            try:
                async with desk.pool.acquire(timeout=EVERY) as connection:
                    report = await reader_report(connection, center, desk.now(), desk.phrases.of(center))
            except LOST:
                break
            measure(center, report)
        await asyncio.sleep(EVERY)


def measure(center: str, report: ReaderReport) -> None:
    """The report as gauges; what too few calls tell is not a number."""
    READER_NEED.labels(center).set(_known(report.mean_need))
    READER_FLAGGED.labels(center).set(_known(report.flagged))
    READER_UNKNOWN.labels(center).set(_known(report.unknown_words))
    READER_DRIFT.labels(center).set(_known(report.drift.index))
    READER_CALIBRATION.labels(center).set(_known(report.calibration.error))
    for name in Indicator:
        share = report.indicators.get(name, 0.0 if report.flagged is not None else None)
        READER_INDICATOR.labels(center, name.value).set(_known(share))


def _known(value: float | None) -> float:
    return math.nan if value is None else value

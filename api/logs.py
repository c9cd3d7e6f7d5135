"""Structured logs: one JSON object a line for machines, colours for a terminal, never a word of a call."""

import logging
import sys
import traceback
from pathlib import Path

import structlog


def told(fault: BaseException) -> dict[str, str]:
    """A fault nobody foresaw, as it may be logged: its kind and place in the code, for its text may quote a call."""
    frames = traceback.extract_tb(fault.__traceback__)[-4:]
    where = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    return {"fault": type(fault).__name__, "where": where}


def configure(level: str) -> None:
    """Set up logging once, at the start of a command."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info
            if not terminal
            else structlog.processors.StackInfoRenderer(),
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(
        level=max(number, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )

"""Logs as JSON, one line an event, in UTC, with the request and who asked; never with what they sent.

A line break or a control character in a value is escaped by JSON itself, so nobody can write a line of their own.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

ROOT = "anteroom"  # Chalice names its logger by the app; ours hang below it
METRICS = "anteroom.metrics"  # its messages are whole documents already (kit/metrics.py)
_about: ContextVar[dict[str, str] | None] = ContextVar("about", default=None)


@contextmanager
def about(**facts: str) -> Iterator[None]:
    """Every line inside also says these facts (a request's id, a door's name)."""
    token = _about.set({**(_about.get() or {}), **facts})
    try:
        yield
    finally:
        _about.reset(token)


def add(**facts: str) -> None:
    """Say these facts too, in every further line of the `about` that is open (who asks, once that is known)."""
    told = _about.get()
    if told is not None:
        told.update(facts)


def facts() -> Mapping[str, str]:
    """What every line says here."""
    return _about.get() or {}


class Json(logging.Formatter):
    """One event as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """`{"at": ..., "level": ..., "logger": ..., "message": ..., ...}`; a traceback under `trace`. Metrics as they are."""
        if record.name == METRICS:
            return record.getMessage()
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **facts(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)


class Outlet(logging.Handler):
    """Standard output, whichever it is when something is said."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        try:
            sys.stdout.write(f"{self.format(record)}\n")
            sys.stdout.flush()
        except Exception:  # as logging's own handlers have it: what cannot be said stops nobody's request
            self.handleError(record)


def begin(level: int = logging.INFO) -> None:
    """Let all that our loggers say go out as JSON, once; for app.py and for workers, which Lambda imports without it.

    Lambda listens to the root too: what went on to there would stand in the log twice, and metrics would count double.
    """
    logger = logging.getLogger(ROOT)
    logger.setLevel(level)
    logger.propagate = False
    if not any(isinstance(each, Outlet) for each in logger.handlers):
        outlet = Outlet()
        outlet.setFormatter(Json())
        logger.addHandler(outlet)

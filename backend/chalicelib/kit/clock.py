"""The wall clock. Only the edge (doors, workers, scripts) reads it; everywhere else `now` is an argument."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)

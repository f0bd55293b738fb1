"""Marks of the reminders that were sent: one for each visit and day, gone some time after the visit."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.intake.store.responses import ResponseRow
from chalicelib.kit import table

KEPT = timedelta(days=7)  # after the visit


def is_marked(clinic: str, appointment: str, ahead: int) -> bool:
    """Whether a visit's patient was reminded so many days ahead."""
    return table.read(ResponseRow, *_mark(clinic, appointment, ahead)) is not None


def mark(clinic: str, appointment: str, ahead: int, start: datetime, tx: table.Transaction) -> None:
    """Note that they are; Lost if they were."""
    tx.add(ResponseRow(*_mark(clinic, appointment, ahead), expires=int((start + KEPT).timestamp())), table.Lost)


def is_over(clinic: str, day: str) -> bool:
    """Whether all of a clinic were reminded on a local day (ISO 8601)."""
    return table.read(ResponseRow, *_day(clinic, day)) is not None


def close(clinic: str, day: str, now: datetime) -> None:
    """Note that they were."""
    with table.together() as tx:
        tx.put(ResponseRow(*_day(clinic, day), expires=int((now + KEPT).timestamp())))


def _mark(clinic: str, appointment: str, ahead: int) -> tuple[str, str]:
    return table.key(clinic, "REMINDED", appointment), f"{ahead}"


def _day(clinic: str, day: str) -> tuple[str, str]:
    return table.key(clinic, "REMINDED-ON", day), "done"

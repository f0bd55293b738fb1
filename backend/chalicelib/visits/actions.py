"""Keeping visits, and finding them again."""

from __future__ import annotations

from datetime import datetime

from chalicelib.kit import table
from chalicelib.kit.problem import NotFound
from chalicelib.visits import store
from chalicelib.visits.records import Appointment


def keep(tx: table.Transaction, appointment: Appointment) -> None:
    """Write an appointment, new or changed, inside a transaction; Lost if somebody changed it meanwhile."""
    store.put(appointment.clinic, appointment, tx)


def count(tx: table.Transaction, clinic: str, patient: str, tally: int) -> None:
    """Guard a patient's cap: Lost if another booking of theirs came first."""
    store.count(clinic, patient, tally, tx)


def of_patient(clinic: str, patient: str, appointment: str) -> Appointment:
    """The patient's own appointment; NotFound for everybody else's just as for none."""
    found = store.get(clinic, appointment)
    if found is None or not patient or found.patient != patient:
        raise NotFound
    return found


def ahead(clinic: str, patient: str, now: datetime) -> tuple[list[Appointment], int]:
    """A patient's standing appointments from now on, and the version of the tally that guards their cap; one Query."""
    return store.ahead(clinic, patient, now)


def behind(clinic: str, patient: str, now: datetime, limit: int = 100) -> list[Appointment]:
    """A patient's appointments that began before now or were cancelled, the latest start first."""
    return store.behind(clinic, patient, now, limit)

"""Keeping visits, and finding them again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chalicelib.kit import table
from chalicelib.kit.problem import NotFound
from chalicelib.visits import store
from chalicelib.visits.records import Appointment


def keep(tx: table.Transaction, appointment: Appointment, was: Appointment | None = None) -> None:
    """Write an appointment, new or changed, inside a transaction; Lost if somebody changed it meanwhile.

    `was`: as it stood before, where anything but its status changed.
    """
    store.put(appointment.clinic, appointment, tx, was)


def count(tx: table.Transaction, clinic: str, patient: str, tally: int) -> None:
    """Guard a patient's cap: Lost if another booking of theirs came first."""
    store.count(clinic, patient, tally, tx)


def get(clinic: str, appointment: str) -> Appointment | None:
    """The appointment of that id in that clinic; whose it is the caller must look at."""
    return store.get(clinic, appointment)


def several(clinic: str, appointments: Sequence[str]) -> dict[str, Appointment]:
    """The appointments of these ids by them, in as few calls as can be; whose they are the caller must look at."""
    return store.several(clinic, appointments)


def of_patient(clinic: str, patients: Sequence[str], appointment: str) -> Appointment:
    """A patient's own appointment, under whichever of their ids; NotFound for everybody else's just as for none."""
    found = store.get(clinic, appointment)
    if found is None or found.patient not in patients:
        raise NotFound
    return found


def ahead(clinic: str, patients: Sequence[str], now: datetime) -> tuple[list[Appointment], int]:
    """A patient's standing appointments from now on, and the version of the tally that guards their cap; a Query for each of their ids.

    The tally is that of the first id, under which new visits are booked.
    """
    found, (tally, *_) = zip(*(store.ahead(clinic, patient, now) for patient in patients), strict=True)
    return sorted((visit for visits in found for visit in visits), key=lambda visit: (visit.start, visit.id)), tally


def behind(clinic: str, patients: Sequence[str], now: datetime, limit: int = 100) -> list[Appointment]:
    """A patient's appointments that began before now or were cancelled, the latest start first."""
    found = (visit for patient in patients for visit in store.behind(clinic, patient, now, limit))
    return sorted(found, key=lambda visit: (visit.start, visit.id), reverse=True)[:limit]


def between(clinic: str, after: str, until: str, limit: int) -> list[tuple[str, Appointment]]:
    """At most `limit` of a clinic's visits that stand, after one place and before another, in order; one Query.

    A place is an instant in ISO 8601, or what stands beside a visit here: the list goes on after the last.
    """
    return store.between(clinic, after, until, limit)


def knows(clinic: str, practitioner: str, patient: str) -> bool:
    """Whether a practitioner has, or had, a visit with a patient that was not cancelled; one Query."""
    return bool(practitioner) and any(visit.practitioner == practitioner for visit in store.standing(clinic, patient))

"""Practitioners and patients as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.kit import memory, table
from chalicelib.kit.problem import NotFound
from chalicelib.people import rules, store
from chalicelib.people.records import Patient, PatientCard, Practitioner


def read_practitioners(raw: msgspec.Raw, known: Sequence[Clinic]) -> tuple[Practitioner, ...]:
    """The practitioners of app.json; PractitionersWrong names the place and the reason of the first fault."""
    try:
        found = msgspec.json.decode(raw, type=tuple[Practitioner, ...])
    except msgspec.MsgspecError as error:
        raise rules.PractitionersWrong(clinics.plain(str(error), "practitioners", "practitioners")) from error
    rules.check(found, known)
    return found


def save_practitioners(practitioners: Sequence[Practitioner]) -> None:
    """Make these, in this order, the practitioners of all clinics; who is not among them any more is taken off the lists."""
    for place, person in enumerate(practitioners):
        for clinic in person.clinics:
            store.put_practitioner(clinic, person, place)
    for clinic in {clinic.id for clinic in clinics.listed()} | {name for person in practitioners for name in person.clinics}:
        for person in store.practitioners(clinic):
            if person.id not in {kept.id for kept in practitioners if clinic in kept.clinics}:
                store.remove_practitioner(clinic, person.id)
    memory.forget()


@memory.kept(clinics.KEEP_SECONDS)
def practitioners(clinic: str) -> list[Practitioner]:
    """The practitioners of a clinic in its order."""
    return store.practitioners(clinic)


def practitioner(clinic: str, practitioner_id: str) -> Practitioner:
    """The practitioner of that id; one who has left the clinic is known by their id alone."""
    known = (person for person in practitioners(clinic) if person.id == practitioner_id)
    return next(known, None) or rules.former(clinic, practitioner_id)


def add_patient(tx: table.Transaction, patient: Patient, today: date) -> None:
    """Write a new patient inside a transaction; LookAgain if the birth date cannot be right on the clinic's `today`."""
    rules.check_birth_date(patient.birth_date, today)
    store.put_patient(patient.clinic, patient, tx)


def find_patients(clinic: str, name: str, limit: int, after: str = "") -> tuple[list[PatientCard], str]:
    """Patients whose family or given name begins so, whatever the marks and capitals; at most `limit`, by name. One Query.

    The second half is where to go on (`after`), empty at the end; it names a patient by id, and nothing else. NotFound
    for an `after` that is none of this clinic's. A page may hold fewer than `limit` and still have a next one.
    """
    wanted = rules.searched(name)
    rows = store.named(clinic, wanted, _place(clinic, after) if after else "", limit + 1)
    page = rows[:limit]
    found = [card for place, card in page if rules.is_told_at(place, card, wanted)]
    return found, _named(*page[-1]) if len(rows) > limit else ""


def _named(place: str, card: PatientCard) -> str:
    """A place in the list of names, without the name: by family (0) or given name (1), and of whom."""
    return f"{rules.places(card).index(place)}{card.id}"


def _place(clinic: str, named: str) -> str:
    return rules.places(rules.card(patient(clinic, named[1:])))[int(named[0])]


def replace_patient(tx: table.Transaction, patient: Patient) -> None:
    """Take a patient off the list of names inside a transaction: the clinic found that they are one it held already."""
    store.remove_names(patient.clinic, patient, tx)


def patient(clinic: str, patient_id: str) -> Patient:
    """The patient of that id; NotFound if this clinic has none."""
    found = store.get_patient(clinic, patient_id)
    if found is None:
        raise NotFound
    return found


def patients(clinic: str, ids: Sequence[str]) -> dict[str, Patient]:
    """Patients by their ids (at most 100), in one call; those that the clinic does not have are left out."""
    return {patient.id: patient for patient in store.get_patients(clinic, list(dict.fromkeys(ids)))}

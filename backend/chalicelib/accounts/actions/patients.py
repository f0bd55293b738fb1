"""What the desk and who cares for patients do with the patients that the clinic holds. Every reading is written down first."""

from __future__ import annotations

from datetime import datetime

from chalicelib.accounts import rules
from chalicelib.accounts.records import Registration
from chalicelib.accounts.store import holders
from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.doors import actions as doors
from chalicelib.doors.records import Once
from chalicelib.identity.records import Actor, Permission
from chalicelib.kit import cursors, ids, table, zone
from chalicelib.kit.problem import NotFound, Unreadable
from chalicelib.people import actions as people
from chalicelib.people.records import Patient, PatientCard
from chalicelib.visits import actions as visits


def list_patients(clinic: Clinic, actor: Actor, name: str, limit: int, cursor: str, now: datetime) -> tuple[list[PatientCard], str]:
    """Patients whose family or given name begins so, and the cursor of the next page (empty: none)."""
    actor.must(Permission.LIST_PATIENTS, clinic.id)
    listing = f"list_patients|{name}"
    try:
        found, after = people.find_patients(clinic.id, name, limit, cursors.opened(clinic.id, listing, cursor))
    except NotFound as error:  # whom the page ended with is not there any more
        raise Unreadable("This list cannot go on from there. Please begin again.") from error
    seen = [card.id for card in found]
    audit.looked(clinic.id, action="list_patients", by=actor, what="patients", at=now, patient="", seen=seen, found=str(len(found)))
    return found, cursors.sealed(clinic.id, listing, after)


def get_patient(clinic: Clinic, actor: Actor, patient_id: str, now: datetime) -> tuple[Patient, bool]:
    """A patient, and whether they have an account. Who cares for patients finds those with a visit of theirs, or any in an emergency."""
    actor.must(Permission.GET_PATIENT, clinic.id)
    patient = people.patient(clinic.id, patient_id)
    if not actor.sees_everybody and not visits.knows(clinic.id, actor.practitioner, patient.id):
        raise NotFound
    has_account = bool(holders.holder(clinic.id, patient.id))
    audit.looked(clinic.id, action="get_patient", by=actor, what=f"patient/{patient.id}", at=now, patient=patient.id)
    return patient, has_account


def add_patient(clinic: Clinic, actor: Actor, said: Registration, now: datetime, once: Once) -> Patient:
    """Hold a new patient, who has no account of theirs yet; LookAgain if the birth date cannot be right."""
    actor.must(Permission.ADD_PATIENT, clinic.id)
    patient = rules.patient(clinic.id, ids.new(), said, clinic.languages[0], now)
    with table.together() as tx:
        doors.keep(tx, once, patient)
        people.add_patient(tx, patient, zone.local_date(now, clinic.zone))
        audit.note(tx, clinic.id, action="add_patient", by=actor, what=f"patient/{patient.id}", at=now, patient=patient.id)
    return patient

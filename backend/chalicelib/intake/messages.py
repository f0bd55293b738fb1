"""What is told of forms. No mail holds a word of what was answered or of which form, and none to staff of whom: that is behind the link."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib.clinics.records import Clinic
from chalicelib.intake.records import QuestionnaireResponse
from chalicelib.kit import settings, text, zone
from chalicelib.notices import actions as notices
from chalicelib.notices.records import Notice
from chalicelib.people.records import Patient
from chalicelib.visits.records import Appointment


def returned(clinic: Clinic, patient: Patient, response: QuestionnaireResponse, now: datetime) -> Notice:
    """The patient is asked for an answer again."""
    return _to_patient(clinic, patient, "returned", response.appointment, now, about=response.id)


def reminded(clinic: Clinic, patient: Patient, visit: Appointment, now: datetime) -> Notice:
    """Something is still to be done before a visit; it is not sent any more once the visit has begun."""
    local, tag = zone.local(visit.start, clinic.zone), patient.language
    when = {"day": text.day_long(local, tag), "time": text.time_label(local, tag), "zone": text.zone_label(local, tag)}
    return replace(_to_patient(clinic, patient, "reminded", visit.id, now, about=visit.id, **when), until=visit.start)


def _to_patient(clinic: Clinic, patient: Patient, name: str, appointment: str, now: datetime, *, about: str, **told: str) -> Notice:
    """A message whose button leads to all that a visit wants of its patient."""
    tag = patient.language
    worded = text.message("intake", name, tag, name=patient.name, clinic=clinic.name, telephone=clinic.telephone, **told)
    link = f"{settings.origin('patient')}/{clinic.id}/{tag.split('-')[0]}/forms/?visit={appointment}"
    return notices.letter(clinic.id, patient.email, tag, worded, now, link=link, about=about)


def flagged(clinic: Clinic, to: str, language: str, response: QuestionnaireResponse, now: datetime) -> Notice:
    """Somebody of the clinic is to look at a form now."""
    worded = text.message("intake", "flagged", language, clinic=clinic.name)
    link = f"{settings.origin('staff')}/visit-forms/#r={response.id}"
    return notices.letter(clinic.id, to, language, worded, now, link=link, about=response.id)

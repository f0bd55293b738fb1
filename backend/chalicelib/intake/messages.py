"""What is told of forms. No mail holds a word of what was answered or of which form, and none to staff of whom: that is behind the link."""

from __future__ import annotations

from datetime import datetime

from chalicelib.clinics.records import Clinic
from chalicelib.intake.records import QuestionnaireResponse
from chalicelib.kit import ids, settings, text
from chalicelib.notices.records import Notice
from chalicelib.people.records import Patient


def returned(clinic: Clinic, patient: Patient, response: QuestionnaireResponse, now: datetime) -> Notice:
    """The patient is asked for an answer again."""
    tag = patient.language
    worded = text.message("intake", "returned", tag, name=patient.name, clinic=clinic.name, telephone=clinic.telephone)
    return Notice(
        id=ids.new(),
        clinic=clinic.id,
        to=patient.email,
        language=tag,
        subject=worded.subject,
        text=worded.text,
        due=now,
        link=f"{settings.origin('patient')}/{clinic.id}/{tag.split('-')[0]}/forms/?visit={response.appointment}",
        link_label=worded.link_label,
        about=response.id,
    )


def flagged(clinic: Clinic, to: str, language: str, response: QuestionnaireResponse, now: datetime) -> Notice:
    """Somebody of the clinic is to look at a form now."""
    worded = text.message("intake", "flagged", language, clinic=clinic.name)
    return Notice(
        id=ids.new(),
        clinic=clinic.id,
        to=to,
        language=language,
        subject=worded.subject,
        text=worded.text,
        due=now,
        link=f"{settings.origin('staff')}/visit-forms/#r={response.id}",
        link_label=worded.link_label,
        about=response.id,
    )

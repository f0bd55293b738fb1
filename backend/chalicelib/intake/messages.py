"""What staff and patients are told of forms. No mail holds a word of what was answered, or of which form: that is behind the link."""

from __future__ import annotations

from datetime import datetime

from chalicelib.clinics.records import Clinic
from chalicelib.intake.records import QuestionnaireResponse
from chalicelib.kit import ids, settings, text, zone
from chalicelib.notices.records import Notice
from chalicelib.people.records import Patient
from chalicelib.visits.records import Appointment


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
        link=f"{settings.origin('staff')}/",
        link_label=worded.link_label,
        about=response.id,
    )


def reminded(clinic: Clinic, patient: Patient, visit: Appointment, now: datetime) -> Notice:
    """Something is still to be done before a visit; it is not sent any more once the visit has begun."""
    tag = patient.language
    told = {"name": patient.name, "clinic": clinic.name, "telephone": clinic.telephone}
    local = zone.local(visit.start, clinic.zone)
    told |= {"day": text.day_long(local, tag), "time": text.time_label(local, tag), "zone": text.zone_label(local, tag)}
    worded = text.message("intake", "reminded", tag, **told)
    return Notice(
        id=ids.new(),
        clinic=clinic.id,
        to=patient.email,
        language=tag,
        subject=worded.subject,
        text=worded.text,
        due=now,
        until=visit.start,
        link=f"{settings.origin('patient')}/{clinic.id}/{tag.split('-')[0]}/forms/?visit={visit.id}",
        link_label=worded.link_label,
        about=visit.id,
    )

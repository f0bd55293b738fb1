"""What patients are told of their files. Neither what it is nor why stands in a mail: both are behind the link."""

from __future__ import annotations

from datetime import datetime

from chalicelib.clinics.records import Clinic
from chalicelib.documents.records import DocumentReference
from chalicelib.kit import settings, text
from chalicelib.notices import actions as notices
from chalicelib.notices.records import Notice
from chalicelib.people.records import Patient


def returned(clinic: Clinic, patient: Patient, document: DocumentReference, now: datetime) -> Notice:
    """A page is to be taken again."""
    tag = patient.language
    worded = text.message("documents", "returned", tag, name=patient.name, clinic=clinic.name, telephone=clinic.telephone)
    link = f"{settings.origin('patient')}/{clinic.id}/{tag.split('-')[0]}/documents/#{document.appointment}"
    return notices.letter(clinic.id, patient.email, tag, worded, now, link=link, about=document.id)

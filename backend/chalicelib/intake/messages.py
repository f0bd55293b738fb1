"""What staff are told of forms. No mail holds a word of what was answered, of which form, or of whom: all that is behind the link."""

from __future__ import annotations

from datetime import datetime

from chalicelib.clinics.records import Clinic
from chalicelib.intake.records import QuestionnaireResponse
from chalicelib.kit import ids, settings, text
from chalicelib.notices.records import Notice


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

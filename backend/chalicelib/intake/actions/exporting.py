"""Taking out what was answered: a patient their own copy, staff for a reason that is written down."""

from __future__ import annotations

import hashlib
from datetime import datetime

from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.identity.records import Actor, Permission
from chalicelib.intake.actions import filing, responses
from chalicelib.intake.records import Exported, Form, Format, Letterhead, QuestionnaireResponse
from chalicelib.intake.rules import telling
from chalicelib.intake.shapes.exports import fhir, sheet
from chalicelib.intake.store import responses as store
from chalicelib.kit import zone
from chalicelib.kit.problem import LookAgain

SHORTEST_REASON = 10  # characters


TYPES = {Format.FHIR: "application/fhir+json", Format.PDF: "application/pdf", Format.CSV: "text/csv; charset=utf-8"}
ENDINGS = {Format.FHIR: "json", Format.PDF: "pdf", Format.CSV: "csv"}


def export_response(
    clinic: Clinic, actor: Actor, response_id: str, wanted: Format, edition: int | None, reason: str, now: datetime
) -> Exported:
    """What was answered, as a file; `edition` None: as it was handed in last, or the draft as it is.

    LookAgain for an edition that there is not, and for staff without a reason; TooLongForPaper. That it was taken out, and why, is
    written down first.
    """
    actor.must(Permission.EXPORT_RESPONSE, clinic.id)
    plain = _said(reason) if actor.is_staff else ""
    found = responses.found_of(clinic, actor, response_id, Permission.EXPORT_RESPONSE, now)
    response = _edition(clinic, found.response, edition)
    head = response.letterhead or filing.letterhead(clinic, response.patient)
    body = _written(filing.form_of(response), response, head, wanted)
    about = {"form": response.canonical, "as": wanted.value, "edition": str(response.edition)} | ({"reason": plain} if plain else {})
    what = f"response/{response.id}"
    audit.looked(clinic.id, action="export_response", by=actor, what=what, at=now, patient=response.patient, **about)
    day = zone.local_date(response.authored or response.changed, head.zone)
    name = f"{response.questionnaire}-{day.isoformat()}.{ENDINGS[wanted]}"
    return Exported(name, TYPES[wanted], body, hashlib.sha256(body).hexdigest())


def _said(reason: str) -> str:
    plain = " ".join(reason.split())
    if len(plain) < SHORTEST_REASON:
        raise LookAgain(errors=[{"field": "reason", "detail": f"Say why, in at least {SHORTEST_REASON} characters."}])
    return plain


def _edition(clinic: Clinic, response: QuestionnaireResponse, edition: int | None) -> QuestionnaireResponse:
    """As it was handed in for that time: what staff have said since changes no copy."""
    number = response.edition if edition is None else edition
    if not number and edition is None:
        return response
    kept = store.edition(clinic.id, response.id, number) if number else None
    if kept is None:
        raise LookAgain(errors=[{"field": "edition", "detail": "It was not handed in that often."}])
    return kept


def _written(form: Form, response: QuestionnaireResponse, head: Letterhead, wanted: Format) -> bytes:
    if wanted is Format.FHIR:
        return fhir.written(form, response, head)
    if wanted is Format.CSV:
        return sheet.written(form, response, head)
    from chalicelib.intake.shapes.exports import paper  # here: no other request pays for what writes PDFs
    from chalicelib.kit.printing import Full

    try:
        return paper.written(form, response, head)
    except Full as full:
        raise telling.TooLongForPaper from full

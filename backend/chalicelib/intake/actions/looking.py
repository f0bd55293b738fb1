"""What staff are shown beside answers: what they were before, the files they name, and whom to call where an answer cannot wait."""

from __future__ import annotations

from datetime import datetime

from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.documents.actions import reading as documents
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Actor, Permission
from chalicelib.intake.actions import questionnaires
from chalicelib.intake.records import Answered, Beside, Form, QuestionnaireResponse
from chalicelib.intake.rules import calling, differing, telling
from chalicelib.intake.store import responses as store


def beside(clinic: Clinic, actor: Actor, form: Form, response: QuestionnaireResponse, now: datetime) -> Beside:
    """All of it, for whoever may look at the response; that another one was looked into for it is written down."""
    before = _before(clinic, response)
    named = [file for items in (response.items, before or []) for file in differing.files(form.items, items)]
    files = documents.of_visit(clinic.id, response.patient, response.appointment) if named else []
    emergency = _emergency(clinic, response) if response.flags else None
    if emergency and emergency[1].id != response.id:
        what = f"response/{emergency[1].id}"
        audit.looked(clinic.id, action=Permission.GET_RESPONSE.value, by=actor, what=what, at=now, patient=response.patient)
    return Beside(before, {each.id: each for each in files}, _names(clinic, response), emergency)


def _before(clinic: Clinic, response: QuestionnaireResponse) -> Answered | None:
    kept = store.edition(clinic.id, response.id, response.edition - 1) if response.edition > 1 else None
    return kept.items if kept else None


def _names(clinic: Clinic, response: QuestionnaireResponse) -> dict[str, str]:
    """Who has seen what cannot wait, by how the trail names them."""
    seen_by = {each.seen_by for each in response.flags if each.seen_by}
    found = {who: identity.member(clinic.id, who.rpartition("/")[2]) for who in sorted(seen_by)}
    return {who: member.name for who, member in found.items() if member}


def _emergency(clinic: Clinic, response: QuestionnaireResponse) -> tuple[Form, QuestionnaireResponse] | None:
    """Where the patient said last whom to call: in this visit's forms, or in what they have handed in before."""
    asked = {rule.id for rule in clinic.forms} | {rule.follows for rule in clinic.forms if rule.follows}
    packet, completed = store.begun(clinic.id, response.patient, response.appointment, asked)
    earlier = sorted(completed.values(), key=lambda each: each.at, reverse=True)
    here = [(each.response, each.questionnaire, each.canonical) for each in packet.forms] if packet else []
    before = [(each.response, each.questionnaire, each.canonical) for each in earlier]
    for place, form_id, canonical in dict.fromkeys((*here, *before)):
        form = questionnaires.given(clinic.id, form_id, canonical.rpartition("|")[2])
        if form is None or not calling.asks(form):
            continue
        found = response if place == response.id else store.get(clinic.id, place)
        if found and calling.contact(form, found, telling.day(found, clinic.zone), response.language):
            return form, found
    return None

"""What a patient does with a form before it is handed in: sees which ones a visit needs, begins one, and goes on where they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.documents.actions import reading as documents
from chalicelib.documents.records import UNDER_WAY, DocumentReference
from chalicelib.identity.records import Actor, Permission
from chalicelib.intake.actions import alerting, filing, looking, questionnaires
from chalicelib.intake.records import Completed, Earlier, FiledForm, Form, FormStanding, VisitForm, VisitForms
from chalicelib.intake.rules import enclosing, needing, offering, saving, wording
from chalicelib.intake.rules import filing as rules
from chalicelib.intake.rules.enclosing import Enclosed, FileStanding
from chalicelib.intake.rules.saving import Sent, Shown
from chalicelib.intake.store import questionnaires as forms_store
from chalicelib.intake.store import responses as store
from chalicelib.intake.store.responses import Found
from chalicelib.kit import ids, table
from chalicelib.kit.problem import LookAgain, NotFound
from chalicelib.people import actions as people
from chalicelib.visits import actions as visits
from chalicelib.visits.records import Appointment


def list_responses(clinic: Clinic, actor: Actor, appointment: str, now: datetime) -> VisitForms:
    """The forms that a visit needs or has, and how far each has come: its own patient's, or whom staff may look at."""
    actor.must(Permission.LIST_RESPONSES, clinic.id)
    visit = documents.visit_of(clinic, actor, appointment, "list_responses", now)
    told = forms_of(clinic, visit, filing.today(clinic, now))
    audit.looked(clinic.id, action="list_responses", by=actor, what=f"appointment/{visit.id}", at=now, patient=visit.patient)
    return told


def forms_of(clinic: Clinic, visit: Appointment, today: str) -> VisitForms:
    """The same for whoever has asked whether they may."""
    followed = {rule.follows for rule in clinic.forms if rule.follows}
    packet, completed = store.begun(clinic.id, visit.patient, visit.id, {rule.id for rule in clinic.forms} | followed)
    begun = {each.questionnaire: each for each in packet.forms} if packet else {}
    offered = {form.id: form for form in questionnaires.offered(clinic.id)}
    needed = needing.needed(clinic, visit, completed, offered, tuple(begun))
    waiting = _under_way(clinic, visit, begun.values())
    return VisitForms(visit=visit, forms=tuple(_listed(clinic, each, begun.get(each), offered, waiting, today) for each in needed))


def _under_way(clinic: Clinic, visit: Appointment, begun: Iterable[FiledForm]) -> set[str]:
    """Ids of the visit's files that are being checked, where a form may wait for one."""
    if not any(each.files and each.standing is FormStanding.STARTED for each in begun):
        return set()
    return {each.id for each in documents.of_visit(clinic.id, visit.patient, visit.id) if each.state in UNDER_WAY}


def _listed(clinic: Clinic, form_id: str, filed: FiledForm | None, offered: Mapping[str, Form], waiting: set[str], today: str) -> VisitForm:
    if filed is None:
        return VisitForm(form=offered[form_id], standing=FormStanding.NOT_OPENED, of=rules.length(offered[form_id], today))
    form = questionnaires.given(clinic.id, form_id, filed.canonical.rpartition("|")[2])
    assert form, "what was begun was published"
    return VisitForm(form=form, standing=rules.standing_now(filed, waiting), of=filed.of, filed=filed)


def start_response(clinic: Clinic, actor: Actor, appointment: str, questionnaire: str, language: str, now: datetime) -> Shown:
    """A draft of a form for the patient's own visit: the one that there is, or a new one. NotOffered, Retired, VisitCancelled."""
    actor.must(Permission.START_RESPONSE, clinic.id)
    return table.settle(lambda: _start(clinic, actor, appointment, questionnaire, language, now))


def _start(clinic: Clinic, actor: Actor, appointment: str, questionnaire: str, language: str, now: datetime) -> Shown:
    visit = documents.visit_of(clinic, actor, appointment, "start_response", now)
    follows = next((rule.follows for rule in clinic.forms if rule.id == questionnaire and rule.follows), questionnaire)
    packet, completed = store.begun(clinic.id, visit.patient, visit.id, {questionnaire, follows})
    there = next((each.response for each in packet.forms if each.questionnaire == questionnaire), "") if packet else ""
    if there:
        return get_response(clinic, actor, there, now, Permission.START_RESPONSE)
    form = _offered(clinic, questionnaire)
    response = saving.begun(clinic, visit, form, actor, language, rules.response_id(visit, ids.new(12)), now)
    found = Found(response, _earlier(clinic, visit, completed), packet or rules.opened(visit))
    with table.together() as tx:
        filing.add(tx, clinic, form, found, now)
        what, patient = f"response/{response.id}", visit.patient
        audit.note(tx, clinic.id, action="start_response", by=actor, what=what, at=now, patient=patient, form=response.canonical)
    return filing.shown(form, found, response)


def _offered(clinic: Clinic, questionnaire: str) -> Form:
    """The newest version of a form. Retired or NotOffered where there is none to begin."""
    form = next((each for each in questionnaires.offered(clinic.id) if each.id == questionnaire), None)
    if form:
        return form
    published, _ = forms_store.versions(clinic.id, questionnaire)
    raise saving.Retired if published else saving.NotOffered


def _earlier(clinic: Clinic, visit: Appointment, completed: Mapping[str, Completed]) -> Earlier:
    """What is offered to a new draft: the last answers to it or to the form that it follows, and the profile."""
    profile = offering.profile(people.patient(clinic.id, visit.patient))
    last = max(completed.values(), key=lambda each: each.at, default=None)
    answered = store.get(clinic.id, last.response) if last else None
    if last is None or answered is None:
        return Earlier(profile=profile)
    return Earlier(response=last.response, canonical=last.canonical, at=last.at, items=answered.items, profile=profile)


def get_response(clinic: Clinic, actor: Actor, response_id: str, now: datetime, permission: Permission = Permission.GET_RESPONSE) -> Shown:
    """A response as it stands: its own patient's, or whom staff may look at."""
    actor.must(permission, clinic.id)
    found = found_of(clinic, actor, response_id, permission, now)
    response = found.response
    patient = people.patient(clinic.id, response.patient) if actor.is_staff else None
    looked(clinic, actor, permission, response.id, response.patient, now)
    shown = filing.shown(filing.form_of(response), found, response, patient=patient)
    return shown._replace(beside=looking.beside(clinic, actor, shown.form, response, now)) if actor.is_staff else shown


def looked(clinic: Clinic, actor: Actor, permission: Permission, response_id: str, patient: str, now: datetime) -> None:
    """Write down that somebody sees a response; before the answer leaves."""
    audit.looked(clinic.id, action=permission.value, by=actor, what=f"response/{response_id}", at=now, patient=patient)


def found_of(clinic: Clinic, actor: Actor, response_id: str, permission: Permission, now: datetime) -> Found:
    """A response that somebody may see; NotFound for anybody else's just as for none, and both are written down."""
    found = store.find(clinic.id, response_id)
    if found is None or not actor.is_for(found.response.appointment) or not documents.may_see(clinic, actor, found.response.patient):
        audit.refused(clinic.id, action=permission.value, by=actor, what=f"response/{response_id}", at=now)
        raise NotFound
    return found


def save_response(clinic: Clinic, actor: Actor, response_id: str, sent: Sent, version: int | None, now: datetime) -> Shown:
    """A draft kept as far as it is. Changed where another device has saved and the page does not say what it knew; LookAgain with places.

    What cannot wait is told to staff in the same transaction.
    """
    actor.must(Permission.SAVE_RESPONSE, clinic.id)
    return table.settle(lambda: _save(clinic, actor, response_id, sent, version, now))


def _save(clinic: Clinic, actor: Actor, response_id: str, sent: Sent, version: int | None, now: datetime) -> Shown:
    found = found_of(clinic, actor, response_id, Permission.SAVE_RESPONSE, now)
    before, form = found.response, filing.form_of(found.response)
    check_visit(clinic, found)
    kept = saving.saved(clinic, form, before, sent, version, filing.today(clinic, now), now)
    after = kept.response
    check_files(clinic, found, form, after.items, after.language)
    if after == before:
        looked(clinic, actor, Permission.SAVE_RESPONSE, after.id, after.patient, now)
        return filing.shown(form, found, after, kept.conflicts)
    with table.together() as tx:
        filing.write(tx, clinic, form, found, after, now)
        alerting.note(tx, clinic, actor, "save_response", after, kept.flagged, now)
    return filing.shown(form, found, after, kept.conflicts)


def check_visit(clinic: Clinic, found: Found) -> None:
    """VisitCancelled where the visit will not be, or was not."""
    visit = visits.get(clinic.id, found.response.appointment)
    if visit and visit.status in saving.OVER:
        raise saving.VisitCancelled


def check_files(clinic: Clinic, found: Found, form: Form, items: list[dict[str, object]], language: str) -> None:
    """LookAgain where a draft names a file that is not this patient's of this visit, or not what is asked for.

    What stood there before was looked at then.
    """
    new = enclosing.news(form, found.response.items, items)
    if wrong := list(enclosing.wrong(form, new, files_of(clinic, found), [])) if new else []:
        raise LookAgain(errors=wording.errors(wrong, language))


def files_of(clinic: Clinic, found: Found) -> dict[str, Enclosed]:
    """The patient's files of the visit, and whether they can be named in an answer."""
    return {each.id: _enclosed(each) for each in documents.of_visit(clinic.id, found.response.patient, found.response.appointment)}


def _enclosed(file: DocumentReference) -> Enclosed:
    if file.is_readable:
        made = file.remade
        content_type, size = (made.content_type, min(file.size, made.size)) if made else (file.declared, file.size)
        return Enclosed(FileStanding.READY, file.kind, content_type, size)
    waits = file.state in UNDER_WAY and file.withdrawn is None
    return Enclosed(FileStanding.UNDER_WAY if waits else FileStanding.GONE, file.kind)

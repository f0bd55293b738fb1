"""Writing a response together with the packet of its visit: the one way in which either is changed."""

from __future__ import annotations

from datetime import datetime

from chalicelib.clinics.records import Clinic
from chalicelib.intake.actions import questionnaires
from chalicelib.intake.records import Form, Letterhead, QuestionnaireResponse
from chalicelib.intake.rules import filing as rules
from chalicelib.intake.rules import reaching
from chalicelib.intake.rules.merging import Conflict
from chalicelib.intake.rules.saving import Shown
from chalicelib.intake.store import counts
from chalicelib.intake.store import responses as store
from chalicelib.intake.store.responses import Found
from chalicelib.kit import table, zone
from chalicelib.people import actions as people
from chalicelib.people.records import Patient


def form_of(response: QuestionnaireResponse) -> Form:
    """The very version that a response answers."""
    form = questionnaires.given(response.clinic, response.questionnaire, response.form_version)
    if form is None:
        raise LookupError(f"response {response.id} of clinic {response.clinic} answers a form that is not there")
    return form


def shown(
    form: Form, found: Found, response: QuestionnaireResponse, conflicts: tuple[Conflict, ...] = (), patient: Patient | None = None
) -> Shown:
    """A response as somebody sees it."""
    return Shown(response, form, found.earlier, rules.until(found.packet), conflicts, patient)


def letterhead(clinic: Clinic, patient: str) -> Letterhead:
    """What copies say of a patient and of their clinic, as both are now."""
    return rules.letterhead(clinic, people.patient(clinic.id, patient))


def today(clinic: Clinic, now: datetime) -> str:
    """The local date in a clinic (ISO 8601): ages are reckoned by it."""
    return zone.local_date(now, clinic.zone).isoformat()


def add(tx: table.Transaction, clinic: Clinic, form: Form, found: Found, now: datetime) -> None:
    """Write a new draft and what is offered to it; Lost if there is one of that form and visit, or the packet was changed meanwhile."""
    packet = rules.refiled(found.packet, rules.filed(form, found.response, today(clinic, now)))
    store.add(clinic.id, found.response, found.earlier, rules.until(packet), tx)
    store.put_packet(clinic.id, packet, found.packet, tx)
    _count(tx, form, None, found.response)


def write(tx: table.Transaction, clinic: Clinic, form: Form, found: Found, after: QuestionnaireResponse, now: datetime) -> None:
    """Write a response as it is to be, and its visit's packet with the queues that it stands in; Lost if either was changed meanwhile."""
    packet = rules.refiled(found.packet, rules.filed(form, after, today(clinic, now)))
    stays, is_first = rules.stays(after), after.edition == 1 and not found.response.edition
    store.put(clinic.id, after, found.response, None if stays else rules.until(packet), tx)
    if stays and (is_first or not rules.stays(found.response)):
        store.stay(clinic.id, after, found.earlier, tx)
    store.put_packet(clinic.id, packet, found.packet, tx)
    _count(tx, form, found.response, after)


def _count(tx: table.Transaction, form: Form, before: QuestionnaireResponse | None, after: QuestionnaireResponse) -> None:
    counts.add(after.clinic, after.questionnaire, after.form_version, reaching.gone_on(form, before, after), after.id, tx)

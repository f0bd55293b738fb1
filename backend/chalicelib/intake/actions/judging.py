"""What staff do with what was handed in: ask for an answer again, say that all of it will do, and that they have seen what cannot wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.identity.records import Actor, Permission
from chalicelib.intake import messages
from chalicelib.intake.actions import filing, responses
from chalicelib.intake.records import Form, QuestionnaireResponse
from chalicelib.intake.rules import judging as rules
from chalicelib.intake.rules.judging import What
from chalicelib.kit import table
from chalicelib.kit.problem import Changed
from chalicelib.notices import actions as notices
from chalicelib.people import actions as people

Step = Callable[[Form, QuestionnaireResponse], QuestionnaireResponse]
Tell = Callable[[table.Transaction, QuestionnaireResponse], None]


class Wish(NamedTuple):
    """What somebody wants to do with which response, as they saw it: `version` (None: it is not known that they did)."""

    clinic: Clinic
    actor: Actor
    response: str
    permission: Permission
    version: int | None


def return_item(
    clinic: Clinic, actor: Actor, response_id: str, path: str, note: str, version: int | None, now: datetime
) -> QuestionnaireResponse:
    """Ask a patient for one answer again, and say why: they are told by mail that something waits, and on the page what.

    NotHandedIn, LookAgain; Changed if `version`, the one they saw, is not the one that stands; so of the other here.
    """
    today = filing.today(clinic, now)

    def step(form: Form, before: QuestionnaireResponse) -> QuestionnaireResponse:
        return rules.returned(form, before, path, note, actor.who, today, now)

    def tell(tx: table.Transaction, after: QuestionnaireResponse) -> None:
        patient = people.patient(clinic.id, after.patient)
        if patient.email:
            notices.post(tx, messages.returned(clinic, patient, after, now))

    return _judge(Wish(clinic, actor, response_id, Permission.RETURN_ITEM, version), step, now, tell)


def accept_response(
    clinic: Clinic, actor: Actor, response_id: str, what: What, version: int | None, now: datetime
) -> QuestionnaireResponse:
    """Say that answers will do (who may also ask for them again), or that what cannot wait was seen (whoever may look at it)."""
    actor.must(Permission.ACCEPT_RESPONSE, clinic.id)
    if what is What.ANSWERS:
        actor.must(Permission.RETURN_ITEM, clinic.id)

    def step(_: Form, before: QuestionnaireResponse) -> QuestionnaireResponse:
        return rules.accepted(before, actor.who, now) if what is What.ANSWERS else rules.seen(before, actor.who, now)

    return _judge(Wish(clinic, actor, response_id, Permission.ACCEPT_RESPONSE, version), step, now, of=what.value)


def _judge(wish: Wish, step: Step, now: datetime, tell: Tell | None = None, **about: str) -> QuestionnaireResponse:
    wish.actor.must(wish.permission, wish.clinic.id)
    return table.settle(lambda: _try(wish, step, now, tell, **about))


def _try(wish: Wish, step: Step, now: datetime, tell: Tell | None, **about: str) -> QuestionnaireResponse:
    clinic, actor, action = wish.clinic, wish.actor, wish.permission.value
    found = responses.found_of(clinic, actor, wish.response, wish.permission, now)
    before, form = found.response, filing.form_of(found.response)
    after = step(form, before)
    if after is before:
        responses.looked(clinic, actor, wish.permission, before.id, before.patient, now)  # nothing is changed, but it is shown
        return before
    if wish.version != before.version:  # nobody judges what they have not seen: without a version neither
        raise Changed("Look at it again before you decide.")
    with table.together() as tx:
        filing.write(tx, clinic, form, found, after, now)
        what = f"response/{before.id}"
        audit.note(tx, clinic.id, action=action, by=actor, what=what, at=now, patient=before.patient, form=before.canonical, **about)
        if tell:
            tell(tx, after)
    return after

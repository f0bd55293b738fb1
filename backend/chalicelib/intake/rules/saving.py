"""Beginning a form and keeping a draft of it: what of what was sent is taken, and what becomes of two devices' answers."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime
from typing import Any, NamedTuple

from msgspec.structs import replace

from chalicelib.clinics.records import Clinic
from chalicelib.identity.records import Actor
from chalicelib.intake.records import Answered, Beside, Earlier, Form, QuestionnaireResponse, ResponseStatus
from chalicelib.intake.rules import answers, deciding, differing, flagging, merging, paging, wording
from chalicelib.intake.rules.flagging import Flagged
from chalicelib.intake.rules.merging import Conflict
from chalicelib.kit.problem import Changed, LookAgain, Problem
from chalicelib.people.records import Patient
from chalicelib.visits.records import Appointment, AppointmentStatus

NEVER = frozenset({"not-asked", "not-yours", "option"})  # not in a draft either: no page of ours sends it
OVER = frozenset({AppointmentStatus.CANCELLED, AppointmentStatus.NOSHOW, AppointmentStatus.ENTERED_IN_ERROR})


class NotOffered(Problem):
    """A form that the clinic has never published, or has withdrawn before anybody began it."""

    status = 404
    title = "The clinic does not ask for that form."


class Retired(Problem):
    """A form that the clinic asks for no more."""

    status = 409
    title = "The clinic does not ask for that form any more."


class VisitCancelled(Problem):
    """Nothing is to be filled in for a visit that will not be."""

    status = 409
    title = "That visit was cancelled."


class AlreadySent(Problem):
    """A draft that was handed in is one no more; what was handed in is amended."""

    status = 409
    title = "You have sent this form already."


class Sent(NamedTuple):
    """What a page sends: the answers it has, those it last had from us (None: it does not say), and where its reader is."""

    items: object
    known: object
    seen: Sequence[str]
    page: str
    language: str


class Shown(NamedTuple):
    """A response as somebody sees it: with its form, what was known before it, when it goes as a draft, what to choose between.

    Staff see whose it is, and what stands beside it.
    """

    response: QuestionnaireResponse
    form: Form
    earlier: Earlier
    until: datetime
    conflicts: tuple[Conflict, ...] = ()
    patient: Patient | None = None
    beside: Beside = Beside()


class Kept(NamedTuple):
    """A draft as it is to be, what the patient should choose between, and which flags are news."""

    response: QuestionnaireResponse
    conflicts: tuple[Conflict, ...]
    flagged: Flagged


def begun(
    clinic: Clinic, visit: Appointment, form: Form, actor: Actor, language: str, response_id: str, now: datetime
) -> QuestionnaireResponse:
    """A new draft on a version that is offered. VisitCancelled, or LookAgain for a language that the clinic does not speak."""
    if visit.status in OVER:
        raise VisitCancelled
    return QuestionnaireResponse(
        id=response_id,
        clinic=clinic.id,
        patient=visit.patient,
        appointment=visit.id,
        questionnaire=form.id,
        canonical=form.canonical,
        language=spoken(clinic, language),
        started=now,
        changed=now,
        by=actor.who,
    )


def spoken(clinic: Clinic, language: str) -> str:
    """A language as the clinic names it (BCP 47). LookAgain for another one."""
    for tag in clinic.languages:
        if language.lower() in (tag.lower(), tag.split("-")[0].lower()):
            return tag
    raise LookAgain(errors=[{"field": "language", "code": "option", "detail": "The clinic does not speak this language."}])


def saved(clinic: Clinic, form: Form, before: QuestionnaireResponse, sent: Sent, version: int | None, today: str, now: datetime) -> Kept:
    """The draft with what was sent. AlreadySent, Changed where somebody else has saved and `known` did not come; LookAgain with places."""
    if before.status is not ResponseStatus.IN_PROGRESS:
        raise AlreadySent("Change it and send it again instead.")
    language = spoken(clinic, sent.language)
    given = taken(form, sent.items, language)
    refuse(form, given, today, language, NEVER)
    items, conflicts = given, tuple[Conflict, ...]()
    if version != before.version:
        items, conflicts = _merged(form, before, sent, given, today)
    flagged = flagging.flagged(form, items, before.flags, today, now)
    seen = places(form, sent.seen, "seen") | set(before.seen)
    pages = tuple(page.id for page in paging.pages(form.items) if page.id in seen)
    (page,) = places(form, [sent.page], "page") if sent.page else {""}
    after = replace(before, items=items, seen=pages, page=page, language=language, flags=flagged.flags)
    if after != before:
        after = replace(after, changed=now, version=before.version + 1)
    return Kept(after, conflicts, flagged)


def taken(form: Form, given: object, language: str, field: str = "") -> Answered:
    """Answers built anew from what a stranger sent. LookAgain with every place; those of `field` are named below it."""
    found = answers.take(form.items, given, language.split("-")[0])
    if found.refused:
        raise LookAgain(errors=wording.errors(((f"{field}/{path}" if field else path, code) for path, code in found.refused), language))
    return found.items


def refuse(form: Form, given: Answered, today: str, language: str, codes: Set[str]) -> None:
    """LookAgain with every place where something is wrong that cannot be in a draft."""
    decided = deciding.decide(form.items, given, today, complete=False)
    if found := [(each.path, code) for each in decided for code in each.complaints if code in codes]:
        raise LookAgain(errors=wording.errors(found, language))


def places(form: Form, given: Sequence[str], field: str) -> set[str]:
    """Pages by their ids; LookAgain for one that the form does not have."""
    known = {page.id for page in paging.pages(form.items)}
    if not known.issuperset(given):
        raise LookAgain(errors=[{"field": field, "code": "unknown", "detail": "The form has no such page."}])
    return set(given)


def agreed(form: Form, before: QuestionnaireResponse, sent: Sent, given: Answered, version: int | None, today: str) -> None:
    """Changed where somebody else has saved what these answers do not hold: nobody signs what they have not seen."""
    if version == before.version:
        return
    items, conflicts = _merged(form, before, sent, given, today)
    if conflicts or items != given:
        raise Changed("It was filled in on another device too. Look through it once more.")


def _merged(form: Form, before: QuestionnaireResponse, sent: Sent, given: Answered, today: str) -> tuple[Answered, tuple[Conflict, ...]]:
    """Both sides' answers. What the other side answered to what is not asked any more stands nowhere, and is told."""
    if sent.known is None:
        raise Changed("It was filled in on another device too.")
    spoken_in = sent.language  # all three say in one language what a choice is called, so that they differ by what was chosen alone
    known, kept = taken(form, sent.known, spoken_in, "known"), taken(form, before.items, spoken_in)
    merged = merging.merge(form.items, known, kept, given)
    if answers.take(form.items, merged.items, spoken_in.split("-")[0]).refused:
        raise Changed("It was filled in on another device too, and both together are more than the form takes.")
    decided = deciding.decide(form.items, merged.items, today, complete=False)
    stray = {each.path for each in decided if "not-asked" in each.complaints}
    lost = tuple(Conflict(path, other) for path, other in _answers_at(form, merged.items, stray))
    return differing.without(form.items, merged.items, stray), merged.conflicts + lost


def _answers_at(form: Form, items: Answered, stray: Set[str]) -> list[tuple[str, list[dict[str, Any]]]]:
    return [(path, given) for path, given in differing.raw(form.items, items) if path in stray]

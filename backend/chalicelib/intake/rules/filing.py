"""How far the forms of a visit have come, and whom the visit waits for: its packet."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.clinics.records import Clinic
from chalicelib.intake.records import (
    FiledForm,
    Form,
    FormQueue,
    FormStanding,
    Letterhead,
    Packet,
    QuestionnaireResponse,
    ResponseStatus,
    Review,
)
from chalicelib.intake.rules import differing, flagging, paging
from chalicelib.people.records import Patient
from chalicelib.visits.records import Appointment

KEPT_FOR = timedelta(days=60)  # after the visit: what was begun and not handed in, and a visit's place in a queue


def response_id(visit: Appointment, drawn: str) -> str:
    """An id for a response to a form of a visit, with something random: whoever has it knows which packet it is in."""
    return f"{visit.id}-{drawn}"


def visit_of(response: str) -> str:
    """The visit that the id of a response names."""
    return response.rpartition("-")[0]


def letterhead(clinic: Clinic, patient: Patient) -> Letterhead:
    """What copies say of a patient and of their clinic, as both are now."""
    return Letterhead(
        patient=patient.name, birth_date=patient.birth_date, clinic=clinic.name, zone=clinic.zone, country=clinic.address.country
    )


def stays(response: QuestionnaireResponse) -> bool:
    """Whether it is kept: it was handed in, or something in it could ever not wait, seen or not."""
    return response.status is not ResponseStatus.IN_PROGRESS or bool(response.flags)


def until(packet: Packet) -> datetime:
    """When a draft goes that nobody has handed in."""
    return packet.end + KEPT_FOR


def opened(visit: Appointment) -> Packet:
    """The packet of a visit for which nobody has begun a form."""
    return Packet(clinic=visit.clinic, appointment=visit.id, patient=visit.patient, start=visit.start, end=visit.end)


def filed(form: Form, response: QuestionnaireResponse, today: str) -> FiledForm:
    """A response as its packet lists it. `today` is the local date in the clinic (ISO 8601)."""
    progress = paging.progress(form.items, response.items, today, frozenset(response.seen))
    files = tuple(dict.fromkeys(file for _, file in differing.files(form.items, response.items)))
    return FiledForm(
        questionnaire=response.questionnaire,
        response=response.id,
        canonical=response.canonical,
        standing=standing(response),
        done=progress.done,
        of=progress.of,
        started=response.started,
        changed=response.changed,
        flags=len(flagging.unseen(response.flags)),
        flagged=bool(response.flags),
        returned=len(response.returned),
        files=files,
    )


def length(form: Form, today: str) -> int:
    """How many pages a form has for somebody who has answered nothing yet."""
    return paging.progress(form.items, (), today, frozenset()).of


def standing(response: QuestionnaireResponse) -> FormStanding:
    """How far it has come, as far as it alone tells."""
    if response.status is ResponseStatus.IN_PROGRESS:
        return FormStanding.STARTED
    if response.returned:
        return FormStanding.RETURNED
    return FormStanding.COMPLETE if response.review is Review.ACCEPTED else FormStanding.REVIEW


def standing_now(form: FiledForm, under_way: Collection[str]) -> FormStanding:
    """The same with what has become of its files meanwhile. `under_way`: ids of the visit's documents that are being checked."""
    waits = form.standing is FormStanding.STARTED and form.done == form.of and any(each in under_way for each in form.files)
    return FormStanding.WAITING if waits else form.standing


def refiled(packet: Packet, form: FiledForm) -> Packet:
    """The packet with a form as it is now, in the place that it had; a new one comes last."""
    others = {each.questionnaire: each for each in packet.forms} | {form.questionnaire: form}
    return replace(packet, forms=tuple(others.values()))


def queues(packet: Packet) -> frozenset[FormQueue]:
    """In which of the staff's lists a visit stands."""
    review = {FormQueue.REVIEW} if any(each.standing is FormStanding.REVIEW for each in packet.forms) else set()
    return frozenset(review | ({FormQueue.URGENT} if any(each.flags for each in packet.forms) else set()))


def is_kept(packet: Packet) -> bool:
    """Whether anything of it was handed in or could ever not wait: what was only begun goes some time after the visit."""
    return any(each.standing is not FormStanding.STARTED or each.flags or each.flagged for each in packet.forms)


def worst(standings: Collection[FormStanding]) -> FormStanding:
    """Of all forms of a visit; complete where it needs none."""
    order = list(FormStanding)
    return min(standings, key=order.index, default=FormStanding.COMPLETE)

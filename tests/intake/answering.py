"""Makers of what patients answer: visits and forms of a clinic that asks for some, drafts, and what was handed in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from msgspec.structs import replace

from chalicelib.clinics.records import Clinic, FormRule
from chalicelib.identity.records import Actor
from chalicelib.intake.actions import filing as writing
from chalicelib.intake.records import Completed, Earlier, Form, Packet, QuestionnaireResponse, Signature
from chalicelib.intake.rules import filing, reading, submitting
from chalicelib.intake.rules.enclosing import Enclosed
from chalicelib.intake.rules.saving import Sent
from chalicelib.intake.rules.signing import Signed
from chalicelib.intake.rules.submitting import Handed
from chalicelib.intake.store import responses as store
from chalicelib.intake.store.responses import Found
from chalicelib.kit import table
from chalicelib.visits.records import Appointment, AppointmentStatus
from tests.booking.makers import a_clinic, a_service
from tests.cast import ADA
from tests.intake.makers import our_document

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CODES = "https://anteroom.example/fhir/CodeSystem/intake"
URL = "https://anteroom.example/fhir/Questionnaire"
ACTOR: Actor = ADA.actor(patient="ada")


def a_north(*rules: FormRule, **changed: Any) -> Clinic:
    """A clinic in New York that speaks English and Spanish and asks for these forms."""
    plain = a_clinic("America/New_York")
    return replace(plain, **({"languages": ("en-US", "es-US"), "services": (a_service(20),), "forms": rules} | changed))


NORTH = a_north()


def a_visit(**changed: Any) -> Appointment:
    """Ada's visit with Bea tomorrow."""
    start = NOW + timedelta(days=1)
    about: dict[str, Any] = {"id": "v", "clinic": "north", "patient": "ada", "service": "visit", "practitioner": "bea", "start": start}
    about |= {"end": start + timedelta(minutes=20), "promised": start.isoformat(), "status": AppointmentStatus.BOOKED, "claim": "c"}
    return Appointment(**(about | {"made": NOW} | changed))


@cache
def our_form(form_id: str) -> Form:
    """A form of ours, as it is published first."""
    found = reading.read(our_document(form_id)).form
    assert found
    return found


def a_response(form: Form | str = "phq-9", **changed: Any) -> QuestionnaireResponse:
    """A draft of Ada's, begun a moment ago."""
    form = our_form(form) if isinstance(form, str) else form
    about: dict[str, Any] = {"id": "v-1", "clinic": "north", "patient": "ada", "appointment": "v", "questionnaire": form.id}
    about |= {"canonical": form.canonical, "language": "en-US", "started": NOW, "changed": NOW, "by": ACTOR.who}
    return QuestionnaireResponse(**(about | changed))


def coded(link_id: str, *codes: str, system: str = CODES) -> dict[str, Any]:
    """A question answered with codes of ours."""
    return {"linkId": link_id, "answer": [{"valueCoding": {"system": system, "code": code}} for code in codes]}


def phq_9(*codes: str, last: str = "not-at-all", difficulty: str = "") -> list[dict[str, Any]]:
    """The first questions of PHQ-9 answered with `codes`, the ninth with `last` (empty: not answered), and what follows."""
    items = [coded(f"phq-9-{number}", code) for number, code in enumerate(codes, 1)]
    items += [coded("phq-9-9", last)] if last else []
    impact = [{"linkId": "phq-9-impact", "item": [coded("phq-9-difficulty", difficulty)]}] if difficulty else []
    return [{"linkId": "phq-9-items", "item": items}, *impact]


def whole_phq_9(last: str = "not-at-all") -> list[dict[str, Any]]:
    """Every question of PHQ-9 answered: a little of most."""
    return phq_9(*["several"] * 8, last=last, difficulty="some")


def sent(items: object, known: object = None, **changed: Any) -> Sent:
    """What a page sends of a draft, in English and from its first page."""
    about: dict[str, Any] = {"items": items, "known": known, "seen": (), "page": "", "language": "en-US"}
    return Sent(**(about | changed))


def handed(items: list[dict[str, Any]], *signatures: Signed, files: dict[str, Enclosed] | None = None, **changed: Any) -> Handed:
    """What somebody hands in, in English."""
    about: dict[str, Any] = {"items": items, "seen": (), "language": "en-US", "signatures": signatures, "files": files or {}}
    return Handed(**(about | {"actor": ACTOR, "proved": ("email",)} | changed))


def typed(path: str = "signature", name: str = "Ada Moreno") -> Signed:
    """A name that was typed."""
    return Signed(path=path, kind=Signature.TYPED, name=name)


def completed(form_id: str, days_ago: int = 0, response: str = "w-1") -> Completed:
    """A form that was handed in so many days before now."""
    at = NOW - timedelta(days=days_ago)
    return Completed(questionnaire=form_id, response=response, canonical=f"{URL}/{form_id}|1", at=at)


def put(response: QuestionnaireResponse, form: Form | None = None, earlier: Earlier | None = None) -> Found:
    """Store a draft as it is, in the packet of Ada's visit."""
    form = form or our_form(response.questionnaire)
    visit = a_visit(id=response.appointment, clinic=response.clinic, patient=response.patient)
    before = store.packet(response.clinic, visit.id) or filing.opened(visit)
    packet: Packet = filing.refiled(before, filing.filed(form, response, NOW.date().isoformat()))
    with table.together() as tx:
        store.add(response.clinic, response, earlier or Earlier(), filing.until(packet), tx)
        store.put_packet(response.clinic, packet, before, tx)
    found = store.find(response.clinic, response.id)
    assert found
    return found


def hand_in(found: Found, items: list[dict[str, Any]], *signatures: Signed, now: datetime = NOW) -> Found:
    """Hand a stored draft in."""
    form = our_form(found.response.questionnaire)
    filed = submitting.submitted(form, found.response, handed(items, *signatures), NOW.date().isoformat(), now)
    clinic = replace(NORTH, id=found.response.clinic)
    with table.together() as tx:
        writing.write(tx, clinic, form, found, filed.response, now)
    after = store.find(clinic.id, found.response.id)
    assert after
    return after

"""What the demo's patients have filled in: one form handed in, one begun, the others of the visit still to be opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.clinics.records import Clinic
from chalicelib.intake.actions import handing, responses
from chalicelib.intake.actions.handing import Signing
from chalicelib.intake.rules.saving import Sent
from scripts.local.demo_papers import Booked

CODES = "https://anteroom.example/fhir/CodeSystem/intake"
Answers = list[dict[str, Any]]


@dataclass(frozen=True)
class Filled:
    """A form for a visit (`visit` is its key in the demo): its answers, the pages gone on from, and whether it was handed in."""

    visit: str
    form: str
    items: Answers
    seen: tuple[str, ...]
    handed_in: bool = False


def question(link_id: str, *codes: str) -> dict[str, Any]:
    """A question answered with codes of ours."""
    return {"linkId": link_id, "answer": [{"valueCoding": {"system": CODES, "code": code}} for code in codes]}


def said(link_id: str, kind: str, value: Any) -> dict[str, Any]:
    """A question answered with a value of some kind."""
    return {"linkId": link_id, "answer": [{f"value{kind}": value}]}


def group(link_id: str, *items: dict[str, Any]) -> dict[str, Any]:
    """A group that was answered."""
    return {"linkId": link_id, "item": list(items)}


# Nine questions: little interest on several days, poor sleep on most; nothing that could not wait.
OFTEN = ("several", "several", "more-than-half", "more-than-half", "several", "not-at-all", "several", "not-at-all", "not-at-all")
PHQ_9 = [
    group("phq-9-items", *(question(f"phq-9-{number}", code) for number, code in enumerate(OFTEN, 1))),
    group("phq-9-impact", question("phq-9-difficulty", "some")),
]
FIRST_PAGES = [
    group(
        "about-you",
        said("given", "String", "Ada"),
        said("family", "String", "Moreno"),
        said("birth-date", "Date", "1987-03-14"),
        {"linkId": "sex", "answer": [{"valueCoding": {"system": "http://hl7.org/fhir/administrative-gender", "code": "female"}}]},
        said("identity", "Boolean", value=True),
    ),
]
FORMS = (
    Filled("demo-visit-00", "phq-9", PHQ_9, ("phq-9-items", "phq-9-impact"), handed_in=True),
    Filled("demo-visit-00", "new-patient", FIRST_PAGES, ("about-you",)),
)


def fill(clinics: Sequence[Clinic], booked: Mapping[str, Booked], now: datetime) -> None:
    """All of it, for the visits that were booked now and whose clinic asks for such forms."""
    known = {clinic.id: clinic for clinic in clinics}
    for filled in FORMS:
        visit = booked.get(filled.visit)
        if visit and any(rule.id == filled.form for rule in known[visit.actor.clinic].forms):
            _fill(known[visit.actor.clinic], visit, filled, now)


def _fill(clinic: Clinic, visit: Booked, filled: Filled, now: datetime) -> None:
    begun, sent_at = now - timedelta(days=2), now - timedelta(hours=2)
    draft = responses.start_response(clinic, visit.actor, visit.appointment, filled.form, visit.who.language, begun).response
    page = "" if filled.handed_in else filled.seen[-1]
    sent = Sent(filled.items, None, filled.seen, page, draft.language)
    if filled.handed_in:
        handing.submit_response(clinic, visit.actor, draft.id, sent, Signing((), ("local",)), draft.version, sent_at)
    else:
        responses.save_response(clinic, visit.actor, draft.id, sent, draft.version, begun)

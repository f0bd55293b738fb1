"""What cannot wait: whoever should act is told, in the transaction that keeps the answer, and without a word of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Actor, Member, MemberStatus, Role
from chalicelib.intake import messages
from chalicelib.intake.records import QuestionnaireResponse
from chalicelib.intake.rules import flagging
from chalicelib.intake.rules.flagging import Flagged
from chalicelib.kit import table
from chalicelib.notices import actions as notices
from chalicelib.visits import actions as visits


def note(
    tx: table.Transaction, clinic: Clinic, actor: Actor, action: str, response: QuestionnaireResponse, flagged: Flagged, now: datetime
) -> None:
    """Write down that a response was changed; where it has news that cannot wait, how many, and tell those who should act.

    They are told once of each kind of it, as long as nobody says that it was seen: a mail at every save would soon be read by nobody.
    """
    about = {"form": response.canonical} | ({"urgent": str(len(flagged.news))} if flagged.news else {})
    what = f"response/{response.id}"
    audit.note(tx, clinic.id, action=action, by=actor, what=what, at=now, patient=response.patient, **about)
    if flagging.kinds(flagged):
        for email, language in dict(_told(clinic, response)).items():
            notices.post(tx, messages.flagged(clinic, email, language, response, now))


def _told(clinic: Clinic, response: QuestionnaireResponse) -> Iterator[tuple[str, str]]:
    """Addresses and languages: whom the visit is with, and the clinic's managers; nobody there, the clinic's own."""
    visit = visits.get(clinic.id, response.appointment)
    practitioner = visit.practitioner if visit else ""
    found = [each for each in identity.members(clinic.id) if _should_act(each, practitioner)]
    yield from ((each.email, each.language) for each in found)
    if not found:
        yield clinic.email, clinic.languages[0]


def _should_act(member: Member, practitioner: str) -> bool:
    is_theirs = bool(practitioner) and member.practitioner == practitioner
    return member.status is MemberStatus.ACTIVE and bool(member.email) and (is_theirs or Role.MANAGER in member.roles)

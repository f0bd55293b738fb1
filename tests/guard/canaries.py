"""People whose every field is a string that stands nowhere else, so that it tells, wherever it turns up, whose it is.

`canary<owner>x<field>` is personal: it may be shown to its owner, and written in no log at all. `canid<owner>x<field>` is an
id: logs may hold it, of whoever asked. Owners of one clinic are told apart as well as those of two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from chalicelib.accounts import store as accounts
from chalicelib.accounts.records import Account
from chalicelib.identity.records import Actor, Audience, Role
from chalicelib.intake.shapes.questionnaires import DOCUMENT
from chalicelib.kit import table
from chalicelib.people import actions as people
from chalicelib.people.records import Patient
from tests.callers import Caller, as_actor
from tests.guard import kinds
from tests.intake.makers import imported, publish_ours

CANARY = re.compile(r"can(ary|id)(\d)x", re.IGNORECASE)
PERSONAL = re.compile(r"canary\dx", re.IGNORECASE)


@dataclass
class Owner:
    """Somebody with a number, a clinic and things; `shows` are the owners whose strings they may be shown, `names` whose names."""

    number: int
    clinic: str
    role: Role
    caller: Caller = field(default_factory=Caller)
    shows: frozenset[int] = frozenset()
    names: frozenset[int] = frozenset()

    @property
    def is_patient(self) -> bool:
        """Or they work there."""
        return self.role is Role.PATIENT

    @property
    def id(self) -> str:
        """The patient's."""
        return f"canid{self.number}x{self.clinic}"

    @property
    def account(self) -> str:
        """One for all clinics that they work in."""
        return f"canid{self.number}x-account"

    @property
    def email(self) -> str:
        """Where their mail goes."""
        return f"{self.word('mail')}@example.com"

    @property
    def telephone(self) -> str:
        """Digits that nobody else has."""
        return f"+1 203 555 77{self.number}{self.number}"

    @property
    def born(self) -> date:
        """A day that nobody else was born on."""
        return date(1961 + self.number, 10, 20 + self.number)

    @property
    def strings(self) -> tuple[str, ...]:
        """What gives them away and is no canary in form."""
        return (self.telephone, self.born.isoformat())

    def word(self, name: str) -> str:
        """Their canary for a field."""
        return f"canary{self.number}x{name}"

    def actor(self) -> Actor:
        """Them, signed in."""
        return Actor(
            roles=(self.role,),
            clinic=self.clinic,
            account=self.account,
            name=f"{self.word('given')} {self.word('family')}",
            patient=self.id if self.is_patient else "",
            email=self.email,
            language="en-US",
        )


PLAN = (
    (0, "north", Role.PATIENT),
    (1, "south", Role.PATIENT),
    (2, "north", Role.PATIENT),
    (3, "south", Role.MANAGER),
    (4, "north", Role.MANAGER),
    (5, "south", Role.RECEPTION),
    (6, "north", Role.NURSE),
    (7, "north", Role.GROUP_MANAGER),  # one person, who works in both
    (7, "south", Role.GROUP_MANAGER),
)


def owners() -> list[Owner]:
    """Two patients of North, one of South, and who works there; the group manager once for each of theirs."""
    found = [Owner(number, clinic, role) for number, clinic, role in PLAN]
    for owner in found:
        of_clinic = [other for other in found if other.clinic == owner.clinic]
        owner.shows = frozenset({owner.number} if owner.is_patient else {other.number for other in of_clinic})
        owner.names = frozenset(other.number for other in of_clinic if not other.is_patient)  # as the log of who looked has them
    return found


def settle(everybody: list[Owner], now: datetime) -> dict[str, list[str]]:
    """All known, signed in anew, with a visit or a passkey; returns the ids of what there is, by the path's parameter."""
    things: dict[str, list[str]] = {"appointment": [], "document": [], "passkey": [], "session": []}
    for owner in everybody:
        _settle(owner, now)
        things["session"].append(kinds.session_id(owner.caller, now))
        if owner.is_patient:
            things["appointment"].append(kinds.a_visit(owner.clinic, owner.id, now, note=owner.word("note")))
            things["document"].append(kinds.a_file(owner.clinic, owner.id, owner.word("file")))
    for owner in {each.number: each for each in everybody if not each.is_patient}.values():
        things["passkey"].append(kinds.a_passkey(owner.account, now))
    things["patient"] = [owner.id for owner in everybody if owner.is_patient]
    for clinic in sorted({owner.clinic for owner in everybody}):
        publish_ours(clinic, "phq-9", "consent-to-treat", "new-patient")
        imported(clinic, DOCUMENT)
    things["response"] = [each for owner in everybody if owner.is_patient for each in _drafts(owner)]
    things["questionnaire"] = ["phq-9", "asthma"]  # the other is that of the doors' examples
    things["account"] = sorted({owner.account for owner in everybody})
    return things


def _drafts(owner: Owner) -> list[str]:
    """Forms of a patient: two begun, of which the doors' examples go on with one and the other holds a name of theirs, and one handed in."""
    return [
        kinds.a_draft(owner.clinic, owner.id, "consent-to-treat"),
        kinds.a_draft(owner.clinic, owner.id, "new-patient", owner.word("answer")),
        kinds.an_answer(owner.clinic, owner.id),
    ]


def _settle(owner: Owner, now: datetime) -> None:
    actor = owner.actor()
    if not owner.is_patient:
        owner.caller = as_actor(actor, Audience.STAFF, now)
        return
    patient = Patient(
        id=owner.id,
        clinic=owner.clinic,
        given=owner.word("given"),
        family=owner.word("family"),
        birth_date=owner.born,
        email=owner.email,
        telephone=owner.telephone,
        language="en-US",
        made=now,
    )
    account = Account(id=owner.account, clinic=owner.clinic, email=owner.email, language="en-US", made=now, patient=owner.id)
    with table.together() as tx:
        people.add_patient(tx, patient, now.date())
        accounts.add_account(owner.clinic, account, tx)
    owner.caller = as_actor(actor, Audience.PATIENT, now)


def strangers(owner: Owner, everybody: list[Owner], text: str, *, ids: bool = True) -> set[int]:
    """The numbers of those in a text whom this owner may not be shown; `ids` False: typed ids are no sign."""
    known = re.sub("|".join(rf"canary{number}x(?:given|family)" for number in owner.names), "", text, flags=re.IGNORECASE)
    found = numbers_in(known, ids=ids)
    found |= {other.number for other in everybody for string in other.strings if string in text}
    return found - owner.shows


def numbers_in(text: str, *, ids: bool = True) -> set[int]:
    """Whose canaries a text holds; ids among them, unless they may have been typed by whoever asked."""
    return {int(number) for kind, number in CANARY.findall(text) if ids or kind.lower() == "ary"}


def in_text(answer: Any) -> str:
    """Status line, headers and body as one text."""
    return f"{answer.status} {answer.headers} {answer.body.decode('utf-8', 'replace')}"

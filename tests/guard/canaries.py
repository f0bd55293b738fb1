"""People whose every field is a string that stands nowhere else, so that it tells, wherever it turns up, whose it is.

`cny<owner>x<field>` is personal: it may be shown to its owner, and written in no log at all. `cid<owner>x<field>` is an
id: logs may hold it, of whoever asked. Owners of one clinic are told apart as well as those of two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec

from chalicelib.accounts import store as accounts
from chalicelib.accounts.records import Account
from chalicelib.identity.records import Actor, Audience, Role
from chalicelib.kit import table
from chalicelib.people import actions as people
from chalicelib.people.records import Patient
from tests.callers import Caller, as_actor
from tests.guard import kinds

CANARY = re.compile(r"c(?:ny|id)(\d)x", re.IGNORECASE)
PERSONAL = re.compile(r"cny\dx", re.IGNORECASE)


@dataclass
class Owner:
    """Somebody with a number, a clinic and things; `shows` are the owners whose strings they may be shown."""

    number: int
    clinic: str
    role: Role
    caller: Caller = field(default_factory=Caller)
    shows: frozenset[int] = frozenset()
    visit: str = ""

    @property
    def is_patient(self) -> bool:
        """Or they work there."""
        return self.role is Role.PATIENT

    @property
    def id(self) -> str:
        """Patient and account alike."""
        return f"cid{self.number}x{self.clinic}"

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
        return (self.telephone, self.born.isoformat()) if self.is_patient else ()

    def word(self, name: str) -> str:
        """Their canary for a field."""
        return f"cny{self.number}x{name}"

    def actor(self) -> Actor:
        """Them, signed in."""
        return Actor(
            roles=(self.role,),
            clinic=self.clinic,
            account=f"{self.id}-account",
            name=f"{self.word('given')} {self.word('family')}",
            patient=self.id if self.is_patient else "",
            email=f"{self.word('mail')}@example.com",
            language="en-US",
        )


def owners(now: datetime) -> list[Owner]:
    """Two patients of North, one of South, and a manager and a receptionist of each; all known, signed in, with a visit."""
    plan = (
        ("north", Role.PATIENT),
        ("south", Role.PATIENT),
        ("north", Role.PATIENT),
        ("south", Role.MANAGER),
        ("north", Role.MANAGER),
        ("south", Role.RECEPTION),
        ("north", Role.NURSE),
    )
    found = [Owner(number, clinic, role) for number, (clinic, role) in enumerate(plan)]
    for owner in found:
        own_clinic = frozenset(other.number for other in found if other.clinic == owner.clinic)
        owner.shows = frozenset({owner.number}) if owner.is_patient else own_clinic
        _settle(owner, now)
    return found


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
        email=actor.email,
        telephone=owner.telephone,
        language="en-US",
        made=now,
    )
    account = Account(id=actor.account, clinic=owner.clinic, email=actor.email, language="en-US", made=now, patient=owner.id)
    with table.together() as tx:
        people.add_patient(tx, patient, now.date())
        accounts.add_account(owner.clinic, account, tx)
    owner.caller = as_actor(actor, Audience.PATIENT, now)
    owner.visit = kinds.a_visit(owner.clinic, owner.id, now, note=owner.word("note"))


def strangers(owner: Owner, everybody: list[Owner], text: str) -> set[int]:
    """The numbers of those in a text whom this owner may not be shown."""
    found = {int(number) for number in CANARY.findall(text)}
    found |= {other.number for other in everybody for string in other.strings if string in text}
    return found - owner.shows


def in_text(answer: Any) -> str:
    """Status line, headers and body as one text."""
    return f"{answer.status} {answer.headers} {answer.body.decode('utf-8', 'replace')}"


def encoded(record: Any) -> str:
    """Any record as text."""
    return msgspec.json.encode(record).decode()

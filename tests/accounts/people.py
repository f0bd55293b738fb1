"""People of the cast as those who work here: an account of their own, known to each of their clinics."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.accounts.actions import staff_accounts
from chalicelib.accounts.records import StaffAccount
from chalicelib.identity.records import Member
from tests.callers import employed
from tests.cast import Person


def at_work(person: Person, now: datetime) -> list[Member]:
    """Their account, and what each of their clinics says of them."""
    account = StaffAccount(
        id=person.id, name=person.name, email=person.email, language=person.language, made=now, clinics=person.clinics, last=person.clinic
    )
    staff_accounts.keep(account)
    return [employed(msgspec.structs.replace(person.actor(), clinic=clinic), now) for clinic in person.clinics]

"""Account and Challenge: an address that has proved itself, and one that is being asked to."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct


class Account(Struct, frozen=True, kw_only=True):
    """Who may sign in to a clinic: a mail address that answered. `patient` is set once they said who they are.

    `linked`: the clinic gave the proof that they are that patient; `formerly` is the one they described themselves before.
    """

    id: str
    clinic: str
    email: str
    language: str
    made: datetime
    patient: str = ""
    formerly: tuple[str, ...] = ()
    linked: bool = False


class Challenge(Struct, frozen=True, kw_only=True):
    """A code that was mailed, and the one browser it may be typed in.

    `place` is the keyed digest of the address, `sid` stands for the browser (its digest is kept): one row for both
    together, so nobody who asks elsewhere ends it. `seed` stands for the code. Times aware UTC.
    """

    clinic: str
    place: str
    sid: str
    seed: str
    email: str
    language: str
    until: datetime


class Registration(Struct, frozen=True, kw_only=True):
    """What somebody says of themselves, to the portal or to the desk, tidied; `email` is empty unless they told the desk one."""

    given: str
    family: str
    birth_date: date
    telephone: str
    email: str = ""

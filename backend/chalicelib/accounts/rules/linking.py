"""How a code of the desk's looks, how long it lives, how often one may try, and what stands in the way of linking."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from chalicelib.accounts.records import Account, LinkCode
from chalicelib.doors.records import By, Limit
from chalicelib.kit.problem import LookAgain, Problem

LIFE = timedelta(minutes=15)  # of a code
LENGTH = 8  # characters of 5 bits
ISSUES = (Limit(name="link-issue", most=60, seconds=3600, by=By.ACCOUNT),)
# 2^40 codes against 5 tries an hour and account: with all of a clinic's tries, one guess in a billion hours finds one of ten.
TRIES = (
    Limit(name="link-account", most=5, seconds=3600, by=By.ACCOUNT),
    Limit(name="link-from", most=30, seconds=3600, by=By.ADDRESS),
    Limit(name="link-clinic", most=300, seconds=3600, by=By.CLINIC),
)
LOOKALIKES = str.maketrans("ilo", "110")
ASK_AGAIN = "It may be mistyped, used already, or older than 15 minutes. The front desk can give you a new one."


class AlreadyLinked(Problem):
    """The clinic's record has an account already, or the account a record that the clinic gave it."""

    status = 409
    title = "This is linked already."


TAKEN = AlreadyLinked("The clinic's record belongs to another account. Please ask at the front desk.")
HAS_ACCOUNT = AlreadyLinked("This patient signs in already.")


def typed(code: str) -> str:
    """A code as it was given, whatever way it is typed: `K7QD-3M0P` is `k7qd3m0p`. LookAgain for what is none."""
    plain = re.sub(r"[\s-]", "", code).lower().translate(LOOKALIKES)
    if not re.fullmatch(r"[0-9a-hjkmnp-tv-z]{8}", plain):
        raise LookAgain(errors=[{"field": "code", "detail": "Enter the 8 letters and digits of the code."}])
    return plain


def shown(code: str) -> str:
    """A code as it is read aloud and typed."""
    return f"{code[:4]}-{code[4:]}".upper()


def given(clinic: str, patient: str, digest: str, now: datetime) -> LinkCode:
    """A code that works from now on."""
    return LinkCode(clinic=clinic, patient=patient, digest=digest, until=now + LIFE)


def may_link(account: Account) -> None:
    """Raise AlreadyLinked where the clinic has told already who an account is: it is not for two people."""
    if account.linked:
        raise AlreadyLinked("Your account is linked to the clinic's record already.")

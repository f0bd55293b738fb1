"""What signing in tells people: the mail with the code."""

from __future__ import annotations

from datetime import datetime

from chalicelib.accounts import rules
from chalicelib.accounts.records import Challenge
from chalicelib.clinics.records import Clinic
from chalicelib.kit import text
from chalicelib.notices import actions as notices
from chalicelib.notices.records import Notice


def code(clinic: Clinic, challenge: Challenge, now: datetime) -> Notice:
    """The mail with the code, which stands nowhere in it: the sender works it out from the seed."""
    minutes = int(rules.LIFE.total_seconds() // 60)
    worded = text.message("accounts", "sign_in_code", challenge.language, clinic=clinic.name, minutes=str(minutes))
    return notices.letter(clinic.id, challenge.email, challenge.language, worded, now, until=challenge.until, seed=challenge.seed)

"""What an address, a code and a name must look like, how often one may try, and what is said when it fails."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from chalicelib.accounts.records import Challenge, Registration
from chalicelib.doors.records import Limit
from chalicelib.kit.problem import LookAgain, Problem
from chalicelib.people.records import Patient

LIFE = timedelta(minutes=10)  # of a code
TRIES = 5  # wrong codes a challenge bears

KNOWN_FOR = timedelta(days=90)  # a browser, since it last signed in

# Each start that is allowed makes one challenge, so these bound the guesses at an address too: TRIES times as many.
STARTS = (Limit(name="start-quarter", most=3, seconds=15 * 60), Limit(name="start-day", most=10, seconds=24 * 3600))
KNOWN_STARTS = (Limit(name="known-quarter", most=5, seconds=15 * 60), Limit(name="known-day", most=20, seconds=24 * 3600))
STARTS_FROM = Limit(name="start-from", most=30, seconds=10 * 60)
GUESSES_FROM = Limit(name="guess-from", most=60, seconds=10 * 60)

LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})")


class WrongCode(Problem):
    """Not the code of this challenge; whether it is wrong or belongs to nobody is not told."""

    title = "That code is not right."


class CodeExpired(Problem):
    """The challenge is over: too late, too many tries, used, or replaced by a newer one of its browser."""

    title = "That code no longer works."


class AlreadyRegistered(Problem):
    """This account has its patient already."""

    status = 409
    title = "You are registered already."


def address(given: str) -> str:
    """A mail address as we compare and keep it: trimmed, in small letters, its domain in ASCII. LookAgain if it cannot be one."""
    local, _, domain = given.strip().casefold().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    if not LOCAL.fullmatch(local) or not DOMAIN.fullmatch(domain) or len(local) > 64 or len(local) + len(domain) > 253:
        raise LookAgain(errors=[{"field": "email", "detail": "Enter an email address like name@example.com."}])
    return f"{local}@{domain}"


def digits(given: str) -> str:
    """The eight digits of a typed code, spaces and hyphens aside. LookAgain, which costs no try, for anything else."""
    code = re.sub(r"[\s-]", "", given)
    if not re.fullmatch(r"[0-9]{8}", code):
        raise LookAgain(errors=[{"field": "code", "detail": "Enter the 8 digits of the code."}])
    return code


def challenge(clinic: str, place: str, sid: str, seed: str, email: str, language: str, now: datetime) -> Challenge:
    """A challenge that begins now."""
    return Challenge(clinic=clinic, place=place, sid=sid, seed=seed, email=email, language=language, until=now + LIFE)


def name(given: str, field: str) -> str:
    """A name on one line; LookAgain if nothing is left."""
    tidy = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", given).split())
    if not tidy:
        raise LookAgain(errors=[{"field": field, "detail": "Fill this in."}])
    return tidy


def telephone(given: str) -> str:
    """A telephone number as typed, tidied; empty if none. LookAgain if nobody could ring it."""
    tidy = " ".join(given.split())
    if tidy and not (re.fullmatch(r"\+?[0-9 ()./-]+", tidy) and 7 <= len(re.sub(r"\D", "", tidy)) <= 15):
        raise LookAgain(errors=[{"field": "telephone", "detail": "Enter a telephone number like +1 203 555 0100."}])
    return tidy


def registration(given: str, family: str, birth_date: date, number: str, email: str = "") -> Registration:
    """What somebody says of themselves, tidied; LookAgain where it cannot be right."""
    return Registration(
        given=name(given, "given"),
        family=name(family, "family"),
        birth_date=birth_date,
        telephone=telephone(number),
        email=address(email) if email.strip() else "",
    )


def patient(clinic: str, patient_id: str, said: Registration, language: str, now: datetime) -> Patient:
    """Who said that of themselves, as the clinic's patient of that id from now on."""
    return Patient(
        id=patient_id,
        clinic=clinic,
        given=said.given,
        family=said.family,
        birth_date=said.birth_date,
        email=said.email,
        telephone=said.telephone,
        language=language,
        made=now,
    )

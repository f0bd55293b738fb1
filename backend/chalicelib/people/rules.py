"""What makes the practitioners of app.json right, and what a patient may say of themselves."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from chalicelib.clinics.records import Clinic
from chalicelib.kit.problem import LookAgain, Problem
from chalicelib.people.records import Patient, PatientCard, Practitioner, PractitionerRole

OLDEST = 130  # years
FEWEST = 2  # letters that a search needs
LONGEST = 160  # characters of a name that are searched
# Letters that are not made of another one and a mark, as they are typed where a keyboard lacks them.
PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


class PractitionersWrong(Problem):
    """The practitioners of app.json cannot be right; `detail` names the place and the reason."""

    title = "There is a mistake in app.json."


def check(practitioners: Sequence[Practitioner], clinics: Sequence[Clinic]) -> None:
    """Raise PractitionersWrong at the first fault."""
    for place, reason in _faults(practitioners, {clinic.id: clinic for clinic in clinics}):
        raise PractitionersWrong(f"{place}: {reason}")


def _faults(practitioners: Sequence[Practitioner], clinics: dict[str, Clinic]) -> Iterator[tuple[str, str]]:
    ids = [person.id for person in practitioners]
    for number, person in enumerate(practitioners):
        place = f"practitioners[{number}]"
        if person.id in ids[:number]:
            yield f"{place}.id", f"{person.id!r} is there twice"
        if len(set(person.clinics)) < len(person.roles):
            yield f"{place}.roles", "names a clinic twice"
        yield from _faults_of_roles(place, person, clinics)


def _faults_of_roles(place: str, person: Practitioner, clinics: dict[str, Clinic]) -> Iterator[tuple[str, str]]:
    for number, role in enumerate(person.roles):
        clinic = clinics.get(role.clinic)
        if clinic is None:
            yield f"{place}.roles[{number}].clinic", f"there is no clinic {role.clinic!r}"
            continue
        for service in role.services:
            if clinic.service(service) is None:
                yield f"{place}.roles[{number}].services", f"{role.clinic} does not offer {service!r}"
        for tag in clinic.languages:
            if tag.split("-")[0] not in person.qualification:
                yield f"{place}.qualification", f"has no words for {tag}, a language of {role.clinic}"


def check_birth_date(born: date, today: date) -> None:
    """Raise LookAgain for a birth date to come or beyond any age."""
    if born > today:
        raise LookAgain(errors=[{"field": "birthDate", "detail": "Enter a date of birth in the past."}])
    if today.year - born.year > OLDEST:
        raise LookAgain(errors=[{"field": "birthDate", "detail": "Enter the year with four digits, like 1980."}])


def folded(name: str) -> str:
    """A name as it is searched: without marks, capitals and punctuation, in words one space apart."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(each))
    return " ".join("".join(each if each.isalnum() else " " for each in bare.translate(PLAIN)).split())[:LONGEST].rstrip()


def searched(name: str) -> str:
    """What a search looks for; LookAgain if it is too short to find anybody in particular."""
    wanted = folded(name)
    if len(wanted.replace(" ", "")) < FEWEST:
        raise LookAgain(errors=[{"field": "name", "detail": "Enter at least two letters of the name."}])
    return wanted


def card(patient: Patient) -> PatientCard:
    """A patient as a list of names shows them."""
    return PatientCard(id=patient.id, given=patient.given, family=patient.family, birth_date=patient.birth_date)


def places(card: PatientCard) -> tuple[str, str]:
    """Where a patient stands in their clinic's list of names: by family name and by given name. `#` is in no folded name."""
    orders = (f"{card.family} {card.given}", f"{card.given} {card.family}")
    by_family, by_given = (f"{folded(order)}#{card.id}" for order in orders)
    return by_family, by_given


def is_told_at(place: str, card: PatientCard, wanted: str) -> bool:
    """Whether a search for `wanted` tells of a patient here: who fits by both names is told of at the first place only."""
    return place == min(each for each in places(card) if each.startswith(wanted))


def former(clinic: str, practitioner: str) -> Practitioner:
    """Somebody who does not work here any more, but whose visits stand."""
    role = PractitionerRole(clinic=clinic, services=())
    return Practitioner(id=practitioner, name="", initials="?", qualification={}, roles=(role,))

"""What makes the practitioners of app.json right, and what a patient may say of themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from chalicelib.clinics.records import Clinic
from chalicelib.kit.problem import LookAgain, Problem
from chalicelib.people.records import Practitioner, PractitionerRole

OLDEST = 130  # years


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


def former(clinic: str, practitioner: str) -> Practitioner:
    """Somebody who does not work here any more, but whose visits stand."""
    role = PractitionerRole(clinic=clinic, services=())
    return Practitioner(id=practitioner, name="", initials="?", qualification={}, roles=(role,))

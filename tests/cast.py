"""The same people everywhere: in tests, in the demo, in the guides and in the pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chalicelib.identity.records import Actor, Audience, Role


@dataclass(frozen=True)
class Person:
    """One of the cast. `clinics`: where they belong, the first being theirs; the rest matters for patients only."""

    id: str
    given: str
    family: str
    role: Role
    clinics: tuple[str, ...]
    email: str
    language: str = "en-US"
    birth_date: date = date(1980, 1, 1)
    telephone: str = ""
    practitioner: str = ""

    @property
    def name(self) -> str:
        """As people say it."""
        return f"{self.given} {self.family}"

    @property
    def clinic(self) -> str:
        """The clinic their session is opened for."""
        return self.clinics[0]

    @property
    def audience(self) -> Audience:
        """Which portal they use."""
        return Audience.PATIENT if self.role is Role.PATIENT else Audience.STAFF

    def actor(self, *, patient: str = "") -> Actor:
        """Them, signed in to their clinic; `patient` is the id of the Patient they registered."""
        return Actor(
            roles=(self.role,),
            clinic=self.clinic,
            account=self.id,
            name=self.name,
            patient=patient,
            practitioner=self.practitioner,
            email=self.email,
            language=self.language,
        )


ADA = Person("ada", "Ada", "Moreno", Role.PATIENT, ("north",), "ada.moreno@example.com", "es-US", date(1987, 3, 14), "+1 203 555 0119")
BEN = Person("ben", "Ben", "Carter", Role.PATIENT, ("north",), "ben.carter@example.com", "en-US", date(1974, 9, 2), "+1 203 555 0184")
BEA = Person("bea", "Bea", "Lindqvist", Role.PRACTITIONER, ("north",), "bea.lindqvist@harbourfamily.example", practitioner="bea")
DANA = Person("dana", "Dana", "Whitcombe", Role.NURSE, ("north",), "dana.whitcombe@harbourfamily.example", practitioner="dana")
RHEA = Person("rhea", "Rhea", "Okoro", Role.RECEPTION, ("north",), "rhea.okoro@harbourfamily.example")
CYRUS = Person("cyrus", "Cyrus", "Bell", Role.MANAGER, ("north",), "cyrus.bell@harbourfamily.example")
GALE = Person("gale", "Gale", "Winters", Role.GROUP_MANAGER, ("north", "prairie"), "gale.winters@harbourhealth.example")
OTTO = Person("otto", "Otto", "Brandt", Role.REPORTER, ("north",), "otto.brandt@harbourhealth.example")
MALLORY = Person("mallory", "Mallory", "Quill", Role.MANAGER, ("south",), "mallory.quill@southbankhealth.example", "en-GB")

EVERYBODY = (ADA, BEN, BEA, DANA, RHEA, CYRUS, GALE, OTTO, MALLORY)

"""What crosses the wire when a tablet of the clinic is handed to a patient."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from chalicelib.accounts.rules import kiosk
from chalicelib.clinics.records import Clinic, Record
from chalicelib.kit import settings

MINUTES = int(kiosk.LIFE.total_seconds() // 60)


class KioskWanted(Record, frozen=True, kw_only=True):
    """Nothing needs to be said to be given a code."""


class KioskView(Record, frozen=True, kw_only=True):
    """A code to type on the tablet; shown this once."""

    code: str
    minutes: Annotated[int, Meta(description="how long it works")]
    address: Annotated[str, Meta(description="the page that the tablet shows, where the code is typed")]


class KioskTyped(Record, frozen=True, kw_only=True):
    """The code from the front desk; spaces, hyphens and capitals do not matter."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]


def view(clinic: Clinic, code: str, language: str) -> KioskView:
    """A code as the desk sees it; the page is in the patient's language, if the clinic speaks it."""
    spoken = [each.split("-")[0] for each in clinic.languages]
    wanted = language.split("-")[0]
    address = f"{settings.origin('patient')}/{clinic.id}/{wanted if wanted in spoken else spoken[0]}/kiosk/"
    return KioskView(code=code, minutes=MINUTES, address=address)


# Examples, as the API's description shows them.
CODE = KioskView(code="K7QD-3M0P", minutes=MINUTES, address="https://book.example.com/north/en/kiosk/")
TYPED = KioskTyped(code="K7QD-3M0P")

"""What crosses the wire when a tablet of the clinic is handed to a patient."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from chalicelib.accounts.rules import kiosk
from chalicelib.clinics.records import Record


class KioskWanted(Record, frozen=True, kw_only=True):
    """Nothing needs to be said to be given a code."""


class KioskView(Record, frozen=True, kw_only=True):
    """A code to type on the tablet; shown this once."""

    code: str
    minutes: Annotated[int, Meta(description="how long it works")]


class KioskTyped(Record, frozen=True, kw_only=True):
    """The code from the front desk; spaces, hyphens and capitals do not matter."""

    code: Annotated[str, Meta(min_length=1, max_length=40)]


def view(code: str) -> KioskView:
    """A code as the desk sees it."""
    return KioskView(code=code, minutes=int(kiosk.LIFE.total_seconds() // 60))


# Examples, as the API's description shows them.
CODE = view("K7QD-3M0P")
TYPED = KioskTyped(code="K7QD-3M0P")

"""What is asked of the audit trail."""

from __future__ import annotations

from datetime import date

from msgspec import Struct


class TrailSearch(Struct, frozen=True, kw_only=True):
    """Events of the clinic's local dates `first` to `last`, both included; an empty wish fits all.

    `who` is part of a name or a whole reference, `action` a door's word, `patient` an id.
    """

    first: date
    last: date
    who: str = ""
    action: str = ""
    patient: str = ""

    @property
    def listing(self) -> str:
        """What its pages belong to."""
        return "|".join((self.first.isoformat(), self.last.isoformat(), self.who, self.action, self.patient))


class Retold(Struct, frozen=True, kw_only=True):
    """An event in the words of the patient whom it concerns: who, as what, did what, and on what ground."""

    who: str
    role: str
    action: str
    what: str
    emergency: bool

"""AuditEvent (FHIR): who did what to what, when."""

from __future__ import annotations

from datetime import datetime

from chalicelib.clinics.records import Record


class AuditEvent(Record, frozen=True, kw_only=True):
    """One thing that was done or looked at. `who` and `what` are references (`patient/...`).

    `name` is how staff were called then (empty for patients: the trail names them by id); `patient` is the id of the
    patient it concerns, if one; `reading` tells looking from changing; `about` holds further facts, nothing clinical.
    """

    id: str
    clinic: str
    action: str
    who: str
    what: str
    at: datetime
    name: str = ""
    patient: str = ""
    reading: bool = False
    about: dict[str, str] = {}

    @property
    def place(self) -> str:
        """Where it stands in the trail: its time, then its id."""
        return f"{self.at.isoformat()}#{self.id}"

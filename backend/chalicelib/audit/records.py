"""AuditEvent (FHIR): who did what to what, when."""

from __future__ import annotations

from datetime import datetime

from chalicelib.clinics.records import Record


class AuditEvent(Record, frozen=True, kw_only=True):
    """One thing that was done. `who` and `what` are references (`patient/...`); `about` holds further facts, nothing clinical."""

    id: str
    clinic: str
    action: str
    who: str
    what: str
    at: datetime
    about: dict[str, str] = {}

"""KioskCode: the clinic's word that whoever holds a tablet of its own may fill in what one visit wants."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class KioskCode(Struct, frozen=True, kw_only=True):
    """A code of the desk's for one patient's visit, by its keyed digest; works once, until `until` (aware UTC). `by` gave it."""

    clinic: str
    patient: str
    appointment: str
    digest: str
    by: str
    until: datetime


class Handed(Struct, frozen=True, kw_only=True):
    """How far a visit's tablet is: the digest of its newest code, and the id of the session that was opened with it (empty: none yet)."""

    digest: str
    session: str = ""

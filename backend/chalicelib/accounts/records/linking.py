"""LinkCode: the clinic's word that who types it is a patient whom it holds."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class LinkCode(Struct, frozen=True, kw_only=True):
    """A code of the desk's, by its keyed digest; works once, until `until` (aware UTC)."""

    clinic: str
    patient: str
    digest: str
    until: datetime

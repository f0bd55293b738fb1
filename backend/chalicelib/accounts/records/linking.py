"""Told: what somebody tells the desk of themselves. LinkCode: the clinic's word that who types it is a patient whom it holds."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct


class LinkCode(Struct, frozen=True, kw_only=True):
    """A code of the desk's, by its keyed digest; works once, until `until` (aware UTC)."""

    clinic: str
    patient: str
    digest: str
    until: datetime


class Told(Struct, frozen=True, kw_only=True):
    """What somebody tells the desk of themselves, tidied. `email` is empty if they have none."""

    given: str
    family: str
    birth_date: date
    telephone: str
    email: str

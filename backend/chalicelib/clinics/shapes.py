"""app.json as it crosses into the house; practitioners are read by people, one floor up."""

from __future__ import annotations

import msgspec

from chalicelib.clinics.records import Brand, Clinic, Record


class Portal(Record, frozen=True, kw_only=True):
    """The whole of app.json: who runs the portal, its clinics, and the practitioners (still unread)."""

    brand: Brand
    clinics: tuple[Clinic, ...]
    practitioners: msgspec.Raw = msgspec.Raw(b"[]")

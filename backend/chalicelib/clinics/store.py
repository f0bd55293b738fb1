"""The clinic registry: one row a clinic. It holds no patient data, and is the one table whose key is not the clinic's."""

from __future__ import annotations

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.clinics.records import Clinic
from chalicelib.kit import settings, table

REGISTRY = "CLINICS"


class ClinicRow(table.Row):
    """A clinic as one JSON document."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("clinics")

    document = UnicodeAttribute()


def put(clinic: str, record: Clinic) -> None:
    """Write a clinic, new or changed."""
    ClinicRow(REGISTRY, clinic, document=msgspec.json.encode(record).decode()).save()


def remove(clinic: str) -> None:
    """Take a clinic out of the registry; what it holds stays where it is."""
    ClinicRow(REGISTRY, clinic).delete()


def get(clinic: str) -> Clinic | None:
    """The clinic of that id."""
    row = table.read(ClinicRow, REGISTRY, clinic)
    return row and msgspec.json.decode(row.document, type=Clinic)


def listed() -> list[Clinic]:
    """All clinics, by id."""
    return [msgspec.json.decode(row["document"], type=Clinic) for row in table.listed(ClinicRow, REGISTRY)]

"""Rows of people: practitioners as a list of each clinic, patients one by one."""

from __future__ import annotations

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.kit import settings, table
from chalicelib.people.records import Patient, Practitioner


class PersonRow(table.Row):
    """A person as one JSON document."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("people")

    document = UnicodeAttribute()
    place = NumberAttribute(null=True)


def put_practitioner(clinic: str, person: Practitioner, place: int) -> None:
    """Write a practitioner under one of their clinics; `place` is theirs in the clinic's order."""
    PersonRow(table.key(clinic, "PRACTITIONERS"), person.id, document=msgspec.json.encode(person).decode(), place=place).save()


def remove_practitioner(clinic: str, practitioner: str) -> None:
    """Take a practitioner off a clinic's list; their visits stand."""
    PersonRow(table.key(clinic, "PRACTITIONERS"), practitioner).delete()


def practitioners(clinic: str) -> list[Practitioner]:
    """The practitioners of a clinic in its order."""
    rows = table.listed(PersonRow, table.key(clinic, "PRACTITIONERS"))
    return [msgspec.json.decode(row["document"], type=Practitioner) for row in sorted(rows, key=lambda row: int(row["place"]))]


def put_patient(clinic: str, patient: Patient, tx: table.Transaction) -> None:
    """Write a new patient inside a transaction."""
    tx.add(PersonRow(table.key(clinic, "PATIENT", patient.id), "patient", document=msgspec.json.encode(patient).decode(), version=1))


def get_patient(clinic: str, patient: str) -> Patient | None:
    """The patient of that id in that clinic."""
    row = table.read(PersonRow, table.key(clinic, "PATIENT", patient), "patient")
    return row and msgspec.json.decode(row.document, type=Patient)

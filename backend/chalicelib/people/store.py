"""Rows of people: practitioners as a list of each clinic, patients one by one."""

from __future__ import annotations

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.kit import settings, table
from chalicelib.people import rules
from chalicelib.people.records import Patient, PatientCard, Practitioner

LAST = "\U0010ffff"  # sorts after every character of a name
CARD = msgspec.json.Decoder(PatientCard)


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
    """Write a new patient inside a transaction, and where the clinic's list of names has them."""
    tx.add(PersonRow(table.key(clinic, "PATIENT", patient.id), "patient", document=msgspec.json.encode(patient).decode(), version=1))
    card = rules.card(patient)
    for place in dict.fromkeys(rules.places(card)):
        tx.put(PersonRow(_names(clinic), place, document=msgspec.json.encode(card).decode()))


def remove_names(clinic: str, patient: Patient, tx: table.Transaction) -> None:
    """Take a patient off the clinic's list of names inside a transaction."""
    for place in dict.fromkeys(rules.places(rules.card(patient))):
        tx.delete(PersonRow(_names(clinic), place))


def named(clinic: str, wanted: str, after: str, limit: int) -> list[tuple[str, PatientCard]]:
    """Patients whose place in the list of names begins with `wanted`, those after the place `after`, at most `limit`; one Query."""
    first = f"{after}!" if after else wanted  # no place goes on after its id
    rows = table.listed(PersonRow, _names(clinic), first, f"{wanted}{LAST}", limit=limit)
    return [(row["sk"], CARD.decode(row["document"])) for row in rows][:limit]


def _names(clinic: str) -> str:
    return table.key(clinic, "NAMES")


def get_patient(clinic: str, patient: str) -> Patient | None:
    """The patient of that id in that clinic."""
    row = table.read(PersonRow, table.key(clinic, "PATIENT", patient), "patient")
    return row and msgspec.json.decode(row.document, type=Patient)


def get_patients(clinic: str, patients: list[str]) -> list[Patient]:
    """Those of these patients that the clinic has; one BatchGetItem, none for nobody."""
    rows = table.read_together(PersonRow, [(table.key(clinic, "PATIENT", patient), "patient") for patient in patients]) if patients else []
    return [msgspec.json.decode(row["document"], type=Patient) for row in rows if row]

"""Rows of schedules: one sheet an actor and UTC day, all of a clinic's in one partition, in order of the day.

A sheet packs its claims into one string, so that a week of a clinic is one Query of some 70 small rows
(docs/decisions/0003-claims-on-sheets.md). It is written on condition that its version is still the one read. A version is
a random number and no counter: where the sheets of two clinics have the same version, they were written together.
"""

from __future__ import annotations

from datetime import date

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.operand import Path

from chalicelib.kit import settings, table
from chalicelib.schedules.records import Claim, Sheet

CLAIMS = msgspec.json.Decoder(tuple[Claim, ...])
Sheets = dict[tuple[str, date], Sheet]


class SheetRow(table.Row):
    """A sheet; `claims` is JSON of the packed claims."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("schedules")

    claims = UnicodeAttribute()


def sheets(clinic: str, first: date, last: date) -> Sheets:
    """Every sheet of the UTC days `first` to `last` that was ever written, read consistently in one Query."""
    rows = table.listed(SheetRow, table.key(clinic, "SHEETS"), first.isoformat(), f"{last.isoformat()}~")
    found = (_sheet(row) for row in rows)
    return {(sheet.actor, sheet.day): sheet for sheet in found}


def of_actor(clinic: str, actor: str, first: date, last: date) -> list[Sheet]:
    """The sheets of one practitioner or room."""
    return [sheet for sheet in sheets(clinic, first, last).values() if sheet.actor == actor]


def put(clinic: str, sheet: Sheet, version: int, tx: table.Transaction) -> None:
    """Write a sheet as changed, under a new version; `sheet.version` is the one it was read with. Lost if somebody was faster."""
    sk = f"{sheet.day.isoformat()}#{sheet.actor}"
    row = SheetRow(table.key(clinic, "SHEETS"), sk, claims=msgspec.json.encode(sheet.claims).decode(), version=version)
    unchanged = Path("version") == sheet.version if sheet.version else Path("pk").does_not_exist()
    tx.put(row, unchanged, table.Lost)


def _sheet(row: dict[str, str]) -> Sheet:
    day, _, actor = row["sk"].partition("#")
    return Sheet(actor=actor, day=date.fromisoformat(day), version=int(row["version"]), claims=CLAIMS.decode(row["claims"]))

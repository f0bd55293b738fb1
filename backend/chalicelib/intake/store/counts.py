"""Counts of how far forms are filled: how many have gone on from each page. No row says anything of a patient, or of a visit.

Each count lies in several rows, so that two patients who go on at the same moment seldom wait for each other.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable

from pynamodb.attributes import NumberAttribute

from chalicelib.kit import settings, table

PARTS = 8


class CountRow(table.Row):
    """A part of a count."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("responses")

    n = NumberAttribute(default=0)


def add(clinic: str, questionnaire: str, version: str, pages: Iterable[str], response: str, tx: table.Transaction) -> None:
    """One more has gone on from each of these pages; which part of the count it is `response` decides, and is in no row."""
    part = zlib.crc32(response.encode()) % PARTS
    for page in pages:
        row = CountRow(_counts(clinic, questionnaire), f"{version}#{page}#{part}")
        tx.update(row, [CountRow.n.add(1)])


def reached(clinic: str, questionnaire: str, version: str) -> dict[str, int]:
    """How many have gone on from each page of a version; one Query."""
    found = Counter[str]()
    for row in table.listed(CountRow, _counts(clinic, questionnaire), f"{version}#", f"{version}$"):
        page, _, _ = row["sk"].partition("#")[2].rpartition("#")
        found[page] += int(row["n"])
    return dict(found)


def _counts(clinic: str, questionnaire: str) -> str:
    return table.key(clinic, "REACHED", questionnaire)

"""Rows of the codes that open a tablet of the clinic: each by its digest, and the newest of a visit, which alone works."""

from __future__ import annotations

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.operand import Path

from chalicelib.accounts.records import KioskCode
from chalicelib.kit import settings, table

CODE = msgspec.json.Decoder(KioskCode)


class KioskCodeRow(table.Row):
    """A code as a JSON document; the row of its visit has the digest alone."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("accounts")

    document = UnicodeAttribute(null=True)
    digest = UnicodeAttribute()


def put(clinic: str, code: KioskCode, tx: table.Transaction) -> None:
    """Keep a new code; an older one of the same visit is worthless from now on."""
    document, expires = msgspec.json.encode(code).decode(), int(code.until.timestamp())
    tx.put(KioskCodeRow(_code(clinic, code.digest), "code", document=document, digest=code.digest, expires=expires))
    tx.put(KioskCodeRow(_of(clinic, code.appointment), "code", digest=code.digest, expires=expires))


def get(clinic: str, digest: str) -> KioskCode | None:
    """The code of that digest, read consistently."""
    row = table.read(KioskCodeRow, _code(clinic, digest), "code")
    return row and CODE.decode(row.document)


def use(clinic: str, code: KioskCode, tx: table.Transaction, clash: Exception) -> None:
    """Use a code up; `clash` if it was used meanwhile or a newer one was given."""
    tx.delete(KioskCodeRow(_code(clinic, code.digest), "code"), Path("pk").exists(), clash)
    tx.delete(KioskCodeRow(_of(clinic, code.appointment), "code"), Path("digest") == code.digest, clash)


def _code(clinic: str, digest: str) -> str:
    return table.key(clinic, "KIOSK-CODE", digest)


def _of(clinic: str, appointment: str) -> str:
    return table.key(clinic, "KIOSK-CODE-OF", appointment)

"""Rows of the codes that open a tablet of the clinic: each by its digest, and the newest of a visit with what it has opened."""

from __future__ import annotations

from datetime import datetime

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.accounts.records import Handed, KioskCode
from chalicelib.kit import settings, table

CODE = msgspec.json.Decoder(KioskCode)


class KioskCodeRow(table.Row):
    """A code as a JSON document; the row of its visit has the digest, and the id of the session that it opened."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("accounts")

    document = UnicodeAttribute(null=True)
    digest = UnicodeAttribute()
    session = UnicodeAttribute(null=True)


def put(clinic: str, code: KioskCode, tx: table.Transaction, before: Handed | None) -> None:
    """Keep a new code; an older one of the same visit is worthless from now on. The transaction's clash if it is not as it was `before`."""
    document, expires = msgspec.json.encode(code).decode(), int(code.until.timestamp())
    tx.put(KioskCodeRow(_code(clinic, code.digest), "code", document=document, digest=code.digest, expires=expires))
    tx.put(KioskCodeRow(_of(clinic, code.appointment), "code", digest=code.digest, expires=expires), _as_before(before))


def _as_before(before: Handed | None) -> Condition:
    gone: Condition = Path("pk").does_not_exist()
    same: Condition = Path("digest") == (before.digest if before else "")
    opened: Condition = Path("session") == before.session if before and before.session else Path("session").does_not_exist()
    return same & opened if before else gone


def handed(clinic: str, appointment: str) -> Handed | None:
    """How far a visit's tablet is, read consistently; None if no code was given lately."""
    row = table.read(KioskCodeRow, _of(clinic, appointment), "code")
    return row and Handed(digest=row.digest, session=row.session or "")


def get(clinic: str, digest: str) -> KioskCode | None:
    """The code of that digest, read consistently."""
    row = table.read(KioskCodeRow, _code(clinic, digest), "code")
    return row and CODE.decode(row.document)


def use(clinic: str, code: KioskCode, session: str, until: datetime, tx: table.Transaction, clash: Exception) -> None:
    """Use a code up for a session that ends at `until`; `clash` if it was used meanwhile or a newer one was given."""
    tx.delete(KioskCodeRow(_code(clinic, code.digest), "code"), Path("pk").exists(), clash)
    row = KioskCodeRow(_of(clinic, code.appointment), "code", digest=code.digest, session=session, expires=int(until.timestamp()))
    tx.put(row, (Path("digest") == code.digest) & Path("session").does_not_exist(), clash)


def _code(clinic: str, digest: str) -> str:
    return table.key(clinic, "KIOSK-CODE", digest)


def _of(clinic: str, appointment: str) -> str:
    return table.key(clinic, "KIOSK-CODE-OF", appointment)

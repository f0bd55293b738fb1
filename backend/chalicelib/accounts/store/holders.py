"""Rows that say which account a patient has, and of the codes by which the desk lets somebody link theirs.

Of a code only a keyed digest is kept: it lives for minutes, less than any key.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.operand import Path

from chalicelib.accounts.records import LinkCode
from chalicelib.kit import settings, table

Clash = type[Exception]


class HolderRow(table.Row):
    """The one account that a patient has."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("accounts")

    account = UnicodeAttribute()


class LinkCodeRow(table.Row):
    """A code by its digest, and again by its patient: the newest of a patient is the only one that works."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("accounts")

    patient = UnicodeAttribute()
    digest = UnicodeAttribute()
    until = NumberAttribute()


def hold(clinic: str, patient: str, account: str, tx: table.Transaction, clash: Clash | Exception) -> None:
    """Say that a patient has this account; `clash` if they have one."""
    tx.add(HolderRow(table.key(clinic, "HOLDER", patient), "account", account=account), clash)


def holder(clinic: str, patient: str) -> str:
    """The account a patient has, read consistently; empty if none."""
    row = table.read(HolderRow, table.key(clinic, "HOLDER", patient), "account")
    return row.account if row else ""


def _rows(clinic: str, code: LinkCode) -> tuple[LinkCodeRow, LinkCodeRow]:
    until = int(code.until.timestamp())
    about: dict[str, Any] = {"patient": code.patient, "digest": code.digest, "until": until, "expires": until}
    by_digest = LinkCodeRow(table.key(clinic, "LINK-CODE", code.digest), "code", **about)
    return by_digest, LinkCodeRow(table.key(clinic, "LINK-CODE-OF", code.patient), "code", **about)


def put_code(clinic: str, code: LinkCode, tx: table.Transaction) -> None:
    """Keep a new code; an older one of the same patient is worthless from now on."""
    for row in _rows(clinic, code):
        tx.put(row)


def get_code(clinic: str, digest: str) -> LinkCode | None:
    """The code of that digest, read consistently."""
    row = table.read(LinkCodeRow, table.key(clinic, "LINK-CODE", digest), "code")
    return row and LinkCode(clinic=clinic, patient=row.patient, digest=digest, until=datetime.fromtimestamp(row.until, UTC))


def use_code(clinic: str, code: LinkCode, tx: table.Transaction, clash: Clash | Exception) -> None:
    """Use a code up; `clash` if it was used meanwhile or a newer one was given."""
    by_digest, of_patient = _rows(clinic, code)
    tx.delete(by_digest, Path("pk").exists(), clash)
    tx.delete(of_patient, Path("digest") == code.digest, clash)

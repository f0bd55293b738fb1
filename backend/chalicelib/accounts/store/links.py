"""Rows of mailed links (invitations, recoveries): one of a kind for each account and clinic, and a pointer from its digest.

A new link takes the row of the old one, whose pointer then leads to a digest that is not its own: the old link is dead.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.operand import Path

from chalicelib.accounts.records import Link, LinkKind
from chalicelib.kit import settings, table

LINK = msgspec.json.Decoder(Link)
Clash = type[Exception]


class LinkRow(table.Row):
    """A link as a JSON document; beside it what conditions ask for. A pointer has only the account."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("accounts")

    document = UnicodeAttribute(null=True)
    account = UnicodeAttribute(null=True)
    digest = UnicodeAttribute(null=True)
    asked = UnicodeAttribute(null=True)
    approved_by = UnicodeAttribute(null=True)


def _links(clinic: str, kind: LinkKind) -> str:
    return table.key(clinic, "LINKS", kind)


def _pointer(clinic: str, kind: LinkKind, digest: str) -> tuple[str, str]:
    return table.key(clinic, "LINK", kind, digest), "link"


def put(clinic: str, link: Link, tx: table.Transaction) -> None:
    """Write a new link in place of the one of its kind that the account has there, which dies."""
    until = int(link.until.timestamp())
    document = msgspec.json.encode(link).decode()
    tx.put(LinkRow(_links(clinic, link.kind), link.account, document=document, digest=link.digest, expires=until))
    tx.put(LinkRow(*_pointer(clinic, link.kind, link.digest), account=link.account, expires=until))


def at(clinic: str, kind: LinkKind, digest: str) -> Link | None:
    """The living link of that digest, read consistently; None where a newer one took its place."""
    pointer = table.read(LinkRow, *_pointer(clinic, kind, digest))
    link = of(clinic, kind, pointer.account) if pointer else None
    return link if link and link.digest == digest else None


def of(clinic: str, kind: LinkKind, account: str) -> Link | None:
    """The newest link of that kind of an account, read consistently."""
    row = table.read(LinkRow, _links(clinic, kind), account)
    return row and _link({"document": row.document, "asked": row.asked or "", "approved_by": row.approved_by or ""})


def listed(clinic: str, kind: LinkKind) -> list[Link]:
    """All links of that kind, used-up ones aside; some may be over."""
    return [_link(row) for row in table.listed(LinkRow, _links(clinic, kind))]


def _link(row: Mapping[str, str]) -> Link:
    found = LINK.decode(row["document"])
    return msgspec.structs.replace(found, asked=bool(row.get("asked")), approved_by=row.get("approved_by", ""))


def ask(clinic: str, link: Link, tx: table.Transaction, clash: Clash) -> None:
    """Note that a recovery's link was opened; `clash` if it was before, or is not the newest any more."""
    first = (Path("digest") == link.digest) & Path("asked").does_not_exist()
    tx.update(LinkRow(_links(clinic, link.kind), link.account), [Path("asked").set("yes")], first, clash)


def approve(clinic: str, link: Link, by: str, tx: table.Transaction, clash: Clash) -> None:
    """Note who vouched; `clash` if somebody has, or the link is not the newest any more."""
    first = (Path("digest") == link.digest) & Path("approved_by").does_not_exist()
    tx.update(LinkRow(_links(clinic, link.kind), link.account), [Path("approved_by").set(by)], first, clash)


def use_up(clinic: str, link: Link, tx: table.Transaction, clash: Clash) -> None:
    """Take a link away for good; `clash` if it was used or replaced meanwhile."""
    tx.delete(LinkRow(_links(clinic, link.kind), link.account), Path("digest") == link.digest, clash)
    tx.delete(LinkRow(*_pointer(clinic, link.kind, link.digest)))

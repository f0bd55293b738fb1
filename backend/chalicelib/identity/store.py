"""Rows of sessions and of members.

The rows decide at every request whether a session still lives and what its person may do; a session's key is a
digest, so a copy of the table opens nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib.identity.records import Member, Session
from chalicelib.kit import secret, settings, table

SHOWN = 20  # characters of a session's digest that name it in a list
SESSION, MEMBER = msgspec.json.Decoder(Session), msgspec.json.Decoder(Member)


class SessionRow(table.Row):
    """One session as a JSON document without its sid; the idle end in epoch seconds beside it, since it changes most."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("identity")

    document = UnicodeAttribute()
    idle_until = NumberAttribute()


class MemberRow(table.Row):
    """Somebody who works in a clinic, as one JSON document."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("identity")

    document = UnicodeAttribute()


def _sessions(clinic: str, account: str) -> str:
    return table.key(clinic, "SESSIONS", account)


def _members(clinic: str) -> str:
    return table.key(clinic, "MEMBERS")


def add(clinic: str, session: Session, tx: table.Transaction) -> None:
    """Write a new session."""
    row = SessionRow(
        _sessions(clinic, session.actor.account),
        secret.digest(session.sid),
        document=_document(session),
        idle_until=int(session.idle_until.timestamp()),
        version=session.version,
        expires=int(session.absolute_until.timestamp()),
    )
    tx.add(row)


def _document(session: Session) -> str:
    return msgspec.json.encode(msgspec.structs.replace(session, sid="", id="")).decode()


def _session(row: Mapping[str, Any], sid: str = "") -> Session:
    """A row as the session it is; what changes by itself (idle end, version) stands beside the document."""
    idle_until = datetime.fromtimestamp(float(row["idle_until"]), UTC)
    found = SESSION.decode(row["document"])
    return msgspec.structs.replace(found, sid=sid, id=row["sk"][:SHOWN], idle_until=idle_until, version=int(row["version"]))


def get(clinic: str, account: str, sid: str) -> Session | None:
    """The session of that sid, read consistently."""
    row = table.read(SessionRow, _sessions(clinic, account), secret.digest(sid))
    return row and _session({"sk": row.sk, "document": row.document, "idle_until": row.idle_until, "version": row.version}, sid)


def get_with_member(clinic: str, account: str, sid: str) -> tuple[Session | None, Member | None]:
    """The session of that sid and what the clinic says of its person, read consistently in one call."""
    session, member = table.read_together(SessionRow, [(_sessions(clinic, account), secret.digest(sid)), (_members(clinic), account)])
    return (_session(session, sid) if session else None), (MEMBER.decode(member["document"]) if member else None)


def sessions(clinic: str, account: str) -> list[tuple[str, Session]]:
    """All sessions of an account in a clinic, each with the sort key that removes it."""
    return [(row["sk"], _session(row)) for row in table.listed(SessionRow, _sessions(clinic, account))]


def extend(clinic: str, session: Session, tx: table.Transaction) -> None:
    """Renew the idle time of a row that is still there, and only forwards."""
    until = int(session.idle_until.timestamp())
    there = Path("pk").exists() & (Path("idle_until") < until)
    row = SessionRow(_sessions(clinic, session.actor.account), secret.digest(session.sid))
    tx.update(row, [Path("idle_until").set(until)], there)


def replace(clinic: str, session: Session, changed: Session, tx: table.Transaction) -> None:
    """Change what a session says, if nobody has changed or removed it since it was read."""
    row = SessionRow(_sessions(clinic, session.actor.account), secret.digest(session.sid))
    changes: list[Action] = [Path("document").set(_document(changed)), Path("version").set(session.version + 1)]
    tx.update(row, changes, Path("version") == session.version)


def remove(clinic: str, account: str, digest: str, tx: table.Transaction) -> None:
    """Delete a session; one that is gone already stays gone."""
    tx.delete(SessionRow(_sessions(clinic, account), digest))


def take(clinic: str, session: Session, tx: table.Transaction, clash: type[Exception]) -> None:
    """Delete a session that is still as it was read; `clash` if it was ended or changed meanwhile."""
    row = SessionRow(_sessions(clinic, session.actor.account), secret.digest(session.sid))
    tx.delete(row, Path("version") == session.version, clash)


def put_member(clinic: str, member: Member, tx: table.Transaction) -> None:
    """Write a new member, or the next version of one (the transaction's clash if it is not the next any more)."""
    before = member.version - 1
    unchanged = Path("version") == before if before else Path("pk").does_not_exist()
    document = msgspec.json.encode(member).decode()
    tx.put(MemberRow(_members(clinic), member.account, document=document, version=member.version), unchanged)


def check_member(clinic: str, member: Member, tx: table.Transaction) -> None:
    """Demand inside a transaction that a member is still as they were read."""
    tx.check(MemberRow(_members(clinic), member.account), Path("version") == member.version)


def get_member(clinic: str, account: str) -> Member | None:
    """What a clinic says of somebody, read consistently."""
    row = table.read(MemberRow, _members(clinic), account)
    return row and MEMBER.decode(row.document)


def members(clinic: str) -> list[Member]:
    """Everybody who works or worked in a clinic, or is invited to."""
    return [MEMBER.decode(row["document"]) for row in table.listed(MemberRow, _members(clinic))]

"""Rows of sessions. The row decides whether a session still lives; the key is a digest, so a copy of the table opens nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib.identity.records import Actor, Audience, Session
from chalicelib.kit import secret, settings, table

SORT = "session"


class SessionRow(table.Row):
    """One session; times in epoch seconds."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("identity")

    audience = UnicodeAttribute()
    actor = UnicodeAttribute()
    made = NumberAttribute()
    idle_until = NumberAttribute()
    absolute_until = NumberAttribute()


def _pk(clinic: str, sid: str) -> str:
    return table.key(clinic, "SESSION", secret.digest(sid))


def add(clinic: str, session: Session, tx: table.Transaction) -> None:
    """Write a new session."""
    row = SessionRow(
        _pk(clinic, session.sid),
        SORT,
        audience=str(session.audience),
        actor=msgspec.json.encode(session.actor).decode(),
        made=int(session.made.timestamp()),
        idle_until=int(session.idle_until.timestamp()),
        absolute_until=int(session.absolute_until.timestamp()),
        version=session.version,
        expires=int(session.absolute_until.timestamp()),
    )
    tx.add(row)


def get(clinic: str, sid: str) -> Session | None:
    """The session of that sid, read consistently."""
    row = table.read(SessionRow, _pk(clinic, sid), SORT)
    if row is None:
        return None
    return Session(
        audience=Audience(row.audience),
        actor=msgspec.json.decode(row.actor, type=Actor),
        made=_time(row.made),
        idle_until=_time(row.idle_until),
        absolute_until=_time(row.absolute_until),
        sid=sid,
        version=int(row.version),
    )


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def extend(clinic: str, session: Session, tx: table.Transaction) -> None:
    """Renew the idle time of a row that is still there, and only forwards."""
    until = int(session.idle_until.timestamp())
    there = Path("pk").exists() & (Path("idle_until") < until)
    tx.update(SessionRow(_pk(clinic, session.sid), SORT), [Path("idle_until").set(until)], there)


def replace_actor(clinic: str, session: Session, actor: Actor, tx: table.Transaction) -> None:
    """Change who the session is, if nobody has changed or removed it since it was read."""
    row = SessionRow(_pk(clinic, session.sid), SORT)
    changes: list[Action] = [Path("actor").set(msgspec.json.encode(actor).decode()), Path("version").set(session.version + 1)]
    tx.update(row, changes, Path("version") == session.version)


def remove(clinic: str, session: Session, tx: table.Transaction) -> None:
    """Delete a session; one that is gone already stays gone."""
    tx.delete(SessionRow(_pk(clinic, session.sid), SORT))

"""Rows of notices, and the due buckets that a sweep finds them by.

The buckets are for all clinics at once, since one for each clinic and minute would cost a query for each:
they hold pointers and nothing personal. A notice that is not over has exactly one pointer of its version.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib.kit import settings, table
from chalicelib.notices import rules
from chalicelib.notices.records import Notice, NoticeState, Pointer

SORT = "notice"
KEPT = timedelta(days=90)  # after its time a notice is kept as what was said, then cleaned up
WATERMARK = ("DUE#WATERMARK", "watermark")


class NoticeRow(table.Row):
    """One notice: the document, and beside it what conditions ask for."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("notices")

    document = UnicodeAttribute()
    state = UnicodeAttribute()
    attempts = NumberAttribute()
    withdrawn = BooleanAttribute(null=True)


class DueRow(table.Row):
    """A pointer, or the watermark."""

    class Meta(table.Meta):
        """Where it lies."""

        table_name = settings.table("due")

    clinic = UnicodeAttribute(null=True)
    notice = UnicodeAttribute(null=True)
    minute = UnicodeAttribute(null=True)


def _key(clinic: str, notice_id: str) -> tuple[str, str]:
    return table.key(clinic, "NOTICE", notice_id), SORT


def _pointer_row(pointer: Pointer) -> DueRow:
    pk = f"DUE#{pointer.minute:%Y%m%d%H%M}#{pointer.shard}"
    kept = int((pointer.minute + KEPT).timestamp())
    return DueRow(
        pk, f"{pointer.clinic}#{pointer.notice}", clinic=pointer.clinic, notice=pointer.notice, version=pointer.version, expires=kept
    )


def add(clinic: str, notice: Notice, tx: table.Transaction) -> None:
    """Write a new notice and its pointer."""
    row = NoticeRow(
        *_key(clinic, notice.id),
        document=_document(notice),
        state=str(notice.state),
        attempts=notice.attempts,
        version=notice.version,
        expires=int((notice.due + KEPT).timestamp()),
    )
    tx.add(row)
    tx.put(_pointer_row(rules.pointer(notice)))


def _document(notice: Notice) -> str:
    return msgspec.json.encode(notice).decode()


def get(clinic: str, notice_id: str) -> Notice | None:
    """The notice of that id, read consistently; one that was withdrawn in time says so."""
    row = table.read(NoticeRow, *_key(clinic, notice_id))
    if row is None or row.document is None:
        return None
    notice = msgspec.json.decode(row.document, type=Notice)
    return msgspec.structs.replace(notice, state=NoticeState.WITHDRAWN) if row.withdrawn and not notice.is_over else notice


def withdraw(clinic: str, notice_id: str, tx: table.Transaction) -> None:
    """Mark a notice as not to be sent; one that went out already stays sent. Needs no read, and stops no transaction."""
    tx.update(NoticeRow(*_key(clinic, notice_id)), [Path("withdrawn").set(True)], Path("pk").exists())


def claim(clinic: str, old: Notice, new: Notice, tx: table.Transaction) -> None:
    """Take a notice in hand, if nobody has taken or withdrawn it since it was read."""
    _change(clinic, new, _unchanged(old) & Path("withdrawn").does_not_exist(), tx)


def finish(clinic: str, old: Notice, new: Notice, tx: table.Transaction) -> None:
    """Write what became of a try, and move or remove its pointer. That it was sent wins over any other end."""
    was_sent = new.state is NoticeState.SENT
    still_open = Path("state").is_in(str(NoticeState.PENDING), str(NoticeState.SENDING))
    _change(clinic, new, still_open if was_sent else _unchanged(old), tx)
    before, after = rules.pointer(old), rules.pointer(new)
    if new.is_over or (before.minute, before.shard) != (after.minute, after.shard):
        tx.delete(_pointer_row(before))
    if not new.is_over:
        tx.put(_pointer_row(after))


def _unchanged(old: Notice) -> Condition:
    same: Condition = (Path("state") == str(old.state)) & (Path("attempts") == old.attempts)
    return same


def _change(clinic: str, new: Notice, condition: Condition, tx: table.Transaction) -> None:
    changes: list[Action] = [
        Path("document").set(_document(new)),
        Path("state").set(str(new.state)),
        Path("attempts").set(new.attempts),
        Path("version").set(new.version),
    ]
    tx.update(NoticeRow(*_key(clinic, new.id)), changes, condition)


def due(minute: datetime, shard: int) -> list[Pointer]:
    """The pointers of one bucket."""
    rows = table.listed(DueRow, f"DUE#{minute:%Y%m%d%H%M}#{shard}")
    return [Pointer(minute, shard, row["clinic"], row["notice"], int(row["version"])) for row in rows]


def done(pointer: Pointer, again: datetime | None = None) -> None:
    """Remove a pointer; with `again` it is moved to that minute."""
    with table.together() as tx:
        tx.delete(_pointer_row(pointer))
        if again is not None:
            tx.put(_pointer_row(msgspec.structs.replace(pointer, minute=again)))


def watermark() -> datetime | None:
    """The minute the next sweep begins with, if there was one before."""
    row = table.read(DueRow, *WATERMARK)
    return row and datetime.strptime(row.minute, "%Y%m%d%H%M").replace(tzinfo=UTC)


def set_watermark(minute: datetime) -> None:
    """Remember where the next sweep begins."""
    DueRow(*WATERMARK, minute=f"{minute:%Y%m%d%H%M}").save()

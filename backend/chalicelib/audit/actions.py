"""Writing the audit trail."""

from __future__ import annotations

from datetime import datetime

from chalicelib.audit import store
from chalicelib.audit.records import AuditEvent
from chalicelib.kit import ids, table


def note(tx: table.Transaction, clinic: str, *, action: str, who: str, what: str, at: datetime, **about: str) -> None:
    """Write down, inside the change's own transaction, that `who` did `action` to `what`."""
    event = AuditEvent(id=ids.new(), clinic=clinic, action=action, who=who, what=what, at=at, about=about)
    store.add(clinic, event, tx)

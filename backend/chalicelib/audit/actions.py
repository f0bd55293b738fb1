"""Writing the audit trail, and reading it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

from chalicelib.audit import store
from chalicelib.audit.records import AuditEvent
from chalicelib.identity.records import Actor
from chalicelib.kit import ids, table

LOOKED_THROUGH = 2000  # events that one search reads at most
ANYBODY = "anyone"  # who asks before anybody is signed in


def note(
    tx: table.Transaction,
    clinic: str,
    *,
    action: str,
    by: Actor | str,
    what: str,
    at: datetime,
    patient: str = "",
    **about: str,
) -> None:
    """Write down, inside the change's own transaction, that somebody did `action` to `what`. `patient`: whom it concerns."""
    store.add(clinic, _event(clinic, action=action, by=by, what=what, at=at, patient=patient, reading=False, about=about), tx)


def looked(clinic: str, *, action: str, by: Actor, what: str, at: datetime, patient: str, **about: str) -> None:
    """Write down that somebody looks at what the clinic holds of a patient; call it before the answer leaves.

    Any fault is raised: what cannot be written down is not shown.
    """
    event = _event(clinic, action=action, by=by, what=what, at=at, patient=patient, reading=True, about=about)
    with table.together() as tx:
        store.add(clinic, event, tx)


def _event(
    clinic: str, *, action: str, by: Actor | str, what: str, at: datetime, patient: str, reading: bool, about: dict[str, str]
) -> AuditEvent:
    who, name = (by, "") if isinstance(by, str) else (by.who, by.name if by.is_staff else "")
    if not isinstance(by, str) and by.emergency:
        about = about | {"emergency": "yes"}
    return AuditEvent(
        id=ids.new(), clinic=clinic, action=action, who=who, what=what, at=at, name=name, patient=patient, reading=reading, about=about
    )


def of_day(clinic: str, day: date) -> list[AuditEvent]:
    """The events of one UTC day, oldest first."""
    return store.of_day(clinic, day.isoformat())


def between(clinic: str, since: datetime, until: datetime) -> Iterator[AuditEvent]:
    """Every event from `since` until just before `until`, the newest first."""
    return (event for _, event in store.backwards(clinic, since, until, "", ""))


def search(
    clinic: str,
    since: datetime,
    until: datetime,
    fits: Callable[[AuditEvent], bool],
    limit: int,
    before: str = "",
    patient: str = "",
) -> tuple[list[AuditEvent], str]:
    """At most `limit` fitting events from `since` until just before `until`, newest first, and where to go on (empty: the end).

    A search that looks for what is rare ends after LOOKED_THROUGH events: it may have found nothing and still go on.
    """
    found: list[AuditEvent] = []
    for count, (place, event) in enumerate(store.backwards(clinic, since, until, before, patient), 1):
        found += [event] if fits(event) else []
        if len(found) == limit or count == LOOKED_THROUGH:
            return found, place
    return found, ""


def of_patient(clinic: str, patient: str, limit: int, before: str = "") -> list[AuditEvent]:
    """What was done with or seen of one patient, the newest first; `before` is the key of the last one already seen."""
    return store.of_patient(clinic, patient, limit, before)

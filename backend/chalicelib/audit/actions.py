"""Writing the audit trail, and reading it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

import msgspec

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


def looked(clinic: str, *, action: str, by: Actor, what: str, at: datetime, patient: str, seen: Sequence[str] = (), **about: str) -> None:
    """Write down that somebody looks at what the clinic holds of a patient; call it before the answer leaves.

    `seen` are the patients (at most 90) that a list shows: each finds the look in their own log. Any fault is raised:
    what cannot be written down is not shown.
    """
    told = about | ({"patients": " ".join(seen)} if seen else {})
    event = _event(clinic, action=action, by=by, what=what, at=at, patient=patient, reading=True, about=told)
    with table.together() as tx:
        store.add(clinic, event, tx)
        for each in seen:
            store.add_to_patient(clinic, msgspec.structs.replace(event, patient=each, about=about), tx)


def refused(clinic: str, *, action: str, by: Actor, what: str, at: datetime) -> None:
    """Write down that somebody asked for what they may not see, or what is not there: one as the other, or the trail would tell."""
    event = _event(clinic, action=action, by=by, what=what, at=at, patient="", reading=False, about={"outcome": "not-found"})
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

"""Reading the audit trail: managers search and export it, patients see who looked at what the clinic holds of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from chalicelib.accounts.records import TrailSearch
from chalicelib.accounts.rules import trail as rules
from chalicelib.accounts.shapes import trail as shapes
from chalicelib.audit import actions as audit
from chalicelib.audit.records import AuditEvent
from chalicelib.clinics.records import Clinic
from chalicelib.identity.records import Actor, Permission
from chalicelib.kit import cursors, zone
from chalicelib.kit.problem import LookAgain

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # before any trail
PAGE = 50  # entries of a patient's own log


def list_audit_events(clinic: Clinic, actor: Actor, wanted: shapes.TrailQuery, now: datetime) -> tuple[list[AuditEvent], str]:
    """A page of events, the newest first, and the cursor of the next (empty: none). That it was searched is written down first."""
    actor.must(Permission.LIST_AUDIT_EVENTS, clinic.id)
    first, last = rules.span(wanted.from_, wanted.to, zone.local_date(now, clinic.zone), rules.LONGEST_SEARCH)
    search = TrailSearch(first=first, last=last, who=wanted.who.strip(), action=wanted.action, patient=wanted.patient)
    before = cursors.opened(clinic.id, search.listing, wanted.cursor)
    since, until = _instants(clinic, first, last)
    found, after = audit.search(clinic.id, since, until, lambda event: rules.fits(event, search), wanted.limit, before, search.patient)
    told = {"from": f"{first}", "to": f"{last}", "found": str(len(found))} | ({"who": search.who} if search.who else {})
    told |= {"for": search.action} if search.action else {}
    audit.looked(clinic.id, action="list_audit_events", by=actor, what="audit-events", at=now, patient=search.patient, **told)
    return found, cursors.sealed(clinic.id, search.listing, after)


def _instants(clinic: Clinic, first: date, last: date) -> tuple[datetime, datetime]:
    return zone.midnight(first, clinic.zone), zone.midnight(last + timedelta(days=1), clinic.zone)


def export_audit(clinic: Clinic, actor: Actor, first: date, last: date, reason: str, now: datetime) -> str:
    """Every event of some local dates as CSV; LookAgain for too many. That it was exported, and why, is written down first."""
    actor.must(Permission.EXPORT_AUDIT, clinic.id)
    rules.span(first, last, zone.local_date(now, clinic.zone), rules.LONGEST_EXPORT)
    since, until = _instants(clinic, first, last)
    text, lines = shapes.csv_head(), 0
    pieces = [text]
    size = len(text)
    for event in audit.between(clinic.id, since, until):
        pieces.append(shapes.csv_line(event))
        size, lines = size + len(pieces[-1].encode()), lines + 1
        if size > rules.LARGEST_EXPORT:
            raise LookAgain(errors=[{"field": "from", "detail": "That is too much for one file. Choose fewer days."}])
    told = {"from": f"{first}", "to": f"{last}", "found": str(lines), "reason": reason}
    audit.looked(clinic.id, action="export_audit", by=actor, what="audit-events", at=now, patient="", **told)
    return "".join(pieces)


def get_my_access_log(clinic: Clinic, actor: Actor, cursor: str, now: datetime) -> tuple[list[AuditEvent], str]:
    """What others saw or did with the patient's record, and what they changed themselves; the newest first.

    Their record lies under each id they had with the clinic. The cursor is that of the next page (empty: none).
    """
    actor.must(Permission.GET_MY_ACCESS_LOG, clinic.id)
    actor.as_patient()
    listing = f"get_my_access_log|{actor.account}"
    before, until = cursors.opened(clinic.id, listing, cursor), now + timedelta(seconds=1)
    searches = [
        audit.search(clinic.id, BEGINNING, until, lambda event: rules.concerns(event, actor), PAGE, before, patient)
        for patient in actor.patients
    ]
    # Beyond where one list ended its page the others are not shown yet, or the order would break on the next one.
    horizon = max(after for _, after in searches)
    found = [event for events, _ in searches for event in events if event.place >= horizon]
    audit.looked(clinic.id, action="get_my_access_log", by=actor, what=f"patient/{actor.patient}", at=now, patient=actor.patient)
    return sorted(found, key=lambda event: event.place, reverse=True), cursors.sealed(clinic.id, listing, horizon)

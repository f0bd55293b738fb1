"""The doors of the audit trail; they serve the room of audit, whose floor lies below the doors."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.accounts.actions import trail as actions
from chalicelib.accounts.messages import trail as messages
from chalicelib.accounts.rules import trail as rules
from chalicelib.accounts.shapes import trail as shapes
from chalicelib.audit.records import AuditEvent
from chalicelib.doors.endpoint import Asked, Audience, Permission, Reply, door
from chalicelib.identity.records import NotRegistered
from chalicelib.kit.problem import Unreadable

blueprint = Blueprint(__name__)

EVENTS = "/clinics/{clinic}/audit-events"


@door(
    blueprint,
    "GET",
    EVENTS,
    permission=Permission.LIST_AUDIT_EVENTS,
    audience=Audience.STAFF,
    reads=True,
    query=shapes.TrailQuery,
    reply=shapes.AuditEventList,
    answers=shapes.EVENTS,
    problems=[Unreadable],
)
def list_audit_events(asked: Asked) -> shapes.AuditEventList:
    """Who did and looked at what in the clinic, the newest first."""
    found, after = actions.list_audit_events(asked.clinic, asked.actor, asked.query, asked.now)
    return shapes.event_list(found, after, asked.clinic, asked.language)


@door(
    blueprint,
    "POST",
    EVENTS + "/export",
    permission=Permission.EXPORT_AUDIT,
    audience=Audience.STAFF,
    step_up=True,
    reads=True,
    body=shapes.AuditExport,
    asks=shapes.EXPORT,
    media_type="text/csv",
)
def export_audit(asked: Asked) -> Reply:
    """The audit trail of some days as a file."""
    wanted: shapes.AuditExport = asked.body
    lines = actions.export_audit(asked.clinic, asked.actor, wanted.from_, wanted.to, wanted.reason, asked.now)
    name = f"audit-{asked.clinic.id}-{wanted.from_}-{wanted.to}.csv"
    return Reply(text=lines, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@door(
    blueprint,
    "GET",
    "/clinics/{clinic}/access-log",
    permission=Permission.GET_MY_ACCESS_LOG,
    reads=True,
    query=shapes.LogQuery,
    reply=shapes.AccessLog,
    answers=shapes.LOG,
    problems=[NotRegistered, Unreadable],
)
def get_my_access_log(asked: Asked) -> shapes.AccessLog:
    """Who looked at or changed what the clinic holds of the caller."""
    found, after = actions.get_my_access_log(asked.clinic, asked.actor, asked.query.cursor, asked.now)
    return shapes.access_log([_entry(asked, event) for event in found], after)


def _entry(asked: Asked, event: AuditEvent) -> shapes.LogEntry:
    own = rules.is_own(event, asked.actor)
    return shapes.log_entry(event, messages.retold(event, asked.language, own=own), asked.clinic, asked.language, own=own)

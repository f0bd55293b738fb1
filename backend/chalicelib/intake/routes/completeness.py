"""The door of what is still to be done before visits."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.doors.endpoint import Asked, Audience, Permission, door
from chalicelib.intake.actions import completeness
from chalicelib.intake.shapes import completeness as shapes
from chalicelib.kit.problem import Unreadable

blueprint = Blueprint(__name__)


@door(
    blueprint,
    "GET",
    "/clinics/{clinic}/completeness",
    audience=Audience.STAFF,
    permission=Permission.LIST_COMPLETENESS,
    reads=True,
    query=shapes.CompletenessQuery,
    reply=shapes.Completeness,
    answers=shapes.COMPLETENESS,
    problems=[Unreadable],
)
def list_completeness(asked: Asked) -> shapes.Completeness:
    """Visits before which something is to be done, the next first: by their patients, or by staff because of files, answers or insurers."""
    wanted: shapes.CompletenessQuery = asked.query
    found = completeness.list_completeness(
        asked.clinic, asked.actor, wanted.queue, wanted.cursor, wanted.limit, asked.now, past=wanted.past
    )
    return shapes.completeness(asked.clinic, found, asked.language)

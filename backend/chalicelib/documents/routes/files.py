"""The doors of one file: its sender's, and those of who may look at it and say what becomes of it."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.documents import rules
from chalicelib.documents.actions import judging, reading, sending
from chalicelib.documents.records import DocumentReference
from chalicelib.documents.shapes import fhir, files
from chalicelib.doors import reading as requests
from chalicelib.doors.endpoint import Asked, Audience, Permission, door
from chalicelib.kit.problem import Changed

blueprint = Blueprint(__name__)

ONE = "/clinics/{clinic}/documents/{document}"


@door(
    blueprint,
    "POST",
    ONE + "/finish",
    permission=Permission.FINISH_UPLOAD,
    body=files.Nothing,
    asks=files.Nothing(),
    reply=files.DocumentView,
    answers=files.DOCUMENT,
    problems=[rules.NotSent],
)
def finish_upload(asked: Asked) -> files.DocumentView:
    """Say that a file was sent; what becomes of it getDocument tells."""
    return _view(asked, sending.finish_upload(asked.clinic, asked.actor, asked.path["document"], asked.now))


@door(
    blueprint,
    "POST",
    ONE + "/withdraw",
    permission=Permission.WITHDRAW_DOCUMENT,
    body=files.Nothing,
    asks=files.Nothing(),
    reply=files.DocumentView,
    answers=files.DOCUMENT,
)
def withdraw_document(asked: Asked) -> files.DocumentView:
    """Take a file of one's own back. What staff have looked at is kept, marked as taken back."""
    return _view(asked, sending.withdraw_document(asked.clinic, asked.actor, asked.path["document"], asked.now))


@door(
    blueprint, "GET", ONE, audience=None, permission=Permission.GET_DOCUMENT, reads=True, reply=files.DocumentView, answers=files.DOCUMENT
)
def get_document(asked: Asked) -> files.DocumentView:
    """What is known of a file: how far it has come, and what is wrong with it."""
    return _view(asked, reading.get_document(asked.clinic, asked.actor, asked.path["document"], asked.now))


@door(
    blueprint,
    "GET",
    ONE + "/reference",
    audience=None,
    permission=Permission.GET_DOCUMENT,
    reads=True,
    reply=fhir.Resource,
    answers=fhir.REFERENCE,
)
def get_document_reference(asked: Asked) -> fhir.Resource:
    """The same as FHIR R4's DocumentReference."""
    found = reading.get_document(asked.clinic, asked.actor, asked.path["document"], asked.now, "get_document_reference")
    return fhir.reference(asked.clinic, found, asked.language)


@door(
    blueprint,
    "POST",
    ONE + "/open",
    audience=None,
    permission=Permission.OPEN_DOCUMENT,
    reads=True,
    body=files.Opening,
    asks=files.Opening(page=1),
    reply=files.Link,
    answers=files.LINK,
    problems=[rules.NotReadable],
)
def open_document(asked: Asked) -> files.Link:
    """A link, good for a minute, to a file or to the picture of one of its pages."""
    return files.link(reading.open_document(asked.clinic, asked.actor, asked.path["document"], asked.body.page, asked.now))


@door(
    blueprint,
    "POST",
    ONE + "/accept",
    audience=Audience.STAFF,
    permission=Permission.ACCEPT_DOCUMENT,
    body=files.Nothing,
    asks=files.Nothing(),
    reply=files.DocumentView,
    answers=files.DOCUMENT,
    problems=[rules.NotReadable, Changed],
)
def accept_document(asked: Asked) -> files.DocumentView:
    """Say that a file will do; `If-Match` may name the version they saw."""
    return _view(asked, judging.accept_document(asked.clinic, asked.actor, asked.path["document"], _version(asked), asked.now))


@door(
    blueprint,
    "POST",
    ONE + "/return",
    audience=Audience.STAFF,
    permission=Permission.RETURN_DOCUMENT,
    body=files.Returning,
    asks=files.RETURNING,
    reply=files.DocumentView,
    answers=files.DOCUMENT,
    problems=[rules.NotReadable, Changed],
)
def return_document(asked: Asked) -> files.DocumentView:
    """Send a file back to be taken again, and say why; the patient is told. `If-Match` as for acceptDocument."""
    return _view(
        asked, judging.return_document(asked.clinic, asked.actor, asked.path["document"], asked.body.note, _version(asked), asked.now)
    )


@door(
    blueprint,
    "POST",
    ONE + "/relabel",
    audience=Audience.STAFF,
    permission=Permission.RELABEL_DOCUMENT,
    body=files.Relabelling,
    asks=files.RELABELLING,
    reply=files.DocumentView,
    answers=files.DOCUMENT,
    problems=[rules.NotReadable, Changed],
)
def relabel_document(asked: Asked) -> files.DocumentView:
    """Put a file under what it really is. `If-Match` as for acceptDocument."""
    wanted: files.Relabelling = asked.body
    return _view(
        asked,
        judging.relabel_document(asked.clinic, asked.actor, asked.path["document"], wanted.kind, wanted.page, _version(asked), asked.now),
    )


@door(
    blueprint,
    "POST",
    ONE + "/hold",
    audience=Audience.STAFF,
    permission=Permission.HOLD_DOCUMENT,
    step_up=True,
    body=files.Holding,
    asks=files.HOLDING,
    reply=files.DocumentView,
    answers=files.DOCUMENT,
    problems=[rules.NotReadable],
)
def hold_document(asked: Asked) -> files.DocumentView:
    """Keep a file beyond its time, or no longer (a legal hold)."""
    wanted: files.Holding = asked.body
    found = judging.hold_document(asked.clinic, asked.actor, asked.path["document"], wanted.reason, asked.now, held=wanted.held)
    return _view(asked, found)


def _version(asked: Asked) -> int | None:
    return requests.version(asked.headers.get("if-match", ""))


def _view(asked: Asked, document: DocumentReference) -> files.DocumentView:
    return files.document_view(asked.clinic, document, asked.language, staff=asked.actor.is_staff)

"""The doors of what staff say of answers, and of answers as files."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.doors import reading as requests
from chalicelib.doors.endpoint import Asked, Audience, Permission, Reply, door
from chalicelib.intake.actions import exporting, judging
from chalicelib.intake.records import QuestionnaireResponse
from chalicelib.intake.rules.judging import FlagsFirst, NotHandedIn
from chalicelib.intake.rules.telling import TooLongForPaper
from chalicelib.intake.shapes import judging as shapes
from chalicelib.kit.problem import Changed

blueprint = Blueprint(__name__)

ONE = "/clinics/{clinic}/responses/{response}"


@door(
    blueprint,
    "POST",
    ONE + "/return",
    audience=Audience.STAFF,
    permission=Permission.RETURN_ITEM,
    body=shapes.ReturnAsked,
    asks=shapes.RETURN_ASKED,
    reply=shapes.Judged,
    answers=shapes.JUDGED,
    problems=[NotHandedIn, Changed],
)
def return_item(asked: Asked) -> Reply:
    """Ask a patient for one answer again, and say why; they are told. `If-Match` names the version that was seen."""
    wanted: shapes.ReturnAsked = asked.body
    return _told(
        judging.return_item(asked.clinic, asked.actor, asked.path["response"], wanted.path, wanted.note, _version(asked), asked.now)
    )


@door(
    blueprint,
    "POST",
    ONE + "/accept",
    audience=Audience.STAFF,
    permission=Permission.ACCEPT_RESPONSE,
    body=shapes.AcceptAsked,
    asks=shapes.ACCEPT_ASKED,
    reply=shapes.Judged,
    answers=shapes.JUDGED,
    problems=[NotHandedIn, FlagsFirst, Changed],
)
def accept_response(asked: Asked) -> Reply:
    """Say that answers will do, or that what cannot wait was seen. `If-Match` as for returnItem."""
    return _told(judging.accept_response(asked.clinic, asked.actor, asked.path["response"], asked.body.what, _version(asked), asked.now))


@door(
    blueprint,
    "POST",
    ONE + "/export",
    audience=None,
    permission=Permission.EXPORT_RESPONSE,
    step_up=True,
    reads=True,
    body=shapes.ExportAsked,
    asks=shapes.EXPORT_ASKED,
    reply=shapes.ExportedFile,
    answers=shapes.EXPORTED,
    problems=[TooLongForPaper],
)
def export_response(asked: Asked) -> shapes.ExportedFile:
    """A patient's own answers as FHIR's JSON, a PDF or a sheet; staff confirm that it is them, and say why."""
    wanted: shapes.ExportAsked = asked.body
    return shapes.exported(
        exporting.export_response(
            asked.clinic, asked.actor, asked.path["response"], wanted.format, wanted.edition, wanted.reason, asked.now
        )
    )


def _version(asked: Asked) -> int | None:
    return requests.version(asked.headers.get("if-match", ""))


def _told(response: QuestionnaireResponse) -> Reply:
    return Reply(body=shapes.judged(response), headers={"ETag": f'"{response.version}"'})

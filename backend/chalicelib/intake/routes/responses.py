"""The doors of answers, for the patients who give them; who may see them may look."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.doors import reading as requests
from chalicelib.doors.endpoint import Asked, Permission, Reply, door
from chalicelib.intake.actions import handing, responses
from chalicelib.intake.actions.handing import Signing
from chalicelib.intake.rules import saving, submitting
from chalicelib.intake.rules.saving import Sent, Shown
from chalicelib.intake.shapes import responses as shapes
from chalicelib.intake.shapes import sending, visits
from chalicelib.kit.problem import Changed

blueprint = Blueprint(__name__)

VISIT = "/clinics/{clinic}/appointments/{appointment}/responses"
ONE = "/clinics/{clinic}/responses/{response}"
LARGEST = 1024 * 1024  # bytes of a request with answers
DEEPEST = 90  # levels of its JSON: items lie 20 deep, each an object in a list, with its answer an object in a list


@door(
    blueprint,
    "GET",
    VISIT,
    audience=None,
    permission=Permission.LIST_RESPONSES,
    reads=True,
    reply=visits.ResponseList,
    answers=visits.LIST,
)
def list_responses(asked: Asked) -> visits.ResponseList:
    """The forms that a visit needs or has, and how far each has come."""
    told = responses.list_responses(asked.clinic, asked.actor, asked.path["appointment"], asked.now)
    return visits.response_list(asked.clinic, told, asked.language, staff=asked.actor.is_staff)


@door(
    blueprint,
    "POST",
    VISIT,
    permission=Permission.START_RESPONSE,
    body=sending.Starting,
    asks=sending.STARTING,
    reply=shapes.ResponseView,
    answers=shapes.VIEW,
    problems=[saving.NotOffered, saving.Retired, saving.VisitCancelled],
)
def start_response(asked: Asked) -> Reply:
    """Begin a form for one of the caller's own visits, or go on with the one that was begun: there is one for each form and visit."""
    wanted: sending.Starting = asked.body
    appointment = asked.path["appointment"]
    shown = responses.start_response(asked.clinic, asked.actor, appointment, wanted.questionnaire, wanted.language, asked.now)
    return _reply(asked, shown)


@door(
    blueprint,
    "GET",
    ONE,
    audience=None,
    permission=Permission.GET_RESPONSE,
    reads=True,
    reply=shapes.ResponseView,
    answers=shapes.VIEW,
)
def get_response(asked: Asked) -> Reply:
    """A form as it was answered so far."""
    return _reply(asked, responses.get_response(asked.clinic, asked.actor, asked.path["response"], asked.now))


@door(
    blueprint,
    "POST",
    ONE + "/save",
    permission=Permission.SAVE_RESPONSE,
    largest=LARGEST,
    deepest=DEEPEST,
    body=sending.Saving,
    asks=sending.SAVING,
    reply=shapes.ResponseView,
    answers=shapes.VIEW,
    problems=[saving.AlreadySent, saving.VisitCancelled, Changed],
)
def save_response(asked: Asked) -> Reply:
    """Keep a draft as far as it is. `If-Match` names the version that the page has; where it is older, `known` says what it knew."""
    wanted: sending.Saving = asked.body
    sent = Sent(wanted.items, wanted.known, wanted.seen, wanted.page, wanted.language)
    shown = responses.save_response(asked.clinic, asked.actor, asked.path["response"], sent, _version(asked), asked.now)
    return _reply(asked, shown)


@door(
    blueprint,
    "POST",
    ONE + "/submit",
    permission=Permission.SUBMIT_RESPONSE,
    largest=LARGEST,
    deepest=DEEPEST,
    body=sending.Submitting,
    asks=sending.SUBMITTING,
    reply=shapes.ResponseView,
    answers=shapes.VIEW,
    problems=[saving.AlreadySent, saving.VisitCancelled, submitting.FilesUnderWay, Changed],
)
def submit_response(asked: Asked) -> Reply:
    """Hand a form in, signed where it is signed. `If-Match` as for saveResponse; the very same once more gets the same answer."""
    wanted: sending.Submitting = asked.body
    sent = Sent(wanted.items, wanted.known, wanted.seen, "", wanted.language)
    signing = Signing(wanted.signatures, asked.signed_in.methods)
    shown = handing.submit_response(asked.clinic, asked.actor, asked.path["response"], sent, signing, _version(asked), asked.now)
    return _reply(asked, shown)


@door(
    blueprint,
    "POST",
    ONE + "/amend",
    permission=Permission.AMEND_RESPONSE,
    limits=submitting.AMENDMENTS,
    largest=LARGEST,
    deepest=DEEPEST,
    body=sending.Amending,
    asks=sending.AMENDING,
    reply=shapes.ResponseView,
    answers=shapes.VIEW,
    problems=[submitting.NotSentYet, saving.VisitCancelled, submitting.FilesUnderWay, Changed],
)
def amend_response(asked: Asked) -> Reply:
    """Change what was handed in, or take back what was agreed to; what was handed in before stays as it was."""
    wanted: sending.Amending = asked.body
    sent = Sent(wanted.items, None, wanted.seen, "", wanted.language)
    signing = Signing(wanted.signatures, asked.signed_in.methods, wanted.withdrawn, wanted.kept, wanted.reason)
    shown = handing.amend_response(asked.clinic, asked.actor, asked.path["response"], sent, signing, _version(asked), asked.now)
    return _reply(asked, shown)


def _version(asked: Asked) -> int | None:
    return requests.version(asked.headers.get("if-match", ""))


def _reply(asked: Asked, shown: Shown) -> Reply:
    view = shapes.response_view(asked.clinic, shown, asked.language, asked.now)
    return Reply(body=view, headers={"ETag": f'"{view.version}"'})

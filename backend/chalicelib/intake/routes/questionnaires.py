"""The doors of forms, for who manages a clinic: what there is, importing, drafting, trying, publishing, retiring."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.doors import reading as requests
from chalicelib.doors.endpoint import Asked, Audience, Permission, Reply, door
from chalicelib.intake.actions import managing, previewing
from chalicelib.intake.records import Held
from chalicelib.intake.rules import publishing
from chalicelib.intake.shapes import previews
from chalicelib.intake.shapes import questionnaires as shapes
from chalicelib.kit.problem import Changed

blueprint = Blueprint(__name__)

ALL = "/clinics/{clinic}/questionnaires"
ONE = ALL + "/{questionnaire}"
LARGEST = 1024 * 1024  # bytes of a request that brings a form along
DEEPEST = 80  # levels of its JSON: items lie 20 deep, each in a list of an object, and an extension has some of its own


@door(
    blueprint,
    "GET",
    ALL,
    audience=Audience.STAFF,
    permission=Permission.LIST_QUESTIONNAIRES,
    reply=shapes.FormList,
    answers=shapes.LIST,
)
def list_questionnaires(asked: Asked) -> shapes.FormList:
    """All forms of a clinic: the newest version of each, and its draft."""
    found = managing.list_questionnaires(asked.clinic, asked.actor)
    return shapes.FormList(forms=[shapes.listed_form(asked.clinic, each, asked.language) for each in found])


@door(
    blueprint,
    "GET",
    ONE,
    audience=Audience.STAFF,
    permission=Permission.GET_QUESTIONNAIRE,
    query=shapes.VersionQuery,
    reply=shapes.QuestionnaireView,
    answers=shapes.QUESTIONNAIRE,
)
def get_questionnaire(asked: Asked) -> Reply:
    """A version of a form, or its draft, as FHIR's JSON, and what reading it says."""
    return _held(asked, managing.get_questionnaire(asked.clinic, asked.actor, asked.path["questionnaire"], asked.query.version))


@door(
    blueprint,
    "POST",
    ALL + "/import",
    audience=Audience.STAFF,
    permission=Permission.IMPORT_QUESTIONNAIRE,
    limits=publishing.READINGS,
    largest=LARGEST,
    deepest=DEEPEST,
    body=shapes.Import,
    asks=shapes.IMPORT,
    reply=shapes.Imported,
    answers=shapes.IMPORTED,
    problems=[publishing.DraftThere],
)
def import_questionnaire(asked: Asked) -> shapes.Imported:
    """Bring a form along: what works, what is ignored, what is refused. One without refusals becomes a draft."""
    wanted: shapes.Import = asked.body
    found, draft = managing.import_questionnaire(asked.clinic, asked.actor, wanted.document, asked.now, replace=wanted.replace)
    return shapes.imported(asked.clinic, found, draft, asked.language)


@door(
    blueprint,
    "POST",
    ONE + "/draft",
    audience=Audience.STAFF,
    permission=Permission.DRAFT_QUESTIONNAIRE,
    largest=LARGEST,
    deepest=DEEPEST,
    body=shapes.Drafting,
    asks=shapes.DRAFTING,
    reply=shapes.QuestionnaireView,
    answers=shapes.QUESTIONNAIRE,
    problems=[Changed],
)
def draft_questionnaire(asked: Asked) -> Reply:
    """Begin a draft of a form, or save it as it was edited; `If-Match` may name the change they saw."""
    document = asked.body.document
    held = managing.draft_questionnaire(asked.clinic, asked.actor, asked.path["questionnaire"], document, _change(asked), asked.now)
    return _held(asked, held)


@door(
    blueprint,
    "POST",
    ONE + "/preview",
    audience=Audience.STAFF,
    permission=Permission.PREVIEW_QUESTIONNAIRE,
    limits=publishing.TRIALS,
    largest=LARGEST,
    deepest=DEEPEST,
    body=previews.Preview,
    asks=previews.PREVIEW,
    reply=previews.Previewed,
    answers=previews.PREVIEWED,
    problems=[publishing.NoDraft],
)
def preview_questionnaire(asked: Asked) -> previews.Previewed:
    """Try answers with the draft; nothing is kept."""
    wanted: previews.Preview = asked.body
    name, tongue = asked.path["questionnaire"], asked.language.split("-")[0]
    tried = previewing.preview_questionnaire(asked.clinic, asked.actor, name, wanted.item, tongue, asked.now, complete=wanted.complete)
    return previews.previewed(tried.form, tried.decisions, tried.refused, tried.scores, tried.flags)


@door(
    blueprint,
    "POST",
    ONE + "/publish",
    audience=Audience.STAFF,
    permission=Permission.PUBLISH_QUESTIONNAIRE,
    step_up=True,
    once=True,
    body=shapes.Confirmed,
    asks=shapes.Confirmed(),
    reply=shapes.ListedForm,
    answers=shapes.LISTED,
    problems=[publishing.NoDraft, Changed],
)
def publish_questionnaire(asked: Asked) -> shapes.ListedForm:
    """Make the draft the next version, in the place of the one before; `If-Match` may name the change they saw."""
    once = asked.once.answering(lambda made: shapes.listed_form(asked.clinic, made, asked.language))
    name = asked.path["questionnaire"]
    made = managing.publish_questionnaire(asked.clinic, asked.actor, name, _change(asked), asked.now, once)
    return shapes.listed_form(asked.clinic, made, asked.language)


@door(
    blueprint,
    "POST",
    ONE + "/retire",
    audience=Audience.STAFF,
    permission=Permission.RETIRE_QUESTIONNAIRE,
    step_up=True,
    body=shapes.Confirmed,
    asks=shapes.Confirmed(),
    reply=shapes.ListedForm,
    answers=shapes.LISTED,
    problems=[publishing.NoDraft],
)
def retire_questionnaire(asked: Asked) -> shapes.ListedForm:
    """Offer a form no longer; what was begun on it can be finished."""
    kept = managing.retire_questionnaire(asked.clinic, asked.actor, asked.path["questionnaire"], asked.now)
    return shapes.listed_form(asked.clinic, kept, asked.language)


def _change(asked: Asked) -> int | None:
    return requests.version(asked.headers.get("if-match", ""))


def _held(asked: Asked, held: Held) -> Reply:
    view = shapes.questionnaire_view(asked.clinic, held, asked.language)
    return Reply(body=view, headers={"ETag": f'"{view.change}"'} if view.change else {})

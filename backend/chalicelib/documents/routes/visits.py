"""The doors of what a visit needs of documents and has: sending one for it, seeing them all, and who pays."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.documents import rules
from chalicelib.documents.actions import judging, reading, sending
from chalicelib.documents.records import Wanted
from chalicelib.documents.shapes import fhir, files, visits
from chalicelib.doors import reading as requests
from chalicelib.doors.endpoint import Asked, Audience, Permission, Reply, door
from chalicelib.kit.problem import Changed

blueprint = Blueprint(__name__)

VISIT = "/clinics/{clinic}/appointments/{appointment}"


@door(
    blueprint,
    "POST",
    VISIT + "/documents",
    permission=Permission.REQUEST_UPLOAD,
    limits=rules.UPLOADS,
    body=Wanted,
    asks=files.WANTED,
    reply=files.Upload,
    answers=files.UPLOAD,
    status=201,
    problems=[rules.NothingWanted, rules.TooManyFiles],
)
def request_upload(asked: Asked) -> files.Upload:
    """A way to send one file for one of the caller's own visits, good for five minutes."""
    way = sending.request_upload(asked.clinic, asked.actor, asked.path["appointment"], asked.body, asked.now)
    document = files.document_view(asked.clinic, way.document, asked.language, staff=False)
    return files.Upload(document=document, url=way.form.url, fields=way.form.fields, until=way.until)


@door(
    blueprint,
    "GET",
    VISIT + "/documents",
    audience=None,
    permission=Permission.LIST_DOCUMENTS,
    reads=True,
    reply=visits.VisitDocuments,
    answers=visits.VISIT,
)
def list_documents(asked: Asked) -> visits.VisitDocuments:
    """What a visit needs of documents and has."""
    told = reading.list_documents(asked.clinic, asked.actor, asked.path["appointment"], asked.now)
    return visits.visit_documents(asked.clinic, told, asked.now, asked.language)


@door(
    blueprint,
    "POST",
    VISIT + "/documents/export",
    audience=Audience.STAFF,
    permission=Permission.EXPORT_DOCUMENTS,
    step_up=True,
    reads=True,
    body=visits.ExportWanted,
    asks=visits.EXPORT_WANTED,
    reply=visits.Export,
    answers=visits.EXPORT,
)
def export_documents(asked: Asked) -> visits.Export:
    """Links to all of a visit's files, for a reason that is written down."""
    found = reading.export_documents(asked.clinic, asked.actor, asked.path["appointment"], asked.body.reason, asked.now)
    references = [fhir.reference(asked.clinic, each.document, asked.language) for each in found]
    return visits.Export(links=[files.link(each) for each in found], references=references)


@door(
    blueprint,
    "POST",
    VISIT + "/insurance",
    audience=Audience.STAFF,
    permission=Permission.SET_INSURANCE_STATUS,
    body=visits.InsuranceWanted,
    asks=visits.INSURANCE_WANTED,
    reply=visits.InsuranceView,
    answers=visits.INSURANCE,
    problems=[Changed],
)
def set_insurance_status(asked: Asked) -> Reply:
    """Say what is known of who pays for a visit; `If-Match` may name the version they saw."""
    wanted: visits.InsuranceWanted = asked.body
    version = requests.version(asked.headers.get("if-match", ""))
    appointment = asked.path["appointment"]
    folder = judging.set_insurance_status(asked.clinic, asked.actor, appointment, wanted.status, wanted.note, version, asked.now)
    return Reply(body=visits.insurance_view(asked.clinic, folder, asked.language, staff=True), headers={"ETag": f'"{folder.version}"'})

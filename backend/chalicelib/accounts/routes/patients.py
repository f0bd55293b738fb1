"""The doors of the desk and of who cares for patients; they serve the rooms of people and visits, whose floors lie below the doors."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.accounts import rules
from chalicelib.accounts.actions import linking
from chalicelib.accounts.actions import patients as actions
from chalicelib.accounts.routes.codes import shown_to_patient
from chalicelib.accounts.rules import linking as codes
from chalicelib.accounts.shapes import patients as shapes
from chalicelib.accounts.shapes.codes import SIGNED_IN, SessionView
from chalicelib.doors.endpoint import Asked, Audience, KeyReused, Permission, door
from chalicelib.kit.problem import Unreadable

blueprint = Blueprint(__name__)

PATIENTS = "/clinics/{clinic}/patients"


@door(
    blueprint,
    "POST",  # a name that somebody typed must not stand in an address, where logs keep it
    PATIENTS + "/search",
    permission=Permission.LIST_PATIENTS,
    audience=Audience.STAFF,
    reads=True,
    body=shapes.PatientSearch,
    asks=shapes.SEARCH,
    reply=shapes.PatientList,
    answers=shapes.PATIENTS,
    problems=[Unreadable],
)
def list_patients(asked: Asked) -> shapes.PatientList:
    """Patients of the clinic by the beginning of a name."""
    wanted: shapes.PatientSearch = asked.body
    found, after = actions.list_patients(asked.clinic, asked.actor, wanted.name, wanted.limit, wanted.cursor, asked.now)
    return shapes.patient_list(found, after)


@door(
    blueprint,
    "GET",
    PATIENTS + "/{patient}",
    permission=Permission.GET_PATIENT,
    audience=Audience.STAFF,
    reads=True,
    reply=shapes.PatientRecord,
    answers=shapes.PATIENT,
)
def get_patient(asked: Asked) -> shapes.PatientRecord:
    """A patient of the clinic; who cares for patients finds those who have a visit with them."""
    patient, has_account = actions.get_patient(asked.clinic, asked.actor, asked.path["patient"], asked.now)
    return shapes.patient_record(patient, has_account=has_account)


@door(
    blueprint,
    "POST",
    "/clinics/{clinic}/patient-records",
    permission=Permission.ADD_PATIENT,
    audience=Audience.STAFF,
    body=shapes.RecordWanted,
    asks=shapes.WANTED,
    reply=shapes.PatientRecord,
    answers=shapes.PATIENT,
    status=201,
    once=True,
    problems=[KeyReused],
)
def add_patient(asked: Asked) -> shapes.PatientRecord:
    """Make a record for somebody who has no account."""
    once = asked.once.answering(lambda patient: shapes.patient_record(patient, has_account=False))
    return shapes.patient_record(actions.add_patient(asked.clinic, asked.actor, asked.body.said(), asked.now, once), has_account=False)


@door(
    blueprint,
    "POST",
    PATIENTS + "/{patient}/link-code",
    permission=Permission.ISSUE_LINK_CODE,
    audience=Audience.STAFF,
    limits=codes.ISSUES,
    body=shapes.LinkCodeWanted,
    asks=shapes.LinkCodeWanted(),
    reply=shapes.LinkCodeView,
    answers=shapes.CODE,
    problems=[codes.AlreadyLinked],
)
def issue_link_code(asked: Asked) -> shapes.LinkCodeView:
    """Give a patient a code by which their account becomes that of their record."""
    return shapes.link_code(linking.issue_link_code(asked.clinic, asked.actor, asked.path["patient"], asked.now))


@door(
    blueprint,
    "POST",
    "/clinics/{clinic}/link",
    permission=Permission.LINK_PATIENT,
    limits=codes.TRIES,
    body=shapes.LinkCodeTyped,
    asks=shapes.TYPED,
    reply=SessionView,
    answers=SIGNED_IN,
    problems=[rules.WrongCode, codes.AlreadyLinked],
)
def link_patient(asked: Asked) -> SessionView:
    """Be, from now on, the patient whose code the front desk gave."""
    return shown_to_patient(linking.link_patient(asked.clinic, asked.signed_in, asked.body.code, asked.now), asked.now)

"""The doors of the clinic's tablet: giving a code for one visit, and opening the tablet with it."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.accounts import rules
from chalicelib.accounts.actions import kiosk as actions
from chalicelib.accounts.routes.codes import patients_session, shown_to_patient
from chalicelib.accounts.rules import kiosk
from chalicelib.accounts.shapes import kiosk as shapes
from chalicelib.accounts.shapes.codes import SIGNED_IN, SessionView
from chalicelib.doors.endpoint import Asked, Audience, Permission, Reply, Who, door
from chalicelib.identity import actions as identity

blueprint = Blueprint(__name__)


@door(
    blueprint,
    "POST",
    "/clinics/{clinic}/appointments/{appointment}/kiosk",
    permission=Permission.START_KIOSK,
    audience=Audience.STAFF,
    limits=kiosk.STARTS,
    body=shapes.KioskWanted,
    asks=shapes.KioskWanted(),
    reply=shapes.KioskView,
    answers=shapes.CODE,
    problems=[kiosk.NotAhead],
)
def start_kiosk(asked: Asked) -> shapes.KioskView:
    """Give a code that opens a tablet of the clinic for this visit's patient."""
    code, language = actions.start_kiosk(asked.clinic, asked.actor, asked.path["appointment"], asked.now)
    return shapes.view(asked.clinic, code, language)


@door(
    blueprint,
    "POST",
    "/clinics/{clinic}/kiosk",
    who=Who.ANYONE,
    body=shapes.KioskTyped,
    asks=shapes.TYPED,
    reply=SessionView,
    answers=SIGNED_IN,
    problems=[rules.WrongCode],
)
def open_kiosk(asked: Asked) -> Reply:
    """Begin on a tablet of the clinic with the code from the front desk; it is for one visit, and ends after five minutes of nothing."""
    session, token = actions.open_kiosk(asked.clinic, asked.body.code, asked.address, asked.language, patients_session(asked), asked.now)
    return Reply(body=shown_to_patient(session, asked.now), cookies=(identity.session_cookie(session, token, asked.now),))

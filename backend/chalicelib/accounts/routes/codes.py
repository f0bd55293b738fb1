"""The doors of signing in, of saying who one is, and of signing out."""

from __future__ import annotations

from datetime import datetime

from chalice.app import Blueprint

from chalicelib.accounts import actions, rules, shapes
from chalicelib.accounts.rules import devices
from chalicelib.doors.endpoint import Asked, Audience, Permission, Reply, Who, door
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Session
from chalicelib.people import actions as people

blueprint = Blueprint(__name__)

# The browser's Back must not show what was on the page: this drops pages kept in memory too. Storage is left alone: the
# patients' host is one origin for all clinics, and the pages clear what is theirs.
LEAVING = {"Clear-Site-Data": '"cache"'}


@door(
    blueprint,
    "POST",
    "/clinics/{clinic}/sign-in/start",
    who=Who.ANYONE,
    body=shapes.SignInStart,
    asks=shapes.START,
    reply=shapes.SignInSent,
    answers=shapes.SENT,
    status=202,
)
def start_sign_in(asked: Asked) -> Reply:
    """Mail a sign-in code; the answer is the same for every address."""
    name = actions.cookie_name(asked.clinic.id)
    held, known = asked.cookies.get(name, ""), asked.cookies.get(actions.known_name(asked.clinic.id), "")
    token = actions.start_sign_in(asked.clinic, asked.body.email, asked.language, asked.address, asked.now, held, known)
    lasting = int(rules.LIFE.total_seconds())
    return Reply(body=shapes.SENT, cookies=(identity.set_cookie(name, token, lasting),))


@door(
    blueprint,
    "POST",
    "/clinics/{clinic}/sign-in/verify",
    who=Who.ANYONE,
    body=shapes.SignInCode,
    asks=shapes.CODE,
    reply=shapes.SessionView,
    answers=shapes.SIGNED_IN,
    problems=[rules.WrongCode, rules.CodeExpired],
)
def verify_sign_in(asked: Asked) -> Reply:
    """Sign in with the mailed code, in the browser that asked for it."""
    name = actions.cookie_name(asked.clinic.id)
    held = asked.cookies.get(name, "")
    device = devices.named(asked.headers.get("user-agent", ""))
    session, token = actions.verify_sign_in(asked.clinic, held, asked.body.code, asked.address, asked.now, patients_session(asked), device)
    cookies = (identity.session_cookie(session, token, asked.now), _known(asked, session), identity.clear_cookie(name))
    return Reply(body=shown_to_patient(session, asked.now), cookies=cookies)


@door(blueprint, "GET", "/clinics/{clinic}/session", who=Who.ANYONE, reply=shapes.SessionView, answers=shapes.SIGNED_IN, polls=True)
def get_session(asked: Asked) -> shapes.SessionView:
    """Who is signed in to this clinic; also when nobody is."""
    return shown_to_patient(patients_session(asked), asked.now)


@door(
    blueprint,
    "POST",
    "/clinics/{clinic}/patients",
    permission=Permission.REGISTER_PATIENT,
    body=shapes.PatientWanted,
    asks=shapes.WANTED,
    reply=shapes.SessionView,
    answers=shapes.SIGNED_IN,
    status=201,
    problems=[rules.AlreadyRegistered],
)
def register_patient(asked: Asked) -> shapes.SessionView:
    """Say who one is, once; visits are booked for this patient."""
    return shown_to_patient(actions.register_patient(asked.clinic, asked.signed_in, asked.body.said(), asked.now), asked.now)


@door(
    blueprint,
    "POST",
    "/clinics/{clinic}/sign-out",
    permission=Permission.SIGN_OUT,
    audience=None,
    enrolling=True,
    body=shapes.SignOut,
    asks=shapes.SignOut(),
    reply=shapes.SessionView,
    answers=shapes.SIGNED_OUT,
)
def sign_out(asked: Asked) -> Reply:
    """End the session at once."""
    session = asked.signed_in
    actions.sign_out(asked.clinic, session, asked.now)
    cookie = identity.clear_cookie(identity.cookie_name(session.audience, asked.clinic.id))
    return Reply(body=shapes.SIGNED_OUT, cookies=(cookie,), headers=LEAVING)


def _known(asked: Asked, session: Session) -> str:
    """The cookie by which this browser is known from now on; signing out leaves it."""
    token = actions.know_device(asked.clinic, session, asked.now)
    return identity.set_cookie(actions.known_name(asked.clinic.id), token, int(rules.KNOWN_FOR.total_seconds()))


def patients_session(asked: Asked) -> Session | None:
    """The caller's session as a patient of this clinic, if any."""
    session = asked.session
    return session if session and session.audience is Audience.PATIENT and session.actor.clinic == asked.clinic.id else None


def shown_to_patient(session: Session | None, now: datetime) -> shapes.SessionView:
    """Who is signed in as the patients' portal shows it."""
    actor = session.actor if session else None
    patient = people.patient(actor.clinic, actor.patient) if actor and actor.patient else None
    return shapes.session_view(session, patient, now)

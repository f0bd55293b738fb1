"""The doors of being signed in: staying, working in another clinic, and the browsers one is signed in with."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.accounts import shapes
from chalicelib.accounts.actions import sessions as actions
from chalicelib.accounts.actions import staff_accounts
from chalicelib.accounts.routes.codes import LEAVING
from chalicelib.accounts.shapes import sessions as shown
from chalicelib.doors.endpoint import Asked, Audience, Permission, Reply, door
from chalicelib.identity import actions as identity
from chalicelib.kit.problem import NotFound

blueprint = Blueprint(__name__)

SESSIONS = "/clinics/{clinic}/sessions"


@door(
    blueprint,
    "POST",
    "/clinics/{clinic}/session/extend",
    permission=Permission.EXTEND_SESSION,
    audience=None,
    body=shown.SessionExtend,
    asks=shown.SessionExtend(),
    reply=shown.SessionExtended,
    answers=shown.EXTENDED,
    polls=True,  # it renews the idle time itself
)
def extend_session(asked: Asked) -> shown.SessionExtended:
    """Stay signed in."""
    return shown.SessionExtended(idle_seconds=actions.extend_session(asked.signed_in, asked.now))


@door(
    blueprint,
    "POST",
    "/session/clinic",
    permission=Permission.SWITCH_CLINIC,
    audience=Audience.STAFF,
    body=shown.ClinicSwitch,
    asks=shown.SWITCH,
    reply=shapes.StaffSessionView,
    answers=shapes.STAFF,
    problems=[NotFound],
)
def switch_clinic(asked: Asked) -> Reply:
    """Work in another clinic, in a session of its own; the one that asks ends."""
    session, token = actions.switch_clinic(asked.signed_in, asked.body.clinic, asked.now)
    return Reply(body=staff_accounts.view(session, asked.now), cookies=(identity.session_cookie(session, token, asked.now),))


@door(blueprint, "GET", SESSIONS, permission=Permission.LIST_SESSIONS, audience=None, reply=shown.SessionList, answers=shown.SESSIONS)
def list_sessions(asked: Asked) -> shown.SessionList:
    """The browsers one is signed in with; of staff in all the clinics they work in."""
    return shown.session_list(actions.list_sessions(asked.actor, asked.now), asked.signed_in.id)


@door(
    blueprint,
    "POST",
    SESSIONS + "/{session}/end",
    permission=Permission.END_SESSION,
    audience=None,
    body=shown.SessionEnd,
    asks=shown.SessionEnd(),
    reply=shown.SessionList,
    answers=shown.SESSIONS,
)
def end_session(asked: Asked) -> Reply:
    """End one of one's own sessions at once."""
    return _left(asked, actions.end_session(asked.actor, asked.path["session"], asked.now))


@door(
    blueprint,
    "POST",
    SESSIONS + "/end-all",
    permission=Permission.END_ALL_SESSIONS,
    audience=None,
    body=shown.SessionsEnd,
    asks=shown.SessionsEnd(),
    reply=shown.SessionList,
    answers=shown.SESSIONS,
)
def end_all_sessions(asked: Asked) -> Reply:
    """End all of one's sessions at once, the one that asks only if it says so."""
    return _left(asked, actions.end_all_sessions(asked.signed_in, asked.now, this=asked.body.this))


def _left(asked: Asked, listed: actions.Listed) -> Reply:
    """What is left; whose own session is not among it leaves with its cookie."""
    current = asked.signed_in
    body = shown.session_list(listed, current.id)
    if any(session.id == current.id for session, _, _ in listed):
        return Reply(body=body)
    return Reply(body=body, cookies=(identity.clear_cookie(identity.cookie_name(current.audience, asked.clinic.id)),), headers=LEAVING)

"""The doors of signing in by a mailed code and an authenticator app, and of showing once more who one is."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.accounts import rules, shapes
from chalicelib.accounts.actions import browsers, staff_codes
from chalicelib.accounts.actions import step_up as steps
from chalicelib.accounts.routes import staff_sessions
from chalicelib.accounts.rules import proving
from chalicelib.accounts.shapes import passkeys as shown
from chalicelib.doors.endpoint import Asked, Audience, Permission, Reply, Who, door
from chalicelib.identity import actions as identity
from chalicelib.kit.problem import LookAgain

blueprint = Blueprint(__name__)


@door(
    blueprint,
    "POST",
    "/staff/sign-in/start",
    who=Who.ANYONE,
    audience=Audience.STAFF,
    body=shapes.SignInStart,
    asks=shapes.START,
    reply=shapes.SignInSent,
    answers=shapes.SENT,
    status=202,
)
def start_staff_sign_in(asked: Asked) -> Reply:
    """Mail a sign-in code; the answer is the same for every address."""
    browser = staff_sessions.browser(asked, browsers.CHALLENGE)
    token = staff_codes.start_staff_sign_in(asked.body.email, asked.language, browser, asked.now)
    cookie = identity.set_cookie(browsers.CHALLENGE, token, int(rules.LIFE.total_seconds()))
    return Reply(body=shapes.SENT, cookies=(cookie,))


@door(
    blueprint,
    "POST",
    "/staff/sign-in/verify",
    who=Who.ANYONE,
    audience=Audience.STAFF,
    body=shown.StaffSignInCode,
    asks=shown.STAFF_CODE,
    reply=shapes.StaffSessionView,
    answers=shapes.STAFF,
    problems=[rules.WrongCode, rules.CodeExpired],
)
def verify_staff_sign_in(asked: Asked) -> Reply:
    """Sign in with the mailed code and the authenticator app's, in the browser that asked."""
    browser = staff_sessions.browser(asked, browsers.CHALLENGE)
    opened = staff_codes.verify_staff_sign_in(asked.body.code, asked.body.totp, browser, asked.now)
    return staff_sessions.entered(asked, opened, browsers.CHALLENGE)


@door(
    blueprint,
    "POST",
    "/step-up/start",
    permission=Permission.START_STEP_UP,
    audience=Audience.STAFF,
    body=shown.Empty,
    asks=shown.Empty(),
    reply=shown.StepUpView,
    answers=shown.STEP_UP_VIEW,
    limits=proving.STEP_UPS,
)
def start_step_up(asked: Asked) -> Reply:
    """Begin to show once more who one is: with one's own passkeys, or an authenticator app."""
    view, token = steps.start_step_up(asked.signed_in, asked.now)
    return Reply(body=view, cookies=(staff_sessions.ceremony(token),))


@door(
    blueprint,
    "POST",
    "/step-up",
    permission=Permission.STEP_UP,
    audience=Audience.STAFF,
    body=shown.StepUp,
    asks=shown.STEP_UP,
    reply=shapes.StaffSessionView,
    answers=shapes.STAFF,
    problems=[proving.WrongPasskey, rules.WrongCode],
    limits=proving.STEP_UPS,
)
def step_up(asked: Asked) -> Reply:
    """Show once more who one is; the session gets a new cookie, and counts as fresh for five minutes."""
    if (asked.body.credential is None) == (not asked.body.totp):
        raise LookAgain(errors=[{"field": "credential", "detail": "Give a passkey's answer or an app's code, one of them."}])
    held = asked.cookies.get(browsers.CEREMONY, "")
    return staff_sessions.entered(asked, steps.step_up(asked.signed_in, asked.body, held, asked.now), browsers.CEREMONY)

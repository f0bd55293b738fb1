"""The doors of passkeys: signing in with one, setting one up, and taking one away."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.accounts import shapes
from chalicelib.accounts.actions import browsers
from chalicelib.accounts.actions import passkeys as actions
from chalicelib.accounts.routes import factors, staff_sessions
from chalicelib.accounts.rules import proving
from chalicelib.accounts.shapes import passkeys as shown
from chalicelib.doors.endpoint import Asked, Audience, Permission, Reply, Who, door

blueprint = Blueprint(__name__)


@door(
    blueprint,
    "POST",
    "/staff/sign-in/passkey/start",
    who=Who.ANYONE,
    audience=Audience.STAFF,
    body=shown.Empty,
    asks=shown.Empty(),
    reply=shown.PasskeyAsked,
    answers=shown.ASKED,
    limits=(proving.CEREMONIES_FROM,),
)
def start_passkey_sign_in(asked: Asked) -> Reply:
    """Begin to sign in with a passkey; the same for everybody."""
    options, token = actions.start_passkey_sign_in(asked.now)
    return Reply(body=shown.PasskeyAsked(public_key=options), cookies=(staff_sessions.ceremony(token),))


@door(
    blueprint,
    "POST",
    "/staff/sign-in/passkey/finish",
    who=Who.ANYONE,
    audience=Audience.STAFF,
    body=shown.PasskeySignIn,
    asks=shown.PASSKEY_SIGN_IN,
    reply=shapes.StaffSessionView,
    answers=shapes.STAFF,
    problems=[proving.WrongPasskey],
    limits=(proving.PASSKEYS_FROM,),
)
def finish_passkey_sign_in(asked: Asked) -> Reply:
    """Sign in with a passkey, in the browser that began, within five minutes."""
    browser = staff_sessions.browser(asked, browsers.CEREMONY)
    opened = actions.finish_passkey_sign_in(asked.body.credential, browser, asked.now)
    return staff_sessions.entered(asked, opened, browsers.CEREMONY)


@door(
    blueprint,
    "POST",
    "/passkeys/start",
    permission=Permission.REGISTER_PASSKEY,
    enrolling=True,
    body=shown.Empty,
    asks=shown.Empty(),
    reply=shown.PasskeyWanted,
    answers=shown.PASSKEY_WANTED,
    problems=[proving.TooManyPasskeys],
    **factors.GUARDED,
)
def register_passkey(asked: Asked) -> Reply:
    """Begin to set up a passkey."""
    options, token = actions.register_passkey(asked.signed_in, asked.now)
    return Reply(body=shown.PasskeyWanted(public_key=options), cookies=(staff_sessions.ceremony(token),))


@door(
    blueprint,
    "POST",
    "/passkeys/finish",
    permission=Permission.FINISH_PASSKEY,
    enrolling=True,
    body=shown.PasskeyMade,
    asks=shown.PASSKEY_MADE,
    problems=[proving.WrongPasskey],
    **factors.GUARDED,
    **factors.LISTED,
)
def finish_passkey(asked: Asked) -> Reply:
    """Keep a new passkey; the session gets a new cookie."""
    held = asked.cookies.get(browsers.CEREMONY, "")
    opened = actions.finish_passkey(asked.signed_in, asked.body.credential, asked.body.label, held, asked.now)
    return factors.changed(asked, opened, browsers.CEREMONY)


@door(
    blueprint,
    "POST",
    "/passkeys/{passkey}/remove",
    permission=Permission.REMOVE_PASSKEY,
    body=shown.Empty,
    asks=shown.Empty(),
    problems=[proving.LastFactor],
    **factors.GUARDED,
    **factors.LISTED,
)
def remove_passkey(asked: Asked) -> Reply:
    """Take a passkey away; every other session of the account ends."""
    return factors.changed(asked, actions.remove_passkey(asked.signed_in, asked.path["passkey"], asked.now))

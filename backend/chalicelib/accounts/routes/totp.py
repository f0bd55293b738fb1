"""The doors of authenticator apps: setting one up, and taking it away."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.accounts import rules
from chalicelib.accounts.actions import totp as actions
from chalicelib.accounts.routes import factors
from chalicelib.accounts.rules import authenticators, proving
from chalicelib.accounts.shapes import passkeys as shown
from chalicelib.doors.endpoint import Asked, Permission, Reply, door
from chalicelib.kit.problem import NotFound

blueprint = Blueprint(__name__)


@door(
    blueprint,
    "POST",
    "/totp/start",
    permission=Permission.ENROL_TOTP,
    enrolling=True,
    body=shown.Empty,
    asks=shown.Empty(),
    reply=shown.TotpView,
    answers=shown.TOTP,
    **factors.GUARDED,
)
def enrol_totp(asked: Asked) -> shown.TotpView:
    """Begin to set up an authenticator app: its secret, shown this once."""
    shared, uri = actions.enrol_totp(asked.signed_in, asked.now)
    return shown.TotpView(secret=shared, uri=uri, qr=authenticators.picture(uri))


@door(
    blueprint,
    "POST",
    "/totp/finish",
    permission=Permission.VERIFY_TOTP,
    enrolling=True,
    body=shown.TotpCode,
    asks=shown.TOTP_CODE,
    problems=[rules.WrongCode],
    **factors.GUARDED,
    **factors.LISTED,
)
def verify_totp(asked: Asked) -> Reply:
    """Keep the authenticator app, by its first code; the session gets a new cookie."""
    return factors.changed(asked, actions.verify_totp(asked.signed_in, asked.body.code, asked.now))


@door(
    blueprint,
    "POST",
    "/totp/remove",
    permission=Permission.REMOVE_TOTP,
    body=shown.Empty,
    asks=shown.Empty(),
    problems=[proving.LastFactor, NotFound],
    **factors.GUARDED,
    **factors.LISTED,
)
def remove_totp(asked: Asked) -> Reply:
    """Take the authenticator app away; every other session of the account ends."""
    return factors.changed(asked, actions.remove_totp(asked.signed_in, asked.now))

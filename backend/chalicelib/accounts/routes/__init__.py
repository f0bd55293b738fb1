"""The doors of accounts, a blueprint a subject."""

from chalicelib.accounts.routes import (
    codes,
    factors,
    invitations,
    kiosk,
    passkeys,
    patients,
    roles,
    sessions,
    staff_sessions,
    staff_sign_in,
    totp,
    trail,
)

blueprints = (
    codes.blueprint,
    staff_sessions.blueprint,
    passkeys.blueprint,
    totp.blueprint,
    factors.blueprint,
    staff_sign_in.blueprint,
    invitations.blueprint,
    sessions.blueprint,
    patients.blueprint,
    kiosk.blueprint,
    roles.blueprint,
    trail.blueprint,
)

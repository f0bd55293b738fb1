"""The door of what one has to prove who one is with, and what the doors that change it have in common."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint

from chalicelib.accounts.actions import passkeys as actions
from chalicelib.accounts.routes import staff_sessions
from chalicelib.accounts.rules import proving
from chalicelib.accounts.shapes import passkeys as shown
from chalicelib.doors.endpoint import Asked, Audience, Permission, Reply, door
from chalicelib.identity.records import Session

blueprint = Blueprint(__name__)

GUARDED: dict[str, Any] = {"audience": Audience.STAFF, "step_up": True, "limits": proving.FACTORS}  # doors that begin a change or make it
LISTED: dict[str, Any] = {"reply": shown.FactorsView, "answers": shown.FACTORS}  # doors that answer with what one has


@door(blueprint, "GET", "/factors", permission=Permission.LIST_FACTORS, audience=Audience.STAFF, enrolling=True, **LISTED)
def list_factors(asked: Asked) -> shown.FactorsView:
    """What one can prove with who one is."""
    return shown.factors_view(actions.list_factors(asked.signed_in))


def changed(asked: Asked, opened: tuple[Session, str], spent: str = "") -> Reply:
    """What one has after a change, with the cookie of the renewed session; a cookie named `spent` goes."""
    session, _ = opened
    return Reply(body=shown.factors_view(actions.list_factors(session)), cookies=staff_sessions.cookies(asked, opened, spent))

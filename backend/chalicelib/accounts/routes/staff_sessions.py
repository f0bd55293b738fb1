"""The door that tells the staff's host who is signed in."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.accounts import shapes
from chalicelib.accounts.actions import staff_accounts
from chalicelib.doors.endpoint import Asked, Audience, Who, door
from chalicelib.identity.records import Session

blueprint = Blueprint(__name__)


@door(
    blueprint, "GET", "/session", who=Who.ANYONE, audience=Audience.STAFF, reply=shapes.StaffSessionView, answers=shapes.STAFF, polls=True
)
def get_staff_session(asked: Asked) -> shapes.StaffSessionView:
    """Who is signed in on the staff's host, and to which clinic; also when nobody is."""
    return staff_accounts.view(staffs(asked), asked.now)


def staffs(asked: Asked) -> Session | None:
    """The caller's session as somebody who works here, if any."""
    return asked.session if asked.session and asked.session.audience is Audience.STAFF else None

"""The door that tells the staff's host who is signed in, and the cookies that its other doors give."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.accounts import rules, shapes
from chalicelib.accounts.actions import browsers, staff_accounts
from chalicelib.accounts.records import Browser
from chalicelib.accounts.rules import devices, proving
from chalicelib.doors.endpoint import Asked, Audience, Reply, Who, door
from chalicelib.identity import actions as identity
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


def browser(asked: Asked, held: str) -> Browser:
    """Where the request comes from; `held` is the name of the cookie of what it has begun."""
    return Browser(
        address=asked.address,
        device=devices.named(asked.headers.get("user-agent", "")),
        known=asked.cookies.get(browsers.KNOWN, ""),
        held=asked.cookies.get(held, ""),
        before=staffs(asked),
    )


def entered(asked: Asked, opened: tuple[Session, str], spent: str = "") -> Reply:
    """A session that was just opened or renewed, with its cookie; a cookie named `spent` goes."""
    session, _ = opened
    return Reply(body=staff_accounts.view(session, asked.now), cookies=cookies(asked, opened, spent))


def cookies(asked: Asked, opened: tuple[Session, str], spent: str = "") -> tuple[str, ...]:
    """The session's cookie, and the one by which the browser is known from now on: once somebody proved who they are in it."""
    session, token = opened
    made = [identity.session_cookie(session, token, asked.now)]
    if session.proved is not None:
        known = browsers.know(asked.cookies.get(browsers.KNOWN, ""), session.actor.account, asked.now)
        made.append(identity.set_cookie(browsers.KNOWN, known, int(rules.KNOWN_FOR.total_seconds())))
    return (*made, identity.clear_cookie(spent)) if spent else tuple(made)


def ceremony(token: str) -> str:
    """The cookie of a ceremony that begins."""
    return identity.set_cookie(browsers.CEREMONY, token, int(proving.CEREMONY.total_seconds()))

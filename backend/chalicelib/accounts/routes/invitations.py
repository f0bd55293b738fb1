"""The doors of being invited to work in a clinic, and of coming back after losing every factor."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.accounts import shapes
from chalicelib.accounts.actions import browsers, recovery
from chalicelib.accounts.actions import invitations as actions
from chalicelib.accounts.routes import staff_sessions
from chalicelib.accounts.rules import proving
from chalicelib.accounts.shapes import invitations as shown
from chalicelib.accounts.shapes import passkeys
from chalicelib.doors.endpoint import Asked, Audience, Permission, Reply, Who, door

blueprint = Blueprint(__name__)

STAFF = "/clinics/{clinic}/staff"


@door(
    blueprint,
    "POST",
    STAFF,
    permission=Permission.INVITE_STAFF,
    audience=Audience.STAFF,
    step_up=True,
    once=True,
    body=shown.Invitation,
    asks=shown.INVITATION,
    reply=shapes.MemberView,
    answers=shapes.MEMBER,
    status=201,
    problems=[proving.WorksHere],
    limits=proving.INVITES,
)
def invite_staff(asked: Asked) -> shapes.MemberView:
    """Invite somebody to work here, by mail; the same address again gets a new link, and the old one dies."""
    said = asked.body
    once = asked.once.answering(shapes.member_view)
    member = actions.invite_staff(asked.clinic, asked.actor, said.name, said.email, said.roles, said.practitioner, asked.now, once)
    return shapes.member_view(member)


@door(
    blueprint,
    "POST",
    "/staff/invitation/accept",
    who=Who.ANYONE,
    audience=Audience.STAFF,
    body=shown.MailedLink,
    asks=shown.MAILED_LINK,
    reply=shapes.StaffSessionView,
    answers=shapes.STAFF,
    problems=[proving.LinkExpired],
    limits=(proving.LINKS_FROM,),
)
def accept_invitation(asked: Asked) -> Reply:
    """Accept an invitation, once; who has nothing to sign in with yet may set that up at once."""
    browser = staff_sessions.browser(asked, browsers.CEREMONY)
    opened = actions.accept_invitation(asked.body.clinic, asked.body.handle, browser, asked.now)
    return staff_sessions.entered(asked, opened) if opened else Reply(body=shapes.KNOWN)


@door(
    blueprint,
    "POST",
    "/staff/recovery/start",
    who=Who.ANYONE,
    audience=Audience.STAFF,
    body=shapes.SignInStart,
    asks=shapes.START,
    reply=shown.RecoverySent,
    answers=shown.RECOVERY_SENT,
    status=202,
)
def start_recovery(asked: Asked) -> shown.RecoverySent:
    """Ask to come back after losing every passkey and app; the answer is the same for every address."""
    recovery.start_recovery(asked.body.email, staff_sessions.browser(asked, browsers.CHALLENGE), asked.now)
    return shown.RECOVERY_SENT


@door(
    blueprint,
    "POST",
    "/staff/recovery/finish",
    who=Who.ANYONE,
    audience=Audience.STAFF,
    body=shown.MailedLink,
    asks=shown.MAILED_LINK,
    reply=shapes.StaffSessionView,
    answers=shapes.STAFF,
    problems=[proving.LinkExpired, proving.WaitingForApproval],
    limits=(proving.LINKS_FROM,),
)
def finish_recovery(asked: Asked) -> Reply:
    """Come back, once somebody vouched; old factors and sessions end, and a new factor is set up."""
    browser = staff_sessions.browser(asked, browsers.CEREMONY)
    return staff_sessions.entered(asked, recovery.finish_recovery(asked.body.clinic, asked.body.handle, browser, asked.now))


@door(
    blueprint,
    "POST",
    STAFF + "/{account}/approve-recovery",
    permission=Permission.APPROVE_RECOVERY,
    audience=Audience.STAFF,
    step_up=True,
    body=passkeys.Empty,
    asks=passkeys.Empty(),
    reply=shapes.MemberView,
    answers=shapes.MEMBER,
    problems=[proving.OwnRequest],
)
def approve_recovery(asked: Asked) -> shapes.MemberView:
    """Vouch that it is they who ask to come back."""
    member, link = recovery.approve_recovery(asked.clinic, asked.actor, asked.path["account"], asked.now)
    return shapes.member_view(member, shapes.RecoveryView(at=link.made, approved=bool(link.approved_by)))

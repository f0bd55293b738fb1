"""The doors of who works in a clinic and what they may do, and of emergency access."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.accounts import shapes
from chalicelib.accounts.actions import emergency, staff_accounts
from chalicelib.accounts.actions import roles as actions
from chalicelib.accounts.rules import roles as rules
from chalicelib.accounts.shapes import members
from chalicelib.accounts.shapes import roles as shown
from chalicelib.doors.endpoint import Asked, Audience, Permission, door
from chalicelib.doors.records import Limit
from chalicelib.kit.problem import Changed

blueprint = Blueprint(__name__)

STAFF = "/clinics/{clinic}/staff"
EMERGENCIES = (Limit(name="emergency", most=10, seconds=3600),)


@door(
    blueprint,
    "GET",
    STAFF,
    permission=Permission.LIST_STAFF,
    audience=Audience.STAFF,
    query=shown.StaffQuery,
    reply=shown.StaffList,
    answers=shown.STAFF,
)
def list_staff(asked: Asked) -> shown.StaffList:
    """Who works in the clinic; to a group manager, who works in any of theirs."""
    across = asked.query.across
    found = actions.list_staff(asked.clinic, asked.actor, asked.now, across=across)
    return shown.staff_list(members.member_view(each.member, _waiting(each), each.clinic if across else None) for each in found)


def _waiting(employed: actions.Employed) -> members.RecoveryView | None:
    link = employed.recovery
    return members.RecoveryView(at=link.made, approved=bool(link.approved_by)) if link else None


@door(
    blueprint,
    "POST",
    STAFF + "/{account}/roles",
    permission=Permission.SET_ROLES,
    audience=Audience.STAFF,
    step_up=True,
    body=shown.RolesWanted,
    asks=shown.ROLES,
    reply=members.MemberView,
    answers=shown.CHANGED,
    problems=[rules.OwnRoles, rules.LastManager, Changed],
)
def set_roles(asked: Asked) -> members.MemberView:
    """Change what somebody does in the clinic; it counts at their next request."""
    wanted: shown.RolesWanted = asked.body
    account = asked.path["account"]
    member = actions.set_roles(asked.clinic, asked.actor, account, wanted.roles, wanted.practitioner, wanted.version, asked.now)
    return members.member_view(member)


@door(
    blueprint,
    "POST",
    STAFF + "/{account}/deactivate",
    permission=Permission.DEACTIVATE_STAFF,
    audience=Audience.STAFF,
    step_up=True,
    body=shown.StaffDeactivate,
    asks=shown.StaffDeactivate(),
    reply=members.MemberView,
    answers=shown.CHANGED,
    problems=[rules.OwnRoles, rules.LastManager],
)
def deactivate_staff(asked: Asked) -> members.MemberView:
    """End somebody's work in the clinic, and their sessions with it."""
    return members.member_view(actions.deactivate_staff(asked.clinic, asked.actor, asked.path["account"], asked.now))


@door(
    blueprint,
    "POST",
    "/clinics/{clinic}/emergency-access",
    permission=Permission.START_EMERGENCY_ACCESS,
    audience=Audience.STAFF,
    limits=EMERGENCIES,
    body=shown.EmergencyWanted,
    asks=shown.EMERGENCY,
    reply=shapes.StaffSessionView,
    answers=shapes.STAFF,
)
def start_emergency_access(asked: Asked) -> shapes.StaffSessionView:
    """Look at any patient of the clinic for an hour; those who run it are told at once."""
    session = emergency.start_emergency_access(asked.clinic, asked.signed_in, asked.body.reason, asked.now)
    return staff_accounts.view(session, asked.now)

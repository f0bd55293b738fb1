"""Who works in a clinic and what they may do there: seen and changed by those who run it. A change counts at the next request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from chalicelib.accounts.actions import staff_accounts
from chalicelib.accounts.records import Link, LinkKind
from chalicelib.accounts.rules import proving
from chalicelib.accounts.rules import roles as rules
from chalicelib.accounts.store import links
from chalicelib.audit import actions as audit
from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Actor, Member, Permission, Role
from chalicelib.kit import table
from chalicelib.kit.problem import LookAgain, NotAllowed, NotFound, SignedOut
from chalicelib.people import actions as people

Change = Callable[[Actor, Member], Member]


class Employed(Struct, frozen=True, kw_only=True):
    """A member, in which clinic, and when they asked that somebody vouch for them, if they wait for that."""

    member: Member
    clinic: Clinic
    recovery: Link | None


def list_staff(clinic: Clinic, actor: Actor, now: datetime, *, across: bool) -> list[Employed]:
    """Who works or worked in a clinic; `across`: in every clinic whose group manager they are, and for them only."""
    actor.must(Permission.LIST_STAFF, clinic.id)
    return [employed for place in (_group(actor, clinic) if across else [clinic]) for employed in _employed(place, now)]


def _employed(clinic: Clinic, now: datetime) -> list[Employed]:
    waiting = {link.account: link for link in links.listed(clinic.id, LinkKind.RECOVERY) if link.asked and now < link.until}
    found = identity.members(clinic.id)
    return [Employed(member=member, clinic=clinic, recovery=waiting.get(member.account)) for member in found]


def _group(actor: Actor, clinic: Clinic) -> list[Clinic]:
    """The clinics that each say themselves that they have this group manager, the present one first."""
    if Role.GROUP_MANAGER not in actor.roles:
        raise NotAllowed("Only a group manager sees the staff of several clinics.")
    elsewhere = [member.clinic for member in staff_accounts.memberships(actor.account) if Role.GROUP_MANAGER in member.roles]
    return [clinic, *(clinics.get(place) for place in sorted(elsewhere) if place != clinic.id)]


def set_roles(
    clinic: Clinic, actor: Actor, account: str, names: list[str], practitioner: str | None, version: int | None, now: datetime
) -> Member:
    """Change what somebody does in the clinic, and as which practitioner patients know them (None: stays, empty: none)."""
    actor.must(Permission.SET_ROLES, clinic.id)
    if practitioner and practitioner not in {person.id for person in people.practitioners(clinic.id)}:
        raise LookAgain(errors=[{"field": "practitioner", "detail": "Nobody of that name gives visits here."}])

    def change(acting: Actor, member: Member) -> Member:
        rules.must_be(member, version)
        return rules.changed(member, proving.granted(acting, names), practitioner)

    return table.settle(lambda: _changed(clinic, actor, account, change, Permission.SET_ROLES, now))


def deactivate_staff(clinic: Clinic, actor: Actor, account: str, now: datetime) -> Member:
    """End somebody's work in the clinic: their sessions there end with it, what they did stays written down."""
    actor.must(Permission.DEACTIVATE_STAFF, clinic.id)
    return table.settle(
        lambda: _changed(clinic, actor, account, lambda _, member: rules.deactivated(member), Permission.DEACTIVATE_STAFF, now)
    )


def _changed(clinic: Clinic, actor: Actor, account: str, change: Change, action: Permission, now: datetime) -> Member:
    """Read, decide and write, as what the clinic says of who asks now; Lost where somebody it stands on was changed meanwhile."""
    members = {member.account: member for member in identity.members(clinic.id)}
    acting, before = members[actor.account], members.get(account)
    if not staff_accounts.works(acting):
        raise SignedOut  # somebody was faster with them
    acting.actor.must(action, clinic.id)
    if before is None:
        raise NotFound
    rules.of_others(acting.actor, before)
    after = change(acting.actor, before)
    about = {"from": " ".join(before.roles), "to": " ".join(after.roles), "status": str(after.status)}
    with table.together() as tx:
        identity.keep_member(tx, after)
        for witness in rules.witnesses(members.values(), acting, before, after):
            identity.check_member(tx, witness)
        if not staff_accounts.works(after):
            identity.end_sessions(clinic.id, account, tx)
        audit.note(tx, clinic.id, action=action, by=actor, what=f"account/{account}", at=now, **about)
    return after

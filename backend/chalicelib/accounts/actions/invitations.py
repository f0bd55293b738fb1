"""Inviting people to work in a clinic, and accepting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from chalicelib.accounts import rules
from chalicelib.accounts.actions import arrivals, staff_accounts
from chalicelib.accounts.messages import staff as messages
from chalicelib.accounts.records import Browser, Holder, Link, LinkKind, StaffAccount
from chalicelib.accounts.rules import proving
from chalicelib.accounts.store import links
from chalicelib.accounts.store import staff_accounts as store
from chalicelib.audit import actions as audit
from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.doors import actions as doors
from chalicelib.doors.records import Once
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Actor, Member, MemberStatus, Permission, Role, Session
from chalicelib.kit import ids, secret, table
from chalicelib.kit.problem import LookAgain, NotAllowed, NotFound
from chalicelib.notices import actions as notices
from chalicelib.people import actions as people

DEPLOYMENT = "deployment"  # who invites the first manager


address = rules.address


class Invited(Struct, frozen=True, kw_only=True):
    """Who is invited, as what: a name and an address, tidied, and the roles that may be granted."""

    name: str
    email: str
    roles: tuple[Role, ...]
    practitioner: str = ""


def invite_staff(
    clinic: Clinic, actor: Actor, name: str, email: str, roles: Sequence[str], practitioner: str, now: datetime, once: Once
) -> Member:
    """Invite somebody by mail; again is a new link, and the old one dies. WorksHere for who works here and can sign in."""
    actor.must(Permission.INVITE_STAFF, clinic.id)
    if practitioner and practitioner not in {person.id for person in people.practitioners(clinic.id)}:
        raise LookAgain(errors=[{"field": "practitioner", "detail": "Choose one of the clinic's practitioners."}])
    invited = Invited(
        name=rules.name(name, "name"), email=rules.address(email), roles=proving.granted(actor, roles), practitioner=practitioner
    )
    return table.settle(lambda: _invited(clinic, actor, invited, now, once))


def invite_first_manager(clinic: Clinic, name: str, email: str, now: datetime) -> Member:
    """Let the deployment invite who runs a clinic first (or again, before they could sign in); WorksHere once somebody can."""
    if any(proving.runs(member) and _can_sign_in(member.account) for member in identity.members(clinic.id)):
        raise proving.WorksHere("Somebody runs this clinic already; they can invite others.")
    invited = Invited(name=rules.name(name, "name"), email=rules.address(email), roles=(Role.MANAGER,))
    return table.settle(lambda: _invited(clinic, None, invited, now, None))


def _can_sign_in(account: str) -> bool:
    holder = store.holder(account)
    return holder is not None and holder.factors > 0


def _invited(clinic: Clinic, actor: Actor | None, invited: Invited, now: datetime, once: Once | None) -> Member:
    known = store.get(store.account_at(invited.email) or "-")
    account = _account(clinic, invited, known, now)
    before = identity.member(clinic.id, account.id)
    if before is not None:
        _must_be_invitable(before, actor, account.id)
    member = _member(clinic, account, invited, before, now)
    seed = secret.seed()
    link = Link(
        clinic=clinic.id,
        kind=LinkKind.INVITATION,
        account=account.id,
        digest=secret.digest(secret.handle(seed)),
        made=now,
        until=now + proving.INVITED,
    )
    with table.together() as tx:
        if once is not None:
            doors.keep(tx, once, member)
        if actor is not None:
            must_still_run(clinic, actor, tx)
        _keep_account(account, known, tx)
        identity.keep_member(tx, member)
        identity.end_sessions(clinic.id, account.id, tx)  # whoever opened an older link is out
        links.put(clinic.id, link, tx)
        notices.post(tx, messages.invitation(clinic, member, link, seed, actor, now))
        by, what = actor or DEPLOYMENT, f"account/{account.id}"
        audit.note(tx, clinic.id, action="invite_staff", by=by, what=what, at=now, roles=" ".join(member.roles))
    return member


def must_still_run(clinic: Clinic, actor: Actor, tx: table.Transaction) -> None:
    """Demand inside a transaction that who decides may still do so: roles may be taken away at this very moment."""
    acting = identity.member(clinic.id, actor.account)
    if acting is None or not staff_accounts.works(acting) or set(acting.roles) != set(actor.roles):
        raise NotAllowed
    identity.check_member(tx, acting)


def _account(clinic: Clinic, invited: Invited, known: StaffAccount | None, now: datetime) -> StaffAccount:
    """The account of who works in this clinic from now on: the one that is known by the address, wherever they work, or a new one."""
    if known is None:
        language = clinic.languages[0]
        return StaffAccount(id=ids.new(), name=invited.name, email=invited.email, language=language, made=now, clinics=(clinic.id,))
    return known if clinic.id in known.clinics else msgspec.structs.replace(known, clinics=(*known.clinics, clinic.id))


def _keep_account(account: StaffAccount, known: StaffAccount | None, tx: table.Transaction) -> None:
    if known is None:
        store.add(account, tx)
    elif account != known:
        store.change(known, account, tx)


def _must_be_invitable(before: Member, actor: Actor | None, account: str) -> None:
    """Who works here and can sign in, or asks now, needs no invitation; a group manager is invited again by another one only."""
    if actor is not None and actor.account == account:
        raise proving.WorksHere
    if Role.GROUP_MANAGER in before.roles:
        proving.must_reach_group(actor)
    if staff_accounts.works(before) and _can_sign_in(account):
        raise proving.WorksHere


def _member(clinic: Clinic, account: StaffAccount, invited: Invited, before: Member | None, now: datetime) -> Member:
    return Member(
        clinic=clinic.id,
        account=account.id,
        name=invited.name,
        email=account.email,
        roles=invited.roles,
        practitioner=invited.practitioner,
        language=account.language,
        status=MemberStatus.INVITED,
        made=now,
        version=before.version + 1 if before else 1,
    )


def accept_invitation(clinic: str, handle: str, browser: Browser, now: datetime) -> tuple[Session, str] | None:
    """Accept a mailed invitation, once: who has nothing to sign in with yet gets a session in which to set that up, others none.

    LinkExpired for anything that is no living link of that clinic.
    """
    return table.settle(lambda: _accepted(_clinic(clinic), secret.digest(handle), browser, now))


def _clinic(clinic: str) -> Clinic:
    try:
        return clinics.get(clinic)
    except NotFound as error:
        raise proving.LinkExpired from error


def _accepted(clinic: Clinic, digest: str, browser: Browser, now: datetime) -> tuple[Session, str] | None:
    link = proving.must_live(links.at(clinic.id, LinkKind.INVITATION, digest), now)
    holder, before = store.holder(link.account), identity.member(clinic.id, link.account)
    if holder is None or before is None or before.status is not MemberStatus.INVITED:
        raise proving.LinkExpired("Ask for a new one.")
    member = msgspec.structs.replace(before, status=MemberStatus.ACTIVE, version=before.version + 1)
    with table.together() as tx:
        links.use_up(clinic.id, link, tx, proving.LinkExpired)
        identity.keep_member(tx, member)
        store.check(holder.account, tx, table.Lost)
        return _let_in(clinic, holder, member, browser, now, tx)


def _let_in(
    clinic: Clinic, holder: Holder, member: Member, browser: Browser, now: datetime, tx: table.Transaction
) -> tuple[Session, str] | None:
    """A session for who can sign in no other way yet: the mailbox alone opens none to an account that has a factor."""
    if not holder.factors:
        return arrivals.admit(member, browser, ("invitation",), "accept_invitation", now, tx)
    notices.post(tx, messages.joined(clinic, holder.account, now))
    what = f"account/{member.account}"
    audit.note(tx, clinic.id, action="accept_invitation", by=member.actor, what=what, at=now, outcome="joined")
    return None

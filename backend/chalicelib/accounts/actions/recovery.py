"""Coming back after losing every passkey and app: a mailed link, and somebody who runs the clinic vouching for them.

Neither the mailbox nor the one who vouches is enough alone. What comes out is what an invitation gives: a session in which a
new factor is set up; the old ones are gone, and every session with them.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.accounts import rules
from chalicelib.accounts.actions import arrivals, invitations, staff_codes
from chalicelib.accounts.messages import staff as messages
from chalicelib.accounts.records import Browser, Holder, Link, LinkKind
from chalicelib.accounts.rules import proving
from chalicelib.accounts.store import links
from chalicelib.accounts.store import staff_accounts as store
from chalicelib.audit import actions as audit
from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.doors import actions as doors
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Actor, Member, MemberStatus, Permission, Role, Session
from chalicelib.kit import secret, table
from chalicelib.kit.problem import NotFound
from chalicelib.notices import actions as notices

TOLD = 8  # of those who run the clinics, how many are mailed


def start_recovery(email: str, browser: Browser, now: datetime) -> None:
    """Mail a link to an address of staff, and open a request where they work; the same for nobody's address, but for the mail."""
    email = rules.address(email)
    doors.must_spend(doors.PLATFORM, proving.RECOVERIES_FROM, doors.network(browser.address), now)
    doors.must_spend(doors.PLATFORM, proving.RECOVERIES, staff_codes.EVERYBODY, now)
    place = staff_codes.place_of(email)
    holder, member = staff_codes.found(email, now)
    allowed = doors.spend(doors.PLATFORM, proving.RECOVERIES_OF, place, now)
    seed = secret.seed()
    with table.together() as tx:
        where = _working(holder, member) if allowed and member else [doors.PLATFORM]
        for clinic in where:
            links.put(clinic, _link(clinic, holder.account.id, seed, now), tx)
        audit.note(tx, doors.PLATFORM, action="start_recovery", by=audit.ANYBODY, what=staff_codes.named(place), at=now)
        if allowed and member:
            link = _link(member.clinic, holder.account.id, seed, now)
            notices.post(tx, messages.recovery(clinics.get(member.clinic), holder.account, link, seed, now))
        else:
            notices.post(tx, staff_codes.no_letter(now))


def _working(holder: Holder, member: Member | None) -> list[str]:
    """The clinics that may vouch: where they work. The one of the mailed link comes first."""
    if member is None:
        return []
    others = (identity.member(clinic, holder.account.id) for clinic in holder.account.clinics if clinic != member.clinic)
    return [member.clinic, *(each.clinic for each in others if each is not None and each.status is MemberStatus.ACTIVE)]


def _link(clinic: str, account: str, seed: str, now: datetime) -> Link:
    digest = secret.digest(secret.handle(seed))
    return Link(clinic=clinic, kind=LinkKind.RECOVERY, account=account, digest=digest, made=now, until=now + proving.RECOVERY)


def waiting(clinic: str, now: datetime) -> dict[str, Link]:
    """The living requests of a clinic, by account."""
    return {link.account: link for link in links.listed(clinic, LinkKind.RECOVERY) if now < link.until}


def approve_recovery(clinic: Clinic, actor: Actor, account: str, now: datetime) -> tuple[Member, Link]:
    """Vouch that it is they who ask; returns the member and the request. NotFound without one, OwnRequest for one's own."""
    actor.must(Permission.APPROVE_RECOVERY, clinic.id)
    if account == actor.account:
        raise proving.OwnRequest
    return table.settle(lambda: _approved(clinic, actor, account, now))


def _approved(clinic: Clinic, actor: Actor, account: str, now: datetime) -> tuple[Member, Link]:
    link, member = links.of(clinic.id, LinkKind.RECOVERY, account), identity.member(clinic.id, account)
    known = store.get(account)
    if link is None or not link.asked or now >= link.until or member is None or member.status is not MemberStatus.ACTIVE or known is None:
        raise NotFound
    if Role.GROUP_MANAGER in member.roles:
        proving.must_reach_group(actor)
    if link.approved_by:
        return member, link
    with table.together() as tx:
        invitations.must_still_run(clinic, actor, tx)
        identity.check_member(tx, member)
        for each in _requests(known.clinics, link):
            links.approve(each.clinic, each, actor.account, tx, table.Lost)
        notices.post(tx, messages.recovery_approved(clinic, known, now))
        audit.note(tx, clinic.id, action="approve_recovery", by=actor, what=f"account/{account}", at=now)
    approved = links.of(clinic.id, LinkKind.RECOVERY, account)
    return member, approved or link


def _requests(places: tuple[str, ...], link: Link) -> list[Link]:
    """The same request in every clinic that has it. This one always: whoever used it up meanwhile must be run into."""
    asked = (links.of(clinic, LinkKind.RECOVERY, link.account) for clinic in places if clinic != link.clinic)
    return [link, *(each for each in asked if each is not None and each.digest == link.digest)]


def finish_recovery(clinic: str, handle: str, browser: Browser, now: datetime) -> tuple[Session, str]:
    """Come back by the mailed link, once, after somebody vouched: old factors and sessions end, and a new factor is set up.

    WaitingForApproval before, and the first time those who run the clinics are told; LinkExpired for no living link.
    """
    return table.settle(lambda: _finished(clinic, secret.digest(handle), browser, now))


def _finished(clinic: str, digest: str, browser: Browser, now: datetime) -> tuple[Session, str]:
    link = proving.must_live(links.at(clinic, LinkKind.RECOVERY, digest), now)
    holder = store.holder(link.account)
    member = arrivals.home(holder.account) if holder else None
    if holder is None or member is None:
        raise proving.LinkExpired("Ask for a new one.")
    if not link.approved_by:
        _ask(holder, link, now)
        raise proving.WaitingForApproval("Call your clinic, so that they know it is you. Then open the link again.")
    with table.together() as tx:
        for each in _requests(holder.account.clinics, link):
            links.use_up(each.clinic, each, tx, proving.LinkExpired)
        _forget(holder, tx)
        arrivals.end_elsewhere(holder.account, tx)
        notices.post(tx, messages.recovered(clinics.get(member.clinic), holder.account, now))
        for runner in _who_runs(holder, link)[:TOLD]:
            notices.post(tx, messages.recovery_used(clinics.get(runner.clinic), runner, member, now))
        identity.check_member(tx, member)
        return arrivals.admit(member, _left_behind(holder, browser), ("recovery",), "finish_recovery", now, tx)


def _left_behind(holder: Holder, browser: Browser) -> Browser:
    """The browser without a session of the account itself: that one ends with all the others."""
    own = browser.before is not None and browser.before.actor.account == holder.account.id
    return msgspec.structs.replace(browser, before=None) if own else browser


def _forget(holder: Holder, tx: table.Transaction) -> None:
    """Take every factor away; the account's next version stops whoever sets one up at this moment."""
    account = holder.account
    for passkey in holder.passkeys:
        store.remove_passkey(account.id, passkey.id, tx)
    store.remove_totp(account.id, tx)
    store.change(account, account, tx)


def _ask(holder: Holder, link: Link, now: datetime) -> None:
    """Tell those who run the clinics, once for each request: only now has somebody opened the mail."""
    if link.asked:
        return
    with table.together() as tx:
        for each in _requests(holder.account.clinics, link):
            links.ask(each.clinic, each, tx, proving.WaitingForApproval)
        for runner in _who_runs(holder, link)[:TOLD]:
            asking = identity.member(runner.clinic, holder.account.id)
            if asking is not None:
                notices.post(tx, messages.recovery_asked(clinics.get(runner.clinic), runner, asking, now))
        audit.note(tx, link.clinic, action="finish_recovery", by=audit.ANYBODY, what=f"account/{link.account}", at=now, outcome="waiting")


def _who_runs(holder: Holder, link: Link) -> list[Member]:
    """Everybody else who runs a clinic that the request is open in, each once."""
    found: dict[str, Member] = {}
    for each in _requests(holder.account.clinics, link):
        for member in identity.members(each.clinic):
            if proving.runs(member) and member.account != holder.account.id:
                found.setdefault(member.account, member)
    return list(found.values())

"""Signing in by a mailed code and an authenticator app together, where no passkey can be.

As with patients, whether an address is known plays no part until both codes were right: any address gets the same answer
for the same work, and the two codes are judged at once.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.accounts import rules
from chalicelib.accounts.actions import arrivals, browsers, totp
from chalicelib.accounts.actions.codes import NEW_CODE
from chalicelib.accounts.messages import staff as messages
from chalicelib.accounts.records import Browser, Challenge, Holder, StaffAccount, Totp
from chalicelib.accounts.rules import authenticators, proving
from chalicelib.accounts.store import codes as challenges
from chalicelib.accounts.store import staff_accounts as store
from chalicelib.audit import actions as audit
from chalicelib.clinics import actions as clinics
from chalicelib.doors import actions as doors
from chalicelib.identity.records import Audience, Member, Session
from chalicelib.kit import ids, secret, table, tokens
from chalicelib.kit.tokens import Purpose
from chalicelib.notices import actions as notices
from chalicelib.notices.records import Notice, NoticeState

EVERYBODY = "everybody"


def start_staff_sign_in(email: str, language: str, browser: Browser, now: datetime) -> str:
    """Mail a code to an address of staff; returns the challenge's token, and ends the one it replaces (`browser.held`).

    With the allowance used up, or for nobody's address, the answer and the work are the same, but no mail goes.
    """
    email = rules.address(email)
    doors.must_spend(doors.PLATFORM, rules.STARTS_FROM, doors.network(browser.address), now)
    doors.must_spend(doors.PLATFORM, proving.STAFF_STARTS, EVERYBODY, now)
    place = place_of(email)
    holder, member = found(email, now)
    allowed = _is_allowed(place, holder.account.id, browser.known, now)
    older = browsers.claims(browser.held, Purpose.CHALLENGE, now)
    if not allowed and older.get("sub") == place:
        return browser.held
    where = place if allowed else secret.mac("nobody", ids.new())
    challenge = rules.challenge(doors.PLATFORM, where, tokens.random_sid(), secret.seed(), email, language, now)
    with table.together() as tx:
        challenges.open_challenge(doors.PLATFORM, challenge, tx)
        if older:
            challenges.end_challenge(doors.PLATFORM, older["sub"], older["sid"], tx)
        audit.note(tx, doors.PLATFORM, action="start_staff_sign_in", by=audit.ANYBODY, what=named(place), at=now)
        notices.post(tx, _letter(holder, member, challenge, now) if allowed and member else no_letter(now))
    return _token(challenge, now)


def place_of(email: str) -> str:
    """An address as we count by it: the same one again, but nobody's to read."""
    return secret.mac("staff-address", email)


def named(place: str) -> str:
    """An address as the audit trail names it."""
    return f"address/{place[:20]}"


def found(email: str, now: datetime) -> tuple[Holder, Member | None]:
    """Whose address it is, and where they work; for nobody's a stand-in, after the very same reads."""
    account = store.account_at(email) or secret.mac("nobody", email)[:20]
    nobody = StaffAccount(id=account, name="", email=email, language="en-US", made=now, clinics=(doors.PLATFORM,))
    holder = store.holder(account) or Holder(account=nobody)
    return holder, arrivals.home(holder.account)


def _is_allowed(place: str, account: str, known: str, now: datetime) -> bool:
    """Whether a start may mail. Strangers share the address's allowance; what they use up, a known browser does not miss."""
    if browsers.is_known(known, account, now):
        limits, whom = rules.KNOWN_STARTS, secret.mac("device", browsers.claims(known, Purpose.KNOWN, now)["sid"])
    else:
        limits, whom = rules.STARTS, place
    return all(doors.spend(doors.PLATFORM, limit, whom, now) for limit in limits)


def _letter(holder: Holder, member: Member, challenge: Challenge, now: datetime) -> Notice:
    """The mail with the code; who has no app is told that the code alone would not do."""
    write = messages.code if holder.totp else messages.no_app
    return write(clinics.get(member.clinic), holder.account, challenge, now)


def no_letter(now: datetime) -> Notice:
    """What is written where no mail goes, so that it takes as long: a notice to nobody that was withdrawn before it was posted."""
    return Notice(
        id=ids.new(),
        clinic=doors.PLATFORM,
        to="",
        language="en-US",
        subject="",
        text="",
        due=now,
        until=now,
        seed=secret.seed(),
        state=NoticeState.WITHDRAWN,
    )


def _token(challenge: Challenge, now: datetime) -> str:
    return tokens.sign(Purpose.CHALLENGE, Audience.STAFF, subject=challenge.place, sid=challenge.sid, now=now, until=challenge.until)


def verify_staff_sign_in(code: str, app_code: str, browser: Browser, now: datetime) -> tuple[Session, str]:
    """Sign in with both codes in the browser that asked; CodeExpired if the challenge is over, WrongCode if either is not right."""
    given, typed = rules.digits(code), proving.six_digits(app_code)
    claims = browsers.claims(browser.held, Purpose.CHALLENGE, now)
    if not claims:
        raise rules.CodeExpired(NEW_CODE)
    doors.must_spend(doors.PLATFORM, rules.GUESSES_FROM, doors.network(browser.address), now)
    doors.must_spend(doors.PLATFORM, proving.STAFF_GUESSES, EVERYBODY, now)
    challenge = challenges.spend_try(doors.PLATFORM, claims["sub"], claims["sid"], now)
    if challenge is None:
        raise rules.CodeExpired(NEW_CODE)
    holder, member = found(challenge.email, now)
    right = _are_right(holder, challenge, given, typed, now)
    if not right or member is None:
        known = holder.account if member else None
        arrivals.refuse(known, "verify_staff_sign_in", now, "wrong-code")
        raise rules.WrongCode(NEW_CODE)
    return table.settle(lambda: _signed_in(challenge, typed, browser, now))


def _are_right(holder: Holder, challenge: Challenge, given: str, typed: str, now: datetime) -> bool:
    """Whether both codes are right; as much work for nobody's address, whose code is never right."""
    account = holder.account.id
    kept = holder.totp or Totp(sealed=totp.sealed(account, authenticators.new_secret()), step=0, made=now)
    try:
        totp.step_of(account, kept, typed, now)
    except rules.WrongCode:
        shown = False
    else:
        shown = holder.totp is not None
    return secret.is_code(given, challenge.seed) and shown


def _signed_in(challenge: Challenge, typed: str, browser: Browser, now: datetime) -> tuple[Session, str]:
    """Use both codes up and open a session, together."""
    holder, member = found(challenge.email, now)
    if holder.totp is None or member is None:
        raise rules.WrongCode(NEW_CODE)
    with table.together() as tx:
        challenges.close_challenge(doors.PLATFORM, challenge, tx, rules.CodeExpired)
        totp.use(holder.account.id, holder.totp, typed, now, tx)
        return arrivals.arrive(holder.account, member, browser, ("code", "totp"), "verify_staff_sign_in", now, tx)

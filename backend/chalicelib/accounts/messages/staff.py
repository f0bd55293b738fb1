"""What people who work here are told about their own account. Subjects name the clinic and nobody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from chalicelib.accounts import rules
from chalicelib.accounts.records import Challenge, Link, StaffAccount
from chalicelib.accounts.rules import proving
from chalicelib.clinics.records import Clinic
from chalicelib.identity.records import Actor, Audience, Member
from chalicelib.kit import settings, text, zone
from chalicelib.notices import actions as notices
from chalicelib.notices.records import Notice

NOTHING: Mapping[str, str] = {}
HANDLE = "{handle}"  # the sender puts the handle there that the notice's seed stands for


def _notice(
    clinic: Clinic,
    to: StaffAccount | Member | Actor,
    message: str,
    now: datetime,
    values: Mapping[str, str] = NOTHING,
    *,
    page: str = "",
    seed: str = "",
    until: datetime | None = None,
) -> Notice:
    """A notice worded; `page` is the address on the staff's host that its button leads to."""
    worded = text.message("accounts", message, to.language, clinic=clinic.name, **values)
    link = f"{settings.origin(Audience.STAFF)}/{page}" if worded.link_label else ""
    return notices.letter(clinic.id, to.email, to.language, worded, now, link=link, until=until, seed=seed)


def _minutes() -> str:
    return str(int(rules.LIFE.total_seconds() // 60))


def _when(clinic: Clinic, language: str, now: datetime) -> str:
    local = zone.local(now, clinic.zone)
    return f"{text.short_label(local, language)}, {text.zone_label(local, language)}"


def code(clinic: Clinic, account: StaffAccount, challenge: Challenge, now: datetime) -> Notice:
    """The mail with the code, which stands nowhere in it."""
    return _notice(clinic, account, "staff_code", now, {"minutes": _minutes()}, seed=challenge.seed, until=challenge.until)


def no_app(clinic: Clinic, account: StaffAccount, challenge: Challenge, now: datetime) -> Notice:
    """In place of a code, which would not do alone."""
    return _notice(clinic, account, "no_app", now, page="sign-in/", until=challenge.until)


def new_browser(clinic: Clinic, account: StaffAccount, device: str, now: datetime) -> Notice:
    """Somebody signed in with a browser that never did before."""
    values = {"when": _when(clinic, account.language, now), "device": device or "?"}
    return _notice(clinic, account, "new_browser", now, values, page="devices/")


def factor(message: str, clinic: Clinic, actor: Actor, now: datetime, label: str = "") -> Notice:
    """What somebody signs in with has changed; `label` is a passkey's."""
    values = {"when": _when(clinic, actor.language, now)} | ({"label": label} if label else {})
    return _notice(clinic, actor, message, now, values, page="devices/")


def invitation(clinic: Clinic, member: Member, link: Link, seed: str, actor: Actor | None, now: datetime) -> Notice:
    """The invitation's link, filled in when it is sent."""
    values = {"name": member.name, "by": actor.name if actor else clinic.name, "days": str(proving.INVITED.days)}
    return _notice(clinic, member, "invitation", now, values, page=f"invitation/#c={clinic.id}&h={HANDLE}", seed=seed, until=link.until)


def joined(clinic: Clinic, account: StaffAccount, now: datetime) -> Notice:
    """Their account works for one clinic more."""
    return _notice(clinic, account, "joined", now, page="sign-in/")


def recovery(clinic: Clinic, account: StaffAccount, link: Link, seed: str, now: datetime) -> Notice:
    """The recovery's link, filled in when it is sent."""
    values = {"hours": str(int(proving.RECOVERY.total_seconds() // 3600))}
    return _notice(clinic, account, "recovery", now, values, page=f"recovery/#c={clinic.id}&h={HANDLE}", seed=seed, until=link.until)


def recovery_asked(clinic: Clinic, to: Member, asking: Member, now: datetime) -> Notice:
    """Somebody who works here cannot sign in, and asks to be vouched for."""
    return _notice(clinic, to, "recovery_asked", now, {"name": asking.name}, page="people/")


def recovery_approved(clinic: Clinic, account: StaffAccount, now: datetime) -> Notice:
    """Somebody vouched; the link in the earlier mail works now."""
    return _notice(clinic, account, "recovery_approved", now)


def recovered(clinic: Clinic, account: StaffAccount, now: datetime) -> Notice:
    """The account was opened by recovery; what it was signed in with before is gone."""
    return _notice(clinic, account, "recovered", now, {"when": _when(clinic, account.language, now)})


def recovery_used(clinic: Clinic, to: Member, back: Member, now: datetime) -> Notice:
    """Tells who runs a clinic that somebody came back by recovery."""
    values = {"name": back.name, "when": _when(clinic, to.language, now)}
    return _notice(clinic, to, "recovery_used", now, values, page="people/")

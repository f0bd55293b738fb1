"""How staff prove who they are: how often one may try, what a link must still be, and what is said when it fails."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.accounts.records import Holder, Link
from chalicelib.doors.records import By, Limit
from chalicelib.identity.records import STAFF_ROLES, Actor, Member, MemberStatus, Role
from chalicelib.kit.problem import LookAgain, NotAllowed, Problem

CEREMONY = timedelta(minutes=5)  # from the challenge to the authenticator's answer
SET_UP = timedelta(minutes=10)  # from the authenticator's secret to its first code
INVITED = timedelta(days=7)
RECOVERY = timedelta(hours=24)
KNOWN_ACCOUNTS = 8  # how many people one browser (a shared desk's) is known for
MOST_PASSKEYS = 10

# By address first: whoever floods is stopped before they spend what is everybody's. A hospital's staff come from one address, and
# neither signatures nor handles can be guessed: those limits bound the work, not the guesses.
CEREMONIES_FROM = Limit(name="ceremony-from", most=600, seconds=10 * 60, by=By.ADDRESS)
PASSKEYS_FROM = Limit(name="passkey-from", most=300, seconds=10 * 60, by=By.ADDRESS)
STAFF_STARTS = Limit(name="staff-start-all", most=3000, seconds=3600, by=By.EVERYBODY)
STAFF_GUESSES = Limit(name="staff-guess-all", most=6000, seconds=3600, by=By.EVERYBODY)
LINKS_FROM = Limit(name="link-from", most=120, seconds=10 * 60, by=By.ADDRESS)
RECOVERIES_FROM = Limit(name="recovery-from", most=10, seconds=10 * 60, by=By.ADDRESS)
RECOVERIES_OF = Limit(name="recovery-of", most=3, seconds=24 * 3600)
RECOVERIES = Limit(name="recovery-all", most=300, seconds=3600, by=By.EVERYBODY)
STEP_UPS = (Limit(name="step-up", most=20, seconds=10 * 60), Limit(name="step-up-from", most=60, seconds=10 * 60, by=By.ADDRESS))
TOTP_GUESSES = (Limit(name="totp-quarter", most=5, seconds=15 * 60), Limit(name="totp-day", most=20, seconds=24 * 3600))
REFUSED = Limit(name="refused", most=20, seconds=3600)  # failed sign-ins of one account that its trail tells of
FACTORS = (Limit(name="factors", most=20, seconds=10 * 60),)
INVITES = (Limit(name="invite", most=60, seconds=3600), Limit(name="invite-clinic", most=100, seconds=24 * 3600, by=By.CLINIC))


class WrongPasskey(Problem):
    """Not a passkey's answer to what we asked, or nobody's who works here; which of it is not told."""

    title = "That passkey did not work. Please try again."


class LastFactor(Problem):
    """Without it nobody could sign in to this account any more."""

    status = 409
    title = "This is your only way to sign in."


class TooManyPasskeys(Problem):
    """An account has as many passkeys as it may."""

    status = 409
    title = "You have as many passkeys as an account can hold."


class LinkExpired(Problem):
    """A mailed link that is over, used, replaced by a newer one, or never was one."""

    title = "That link no longer works."


class WaitingForApproval(Problem):
    """Nobody who runs the clinic has vouched for them yet."""

    status = 409
    title = "Somebody who runs your clinic must first confirm that it is you."


class WorksHere(Problem):
    """Invited again, though they work here and can sign in."""

    status = 409
    title = "This person works here already."


class OwnRequest(Problem):
    """What another person must decide."""

    status = 409
    title = "Somebody else must decide this one."


def label(given: str) -> str:
    """What somebody calls a passkey: on one line, at most 60 characters, without anything that cannot be seen; never empty."""
    tidy = " ".join("".join(sign if sign.isprintable() else " " for sign in given).split())
    return tidy[:60].strip() or "Passkey"


def six_digits(given: str, field: str = "totp") -> str:
    """The six digits of an authenticator app, spaces aside. LookAgain, which costs no try, for anything else."""
    code = re.sub(r"[\s-]", "", given)
    if not re.fullmatch(r"[0-9]{6}", code):
        raise LookAgain(errors=[{"field": field, "detail": "Enter the 6 digits of your authenticator app."}])
    return code


def must_live(link: Link | None, now: datetime) -> Link:
    """The link, while it lives; LinkExpired for none and from its end on."""
    if link is None or now >= link.until:
        raise LinkExpired("Ask for a new one.")
    return link


def must_keep_one(holder: Holder) -> None:
    """LastFactor where taking one away would leave none."""
    if holder.factors < 2:
        raise LastFactor("Set up another one first.")


def granted(actor: Actor | None, given: Sequence[str]) -> tuple[Role, ...]:
    """Roles as somebody may give them, in the order of the role table; None is the deployment.

    LookAgain for what is no role of staff; NotAllowed for a group manager's role from anybody who is none.
    """
    roles = tuple(role for role in STAFF_ROLES if role in given)
    if not roles or len(roles) != len(set(given)):
        raise LookAgain(errors=[{"field": "roles", "detail": "Choose from the roles of people who work here."}])
    if Role.GROUP_MANAGER in roles:
        must_reach_group(actor)
    return roles


def must_reach_group(actor: Actor | None) -> None:
    """NotAllowed for whoever decides about a group manager without being one; None is the deployment."""
    if actor is not None and Role.GROUP_MANAGER not in actor.roles:
        raise NotAllowed("Only a group manager can decide about a group manager.")


def runs(member: Member) -> bool:
    """Whether somebody runs their clinic today."""
    return member.status is MemberStatus.ACTIVE and not {Role.MANAGER, Role.GROUP_MANAGER}.isdisjoint(member.roles)

"""Who may change what somebody does in a clinic: never oneself, and never so that nobody is left to run it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from chalicelib.accounts.rules import proving
from chalicelib.identity.records import Actor, Member, MemberStatus, Role
from chalicelib.kit.problem import Changed, Problem


class OwnRoles(Problem):
    """Nobody decides what they may do themselves."""

    status = 409
    title = "You cannot change this for yourself."


class LastManager(Problem):
    """Nobody would be left to run the clinic."""

    status = 409
    title = "A clinic needs at least one manager."


def of_others(actor: Actor, member: Member) -> None:
    """Raise OwnRoles for oneself; NotAllowed where only a group manager decides, who may run other clinics too."""
    if member.account == actor.account:
        raise OwnRoles("Another manager of the clinic can do it.")
    if Role.GROUP_MANAGER in member.roles:
        proving.must_reach_group(actor)


def must_be(member: Member, version: int | None) -> None:
    """Raise Changed where somebody saw another version than there is."""
    if version is not None and version != member.version:
        raise Changed("Look at it again before you change it.")


def changed(member: Member, roles: tuple[Role, ...], practitioner: str | None) -> Member:
    """The next version of a member, with these roles; `practitioner` None stays as it is."""
    who = member.practitioner if practitioner is None else practitioner
    return msgspec.structs.replace(member, roles=roles, practitioner=who, version=member.version + 1)


def deactivated(member: Member) -> Member:
    """The next version of a member, who works there no more."""
    return msgspec.structs.replace(member, status=MemberStatus.INACTIVE, version=member.version + 1)


def manages(member: Member) -> bool:
    """Whether a member is a manager of the clinic today."""
    return member.status is MemberStatus.ACTIVE and Role.MANAGER in member.roles


def witnesses(members: Iterable[Member], acting: Member, before: Member, after: Member) -> list[Member]:
    """The members who must still be as they are when a change is written: who changes it, and a manager who remains.

    Two changes at once that would together leave nobody each stand on somebody whom the other changes: one of them
    is refused. LastManager where nobody would remain.
    """
    if not manages(before) or manages(after) or manages(acting):
        return [acting]
    left = next((member for member in members if manages(member) and member.account != before.account), None)
    if left is None:
        raise LastManager("Make somebody else a manager first.")
    return [acting, left]

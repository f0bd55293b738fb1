"""What the staff's host is told of who is signed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from chalicelib.clinics.records import Clinic, Record
from chalicelib.identity.records import Permission, Session


class ClinicName(Record, frozen=True, kw_only=True):
    """A clinic by its name."""

    id: str
    name: str


class StaffSessionView(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Who is signed in on the staff's host, if anybody, to which clinic, and what they may do there now.

    Of somebody who has an account already and accepts an invitation, only `account` is told: they sign in as ever.
    """

    signed_in: bool
    account: str = ""
    name: str = ""
    email: str = ""
    role: Annotated[str, Meta(description="the first of their roles: how they are introduced")] = ""
    roles: tuple[str, ...] = ()
    permissions: Annotated[tuple[str, ...], Meta(description="operations they may call, in snake case")] = ()
    clinic: ClinicName | None = None
    clinics: Annotated[tuple[ClinicName, ...], Meta(description="where else they work")] = ()
    enrolling: Annotated[bool, Meta(description="true until they have set up how they sign in; nothing else opens")] = False
    idle_seconds: Annotated[int, Meta(description="seconds until the session ends if nothing is done")] = 0
    fresh_seconds: Annotated[int, Meta(description="seconds for which their last proof still counts as a step-up")] = 0
    emergency_until: datetime | None = None


def staff_session_view(
    session: Session | None, clinic: Clinic | None, others: Sequence[Clinic], fresh_until: datetime | None, now: datetime
) -> StaffSessionView:
    """A staff session as their host shows it; `fresh_until` is when their last proof stops counting as a step-up."""
    if session is None or clinic is None:
        return NOBODY
    actor = session.actor
    return StaffSessionView(
        signed_in=True,
        account=actor.account,
        name=actor.name,
        email=actor.email,
        role=actor.role,
        roles=actor.roles,
        permissions=tuple(permission for permission in Permission if actor.may(permission)),
        clinic=_named(clinic),
        clinics=tuple(_named(each) for each in others),
        enrolling=session.enrolling,
        idle_seconds=_left(min(session.idle_until, session.absolute_until), now),
        fresh_seconds=_left(fresh_until, now) if fresh_until else 0,
        emergency_until=session.emergency_until if actor.emergency else None,
    )


def _named(clinic: Clinic) -> ClinicName:
    return ClinicName(id=clinic.id, name=clinic.name)


def _left(until: datetime, now: datetime) -> int:
    return max(0, int((until - now).total_seconds()))


# Examples, as the API's description shows them.
NOBODY = StaffSessionView(signed_in=False)
KNOWN = StaffSessionView(signed_in=False, account="known")
STAFF = StaffSessionView(
    signed_in=True,
    account="7k2m9p4q8r1s5t6v0w3x",
    name="Cyrus Bell",
    email="cyrus.bell@harbourfamily.example",
    role="manager",
    roles=("manager",),
    permissions=("sign_out",),
    clinic=ClinicName(id="north", name="Harbour Family Clinic"),
    idle_seconds=900,
    fresh_seconds=300,
)

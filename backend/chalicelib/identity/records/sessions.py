"""Actor, Member and Session: who is asking, and how surely we know."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.clinics.records import Record
from chalicelib.identity.records.permissions import GRANTS, IN_EMERGENCY, PATIENT_ROLES, SEE_EVERYBODY, Permission, Role
from chalicelib.kit.problem import NotAllowed, NotFound, Problem, SignedOut


class Audience(StrEnum):
    """Which portal a session belongs to; a session of one is nothing in the other."""

    PATIENT = "patient"
    STAFF = "staff"


class NotRegistered(Problem):
    """Signed in, but nobody knows yet who they are."""

    status = 403
    title = "Tell us who you are first."


class StepUpNeeded(Problem):
    """What is asked for wants a fresh proof of who asks: a passkey or an authenticator code within five minutes."""

    status = 403
    title = "Please confirm that it is you."


class FactorNeeded(Problem):
    """Invited or recovered, but without a passkey or authenticator yet: nothing else can be done before."""

    status = 403
    title = "Set up how you sign in first."


class Actor(Struct, frozen=True, kw_only=True):
    """Who is asking. `clinic` is the one the session was opened for.

    `patient` is set once a patient registered; `formerly` are ids that the clinic has since found to be the
    same patient. `practitioner` is set for staff whom patients can see; `emergency` while emergency access lasts.
    `appointment` is the one visit that a session is for, of a tablet that was handed over; empty: it is for all of theirs.
    """

    roles: tuple[Role, ...]
    clinic: str
    account: str
    name: str = ""
    patient: str = ""
    formerly: tuple[str, ...] = ()
    practitioner: str = ""
    email: str = ""
    language: str = ""
    emergency: bool = False
    appointment: str = ""

    @property
    def role(self) -> Role:
        """The first of their roles: how they are introduced."""
        return self.roles[0]

    @property
    def who(self) -> str:
        """How audit events and idempotency keys name them."""
        return f"{self.role}/{self.patient or self.account}"

    @property
    def is_staff(self) -> bool:
        """Whether they work here."""
        return self.role not in PATIENT_ROLES

    @property
    def patients(self) -> tuple[str, ...]:
        """Every patient id that is theirs, the present one first; none before they registered."""
        return (self.patient, *self.formerly) if self.patient else ()

    @property
    def sees_everybody(self) -> bool:
        """Whether any patient of the clinic may be looked at."""
        return self.emergency or not SEE_EVERYBODY.isdisjoint(self.roles)

    def is_for(self, appointment: str) -> bool:
        """Whether their session reaches as far as a visit, whosever it is."""
        return self.appointment in ("", appointment)

    def as_patient(self) -> str:
        """The id of the patient they are; NotRegistered if they have not said who they are."""
        if not self.patient:
            raise NotRegistered
        return self.patient

    def may(self, permission: Permission) -> bool:
        """Whether one of their roles, or emergency access, grants it."""
        granted = any(permission in GRANTS[role] for role in self.roles)
        return granted or (self.emergency and permission in IN_EMERGENCY)

    def must(self, permission: Permission, clinic: str) -> None:
        """Raise NotFound in another clinic, NotAllowed without the permission."""
        if clinic != self.clinic:
            raise NotFound
        if not self.may(permission):
            raise NotAllowed


class MemberStatus(StrEnum):
    """Whether somebody works in a clinic."""

    INVITED = "invited"
    ACTIVE = "active"
    INACTIVE = "inactive"


class Member(Record, frozen=True, kw_only=True):
    """Somebody who works in a clinic (FHIR PractitionerRole): what the clinic says of them. The row decides at every request."""

    clinic: str
    account: str
    name: str
    email: str
    roles: Annotated[tuple[Role, ...], Meta(min_length=1)]
    practitioner: str = ""
    language: str = "en-US"
    status: MemberStatus = MemberStatus.ACTIVE
    made: datetime
    version: int = 1

    @property
    def actor(self) -> Actor:
        """Them, as the one who asks."""
        return Actor(
            roles=self.roles,
            clinic=self.clinic,
            account=self.account,
            name=self.name,
            practitioner=self.practitioner,
            email=self.email,
            language=self.language,
        )


class Session(Struct, frozen=True, kw_only=True):
    """A signed-in browser. Times aware UTC; `sid` is the random half that only the cookie holds (empty when listed).

    `id` names it where it is listed, and opens nothing. `proved` is when a passkey or an authenticator code last
    showed who it is; `methods` are what the sign-in went by. An `enrolling` session may only set up a factor.
    """

    audience: Audience
    actor: Actor
    made: datetime
    idle_until: datetime
    absolute_until: datetime
    sid: str = ""
    id: str = ""
    device: str = ""
    methods: tuple[str, ...] = ()
    proved: datetime | None = None
    enrolling: bool = False
    emergency_until: datetime | None = None
    version: int = 1

    def at(self, now: datetime) -> Session:
        """Itself while it lives; SignedOut at and after either limit."""
        if now >= self.idle_until or now >= self.absolute_until:
            raise SignedOut
        return self

"""Actor, Role, Permission, Session: who is asking, and what that allows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from chalicelib.kit.problem import NotAllowed, NotFound, Problem, SignedOut


class Audience(StrEnum):
    """Which portal a session belongs to; a session of one is nothing in the other."""

    PATIENT = "patient"
    STAFF = "staff"


class Role(StrEnum):
    """What somebody is to a clinic."""

    PATIENT = "patient"
    PRACTITIONER = "practitioner"
    NURSE = "nurse"
    MANAGER = "manager"
    GROUP_MANAGER = "group-manager"


class Permission(StrEnum):
    """One thing a person may do; the word is the action's."""

    REGISTER_PATIENT = "register_patient"
    BOOK_APPOINTMENT = "book_appointment"
    GET_APPOINTMENT = "get_appointment"
    LIST_MY_APPOINTMENTS = "list_my_appointments"
    CANCEL_APPOINTMENT = "cancel_appointment"


# The role table: default deny, and what is not listed cannot be done.
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.PATIENT: frozenset(Permission),
    Role.PRACTITIONER: frozenset(),
    Role.NURSE: frozenset(),
    Role.MANAGER: frozenset(),
    Role.GROUP_MANAGER: frozenset(),
}


class NotRegistered(Problem):
    """Signed in, but nobody knows yet who they are."""

    status = 403
    title = "Tell us who you are first."


class Actor(Struct, frozen=True, kw_only=True):
    """Who is asking. `clinic` is the one the session was opened for; `patient` is set once they registered."""

    role: Role
    clinic: str
    account: str
    name: str = ""
    patient: str = ""
    email: str = ""
    language: str = ""

    @property
    def who(self) -> str:
        """How audit events and idempotency keys name them."""
        return f"{self.role}/{self.patient or self.account}"

    def as_patient(self) -> str:
        """The id of the patient they are; NotRegistered if they have not said who they are."""
        if not self.patient:
            raise NotRegistered
        return self.patient

    def must(self, permission: Permission, clinic: str) -> None:
        """Raise NotFound in another clinic, NotAllowed without the permission."""
        if clinic != self.clinic:
            raise NotFound
        if permission not in GRANTS[self.role]:
            raise NotAllowed


class Session(Struct, frozen=True, kw_only=True):
    """A signed-in browser. Times aware UTC; `sid` is the random half that only the cookie holds (empty when read)."""

    audience: Audience
    actor: Actor
    made: datetime
    idle_until: datetime
    absolute_until: datetime
    sid: str = ""
    version: int = 1

    def at(self, now: datetime) -> Session:
        """Itself while it lives; SignedOut at and after either limit."""
        if now >= self.idle_until or now >= self.absolute_until:
            raise SignedOut
        return self

"""What a door hands to its view, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from chalicelib.clinics.records import Clinic
from chalicelib.identity.records import Actor, Audience, Permission, Session
from chalicelib.kit.problem import Problem, SignedOut


class Who(StrEnum):
    """Whom a door lets in. The list of the doors for anyone is closed: tests/house names each."""

    ANYONE = "anyone"
    SIGNED_IN = "signed-in"


class Once(Struct, frozen=True):
    """A request that must happen once: its key, who asked, a fingerprint of what, and how its answer is shown."""

    clinic: str
    who: str
    key: str
    fingerprint: str
    now: datetime
    status: int
    answer: Callable[[Any], Struct]

    def answering(self, answer: Callable[[Any], Struct]) -> Once:
        """The same, with the function that turns what was made into the answer to keep."""
        return Once(self.clinic, self.who, self.key, self.fingerprint, self.now, self.status, answer)


class Operation(Struct, frozen=True, kw_only=True):
    """One door, as OpenAPI tells it. `problems` are those of its own; every door's are added by the document."""

    name: str
    method: str
    path: str
    summary: str
    who: Who
    audience: Audience
    permission: Permission | None = None
    body: type[Struct] | None = None
    query: type[Struct] | None = None
    reply: type[Struct] | None = None
    media_type: str = "application/json"
    status: int = 200
    problems: tuple[type[Problem], ...] = ()
    once: bool = False
    polls: bool = False
    asks: Struct | None = None
    answers: Struct | None = None

    @property
    def operation_id(self) -> str:
        """`book_appointment` as `bookAppointment`."""
        first, *rest = self.name.split("_")
        return first + "".join(word.capitalize() for word in rest)

    @property
    def signed_in(self) -> bool:
        """Whether a session is needed."""
        return self.who is Who.SIGNED_IN


class Asked(Struct, frozen=True, kw_only=True):
    """A request that may pass: `body` and `query` are decoded to the operation's shapes; `address` is the caller's IP."""

    operation: Operation
    now: datetime
    language: str
    address: str
    path: Mapping[str, str]
    cookies: Mapping[str, str]
    headers: Mapping[str, str]
    maybe_clinic: Clinic | None = None
    session: Session | None = None
    body: Any = None
    query: Any = None
    maybe_once: Once | None = None

    @property
    def clinic(self) -> Clinic:
        """The clinic of the path."""
        assert self.maybe_clinic is not None, "this door's path names no clinic"
        return self.maybe_clinic

    @property
    def actor(self) -> Actor:
        """Who asks; SignedOut if nobody is signed in."""
        if self.session is None:
            raise SignedOut
        return self.session.actor

    @property
    def once(self) -> Once:
        """The request's idempotency key."""
        assert self.maybe_once is not None, "this door asks for no Idempotency-Key"
        return self.maybe_once


class Reply(Struct, frozen=True, kw_only=True):
    """An answer with more than a body: headers and cookies; `text` in place of a JSON body."""

    body: Struct | None = None
    text: str = ""
    headers: Mapping[str, str] = {}
    cookies: tuple[str, ...] = ()

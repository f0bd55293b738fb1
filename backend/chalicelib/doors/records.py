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

LARGEST_BODY = 64 * 1024  # bytes; few forms of ours come near it, and a door says where one does
DEEPEST = 20  # levels of lists and objects within each other


class Who(StrEnum):
    """Whom a door lets in. The list of the doors for anyone is closed: tests/house names each."""

    ANYONE = "anyone"
    SIGNED_IN = "signed-in"


class By(StrEnum):
    """Whom a limit counts."""

    ADDRESS = "address"
    ACCOUNT = "account"
    CLINIC = "clinic"
    EVERYBODY = "everybody"


class Limit(Struct, frozen=True, kw_only=True):
    """At most `most` of something within a fixed window of `seconds`, counted for whom `by` says."""

    name: str
    most: int
    seconds: int
    by: By = By.ACCOUNT


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
    """One door, as OpenAPI tells it. `problems` are those of its own; every door's are added by the document.

    `also`: statuses beside `status` under which an answer of the same shape may come. `audience` None: patients and
    staff alike. `step_up`: staff only within five minutes of a strong proof. `enrolling`: also open to who has yet to set up
    a factor. `limits` are spent before the view runs. `largest` (bytes) and `deepest` (levels) bound the body before it is
    looked at. `reads`: the answer shows what a clinic holds of a patient, so
    the view must note the reading before it leaves.
    """

    name: str
    method: str
    path: str
    summary: str
    who: Who
    audience: Audience | None = Audience.PATIENT
    permission: Permission | None = None
    body: type[Struct] | None = None
    query: type[Struct] | None = None
    reply: type[Struct] | None = None
    media_type: str = "application/json"
    status: int = 200
    also: tuple[int, ...] = ()
    problems: tuple[type[Problem], ...] = ()
    once: bool = False
    polls: bool = False
    step_up: bool = False
    enrolling: bool = False
    reads: bool = False
    limits: tuple[Limit, ...] = ()
    largest: int = LARGEST_BODY
    deepest: int = DEEPEST
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
    def signed_in(self) -> Session:
        """The caller's session; SignedOut if nobody is signed in."""
        if self.session is None:
            raise SignedOut
        return self.session

    @property
    def actor(self) -> Actor:
        """Who asks; SignedOut if nobody is signed in."""
        return self.signed_in.actor

    @property
    def once(self) -> Once:
        """The request's idempotency key."""
        assert self.maybe_once is not None, "this door asks for no Idempotency-Key"
        return self.maybe_once


class Reply(Struct, frozen=True, kw_only=True):
    """An answer with more than a body: headers, cookies, one of the door's other statuses; `text` in place of a JSON body."""

    body: Struct | None = None
    text: str = ""
    headers: Mapping[str, str] = {}
    cookies: tuple[str, ...] = ()
    status: int = 0

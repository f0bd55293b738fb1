"""StaffAccount and what proves it: one sign-in for all the clinics somebody works in. No patient data, no secret unsealed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from chalicelib.identity.records import Session


class StaffAccount(Struct, frozen=True, kw_only=True):
    """Somebody who works here, in whichever clinics.

    `clinics` is where to ask for them, no more: what each clinic says of them (Member) decides. `last` is where they
    worked last. `version` changes with every change of what they sign in with.
    """

    id: str
    name: str
    email: str
    language: str
    made: datetime
    clinics: tuple[str, ...] = ()
    last: str = ""
    version: int = 1

    @property
    def in_order(self) -> tuple[str, ...]:
        """Their clinics, the one they worked in last first."""
        return tuple(sorted(self.clinics, key=lambda clinic: clinic != self.last))


class Passkey(Struct, frozen=True, kw_only=True):
    """A passkey: what its authenticator said of itself (base64url), and what its owner calls it.

    `id` names it in lists and keys; it is the digest of the credential's own id. `count` is how often the authenticator
    says it was used (many never count: 0).
    """

    id: str
    credential: str
    key: str
    count: int
    label: str
    made: datetime
    used: datetime | None = None


class Totp(Struct, frozen=True, kw_only=True):
    """An authenticator app's secret, sealed; `step` is the last 30 seconds (since 1970) that a code was accepted of."""

    sealed: str
    step: int
    made: datetime


class Holder(Struct, frozen=True, kw_only=True):
    """An account with all that proves it. `waiting` is an authenticator that is being set up and proves nothing yet."""

    account: StaffAccount
    passkeys: tuple[Passkey, ...] = ()
    totp: Totp | None = None
    waiting: Totp | None = None

    @property
    def factors(self) -> int:
        """How many ways they have to prove who they are."""
        return len(self.passkeys) + (self.totp is not None)

    def passkey(self, passkey_id: str) -> Passkey | None:
        """The passkey of that id, if it is theirs."""
        return next((each for each in self.passkeys if each.id == passkey_id), None)


class LinkKind(StrEnum):
    """What a mailed link is for."""

    INVITATION = "invitation"
    RECOVERY = "recovery"


class Link(Struct, frozen=True, kw_only=True):
    """A link that was mailed to somebody of a clinic: works once, until `until`. Only the digest of its handle is kept.

    Of a recovery: `asked` once its link was opened and the managers were told, `approved_by` the manager who vouched.
    """

    clinic: str
    kind: LinkKind
    account: str
    digest: str
    made: datetime
    until: datetime
    asked: bool = False
    approved_by: str = ""


class Browser(Struct, frozen=True, kw_only=True):
    """Where somebody asks from: the network address, what the browser calls itself, and what it holds of ours.

    `known` is the token by which it is known for accounts, `held` the one of what it has begun (a ceremony, a challenge),
    `before` the session it leaves behind.
    """

    address: str
    device: str = ""
    known: str = ""
    held: str = ""
    before: Session | None = None

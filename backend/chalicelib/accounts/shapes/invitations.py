"""What crosses the wire when somebody is invited, or comes back by recovery."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from chalicelib.clinics.records import Record, Slug


class Invitation(Record, frozen=True, kw_only=True):
    """Whom to invite, as what. `practitioner` is the id of the practitioner they are to patients, if one."""

    name: Annotated[str, Meta(min_length=1, max_length=120)]
    email: Annotated[str, Meta(min_length=1, max_length=320)]
    roles: Annotated[tuple[str, ...], Meta(min_length=1, max_length=8)]
    practitioner: Annotated[str, Meta(max_length=64)] = ""


class MailedLink(Record, frozen=True, kw_only=True):
    """What a mailed link carries behind its `#`."""

    clinic: Slug
    handle: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class RecoverySent(Record, frozen=True, kw_only=True):
    """The same answer for every address."""

    sent: bool = True


# Examples, as the API's description shows them.
INVITATION = Invitation(name="Rhea Okoro", email="rhea.okoro@harbourfamily.example", roles=("reception",))
MAILED_LINK = MailedLink(clinic="north", handle="0" * 64)
RECOVERY_SENT = RecoverySent()

"""What crosses the wire about who works in a clinic."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta

from chalicelib.accounts.shapes.staff_sessions import ClinicName
from chalicelib.clinics.records import Clinic, Record
from chalicelib.identity.records import Member


class RecoveryView(Record, frozen=True, kw_only=True):
    """They cannot sign in any more and have asked, at this time, for somebody to vouch for them."""

    at: datetime
    approved: bool = False


class MemberView(Record, frozen=True, kw_only=True):
    """Somebody who works in a clinic, did so, or is invited to. `clinic` is told where several are listed."""

    account: str
    name: str
    email: str
    roles: tuple[str, ...]
    status: Annotated[str, Meta(description="invited, active or inactive")]
    practitioner: Annotated[str, Meta(description="id of the practitioner they are to patients; empty if none")]
    since: datetime
    version: int
    recovery: RecoveryView | None
    clinic: ClinicName | None = None


def member_view(member: Member, recovery: RecoveryView | None = None, clinic: Clinic | None = None) -> MemberView:
    """A member as those see them who run the clinic."""
    return MemberView(
        account=member.account,
        name=member.name,
        email=member.email,
        roles=member.roles,
        status=member.status,
        practitioner=member.practitioner,
        since=member.made,
        version=member.version,
        recovery=recovery,
        clinic=ClinicName(id=clinic.id, name=clinic.name) if clinic else None,
    )


# Examples, as the API's description shows them.
MEMBER = MemberView(
    account="7k2m9p4q8r1s5t6v0w3x",
    name="Rhea Okoro",
    email="rhea.okoro@harbourfamily.example",
    roles=("reception",),
    status="invited",
    practitioner="",
    since=datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
    version=1,
    recovery=None,
)

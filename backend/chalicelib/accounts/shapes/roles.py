"""What crosses the wire when those who run a clinic look at its staff, and change what they do; and of emergency access."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.accounts.shapes.members import MEMBER, MemberView
from chalicelib.clinics.records import Record


class StaffQuery(Record, frozen=True, kw_only=True):
    """Whose staff."""

    across: Annotated[bool, Meta(description="of every clinic whose group manager one is")] = False


class StaffList(Record, frozen=True, kw_only=True):
    """Who works or worked in a clinic or is invited to, by name."""

    staff: tuple[MemberView, ...]


class RolesWanted(Record, frozen=True, kw_only=True):
    """What somebody does from now on. `practitioner`: as whom patients know them; left out it stays, empty is nobody."""

    roles: Annotated[list[str], Meta(min_length=1, max_length=10)]
    practitioner: Annotated[str, Meta(max_length=64)] | None = None
    version: Annotated[int | None, Meta(description="the version that was seen")] = None


class StaffDeactivate(Record, frozen=True, kw_only=True):
    """Nothing needs to be said to end somebody's work in the clinic."""


class EmergencyWanted(Record, frozen=True, kw_only=True):
    """Why every patient must be looked at now; kept, and mailed to who runs the clinic."""

    reason: Annotated[str, Meta(min_length=10, max_length=500)]


def staff_list(found: Iterable[MemberView]) -> StaffList:
    """Members as those see them who run the clinic."""
    return StaffList(staff=tuple(found))


# Examples, as the API's description shows them.
STAFF = StaffList(staff=(MEMBER,))
ROLES = RolesWanted(roles=["nurse", "reception"], version=1)
CHANGED = msgspec.structs.replace(MEMBER, roles=("nurse", "reception"), status="active", version=2)
EMERGENCY = EmergencyWanted(reason="Unconscious patient in the waiting room, no relatives present.")

"""What crosses the wire about the browsers somebody is signed in with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta

from chalicelib.accounts.shapes.staff_sessions import ClinicName
from chalicelib.clinics.records import Clinic, Record, Slug
from chalicelib.identity.records import Session


class SessionExtend(Record, frozen=True, kw_only=True):
    """Nothing needs to be said to stay."""


class SessionExtended(Record, frozen=True, kw_only=True):
    """How long the session lives from now on if nothing is done."""

    idle_seconds: Annotated[int, Meta(description="seconds until the session ends if nothing is done")]


class ClinicSwitch(Record, frozen=True, kw_only=True):
    """The clinic to work in from now on."""

    clinic: Slug


class SessionEnd(Record, frozen=True, kw_only=True):
    """Nothing needs to be said to end one session."""


class SessionsEnd(Record, frozen=True, kw_only=True):
    """`this`: the session that asks is ended too."""

    this: bool = False


class SessionItem(Record, frozen=True, kw_only=True):
    """One browser somebody is signed in with."""

    id: str
    device: Annotated[str, Meta(description="browser and system; empty if unknown")]
    made: datetime
    seen: Annotated[datetime, Meta(description="when it was last used, to the minute")]
    current: Annotated[bool, Meta(description="the one that asks")]
    clinic: ClinicName
    tablet: Annotated[bool, Meta(description="a tablet of the clinic that the desk has handed over")] = False


class SessionList(Record, frozen=True, kw_only=True):
    """Every browser somebody is signed in with, the newest first."""

    sessions: tuple[SessionItem, ...]


def session_list(found: Iterable[tuple[Session, datetime, Clinic]], current: str) -> SessionList:
    """Sessions with when they were last used and their clinic, as their owner sees them; `current` is the id of the one that asks."""
    return SessionList(sessions=tuple(_item(session, seen, clinic, current) for session, seen, clinic in found))


def _item(session: Session, seen: datetime, clinic: Clinic, current: str) -> SessionItem:
    return SessionItem(
        id=session.id,
        device=session.device,
        made=session.made,
        seen=seen,
        current=session.id == current,
        clinic=ClinicName(id=clinic.id, name=clinic.name),
        tablet=bool(session.actor.appointment),
    )


# Examples, as the API's description shows them.
EXTENDED = SessionExtended(idle_seconds=1200)
SWITCH = ClinicSwitch(clinic="prairie")
SESSIONS = SessionList(
    sessions=(
        SessionItem(
            id="3fd0c1a2b4e5f6071829",
            device="Firefox, Windows",
            made=datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
            seen=datetime(2026, 11, 23, 12, 40, tzinfo=UTC),
            current=True,
            clinic=ClinicName(id="north", name="Harbour Family Clinic"),
        ),
    )
)

"""How long a session lives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.identity import rules
from chalicelib.identity.records import GRANTS, Actor, Audience, Permission, Role
from chalicelib.kit.problem import NotAllowed, NotFound, SignedOut

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
ADA = Actor(role=Role.PATIENT, clinic="north", account="a1", email="ada@example.com")


@pytest.mark.parametrize(("audience", "minutes"), [(Audience.PATIENT, 20), (Audience.STAFF, 15)])
def test_a_session_dies_at_exactly_its_idle_limit(audience: Audience, minutes: int) -> None:
    session = rules.opened(audience, ADA, "sid", NOW)
    assert session.at(NOW + timedelta(minutes=minutes, seconds=-1)) is session
    with pytest.raises(SignedOut):
        session.at(NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize("audience", list(Audience))
def test_however_busy_a_session_ends_after_twelve_hours(audience: Audience) -> None:
    session = rules.opened(audience, ADA, "sid", NOW)
    for minute in range(5, 12 * 60, 5):
        session = rules.touched(session, NOW + timedelta(minutes=minute)) or session
    assert session.idle_until == session.absolute_until == NOW + timedelta(hours=12)
    with pytest.raises(SignedOut):
        session.at(NOW + timedelta(hours=12))


@pytest.mark.parametrize(("seconds", "renewed"), [(0, False), (1, False), (60, False), (61, True), (600, True)])
def test_idle_time_is_renewed_only_where_it_gains_more_than_a_minute(seconds: int, renewed: bool) -> None:
    session = rules.opened(Audience.PATIENT, ADA, "sid", NOW)
    assert (rules.touched(session, NOW + timedelta(seconds=seconds)) is not None) == renewed


def test_renewing_changes_nothing_but_the_idle_limit() -> None:
    session = rules.opened(Audience.PATIENT, ADA, "sid", NOW)
    later = rules.touched(session, NOW + timedelta(minutes=10))
    assert later is not None
    assert later.idle_until == NOW + timedelta(minutes=30)
    assert (later.absolute_until, later.actor, later.sid, later.made) == (session.absolute_until, ADA, "sid", NOW)


@pytest.mark.parametrize(
    ("audience", "clinic", "name"),
    [
        (Audience.PATIENT, "north", "__Host-session-north"),
        (Audience.PATIENT, "south", "__Host-session-south"),
        (Audience.STAFF, "north", "__Host-session"),
    ],
)
def test_each_clinic_has_its_own_cookie_on_the_patients_host_and_staff_have_one(audience: Audience, clinic: str, name: str) -> None:
    assert rules.cookie_name(audience, clinic) == name


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("role", list(Role))
def test_in_another_clinic_everything_is_simply_not_there(role: Role, permission: Permission) -> None:
    with pytest.raises(NotFound):
        Actor(role=role, clinic="north", account="a").must(permission, "south")


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PATIENT])
def test_what_a_role_is_not_granted_it_may_not_do(role: Role, permission: Permission) -> None:
    assert permission not in GRANTS[role]
    with pytest.raises(NotAllowed):
        Actor(role=role, clinic="north", account="a").must(permission, "north")


def test_a_patient_is_named_by_their_patient_once_they_have_one() -> None:
    assert (ADA.who, Actor(role=Role.PATIENT, clinic="north", account="a1", patient="p1").who) == ("patient/a1", "patient/p1")

"""How long a session lives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from chalicelib.identity import rules
from chalicelib.identity.records import GRANTS, Actor, Audience, FactorNeeded, Permission, Role, StepUpNeeded
from chalicelib.kit.problem import NotAllowed, NotFound, SignedOut

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
ADA = Actor(roles=(Role.PATIENT,), clinic="north", account="a1", email="ada@example.com")


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
        Actor(roles=(role,), clinic="north", account="a").must(permission, "south")


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_is_not_granted_it_may_not_do(role: Role, permission: Permission) -> None:
    actor = Actor(roles=(role,), clinic="north", account="a")
    if permission in GRANTS[role]:
        actor.must(permission, "north")
    else:
        with pytest.raises(NotAllowed):
            actor.must(permission, "north")


def test_every_role_adds_what_it_is_granted() -> None:
    both = Actor(roles=(Role.REPORTER, Role.PATIENT), clinic="north", account="a")
    assert both.may(Permission.BOOK_APPOINTMENT)
    assert not Actor(roles=(Role.REPORTER,), clinic="north", account="a").may(Permission.BOOK_APPOINTMENT)


def test_a_patient_is_named_by_their_patient_once_they_have_one() -> None:
    assert (ADA.who, Actor(roles=(Role.PATIENT,), clinic="north", account="a1", patient="p1").who) == ("patient/a1", "patient/p1")


@pytest.mark.parametrize(("seconds", "fresh"), [(0, True), (300, True), (301, False), (-30, True), (-31, False)])
def test_a_proof_is_fresh_for_five_minutes(seconds: int, fresh: bool) -> None:
    session = msgspec.structs.replace(rules.opened(Audience.STAFF, ADA, "sid", NOW), proved=NOW)
    if fresh:
        rules.must_be_fresh(session, NOW + timedelta(seconds=seconds))
    else:
        with pytest.raises(StepUpNeeded):
            rules.must_be_fresh(session, NOW + timedelta(seconds=seconds))


def test_without_a_proof_nothing_is_fresh() -> None:
    with pytest.raises(StepUpNeeded):
        rules.must_be_fresh(rules.opened(Audience.STAFF, ADA, "sid", NOW), NOW)


def test_who_has_no_factor_yet_is_not_complete() -> None:
    session = rules.opened(Audience.STAFF, ADA, "sid", NOW)
    rules.must_be_complete(session)
    with pytest.raises(FactorNeeded):
        rules.must_be_complete(msgspec.structs.replace(session, enrolling=True))


def test_a_tablets_session_is_for_its_visit_and_everybody_elses_for_all() -> None:
    tablet = msgspec.structs.replace(ADA, roles=(Role.KIOSK,), appointment="v1")
    assert [tablet.is_for("v1"), tablet.is_for("v2"), tablet.is_for("")] == [True, False, False]
    assert ADA.is_for("v1") is True


def test_a_tablets_session_idles_for_five_minutes_and_lasts_an_hour() -> None:
    session = rules.opened(Audience.PATIENT, msgspec.structs.replace(ADA, roles=(Role.KIOSK,), appointment="v1"), "sid", NOW)
    assert (session.idle_until, session.absolute_until) == (NOW + timedelta(minutes=5), NOW + timedelta(hours=1))

"""The edges of what guards decide by: one second, one character, one step to either side. Mutants of these rules found them missing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from chalicelib.accounts.shapes import SignInStart
from chalicelib.booking.rules import booking, cancelling, grid, online, own_visits
from chalicelib.doors import reading
from chalicelib.doors.records import By
from chalicelib.identity import rules
from chalicelib.identity.records import (
    GRANTS,
    STAFF_ROLES,
    Actor,
    Audience,
    FactorNeeded,
    Member,
    MemberStatus,
    NotRegistered,
    Permission,
    Role,
    Session,
    StepUpNeeded,
)
from chalicelib.kit import tokens, zone
from chalicelib.kit.problem import LookAgain, NotFound, Problem, SignedOut, TooLarge, Unreadable
from chalicelib.kit.tokens import Purpose, Untrusted
from chalicelib.schedules.records import Span
from tests.booking.makers import a_service

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ACTOR = Actor(roles=(Role.MANAGER,), clinic="north", account="cyrus")


def a_session(audience: Audience = Audience.STAFF, **about: object) -> Session:
    return msgspec.structs.replace(rules.opened(audience, ACTOR, "sid", NOW), **about)


def a_token(now: datetime, until: datetime, **claims: str) -> str:
    return tokens.sign(Purpose.SESSION, "staff", subject="cyrus", sid="s", now=now, until=until, **claims)


@pytest.mark.parametrize("year", [1990, 2019, 2100], ids=str)
def test_a_token_is_judged_by_the_time_that_is_given_and_by_no_clock(year: int) -> None:
    then = NOW.replace(year=year)
    assert tokens.verify(a_token(then, then + timedelta(hours=1)), Purpose.SESSION, "staff", then)["sub"] == "cyrus"
    with pytest.raises(Untrusted):
        tokens.verify(a_token(then, then + timedelta(hours=1)), Purpose.SESSION, "staff", then + timedelta(hours=1))


@pytest.mark.parametrize(("seconds", "good"), [(0, True), (30, True), (31, False)])
def test_another_clock_may_run_thirty_seconds_ahead_and_no_more(seconds: int, good: bool) -> None:
    token = a_token(NOW + timedelta(seconds=seconds), NOW + timedelta(hours=1))
    if good:
        assert tokens.verify(token, Purpose.SESSION, "staff", NOW)["sid"] == "s"
    else:
        with pytest.raises(Untrusted):
            tokens.verify(token, Purpose.SESSION, "staff", NOW)


def test_a_token_may_be_as_long_as_said_and_no_longer() -> None:
    sizes = {len(token): token for pad in range(1000, 1400) if (token := a_token(NOW, NOW + timedelta(hours=1), pad="x" * pad))}
    longest = max(size for size in sizes if size <= 2048)
    assert longest >= 2046  # base64 does not come in every length
    assert tokens.verify(sizes[longest], Purpose.SESSION, "staff", NOW)["pad"]
    with pytest.raises(Untrusted):
        tokens.verify(sizes[min(size for size in sizes if size > 2048)], Purpose.SESSION, "staff", NOW)


def test_the_purposes_are_words_that_other_containers_know() -> None:
    """Two releases run side by side while one is deployed: a purpose that is renamed signs everybody out."""
    assert set(Purpose) == {"session+jwt", "challenge+jwt", "known+jwt", "ceremony+jwt"}


def test_a_session_was_last_seen_when_its_idle_time_was_renewed() -> None:
    later = NOW + timedelta(minutes=9)
    assert rules.last_seen(a_session()) == NOW
    assert rules.last_seen(a_session(idle_until=later + rules.IDLE[Audience.STAFF])) == later
    assert rules.last_seen(a_session(idle_until=NOW)) == NOW  # never before it was made


def test_a_proof_is_fresh_for_five_minutes_after_it_was_given() -> None:
    assert rules.fresh_until(a_session(proved=NOW)) == NOW + timedelta(minutes=5)
    assert rules.fresh_until(a_session()) is None


def test_emergency_access_lasts_an_hour() -> None:
    assert timedelta(minutes=60) == rules.EMERGENCY


@pytest.mark.parametrize("role", [Role.NURSE, Role.PRACTITIONER, Role.RECEPTION])
def test_emergency_access_adds_what_it_is_for_and_nothing_else(role: Role) -> None:
    actor = Actor(roles=(role,), clinic="north", account="dana")
    ordinarily = {permission for permission in Permission if actor.may(permission)}
    in_emergency = {permission for permission in Permission if msgspec.structs.replace(actor, emergency=True).may(permission)}
    assert ordinarily == GRANTS[role]
    assert in_emergency == GRANTS[role] | {Permission.LIST_PATIENTS, Permission.GET_PATIENT}


@pytest.mark.parametrize("limit", ["idle_until", "absolute_until"])
def test_a_session_is_over_in_the_instant_of_its_limit(limit: str) -> None:
    session = msgspec.structs.replace(a_session(), **{limit: NOW})
    assert session.at(NOW - timedelta(microseconds=1)) is session
    with pytest.raises(SignedOut):
        session.at(NOW)


def test_a_session_under_a_new_sid_begins_to_count_its_versions_anew() -> None:
    assert a_session().version == 1
    assert rules.renewed(a_session(version=7, id="old"), "new", NOW).version == 1


def nested(levels: int) -> bytes:
    """An object in which lists lie so many levels deep, all in all."""
    return b'{"email": ' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


@pytest.mark.parametrize(
    ("raw", "problem"),
    [(b"{}".ljust(65_536), LookAgain), (b"{}".ljust(65_537), TooLarge), (nested(20), LookAgain), (nested(21), Unreadable)],
)
def test_a_body_may_have_sixty_four_kilobytes_and_twenty_levels(raw: bytes, problem: type[Problem]) -> None:
    with pytest.raises(problem):
        reading.body(raw, SignInStart)


@pytest.mark.parametrize("odd", ["", "A", "a#b", "a b", "é", "a/b", "x" * 65])
def test_what_is_no_id_of_ours_names_nothing(odd: str) -> None:
    reading.check_ids({"clinic": "north", "appointment": "x" * 64})
    with pytest.raises(NotFound):
        reading.check_ids({"clinic": "north", "appointment": odd})


def test_where_no_clinic_is_named_we_speak_english() -> None:
    assert reading.language({}, {}, None) == "en-US"


def test_a_fault_deep_in_a_field_is_named_with_its_place() -> None:
    assert reading.plain("Expected `str`, got `int` - at `$.names[0]`") == "Expected str, got int at names[0]."


def test_how_often_one_may_book_and_cancel_is_what_security_md_says() -> None:
    found = {(limit.name, limit.most, limit.seconds, limit.by) for limit in (*booking.BOOKINGS, *cancelling.CANCELS)}
    assert found >= {
        ("book-account", 20, 3600, By.ACCOUNT),
        ("book-from", 60, 3600, By.ADDRESS),
        ("book-clinic", 2000, 3600, By.CLINIC),
        ("book-everybody", 20_000, 3600, By.EVERYBODY),
    }
    assert {name.split("-")[0] for name, *_ in found} == {"book", "cancel"}
    assert len({name for name, *_ in found}) == len(booking.BOOKINGS) + len(cancelling.CANCELS)


def test_what_stops_a_booking_has_the_status_that_pages_expect() -> None:
    assert {own_visits.CapReached.status, booking.OutsideHours.status, booking.TooSoon.status, booking.TooFar.status} == {422}
    assert (online.ByPhone.status, booking.SlotTaken.status, cancelling.TooLate.status) == (403, 409, 409)


def test_the_words_of_roles_and_permissions_are_what_rows_and_pages_hold() -> None:
    """They lie in stored members and sessions, and in the staff's pages: a word that changes takes rights away, or gives them."""
    assert {role.value for role in Role} == {
        "patient",
        "proxy",
        "kiosk",
        "practitioner",
        "nurse",
        "reception",
        "manager",
        "group-manager",
        "reporter",
    }
    assert {permission.value for permission in Permission} == {permission.name.lower() for permission in Permission}
    assert {audience.value for audience in Audience} == {"patient", "staff"}
    assert {status.value for status in MemberStatus} == {"invited", "active", "inactive"}
    assert set(STAFF_ROLES) == set(Role) - {Role.PATIENT, Role.PROXY, Role.KIOSK}


@pytest.mark.parametrize("role", Role, ids=str)
def test_everybody_but_patients_and_who_acts_for_them_is_staff(role: Role) -> None:
    assert msgspec.structs.replace(ACTOR, roles=(role,)).is_staff is (role not in {Role.PATIENT, Role.PROXY, Role.KIOSK})


def test_who_is_a_patient_says_so_under_every_id_and_who_is_none_is_refused() -> None:
    ada = msgspec.structs.replace(ACTOR, roles=(Role.PATIENT,), patient="ada", formerly=("typed",))
    assert (ada.as_patient(), ada.patients) == ("ada", ("ada", "typed"))
    nobody = msgspec.structs.replace(ada, patient="")
    assert nobody.patients == ()
    with pytest.raises(NotRegistered):
        nobody.as_patient()


def test_refusals_that_a_person_can_mend_are_403() -> None:
    assert (NotRegistered.status, StepUpNeeded.status, FactorNeeded.status) == (403, 403, 403)


@pytest.mark.parametrize(
    "record", [ACTOR, a_session(), Member(clinic="north", account="a", name="A", email="a@example.com", roles=(Role.NURSE,), made=NOW)]
)
def test_who_asks_cannot_be_changed_on_the_way_nor_named_by_place(record: msgspec.Struct) -> None:
    name = record.__struct_fields__[0]
    with pytest.raises(AttributeError):
        setattr(record, name, "other")
    with pytest.raises(TypeError):
        type(record)(*(getattr(record, each) for each in record.__struct_fields__))


def test_a_member_reads_english_unless_the_clinic_says_otherwise() -> None:
    assert Member(clinic="north", account="a", name="A", email="a@example.com", roles=(Role.NURSE,), made=NOW).language == "en-US"


@pytest.mark.parametrize(("length", "count"), [(19, 0), (20, 1), (39, 1), (40, 2), (41, 2)])
def test_a_visit_ends_with_its_window_at_the_latest(length: int, count: int) -> None:
    day = date(2026, 11, 23)
    opening = zone.wall_minute(day, 9 * 60, "America/New_York")
    visit = a_service(minutes=20)
    assert len(grid.starts([Span(opening, opening + length)], visit, "America/New_York", day, day)) == count

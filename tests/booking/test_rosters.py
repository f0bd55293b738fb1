"""Practitioners who join or leave a clinic while visits stand: an instant of theirs is taken once, wherever it was booked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count

import pytest
from msgspec.structs import replace

from chalicelib.booking import actions, rules
from chalicelib.booking.records import Wanted
from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import AvailableTime, Clinic, Hours, Weekday
from chalicelib.doors.records import Once
from chalicelib.identity.records import Actor, Role
from chalicelib.kit import zone
from chalicelib.people import actions as people
from chalicelib.people.records import Practitioner, PractitionerRole
from chalicelib.schedules import actions as schedules
from chalicelib.schedules import store
from chalicelib.schedules.records import Span
from chalicelib.visits.records import Appointment, AppointmentStatus

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TEN, NOON = datetime(2026, 11, 24, 10, tzinfo=UTC), datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = date(2026, 11, 24)
KEYS = count()
ALWAYS = Hours(available_time=(AvailableTime(days_of_week=tuple(Weekday), available_start_time="00:00", available_end_time="24:00"),))


@pytest.fixture
def two(cloud: None) -> tuple[Clinic, Clinic]:
    """Two clinics in UTC that never close, and offer a visit of 20 minutes without a room."""
    north, prairie, _ = clinics.read_portal().clinics
    visit = replace(next(service for service in north.services if service.id == "video"), id="video", lead_minutes=0, step_minutes=20)
    made = [replace(clinic, zone="UTC", hours=ALWAYS, services=(visit,)) for clinic in (north, prairie)]
    clinics.save_all(made)
    return made[0], made[1]


def osei_works_in(*where: Clinic) -> Practitioner:
    """The roster as app.json now has it."""
    roles = tuple(PractitionerRole(clinic=clinic.id, services=("video",)) for clinic in where)
    osei = Practitioner(id="osei", name="Dr Amara Osei", initials="AO", qualification={}, roles=roles)
    people.save_practitioners([osei])
    return osei


def somebody(clinic: Clinic) -> Actor:
    return Actor(roles=(Role.PATIENT,), clinic=clinic.id, account="a", patient="ada", email="ada@example.com", language="en-US")


def book(clinic: Clinic, start: datetime) -> Appointment:
    who = somebody(clinic)
    once = Once(clinic.id, who.who, f"roster-{next(KEYS)}", "f", NOW, 201, lambda booked: booked.appointment)
    return actions.book_appointment(clinic, who, Wanted(service="video", start=start), NOW, once).appointment


def cancel(clinic: Clinic, visit: Appointment) -> Appointment:
    return actions.cancel_appointment(clinic, somebody(clinic), visit.id, "", None, NOW)


def shown(clinic: Clinic) -> set[datetime]:
    return {zone.instant(offer.start) for offer in actions.find_slots(clinic, "video", "", DAY, 1, NOW).offers}


def claims(clinic: Clinic) -> list[str]:
    return [claim.id for sheet in store.of_actor(clinic.id, "practitioner/osei", DAY, DAY) for claim in sheet.claims]


def test_who_joins_a_second_clinic_can_still_be_booked_and_cancelled_on_days_with_visits(two: tuple[Clinic, Clinic]) -> None:
    north, prairie = two
    osei_works_in(north)
    before = book(north, TEN)
    osei_works_in(north, prairie)
    after = book(north, NOON)
    assert sorted(claims(north)) == sorted(claims(prairie)) == sorted([before.claim, after.claim])
    assert cancel(north, before).status == AppointmentStatus.CANCELLED
    assert claims(north) == claims(prairie) == [after.claim]


def test_a_time_booked_in_the_first_clinic_cannot_be_booked_in_the_second(two: tuple[Clinic, Clinic]) -> None:
    north, prairie = two
    osei_works_in(north)
    book(north, TEN)
    osei_works_in(north, prairie)
    with pytest.raises(rules.SlotTaken):
        book(prairie, TEN)


def test_visits_of_two_rosters_on_one_day_are_both_kept_and_block_in_both(two: tuple[Clinic, Clinic]) -> None:
    """North only, then Prairie only, then both: each sheet was written once, and neither knows the other's visit."""
    north, prairie = two
    osei_works_in(north)
    first = book(north, TEN)
    osei_works_in(prairie)
    second = book(prairie, NOON)
    osei_works_in(north, prairie)
    with pytest.raises(rules.SlotTaken):
        book(north, NOON)
    assert sorted(claims(north)) == sorted(claims(prairie)) == sorted([first.claim, second.claim])


def test_a_start_makes_what_is_shown_right_before_anybody_books(two: tuple[Clinic, Clinic]) -> None:
    north, prairie = two
    osei_works_in(north)
    book(north, TEN)
    both = osei_works_in(north, prairie)
    assert TEN in shown(prairie)
    schedules.align(both, Span(zone.minute(NOW), zone.minute(NOW) + 3 * 1440))
    assert TEN not in shown(prairie)


def test_a_visit_of_a_clinic_that_was_left_frees_its_time_everywhere(two: tuple[Clinic, Clinic]) -> None:
    north, prairie = two
    osei_works_in(north, prairie)
    visit = book(north, TEN)
    osei_works_in(prairie)
    assert TEN not in shown(prairie)
    cancel(north, visit)
    assert TEN in shown(prairie)
    assert claims(north) == claims(prairie) == []


def test_sheets_that_are_equal_are_left_alone(two: tuple[Clinic, Clinic]) -> None:
    north, prairie = two
    both = osei_works_in(north, prairie)
    book(north, TEN)
    before = store.sheets("north", DAY, DAY)
    schedules.align(both, Span(zone.minute(NOW), zone.minute(NOW) + 3 * 1440))
    assert store.sheets("north", DAY, DAY) == before == store.sheets("prairie", DAY, DAY)

"""Finding, booking and cancelling with a real store behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.audit import store as audit
from chalicelib.booking import actions, rules
from chalicelib.booking.records import Booked, Search, Wanted
from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic, Features, Limits
from chalicelib.doors.actions import Answered
from chalicelib.doors.records import Once
from chalicelib.identity.records import Actor, NotRegistered
from chalicelib.kit import memory, table, zone
from chalicelib.kit.problem import Changed, LookAgain, NotFound, Problem
from chalicelib.schedules import store as schedules
from chalicelib.visits import store as visits
from chalicelib.visits.records import AppointmentStatus
from tests.callers import given_the_clinics
from tests.cast import ADA, BEN, MALLORY

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # Monday, 07:00 in New York
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def north(cloud: None) -> Clinic:
    """The demo's North, without the people, holidays and visits of a demo."""
    given_the_clinics()
    return clinics.get("north")


def ada() -> Actor:
    return ADA.actor(patient="ada")


def ben() -> Actor:
    return BEN.actor(patient="ben")


def once(actor: Actor, key: str = "", fingerprint: str = "f") -> Once:
    """A fresh key for each call, unless one is named."""
    key = key or f"key-{next(NUMBERS)}"
    return Once("north", actor.who, key, fingerprint, NOW, 201, lambda booked: booked.appointment)


NUMBERS = iter(range(1_000_000))


def search(clinic: Clinic, service: str = "visit", day: date = TUESDAY, days: int = 1, practitioner: str = "") -> Search:
    return actions.find_slots(clinic, service, practitioner, day, days, NOW)


def times(found: Search) -> list[str]:
    """The local times shown, as people read them."""
    return [zone.local(zone.instant(offer.start), found.clinic.zone).strftime("%H:%M") for offer in found.offers]


def at(wall: str, clinic: Clinic, day: date = TUESDAY) -> datetime:
    return zone.to_instant(day, datetime.strptime(wall, "%H:%M").time(), clinic.zone)  # noqa: DTZ007 - a wall time


def book(clinic: Clinic, wall: str, actor: Actor | None = None, service: str = "visit", practitioner: str = "", key: str = "") -> Booked:
    who = actor or ada()
    return actions.book_appointment(
        clinic, who, Wanted(service=service, start=at(wall, clinic), practitioner=practitioner), NOW, once(who, key)
    )


def changed(clinic: Clinic, **limits: Any) -> Clinic:
    """The clinic with other limits, stored."""
    clinics.save(msgspec.structs.replace(clinic, limits=msgspec.structs.replace(clinic.limits, **limits)))
    return clinics.get(clinic.id)


def test_what_is_booked_is_no_more_shown_and_what_is_cancelled_is_again(north: Clinic) -> None:
    shown = times(search(north, practitioner="bea"))
    assert shown[0] == "08:00"
    visit = book(north, "08:00", practitioner="bea").appointment
    assert times(search(north, practitioner="bea")) == shown[1:]
    actions.cancel_appointment(north, ada(), visit.id, "", None, NOW)
    assert times(search(north, practitioner="bea")) == shown


def test_the_booked_visit_is_all_that_was_promised(north: Clinic) -> None:
    visit = book(north, "10:40", practitioner="bea").appointment
    assert (visit.status, visit.practitioner, visit.room) == (AppointmentStatus.BOOKED, "bea", "room-1")
    assert visit.promised == "2026-11-24T10:40:00-05:00"
    assert visit.end - visit.start == timedelta(minutes=20)
    assert visits.get("north", visit.id) == visit
    assert actions.list_my_appointments(north, ada(), NOW) == ([visit], [])


def test_a_booking_is_written_down_with_who_and_what(north: Clinic) -> None:
    visit = book(north, "10:40").appointment
    actions.cancel_appointment(north, ada(), visit.id, "better", None, NOW)
    told = [(event.action, event.who, event.what) for event in audit.of_day("north", "2026-11-23")]
    assert sorted(told) == sorted(
        [
            ("book_appointment", "patient/ada", f"appointment/{visit.id}"),
            ("cancel_appointment", "patient/ada", f"appointment/{visit.id}"),
        ]
    )


def test_any_practitioner_goes_to_whom_has_the_least_to_do(north: Clinic) -> None:
    assert book(north, "09:00", ada()).appointment.practitioner == "bea"
    assert book(north, "10:00", ben()).appointment.practitioner == "osei"
    assert book(north, "10:00", ada()).appointment.practitioner == "bea"
    with pytest.raises(rules.SlotTaken):
        book(north, "10:00", ben())


def test_a_practitioner_of_two_clinics_is_busy_in_both(north: Clinic) -> None:
    """Dr Osei sees North on Monday to Wednesday and, by video, Prairie Rose on the other days: an instant is an instant."""
    book(north, "10:00", practitioner="osei")
    mine = schedules.sheets("north", TUESDAY, TUESDAY)[("practitioner/osei", TUESDAY)]
    there = schedules.sheets("prairie", TUESDAY, TUESDAY)[("practitioner/osei", TUESDAY)]
    assert mine == there
    assert len(mine.claims) == 1


def test_a_room_is_taken_once(north: Clinic) -> None:
    """Nurse visits and flu vaccinations share the one treatment room and the one nurse."""
    book(north, "09:00", service="nurse")
    assert "09:00" not in times(search(north, "flu"))


def test_a_group_has_as_many_places_as_it_has(north: Clinic) -> None:
    rooms = set()
    for number in range(4):
        patient = msgspec.structs.replace(ben(), patient=f"p{number}")
        rooms.add(book(north, "09:00", patient, service="flu").appointment.room)
    assert rooms == {"treatment"}
    with pytest.raises(rules.SlotTaken):
        book(north, "09:00", msgspec.structs.replace(ben(), patient="p5"), service="flu")


def test_a_place_left_is_shown_until_the_last(north: Clinic) -> None:
    def places() -> int:
        offers = [offer for offer in search(north, "flu").offers if zone.instant(offer.start) == at("09:00", north)]
        return sum(opening.places for offer in offers for opening in offer.openings)

    left = [places()]
    for number in range(4):
        book(north, "09:00", msgspec.structs.replace(ben(), patient=f"p{number}"), service="flu")
        left.append(places())
    assert left == [4, 3, 2, 1, 0]


def test_a_cancelled_place_in_a_group_frees_only_that_place(north: Clinic) -> None:
    first = book(north, "09:00", ada(), service="flu").appointment
    book(north, "09:00", ben(), service="flu")
    actions.cancel_appointment(north, ada(), first.id, "", None, NOW)
    sheet = schedules.sheets("north", TUESDAY, TUESDAY)[("practitioner/dana", TUESDAY)]
    assert len(sheet.claims) == 1
    assert "09:00" in times(search(north, "flu"))
    assert "09:00" not in times(search(north, "nurse"))


REFUSALS: list[tuple[str, Callable[[Clinic], object], type[Problem]]] = [
    ("a service nobody offers", lambda c: search(c, "magic"), LookAgain),
    ("a practitioner of another service", lambda c: search(c, "visit", practitioner="dana"), LookAgain),
    ("a practitioner of another clinic", lambda c: search(c, "visit", practitioner="okafor"), LookAgain),
    ("a date centuries away", lambda c: search(c, day=date(9999, 12, 31)), LookAgain),
    ("the first of all dates", lambda c: search(c, day=date(1, 1, 1)), LookAgain),
    ("a time off the grid", lambda c: book(c, "10:50"), rules.OutsideHours),
    ("a time at lunch", lambda c: book(c, "12:20"), rules.OutsideHours),
    ("a time at night", lambda c: book(c, "03:00"), rules.OutsideHours),
    ("somebody not registered", lambda c: book(c, "10:40", ADA.actor()), NotRegistered),
    ("a manager of another clinic", lambda c: book(c, "10:40", MALLORY.actor()), NotFound),
]


@pytest.mark.parametrize(("what", "ask", "problem"), REFUSALS, ids=[row[0] for row in REFUSALS])
def test_a_refusal_stores_nothing(north: Clinic, what: str, ask: Callable[[Clinic], object], problem: type[Problem]) -> None:
    assert what
    with pytest.raises(problem):
        ask(north)
    assert schedules.sheets("north", date(2026, 1, 1), date(2027, 12, 31)) == {}
    assert actions.list_my_appointments(north, ada(), NOW) == ([], [])


def with_features(clinic: Clinic, **features: bool) -> Clinic:
    return msgspec.structs.replace(clinic, features=Features(**features))


@pytest.mark.parametrize("ask", [lambda c: search(c), lambda c: book(c, "10:40")])
def test_a_clinic_that_books_by_phone_says_so(north: Clinic, ask: Callable[[Clinic], object]) -> None:
    with pytest.raises(rules.ByPhone) as stopped:
        ask(with_features(north, self_booking=False))
    assert north.telephone in stopped.value.detail


@pytest.mark.parametrize("ask", [lambda c: search(c), lambda c: book(c, "10:40")])
def test_a_clinic_may_ask_patients_to_choose_whom_they_see(north: Clinic, ask: Callable[[Clinic], object]) -> None:
    choosy = with_features(north, any_practitioner=False)
    with pytest.raises(LookAgain):
        ask(choosy)
    assert book(choosy, "10:40", practitioner="bea").appointment.practitioner == "bea"


def test_a_repeat_of_the_same_key_is_told_from_a_slot_that_is_taken(north: Clinic) -> None:
    book(north, "10:40", practitioner="bea", key="the-same-key")
    with pytest.raises(Answered):
        book(north, "11:00", practitioner="bea", key="the-same-key")
    assert [len(part) for part in actions.list_my_appointments(north, ada(), NOW)] == [1, 0]


def test_the_cap_names_the_visits_that_fill_it(north: Clinic) -> None:
    capped = changed(north, max_active=2)
    ids = {book(capped, wall).appointment.id for wall in ("09:00", "10:00")}
    with pytest.raises(rules.CapReached) as stopped:
        book(capped, "11:00")
    named: Any = stopped.value.extra["appointments"]
    assert set(named) == ids
    book(capped, "11:00", ben())


def test_a_cancelled_visit_makes_room_under_the_cap(north: Clinic) -> None:
    capped = changed(north, max_active=1)
    first = book(capped, "09:00").appointment
    actions.cancel_appointment(capped, ada(), first.id, "", None, NOW)
    assert book(capped, "10:00").appointment.status == AppointmentStatus.BOOKED


def test_an_overlap_with_ones_own_visit_is_told_and_stops_nothing(north: Clinic) -> None:
    first = book(north, "10:00", practitioner="bea").appointment
    second = book(north, "10:00", practitioner="osei")
    assert second.overlaps == (first,)


def test_a_full_week_points_to_the_next_open_day(north: Clinic) -> None:
    closed = clinics.closed_on(north, {date(2026, 11, 24) + timedelta(days=days): "closed" for days in range(7)})
    clinics.save(closed)
    found = search(clinics.get("north"), days=7)
    assert (found.offers, found.next_open) == ((), date(2026, 12, 1))


def test_no_open_day_up_to_the_horizon_is_said_so(north: Clinic) -> None:
    near = changed(north, horizon_days=0)
    late = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # Monday, 23:00 in New York
    found = actions.find_slots(near, "visit", "", None, 7, late)
    assert (found.offers, found.next_open, found.horizon) == ((), None, date(2026, 11, 23))


def test_no_number_of_cancels_hides_what_is_ahead(north: Clinic) -> None:
    kept = book(north, "08:00").appointment
    for _ in range(12):
        actions.cancel_appointment(north, ada(), book(north, "15:00").appointment.id, "", None, NOW)
    ahead, behind = actions.list_my_appointments(north, ada(), NOW)
    assert ahead == [kept]
    assert len(behind) == 12
    assert len(visits.behind("north", "ada", NOW, 5)) == 5
    assert visits.ahead("north", "ada", NOW)[0] == [kept]


def test_a_visit_that_began_is_behind(north: Clinic) -> None:
    first, second = (book(north, wall).appointment for wall in ("08:00", "09:00"))
    later = first.start + timedelta(minutes=1)
    assert actions.list_my_appointments(north, ada(), later) == ([second], [first])


def test_cancelling_twice_is_the_same_as_once(north: Clinic) -> None:
    visit = book(north, "10:40").appointment
    first = actions.cancel_appointment(north, ada(), visit.id, "better", None, NOW)
    again = actions.cancel_appointment(north, ada(), visit.id, "other", None, NOW + timedelta(hours=1))
    assert first == again
    assert (first.status, first.late, first.sequence, first.version) == (AppointmentStatus.CANCELLED, False, 1, 2)


def test_a_late_cancel_is_accepted_and_marked(north: Clinic) -> None:
    visit = book(north, "10:40").appointment
    assert actions.cancel_appointment(north, ada(), visit.id, "", None, visit.start - timedelta(hours=1)).late


def test_cancelling_what_has_changed_shows_it_first(north: Clinic) -> None:
    visit = book(north, "10:40").appointment
    with pytest.raises(Changed):
        actions.cancel_appointment(north, ada(), visit.id, "", 7, NOW)
    assert visits.get("north", visit.id) == visit


def test_after_the_start_only_the_clinic_can_cancel(north: Clinic) -> None:
    visit = book(north, "10:40").appointment
    with pytest.raises(rules.TooLate) as stopped:
        actions.cancel_appointment(north, ada(), visit.id, "", None, visit.start + timedelta(minutes=1))
    assert north.telephone in stopped.value.detail


@pytest.mark.parametrize(
    "ask", [lambda c, a, i: actions.get_appointment(c, a, i, NOW), lambda c, a, i: actions.cancel_appointment(c, a, i, "", None, NOW)]
)
def test_what_is_adas_ben_does_not_find(north: Clinic, ask: Callable[[Clinic, Actor, str], object]) -> None:
    visit = book(north, "10:40").appointment
    with pytest.raises(NotFound):
        ask(north, ben(), visit.id)
    assert visits.get("north", visit.id) == visit


def test_visits_of_every_id_a_patient_had_are_theirs_and_new_ones_are_the_present_ids(north: Clinic) -> None:
    """The clinic found that who typed `ada` is the patient it held as `chart`."""
    old = book(north, "10:40").appointment
    linked = msgspec.structs.replace(ada(), patient="chart", formerly=("ada",))
    new = book(north, "09:00", linked).appointment
    assert (old.patient, new.patient) == ("ada", "chart")
    assert actions.list_my_appointments(north, linked, NOW) == ([new, old], [])
    assert actions.get_appointment(north, linked, old.id, NOW) == old
    assert book(north, "10:40", linked, practitioner="osei").overlaps == (old,)
    assert actions.cancel_appointment(north, linked, old.id, "", None, NOW).status is AppointmentStatus.CANCELLED
    assert [visit.id for visit in actions.list_my_appointments(north, linked, NOW)[1]] == [old.id]


def test_visits_of_every_id_count_against_a_cap(north: Clinic) -> None:
    capped = msgspec.structs.replace(north, limits=msgspec.structs.replace(north.limits, max_active=2))
    old = book(capped, "10:40").appointment
    linked = msgspec.structs.replace(ada(), patient="chart", formerly=("ada",))
    new = book(capped, "09:00", linked).appointment
    with pytest.raises(rules.CapReached) as stopped:
        book(capped, "09:20", linked)
    assert stopped.value.extra["appointments"] == [new.id, old.id]


def test_a_conflict_with_another_slot_is_tried_again_and_never_a_refusal(north: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody books another time of the same day between our reading and our writing."""
    real, waiting = rules.book, [lambda: book(north, "09:00", ben(), practitioner="bea")]

    def meanwhile(*args: Any, **kwargs: Any) -> Any:
        choice = real(*args, **kwargs)
        if waiting:
            waiting.pop()()
        return choice

    monkeypatch.setattr(rules, "book", meanwhile)
    assert book(north, "10:00", practitioner="bea").appointment.practitioner == "bea"
    assert len(schedules.sheets("north", TUESDAY, TUESDAY)[("practitioner/bea", TUESDAY)].claims) == 2


def test_who_loses_one_practitioner_gets_the_next(north: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    real, waiting = rules.book, [lambda: book(north, "10:00", ben(), practitioner="bea")]

    def meanwhile(*args: Any, **kwargs: Any) -> Any:
        choice = real(*args, **kwargs)
        if waiting:
            waiting.pop()()
        return choice

    monkeypatch.setattr(rules, "book", meanwhile)
    assert book(north, "10:00").appointment.practitioner == "osei"


def test_a_visit_over_midnight_utc_stands_on_both_days_and_goes_from_both(north: Clinic) -> None:
    late = msgspec.structs.replace(
        north,
        limits=Limits(lead_minutes=0, horizon_days=30),
        hours=msgspec.structs.replace(north.hours, available_time=tuple(_always(north))),
        features=Features(),
    )
    clinics.save(late)
    visit = book(clinics.get("north"), "18:40", service="annual", practitioner="bea").appointment  # 23:40 to 00:20 UTC
    days = [date(2026, 11, 24), date(2026, 11, 25)]
    assert [len(schedules.sheets("north", day, day)[("practitioner/bea", day)].claims) for day in days] == [1, 1]
    actions.cancel_appointment(clinics.get("north"), ada(), visit.id, "", None, NOW)
    assert [len(schedules.sheets("north", day, day)[("practitioner/bea", day)].claims) for day in days] == [0, 0]


def _always(clinic: Clinic) -> Any:
    rule = clinic.hours.available_time[0]
    yield msgspec.structs.replace(rule, available_start_time="08:00", available_end_time="20:00")


def test_a_practitioner_who_left_does_not_keep_a_patient_from_cancelling(north: Clinic) -> None:
    visit = book(north, "10:40", practitioner="bea").appointment
    from chalicelib.people.store import PersonRow

    for row in table.listed(PersonRow, table.key("north", "PRACTITIONERS")):
        PersonRow(row["pk"], row["sk"]).delete()
    memory.forget()
    assert actions.cancel_appointment(north, ada(), visit.id, "", None, NOW).status == AppointmentStatus.CANCELLED

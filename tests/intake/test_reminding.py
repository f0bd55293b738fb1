"""Reminding patients of what is left to do before a visit: who, when, and that nobody is told twice, at night, or of what is done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic, FormRule
from chalicelib.intake import workers
from chalicelib.intake.actions import reminding
from chalicelib.intake.records import Completed
from chalicelib.intake.rules import reminding as rules
from chalicelib.intake.store import reminders
from chalicelib.intake.store.responses import ResponseRow
from chalicelib.kit import clock, memory, table
from chalicelib.notices.records import Notice
from chalicelib.people import actions as people
from chalicelib.visits import actions as visits
from chalicelib.visits.records import Appointment, AppointmentStatus
from scripts.local.pump import event_of_minute
from tests.callers import given_the_clinics, letters, patient_of, trail_of
from tests.cast import ADA, BEN, Person
from tests.guard import roles
from tests.intake import makers

ZONE = "America/New_York"
TEN = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # in the clinic it is ten in the morning
TOMORROW = datetime(2026, 11, 25, 15, 40, tzinfo=UTC)
OUTSIDE = {"at 8:59": (13, 59), "at 18:00": (23, 0), "at night": (5, 0)}  # in UTC
HOUR = event_of_minute(TEN)


@pytest.mark.parametrize(("hour", "minute"), OUTSIDE.values(), ids=OUTSIDE)
def test_nobody_is_reminded_in_the_evening_or_at_night(hour: int, minute: int) -> None:
    assert rules.rounds(ZONE, TEN.replace(hour=hour, minute=minute)) == ()


@pytest.mark.parametrize(("hour", "minute"), [(14, 0), (22, 59)])
def test_by_day_whoever_comes_in_three_days_or_tomorrow_is_looked_at(hour: int, minute: int) -> None:
    found = rules.rounds(ZONE, TEN.replace(hour=hour, minute=minute))
    assert [(each.ahead, each.start.date().isoformat()) for each in found] == [(3, "2026-11-27"), (1, "2026-11-25")]


def test_a_day_is_the_clinics_also_when_its_clock_changes() -> None:
    (_, tomorrow) = rules.rounds(ZONE, datetime(2026, 10, 31, 15, 0, tzinfo=UTC))
    assert tomorrow.end - tomorrow.start == timedelta(hours=25)


@pytest.fixture
def north(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """The north, which wants one form before each visit; Ada and Ben are its patients."""
    monkeypatch.setattr(clock, "now", lambda: TEN)
    given_the_clinics()
    clinics.save(replace(clinics.get("north"), forms=(FormRule(id="phq-9"),)))
    makers.publish_ours("north", "phq-9")
    memory.forget()
    with table.together() as tx:
        for person in (ADA, BEN):
            people.add_patient(tx, patient_of(person), TEN.date())
    return clinics.get("north")


def a_visit(person: Person = ADA, start: datetime = TOMORROW, **about: Any) -> Appointment:
    told: dict[str, Any] = {"made": TEN - timedelta(days=9), "status": AppointmentStatus.BOOKED, "version": 1} | about
    visit = Appointment(
        id=f"visit-of-{person.id}-{start:%d-%H-%M}",
        clinic="north",
        patient=person.id,
        service="visit",
        practitioner="bea",
        start=start,
        end=start + timedelta(minutes=20),
        promised=start.isoformat(),
        claim="c",
        **told,
    )
    with table.together() as tx:
        visits.keep(tx, visit)
    return visit


def sent_to(address: str) -> list[Notice]:
    """The letters to somebody."""
    return [each for each in letters() if each.to == address]


def hand_in(person: Person, at: datetime) -> None:
    """Somebody's form, for another visit: once is enough."""
    about = Completed(questionnaire="phq-9", response="r", canonical="u|1", at=at)
    with table.together() as tx:
        place = table.key("north", "PATIENT", person.id)
        tx.put(ResponseRow(place, "completed#phq-9", document=msgspec.json.encode(about).decode()))


def test_a_patient_with_something_left_to_do_is_told_and_not_what(north: Clinic) -> None:
    visit = a_visit()
    assert reminding.remind(north, TEN) == 1
    (mail,) = sent_to(ADA.email)
    assert mail.link.endswith(f"/north/es/forms/?visit={visit.id}")
    assert (mail.due, mail.until) == (TEN, visit.start)
    assert not {"phq", "depres", "salud mental"} & set(f"{mail.subject} {mail.text}".lower().split())
    (event,) = [each for each in trail_of("north", ADA.id) if each.action == "remind"]
    assert (event.who, event.what) == ("function/reminder", f"appointment/{visit.id}")


def test_nobody_is_told_twice_on_a_day_and_everybody_again_the_day_before(north: Clinic) -> None:
    a_visit(start=TOMORROW + timedelta(days=2))
    assert [reminding.remind(north, TEN + timedelta(hours=hours)) for hours in (0, 1, 2, 24, 48, 49)] == [1, 0, 0, 0, 1, 0]


def test_what_was_broken_off_goes_on_and_reminds_nobody_again(north: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    a_visit(ADA)
    a_visit(BEN)
    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(reminders, "close", lambda *_: (_ for _ in ()).throw(RuntimeError))
        reminding.remind(north, TEN)
    assert reminding.remind(north, TEN + timedelta(hours=1)) == 0
    assert (len(sent_to(ADA.email)), len(sent_to(BEN.email))) == (1, 1)


def test_it_stops_when_all_is_handed_in(north: Clinic) -> None:
    a_visit(ADA)
    a_visit(BEN)
    hand_in(ADA, TEN - timedelta(hours=1))
    assert reminding.remind(north, TEN) == 1
    assert sent_to(ADA.email) == []


@pytest.mark.parametrize(
    "about",
    [
        {"made": TEN - timedelta(hours=1)},
        {"status": AppointmentStatus.CANCELLED},
        {"start": TOMORROW + timedelta(days=1)},
        {"start": TEN + timedelta(hours=2)},
    ],
    ids=["booked today", "cancelled", "in two days", "today"],
)
def test_others_are_not_told(north: Clinic, about: dict[str, Any]) -> None:
    a_visit(**about)
    assert reminding.remind(north, TEN) == 0


def test_a_patient_without_an_address_is_passed_over(north: Clinic) -> None:
    with table.together() as tx:
        people.add_patient(tx, replace(patient_of(BEN), id="walt", email=""), TEN.date())
    a_visit(Person("walt", "Walt", "Moore", BEN.role, ("north",), "", "en-US"))
    assert reminding.remind(north, TEN) == 0


def test_many_visits_are_all_looked_at(north: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminding, "PAGE", 2)
    for minutes in range(5):
        a_visit(BEN, TOMORROW + timedelta(minutes=minutes))
    assert reminding.remind(north, TEN) == 5


def test_a_clinic_that_fails_does_not_stop_the_others(north: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    a_visit()
    works = reminding.remind

    def only_north(clinic: Clinic, now: datetime) -> int:
        if clinic.id != "north":
            raise RuntimeError("it is gone")
        return works(clinic, now)

    monkeypatch.setattr(reminding, "remind", only_north)
    with pytest.raises(ExceptionGroup):
        workers.remind_patients(HOUR, None)
    assert len(sent_to(ADA.email)) == 1


def test_all_it_asks_of_tables_its_role_allows_and_no_more_is_allowed(north: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    a_visit()
    with roles.asked(monkeypatch) as found:
        workers.remind_patients(HOUR, None)
    assert len(sent_to(ADA.email)) == 1
    assert found == set(roles.allowed("RemindPatientsRole"))

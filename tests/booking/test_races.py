"""Booking at the same moment, on the local cloud: one winner for one time, and nobody refused what is free.

Every request goes through the doors in a thread of its own; all begin at one barrier.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import cycle, pairwise
from typing import Any

import pytest
from msgspec.structs import replace
from pynamodb.exceptions import CancellationReason, TransactWriteError, VerboseClientError

from chalicelib.booking import actions
from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import AvailableTime, Clinic, HealthcareService, Hours, Limits, Room, Weekday
from chalicelib.doors import actions as doors
from chalicelib.doors import throttle
from chalicelib.identity.records import Actor, Audience, Role
from chalicelib.kit import clock, memory, table, zone
from chalicelib.people import actions as people
from chalicelib.people.records import Practitioner, PractitionerRole
from chalicelib.schedules import store as schedules
from chalicelib.schedules.records import Claim
from chalicelib.visits.records import AppointmentStatus
from scripts.local.wire import Answer
from tests.callers import Caller, as_actor, body_of

pytestmark = [pytest.mark.cloud, pytest.mark.usefixtures("ministack")]

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 24)
NAMES = iter(range(1_000_000))


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """One moment for all. Patience is long: dozens of clients share one interpreter here, and time is not what is tested.

    Nor are limits: all of them ask from one address within one second.
    """
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(doors, "must_spend_all", lambda *_: None)
    monkeypatch.setattr(throttle, "admit", lambda *_: None)
    monkeypatch.setattr(table, "PATIENCE", 120.0)


def a_clinic(*services: HealthcareService, practitioners: int = 1, rooms: int = 0) -> Clinic:
    """A clinic of its own for each race, open day and night in UTC, with Dr 0, Dr 1 ..."""
    name = f"race-{next(NAMES)}"
    hours = Hours(available_time=(AvailableTime(days_of_week=tuple(Weekday), available_start_time="00:00", available_end_time="24:00"),))
    clinic = replace(
        clinics.read_portal().clinics[0],
        id=name,
        zone="UTC",
        hours=hours,
        services=services,
        rooms=tuple(Room(id=f"room-{n}", name=f"Room {n}", kind="exam") for n in range(rooms)),
        limits=Limits(lead_minutes=0, horizon_days=30),
    )
    clinics.save(clinic)
    role = PractitionerRole(clinic=name, services=tuple(service.id for service in services))
    people.save_practitioners(
        [Practitioner(id=f"dr-{n}", name=f"Dr {n}", initials="D", qualification={}, roles=(role,)) for n in range(practitioners)]
    )
    return clinic


def a_service(name: str = "visit", minutes: int = 20, **more: Any) -> HealthcareService:
    return HealthcareService(id=name, name={"en": name}, comment={"en": name}, minutes=minutes, **more)


def patients(clinic: Clinic, count: int) -> list[Caller]:
    """So many different patients, each signed in."""
    names = [f"p{n}" for n in range(count)]
    return [
        as_actor(
            Actor(
                roles=(Role.PATIENT,),
                clinic=clinic.id,
                account=name,
                patient=name,
                name=name,
                email=f"{name}@example.com",
                language="en-US",
            ),
            Audience.PATIENT,
        )
        for name in names
    ]


def at(minutes: int) -> str:
    """The race day's time, so many minutes after its midnight."""
    return (datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) + timedelta(minutes=minutes)).isoformat()


def book(clinic: Clinic, caller: Caller, minutes: int, service: str = "visit", practitioner: str = "", key: str = "") -> Answer:
    wanted = {"service": service, "start": at(minutes), "practitioner": practitioner}
    return caller.post(f"/clinics/{clinic.id}/appointments", wanted, idempotency_key=key or f"key-{next(NAMES)}-race")


def at_once(asks: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """All of them in threads that start together."""
    barrier = threading.Barrier(len(asks))

    def run(ask: Callable[[], Answer]) -> Answer:
        barrier.wait()
        return ask()

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(run, asks))


def statuses(answers: Sequence[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


def claims(clinic: Clinic, actor: str) -> list[Claim]:
    found = schedules.sheets(clinic.id, DAY - timedelta(days=1), DAY + timedelta(days=2))
    return sorted({claim for (who, _), sheet in found.items() if who == actor for claim in sheet.claims})


def no_two_meet(found: Sequence[Claim]) -> bool:
    return all(not one.visit.meets(other.visit) for one, other in pairwise(found))


def booked(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    return [body_of(answer) for answer in answers if answer.status == 201]


@pytest.fixture
def conflicts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Every second transaction meets a TransactionConflict, as AWS gives it (ministack never does)."""
    met: Counter[str] = Counter()
    real, dice = table.connection().transact_write_items, random.Random(7)

    def meets(**kwargs: Any) -> Any:
        if dice.random() < 0.5:
            met["conflict"] += 1
            reasons = [None, CancellationReason(code="TransactionConflict")]
            error = VerboseClientError(
                {"Error": {"Code": "TransactionCanceledException"}}, "TransactWriteItems", {}, cancellation_reasons=reasons
            )
            raise TransactWriteError("cancelled", error)
        return real(**kwargs)

    monkeypatch.setattr(table.connection(), "transact_write_items", meets)
    yield met
    assert met["conflict"] > 0


def test_fifty_want_one_time_and_one_gets_it() -> None:
    clinic = a_clinic(a_service())
    callers = patients(clinic, 50)
    answers = at_once([partial(book, clinic, caller, 600) for caller in callers])
    assert statuses(answers) == {201: 1, 409: 49}
    assert {body_of(answer)["type"] for answer in answers if answer.status == 409} == {"slot-taken"}
    assert len(claims(clinic, "practitioner/dr-0")) == 1


def eight_clients_book_everything(clinic: Clinic, wishes: list[tuple[int, str]]) -> list[Answer]:
    """Eight clients work through all wishes, shuffled, each as fast as it can."""
    random.Random(1).shuffle(wishes)
    callers = patients(clinic, 8)

    def work(number: int) -> list[Answer]:
        return [book(clinic, callers[number], minutes, practitioner=who) for minutes, who in wishes[number::8]]

    with ThreadPoolExecutor(8) as pool:
        return [answer for answers in pool.map(work, range(8)) for answer in answers]


def test_eight_clients_book_160_different_times_and_nobody_is_refused() -> None:
    clinic = a_clinic(a_service(), practitioners=3)
    wishes = [(20 * n, f"dr-{who}") for who in range(3) for n in range(72)][:160]
    answers = eight_clients_book_everything(clinic, wishes)
    assert statuses(answers) == {201: 160}
    assert all(no_two_meet(claims(clinic, f"practitioner/dr-{who}")) for who in range(3))


@pytest.mark.parametrize("times", [48, pytest.param(160, marks=pytest.mark.deep)])
def test_different_times_survive_a_conflict_at_every_second_write(conflicts: Counter[str], times: int) -> None:
    clinic = a_clinic(a_service(minutes=5), practitioners=1)
    answers = eight_clients_book_everything(clinic, [(5 * n, "") for n in range(times)])
    assert statuses(answers) == {201: times}
    assert len(claims(clinic, "practitioner/dr-0")) == times
    assert conflicts["conflict"] > times / 2


def test_overlapping_visits_of_different_lengths_have_one_winner() -> None:
    clinic = a_clinic(a_service("short", 20), a_service("long", 45, step_minutes=5), a_service("longest", 60, step_minutes=5))
    callers = patients(clinic, 50)
    wishes = [
        ("short", 600),
        ("long", 590),
        ("longest", 575),
        ("long", 610),
        ("longest", 615),
    ]  # every two of them share 10:10 to 10:20 or meet
    asks = [partial(book, clinic, caller, minutes, service) for caller, (service, minutes) in zip(callers, cycle(wishes), strict=False)]
    answers = at_once(asks)
    assert set(statuses(answers)) == {201, 409}
    assert no_two_meet(claims(clinic, "practitioner/dr-0"))
    assert len(claims(clinic, "practitioner/dr-0")) == statuses(answers)[201]


def test_overlapping_lengths_under_conflicts_never_overlap(conflicts: Counter[str]) -> None:
    clinic = a_clinic(a_service("short", 15), a_service("long", 40, step_minutes=5, before_minutes=10, after_minutes=5))
    callers = patients(clinic, 40)
    dice = random.Random(3)
    wishes = [("short", 15 * dice.randrange(40, 46)) if dice.random() < 0.5 else ("long", 5 * dice.randrange(118, 140)) for _ in callers]
    answers = at_once([partial(book, clinic, caller, minutes, service) for caller, (service, minutes) in zip(callers, wishes, strict=True)])
    assert set(statuses(answers)) == {201, 409}
    found = claims(clinic, "practitioner/dr-0")
    assert len(found) == statuses(answers)[201]
    for one in found:
        assert not [other for other in found if other != one and (one.visit.meets(other.guard) or one.guard.meets(other.visit))]
    assert conflicts


def test_a_group_of_five_places_fills_with_five_in_one_group() -> None:
    clinic = a_clinic(a_service(capacity=5), rooms=2)
    clinics.save(replace(clinic, services=(a_service(capacity=5, room_kind="exam"),)))
    callers = patients(clinic, 30)
    answers = at_once([partial(book, clinic, caller, 600) for caller in callers])
    assert statuses(answers) == {201: 5, 409: 25}
    assert len({(visit["practitioner"]["id"], visit["room"], visit["start"]) for visit in booked(answers)}) == 1


def test_any_of_four_practitioners_gives_four_different_ones() -> None:
    clinic = a_clinic(a_service(), practitioners=4)
    callers = patients(clinic, 30)
    answers = at_once([partial(book, clinic, caller, 600) for caller in callers])
    assert statuses(answers) == {201: 4, 409: 26}
    assert len({visit["practitioner"]["id"] for visit in booked(answers)}) == 4


def test_two_practitioners_and_one_room_make_one_visit() -> None:
    clinic = a_clinic(a_service(room_kind="exam"), practitioners=2, rooms=1)
    callers = patients(clinic, 20)
    answers = at_once([partial(book, clinic, caller, 600, practitioner=f"dr-{n % 2}") for n, caller in enumerate(callers)])
    assert statuses(answers) == {201: 1, 409: 19}
    assert len(claims(clinic, "room/room-0")) == 1


@pytest.mark.parametrize("crowd", [1, 2, 5, 8, 13])
def test_cancel_and_book_of_one_time_never_leaves_two_active(crowd: int) -> None:
    clinic = a_clinic(a_service())
    ada, *others = patients(clinic, 1 + crowd)
    first = body_of(book(clinic, ada, 600))
    cancel = partial(ada.post, f"/clinics/{clinic.id}/appointments/{first['id']}/cancel", {})
    cancelled, *answers = at_once([cancel, *(partial(book, clinic, other, 600) for other in others)])
    assert cancelled.status == 200
    assert body_of(cancelled)["status"] == AppointmentStatus.CANCELLED
    assert statuses(answers)[201] <= 1
    assert set(statuses(answers)) <= {201, 409}
    assert len(claims(clinic, "practitioner/dr-0")) == statuses(answers)[201]


def test_one_key_twenty_times_in_parallel_is_one_visit_and_one_answer() -> None:
    clinic = a_clinic(a_service(), practitioners=3)
    (ada,) = patients(clinic, 1)
    answers = at_once([lambda: book(clinic, ada, 600, key="one-key-of-adas")] * 20)
    assert statuses(answers) == {201: 20}
    assert len({answer.body for answer in answers}) == 1
    assert sum(len(claims(clinic, f"practitioner/dr-{n}")) for n in range(3)) == 1


def test_one_key_in_parallel_under_conflicts_is_one_visit_and_one_answer(conflicts: Counter[str]) -> None:
    clinic = a_clinic(a_service(), practitioners=3)
    (ada,) = patients(clinic, 1)
    answers = at_once([lambda: book(clinic, ada, 600, key="one-key-of-adas")] * 10)
    assert statuses(answers) == {201: 10}
    assert len({answer.body for answer in answers}) == 1
    assert conflicts


def test_a_lost_answer_is_not_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The write arrived, its answer did not: the owner gets their visit, not "taken"."""
    from botocore.exceptions import ReadTimeoutError

    clinic = a_clinic(a_service())
    (ada,) = patients(clinic, 1)
    real = table.connection().transact_write_items
    lost: list[int] = []

    def loses(**kwargs: Any) -> Any:
        answer = real(**kwargs)
        if len(kwargs["put_items"]) > 5 and not lost:
            lost.append(1)
            raise TransactWriteError("lost", ReadTimeoutError(endpoint_url="x"))
        return answer

    monkeypatch.setattr(table.connection(), "transact_write_items", loses)
    answer = book(clinic, ada, 600)
    assert (answer.status, lost) == (201, [1])
    assert len(claims(clinic, "practitioner/dr-0")) == 1


def test_a_patient_who_books_twice_at_once_does_not_pass_the_cap() -> None:
    clinic = a_clinic(a_service())
    clinics.save(replace(clinics.get(clinic.id), limits=Limits(lead_minutes=0, horizon_days=30, max_active=3)))
    (ada,) = patients(clinic, 1)
    answers = at_once([partial(book, clinic, ada, 600 + 20 * n) for n in range(10)])
    assert statuses(answers) == {201: 3, 422: 7}
    assert len(claims(clinic, "practitioner/dr-0")) == 3


def test_a_practitioner_of_two_clinics_is_booked_in_one_of_them() -> None:
    first, second = a_clinic(a_service()), a_clinic(a_service())
    roles = tuple(PractitionerRole(clinic=clinic.id, services=("visit",)) for clinic in (first, second))
    for clinic in (first, second):
        memory.forget()
        people.save_practitioners([Practitioner(id="dr-0", name="Dr 0", initials="D", qualification={}, roles=roles)])
        assert actions.able(clinic, clinic.services[0])[0].clinics == (first.id, second.id)
    asks = [lambda c=c, w=w: book(w, c, 600) for w in (first, second) for c in patients(w, 10)]
    answers = at_once(asks)
    assert statuses(answers) == {201: 1, 409: 19}
    assert claims(first, "practitioner/dr-0") == claims(second, "practitioner/dr-0")
    assert zone.instant(claims(first, "practitioner/dr-0")[0].start).isoformat() == at(600)

"""What a clinic holds of a patient is shown only once it is written down who looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from app import app
from chalicelib.audit import actions as audit
from chalicelib.audit import store as trail
from chalicelib.documents.records import Remade
from chalicelib.doors.routes import operations
from chalicelib.kit import clock
from chalicelib.kit.problem import TryAgain
from scripts.local.wire import Answer
from tests.callers import body_of, given_the_clinics, signed_in
from tests.cast import ADA, BEA, CYRUS, RHEA, Person
from tests.documents.makers import put, released
from tests.intake.answering import a_response
from tests.intake.answering import put as answered
from tests.intake.makers import publish_ours

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NORTH = "/clinics/north"


@pytest.fixture(autouse=True)
def _monday(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    given_the_clinics()


def a_visit() -> str:
    """A visit of Ada's, by its id."""
    wanted = {"service": "visit", "start": "2026-11-24T10:40:00-05:00", "practitioner": "bea"}
    return str(body_of(signed_in(ADA).post(f"{NORTH}/appointments", wanted, idempotency_key="a-key-of-adas"))["id"])


def as_ada(path: str) -> Callable[[], Answer]:
    return lambda: signed_in(ADA).get(NORTH + path)


def as_poster(person: Person, path: str, body: dict[str, Any]) -> Callable[[], Answer]:
    return lambda: signed_in(person).post(NORTH + path, body)


def a_file(visit: str) -> str:
    """A file of that visit that can be looked at."""
    remade = Remade(content_type="image/jpeg", size=9, sha256="0" * 64, pages=1)
    return put(released(appointment=visit, remade=remade)).id


def a_draft(visit: str) -> str:
    """A form of that visit that Ada has begun."""
    publish_ours("north", "phq-9")
    return answered(a_response(id=f"{visit}-1", appointment=visit)).response.id


def as_staff(person: Person, path: str) -> Callable[[], Answer]:
    return lambda: signed_in(person).get(NORTH + path)


EXPORT = {"from": "2026-11-23", "to": "2026-11-23", "reason": "Who looked at what today?"}
# One good request for each door whose answer shows what a clinic holds of a patient.
READINGS: dict[str, Callable[[str], Callable[[], Answer]]] = {
    "list_my_appointments": lambda visit: as_ada("/appointments"),
    "get_appointment": lambda visit: as_ada(f"/appointments/{visit}"),
    "get_appointment_calendar": lambda visit: as_ada(f"/appointments/{visit}/calendar"),
    "get_my_access_log": lambda visit: as_ada("/access-log"),
    "list_patients": lambda visit: lambda: signed_in(RHEA).post(f"{NORTH}/patients/search", {"name": "moreno"}),
    "get_patient": lambda visit: as_staff(BEA, "/patients/ada"),
    "list_documents": lambda visit: as_ada(f"/appointments/{visit}/documents"),
    "get_document": lambda visit: as_ada(f"/documents/{a_file(visit)}"),
    "get_document_reference": lambda visit: as_ada(f"/documents/{a_file(visit)}/reference"),
    "open_document": lambda visit: as_poster(ADA, f"/documents/{a_file(visit)}/open", {"page": 1}),
    "export_documents": lambda visit: as_poster(RHEA, f"/appointments/{visit}/documents/export", {"reason": EXPORT["reason"]}),
    "list_completeness": lambda visit: as_staff(RHEA, "/completeness"),
    "list_responses": lambda visit: as_ada(f"/appointments/{visit}/responses"),
    "get_response": lambda visit: as_ada(f"/responses/{a_draft(visit)}"),
    "export_response": lambda visit: as_poster(ADA, f"/responses/{a_draft(visit)}/export", {"format": "csv"}),
    "list_audit_events": lambda visit: as_staff(CYRUS, "/audit-events"),
    "export_audit": lambda visit: lambda: signed_in(CYRUS).post(f"{NORTH}/audit-events/export", EXPORT),
}


def readings() -> list[tuple[str, str]]:
    """(action, patient) of every reading that is written down today."""
    return [(event.action, event.patient) for event in audit.of_day("north", NOW.date()) if event.reading]


def test_every_door_that_reads_is_known() -> None:
    assert {operation.name for operation in operations(app) if operation.reads} == set(READINGS)


@pytest.mark.parametrize("door", READINGS)
def test_a_reading_is_written_down_once(door: str) -> None:
    ask = READINGS[door](a_visit())
    for count in (1, 2):
        assert ask().status == 200
        assert [action for action, _ in readings()] == [door] * count


@pytest.mark.parametrize("door", READINGS)
def test_what_cannot_be_written_down_is_not_shown(door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = READINGS[door](a_visit())

    def out_of_breath(*_: Any) -> None:
        raise TryAgain(retry_after=1)

    monkeypatch.setattr(trail, "add", out_of_breath)
    answer = ask()
    assert (answer.status, body_of(answer)["type"]) == (503, "try-again")
    assert b"Moreno" not in answer.body
    assert set(body_of(answer)) == {"type", "title", "status", "retryAfter"}
    assert readings() == []

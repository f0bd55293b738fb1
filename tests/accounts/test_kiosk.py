"""A tablet of the clinic in a patient's hands: opened by the desk's code, once, for one visit, and over soon."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from chalicelib.accounts.rules import kiosk
from chalicelib.accounts.shapes import kiosk as shapes
from chalicelib.clinics.records import Clinic
from chalicelib.identity.records import GRANTS, Permission, Role
from chalicelib.kit import clock, table
from chalicelib.people import actions as people
from chalicelib.visits import actions as visits
from chalicelib.visits.records import AppointmentStatus
from tests.accounts.conftest import Move
from tests.callers import Caller, as_nobody, body_of, signed_in, slug, trail_of
from tests.cast import ADA, BEA, BEN, CYRUS, DANA, MALLORY, OTTO, RHEA, Person
from tests.documents.makers import put, released
from tests.guard.kinds import a_visit

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("north", "clock_at")]

NORTH = "/clinics/north"
VISIT = "visit-of-ada"


@pytest.fixture(autouse=True)
def _visits(north: None) -> None:
    for person in (ADA, BEN):
        signed_in(person)
        a_visit("north", person.id, clock.now())


def code_for(visit: str = VISIT, who: Person = RHEA) -> str:
    answer = signed_in(who).post(f"{NORTH}/appointments/{visit}/kiosk")
    assert (answer.status, body_of(answer)["minutes"]) == (200, 10)
    return str(body_of(answer)["code"])


@pytest.mark.parametrize(("language", "page"), [("es-US", "/north/es/kiosk/"), ("en-US", "/north/en/kiosk/"), ("fr", "/north/en/kiosk/")])
def test_the_page_is_in_the_patients_language_where_the_clinic_speaks_it(north: Clinic, language: str, page: str) -> None:
    assert shapes.view(north, "K7QD-3M0P", language).address.endswith(page)
    spoken = people.patient("north", ADA.id).language.split("-")[0]
    assert f"/north/{spoken}/" in body_of(signed_in(RHEA).post(f"{NORTH}/appointments/{VISIT}/kiosk"))["address"]


def opened(code: str, tablet: Caller | None = None) -> Caller:
    tablet = tablet or as_nobody()
    answer = tablet.post(f"{NORTH}/kiosk", {"code": code})
    assert answer.status == 200, body_of(answer)
    return tablet


def test_the_tablet_is_adas_for_her_visit() -> None:
    tablet = opened(code_for())
    session = body_of(tablet.get(f"{NORTH}/session"))
    assert (session["patient"]["name"], session["kiosk"], session["idleSeconds"]) == ("Ada Moreno", VISIT, 300)
    assert "telephone" not in session["patient"] or session["patient"]["telephone"] == ""
    assert tablet.get(f"{NORTH}/appointments/{VISIT}/documents").status == 200
    events = {event.action: event for event in trail_of("north", ADA.id)}
    assert (events["start_kiosk"].who, events["open_kiosk"].who) == (RHEA.actor().who, "kiosk/ada")
    assert events["open_kiosk"].about["given_by"] == RHEA.actor().who


def test_it_reaches_no_other_visit_and_no_other_file_of_hers() -> None:
    other = msgspec.structs.replace(visits.of_patient("north", (ADA.id,), VISIT), id="another", version=1)
    with table.together() as tx:
        visits.keep(tx, other)
    file = put(released(id="file-of-another", clinic="north", patient=ADA.id, appointment="another"))
    tablet, phone = opened(code_for()), signed_in(ADA)
    for path in (f"appointments/{other.id}/documents", f"documents/{file.id}"):
        assert phone.get(f"{NORTH}/{path}").status == 200
        assert slug(tablet.get(f"{NORTH}/{path}")) == (404, "not-found")


@pytest.mark.parametrize("path", ["appointments", "access-log", "sessions", f"appointments/{VISIT}"])
def test_nothing_else_of_hers_is_to_be_seen_on_it(path: str) -> None:
    tablet = opened(code_for())
    assert tablet.get(f"{NORTH}/{path}").status in {403, 404}


def test_it_may_do_only_what_a_visit_wants_of_its_patient() -> None:
    assert GRANTS[Role.KIOSK] < GRANTS[Role.PATIENT]
    never = {Permission.BOOK_APPOINTMENT, Permission.CANCEL_APPOINTMENT, Permission.GET_MY_ACCESS_LOG, Permission.LINK_PATIENT}
    assert not GRANTS[Role.KIOSK] & never


def test_a_code_works_once() -> None:
    code = code_for()
    opened(code)
    assert slug(as_nobody().post(f"{NORTH}/kiosk", {"code": code})) == (422, "wrong-code")


def test_a_newer_code_of_the_visit_ends_the_older() -> None:
    older = code_for()
    newer = code_for(who=CYRUS)
    assert slug(as_nobody().post(f"{NORTH}/kiosk", {"code": older})) == (422, "wrong-code")
    opened(newer)


def test_a_code_is_over_after_ten_minutes(clock_at: Move) -> None:
    code = code_for()
    clock_at(kiosk.LIFE)
    assert slug(as_nobody().post(f"{NORTH}/kiosk", {"code": code})) == (422, "wrong-code")


def test_five_minutes_of_nothing_end_it(clock_at: Move) -> None:
    tablet = opened(code_for())
    clock_at(timedelta(minutes=4))
    assert tablet.get(f"{NORTH}/appointments/{VISIT}/documents").status == 200
    clock_at(timedelta(minutes=5))
    assert tablet.get(f"{NORTH}/appointments/{VISIT}/documents").status == 401


def test_an_hour_ends_it_however_busy(clock_at: Move) -> None:
    tablet = opened(code_for())
    for _ in range(19):
        clock_at(timedelta(minutes=3))
        assert tablet.get(f"{NORTH}/appointments/{VISIT}/documents").status == 200
    clock_at(timedelta(minutes=3))
    assert tablet.get(f"{NORTH}/appointments/{VISIT}/documents").status == 401


def test_the_next_patient_ends_the_session_of_the_last() -> None:
    tablet = opened(code_for())
    before = Caller(tablet.audience, dict(tablet.cookies))
    opened(code_for(f"visit-of-{BEN.id}"), tablet)
    assert before.get(f"{NORTH}/appointments/{VISIT}/documents").status == 401
    assert slug(tablet.get(f"{NORTH}/appointments/{VISIT}/documents")) == (404, "not-found")


@pytest.mark.parametrize("status", [AppointmentStatus.CANCELLED, AppointmentStatus.FULFILLED, AppointmentStatus.NOSHOW])
def test_no_tablet_for_a_visit_that_is_not_ahead(status: AppointmentStatus) -> None:
    visit = visits.of_patient("north", (ADA.id,), VISIT)
    with table.together() as tx:
        visits.keep(tx, msgspec.structs.replace(visit, status=status, version=visit.version + 1))
    assert slug(signed_in(RHEA).post(f"{NORTH}/appointments/{VISIT}/kiosk")) == (409, "not-ahead")


def test_who_cares_for_her_may_hand_it_over_and_others_not() -> None:
    opened(code_for(who=BEA))
    assert signed_in(DANA).post(f"{NORTH}/appointments/{VISIT}/kiosk").status == 404
    assert signed_in(OTTO).post(f"{NORTH}/appointments/{VISIT}/kiosk").status == 403
    assert signed_in(BEN).post(f"{NORTH}/appointments/{VISIT}/kiosk").status in {401, 403}


def test_mallory_of_the_south_gets_no_tablet_of_the_north() -> None:
    """Doors: startKiosk, openKiosk (start_kiosk, open_kiosk)."""
    mallory = signed_in(MALLORY)
    assert mallory.post(f"{NORTH}/appointments/{VISIT}/kiosk").status == 404
    assert mallory.post(f"/clinics/south/appointments/{VISIT}/kiosk").status == 404
    code = code_for()
    assert slug(as_nobody().post("/clinics/south/kiosk", {"code": code})) == (422, "wrong-code")
    opened(code)


@pytest.mark.parametrize("code", ["", "K7QD", "K7QD-3M0P-1", "⅏"])
def test_what_is_no_code_is_told_at_its_field(code: str) -> None:
    answer = as_nobody().post(f"{NORTH}/kiosk", {"code": code})
    assert slug(answer) == (422, "look-again")
    assert body_of(answer)["errors"][0]["field"] == "code"

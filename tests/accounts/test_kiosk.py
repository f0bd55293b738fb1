"""A tablet of the clinic in a patient's hands: opened by the desk's code, once, for one visit, and over soon."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.accounts.actions import kiosk as kiosk_actions
from chalicelib.accounts.rules import kiosk, linking
from chalicelib.accounts.shapes import kiosk as shapes
from chalicelib.accounts.store import kiosk as store
from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.doors import throttle
from chalicelib.identity.records import GRANTS, Permission, Role
from chalicelib.kit import clock, table
from chalicelib.kit.problem import Problem
from chalicelib.people import actions as people
from chalicelib.visits import actions as visits
from chalicelib.visits.records import Appointment, AppointmentStatus
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


def now_is(visit: str, patient: str, status: AppointmentStatus) -> None:
    """A visit as it stands from now on."""
    was = visits.of_patient("north", (patient,), visit)
    with table.together() as tx:
        visits.keep(tx, msgspec.structs.replace(was, status=status, version=was.version + 1))


def another(id_: str) -> Appointment:
    """Another visit of Ada's."""
    made = msgspec.structs.replace(visits.of_patient("north", (ADA.id,), VISIT), id=id_, version=1)
    with table.together() as tx:
        visits.keep(tx, made)
    return made


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
    other = another("another")
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


def answers_of(tablet: Caller, visit: str = VISIT) -> int:
    """How the forms and the files of a visit answer a tablet: both the same."""
    (status,) = {tablet.get(f"{NORTH}/appointments/{visit}/{what}").status for what in ("documents", "responses")}
    return status


@pytest.mark.parametrize("used", [False, True])
def test_a_newer_code_closes_the_tablet_that_is_open(used: bool) -> None:
    older = opened(code_for())
    assert answers_of(older) == 200
    newer = code_for()
    if used:
        assert answers_of(opened(newer)) == 200
    assert answers_of(older) == 401
    assert body_of(older.get(f"{NORTH}/session"))["signedIn"] is False


def test_a_tablet_that_is_opened_while_a_code_is_given_is_closed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    code, tablet, put = code_for(), as_nobody(), store.put

    def slowly(*given: Any) -> None:
        if not tablet.cookies:
            opened(code, tablet)
        put(*given)

    monkeypatch.setattr(store, "put", slowly)
    newer = code_for()
    assert answers_of(tablet) == 401
    assert answers_of(opened(newer)) == 200


def test_a_code_for_another_visit_leaves_the_tablet_open() -> None:
    another("later")
    tablet = opened(code_for())
    code_for("later")
    assert answers_of(tablet) == 200


def test_the_same_tablet_may_be_opened_anew_for_the_same_visit() -> None:
    tablet = opened(code_for())
    assert answers_of(opened(code_for(), tablet)) == 200


def test_ada_sees_the_tablet_among_her_browsers_and_ends_it() -> None:
    tablet, phone = opened(code_for()), signed_in(ADA)
    (found,) = (each for each in body_of(phone.get(f"{NORTH}/sessions"))["sessions"] if each["tablet"])
    assert found["current"] is False
    left = body_of(phone.post(f"{NORTH}/sessions/{found['id']}/end"))["sessions"]
    assert not [each for each in left if each["tablet"]]
    assert answers_of(tablet) == 401
    assert {event.what for event in trail_of("north", ADA.id) if event.action == "start_kiosk"} == {f"appointment/{VISIT}"}


def test_ada_ends_the_tablet_with_all_her_sessions() -> None:
    tablet, bens, phone = opened(code_for()), opened(code_for(f"visit-of-{BEN.id}")), signed_in(ADA)
    assert len(body_of(phone.post(f"{NORTH}/sessions/end-all"))["sessions"]) == 1
    assert (answers_of(tablet), answers_of(bens, f"visit-of-{BEN.id}")) == (401, 200)


@pytest.mark.parametrize("status", [AppointmentStatus.CANCELLED, AppointmentStatus.FULFILLED, AppointmentStatus.NOSHOW])
def test_a_visit_that_is_not_ahead_any_more_is_not_on_the_tablet(status: AppointmentStatus) -> None:
    file = put(released(id="file-of-ada", clinic="north", patient=ADA.id, appointment=VISIT))
    tablet, code = opened(code_for()), code_for(f"visit-of-{BEN.id}")
    for visit, patient in ((VISIT, ADA.id), (f"visit-of-{BEN.id}", BEN.id)):
        now_is(visit, patient, status)
    assert answers_of(tablet) == 404
    assert tablet.get(f"{NORTH}/documents/{file.id}").status == 404
    assert signed_in(ADA).get(f"{NORTH}/documents/{file.id}").status == 200
    assert slug(as_nobody().post(f"{NORTH}/kiosk", {"code": code})) == (422, "wrong-code")


def from_(address: str, code: str) -> tuple[int, str]:
    """What a code typed somewhere gets for an answer."""
    try:
        kiosk_actions.open_kiosk(clinics.get("north"), code, address, "en-US", None, clock.now())
    except Problem as problem:
        return problem.status, problem.slug()
    return 200, ""


HERE, WRONG = "192.0.2.7", "0000-0000"


def test_wrong_codes_from_the_clinics_own_network_do_not_lock_its_tablets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiosk, "WRONG_FROM", msgspec.structs.replace(kiosk.WRONG_FROM, most=2))
    assert [from_(HERE, WRONG) for _ in range(3)] == [(422, "wrong-code"), (422, "wrong-code"), (429, "slow-down")]
    assert from_("198.51.100.1", WRONG) == (422, "wrong-code")
    assert from_(HERE, code_for()) == (200, "")


def test_wrong_codes_from_everywhere_do_not_lock_a_clinics_tablets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiosk, "WRONG", msgspec.structs.replace(kiosk.WRONG, most=2))
    assert [from_(f"198.51.100.{n}", WRONG) for n in range(3)] == [(422, "wrong-code"), (422, "wrong-code"), (429, "slow-down")]
    assert from_(HERE, code_for()) == (200, "")


def test_right_codes_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiosk, "WRONG_FROM", msgspec.structs.replace(kiosk.WRONG_FROM, most=1))
    for _ in range(3):
        assert from_(HERE, code_for()) == (200, "")
    assert from_(HERE, WRONG) == (422, "wrong-code")


def test_one_network_cannot_use_up_what_a_clinic_answers() -> None:
    assert kiosk.WRONG_FROM.most * 10 <= kiosk.WRONG.most
    assert kiosk.WRONG_FROM.seconds == kiosk.WRONG.seconds


def test_a_code_cannot_be_guessed_while_it_lives() -> None:
    tries = throttle.CLINIC.most / throttle.CLINIC.seconds * kiosk.LIFE.total_seconds()
    assert 32**linking.LENGTH / tries > 10_000_000


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
    now_is(VISIT, ADA.id, status)
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

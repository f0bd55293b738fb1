"""Signing in by code: for whom it works, and for whom it never does."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import boto3
import msgspec
import pytest

from chalicelib.accounts import actions as accounts
from chalicelib.accounts import rules, store
from chalicelib.accounts.actions import codes
from chalicelib.accounts.records import Registration
from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.doors import store as doors
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Audience, Session
from chalicelib.kit import clock, secret, table
from chalicelib.kit.problem import LookAgain, NotAllowed, SignedOut, SlowDown
from chalicelib.people import actions as people
from chalicelib.people.records import Patient
from tests import cast
from tests.accounts.conftest import Letterbox
from tests.callers import patient_of

NOW = datetime(2026, 11, 23, 12, 0, 30, tzinfo=UTC)
ADA, BEN = "ada.moreno@example.com", "ben.carter@example.com"
HOME = "203.0.113.7"
SAID = Registration(given="Ada", family="Moreno", birth_date=date(1987, 3, 14), telephone="")


@pytest.fixture(autouse=True)
def on_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of whoever reads it stands still."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def after(**time: float) -> datetime:
    return NOW + timedelta(**time)


def start(clinic: Clinic, email: str = ADA, now: datetime = NOW, **about: Any) -> str:
    return accounts.start_sign_in(clinic, email, about.pop("language", "en-US"), about.pop("address", HOME), now, **about)


def verify(clinic: Clinic, token: str, code: str, now: datetime = NOW, **about: Any) -> tuple[Session, str]:
    return accounts.verify_sign_in(clinic, token, code, about.pop("address", HOME), now, **about)


def rows(name: str) -> list[dict[str, Any]]:
    return boto3.client("dynamodb").scan(TableName=f"anteroom-test-{name}")["Items"]


def audited() -> Counter[str]:
    by_day = [row for row in rows("audit") if "#AUDIT#" in row["pk"]["S"]]  # each event of a patient lies in their own list too
    return Counter(row["document"]["S"].split('"action":"')[1].split('"')[0] for row in by_day)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08}"


def test_a_mailed_code_signs_in_the_browser_that_asked(north: Clinic, newest_code: Callable[[], str], letterbox: Letterbox) -> None:
    challenge = start(north, " Ada.Moreno@EXAMPLE.com ")
    session, token = verify(north, challenge, newest_code())
    assert [to for to, _ in letterbox] == [ADA]
    assert identity.session_of("north", token, Audience.PATIENT, NOW) == session
    assert (session.actor.email, session.actor.clinic, session.actor.patient, session.actor.language) == (ADA, "north", "", "en-US")


def test_the_mail_is_in_the_readers_language(north: Clinic, newest_code: Callable[[], str], letterbox: Letterbox) -> None:
    start(north, language="es-US")
    assert newest_code()
    assert "Este es su código para Harbour Family Clinic" in letterbox[0][1]


def test_the_same_address_comes_back_to_the_same_account(north: Clinic, newest_code: Callable[[], str]) -> None:
    seen = set()
    for minutes in (0, 1):
        token = start(north, now=after(minutes=minutes))
        seen.add(verify(north, token, newest_code(), after(minutes=minutes))[0].actor.account)
    assert len(seen) == 1


def test_an_account_of_one_clinic_is_none_of_another(north: Clinic, newest_code: Callable[[], str]) -> None:
    south = clinics.get("south")
    one = verify(north, start(north), newest_code())[0]
    other = verify(south, start(south), newest_code())[0]
    assert one.actor.account != other.actor.account


def test_the_code_stands_in_no_table_and_neither_does_the_browsers_half(north: Clinic, newest_code: Callable[[], str]) -> None:
    challenge = start(north)
    before = str([rows(name) for name in ("accounts", "notices", "due", "audit")])
    code = newest_code()
    for kept in (before, str([rows(name) for name in ("accounts", "notices", "due", "audit")])):
        assert code not in kept
        assert challenge not in kept
    assert ADA not in str(rows("audit"))


def test_a_wrong_code_opens_nothing(north: Clinic, newest_code: Callable[[], str]) -> None:
    challenge = start(north)
    with pytest.raises(rules.WrongCode):
        verify(north, challenge, wrong(newest_code()))
    assert rows("identity") == []


def test_the_right_code_still_works_after_four_wrong_ones_and_not_after_five(north: Clinic, newest_code: Callable[[], str]) -> None:
    for wrong_ones, works in ((4, True), (5, False)):
        challenge = start(north, now=after(minutes=wrong_ones))
        code = newest_code()
        for _ in range(wrong_ones):
            with pytest.raises(rules.WrongCode):
                verify(north, challenge, wrong(code), after(minutes=wrong_ones))
        if works:
            assert verify(north, challenge, code, after(minutes=wrong_ones))
        else:
            with pytest.raises(rules.CodeExpired):
                verify(north, challenge, code, after(minutes=wrong_ones))


def test_a_slip_of_the_finger_costs_no_try(north: Clinic, newest_code: Callable[[], str]) -> None:
    challenge = start(north)
    for _ in range(9):
        with pytest.raises(LookAgain):
            verify(north, challenge, "1234")
    assert verify(north, challenge, newest_code())


def test_a_code_works_once(north: Clinic, newest_code: Callable[[], str]) -> None:
    challenge, code = start(north), newest_code()
    verify(north, challenge, code)
    with pytest.raises(rules.CodeExpired):
        verify(north, challenge, code)


@pytest.mark.parametrize(("seconds", "works"), [(599, True), (600, False), (3600, False)])
def test_a_code_works_for_ten_minutes(north: Clinic, newest_code: Callable[[], str], seconds: int, works: bool) -> None:
    challenge, code = start(north), newest_code()
    if works:
        assert verify(north, challenge, code, after(seconds=seconds))
    else:
        with pytest.raises(rules.CodeExpired):
            verify(north, challenge, code, after(seconds=seconds))


def test_a_new_code_ends_the_older_one_of_its_browser(north: Clinic, newest_code: Callable[[], str]) -> None:
    first, old = start(north), newest_code()
    second = start(north, now=after(seconds=1), held=first)
    with pytest.raises(rules.CodeExpired):
        verify(north, first, old)
    with pytest.raises(rules.WrongCode):
        verify(north, second, old, after(seconds=1))
    assert verify(north, second, newest_code(), after(seconds=1))


def test_a_browser_that_asks_for_another_address_ends_its_older_code_too(north: Clinic, newest_code: Callable[[], str]) -> None:
    first, old = start(north), newest_code()
    start(north, BEN, held=first)
    with pytest.raises(rules.CodeExpired):
        verify(north, first, old)


def test_a_code_lives_on_however_often_other_browsers_ask_for_one(north: Clinic, newest_code: Callable[[], str]) -> None:
    for minutes, number in ((0, 1), (15, 2), (30, 12)):
        adas, code = start(north, now=after(minutes=minutes)), newest_code()
        for second in range(1, number + 1):
            start(north, " ADA.Moreno@example.com", now=after(minutes=minutes, seconds=second))
        assert verify(north, adas, code, after(minutes=minutes, seconds=30))


def test_an_address_has_no_more_living_codes_than_it_may_have_starts(north: Clinic, newest_code: Callable[[], str]) -> None:
    tokens = [start(north, now=after(seconds=number)) for number in range(8)]
    posted = str(rows("notices"))
    kept = [(row["pk"]["S"], row["seed"]["S"] in posted) for row in rows("accounts") if "#CHALLENGE#" in row["pk"]["S"]]
    living = [place for place, mailed in kept if mailed]
    assert (len(kept), len(living), len(set(living))) == (len(tokens), 3, 1)


def test_a_code_is_worth_nothing_in_another_browser(north: Clinic, newest_code: Callable[[], str]) -> None:
    start(north)
    code = newest_code()
    bens = start(north, BEN)
    with pytest.raises(rules.WrongCode):
        verify(north, bens, code)
    for token in ("", "x.y.z", bens[:-2]):
        with pytest.raises(rules.CodeExpired):
            verify(north, token, code)


def test_a_challenge_of_the_north_is_worth_nothing_in_the_south(north: Clinic, newest_code: Callable[[], str]) -> None:
    challenge, code = start(north), newest_code()
    with pytest.raises(rules.CodeExpired):
        verify(clinics.get("south"), challenge, code)


def test_neither_token_stands_in_for_the_other(north: Clinic, newest_code: Callable[[], str]) -> None:
    challenge, code = start(north), newest_code()
    with pytest.raises(SignedOut):
        identity.session_of("north", challenge, Audience.PATIENT, NOW)
    _, session = verify(north, challenge, code)
    with pytest.raises(rules.CodeExpired):
        verify(north, session, code)


def at_once(count: int, work: Callable[[int], object]) -> list[object]:
    """What each of many threads that begin together came to: an answer or an exception."""
    gate, ends = threading.Barrier(count), []

    def run(number: int) -> None:
        gate.wait()
        try:
            ends.append(work(number))
        except Exception as error:
            ends.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


@pytest.mark.thorough
def test_of_two_hundred_guesses_at_once_at_most_five_are_looked_at(
    north: Clinic, newest_code: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    challenge, code = start(north), newest_code()
    looked_at: list[str] = []
    really = secret.is_code

    def watched(given: str, seed: str) -> bool:
        looked_at.append(given)
        return really(given, seed)

    monkeypatch.setattr(secret, "is_code", watched)
    guesses = [f"{(int(code) + 1 + number) % 10**8:08}" for number in range(200)]
    ends = at_once(200, lambda number: verify(north, challenge, guesses[number], address=f"203.0.113.{number}"))
    assert len(looked_at) == 5
    assert Counter(type(end) for end in ends) == {rules.WrongCode: 5, rules.CodeExpired: 195}
    assert rows("identity") == []


def test_the_right_code_sent_many_times_at_once_opens_one_session(north: Clinic, newest_code: Callable[[], str]) -> None:
    challenge, code = start(north), newest_code()
    ends = at_once(5, lambda _: verify(north, challenge, code))
    assert Counter(type(end) for end in ends) == {tuple: 1, rules.CodeExpired: 4}
    assert len(rows("identity")) == 1


def test_two_browsers_that_make_one_account_at_once_get_the_same_one(north: Clinic) -> None:
    challenge = rules.challenge("north", "place", "sid", "seed", ADA, "en-US", NOW)
    with table.together() as tx:
        store.open_challenge("north", challenge, tx)
        accounts.add_account(tx, people_known(), NOW)
    session, _ = codes._signed_in(north, challenge, None, NOW)
    assert session.actor.patient == "p1"


def people_known() -> Patient:
    """Ada, whom the clinic knows already."""
    patient = msgspec.structs.replace(patient_of(cast.ADA), id="p1")
    with table.together() as tx:
        people.add_patient(tx, patient, date(2026, 1, 1))
    return patient


def test_a_known_patient_is_themselves_at_once(north: Clinic, newest_code: Callable[[], str]) -> None:
    with table.together() as tx:
        accounts.add_account(tx, people_known(), NOW)
    session, _ = verify(north, start(north), newest_code())
    assert (session.actor.patient, session.actor.name, session.actor.who) == ("p1", "Ada Moreno", "patient/p1")


def test_an_address_gets_three_codes_in_a_quarter_of_an_hour_and_the_answer_never_tells(
    north: Clinic, newest_code: Callable[[], str], letterbox: Letterbox
) -> None:
    tokens = [start(north, now=after(seconds=number)) for number in range(5)]
    code = newest_code()
    assert len(letterbox) == 3
    assert len({len(token) for token in tokens}) == 1
    assert verify(north, tokens[2], code, after(seconds=9))


def test_over_the_limit_a_challenge_is_refused_just_like_a_real_one(north: Clinic) -> None:
    tokens = [start(north) for _ in range(4)]
    ends: list[list[type]] = []
    for token in tokens[2:]:
        ends.append([])
        for _ in range(6):
            with pytest.raises((rules.WrongCode, rules.CodeExpired)) as told:
                verify(north, token, "00000000")
            ends[-1].append(type(told.value))
    assert ends[0] == ends[1] == [rules.WrongCode] * 5 + [rules.CodeExpired]


def test_who_asks_too_often_keeps_the_code_they_have(north: Clinic, newest_code: Callable[[], str]) -> None:
    held = [start(north, now=after(seconds=number)) for number in range(3)][-1]
    again = start(north, now=after(seconds=3), held=held)
    assert again == held
    assert verify(north, again, newest_code(), after(seconds=4))
    assert start(north, BEN, held=held) != held


def test_in_the_next_quarter_there_are_codes_again_and_ten_a_day(
    north: Clinic, newest_code: Callable[[], str], letterbox: Letterbox
) -> None:
    for quarter in range(6):
        for _ in range(3):
            start(north, now=after(minutes=15 * quarter))
    kept = [row for row in rows("notices") if row["pk"]["S"].startswith("C#north#NOTICE")]
    assert len(kept) == 10


def test_bens_codes_are_not_counted_as_adas(north: Clinic, newest_code: Callable[[], str], letterbox: Letterbox) -> None:
    for _ in range(4):
        start(north)
    start(north, BEN)
    newest_code()
    assert Counter(to for to, _ in letterbox) == {ADA: 3, BEN: 1}


@pytest.mark.thorough
def test_one_network_may_ask_thirty_times_in_ten_minutes_at_all_clinics_together(north: Clinic) -> None:
    for number in range(30):
        start(north if number % 2 else clinics.get("south"), f"p{number}@example.com")
    with pytest.raises(SlowDown) as told:
        start(north, BEN)
    assert told.value.extra["retry_after"] == 570
    assert start(north, BEN, address="203.0.113.8")
    assert start(north, BEN, now=after(seconds=570))


@pytest.mark.thorough
def test_one_network_may_guess_sixty_times_in_ten_minutes(north: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    challenge = start(north)
    for _ in range(60):
        with pytest.raises((rules.WrongCode, rules.CodeExpired)):
            verify(north, challenge, "00000000")
    with pytest.raises(SlowDown):
        verify(north, challenge, "00000000")


def test_who_cannot_be_counted_gets_nothing(north: Clinic) -> None:
    with pytest.raises(NotAllowed):
        start(north, address="")
    assert rows("accounts") == []


def test_a_count_that_cannot_be_written_lets_nobody_pass(
    north: Clinic, newest_code: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    challenge, code = start(north), newest_code()

    def out_of_breath(*_: Any, **__: Any) -> None:
        raise ConnectionError

    for row in (doors.CounterRow, store.ChallengeRow):
        with monkeypatch.context() as broken:
            broken.setattr(row, "update", out_of_breath)
            with pytest.raises(ConnectionError):
                verify(north, challenge, code)
    assert rows("identity") == []


def test_what_cannot_be_an_address_costs_nothing(north: Clinic) -> None:
    with pytest.raises(LookAgain):
        start(north, "not an address")
    assert rows("accounts") == []


def registered(north: Clinic, newest_code: Callable[[], str]) -> tuple[Session, str]:
    session, token = verify(north, start(north), newest_code())
    return accounts.register_patient(north, session, SAID, NOW), token


def test_who_registers_is_that_patient_now_and_at_the_next_sign_in(north: Clinic, newest_code: Callable[[], str]) -> None:
    session, token = registered(north, newest_code)
    patient = people.patient("north", session.actor.patient)
    assert (patient.name, patient.email, patient.birth_date, patient.language) == ("Ada Moreno", ADA, date(1987, 3, 14), "en-US")
    assert identity.session_of("north", token, Audience.PATIENT, NOW).actor.patient == patient.id
    again, _ = verify(north, start(north, language="es-US"), newest_code())
    assert (again.actor.patient, again.actor.name, again.actor.language) == (patient.id, "Ada Moreno", "es-US")


def test_an_account_registers_once(north: Clinic, newest_code: Callable[[], str]) -> None:
    session, _ = registered(north, newest_code)
    with pytest.raises(rules.AlreadyRegistered):
        accounts.register_patient(north, session, SAID, NOW)


def test_a_second_window_learns_who_the_first_one_registered(north: Clinic, newest_code: Callable[[], str]) -> None:
    other, token = verify(north, start(north), newest_code())
    session, _ = registered(north, newest_code)
    with pytest.raises(rules.AlreadyRegistered):
        accounts.register_patient(north, other, SAID, NOW)
    assert identity.session_of("north", token, Audience.PATIENT, NOW).actor.patient == session.actor.patient
    assert sum("PATIENT" in row["pk"]["S"] for row in rows("people") if "PRACTITIONERS" not in row["pk"]["S"]) == 1


def test_a_session_that_has_learnt_already_who_it_is_still_hears_that_it_is_registered(
    north: Clinic, newest_code: Callable[[], str]
) -> None:
    before, token = verify(north, start(north), newest_code())
    session = accounts.register_patient(north, before, SAID, NOW)
    with pytest.raises(rules.AlreadyRegistered):
        accounts.register_patient(north, before, SAID, NOW)
    assert identity.session_of("north", token, Audience.PATIENT, NOW) == session


def test_who_signs_out_while_registering_registers_nothing(north: Clinic, newest_code: Callable[[], str]) -> None:
    session, _ = verify(north, start(north), newest_code())
    accounts.sign_out(north, session, NOW)
    with pytest.raises(SignedOut):
        accounts.register_patient(north, session, SAID, NOW)
    assert not [row for row in rows("people") if "#PATIENT#" in row["pk"]["S"]]


def test_a_birth_date_to_come_stores_nothing(north: Clinic, newest_code: Callable[[], str]) -> None:
    session, _ = verify(north, start(north), newest_code())
    tomorrow = Registration(given="Ada", family="Moreno", birth_date=date(2026, 11, 24), telephone="")
    with pytest.raises(LookAgain):
        accounts.register_patient(north, session, tomorrow, NOW)
    assert not [row for row in rows("people") if "#PATIENT#" in row["pk"]["S"]]


def test_signing_out_ends_the_session_at_once(north: Clinic, newest_code: Callable[[], str]) -> None:
    session, token = verify(north, start(north), newest_code())
    accounts.sign_out(north, session, NOW)
    with pytest.raises(SignedOut):
        identity.session_of("north", token, Audience.PATIENT, NOW)


def test_signing_in_again_leaves_no_older_session_behind(north: Clinic, newest_code: Callable[[], str]) -> None:
    before, old = verify(north, start(north), newest_code())
    verify(north, start(north), newest_code(), before=before)
    with pytest.raises(SignedOut):
        identity.session_of("north", old, Audience.PATIENT, NOW)


def test_every_step_is_written_down(north: Clinic, newest_code: Callable[[], str]) -> None:
    challenge = start(north)
    with pytest.raises(rules.WrongCode):
        verify(north, challenge, wrong(newest_code()))
    session, _ = verify(north, challenge, newest_code())
    session = accounts.register_patient(north, session, SAID, NOW)
    accounts.sign_out(north, session, NOW)
    assert audited() == {"start_sign_in": 1, "verify_sign_in": 2, "register_patient": 1, "sign_out": 1}


def test_every_key_begins_with_its_clinic(north: Clinic, newest_code: Callable[[], str]) -> None:
    registered(north, newest_code)
    keys = {row["pk"]["S"].split("#")[1] for row in rows("accounts")}
    assert keys == {"north"}
    assert {row["pk"]["S"].split("#")[1] for row in rows("doors")} == {"north", "platform"}
    assert all(row["pk"]["S"].startswith("C#") for row in rows("accounts"))

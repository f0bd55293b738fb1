"""Guessing and signing in at the same moment, on the local cloud."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest

from chalicelib.accounts import actions as accounts
from chalicelib.accounts import rules, store
from chalicelib.accounts.actions import codes
from chalicelib.accounts.records import Account
from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import Clinic
from chalicelib.doors import store as doors
from chalicelib.identity.records import Actor, Audience, Role
from chalicelib.kit import clock, ids, secret, table, tokens
from chalicelib.kit.problem import SlowDown
from scripts.local.wire import Answer
from tests.callers import Caller, as_actor, body_of

pytestmark = [pytest.mark.cloud, pytest.mark.usefixtures("ministack")]

NOW = datetime(2026, 11, 23, 12, 0, 30, tzinfo=UTC)


def a_clinic() -> Clinic:
    """A clinic of its own for each race."""
    clinic = msgspec.structs.replace(clinics.read_portal().clinics[0], id=f"race-{ids.new(8)}")
    clinics.save(clinic)
    return clinic


def a_challenge(clinic: Clinic) -> tuple[str, str]:
    """A challenge cookie and the code that belongs to it."""
    place = secret.mac("address", f"{clinic.id}|ada@example.com")
    challenge = rules.challenge(clinic.id, place, tokens.random_sid(), secret.seed(), "ada@example.com", "en-US", NOW)
    with table.together() as tx:
        store.open_challenge(clinic.id, challenge, tx)
    return codes._token(challenge, NOW), secret.eight_digits(challenge.seed)


def an_address() -> str:
    """A network nobody else in these tests has."""
    return ":".join(["2001", "db8", *(ids.new(40).encode().hex()[at : at + 4] for at in range(0, 24, 4))])


def at_once(count: int, work: Callable[[int], object]) -> Counter[type]:
    """What threads that begin together came to, by type."""
    gate, ends = threading.Barrier(count), Counter[type]()

    def run(number: int) -> None:
        gate.wait()
        try:
            end: object = work(number)
        except Exception as error:
            end = error
        ends[type(end)] += 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_of_two_hundred_guesses_at_once_five_are_looked_at_and_no_more() -> None:
    """Fewer only where a slow answer made the client send one again: a try that may have been counted is spent."""
    clinic = a_clinic()
    token, code = a_challenge(clinic)
    guesses = [f"{(int(code) + 1 + number) % 10**8:08}" for number in range(200)]
    ends = at_once(200, lambda number: accounts.verify_sign_in(clinic, token, guesses[number], an_address(), NOW))
    assert 3 <= ends[rules.WrongCode] <= 5
    assert ends == {rules.WrongCode: ends[rules.WrongCode], rules.CodeExpired: 200 - ends[rules.WrongCode]}


def answering(clinic: Clinic, token: str, code: str) -> Callable[[int], object]:
    """Answers a challenge, each time from another network."""
    return lambda _: accounts.verify_sign_in(clinic, token, code, an_address(), NOW)


def test_of_forty_right_answers_at_once_one_signs_in() -> None:
    for _ in range(5):
        clinic = a_clinic()
        token, code = a_challenge(clinic)
        ends = at_once(40, answering(clinic, token, code))
        assert ends == {tuple: 1, rules.CodeExpired: 39}


def test_of_sixty_starts_at_once_three_mail_a_code_and_all_get_the_same_answer() -> None:
    clinic = a_clinic()
    counted = at_once(60, lambda _: accounts.start_sign_in(clinic, "ada@example.com", "en-US", an_address(), NOW))
    assert counted == {str: 60}
    place = secret.mac("address", f"{clinic.id}|ada@example.com")
    assert not any(doors.spend(clinic.id, limit, place, NOW) for limit in rules.STARTS[:1])


def test_of_fifty_starts_of_one_network_at_once_thirty_pass() -> None:
    clinic, home = a_clinic(), an_address()
    ends = at_once(50, lambda number: accounts.start_sign_in(clinic, f"p{number}@example.com", "en-US", home, NOW))
    assert ends == {str: 30, SlowDown: 20}


def four_registrations(clinic: Clinic, ada: Caller) -> Counter[tuple[int, str | None]]:
    """The answers to four registrations at once in one session: statuses and types of problems."""
    said = {"given": "Ada", "family": "Moreno", "birthDate": "1987-03-14"}
    answers: list[Answer] = []
    at_once(4, lambda _: answers.append(Caller(cookies=ada.cookies).post(f"/clinics/{clinic.id}/patients", said)))
    return Counter((answer.status, body_of(answer).get("type")) for answer in answers)


def test_of_four_registrations_at_once_in_one_session_one_is_made_and_the_others_hear_so() -> None:
    for _ in range(5):
        clinic = a_clinic()
        account = Account(id=ids.new(), clinic=clinic.id, email="ada@example.com", language="en-US", made=clock.now())
        with table.together() as tx:
            store.add_account(clinic.id, account, tx)
        actor = Actor(roles=(Role.PATIENT,), clinic=clinic.id, account=account.id, email=account.email, language="en-US")
        ada = as_actor(actor, Audience.PATIENT)
        assert four_registrations(clinic, ada) == {(201, None): 1, (409, "already-registered"): 3}
        assert body_of(ada.get(f"/clinics/{clinic.id}/session"))["patient"]["given"] == "Ada"

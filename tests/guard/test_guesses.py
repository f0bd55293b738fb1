"""Two hundred guesses at the same moment, through the doors and on the local cloud: at most five of them are looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import pytest

from chalicelib.accounts import rules
from chalicelib.accounts import store as accounts
from chalicelib.accounts.actions import linking, staff_codes, totp
from chalicelib.accounts.records import Account, Browser, Totp
from chalicelib.accounts.rules import authenticators
from chalicelib.accounts.store import staff_accounts as store
from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.identity.records import Actor, Audience, Role
from chalicelib.kit import clock, ids, secret, table
from chalicelib.people import actions as people
from scripts.local.wire import Answer
from tests.accounts.test_races import a_clinic, an_address, at_once
from tests.callers import Caller, as_actor, body_of, patient_of
from tests.cast import ADA, CYRUS

pytestmark = [pytest.mark.cloud, pytest.mark.usefixtures("ministack")]

MANY = 200


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred clients share one interpreter here, and time is not what is tested."""
    monkeypatch.setattr(table, "PATIENCE", 60.0)


def statuses(ask: Callable[[int], Answer]) -> Counter[tuple[int, str]]:
    """What two hundred requests at once were told."""
    answers: list[Answer] = []
    at_once(MANY, lambda number: answers.append(ask(number)))
    assert len(answers) == MANY
    return Counter((answer.status, body_of(answer).get("type", "")) for answer in answers)


def a_manager(clinic: Clinic) -> Caller:
    """Somebody new who runs the clinic and has an app, in a session whose proof is old."""
    account = ids.new()
    actor = Actor(roles=(Role.MANAGER,), clinic=clinic.id, account=account, name="Nia Brooks", email=f"{account}@example.com")
    caller = as_actor(actor, Audience.STAFF, proved=clock.now() - timedelta(minutes=10))
    app = Totp(sealed=totp.sealed(account, authenticators.new_secret()), step=0, made=clock.now())
    with table.together() as tx:
        store.await_totp(account, app, clock.now() + timedelta(hours=1), tx)
    with table.together() as tx:
        store.keep_totp(account, app, app, tx, table.Lost)
    caller.cookies["account"] = account
    return caller


def test_of_two_hundred_guesses_at_the_desks_code_five_are_looked_at() -> None:
    clinic = a_clinic()
    chart = msgspec.structs.replace(patient_of(ADA), id="chart", clinic=clinic.id)
    with table.together() as tx:
        people.add_patient(tx, chart, chart.made.date())
    code = linking.issue_link_code(clinic, msgspec.structs.replace(CYRUS.actor(), clinic=clinic.id), "chart", clock.now())
    ada = an_account(clinic)
    told = statuses(lambda _: Caller(cookies=ada.cookies).post(f"/clinics/{clinic.id}/link", {"code": ids.new(8)}))
    assert told == {(422, "wrong-code"): told[422, "wrong-code"], (429, "slow-down"): MANY - told[422, "wrong-code"]}
    assert 3 <= told[422, "wrong-code"] <= 5
    seen = [event for event in audit.of_day(clinic.id, clock.now().date()) if event.action == "link_patient"]
    assert len(seen) == told[422, "wrong-code"]
    assert ada.post(f"/clinics/{clinic.id}/link", {"code": code}).status == 429


def an_account(clinic: Clinic) -> Caller:
    """Somebody who has an account of that clinic."""
    account = Account(id=ids.new(), clinic=clinic.id, email="ada@example.com", language="en-US", made=clock.now())
    with table.together() as tx:
        accounts.add_account(clinic.id, account, tx)
    actor = Actor(roles=(Role.PATIENT,), clinic=clinic.id, account=account.id, email=account.email, language="en-US")
    return as_actor(actor, Audience.PATIENT)


def test_of_two_hundred_guesses_at_a_staff_members_two_codes_five_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    clinic = a_clinic()
    account = a_manager(clinic).cookies["account"]
    seed = secret.seed()
    monkeypatch.setattr(secret, "seed", lambda: seed)
    token = staff_codes.start_staff_sign_in(f"{account}@example.com", "en-US", a_browser(""), clock.now())
    code = secret.eight_digits(seed)
    ends = at_once(MANY, lambda number: staff_codes.verify_staff_sign_in(code, f"{number:06}", a_browser(token), clock.now()))
    assert ends == {rules.WrongCode: ends[rules.WrongCode], rules.CodeExpired: MANY - ends[rules.WrongCode]}
    assert 3 <= ends[rules.WrongCode] <= 5


def a_browser(held: str) -> Browser:
    """A browser of a network that nobody else has."""
    return Browser(address=an_address(), device="", known="", held=held, before=None)


def test_of_two_hundred_guesses_at_an_apps_code_in_a_session_five_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    clinic = a_clinic()
    caller = a_manager(clinic)
    del caller.cookies["account"]
    looked: list[str] = []
    plain = totp.step_of

    def looking(account: str, app: Totp, code: str, now: datetime) -> int:
        looked.append(code)
        return plain(account, app, code, now)

    monkeypatch.setattr(totp, "step_of", looking)
    told = statuses(lambda number: Caller(Audience.STAFF, caller.cookies).post("/step-up", {"totp": f"{number:06}"}))
    assert set(told) <= {(422, "wrong-code"), (429, "slow-down")}
    assert told[422, "wrong-code"] <= 5
    assert len(looked) <= 5

"""A browser that has signed in before is not locked out by what strangers ask for its address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import jwt
import pytest

from chalicelib.identity.records import Audience
from chalicelib.kit import clock, tokens
from chalicelib.kit.tokens import Purpose
from scripts.local.wire import Answer
from tests.accounts.conftest import NOW, Letterbox, Move, Newest
from tests.callers import Caller, all_but_chance, as_nobody, body_of
from tests.cast import ADA, BEN

pytestmark = pytest.mark.usefixtures("north")

KNOWN = "__Host-known-north"
Mailed = Callable[..., bool]


@pytest.fixture(autouse=True)
def wait(monkeypatch: pytest.MonkeyPatch) -> Move:
    """The clock moves a second at every look at it, and further when it is told to."""
    moment = [NOW]

    def move(by: timedelta) -> None:
        moment[0] += by

    def look() -> datetime:
        move(timedelta(seconds=1))
        return moment[0]

    monkeypatch.setattr(clock, "now", look)
    return move


@pytest.fixture
def mailed(newest_code: Newest, letterbox: Letterbox) -> Mailed:
    """Whether a start of this browser brings a mail."""

    def is_mailed(caller: Caller, email: str = ADA.email) -> bool:
        newest_code()  # whatever waits from before is out of the way
        before = len(letterbox)
        assert start(caller, email).status == 202
        newest_code()
        return len(letterbox) > before

    return is_mailed


def start(caller: Caller, email: str = ADA.email, clinic: str = "north") -> Answer:
    return caller.post(f"/clinics/{clinic}/sign-in/start?lang=en-US", {"email": email})


def verify(caller: Caller, code: str, clinic: str = "north") -> Answer:
    return caller.post(f"/clinics/{clinic}/sign-in/verify", {"code": code})


def browser_of(newest_code: Newest, wait: Move, email: str = ADA.email, clinic: str = "north") -> Caller:
    """A browser that signed in to a clinic yesterday and has left since."""
    caller = as_nobody()
    start(caller, email, clinic)
    assert verify(caller, newest_code(), clinic).status == 200
    assert caller.post(f"/clinics/{clinic}/sign-out").status == 200
    wait(timedelta(days=1))
    return caller


def used_up(times: int = 4) -> None:
    """Eve asks for Ada's address, each time in a browser of its own."""
    for _ in range(times):
        assert start(as_nobody()).status == 202


def test_adas_code_works_however_often_eve_asks_for_her_address(newest_code: Newest) -> None:
    ada, eve = as_nobody(), as_nobody()
    start(ada)
    code = newest_code()
    for _ in range(12):
        start(eve)
    used_up(12)
    assert verify(ada, code).status == 200


def test_eve_cannot_use_up_what_a_known_browser_may_ask_for(newest_code: Newest, wait: Move, mailed: Mailed) -> None:
    ada = browser_of(newest_code, wait)
    used_up()
    assert not mailed(as_nobody())
    assert mailed(ada)
    assert verify(ada, newest_code()).status == 200


@pytest.mark.thorough
def test_a_known_browser_does_not_use_up_what_others_may_ask_for(newest_code: Newest, wait: Move, mailed: Mailed) -> None:
    ada = browser_of(newest_code, wait)
    assert [mailed(ada) for _ in range(5)] == [True] * 5
    assert [mailed(as_nobody()) for _ in range(4)] == [True, True, True, False]


@pytest.mark.thorough
def test_a_known_browser_may_ask_five_times_in_a_quarter_of_an_hour_and_twenty_times_a_day(
    newest_code: Newest, wait: Move, mailed: Mailed
) -> None:
    ada = browser_of(newest_code, wait)
    found = []
    for _ in range(5):
        found.append(sum(mailed(ada) for _ in range(6)))
        wait(timedelta(minutes=15))
    assert found == [5, 5, 5, 5, 0]


@pytest.mark.thorough
def test_each_known_browser_has_its_own_allowance(newest_code: Newest, wait: Move, mailed: Mailed) -> None:
    phone, laptop = browser_of(newest_code, wait), browser_of(newest_code, wait)
    assert [mailed(phone) for _ in range(6)] == [True] * 5 + [False]
    assert mailed(laptop)


def test_being_known_is_renewed_at_every_sign_in_and_outlives_signing_out(newest_code: Newest, wait: Move) -> None:
    ada = browser_of(newest_code, wait)
    first = ada.cookies[KNOWN]
    start(ada)
    verify(ada, newest_code())
    second = ada.cookies[KNOWN]
    ada.post("/clinics/north/sign-out")
    assert first != second == ada.cookies[KNOWN]
    told = [jwt.decode(token, options={"verify_signature": False}) for token in (first, second)]
    assert told[0]["sid"] != told[1]["sid"]
    assert all(ADA.email not in str(claims) for claims in told)


@pytest.mark.parametrize(("days", "is_known"), [(88, True), (89, False)])
def test_a_browser_is_known_for_ninety_days(newest_code: Newest, wait: Move, mailed: Mailed, days: int, is_known: bool) -> None:
    ada = browser_of(newest_code, wait)
    wait(timedelta(days=days))
    used_up()
    assert mailed(ada) is is_known


def token_about(place: str, purpose: Purpose, audience: Audience) -> str:
    """A token of ours about an address."""
    return tokens.sign(purpose, audience, subject=place, sid="s" * 43, now=NOW, until=NOW + timedelta(days=90), clinic="north")


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["forged", "empty", "other address", "other clinic", "challenge", "staff's"])
def test_what_does_not_say_that_this_browser_is_known_for_this_address_counts_as_nothing(
    newest_code: Newest, wait: Move, mailed: Mailed, kind: str
) -> None:
    ada, ben = browser_of(newest_code, wait), browser_of(newest_code, wait, BEN.email)
    south = browser_of(newest_code, wait, clinic="south")
    place = jwt.decode(ada.cookies[KNOWN], options={"verify_signature": False})["sub"]
    token = {
        "forged": ada.cookies[KNOWN][:-4] + "AAAA",
        "empty": "",
        "other address": ben.cookies[KNOWN],
        "other clinic": south.cookies["__Host-known-south"],
        "challenge": token_about(place, Purpose.CHALLENGE, Audience.PATIENT),
        "staff's": token_about(place, Purpose.KNOWN, Audience.STAFF),
    }[kind]
    used_up()
    assert not mailed(Caller(cookies={KNOWN: token}))
    assert mailed(Caller(cookies={KNOWN: token_about(place, Purpose.KNOWN, Audience.PATIENT)}))


def test_the_answer_tells_neither_a_known_browser_nor_a_known_address(newest_code: Newest, wait: Move) -> None:
    ada = browser_of(newest_code, wait)
    answers = [start(Caller(cookies={KNOWN: ada.cookies[KNOWN]})) for _ in range(7)]
    answers += [start(as_nobody()) for _ in range(5)]
    answers += [start(Caller(cookies={KNOWN: "x.y.z"}), "stranger@example.com")]
    assert len({all_but_chance(answer) for answer in answers}) == 1


def test_being_known_opens_nothing(newest_code: Newest, wait: Move) -> None:
    token = browser_of(newest_code, wait).cookies[KNOWN]
    for name in ("__Host-session-north", "__Host-session", "__Host-chal-north"):
        caller = Caller(cookies={name: token})
        assert body_of(caller.get("/clinics/north/session")) == {"signedIn": False, "patient": None}
        assert verify(caller, "00000000").status == 422

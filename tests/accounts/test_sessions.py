"""The browsers somebody is signed in with: staying, working elsewhere, and ending them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.accounts.actions import sessions
from chalicelib.accounts.rules import devices
from chalicelib.audit import actions as audit
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Audience, MemberStatus, Role
from chalicelib.kit import clock, table
from chalicelib.kit.problem import SignedOut
from tests.accounts.conftest import NOW, Move, Newest
from tests.accounts.people import at_work
from tests.callers import Caller, as_actor, body_of, seen, signed_in
from tests.cast import ADA, BEN, CYRUS, GALE, MALLORY

pytestmark = pytest.mark.usefixtures("north", "clock_at")

SESSIONS = "/clinics/north/sessions"
EXTEND = "/clinics/north/session/extend"


def listed(caller: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = body_of(caller.get(SESSIONS))["sessions"]
    return found


def gale() -> Caller:
    """Gale, in the north; she works in prairie too."""
    at_work(GALE, NOW)
    return signed_in(GALE)


def test_staying_gives_the_whole_idle_time_again(clock_at: Move) -> None:
    for caller, seconds in ((signed_in(ADA), 1200), (signed_in(CYRUS), 900)):
        for _ in range(3):
            clock_at(timedelta(seconds=30))
            answer = caller.post(EXTEND)
            assert (answer.status, body_of(answer)) == (200, {"idleSeconds": seconds})


def test_nobody_stays_beyond_twelve_hours(clock_at: Move) -> None:
    caller = signed_in(CYRUS)
    for _ in range(71):
        clock_at(timedelta(minutes=10))
        left = body_of(caller.post(EXTEND))["idleSeconds"]
    assert left == 600
    clock_at(timedelta(minutes=10))
    assert caller.post(EXTEND).status == 401


def test_ada_sees_her_browsers_and_ends_one_of_them(clock_at: Move) -> None:
    first = signed_in(ADA)
    clock_at(timedelta(minutes=2))
    second = signed_in(ADA)
    newest, oldest = listed(second)
    assert (newest["current"], oldest["current"]) == (True, False)
    assert newest["clinic"] == {"id": "north", "name": "Harbour Family Clinic"}
    assert oldest["seen"] == oldest["made"] == "2026-11-23T12:00:30Z"
    left = second.post(f"{SESSIONS}/{oldest['id']}/end")
    assert [each["id"] for each in body_of(left)["sessions"]] == [newest["id"]]
    assert first.get(SESSIONS).status == 401
    assert second.get(SESSIONS).status == 200


def test_a_browser_is_listed_by_what_it_says_of_itself(newest_code: Newest) -> None:
    caller = Caller()
    caller.post("/clinics/north/sign-in/start", {"email": BEN.email})
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"
    caller.post("/clinics/north/sign-in/verify", {"code": newest_code()}, user_agent=agent)
    assert [each["device"] for each in listed(caller)] == ["Firefox, Linux"]


def test_what_is_listed_opens_nothing() -> None:
    ada = signed_in(ADA)
    token = next(iter(ada.cookies.values()))
    assert listed(ada)[0]["id"] not in token
    assert len(listed(ada)[0]["id"]) == 20


def test_ending_ones_own_session_is_leaving() -> None:
    ada = signed_in(ADA)
    answer = ada.post(f"{SESSIONS}/{listed(ada)[0]['id']}/end")
    assert (answer.status, body_of(answer)) == (200, {"sessions": []})
    assert answer.header("set-cookie").startswith("__Host-session-north=; Path=/; Max-Age=0")
    assert answer.header("clear-site-data") == '"cache"'
    assert ada.get(SESSIONS).status == 401


@pytest.mark.parametrize(("this", "left"), [(False, 1), (True, 0)])
def test_all_sessions_end_at_once_the_present_one_only_if_asked(this: bool, left: int) -> None:
    others = [signed_in(ADA) for _ in range(3)]
    ada = signed_in(ADA)
    answer = ada.post(f"{SESSIONS}/end-all", {"this": this} if this else {})
    assert len(body_of(answer)["sessions"]) == left
    assert {caller.get(SESSIONS).status for caller in others} == {401}
    assert ada.get(SESSIONS).status == (401 if this else 200)
    told = [event for event in audit.of_day("north", NOW.date()) if event.action == "end_all_sessions"]
    assert [event.about["sessions"] for event in told] == [str(4 - left)]


def test_more_sessions_than_a_transaction_holds_end_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "AT_ONCE", 2)
    for _ in range(5):
        signed_in(ADA)
    ada = signed_in(ADA)
    assert len(body_of(ada.post(f"{SESSIONS}/end-all"))["sessions"]) == 1


def test_bens_sessions_are_not_adas_to_see_or_to_end() -> None:
    ada, ben = signed_in(ADA), signed_in(BEN)
    his = listed(ben)[0]["id"]
    assert his not in {each["id"] for each in listed(ada)}
    foreign, missing = ada.post(f"{SESSIONS}/{his}/end"), ada.post(f"{SESSIONS}/{'0' * 20}/end")
    assert foreign.status == 404
    assert seen(foreign) == seen(missing)
    ada.post(f"{SESSIONS}/end-all", {"this": True})
    assert ben.get(SESSIONS).status == 200


def test_gale_works_in_prairie_without_signing_in_again() -> None:
    before = gale()
    after = Caller(Audience.STAFF, before.cookies)
    answer = after.post("/session/clinic", {"clinic": "prairie"})
    view = body_of(answer)
    assert (answer.status, view["clinic"]["id"], view["role"]) == (200, "prairie", "group-manager")
    assert [clinic["id"] for clinic in view["clinics"]] == ["north"]
    assert after.cookies["__Host-session"] != before.cookies["__Host-session"]
    assert before.get(SESSIONS).status == 401, "the old session ends"
    assert after.get(SESSIONS).status == 404, "the new one is nobody in the north"
    assert after.get("/clinics/prairie/sessions").status == 200
    for clinic in ("north", "prairie"):
        (told,) = [event for event in audit.of_day(clinic, NOW.date()) if event.action == "switch_clinic"]
        assert told.about == {"from": "north", "to": "prairie"}


def test_switching_prolongs_nothing_and_takes_no_emergency_along(clock_at: Move) -> None:
    at_work(GALE, NOW)
    caller = signed_in(GALE)
    session = identity.session_of(None, caller.cookies["__Host-session"], Audience.STAFF, NOW)
    with table.together() as tx:
        identity.change_session("north", session, msgspec.structs.replace(session, emergency_until=NOW + timedelta(hours=1)), tx)
    clock_at(timedelta(minutes=4))
    caller.post("/session/clinic", {"clinic": "prairie"})
    moved = identity.session_of(None, caller.cookies["__Host-session"], Audience.STAFF, clock.now())
    assert (moved.absolute_until, moved.proved, moved.emergency_until) == (NOW + timedelta(hours=12), NOW, None)
    assert moved.methods == ("passkey",)


def test_a_session_that_was_ended_is_not_raised_by_switching() -> None:
    caller = gale()
    session = identity.session_of(None, caller.cookies["__Host-session"], Audience.STAFF, NOW)
    other = signed_in(GALE)
    other.post(f"{SESSIONS}/end-all")
    with pytest.raises(SignedOut):
        sessions.switch_clinic(session, "prairie", NOW)
    assert identity.sessions("prairie", "gale", NOW) == []


def test_sessions_of_all_their_clinics_are_listed_and_ended_together() -> None:
    north = gale()
    prairie = as_actor(msgspec.structs.replace(GALE.actor(), clinic="prairie"), Audience.STAFF)
    assert {each["clinic"]["id"] for each in listed(north)} == {"north", "prairie"}
    there = next(each for each in listed(north) if each["clinic"]["id"] == "prairie")
    assert len(body_of(north.post(f"{SESSIONS}/{there['id']}/end"))["sessions"]) == 1
    assert prairie.get("/clinics/prairie/sessions").status == 401


def test_a_clinic_one_has_left_is_as_one_that_is_not_there() -> None:
    caller = gale()
    member = identity.member("prairie", "gale")
    assert member
    with table.together() as tx:
        identity.keep_member(tx, msgspec.structs.replace(member, status=MemberStatus.INACTIVE, version=2))
    left, missing = (caller.post("/session/clinic", {"clinic": clinic}) for clinic in ("prairie", "nowhere"))
    assert left.status == 404
    assert seen(left) == seen(missing)
    assert {each["clinic"]["id"] for each in listed(caller)} == {"north"}


def test_mallory_may_not_switch_clinic_to_the_north() -> None:
    """She works in the south only: switch_clinic finds her no other."""
    mallory = signed_in(MALLORY)
    north, missing = (mallory.post("/session/clinic", {"clinic": clinic}) for clinic in ("north", "nowhere"))
    assert north.status == 404
    assert seen(north) == seen(missing)


@pytest.mark.parametrize(
    ("operation", "method", "path"),
    [
        ("extend_session", "POST", "session/extend"),
        ("list_sessions", "GET", "sessions"),
        ("end_session", "POST", "sessions/{session}/end"),
        ("end_all_sessions", "POST", "sessions/end-all"),
    ],
)
def test_mallory_of_the_south_finds_no_sessions_of_the_north(operation: str, method: str, path: str) -> None:
    assert operation
    ada, mallory = signed_in(ADA), signed_in(MALLORY)
    path = path.format(session=listed(ada)[0]["id"])
    ask = mallory.get if method == "GET" else mallory.post
    theirs, missing = ask(f"/clinics/north/{path}"), ask(f"/clinics/nowhere/{path}")
    assert theirs.status == 404
    assert seen(theirs) == seen(missing)
    assert ada.get(SESSIONS).status == 200


def test_patients_do_not_switch_clinics() -> None:
    ada = signed_in(ADA)
    ada.cookies = {"__Host-session": next(iter(ada.cookies.values()))}
    ada.audience = Audience.STAFF
    assert ada.post("/session/clinic", {"clinic": "south"}).status == 401
    assert Role.PATIENT is ADA.role


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0", "Edge, Mac"),
        ("curl/8.5.0", ""),
        ("<script>alert(1)</script> Linux", "Linux"),
        ("", ""),
    ],
)
def test_a_browser_is_called_what_people_call_it(user_agent: str, device: str) -> None:
    assert devices.named(user_agent) == device

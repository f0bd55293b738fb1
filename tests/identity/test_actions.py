"""Sessions are opened, known, renewed and closed; nobody else's token opens one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import msgspec
import pytest

from chalicelib.identity import actions as identity
from chalicelib.identity import store
from chalicelib.identity.records import Actor, Audience, MemberStatus, Role, Session
from chalicelib.kit import table, tokens
from chalicelib.kit.problem import NotFound, SignedOut
from chalicelib.kit.tokens import Purpose
from tests.callers import employed

pytestmark = pytest.mark.usefixtures("cloud")

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
ADA = Actor(roles=(Role.PATIENT,), clinic="north", account="ada", email="ada@example.com", language="en-US")
CYRUS = Actor(roles=(Role.MANAGER,), clinic="north", account="cyrus", name="Cyrus", language="en-US")
MALLORY = Actor(roles=(Role.MANAGER,), clinic="south", account="mallory", name="Mallory", language="en-US")


def signed_in(actor: Actor = ADA, audience: Audience = Audience.PATIENT) -> tuple[Session, str]:
    if audience is Audience.STAFF:
        employed(actor, NOW)
    with table.together() as tx:
        return identity.open_session(actor.clinic, audience, actor, NOW, tx)


def rows() -> list[dict[str, Any]]:
    return boto3.client("dynamodb").scan(TableName="anteroom-test-identity")["Items"]


def minutes(count: float) -> datetime:
    return NOW + timedelta(minutes=count)


def test_who_signed_in_is_known_again() -> None:
    session, token = signed_in()
    found = identity.session_of("north", token, Audience.PATIENT, minutes(1))
    assert found == session
    assert found.actor == ADA


def test_every_sign_in_has_a_sid_of_its_own() -> None:
    assert signed_in()[0].sid != signed_in()[0].sid
    assert len(rows()) == 2


def test_the_table_holds_nothing_that_opens_a_session() -> None:
    session, token = signed_in()
    kept = str(rows())
    assert session.sid not in kept
    assert token not in kept
    assert rows()[0]["pk"]["S"].startswith("C#north#SESSIONS#ada")


def test_a_session_ends_for_good_when_it_is_closed() -> None:
    session, token = signed_in()
    for _ in range(2):
        with table.together() as tx:
            identity.close_session("north", session, tx)
        with pytest.raises(SignedOut):
            identity.session_of("north", token, Audience.PATIENT, minutes(1))


def test_a_patients_token_opens_nothing_at_another_clinic() -> None:
    _, token = signed_in()
    with pytest.raises(SignedOut):
        identity.session_of("south", token, Audience.PATIENT, NOW)


def test_a_patients_token_is_nothing_on_the_staff_host_and_the_other_way_round() -> None:
    _, patients = signed_in()
    _, staffs = signed_in(CYRUS, Audience.STAFF)
    with pytest.raises(SignedOut):
        identity.session_of(None, patients, Audience.STAFF, NOW)
    with pytest.raises(SignedOut):
        identity.session_of("north", staffs, Audience.PATIENT, NOW)


@pytest.mark.parametrize("actor", [CYRUS, MALLORY])
def test_the_staff_host_learns_the_clinic_from_the_token(actor: Actor) -> None:
    _, token = signed_in(actor, Audience.STAFF)
    assert identity.session_of(None, token, Audience.STAFF, NOW).actor == actor


def a_change(actor: Actor, **changed: Any) -> None:
    known = identity.member(actor.clinic, actor.account)
    assert known
    with table.together() as tx:
        identity.keep_member(tx, msgspec.structs.replace(known, version=known.version + 1, **changed))


def test_a_change_of_roles_counts_at_the_next_request() -> None:
    _, token = signed_in(CYRUS, Audience.STAFF)
    a_change(CYRUS, roles=(Role.REPORTER,))
    assert identity.session_of(None, token, Audience.STAFF, NOW).actor.roles == (Role.REPORTER,)


def test_who_leaves_is_signed_out_at_once() -> None:
    _, token = signed_in(CYRUS, Audience.STAFF)
    a_change(CYRUS, status=MemberStatus.INACTIVE)
    with pytest.raises(SignedOut):
        identity.session_of(None, token, Audience.STAFF, NOW)


def test_of_two_changes_of_one_member_the_second_clashes() -> None:
    signed_in(CYRUS, Audience.STAFF)
    known = identity.member("north", "cyrus")
    assert known
    a_change(CYRUS, roles=(Role.REPORTER,))
    with pytest.raises(table.Lost), table.together() as tx:
        identity.keep_member(tx, msgspec.structs.replace(known, version=2))
    with pytest.raises(table.Lost), table.together() as tx:
        identity.check_member(tx, known)


def test_a_step_up_ends_the_old_sid_and_keeps_the_absolute_end() -> None:
    session, token = signed_in(CYRUS, Audience.STAFF)
    with table.together() as tx:
        changed, fresh = identity.renew_session("north", session, msgspec.structs.replace(session, proved=minutes(3)), minutes(3), tx)
    with pytest.raises(SignedOut):
        identity.session_of(None, token, Audience.STAFF, minutes(3))
    found = identity.session_of(None, fresh, Audience.STAFF, minutes(3))
    assert (found.proved, found.absolute_until, found.idle_until) == (minutes(3), session.absolute_until, minutes(18))
    assert changed.sid != session.sid


def test_emergency_access_ends_by_itself_and_with_the_role() -> None:
    dana = Actor(roles=(Role.NURSE,), clinic="north", account="dana", name="Dana", language="en-US")
    session, token = signed_in(dana, Audience.STAFF)
    with table.together() as tx:
        identity.change_session("north", session, msgspec.structs.replace(session, emergency_until=minutes(10)), tx)
    assert identity.session_of(None, token, Audience.STAFF, minutes(9)).actor.emergency
    assert not identity.session_of(None, token, Audience.STAFF, minutes(10)).actor.emergency
    a_change(dana, roles=(Role.REPORTER,))
    assert not identity.session_of(None, token, Audience.STAFF, minutes(9)).actor.emergency


def test_all_sessions_but_one_can_be_ended() -> None:
    signed_in()
    kept, token = signed_in()
    signed_in()
    assert len(identity.sessions("north", "ada", NOW)) == 3
    with table.together() as tx:
        assert identity.end_sessions("north", "ada", tx, keep=kept) == 2
    assert [each.id for each in identity.sessions("north", "ada", NOW)] == [kept.id]
    assert identity.session_of("north", token, Audience.PATIENT, NOW) == kept


def test_one_session_is_ended_by_the_id_it_is_listed_under() -> None:
    other, _ = signed_in()
    with table.together() as tx:
        identity.end_session("north", "ada", other.id, tx)
    assert identity.sessions("north", "ada", NOW) == []
    with pytest.raises(NotFound), table.together() as tx:
        identity.end_session("north", "ada", other.id, tx)


def test_mallory_of_the_south_is_nobody_in_the_north() -> None:
    _, token = signed_in(MALLORY, Audience.STAFF)
    with pytest.raises(SignedOut):
        identity.session_of("north", token, Audience.STAFF, NOW)


def forged(session: Session, **changed: Any) -> str:
    about: dict[str, Any] = {"subject": "ada", "sid": session.sid, "now": NOW, "until": minutes(60), "clinic": "north"}
    return tokens.sign(Purpose.SESSION, "patient", **(about | changed))


@pytest.mark.parametrize("changed", [{"subject": "ben"}, {"sid": "x" * 43}, {"clinic": "south"}, {"clinic": ""}])
def test_even_a_signed_token_must_fit_its_row(changed: dict[str, Any]) -> None:
    session, _ = signed_in()
    assert identity.session_of("north", forged(session), Audience.PATIENT, NOW)
    for clinic in ("north", "south", None):
        with pytest.raises(SignedOut):
            identity.session_of(clinic, forged(session, **changed), Audience.PATIENT, NOW)


def test_a_forged_token_costs_no_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "get", lambda *_: pytest.fail("the table was asked"))
    for token in ("", "a.b.c", signed_in()[1] + "x"):
        with pytest.raises(SignedOut):
            identity.session_of("north", token, Audience.PATIENT, NOW)


def test_idle_time_ends_a_session_and_use_renews_it() -> None:
    session, token = signed_in()
    identity.touch(session, minutes(15))
    renewed = identity.session_of("north", token, Audience.PATIENT, minutes(34))
    assert renewed.idle_until == minutes(35)
    with pytest.raises(SignedOut):
        identity.session_of("north", token, Audience.PATIENT, minutes(35))


def test_a_late_renewal_never_takes_time_away() -> None:
    session, token = signed_in()
    identity.touch(session, minutes(15))
    identity.touch(session, minutes(2))
    assert identity.session_of("north", token, Audience.PATIENT, minutes(16)).idle_until == minutes(35)


def test_renewing_does_not_raise_a_closed_session_from_the_dead() -> None:
    session, token = signed_in()
    with table.together() as tx:
        identity.close_session("north", session, tx)
    identity.touch(session, minutes(10))
    assert rows() == []
    with pytest.raises(SignedOut):
        identity.session_of("north", token, Audience.PATIENT, minutes(11))


def test_who_registers_is_somebody_else_from_the_next_request_on() -> None:
    session, token = signed_in()
    registered = msgspec.structs.replace(ADA, patient="p1", name="Ada Whitlock")
    with table.together() as tx:
        changed = identity.replace_actor("north", session, registered, tx)
    assert identity.session_of("north", token, Audience.PATIENT, NOW) == changed
    assert changed.actor.patient == "p1"


@pytest.mark.parametrize("meanwhile", ["changed", "closed"])
def test_a_session_that_was_changed_or_closed_meanwhile_is_not_written_over(meanwhile: str) -> None:
    session, _ = signed_in()
    with table.together() as tx:
        if meanwhile == "changed":
            identity.replace_actor("north", session, CYRUS, tx)
        else:
            identity.close_session("north", session, tx)
    before = rows()
    with pytest.raises(table.Lost), table.together() as tx:
        identity.replace_actor("north", session, MALLORY, tx)
    assert rows() == before


def test_a_cookie_is_locked_to_its_host_and_hidden_from_scripts() -> None:
    _, token = signed_in()
    made = identity.set_cookie("__Host-session-north", token, 43200)
    assert made == f"__Host-session-north={token}; Path=/; Max-Age=43200; Secure; HttpOnly; SameSite=Strict"
    assert identity.clear_cookie("__Host-session").startswith("__Host-session=; Path=/; Max-Age=0;")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("__Host-session", "a\r\nSet-Cookie: b=c"),
        ("__Host-session", "a; Domain=evil.example"),
        ("__Host-session", "a\n"),
        ("__Host-session\n", "a"),
        ("session", "a"),
        ("__Host-session-north=x;", "a"),
        ("__Host-session", "é"),
    ],
)
def test_no_cookie_can_add_a_header_or_an_attribute(name: str, value: str) -> None:
    with pytest.raises(ValueError, match="cookie"):
        identity.set_cookie(name, value, 1)

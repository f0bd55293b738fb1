"""Sessions are opened, known, renewed and closed; nobody else's token opens one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import msgspec
import pytest

from chalicelib.identity import actions as identity
from chalicelib.identity import store
from chalicelib.identity.records import Actor, Audience, Role, Session
from chalicelib.kit import table, tokens
from chalicelib.kit.problem import SignedOut
from chalicelib.kit.tokens import Purpose

pytestmark = pytest.mark.usefixtures("cloud")

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
ADA = Actor(role=Role.PATIENT, clinic="north", account="ada", email="ada@example.com", language="en-US")
CYRUS = Actor(role=Role.MANAGER, clinic="north", account="cyrus", name="Cyrus")
MALLORY = Actor(role=Role.MANAGER, clinic="south", account="mallory", name="Mallory")


def signed_in(actor: Actor = ADA, audience: Audience = Audience.PATIENT) -> tuple[Session, str]:
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
    assert rows()[0]["pk"]["S"].startswith("C#north#SESSION#")


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

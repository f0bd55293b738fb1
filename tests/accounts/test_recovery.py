"""Coming back after losing everything: a mailed link and somebody who vouches, never one of them alone."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import pytest

from chalicelib.accounts.store import links
from chalicelib.accounts.store import staff_accounts as store
from chalicelib.audit import actions as audit
from chalicelib.identity.records import Audience
from chalicelib.kit import clock, secret, table
from scripts.local.wire import Answer
from tests.accounts.conftest import Delivered, Move
from tests.accounts.staff import (
    NOBODY,
    a_holder,
    as_stranger,
    ask,
    calls_of,
    enter,
    everything_stored,
    finish,
    link_in,
    with_app,
    with_passkey,
)
from tests.callers import Caller, as_actor, body_of, signed_in, slug
from tests.cast import BEA, CYRUS, GALE, MALLORY, RHEA, Person

pytestmark = [pytest.mark.thorough, pytest.mark.usefixtures("north", "clock_at")]


def start(email: str = RHEA.email) -> Answer:
    return as_stranger().post("/staff/recovery/start", {"email": email})


def come_back(caller: Caller, link: dict[str, str]) -> Answer:
    return caller.post("/staff/recovery/finish", link)


def approve(caller: Caller, account: str = "rhea", clinic: str = "north") -> Answer:
    return caller.post(f"/clinics/{clinic}/staff/{account}/approve-recovery")


def asked(delivered: Delivered, email: str = RHEA.email) -> dict[str, str]:
    """Asks, and gives what the mailed link carries."""
    delivered()
    assert start(email).status == 202
    return link_in(next(letter for letter in delivered() if letter[0] == email))


def opened(delivered: Delivered, email: str = RHEA.email) -> dict[str, str]:
    """The same, and opens the link: only then can anybody vouch."""
    link = asked(delivered, email)
    assert slug(come_back(as_stranger(), link)) == (409, "waiting-for-approval")
    return link


def test_nobody_can_vouch_before_the_mail_was_opened(delivered: Delivered) -> None:
    a_holder(RHEA)
    link = asked(delivered)
    assert slug(approve(signed_in(CYRUS))) == (404, "not-found")
    come_back(as_stranger(), link)
    assert approve(signed_in(CYRUS)).status == 200


def test_only_a_group_manager_vouches_for_a_group_manager(delivered: Delivered) -> None:
    a_holder(GALE)
    opened(delivered, GALE.email)
    assert slug(approve(signed_in(CYRUS), "gale")) == (403, "not-allowed")


def test_rhea_comes_back_once_cyrus_has_vouched(delivered: Delivered) -> None:
    session, device = a_holder(RHEA)
    app = with_app(session)
    cyrus = signed_in(CYRUS)
    link = asked(delivered)
    rhea = as_stranger()
    assert slug(come_back(rhea, link)) == (409, "waiting-for-approval")
    vouched = approve(cyrus)
    assert (vouched.status, body_of(vouched)["recovery"]["approved"]) == (200, True)
    assert body_of(session.get("/session"))["signedIn"]
    opened = come_back(rhea, link)
    assert (opened.status, body_of(opened)["enrolling"]) == (200, True)
    assert body_of(session.get("/session")) == NOBODY
    assert body_of(rhea.get("/factors")) == {"passkeys": [], "totp": False}
    stranger = as_stranger()
    assert slug(finish(stranger, device.sign(ask(stranger)))) == (422, "wrong-passkey")
    new = with_passkey(rhea)
    assert body_of(enter(new).get("/session"))["account"] == "rhea"
    assert app


def test_the_link_alone_opens_nothing_and_the_vouching_alone_neither(delivered: Delivered) -> None:
    a_holder(RHEA)
    cyrus = signed_in(CYRUS)
    assert slug(approve(cyrus)) == (404, "not-found")
    link = asked(delivered)
    for _ in range(3):
        assert slug(come_back(as_stranger(), link)) == (409, "waiting-for-approval")
    approve(cyrus)
    assert come_back(as_stranger(), link | {"handle": "0" * 64}).status == 422
    assert come_back(as_stranger(), link | {"clinic": "south"}).status == 422


def test_a_recovery_works_once_and_for_a_day(delivered: Delivered, clock_at: Move) -> None:
    a_holder(RHEA)
    link = opened(delivered)
    approve(signed_in(CYRUS))
    assert come_back(as_stranger(), link).status == 200
    assert slug(come_back(as_stranger(), link)) == (422, "link-expired")
    second = asked(delivered)
    clock_at(timedelta(hours=24))
    assert slug(approve(signed_in(CYRUS))) == (404, "not-found")
    assert slug(come_back(as_stranger(), second)) == (422, "link-expired")


def test_a_link_that_is_used_up_while_it_is_read_has_no_second_effect(delivered: Delivered, monkeypatch: pytest.MonkeyPatch) -> None:
    a_holder(RHEA)
    link = opened(delivered)
    approve(signed_in(CYRUS))
    read, first = links.at, as_stranger()

    def overtaken(*place: Any) -> Any:
        found = read(*place)
        monkeypatch.setattr(links, "at", read)
        assert come_back(first, link).status == 200
        return found

    monkeypatch.setattr(links, "at", overtaken)
    assert slug(come_back(as_stranger(), link)) == (422, "link-expired")
    assert body_of(first.get("/session"))["enrolling"] is True


def test_a_newer_request_ends_the_older_and_its_vouching(delivered: Delivered) -> None:
    a_holder(RHEA)
    first = opened(delivered)
    approve(signed_in(CYRUS))
    second = asked(delivered)
    assert slug(come_back(as_stranger(), first)) == (422, "link-expired")
    assert slug(come_back(as_stranger(), second)) == (409, "waiting-for-approval")


def test_those_who_run_the_clinic_are_told_once_and_only_after_the_mail_was_opened(delivered: Delivered) -> None:
    a_holder(RHEA)
    signed_in(CYRUS), signed_in(GALE), signed_in(BEA)
    link = asked(delivered)
    assert delivered() == []
    come_back(as_stranger(), link)
    letters = delivered()
    assert {to for to, _ in letters} == {CYRUS.email, GALE.email}
    assert all("Rhea Okoro cannot sign in any more" in text for _, text in letters)
    come_back(as_stranger(), link)
    assert delivered() == []


def test_the_owner_and_those_who_run_the_clinic_are_told_of_the_end(delivered: Delivered) -> None:
    a_holder(RHEA)
    cyrus = signed_in(CYRUS)
    link = opened(delivered)
    approve(cyrus)
    assert [to for to, text in delivered() if "It was confirmed that it is you" in text] == [RHEA.email]
    come_back(as_stranger(), link)
    told = dict(delivered())
    assert "was opened by the link" in told[RHEA.email]
    assert "Rhea Okoro came back" in told[CYRUS.email]


def test_nobody_vouches_for_themselves_nor_without_a_fresh_proof(delivered: Delivered, clock_at: Move) -> None:
    a_holder()
    cyrus = signed_in(CYRUS)
    asked(delivered, CYRUS.email)
    assert slug(approve(cyrus, "cyrus")) == (409, "own-request")
    clock_at(timedelta(minutes=6))
    assert slug(approve(cyrus, "rhea")) == (403, "step-up-needed")


@pytest.mark.parametrize("person", [BEA, RHEA], ids=lambda person: person.id)
def test_only_who_runs_the_clinic_vouches(person: Person, delivered: Delivered) -> None:
    a_holder(RHEA)
    asked(delivered)
    caller = signed_in(person)
    assert slug(approve(caller)) == (403, "not-allowed")


def test_vouching_twice_is_vouching_once(delivered: Delivered) -> None:
    a_holder(RHEA)
    opened(delivered)
    first, second = approve(signed_in(CYRUS)), approve(signed_in(CYRUS))
    assert (first.status, first.body) == (second.status, second.body)
    assert sum("It was confirmed" in text for _, text in delivered()) == 1


def test_the_answer_is_the_same_for_every_address(delivered: Delivered) -> None:
    a_holder(RHEA)
    signed_in(BEA)
    delivered()
    answers = [start(email) for email in (RHEA.email, BEA.email, "stranger@example.com", *[RHEA.email] * 4)]
    assert len({(answer.status, tuple(answer.headers), answer.body) for answer in answers}) == 1
    assert sorted(to for to, _ in delivered()) == sorted([*[RHEA.email] * 3, BEA.email])


def test_the_work_is_the_same_for_every_address(monkeypatch: pytest.MonkeyPatch) -> None:
    a_holder(RHEA)
    emails = (RHEA.email, "stranger@example.com", "other@example.com")
    made = [calls_of(partial(start, email), monkeypatch) for email in emails]
    assert made[0] == made[1] == made[2]


def test_a_recovery_may_be_vouched_for_in_any_clinic_of_the_account(delivered: Delivered) -> None:
    a_holder(GALE)
    as_actor(msgspec.structs.replace(GALE.actor(), clinic="prairie"), Audience.STAFF)
    found = store.get("gale")
    assert found
    with table.together() as tx:
        store.change(found, msgspec.structs.replace(found, clinics=("north", "prairie")), tx)
    prairies = as_actor(msgspec.structs.replace(GALE.actor(), clinic="prairie", account="paula", name="Paula"), Audience.STAFF)
    link = opened(delivered, GALE.email)
    assert link["clinic"] == "north"
    assert approve(prairies, "gale", "prairie").status == 200
    assert come_back(as_stranger(), link).status == 200
    assert slug(approve(signed_in(CYRUS), "gale")) == (404, "not-found")


def test_no_handle_lies_in_any_row_and_every_step_is_written_down(delivered: Delivered) -> None:
    a_holder(RHEA)
    link = opened(delivered)
    approve(signed_in(CYRUS))
    come_back(as_stranger(), link)
    stored = everything_stored()
    assert link["handle"] not in stored
    assert secret.digest(link["handle"]) not in stored
    told = {event.action for event in audit.of_day("north", clock.now().date())}
    assert {"approve_recovery", "finish_recovery"} <= told
    assert "start_recovery" in {event.action for event in audit.of_day("platform", clock.now().date())}


@pytest.mark.parametrize("operation", ["start_recovery", "finish_recovery", "approve_recovery"])
def test_mallory_cannot_vouch_for_rhea_of_the_north_nor_use_her_link(operation: str, delivered: Delivered) -> None:
    assert operation
    a_holder(RHEA)
    mallory = signed_in(MALLORY)
    link = asked(delivered)
    foreign, missing = approve(mallory), approve(mallory, clinic="nowhere")
    assert slug(foreign) == (404, "not-found")
    assert foreign.body == missing.body == approve(mallory, "rhea", "south").body
    assert slug(come_back(mallory, link)) == (409, "waiting-for-approval")
    assert body_of(mallory.get("/session"))["account"] == "mallory"


def test_ten_requests_of_one_network_in_ten_minutes_are_enough() -> None:
    assert [start(f"p{number}@example.com").status for number in range(11)] == [202] * 10 + [429]

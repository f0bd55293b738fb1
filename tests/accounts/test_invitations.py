"""Inviting people to work in a clinic, accepting, and what a link is worth."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.accounts.actions import invitations, staff_accounts
from chalicelib.accounts.messages import staff as messages
from chalicelib.accounts.rules import proving
from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Audience, MemberStatus, Role
from chalicelib.kit import clock, ids, secret, table
from chalicelib.notices.records import Notice
from scripts.local.wire import Answer
from tests.accounts.authenticator import Authenticator
from tests.accounts.conftest import NOW, Delivered, Move
from tests.accounts.staff import a_holder, as_stranger, enter, everything_stored, link_in, with_passkey
from tests.callers import Caller, as_actor, body_of, signed_in, slug
from tests.cast import ADA, BEA, CYRUS, GALE, MALLORY, OTTO, RHEA

SAID: dict[str, Any] = {"name": "Nia Brooks", "email": "nia.brooks@harbourfamily.example", "roles": ["reception"]}

pytestmark = pytest.mark.usefixtures("north", "clock_at")


def invite(caller: Caller, said: dict[str, Any] | None = None, clinic: str = "north", key: str = "") -> Answer:
    return caller.post(f"/clinics/{clinic}/staff", SAID | (said or {}), idempotency_key=key or ids.new())


def accept(caller: Caller, link: dict[str, str]) -> Answer:
    return caller.post("/staff/invitation/accept", link)


def test_nia_is_invited_accepts_sets_up_a_passkey_and_signs_in(delivered: Delivered) -> None:
    answer = invite(signed_in(CYRUS))
    assert answer.status == 201
    member = body_of(answer)
    assert (member["name"], member["status"], member["roles"]) == ("Nia Brooks", "invited", ["reception"])
    ((to, text),) = delivered()
    assert to == SAID["email"]
    assert "Cyrus Bell invites you to the staff portal of Harbour Family Clinic" in text
    nia = as_stranger()
    opened = accept(nia, link_in((to, text)))
    assert (opened.status, body_of(opened)["enrolling"], body_of(opened).get("freshSeconds")) == (200, True, None)
    assert slug(nia.get("/clinics/north/sessions")) == (403, "factor-needed")
    device = with_passkey(nia)
    assert "enrolling" not in body_of(nia.get("/session"))
    again = enter(device)
    assert body_of(again.get("/session"))["account"] == member["account"]


def test_the_subject_of_an_invitation_names_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Notice] = []
    original = messages.invitation

    def noted(*given: Any) -> Notice:
        kept.append(original(*given))
        return kept[-1]

    monkeypatch.setattr(messages, "invitation", noted)
    invite(signed_in(CYRUS))
    (notice,) = kept
    assert notice.subject == "You are invited to work in Harbour Family Clinic"
    assert notice.link == "http://staff.localhost:8000/invitation/#c=north&h={handle}"


def test_a_link_works_once_and_only_in_its_clinic(delivered: Delivered) -> None:
    invite(signed_in(CYRUS))
    link = link_in(delivered()[0])
    expired = accept(as_stranger(), link | {"clinic": "south"})
    assert slug(expired) == (422, "link-expired")
    assert accept(as_stranger(), link | {"clinic": "nowhere"}).status == 422
    assert accept(as_stranger(), link | {"handle": "0" * 64}).status == 422
    assert accept(as_stranger(), link).status == 200
    assert slug(accept(as_stranger(), link)) == (422, "link-expired")


@pytest.mark.parametrize(("days", "status"), [(6, 200), (7, 422)])
def test_a_link_works_for_seven_days(delivered: Delivered, clock_at: Move, days: int, status: int) -> None:
    invite(signed_in(CYRUS))
    link = link_in(delivered()[0])
    clock_at(timedelta(days=days))
    assert accept(as_stranger(), link).status == status


def test_invited_again_the_old_link_dies_and_the_person_stays_one(delivered: Delivered) -> None:
    cyrus = signed_in(CYRUS)
    first = body_of(invite(cyrus))
    old = link_in(delivered()[0])
    second = body_of(invite(cyrus, {"roles": ["nurse", "reception"], "email": " NIA.Brooks@harbourfamily.example "}))
    new = link_in(delivered()[0])
    assert (second["account"], second["roles"]) == (first["account"], ["nurse", "reception"])
    assert slug(accept(as_stranger(), old)) == (422, "link-expired")
    assert body_of(accept(as_stranger(), new))["roles"] == ["nurse", "reception"]


def test_the_same_request_twice_is_one_invitation(delivered: Delivered) -> None:
    cyrus = signed_in(CYRUS)
    first, second = invite(cyrus, key="invite-nia"), invite(cyrus, key="invite-nia")
    assert (first.status, first.body) == (second.status, second.body)
    assert len(delivered()) == 1


def test_who_closed_the_page_before_setting_anything_up_is_invited_again(delivered: Delivered) -> None:
    cyrus = signed_in(CYRUS)
    invite(cyrus)
    nia = as_stranger()
    accept(nia, link_in(delivered()[0]))
    assert invite(cyrus).status == 201
    assert body_of(nia.get("/session")) == {"signedIn": False}
    assert body_of(accept(as_stranger(), link_in(delivered()[0])))["enrolling"] is True


def test_who_opened_an_older_link_is_out_for_good(delivered: Delivered) -> None:
    cyrus = signed_in(CYRUS)
    invite(cyrus)
    thief, nia = as_stranger(), as_stranger()
    accept(thief, link_in(delivered()[0]))
    invite(cyrus)
    accept(nia, link_in(delivered()[0]))
    with_passkey(nia)
    assert thief.post("/passkeys/start").status == 401
    assert thief.post("/totp/start").status == 401


def test_of_two_invitations_that_were_accepted_one_sets_up_the_first_factor(delivered: Delivered) -> None:
    invite(signed_in(CYRUS))
    invite(signed_in(MALLORY), clinic="south")
    links = {link["clinic"]: link for link in map(link_in, delivered())}
    nia, other = as_stranger(), as_stranger()
    accept(nia, links["north"])
    accept(other, links["south"])
    asked = other.post("/passkeys/start")
    with_passkey(nia)
    answer = other.post("/passkeys/finish", {"credential": Authenticator().make(body_of(asked)["publicKey"]), "label": "Other"})
    assert answer.status == 401
    assert len(body_of(nia.get("/factors"))["passkeys"]) == 1


def test_who_works_here_and_can_sign_in_is_not_invited_again() -> None:
    cyrus, _ = a_holder()
    a_holder(RHEA)
    assert slug(invite(cyrus, {"email": RHEA.email})) == (409, "works-here")
    assert slug(invite(cyrus, {"email": CYRUS.email})) == (409, "works-here")


def test_nobody_invites_themselves_out_of_the_house() -> None:
    cyrus = signed_in(CYRUS)
    assert slug(invite(cyrus, {"email": CYRUS.email, "roles": ["nurse"]})) == (409, "works-here")
    assert body_of(cyrus.get("/session"))["roles"] == ["manager"]


def test_an_account_that_has_factors_joins_a_clinic_without_a_session(delivered: Delivered) -> None:
    _, device = a_holder()
    delivered()
    invite(signed_in(MALLORY), {"email": CYRUS.email, "name": "C. Bell", "roles": ["nurse"]}, "south")
    ((to, text),) = delivered()
    assert to == CYRUS.email
    thief = as_stranger()
    answer = accept(thief, link_in((to, text)))
    assert (answer.status, body_of(answer)) == (200, {"signedIn": False, "account": "known"})
    assert "__Host-session" not in thief.cookies
    assert [member.clinic for member in staff_accounts.memberships("cyrus")] == ["north", "south"]
    assert body_of(enter(device).get("/session"))["clinics"] == [{"id": "south", "name": "Southbank Health"}]
    assert "Your account now" not in str(delivered())


def test_inviting_an_address_that_has_an_account_looks_like_any_other(delivered: Delivered) -> None:
    a_holder()
    mallory = signed_in(MALLORY)
    known, new = body_of(invite(mallory, {"email": CYRUS.email}, "south")), body_of(invite(mallory, {}, "south"))
    assert {name for name in known if known[name] != new[name]} == {"account", "email"}


@pytest.mark.parametrize("roles", [["patient"], ["proxy"], ["owner"], ["manager", "patient"], ["nurse", "nurse", "x"]])
def test_only_roles_of_staff_are_given(roles: list[str]) -> None:
    assert slug(invite(signed_in(CYRUS), {"roles": roles})) == (422, "look-again")


def test_only_a_group_manager_makes_a_group_manager() -> None:
    assert slug(invite(signed_in(CYRUS), {"roles": ["group-manager"]})) == (403, "not-allowed")
    assert invite(signed_in(GALE), {"roles": ["group-manager"]}).status == 201
    assert slug(invite(signed_in(CYRUS), {"roles": ["reception"]})) == (403, "not-allowed")


@pytest.mark.parametrize(
    ("said", "field"),
    [({"practitioner": "nobody"}, "practitioner"), ({"email": "nia"}, "email"), ({"name": " \t"}, "name"), ({"roles": []}, "roles")],
)
def test_what_cannot_be_right_is_told_at_its_field(said: dict[str, Any], field: str) -> None:
    answer = invite(signed_in(CYRUS), said)
    assert slug(answer) == (422, "look-again")
    assert body_of(answer)["errors"][0]["field"] == field


@pytest.mark.parametrize("person", [BEA, RHEA, OTTO, ADA], ids=lambda person: person.id)
def test_who_does_not_run_the_clinic_invites_nobody(person: Any) -> None:
    caller = signed_in(person)
    caller.audience = Audience.STAFF
    assert invite(caller).status in {401, 403}


def test_inviting_wants_a_fresh_proof(clock_at: Move) -> None:
    cyrus = signed_in(CYRUS)
    clock_at(timedelta(minutes=6))
    assert slug(invite(cyrus)) == (403, "step-up-needed")


def test_what_an_enrolling_session_may_do_is_set_up_a_factor_and_nothing_else() -> None:
    caller = as_actor(CYRUS.actor(), Audience.STAFF, enrolling=True, proved=None)
    assert slug(invite(caller)) == (403, "factor-needed")
    assert slug(caller.post("/step-up/start")) == (403, "factor-needed")
    assert slug(caller.post("/totp/remove")) == (403, "factor-needed")
    assert caller.get("/factors").status == 200
    assert caller.post("/totp/start").status == 200


def test_no_handle_lies_in_any_row_nor_in_the_trail(delivered: Delivered) -> None:
    invite(signed_in(CYRUS))
    before = everything_stored()
    handle = link_in(delivered()[0])["handle"]
    after = everything_stored()
    assert handle not in before + after
    assert secret.digest(handle) in after


def test_inviting_and_accepting_are_written_down(delivered: Delivered) -> None:
    invite(signed_in(CYRUS))
    accept(as_stranger(), link_in(delivered()[0]))
    events = audit.of_day("north", clock.now().date())
    told = {event.action: (event.who, event.about.get("roles", "")) for event in events}
    account = body_of(invite(signed_in(CYRUS)))["account"]
    assert told["invite_staff"] == ("manager/cyrus", "reception")
    assert told["accept_invitation"][0] == f"reception/{account}"


def test_a_deactivated_member_is_invited_and_works_again(delivered: Delivered) -> None:
    cyrus, _ = a_holder()
    _, device = a_holder(RHEA)
    member = identity.member("north", "rhea")
    assert member
    with table.together() as tx:
        identity.keep_member(tx, msgspec.structs.replace(member, status=MemberStatus.INACTIVE, version=member.version + 1))
    delivered()
    assert invite(cyrus, {"email": RHEA.email, "name": RHEA.name}).status == 201
    assert body_of(accept(as_stranger(), link_in(delivered()[0])))["account"] == "known"
    assert body_of(enter(device).get("/session"))["signedIn"]


def test_the_deployment_invites_the_first_manager_until_somebody_can_sign_in(delivered: Delivered, north: Clinic) -> None:
    member = invitations.invite_first_manager(north, "Nia Brooks", SAID["email"], NOW)
    assert (member.roles, member.status) == ((Role.MANAGER,), MemberStatus.INVITED)
    delivered()
    invitations.invite_first_manager(north, "Nia Brooks", SAID["email"], NOW)
    nia = as_stranger()
    accept(nia, link_in(delivered()[0]))
    with_passkey(nia)
    with pytest.raises(proving.WorksHere):
        invitations.invite_first_manager(north, "Eve", "eve@example.com", NOW)


@pytest.mark.parametrize("operation", ["invite_staff", "accept_invitation"])
def test_mallory_invites_nobody_to_the_north_and_her_links_open_nothing_there(operation: str, delivered: Delivered) -> None:
    assert operation
    mallory = signed_in(MALLORY)
    foreign, missing = invite(mallory), invite(mallory, clinic="nowhere")
    assert slug(foreign) == (404, "not-found")
    assert foreign.body == missing.body
    invite(mallory, {}, "south")
    link = link_in(delivered()[0])
    assert slug(accept(as_stranger(), link | {"clinic": "north"})) == (422, "link-expired")


@pytest.mark.thorough
def test_a_hundred_and_twenty_links_tried_in_ten_minutes_are_enough() -> None:
    link = {"clinic": "north", "handle": "0" * 64}
    assert [accept(as_stranger(), link).status for _ in range(121)] == [422] * 120 + [429]

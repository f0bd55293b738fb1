"""Who works in a clinic and what they may do there: changed by those who run it, never by oneself, and counting at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.accounts.actions import roles as actions
from chalicelib.accounts.records import Link, LinkKind
from chalicelib.accounts.rules import roles as rules
from chalicelib.accounts.store import links
from chalicelib.audit import actions as audit
from chalicelib.clinics.records import Clinic
from chalicelib.identity import actions as identity
from chalicelib.identity.records import Actor, Audience, Member, MemberStatus, Role
from chalicelib.kit import table
from chalicelib.kit.problem import NotAllowed, SignedOut
from scripts.local.wire import Answer
from tests.accounts.conftest import NOW
from tests.accounts.people import at_work
from tests.callers import Caller, as_actor, body_of, employed, seen, signed_in, slug
from tests.cast import BEA, BEN, CYRUS, DANA, GALE, MALLORY, OTTO, RHEA

pytestmark = pytest.mark.usefixtures("north", "clock_at")

STAFF = "/clinics/north/staff"
MIA = Actor(roles=(Role.MANAGER,), clinic="north", account="mia", name="Mia Sato", email="mia@harbourfamily.example")


def set_roles(caller: Caller, account: str, *roles: str, **more: Any) -> Answer:
    return caller.post(f"{STAFF}/{account}/roles", {"roles": list(roles), **more})


def deactivate(caller: Caller, account: str) -> Answer:
    return caller.post(f"{STAFF}/{account}/deactivate")


def roles_of(account: str, clinic: str = "north") -> list[str]:
    member = identity.member(clinic, account)
    assert member
    return [str(role) for role in member.roles]


def test_a_manager_sees_who_works_here() -> None:
    signed_in(DANA)
    signed_in(MALLORY)
    told = body_of(signed_in(CYRUS).get(STAFF))["staff"]
    assert [(each["account"], each["roles"], each["status"], each["recovery"], each["clinic"]) for each in told] == [
        ("cyrus", ["manager"], "active", None, None),
        ("dana", ["nurse"], "active", None, None),
    ]
    assert told[1]["practitioner"] == "dana"
    assert told[1]["since"] == "2026-11-23T12:00:30Z"


def test_a_manager_sees_who_waits_for_somebody_to_vouch_for_them() -> None:
    signed_in(DANA)
    link = Link(clinic="north", kind=LinkKind.RECOVERY, account="dana", digest="d", made=NOW, until=NOW + timedelta(hours=1))
    cyrus = signed_in(CYRUS)

    def waiting() -> Any:
        return body_of(cyrus.get(STAFF))["staff"][1]["recovery"]

    with table.together() as tx:
        links.put("north", link, tx)
    assert waiting() is None, "its link was not opened yet"
    with table.together() as tx:
        links.ask("north", link, tx, table.Lost)
    assert waiting() == {"at": "2026-11-23T12:00:30Z", "approved": False}


def test_a_group_manager_reads_across_the_clinics_that_say_so_and_no_others() -> None:
    at_work(GALE, NOW)
    at_work(MALLORY, NOW)
    nurse = msgspec.structs.replace(GALE.actor(), clinic="south", roles=(Role.NURSE,))
    employed(nurse, NOW)
    told = body_of(signed_in(GALE).get(f"{STAFF}?across=true"))["staff"]
    assert [(each["account"], each["clinic"]["id"]) for each in told] == [("gale", "north"), ("gale", "prairie")]


@pytest.mark.parametrize("person", [CYRUS], ids=lambda person: person.id)
def test_a_manager_of_one_clinic_reads_no_other(person: Any) -> None:
    assert slug(signed_in(person).get(f"{STAFF}?across=true")) == (403, "not-allowed")


@pytest.mark.parametrize("person", [BEA, DANA, RHEA, OTTO], ids=lambda person: person.id)
def test_staff_are_seen_and_changed_by_those_who_run_the_clinic(person: Any) -> None:
    signed_in(CYRUS)
    caller = signed_in(person)
    assert {caller.get(STAFF).status, set_roles(caller, "cyrus", "nurse").status, deactivate(caller, "cyrus").status} == {403}


def test_a_change_of_roles_counts_at_the_next_request_and_is_written_down() -> None:
    cyrus, dana = signed_in(CYRUS), signed_in(DANA)
    assert dana.post("/clinics/north/patients/search", {"name": "mor"}).status == 403
    answer = set_roles(cyrus, "dana", "nurse", "reception", "nurse", practitioner="bea", version=1)
    view = body_of(answer)
    assert (answer.status, view["roles"], view["practitioner"], view["version"]) == (200, ["nurse", "reception"], "bea", 2)
    assert dana.post("/clinics/north/patients/search", {"name": "mor"}).status == 200
    (event,) = [event for event in audit.of_day("north", NOW.date()) if event.action == "set_roles"]
    assert (event.who, event.what, event.name) == ("manager/cyrus", "account/dana", "Cyrus Bell")
    assert event.about == {"from": "nurse", "to": "nurse reception", "status": "active"}
    assert body_of(set_roles(cyrus, "dana", "nurse"))["practitioner"] == "bea", "left out, it stays"
    assert body_of(set_roles(cyrus, "dana", "nurse", practitioner=""))["practitioner"] == ""


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"roles": []}, "roles"),
        ({"roles": ["patient"]}, "roles"),
        ({"roles": ["nurse", "god"]}, "roles"),
        ({"roles": ["nurse"] * 11}, "roles"),
        ({"roles": ["nurse"], "practitioner": "nobody"}, "practitioner"),
        ({"roles": ["nurse"], "status": "active"}, "status"),
    ],
)
def test_roles_that_cannot_be_are_told_at_their_field(body: dict[str, Any], field: str) -> None:
    signed_in(DANA)
    answer = signed_in(CYRUS).post(f"{STAFF}/dana/roles", body)
    assert slug(answer) == (422, "look-again")
    assert body_of(answer)["errors"][0]["field"] == field
    assert roles_of("dana") == ["nurse"]


def test_a_change_of_another_version_is_refused() -> None:
    signed_in(DANA)
    assert slug(set_roles(signed_in(CYRUS), "dana", "reception", version=7)) == (412, "changed")
    assert roles_of("dana") == ["nurse"]


@pytest.mark.parametrize("person", [CYRUS, GALE], ids=lambda person: person.id)
def test_nobody_changes_their_own_roles_or_leaves_by_themselves(person: Any) -> None:
    caller = signed_in(person)
    before = roles_of(person.id)
    assert slug(set_roles(caller, person.id, "manager", "nurse")) == (409, "own-roles")
    assert slug(deactivate(caller, person.id)) == (409, "own-roles")
    assert roles_of(person.id) == before


def test_only_a_group_manager_makes_or_changes_a_group_manager() -> None:
    signed_in(DANA)
    cyrus, gale = signed_in(CYRUS), signed_in(GALE)
    assert slug(set_roles(cyrus, "dana", "group-manager")) == (403, "not-allowed")
    assert slug(set_roles(cyrus, "gale", "nurse")) == (403, "not-allowed")
    assert slug(deactivate(cyrus, "gale")) == (403, "not-allowed")
    assert body_of(set_roles(gale, "dana", "group-manager"))["roles"] == ["group-manager"]


def test_the_last_manager_stays() -> None:
    signed_in(CYRUS)
    gale = signed_in(GALE)
    assert slug(deactivate(gale, "cyrus")) == (409, "last-manager")
    assert slug(set_roles(gale, "cyrus", "nurse")) == (409, "last-manager")
    assert body_of(set_roles(gale, "cyrus", "nurse", "manager"))["roles"] == ["nurse", "manager"]
    employed(MIA, NOW)
    assert deactivate(gale, "cyrus").status == 200
    assert slug(deactivate(gale, "mia")) == (409, "last-manager")


@pytest.mark.parametrize("status", [MemberStatus.INVITED, MemberStatus.INACTIVE])
def test_who_does_not_work_there_yet_or_any_more_is_no_manager_who_remains(status: MemberStatus) -> None:
    signed_in(CYRUS)
    mia = employed(MIA, NOW)
    with table.together() as tx:
        identity.keep_member(tx, msgspec.structs.replace(mia, status=status, version=2))
    assert slug(deactivate(signed_in(GALE), "cyrus")) == (409, "last-manager")


def test_a_clinic_that_has_no_manager_yet_can_be_given_one() -> None:
    at_work(GALE, NOW)
    prairie = as_actor(msgspec.structs.replace(GALE.actor(), clinic="prairie"), Audience.STAFF)
    employed(msgspec.structs.replace(MIA, clinic="prairie", roles=(Role.NURSE,)), NOW)
    assert prairie.post("/clinics/prairie/staff/mia/roles", {"roles": ["manager"]}).status == 200


def test_who_is_deactivated_is_out_at_once_and_only_of_this_clinic() -> None:
    at_work(GALE, NOW)
    gale = signed_in(GALE)
    mia_north, mia_prairie = as_actor(MIA, Audience.STAFF), as_actor(msgspec.structs.replace(MIA, clinic="prairie"), Audience.STAFF)
    signed_in(CYRUS)
    answer = deactivate(gale, "mia")
    assert (answer.status, body_of(answer)["status"]) == (200, "inactive")
    assert mia_north.get(STAFF).status == 401
    assert identity.sessions("north", "mia", NOW) == []
    assert mia_prairie.get("/clinics/prairie/staff").status == 200
    (event,) = [event for event in audit.of_day("north", NOW.date()) if event.action == "deactivate_staff"]
    assert (event.what, event.about["status"]) == ("account/mia", "inactive")
    assert body_of(gale.get(STAFF))["staff"][-1]["status"] == "inactive"


@pytest.mark.parametrize("ask", [lambda caller: set_roles(caller, "dana", "reception"), lambda caller: deactivate(caller, "dana")])
def test_a_change_of_staff_wants_a_fresh_proof(ask: Callable[[Caller], Answer]) -> None:
    signed_in(DANA)
    stale = as_actor(CYRUS.actor(), Audience.STAFF, proved=NOW - timedelta(minutes=6))
    assert slug(ask(stale)) == (403, "step-up-needed")
    assert roles_of("dana") == ["nurse"]


def test_who_lost_their_role_meanwhile_changes_nothing_any_more(north: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between what Cyrus asks and what is written, Gale makes him a nurse; or ends his work."""
    employed(MIA, NOW)
    employed(DANA.actor(), NOW)
    cyrus = employed(CYRUS.actor(), NOW)
    actor = cyrus.actor
    with table.together() as tx:
        identity.keep_member(tx, msgspec.structs.replace(cyrus, roles=(Role.NURSE,), version=2))
    with pytest.raises(NotAllowed):
        actions.deactivate_staff(north, actor, "dana", NOW)
    with table.together() as tx:
        identity.keep_member(tx, msgspec.structs.replace(cyrus, status=MemberStatus.INACTIVE, version=3))
    with pytest.raises(SignedOut):
        actions.set_roles(north, actor, "dana", ["nurse"], None, None, NOW)


def a_member(account: str, *roles: Role, status: MemberStatus = MemberStatus.ACTIVE) -> Member:
    return Member(clinic="north", account=account, name=account, email="", roles=roles, status=status, made=NOW)


def test_a_change_stands_on_who_makes_it_and_on_a_manager_who_remains() -> None:
    gale, cyrus = a_member("gale", Role.GROUP_MANAGER), a_member("cyrus", Role.MANAGER)
    mia, dana = a_member("mia", Role.MANAGER), a_member("dana", Role.NURSE)
    everybody = [gale, cyrus, mia, dana]
    gone = rules.deactivated
    assert rules.witnesses(everybody, gale, cyrus, gone(cyrus)) == [gale, mia]
    assert rules.witnesses(everybody, cyrus, mia, gone(mia)) == [cyrus]
    assert rules.witnesses(everybody, gale, dana, gone(dana)) == [gale]
    assert rules.witnesses(everybody, gale, cyrus, rules.changed(cyrus, (Role.MANAGER, Role.NURSE), None)) == [gale]
    with pytest.raises(rules.LastManager):
        rules.witnesses([gale, cyrus, dana], gale, cyrus, rules.changed(cyrus, (Role.NURSE,), None))


DOORS = [
    ("list_staff", lambda caller, clinic, account: caller.get(f"/clinics/{clinic}/staff")),
    ("set_roles", lambda caller, clinic, account: caller.post(f"/clinics/{clinic}/staff/{account}/roles", {"roles": ["nurse"]})),
    ("deactivate_staff", lambda caller, clinic, account: caller.post(f"/clinics/{clinic}/staff/{account}/deactivate")),
]


@pytest.mark.parametrize(("operation", "ask"), DOORS, ids=[name for name, _ in DOORS])
def test_mallory_of_the_south_finds_no_staff_of_the_north(operation: str, ask: Callable[[Caller, str, str], Answer]) -> None:
    assert operation in {"list_staff", "set_roles", "deactivate_staff"}
    signed_in(DANA)
    mallory = signed_in(MALLORY)
    theirs, missing = ask(mallory, "north", "dana"), ask(mallory, "nowhere", "nobody")
    assert theirs.status == 404
    assert seen(theirs) == seen(missing)
    if operation != "list_staff":
        assert seen(ask(mallory, "south", "dana")) == seen(ask(mallory, "south", "nobody"))
        assert ask(mallory, "south", "dana").status == 404
    assert roles_of("dana") == ["nurse"]


@pytest.mark.parametrize(("operation", "ask"), DOORS, ids=[name for name, _ in DOORS])
def test_ben_changes_no_staff(operation: str, ask: Callable[[Caller, str, str], Answer]) -> None:
    assert operation
    signed_in(DANA)
    ben = signed_in(BEN)
    ben.audience = Audience.STAFF
    assert ask(ben, "north", "dana").status == 403

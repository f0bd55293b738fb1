"""Nobody sees, reads or logs what is another's, however requests are mixed: two oracles, and proof that both work.

The tap cannot see a leak inside a clinic, canaries cannot see a foreign read that is not shown; so both listen.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import boto3
import msgspec
import pytest
from botocore.client import BaseClient

from chalicelib.kit import clock, post
from chalicelib.notices import actions as notices
from chalicelib.notices.records import Notice
from chalicelib.people import store as people
from scripts.local.wire import Answer
from tests.callers import as_nobody, body_of, given_the_clinics
from tests.guard import keeping, silence, tap
from tests.guard.canaries import PERSONAL, Owner, numbers_in, owners, settle
from tests.guard.steps import SERVICE, Step, World, doors
from tests.guard.traffic import Leaks, Traffic, breakable, listening
from tests.guard.weakening import Weakness, weakened

pytestmark = pytest.mark.thorough

OWN_VISIT = Weakness("", "chalicelib.visits.actions", "of_patient", "found.patient not in patients", "False")
BY_NAME = ("people", "NAMES")  # where the desk finds a patient by name: sorted by it
SEED = 20_261_122


@pytest.fixture
def world(cloud: None) -> World:
    """The owners, in clinics that are there."""
    found = World(owners(), {})
    anew(found)
    return found


@pytest.fixture
def traffic(world: World) -> Iterator[Traffic]:
    """Under both oracles."""
    made = Traffic(world, SEED)
    with keeping.quick_copies(), breakable(), tap.tapped(), listening(made.leaks, world.everybody):
        yield made


def anew(world: World) -> None:
    """Everybody as at the beginning: signed in and freshly proved, nobody dismissed, no limit reached."""
    keeping.clear()
    given_the_clinics()
    world.things = settle(world.everybody, clock.now())
    world.slots = {clinic: free_slots(clinic) for clinic in SERVICE}


def free_slots(clinic: str) -> list[str]:
    days = body_of(as_nobody().get(f"/clinics/{clinic}/slots?service={SERVICE[clinic]}&days=14"))["days"]
    return [str(slot["start"]) for day in days[3:] for slot in day["slots"]][:20]


def mailed(everybody: list[Owner], monkeypatch: pytest.MonkeyPatch) -> int:
    """Sends every notice: none holds a string that its reader may not be shown. Returns how many went."""
    sent: list[tuple[str, str]] = []

    def send(sender: str, to: str, message: bytes) -> str:
        sent.append((to, message.decode()))
        return f"{sender} {len(sent)}"

    monkeypatch.setattr(post, "send", send)
    for row in boto3.client("dynamodb").scan(TableName="anteroom-test-notices")["Items"]:
        notice = msgspec.json.decode(row["document"]["S"], type=Notice)
        notices.send(notice.clinic, notice.id, notice.due)
    for to, message in sent:
        readers = [owner for owner in everybody if owner.email == to]
        may = frozenset().union(*(reader.shows for reader in readers)) | numbers_in(to)
        assert numbers_in(message) <= may, to
        assert not PERSONAL.search(message.split("Subject: ")[1].split("\n")[0])
    return len(sent)


def rows_are_their_clinics(everybody: list[Owner]) -> int:
    """No row of a clinic holds a string of another's people; keys and due buckets hold nothing personal. Returns how many rows."""
    found = keeping.rows()
    of_clinic = {clinic: {owner.number for owner in everybody if owner.clinic == clinic} for clinic in SERVICE}
    for (table, pk, sk), attributes in found.items():
        assert not PERSONAL.search(pk + ("" if (table, pk.split("#")[-1]) == BY_NAME else sk)), (table, pk, sk)
        numbers = numbers_in(pk + sk + attributes, ids=table != "audit")  # the trail says what a search asked for
        match = tap.CLINIC.match(pk)
        if match and match[1] in of_clinic:
            assert numbers <= of_clinic[match[1]], (table, pk, sk)
        elif table in {"due", "clinics"}:
            assert not PERSONAL.search(attributes), (table, pk)
    return len(found)


def run(traffic: Traffic, count: int, monkeypatch: pytest.MonkeyPatch, record: Any) -> Leaks:
    """Half in turn, half by threads; everybody anew every 250, before proofs grow old and too many are dismissed."""
    mails = rows = 0
    for part in range(count // 250):
        anew(traffic.world)
        traffic.seed = SEED + part
        traffic.interleaved(125)
        traffic.at_once(125)
        rows += rows_are_their_clinics(traffic.world.everybody)
        mails += mailed(traffic.world.everybody, monkeypatch)
    leaks = traffic.leaks
    for name in ("requests", "keys", "lines"):
        record(name, getattr(leaks, name))
    record("passed", sum(leaks.passed.values()))
    record("mails", mails)
    record("rows", rows)
    assert mails > 0
    return leaks


# What a door wants that nobody here has: a code or a link from a mail, or what an authenticator signs.
NEVER = {
    *("verify_sign_in", "verify_staff_sign_in", "accept_invitation", "finish_recovery", "approve_recovery", "link_patient", "open_kiosk"),
    *("finish_passkey", "finish_passkey_sign_in", "verify_totp", "remove_totp", "step_up"),
    "amend_response",  # whoever changes what was handed in says which version they saw
    *("remove_passkey", "register_patient"),  # the only one stays; everybody is registered
}


@pytest.mark.parametrize(("count", "missed"), [(1000, 1 / 8), pytest.param(20_000, 0, marks=pytest.mark.deep)])
def test_in_thousands_of_mixed_requests_nothing_leaks(
    traffic: Traffic, count: int, missed: float, monkeypatch: pytest.MonkeyPatch, record_property: Any
) -> None:
    """`missed`: such a share of the doors may have let nobody in, by chance; in the long run, none."""
    leaks = run(traffic, count, monkeypatch, record_property)
    assert leaks.found == []
    assert leaks.requests == count
    assert leaks.keys > count
    assert {200, 201, 401, 403, 404, 409, 422, 500} <= set(leaks.statuses)
    assert sum(leaks.passed.values()) > count / 3
    assert len(set(doors()) - {name for name, passed in leaks.passed.items() if passed} - NEVER) <= len(doors()) * missed


# Faults that somebody could make, planted one at a time: each must be seen, and by the oracle that can see it.


SHOWING = ["get_session", "get_appointment", "get_appointment_calendar", "get_patient", "list_my_appointments"]


def keys_and_strings(traffic: Traffic, count: int = 200) -> tuple[bool, bool]:
    """Whether the tap saw a foreign key, and a canary was seen where it should not be, at the doors that show patients."""
    traffic.world.only = SHOWING
    traffic.interleaved(count)
    return any(": key " in leak for leak in traffic.leaks.found), any(": strings of " in leak for leak in traffic.leaks.found)


def test_without_faults_both_are_silent(traffic: Traffic) -> None:
    assert keys_and_strings(traffic, 100) == (False, False)
    assert traffic.leaks.found == []


def test_a_leak_inside_a_clinic_is_seen_by_the_canaries_alone(traffic: Traffic) -> None:
    with weakened(OWN_VISIT):
        assert keys_and_strings(traffic) == (False, True)


def test_a_foreign_read_that_is_not_shown_is_seen_by_the_tap_alone(traffic: Traffic, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = people.get_patient

    def careless(clinic: str, patient: str) -> Any:
        plain("south" if clinic == "north" else "north", patient)
        return plain(clinic, patient)

    monkeypatch.setattr(people, "get_patient", careless)
    assert keys_and_strings(traffic) == (True, False)


def test_an_answer_that_a_container_keeps_for_the_next_one_is_seen(traffic: Traffic, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, first = people.get_patient, dict[str, Any]()

    def remembering(clinic: str, patient: str) -> Any:
        return first.setdefault("patient", plain(clinic, patient))

    monkeypatch.setattr(people, "get_patient", remembering)
    assert keys_and_strings(traffic) == (False, True)


def test_a_log_that_tells_whom_it_is_about_is_seen(traffic: Traffic, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = people.get_patient

    def talkative(clinic: str, patient: str) -> Any:
        found = plain(clinic, patient)
        logging.getLogger("anteroom.people").warning("found %s", found)
        return found

    monkeypatch.setattr(people, "get_patient", talkative)
    keys_and_strings(traffic)
    assert any(leak.startswith("log: ") for leak in traffic.leaks.found)
    assert silence.ear.take() != []


def test_a_bug_that_shows_what_it_was_about_is_seen(traffic: Traffic) -> None:
    ada = traffic.world.everybody[0]
    asked = Step("get_session", "GET", "/", {}, frozenset())
    traffic._judge(ada, asked, Answer(500, [], ada.word("given").encode()), tap.Served(frozenset()))
    assert len(traffic.leaks.found) == 1


def item(pk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": "x"}}


QUERY = {
    "TableName": "anteroom-test-visits",
    "KeyConditionExpression": "#0 = :0 AND #1 BETWEEN :1 AND :2",
    "ExpressionAttributeNames": {"#0": "pk", "#1": "sk"},
    "ExpressionAttributeValues": {":0": {"S": "C#south#PATIENT#x"}, ":1": {"S": "C#north#"}, ":2": {"S": "z"}},
}
OWN_QUERY = QUERY | {"ExpressionAttributeValues": {":0": {"S": "C#north#PATIENT#x"}}}
T = {"TableName": "anteroom-test-visits"}
FOREIGN_CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "a read": ("GetItem", T | {"Key": item("C#south#X")}),
    "a write": ("PutItem", T | {"Item": item("C#south#X")}),
    "an update": ("UpdateItem", T | {"Key": item("C#south#X")}),
    "a delete": ("DeleteItem", T | {"Key": item("C#south#X")}),
    "one of a batch that is read": (
        "BatchGetItem",
        {"RequestItems": {"anteroom-test-visits": {"Keys": [item("C#north#X"), item("C#south#X")]}}},
    ),
    "one of a batch that is written": ("BatchWriteItem", {"RequestItems": {"t": [{"PutRequest": {"Item": item("C#south#X")}}]}}),
    "one of a batch that is deleted": ("BatchWriteItem", {"RequestItems": {"t": [{"DeleteRequest": {"Key": item("C#south#X")}}]}}),
    "one of a transaction": (
        "TransactWriteItems",
        {"TransactItems": [{"Put": T | {"Item": item("C#north#X")}}, {"Delete": T | {"Key": item("C#south#X")}}]},
    ),
    "a check in a transaction": ("TransactWriteItems", {"TransactItems": [{"ConditionCheck": T | {"Key": item("C#south#X")}}]}),
    "an update in a transaction": ("TransactWriteItems", {"TransactItems": [{"Update": T | {"Key": item("C#south#X")}}]}),
    "a read in a transaction": ("TransactGetItems", {"TransactItems": [{"Get": T | {"Key": item("C#south#X")}}]}),
    "a query": ("Query", QUERY),
    "a query from a cursor": ("Query", OWN_QUERY | {"ExclusiveStartKey": item("C#south#X")}),
    "a query of an index": ("Query", OWN_QUERY | {"IndexName": "by-start"}),
    "a scan": ("Scan", T),
    "PartiQL": ("ExecuteStatement", {"Statement": "SELECT * FROM x"}),
    "an object": ("GetObject", {"Bucket": "anteroom-test-portals-000000000000", "Key": "C/north/x"}),
    "a clinic that begins like ours": ("GetItem", T | {"Key": item("C#north2#X")}),
    "a key without its end": ("GetItem", T | {"Key": item("C#north")}),
    "a key that only holds the clinic": ("GetItem", T | {"Key": item("X#C#north#")}),
    "a counter of another clinic": ("UpdateItem", {"TableName": "anteroom-test-doors", "Key": item("C#south#LIMIT#x")}),
    "the platform, but no counter": ("GetItem", {"TableName": "anteroom-test-doors", "Key": item("C#platform#ONCE#x")}),
    "the registry's name in another table": ("GetItem", T | {"Key": item("CLINICS")}),
    "a clinic's row among the staff's sign-ins": ("GetItem", {"TableName": "anteroom-test-staff", "Key": item("C#south#X")}),
}


@pytest.mark.parametrize("call", FOREIGN_CALLS.values(), ids=list(FOREIGN_CALLS))
def test_the_tap_reads_every_kind_of_call(call: tuple[str, dict[str, Any]]) -> None:
    served = tap.Served(frozenset({"north"}))
    tap.note(served, *call)
    assert len(served.foreign) == 1


def test_the_tap_lets_a_request_have_its_own(cloud: None) -> None:
    served = tap.Served(frozenset({"north"}), "gale")
    own: list[tuple[str, dict[str, Any]]] = [
        ("GetItem", T | {"Key": item("C#north#X")}),
        ("Query", OWN_QUERY),
        ("GetItem", {"TableName": "anteroom-test-clinics", "Key": item("CLINICS")}),
        ("UpdateItem", {"TableName": "anteroom-test-doors", "Key": item("C#platform#LIMIT#x")}),
        ("PutItem", {"TableName": "anteroom-test-due", "Item": item("DUE#202611221200#1")}),
        ("GetItem", {"TableName": "anteroom-test-staff", "Key": item("STAFF#x")}),
        ("GetItem", {"TableName": "anteroom-test-identity", "Key": {"pk": {"S": "C#south#MEMBERS"}, "sk": {"S": "gale"}}}),
    ]
    for operation, parameters in own:
        tap.note(served, operation, parameters)
    assert served.foreign == []
    assert len(served.keys) == len(own)


def test_the_tap_sits_on_the_only_way_out() -> None:
    client: Any = BaseClient
    plain = client._make_api_call
    with tap.tapped():
        assert client._make_api_call is not plain
    assert client._make_api_call is plain


FORMS = [
    *("list_responses", "start_response", "get_response", "save_response", "submit_response", "export_response", "list_completeness"),
    *("list_questionnaires", "get_questionnaire", "draft_questionnaire", "preview_questionnaire", "publish_questionnaire"),
    *("import_questionnaire", "retire_questionnaire", "return_item", "accept_response", "start_kiosk"),
]


def test_the_doors_of_forms_let_their_own_people_in_and_leak_nothing(traffic: Traffic) -> None:
    traffic.world.only = FORMS
    for part in range(5):
        anew(traffic.world)
        traffic.seed = SEED + part
        traffic.interleaved(200)
    assert traffic.leaks.found == []
    assert set(FORMS) - {name for name, passed in traffic.leaks.passed.items() if passed} == set()

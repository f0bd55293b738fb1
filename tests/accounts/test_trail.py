"""Reading the audit trail: managers search and export it, patients see who looked."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from chalicelib.accounts.messages import trail as messages
from chalicelib.accounts.rules import trail as rules
from chalicelib.audit import actions as audit
from chalicelib.documents.actions import buckets
from chalicelib.identity.records import Actor, Audience, Permission, Role
from chalicelib.kit import table
from scripts.local.wire import Answer
from tests.accounts.conftest import NOW
from tests.callers import Caller, as_actor, body_of, seen, signed_in, slug
from tests.cast import ADA, BEA, BEN, CYRUS, DANA, GALE, MALLORY, OTTO, RHEA

pytestmark = pytest.mark.usefixtures("north", "clock_at")

EVENTS = "/clinics/north/audit-events"
LOG = "/clinics/north/access-log"
REASON = "Yearly review of who looked."


def noted(action: str, by: Actor | str, at: datetime, clinic: str = "north", patient: str = "", **about: str) -> None:
    """Something that was done."""
    with table.together() as tx:
        audit.note(tx, clinic, action=action, by=by, what=f"thing/{action}", at=at, patient=patient, **about)


def looked(by: Actor, at: datetime, patient: str = "ada", action: str = "get_patient") -> None:
    audit.looked("north", action=action, by=by, what=f"patient/{patient}", at=at, patient=patient)


def ago(**by: float) -> datetime:
    return NOW - timedelta(**by)


def told(caller: Caller, **query: Any) -> list[str]:
    """The actions that a search tells of, beside searches themselves."""
    asked = "&".join(f"{name}={text}" for name, text in query.items())
    answer = caller.get(f"{EVENTS}?{asked}")
    assert answer.status == 200, answer.body
    return [event["action"] for event in body_of(answer)["events"] if event["action"] != "list_audit_events"]


def some_events() -> None:
    noted("start_sign_in", "anyone", ago(days=8))
    noted("book_appointment", ADA.actor(patient="ada"), ago(days=2), patient="ada")
    noted("set_roles", CYRUS.actor(), ago(hours=3), **{"from": "nurse", "to": "manager"})
    looked(RHEA.actor(), ago(hours=2))
    noted("cancel_appointment", BEN.actor(patient="ben"), ago(hours=1), patient="ben")
    noted("book_appointment", "anyone", ago(hours=1), clinic="south")


@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ({}, ["cancel_appointment", "get_patient", "set_roles", "book_appointment"]),
        ({"from": "2026-11-01"}, ["cancel_appointment", "get_patient", "set_roles", "book_appointment", "start_sign_in"]),
        ({"from": "2026-11-15", "to": "2026-11-21"}, ["book_appointment", "start_sign_in"]),
        ({"from": "2026-11-23"}, ["cancel_appointment", "get_patient", "set_roles"]),
        ({"who": "okoro"}, ["get_patient"]),
        ({"who": "BELL"}, ["set_roles"]),
        ({"who": "patient/ben"}, ["cancel_appointment"]),
        ({"action": "set_roles"}, ["set_roles"]),
        ({"patient": "ada"}, ["get_patient", "book_appointment"]),
        ({"patient": "ada", "action": "get_patient"}, ["get_patient"]),
        ({"patient": "nobody"}, []),
    ],
)
def test_a_manager_finds_what_was_done_the_newest_first(query: dict[str, str], actions: list[str]) -> None:
    some_events()
    assert told(signed_in(CYRUS), **query) == actions


def test_an_event_is_told_with_all_that_is_known() -> None:
    some_events()
    (event,) = body_of(signed_in(GALE).get(f"{EVENTS}?action=set_roles&lang=en-US"))["events"]
    assert event | {"id": ""} == {
        "id": "",
        "at": "2026-11-23T09:00:30Z",
        "label": "Mon, Nov 23, 4:00 AM",
        "action": "set_roles",
        "who": "manager/cyrus",
        "name": "Cyrus Bell",
        "role": "manager",
        "what": "thing/set_roles",
        "patient": "",
        "reading": False,
        "about": {"from": "nurse", "to": "manager"},
    }


def test_the_days_are_the_clinics() -> None:
    """Four o'clock in the morning of the 24th in London is the 23rd in New York."""
    noted("late", CYRUS.actor(), datetime(2026, 11, 23, 4, 30, tzinfo=UTC))
    cyrus = signed_in(CYRUS)
    assert told(cyrus, **{"from": "2026-11-22", "to": "2026-11-22"}) == ["late"]
    assert told(cyrus, **{"from": "2026-11-23", "to": "2026-11-23"}) == []


def test_a_search_is_itself_written_down_and_the_patient_sees_it() -> None:
    cyrus = signed_in(CYRUS)
    cyrus.get(f"{EVENTS}?patient=ada&who=okoro&action=get_patient")
    (event,) = audit.of_day("north", NOW.date())
    assert (event.action, event.reading, event.patient) == ("list_audit_events", True, "ada")
    assert event.about == {"from": "2026-11-17", "to": "2026-11-23", "found": "0", "who": "okoro", "for": "get_patient"}
    (entry,) = body_of(signed_in(ADA).get(f"{LOG}?lang=en-US"))["entries"]
    assert (entry["who"], entry["action"]) == ("Cyrus Bell", "Looked up who had seen your record")


@pytest.mark.parametrize("limit", [1, 3, 10])
def test_pages_tell_of_everything_once_and_in_order(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.audit.store.PAGE", 4)
    for n in range(21):
        noted(f"a_{n:02}", CYRUS.actor(), ago(hours=5 * n + 1))
    cyrus, found, cursor = signed_in(CYRUS), [], ""
    while True:
        body = body_of(cyrus.get(f"{EVENTS}?limit={limit}&cursor={cursor}&from=2026-11-17"))
        assert len(body["events"]) <= limit
        found += [event["action"] for event in body["events"] if event["action"].startswith("a_")]
        cursor = body["next"]
        if not cursor:
            break
    assert found == [f"a_{n:02}" for n in range(21)]


def test_a_search_for_what_is_rare_goes_on_from_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "LOOKED_THROUGH", 5)
    noted("rare", CYRUS.actor(), ago(days=1))
    for n in range(12):
        noted("common", CYRUS.actor(), ago(minutes=n + 1))
    cyrus, pages, cursor = signed_in(CYRUS), [], ""
    while True:
        body = body_of(cyrus.get(f"{EVENTS}?action=rare&cursor={cursor}"))
        pages.append([event["action"] for event in body["events"]])
        cursor = body["next"]
        if not cursor:
            break
    assert [action for page in pages for action in page] == ["rare"]
    assert len(pages) > 2


def test_a_cursor_is_good_for_its_own_search_and_clinic_only() -> None:
    some_events()
    noted("x", MALLORY.actor(), ago(hours=1), clinic="south")
    cyrus, mallory = signed_in(CYRUS), signed_in(MALLORY)
    cursor = body_of(cyrus.get(f"{EVENTS}?limit=1"))["next"]
    foreign = body_of(mallory.get("/clinics/south/audit-events?limit=1"))["next"]
    assert cyrus.get(f"{EVENTS}?limit=1&cursor={cursor}").status == 200
    for wrong in (foreign, cursor[:-3], "x", "%F0%9F%90%9F"):
        assert slug(cyrus.get(f"{EVENTS}?limit=1&cursor={wrong}")) == (400, "unreadable")
    assert slug(cyrus.get(f"{EVENTS}?limit=1&action=set_roles&cursor={cursor}")) == (400, "unreadable")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-11-23&to=2026-11-22", "to"),
        ("from=2026-01-01", "from"),
        ("from=0001-01-01&to=0001-01-02", "from"),
        ("from=yesterday", "from"),
        ("limit=101", "limit"),
        ("limit=0", "limit"),
        ("action=DROP", "action"),
        (f"who={'x' * 81}", "who"),
        ("day=1", "day"),
    ],
)
def test_a_search_that_cannot_be_is_told_at_its_field(query: str, field: str) -> None:
    answer = signed_in(CYRUS).get(f"{EVENTS}?{query}")
    assert slug(answer) == (422, "look-again")
    assert body_of(answer)["errors"][0]["field"] == field


def export(caller: Caller, **changes: Any) -> Answer:
    return caller.post(f"{EVENTS}/export", {"from": "2026-11-01", "to": "2026-11-23", "reason": REASON} | changes)


def test_an_export_is_a_file_without_formulas_and_is_written_down() -> None:
    some_events()
    noted("start_sign_in", "=1+1", ago(minutes=5), outcome='=HYPERLINK("http://x")')
    noted("start_sign_in", msgspec.structs.replace(CYRUS.actor(), name="@SUM(A1)"), ago(minutes=4), note='a,\n"b"')
    answer = export(signed_in(CYRUS))
    assert answer.status == 200
    assert answer.header("content-type") == "text/csv; charset=utf-8"
    assert answer.header("content-disposition") == 'attachment; filename="audit-north-2026-11-01-2026-11-23.csv"'
    head, *lines = list(csv.reader(io.StringIO(answer.body.decode(), newline="")))
    assert head == ["at", "action", "who", "name", "what", "patient", "reading", "about"]
    assert len(lines) == 7
    assert [line[2] for line in lines if line[2].startswith("'")] == ["'=1+1"]
    assert [line[3] for line in lines if line[3].startswith("'")] == ["'@SUM(A1)"]
    assert lines[0][-1] == 'note: a,\n"b"'
    (event,) = [event for event in audit.of_day("north", NOW.date()) if event.action == "export_audit"]
    assert (event.reading, event.about) == (True, {"from": "2026-11-01", "to": "2026-11-23", "found": "7", "reason": REASON})


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_begins_a_formula(text: str) -> None:
    assert rules.cell(text) == f"'{text}"
    assert rules.cell(f"a{text}") == f"a{text}"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"from": "2026-10-01"}, "from"), ({"to": "2026-10-01"}, "to"), ({"reason": "because"}, "reason"), ({"reason": None}, "reason")],
)
def test_an_export_wants_few_days_and_a_reason(change: dict[str, Any], field: str) -> None:
    answer = export(signed_in(CYRUS), **change)
    assert slug(answer) == (422, "look-again")
    assert body_of(answer)["errors"][0]["field"] == field


def test_an_export_that_is_too_large_asks_for_fewer_days(monkeypatch: pytest.MonkeyPatch) -> None:
    some_events()
    monkeypatch.setattr(rules, "LARGEST_EXPORT", 300)
    answer = export(signed_in(CYRUS))
    assert slug(answer) == (422, "look-again")
    assert body_of(answer)["errors"][0]["detail"] == "That is too much for one file. Choose fewer days."


def test_an_export_wants_a_fresh_proof() -> None:
    stale = as_actor(CYRUS.actor(), Audience.STAFF, proved=NOW - timedelta(minutes=6))
    assert slug(export(stale)) == (403, "step-up-needed")


@pytest.mark.parametrize("person", [BEA, DANA, RHEA, OTTO], ids=lambda person: person.id)
def test_the_trail_is_for_those_who_run_the_clinic(person: Any) -> None:
    caller = signed_in(person)
    assert {caller.get(EVENTS).status, export(caller).status} == {403}


def entries(caller: Caller, **query: str) -> list[dict[str, Any]]:
    asked = "&".join(f"{name}={text}" for name, text in query.items())
    found: list[dict[str, Any]] = body_of(caller.get(f"{LOG}?{asked}"))["entries"]
    return found


def test_ada_sees_who_looked_and_what_she_did_in_words() -> None:
    ada = signed_in(ADA)
    noted("book_appointment", ADA.actor(patient="ada"), ago(hours=9), patient="ada")
    looked(RHEA.actor(), ago(hours=5))
    looked(msgspec.structs.replace(DANA.actor(), emergency=True), ago(hours=4))
    looked(ADA.actor(patient="ada"), ago(hours=3), action="list_my_appointments")
    proxy = Actor(roles=(Role.PROXY,), clinic="north", account="petra", name="Petra", patient="ada")
    noted("cancel_appointment", proxy, ago(hours=2), patient="ada")
    looked(BEA.actor(), ago(hours=1), action="something_new")
    looked(RHEA.actor(), ago(minutes=1), patient="ben")
    told = [(entry["label"], entry["who"], entry["role"], entry["action"], entry["what"]) for entry in entries(ada, lang="en-US")]
    assert told == [
        ("Mon, Nov 23, 6:00 AM", "Bea Lindqvist", "Practitioner", "Looked at your record", ""),
        ("Mon, Nov 23, 5:00 AM", "Somebody", "Acts for you", "Cancelled a visit", ""),
        ("Mon, Nov 23, 3:00 AM", "Dana Whitcombe", "Nurse", "Looked at your details", "under emergency access"),
        ("Mon, Nov 23, 2:00 AM", "Rhea Okoro", "Reception", "Looked at your details", ""),
        ("Sun, Nov 22, 10:00 PM", "You", "", "You booked a visit", ""),
    ]


def test_ada_sees_who_opened_her_documents_and_that_a_check_is_nobody() -> None:
    noted("request_upload", ADA.actor(patient="ada"), ago(hours=4), patient="ada")
    noted("scan_document", buckets.INSPECTOR, ago(hours=3), patient="ada")
    looked(RHEA.actor(), ago(hours=2), action="open_document")
    noted("return_document", RHEA.actor(), ago(hours=1), patient="ada")
    ada = signed_in(ADA)
    assert [(entry["who"], entry["role"], entry["action"]) for entry in entries(ada, lang="en-US")] == [
        ("Rhea Okoro", "Reception", "Asked for a document to be taken again"),
        ("Rhea Okoro", "Reception", "Opened a document"),
        ("Automatic check", "", "Scanned a document for viruses"),
        ("You", "", "You began to send a document"),
    ]
    assert [entry["who"] for entry in entries(ada, lang="es-US")][2:] == ["Comprobación automática", "Usted"]


def test_whatever_is_done_with_documents_has_words_of_its_own() -> None:
    done = {each.value for each in Permission if "document" in each.value or "upload" in each.value}
    done |= {"list_completeness", "set_insurance_status", "get_document_reference"}
    done |= {"receive_document", "inspect_document", "scan_document", "check_document_again", "forget_document"}
    assert done <= set(messages.OTHERS)
    assert {"request_upload", "finish_upload", "withdraw_document"} <= set(messages.OWN)


def test_whatever_is_done_with_forms_has_words_of_its_own() -> None:
    assert {each.value for each in Permission if "response" in each.value} <= set(messages.OTHERS)
    assert {"start_response", "save_response", "submit_response", "amend_response"} <= set(messages.OWN)


def test_the_log_is_in_the_readers_language() -> None:
    looked(RHEA.actor(), ago(hours=5))
    (entry,) = entries(signed_in(ADA), lang="es-US")
    assert (entry["role"], entry["action"]) == ("Recepción", "Consultó sus datos")


def test_the_log_goes_on_in_pages_over_every_id_she_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.accounts.actions.trail.PAGE", 3)
    expected = []
    for n in range(17):
        at = ago(minutes=n + 1)
        looked(RHEA.actor(), at, patient="typed" if n % 3 == 0 or n > 11 else "ada")
        expected.append(at.isoformat().replace("+00:00", "Z"))
    signed_in(ADA)
    caller = as_actor(msgspec.structs.replace(ADA.actor(patient="ada"), formerly=("typed",)), Audience.PATIENT)
    found, cursor = [], ""
    while True:
        body = body_of(caller.get(f"{LOG}?cursor={cursor}"))
        found += [entry["at"] for entry in body["entries"]]
        cursor = body["next"]
        if not cursor:
            break
    assert found == expected


def test_ben_sees_his_own_log_only_and_no_other_cursor_helps() -> None:
    for n in range(60):
        looked(RHEA.actor(), ago(minutes=n + 1))
    ada, ben = signed_in(ADA), signed_in(BEN)
    cursor = body_of(ada.get(LOG))["next"]
    assert cursor
    assert entries(ben) == []
    assert slug(ben.get(f"{LOG}?cursor={cursor}")) == (400, "unreadable")


def test_who_has_not_registered_has_no_log_yet() -> None:
    nora = Actor(roles=(Role.PATIENT,), clinic="north", account="nora", email="nora@example.com", language="en-US")
    assert slug(as_actor(nora, Audience.PATIENT).get(LOG)) == (403, "not-registered")


def test_staff_have_no_access_log() -> None:
    cyrus = signed_in(CYRUS)
    assert cyrus.get(LOG).status == 403


DOORS: list[tuple[str, Callable[[Caller, str], Answer]]] = [
    ("list_audit_events", lambda caller, clinic: caller.get(f"/clinics/{clinic}/audit-events")),
    (
        "export_audit",
        lambda caller, clinic: caller.post(
            f"/clinics/{clinic}/audit-events/export", {"from": "2026-11-01", "to": "2026-11-23", "reason": REASON}
        ),
    ),
    ("get_my_access_log", lambda caller, clinic: caller.get(f"/clinics/{clinic}/access-log")),
]


@pytest.mark.parametrize(("operation", "ask"), DOORS, ids=[name for name, _ in DOORS])
def test_mallory_of_the_south_reads_no_trail_of_the_north(operation: str, ask: Callable[[Caller, str], Answer]) -> None:
    assert operation in {"list_audit_events", "export_audit", "get_my_access_log"}
    some_events()
    mallory = signed_in(MALLORY)
    theirs, missing = ask(mallory, "north"), ask(mallory, "nowhere")
    assert theirs.status == 404
    assert seen(theirs) == seen(missing)
    if operation == "list_audit_events":
        assert [event["action"] for event in body_of(ask(mallory, "south"))["events"]] == ["book_appointment"]

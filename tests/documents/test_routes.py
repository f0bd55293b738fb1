"""The doors of documents: Ada sends a card, Rhea looks at it; Ben and Mallory get nowhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from app import app
from chalicelib.audit import actions as audit
from chalicelib.documents.actions import checking
from chalicelib.documents.records import Verdict
from chalicelib.doors.routes import operations
from chalicelib.identity.records import Actor, Audience, Role
from chalicelib.kit import clock, remaking
from chalicelib.kit.formats import Picture
from chalicelib.kit.refusing import Reason, Refused
from chalicelib.kit.remaking import Remade
from scripts.local.wire import Answer
from tests.callers import Caller, as_actor, body_of, given_the_clinics, letters, seen, signed_in, slug, trail_of
from tests.cast import ADA, BEA, BEN, CYRUS, DANA, MALLORY, RHEA
from tests.documents import samples
from tests.documents.callers import NORTH, NOW, ask, book, check, lay, readable, send, stored

CARD, OTHER = b"a photograph of a card", b"another photograph"
MADE = Remade("image/jpeg", b"made anew", (Picture(b"a page", 1, 1),))
MISSING = "0" * 20


@pytest.fixture(autouse=True)
def _monday(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clinics, on a Monday morning; making anew takes no time, and refuses EICAR."""

    def remade(content: bytes, _: str) -> Remade:
        if content == samples.EICAR:
            raise Refused(Reason.FORMAT)
        return MADE

    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(remaking, "remade", remade)
    given_the_clinics()


def listed(caller: Caller, visit: str) -> dict[str, Any]:
    """What a visit needs and has, by kind."""
    answer = caller.get(f"{NORTH}/appointments/{visit}/documents")
    assert answer.status == 200, answer.body
    return {kind["id"]: kind for kind in body_of(answer)["kinds"]}


def standings(caller: Caller, visit: str) -> dict[str, str]:
    """How far each kind that the visit needs has come."""
    return {name: kind["standing"] for name, kind in listed(caller, visit).items() if kind["needed"]}


def act(caller: Caller, document: str, verb: str, body: dict[str, Any] | None = None) -> Answer:
    return caller.post(f"{NORTH}/documents/{document}/{verb}", body or {})


def test_ada_sends_both_sides_of_her_card_and_rhea_accepts_them() -> None:
    ada, rhea = signed_in(ADA), signed_in(RHEA)
    visit = book(ada)
    assert standings(ada, visit) == {"insurance-front": "missing", "insurance-back": "missing"}
    front, back = send(ada, visit, CARD), send(ada, visit, OTHER, "insurance-back")
    assert standings(ada, visit) == {"insurance-front": "sent", "insurance-back": "sent"}
    for document in (front, back):
        answer = act(rhea, document, "accept")
        assert (answer.status, body_of(answer)["review"]) == (200, "accepted")
    assert standings(rhea, visit) == {"insurance-front": "accepted", "insurance-back": "accepted"}
    assert body_of(rhea.get(f"{NORTH}/appointments/{visit}/documents"))["insurance"]["status"] == "sent"


def test_the_way_in_is_for_exactly_this_file_for_five_minutes() -> None:
    ada = signed_in(ADA)
    told = body_of(ask(ada, book(ada), CARD))
    document = told["document"]
    assert (document["state"], document["readable"], document["kind"], document["page"]) == ("awaiting", False, "insurance-front", 1)
    assert (told["fields"]["key"], told["fields"]["Content-Type"]) == (f"sent/north/{document['id']}", "image/jpeg")
    assert told["until"] == "2026-11-23T12:05:00Z"


def test_36_what_is_not_there_was_not_sent() -> None:
    ada = signed_in(ADA)
    visit = book(ada)
    document = body_of(ask(ada, visit, CARD))["document"]["id"]
    assert slug(act(ada, document, "finish")) == (409, "not-sent")
    version = lay(document, CARD)
    assert body_of(act(ada, document, "finish"))["state"] == "uploaded"
    assert standings(ada, visit)["insurance-front"] == "checking"
    check(document, version)
    assert body_of(act(ada, document, "finish"))["state"] == "released", "saying so late changes nothing"


def test_a_refused_file_says_why_and_can_be_taken_again() -> None:
    ada = signed_in(ADA)
    visit = book(ada)
    bad = send(ada, visit, samples.EICAR)
    told = body_of(ada.get(f"{NORTH}/documents/{bad}"))
    assert (told["state"], told["reason"], told["readable"]) == ("refused", "format", False)
    assert standings(ada, visit)["insurance-front"] == "refused"
    good = send(ada, visit, CARD, replaces=bad)
    assert standings(ada, visit)["insurance-front"] == "sent"
    assert [each["id"] for each in listed(ada, visit)["insurance-front"]["documents"]] == [good]
    assert stored(bad).replaced_by == good


def test_one_photo_is_returned_and_redone_without_starting_over() -> None:
    ada, rhea = signed_in(ADA), signed_in(RHEA)
    visit = book(ada)
    front, back = send(ada, visit, CARD), send(ada, visit, OTHER, "insurance-back")
    assert act(rhea, back, "accept").status == 200
    returned = body_of(act(rhea, front, "return", {"note": "The corner is cut off."}))
    assert (returned["review"], returned["reviewNote"]) == ("returned", "The corner is cut off.")
    assert standings(ada, visit) == {"insurance-front": "returned", "insurance-back": "accepted"}
    asked = body_of(ask(ada, visit, OTHER, "", replaces=front))["document"]
    assert (asked["kind"], asked["page"], asked["replaces"]) == ("insurance-front", 1, front)
    assert {each["id"] for each in listed(ada, visit)["insurance-front"]["documents"]} == {front, asked["id"]}
    check(asked["id"], lay(asked["id"], OTHER))
    assert [each["id"] for each in listed(ada, visit)["insurance-front"]["documents"]] == [asked["id"]]
    assert standings(ada, visit) == {"insurance-front": "sent", "insurance-back": "accepted"}


def test_a_photo_that_is_taken_a_third_time_leaves_neither_of_the_others() -> None:
    ada, rhea = signed_in(ADA), signed_in(RHEA)
    visit = book(ada)
    first = send(ada, visit, CARD)
    act(rhea, first, "return", {"note": "The corner is cut off."})
    second = send(ada, visit, samples.EICAR, "", replaces=first)
    assert standings(ada, visit)["insurance-front"] == "returned"
    third = send(ada, visit, OTHER, "", replaces=second)
    assert standings(ada, visit)["insurance-front"] == "sent"
    assert [stored(each).state.value for each in (first, second, third)] == ["superseded", "superseded", "released"]


def test_who_is_told_to_take_one_again_is_told_by_mail_and_not_why() -> None:
    ada = signed_in(ADA)
    visit = book(ada)
    document = send(ada, visit, CARD)
    assert act(signed_in(RHEA), document, "return", {"note": "The corner is cut off."}).status == 200
    (letter,) = [each for each in letters() if each.about == document]
    assert letter.to == ADA.email
    assert letter.link == f"http://localhost:8000/north/es/documents/#{visit}"
    assert "corner" not in letter.subject + letter.text
    assert "nsurance" not in letter.subject + letter.text


@pytest.mark.parametrize(("verb", "body"), [("return", {"note": "Again, please."}), ("relabel", {"kind": "photo-id"})])
def test_an_accepted_page_is_not_judged_otherwise_by_a_late_tap_of_another(verb: str, body: dict[str, Any]) -> None:
    ada, rhea, cyrus = signed_in(ADA), signed_in(RHEA), signed_in(CYRUS)
    document = send(ada, book(ada), CARD)
    seen_by_cyrus = {"if_match": f'"{stored(document).version}"'}
    assert rhea.post(f"{NORTH}/documents/{document}/accept", {}, **seen_by_cyrus).status == 200
    assert slug(cyrus.post(f"{NORTH}/documents/{document}/{verb}", body, **seen_by_cyrus)) == (412, "changed")
    assert cyrus.post(f"{NORTH}/documents/{document}/accept", {}, **seen_by_cyrus).status == 200, "which it is already"
    assert letters_about(document) == []


def letters_about(document: str) -> list[str]:
    return [each.to for each in letters() if each.about == document]


def test_a_double_tap_sends_one_mail() -> None:
    ada, rhea = signed_in(ADA), signed_in(RHEA)
    document = send(ada, book(ada), CARD)
    for _ in range(2):
        assert act(rhea, document, "return", {"note": "Cut off."}).status == 200
    assert letters_about(document) == [ADA.email]


def test_what_was_sent_as_something_else_is_put_right() -> None:
    ada, rhea = signed_in(ADA), signed_in(RHEA)
    visit = book(ada)
    document = send(ada, visit, CARD)
    moved = body_of(act(rhea, document, "relabel", {"kind": "insurance-back", "page": 1}))
    assert (moved["kind"], moved["page"]) == ("insurance-back", 1)
    assert standings(ada, visit) == {"insurance-front": "missing", "insurance-back": "sent"}
    assert slug(act(rhea, document, "relabel", {"kind": "passport"})) == (422, "look-again")


@pytest.mark.parametrize(("page", "name"), [(0, "file"), (1, "page-1.jpg")])
def test_40_a_link_is_for_a_minute_a_download_and_of_a_name_of_ours(page: int, name: str) -> None:
    ada = signed_in(ADA)
    document = send(ada, book(ada), CARD, name='../../"><script>.exe')
    told = body_of(act(ada, document, "open", {"page": page}))
    link = urlsplit(told["url"])
    asked = parse_qs(link.query)
    assert link.path.endswith(f"released/north/{document}/{name}")
    assert asked["response-content-disposition"] == ['attachment; filename="insurance-front-1.jpg"']
    assert (asked["X-Amz-Expires"], asked["response-content-type"]) == (["60"], ["image/jpeg"])
    assert (told["until"], told["contentType"], told["name"]) == ("2026-11-23T12:01:00Z", "image/jpeg", "insurance-front-1.jpg")


def test_there_is_no_link_to_a_page_that_is_not_there() -> None:
    ada = signed_in(ADA)
    document = send(ada, book(ada), CARD)
    assert slug(act(ada, document, "open", {"page": 2})) == (422, "look-again")
    assert slug(act(ada, document, "open", {"page": -1})) == (422, "look-again")


@pytest.mark.parametrize("verdict", [Verdict.INFECTED, Verdict.UNSUPPORTED, Verdict.FAILED, None])
def test_42_what_was_not_released_is_read_and_judged_by_nobody(verdict: Verdict | None) -> None:
    ada, rhea = signed_in(ADA), signed_in(RHEA)
    document = body_of(ask(ada, book(ada), CARD))["document"]["id"]
    version = lay(document, CARD)
    if verdict:
        check(document, version, verdict)
    else:
        checking.arrived(f"sent/north/{document}", version, NOW)
    for caller in (ada, rhea):
        assert slug(act(caller, document, "open")) == (409, "not-readable")
    for verb, body in (("accept", {}), ("return", {"note": "Again, please."}), ("relabel", {"kind": "photo-id"})):
        assert slug(act(rhea, document, verb, body)) == (409, "not-readable"), verb
    assert readable() == []


def test_46_what_its_sender_takes_back_is_no_longer_readable_and_staff_see_that_it_was() -> None:
    ada, rhea = signed_in(ADA), signed_in(RHEA)
    visit = book(ada)
    document = send(ada, visit, CARD)
    act(rhea, document, "accept")
    assert body_of(act(ada, document, "withdraw"))["withdrawn"] is True
    assert listed(ada, visit)["insurance-front"]["documents"] == []
    (left,) = listed(rhea, visit)["insurance-front"]["documents"]
    assert (left["id"], left["withdrawn"], left["readable"]) == (document, True, False)
    assert slug(act(rhea, document, "open")) == (409, "not-readable")
    assert standings(ada, visit)["insurance-front"] == "missing"


def test_39_a_visit_takes_so_many_files_and_a_patient_so_many_tries() -> None:
    ada = signed_in(ADA)
    visit = book(ada)
    for _ in range(10):
        send(ada, visit, CARD, "referral")
    assert slug(ask(ada, visit, CARD, "referral")) == (409, "too-many-files")
    answers = [ask(ada, visit, CARD).status for _ in range(200)]
    assert answers.count(429) >= 180
    assert len(body_of(ada.get(f"{NORTH}/appointments/{visit}/documents"))["kinds"]) == 4


def test_what_a_stranger_names_a_file_is_shown_as_text_and_keys_never_hold_it() -> None:
    ada = signed_in(ADA)
    told = body_of(ask(ada, book(ada), CARD, name="../../a\x00b\r\nSet-Cookie: x\u202egpj.exe" + "x" * 4000))
    assert "/" not in told["document"]["name"]
    assert not set(told["document"]["name"]) & {"\x00", "\r", "\n", "\u202e"}
    assert len(told["document"]["name"]) <= 80
    assert told["fields"]["key"] == f"sent/north/{told['document']['id']}"


def test_a_cancelled_visit_wants_nothing_and_leaves_every_queue() -> None:
    ada, rhea = signed_in(ADA), signed_in(RHEA)
    visit = book(ada)
    assert [each["appointment"] for each in waiting(rhea)] == [visit]
    assert ada.post(f"{NORTH}/appointments/{visit}/cancel", {"reason": ""}).status == 200
    assert slug(ask(ada, visit, CARD)) == (409, "nothing-wanted")
    assert [waiting(rhea, queue) for queue in ("patient", "review", "insurance")] == [[], [], []]


def waiting(caller: Caller, queue: str = "patient", **further: str) -> list[dict[str, Any]]:
    """A page of a queue."""
    query = "&".join(f"{name}={text}" for name, text in further.items())
    answer = caller.get(f"{NORTH}/completeness?queue={queue}&{query}")
    assert answer.status == 200, answer.body
    return list(body_of(answer)["visits"])


def test_the_queues_are_sorted_by_the_time_to_the_visit_and_show_whose_turn_it_is() -> None:
    ada, ben, rhea = signed_in(ADA), signed_in(BEN), signed_in(RHEA)
    late = book(ada, start="2026-11-25T10:40:00-05:00")
    soon = book(ben, "a-key-of-bens", start="2026-11-24T11:00:00-05:00")
    assert [(each["appointment"], each["name"]) for each in waiting(rhea)] == [(soon, BEN.name), (late, ADA.name)]
    send(ada, late, CARD)
    assert [each["appointment"] for each in waiting(rhea)] == [soon, late], "the back is missing still"
    send(ada, late, OTHER, "insurance-back")
    assert [each["appointment"] for each in waiting(rhea)] == [soon]
    assert [each["appointment"] for each in waiting(rhea, "review")] == [late]
    assert {each["appointment"]: each["insurance"]["status"] for each in waiting(rhea, "insurance")} == {soon: "unknown", late: "sent"}


def test_what_is_left_of_visits_that_were_is_a_list_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    visit = book(signed_in(ADA))
    assert waiting(signed_in(RHEA), "insurance", past="true") == []
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=3))
    rhea = signed_in(RHEA)
    assert waiting(rhea, "insurance") == []
    assert [each["appointment"] for each in waiting(rhea, "insurance", past="true")] == [visit]
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=32))
    assert waiting(signed_in(RHEA), "insurance", past="true") == []


def test_a_cancelled_visit_says_that_nothing_can_be_sent_for_it() -> None:
    ada = signed_in(ADA)
    visit = book(ada)
    assert body_of(ada.get(f"{NORTH}/appointments/{visit}/documents"))["open"] is True
    ada.post(f"{NORTH}/appointments/{visit}/cancel", {"reason": ""})
    assert body_of(ada.get(f"{NORTH}/appointments/{visit}/documents"))["open"] is False


def test_a_queue_is_read_page_by_page() -> None:
    ada, ben, rhea = signed_in(ADA), signed_in(BEN), signed_in(RHEA)
    visits = [book(ada), book(ben, "a-key-of-bens", start="2026-11-24T11:00:00-05:00")]
    found, cursor = list[str](), ""
    for _ in range(3):
        page = body_of(rhea.get(f"{NORTH}/completeness?limit=1&cursor={cursor}"))
        found += [each["appointment"] for each in page["visits"]]
        cursor = page["next"]
    assert (found, cursor) == (visits, "")
    assert slug(rhea.get(f"{NORTH}/completeness?queue=review&cursor=abc")) == (400, "unreadable")


def test_staff_are_told_whose_documents_they_compare_and_patients_are_not_told_of_others() -> None:
    ada = signed_in(ADA)
    visit = book(ada)
    path = f"{NORTH}/appointments/{visit}/documents"
    told = body_of(signed_in(RHEA).get(path))["patient"]
    assert told == {"id": "ada", "name": ADA.name, "birthDate": ADA.birth_date.isoformat()}
    assert body_of(ada.get(path))["patient"] is None


def test_the_insurance_is_verified_by_whoever_saw_what_stands() -> None:
    ada, rhea = signed_in(ADA), signed_in(RHEA)
    visit = book(ada)
    send(ada, visit, CARD)
    send(ada, visit, OTHER, "insurance-back")
    (seen_then,) = waiting(rhea, "insurance")
    path = f"{NORTH}/appointments/{visit}/insurance"
    assert slug(rhea.post(path, {"status": "problem"})) == (422, "look-again")
    told = rhea.post(path, {"status": "problem", "note": "Not covered since June."}, if_match=f'"{seen_then["version"]}"')
    assert (body_of(told)["status"], body_of(told)["note"], body_of(told)["by"]) == ("problem", "Not covered since June.", RHEA.name)
    assert body_of(told)["atLabel"] == "Mon, Nov 23, 7:00 AM"
    as_ada_sees_it = body_of(ada.get(f"{NORTH}/appointments/{visit}/documents?lang=es"))["insurance"]
    assert as_ada_sees_it == {"status": "problem", "note": "", "by": "", "atLabel": "lun, 23 de nov, 7:00 a. m."}
    assert slug(rhea.post(path, {"status": "verified"}, if_match=f'"{seen_then["version"]}"')) == (412, "changed")
    assert body_of(rhea.post(path, {"status": "verified"}))["status"] == "verified"
    assert waiting(rhea, "insurance") == []


def test_all_documents_of_a_visit_are_taken_out_for_a_reason_that_stands_in_the_trail() -> None:
    ada, cyrus = signed_in(ADA), signed_in(CYRUS)
    visit = book(ada)
    back, front = send(ada, visit, OTHER, "insurance-back"), send(ada, visit, CARD)
    send(ada, visit, samples.EICAR, "photo-id")
    path = f"{NORTH}/appointments/{visit}/documents/export"
    told = body_of(cyrus.post(path, {"reason": "The patient moves to another clinic."}))
    assert [each["document"] for each in told["links"]] == [front, back]
    assert [each["id"] for each in told["references"]] == [front, back]
    (event,) = [event for event in audit.of_day("north", NOW.date()) if event.action == "export_documents"]
    assert (event.patient, event.about["reason"], event.about["found"]) == ("ada", "The patient moves to another clinic.", "2")
    for reason in ("", " " * 20):
        assert slug(cyrus.post(path, {"reason": reason})) == (422, "look-again")


def test_a_file_as_fhir_has_it() -> None:
    ada = signed_in(ADA)
    visit = book(ada)
    old = send(ada, visit, CARD)
    new = send(ada, visit, OTHER, replaces=old)
    act(signed_in(RHEA), new, "accept")
    told = body_of(ada.get(f"{NORTH}/documents/{new}/reference"))
    assert told == {
        "resourceType": "DocumentReference",
        "id": new,
        "meta": {"versionId": str(stored(new).version)},
        "identifier": [{"system": "urn:oid:2.16.840.1.101.3.4.2.1", "value": hashlib.sha256(MADE.body).hexdigest()}],
        "status": "current",
        "docStatus": "final",
        "type": {
            "coding": [{"system": "http://localhost:8000/north/document-kinds", "code": "insurance-front"}],
            "text": "Insurance card, front",
        },
        "subject": {"reference": "Patient/ada"},
        "date": "2026-11-23T12:00:00Z",
        "custodian": {"reference": "Organization/north"},
        "relatesTo": [{"code": "replaces", "target": {"reference": f"DocumentReference/{old}"}}],
        "content": [
            {
                "attachment": {
                    "contentType": "image/jpeg",
                    "size": len(MADE.body),
                    "title": "IMG_1.jpg",
                    "creation": "2026-11-23T12:00:00Z",
                }
            }
        ],
        "context": {"related": [{"reference": f"Appointment/{visit}"}]},
    }
    assert body_of(ada.get(f"{NORTH}/documents/{old}/reference"))["status"] == "superseded"


def test_44_no_door_takes_an_answer_of_the_scan() -> None:
    """What the scan says comes by EventBridge to a function without an address; of the doors of files none speaks of a verdict."""
    spoken = [each for each in operations(app) if each.path.startswith("/api/clinics/{clinic}") and "document" in each.path]
    assert len(spoken) == 12
    bodies = {field.encode_name for each in spoken if each.body for field in msgspec.structs.fields(each.body)}
    assert bodies == {"kind", "name", "type", "size", "sha256", "replaces", "page", "note", "held", "reason"}
    ada = signed_in(ADA)
    document = body_of(ask(ada, book(ada), CARD))["document"]["id"]
    for verb in ("scan", "scanned", "release", "inspect"):
        assert act(ada, document, verb, {"verdict": "NO_THREATS_FOUND"}).status in {403, 404, 405}
    assert slug(act(ada, document, "finish", {"verdict": "NO_THREATS_FOUND"})) == (422, "look-again")


def test_a_held_file_outlives_its_time() -> None:
    ada = signed_in(ADA)
    document = send(ada, book(ada), CARD)
    held = act(signed_in(CYRUS), document, "hold", {"held": True, "reason": "A court has asked for it."})
    assert body_of(held)["held"] is True
    assert body_of(ada.get(f"{NORTH}/documents/{document}"))["held"] is False, "her clinic's business"
    (event,) = [event for event in audit.of_day("north", NOW.date()) if event.action == "hold_document"]
    assert event.about["reason"] == "A court has asked for it."


# Every door that names a thing, as somebody asks it.
EXPORT = {"reason": "The patient moves to another clinic."}
VISIT_DOORS: dict[str, Callable[[Caller, str], Answer]] = {
    "request_upload": lambda caller, visit: ask(caller, visit, CARD),
    "list_documents": lambda caller, visit: caller.get(f"{NORTH}/appointments/{visit}/documents"),
    "export_documents": lambda caller, visit: caller.post(f"{NORTH}/appointments/{visit}/documents/export", EXPORT),
    "set_insurance_status": lambda caller, visit: caller.post(f"{NORTH}/appointments/{visit}/insurance", {"status": "verified"}),
}
FILE_DOORS: dict[str, Callable[[Caller, str], Answer]] = {
    "finish_upload": lambda caller, document: act(caller, document, "finish"),
    "withdraw_document": lambda caller, document: act(caller, document, "withdraw"),
    "get_document": lambda caller, document: caller.get(f"{NORTH}/documents/{document}"),
    "get_document_reference": lambda caller, document: caller.get(f"{NORTH}/documents/{document}/reference"),
    "open_document": lambda caller, document: act(caller, document, "open"),
    "accept_document": lambda caller, document: act(caller, document, "accept"),
    "return_document": lambda caller, document: act(caller, document, "return", {"note": "Again, please."}),
    "relabel_document": lambda caller, document: act(caller, document, "relabel", {"kind": "photo-id"}),
    "hold_document": lambda caller, document: act(caller, document, "hold", {"held": True, "reason": "Because I want it."}),
}
PATIENTS_OWN = ("request_upload", "list_documents", "finish_upload", "withdraw_document", "get_document", "open_document")


def pushed(door: str, caller: Caller, visit: str, document: str) -> Answer:
    """One of all these doors, with a thing of its kind."""
    return VISIT_DOORS[door](caller, visit) if door in VISIT_DOORS else FILE_DOORS[door](caller, document)


@pytest.mark.parametrize("door", PATIENTS_OWN)
def test_34_ben_is_told_the_same_of_adas_as_of_none_and_it_is_written_down(door: str) -> None:
    ada, ben = signed_in(ADA), signed_in(BEN)
    visit = book(ada)
    document = send(ada, visit, CARD)
    before = stored(document)
    theirs, missing = pushed(door, ben, visit, document), pushed(door, ben, MISSING, MISSING)
    assert theirs.status == 404
    assert seen(theirs) == seen(missing)
    assert stored(document) == before
    tried = [event for event in audit.of_day("north", NOW.date()) if event.who == "patient/ben" and event.about.get("outcome")]
    thing = f"appointment/{visit}" if door in VISIT_DOORS else f"document/{document}"
    assert {(event.action, event.what) for event in tried} == {(door, thing), (door, thing.split("/")[0] + f"/{MISSING}")}


@pytest.mark.parametrize(
    "door",
    [
        "request_upload",
        "list_documents",
        "export_documents",
        "set_insurance_status",
        "finish_upload",
        "withdraw_document",
        "get_document",
        "get_document_reference",
        "open_document",
        "accept_document",
        "return_document",
        "relabel_document",
        "hold_document",
    ],
)
def test_35_mallory_of_the_south_is_told_the_same_of_adas_as_of_none(door: str) -> None:
    ada = signed_in(ADA)
    visit = book(ada)
    document = send(ada, visit, CARD)
    before = stored(document)
    for audience in Audience:
        mallory = signed_in(MALLORY)
        mallory.audience = audience
        theirs, missing = pushed(door, mallory, visit, document), pushed(door, mallory, MISSING, MISSING)
        assert theirs.status in {403, 404}  # 403: from the other portal's origin
        assert seen(theirs) == seen(missing)
    assert stored(document) == before


def test_mallory_of_the_south_list_completeness_shows_her_nothing_of_the_north() -> None:
    book(signed_in(ADA))
    mallory = signed_in(MALLORY)
    assert slug(mallory.get(f"{NORTH}/completeness")) == (404, "not-found")
    assert body_of(mallory.get("/clinics/south/completeness")) == {"visits": [], "next": ""}


def test_35_mallory_at_home_does_not_reach_over() -> None:
    """With her own clinic in the path, an id of another's is no id."""
    ada = signed_in(ADA)
    visit = book(ada)
    document = send(ada, visit, CARD)
    mallory = signed_in(MALLORY)
    for path in (f"documents/{document}", f"documents/{document}/reference", f"appointments/{visit}/documents"):
        assert seen(mallory.get(f"/clinics/south/{path}")) == seen(mallory.get(f"/clinics/south/{path.replace(document, MISSING)}"))
        assert mallory.get(f"/clinics/south/{path}").status == 404


@pytest.mark.parametrize("whose", ["bens", "missing"])
def test_38_nothing_takes_the_place_of_anothers_file(whose: str) -> None:
    ada, ben = signed_in(ADA), signed_in(BEN)
    bens = send(ben, book(ben, "a-key-of-bens", start="2026-11-24T11:00:00-05:00"), CARD)
    answer = ask(ada, book(ada), OTHER, replaces=bens if whose == "bens" else MISSING)
    assert slug(answer) == (422, "look-again")
    assert stored(bens).replaced_by == ""


def test_who_cares_for_a_patient_looks_and_judges_nothing() -> None:
    ada = signed_in(ADA)
    visit = book(ada)
    document = send(ada, visit, CARD)
    bea, dana = signed_in(BEA), signed_in(DANA)
    assert act(bea, document, "open").status == 200
    assert slug(act(bea, document, "accept")) == (403, "not-allowed")
    assert slug(act(dana, document, "open")) == (404, "not-found")
    assert dana.post(f"{NORTH}/emergency-access", {"reason": "Found unconscious in the corridor."}).status == 200
    assert act(dana, document, "open").status == 200
    (looked,) = [event for event in trail_of("north", "ada") if event.action == "open_document" and event.name == DANA.name]
    assert looked.about["emergency"] == "yes"


def test_a_proxy_acts_for_whom_they_act_for() -> None:
    ada = signed_in(ADA)
    visit = book(ada)
    petra = Actor(roles=(Role.PROXY,), clinic="north", account="petra", name="Petra Moreno", patient="ada", email="petra@example.com")
    document = send(as_actor(petra, Audience.PATIENT), visit, CARD)
    assert listed(ada, visit)["insurance-front"]["documents"][0]["id"] == document


def test_everything_that_was_done_stands_in_the_patients_trail() -> None:
    ada, rhea = signed_in(ADA), signed_in(RHEA)
    visit = book(ada)
    document = send(ada, visit, CARD)
    act(rhea, document, "open", {"page": 1})
    act(rhea, document, "accept")
    done = [event.action for event in trail_of("north", "ada") if event.what == f"document/{document}"]
    steps = ["request_upload", "receive_document", "inspect_document", "scan_document", "open_document", "accept_document"]
    assert sorted(done) == sorted(steps)


def test_who_begins_again_is_not_held_up_by_what_has_not_come() -> None:
    ada = signed_in(ADA)
    visit = book(ada)
    first, second = (body_of(ask(ada, visit, CARD))["document"]["id"] for _ in range(2))
    assert slug(act(ada, first, "finish")) == (409, "not-sent")
    check(first, lay(first, CARD))
    check(second, lay(second, CARD))
    assert [stored(each).state.value for each in (first, second)] == ["superseded", "released"]
    assert slug(ask(ada, visit, CARD)) == (409, "too-many-files")

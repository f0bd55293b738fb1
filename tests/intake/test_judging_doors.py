"""The doors at which staff say what they make of answers, and those at which answers are taken out."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.audit import actions as audit
from chalicelib.clinics import actions as clinics
from chalicelib.intake.actions import filing
from chalicelib.intake.records import QuestionnaireResponse, RaisedFlag
from chalicelib.intake.rules import submitting
from chalicelib.intake.store import responses as store
from chalicelib.kit import clock, memory, printing, table
from chalicelib.notices import actions as notices
from chalicelib.people import actions as people
from chalicelib.visits import actions as visits
from scripts.local.wire import Answer
from tests.callers import Caller, body_of, given_the_clinics, signed_in
from tests.cast import ADA, BEA, BEN, CYRUS, DANA, MALLORY, RHEA, Person
from tests.intake import answering, callers, makers
from tests.intake.answering import NOW

NORTH = "/clinics/north"
ONE = f"{NORTH}/responses/v-1"
MISSING = "zzzzzzzzzzzzzzzzzzzz"
AGAIN = {"path": "phq-9-items/phq-9-2", "note": "Is this right?"}
WHY = "The patient moves to another clinic."
DOORS = {
    "return_item": ("return", AGAIN),
    "accept_response": ("accept", {"what": "answers"}),
    "export_response": ("export", {"format": "csv", "reason": WHY}),
}


@pytest.fixture(autouse=True)
def _tuesday(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    given_the_clinics()
    makers.publish_ours("north", "phq-9", "gad-7")
    with table.together() as tx:
        visits.keep(tx, answering.a_visit())
    signed_in(ADA)


def handed_in(last: str = "not-at-all") -> QuestionnaireResponse:
    """Ada's PHQ-9, handed in."""
    return answering.hand_in(answering.put(answering.a_response()), answering.whole_phq_9(last)).response


def stored() -> QuestionnaireResponse:
    """It, as it is kept."""
    found = store.get("north", "v-1")
    assert found
    return found


def act(caller: Caller, door: str, response: str = "v-1", **further: Any) -> Answer:
    """What a door says to somebody, who has seen how it stands unless another version is said."""
    way, body = DOORS[door]
    seen = store.get("north", response)
    further = ({"if_match": f'"{seen.version}"'} if seen else {}) | further
    return caller.post(f"{NORTH}/responses/{response}/{way}", body | further.pop("body", {}), **further)


def slug(answer: Answer) -> tuple[int, str]:
    """A problem, by its kind."""
    return answer.status, body_of(answer)["type"]


def events(action: str) -> list[Any]:
    """What the trail says of it."""
    return [each for each in audit.of_day("north", NOW.date()) if each.action == action]


def test_one_question_is_returned_and_its_patient_is_told_without_a_word_of_it() -> None:
    handed_in()
    told = act(signed_in(RHEA), "return_item")
    assert told.status == 200, told.body
    assert body_of(told) | {"version": 0} == {
        "id": "v-1",
        "version": 0,
        "standing": "returned",
        "review": "none",
        "returned": [AGAIN | {"at": "2026-11-24T12:00:00Z"}],
        "flags": 0,
    }
    assert told.header("etag") == f'"{body_of(told)["version"]}"'
    packet = store.packet("north", "v")
    assert packet
    assert [(each.standing, each.returned) for each in packet.forms] == [("returned", 1)]
    (event,) = events("return_item")
    assert AGAIN["note"] not in str(event)
    assert AGAIN["path"] not in str(event)


def test_who_saw_an_older_version_is_shown_the_newer_one_first() -> None:
    version = handed_in().version
    assert slug(act(signed_in(RHEA), "return_item", if_match=f'"{version - 1}"')) == (412, "changed")
    assert act(signed_in(RHEA), "return_item", if_match=f'"{version}"').status == 200
    assert slug(act(signed_in(CYRUS), "accept_response", if_match=f'"{version}"')) == (412, "changed")


@pytest.mark.parametrize("further", [{"if_match": ""}, {"if_match": "*"}], ids=["none", "any"])
@pytest.mark.parametrize("door", ["accept_response", "return_item"])
def test_nobody_judges_what_they_do_not_say_that_they_have_seen(door: str, further: dict[str, str]) -> None:
    before = handed_in()
    assert slug(act(signed_in(RHEA), door, **further)) == (412, "changed")
    assert stored() == before


def test_what_was_handed_in_is_accepted_and_leaves_the_list_of_review() -> None:
    handed_in()
    rhea = signed_in(RHEA)
    assert [each["appointment"] for each in body_of(rhea.get(f"{NORTH}/completeness?queue=review"))["visits"]] == ["v"]
    told = body_of(act(rhea, "accept_response"))
    assert (told["standing"], told["review"]) == ("complete", "accepted")
    assert body_of(rhea.get(f"{NORTH}/completeness?queue=review"))["visits"] == []
    assert stored().reviewed_by == "reception/rhea"
    (event,) = events("accept_response")
    assert event.about["of"] == "answers"


def test_a_draft_is_neither_accepted_nor_returned() -> None:
    answering.put(answering.a_response())
    assert slug(act(signed_in(RHEA), "accept_response")) == (409, "not-handed-in")
    assert slug(act(signed_in(RHEA), "return_item")) == (409, "not-handed-in")


def test_what_cannot_wait_is_seen_first_in_a_draft_too_by_who_cares_for_the_patient() -> None:
    flag = RaisedFlag(path="phq-9-items/phq-9-9", code="suicidal-thoughts", at=NOW)
    answering.put(answering.a_response(items=answering.phq_9(last="several"), flags=(flag,)))
    bea, rhea = signed_in(BEA), signed_in(RHEA)
    assert [each["flags"] for each in body_of(rhea.get(f"{NORTH}/completeness?queue=urgent"))["visits"]] == [1]
    assert slug(act(bea, "accept_response")) == (403, "not-allowed"), "answers are the desk's to accept"
    assert body_of(act(bea, "accept_response", body={"what": "flags"}))["flags"] == 0
    assert body_of(rhea.get(f"{NORTH}/completeness?queue=urgent"))["visits"] == []
    assert [each.seen_by for each in stored().flags] == ["practitioner/bea"]


def test_nothing_is_accepted_before_its_flags_were_seen() -> None:
    handed_in("several")
    rhea = signed_in(RHEA)
    assert slug(act(rhea, "accept_response")) == (409, "flags-first")
    assert act(rhea, "accept_response", body={"what": "flags"}).status == 200
    assert act(rhea, "accept_response").status == 200


def test_a_patient_takes_their_own_copy_without_saying_why_and_it_is_the_same_every_time() -> None:
    handed_in()
    ada = signed_in(ADA)
    for form, kind, begins in (
        ("pdf", "application/pdf", b"%PDF-1.7"),
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf"),
        ("fhir", "application/fhir+json", b"{"),
    ):
        told = body_of(act(ada, "export_response", body={"format": form, "reason": ""}))
        body = base64.b64decode(told["body"])
        assert body.startswith(begins)
        assert (told["contentType"], told["sha256"]) == (kind, hashlib.sha256(body).hexdigest())
        assert told["name"] == f"phq-9-2026-11-24.{'json' if form == 'fhir' else form}"
        act(signed_in(RHEA), "return_item", body={"note": f"Again, please: {form}"})
        assert body_of(act(ada, "export_response", body={"format": form, "reason": ""})) == told, "what staff say since changes no copy"


def test_a_copy_is_the_same_bytes_whatever_becomes_of_the_patient_and_the_clinic(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = signed_in(ADA)
    view = callers.begun(ada, "v")
    callers.send(ada, "submit", view, answering.whole_phq_9())
    told = {name: body_of(act(ada, "export_response", view["id"], body={"format": name, "edition": 1})) for name in ("pdf", "csv", "fhir")}
    north = clinics.get("north")
    address = replace(north.address, country="DE")
    clinics.save(replace(north, name="Another Clinic", zone="Pacific/Auckland", address=address))
    memory.forget()
    renamed = replace(people.patient("north", "ada"), family="Moreno-Ruiz", birth_date=date(1988, 1, 1))
    monkeypatch.setattr(people, "patient", lambda *_: renamed)
    for name, before in told.items():
        assert body_of(act(ada, "export_response", view["id"], body={"format": name, "edition": 1})) == before
    draft = callers.begun(ada, "v", "gad-7")
    assert b"Moreno-Ruiz" in base64.b64decode(body_of(act(ada, "export_response", draft["id"], body={"format": "fhir"}))["body"])


def test_what_is_too_long_for_a_copy_on_paper_says_how_else_it_can_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    handed_in()
    monkeypatch.setattr(printing, "MOST", 1000)
    told = act(signed_in(ADA), "export_response", body={"format": "pdf"})
    assert slug(told) == (413, "too-long-for-paper")
    assert "spreadsheet" in body_of(told)["title"]
    assert events("export_response") == []


def test_each_edition_can_be_had_and_none_that_there_is_not() -> None:
    handed_in()
    ada = signed_in(ADA)
    assert json.loads(base64.b64decode(body_of(act(ada, "export_response", body={"format": "fhir", "edition": 1}))["body"]))["meta"] == {
        "versionId": "1"
    }
    assert slug(act(ada, "export_response", body={"edition": 2})) == (422, "look-again")


def test_a_draft_can_be_taken_out_and_says_that_it_is_one() -> None:
    answering.put(answering.a_response(items=answering.phq_9("several")))
    told = body_of(act(signed_in(ADA), "export_response", body={"format": "fhir"}))
    assert json.loads(base64.b64decode(told["body"]))["status"] == "in-progress"


def test_staff_say_why_and_it_stands_in_the_trail() -> None:
    handed_in()
    cyrus = signed_in(CYRUS)
    assert slug(act(cyrus, "export_response", body={"reason": "because"})) == (422, "look-again")
    assert act(cyrus, "export_response").status == 200
    (event,) = [each for each in events("export_response") if each.patient == "ada"]
    assert (event.about["reason"], event.about["as"], event.about["edition"]) == (WHY, "csv", "1")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("person", [BEN, MALLORY])
def test_mallory_of_the_south_and_ben_are_told_the_same_of_adas_as_of_none(door: str, person: Person) -> None:
    """The doors are return_item, accept_response and export_response."""
    before = handed_in()
    caller = signed_in(person)
    theirs, none = act(caller, door), act(caller, door, MISSING)
    assert theirs.status in {403, 404}
    assert (theirs.status, theirs.body) == (none.status, none.body)
    assert stored() == before


@pytest.mark.parametrize("door", DOORS)
def test_mallory_at_home_does_not_reach_over(door: str) -> None:
    handed_in()
    way, body = DOORS[door]
    mallory = signed_in(MALLORY)
    answer = mallory.post(f"/clinics/south/responses/v-1/{way}", body)
    assert slug(answer) == (404, "not-found")
    assert [each.action for each in audit.of_day("south", NOW.date())] == [door]


def test_a_nurse_who_does_not_know_the_patient_sees_no_flag_of_theirs() -> None:
    handed_in("several")
    assert slug(act(signed_in(DANA), "accept_response", body={"what": "flags"})) == (404, "not-found")
    assert slug(act(signed_in(BEA), "export_response")) == (403, "not-allowed")


def test_the_mail_of_a_returned_question_names_neither_the_form_nor_the_answer() -> None:
    from chalicelib.intake import messages

    notice = messages.returned(answering.NORTH, people.patient("north", "ada"), handed_in(), NOW)
    for word in ("PHQ", "phq-9", "felt", AGAIN["note"]):
        assert word not in notice.subject + notice.text + notice.link_label
    assert notice.link.endswith("/north/es/forms/?visit=v")
    assert notices


def test_whom_to_call_is_looked_up_in_what_the_patient_handed_in_before_and_written_down() -> None:
    makers.publish_ours("north", "new-patient")
    said = [{"linkId": "emergency-phone", "answer": [{"valueString": "+1 203 555 0190"}]}]
    group = [{"linkId": "has-emergency-contact", "answer": [{"valueBoolean": True}]}, {"linkId": "emergency-contact", "item": said}]
    answering.put(answering.a_response("new-patient", id="v-2", items=[{"linkId": "emergency", "item": group}]))
    answering.put(answering.a_response(flags=(RaisedFlag(path="phq-9-items/phq-9-9", code="suicidal-thoughts", at=NOW),)))
    rhea = signed_in(RHEA)
    assert [each["telephone"] for each in body_of(rhea.get(ONE))["staff"]["told"]["call"]][-1] == "+1 203 555 0190"
    assert {each.what for each in events("get_response")} == {"response/v-1", "response/v-2"}
    act(rhea, "accept_response", body={"what": "flags"})
    assert body_of(rhea.get(ONE))["staff"]["told"]["raised"][0]["seenBy"] == RHEA.name


def test_staff_see_what_was_changed_since_it_was_handed_in_before_and_patients_are_not_told() -> None:
    first = handed_in()
    form, found = answering.our_form("phq-9"), store.find("north", "v-1")
    assert found
    items = answering.phq_9(*["several"] * 7, "not-at-all", last="not-at-all", difficulty="some")
    after = submitting.amended(form, first, answering.handed(items), NOW.date().isoformat(), NOW).response
    with table.together() as tx:
        filing.write(tx, answering.NORTH, form, found, after, NOW)
    (change,) = body_of(signed_in(RHEA).get(ONE))["staff"]["told"]["amended"]
    assert (change["path"], change["before"], change["after"]) == ("phq-9-items/phq-9-8", ["Several days"], ["Not at all"])
    assert body_of(signed_in(ADA).get(ONE))["staff"] is None

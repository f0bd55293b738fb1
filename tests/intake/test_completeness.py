"""What is still to be done before visits: documents and forms of each, by whose turn it is, the next visit first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.audit import actions as audit
from chalicelib.clinics import actions as clinics
from chalicelib.clinics.records import FormRule
from chalicelib.intake.actions import managing
from chalicelib.intake.records import Completed, Earlier, FormStanding, QuestionnaireResponse, RaisedFlag, ResponseStatus, Review
from chalicelib.intake.rules import filing, standing
from chalicelib.intake.store import responses as store
from chalicelib.kit import clock, memory, table
from chalicelib.visits import actions as visits
from chalicelib.visits.records import Appointment
from tests.booking.calls import counted
from tests.callers import Caller, body_of, given_the_clinics, signed_in
from tests.cast import ADA, BEA, BEN, CYRUS, DANA, MALLORY, RHEA, Person
from tests.documents import samples
from tests.documents.callers import NORTH, book, send
from tests.intake import answering, makers

NOW = answering.NOW
pytestmark = pytest.mark.usefixtures("cloud")
FORMS = (FormRule(id="new-patient"), FormRule(id="phq-9"), FormRule(id="gad-7", services=("nurse",)))


@pytest.fixture(autouse=True)
def _tuesday(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    given_the_clinics()
    clinics.save(replace(clinics.get("north"), forms=FORMS))
    makers.publish_ours("north", "new-patient", "phq-9", "gad-7")
    memory.forget()


def waiting(caller: Caller, queue: str = "patient", **further: str) -> list[dict[str, Any]]:
    """A page of a list."""
    query = "&".join(f"{name}={text}" for name, text in further.items())
    answer = caller.get(f"{NORTH}/completeness?queue={queue}&{query}")
    assert answer.status == 200, answer.body
    return list(body_of(answer)["visits"])


def found(queue: str = "patient", **further: str) -> list[str]:
    """The visits of a list."""
    return [each["appointment"] for each in waiting(signed_in(RHEA), queue, **further)]


def standings(visit: str, queue: str = "patient") -> dict[str, str]:
    """How far each form of a visit is, as a list tells it."""
    (told,) = [each for each in waiting(signed_in(RHEA), queue) if each["appointment"] == visit]
    return {each["questionnaire"]: each["standing"] for each in told["forms"]}


def a_visit(person: Person = ADA, start: str = "2026-11-25T10:40:00-05:00", **changed: str) -> str:
    """A visit of somebody's tomorrow."""
    return book(signed_in(person), f"a-key-of-{person.id}-{start[:16].replace(chr(58), chr(45))}", start=start, **changed)


def given(visit: str, form: str = "phq-9", patient: str = "ada", **changed: Any) -> QuestionnaireResponse:
    """A response that is kept as it is, in the packet of its visit."""
    of = kept(visit)
    about = {"id": f"{visit}-{form}", "appointment": visit, "patient": patient} | changed
    response = answering.a_response(form, **about)
    before = store.packet("north", visit) or filing.opened(of)
    packet = filing.refiled(before, filing.filed(answering.our_form(form), response, "2026-11-24"))
    with table.together() as tx:
        store.add("north", response, Earlier(), filing.until(packet), tx)
        store.put_packet("north", packet, before, tx)
    return response


HANDED_IN: dict[str, Any] = {"status": ResponseStatus.COMPLETED, "edition": 1, "authored": NOW, "items": answering.whole_phq_9()}


def handed_in(**changed: Any) -> dict[str, Any]:
    """What makes a response one that was handed in."""
    return HANDED_IN | changed


def kept(visit: str) -> Appointment:
    """It, as it is kept."""
    found = visits.get("north", visit)
    assert found
    return found


def with_documents(visit: str) -> str:
    """All documents of a visit are sent."""
    for kind in ("insurance-front", "insurance-back"):
        send(signed_in(ADA), visit, samples.jpeg(), kind)
    return visit


def test_a_visit_waits_for_its_patient_until_all_forms_are_handed_in_and_all_documents_sent() -> None:
    visit = with_documents(a_visit())
    assert standings(visit) == {"new-patient": "not-opened", "phq-9": "not-opened"}
    given(visit, "phq-9", items=answering.phq_9("several"))
    assert standings(visit) == {"new-patient": "not-opened", "phq-9": "started"}
    given(visit, "new-patient", **handed_in(items=[]))
    assert standings(visit) == {"new-patient": "needs-review", "phq-9": "started"}
    assert found("review") == [visit]


def test_what_is_complete_is_in_no_list() -> None:
    visit = a_visit()
    given(visit, "new-patient", **handed_in(review=Review.ACCEPTED))
    given(visit, "phq-9", **handed_in(review=Review.ACCEPTED))
    assert found() == [visit], "its documents are missing"
    with_documents(visit)
    assert found() == []
    assert found("review") == [visit], "documents are to be looked at"
    assert standings(visit, "review") == {"new-patient": "complete", "phq-9": "complete"}


def test_a_visit_that_was_cancelled_is_staffs_only_with_what_cannot_wait() -> None:
    visit = a_visit()
    given(visit, "new-patient", **handed_in(items=[]))
    assert found("review") == [visit]
    flag = RaisedFlag(path="phq-9-items/phq-9-9", code="suicidal-thoughts", at=NOW)
    given(visit, "phq-9", flags=(flag,), items=answering.phq_9(last="several"))
    assert signed_in(ADA).post(f"{NORTH}/appointments/{visit}/cancel", {"reason": ""}).status == 200
    assert (found("review"), found("urgent"), found()) == ([visit], [visit], []), "it stands first in both"


def test_a_form_that_was_begun_before_it_was_retired_keeps_its_title() -> None:
    visit = a_visit()
    given(visit, "phq-9", items=answering.phq_9("several"))
    held = managing.retire_questionnaire(clinics.get("north"), CYRUS.actor(), "phq-9", NOW)
    assert held
    memory.forget()
    (told,) = waiting(signed_in(RHEA))
    assert [each["title"] for each in told["forms"] if each["questionnaire"] == "phq-9"] == ["How you have felt (PHQ-9)"]


def test_a_visit_needs_the_forms_of_its_service_and_what_was_handed_in_once_is_enough() -> None:
    visit = a_visit(service="nurse", practitioner="dana", start="2026-11-25T11:00:00-05:00")
    assert set(standings(visit)) == {"new-patient", "phq-9", "gad-7"}
    done = Completed(questionnaire="new-patient", response="x", canonical="u|1", at=NOW - timedelta(days=400))
    seen = standing.forms(clinics.get("north"), kept(visit), None, {"new-patient": done}, {"new-patient": {}, "phq-9": {}}, ())
    assert [each.questionnaire for each in seen] == ["phq-9"]


def test_the_list_tells_how_far_a_form_is_and_since_when() -> None:
    visit = a_visit()
    given(visit, "phq-9", items=answering.phq_9("several"), started=NOW - timedelta(days=2))
    (told,) = waiting(signed_in(RHEA))
    (form,) = [each for each in told["forms"] if each["questionnaire"] == "phq-9"]
    assert (form["title"], form["response"], form["done"], form["of"]) == ("How you have felt (PHQ-9)", f"{visit}-phq-9", 0, 2)
    assert form["since"] == "2026-11-22T12:00:00Z"
    assert form["sinceLabel"] == "Sun, Nov 22, 7:00 AM"
    assert (told["name"], told["flags"], told["infected"]) == (ADA.name, 0, False)


def test_an_answer_that_cannot_wait_is_in_the_urgent_list_in_a_draft_too() -> None:
    visit = a_visit()
    assert found("urgent") == []
    given(visit, "phq-9", items=answering.phq_9(last="several"), flags=(RaisedFlag(path="a/b", code="suicidal-thoughts", at=NOW),))
    (told,) = waiting(signed_in(RHEA), "urgent")
    assert (told["appointment"], told["flags"]) == (visit, 1)
    assert "suicidal" not in str(told)


def test_review_puts_files_and_answers_together_by_the_time_of_the_visit() -> None:
    late, soon = a_visit(), a_visit(BEN, "2026-11-25T09:00:00-05:00")
    middle = a_visit(start="2026-11-25T10:00:00-05:00")
    with_documents(late)
    given(late, "phq-9", **handed_in())
    given(soon, "phq-9", "ben", **handed_in())
    send(signed_in(ADA), middle, samples.jpeg(), "insurance-front")
    assert found("review") == [soon, middle, late]
    pages, cursor = [], ""
    while True:
        page = body_of(signed_in(RHEA).get(f"{NORTH}/completeness?queue=review&limit=1&cursor={cursor}"))
        pages += [each["appointment"] for each in page["visits"]]
        cursor = page["next"]
        if not cursor:
            break
    assert pages == [soon, middle, late]


def test_what_cannot_wait_stands_first_in_what_is_to_be_looked_at_and_but_once() -> None:
    flags = (RaisedFlag(path="a/b", code="suicidal-thoughts", at=NOW),)
    late, soon, draft = a_visit(), a_visit(BEN, "2026-11-25T09:00:00-05:00"), a_visit(start="2026-11-25T10:00:00-05:00")
    given(late, "phq-9", **handed_in(flags=flags))
    given(soon, "phq-9", "ben", **handed_in())
    given(draft, "phq-9", items=answering.phq_9(last="several"), flags=flags)
    assert found("review") == [draft, late, soon]
    first = body_of(signed_in(RHEA).get(f"{NORTH}/completeness?queue=review&limit=2"))
    assert [each["appointment"] for each in first["visits"]] == [draft, soon]
    then = body_of(signed_in(RHEA).get(f"{NORTH}/completeness?queue=review&limit=2&cursor={first['next']}"))
    assert ([each["appointment"] for each in then["visits"]], then["next"]) == ([late], "")


def test_a_page_that_is_complete_is_empty_and_still_leads_on() -> None:
    first, second = a_visit(), a_visit(BEN, "2026-11-25T11:00:00-05:00")
    with_documents(first)
    for form in ("new-patient", "phq-9"):
        given(first, form, **handed_in())
    page = body_of(signed_in(RHEA).get(f"{NORTH}/completeness?limit=1"))
    assert page["visits"] == []
    assert [
        each["appointment"] for each in body_of(signed_in(RHEA).get(f"{NORTH}/completeness?limit=1&cursor={page['next']}"))["visits"]
    ] == [second]


def test_a_page_costs_the_same_whatever_stands_behind_it() -> None:
    rhea = signed_in(RHEA)
    three = [a_visit(), a_visit(BEN, "2026-11-25T11:00:00-05:00"), a_visit(start="2026-11-26T11:00:00-05:00")]
    for visit in three:
        given(visit, "phq-9", "ben" if visit == three[1] else "ada", items=answering.phq_9("several"))
    waiting(rhea)
    with counted() as asked:
        assert len(waiting(rhea)) == 3
    session = {"BatchGetItem": 1}
    assert asked.calls["Query"] == 1
    assert asked.calls["BatchGetItem"] == 3 + session["BatchGetItem"], "folders, answers and people, whoever many visits there are"


def test_who_was_in_the_list_finds_it_in_their_log() -> None:
    a_visit()
    waiting(signed_in(RHEA))
    (event,) = [each for each in audit.of_day("north", NOW.date()) if each.action == "list_completeness"]
    assert event.about["found"] == "1"
    entries = body_of(signed_in(ADA).get(f"{NORTH}/access-log?lang=en-US"))["entries"]
    assert "Saw your visit in a list of what is missing" in [entry["action"] for entry in entries]


@pytest.mark.parametrize("person", [BEA, DANA, MALLORY])
def test_only_who_runs_the_desk_sees_the_lists_and_mallory_of_the_south_asks_list_completeness_in_vain(person: Person) -> None:
    a_visit()
    answer = signed_in(person).get(f"{NORTH}/completeness")
    assert (answer.status, body_of(answer)["type"]) == ((404, "not-found") if person is MALLORY else (403, "not-allowed"))
    assert signed_in(CYRUS).get(f"{NORTH}/completeness").status == 200


def test_ben_a_patient_is_told_nothing_of_anybody() -> None:
    ben = signed_in(BEN)
    answer = ben.get(f"{NORTH}/completeness")
    assert (answer.status, body_of(answer)["type"]) == (403, "not-allowed")


@pytest.mark.parametrize(("done", "of", "waits"), [(2, 2, True), (1, 2, False)])
def test_a_form_that_only_waits_for_a_file_is_nobodys_turn(done: int, of: int, waits: bool) -> None:
    filed = filing.filed(answering.our_form("phq-9"), answering.a_response("phq-9"), "2026-11-24")
    filed = replace(filed, done=done, of=of, files=("file-1",))
    packet = replace(filing.opened(answering.a_visit()), forms=(filed,))
    (now,) = standing.forms(answering.a_north(), answering.a_visit(), packet, {}, {}, {"file-1"})
    assert (now.standing is FormStanding.WAITING) is waits
    assert standing.waits_for_patient([now]) is not waits

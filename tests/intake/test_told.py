"""Answers in words, as staff read them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.intake.records import Beside, Earlier, Evidence, QuestionnaireResponse, RaisedFlag, ResponseStatus, ReturnedItem, Signature
from chalicelib.intake.rules.offering import Change
from chalicelib.intake.rules.saving import Shown
from chalicelib.intake.shapes import told
from chalicelib.intake.shapes.told import ToldToStaff
from chalicelib.people.records import Patient
from tests.documents.makers import a_kind, released
from tests.intake.answering import NORTH, NOW, a_response, coded, our_form, phq_9, whole_phq_9

PLACE = "phq-9-items/phq-9-2"
NUMBER = "+1 203 555 0142"
HARBOUR = replace(NORTH, documents=(a_kind("card"), a_kind("letter", pages=3)))


def read(
    response: QuestionnaireResponse, *changes: Change, form: str = "phq-9", tag: str = "en-US", beside: Beside | None = None
) -> ToldToStaff:
    """It, in words; of Ada, whose number is known."""
    ada = Patient(
        id="ada",
        clinic="north",
        given="Ada",
        family="Moreno",
        birth_date=date(1990, 1, 2),
        email="",
        telephone=NUMBER,
        language="en-US",
        made=NOW,
    )
    shown = Shown(response, our_form(form), Earlier(), NOW, patient=ada, beside=beside or Beside())
    return told.told(HARBOUR, our_form(form), shown, list(changes), "2026-11-24", tag)


def handed_in(**changed: Any) -> QuestionnaireResponse:
    """PHQ-9 as it was handed in."""
    about: dict[str, Any] = {"status": ResponseStatus.COMPLETED, "items": whole_phq_9(), "authored": NOW, "edition": 1}
    return a_response(**(about | changed))


def test_every_question_that_was_asked_is_told_with_its_answer_page_by_page() -> None:
    answers = read(handed_in()).answers
    first = answers[0]
    assert (first.kind, first.depth, first.returnable) == ("group", 0, False)
    second = next(each for each in answers if each.path == PLACE)
    assert (second.kind, second.depth, second.answers, second.returnable) == ("question", 1, ["Several days"], True)
    assert second.words == "2. Feeling down, depressed, or hopeless"


def test_what_is_reckoned_is_told_and_cannot_be_asked_for_again() -> None:
    (score,) = [each for each in read(handed_in()).answers if each.path.endswith("phq-9-score")]
    assert (score.answers, score.returnable) == (["8"], False)


def test_what_is_asked_again_says_why_at_its_place() -> None:
    response = handed_in(returned=(ReturnedItem(path=PLACE, note="Is this right?", by="x", at=NOW),))
    assert {each.path: each.note for each in read(response).answers if each.note} == {PLACE: "Is this right?"}


def test_what_cannot_wait_says_what_it_may_mean_and_what_became_of_it() -> None:
    flags = (
        RaisedFlag(path="phq-9-items/phq-9-9", code="suicidal-thoughts", at=NOW, gone=NOW + timedelta(minutes=1)),
        RaisedFlag(path="phq-9-items/phq-9-9", code="of-tomorrow", at=NOW, seen=NOW + timedelta(hours=1), seen_by="x"),
    )
    first, second = read(a_response(flags=flags)).raised
    assert (first.words, first.gone, first.seen_label) == ("Thoughts of death or of hurting themselves", True, "")
    assert first.question.startswith("9. Thoughts that you would be better off dead")
    assert (second.words, second.gone, second.seen_label) == ("of-tomorrow", False, "Tue, Nov 24, 8:00 AM")


def test_what_changed_since_last_time_is_told_in_words_of_both_times() -> None:
    coding = {"system": "https://anteroom.example/fhir/CodeSystem/intake"}
    change = Change(PLACE, [{"valueCoding": {**coding, "code": "not-at-all"}}], [{"valueCoding": {**coding, "code": "several"}}])
    (changed,) = read(handed_in(), change).changes
    assert (changed.words, changed.before, changed.after) == ("2. Feeling down, depressed, or hopeless", ["Not at all"], ["Several days"])


def test_who_signed_is_told_with_all_that_shows_it() -> None:
    evidence = Evidence(
        path="sign/signature",
        kind=Signature.TYPED,
        name="Ada Moreno",
        at=NOW,
        language="es-US",
        canonical=our_form("consent-to-treat").canonical,
        sha256="5e" * 32,
        by="patient/ada",
        proved=("code",),
        withdrawn=NOW,
    )
    (signed,) = read(a_response("consent-to-treat", evidence=(evidence,)), form="consent-to-treat").signed
    assert (signed.words, signed.how) == ("Signature", "Ada Moreno signed by typing their name")
    assert (signed.language, signed.identity) == ("Spanish (es-US)", "signed in with a code sent to their e-mail address")
    assert (signed.sha256, signed.at_label, signed.withdrawn_label) == ("5e" * 32, "Tue, Nov 24, 7:00 AM", "Tue, Nov 24, 7:00 AM")


def test_a_draft_says_when_it_was_changed_and_staff_read_it_in_their_own_language() -> None:
    told_ = read(a_response(items=phq_9("several"), language="en-US"), tag="es-US")
    assert (told_.handed_in_label, told_.changed_label) == ("", "mar, 24 de nov, 7:00 a. m.")
    assert "Varios días" in [answer for each in told_.answers for answer in each.answers]


def text(link_id: str, *said: str) -> dict[str, Any]:
    """A question answered in words."""
    return {"linkId": link_id, "answer": [{"valueString": each} for each in said]}


def yes(link_id: str, *, is_so: bool = True) -> dict[str, Any]:
    """A question answered with yes."""
    return {"linkId": link_id, "answer": [{"valueBoolean": is_so}]}


def emergency(*, may_talk: bool) -> QuestionnaireResponse:
    """A form in which the patient says whom to call."""
    items = [text("emergency-name", "Jo Moreno"), text("emergency-phone", "+1 203 555 0190"), yes("emergency-may-talk", is_so=may_talk)]
    group = [yes("has-emergency-contact"), {"linkId": "emergency-contact", "item": items}]
    return a_response("new-patient", items=[{"linkId": "emergency", "item": group}])


def test_whom_to_call_is_told_where_an_answer_cannot_wait_and_nowhere_else() -> None:
    flags = (RaisedFlag(path="phq-9-items/phq-9-9", code="suicidal-thoughts", at=NOW),)
    assert read(handed_in()).call == []
    assert [each.telephone for each in read(handed_in(flags=flags)).call] == [NUMBER]
    beside = Beside(emergency=(our_form("new-patient"), emergency(may_talk=False)))
    patient, other = read(handed_in(flags=flags), beside=beside).call
    assert (patient.about, patient.telephone) == ("The patient", NUMBER)
    assert other.telephone == "+1 203 555 0190"
    assert other.about == "In an emergency: Jo Moreno · may not be told of the patient’s health"
    allowed = Beside(emergency=(our_form("new-patient"), emergency(may_talk=True)))
    assert "may be told" in read(handed_in(flags=flags), beside=allowed).call[1].about


def test_who_has_seen_what_cannot_wait_is_named() -> None:
    flags = (RaisedFlag(path="phq-9-items/phq-9-9", code="suicidal-thoughts", at=NOW, seen=NOW, seen_by="nurse/dana"),)
    assert read(handed_in(flags=flags)).raised[0].seen_by == ""
    assert read(handed_in(flags=flags), beside=Beside(names={"nurse/dana": "Dana Whitcombe"})).raised[0].seen_by == "Dana Whitcombe"


def test_what_the_patient_has_changed_since_they_handed_it_in_before_is_told_without_what_is_reckoned() -> None:
    after = whole_phq_9()
    after[0]["item"][1]["answer"][0]["valueCoding"]["code"] = "not-at-all"
    assert read(handed_in(items=after)).amended == []
    (change,) = read(handed_in(items=after), beside=Beside(before=whole_phq_9())).amended
    assert (change.path, change.before, change.after) == (PLACE, ["Several days"], ["Not at all"])


def test_a_file_is_called_by_what_it_is_of() -> None:
    cards = [file("card-front", "d"), file("card-back", "e")]
    items = [{"linkId": "insurance", "item": [coded("coverage", "private"), {"linkId": "plan", "item": cards}]}]
    response = a_response("new-patient", items=items)
    beside = Beside(files={"d": released(id="d", kind="card"), "e": released(id="e", kind="letter", page=2)})
    found = {each.path: each for each in read(response, form="new-patient", beside=beside).answers if each.files}
    assert [(each.answers, each.files) for each in found.values()] == [(["card"], ["d"]), (["letter, page 2"], ["e"])]
    gone = [each for each in read(response, form="new-patient").answers if each.files]
    assert [(each.answers, each.files) for each in gone] == [(["A file, number d"], [""]), (["A file, number e"], [""])]


def file(link_id: str, document: str) -> dict[str, Any]:
    """A question answered with a file."""
    return {"linkId": link_id, "answer": [{"valueAttachment": {"url": f"DocumentReference/{document}"}}]}


def test_why_they_come_allergies_and_medicines_are_told_first() -> None:
    medicine = {"linkId": "medicine", "item": [text("medicine-name", "Metformin"), text("medicine-dose", "500 mg")]}
    items = [
        {"linkId": "visit", "item": [text("reason", "My knee hurts")]},
        {"linkId": "medicines", "item": [yes("takes-medicines"), medicine]},
        {"linkId": "allergies", "item": [yes("has-allergies", is_so=False)]},
    ]
    told_ = read(a_response("new-patient", items=items), form="new-patient").summary
    assert [each.answers for each in told_] == [["My knee hurts"], ["No"], ["Metformin, 500 mg"]]
    assert read(handed_in()).summary == []


def test_scores_are_told_in_words() -> None:
    assert read(handed_in()).scores == ["PHQ-9: 8 of 27, mild"]
    assert read(a_response(items=phq_9("several", last=""))).scores == ["PHQ-9: 1 of 27, not all of it was answered"]

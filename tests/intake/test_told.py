"""Answers in words, as staff read them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.intake.records import Evidence, QuestionnaireResponse, RaisedFlag, ResponseStatus, ReturnedItem, Signature
from chalicelib.intake.rules.offering import Change
from chalicelib.intake.shapes import told
from chalicelib.intake.shapes.told import ToldToStaff
from tests.intake.answering import NORTH, NOW, a_response, our_form, phq_9, whole_phq_9

PLACE = "phq-9-items/phq-9-2"


def read(response: QuestionnaireResponse, *changes: Change, form: str = "phq-9", tag: str = "en-US") -> ToldToStaff:
    """It, in words."""
    return told.told(NORTH, our_form(form), response, list(changes), "2026-11-24", tag)


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

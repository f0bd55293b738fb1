"""Handing in and amending: everything is checked, who signed what is kept, and nothing that was is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.intake.records import Form, QuestionnaireResponse, ResponseStatus, ReturnedItem, Review, Signature
from chalicelib.intake.rules import consents, enclosing, submitting
from chalicelib.intake.rules.enclosing import Enclosed, FileStanding
from chalicelib.intake.rules.saving import AlreadySent
from chalicelib.intake.rules.signing import Signed
from chalicelib.kit.problem import LookAgain, Problem
from tests.intake.answering import ACTOR, NOW, URL, a_response, handed, our_form, phq_9, typed, whole_phq_9
from tests.intake.makers import an_item, group, of, said, when

LATER = NOW + timedelta(minutes=5)
TODAY = "2026-11-24"
BOTH = (Signature.DRAWN, Signature.TYPED)
FILE = of("Attachment", {"url": "DocumentReference/0123456789"})
FORM = Form(
    id="small",
    url=f"{URL}/small",
    version="1",
    title={"en": "Small"},
    items=(
        an_item("agree", "boolean", consent=True, required=True, text={"en": "I agree."}),
        an_item("reason", max_length=5),
        an_item("card", "attachment", repeats=True),
        an_item("for-other", "boolean"),
        an_item("signature", required=True, signature=BOTH, text={"en": "Sign"}),
        an_item("second", signature=(Signature.TYPED,), required=True, when=(when("for-other"),)),
    ),
)
YES, NAME = said("agree", True), said("signature", "Ada Moreno")
DRAWN = Signed(path="signature", kind=Signature.DRAWN, name="Ada Moreno", strokes=((0, 0, 1000, 300), (5, 5)))


def submit(items: list[dict[str, Any]], *signed: Signed, **about: Any) -> QuestionnaireResponse:
    before = about.pop("before", None) or a_response(FORM, version=3)
    return submitting.submitted(FORM, before, handed(items, *signed, **about), TODAY, LATER).response


def refused(problem: type[Problem], *args: Any, doing: Callable[..., object] = submit, **about: Any) -> list[tuple[str, str]]:
    with pytest.raises(problem) as found:
        doing(*args, **about)
    errors: Any = found.value.extra["errors"]
    assert all(each["detail"] for each in errors)
    return [(each["field"], each["code"]) for each in errors]


def test_what_is_whole_and_signed_is_handed_in() -> None:
    done = submit([YES, NAME], typed(), seen=("agree",))
    assert (done.status, done.edition, done.version, done.authored, done.review) == (ResponseStatus.COMPLETED, 1, 4, LATER, Review.NONE)
    assert (done.items, done.seen, done.page) == ([YES, NAME], ("agree",), "")
    (evidence,) = done.evidence
    assert (evidence.path, evidence.kind, evidence.name, evidence.at) == ("signature", Signature.TYPED, "Ada Moreno", LATER)
    assert (evidence.by, evidence.proved, evidence.canonical) == (ACTOR.who, ("email",), f"{URL}/small|1")
    assert evidence.sha256 == consents.sha256(FORM, "signature", "en-US")


@pytest.mark.parametrize(
    ("why", "items", "signed", "errors"),
    [
        ("nothing at all", [], (), [("agree", "required"), ("signature", "required")]),
        ("no", [said("agree", False), NAME], (typed(),), [("agree", "consent")]),
        ("wrong as well", [YES, said("reason", "because"), NAME], (typed(),), [("reason", "too-long")]),
        ("not signed", [YES, NAME], (), [("signature", "signature")]),
        ("another name", [YES, NAME], (typed(name="Eda"),), [("signature", "signature")]),
        ("drawn without a line", [YES, NAME], (replace(DRAWN, strokes=()),), [("signature", "signature")]),
        ("typed with lines", [YES, NAME], (replace(DRAWN, kind=Signature.TYPED),), [("signature", "signature")]),
        ("a single touch", [YES, NAME], (replace(DRAWN, strokes=((5, 5),)),), [("signature", "signature")]),
        ("half a point", [YES, NAME], (replace(DRAWN, strokes=((5, 5, 6),)),), [("signature", "signature")]),
        ("off the field", [YES, NAME], (replace(DRAWN, strokes=((5, 5, 6, 301),)),), [("signature", "signature")]),
        ("below the field", [YES, NAME], (replace(DRAWN, strokes=((-1, 5, 6, 30),)),), [("signature", "signature")]),
        ("far too long", [YES, NAME], (replace(DRAWN, strokes=((1, 1) * 10_001,)),), [("signature", "signature")]),
        ("signed elsewhere", [YES, NAME], (typed(), typed("reason")), [("reason", "unknown")]),
        ("what is not asked is not signed", [YES, NAME], (typed(), typed("second")), [("second", "unknown")]),
        (
            "not the way that is asked for",
            [YES, NAME, said("for-other", True), said("second", "Ada Moreno")],
            (typed(), replace(DRAWN, path="second")),
            [("second", "signature")],
        ),
        ("a file that is not theirs", [YES, NAME, {"linkId": "card", "answer": [FILE]}], (typed(),), [("card", "no-file")]),
    ],
)
def test_what_is_wrong_is_named_by_its_place(why: str, items: list[Any], signed: tuple[Signed, ...], errors: list[tuple[str, str]]) -> None:
    assert refused(LookAgain, items, *signed) == errors, why


def test_a_drawn_name_is_kept_as_it_was_drawn() -> None:
    (evidence,) = submit([YES, NAME], DRAWN).evidence
    assert (evidence.kind, evidence.strokes) == (Signature.DRAWN, ((0, 0, 1000, 300), (5, 5)))


def test_a_file_that_is_being_checked_is_waited_for() -> None:
    items = [YES, NAME, {"linkId": "card", "answer": [FILE]}]
    under_way = {"0123456789": Enclosed(FileStanding.UNDER_WAY)}
    assert refused(submitting.FilesUnderWay, items, typed(), files=under_way) == [("card", "file-under-way")]
    assert refused(LookAgain, items, files=under_way) == [("signature", "signature")], "first what the patient can put right"
    assert submit(items, typed(), files={"0123456789": Enclosed(FileStanding.READY)}).items == items


def test_what_is_wrong_is_told_in_the_language_that_it_was_answered_in() -> None:
    with pytest.raises(LookAgain) as found:
        submit([YES, NAME], language="es-US")
    assert found.value.extra["errors"] == [{"field": "signature", "code": "signature", "detail": "Firme aquí."}]


def test_what_is_signed_in_spanish_is_evidence_of_spanish_words() -> None:
    form = our_form("consent-to-treat")
    for language in ("en-US", "es-US"):
        assert consents.sha256(form, "sign/signature", language) != consents.sha256(
            form, "sign/signature", "xx" if language[:2] == "es" else "es"
        )


@pytest.mark.parametrize("status", [ResponseStatus.COMPLETED, ResponseStatus.AMENDED])
def test_what_was_handed_in_is_not_handed_in_again(status: ResponseStatus) -> None:
    with pytest.raises(AlreadySent):
        submit([YES, NAME], typed(), before=a_response(FORM, status=status))


def a_sent(**changed: Any) -> QuestionnaireResponse:
    return replace(submit([YES, NAME], typed()), review=Review.ACCEPTED, reviewed=NOW, reviewed_by="manager/cyrus", **changed)


def amend(items: list[dict[str, Any]], *signed: Signed, **about: Any) -> QuestionnaireResponse:
    before = about.pop("before", None) or a_sent()
    return submitting.amended(FORM, before, handed(items, *signed, **about), TODAY, LATER + timedelta(days=1)).response


def not_amended(*args: Any, **about: Any) -> list[tuple[str, str]]:
    return refused(LookAgain, *args, doing=amend, **about)


def test_an_amendment_is_the_next_edition_and_wants_to_be_reviewed_again() -> None:
    after = amend([YES, said("reason", "move"), NAME], typed())
    assert (after.status, after.edition, after.version) == (ResponseStatus.AMENDED, 2, 5)
    assert (after.review, after.reviewed, after.reviewed_by) == (Review.NONE, None, "")
    assert [each.at for each in after.evidence] == [LATER, LATER + timedelta(days=1)], "the first signature stays"


def test_an_amendment_is_checked_like_the_first_time() -> None:
    assert not_amended([YES, said("reason", "because"), NAME]) == [("reason", "too-long"), ("signature", "signature")]


def test_a_consent_is_taken_back_and_its_evidence_stays_marked() -> None:
    after = amend([said("agree", False), NAME], withdrawn=("signature",), reason="I changed my mind")
    (evidence,) = after.evidence
    assert (evidence.withdrawn, evidence.withdrawn_why) == (LATER + timedelta(days=1), "I changed my mind")
    assert replace(evidence, withdrawn=None, withdrawn_why="") == a_sent().evidence[0]


def test_what_was_taken_back_once_is_not_taken_back_again() -> None:
    gone = amend([said("agree", False), NAME], withdrawn=("signature",))
    assert not_amended([said("agree", False), NAME], before=gone, withdrawn=("signature",)) == [("signature", "unknown")]
    assert not_amended([YES, NAME], typed(), withdrawn=("agree",)) == [("agree", "unknown")]


def test_without_taking_it_back_a_consent_stays_a_yes() -> None:
    assert not_amended([said("agree", False), NAME], typed()) == [("agree", "consent")]


BACK = ReturnedItem(path="reason", note="Which reason?", by="manager/cyrus", at=NOW)


@pytest.mark.parametrize(
    ("items", "about", "errors"),
    [
        ([YES, NAME], {}, [("reason", "returned")]),
        ([YES, NAME], {"kept": ("reason",)}, []),
        ([YES, NAME], {"kept": ("agree",)}, [("reason", "returned")]),
        ([YES, said("reason", "new"), NAME], {}, []),
    ],
)
def test_what_was_asked_for_again_is_changed_or_confirmed(items: list[Any], about: dict[str, Any], errors: list[tuple[str, str]]) -> None:
    before = a_sent(returned=(BACK,))
    if errors:
        assert not_amended(items, typed(), before=before, **about) == errors
    else:
        assert amend(items, typed(), before=before, **about).returned == ()


def test_a_draft_is_not_amended() -> None:
    with pytest.raises(submitting.NotSentYet):
        amend([YES, NAME], typed(), before=a_response(FORM))


@pytest.mark.parametrize(("last", "news"), [("not-at-all", 0), ("several", 1)])
def test_what_cannot_wait_is_news_when_it_is_handed_in(last: str, news: int) -> None:
    form = our_form("phq-9")
    filed = submitting.submitted(form, a_response(), handed(whole_phq_9(last)), TODAY, LATER)
    assert len(filed.flagged.news) == len(filed.response.flags) == news


def test_half_of_phq_9_is_not_handed_in() -> None:
    with pytest.raises(LookAgain) as found:
        submitting.submitted(our_form("phq-9"), a_response(), handed(phq_9("several")), TODAY, LATER)
    errors: Any = found.value.extra["errors"]
    assert [each["field"] for each in errors] == [*(f"phq-9-items/phq-9-{n}" for n in range(2, 9)), "phq-9-impact/phq-9-difficulty"]


# Two signatures: what each covers, and what becomes of it when one is taken back.
TWO = Form(
    id="two",
    url=f"{URL}/two",
    version="1",
    title={"en": "Two"},
    items=(
        an_item("care", "group", an_item("agree-care", "boolean", consent=True, required=True)),
        an_item("why", required=True, when=(when("agree-care", value=False),)),
        an_item("how", when=(when("agree-care"),)),
        an_item("signature", required=True, signature=BOTH),
        an_item("agree-photo", "boolean", consent=True, required=True),
        an_item("agree-web", "boolean", consent=True),
        an_item("sign-photo", required=True, signature=BOTH),
        an_item("phone"),
    ),
)
PHOTO = typed("sign-photo")


def two(*, care: bool = True, photo: bool = True, web: bool = True, how: str = "by telephone", phone: str = "") -> list[dict[str, Any]]:
    items = [group("care", said("agree-care", care)), *([said("how", how)] if how else []), NAME, said("agree-photo", photo)]
    return [*items, said("agree-web", web), said("sign-photo", "Ada Moreno"), *([said("phone", phone)] if phone else [])]


def change_two(items: list[dict[str, Any]], *signed: Signed, **about: Any) -> QuestionnaireResponse:
    first = submitting.submitted(TWO, a_response(TWO), handed(two(), typed(), PHOTO), TODAY, LATER).response
    before = about.pop("before", None) or first
    return submitting.amended(TWO, before, handed(items, *signed, **about), TODAY, LATER + timedelta(days=1)).response


def two_refused(*args: Any, **about: Any) -> list[tuple[str, str]]:
    return refused(LookAgain, *args, doing=change_two, **about)


@pytest.mark.parametrize(
    ("taken_back", "items"),
    [
        (("sign-photo",), two(photo=False, web=False)),
        (("signature",), two(care=False, how="")),
        (("signature", "sign-photo"), two(care=False, how="", photo=False, web=False)),
    ],
)
@pytest.mark.parametrize("sends_the_no", [False, True])
def test_what_a_signature_covers_is_a_no_once_it_is_taken_back(
    taken_back: tuple[str, ...], items: list[dict[str, Any]], sends_the_no: bool
) -> None:
    """A page sends the answers as they stood: what follows from a No, too, does not keep anybody from taking it back."""
    after = change_two(items if sends_the_no else two(), withdrawn=taken_back)
    assert after.items == items
    assert {each.path for each in after.evidence if each.withdrawn} == set(taken_back)
    assert len(after.evidence) == 2


def test_taking_one_signature_back_changes_nothing_under_another() -> None:
    assert two_refused(two(care=False, how=""), withdrawn=("sign-photo",)) == [
        ("care/agree-care", "consent"),
        ("why", "required"),
        ("signature", "signature"),
    ]
    assert two_refused(two(how="by mail"), withdrawn=("sign-photo",)) == [("signature", "signature")]


def test_a_signature_stands_as_long_as_no_answer_up_to_it_is_changed() -> None:
    assert change_two(two(phone="203 555 0119")).items == two(phone="203 555 0119")
    assert two_refused(two(web=False)) == [("sign-photo", "signature")]
    assert two_refused(two(how="by mail")) == [("signature", "signature"), ("sign-photo", "signature")]
    assert two_refused(two(photo=False), PHOTO) == [("agree-photo", "consent")]


def test_what_was_taken_back_stays_a_no_until_it_is_signed_again() -> None:
    gone = change_two(two(), withdrawn=("sign-photo",))
    no = two(photo=False, web=False, how="by mail")
    assert change_two(no, typed(), before=gone).items == no
    assert two_refused(two(), before=gone) == [("sign-photo", "signature")]
    assert two_refused(no, typed(), PHOTO, before=gone) == [("agree-photo", "consent")]
    assert change_two(two(), PHOTO, before=gone).items == two()


def test_who_takes_a_signature_back_is_stopped_by_nothing_else() -> None:
    """Neither by an answer that is asked for again nor by a file that is gone."""
    card = {"linkId": "card", "answer": [FILE]}
    before = replace(a_sent(returned=(BACK,)), items=[YES, card, NAME])
    after = amend([YES, card, NAME], before=before, withdrawn=("signature",))
    assert (after.items[0], after.returned) == (said("agree", False), (BACK,))


# Files
PICTURES = Form(
    id="files",
    url=f"{URL}/files",
    version="1",
    title={"en": "Files"},
    items=(
        an_item("card", "attachment", document_kind="insurance-front"),
        an_item("letter", "attachment", mime_types=("application/pdf",), max_size=1000),
        an_item("photo", "attachment", mime_types=("image/png",)),
    ),
)


@pytest.mark.parametrize(
    ("place", "file", "code"),
    [
        ("card", Enclosed(FileStanding.READY, "insurance-front", "image/jpeg", 9), ""),
        ("card", Enclosed(FileStanding.READY, "referral", "image/jpeg", 9), "wrong-file"),
        ("card", Enclosed(FileStanding.UNDER_WAY, "referral"), "wrong-file"),
        ("card", Enclosed(FileStanding.GONE, "insurance-front"), "no-file"),
        ("letter", Enclosed(FileStanding.READY, "referral", "application/pdf", 1000), ""),
        ("letter", Enclosed(FileStanding.READY, "referral", "application/pdf", 1001), "wrong-file"),
        ("letter", Enclosed(FileStanding.READY, "referral", "image/jpeg", 9), "wrong-file"),
        ("photo", Enclosed(FileStanding.READY, "referral", "image/jpeg", 9), ""),
        ("photo", Enclosed(FileStanding.READY, "referral", "application/pdf", 9), "wrong-file"),
    ],
)
def test_a_file_is_what_its_question_asks_for(place: str, file: Enclosed, code: str) -> None:
    items = [{"linkId": place, "answer": [FILE]}]
    wrong = enclosing.wrong(PICTURES, [(place, "0123456789")], {"0123456789": file}, [])
    assert list(wrong) == ([(place, code)] if code else [])
    if code:
        with pytest.raises(LookAgain):
            submitting.submitted(PICTURES, a_response(PICTURES), handed(items, files={"0123456789": file}), TODAY, LATER)


def test_what_staff_make_of_a_file_later_is_not_held_against_who_sent_it() -> None:
    items = [{"linkId": "card", "answer": [FILE]}]
    before = a_response(PICTURES, items=items, status=ResponseStatus.COMPLETED, edition=1)
    other = {"0123456789": Enclosed(FileStanding.READY, "referral", "image/jpeg", 9)}
    assert submitting.amended(PICTURES, before, handed(items, files=other), TODAY, LATER).response.edition == 2

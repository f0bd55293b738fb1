"""Answers on their way out: FHIR's JSON, a sheet, a copy on paper."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pypdfium2
import pytest
from msgspec.structs import replace

from chalicelib.clinics.records import Clinic
from chalicelib.intake.records import Evidence, Form, Item, ItemType, QuestionnaireResponse, ResponseStatus, Signature
from chalicelib.intake.rules import filing, labels, reading, telling
from chalicelib.intake.shapes.exports import fhir, paper, sheet
from chalicelib.kit import printing
from chalicelib.people.records import Patient

ROOT = Path(__file__).resolve().parents[2]
NORTH = msgspec.convert(json.loads((ROOT / "app.json").read_text("utf-8"))["clinics"][0], Clinic)
NOW = datetime(2026, 11, 24, 15, 40, tzinfo=UTC)
SHIPPED = sorted(path.stem for path in (ROOT / "portal_templates/intake/questionnaires").glob("*.json"))
SMALL = sorted(path.stem for path in (ROOT / "tests/intake/forms").glob("*.json"))
SHA = "5e" * 32
GOLDEN = "ecdfaf13555d2b643aa8f6e96a84ab0ee83d36f11021ad7b25b36fbcf7f2e49a"


def a_form(name: str) -> Form:
    """One that ships, or one of the tests'."""
    places = (ROOT / f"{folder}/{name}.json" for folder in ("portal_templates/intake/questionnaires", "tests/intake/forms"))
    form = reading.read(json.loads(next(each for each in places if each.exists()).read_text("utf-8"))).form
    assert form
    return form


def answers(name: str) -> list[dict[str, Any]]:
    """Good answers to it."""
    cases = json.loads((ROOT / f"tests/intake/cases/{name}.json").read_text("utf-8"))
    found: list[dict[str, Any]] = cases["valid"][0]["item"]
    return found


def a_response(name: str, *evidence: Evidence, **about: Any) -> QuestionnaireResponse:
    """One that was handed in."""
    told: dict[str, Any] = {
        "id": "r1",
        "clinic": "north",
        "patient": "p1",
        "appointment": "v1",
        "questionnaire": name,
        "canonical": a_form(name).canonical,
        "language": "en-US",
        "status": ResponseStatus.COMPLETED,
        "items": answers(name),
        "started": NOW,
        "changed": NOW,
        "authored": NOW,
        "by": "p1",
        "edition": 1,
        "evidence": evidence,
    }
    return QuestionnaireResponse(**(told | about))


def a_signature(**about: Any) -> Evidence:
    """Ada's, typed in words of a consent."""
    told: dict[str, Any] = {
        "path": "sign/signature",
        "kind": Signature.TYPED,
        "name": "Ada Moreno",
        "at": NOW,
        "language": "en-US",
        "by": "p1",
    }
    told |= {"canonical": a_form("consent-to-treat").canonical, "sha256": SHA, "proved": ("code",)}
    return Evidence(**(told | about))


ADA = Patient(
    id="p1", clinic="north", given="Ada", family="Moreno", birth_date=date(1987, 3, 14), email="ada@example.com", language="en-US", made=NOW
)

HEAD = filing.letterhead(NORTH, ADA)


def printed(name: str, response: QuestionnaireResponse, patient: Patient = ADA) -> str:
    """The words of its copy on paper, lines joined."""
    pdf = pypdfium2.PdfDocument(paper.written(a_form(name), response, filing.letterhead(NORTH, patient)))
    return " ".join(page.get_textpage().get_text_range() for page in pdf).replace("\r\n", " ")


def rows(name: str, response: QuestionnaireResponse) -> list[list[str]]:
    """The sheet as a spreadsheet reads it."""
    return list(csv.reader(io.StringIO(sheet.written(a_form(name), response, HEAD).decode("utf-8-sig"))))


# FHIR
def resource(name: str, response: QuestionnaireResponse | None = None) -> dict[str, Any]:
    """The resource, read again."""
    found: dict[str, Any] = json.loads(fhir.written(a_form(name), response or a_response(name), HEAD))
    return found


def found_in(items: list[dict[str, Any]], link_id: str) -> dict[str, Any]:
    """The item of that link id, wherever it is."""
    for each in items:
        if each["linkId"] == link_id:
            return each
        below = [*each.get("item", []), *(one for answer in each.get("answer", []) for one in answer.get("item", []))]
        if below and (found := found_in(below, link_id)):
            return found
    return {}


def test_a_resource_names_the_very_version_whose_it_is_and_when() -> None:
    told = resource("phq-9")
    assert told["questionnaire"] == "https://anteroom.example/fhir/Questionnaire/phq-9|1"
    assert (told["resourceType"], told["status"], told["language"]) == ("QuestionnaireResponse", "completed", "en-US")
    assert told["subject"] == told["author"] == {"reference": "Patient/p1", "display": "Ada Moreno"}
    assert told["authored"] == "2026-11-24T15:40:00.000+00:00"


def test_codings_have_their_display_and_scores_are_reckoned() -> None:
    told = resource("phq-9")["item"]
    assert found_in(told, "phq-9-1")["answer"][0]["valueCoding"]["display"] == "Not at all"
    assert found_in(told, "phq-9-score")["answer"] == [{"valueInteger": 0}]


def test_files_are_named_by_their_document_references() -> None:
    text = json.dumps(resource("files"))
    assert '"valueAttachment": {"url": "DocumentReference/' in text


def test_a_time_has_seconds_as_fhir_wants_them() -> None:
    times = [each for each in _values(resource("days-and-hours")["item"]) if isinstance(each, str) and each[2:3] == ":"]
    assert times
    assert all(len(each) == len("10:40:00") for each in times)


def test_a_signature_stands_at_the_item_that_was_signed() -> None:
    signed = found_in(resource("consent-to-treat", a_response("consent-to-treat", a_signature(withdrawn=NOW)))["item"], "signature")
    told = signed["extension"][0]
    assert told["url"] == "http://hl7.org/fhir/StructureDefinition/questionnaireresponse-signature"
    assert told["valueSignature"]["when"] == "2026-11-24T15:40:00.000+00:00"
    assert [each["url"].rpartition("/")[2] for each in told["valueSignature"]["extension"]] == ["signedText", "signedLanguage", "withdrawn"]


def test_everybody_who_signed_a_place_is_named_there() -> None:
    response = a_response("consent-to-treat", a_signature(withdrawn=NOW), a_signature(name="Eda Moreno"))
    signed = found_in(resource("consent-to-treat", response)["item"], "signature")
    assert [each["valueSignature"]["who"]["display"] for each in signed["extension"]] == ["Ada Moreno", "Eda Moreno"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"unit": "kg"}, {"unit": "kg"}),
        ({"code": "kg"}, {"unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"}),
        ({"unit": "kilograms", "code": "kg"}, {"unit": "kilograms", "system": "http://unitsofmeasure.org", "code": "kg"}),
        ({}, {}),
    ],
)
def test_a_quantity_keeps_its_unit_and_its_code(said: dict[str, str], told: dict[str, str]) -> None:
    form = replace(a_form("bare"), items=(Item(link_id="weight", type=ItemType.QUANTITY),))
    response = a_response("bare", items=[{"linkId": "weight", "answer": [{"valueQuantity": {"value": 71.5, **said}}]}])
    (item,) = fhir.resource(form, response, HEAD)["item"]
    assert item["answer"] == [{"valueQuantity": {"value": 71.5, **told}}]


def test_a_draft_nobody_answered_has_no_empty_members() -> None:
    empty = a_response("bare", items=[], status=ResponseStatus.IN_PROGRESS, authored=None, edition=0)
    assert "item" not in resource("bare", empty)


@pytest.mark.parametrize("name", [*SHIPPED, *SMALL])
def test_every_form_goes_out_with_every_answer_that_came_in(name: str) -> None:
    text = json.dumps(resource(name), ensure_ascii=False)
    for leaf in _values(answers(name)):
        assert json.dumps(leaf, ensure_ascii=False).rstrip('"') in text


def _values(given: Any) -> list[Any]:
    """What every answer says: numbers, words, codes."""
    if isinstance(given, list):
        return [leaf for each in given for leaf in _values(each)]
    told: list[Any] = []
    for name, value in given.items():
        if name.startswith("value"):
            told += [leaf for key, leaf in value.items() if key in ("code", "url", "value")][:1] if isinstance(value, dict) else [value]
        elif isinstance(value, list):
            told += _values(value)
    return told


@pytest.mark.parametrize("name", [*SHIPPED, *SMALL])
def test_nothing_in_a_resource_is_empty(name: str) -> None:
    def look(value: Any) -> None:
        assert value not in ("", [], {}, None)
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            look(each)

    look(resource(name))


# A sheet
def test_a_sheet_has_a_row_for_each_answer_after_its_heading() -> None:
    told = rows("phq-9", a_response("phq-9"))
    assert told[0] == ["Place", "Question", "Answer"]
    assert told[1] == ["phq-9-items/phq-9-1", "1. Little interest or pleasure in doing things", "Not at all"]


def test_spreadsheets_are_told_that_it_is_utf_8() -> None:
    assert sheet.written(a_form("phq-9"), a_response("phq-9"), HEAD).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1 203 555 0119",
        "-2+3",
        "@SUM(A1)",
        "  =1",
        "＝1",
        "－1x",
        "=HYPERLINK(1)",
        "-",
        "\ttext",
        "\x00=1",
    ],
)
def test_what_a_spreadsheet_would_reckon_with_is_plain_text(cell: str) -> None:
    assert sheet.plain(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5", "-2.5", "12", "a=b", "", "Ada", "1-2"])
def test_numbers_and_words_stay_as_they_are(cell: str) -> None:
    assert sheet.plain(cell) == cell


def test_a_formula_as_an_answer_is_no_formula_in_the_sheet() -> None:
    response = a_response("bare", items=[{"linkId": a_form("bare").items[0].link_id, "answer": [{"valueString": "=cmd|' /C calc'!A0"}]}])
    assert all(not cell.startswith(("=", "+", "@")) for row in rows("bare", response) for cell in row)


FORMULAS = ["x;=1+1", "x;-1", "a|=1", "a\t=1", "a\n=1", "\n=1", "\t=1", 'x;"=1"', "x; \u2028+1", "1;@a", "x,=1", '"=1', "-5;=2", "x;＝1"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("words", FORMULAS)
def test_however_a_spreadsheet_parts_it_no_cell_begins_like_a_formula(words: str, delimiter: str) -> None:
    response = a_response("bare", items=[{"linkId": a_form("bare").items[0].link_id, "answer": [{"valueString": words}]}])
    page = sheet.written(a_form("bare"), response, HEAD).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(page, newline=""), delimiter=delimiter) for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(tuple("=+-@＝＋－＠"))]
    lines = [cell for line in page.splitlines() for cell in line.split(delimiter)]  # as one that knows nothing of quotation marks
    assert delimiter == "," or not [cell for cell in lines if cell.lstrip().startswith(tuple("=+-@＝＋－＠"))]


@pytest.mark.parametrize("cell", ["a;b", "1;2", "a | b", "one\ntwo", "10-20; twice"])
def test_a_cell_that_nobody_takes_for_a_formula_stays(cell: str) -> None:
    assert sheet.plain(cell) == cell


# Paper
def test_a_copy_names_the_clinic_the_form_the_patient_and_the_edition() -> None:
    told = printed("phq-9", a_response("phq-9"))
    for words in ("Harbour Family Clinic", "How you have felt (PHQ-9)", "Patient: Ada Moreno", "March 14, 1987", "Version 1", "edition 1"):
        assert words in told
    assert "November 24, 2026, 10:40 AM, Eastern time (EST, UTC−5)" in told
    assert "page 1 of " in told


@pytest.mark.parametrize("name", [*SHIPPED, *SMALL])
def test_every_question_that_was_asked_is_on_the_copy_with_its_answer(name: str) -> None:
    response = a_response(name)
    words = printed(name, response).split()
    form = a_form(name)
    for each in telling.told(form, response.items, telling.day(response, NORTH.zone)):
        told = [telling.question(each.item, "en-US"), *(telling.answer(each.item, one, "en-US") for one in each.answers)]
        if not each.number and (each.is_question or each.item.text):
            assert all(word in words for line in told for word in line.split() if len(word) < 40)


def test_what_was_not_answered_says_so_and_what_was_not_asked_is_not_there() -> None:
    told = printed("new-patient", a_response("new-patient"))
    assert "No answer" in told
    asked = {each.path for each in telling.told(a_form("new-patient"), answers("new-patient"), "2026-11-24")}
    assert len(asked) < sum(1 for _ in _all(a_form("new-patient").items))


def _all(items: Any) -> Any:
    for item in items:
        yield item
        yield from _all(item.items)


def test_scores_stand_on_the_copy_with_their_band() -> None:
    assert "PHQ-9: 0 of 27 (minimal)" in printed("phq-9", a_response("phq-9"))
    some = [{"linkId": "phq-9-items", "item": answers("phq-9")[0]["item"][:2]}]
    assert "(not all of it was answered)" in printed("phq-9", a_response("phq-9", items=some))


def test_a_signature_is_told_with_all_that_shows_it() -> None:
    told = printed("consent-to-treat", a_response("consent-to-treat", a_signature()))
    for words in ("Ada Moreno signed by typing their name", SHA, "English (en-US)", "consent-to-treat|1", "a code sent to their e-mail"):
        assert words in told


def test_a_drawn_name_is_drawn_and_one_that_was_withdrawn_says_so() -> None:
    drawn = a_signature(kind=Signature.DRAWN, strokes=((10, 10, 500, 200, 990, 290),), withdrawn=NOW, withdrawn_why="I moved.")
    told = printed("consent-to-treat", a_response("consent-to-treat", drawn))
    assert "signed by drawing their name" in told
    assert "Withdrawn on November 24, 2026" in told
    assert "I moved." in told


def test_a_copy_in_spanish_is_spanish_throughout() -> None:
    told = printed("phq-9", a_response("phq-9", a_signature(), language="es-US"))
    for words in ("Paciente: Ada Moreno", "14 de marzo de 1987", "Puntuaciones", "Firmas", "página 1 de"):
        assert words in told


def test_letters_that_the_font_lacks_are_numbered_and_the_copy_says_so() -> None:
    told = printed("phq-9", a_response("phq-9"), replace(ADA, given="美玲"))
    assert "[U+7F8E][U+73B2] Moreno" in told
    assert "Some letters are not in this copy's font" in told
    assert "Some letters" not in printed("phq-9", a_response("phq-9"), replace(ADA, given="Đặng", family="Żółć"))


def test_one_edition_is_the_same_bytes_on_every_machine() -> None:
    """The hash is of what this very answer prints: whatever changes it changes every copy that was given out."""
    form = a_form("consent-and-signature")
    response = a_response(form.id, a_signature(path="drawn", kind=Signature.DRAWN, strokes=((10, 10, 500, 200, 990, 290),)))
    made = paper.written(form, response, HEAD)
    assert made == paper.written(form, response, HEAD)
    assert hashlib.sha256(made).hexdigest() == GOLDEN


def test_what_staff_did_since_changes_no_copy() -> None:
    response = a_response("phq-9")
    since = replace(response, changed=datetime(2026, 12, 1, tzinfo=UTC), version=9, reviewed=NOW, reviewed_by="rhea")
    assert paper.written(a_form("phq-9"), since, HEAD) == paper.written(a_form("phq-9"), response, HEAD)


def wordy(text: str) -> QuestionnaireResponse:
    """Fifty long answers to as many questions: of a group that repeats, so that any form will do."""
    return a_response("bare", items=[{"linkId": "row", "item": [{"linkId": "x", "answer": [{"valueString": text}]}]} for _ in range(50)])


ROW = Item(link_id="x", type=ItemType.TEXT)
ROWS = replace(a_form("bare"), items=(Item(link_id="row", type=ItemType.GROUP, repeats=True, items=(ROW,)),))


def test_of_empty_lines_in_a_row_one_is_printed() -> None:
    assert len(paper.written(ROWS, wordy("x" + "\n" * 9_900 + "y"), HEAD)) < 200_000


@pytest.mark.parametrize("text", ["word " * 2_000, "x\n" * 5_000, "x" * 10_000], ids=["words", "lines", "one long word"])
def test_what_would_be_too_large_to_take_along_is_not_printed(text: str) -> None:
    """Half a million letters are: the file is never begun. A little of that is printed, and never larger than was thought before."""
    with pytest.raises(printing.Full):
        paper.written(ROWS, replace(wordy(text), items=wordy(text).items * 3), HEAD)
    some = replace(wordy(text), items=wordy(text).items[:2])
    copy = paper._Copy(ROWS, some, HEAD)
    made = copy.written()
    assert len(made) - 80_000 < copy.sheets.weight < 2 * len(made)


def test_all_our_words_are_there_in_every_language_of_the_clinic() -> None:
    assert {tuple(sorted(words)) for words in labels.WORDS.values()} == {("en", "es")}

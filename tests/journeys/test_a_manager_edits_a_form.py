"""Forms in the hands of a manager: one is brought along, refused, mended, edited, tried, published and retired."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.cast import CYRUS, GALE, RHEA
from tests.journeys.conftest import SIZES, NewWindow
from tests.journeys.desk import Desk
from tests.journeys.payloads import EVERYTHING, Pen
from tests.local.serving import Run

pytestmark = pytest.mark.browser
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
EXPRESSION = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"


@pytest.fixture(params=SIZES)
def cyrus(request: pytest.FixtureRequest, new_window: NewWindow, running: Run) -> Desk:
    """Cyrus, on his phone and at his desk."""
    desk = Desk(new_window(request.param), running)
    desk.enter(CYRUS)
    return desk


def in_spanish(text: str) -> dict[str, Any]:
    """What stands beside a text."""
    return {"extension": [{"url": TRANSLATION, "extension": [{"url": "lang", "valueCode": "es"}, {"url": "content", "valueString": text}]}]}


def a_form(mark: str, title: str = "Asthma") -> dict[str, Any]:
    """Three questions, of which the last two depend on the first."""
    asked = [{"question": "has", "operator": "=", "answerBoolean": True}]
    return {
        "resourceType": "Questionnaire",
        "url": f"https://clinic.example/Questionnaire/asthma-{mark}",
        "version": "1",
        "status": "active",
        "title": f"{title} {mark}",
        "_title": in_spanish(f"Asma {mark}"),
        "code": [{"code": "asthma"}],
        "item": [
            {"linkId": "has", "type": "boolean", "text": "Do you have asthma?", "_text": in_spanish("¿Tiene asma?"), "required": True},
            {"linkId": "since", "type": "integer", "text": "For how many years?", "enableWhen": asked},
            {
                "linkId": "often",
                "type": "choice",
                "text": "How often does it trouble you?",
                "enableWhen": asked,
                "answerOption": [
                    {"valueCoding": {"code": "seldom", "display": "Seldom"}},
                    {"valueCoding": {"code": "daily", "display": "Daily"}},
                ],
            },
        ],
    }


def a_file(folder: Path, document: object) -> Path:
    """As a file of its own."""
    path = folder / f"{secrets.token_hex(4)}.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def bring(desk: Desk, file: Path) -> None:
    """From the page of forms; the dialog stays where it is refused."""
    desk.open("forms/")
    desk.button("Import").click()
    dialog = desk.dialog("Import a form")
    dialog.get_by_label("File").set_input_files(file)
    dialog.get_by_role("button", name="Import").click()


def brought(desk: Desk, folder: Path, document: dict[str, Any]) -> None:
    """Ends on the draft's own page."""
    bring(desk, a_file(folder, document))
    desk.page.get_by_role("link", name="Open the draft").click()
    expect(desk.heading(document["title"])).to_be_visible()


def question(desk: Desk, words: str) -> Locator:
    """One of the questions of the page, opened."""
    found = desk.page.locator("#items > li", has=desk.page.locator("summary", has_text=words))
    if found.locator("details").first.get_attribute("open") is None:
        found.locator("summary").first.click()
    return found


def told(desk: Desk, words: str) -> None:
    """What the page says was done."""
    expect(desk.page.locator("#told")).to_contain_text(words)
    expect(desk.page.locator("#told")).to_be_focused()


def test_a_form_goes_from_a_file_to_patients_and_out_of_use(cyrus: Desk, tmp_path: Path) -> None:
    mark = secrets.token_hex(3)
    document = a_form(mark)
    refused = a_form(mark)
    refused["item"][1]["extension"] = [{"url": EXPRESSION, "valueExpression": {"language": "text/fhirpath", "expression": "true"}}]
    bring(cyrus, a_file(tmp_path, refused))
    expect(cyrus.heading("This form cannot be used as it stands")).to_be_focused()
    expect(cyrus.page.locator("#lines li").first).to_contain_text("Refused")
    expect(cyrus.page.locator("#lines li").first).to_contain_text("For how many years?")
    expect(cyrus.page.locator("#lines")).to_contain_text("Ignored")
    expect(cyrus.page.locator("#forms")).not_to_contain_text(mark)
    bring(cyrus, a_file(tmp_path, document))
    expect(cyrus.heading(f"Asthma {mark} is a draft now")).to_be_focused()
    expect(cyrus.page.locator("#forms li", has_text=mark)).to_contain_text("Never published")
    cyrus.page.get_by_role("link", name="Open the draft").click()
    first = question(cyrus, "Do you have asthma?")
    first.get_by_label("Words (Spanish)").fill("¿Le han dicho que tiene asma?")
    first.get_by_label("Words (English)").fill("Has a doctor told you that you have asthma?")
    expect(cyrus.page.locator("#saving")).to_contain_text("Not saved yet")
    since = question(cyrus, "For how many years?")
    since.get_by_label("Required").check()
    cyrus.button("Save the draft").click()
    told(cyrus, "The draft is saved.")
    try_it(cyrus)
    cyrus.button("Publish").click()
    expect(cyrus.dialog("Publish this form?")).to_contain_text("Not asked at any visit yet")
    expect(cyrus.dialog("Publish this form?")).to_contain_text("2 places lack words")
    cyrus.button("Yes, publish it").click()
    told(cyrus, "Version 1 is published")
    expect(cyrus.page.locator(".page-head")).to_contain_text("Version 1 is in use")
    expect(question(cyrus, "Has a doctor told you").get_by_label("Words (Spanish)")).to_have_value("¿Le han dicho que tiene asma?")
    cyrus.button("Retire").click()
    cyrus.button("Yes, retire it").click()
    told(cyrus, "retired")
    cyrus.open("forms/")
    expect(cyrus.page.locator("#forms li", has_text=mark)).to_contain_text("Retired")


def try_it(desk: Desk) -> None:
    """A yes asks for more; without it nothing more is asked."""
    desk.button("Try it").click()
    dialog = desk.dialog("Try it")
    expect(dialog.get_by_label("For how many years?")).to_be_hidden()
    dialog.get_by_role("button", name="Check the answers").click()
    expect(dialog.locator(".field-error:visible")).to_have_text(["It is required."])
    dialog.get_by_label("Has a doctor told you that you have asthma?").select_option("Yes")
    dialog.get_by_label("For how many years?").fill("7")
    dialog.get_by_label("How often does it trouble you?").select_option("Daily")
    dialog.get_by_role("button", name="Check the answers").click()
    expect(dialog.locator("#outcome")).to_contain_text("This could be handed in.")
    expect(dialog.locator("#outcome")).to_be_focused()
    dialog.get_by_role("button", name="Close").click()
    expect(desk.button("Try it")).to_be_focused()


def test_a_draft_of_our_phq_9_says_its_score_and_what_cannot_wait(manager: Desk, tmp_path: Path) -> None:
    manager.open("forms/edit/?id=phq-9")
    expect(manager.page.locator("#content")).to_be_visible()
    if manager.button("Begin a draft").is_visible():
        manager.button("Begin a draft").click()
        told(manager, "Patients see nothing of the draft")
    manager.button("Try it").click()
    dialog = manager.dialog("Try it")
    expect(dialog.locator("select").nth(8)).to_be_visible()
    for each in dialog.locator("select:visible").all()[:9]:
        each.select_option(index=2)
    dialog.get_by_role("button", name="Check the answers").click()
    expect(dialog.locator("#outcome")).to_contain_text("phq-9: 9 of 27")
    expect(dialog.locator("#outcome")).to_contain_text("suicidal-thoughts")


def test_questions_and_answers_change_their_order_by_keyboard(manager: Desk, tmp_path: Path) -> None:
    mark, keys = secrets.token_hex(3), manager.page.keyboard
    brought(manager, tmp_path, a_form(mark))
    often = question(manager, "How often does it trouble you?")
    often.locator("[data-move='-1']").first.focus()
    keys.press("Enter")
    expect(manager.page.locator("#live")).to_have_text("Moved. It is number 2 now.")
    expect(manager.page.locator("#items > li summary strong")).to_have_text(
        ["Do you have asthma?", "How often does it trouble you?", "For how many years?"]
    )
    expect(manager.page.locator(":focus")).to_have_text("Up")
    often = question(manager, "How often does it trouble you?")
    manager.button("Add an answer").click()
    keys.type(" indeed")
    often.locator(".answer").nth(1).locator("[data-remove]").click()
    manager.button("Save the draft").click()
    told(manager, "The draft is saved.")
    manager.page.reload()
    often = question(manager, "How often does it trouble you?")
    expect(often.locator(".answer textarea[lang=en]").nth(1)).to_have_value("New answer indeed")
    expect(often.locator(".answer")).to_have_count(2)


def test_what_somebody_else_changed_meanwhile_is_not_written_over(manager: Desk, tmp_path: Path) -> None:
    mark = secrets.token_hex(3)
    brought(manager, tmp_path, a_form(mark))
    theirs = manager.page.evaluate(
        """async ([id, document]) => (await fetch(`/api/clinics/north/questionnaires/${id}/draft`, {method: 'POST',
        headers: {'Content-Type': 'application/json', 'X-Portal': '1'}, body: JSON.stringify({document})})).status""",
        [f"asthma-{mark}", a_form(mark, "Lungs")],
    )
    assert theirs == 200
    manager.window.watch.expect(412)
    manager.page.get_by_label("Title (English)").fill("Mine")
    manager.button("Save the draft").click()
    expect(manager.page.locator(".error-summary")).to_contain_text("Somebody else changed this draft")
    expect(manager.page.get_by_label("Title (English)")).to_have_value("Mine")


def test_what_is_no_form_and_what_is_there_already_is_said_at_the_file(manager: Desk, tmp_path: Path) -> None:
    mark = secrets.token_hex(3)
    manager.window.watch.expect(409)
    (tmp_path / "words.json").write_text("not JSON", encoding="utf-8")
    bring(manager, tmp_path / "words.json")
    dialog = manager.dialog("Import a form")
    expect(dialog.locator(".error-summary")).to_contain_text("This file holds no JSON")
    bring(manager, a_file(tmp_path, a_form(mark)))
    expect(manager.heading(f"Asthma {mark} is a draft now")).to_be_visible()
    bring(manager, a_file(tmp_path, a_form(mark, "Lungs")))
    expect(dialog.locator(".error-summary")).to_be_visible()
    dialog.get_by_label("Put it in the place of the draft that is there").check()
    dialog.get_by_role("button", name="Import").click()
    expect(manager.heading(f"Lungs {mark} is a draft now")).to_be_visible()


def test_script_in_a_form_stays_text(manager: Desk, tmp_path: Path) -> None:
    pen, mark = Pen(manager.window, manager.run), secrets.token_hex(3)
    document = a_form(mark, EVERYTHING)
    document["item"][0]["text"] = EVERYTHING
    document["item"][2]["answerOption"][0]["valueCoding"]["display"] = EVERYTHING
    document["derivedFrom"] = [EVERYTHING]
    bring(manager, a_file(tmp_path, document))
    expect(manager.page.locator("#report-title")).to_contain_text("__ran")
    pen.look()
    manager.page.get_by_role("link", name="Open the draft").click()
    expect(manager.page.locator(".page-head")).to_contain_text("__ran")
    question(manager, "__ran")
    pen.look()
    manager.button("Try it").click()
    expect(manager.dialog("Try it")).to_contain_text("__ran")
    pen.look()


def test_who_runs_several_clinics_looks_and_changes_nothing(new_window: NewWindow, running: Run) -> None:
    desk = Desk(new_window(), running)
    desk.enter(GALE)
    desk.open("forms/")
    expect(desk.page.locator("#forms li")).not_to_have_count(0)
    expect(desk.button("Import")).to_be_hidden()
    desk.page.locator("#forms li", has_text="AUDIT").get_by_role("link").click()
    expect(desk.page.locator("#items li").first).to_be_visible()
    for name in ("Begin a draft", "Publish", "Retire", "Save the draft"):
        expect(desk.button(name)).to_be_hidden()


def test_the_desk_has_nothing_to_do_with_forms(new_window: NewWindow, running: Run) -> None:
    desk = Desk(new_window(), running)
    desk.enter(RHEA)
    expect(desk.page.get_by_role("link", name="Forms", exact=True)).to_have_count(0)
    desk.open("forms/")
    expect(desk.heading("This page is not yours to see")).to_be_visible()


def test_a_form_that_there_is_none_of_is_said_to_be_missing(manager: Desk) -> None:
    manager.open("forms/edit/?id=nothing")
    expect(manager.heading("There is no such form")).to_be_visible()

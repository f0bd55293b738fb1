"""What is typed into a form's page is what the clinic gets, and what the clinic has is what stands in the page: for each type of question."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize, expect
from playwright.sync_api import Page as Window

from chalicelib.portals import actions as portals
from tests.journeys import looking
from tests.portals.conftest import App
from tests.portals.filling import Clinic, opened
from tests.portals.test_forms import a_form

pytestmark = pytest.mark.browser

Row = dict[str, Any]
UNITS = [
    {
        "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption",
        "valueCoding": {"system": "http://unitsofmeasure.org", "code": code},
    }
    for code in ("kg", "[lb_av]")
]
CHOICES = [{"valueCoding": {"system": "https://x.example/s", "code": code, "display": code.title()}} for code in ("red", "green")]
# Of each type: two answers, and what its item has beside.
ANSWERS: dict[str, tuple[list[Row], Row]] = {
    "string": ([{"valueString": "One"}, {"valueString": "Two, or more"}], {}),
    "text": ([{"valueString": "One\nline"}, {"valueString": "Two"}], {}),
    "integer": ([{"valueInteger": 3}, {"valueInteger": -12}], {}),
    "decimal": ([{"valueDecimal": 1.5}, {"valueDecimal": 0}], {}),
    "date": ([{"valueDate": "2026-02-28"}, {"valueDate": "1999-12-31"}], {}),
    "dateTime": ([{"valueDateTime": "2026-03-08T04:00:00-04:00"}, {"valueDateTime": "2026-11-01"}], {}),
    "time": ([{"valueTime": "10:30:00"}, {"valueTime": "00:05:00"}], {}),
    "url": ([{"valueUri": "https://one.example/"}, {"valueUri": "https://two.example/"}], {}),
    "quantity": ([{"valueQuantity": {"value": 70, "unit": "kg", "code": "kg"}}, {"valueQuantity": {"value": 1, "unit": "[lb_av]", "code": "[lb_av]"}}], {"extension": UNITS}),
    "choice": ([{"valueCoding": {"system": "https://x.example/s", "code": "red"}}, {"valueCoding": {"system": "https://x.example/s", "code": "green"}}], {"answerOption": CHOICES}),
    "open-choice": ([{"valueCoding": {"system": "https://x.example/s", "code": "green"}}, {"valueString": "Blue"}], {"answerOption": CHOICES}),
    "boolean": ([{"valueBoolean": True}], {}),
}  # fmt: skip
ROWS = ["string", "text", "integer", "decimal", "date", "dateTime", "time", "url", "quantity"]
ITEMS = [
    {"linkId": f"{kind}-{n}", "type": kind, "text": f"The {kind} {n}", "repeats": n > 1, **about}
    for kind, (answers, about) in ANSWERS.items()
    for n in range(1, len(answers) + 1)
]
PHONE: ViewportSize = {"width": 360, "height": 740}
Made = Callable[..., Clinic]


@pytest.fixture
def page(browser: Browser) -> Iterator[Window]:
    """A phone in a bag: nothing of it stays."""
    context = browser.new_context(viewport=PHONE, service_workers="block")
    faults: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


@pytest.fixture(scope="module")
def made(app: App) -> Made:
    """`made(items)`: a clinic that asks these, each on a page of its own unless they are grouped."""
    north = [each for each in app[1] if each.id == "north"]

    def make(items: list[Row], **about: Any) -> Clinic:
        form = a_form(items)
        return Clinic(form, portals.render(app[0], north, (), forms={"north": [form]}), **about)

    return make


def go_on(page: Window) -> None:
    """The button at the end of the page."""
    page.locator("#next").click()


# The page is out of sight for a moment.
LEFT = """() => {
  Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true});
  document.dispatchEvent(new Event('visibilitychange'));
  delete document.visibilityState;
}"""


def asked(kind: str = "string", **about: Any) -> list[Row]:
    """A form of one question that may have several answers, and one that may not."""
    return [
        {"linkId": "q", "type": kind, "text": "Whom do we call?", "repeats": True, **ANSWERS[kind][1], **about},
        {"linkId": "more", "type": "string", "text": "What else?"},
    ]


def faults(page: Window) -> list[str]:
    """What nobody should have to put up with."""
    return looking.axe(page) + looking.too_small(page) + looking.too_wide(page) + looking.clipped(page)


def test_every_answer_of_every_type_is_read_as_it_was_written(page: Window, made: Made) -> None:
    given = [{"linkId": f"{kind}-{n}", "answer": answers[:n]} for kind, (answers, _) in ANSWERS.items() for n in range(1, len(answers) + 1)]
    clinic = made([{"linkId": "all", "type": "group", "text": "All", "item": ITEMS}], kept=[{"linkId": "all", "item": given}])
    opened(page, clinic)
    assert faults(page) == []
    go_on(page)
    expect(page.locator("#check")).to_be_visible()
    expect(page.locator("#saved")).to_have_text("Saved")
    assert clinic.sent[-1][1]["items"] == [{"linkId": "all", "item": given}]
    assert page.locator("#checked dl", has_text="The string 2").locator("dd").inner_text() == "One\nTwo, or more"
    assert page.locator("#checked dl", has_text="The date 2").locator("dd").inner_text() == "February 28, 2026\nDecember 31, 1999"


@pytest.mark.parametrize(
    ("tongue", "add", "remove"), [("en", "Add another: Whom do we call?", "Remove: Whom do we call? 1"), ("es", "Agregar otro", "Quitar")]
)
def test_a_question_with_several_answers_has_a_row_for_each_without_a_pointer(
    page: Window, made: Made, tongue: str, add: str, remove: str
) -> None:
    clinic = made(asked(extension=[{"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs", "valueInteger": 3}]))
    opened(page, clinic, tongue)
    rows, more = page.locator("[data-q=q] .row"), page.locator("[data-q=q] > [data-add]")
    expect(rows).to_have_count(1)
    expect(page.locator("[data-q=q] [data-remove]")).to_be_hidden()
    rows.locator("input").focus()
    page.keyboard.type("Ada")
    for name, presses in (("Ben", 1), ("Cyrus", 2)):
        for _ in range(presses):
            page.keyboard.press("Tab")
        if presses == 2:  # past "Remove"
            expect(more).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.type(name)
    expect(rows).to_have_count(3)
    expect(rows.last.locator("input")).to_be_focused()
    expect(more).to_be_hidden()
    expect(more).to_contain_text(add)
    expect(rows.first.locator("[data-remove]")).to_contain_text(remove)
    assert [rows.nth(n).locator(".nth").inner_text() for n in range(3)] == ["1", "2", "3"]
    assert faults(page) == []
    rows.nth(1).locator("[data-remove]").focus()
    page.keyboard.press("Enter")
    expect(rows.nth(1).locator("input")).to_be_focused()
    go_on(page)
    expect(page.locator("[data-page=more]")).to_be_visible()
    expect(page.locator("#saved")).not_to_be_empty()
    assert clinic.kept == [{"linkId": "q", "answer": [{"valueString": "Ada"}, {"valueString": "Cyrus"}]}]


def test_as_many_answers_as_are_wanted_are_asked_for_and_what_is_wrong_is_said_at_its_row(page: Window, made: Made) -> None:
    few = {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-minOccurs", "valueInteger": 2}
    clinic = made(asked("integer", required=True, extension=[few]))
    opened(page, clinic)
    rows = page.locator("[data-q=q] .row")
    expect(rows).to_have_count(2)
    rows.first.locator("input").fill("1")
    go_on(page)
    expect(page.locator("[data-q=q] > .field-error")).to_have_text("Whom do we call? At least 2, please")
    rows.last.locator("input").fill("many")
    go_on(page)
    expect(page.locator("[data-q=q] > .field-error")).to_have_count(0)
    expect(rows.last.locator(".field-error")).to_have_text("Whom do we call? 2: enter a number")
    assert faults(page) == []
    page.locator(".error-summary a").click()
    expect(rows.last.locator("input")).to_be_focused()
    rows.last.locator("input").fill("2")
    clinic.refusals = [(422, {"type": "look-again", "errors": [{"field": "q[1]", "code": "unheard-of", "detail": "Two is taken."}]})]
    go_on(page)
    expect(rows.last.locator(".field-error")).to_have_text("Two is taken.")
    expect(page.locator(".error-summary")).to_be_focused()


@pytest.mark.parametrize(
    ("tongue", "told"),
    [
        ("en", "Your card: this file is not what is asked for here. Please choose another one."),
        ("es", "Your card: este archivo no es lo que se pide aquí. Elija otro."),
    ],
)
def test_a_file_that_does_not_fit_is_complained_of_at_its_question(page: Window, made: Made, tongue: str, told: str) -> None:
    clinic = made([{"linkId": "f", "type": "attachment", "text": "Your card"}, *asked()])
    clinic.kept = [{"linkId": "f", "answer": [{"valueAttachment": {"url": "DocumentReference/d"}}]}]
    opened(page, clinic, tongue)
    clinic.refusals = [(422, {"type": "look-again", "errors": [{"field": "f[0]", "code": "wrong-file", "detail": "Not asked for."}]})]
    go_on(page)
    expect(page.locator("[data-q=f] > .field-error")).to_have_text(told)
    expect(page.locator(".error-summary a")).to_have_text(told)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("2026", "11", "1", "03:00"), "2026-11-01T03:00:00-05:00"),
        (("2026", "3", "8", "04:00"), "2026-03-08T04:00:00-04:00"),
        (("2026", "7", "1", "00:30"), "2026-07-01T00:30:00-04:00"),
        (("2026", "2", "31", "00:30"), None),
        (("2026", "", "", ""), None),
        (("0026", "1", "1", ""), None),
    ],
)
def test_a_moment_is_the_clinics_and_what_is_no_day_is_not_sent(page: Window, made: Made, typed: tuple[str, ...], told: str | None) -> None:
    clinic = made([{"linkId": "at", "type": "dateTime", "text": "When?"}, *asked()])
    opened(page, clinic)
    for name, text in zip(("year", "month", "day", "time"), typed, strict=True):
        page.locator(f"[data-q=at] [data-part={name}]").fill(text)
    page.locator("[data-q=more] input").evaluate("input => { input.value = 'else'; }")
    with page.expect_response("**/save?*"):
        page.evaluate(LEFT)
    sent = {each["linkId"]: each["answer"] for each in clinic.sent[-1][1]["items"]}
    assert sent.get("at") == ([{"valueDateTime": told}] if told else None)
    expect(page.locator("[data-q=at] [data-part=year]")).to_have_value(typed[0])
    if not told:
        go_on(page)
        expect(page.locator("[data-q=at] .field-error")).to_have_text("When? Enter a real date, in numbers")

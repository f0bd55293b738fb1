"""A clinic begins with forms in the words of its country: nobody in London is told to call 911."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from chalicelib.intake.records import Form
from chalicelib.intake.rules import abroad, reading
from tests.intake.test_forms import SHIPPED, document

FORMS = sorted(SHIPPED)
OF_THE_STATES = r"Medicare|Medicaid|Health and Human|Servicios Humanos|06511|203 555|State or province"
WRONG = {
    "GB": rf"\b911\b|\b988\b|{OF_THE_STATES}",
    "CA": rf"oprima 2|{OF_THE_STATES}",
    "IE": rf"\b911\b|\b988\b|{OF_THE_STATES}",
    "PT": rf"\b911\b|\b988\b|\b999\b|Samaritans|{OF_THE_STATES}",
}


def there(name: str, country: str) -> dict[str, Any]:
    return abroad.of(document(name), country)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("country", WRONG)
def test_no_form_says_what_only_another_country_has(form: str, country: str) -> None:
    said = json.dumps(there(form, country), ensure_ascii=False)
    assert re.findall(WRONG[country], said) == []


@pytest.mark.parametrize("form", FORMS)
def test_at_home_forms_stay_as_they_are_written_and_abroad_they_can_be_read(form: str) -> None:
    before = json.dumps(document(form))
    assert there(form, "US") is document(form)
    for country in WRONG:
        read = reading.read(there(form, country))
        assert isinstance(read.form, Form)
        assert read.level == reading.read(document(form)).level
    assert json.dumps(document(form)) == before


@pytest.mark.parametrize("text", abroad.TEXTS)
def test_every_text_that_differs_stands_in_a_form(text: str) -> None:
    assert any(json.dumps(text) in json.dumps(document(form)) for form in FORMS)


def test_who_is_called_is_the_country_s() -> None:
    assert "call 999 or go to the nearest A&E" in json.dumps(there("phq-9", "GB"))
    assert "116 123" in json.dumps(there("phq-9", "IE"))
    assert "call or text 988" in json.dumps(there("phq-9", "CA"))
    assert "Stop here and call 999." in json.dumps(there("new-patient", "GB"))
    assert "llame al número local de emergencias" in json.dumps(there("new-patient", "PT"), ensure_ascii=False)


def test_canada_has_its_public_plans_and_a_london_address_needs_no_county() -> None:
    canada, london = json.dumps(there("new-patient", "CA")), there("new-patient", "GB")
    assert "The health plan of my province or territory" in canada
    assert '"code": "medicare"' not in canada
    (contact,) = (each for each in london["item"] if each["linkId"] == "contact")
    (address,) = (each for each in contact["item"] if each["linkId"] == "address")
    county = {each["linkId"]: each for each in address["item"]}["state"]
    assert (county["text"], county.get("required")) == ("County", None)

"""The forms that ship, and the small ones that show every feature: each is read, and every case of answers is decided as it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from chalicelib.clinics.records import Words
from chalicelib.intake.records import Calculation, Form, Item, ItemType, Prefill, RedFlag, Sum, Verdict
from chalicelib.intake.rules import answers, deciding, reading
from tests.intake.makers import TODAY

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
SHIPPED = {path.stem: path for path in sorted((ROOT / "portal_templates/intake/questionnaires").glob("*.json"))}
SMALL = {path.stem: path for path in sorted((HERE / "forms").glob("*.json"))}
ALL = SHIPPED | SMALL
Case = dict[str, Any]


@lru_cache
def document(name: str) -> dict[str, Any]:
    """A form as it is written."""
    found: dict[str, Any] = json.loads(ALL[name].read_text(encoding="utf-8"))
    return found


@lru_cache
def form(name: str) -> Form:
    """A form as it is read."""
    found = reading.read(document(name)).form
    assert found
    return found


def cases(kind: str) -> list[Any]:
    """All cases that are "valid", or "invalid", with their forms."""
    told = {name: json.loads((HERE / f"cases/{name}.json").read_text(encoding="utf-8")) for name in ALL}
    return [pytest.param(name, case, id=f"{name}: {case['why']}") for name, each in told.items() for case in each[kind]]


def complaints(name: str, case: Case) -> list[tuple[str, str]]:
    """Every complaint about a case, by place."""
    decided = deciding.decide(form(name).items, case["item"], TODAY, complete=case.get("complete", True))
    return [(each.path, code) for each in decided for code in each.complaints]


@pytest.mark.parametrize("name", ALL)
def test_every_form_is_read_and_nothing_of_it_refused(name: str) -> None:
    told = reading.read(document(name))
    assert [line for line in told.lines if line.verdict is Verdict.REFUSED] == []
    assert told.form


@pytest.mark.parametrize(("name", "case"), cases("valid"))
def test_nothing_is_wrong_with_good_answers(name: str, case: Case) -> None:
    assert complaints(name, case) == []


@pytest.mark.parametrize(("name", "case"), cases("invalid"))
def test_what_is_wrong_is_found_and_nothing_else(name: str, case: Case) -> None:
    assert sorted(complaints(name, case)) == sorted((path, code) for path, code in case["expects"])


@pytest.mark.parametrize(("name", "case"), [*cases("valid"), *cases("invalid")])
def test_every_case_says_what_a_patient_can_send(name: str, case: Case) -> None:
    assert answers.take(form(name).items, case["item"], "en").refused == ()


@pytest.mark.parametrize("name", ALL)
def test_a_form_is_called_as_its_file_and_has_cases_of_both_kinds(name: str) -> None:
    told = document(name)
    assert (told["id"], told["url"]) == (name, f"https://anteroom.example/fhir/Questionnaire/{name}")
    assert (told["resourceType"], told["version"], told["status"]) == ("Questionnaire", "1", "draft")
    each = json.loads((HERE / f"cases/{name}.json").read_text(encoding="utf-8"))
    assert each["valid"]
    assert each["invalid"]


def test_there_are_ten_forms_to_begin_with_and_no_case_without_its_form() -> None:
    assert len(SHIPPED) == 10
    assert len(SMALL) >= 20
    assert {path.stem for path in (HERE / "cases").glob("*.json")} == set(ALL)


# What is said of those that ship: both languages everywhere, FHIR's own rules, and what the instruments count.
def of(items: tuple[Item, ...]) -> Iterator[Item]:
    """All items, those below as well."""
    for item in items:
        yield item
        yield from of(item.items)


def worded(read: Form) -> Iterator[tuple[str, Words]]:
    """Every text that a patient may see, by where it stands."""
    yield from (("title", read.title), ("description", read.description), ("copyright", read.copyright))
    for item in of(read.items):
        yield from ((f"{item.link_id} text", item.text), (f"{item.link_id} help", item.help), (f"{item.link_id} page", item.page))
        yield from ((f"{item.link_id} {option.value}", option.text) for option in item.options)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_word_of_what_ships_is_there_in_english_and_spanish(name: str) -> None:
    assert [place for place, words in worded(form(name)) if words and set(words) != {"en", "es"}] == []
    assert [item.link_id for item in of(form(name).items) if not item.text] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_page_of_what_ships_has_a_title(name: str) -> None:
    assert [item.link_id for item in form(name).items if not item.page] == []


def nodes(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All items of a document."""
    for item in items:
        yield item
        yield from nodes(item.get("item", []))


def against(item: dict[str, Any]) -> Iterator[str]:
    """Which of FHIR R4's own rules for an item it breaks, by their names there."""
    group, display = item["type"] == "group", item["type"] == "display"
    yield from ["que-1"] if (group and not item.get("item")) or (display and item.get("item")) else []
    yield from ["que-4"] if "answerOption" in item and "answerValueSet" in item else []
    yield from ["que-5"] if item["type"] not in ("choice", "open-choice") and {"answerOption", "answerValueSet"} & set(item) else []
    yield from ["que-6"] if display and {"required", "repeats"} & set(item) else []
    yield from ["que-8"] if (group or display) and "initial" in item else []
    yield from ["que-9"] if display and "readOnly" in item else []
    yield from ["que-12"] if len(item.get("enableWhen", [])) > 1 and "enableBehavior" not in item else []
    yield from ["que-13"] if len(item.get("initial", [])) > 1 and not item.get("repeats") else []
    yield from ["que-10"] if "maxLength" in item and item["type"] not in ("string", "text", "url", "integer", "decimal") else []
    yield from ["que-7" for each in item.get("enableWhen", []) if each["operator"] == "exists" and "answerBoolean" not in each]


@pytest.mark.parametrize("name", SHIPPED)
def test_what_ships_keeps_the_rules_of_fhir(name: str) -> None:
    each = list(nodes(document(name)["item"]))
    assert [(item["linkId"], rule) for item in each for rule in against(item)] == []
    assert len({item["linkId"] for item in each}) == len(each)


@pytest.mark.parametrize(
    ("name", "case", "place", "value"),
    [
        ("phq-9", 0, "phq-9-items/phq-9-score", 0),
        ("phq-9", 2, "phq-9-items/phq-9-score", 27),
        ("gad-7", 1, "gad-7-items/gad-7-score", 1),
        ("gad-7", 2, "gad-7-items/gad-7-score", 21),
        ("audit-c", 0, "audit-c-items/audit-c-score", 0),
        ("audit-c", 2, "audit-c-items/audit-c-score", 12),
        ("new-patient", 1, "habits/bmi", 25.9),
        ("new-patient", 2, "about-you/age", 11),
    ],
)
def test_what_is_reckoned_of_a_case(name: str, case: int, place: str, value: float) -> None:
    given = json.loads((HERE / f"cases/{name}.json").read_text(encoding="utf-8"))["valid"][case]["item"]
    decided = deciding.decide(form(name).items, given, TODAY, complete=True)
    assert {each.path: each.value for each in decided}[place] == value


def test_a_thought_of_death_is_a_red_flag_from_several_days_on_and_says_where_help_is() -> None:
    ninth = next(item for item in of(form("phq-9").items) if item.link_id == "phq-9-9")
    assert ninth.red_flag
    assert (ninth.red_flag.code, ninth.red_flag.at_least) == ("suicidal-thoughts", 1)
    assert [option.ordinal for option in ninth.options] == [0, 1, 2, 3]
    assert [(item.type, "988" in item.text["en"], "988" in item.text["es"]) for item in ninth.items] == [(ItemType.DISPLAY, True, True)]


@pytest.mark.parametrize(("name", "owner"), [("phq-9", "Spitzer"), ("gad-7", "Spitzer"), ("audit-c", "World Health Organization")])
def test_an_instrument_names_whose_it_is(name: str, owner: str) -> None:
    assert owner in form(name).copyright["en"]


# All features of the profile, by the names they have in FHIR; ours as they are called after records.OURS.
TYPES = {str(kind) for kind in ItemType} | {"reference"}
MEMBERS = {
    *("answerOption", "answerValueSet", "initial", "initialSelected", "maxLength", "prefix", "readOnly", "repeats", "required"),
    *("enableWhen", "enableBehavior all", "enableBehavior any", "enableBehavior missing", "items under a question", "group in a group"),
    *("contained compose", "contained expansion", "group that repeats", "title", "description", "copyright", "language es"),
}
OPERATORS = {f"operator {name}" for name in ("=", "!=", ">", "<", ">=", "<=", "exists")}
ANSWERS = {f"answer{kind}" for kind in ("Boolean", "Integer", "Decimal", "String", "Date", "DateTime", "Time", "Coding", "Quantity")}
OPTIONS = {f"option {kind}" for kind in ("valueCoding", "valueString", "valueInteger", "valueDate", "valueTime")}
CONTROLS = {
    f"control {name}"
    for name in ("drop-down", "radio-button", "check-box", "autocomplete", "slider", "page", "help", "flyover", "gtable", "table", "list")
}
STANDARD = {
    *("questionnaire-hidden", "questionnaire-itemControl", "minLength", "regex", "maxDecimalPlaces", "mimeType", "maxSize", "minValue"),
    *("maxValue", "questionnaire-minOccurs", "questionnaire-maxOccurs", "questionnaire-unit", "questionnaire-unitOption", "ordinalValue"),
    *("questionnaire-optionPrefix", "questionnaire-optionExclusive", "translation", "questionnaire-choiceOrientation", "entryFormat"),
}
LEFT_ASIDE = {
    *("sdc-questionnaire-initialExpression", "sdc-questionnaire-calculatedExpression", "variable", "sdc-questionnaire-launchContext"),
    *("designNote", "colour", "code", "definition", "derivedFrom", "useContext", "text.div"),
}
OURS = {
    *(
        "requiredWhen",
        "documentKind",
        "consent",
        "permission",
        "notAfter today",
        "signature drawn",
        "signature typed",
        "prefillFrom last",
        "prefillFrom profile",
    ),
    *("sensitive", "page", "calculated sum", "calculated bmi", "calculated age", "score phq-9", "score gad-7", "score audit-c", "redFlag"),
}
PROFILE = TYPES | MEMBERS | OPERATORS | ANSWERS | OPTIONS | CONTROLS | STANDARD | LEFT_ASIDE | OURS


def of_extension(found: dict[str, Any]) -> Iterator[str]:
    """An extension by its name, and one of several by what it holds."""
    name = found["url"].rpartition("/")[2]
    yield name
    held = {each["url"]: each for each in found.get("extension", [])}
    if name == "questionnaire-itemControl":
        yield f"control {found['valueCodeableConcept']['coding'][0]['code']}"
    yield f"{name} {found.get('valueCode') or held.get('kind', held.get('source', {})).get('valueCode')}"


def of_anything(found: object) -> Iterator[str]:
    """Every extension, wherever it stands."""
    if isinstance(found, list):
        for each in found:
            yield from of_anything(each)
    if isinstance(found, dict):
        for each in found.get("extension", []):
            yield from of_extension(each)
        for each in found.values():
            yield from of_anything(each)


def of_item(item: dict[str, Any]) -> Iterator[str]:
    """What one item uses."""
    group, conditions, below = item["type"] == "group", item.get("enableWhen", []), item.get("item", [])
    yield from (item["type"], *item)
    yield f"enableBehavior {item.get('enableBehavior', 'missing' if len(conditions) > 1 else 'not needed')}"
    yield from (f"operator {each['operator']}" for each in conditions)
    yield from (name for each in conditions for name in each)
    yield from (f"option {name}" for each in item.get("answerOption", []) for name in each)
    yield from ("initialSelected" for each in item.get("answerOption", []) if each.get("initialSelected"))
    yield "group that repeats" if group and item.get("repeats") else "one"
    yield "group in a group" if group and any(each["type"] == "group" for each in below) else "flat"
    yield "items under a question" if not group and any(each["type"] != "display" for each in below) else "none"


def of_form(told: dict[str, Any]) -> Iterator[str]:
    """What one form uses."""
    yield from (*told, f"language {told.get('language')}")
    yield from (f"contained {name}" for each in told.get("contained", []) for name in each)
    yield "text.div" if "div" in told.get("text", {}) else "no text"
    yield from of_anything(told)
    for item in nodes(told["item"]):
        yield from of_item(item)


def test_every_feature_of_the_profile_is_used_by_some_form() -> None:
    used = {name for each in ALL for name in of_form(document(each))}
    assert PROFILE - used == set()


# And each arrives where a page and the rules look for it.
ARRIVED = [
    ("any-and-all", "unsaid", "any_of", True),
    ("choices", "lettered", "options", lambda found: [(each.prefix, each.ordinal) for each in found] == [("a)", 0), ("b)", 1.5)]),
    ("choices", "preset", "options", lambda found: [each.initial for each in found] == [False, True]),
    ("choices", "preset", "initial", ()),
    ("alone", "ill", "options", lambda found: [each.alone for each in found] == [False, False, True, True]),
    ("lists", "tongue", "options", lambda found: [each.text["en"] for each in found] == ["English", "Signs"]),
    ("consent-and-signature", "either", "signature", ("drawn", "typed")),
    ("consent-and-signature", "may", "consent", True),
    ("permission", "show", "permission", True),
    ("controls", "drop", "control", "drop-down"),
    ("controls", "drop", "help", {"en": "Open the list."}),
    ("controls", "auto", "help", {"en": "You may write your own."}),
    ("controls", "last", "page", {"en": "The last", "es": "La última"}),
    ("controls", "last", "prefix", "9."),
    ("days-and-hours", "born", "not_after", "today"),
    ("days-and-hours", "hour", "max_value", "12:00:00"),
    ("en-espanol", "dolor", "text", {"es": "¿Le duele algo?", "en": "Does anything hurt?"}),
    ("files", "card-front", "document_kind", "insurance-front"),
    ("files", "card-back", "mime_types", ("image/jpeg",)),
    ("files", "card-back", "max_size", 2_500_000),
    ("given-values", "campaign", "hidden", True),
    ("given-values", "year", "initial", lambda found: [each.value for each in found] == [2026]),
    ("kept-from-before", "weight", "prefill", Prefill(source="last", days=90)),
    ("kept-from-before", "mood", "sensitive", True),
    ("measures", "weight", "units", ("kg", "[lb_av]")),
    ("measures", "waist", "unit", "cm"),
    ("numbers", "temperature", "max_decimals", 1),
    ("reckoned", "bmi", "calculated", Calculation(kind=Sum.BMI, of=("kg", "cm"))),
    ("red-flags", "pain", "red_flag", RedFlag(code="chest-pain", at_least=2)),
    ("reference", "pharmacy", "type", ItemType.OPEN_CHOICE),
    ("required-when", "phone", "required_when", lambda found: [each.question for each in found] == ["by", "urgent"]),
    ("scores", "gad-7-total", "calculated", Calculation(kind=Sum.ORDINALS, of=("gad-7-1", "gad-7-2"))),
    ("text-and-patterns", "code", "min_length", 3),
    ("text-and-patterns", "site", "max_length", 40),
]


@pytest.mark.parametrize(("name", "link_id", "member", "wanted"), ARRIVED)
def test_what_a_form_says_of_an_item_arrives(name: str, link_id: str, member: str, wanted: Any) -> None:
    found = getattr(next(item for item in of(form(name).items) if item.link_id == link_id), member)
    assert wanted(found) if callable(wanted) and not isinstance(wanted, ItemType) else found == wanted


def answered(items: list[dict[str, Any]]) -> Iterator[str]:
    """Every link id that has an answer."""
    for item in items:
        yield from [item["linkId"]] if item.get("answer") else []
        yield from answered(item.get("item", []))
        for each in item.get("answer", []):
            yield from answered(each.get("item", []))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_question_of_what_ships_is_answered_well_in_some_case(name: str) -> None:
    given = json.loads((HERE / f"cases/{name}.json").read_text(encoding="utf-8"))["valid"]
    asked = {item.link_id for item in of(form(name).items) if item.type not in (ItemType.GROUP, ItemType.DISPLAY) and not item.read_only}
    assert asked - {link_id for case in given for link_id in answered(case["item"])} == set()

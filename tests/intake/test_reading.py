"""What is made of a Questionnaire that was written elsewhere: tables of what works, is left aside, and is refused."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chalicelib.intake.records import (
    Calculation,
    Condition,
    Item,
    ItemType,
    Kind,
    Operator,
    Option,
    Prefill,
    PublicationStatus,
    RedFlag,
    Signature,
    Sum,
    Verdict,
)
from chalicelib.intake.rules import deciding, reading
from tests.intake.written import (
    SDC,
    STANDARD,
    Json,
    a_list,
    a_questionnaire,
    an_item,
    an_option,
    coding,
    form_of,
    item_of,
    lines_of,
    ours,
    part,
    refused,
    standard,
    told,
    translated,
    when,
)

Q = an_item("q", "boolean")
WEIGHED = an_item("w", "choice", answerOption=[an_option("no", 0), an_option("yes", 1)])


def test_a_form_is_read() -> None:
    smoker = an_item("smokes", "boolean", text="Do you smoke?", required=True, _text=translated(es="¿Fuma usted?"))
    much = an_item("much", "integer", text="How many a day?", prefix="2.", enableWhen=[when("smokes")])
    found = reading.read(
        a_questionnaire(an_item("habits", "group", smoker, much, text="Habits"), description="For all", copyright="Nobody")
    )
    assert found.form == form_of(an_item("habits", "group", smoker, much, text="Habits"), description="For all", copyright="Nobody")
    assert (found.lines, found.level, found.form.id, found.form.status) == ((), "L0", "first-visit", PublicationStatus.ACTIVE)
    assert (found.form.title, found.form.description, found.form.copyright) == ({"en": "First visit"}, {"en": "For all"}, {"en": "Nobody"})
    assert found.form.items == (
        Item(
            link_id="habits",
            type=ItemType.GROUP,
            text={"en": "Habits"},
            items=(
                Item(link_id="smokes", type=ItemType.BOOLEAN, required=True, text={"en": "Do you smoke?", "es": "¿Fuma usted?"}),
                Item(
                    link_id="much",
                    type=ItemType.INTEGER,
                    prefix="2.",
                    text={"en": "How many a day?"},
                    when=(Condition(question="smokes", operator=Operator.EQUALS),),
                ),
            ),
        ),
    )


# The elements of an item that decide or are shown: (item, what its record has).
ELEMENTS: list[tuple[Json, Json]] = [
    *((an_item("x", str(kind)), {"type": kind}) for kind in ItemType if kind is not ItemType.CHOICE),
    (an_item("x", "choice", answerOption=[an_option("a")]), {"type": ItemType.CHOICE}),
    (an_item("x", "string", maxLength=20, required=True, readOnly=True), {"max_length": 20, "required": True, "read_only": True}),
    (an_item("x", "string", maxLength=90_000), {"max_length": 10_000}),
    (an_item("x", "group", an_item("y"), repeats=True, required=True), {"repeats": True, "required": True}),
    (an_item("x", "boolean", readOnly=True, initial=[{"valueBoolean": True}]), {"initial": (Option(kind=Kind.BOOLEAN, value=True),)}),
    (an_item("x", "decimal", readOnly=True, initial=[{"valueDecimal": 2}]), {"initial": (Option(kind=Kind.DECIMAL, value=2),)}),
    (an_item("x", "integer", readOnly=True, initial=[{"valueInteger": 2.0}]), {"initial": (Option(kind=Kind.INTEGER, value=2),)}),
    (an_item("x", "date", readOnly=True, initial=[{"valueDate": "2026-11"}]), {"initial": (Option(kind=Kind.DATE, value="2026-11"),)}),
    (an_item("x", "url", readOnly=True, initial=[{"valueUri": "a:b"}]), {"initial": (Option(kind=Kind.URI, value="a:b"),)}),
    (an_item("x", repeats=True, readOnly=True, initial=[{"valueString": "a"}, {"valueString": "b"}]), {"initial": (Option(kind=Kind.STRING, value="a"),)}),
    (an_item("x", "choice", readOnly=True, answerOption=[an_option("a"), an_option("b", initialSelected=True)]), {"initial": (Option(value="s|b"),)}),
    (an_item("x", "choice", extension=[standard("questionnaire-hidden", valueBoolean=True)], answerOption=[an_option("a", initialSelected=True)]),
     {"initial": (Option(value="s|a"),)}),
    (an_item("x", "boolean", initial=[{"valueBoolean": True}]), {"initial": ()}),
    (an_item("x", "open-choice", readOnly=True, answerOption=[an_option("a")], initial=[{"valueString": "z"}]), {"initial": (Option(kind=Kind.STRING, value="z"),)}),
]  # fmt: skip


@pytest.mark.parametrize(("item", "about"), ELEMENTS)
def test_an_element_is_read(item: Json, about: Json) -> None:
    found = item_of(item)
    assert {name: getattr(found, name) for name in about} == about


def control(code: str) -> Json:
    return standard("questionnaire-itemControl", valueCodeableConcept={"coding": [coding(code)]})


def needed(question: str, operator: str, **value: Any) -> Json:
    return ours("requiredWhen", part("question", valueString=question), part("operator", valueCode=operator), part("answer", **value))


def flag(code: str, at_least: float | None = None) -> Json:
    least = [part("atLeast", valueDecimal=at_least)] if at_least is not None else []
    return ours("redFlag", part("code", valueCode=code), *least)


# Every extension that is read: (type of the item, its extensions, what its record has).
EXTENSIONS: list[tuple[str, list[Json], Json]] = [
    ("string", [standard("questionnaire-hidden", valueBoolean=True)], {"hidden": True}),
    ("string", [standard("questionnaire-hidden", valueBoolean=False)], {"hidden": False}),
    *(("weighed", [control(code)], {"control": code}) for code in ("drop-down", "radio-button")),
    ("boolean", [control("radio-button")], {"control": "radio-button"}),
    ("boolean", [control("check-box"), ours("consent", valueBoolean=True)], {"control": "check-box"}),
    ("group", [control("page")], {"control": "page"}),
    ("string", [standard("minLength", valueInteger=3)], {"min_length": 3}),
    ("text", [standard("regex", valueString=r"^\d{5}$")], {"pattern": "[0-9]{5}"}),
    ("decimal", [standard("maxDecimalPlaces", valueInteger=0)], {"max_decimals": 0}),
    ("attachment", [standard("mimeType", valueCode=code) for code in ("image/jpeg", "application/pdf")], {"mime_types": ("image/jpeg", "application/pdf")}),
    ("attachment", [standard("maxSize", valueDecimal=2.5)], {"max_size": 2_500_000}),
    ("integer", [standard("minValue", valueInteger=0), standard("maxValue", valueInteger=10)], {"min_value": 0, "max_value": 10}),
    ("decimal", [standard("minValue", valueDecimal=0.5), standard("maxValue", valueInteger=10)], {"min_value": 0.5, "max_value": 10}),
    ("date", [standard("minValue", valueDate="1900-01-01"), standard("maxValue", valueDate="2026-11-24")], {"min_value": "1900-01-01", "max_value": "2026-11-24"}),
    ("dateTime", [standard("minValue", valueDateTime="2026-11-24T10:00:00Z")], {"min_value": "2026-11-24T10:00:00Z"}),
    ("time", [standard("maxValue", valueTime="17:30:00")], {"max_value": "17:30:00"}),
    ("quantity", [standard("maxValue", valueDecimal=42)], {"max_value": 42}),
    ("repeating", [standard("questionnaire-minOccurs", valueInteger=2), standard("questionnaire-maxOccurs", valueInteger=4)], {"min_occurs": 2, "max_occurs": 4}),
    ("decimal", [standard("questionnaire-unit", valueCoding=coding("Cel", "°C"))], {"unit": "°C", "units": ()}),
    ("quantity", [standard("questionnaire-unit", valueCoding=coding("Cel", "°C"))], {"unit": "Cel", "units": ("Cel",)}),
    ("quantity", [standard("questionnaire-unitOption", valueCoding=coding(code)) for code in ("kg", "[lb_av]")], {"units": ("kg", "[lb_av]")}),
    ("string", [standard("entryFormat", valueString="12345", _valueString=translated(es="12345 (es)"))], {"help": {"en": "12345", "es": "12345 (es)"}}),
    ("string", [needed("q", "=", valueBoolean=True), needed("q", "exists", valueBoolean=True)],
     {"required_when": (Condition(question="q", operator=Operator.EQUALS), Condition(question="q", operator=Operator.EXISTS))}),
    ("attachment", [ours("documentKind", valueCode="insurance-front")], {"document_kind": "insurance-front"}),
    ("boolean", [ours("consent", valueBoolean=True)], {"consent": True}),
    ("boolean", [ours("permission", valueBoolean=True)], {"permission": True, "consent": False}),
    *((kind, [ours("notAfter", valueCode="today")], {"not_after": "today"}) for kind in ("date", "dateTime", "integer")),
    ("string", [ours("signature", valueCode="drawn"), ours("signature", valueCode="typed")], {"signature": (Signature.DRAWN, Signature.TYPED)}),
    ("string", [ours("prefillFrom", part("source", valueCode="last"), part("days", valueInteger=365))], {"prefill": Prefill(source="last", days=365)}),
    ("string", [ours("prefillFrom", part("source", valueCode="profile"))], {"prefill": Prefill(source="profile")}),
    ("string", [ours("sensitive", valueBoolean=True)], {"sensitive": True}),
    ("group", [ours("page", valueString="You", _valueString=translated(es="Usted"))], {"page": {"en": "You", "es": "Usted"}}),
    ("string", [ours("page", valueString="You")], {"page": {"en": "You"}}),
    ("integer", [ours("calculated", part("kind", valueCode="sum"), part("of", valueString="w"))], {"calculated": Calculation(kind=Sum.ORDINALS, of=("w",))}),
    ("decimal", [ours("calculated", part("kind", valueCode="bmi"), part("of", valueString="kg"), part("of", valueString="cm"))],
     {"calculated": Calculation(kind=Sum.BMI, of=("kg", "cm"))}),
    ("integer", [ours("calculated", part("kind", valueCode="age"), part("of", valueString="born"))], {"calculated": Calculation(kind=Sum.AGE, of=("born",))}),
    ("integer", [ours("score", valueCode="gad-7")], {"score": "gad-7", "calculated": Calculation(kind=Sum.ORDINALS, of=("w",))}),
    ("weighed", [flag("suicidal-thoughts", 1)], {"red_flag": RedFlag(code="suicidal-thoughts", at_least=1.0)}),
    ("boolean", [flag("chest-pain")], {"red_flag": RedFlag(code="chest-pain", at_least=1.0)}),
]  # fmt: skip
BESIDE = [Q, WEIGHED, an_item("kg", "decimal"), an_item("cm", "decimal"), an_item("born", "date")]


def extended(kind: str, extensions: list[Json]) -> Json:
    about: Json = {"extension": extensions}
    if kind == "repeating":
        return an_item("x", "string", repeats=True, **about)
    return WEIGHED | {"linkId": "x"} | about if kind == "weighed" else an_item("x", kind, **about)


@pytest.mark.parametrize(("kind", "extensions", "about"), EXTENSIONS)
def test_an_extension_is_read(kind: str, extensions: list[Json], about: Json) -> None:
    found = item_of(*BESIDE, extended(kind, extensions))
    assert {name: getattr(found, name) for name in about} == about


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"valueString": ["x"]},
        {"valueBoolean": "true"},
        {"valueInteger": -3.5},
        {"valueCode": ""},
        {"extension": 3},
        {"extension": [{}]},
    ],
)
@pytest.mark.parametrize(("kind", "extensions"), [(kind, extensions) for kind, extensions, _ in EXTENSIONS])
def test_an_extension_that_cannot_be_read_is_refused(kind: str, extensions: list[Json], value: Json) -> None:
    broken = extended(kind, [{"url": extensions[0]["url"], **value}])
    last = extensions[0]["url"].rpartition("/")[2]
    found = reading.read(a_questionnaire(*BESIDE, broken))
    if last == "questionnaire-itemControl" and found.form:
        assert [(line.verdict, line.feature) for line in found.lines] == [(Verdict.IGNORED, f"extension {last}")]
    else:
        assert found.form is None
        assert {line.place for line in found.lines if line.verdict is Verdict.REFUSED} == {"x"}


@pytest.mark.parametrize("kind", ["decimal", "time", "quantity", "string"])
def test_today_bounds_days_and_years_alone(kind: str) -> None:
    assert refused(an_item("x", kind, extension=[ours("notAfter", valueCode="today")])) == [("x", "extension notAfter")]


def test_no_other_day_is_known_by_its_name() -> None:
    assert refused(an_item("x", "date", extension=[ours("notAfter", valueCode="tomorrow")])) == [("x", "extension notAfter")]


@pytest.mark.parametrize(
    "extension",
    [standard("regex", valueString="a"), ours("sensitive", valueBoolean=True), standard("questionnaire-hidden", valueBoolean=True)],
)
def test_what_is_said_once_is_not_said_twice(extension: Json) -> None:
    last = extension["url"].rpartition("/")[2]
    assert refused(an_item("x", extension=[extension, extension])) == [("x", f"extension {last}")]


# Options: (as written, as read).
OPTIONS: list[tuple[Json, Option]] = [
    ({"valueCoding": coding("a", "Apple", "s")}, Option(value="s|a", text={"en": "Apple"})),
    ({"valueCoding": coding("a")}, Option(value="|a", text={"en": "a"})),
    ({"valueCoding": coding("a", "Apple", _display=translated(es="Manzana"))}, Option(value="|a", text={"en": "Apple", "es": "Manzana"})),
    ({"valueString": "Apple", "_valueString": translated(es="Manzana")}, Option(kind=Kind.STRING, value="Apple", text={"en": "Apple", "es": "Manzana"})),
    ({"valueInteger": 3}, Option(kind=Kind.INTEGER, value=3, text={"en": "3"})),
    ({"valueDate": "2026-11-24"}, Option(kind=Kind.DATE, value="2026-11-24", text={"en": "2026-11-24"})),
    ({"valueTime": "08:00:00"}, Option(kind=Kind.TIME, value="08:00:00", text={"en": "08:00:00"})),
    (an_option("a", 2), Option(value="s|a", text={"en": "A"}, ordinal=2.0)),
    ({"valueCoding": coding("a", "A", extension=[standard("ordinalValue", valueDecimal=0.5)])}, Option(value="|a", text={"en": "A"}, ordinal=0.5)),
    ({"valueCoding": coding("a", "A", extension=[standard("itemWeight", valueDecimal=2)])}, Option(value="|a", text={"en": "A"}, ordinal=2.0)),
    (an_option("a", initialSelected=True), Option(value="s|a", text={"en": "A"}, initial=True)),
    (an_option("a", extension=[standard("questionnaire-optionPrefix", valueString="a)")]), Option(value="s|a", text={"en": "A"}, prefix="a)")),
    (an_option("a", extension=[standard("questionnaire-optionExclusive", valueBoolean=True)]), Option(value="s|a", text={"en": "A"}, alone=True)),
]  # fmt: skip


@pytest.mark.parametrize(("written", "option"), OPTIONS)
def test_an_option_is_read(written: Json, option: Option) -> None:
    assert item_of(an_item("x", "choice", answerOption=[written])).options == (option,)


COLOURS = (Option(value="s|red", text={"en": "Red"}), Option(value="s|blue", text={"en": "Blue"}))
EXPANDED = {
    "contains": [{"system": "s", "code": "x", "abstract": True, "contains": [coding("red", "Red", "s")]}, coding("blue", "Blue", "s")]
}
WEIGHTED = {
    "code": "red",
    "display": "Red",
    "extension": [standard("ordinalValue", valueDecimal=3)],
    "designation": [{"language": "es-MX", "value": "Rojo"}, {"value": "Reddish"}],
}


@pytest.mark.parametrize(
    ("valueset", "named", "options"),
    [
        (a_list("red", "blue"), "#colours", COLOURS),
        (a_list("red", "blue", url="https://x.example/colours"), "https://x.example/colours", COLOURS),
        (a_list("green", expansion=EXPANDED), "#colours", COLOURS),
        (
            a_list(compose={"include": [{"system": "s", "concept": [WEIGHTED]}]}),
            "#colours",
            (Option(value="s|red", text={"en": "Red", "es": "Rojo"}, ordinal=3.0),),
        ),
    ],
)
def test_a_list_that_stands_in_the_document_is_read(valueset: Json, named: str, options: tuple[Option, ...]) -> None:
    assert item_of(an_item("x", "choice", answerValueSet=named), contained=[valueset]).options == options


@pytest.mark.parametrize(
    ("contained", "named"),
    [
        ([], "https://x.example/colours"),
        ([a_list("red")], "https://x.example/colours"),
        ([a_list(compose={"include": [{"system": "s"}]})], "#colours"),
        ([a_list(compose={"include": [{"system": "s", "filter": [{}], "concept": [{"code": "a"}]}]})], "#colours"),
        ([a_list(compose={"include": [{"valueSet": ["x"]}]})], "#colours"),
        ([a_list("red", compose={"include": [{"concept": [{"code": "a"}]}], "exclude": [{"concept": [{"code": "a"}]}]})], "#colours"),
        ([a_list()], "#colours"),
    ],
)
def test_a_list_that_is_not_written_out_must_be_published_with_the_form(contained: list[Json], named: str) -> None:
    lines = lines_of(an_item("x", "choice", answerValueSet=named), contained=contained)
    assert [(line.place, line.feature) for line in lines] == [("x", "answerValueSet")]
    assert lines[0].why.startswith("Publish the list with the form")


def test_a_question_with_options_is_a_choice() -> None:
    assert item_of(an_item("x", "string", answerOption=[{"valueString": "a"}])).type is ItemType.CHOICE
    assert item_of(an_item("x", "integer", answerOption=[{"valueInteger": 1}])).type is ItemType.CHOICE
    assert refused(an_item("x", "boolean", answerOption=[an_option("a")])) == [("x", "answerOption")]


def test_a_reference_is_asked_for_in_words() -> None:
    item = an_item("x", "reference")
    assert item_of(item).type is ItemType.OPEN_CHOICE
    assert told(Verdict.IGNORED, item) == [("x", "type reference")]


# Words in several languages.
def test_the_documents_own_language_comes_first() -> None:
    form = form_of(
        an_item("x", text="¿Fuma?", _text=translated(en="Do you smoke?", fr="Fumez-vous ?")),
        language="es-MX",
        title="Visita",
        _title=translated(en="Visit"),
    )
    assert list(form.items[0].text.items()) == [("es", "¿Fuma?"), ("en", "Do you smoke?"), ("fr", "Fumez-vous ?")]
    assert form.title == {"es": "Visita", "en": "Visit"}


def test_a_form_without_a_title_is_called_by_its_name() -> None:
    assert form_of(an_item("x"), title=None, name="FirstVisit").title == {"en": "FirstVisit"}
    assert form_of(an_item("x"), title=None).title == {"en": "first-visit"}


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://x.example/Questionnaire/phq-9", "phq-9"),
        ("https://x.example/Questionnaire/PHQ 9_Form/", "phq-9-form"),
        ("urn:uuid:00000000-0000", "form-00000000-0000"),
        ("https://x.example/" + "long-" * 20, ("long-" * 8).rstrip("-")),
        ("https://x.example/é", "x-example"),
        ("a:b", "form-b"),
        ("", "form"),
    ],
)
def test_a_form_has_a_name_of_ours(url: str, slug: str) -> None:
    assert reading.slug(url) == slug


# Help stands beside what it belongs to.
@pytest.mark.parametrize("code", ["help", "flyover"])
def test_help_belongs_to_the_question_above_it(code: str) -> None:
    helping = an_item("h", "display", text="On the card", _text=translated(es="En la tarjeta"), extension=[control(code)])
    found = item_of(an_item("x", "string", helping, extension=[standard("entryFormat", valueString="format")]))
    assert (found.help, found.items) == ({"en": "On the card", "es": "En la tarjeta"}, ())


def test_help_that_is_not_always_there_stays_where_it_is() -> None:
    helping = an_item("h", "display", extension=[control("help")], enableWhen=[when("q")])
    found = item_of(Q, an_item("x", "string", helping))
    assert (found.help, [each.link_id for each in found.items]) == ({}, ["h"])
    assert item_of(an_item("h", "display", extension=[control("help")])).type is ItemType.DISPLAY


def test_what_is_below_what_is_hidden_is_hidden_too() -> None:
    group = an_item(
        "g", "group", an_item("h", "group", an_item("x", required=True)), extension=[standard("questionnaire-hidden", valueBoolean=True)]
    )
    assert item_of(group).items[0].items[0].hidden
    assert item_of(an_item("g", "group", an_item("x"), readOnly=True)).items[0].read_only


# Scores and what is reckoned.
PHQ = [an_item(f"q{n}", "choice", answerOption=[an_option("no", 0), an_option("often", 3)]) for n in range(9)]
SCORE = an_item("score", "integer", readOnly=True, extension=[ours("score", valueCode="phq-9")])


def test_a_score_adds_up_the_choices_of_its_group() -> None:
    group = an_item("g", "group", *PHQ[:5], an_item("h", "group", *PHQ[5:]), SCORE)
    found = reading.read(a_questionnaire(WEIGHED, group))
    assert found.form
    assert found.form.items[1].items[-1].calculated == Calculation(kind=Sum.ORDINALS, of=tuple(f"q{n}" for n in range(9)))
    assert (found.lines, found.level) == ((), "L4")
    assert told(Verdict.WORKS, an_item("g", "group", *PHQ[:8], SCORE)) == [("g/score", "extension score")]
    assert told(Verdict.WORKS, *PHQ, SCORE | {"readOnly": False}) == [("score", "extension score")]


def weighed(count: int) -> list[Json]:
    return [WEIGHED | {"linkId": f"w{n}"} for n in range(count)]


def reckoned(kind: str, *of: str) -> Json:
    return an_item(
        "x", "decimal", extension=[ours("calculated", part("kind", valueCode=kind), *(part("of", valueString=each) for each in of))]
    )


@pytest.mark.parametrize(
    "item",
    [
        *(
            reckoned("sum", "nobody"),
            reckoned("sum", "kg"),
            reckoned("sum"),
            reckoned("median", "w"),
            reckoned("bmi", "kg"),
            reckoned("bmi", "kg", "q"),
        ),
        *(
            reckoned("bmi", "kg", "cm", "kg"),
            reckoned("age", "kg"),
            reckoned("age", "born", "born"),
            reckoned("sum", "x"),
            reckoned("bmi", "x", "cm"),
        ),
    ],
)
def test_what_cannot_be_reckoned_is_refused(item: Json) -> None:
    assert refused(*BESIDE, item) == [("x", "extension calculated")]


@pytest.mark.parametrize(
    ("kilograms", "centimetres", "works"), [("kg", "cm", True), ("[lb_av]", "cm", False), ("cm", "kg", False), (None, "cm", False)]
)
def test_a_body_mass_index_is_reckoned_of_kilograms_and_centimetres_alone(kilograms: str | None, centimetres: str, works: bool) -> None:
    def measured(link_id: str, unit: str | None) -> Json:
        return an_item(link_id, "quantity", extension=[standard("questionnaire-unit", valueCoding=coding(unit))] if unit else [])

    found = refused(measured("kg", kilograms), measured("cm", centimetres), reckoned("bmi", "kg", "cm"))
    assert found == ([] if works else [("x", "extension calculated")])


def test_a_score_without_weights_and_a_flag_that_is_never_raised_are_refused() -> None:
    plain = an_item("w", "choice", answerOption=[an_option("a")])
    assert refused(plain, SCORE) == [("score", "extension score")]
    assert refused(plain | {"extension": [flag("danger")]}) == [("w", "extension redFlag")]
    assert refused(WEIGHED | {"extension": [flag("danger", 2)]}) == [("w", "extension redFlag")]
    assert refused(an_item("x", "boolean", extension=[flag("danger", 2)])) == [("x", "extension redFlag")]
    both = [ours("score", valueCode="phq-9"), ours("calculated", part("kind", valueCode="sum"), part("of", valueString="w"))]
    assert refused(WEIGHED, an_item("x", "integer", extension=both)) == [("x", "extension score")]


# Conditions.
ANSWERS: list[tuple[str, Json, Kind, Any, str]] = [
    ("boolean", {"answerBoolean": False}, Kind.BOOLEAN, False, ""),
    ("decimal", {"answerDecimal": 1.5}, Kind.DECIMAL, 1.5, ""),
    ("integer", {"answerInteger": 3}, Kind.INTEGER, 3, ""),
    ("date", {"answerDate": "2026-11-24"}, Kind.DATE, "2026-11-24", ""),
    ("dateTime", {"answerDateTime": "2026-11-24T10:00:00Z"}, Kind.DATE_TIME, "2026-11-24T10:00:00Z", ""),
    ("time", {"answerTime": "08:00:00"}, Kind.TIME, "08:00:00", ""),
    ("string", {"answerString": "red"}, Kind.STRING, "red", ""),
    ("choice", {"answerCoding": coding("yes", system="s")}, Kind.CODING, "s|yes", ""),
    ("quantity", {"answerQuantity": {"value": 38, "unit": "°C", "code": "Cel"}}, Kind.QUANTITY, 38, "Cel"),
]


@pytest.mark.parametrize(("kind", "answer", "read_as", "value", "unit"), ANSWERS)
def test_a_condition_is_read(kind: str, answer: Json, read_as: Kind, value: Any, unit: str) -> None:
    asked = WEIGHED | {"linkId": "q"} if kind == "choice" else an_item("q", kind)
    found = item_of(asked, an_item("x", enableWhen=[when("q", "=", **answer)]))
    assert found.when == (Condition(question="q", operator=Operator.EQUALS, kind=read_as, value=value, unit=unit),)
    assert lines_of(asked, an_item("x", enableWhen=[when("q", "=", **answer)])) == ()


@pytest.mark.parametrize("operator", list(Operator))
def test_every_operator_is_read(operator: Operator) -> None:
    answer: Json = {"answerBoolean": False} if operator is Operator.EXISTS else {"answerInteger": 3}
    assert item_of(an_item("q", "integer"), an_item("x", enableWhen=[when("q", operator, **answer)])).when[0].operator is operator


# 1. and 2. of what forms mean: what is not said is decided, and told.
def test_where_it_is_not_said_one_of_several_conditions_is_enough_and_that_is_told() -> None:
    both = [when("q"), when("r")]
    beside = [Q, an_item("r", "boolean")]
    assert item_of(*beside, an_item("x", enableWhen=both)).any_of
    assert told(Verdict.WORKS, *beside, an_item("x", enableWhen=both)) == [("x", "enableBehavior")]
    assert not item_of(*beside, an_item("x", enableWhen=both, enableBehavior="all")).any_of
    assert item_of(*beside, an_item("x", enableWhen=both, enableBehavior="any")).any_of
    assert (
        lines_of(*beside, an_item("x", enableWhen=both[:1])) == lines_of(*beside, an_item("x", enableWhen=both, enableBehavior="any")) == ()
    )


def test_that_different_holds_too_where_nothing_was_answered_is_told() -> None:
    item = an_item("x", enableWhen=[when("q", "!=")])
    assert told(Verdict.WORKS, Q, item) == [("x", "enableWhen !=")]
    assert [each.enabled for each in deciding.decide(form_of(Q, item).items, [], "2026-11-24", complete=True)] == [True, True]


@pytest.mark.parametrize(
    ("asked", "condition"),
    [
        (an_item("q", "string"), when("q")),
        (an_item("q", "boolean"), when("q", ">")),
        (an_item("q", "string"), when("q", ">", answerString="a")),
        (WEIGHED | {"linkId": "q"}, when("q", "=", answerCoding=coding("yes"))),
        (WEIGHED | {"linkId": "q"}, when("q", "=", answerString="yes")),
        (an_item("q", "attachment"), when("q", "=", answerString="yes")),
        (
            an_item("q", "quantity", extension=[standard("questionnaire-unitOption", valueCoding=coding("kg"))]),
            when("q", ">", answerQuantity={"value": 3, "code": "g"}),
        ),
    ],
)
def test_a_condition_that_never_holds_is_told(asked: Json, condition: Json) -> None:
    assert told(Verdict.WORKS, asked, an_item("x", enableWhen=[condition])) == [("x", "enableWhen")]


# 7. An answer names the very version that it answers.
def test_url_and_version_are_kept_together() -> None:
    form = form_of(an_item("x"), version="2026.1-b")
    assert (form.url, form.version, form.canonical) == (
        "https://clinic.example/fhir/Questionnaire/first-visit",
        "2026.1-b",
        "https://clinic.example/fhir/Questionnaire/first-visit|2026.1-b",
    )


# 9. Patterns are safe, or there is no form.
def test_a_pattern_that_is_not_safe_is_refused() -> None:
    assert refused(an_item("x", extension=[standard("regex", valueString="(a+)+")])) == [("x", "extension regex")]
    assert refused(an_item("x", extension=[standard("regex", valueString="a" * 201)])) == [("x", "extension regex")]


# 10. Limits.
def nested(depth: int) -> Json:
    item = an_item(f"i{depth}", "string")
    for level in range(depth - 1, 0, -1):
        item = an_item(f"i{level}", "group", item)
    return item


def test_twenty_levels_are_read_and_no_more() -> None:
    assert refused(nested(20)) == []
    assert refused(nested(21)) == [("/".join(f"i{n}" for n in range(1, 21)), "item")]
    assert refused(nested(3000)) == [("/".join(f"i{n}" for n in range(1, 21)), "item")]


def test_two_thousand_items_are_read_and_no_more() -> None:
    items = [an_item(f"i{n}") for n in range(2001)]
    assert refused(*items[:2000]) == []
    assert refused(*items) == [("", "item")]
    assert refused(*items * 10) == [("", "item")]


@pytest.mark.parametrize("where", ["text", "_text", "title", "option", "help"])
def test_ten_thousand_characters_are_read_and_no_more(where: str) -> None:
    def written(longest: int) -> list[tuple[str, str]]:
        words = "x" * longest
        if where == "title":
            return refused(an_item("x"), title=words)
        if where == "option":
            return refused(an_item("x", "choice", answerOption=[{"valueString": words}]))
        if where == "help":
            return refused(an_item("x", extension=[standard("entryFormat", valueString=words)]))
        return refused(an_item("x") | {where: translated(es=words) if where == "_text" else words})

    assert written(10_000) == []
    assert len(written(10_001)) >= 1


def test_options_and_conditions_are_bounded() -> None:
    assert refused(
        *(an_item(f"x{n}", "choice", answerValueSet="#colours") for n in range(3)), contained=[a_list(*(f"c{n}" for n in range(4000)))]
    )[0] == ("x2", "answerOption")
    assert refused(Q, an_item("x", enableWhen=[when("q")] * 101, enableBehavior="all")) == [("x", "enableWhen")]


def test_the_words_of_a_list_that_many_questions_name_are_bounded() -> None:
    listed = a_list()
    listed["compose"]["include"][0]["concept"] = [{"code": str(n), "display": str(n) * 5_000} for n in range(10)]
    named = [an_item(f"x{n}", "choice", answerValueSet="#colours") for n in range(41)]
    assert refused(*named[:40], contained=[listed]) == []
    assert refused(*named, contained=[listed]) == [("x40", "answerOption")]


def test_two_thousand_questions_in_all_can_be_reckoned_of() -> None:
    sums = [reckoned("sum", *(f"w{n}" for n in range(100))) | {"linkId": f"x{n}"} for n in range(20)]
    assert refused(*weighed(100), *sums) == []


def test_what_is_only_read_can_stand_below_each_of_several_answers() -> None:
    assert refused(an_item("x", "choice", an_item("d", "display"), repeats=True, answerOption=[an_option("a")])) == []


def test_two_thousand_conditions_are_read_and_no_more() -> None:
    for count, found in ((100, []), (101, [("x20", "enableWhen")])):
        asked = [an_item(f"x{n}", enableWhen=[when("q", "exists")] * (100 if n < 20 else count - 100)) for n in range(21)]
        assert refused(Q, *asked, enableBehavior="all") == found


def chained(length: int, *, turned: bool) -> list[Json]:
    step = 1 if turned else -1
    edge = length - 1 if turned else 0
    return [an_item(f"i{n}", "boolean", enableWhen=None if n == edge else [when(f"i{n + step}")]) for n in range(length)]


@pytest.mark.parametrize("turned", [False, True])
def test_a_long_chain_of_conditions_can_be_decided_or_is_refused(turned: bool) -> None:
    form = form_of(*chained(45, turned=turned))
    assert len(deciding.decide(form.items, [], "2026-11-24", complete=True)) == 45
    assert {feature for _, feature in refused(*chained(60, turned=turned))} == {"enableWhen"}
    assert {feature for _, feature in refused(*chained(1900, turned=turned))} == {"enableWhen"}


# What is refused: (items, place, feature).
REFUSED: list[tuple[list[Json], str, str]] = [
    ([an_item("x", extension=[{"url": f"{SDC}enableWhenExpression", "valueExpression": {}}])], "x", "extension sdc-questionnaire-enableWhenExpression"),
    ([an_item("x", extension=[{"url": f"{SDC}answerExpression", "valueExpression": {}}])], "x", "extension sdc-questionnaire-answerExpression"),
    ([an_item("x", extension=[{"url": f"{SDC}answerOptionsToggleExpression"}])], "x", "extension sdc-questionnaire-answerOptionsToggleExpression"),
    ([an_item("x", extension=[standard("questionnaire-constraint", extension=[])])], "x", "extension questionnaire-constraint"),
    ([an_item("x", extension=[standard("targetConstraint", extension=[])])], "x", "extension targetConstraint"),
    ([an_item("g", "group", an_item("x", "display", extension=[{"url": f"{SDC}subQuestionnaire"}]))], "g/x", "extension sdc-questionnaire-subQuestionnaire"),
    ([an_item("x", extension=[{"url": "https://x.example/answerRepeatsOf"}])], "x", "extension answerRepeatsOf"),
    ([an_item("x", _required={"extension": [standard("cqf-expression")]})], "x", "required"),
    ([Q, an_item("x", enableWhen=[when("q") | {"extension": [standard("cqf-expression")]}])], "x", "extension in enableWhen"),
    ([Q, an_item("x", enableWhen=[when("q") | {"_answerBoolean": {"extension": [standard("cqf-expression")]}}])], "x", "extension in enableWhen"),
    ([an_item("x", modifierExtension=[{"url": "a"}])], "x", "modifierExtension"),
    ([an_item("x", enableWhen=[when("nobody")])], "x", "enableWhen"),
    ([an_item("g", "group"), an_item("x", enableWhen=[when("g", "exists")])], "x", "enableWhen"),
    ([an_item("g", "display"), an_item("x", enableWhen=[when("g", "exists")])], "x", "enableWhen"),
    ([an_item("x", enableWhen=[when("x", "exists")])], "x", "enableWhen"),
    ([Q, an_item("x", enableWhen=[when("q", "~")])], "x", "enableWhen"),
    ([Q, an_item("x", enableWhen=[when("q", "exists", answerInteger=3)])], "x", "enableWhen"),
    ([Q, an_item("x", enableWhen=[{"question": "q", "operator": "="}])], "x", "answer"),
    ([Q, an_item("x", enableWhen=[when("q", "=", answerReference={})])], "x", "answerReference"),
    ([Q, an_item("x", enableWhen=[when("q", "=", answerBoolean=True, answerInteger=3)])], "x", "answer"),
    ([Q, an_item("x", enableWhen=[when("q")], enableBehavior="some")], "x", "enableBehavior"),
    ([an_item("x", extension=[needed("nobody", "exists", valueBoolean=True)])], "x", "requiredWhen"),
    ([an_item("x", "question")], "x", "type"),
    ([an_item("x", "coding")], "x", "type"),
    ([an_item("x", None)], "x", "type"),  # type: ignore[arg-type]  # an item without a type
    ([an_item("x", "choice")], "x", "type choice"),
    ([an_item("x", "choice", answerOption=[])], "x", "type choice"),
    ([an_item("x", "choice", answerValueSet=" ")], "x", "type choice"),
    ([an_item("x", "choice", answerOption=[{"valueCoding": {"display": "A"}}])], "x", "valueCoding"),
    ([an_item("x", "choice", answerOption=[{"valueReference": {"reference": "a"}}])], "x", "valueReference"),
    ([an_item("x", "choice", answerOption=[an_option("a")], answerValueSet="#colours")], "x", "answerValueSet"),
    ([an_item("x", "choice", answerValueSet="#nobody")], "x", "answerValueSet"),
    ([an_item("x", "boolean", initial=[{"valueString": "a"}])], "x", "valueString"),
    ([an_item("x", "date", initial=[{"valueDate": "2026-02-30"}])], "x", "valueDate"),
    ([an_item("x", required="true")], "x", "required"),
    ([an_item("x", text=3)], "x", "text"),
    ([an_item("x", text="\ud800")], "x", "text"),
    ([an_item("x", maxLength="3")], "x", "maxLength"),
    ([an_item("x", maxLength=-1)], "x", "maxLength"),
    ([an_item("x", maxLength=None) | {"maxLength": None}], "x", "maxLength"),
    ([an_item("q", "quantity"), an_item("x", enableWhen=[when("q", ">", answerQuantity=3)])], "x", "answerQuantity"),
    ([an_item("q", "quantity"), an_item("x", enableWhen=[when("q", ">", answerQuantity={"value": 3, "unit": 3})])], "x", "answerQuantity"),
    ([an_item("q", "open-choice"), an_item("x", enableWhen=[when("q", "=", answerCoding={"code": "a", "system": "b|c"})])], "x", "answerCoding"),
    ([an_item("x", "choice", answerValueSet="#colours")], "x", "answerValueSet"),
    ([an_item("n", "choice", answerOption=[an_option("a")]), reckoned("sum", "n")], "x", "extension calculated"),
    ([an_item("x", extension={})], "x", "extension"),
    ([an_item("x", extension=[{"valueString": "a"}])], "x", "extension"),
    ([an_item("x", "display", an_item("y"))], "x", "item"),
    ([an_item("x", item=[3])], "x", "item"),
    ([an_item("x", "date", extension=[standard("minValue", valueDate="2026")])], "x", "extension minValue"),
    ([an_item("x", "dateTime", extension=[standard("minValue", valueDateTime="2026-11-24")])], "x", "extension minValue"),
    ([an_item("x", "date", extension=[standard("minValue", valueInteger=3)])], "x", "extension minValue"),
    ([an_item("x", "integer", extension=[standard("minValue", valueInteger=3), standard("maxValue", valueInteger=2)])], "x", "extension minValue"),
    ([an_item("x", maxLength=2, extension=[standard("minLength", valueInteger=3)])], "x", "extension minLength"),
    ([an_item("x", repeats=True, extension=[standard("questionnaire-minOccurs", valueInteger=3), standard("questionnaire-maxOccurs", valueInteger=2)])],
     "x", "extension questionnaire-minOccurs"),
    ([an_item("x", "attachment", extension=[standard("mimeType", valueCode="pictures")])], "x", "extension mimeType"),
    ([an_item("x", "attachment", extension=[ours("documentKind", valueCode="../front")])], "x", "extension documentKind"),
    ([an_item("x", "string", extension=[ours("documentKind", valueCode="id")])], "x", "extension documentKind"),
    ([an_item("x", extension=[ours("signature", valueCode="sung")])], "x", "extension signature"),
    ([an_item("x", extension=[ours("prefillFrom", part("source", valueCode="neighbour"))])], "x", "extension prefillFrom"),
    ([an_item("g", "group", an_item("x", extension=[ours("page", valueString="You")]))], "g/x", "extension page"),
    ([an_item("x", "integer", extension=[ours("score", valueCode="apgar")]), WEIGHED], "x", "extension score"),
    ([an_item("x", _text={"extension": [standard("translation", extension=[part("lang", valueCode="es")])]})], "x", "extension translation"),
    ([an_item("x", _text=translated(e5="x"))], "x", "extension lang"),
    ([an_item("x", "choice", answerValueSet="#gone"), an_item("y", "choice", answerValueSet="#gone")], "y", "answerValueSet"),
    ([an_item("x", repeats=True, item=[an_item("y")])], "x", "repeats"),
    ([an_item("x", repeats=True, item=[an_item("g", "group", an_item("y"))])], "x", "repeats"),
    ([an_item("g", "group", an_item("a")), an_item("g/a")], "g/a", "linkId"),
    ([an_item("g/a", "group", an_item("b")), an_item("g", "group", an_item("a/b"))], "g/a/b", "linkId"),
    ([an_item("g", "group", *PHQ, SCORE, SCORE | {"linkId": "again"})], "g/again", "extension score"),
    ([an_item("g", "group", *weighed(101), SCORE)], "g/score", "extension score"),
    ([*weighed(101), reckoned("sum", *(f"w{n}" for n in range(101)))], "x", "extension calculated"),
    ([WEIGHED, reckoned("sum", "w", "w")], "x", "extension calculated"),
    ([*weighed(100), *(reckoned("sum", *(f"w{n}" for n in range(100))) | {"linkId": f"x{n}"} for n in range(21))], "x20", "extension calculated"),
    *(([an_item(link_id)], link_id, "linkId") for link_id in ("__proto__", "med[0]", "sign[1", "p]", "p#1", "constructor", "prototype", "x" * 256)),
    ([an_item("a\nb")], "a?b", "linkId"),
    ([an_item("")], "(1)", "linkId"),
    ([Q, an_item("x", linkId=None)], "(2)", "linkId"),
    ([an_item("x", linkId=3)], "(1)", "linkId"),
    ([an_item("g", "group", Q, Q)], "g/q", "linkId"),
    ([Q, an_item("g", "group", Q)], "g/q", "linkId"),
]  # fmt: skip


@pytest.mark.parametrize(("items", "place", "feature"), REFUSED)
def test_what_is_refused_is_named_by_its_place(items: list[Json], place: str, feature: str) -> None:
    assert (place[:255], feature) in refused(*items)


NOTHING: list[Any] = [None, [], {}, [3]]


@pytest.mark.parametrize(
    ("about", "feature"),
    [
        *(({"url": url}, "url") for url in ("first-visit", "https://x.example/a|2", "https://x.example/a b", 3)),
        *(({"version": version}, "version") for version in ("a b", "1|2", 3, "x" * 65)),
        *(({"item": nothing}, "item") for nothing in NOTHING),
        ({"resourceType": "Bundle"}, "resourceType"),
        ({"modifierExtension": []}, "modifierExtension"),
        ({"extension": [standard("questionnaire-constraint")]}, "extension questionnaire-constraint"),
        ({"title": 3}, "title"),
        ({"contained": 3}, "contained"),
    ],
)
def test_a_form_that_cannot_be_named_or_has_nothing_in_it_is_refused(about: Json, feature: str) -> None:
    assert ("", feature) in refused(**({"item": [an_item("x")]} | about))


@pytest.mark.parametrize("document", [None, True, 3, "x", [], {}, {"item": []}])
def test_what_is_no_questionnaire_is_refused(document: Any) -> None:
    found = reading.read(document)
    assert (found.form, [(line.place, line.feature) for line in found.lines]) == (None, [("", "resourceType")])


# Circles.
@pytest.mark.parametrize(
    "items",
    [
        [an_item("a", enableWhen=[when("b", "exists")]), an_item("b", enableWhen=[when("a", "exists")])],
        [an_item(f"i{n}", enableWhen=[when(f"i{(n + 1) % 9}", "exists")]) for n in range(9)],
        [an_item("g", "group", an_item("a"), enableWhen=[when("a", "exists")])],
        [
            an_item("a", "string", an_item("b", enableWhen=[when("c", "exists")]), enableWhen=[when("c", "exists")]),
            an_item("c", enableWhen=[when("b", "exists")]),
        ],
    ],
)
def test_conditions_in_a_circle_are_refused(items: list[Json]) -> None:
    assert {feature for _, feature in refused(*items)} == {"enableWhen"}


def test_what_may_be_answered_in_own_words_can_be_compared_with_words() -> None:
    asked = an_item("q", "open-choice", answerOption=[an_option("a")])
    assert lines_of(asked, an_item("x", enableWhen=[when("q", "=", answerString="b")])) == ()


def test_a_circle_through_what_is_reckoned_is_refused() -> None:
    total = an_item("x", "integer", extension=[ours("calculated", part("kind", valueCode="sum"), part("of", valueString="w"))])
    assert refused(total, WEIGHED | {"enableWhen": [when("x", ">", answerInteger=1)]}) != []
    assert refused(total | {"enableWhen": [when("q")]}, Q, WEIGHED | {"enableWhen": [when("q")]}) == []


# What the form does without: (items or what is about the form, place, feature).
IGNORED: list[tuple[list[Json], Json, str, str]] = [
    ([an_item("x", extension=[{"url": f"{SDC}initialExpression"}])], {}, "x", "extension sdc-questionnaire-initialExpression"),
    ([an_item("x", extension=[{"url": f"{SDC}calculatedExpression"}])], {}, "x", "extension sdc-questionnaire-calculatedExpression"),
    ([an_item("x", extension=[standard("designNote")])], {}, "x", "extension designNote"),
    ([an_item("x", extension=[standard("designNotes")])], {}, "x", "extension designNotes"),
    ([an_item("x", extension=[{"url": "https://x.example/ours"}])], {}, "x", "extension ours"),
    ([an_item("x", extension=[standard("questionnaire-choiceOrientation", valueCode="vertical")])], {}, "x", "extension questionnaire-choiceOrientation"),
    *(([an_item("x", "group", extension=[control(code)])], {}, "x", "extension questionnaire-itemControl") for code in ("gtable", "table", "list", "grid", "help")),
    ([an_item("x", "boolean", extension=[standard("minLength", valueInteger=3)])], {}, "x", "extension minLength"),
    ([an_item("x", "boolean", maxLength=3)], {}, "x", "maxLength"),
    ([an_item("x", code=[coding("a")])], {}, "x", "code"),
    ([an_item("x", definition="a")], {}, "x", "definition"),
    ([an_item("x", answerConstraint="optionsOnly")], {}, "x", "answerConstraint"),
    ([an_item("x", _text={"extension": [standard("rendering-markdown", valueMarkdown="*x*")]})], {}, "x", "extension rendering-markdown"),
    ([an_item("x", _type={"extension": []})], {}, "x", "_type"),
    ([an_item("x", extension=[standard("questionnaire-maxOccurs", valueInteger=3)])], {}, "x", "extension questionnaire-maxOccurs"),
    ([an_item("x", "choice", answerOption=[an_option("a"), an_option("a")])], {}, "x", "answerOption"),
    ([an_item("x", "choice", answerOption=[an_option("a", extension=[{"url": "a:b"}])])], {}, "x", "extension a:b"),
    ([an_item("x", "choice", answerOption=[an_option("a")], initial=[{"valueCoding": coding("b")}])], {}, "x", "initial"),
    ([an_item("x", readOnly=True, initial=[{"valueString": "a"}, {"valueString": "b"}])], {}, "x", "initial"),
    ([an_item("x", readOnly=True, repeats=True, initial=[{"valueString": "a"}, {"valueString": "b"}])], {}, "x", "initial"),
    ([an_item("x", initial=[{"valueString": "a"}])], {}, "x", "initial"),
    ([an_item("x", "choice", answerOption=[an_option("a", initialSelected=True)])], {}, "x", "initial"),
    ([an_item("x", "group", an_item("y", "boolean", initial=[{"valueBoolean": True}]))], {}, "x/y", "initial"),
    ([an_item("x", "choice", readOnly=True, answerOption=[an_option("a", initialSelected=True)], initial=[{"valueCoding": coding("a", system="s")}])],
     {}, "x", "initialSelected"),
    ([reckoned("sum", "w") | {"initial": [{"valueDecimal": 2}]}, WEIGHED], {}, "x", "initial"),
    *(([an_item("x", kind, extension=[control(code)])], {}, "x", "extension questionnaire-itemControl")
      for kind, code in (("integer", "slider"), ("string", "autocomplete"), ("boolean", "check-box"), ("string", "drop-down"), ("boolean", "page"))),
    *(([an_item("x", "choice", answerOption=[an_option("a")], extension=[control(code)])], {}, "x", "extension questionnaire-itemControl")
      for code in ("check-box", "autocomplete")),
    *(([an_item("x", "choice", repeats=True, answerOption=[an_option("a")], extension=[control(code)])], {}, "x", "extension questionnaire-itemControl")
      for code in ("drop-down", "radio-button", "slider")),
    ([an_item("x", extension=[standard("questionnaire-itemControl", valueCodeableConcept={"text": "wide"})])], {}, "x", "extension questionnaire-itemControl"),
    ([an_item("x", "group", an_item("y", "group", an_item("z"), extension=[control("page")]))], {}, "x/y", "extension questionnaire-itemControl"),
    ([an_item("x", "group", an_item("y", "group", an_item("z"), extension=[ours("page", valueString="You")]))], {}, "x/y", "extension page"),
    ([an_item("x", "quantity", initial=[{"valueQuantity": {"value": 3}}])], {}, "x", "initial"),
    ([an_item("x", "display", required=True)], {}, "x", "required"),
    ([an_item("x", "group", an_item("y"), required=True)], {}, "x", "required"),
    ([an_item("x")], {"extension": [standard("variable")]}, "", "extension variable"),
    ([an_item("x")], {"extension": [{"url": f"{SDC}launchContext"}]}, "", "extension sdc-questionnaire-launchContext"),
    *(([an_item("x")], {name: []}, "", name) for name in ("code", "derivedFrom", "useContext", "text", "implicitRules", "nonsense")),
]  # fmt: skip


@pytest.mark.parametrize(("items", "about", "place", "feature"), IGNORED)
def test_what_is_left_aside_is_told(items: list[Json], about: Json, place: str, feature: str) -> None:
    assert told(Verdict.IGNORED, *items, **about) == [(place, feature)]
    assert form_of(*items, **about).items[0].link_id == "x"


def test_what_patients_never_see_is_not_told() -> None:
    about: Json = {
        "id": "a",
        "meta": {},
        "publisher": "a",
        "contact": [],
        "date": "2026",
        "subjectType": ["Patient"],
        "purpose": "a",
        "experimental": True,
    }
    assert lines_of(an_item("x"), **about) == ()


@pytest.mark.parametrize("status", [None, "unknown", "live"])
def test_a_form_that_is_not_in_use_is_a_draft(status: str | None) -> None:
    assert form_of(an_item("x"), status=status).status is PublicationStatus.DRAFT
    assert told(Verdict.WORKS, an_item("x"), status=status) == [("", "status")]


# Levels: the highest that any feature needs.
@pytest.mark.parametrize(
    ("items", "level"),
    [
        ([an_item("g", "group", Q, an_item("x", "text", enableWhen=[when("q", "exists")]), WEIGHED)], "L0"),
        ([an_item("x", repeats=True)], "L1"),
        ([an_item("x", "string", an_item("y"))], "L1"),
        *(([an_item("x", kind)], "L1") for kind in ("open-choice", "quantity", "dateTime", "time", "url", "attachment")),
        ([an_item("q", "integer"), an_item("x", enableWhen=[when("q", ">", answerInteger=1)])], "L1"),
        ([an_item("x", maxLength=3)], "L1"),
        ([an_item("x", extension=[standard("regex", valueString="a")])], "L1"),
        ([an_item("g", "group", an_item("x", "time"), repeats=True)], "L2"),
        ([an_item("x", "choice", answerValueSet="https://x.example/a")], "L3"),
        ([an_item("x", extension=[{"url": f"{SDC}initialExpression"}])], "L4"),
        ([WEIGHED, reckoned("sum", "w")], "L4"),
        ([an_item("x", extension=[{"url": f"{SDC}enableWhenExpression"}]), an_item("y", "time")], "L5"),
        ([an_item("x", extension=[{"url": f"{SDC}subQuestionnaire"}, {"url": f"{SDC}enableWhenExpression"}])], "rest"),
        ([an_item("x", "reference")], "rest"),
    ],
)
def test_the_level_is_the_highest_that_is_needed(items: list[Json], level: str) -> None:
    assert reading.read(a_questionnaire(*items)).level == level
    listed = reading.read(a_questionnaire(an_item("x", "choice", answerValueSet="#colours"), contained=[a_list("red")]))
    assert listed.level == "L1"


def test_lines_are_few_however_much_is_wrong() -> None:
    found = reading.read(a_questionnaire(*(an_item(f"x{n}", code=[], required=3) for n in range(1500))))
    assert len(found.lines) == 1000
    assert [line.place for line in found.lines[:4]] == ["x0", "x0", "x1", "x1"]


def test_a_reading_can_be_written_down() -> None:
    found = reading.read(
        a_questionnaire(*BESIDE, *(extended(kind, each) | {"linkId": f"x{n}"} for n, (kind, each, _) in enumerate(EXTENSIONS)))
    )
    assert found.form
    assert msgspec.json.decode(msgspec.json.encode(found), type=type(found)) == found
    assert STANDARD not in str(found.lines)


@pytest.mark.parametrize("missing", [None, ""])
def test_a_form_that_has_no_url_and_no_version_gets_them_from_us(missing: Any) -> None:
    """Four of five public forms have none."""
    found = reading.read(a_questionnaire(an_item("x"), url=missing, version=missing, name="FirstVisit"))
    assert found.form
    assert found.form.canonical == "https://anteroom.example/fhir/Questionnaire/firstvisit|0"
    assert [(line.verdict, line.feature) for line in found.lines] == [(Verdict.WORKS, "url"), (Verdict.WORKS, "version")]


def test_link_ids_of_panels_may_hold_strokes() -> None:
    """LOINC's panels are named so."""
    found = reading.read(a_questionnaire(an_item("/54126-8/54137-5"), an_item("/54126-8", "group", an_item("/54126-8/54138-3"))))
    assert found.form
    assert [item.link_id for item in found.form.items] == ["/54126-8/54137-5", "/54126-8"]

"""Nothing that can be sent as a form breaks the reading of it, and what comes out of it can be decided and written down."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.intake.records import OURS, Form, Item, ItemType, Kind, Operator, Reading, Verdict
from chalicelib.intake.rules import deciding, differing, reading
from chalicelib.intake.rules.reading.report import LEVELS
from tests.intake.trying import tries
from tests.intake.written import STANDARD, Json, a_list, a_questionnaire, an_item, an_option, coding, ours, part, standard, translated, when

TODAY = "2026-11-24"


def good() -> Json:
    """A form with something of everything."""
    weighed = [
        an_item(
            f"q{n}", "choice", answerOption=[an_option("no", 0), an_option("yes", 1, extension=[standard("ordinalValue", valueDecimal=1)])]
        )
        for n in range(3)
    ]
    needs = ours(
        "requiredWhen", part("question", valueString="born"), part("operator", valueCode="exists"), part("answer", valueBoolean=True)
    )
    body = ours("calculated", part("kind", valueCode="bmi"), part("of", valueString="kg"), part("of", valueString="cm"))
    helping = an_item("h", "display", extension=[standard("questionnaire-itemControl", valueCodeableConcept={"coding": [coding("help")]})])
    return a_questionnaire(
        an_item("born", "date", helping, text="Born", _text=translated(es="Nacimiento"), extension=[standard("maxValue", valueDate=TODAY)]),
        an_item("zip", extension=[standard("regex", valueString=r"\d{5}"), needs, ours("sensitive", valueBoolean=True)], maxLength=5),
        an_item(
            "g",
            "group",
            *weighed,
            an_item("score", "integer", readOnly=True, extension=[ours("score", valueCode="audit-c")]),
            an_item("kg", "decimal", enableWhen=[when("born", ">", answerDate="1900-01-01"), when("q1", "!=", answerCoding=coding("no"))]),
            an_item("cm", "quantity", extension=[standard("questionnaire-unitOption", valueCoding=coding("cm"))]),
            extension=[ours("page", valueString="Body", _valueString=translated(es="Cuerpo"))],
        ),
        an_item(
            "many",
            "group",
            an_item("what", "choice", readOnly=True, answerValueSet="#colours", initial=[{"valueCoding": coding("red", system="s")}]),
            repeats=True,
        ),
        an_item("bmi", "decimal", extension=[body], enableWhen=[when("q0", "exists"), when("q2", "exists")], enableBehavior="all"),
        an_item("card", "attachment", extension=[standard("mimeType", valueCode="image/jpeg"), ours("documentKind", valueCode="id")]),
        contained=[a_list("red", "blue")],
        language="en",
        _title=translated(es="Primera visita"),
    )


def places(part_of: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every part of a document, but the whole."""
    if path:
        yield path
    for key in part_of if isinstance(part_of, dict) else range(len(part_of)) if isinstance(part_of, list) else ():
        yield from places(part_of[key], (*path, key))


PLACES = list(places(good()))
NAMES = sorted({key for path in PLACES for key in path if isinstance(key, str)} | {f"value{kind}" for kind in Kind})
WORDS = [
    *ItemType,
    *Operator,
    "all",
    "any",
    "",
    "#colours",
    "#",
    "q0",
    "born",
    "g",
    "es",
    "e-s",
    "1",
    "2026-02-30",
    "sum",
    "phq-9",
    "question",
    "reference",
    "\ud800",
]
URLS = [
    *(OURS + name for name in ("page", "score", "calculated", "redFlag", "requiredWhen")),
    STANDARD + "translation",
    STANDARD + "regex",
    "cqf-expression",
]
BASIC = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, 1, -1, 2**31, 10**400, 10**4000, -(10**400), 1e308, float("inf"), float("nan"), 0.1])
    | st.floats()
    | st.text(st.characters(), max_size=12)
    | st.sampled_from([*WORDS, *URLS, "x" * 10_001, "/" * 300])
)
ANYTHING = st.recursive(
    BASIC,
    lambda below: (
        st.lists(below, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(st.characters(), max_size=6), below, max_size=5)
    ),
    max_leaves=25,
)


LINK_IDS = st.sampled_from(["a", "b", "c", "a/b", "b/c", "a/b/c", "/a", "a[0]", "a]", "a#1"])
OUTLINES = st.lists(
    st.recursive(
        st.builds(an_item, LINK_IDS, st.sampled_from(["string", "group"]), repeats=st.booleans()),
        lambda below: st.builds(
            lambda link_id, items, repeats: an_item(link_id, "group", *items, repeats=repeats),
            LINK_IDS,
            st.lists(below, max_size=3),
            st.booleans(),
        ),
        max_leaves=4,
    ),
    min_size=1,
    max_size=4,
)


def sound(found: Reading) -> None:
    """What is true of every reading."""
    refusals = [line for line in found.lines if line.verdict is Verdict.REFUSED]
    assert (found.form is None) == bool(refusals)
    assert found.level in LEVELS
    assert all(line.why.endswith((".", "code.")) and len(line.feature) <= 64 for line in found.lines)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Reading) == found
    if found.form:
        usable(found.form)


def usable(form: Form) -> None:
    """That nothing in it is nameless or twice, and that it can be decided."""
    ids = [item.link_id for item in below(form.items)]
    assert len(set(ids)) == len(ids) <= 2000
    assert all(form.title.values())
    given = [{"linkId": link_id, "answer": [{"valueString": "x"}]} for link_id in ids]
    for answers in ([], given):
        deciding.decide(form.items, answers, TODAY, complete=True)


def below(items: tuple[Item, ...]) -> Iterator[Item]:
    """All items, in their order."""
    for item in items:
        yield item
        yield from below(item.items)


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The same document, with something else in one place."""
    found = copy.deepcopy(document)
    at = found
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return found


def test_the_good_one_is_good() -> None:
    found = reading.read(good())
    sound(found)
    assert found.form
    assert [(line.place, line.feature) for line in found.lines] == [
        ("g/kg", "enableWhen !="),
        ("g/kg", "enableBehavior"),
        ("g/kg", "enableWhen"),
    ]


@tries(60)
@given(ANYTHING)
def test_anything_at_all_is_read(document: Any) -> None:
    sound(reading.read(document))


@tries(60)
@given(st.dictionaries(st.sampled_from(NAMES), ANYTHING), st.lists(ANYTHING, max_size=4))
def test_anything_in_a_form_is_read(about: dict[str, Any], items: list[Any]) -> None:
    sound(reading.read(a_questionnaire(*items) | about | {"resourceType": "Questionnaire"}))


@tries(60)
@example(("item",), [])
@given(st.sampled_from(PLACES), ANYTHING)
def test_a_good_form_with_anything_in_one_place_is_read(path: tuple[Any, ...], value: Any) -> None:
    sound(reading.read(replaced(good(), path, value)))


@tries(60)
@given(st.sampled_from(PLACES), st.sampled_from(NAMES), ANYTHING)
def test_a_good_form_with_anything_added_in_one_place_is_read(path: tuple[Any, ...], name: str, value: Any) -> None:
    sound(reading.read(replaced(good(), path, {name: value})))


@tries(60)
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES)), min_size=1, max_size=3))
def test_a_good_form_with_its_own_parts_in_other_places_is_read(moves: list[tuple[tuple[Any, ...], tuple[Any, ...]]]) -> None:
    document = good()
    for source, target in moves:
        try:
            part_of = document
            for key in source:
                part_of = part_of[key]
            document = replaced(document, target, copy.deepcopy(part_of))
        except (LookupError, TypeError):
            continue
    sound(reading.read(document))


@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_a_good_form_with_any_of_some_values_in_any_place_is_read(path: tuple[Any, ...]) -> None:
    values: list[Any] = [
        None,
        True,
        -1,
        10**5000,
        float("nan"),
        "",
        "\ud800",
        "x" * 10_001,
        [],
        {},
        [None],
        [[]],
        [{}],
        {"extension": [{"url": 3}]},
    ]
    for value in values:
        found = reading.read(replaced(good(), path, value))
        assert (found.form is None) == any(line.verdict is Verdict.REFUSED for line in found.lines)
        sound(found)


@tries(100)
@given(OUTLINES)
def test_every_answer_of_a_form_that_is_taken_has_a_place_of_its_own(items: list[Json]) -> None:
    found = reading.read(a_questionnaire(*items))
    if found.form is None:
        assert any(line.feature in ("linkId", "item", "repeats") for line in found.lines)
        return
    paths = [path for path, _ in differing.walked(found.form.items)]
    assert len(set(paths)) == len(paths)
    assert [differing.place(path) for path in paths] == paths
    assert not any("#" in path for path in paths)


@pytest.mark.parametrize("name", ["item", "extension", "contained", "contains", "modifierExtension"])
def test_what_goes_very_deep_is_read(name: str) -> None:
    deep: Any = {}
    for _ in range(50_000):
        deep = {name: [deep], "linkId": "x", "type": "group", "url": "a", "code": "c"}
    try:
        lists = [{"resourceType": "ValueSet", "id": "c", "expansion": deep}]
        listed = a_questionnaire(an_item("x", "choice", answerValueSet="#c"), contained=lists)
        for document in (a_questionnaire(deep), listed, a_questionnaire() | deep, listed | deep):
            assert reading.read(document | {"resourceType": "Questionnaire"}).level
    finally:
        while deep:  # taken apart from above, since Python would do it from within
            deep = deep[name][0] if deep[name] else None

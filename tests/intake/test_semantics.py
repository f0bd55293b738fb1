"""The ten points of what forms mean: tables of forms, answers and what follows. Reading them from FHIR is tests/intake/test_reading.py's."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.intake.records import Calculation, Item, Kind, Option, Sum
from chalicelib.intake.rules import answers, deciding
from tests.intake.makers import an_item, asked, decided, group, of, options, said, when, wrong

YES = when("q")
SMOKER = [an_item("q", "boolean"), an_item("much", "integer", when=(YES,), required=True)]


# 1. Several conditions: any of them, or all.
@pytest.mark.parametrize(
    ("any_of", "first", "second", "is_asked"),
    [
        (True, True, False, True),
        (True, False, True, True),
        (True, False, False, False),
        (False, True, False, False),
        (False, True, True, True),
    ],
)
def test_any_or_all_of_several_conditions(*, any_of: bool, first: bool, second: bool, is_asked: bool) -> None:
    items = [an_item("a", "boolean"), an_item("b", "boolean"), an_item("c", when=(when("a"), when("b")), any_of=any_of)]
    assert ("c" in asked(items, said("a", first), said("b", second))) is is_asked


# 2. The operators; "different" is so where nothing was answered.
OPERATORS = [
    ("integer", when("q", "=", 3), [3], True),
    ("integer", when("q", "=", 3), [4], False),
    ("integer", when("q", "=", 3), [], False),
    ("integer", when("q", "!=", 3), [4], True),
    ("integer", when("q", "!=", 3), [3], False),
    ("integer", when("q", "!=", 3), [], True),
    ("integer", when("q", ">", 3), [4], True),
    ("integer", when("q", ">", 3), [3], False),
    ("integer", when("q", ">", 3), [], False),
    ("integer", when("q", "<", 3), [2], True),
    ("integer", when("q", ">=", 3), [3], True),
    ("integer", when("q", "<=", 3), [4], False),
    ("decimal", when("q", ">", 3, Kind.DECIMAL), [3.5], True),
    ("boolean", when("q", "exists", True), [False], True),
    ("boolean", when("q", "exists", True), [], False),
    ("boolean", when("q", "exists", False), [], True),
    ("boolean", when("q", "exists", False), [True], False),
    ("string", when("q", "=", "red"), ["red"], True),
    ("string", when("q", "=", "red"), ["Red"], False),
    ("string", when("q", ">", "a"), ["b"], False),
    ("date", when("q", ">", "2000-01-01", Kind.DATE), [of("Date", "2000-01-02")], True),
    ("date", when("q", "<", "2000-01-01", Kind.DATE), [of("Date", "1999-12-31")], True),
    # Dates that are not as exact as each other: what both say decides, where it differs.
    ("date", when("q", ">", "2000-01-01", Kind.DATE), [of("Date", "2001")], True),
    ("date", when("q", ">", "2000-01-01", Kind.DATE), [of("Date", "2000")], False),
    ("date", when("q", "<=", "2000-01-01", Kind.DATE), [of("Date", "2000")], False),
    ("date", when("q", ">", "2000", Kind.DATE), [of("Date", "2020-05-01")], True),
    ("date", when("q", ">=", "2020-04", Kind.DATE), [of("Date", "2020-05-01")], True),
    ("date", when("q", "<", "2020-05", Kind.DATE), [of("Date", "2020-05-01")], False),
    ("date", when("q", "=", "2020", Kind.DATE), [of("Date", "2020-05-01")], False),
    ("date", when("q", "!=", "2020", Kind.DATE), [of("Date", "2020-05-01")], True),
    ("date", when("q", ">", "2020-02-30", Kind.DATE), [of("Date", "2021")], False),
    ("dateTime", when("q", "<", "2026-11-24T12:00:00Z", Kind.DATE_TIME), [of("DateTime", "2026-10")], True),
    ("dateTime", when("q", ">", "2026-11-23", Kind.DATE_TIME), [of("DateTime", "2026-11-24T12:00:00Z")], True),
    ("dateTime", when("q", ">=", "2026-11-24", Kind.DATE_TIME), [of("DateTime", "2026-11-24T12:00:00Z")], False),
    ("time", when("q", ">=", "08:00", Kind.TIME), [of("Time", "08:00:00")], True),
    ("dateTime", when("q", "=", "2026-11-24T12:00:00Z", Kind.DATE_TIME), [of("DateTime", "2026-11-24T07:00:00-05:00")], True),
    ("dateTime", when("q", ">", "2026-11-24T12:00:00Z", Kind.DATE_TIME), [of("DateTime", "2026-11-24T07:00:01-05:00")], True),
    ("quantity", when("q", ">", 38.0, Kind.QUANTITY, "Cel"), [of("Quantity", {"value": 38.5, "code": "Cel"})], True),
    ("quantity", when("q", ">", 38.0, Kind.QUANTITY, "Cel"), [of("Quantity", {"value": 100.5, "code": "[degF]"})], False),
    ("choice", when("q", "=", "|a", Kind.CODING), ["|a"], True),
    ("choice", when("q", ">", "|a", Kind.CODING), ["|b"], False),
    ("open-choice", when("q", "=", "|a", Kind.CODING), ["a"], False),
]


@pytest.mark.parametrize(("kind", "condition", "values", "is_asked"), OPERATORS)
def test_an_operator_says_so(kind: str, condition: Any, values: list[Any], is_asked: bool) -> None:
    items = [an_item("q", kind), an_item("then", when=(condition,))]
    assert ("then" in asked(items, *([said("q", *values)] if values else []))) is is_asked


@pytest.mark.parametrize(
    ("operator", "values", "is_asked"),
    [("=", ["|a", "|b"], True), ("!=", ["|a", "|b"], False), ("!=", ["|b", "|c"], True), ("=", ["|b", "|c"], False)],
)
def test_of_several_answers_one_is_enough_and_none_may_be_for_different(operator: str, values: list[str], is_asked: bool) -> None:
    items = [
        an_item("q", "choice", repeats=True, options=options("a", "b", "c")),
        an_item("then", when=(when("q", operator, "|a", Kind.CODING),)),
    ]
    assert ("then" in asked(items, said("q", *values))) is is_asked


# 3. The nearest occurrence: above, in the same repetition, before, after.
MEDICINES = [
    an_item(
        "medicine",
        "group",
        an_item("taken", "boolean"),
        an_item("dose", "group", an_item("strong", when=(when("taken"),))),
        repeats=True,
    ),
    an_item("after", when=(when("taken"),)),
]


def test_a_repetition_asks_of_itself_alone() -> None:
    given = [group("medicine", said("taken", False)), group("medicine", said("taken", True))]
    assert asked(MEDICINES, *given) == [
        *("medicine", "medicine[0]/taken", "medicine[0]/dose"),
        *("medicine[1]/taken", "medicine[1]/dose", "medicine[1]/dose/strong", "after"),
    ]


def test_from_outside_the_last_repetition_before_counts() -> None:
    assert "after" not in asked(MEDICINES, group("medicine", said("taken", True)), group("medicine", said("taken", False)))


def test_what_stands_above_counts_before_what_stands_elsewhere() -> None:
    below = an_item("why", when=(when("hurts"),))
    items = [an_item("hurts", "boolean", below, repeats=True)]
    given = {"linkId": "hurts", "answer": [{"valueBoolean": True, "item": []}]}
    assert asked(items, given) == ["hurts", "hurts[0]/why"]


def test_a_later_question_counts_where_none_is_before() -> None:
    items = [an_item("first", when=(when("last"),)), an_item("last", "boolean")]
    assert asked(items, said("last", True)) == ["first", "last"]


# 4. What is not asked hides all below it, wants nothing, and counts as absent for all others.
def test_what_is_not_asked_is_not_required() -> None:
    assert wrong(SMOKER, said("q", False)) == []
    assert wrong(SMOKER, said("q", True)) == [("much", "required")]


def test_below_what_is_not_asked_nothing_is() -> None:
    items = [
        an_item("q", "boolean"),
        an_item("g", "group", an_item("a", required=True), an_item("h", "group", an_item("b", required=True)), when=(YES,)),
    ]
    assert asked(items, said("q", False)) == ["q"]
    assert wrong(items, said("q", True)) == [("g/a", "required"), ("g/h/b", "required")]


def test_an_answer_to_what_is_not_asked_counts_for_nobody_however_long_the_chain() -> None:
    chain = [an_item("q0", "boolean"), *(an_item(f"q{n}", "boolean", when=(when(f"q{n - 1}"),)) for n in range(1, 9))]
    given = [said(f"q{n}", True) for n in range(9)]
    assert asked(chain, *given) == [f"q{n}" for n in range(9)]
    given[2] = said("q2", False)
    assert asked(chain, *given) == ["q0", "q1", "q2"]
    assert wrong(chain, *given) == [(f"q{n}", "not-asked") for n in range(3, 9)]


def test_an_answer_that_is_not_asked_for_makes_no_sum() -> None:
    weighed = an_item("w", "choice", options=options("a", "b", ordinals=True), when=(YES,))
    items = [an_item("q", "boolean"), weighed, an_item("sum", "integer", calculated=Calculation(kind=Sum.ORDINALS, of=("w",)))]
    assert decided(items, said("q", True), said("w", "|b"))["sum"].value == 1
    assert decided(items, said("q", False), said("w", "|b"))["sum"].value is None


# 5. A draft may lack what is required, and nothing else.
@pytest.mark.parametrize(
    ("item", "values", "in_a_draft", "at_the_end"),
    [
        (an_item("q", required=True), [], [], ["required"]),
        (an_item("q", min_occurs=2, repeats=True), ["a"], [], ["too-few"]),
        (an_item("q", max_length=2), ["abc"], ["too-long"], ["too-long"]),
        (an_item("q", "choice", options=options("a")), ["|b"], ["option"], ["option"]),
        (an_item("q"), ["a", "b"], ["too-many"], ["too-many"]),
        (an_item("q", "boolean", permission=True, required=True), [], [], ["required"]),
        (an_item("q", "boolean", permission=True, required=True), [False], [], []),
        (an_item("q", "boolean", consent=True, required=True), [False], [], ["consent"]),
        (an_item("q", "boolean", consent=True, min_occurs=1), [False], [], ["consent"]),
        (an_item("q", "boolean", consent=True, required_when=(when("other", "exists", False),)), [False], [], ["consent"]),
        (an_item("q", "boolean", consent=True, required_when=(when("other", "exists"),)), [False], [], []),
    ],
)
def test_a_draft_lacks_what_a_finished_form_may_not(item: Item, values: list[Any], in_a_draft: list[str], at_the_end: list[str]) -> None:
    given = [said("q", *values)] if values else []
    assert [code for _, code in wrong([item], *given, complete=False)] == in_a_draft
    assert [code for _, code in wrong([item], *given)] == at_the_end


# What is no date at all, as FHIR writes them; a day that no month has is told as others are that are wrong.
MOMENTS = [
    *(("date", "Date", text) for text in ("banana", "2026-11-24T10:00:00Z", "2026-13-01", "2026-1-1", "0000", "24.11.2026", "２０２６")),
    *(("dateTime", "DateTime", text) for text in ("banana", "2026-11-24T10:00:00", "2026-11-24T10:00Z", "2026-11-24 10:00:00Z")),
    *(("time", "Time", text) for text in ("banana", "8:00:00", "08:00", "24:00:00", "08:00:00Z", "08:00:00." + "1" * 999)),
]


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ([said("nobody", "x")], [("nobody", "unknown")]),
        ([said("__proto__", "x")], [("__proto__", "unknown")]),
        ([said("q", 3)], [("q", "wrong-type")]),
        ([said("q", of("String", 3))], [("q", "wrong-type")]),
        ([said("q", "a"), said("q", "b")], [("q", "twice")]),
        ([{"linkId": "q", "item": []}], [("q", "misplaced")]),
        ([{"linkId": "g", "answer": []}], [("g", "misplaced")]),
        ([said("d", "x")], [("d", "misplaced")]),
        ([{"answer": []}], [("item", "unreadable")]),
        (["q"], [("item", "unreadable")]),
        ({"linkId": "q"}, [("item", "unreadable")]),
        ([{"linkId": "q", "answer": {"valueString": "x"}}], [("q", "unreadable")]),
        ([{"linkId": "q", "answer": [{"valueString": "x", "valueInteger": 3}]}], [("q", "unreadable")]),
        ([{"linkId": "q", "answer": [{}]}], [("q", "unreadable")]),
        ([said("q", *(["x"] * 201))], [("q", "too-many")]),
        ([said("q", "x" * 10_001)], [("q", "too-long")]),
        ([said("q", "  ")], [("q", "wrong-type")]),
        ([said("q", "x", below=[said("nobody", "y")])], [("q/nobody", "unknown")]),
        ([said("n", of("Integer", True))], [("n", "wrong-type")]),
        ([said("n", of("Integer", 2.5))], [("n", "wrong-type")]),
        ([said("n", of("Integer", 2**31))], [("n", "wrong-type")]),
        *([([said(kind, of(name, text))], [(kind, "wrong-type")]) for kind, name, text in MOMENTS]),
        *([([said("x", of("Decimal", number))], [("x", "wrong-type")]) for number in (1e308, -1e308, 1.1e15, 10**400, -(10**400))]),
        ([said("n", of("Integer", 10**400))], [("n", "wrong-type")]),
        ([said("y", of("Quantity", {"value": 1e308}))], [("y", "wrong-type")]),
        ([said("o", of("Coding", {"system": "s" * 250, "code": "c" * 6}))], [("o", "wrong-type")]),
        ([said("o", of("Coding", {"system": "s" * 250, "code": "c" * 5}))], []),
        ([said("f", of("Attachment", {"url": "https://elsewhere.example/x"}))], [("f", "wrong-type")]),
        ([said("f", of("Attachment", {"data": "AAAA"}))], [("f", "wrong-type")]),
    ],
)
def test_what_is_no_answer_is_refused_by_its_place_even_in_a_draft(given: Any, refused: list[tuple[str, str]]) -> None:
    kinds = {"g": "group", "d": "display", "n": "integer", "f": "attachment", "x": "decimal", "y": "quantity", "o": "open-choice"}
    items = [an_item("q"), *(an_item(*each) for each in kinds.items()), *(an_item(each, each) for each in ("date", "dateTime", "time"))]
    taken = answers.take(items, given, "en")
    assert list(taken.refused) == refused


# 6. Codings are the same by system and code; what they are called is the form's to say.
def test_a_coding_is_called_what_the_form_calls_it() -> None:
    choice = an_item("q", "choice", options=(Option(value="s|a", text={"en": "Apple", "es": "Manzana"}),))
    lie = {"valueCoding": {"system": "s", "code": "a", "display": "<b>Pear</b>", "userSelected": True}}
    taken = answers.take([choice], [{"linkId": "q", "answer": [lie]}], "es")
    assert taken.items == [{"linkId": "q", "answer": [{"valueCoding": {"system": "s", "code": "a", "display": "Manzana"}}]}]
    assert wrong([choice], {"linkId": "q", "answer": [{"valueCoding": {"system": "t", "code": "a"}}]}) == [("q", "option")]


# 8. Only raw answers count: what is hidden, read-only or reckoned is recomputed, never accepted.
@pytest.mark.parametrize(
    "about",
    [
        {"hidden": True, "initial": (Option(kind=Kind.INTEGER, value=7),)},
        {"read_only": True, "initial": (Option(kind=Kind.INTEGER, value=7),)},
    ],
)
def test_what_is_not_the_patients_to_say_is_refused_and_stays_what_it_is(about: dict[str, Any]) -> None:
    items = [an_item("q", "integer", **about), an_item("then", when=(when("q", "=", 7),))]
    assert decided(items)["q"].value == 7
    assert asked(items) == ["q", "then"]
    assert wrong(items, said("q", 9)) == [("q", "not-yours")]
    assert decided(items, said("q", 9))["q"].value == 7


BODY = [
    an_item("kg", "decimal"),
    an_item("cm", "decimal"),
    an_item("bmi", "decimal", calculated=Calculation(kind=Sum.BMI, of=("kg", "cm"))),
]


@pytest.mark.parametrize(
    ("kilograms", "centimetres", "bmi"),
    [
        *((70.0, 175.0, 22.9), (80.5, 180.0, 24.8), (0.0, 175.0, None), (70.0, 0.0, None), (70.0, None, None), (-3.0, 175.0, None)),
        *((70.0, 1e-200, None), (70.0, 5e-324, None), (1e308, 1.0, None), (1e15, 1e-160, None), (5e-324, 175.0, 0.0)),
    ],
)
def test_a_body_mass_index_is_reckoned(kilograms: float, centimetres: float | None, bmi: float | None) -> None:
    given = [said("kg", kilograms), *([said("cm", centimetres)] if centimetres is not None else [])]
    assert decided(BODY, *given)["bmi"].value == bmi


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ("1990-11-24", 36),
        ("1990-11-25", 35),
        ("2026-11-24", 0),
        ("2026-11-25", None),
        ("1990", None),
        ("1990-02-30", None),
        ("2024-02-29", 2),
    ],
)
def test_an_age_is_reckoned_in_whole_years(born: str, age: int | None) -> None:
    items = [an_item("born", "date"), an_item("age", "integer", calculated=Calculation(kind=Sum.AGE, of=("born",)))]
    assert decided(items, said("born", of("Date", born)))["age"].value == age


# 9. A pattern matches the whole answer; what is very long is not even tried.
@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("[0-9]{5}", "06510", True),
        ("[0-9]{5}", "06510-1", False),
        ("a|b", "ab", False),
        ("a|b", "b", True),
        ("[a-z]*", "x" * 250, True),
        ("[a-z]*", "x" * 251, False),
        ("[a-z]+", "é", False),
    ],
)
def test_a_pattern_matches_all_of_an_answer(pattern: str, text: str, *, matches: bool) -> None:
    assert wrong([an_item("q", pattern=pattern)], said("q", text)) == ([] if matches else [("q", "pattern")])


# 10. Limits, before anything is parsed and while it is taken apart.
def test_what_goes_too_deep_or_is_too_much_is_refused() -> None:
    deep = an_item("q")
    given: dict[str, Any] = said("q", "x")
    for _ in range(30):
        deep, given = an_item("q", "string", deep), said("q", "x", below=[given])
    assert [code for _, code in answers.take([deep], [given], "en").refused] == ["too-deep"]
    many = an_item("g", "group", an_item("q"), repeats=True)
    assert answers.take([many], [group("g", said("q", "x"))] * 200, "en").refused == ()
    assert answers.take([many], [group("g", said("q", "x"))] * 1500, "en").refused == (("g", "too-many"),)
    others = [an_item(f"g{n}", "group", an_item(f"q{n}"), repeats=True) for n in range(15)]
    rows = [group(f"g{n}", said(f"q{n}", "x")) for n in range(15) for _ in range(100)]
    assert [code for _, code in answers.take(others, rows, "en").refused][:1] == ["too-many"]


def test_repetitions_of_what_is_much_to_decide_are_fewer() -> None:
    rows, needed = [group("g")] * 200, (when("other", "exists"),) * 10
    for below, is_taken in (([an_item(f"i{n}") for n in range(90)], True), ([an_item(f"i{n}") for n in range(120)], False)):
        wide = an_item("g", "group", an_item("h", "group", *below), repeats=True)
        assert (answers.take([wide], rows, "en").refused == ()) is is_taken
    tied = an_item("g", "group", *(an_item(f"i{n}", when=needed) for n in range(40)), repeats=True)
    assert answers.take([tied], rows, "en").refused == (("g", "too-many"),)
    long = an_item("g", "group", an_item("c", "choice", options=options(*map(str, range(10_000)))), repeats=True)
    assert answers.take([long], [group("g", said("c", "|1"))] * 90, "en").refused == ()
    several = an_item("g", "group", an_item("c", "choice", repeats=True, options=options(*map(str, range(10_000)))), repeats=True)
    assert answers.take([several], [group("g", said("c", *(["|1"] * 9)))] * 30, "en").refused == (("g", "too-many"),)


def calls(count: int, form: Callable[[int], list[Item]], given: Callable[[int], list[dict[str, Any]]]) -> int:
    """How many functions of ours deciding calls for a form of that size."""
    found, items, answered = Counter[str](), form(count), given(count)

    def note(frame: Any, event: str, _: Any) -> None:
        found[event] += "/rules/" in frame.f_code.co_filename

    sys.setprofile(note)
    try:
        deciding.decide(items, answered, "2026-11-24", complete=True)
    finally:
        sys.setprofile(None)
    return found["call"]


CHOICES = an_item("c", "choice", options=options("a", "b", ordinals=True))
LARGE: dict[str, tuple[Callable[[int], list[Item]], Callable[[int], list[dict[str, Any]]]]] = {
    "conditions on the first": (lambda n: [an_item("q"), *(an_item(f"x{i}", when=(when("q", "exists"),)) for i in range(n))], lambda _: []),
    "conditions on the one before": (
        lambda n: [an_item("x0"), *(an_item(f"x{i}", when=(when(f"x{i - 1}", "exists", False),)) for i in range(1, n))],
        lambda _: [],
    ),
    "rows that ask for what is outside": (
        lambda _: [an_item("q", "boolean"), an_item("g", "group", an_item("x", when=(YES,)), repeats=True)],
        lambda n: [said("q", True), *[group("g", said("x", "a"))] * n],
    ),
    "rows that ask for other rows": (
        lambda _: [an_item("g", "group", an_item("q"), repeats=True), an_item("h", "group", an_item("x", when=(when("q", "exists"),)), repeats=True)],
        lambda n: [*[group("g", said("q", "a"))] * n, *[group("h", said("x", "a"))] * n],
    ),
    "sums in rows of other rows": (
        lambda _: [
            an_item("g", "group", CHOICES, repeats=True),
            an_item("h", "group", an_item("s", "integer", calculated=Calculation(kind=Sum.ORDINALS, of=("c",))), repeats=True),
        ],
        lambda n: [*[group("g", said("c", "|b"))] * n, *[group("h")] * n],
    ),
    "rows that ask for one of many answers": (
        lambda _: [an_item("q", repeats=True), an_item("g", "group", an_item("x", when=(when("q", "=", "b"),)), repeats=True)],
        lambda n: [said("q", *["a"] * n), *[group("g", said("x", "a"))] * n],
    ),
    "sums of what is far away": (
        lambda n: [
            *(an_item(f"g{i}", "group", an_item(f"c{i}", "choice", options=CHOICES.options)) for i in range(n)),
            *(an_item(f"s{i}", "integer", calculated=Calculation(kind=Sum.ORDINALS, of=(f"c{i}",))) for i in range(n)),
        ],
        lambda n: [group(f"g{i}", said(f"c{i}", "|b")) for i in range(n)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("form", "given"), LARGE.values(), ids=LARGE)
def test_deciding_is_as_much_work_as_there_is_to_decide(form: Any, given: Any) -> None:
    assert calls(80, form, given) < 2.2 * calls(40, form, given) < 40 * 250


# And what one answer alone can be wrong in.
WRONG = [
    ({"kind": "integer", "min_value": 1, "max_value": 5}, 0, ["too-small"]),
    ({"kind": "integer", "min_value": 1, "max_value": 5}, 6, ["too-large"]),
    ({"kind": "decimal", "max_decimals": 1}, 3.25, ["decimals"]),
    ({"kind": "decimal", "max_decimals": 2}, 3.25, []),
    ({"kind": "decimal", "max_decimals": 1}, 0.3, []),
    ({"kind": "date"}, of("Date", "2026-02-30"), ["date"]),
    ({"kind": "date"}, of("Date", "2026-02"), []),
    ({"kind": "date"}, of("Date", "26-02-01"), ["date"]),
    ({"kind": "date", "max_value": "2026-11-24"}, of("Date", "2026-11-25"), ["too-large"]),
    ({"kind": "time"}, of("Time", "24:00:00"), ["date"]),
    ({"kind": "decimal", "max_decimals": 2}, 5e-324, []),
    ({"kind": "dateTime"}, of("DateTime", "2026-11-24T10:00:00"), ["date"]),
    ({"kind": "dateTime"}, of("DateTime", "2026-11-24"), []),
    ({"kind": "string", "min_length": 3}, "ab", ["too-short"]),
    ({"kind": "string", "max_length": 2}, "😀😀", []),
    ({"kind": "string", "max_length": 2}, "😀😀😀", ["too-long"]),
    ({"kind": "quantity", "units": ("kg",)}, of("Quantity", {"value": 3, "code": "lb"}), ["unit"]),
    ({"kind": "quantity", "units": ("kg",), "max_value": 2}, of("Quantity", {"value": 3, "code": "kg"}), ["too-large"]),
    ({"kind": "open-choice", "options": options("a")}, "anything", []),
    ({"kind": "open-choice", "options": options("a")}, "|b", ["option"]),
    ({"kind": "choice", "options": options("a")}, "a", ["option"]),
]


# Bounds of dates, where the answer or the bound is less exact: ((least, most), answer, codes).
PARTLY: list[tuple[str | None, str | None, str, list[str]]] = [
    ("1900-01-01", None, "1850", ["too-small"]),
    ("1900-01-01", None, "1899-12", ["too-small"]),
    ("1900-01-01", None, "1900", []),
    ("1900-01-01", None, "1901", []),
    (None, "2026-11-24", "2999-01", ["too-large"]),
    (None, "2026-11-24", "2026-12", ["too-large"]),
    (None, "2026-11-24", "2026-11", []),
    (None, "2026", "2026-11-24", []),
    (None, "2026", "2027-01-01", ["too-large"]),
]


@pytest.mark.parametrize(("least", "most", "answer", "codes"), PARTLY)
def test_a_date_is_held_against_a_bound_as_far_as_both_say(least: str | None, most: str | None, answer: str, codes: list[str]) -> None:
    items = [an_item("q", "date", min_value=least, max_value=most)]
    assert [code for _, code in wrong(items, said("q", of("Date", answer)))] == codes


@pytest.mark.parametrize(("about", "value", "codes"), WRONG)
def test_one_answer_can_be_wrong_in_itself(about: dict[str, Any], value: Any, codes: list[str]) -> None:
    about = dict(about)
    assert [code for _, code in wrong([an_item("q", about.pop("kind"), **about)], said("q", value))] == codes


def test_what_is_chosen_alone_is_chosen_alone() -> None:
    items = [an_item("q", "choice", repeats=True, options=(*options("a", "b"), *options("none", alone=True)))]
    assert wrong(items, said("q", "|a", "|b")) == []
    assert wrong(items, said("q", "|none")) == []
    assert wrong(items, said("q", "|a", "|none")) == [("q", "alone")]


def test_what_is_required_under_a_condition_is_so_where_it_holds() -> None:
    items = [an_item("q", "boolean"), an_item("why", required_when=(YES,))]
    assert wrong(items, said("q", False)) == []
    assert wrong(items, said("q", True)) == [("why", "required")]


def test_a_group_that_repeats_is_counted() -> None:
    items = [an_item("g", "group", an_item("a", required=True), repeats=True, min_occurs=2, max_occurs=3)]
    assert wrong(items) == [("g", "required")]
    assert wrong(items, group("g", said("a", "x"))) == [("g", "too-few")]
    assert wrong(items, *[group("g")] * 4) == [("g", "too-many"), *((f"g[{n}]/a", "required") for n in range(4))]


def test_the_nearest_is_the_last_before_or_the_first_after() -> None:
    tree = deciding.Tree([an_item("g", "group", an_item("a"), repeats=True), an_item("b")], [group("g"), group("g")], "2026-11-24")
    *_, last = tree.nodes
    found = tree.nearest(last, "a")
    assert found
    assert found.path == "g[1]/a"
    assert tree.reached(last, "nobody") == []

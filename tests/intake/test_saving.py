"""Drafts: what is taken of what was sent, what is refused by its place, and what becomes of two devices' answers."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.intake.records import Form, Item, QuestionnaireResponse, ResponseStatus
from chalicelib.intake.rules import answers, deciding, differing, saving
from chalicelib.intake.rules.saving import Kept
from chalicelib.kit.problem import Changed, LookAgain, Problem
from chalicelib.visits.records import AppointmentStatus
from tests.intake import randomly
from tests.intake.answering import ACTOR, NORTH, NOW, URL, a_response, a_visit, coded, our_form, phq_9, sent
from tests.intake.makers import an_item, group, of, options, said, when

LATER = NOW + timedelta(minutes=5)
TODAY = "2026-11-24"
ITEMS: tuple[Item, ...] = (
    an_item("name", max_length=5),
    an_item("ill", "boolean", prefill=None),
    an_item("since", "date", when=(when("ill"),)),
    an_item("likes", "choice", repeats=True, options=options("a", "b", "c")),
    an_item("sum", "integer", read_only=True),
    an_item("secret", hidden=True),
    an_item("medicine", "group", an_item("drug"), repeats=True),
)
FORM = Form(id="small", url=f"{URL}/small", version="1", title={"en": "Small"}, items=ITEMS)
EVERY = [said("name", "Ada"), said("ill", True), said("since", of("Date", "2026-11-01")), said("likes", "|a")]


def a_draft(*items: dict[str, Any], **changed: Any) -> QuestionnaireResponse:
    return a_response(FORM, **({"items": list(items), "version": 4} | changed))


def save(items: object, before: QuestionnaireResponse | None = None, version: int | None = 4, known: object = None, **changed: Any) -> Kept:
    return saving.saved(NORTH, FORM, before or a_draft(), sent(items, known, **changed), version, TODAY, LATER)


def refused(items: object, **about: Any) -> list[tuple[str, str]]:
    with pytest.raises(LookAgain) as found:
        save(items, **about)
    errors: Any = found.value.extra["errors"]
    assert all(each["detail"] for each in errors)
    return [(each["field"], each["code"]) for each in errors]


def test_a_draft_is_kept_as_it_was_sent() -> None:
    kept = save(EVERY, seen=("name",), page="ill")
    assert kept.response.items == EVERY
    assert (kept.response.version, kept.response.changed, kept.response.seen, kept.response.page) == (5, LATER, ("name",), "ill")
    assert (kept.conflicts, kept.flagged.news) == ((), ())


@pytest.mark.parametrize(
    ("why", "items"),
    [
        ("nothing", []),
        ("required ones are missing", [said("name", "Ada")]),
        ("too long is told on the page", [said("name", "Ada Moreno")]),
        ("a date that there is not", [said("ill", True), said("since", of("Date", "2026-02-31"))]),
    ],
)
def test_a_draft_may_be_unfinished_and_wrong(why: str, items: list[dict[str, Any]]) -> None:
    assert save(items).response.items == items, why


@pytest.mark.parametrize(
    ("items", "errors"),
    [
        ("Ada", [("item", "unreadable")]),
        ([1], [("item", "unreadable")]),
        ([said("other", "x")], [("other", "unknown")]),
        ([said("__proto__", "x")], [("__proto__", "unknown")]),
        ([said("name", "Ada"), said("name", "Eda")], [("name", "twice")]),
        ([said("name", True)], [("name", "wrong-type")]),
        ([said("name", "A" * 10_001)], [("name", "too-long")]),
        ([said("ill", False), said("since", of("Date", "2026"))], [("since", "not-asked")]),
        ([said("since", of("Date", "2026"))], [("since", "not-asked")]),
        ([said("sum", 3)], [("sum", "not-yours")]),
        ([said("secret", "x")], [("secret", "not-yours")]),
        ([said("likes", "|z")], [("likes", "option")]),
        ([said("likes", "a")], [("likes", "option")]),
        (
            [group("medicine", said("drug", "A")), group("medicine", said("drug", 1), said("dose", "x"))],
            [("medicine[1]/drug", "wrong-type"), ("medicine[1]/dose", "unknown")],
        ),
    ],
)
def test_what_no_page_of_ours_sends_is_refused_by_its_place(items: object, errors: list[tuple[str, str]]) -> None:
    assert refused(items) == errors


def test_what_is_far_too_deep_is_refused_without_being_walked() -> None:
    deep: list[dict[str, Any]] = []
    for _ in range(3000):
        deep = [{"linkId": "medicine", "item": deep}]
    assert refused(deep) == [("medicine[0]/medicine", "unknown")]


def test_words_of_what_is_wrong_are_in_the_readers_language() -> None:
    with pytest.raises(LookAgain) as found:
        save([said("sum", 3)], language="es")
    assert found.value.extra["errors"] == [{"field": "sum", "code": "not-yours", "detail": "Esto se calcula para usted."}]


@pytest.mark.parametrize(
    ("about", "field"),
    [({"seen": ("nowhere",)}, "seen"), ({"page": "nowhere"}, "page"), ({"page": "sum"}, "page"), ({"language": "fr"}, "language")],
)
def test_pages_and_languages_are_the_forms_and_the_clinics(about: dict[str, Any], field: str) -> None:
    with pytest.raises(LookAgain) as found:
        save([], **about)
    errors: Any = found.value.extra["errors"]
    assert [each["field"] for each in errors] == [field]


@pytest.mark.parametrize(("asked", "kept"), [("es", "es-US"), ("es-US", "es-US"), ("EN", "en-US")])
def test_a_language_is_kept_as_the_clinic_names_it(asked: str, kept: str) -> None:
    assert save([], language=asked).response.language == kept


def test_pages_that_were_gone_on_from_stay_so_in_the_forms_order() -> None:
    assert save([], a_draft(seen=("likes",)), seen=("name",)).response.seen == ("name", "likes")


def test_saving_the_same_again_changes_nothing() -> None:
    before = a_draft(*EVERY, seen=("name",), page="ill")
    assert save(EVERY, before, seen=("name",), page="ill").response == before


@pytest.mark.parametrize("version", [3, 5, None])
def test_a_draft_that_was_saved_elsewhere_is_not_overwritten(version: int | None) -> None:
    with pytest.raises(Changed):
        save(EVERY, version=version)


MERGED: list[tuple[str, list[Any], list[Any], list[Any], list[Any], list[tuple[str, Any]]]] = [
    ("different questions", [], [said("name", "Ada")], [said("likes", "|a")], [said("name", "Ada"), said("likes", "|a")], []),
    ("the same question", [], [said("name", "Ada")], [said("name", "Eda")], [said("name", "Eda")], [("name", [{"valueString": "Ada"}])]),
    (
        "what is not asked any more is told",
        [said("ill", True)],
        [said("ill", True), said("since", of("Date", "2026"))],
        [said("ill", False)],
        [said("ill", False)],
        [("since", [{"valueDate": "2026"}])],
    ),
    ("nothing was done here", [said("name", "A")], [said("name", "Ada")], [said("name", "A")], [said("name", "Ada")], []),
]


@pytest.mark.parametrize(("why", "known", "there", "here", "items", "conflicts"), MERGED)
def test_two_devices_are_put_together(
    why: str, known: list[Any], there: list[Any], here: list[Any], items: list[Any], conflicts: list[tuple[str, Any]]
) -> None:
    kept = save(here, a_draft(*there), version=3, known=known)
    assert kept.response.items == items, why
    assert [(each.path, each.other) for each in kept.conflicts] == conflicts, why


def test_devices_in_two_languages_differ_by_what_was_chosen_alone() -> None:
    form, choice = our_form("phq-9"), [{"linkId": "phq-9-items", "item": [coded("phq-9-1", "several")]}]
    spanish = saving.saved(NORTH, form, a_response(), sent(choice, language="es"), 1, TODAY, NOW).response
    more = [{"linkId": "phq-9-items", "item": [coded("phq-9-1", "several"), coded("phq-9-2", "several")]}]
    kept = saving.saved(NORTH, form, spanish, sent(more, choice), 1, TODAY, LATER)
    assert kept.conflicts == ()
    names = [each["answer"][0]["valueCoding"]["display"] for each in kept.response.items[0]["item"]]
    assert names == ["Several days", "Several days"]


def test_what_was_known_is_looked_at_as_closely_as_what_is_saved() -> None:
    assert refused([], version=3, known=[said("__proto__", "x")]) == [("known/__proto__", "unknown")]


@pytest.mark.parametrize("status", [ResponseStatus.COMPLETED, ResponseStatus.AMENDED])
def test_what_was_handed_in_is_no_draft_any_more(status: ResponseStatus) -> None:
    with pytest.raises(saving.AlreadySent):
        save([], a_draft(status=status))


def test_what_cannot_wait_is_news_in_a_draft_too() -> None:
    before = a_response(version=2)
    kept = saving.saved(NORTH, our_form("phq-9"), before, sent(phq_9(last="several")), 2, TODAY, LATER)
    assert [(each.path, each.code, each.at) for each in kept.flagged.news] == [("phq-9-items/phq-9-9", "suicidal-thoughts", LATER)]
    assert kept.response.flags == kept.flagged.news
    again = saving.saved(NORTH, our_form("phq-9"), kept.response, sent(phq_9(last="nearly-every")), 3, TODAY, LATER)
    assert (again.flagged.news, again.response.flags) == ((), kept.response.flags)


def test_a_choice_comes_by_its_code_and_is_called_what_the_form_calls_it() -> None:
    before = a_response(version=1)
    mine: dict[str, Any] = {"linkId": "phq-9-items", "item": [{**coded("phq-9-1", "several")}]}
    mine["item"][0]["answer"][0]["valueCoding"] |= {"display": "<script>"}
    for language, name in (("en-US", "Several days"), ("es-US", "Varios días")):
        kept = saving.saved(NORTH, our_form("phq-9"), before, sent([mine], language=language), 1, TODAY, LATER)
        assert kept.response.items[0]["item"][0]["answer"][0]["valueCoding"]["display"] == name


def test_a_draft_is_begun_on_the_version_that_is_offered() -> None:
    draft = saving.begun(NORTH, a_visit(), FORM, ACTOR, "es", "v-7", NOW)
    assert draft == a_response(FORM, id="v-7", language="es-US")


@pytest.mark.parametrize("status", [AppointmentStatus.CANCELLED, AppointmentStatus.NOSHOW, AppointmentStatus.ENTERED_IN_ERROR])
def test_nothing_is_begun_for_a_visit_that_will_not_be(status: AppointmentStatus) -> None:
    with pytest.raises(saving.VisitCancelled):
        saving.begun(NORTH, replace(a_visit(), status=status), FORM, ACTOR, "en", "v-7", NOW)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=9)
    | st.sampled_from([each.link_id for each in ITEMS]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["linkId", "item", "answer", "valueString", "valueBoolean", "valueCoding", "__proto__"]), inner, max_size=4
        )
    ),
    max_leaves=25,
)


@given(items=JSON, known=JSON, kept=JSON, version=st.sampled_from([3, 4]))
@settings(max_examples=300, deadline=None)
def test_whatever_is_sent_is_kept_or_refused_and_nothing_else_happens(items: object, known: object, kept: object, version: int) -> None:
    before = a_draft(*answers.take(ITEMS, kept, "en").items)
    try:
        found = save(items, before, version, known)
    except (LookAgain, Changed):
        return
    again = save(found.response.items, found.response, found.response.version)
    assert again.response.items == found.response.items, "what was kept can be sent as it is"


def a_draft_of(form: Form, chance: Random) -> list[dict[str, Any]] | None:
    """Answers by chance that could be a draft; None where these are none."""
    found = answers.take(form.items, randomly.answered(chance, form.items), "en")
    left = differing.without(form.items, found.items, never(form, found.items))
    return None if found.refused or never(form, left) else left


def never(form: Form, items: list[dict[str, Any]]) -> set[str]:
    decided = deciding.decide(form.items, items, TODAY, complete=False)
    return {each.path for each in decided if saving.NEVER.intersection(each.complaints)}


def test_what_two_devices_come_to_can_always_be_saved_again() -> None:
    forms, tried = randomly.Forms(seed=11), 0
    while tried < 60:
        form = replace(FORM, items=tuple(forms.form()))
        known, kept, mine = (a_draft_of(form, Random(forms.random.random())) for _ in range(3))
        if known is None or kept is None or mine is None:
            continue
        tried += 1
        before = a_response(form, items=kept, version=4)
        merged = saving.saved(NORTH, form, before, sent(mine, known), 3, TODAY, LATER).response
        assert never(form, merged.items) == set()
        assert saving.saved(NORTH, form, merged, sent(merged.items), merged.version, TODAY, LATER).response == merged


@pytest.mark.parametrize("problem", [saving.NotOffered, saving.Retired, saving.VisitCancelled, saving.AlreadySent])
def test_each_problem_is_a_sentence_for_patients(problem: type[Problem]) -> None:
    assert problem.title.endswith(".")


def test_what_is_more_than_the_form_takes_is_not_put_together() -> None:
    form = Form(
        id="long", url=f"{URL}/long", version="1", title={"en": "Long"}, items=(an_item("row", "group", an_item("x"), repeats=True),)
    )
    theirs, ours = ([group("row", said("x", f"{side}{n}")) for n in range(150)] for side in "ab")
    before = a_response(form, items=theirs, version=2)
    with pytest.raises(Changed):
        saving.saved(NORTH, form, before, sent(ours, []), 1, TODAY, LATER)

"""The doors of forms: Cyrus imports one, edits it, tries it, publishes it and retires it; nobody else does, Mallory least of all."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib.audit import actions as audit
from chalicelib.doors import actions as doors
from chalicelib.identity.records import Audience
from chalicelib.intake.actions import pages, questionnaires
from chalicelib.intake.routes.questionnaires import DEEPEST, LARGEST
from chalicelib.intake.rules import publishing
from chalicelib.intake.store import questionnaires as store
from chalicelib.kit import clock, memory, packed
from scripts.local.wire import Answer
from tests.callers import Caller, as_actor, as_nobody, body_of, given_the_clinics, signed_in, slug
from tests.cast import ADA, BEA, CYRUS, DANA, GALE, MALLORY, OTTO, RHEA
from tests.intake.makers import draft_of, our_document, publish_ours

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CASES = Path(__file__).parent / "cases"
NORTH = "/clinics/north/questionnaires"
ASTHMA = {
    "resourceType": "Questionnaire",
    "url": "https://clinic.example/Questionnaire/asthma",
    "version": "7.1",
    "status": "active",
    "title": "Asthma",
    "_title": {
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/translation",
                "extension": [{"url": "lang", "valueCode": "es"}, {"url": "content", "valueString": "Asma"}],
            }
        ]
    },
    "item": [
        {"linkId": "has", "type": "boolean", "text": "Do you have asthma?", "required": True},
        {
            "linkId": "since",
            "type": "integer",
            "text": "For how many years?",
            "required": True,
            "enableWhen": [{"question": "has", "operator": "=", "answerBoolean": True}],
        },
    ],
}


BODY = ASTHMA | {
    "url": "https://clinic.example/Questionnaire/body",
    "item": [
        *({"linkId": each, "type": "decimal", "text": each} for each in ("kg", "cm")),
        {
            "linkId": "bmi",
            "type": "decimal",
            "text": "BMI",
            "readOnly": True,
            "extension": [
                {
                    "url": "https://anteroom.example/fhir/StructureDefinition/calculated",
                    "extension": [
                        {"url": "kind", "valueCode": "bmi"},
                        {"url": "of", "valueString": "kg"},
                        {"url": "of", "valueString": "cm"},
                    ],
                }
            ],
        },
    ],
}


@pytest.fixture(autouse=True)
def _monday(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    given_the_clinics()


@pytest.fixture
def cyrus() -> Caller:
    return signed_in(CYRUS)


def listed(caller: Caller) -> dict[str, dict[str, Any]]:
    answer = caller.get(NORTH)
    assert answer.status == 200, answer.body
    return {each["id"]: each for each in body_of(answer)["forms"]}


def got(caller: Caller, form: str, version: str = "") -> dict[str, Any]:
    answer = caller.get(f"{NORTH}/{form}?version={version}")
    assert answer.status == 200, answer.body
    return dict(body_of(answer))


def bring(caller: Caller, document: Any, **more: Any) -> Answer:
    return caller.post(f"{NORTH}/import", {"document": document, **more})


def draft(caller: Caller, form: str, document: dict[str, Any] | None = None, **headers: str) -> Answer:
    return caller.post(f"{NORTH}/{form}/draft", {"document": document} if document else {}, **headers)


def publish(caller: Caller, form: str, key: str = "publish-0001", **headers: str) -> Answer:
    return caller.post(f"{NORTH}/{form}/publish", {}, idempotency_key=key, **headers)


def retire(caller: Caller, form: str) -> Answer:
    return caller.post(f"{NORTH}/{form}/retire", {})


def reworded(document: dict[str, Any], text: str) -> dict[str, Any]:
    changed = deepcopy(document)
    changed["item"][0]["text"] = text
    return changed


def trail() -> list[tuple[str, str]]:
    events = sorted(audit.of_day("north", NOW.date()), key=lambda event: event.place)
    return [(each.action, each.what) for each in events]


def test_cyrus_takes_a_form_from_a_file_to_patients_and_back(cyrus: Caller) -> None:
    told = body_of(bring(cyrus, ASTHMA))
    assert (told["id"], told["level"]) == ("asthma", "L0")
    assert {each["feature"] for each in told["lines"]} == {"translation"}
    assert questionnaires.offered("north") == []
    assert publish(cyrus, "asthma").status == 200
    form = questionnaires.given("north", "asthma", "1")
    assert form
    assert (form.canonical, form.title) == ("https://clinic.example/Questionnaire/asthma|1", {"en": "Asthma", "es": "Asma"})
    assert [each.id for each in questionnaires.offered("north")] == ["asthma"]
    assert body_of(draft(cyrus, "asthma"))["change"] == 2
    assert draft(cyrus, "asthma", reworded(ASTHMA, "Has anybody told you that you have asthma?"), if_match="2").status == 200
    assert publish(cyrus, "asthma", "publish-0002", if_match='"3"').status == 200
    assert [each.canonical.rpartition("|")[2] for each in questionnaires.offered("north")] == ["2"]
    assert retire(cyrus, "asthma").status == 200
    assert questionnaires.offered("north") == []
    assert [(each.version, each.status) for each in questionnaires.published("north")] == [("1", "retired"), ("2", "retired")]


def test_a_published_version_never_changes_whatever_is_done_after(cyrus: Caller) -> None:
    bring(cyrus, ASTHMA)
    publish(cyrus, "asthma")
    before = store.packed_document("north", "asthma", 1)
    draft(cyrus, "asthma")
    draft(cyrus, "asthma", reworded(ASTHMA, "Another question"))
    publish(cyrus, "asthma", "publish-0002")
    bring(cyrus, reworded(ASTHMA, "A third one"))
    retire(cyrus, "asthma")
    assert store.packed_document("north", "asthma", 1) == before
    assert got(cyrus, "asthma", "1")["document"]["item"][0]["text"] == "Do you have asthma?"
    assert got(cyrus, "asthma", "1")["document"]["version"] == "1"


def test_a_new_version_takes_the_place_of_the_one_before(cyrus: Caller) -> None:
    publish_ours("north", "phq-9")
    draft_of("north", "phq-9")
    told = body_of(publish(cyrus, "phq-9"))
    assert (told["version"], told["status"], told["draft"], told["name"]) == (2, "active", None, CYRUS.name)
    assert got(cyrus, "phq-9", "1")["status"] == "retired"
    assert got(cyrus, "phq-9")["version"] == "2"


def test_what_was_retired_can_be_taken_up_again(cyrus: Caller) -> None:
    publish_ours("north", "phq-9")
    retire(cyrus, "phq-9")
    assert draft(cyrus, "phq-9").status == 200
    assert body_of(publish(cyrus, "phq-9"))["version"] == 2
    assert [each.version for each in questionnaires.offered("north")] == ["2"]


def test_retiring_twice_is_done_once(cyrus: Caller) -> None:
    publish_ours("north", "phq-9")
    assert body_of(retire(cyrus, "phq-9")) == body_of(retire(cyrus, "phq-9"))
    assert trail().count(("retire_questionnaire", "questionnaire/phq-9")) == 1


def test_the_same_key_publishes_once(cyrus: Caller) -> None:
    bring(cyrus, ASTHMA)
    first, second = publish(cyrus, "asthma"), publish(cyrus, "asthma")
    assert (first.status, first.body) == (second.status, second.body)
    assert [each.version for each in store.versions("north", "asthma")[0]] == [1]


def test_the_list_says_of_each_form_what_is_published_and_what_is_drafted(cyrus: Caller) -> None:
    publish_ours("north", "phq-9", "audit-c")
    bring(cyrus, ASTHMA)
    draft(cyrus, "phq-9")
    retire(cyrus, "audit-c")
    found = listed(cyrus)
    assert {name: (each["version"], each["status"], bool(each["draft"])) for name, each in found.items()} == {
        "asthma": (0, "draft", True),
        "audit-c": (1, "retired", False),
        "phq-9": (1, "active", True),
    }
    assert found["asthma"]["title"] == {"en": "Asthma", "es": "Asma"}
    assert (found["asthma"]["draft"]["name"], found["asthma"]["draft"]["label"]) == (CYRUS.name, "Mon, Nov 23, 7:00 AM")
    assert (found["phq-9"]["name"], found["audit-c"]["label"]) == ("", "Mon, Nov 23, 7:00 AM")


def test_without_a_version_the_newest_that_was_published_is_given_and_else_the_draft(cyrus: Caller) -> None:
    publish_ours("north", "phq-9")
    draft(cyrus, "phq-9")
    bring(cyrus, ASTHMA)
    assert (got(cyrus, "phq-9")["version"], got(cyrus, "phq-9", "draft")["version"]) == ("1", "draft")
    assert (got(cyrus, "asthma")["version"], got(cyrus, "asthma")["status"]) == ("draft", "draft")


@pytest.mark.parametrize("version", ["2", "999999"])
def test_a_version_that_was_never_published_is_not_found(version: str, cyrus: Caller) -> None:
    publish_ours("north", "phq-9")
    assert slug(cyrus.get(f"{NORTH}/phq-9?version={version}")) == (404, "not-found")


def test_a_refused_form_is_told_item_by_item_and_becomes_nothing(cyrus: Caller) -> None:
    document = deepcopy(ASTHMA)
    extension = {"url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"}
    document["item"][1]["extension"] = [extension | {"valueExpression": {"language": "text/fhirpath", "expression": "true"}}]  # type: ignore[index]  # a list of objects
    document["code"] = [{"code": "asthma"}]
    told = bring(cyrus, document)
    assert told.status == 200
    assert body_of(told)["id"] == ""
    assert [(each["place"], each["verdict"]) for each in body_of(told)["lines"]] == [("", "ignored"), ("since", "refused")]
    assert listed(cyrus) == {}


@pytest.mark.parametrize(
    "document", [None, 7, "x", [], {}, {"resourceType": "Patient"}, [[[]]], {"resourceType": "Questionnaire", "item": 3}]
)
def test_whatever_is_brought_along_is_answered_with_what_is_wrong_with_it(document: Any, cyrus: Caller) -> None:
    told = bring(cyrus, document)
    assert (told.status, body_of(told)["id"]) == (200, "")
    assert "refused" in {each["verdict"] for each in body_of(told)["lines"]}


def test_a_draft_that_is_there_is_put_away_only_where_that_is_meant(cyrus: Caller) -> None:
    bring(cyrus, ASTHMA)
    assert slug(bring(cyrus, reworded(ASTHMA, "Asthma?"))) == (409, "draft-there")
    assert got(cyrus, "asthma")["document"]["item"][0]["text"] == "Do you have asthma?"
    assert bring(cyrus, reworded(ASTHMA, "Asthma?"), replace=True).status == 200
    assert got(cyrus, "asthma")["document"]["item"][0]["text"] == "Asthma?"


def test_no_form_is_called_what_our_own_addresses_are(cyrus: Caller) -> None:
    assert slug(bring(cyrus, ASTHMA | {"url": "https://clinic.example/import"})) == (422, "look-again")


def test_who_has_seen_an_older_draft_does_not_write_over_a_newer_one(cyrus: Caller) -> None:
    bring(cyrus, ASTHMA)
    assert draft(cyrus, "asthma", reworded(ASTHMA, "One"), if_match="1").status == 200
    assert slug(draft(cyrus, "asthma", reworded(ASTHMA, "Two"), if_match="1")) == (412, "changed")
    assert slug(publish(cyrus, "asthma", if_match="1")) == (412, "changed")
    publish(cyrus, "asthma", if_match="2")
    draft(cyrus, "asthma")
    assert slug(draft(cyrus, "asthma", reworded(ASTHMA, "Three"), if_match="2")) == (412, "changed")
    assert body_of(draft(cyrus, "asthma"))["change"] == 3


def test_beginning_a_draft_again_shows_the_one_there_is(cyrus: Caller) -> None:
    publish_ours("north", "phq-9")
    draft(cyrus, "phq-9")
    edited = reworded(our_document("phq-9"), "Other words")
    draft(cyrus, "phq-9", edited)
    assert body_of(draft(cyrus, "phq-9"))["document"] == edited


def test_an_edit_that_cannot_be_a_form_names_every_place_and_changes_nothing(cyrus: Caller) -> None:
    bring(cyrus, ASTHMA)
    wrong = deepcopy(ASTHMA)
    wrong["item"] = [{"linkId": "a", "type": "boolean"}, {"linkId": "a", "type": "boolean"}, {"linkId": "b/c", "type": "none"}]
    told = draft(cyrus, "asthma", wrong)
    assert slug(told) == (422, "look-again")
    assert {each["field"] for each in body_of(told)["errors"]} >= {"a"}
    assert all(each["detail"].endswith(".") for each in body_of(told)["errors"])
    assert got(cyrus, "asthma")["change"] == 1


def test_an_edit_cannot_make_it_another_form(cyrus: Caller) -> None:
    bring(cyrus, ASTHMA)
    told = draft(cyrus, "asthma", ASTHMA | {"url": "https://clinic.example/other"})
    assert (slug(told), body_of(told)["errors"][0]["detail"]) == (
        (422, "look-again"),
        "url: It names the form other, and this is asthma.",
    )


def test_answers_are_tried_with_the_draft_and_nothing_is_kept(cyrus: Caller) -> None:
    bring(cyrus, ASTHMA)
    before = trail()
    told = body_of(cyrus.post(f"{NORTH}/asthma/preview", {"item": [{"linkId": "has", "answer": [{"valueBoolean": True}]}]}))
    assert [(each["path"], each["enabled"], each["complaints"]) for each in told["decisions"]] == [
        ("has", True, []),
        ("since", True, ["required"]),
    ]
    assert [each["linkId"] for each in told["form"]["items"]] == ["has", "since"]
    told = body_of(cyrus.post(f"{NORTH}/asthma/preview", {"item": [], "complete": False}))
    assert [(each["path"], each["enabled"], each["complaints"]) for each in told["decisions"]] == [("has", True, []), ("since", False, [])]
    told = body_of(cyrus.post(f"{NORTH}/asthma/preview", {"item": [{"linkId": "smokes", "answer": [{"valueBoolean": True}]}]}))
    assert told["refused"] == [{"path": "smokes", "code": "unknown"}]
    assert trail() == before


def test_a_preview_says_what_a_score_and_a_flag_would_be(cyrus: Caller) -> None:
    publish_ours("north", "phq-9")
    draft(cyrus, "phq-9")
    told = body_of(cyrus.post(f"{NORTH}/phq-9/preview", {}))
    assert [(each["name"], each["value"], each["most"], each["complete"]) for each in told["scores"]] == [("phq-9", 0, 27, False)]
    assert told["flags"] == []
    last_alone = json.loads((CASES / "phq-9.json").read_bytes())["valid"][1]["item"]
    told = body_of(cyrus.post(f"{NORTH}/phq-9/preview", {"item": last_alone}))
    assert told["refused"] == []
    assert [each["code"] for each in told["flags"]] == ["suicidal-thoughts"]


def test_without_a_draft_there_is_nothing_to_try_or_publish(cyrus: Caller) -> None:
    publish_ours("north", "phq-9")
    assert slug(cyrus.post(f"{NORTH}/phq-9/preview", {})) == (409, "no-draft")
    assert slug(publish(cyrus, "phq-9")) == (409, "no-draft")
    bring(cyrus, ASTHMA)
    assert slug(retire(cyrus, "asthma")) == (409, "no-draft")


@pytest.mark.parametrize("verb", ["draft", "preview", "publish", "retire"])
def test_of_a_form_that_there_is_none_of_nothing_is_found(verb: str, cyrus: Caller) -> None:
    assert slug(cyrus.post(f"{NORTH}/nothing/{verb}", {}, idempotency_key="nothing-0001")) == (404, "not-found")


def deep(levels: int) -> bytes:
    """Groups within each other."""
    return b'{"document": ' + b'{"item": [' * levels + b"]}" * levels + b"}"


@pytest.mark.parametrize("levels", [DEEPEST, 3_000, 60_000])
@pytest.mark.parametrize("verb", ["import", "asthma/draft", "asthma/preview"])
def test_what_is_too_deep_is_refused_before_anybody_looks_at_it(verb: str, levels: int, cyrus: Caller) -> None:
    bring(cyrus, ASTHMA)
    assert slug(cyrus.post(f"{NORTH}/{verb}", deep(levels))) == (400, "unreadable")


def test_a_form_as_deep_as_forms_may_be_is_read(cyrus: Caller) -> None:
    item: dict[str, Any] = {"linkId": "leaf", "type": "boolean", "text": "Deep?"}
    for level in range(19):
        item = {"linkId": f"group-{level}", "type": "group", "item": [item]}
    assert body_of(bring(cyrus, ASTHMA | {"item": [item]}))["id"] == "asthma"
    told = body_of(bring(cyrus, ASTHMA | {"item": [{"linkId": "top", "type": "group", "item": [item]}]}, replace=True))
    assert told["id"] == ""


@pytest.mark.parametrize("verb", ["import", "asthma/draft", "asthma/preview"])
def test_what_is_longer_than_a_megabyte_is_refused_before_anybody_looks_at_it(verb: str, cyrus: Caller) -> None:
    bring(cyrus, ASTHMA)
    assert slug(cyrus.post(f"{NORTH}/{verb}", b" " * (LARGEST + 1))) == (413, "too-large")
    assert cyrus.post(f"{NORTH}/import", json.dumps({"document": 1}).encode().ljust(LARGEST)).status == 200


def test_what_would_not_fit_into_a_row_is_refused(cyrus: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "LARGEST", 100)
    told = bring(cyrus, ASTHMA)
    assert (slug(told), body_of(told)["errors"][0]["field"]) == ((422, "look-again"), "document")


def test_what_is_too_much_for_a_page_is_not_published(cyrus: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    bring(cyrus, ASTHMA)
    monkeypatch.setattr(pages, "LARGEST", 100)
    told = publish(cyrus, "asthma")
    assert (slug(told), body_of(told)["errors"][0]["field"]) == ((422, "look-again"), "document")
    assert listed(cyrus)["asthma"]["published"] is None


def test_a_score_cannot_be_multiplied_into_what_nobody_can_load(cyrus: Caller) -> None:
    weight = {"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 1}
    score = {"url": "https://anteroom.example/fhir/StructureDefinition/score", "valueCode": "phq-9"}
    choices = [
        {"linkId": f"{n:x>200}", "type": "choice", "answerOption": [{"valueCoding": {"code": "a"}, "extension": [weight]}]}
        for n in range(100)
    ]
    sums = [{"linkId": f"s{n}", "type": "integer", "readOnly": True, "extension": [score]} for n in range(300)]
    told = body_of(bring(cyrus, ASTHMA | {"item": [*choices, *sums]}))
    assert told["id"] == ""
    assert len([each for each in told["lines"] if each["verdict"] == "refused"]) == 299


@pytest.mark.parametrize("published", [True, False])
def test_another_form_of_the_same_name_does_not_become_its_next_version(published: bool, cyrus: Caller) -> None:
    bring(cyrus, ASTHMA)
    if published:
        publish(cyrus, "asthma")
    other = ASTHMA | {"url": "https://other.example/Questionnaire/asthma"}
    for told in (bring(cyrus, other, replace=True), draft(cyrus, "asthma", other)):
        assert slug(told) == (422, "look-again")
        assert "https://clinic.example/Questionnaire/asthma" in body_of(told)["errors"][0]["detail"]
    assert bring(cyrus, ASTHMA, replace=True).status == 200


def test_reading_and_trying_forms_is_limited(cyrus: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    spent: list[str] = []
    monkeypatch.setattr(doors, "must_spend_all", lambda limits, *_: spent.extend(limit.name for limit in limits))
    bring(cyrus, ASTHMA)
    cyrus.post(f"{NORTH}/asthma/preview", {})
    assert spent == [limit.name for limit in (*publishing.READINGS, *publishing.TRIALS)]


HUGE = ("1e308", "-1e308", "1e400", "1" + "0" * 400, "1.1e15")


@pytest.mark.parametrize("number", HUGE)
def test_a_number_that_no_page_reckons_with_is_named_in_a_preview(number: str, cyrus: Caller) -> None:
    bring(cyrus, BODY)
    given = f'{{"item": [{{"linkId": "kg", "answer": [{{"valueDecimal": {number}}}]}}]}}'
    answer = cyrus.post(f"{NORTH}/body/preview", given.encode())
    assert answer.status == 400 or body_of(answer)["refused"] == [{"path": "kg", "code": "wrong-type"}]


def test_a_height_of_nothing_makes_no_body_mass_index(cyrus: Caller) -> None:
    bring(cyrus, BODY)
    for height in (1e-200, 5e-324):
        given = [{"linkId": "kg", "answer": [{"valueDecimal": 70}]}, {"linkId": "cm", "answer": [{"valueDecimal": height}]}]
        told = cyrus.post(f"{NORTH}/body/preview", {"item": given})
        assert told.status == 200
        assert [each["value"] for each in body_of(told)["decisions"] if each["path"] == "bmi"] == [None]


@pytest.mark.parametrize("link_id", ["__proto__", "constructor", ""])
def test_link_ids_that_are_none_are_refused_with_their_place(link_id: str, cyrus: Caller) -> None:
    told = body_of(bring(cyrus, ASTHMA | {"item": [{"linkId": link_id, "type": "boolean"}]}))
    assert told["id"] == ""
    assert any(each["verdict"] == "refused" for each in told["lines"])


def test_every_change_is_written_down_with_who_did_it(cyrus: Caller) -> None:
    bring(cyrus, ASTHMA)
    draft(cyrus, "asthma", reworded(ASTHMA, "One"))
    publish(cyrus, "asthma")
    retire(cyrus, "asthma")
    verbs = ["draft", "import", "publish", "retire"]
    found = sorted(each for each in trail() if "questionnaire" in each[0])
    assert found == [(f"{verb}_questionnaire", "questionnaire/asthma") for verb in verbs]
    assert {each.name for each in audit.of_day("north", NOW.date()) if "questionnaire" in each.action} == {CYRUS.name}


DOORS = (
    ("list_questionnaires", "GET", ""),
    ("get_questionnaire", "GET", "/phq-9"),
    ("import_questionnaire", "POST", "/import"),
    ("draft_questionnaire", "POST", "/phq-9/draft"),
    ("preview_questionnaire", "POST", "/phq-9/preview"),
    ("publish_questionnaire", "POST", "/phq-9/publish"),
    ("retire_questionnaire", "POST", "/phq-9/retire"),
)
CHANGES = [each for each in DOORS if each[1] == "POST"]


def ask(caller: Caller, method: str, path: str, clinic: str = "north") -> Answer:
    place = f"/clinics/{clinic}/questionnaires{path}"
    body = {"document": ASTHMA} if path == "/import" else {}
    return caller.get(place) if method == "GET" else caller.post(place, body, idempotency_key="someone-0001")


@pytest.mark.parametrize(("door", "method", "path"), DOORS)
def test_mallory_of_the_south_gets_at_none_of_norths_forms(door: str, method: str, path: str) -> None:
    assert door in {
        "list_questionnaires",
        "get_questionnaire",
        "import_questionnaire",
        "draft_questionnaire",
        "preview_questionnaire",
        "publish_questionnaire",
        "retire_questionnaire",
    }
    publish_ours("north", "phq-9")
    draft_of("north", "phq-9")
    before = store.listed("north")
    assert slug(ask(signed_in(MALLORY), method, path)) == (404, "not-found")
    assert store.listed("north") == before


@pytest.mark.parametrize(("door", "method", "path"), DOORS[1:2] + DOORS[3:])
def test_in_her_own_clinic_mallory_finds_nothing_of_norths(door: str, method: str, path: str) -> None:
    publish_ours("north", "phq-9")
    assert slug(ask(signed_in(MALLORY), method, path, "south")) == (404, "not-found"), door


@pytest.mark.parametrize(("door", "method", "path"), DOORS)
def test_patients_and_who_does_not_manage_the_clinic_are_refused(door: str, method: str, path: str) -> None:
    publish_ours("north", "phq-9")
    assert ask(as_nobody(), method, path).status in {401, 403}, door
    assert ask(signed_in(ADA), method, path).status in {401, 403}
    for person in (BEA, DANA, RHEA, OTTO):
        assert slug(ask(signed_in(person), method, path)) == (403, "not-allowed"), person.id


def test_who_runs_several_clinics_sees_their_forms_and_changes_none() -> None:
    publish_ours("north", "phq-9")
    gale = signed_in(GALE)
    assert [ask(gale, method, path).status for _, method, path in DOORS] == [200, 200, 403, 403, 403, 403, 403]


@pytest.mark.parametrize("verb", ["publish", "retire"])
def test_what_patients_see_changes_only_after_a_fresh_proof(verb: str) -> None:
    publish_ours("north", "phq-9")
    draft_of("north", "phq-9")
    stale = as_actor(CYRUS.actor(), Audience.STAFF, proved=NOW - timedelta(minutes=6))
    assert slug(ask(stale, "POST", f"/phq-9/{verb}")) == (403, "step-up-needed")


def test_what_one_container_published_another_offers_within_a_minute(cyrus: Caller) -> None:
    assert questionnaires.offered.__class__ is memory.Kept
    assert questionnaires.KEEP_SECONDS == 60
    bring(cyrus, ASTHMA)
    publish(cyrus, "asthma")
    assert msgspec.to_builtins(questionnaires.offered("north")[0])["id"] == "asthma"

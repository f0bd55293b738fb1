"""The doors of answers: Ada fills in what her visit needs, on two devices; Ben and Mallory get nowhere, and what is refused leaves nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.clinics import actions as clinics
from chalicelib.identity.records import Audience, Role
from chalicelib.intake.actions import questionnaires
from chalicelib.intake.records import FormQueue, PublicationStatus
from chalicelib.intake.store import questionnaires as forms_store
from chalicelib.intake.store import responses as store
from chalicelib.kit import clock, memory, table
from scripts.local.wire import Answer
from tests.callers import Caller, as_actor, body_of, given_the_clinics, letters, seen, signed_in, slug, trail_of
from tests.cast import ADA, BEA, BEN, CYRUS, DANA, GALE, MALLORY, OTTO, RHEA
from tests.documents.callers import ask, book
from tests.documents.makers import put as put_file
from tests.documents.makers import released
from tests.intake.answering import coded, phq_9, whole_phq_9
from tests.intake.callers import NORTH, NOW, begin, begun, listed, refused, rows, saved, send
from tests.intake.makers import publish_ours
from tests.intake.test_managing import BODY, HUGE

OURS = ("phq-9", "consent-to-treat", "audit-c", "new-patient")
MISSING = "0" * 20
FIRST = [{"linkId": "phq-9-items", "item": [coded("phq-9-1", "several")]}]
SECOND = [{"linkId": "phq-9-items", "item": [coded("phq-9-2", "several")]}]
AGREED = [
    {"linkId": "care", "item": [{"linkId": "agree-care", "answer": [{"valueBoolean": True}]}]},
    {"linkId": "exposure", "item": [{"linkId": "agree-exposure", "answer": [{"valueBoolean": True}]}]},
    {"linkId": "telehealth", "item": [{"linkId": "agree-telehealth", "answer": [{"valueBoolean": False}]}]},
    {"linkId": "learners", "item": [coded("agree-learners", "no")]},
    {"linkId": "payment", "item": [{"linkId": "agree-payment", "answer": [{"valueBoolean": True}]}]},
    {"linkId": "sign", "item": [coded("signer", "patient"), {"linkId": "signature", "answer": [{"valueString": "Ada Moreno"}]}]},
]
SIGNED = {"path": "sign/signature", "kind": "typed", "name": "Ada Moreno"}


@pytest.fixture(autouse=True)
def _monday(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    given_the_clinics()
    publish_ours("north", *OURS)
    publish_ours("south", *OURS)


def annual(caller: Caller) -> str:
    """A check-up on Tuesday."""
    return book(caller, service="annual")


def test_a_visit_lists_what_it_needs_and_what_was_begun() -> None:
    ada = signed_in(ADA)
    visit = annual(ada)
    assert {name: (form["standing"], form["done"], form["of"]) for name, form in listed(ada, visit).items()} == {
        "new-patient": ("not-opened", 0, 12),
        "consent-to-treat": ("not-opened", 0, 6),
        "phq-9": ("not-opened", 0, 1),
        "audit-c": ("not-opened", 0, 1),
    }
    view = saved(ada, begun(ada, visit), phq_9("several"), seen=["phq-9-items"], page="phq-9-items")
    form = listed(ada, visit)["phq-9"]
    assert (form["standing"], form["response"], form["page"], form["flags"]) == ("started", view["id"], "form/phq-9/1/", None)
    assert listed(signed_in(CYRUS), visit)["phq-9"]["flags"] == 0
    told = body_of(ada.get(f"{NORTH}/appointments/{visit}/responses?lang=es-US"))
    assert (told["standing"], told["label"]) == ("not-opened", "mar, 24 de nov, 10:40 a. m.")
    assert [each["title"] for each in told["forms"]][2] == "Cómo se ha sentido (PHQ-9)"


def test_a_form_is_begun_once_for_a_visit_and_gone_on_with_anywhere() -> None:
    ada, phone = signed_in(ADA), signed_in(ADA)
    visit = annual(ada)
    view = begun(ada, visit)
    assert (view["status"], view["version"], view["items"], view["progress"]["of"]) == ("in-progress", 1, [], 1)
    assert view["expires"] == "2027-01-23T16:20:00Z", "sixty days after the visit"
    kept = saved(ada, view, FIRST, page="phq-9-items")
    again = begun(phone, visit)
    assert (again["id"], again["items"], again["page"]) == (kept["id"], kept["items"], "phq-9-items")
    assert body_of(phone.get(f"{NORTH}/responses/{view['id']}"))["version"] == 2


@pytest.mark.parametrize("number", [HUGE[0], HUGE[3]], ids=["large", "larger"])
def test_a_number_that_no_page_reckons_with_is_refused_and_leaves_nothing(number: str) -> None:
    questionnaires.begin("north", [BODY], NOW)
    ada = signed_in(ADA)
    view = begun(ada, annual(ada), "body")
    before = rows()
    body = f'{{"items": [{{"linkId": "kg", "answer": [{{"valueDecimal": {number}}}]}}], "language": "en"}}'
    for verb in ("save", "submit"):
        answer = ada.post(f"{NORTH}/responses/{view['id']}/{verb}", body.encode(), if_match='"1"')
        assert answer.status == 400 or refused(answer) == (422, "look-again", [("kg", "wrong-type")])
    assert rows() == before


def test_a_height_of_nothing_is_kept_and_makes_no_body_mass_index() -> None:
    questionnaires.begin("north", [BODY], NOW)
    ada = signed_in(ADA)
    given = [{"linkId": "kg", "answer": [{"valueDecimal": 70}]}, {"linkId": "cm", "answer": [{"valueDecimal": 1e-200}]}]
    assert saved(ada, begun(ada, annual(ada), "body"), given)["items"] == given


def test_two_devices_that_begin_at_once_begin_one_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    ada, phone = signed_in(ADA), signed_in(ADA)
    visit, plain, first = annual(ada), store.add, list[str]()

    def racing(*args: Any) -> None:
        monkeypatch.setattr(store, "add", plain)
        first.append(begun(phone, visit)["id"])
        plain(*args)

    monkeypatch.setattr(store, "add", racing)
    assert begun(ada, visit)["id"] == first[0]
    assert len([row for row in rows() if "#RESPONSE#" in row and "'response'" in row]) == 1


def test_two_devices_that_save_at_once_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ada, phone = signed_in(ADA), signed_in(ADA)
    view, plain = begun(ada, annual(ada)), store.put

    def racing(*args: Any) -> None:
        monkeypatch.setattr(store, "put", plain)
        saved(phone, view, SECOND)
        plain(*args)

    monkeypatch.setattr(store, "put", racing)
    kept = saved(ada, view, FIRST, known=[])
    assert [each["linkId"] for each in kept["items"][0]["item"]] == ["phq-9-1", "phq-9-2"]
    assert kept["version"] == 3


def test_two_forms_of_one_visit_that_are_saved_at_once_are_both_in_its_packet(monkeypatch: pytest.MonkeyPatch) -> None:
    ada, phone = signed_in(ADA), signed_in(ADA)
    visit = annual(ada)
    one, other, plain = begun(ada, visit), begun(ada, visit, "consent-to-treat"), store.put_packet

    def racing(*args: Any) -> None:
        monkeypatch.setattr(store, "put_packet", plain)
        saved(phone, other, AGREED[:1], seen=["care"])
        plain(*args)

    monkeypatch.setattr(store, "put_packet", racing)
    saved(ada, one, FIRST)
    assert {name: form["done"] for name, form in listed(ada, visit).items() if form["response"]} == {"phq-9": 0, "consent-to-treat": 1}
    assert body_of(phone.get(f"{NORTH}/responses/{other['id']}"))["items"] == AGREED[:1]


def test_a_second_device_is_merged_where_it_says_what_it_knew() -> None:
    ada, phone = signed_in(ADA), signed_in(ADA)
    view = begun(ada, annual(ada))
    saved(ada, view, FIRST)
    before = rows()
    assert slug(send(phone, "save", view, SECOND)) == (412, "changed")
    assert rows() == before
    merged = saved(phone, view, SECOND, known=[])
    assert [each["linkId"] for each in merged["items"][0]["item"]] == ["phq-9-1", "phq-9-2"]
    assert merged["conflicts"] == []
    other = [{"linkId": "phq-9-items", "item": [coded("phq-9-1", "nearly-every")]}]
    chosen = saved(ada, view, other, known=[])
    assert [(each["path"], each["other"][0]["valueCoding"]["code"]) for each in chosen["conflicts"]] == [("phq-9-items/phq-9-1", "several")]


def deep(levels: int) -> bytes:
    """A request whose answers go so deep, written without recursion."""
    return b'{"language":"en-US","items":[' + b'{"linkId":"phq-9-items","item":[' * levels + b"]}" * levels + b"]}"


LONG = b'{"language":"en-US","items":[{"linkId":"phq-9-items","item":[],"x":"' + b"a" * 2_000_000 + b'"}]}'
REFUSED: list[tuple[str, Any, tuple[int, str, list[tuple[str, str]]]]] = [
    ("an unknown item", [{"linkId": "nothing"}], (422, "look-again", [("nothing", "unknown")])),
    ("__proto__", [{"linkId": "__proto__", "item": [{"linkId": "phq-9-1"}]}], (422, "look-again", [("__proto__", "unknown")])),
    ("__proto__ below", [{"linkId": "phq-9-items", "item": [{"linkId": "__proto__"}]}], (422, "look-again", [("phq-9-items/__proto__", "unknown")])),
    ("a hidden one", [*phq_9(last=""), {"linkId": "phq-9-impact", "item": [coded("phq-9-difficulty", "some")]}], (422, "look-again", [("phq-9-impact/phq-9-difficulty", "not-asked")])),
    ("a score", [{"linkId": "phq-9-items", "item": [{"linkId": "phq-9-score", "answer": [{"valueInteger": 0}]}]}], (422, "look-again", [("phq-9-items/phq-9-score", "not-yours")])),
    ("another code", [{"linkId": "phq-9-items", "item": [coded("phq-9-1", "always")]}], (422, "look-again", [("phq-9-items/phq-9-1", "option")])),
    ("another type", [{"linkId": "phq-9-items", "item": [{"linkId": "phq-9-1", "answer": [{"valueBoolean": True}]}]}], (422, "look-again", [("phq-9-items/phq-9-1", "wrong-type")])),
    ("no list", {"linkId": "phq-9-items"}, (422, "look-again", [("items", "")])),
    ("no answers", None, (422, "look-again", [("items", "")])),
    ("as deep as a request may go", deep(40), (422, "look-again", [("phq-9-items/phq-9-items", "unknown")])),
    ("deeper than that", deep(60), (400, "unreadable", [])),
    ("3,000 levels deep", deep(3000), (400, "unreadable", [])),
    ("2 MB long", LONG, (413, "too-large", [])),
]  # fmt: skip


@pytest.mark.parametrize("verb", ["save", "submit"])
@pytest.mark.parametrize(("why", "items", "told"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_is_refused_is_named_by_its_place_and_stores_nothing(verb: str, why: str, items: Any, told: Any) -> None:
    ada = signed_in(ADA)
    view = saved(ada, begun(ada, annual(ada)), FIRST)
    before = rows()
    if isinstance(items, bytes):
        answer = ada.post(f"{NORTH}/responses/{view['id']}/{verb}", items, if_match='"2"')
    else:
        answer = send(ada, verb, view, items)
    status, problem, errors = refused(answer)
    assert (status, problem) == told[:2], why
    assert set(told[2]) <= set(errors)
    assert verb == "submit" or errors == told[2]
    assert rows() == before


def test_a_form_that_is_not_offered_is_not_begun() -> None:
    ada = signed_in(ADA)
    visit = annual(ada)
    before = rows()
    assert slug(begin(ada, visit, "gad-7")) == (404, "not-offered")
    assert slug(begin(ada, visit, "nothing")) == (404, "not-offered")
    retire("phq-9")
    assert slug(begin(ada, visit)) == (409, "retired")
    assert refused(ada.post(f"{NORTH}/appointments/{visit}/responses", {"questionnaire": "phq-9", "language": "!"}))[2] == [
        ("language", "")
    ]
    assert rows() == before


def test_what_was_begun_before_its_form_was_retired_is_finished_on_it() -> None:
    ada = signed_in(ADA)
    visit = annual(ada)
    view = begun(ada, visit)
    retire("phq-9")
    assert listed(ada, visit)["phq-9"]["standing"] == "started"
    kept = saved(ada, view, whole_phq_9())
    assert kept["canonical"].endswith("/phq-9|1")
    assert body_of(send(ada, "submit", kept, whole_phq_9()))["status"] == "completed"


def retire(form: str) -> None:
    (version,) = forms_store.versions("north", form)[0]
    with table.together() as tx:
        forms_store.retire("north", replace(version, status=PublicationStatus.RETIRED, retired=NOW), tx)
    memory.forget()
    assert form not in {each.id for each in questionnaires.offered("north")}


def test_nothing_is_begun_for_a_cancelled_visit() -> None:
    ada = signed_in(ADA)
    visit = annual(ada)
    assert ada.post(f"{NORTH}/appointments/{visit}/cancel", {"reason": ""}).status == 200
    assert slug(begin(ada, visit)) == (409, "visit-cancelled")
    assert rows() == []


def test_phq_9_is_handed_in_once_and_staff_see_what_it_comes_to() -> None:
    ada, cyrus = signed_in(ADA), signed_in(CYRUS)
    visit = annual(ada)
    view = begun(ada, visit)
    answer = send(ada, "submit", view, whole_phq_9(), seen=["phq-9-items", "phq-9-impact"])
    done = body_of(answer)
    assert (answer.status, done["status"], done["standing"], done["edition"], done["expires"]) == (
        200,
        "completed",
        "needs-review",
        1,
        None,
    )
    assert answer.header("etag") == '"2"'
    assert body_of(send(ada, "submit", view, whole_phq_9(), seen=["phq-9-items", "phq-9-impact"])) == done, "its answer was lost on the way"
    assert body_of(send(ada, "submit", done, whole_phq_9())) == done, "pressed twice"
    assert slug(send(ada, "submit", view, whole_phq_9("several"))) == (409, "already-sent")
    assert slug(send(ada, "save", done, [])) == (409, "already-sent")
    assert done["staff"] is None
    told = body_of(cyrus.get(f"{NORTH}/responses/{view['id']}"))["staff"]
    assert (told["name"], told["birthDate"], told["review"], told["differences"]) == ("Ada Moreno", "1987-03-14", "none", [])
    assert [(each["name"], each["value"], each["band"]) for each in told["scores"]] == [("phq-9", 8, "mild")]
    assert listed(ada, visit)["phq-9"]["standing"] == "needs-review"
    assert [packet.appointment for _, packet in store.queue("north", FormQueue.REVIEW, "", "~", 9)] == [visit]


def test_what_is_missing_is_named_when_it_is_handed_in() -> None:
    ada = signed_in(ADA)
    view = begun(ada, annual(ada), language="es")
    before = rows()
    answer = send(ada, "submit", view, FIRST)
    assert refused(answer)[2][0] == ("phq-9-items/phq-9-2", "required")
    assert body_of(answer)["errors"][0]["detail"] == "Conteste esta pregunta."
    assert rows() == before


def test_nobody_signs_what_another_device_has_answered() -> None:
    ada, phone = signed_in(ADA), signed_in(ADA)
    view = begun(ada, annual(ada))
    saved(phone, view, phq_9(*["nearly-every"] * 8))
    before = rows()
    assert slug(send(ada, "submit", view, whole_phq_9())) == (412, "changed")
    assert slug(send(ada, "submit", view, whole_phq_9(), known=[])) == (412, "changed")
    assert rows() == before
    later = body_of(ada.get(f"{NORTH}/responses/{view['id']}"))
    assert send(ada, "submit", later, whole_phq_9()).status == 200


def test_a_consent_is_signed_with_what_shows_it_and_taken_back_without_being_overwritten() -> None:
    ada, cyrus = signed_in(ADA), signed_in(CYRUS)
    view = begun(ada, annual(ada), "consent-to-treat")
    assert refused(send(ada, "submit", view, AGREED))[2] == [("sign/signature", "signature")]
    assert refused(send(ada, "submit", view, AGREED, signatures=[SIGNED | {"path": "nowhere"}]))[2] == [("signatures", "unknown")]
    done = body_of(send(ada, "submit", view, AGREED, signatures=[SIGNED]))
    (evidence,) = done["evidence"]
    assert (evidence["name"], evidence["kind"], evidence["at"], evidence["withdrawn"], evidence["sha256"]) == (
        "Ada Moreno",
        "typed",
        "2026-11-23T12:00:00Z",
        None,
        None,
    )
    assert len(body_of(cyrus.get(f"{NORTH}/responses/{view['id']}"))["evidence"][0]["sha256"]) == 64
    said_no = [{"linkId": "care", "item": [{"linkId": "agree-care", "answer": [{"valueBoolean": False}]}]}, *AGREED[1:]]
    assert refused(send(ada, "amend", done, said_no, signatures=[SIGNED]))[2] == [("care/agree-care", "consent")]
    amended = body_of(send(ada, "amend", done, said_no, withdrawn=["sign/signature"], reason="I changed my mind."))
    assert (amended["status"], amended["edition"], amended["evidence"][0]["withdrawn"]) == ("amended", 2, "2026-11-23T12:00:00Z")
    first = store.edition("north", view["id"], 1)
    assert first
    assert first.items[0]["item"][0]["answer"] == [{"valueBoolean": True}]
    assert first.evidence[0].withdrawn is None


def test_a_consent_is_taken_back_from_a_page_that_sends_the_answers_as_they_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = signed_in(ADA)
    visit = annual(ada)
    view = begun(ada, visit, "consent-to-treat")
    done = body_of(send(ada, "submit", view, AGREED, signatures=[SIGNED]))
    assert ada.post(f"{NORTH}/appointments/{visit}/cancel", {"reason": ""}).status == 200, "and be the visit cancelled"
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=1))
    first, again = (send(ada, "amend", done, done["items"], withdrawn=["sign/signature"], reason="I moved.") for _ in range(2))
    amended = body_of(first)
    assert body_of(again) == amended, "its answer was lost on the way"
    assert [amended["items"][place]["item"][0]["answer"] for place in (0, 4)] == [[{"valueBoolean": False}]] * 2
    told = body_of(ada.post(f"{NORTH}/responses/{view['id']}/export", {"format": "fhir"}))
    (care, *_) = json.loads(base64.b64decode(told["body"]))["item"][0]["item"]
    assert (care["linkId"], care["answer"]) == ("agree-care", [{"valueBoolean": False}])
    kept = store.edition("north", view["id"], 1)
    assert kept
    assert kept.items[0]["item"][0]["answer"] == [{"valueBoolean": True}]


def test_a_confirmation_counts_for_what_was_asked_when_it_was_given() -> None:
    ada, rhea = signed_in(ADA), signed_in(RHEA)
    view = body_of(send(ada, "submit", begun(ada, annual(ada)), whole_phq_9()))
    one, two = ({"path": f"phq-9-items/phq-9-{number}", "note": "Is this right?"} for number in (1, 2))

    def asked_again(item: dict[str, str], version: int) -> int:
        told = body_of(rhea.post(f"{NORTH}/responses/{view['id']}/return", item, if_match=f'"{version}"'))
        return int(told["version"])

    asked_again(one, view["version"])
    view = body_of(send(ada, "amend", body_of(ada.get(f"{NORTH}/responses/{view['id']}")), whole_phq_9(), kept=[one["path"]]))
    seen = {**view, "version": asked_again(one, view["version"])}
    latest = {**view, "version": asked_again(two, seen["version"])}
    before = rows()
    assert slug(send(ada, "amend", seen, whole_phq_9(), kept=[one["path"]])) == (412, "changed")
    assert rows() == before
    assert body_of(send(ada, "amend", latest, whole_phq_9(), kept=[one["path"], two["path"]]))["returned"] == []


@pytest.mark.parametrize("verb", ["save", "submit", "amend"])
def test_nothing_is_filled_in_for_a_visit_that_was_cancelled(verb: str) -> None:
    ada = signed_in(ADA)
    visit = annual(ada)
    view = begun(ada, visit)
    if verb == "amend":
        view = body_of(send(ada, "submit", view, whole_phq_9()))
    assert ada.post(f"{NORTH}/appointments/{visit}/cancel", {"reason": ""}).status == 200
    before = rows()
    assert slug(send(ada, verb, view, whole_phq_9("several"))) == (409, "visit-cancelled")
    assert rows() == before


def test_what_was_not_handed_in_is_not_amended() -> None:
    ada = signed_in(ADA)
    view = begun(ada, annual(ada))
    assert slug(send(ada, "amend", view, whole_phq_9())) == (409, "not-sent-yet")


def test_an_amendment_sent_twice_is_made_once() -> None:
    ada = signed_in(ADA)
    view = body_of(send(ada, "submit", begun(ada, annual(ada)), whole_phq_9()))
    changed = phq_9(*["nearly-every"] * 8, last="not-at-all", difficulty="some")
    first, second = send(ada, "amend", view, changed), send(ada, "amend", view, changed)
    assert first.status == second.status == 200
    assert body_of(first) == body_of(second)
    assert slug(send(ada, "amend", view, whole_phq_9())) == (412, "changed")
    assert store.edition("north", view["id"], 3) is None


def test_a_ninth_answer_above_nought_alerts_before_anything_is_handed_in() -> None:
    ada, bea, cyrus = signed_in(ADA), signed_in(BEA), signed_in(CYRUS)
    signed_in(DANA), signed_in(RHEA), signed_in(GALE), signed_in(OTTO), bea, cyrus
    visit = annual(ada)
    view = saved(ada, begun(ada, visit), FIRST)
    sent_before = {each.id for each in letters()}
    kept = saved(ada, view, phq_9(last="several"))
    assert kept["flags"] == [{"path": "phq-9-items/phq-9-9", "code": "suicidal-thoughts"}]
    told = [each for each in letters() if each.id not in sent_before]
    assert sorted(each.to for each in told) == sorted((BEA.email, CYRUS.email))
    for letter in told:
        assert not any(word in letter.text + letter.subject for word in ("Ada", "Moreno", "PHQ", "suicid", "dead", "harm", view["id"]))
    assert [packet.appointment for _, packet in store.queue("north", FormQueue.URGENT, "", "~", 9)] == [visit]
    assert listed(cyrus, visit)["phq-9"]["flags"] == 1
    (event,) = [each for each in trail_of("north", "ada") if "urgent" in each.about]
    assert (event.action, event.about["urgent"]) == ("save_response", "1")


def test_an_alert_is_sent_once_for_a_flag_and_not_for_each_save() -> None:
    ada = signed_in(ADA)
    signed_in(CYRUS)
    view = begun(ada, annual(ada))
    kept = saved(ada, view, phq_9(last="several"))
    count = len(letters())
    for answer in ("nearly-every", "not-at-all", "more-than-half"):
        kept = saved(ada, kept, phq_9(last=answer))
    assert len(letters()) == count
    assert kept["flags"], "it stands again"
    gone = saved(ada, kept, phq_9(last="not-at-all"))
    assert gone["flags"] == []
    found = store.get("north", view["id"])
    assert found
    assert [each.gone for each in found.flags] == [NOW], "and it is not forgotten"


def test_where_nobody_works_yet_the_clinic_itself_is_told() -> None:
    ada = signed_in(ADA)
    saved(ada, begun(ada, annual(ada)), phq_9(last="several"))
    assert [each.to for each in letters() if "look at a form" in each.subject] == [clinics.get("north").email]


def test_staff_are_told_in_their_own_language() -> None:
    ada, spanish = signed_in(ADA), replace(CYRUS.actor(), language="es-US", account="cyrus2", email="c@example.com")
    as_actor(spanish, Audience.STAFF)
    saved(ada, begun(ada, annual(ada)), phq_9(last="several"))
    assert any(each.to == "c@example.com" and "vea un formulario" in each.subject for each in letters())


def test_what_is_answered_stands_in_no_event_no_log_and_no_letter(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = signed_in(ADA)
    signed_in(CYRUS)
    visit = annual(ada)
    view = saved(ada, begun(ada, visit), phq_9("nearly-every", last="several"))
    send(ada, "save", view, [{"linkId": "phq-9-items", "item": [coded("phq-9-9", "never-ever")]}])
    send(ada, "submit", view, FIRST)
    send(ada, "submit", view, whole_phq_9("several"))
    listed(signed_in(CYRUS), visit)
    told = json.dumps([[each.what, each.about, each.action] for each in trail_of("north", "ada")])
    assert "start_response" in told
    out = capsys.readouterr()
    told += caplog.text + out.out + out.err + json.dumps([[each.subject, each.text, each.link] for each in letters()])
    for word in ("phq-9-9", "phq-9-items", "several", "suicid", "nearly", "never-ever"):
        assert word not in told


def test_an_answer_names_files_of_this_visit_that_can_be_looked_at() -> None:
    ada = signed_in(ADA)
    visit = annual(ada)
    view = begun(ada, visit, "new-patient")
    asked = body_of(ask(ada, visit, b"a photograph of a card"))["document"]["id"]
    kept = saved(ada, view, with_card(asked))
    assert refused(send(ada, "submit", kept, with_card(asked)))[2]
    put_file(released(id="fileofanother", appointment="another-visit"))
    put_file(released(id="fileofbens", patient="ben", appointment=visit))
    put_file(released(id="taken-back-0", appointment=visit, withdrawn=NOW))
    before = rows()
    for strange in ("fileofanother", "fileofbens", "0123456789"):
        assert refused(send(ada, "save", kept, with_card(strange)))[2] == [("insurance/plan/card-front", "no-file")]
    assert rows() == before
    put_file(released(id="areferral0", kind="referral", appointment=visit))
    assert refused(send(ada, "save", kept, with_card("areferral0")))[2] == [("insurance/plan/card-front", "wrong-file")]


def test_what_waits_for_a_file_is_nobodys_turn_until_the_file_is_checked() -> None:
    ada = signed_in(ADA)
    visit = annual(ada)
    view = begun(ada, visit)
    document = body_of(ask(ada, visit, b"a photograph of a card"))["document"]["id"]
    found = store.find("north", view["id"])
    assert found
    (form,) = found.packet.forms
    with table.together() as tx:
        whole = replace(form, done=form.of, files=(document,))
        store.put_packet("north", replace(found.packet, forms=(whole,)), found.packet, tx)
    assert listed(ada, visit)["phq-9"]["standing"] == "waiting-for-file"
    put_file(released(id="ready00000", appointment=visit))
    with table.together() as tx:
        ready = replace(found.packet, forms=(replace(whole, files=("ready00000",)),), version=found.packet.version + 1)
        store.put_packet("north", ready, found.packet, tx)
    assert listed(ada, visit)["phq-9"]["standing"] == "started"


def test_amending_is_limited_to_what_somebody_might_do_in_a_day() -> None:
    ada = signed_in(ADA)
    view = body_of(send(ada, "submit", begun(ada, annual(ada)), whole_phq_9()))
    statuses = [send(ada, "amend", view, FIRST).status for _ in range(21)]
    assert statuses == [422] * 20 + [429]


def with_card(document: str) -> list[dict[str, Any]]:
    card = {"linkId": "card-front", "answer": [{"valueAttachment": {"url": f"DocumentReference/{document}"}}]}
    return [{"linkId": "insurance", "item": [coded("coverage", "private"), {"linkId": "plan", "item": [card]}]}]


def test_last_answers_are_offered_with_their_date_and_differences_told_to_staff(monkeypatch: pytest.MonkeyPatch) -> None:
    publish_ours("north", "privacy-notice")
    ada = signed_in(ADA)
    old = [
        {"linkId": "notice", "item": [{"linkId": "notice-received", "answer": [{"valueBoolean": True}]}]},
        {"linkId": "private", "item": [coded("voicemail", "none")]},
        {"linkId": "sharing", "item": [{"linkId": "may-share", "answer": [{"valueBoolean": False}]}]},
        {"linkId": "sign", "item": [coded("signer", "patient"), {"linkId": "signature", "answer": [{"valueString": "Ada Moreno"}]}]},
    ]
    first = begun(ada, annual(ada), "privacy-notice")
    assert [each["page"] for each in first["offers"]] == []
    assert send(ada, "submit", first, old, signatures=[SIGNED]).status == 200
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=40))
    ada = signed_in(ADA)
    second = begun(ada, book(ada, "another-key-1", start="2027-01-05T10:40:00-05:00"), "privacy-notice")
    assert second["offers"] == [{"page": "sharing", "at": "2026-11-23T12:00:00Z", "items": [old[2]]}]
    assert second["items"] == [], "an offer is no answer"
    new = [*old[:2], {"linkId": "sharing", "item": [{"linkId": "may-share", "answer": [{"valueBoolean": True}]}]}, old[3]]
    person = {
        "linkId": "trusted",
        "item": [
            {"linkId": "trusted-name", "answer": [{"valueString": "Eve"}]},
            coded("trusted-is", "spouse"),
            coded("trusted-what", "visits"),
        ],
    }
    new[2]["item"].append(person)  # type: ignore[attr-defined]  # a list, as it stands there
    answer = send(ada, "submit", second, new, signatures=[SIGNED])
    assert answer.status == 200, answer.body
    staff = body_of(signed_in(CYRUS).get(f"{NORTH}/responses/{second['id']}"))["staff"]
    assert [(each["path"], len(each["before"]), len(each["after"])) for each in staff["differences"]][:2] == [
        ("sharing/may-share", 1, 1),
        ("sharing/trusted[0]/trusted-name", 0, 1),
    ]


@pytest.mark.parametrize("person", [BEA, CYRUS, RHEA], ids=lambda each: each.id)
def test_who_cares_for_a_patient_and_the_desk_may_look(person: Any) -> None:
    ada = signed_in(ADA)
    visit = annual(ada)
    view = begun(ada, visit)
    caller = signed_in(person)
    assert caller.get(f"{NORTH}/responses/{view['id']}").status == 200
    assert caller.get(f"{NORTH}/appointments/{visit}/responses").status == 200
    assert send(caller, "save", view, FIRST).status == 403
    assert ("get_response", f"{person.role}/{person.id}") in {(each.action, each.who) for each in trail_of("north", "ada")}


DOORS: dict[str, Callable[[Caller, str, str], Answer]] = {
    "list_responses": lambda caller, visit, _: caller.get(f"{NORTH}/appointments/{visit}/responses"),
    "start_response": lambda caller, visit, _: begin(caller, visit),
    "get_response": lambda caller, _, one: caller.get(f"{NORTH}/responses/{one}"),
    "save_response": lambda caller, _, one: caller.post(f"{NORTH}/responses/{one}/save", {"items": [], "language": "en-US"}),
    "submit_response": lambda caller, _, one: caller.post(f"{NORTH}/responses/{one}/submit", {"items": [], "language": "en-US"}),
    "amend_response": lambda caller, _, one: caller.post(f"{NORTH}/responses/{one}/amend", {"items": [], "language": "en-US"}),
}


@pytest.mark.parametrize("door", DOORS)
def test_bens_answers_to_adas_things_are_those_to_none_at_all(door: str) -> None:
    ada, ben = signed_in(ADA), signed_in(BEN)
    visit = annual(ada)
    view = saved(ada, begun(ada, visit), FIRST)
    before = rows()
    hers, none = DOORS[door](ben, visit, view["id"]), DOORS[door](ben, MISSING, f"{MISSING}-{MISSING[:12]}")
    assert hers.status == 404
    assert seen(hers) == seen(none)
    assert rows() == before
    assert not [each for each in trail_of("north", "ada") if each.reading], "nothing was looked at"


@pytest.mark.parametrize("door", DOORS)
def test_mallory_of_the_south_gets_nowhere_with_answers(door: str) -> None:
    doors = ("list_responses", "start_response", "get_response", "save_response", "submit_response", "amend_response")
    assert set(DOORS) == set(doors)
    ada, mallory = signed_in(ADA), signed_in(MALLORY)
    visit = annual(ada)
    view = begun(ada, visit)
    before = rows()
    mallory.audience = ada.audience  # so that it is not the origin alone that stops her
    assert DOORS[door](mallory, visit, view["id"]).status == 404
    assert DOORS[door](Caller(), visit, view["id"]).status == 401
    assert rows() == before
    assert not [each for each in trail_of("north", "ada") if each.who.endswith("mallory")]


@pytest.mark.parametrize("door", DOORS)
def test_a_tablet_of_the_clinic_is_for_the_forms_of_its_own_visit(door: str) -> None:
    ada = signed_in(ADA)
    visit, other = annual(ada), book(ada, "another-key-1", start="2026-11-25T10:40:00-05:00", service="annual")
    mine, elsewhere = begun(ada, visit), begun(ada, other)
    actor = replace(ADA.actor(patient=ADA.id), roles=(Role.KIOSK,), account="kiosk-1", appointment=visit)
    tablet = as_actor(actor, Audience.PATIENT)
    before = rows()
    assert DOORS[door](tablet, other, elsewhere["id"]).status == 404
    assert rows() == before
    assert DOORS[door](tablet, visit, mine["id"]).status in (200, 409, 412, 422)

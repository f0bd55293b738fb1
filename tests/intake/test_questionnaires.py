"""The forms of a clinic: written once, remembered, offered until they are retired; and ours, which every clinic begins with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.audit import actions as audit
from chalicelib.intake.actions import questionnaires
from chalicelib.intake.records import Draft, PublicationStatus, Published
from chalicelib.intake.store import questionnaires as store
from chalicelib.kit import clock, memory, packed, table
from scripts.local import filling
from tests.intake.makers import our_document, publish_ours
from tests.overhearing import overheard

pytestmark = pytest.mark.usefixtures("cloud")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def version(number: int, **about: Any) -> Published:
    return Published(id="phq-9", version=number, title={"en": "Mood"}, level="L1", published=NOW, by="manager/cyrus", **about)


def a_text(number: int) -> bytes:
    return packed.pack(b'{"number": %d}' % number)


def publish(number: int) -> None:
    with table.together() as tx:
        store.add("north", version(number), a_text(number), tx)


def retire(number: int, at: datetime = NOW) -> None:
    published = next(each for each in store.versions("north", "phq-9")[0] if each.version == number)
    with table.together() as tx:
        store.retire("north", replace(published, status=PublicationStatus.RETIRED, retired=at, retired_by="manager/cyrus"), tx)
    memory.forget()


def test_what_is_packed_comes_out_as_it_was() -> None:
    text = "Wie fühlen Sie sich? ".encode() * 100
    assert packed.unpack(packed.pack(text)) == text
    assert len(packed.pack(text)) < len(text) / 10


def test_a_version_that_was_published_never_changes() -> None:
    publish(1)
    with pytest.raises(table.Lost):
        publish(1)
    assert store.packed_document("north", "phq-9", 1) == a_text(1)


def test_retiring_changes_the_status_and_nothing_of_the_form() -> None:
    publish(1)
    retire(1)
    assert store.packed_document("north", "phq-9", 1) == a_text(1)
    assert [each.status for each in store.versions("north", "phq-9")[0]] == ["retired"]


def test_a_version_is_retired_once() -> None:
    publish(1)
    retire(1)
    with pytest.raises(table.Lost):
        retire(1)


def test_a_draft_is_changed_by_whoever_saw_it_last() -> None:
    first = Draft(id="phq-9", title={"en": "Mood"}, level="L1", changed=NOW, by="manager/cyrus", version=1)
    second = replace(first, version=2, title={"en": "Your mood"})
    with table.together() as tx:
        store.put_draft("north", first, a_text(1), None, tx)
    with table.together() as tx:
        store.put_draft("north", second, a_text(2), first, tx)
    with pytest.raises(table.Lost), table.together() as tx:
        store.put_draft("north", second, a_text(3), first, tx)
    with pytest.raises(table.Lost), table.together() as tx:
        store.remove_draft("north", first, tx)
    assert store.versions("north", "phq-9") == ([], second)
    assert store.packed_document("north", "phq-9", None) == a_text(2)
    with table.together() as tx:
        store.remove_draft("north", second, tx)
    assert (store.listed("north"), store.packed_document("north", "phq-9", None)) == (([], []), None)


def test_a_clinic_begins_with_the_forms_it_is_given_as_version_1() -> None:
    assert publish_ours("north", "phq-9", "audit-c") == ["phq-9", "audit-c"]
    form = questionnaires.given("north", "phq-9", "1")
    assert form
    assert form.canonical == "https://anteroom.example/fhir/Questionnaire/phq-9|1"
    assert form.status == "active"
    assert [each.id for each in questionnaires.offered("north")] == ["audit-c", "phq-9"]


def test_beginning_again_writes_nothing_and_leaves_what_a_clinic_has_made_of_a_form() -> None:
    publish_ours("north", "phq-9")
    retire(1)
    assert publish_ours("north", "phq-9") == []
    assert publish_ours("north", "phq-9", "gad-7") == ["gad-7"]
    assert [each.id for each in questionnaires.offered("north")] == ["gad-7"]
    events = audit.of_day("north", datetime(2026, 11, 1, tzinfo=UTC).date())
    assert sorted((each.action, each.about["forms"]) for each in events) == [
        ("publish_questionnaire", "gad-7"),
        ("publish_questionnaire", "phq-9"),
    ]


def test_a_clinic_has_its_own_forms_and_no_others() -> None:
    publish_ours("north", "phq-9")
    assert questionnaires.given("south", "phq-9", "1") is None
    assert questionnaires.offered("south") == []


@pytest.mark.parametrize("asked", ["2", "0", "01", "draft", "", "-1", "1.0", "9999999", "\u0661"])
def test_a_version_that_there_is_none_of_is_none(asked: str) -> None:
    publish_ours("north", "phq-9")
    assert questionnaires.given("north", "phq-9", asked) is None


def test_what_was_retired_can_still_be_given_but_is_not_offered() -> None:
    publish_ours("north", "phq-9")
    retire(1)
    assert questionnaires.given("north", "phq-9", "1")
    assert questionnaires.offered("north") == []


@pytest.mark.parametrize(("days", "shown"), [(0, True), (89, True), (90, False), (400, False)])
def test_the_page_of_a_retired_version_stays_for_ninety_days(days: int, shown: bool) -> None:
    publish_ours("north", "phq-9")
    retire(1, NOW - timedelta(days=days))
    assert [(each.id, each.status) for each in questionnaires.published("north")] == ([("phq-9", "retired")] if shown else [])


def test_a_form_is_read_once_in_the_life_of_a_container(monkeypatch: pytest.MonkeyPatch) -> None:
    publish_ours("north", "phq-9")
    asked: list[str] = []
    plain = store.packed_document

    def noting(clinic: str, form: str, number: int | None) -> bytes | None:
        asked.append(form)
        return plain(clinic, form, number)

    monkeypatch.setattr(store, "packed_document", noting)
    assert questionnaires.given("north", "phq-9", "1") is questionnaires.given("north", "phq-9", "1")
    assert asked == ["phq-9"]


def test_a_version_that_cannot_be_read_any_more_keeps_no_other_from_being_offered() -> None:
    publish_ours("north", "phq-9", "gad-7")
    broken = packed.pack(b'{"resourceType": "Questionnaire", "item": 3}')
    plain = store.packed_document
    with pytest.MonkeyPatch.context() as patch, overheard() as heard:
        patch.setattr(store, "packed_document", lambda clinic, form, number: broken if form == "phq-9" else plain(clinic, form, number))
        assert questionnaires.given("north", "phq-9", "1") is None
        assert [each.id for each in questionnaires.published("north")] == ["gad-7"]
        assert [each.id for each in questionnaires.offered("north")] == ["gad-7"]
    assert heard.lines[0]["message"] == "north's form phq-9, version 1, is left out: it cannot be read"
    assert heard.metrics[0]["FormsLeftOut"] == 1


def test_a_seeding_gives_every_clinic_all_ten_forms() -> None:
    filling.begin_forms(filling.read().clinics)
    for clinic in filling.read().clinics:
        assert [each.id for each in questionnaires.offered(clinic.id)] == sorted(
            each["url"].rpartition("/")[2] for each in filling.our_forms()
        )
        assert len(questionnaires.offered(clinic.id)) == 10
    texts = {each.id: str([form.items for form in questionnaires.offered(each.id)]) for each in filling.read().clinics}
    assert [clinic for clinic in ("north", "prairie", "south") if "call 911" in texts[clinic]] == ["north", "prairie"]


def test_ours_are_kept_without_a_word_lost() -> None:
    publish_ours("north", "new-patient")
    found = store.packed_document("north", "new-patient", 1)
    assert found
    assert len(found) < 20_000
    assert questionnaires.published_form(found).items
    assert our_document("new-patient")["status"] == "draft"

"""Files in their table: found by id, by patient and visit, and by what must still happen to them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from chalicelib.documents import rules, store
from chalicelib.documents.records import DocumentReference, DocumentState, Remade, Verdict
from chalicelib.kit import table
from tests.documents.makers import NOW, a_document, released

pytestmark = pytest.mark.usefixtures("cloud")
REMADE = Remade(content_type="image/jpeg", size=1, sha256="0" * 64, pages=1)


def kept(document: DocumentReference, before: DocumentReference | None = None) -> DocumentReference:
    with table.together() as tx:
        store.put(document.clinic, document, before, tx)
    return document


def test_a_file_is_found_by_its_id_and_in_its_patients_list() -> None:
    document = kept(a_document())
    assert store.get("north", "d") == document
    assert store.of_patient("north", "ada") == store.of_patient("north", "ada", "v") == [document]


@pytest.mark.parametrize(
    ("clinic", "patient", "visit"), [("south", "ada", ""), ("north", "ben", ""), ("north", "ada", "w"), ("north", "ad", "")]
)
def test_another_clinics_patients_and_visits_lists_do_not_have_it(clinic: str, patient: str, visit: str) -> None:
    kept(a_document())
    assert store.of_patient(clinic, patient, visit) == []
    assert store.get("south", "d") is None


def test_a_new_file_takes_no_other_ones_place() -> None:
    kept(a_document())
    with pytest.raises(table.Lost):
        kept(a_document(patient="ben"))


def test_only_the_next_version_of_what_stands_is_written() -> None:
    first = kept(a_document())
    second = kept(rules.arrived(first, "one", NOW), first)
    with pytest.raises(table.Lost):
        kept(rules.arrived(first, "two", NOW), first)
    assert store.get("north", "d") == second
    assert store.of_patient("north", "ada") == [second]


def test_what_is_under_way_is_marked_until_it_is_released_or_refused() -> None:
    first = kept(a_document())
    assert store.under_way("north", NOW - timedelta(seconds=1)) == []
    assert store.under_way("north", NOW) == ["d"]
    assert store.under_way("south", NOW) == []
    second = kept(rules.arrived(first, "one", NOW), first)
    third = kept(rules.inspected(second, "one", REMADE, NOW), second)
    assert store.under_way("north", NOW) == ["d"]
    kept(rules.scanned(third, "one", Verdict.CLEAN, NOW), third)
    assert store.under_way("north", NOW) == []


def test_what_has_a_last_day_is_found_after_it_and_not_once_it_is_deleted() -> None:
    document = kept(released(until=date(2026, 12, 23)))
    assert store.kept_until("north", date(2026, 12, 22)) == []
    assert store.kept_until("north", date(2026, 12, 23)) == store.kept_until("north", date(2027, 1, 1)) == ["d"]
    moved = kept(replace(document, until=date(2026, 12, 30), version=2), document)
    assert store.kept_until("north", date(2026, 12, 23)) == []
    gone = kept(rules.deleted(moved), moved)
    assert store.kept_until("north", date(2100, 1, 1)) == ["d"], "as long as objects of it may be left"
    kept(rules.emptied(gone), gone)
    assert store.kept_until("north", date(2100, 1, 1)) == []
    found = store.get("north", "d")
    assert found
    assert found.state is DocumentState.DELETED


def test_the_files_of_a_visit_come_alone() -> None:
    one, two = kept(a_document(id="a", appointment="v1")), kept(a_document(id="b", appointment="v2"))
    assert store.of_patient("north", "ada", "v1") == [one]
    assert store.of_patient("north", "ada") == [one, two]

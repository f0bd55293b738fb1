"""Practitioners in the clinic's order, and patients one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.kit import table
from chalicelib.kit.problem import LookAgain, NotFound
from chalicelib.people import actions
from tests.callers import given_the_clinics, patient_of
from tests.cast import ADA

pytestmark = pytest.mark.usefixtures("cloud")
TODAY = date(2026, 11, 23)


def test_practitioners_stand_in_the_order_of_app_json_under_each_of_their_clinics() -> None:
    given_the_clinics()
    assert [person.id for person in actions.practitioners("north")] == ["bea", "osei", "dana"]
    assert [person.id for person in actions.practitioners("prairie")] == ["osei", "tremblay", "anand"]


def test_who_is_not_in_app_json_any_more_is_taken_off_the_lists() -> None:
    given_the_clinics()
    everybody = {person.id: person for clinic in ("north", "prairie", "south") for person in actions.practitioners(clinic)}
    one_clinic_less = replace(everybody["osei"], roles=everybody["osei"].roles[:1])
    actions.save_practitioners([one_clinic_less, everybody["bea"]])
    assert [person.id for person in actions.practitioners("north")] == ["osei", "bea"]
    assert [person.id for person in actions.practitioners("prairie")] == []
    assert [person.id for person in actions.practitioners("south")] == []


def test_a_practitioner_who_left_is_known_by_their_id_alone() -> None:
    given_the_clinics()
    gone = actions.practitioner("north", "okafor")
    assert (gone.id, gone.name, gone.clinics) == ("okafor", "", ("north",))


def test_a_patient_is_of_one_clinic() -> None:
    with table.together() as tx:
        actions.add_patient(tx, patient_of(ADA), TODAY)
    assert actions.patient("north", "ada") == patient_of(ADA)
    with pytest.raises(NotFound):
        actions.patient("south", "ada")


def test_a_patient_is_added_once() -> None:
    with table.together(clash=KeyError) as tx:
        actions.add_patient(tx, patient_of(ADA), TODAY)
    with pytest.raises(KeyError), table.together(clash=KeyError) as tx:
        actions.add_patient(tx, replace(patient_of(ADA), given="Another"), TODAY)
    found, _ = actions.find_patients("north", ADA.family, 10)
    assert [card.name for card in found] == [patient_of(ADA).name]


@pytest.mark.parametrize(("born", "today"), [("2026-11-24", "2026-11-23"), ("0187-03-14", "2026-11-23"), ("1890-01-01", "2026-11-23")])
def test_a_birth_date_that_cannot_be_is_told_at_its_field(born: str, today: str) -> None:
    with pytest.raises(LookAgain) as stopped, table.together() as tx:
        actions.add_patient(tx, replace(patient_of(ADA), birth_date=date.fromisoformat(born)), date.fromisoformat(today))
    errors: Any = stopped.value.extra["errors"]
    assert [error["field"] for error in errors] == ["birthDate"]

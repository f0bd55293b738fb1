"""A wrong app.json names the place and the reason."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from chalicelib.clinics import actions
from chalicelib.clinics.records import Brand, Clinic
from chalicelib.kit import settings
from chalicelib.kit.problem import Problem
from chalicelib.people import actions as people
from chalicelib.people.records import Practitioner

REAL = json.loads(settings.app_json().read_text(encoding="utf-8"))


def read(document: Any, folder: Path) -> tuple[Sequence[Clinic], Sequence[Practitioner]]:
    """Read it the way the product does: clinics, then practitioners."""
    path = folder / "app.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    portal = actions.read_portal(path)
    return portal.clinics, people.read_practitioners(portal.practitioners, portal.clinics)


def changed(place: str, value: Any) -> Any:
    """app.json with one place changed; `None` takes it away."""
    document = json.loads(json.dumps(REAL))
    *parts, last = [int(part) if part.isdecimal() else part for part in place.split(".")]
    inner = document
    for part in parts:
        inner = inner[part]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return document


def test_the_shipped_file_is_right(tmp_path: Path) -> None:
    found, practitioners = read(REAL, tmp_path)
    assert [clinic.id for clinic in found] == ["north", "prairie", "south"]
    assert [person.id for person in practitioners] == [person["id"] for person in REAL["practitioners"]]
    assert all(clinic.services and any(clinic.id in person.clinics for person in practitioners) for clinic in found)


FAULTS = [
    ("clinics.0.hours.availableTime.0.availableStartTime", "24:00", "clinics[0].hours.availableTime[0].availableStartTime: Expected `str` matching"),
    ("clinics.0.services.0.afterMinutes", 485, "clinics[0].services[0].afterMinutes: Expected `int` <= 480"),
    ("clinics.1.id", "platform", "clinics[1].id: 'platform' is reserved"),
    ("clinics.1.id", "North", "clinics[1].id: Expected `str` matching regex"),
    ("clinics.0.zone", "America/Atlantis", "clinics[0].zone: 'America/Atlantis' is not an IANA time zone"),
    ("clinics.0.zone", "../etc/passwd", "clinics[0].zone: '../etc/passwd' is not an IANA time zone"),
    ("clinics.1.zone", 5, "clinics[1].zone: Expected `str`, got `int`"),
    ("clinics.0.name", None, "clinics[0]: Object missing required field `name`"),
    ("clinics.0.colour", "red", "clinics[0]: Object contains unknown field `colour`"),
    ("clinics.1.id", "north", "clinics[1]: 'north' is there twice"),
    ("clinics.0.services.1.minutes", 22, "clinics[0].services[1].minutes: Expected `int` that's a multiple of 5"),
    ("clinics.0.services.1.roomKind", "cellar", "clinics[0].services[1].roomKind: the clinic has no room of kind 'cellar'"),
    ("clinics.0.services.0.name", {"en": "Check-up"}, "clinics[0].services[0].name: has no words for es-US"),
    ("clinics.0.hours.availableTime.0.availableStartTime", "8 am", "clinics[0].hours.availableTime[0].availableStartTime: Expected `str` matching"),
    ("clinics.0.hours.availableTime.0.daysOfWeek", [], "clinics[0].hours.availableTime[0].daysOfWeek: Expected `array` of length >= 1"),
    ("clinics.0.hours.exceptions", [{"date": "2026-12-24", "description": "a"}, {"date": "2026-12-24", "description": "b"}], "clinics[0].hours.exceptions[1]: '2026-12-24' is there twice"),
    ("clinics.0.hours.notAvailable", [{"description": "x", "start": "2026-12-24", "end": "2026-12-23"}], "clinics[0].hours.notAvailable[0].end: ends before it begins"),
    ("clinics.0.limits.horizonDays", -1, "clinics[0].limits.horizonDays: Expected `int` >= 0"),
    ("clinics.0.forms.0.services", ["magic"], "clinics[0].forms[0].services: the clinic has no service 'magic'"),
    ("clinics.0.forms.1.id", "new-patient", "clinics[0].forms[1]: 'new-patient' is there twice"),
    ("clinics.0.forms.1.follows", "nothing", "clinics[0].forms[1].follows: the clinic asks for no other form 'nothing'"),
    ("clinics.0.forms.1.follows", "annual-update", "clinics[0].forms[1].follows: the clinic asks for no other form 'annual-update'"),
    ("practitioners.0.roles.0.clinic", "nowhere", "practitioners[0].roles[0].clinic: there is no clinic 'nowhere'"),
    ("practitioners.0.roles.0.services", ["magic"], "practitioners[0].roles[0].services: north does not offer 'magic'"),
    ("practitioners.1.id", "bea", "practitioners[1].id: 'bea' is there twice"),
    ("practitioners.0.qualification", {"en": "Doctor"}, "practitioners[0].qualification: has no words for es-US, a language of north"),
    ("practitioners.0.nick", "B", "practitioners[0]: Object contains unknown field `nick`"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value", "words"), FAULTS, ids=[fault[2][:50] for fault in FAULTS])
def test_a_mistake_names_its_place_and_the_reason(place: str, value: Any, words: str, tmp_path: Path) -> None:
    with pytest.raises(Problem) as stopped:
        read(changed(place, value), tmp_path)
    assert stopped.value.detail.startswith(words)


def test_what_is_no_json_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(Problem) as stopped:
        read("{", tmp_path)
    assert stopped.value.detail == "app.json: Input data was truncated"


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Problem) as stopped:
        actions.read_portal(tmp_path / "app.json")
    assert stopped.value.detail == "app.json cannot be read: No such file or directory"


def test_a_demo_practitioner_works_in_two_clinics_of_different_zones() -> None:
    portal = actions.read_portal()
    zones = {clinic.id: clinic.zone for clinic in portal.clinics}
    crossing = [person for person in people.read_practitioners(portal.practitioners, portal.clinics) if len(person.clinics) > 1]
    assert crossing
    assert len({zones[clinic] for clinic in crossing[0].clinics}) == 2


@pytest.mark.parametrize(
    ("said", "sender", "becomes"),
    [
        ("Harbour Health <visits@harbourhealth.example>", "", "Harbour Health <visits@harbourhealth.example>"),
        ("Harbour Health <visits@harbourhealth.example>", "harbourhealth.example", "Harbour Health <visits@harbourhealth.example>"),
        ("Harbour Health <visits@harbourhealth.example>", "dev.harbourhealth.example", "Harbour Health <visits@dev.harbourhealth.example>"),
        ("Harbour Health <visits@harbourhealth.example>", "dev@clinic.example", "Harbour Health <dev@clinic.example>"),
        ("visits@harbourhealth.example", "dev.harbourhealth.example", "visits@dev.harbourhealth.example"),
        ('"Harbour, Health" <visits+x@h.example>', "dev.h.example", '"Harbour, Health" <visits+x@dev.h.example>'),
        ("Santé <visits@h.example>", "xn--sant-dpa.example", "=?utf-8?b?U2FudMOp?= <visits@xn--sant-dpa.example>"),
    ],
)
def test_a_stage_puts_its_own_domain_or_address_into_the_sender(said: str, sender: str, becomes: str) -> None:
    brand = Brand(name="Harbour", domain="localhost", sender=said)
    assert actions.brand_at(brand, sender, "").sender == becomes


@pytest.mark.parametrize(
    ("said", "sender"),
    [
        ("Harbour Health", "h.example"),
        ("Harbour Health <visits@h.example>", "localhost"),
        ("Harbour Health <visits@h.example>", "https://h.example"),
        ("Harbour Health <visits@h.example>", "@h.example"),
        ("Harbour Health <visits@h.example>", "Dev <dev@h.example>"),
        ("Harbour Health <visits@h.example>", "h.example\n"),
        ("Harbour Health <visits@h.example>", "santé.example"),
    ],
)
def test_a_sender_that_makes_no_address_is_named(said: str, sender: str) -> None:
    with pytest.raises(Problem) as told:
        actions.brand_at(Brand(name="Harbour", domain="localhost", sender=said), sender, "")
    assert repr(said) in told.value.detail
    assert repr(sender) in told.value.detail


@pytest.mark.parametrize(
    ("said", "origin", "becomes"),
    [
        ("localhost", "https://visits.clinic.example", "visits.clinic.example"),
        ("localhost", "http://localhost:8000", "localhost"),
        ("localhost", "", "localhost"),
        ("first.clinic.example", "https://visits.clinic.example", "first.clinic.example"),
    ],
)
def test_ids_of_calendar_entries_end_in_the_patients_host_until_a_domain_is_set_for_good(said: str, origin: str, becomes: str) -> None:
    brand = Brand(name="Harbour", domain=said, sender="visits@h.example")
    assert actions.brand_at(brand, "", origin).domain == becomes

"""Looking at a schedule, claiming time of it and giving it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date

from msgspec.structs import replace

from chalicelib.clinics.records import Clinic, HealthcareService, Hours
from chalicelib.kit import ids, table
from chalicelib.people.records import Practitioner
from chalicelib.schedules import rules, store
from chalicelib.schedules.records import Agenda, Claim, Outlook, RoomAgenda, Sheet, Span


def outlook(clinic: Clinic, service: HealthcareService, people: Sequence[Practitioner], first: date, last: date) -> Outlook:
    """All that decides what can be booked on the local dates `first` to `last`: one Query, read consistently."""
    days = rules.days_touched(rules.reach(service, clinic.zone, first, last))
    found = store.sheets(clinic.id, days[0], days[-1])
    claims = _claims(found.values())
    return Outlook(
        agendas=tuple(_agenda(clinic, person, first, last, claims[_practitioner(person.id)].values()) for person in people),
        rooms=tuple(
            RoomAgenda(room=room.id, kind=room.kind, claims=tuple(claims[_room(room.id)].values()))
            for room in clinic.rooms
            if room.kind == service.room_kind
        ),
        sheets=found,
    )


def _agenda(clinic: Clinic, person: Practitioner, first: date, last: date, claims: Iterable[Claim]) -> Agenda:
    role = person.role(clinic.id)
    hours = role.hours if role else Hours()
    return rules.agenda(person.id, clinic.hours, hours, clinic.zone, first, last, claims)


def _claims(sheets: Iterable[Sheet]) -> dict[str, dict[str, Claim]]:
    """Of each actor the claims by id: one that runs over midnight stands on two sheets, and counts once."""
    found: dict[str, dict[str, Claim]] = defaultdict(dict)
    for sheet in sheets:
        found[sheet.actor].update([(claim.id, claim) for claim in sheet.claims])
    return found


def claim(tx: table.Transaction, clinic: Clinic, person: Practitioner, room: str, seen: Outlook, wanted: Claim) -> None:
    """Write a claim on every sheet it touches, on condition that none has changed since `seen` was read (Lost)."""
    for day in rules.days_touched(wanted.guard):
        for actor, clinics in _actors(clinic.id, person.id, person.clinics, room):
            sheet = seen.sheets.get((actor, day), Sheet(actor=actor, day=day))
            version = ids.version()
            for where in clinics:
                store.put(where, rules.with_claim(sheet, wanted), version, tx)


def release(tx: table.Transaction, clinic: str, practitioner: str, clinics: Iterable[str], room: str, owned: Claim) -> None:
    """Take a claim off every sheet of these clinics that it stands on (Lost if a sheet changed meanwhile).

    Only what this owner claimed is released. Sheets that were equal stay equal, and those that were not do not become so.
    """
    days = rules.days_touched(owned.guard)
    versions: dict[tuple[str, date, int], int] = defaultdict(ids.version)
    for actor, where in _actors(clinic, practitioner, clinics, room):
        for one in where:
            for sheet in store.of_actor(one, actor, days[0], days[-1]):
                if any(claim.id == owned.id for claim in sheet.claims):
                    store.put(one, rules.without_claim(sheet, owned.id), versions[actor, sheet.day, sheet.version], tx)


def align(person: Practitioner, span: Span) -> None:
    """Make the sheets of a practitioner of several clinics equal again on the UTC days that `span` touches.

    They are equal as long as every booking knows all their clinics. Who joins a clinic has sheets there that lack the
    visits made before; where the sheets of a day differ, each clinic gets the claims of all.
    """
    actor, days = _practitioner(person.id), rules.days_touched(span)
    first, last = days[0], days[-1]
    found = {clinic: {sheet.day: sheet for sheet in store.of_actor(clinic, actor, first, last)} for clinic in person.clinics}
    for day in sorted({day for sheets in found.values() for day in sheets}):
        sheets = {clinic: known.get(day, Sheet(actor=actor, day=day)) for clinic, known in found.items()}
        if len({sheet.version for sheet in sheets.values()}) > 1:
            _equalise(sheets)


def _equalise(sheets: dict[str, Sheet]) -> None:
    claims = tuple(sorted({claim.id: claim for sheet in sheets.values() for claim in sheet.claims}.values()))
    version = ids.version()
    with suppress(table.Lost), table.together() as tx:  # somebody was faster: the next booking looks again
        for clinic, sheet in sheets.items():
            store.put(clinic, replace(sheet, claims=claims), version, tx)


def _actors(clinic: str, practitioner: str, clinics: Iterable[str], room: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Whose sheets a claim stands on, and under which clinics: the practitioner's in each of theirs, the room's in this one."""
    yield _practitioner(practitioner), tuple(clinics)
    if room:
        yield _room(room), (clinic,)


def _practitioner(practitioner: str) -> str:
    return f"practitioner/{practitioner}"


def _room(room: str) -> str:
    return f"room/{room}"

"""Looking at a schedule, claiming time of it and giving it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from chalicelib.clinics.records import Clinic, HealthcareService, Hours
from chalicelib.kit import table
from chalicelib.people.records import Practitioner
from chalicelib.schedules import rules, store
from chalicelib.schedules.records import Agenda, Claim, Outlook, RoomAgenda, Sheet


def outlook(clinic: Clinic, service: HealthcareService, people: Sequence[Practitioner], first: date, last: date) -> Outlook:
    """All that decides what can be booked on the local dates `first` to `last`: one Query, read consistently."""
    days = rules.days_touched(rules.reach(service, clinic.zone, first, last))
    found = store.sheets(clinic.id, days[0], days[-1])
    return Outlook(
        agendas=tuple(_agenda(clinic, person, first, last, found) for person in people),
        rooms=tuple(
            RoomAgenda(room=room.id, kind=room.kind, claims=_claims(found, _room(room.id)))
            for room in clinic.rooms
            if room.kind == service.room_kind
        ),
        sheets=found,
    )


def _agenda(clinic: Clinic, person: Practitioner, first: date, last: date, found: store.Sheets) -> Agenda:
    role = person.role(clinic.id)
    hours = role.hours if role else Hours()
    return rules.agenda(person.id, clinic.hours, hours, clinic.zone, first, last, _claims(found, _practitioner(person.id)))


def _claims(found: store.Sheets, actor: str) -> tuple[Claim, ...]:
    """A claim that runs over midnight stands on two sheets, and counts once."""
    return tuple({claim.id: claim for (who, _), sheet in found.items() if who == actor for claim in sheet.claims}.values())


def claim(tx: table.Transaction, clinic: Clinic, person: Practitioner, room: str, seen: Outlook, wanted: Claim) -> None:
    """Write a claim on every sheet it touches, on condition that none has changed since `seen` was read (Lost)."""
    for day in rules.days_touched(wanted.guard):
        for where, actor in _actors(clinic.id, person, room):
            sheet = seen.sheets.get((actor, day), Sheet(actor=actor, day=day))
            store.put(where, rules.with_claim(sheet, wanted), tx)


def release(tx: table.Transaction, clinic: Clinic, person: Practitioner, room: str, owned: Claim) -> None:
    """Take a claim off every sheet it stands on; only what this owner claimed is released (Lost if a sheet changed meanwhile)."""
    days = rules.days_touched(owned.guard)
    seen = store.sheets(clinic.id, days[0], days[-1])
    for day in days:
        for where, actor in _actors(clinic.id, person, room):
            sheet = seen.get((actor, day))
            if sheet and any(other.id == owned.id for other in sheet.claims):
                store.put(where, rules.without_claim(sheet, owned.id), tx)


def _actors(clinic: str, person: Practitioner, room: str) -> Iterable[tuple[str, str]]:
    """Under which clinic each sheet of a claim lies: the practitioner's in each of their clinics, the room's in this one.

    The sheets of one practitioner are always written together, so their versions and claims are equal in all clinics.
    """
    yield from ((where, _practitioner(person.id)) for where in person.clinics)
    if room:
        yield clinic, _room(room)


def _practitioner(practitioner: str) -> str:
    return f"practitioner/{practitioner}"


def _room(room: str) -> str:
    return f"room/{room}"

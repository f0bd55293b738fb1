"""The one function that decides what is shown and, hence, what can be booked (1.4, 1.5)."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from chalicelib.booking.records import Offer, Opening
from chalicelib.booking.rules import grid
from chalicelib.clinics.records import Clinic, HealthcareService
from chalicelib.kit import zone as zones
from chalicelib.kit.zone import Minute
from chalicelib.schedules.records import Claim, Outlook


class Taken:
    """The claims on one actor, asked about starts in ascending order (each claim is then looked at once)."""

    def __init__(self, claims: Iterable[Claim], service: HealthcareService) -> None:
        length, before, after = service.minutes, service.before_minutes, service.after_minutes
        # Two visits must miss each other's guards, so the larger buffer wins. Of a claim, that bars every
        # start in the open interval between these two.
        bars = ((c.start - length - max(c.before, after), c.end + max(c.after, before), c) for c in claims)
        self._ahead = sorted(bars, reverse=True)
        self._near: list[tuple[Minute, Claim]] = []

    def at(self, start: Minute) -> list[Claim]:
        """The claims in the way of a visit that begins then."""
        while self._ahead and self._ahead[-1][0] < start:
            _, barred_until, claim = self._ahead.pop()
            self._near.append((barred_until, claim))
        if self._near:
            self._near = [near for near in self._near if near[0] > start]
        return [claim for _, claim in self._near]


# A room's id, the name of a group there (empty where a visit is for one), and what is taken of it.
Room = tuple[str, str, Taken]


def offers(
    clinic: Clinic,
    service: HealthcareService,
    outlook: Outlook,
    first: date,
    last: date,
    now: datetime,
    practitioner: str = "",
    holder: str = "",
) -> tuple[Offer, ...]:
    """The times of the local dates `first` to `last` that can be booked now, in order.

    `outlook` covers those dates and holds the practitioners who offer the service. `practitioner` empty:
    any of them, each time once. The live hold of `holder` does not stand in their own way.
    """
    people = {agenda.practitioner: Taken(_counting(agenda.claims, now, holder), service) for agenda in outlook.agendas}
    rooms = _rooms(clinic, service, outlook, now, holder)
    who_is_open = _who_is_open(clinic, service, outlook, first, last, now, practitioner)
    found = []
    for start in sorted(who_is_open):
        free = tuple(_openings(service, start, ((who, people[who]) for who in who_is_open[start]), rooms))
        if free:
            found.append(Offer(start=start, end=start + service.minutes, openings=free))
    return tuple(found)


def _who_is_open(
    clinic: Clinic, service: HealthcareService, outlook: Outlook, first: date, last: date, now: datetime, practitioner: str
) -> dict[Minute, list[str]]:
    """The practitioners, in the clinic's order, who are open for a start; only starts within lead time and horizon."""
    last = min(last, grid.last_date(clinic, service, now))
    soonest = zones.minute_up(grid.earliest(clinic, service, now))
    who_is_open: dict[Minute, list[str]] = defaultdict(list)
    for agenda in outlook.agendas:
        if practitioner in ("", agenda.practitioner):
            starts = grid.starts(agenda.open, service, clinic.zone, first, last)
            for start in starts[bisect_left(starts, soonest) :]:
                who_is_open[start].append(agenda.practitioner)
    return who_is_open


def _rooms(clinic: Clinic, service: HealthcareService, outlook: Outlook, now: datetime, holder: str) -> list[Room]:
    """The rooms of the kind the service needs, in the clinic's order; one without a name and always free if it needs none."""
    claims = {room.room: _counting(room.claims, now, holder) for room in outlook.rooms if room.kind == service.room_kind}
    if service.room_kind is None:
        claims = {"": set()}
    shared = service.capacity > 1
    return [(room, f"{clinic.id}/{service.id}/{room}" if shared else "", Taken(taken, service)) for room, taken in claims.items()]


def _counting(claims: Iterable[Claim], now: datetime, holder: str) -> set[Claim]:
    """The claims that count for this person: no lapsed hold and not their own; each once, though it stand on two days' sheets."""
    minute = zones.minute(now)
    return {c for c in claims if c.live(minute) and not (holder and c.until and c.holder == holder)}


def _openings(service: HealthcareService, start: Minute, people: Iterable[tuple[str, Taken]], rooms: list[Room]) -> Iterator[Opening]:
    """Each of these people who is free then, with the first room that is."""
    rooms_then = [(room, group, taken.at(start)) for room, group, taken in rooms]
    empty = next(((room, group) for room, group, claims in rooms_then if not claims), None)
    for who, taken in people:
        claims = taken.at(start)
        if not claims and empty:
            yield Opening(practitioner=who, places=service.capacity, room=empty[0], group=empty[1])
        elif claims and service.capacity > 1:
            yield from _place_in_group(service, start, who, claims, rooms_then)


def _place_in_group(
    service: HealthcareService, start: Minute, who: str, claims: list[Claim], rooms_then: list[tuple[str, str, list[Claim]]]
) -> Iterator[Opening]:
    """A place left in the group that has this practitioner's time, if nothing else is in the way (1.4.5).

    A group is one practitioner, service, room, start and end. In the room's claims its members are known by their
    ids, since the group of another practitioner reads the same there.
    """
    end = start + service.minutes
    for room, group, taken in rooms_then:
        members = {claim.id for claim in claims if (claim.group, claim.start, claim.end) == (group, start, end)}
        if 0 < len(members) < service.capacity and members.issuperset(claim.id for claim in (*claims, *taken)):
            yield Opening(practitioner=who, places=service.capacity - len(members), room=room, group=group)

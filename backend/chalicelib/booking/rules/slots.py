"""The one function that decides what is shown and, hence, what can be booked (1.4, 1.5)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from chalicelib.booking.records import Offer, Opening
from chalicelib.booking.rules import grid
from chalicelib.clinics.records import Clinic, HealthcareService
from chalicelib.kit import zone as zones
from chalicelib.kit.zone import Minute
from chalicelib.schedules.records import Claim, Outlook


class Taken:
    """The claims on one actor, sorted by the starts (all that may be asked about, ascending) in whose way they are."""

    def __init__(self, claims: Iterable[Claim], service: HealthcareService, starts: Sequence[Minute]) -> None:
        length, before, after = service.minutes, service.before_minutes, service.after_minutes
        self._in_the_way: dict[Minute, list[Claim]] = {}
        for claim in claims:
            # Two visits must miss each other's guards, so the larger buffer wins: a claim bars the starts of an open interval.
            barred_after = claim.start - length - (after if after > claim.before else claim.before)
            free_from = claim.end + (before if before > claim.after else claim.after)
            for start in starts[bisect_right(starts, barred_after) : bisect_left(starts, free_from)]:
                self._in_the_way.setdefault(start, []).append(claim)

    def at(self, start: Minute) -> Sequence[Claim]:
        """The claims in the way of a visit that begins then."""
        return self._in_the_way.get(start, ())

    def free(self, starts: Iterable[Minute]) -> set[Minute]:
        """Those of the starts that nothing is in the way of."""
        return set(starts).difference(self._in_the_way)


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
    who_is_open = _who_is_open(clinic, service, outlook, first, last, now, practitioner)
    starts = sorted(who_is_open)
    people = {agenda.practitioner: Taken(_counting(agenda.claims, now, holder), service, starts) for agenda in outlook.agendas}
    rooms = _rooms(clinic, service, outlook, starts, now, holder)
    empty = _empty(rooms, starts)
    found = []
    for start in starts:
        free = tuple(_openings(service, start, [(who, people[who].at(start)) for who in who_is_open[start]], empty.get(start), rooms))
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


def _rooms(
    clinic: Clinic, service: HealthcareService, outlook: Outlook, starts: Sequence[Minute], now: datetime, holder: str
) -> list[Room]:
    """The rooms of the kind the service needs, in the clinic's order; one without a name and always free if it needs none."""
    claims = {room.room: _counting(room.claims, now, holder) for room in outlook.rooms if room.kind == service.room_kind}
    if service.room_kind is None:
        claims = {"": []}
    shared = service.capacity > 1
    return [(room, f"{clinic.id}/{service.id}/{room}" if shared else "", Taken(taken, service, starts)) for room, taken in claims.items()]


def _counting(claims: Iterable[Claim], now: datetime, holder: str) -> list[Claim]:
    """The claims that count for this person: no lapsed hold and not their own."""
    minute = zones.minute(now)
    return [c for c in claims if not c.until or (c.live(minute) and not (holder and c.holder == holder))]


def _empty(rooms: Sequence[Room], starts: Sequence[Minute]) -> dict[Minute, tuple[str, str]]:
    """Of each start the first room that is free then, with its group; no room for a start at which none is."""
    found: dict[Minute, tuple[str, str]] = {}
    for room, group, taken in reversed(rooms):
        found |= dict.fromkeys(taken.free(starts), (room, group))
    return found


def _openings(
    service: HealthcareService,
    start: Minute,
    people: Iterable[tuple[str, Sequence[Claim]]],
    empty: tuple[str, str] | None,
    rooms: Sequence[Room],
) -> Iterator[Opening]:
    """Each of these people (with the claims in their way) who is free then, with the first room that is."""
    for who, claims in people:
        if not claims and empty:
            yield Opening(practitioner=who, places=service.capacity, room=empty[0], group=empty[1])
        elif service.capacity > 1:
            yield from _place_in_group(service, start, who, claims, rooms)


def _place_in_group(
    service: HealthcareService, start: Minute, who: str, claims: Sequence[Claim], rooms: Sequence[Room]
) -> Iterator[Opening]:
    """A place left in the group that has this practitioner's time, if nothing else is in the way (1.4.5).

    A group is one practitioner, service, room, start and end. In the room's claims its members are known by their
    ids, since the group of another practitioner reads the same there.
    """
    end = start + service.minutes
    for room, group, taken in rooms:
        members = {claim.id for claim in claims if (claim.group, claim.start, claim.end) == (group, start, end)}
        if len(members) < service.capacity and members.issuperset(claim.id for claim in (*claims, *taken.at(start))):
            yield Opening(practitioner=who, places=service.capacity - len(members), room=room, group=group)

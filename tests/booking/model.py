"""What is offered, worked out the slow way: every five minutes of the clock are looked at one by one.

Written from the rules alone, by other means than the product's: it reads the clock of each unit instead of
converting wall times, colours units open instead of joining windows, and compares sets of units instead of ends.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from chalicelib.clinics.records import Hours, Weekday, Window
from chalicelib.schedules.records import Claim
from tests.booking.makers import Scene

UNIT = 5
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
A_DAY = timedelta(days=1)
Answer = tuple[int, tuple[tuple[str, int, str], ...]]


class Clock:
    """What the clock on the wall reads at every unit from eight days before a date to twelve after."""

    def __init__(self, zone: str, around: date) -> None:
        begin = datetime.combine(around, time(0), UTC) - 8 * A_DAY
        first = int((begin - EPOCH).total_seconds() // 60)
        self.units = range(first, first + 20 * 1440, UNIT)
        self.reading = {
            unit: (EPOCH + timedelta(minutes=unit)).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) for unit in self.units
        }
        self.dates = {unit: wall.date() for unit, wall in self.reading.items()}
        self.first_seen: dict[datetime, int] = {}
        for unit, wall in self.reading.items():
            self.first_seen.setdefault(wall, unit)
        self.begins = [(day, self.when(day, "00:00")) for day in sorted(set(self.dates.values()))[1:]]

    def when(self, day: date, wall: str) -> int:
        """The first unit that reads so; in a gap, as if the clock had not been changed yet."""
        hour, minute = map(int, wall.split(":"))
        sought = datetime.combine(day, time(0)) + timedelta(hours=hour, minutes=minute)
        if sought in self.first_seen:
            return self.first_seen[sought]
        for unit in self.units:
            if self.reading[unit] < sought < self.reading[unit + UNIT]:
                return unit + int((sought - self.reading[unit]).total_seconds() // 60)
        raise LookupError(sought)


clock = lru_cache(maxsize=64)(Clock)


def units(start: int, end: int) -> frozenset[int]:
    """The units a span touches."""
    return frozenset(range(start // UNIT * UNIT, end, UNIT))


class Person:
    """When one practitioner is open, unit by unit."""

    def __init__(self, scene: Scene, who: str, hands: Clock) -> None:
        self.scene, self.hands, self.role = scene, hands, scene.roles.get(who, Hours())
        days = [day for day, _ in hands.begins][1:-2]
        self.open = {unit for day in days for window in self.windows(day) for unit in self.covered(day, window)}
        self.opening: dict[int, int] = {}  # when the stretch a unit lies in was opened
        for unit in sorted(self.open):
            self.opening[unit] = self.opening.get(unit - UNIT, unit)

    def windows(self, day: date) -> list[Window]:
        """The windows that begin on a date."""
        clinic = [dated for dated in self.scene.hours.exceptions if dated.date == day]
        role = [dated for dated in self.role.exceptions if dated.date == day]
        if clinic and not clinic[0].windows:
            return []
        if role or clinic:
            return list((role or clinic)[0].windows)
        found = []
        for rule in self.role.available_time if self.role.available_time else self.scene.hours.available_time:
            valid = (rule.valid_from or day) <= day <= (rule.valid_until or day)
            if valid and Weekday(f"{day:%a}".lower()) in rule.days_of_week:
                found.append(Window(start=rule.available_start_time, end=rule.available_end_time))
        return found

    def covered(self, day: date, window: Window) -> range:
        """The units of one window."""
        ends = day if window.end > window.start else day + A_DAY
        return range(self.hands.when(day, window.start), self.hands.when(ends, window.end), UNIT)

    def off(self) -> Iterator[Claim]:
        """Days off of the clinic and their own."""
        for away in (*self.scene.hours.not_available, *self.role.not_available):
            yield Claim(self.hands.when(away.start, "00:00"), self.hands.when(away.end + A_DAY, "00:00"), "off")

    def on_grid(self, start: int) -> bool:
        """Whether a visit that begins then lies on their grid and inside their hours."""
        service = self.scene.service
        if not self.open.issuperset(range(start, start + service.minutes, UNIT)):
            return False
        anchor = self.opening[start]
        opened = anchor
        for (_, before), (_, midnight) in zip(self.hands.begins, self.hands.begins[1:], strict=False):
            if opened <= before and midnight <= start:
                anchor = midnight
        return (start - anchor) % (service.step_minutes or service.minutes) == 0


class Model:
    """The offers and choices of a scene around a date."""

    def __init__(self, scene: Scene, around: date) -> None:
        self.scene, self.hands = scene, clock(scene.zone, around)
        self.people = {who: Person(scene, who, self.hands) for who in scene.people}
        self.touched: dict[Claim, tuple[frozenset[int], frozenset[int]]] = {}

    @cached_property
    def today(self) -> date:
        """The local date of now."""
        return self.scene.now.astimezone(ZoneInfo(self.scene.zone)).date()

    def offers(self, first: date, last: date, practitioner: str, holder: str) -> list[Answer]:
        """Every offer: its start, and each practitioner with places and room."""
        starts = self.hands.units[bisect_left(self.hands.units, True, key=lambda unit: self.hands.dates[unit] >= first) :]
        found = []
        for start in starts:
            if self.hands.dates[start] > last + A_DAY:
                break
            if first <= self.hands.dates[start] <= last and self.allowed(start):
                able = [who for who in self.people if practitioner in ("", who) and self.people[who].on_grid(start)]
                free = tuple((who, *place) for who in able if (place := self.place(start, who, holder)))
                if free:
                    found.append((start, free))
        return found

    def allowed(self, start: int) -> bool:
        """Whether lead time and horizon allow a start."""
        service, limits = self.scene.service, self.scene.limits
        lead = limits.lead_minutes if service.lead_minutes is None else service.lead_minutes
        horizon = limits.horizon_days if service.horizon_days is None else service.horizon_days
        soon_enough = EPOCH + timedelta(minutes=start) >= self.scene.now + timedelta(minutes=lead)
        return soon_enough and (self.hands.dates[start] - self.today).days <= horizon

    def counting(self, claims: tuple[Claim, ...], holder: str) -> list[Claim]:
        """The claims that count for a person now."""
        held = [c for c in claims if c.until and EPOCH + timedelta(minutes=c.until) > self.scene.now]
        return [c for c in claims if not c.until] + [c for c in held if not holder or c.holder != holder]

    def place(self, start: int, who: str, holder: str) -> tuple[int, str] | None:
        """The places left with them and the room, if they and a room are free."""
        service, end = self.scene.service, start + self.scene.service.minutes
        mine = self.counting(self.scene.people[who], holder) + list(self.people[who].off())
        for room in self.rooms():
            same = (f"north/visit/{room}", start, end)
            mates = {c.id for c in mine if service.capacity > 1 and (c.group, c.start, c.end) == same}
            there = self.counting(self.scene.rooms[room], holder) if room else []
            clash = any(c.id not in mates and self.clash(start, c) for c in mine + there)
            if not clash and len(mates) < service.capacity:
                return service.capacity - len(mates), room
        return None

    def rooms(self) -> list[str]:
        """The rooms that will do; one without a name if none is needed."""
        kind = self.scene.service.room_kind
        return [room for room in self.scene.rooms if self.scene.kinds.get(room, "exam") == kind] if kind else [""]

    def clash(self, start: int, claim: Claim) -> bool:
        """Whether either visit touches the other's guard."""
        service = self.scene.service
        if claim not in self.touched:
            self.touched[claim] = units(claim.start, claim.end), units(claim.start - claim.before, claim.end + claim.after)
        visit, guard = (
            units(start, start + service.minutes),
            units(start - service.before_minutes, start + service.minutes + service.after_minutes),
        )
        return bool(visit & self.touched[claim][1] or guard & self.touched[claim][0])

    def chosen(self, answer: Answer) -> tuple[str, str]:
        """Who of those free gets the visit, and where: fewest booked minutes of that date, then the clinic's order."""
        start, free = answer
        who, _, room = min(free, key=lambda one: self.booked(one[0], self.hands.dates[start]))
        return who, room

    def booked(self, who: str, day: date) -> int:
        """The minutes of a local date that are booked."""
        visits = (claim for claim in self.scene.people[who] if not claim.until)
        return len({m for c in visits for m in range(c.start, c.end) if self.hands.dates[m // UNIT * UNIT] == day})

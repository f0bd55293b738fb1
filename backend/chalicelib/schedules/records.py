"""What is known of a day: when somebody is open, and what is claimed of them (FHIR Schedule).

Times are whole minutes since 1970 UTC (`zone.Minute`); spans are half-open.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from chalicelib.kit.zone import Minute


class Span(Struct, frozen=True, order=True, array_like=True, gc=False):
    """From `start` to before `end`."""

    start: Minute
    end: Minute

    def meets(self, other: Span) -> bool:
        """Whether the two share any time."""
        return self.start < other.end and other.start < self.end


class Claim(Struct, frozen=True, order=True, array_like=True, omit_defaults=True, gc=False):
    """Time that is taken: a visit with the buffers it was made with, a live hold, or time off.

    `id` names its owner (one claim id an appointment or hold). `group` is set where several
    may share one time (`clinic/service/room`); `places` is that group's size. `until` is the
    minute at which a hold or offer is no more (0: it stays), `holder` whose it is.
    """

    start: Minute
    end: Minute
    id: str
    before: int = 0
    after: int = 0
    group: str = ""
    places: int = 1
    until: Minute = 0
    holder: str = ""

    @property
    def visit(self) -> Span:
        """The time itself."""
        return Span(self.start, self.end)

    @property
    def guard(self) -> Span:
        """The time with its buffers."""
        return Span(self.start - self.before, self.end + self.after)

    def live(self, now: Minute) -> bool:
        """Whether it still counts at `now`: a hold is over at exactly `until`."""
        return not self.until or now < self.until


class Sheet(Struct, frozen=True, kw_only=True):
    """All claims that touch one UTC day of one actor (`practitioner/bea`, `room/blue`).

    `version` 0 means nobody ever wrote it. A claim that runs over midnight stands on both days' sheets.
    """

    actor: str
    day: date
    version: int = 0
    claims: tuple[Claim, ...] = ()


class Agenda(Struct, frozen=True, kw_only=True):
    """One practitioner for some local dates of one clinic.

    `open`: joined windows as (span) instants, sorted. `claims`: visits, holds, offers and time off, any order.
    """

    practitioner: str
    open: tuple[Span, ...]
    claims: tuple[Claim, ...] = ()


class RoomAgenda(Struct, frozen=True, kw_only=True):
    """One room: what is claimed of it."""

    room: str
    kind: str
    claims: tuple[Claim, ...] = ()


class Outlook(Struct, frozen=True, kw_only=True):
    """All that decides a search or a booking, read at once: agendas and rooms in the clinic's order.

    `sheets` are the rows as read (keyed by actor and day), from which a claim is written on condition
    that none has changed since.
    """

    agendas: tuple[Agenda, ...]
    rooms: tuple[RoomAgenda, ...] = ()
    sheets: dict[tuple[str, date], Sheet] = {}
